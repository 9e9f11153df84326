//! Persons of one household with names, papers and addresses, as records of the register. Knows the tables; knows no
//! enrolment.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use chrono::NaiveDate;
use xiangbao_core::register::{Person, PersonField, PersonStatus};

use super::dice::Dice;
use super::family::{Seat, Tie};
use super::naming::Naming;
use super::papers::Papers;
use super::special::{self, Standing};
use super::tables::Tables;

/// A person of the register with what the record does not say.
pub(super) struct Human {
    pub(super) person: Person,
    pub(super) birth: NaiveDate,
    /// At a university or college.
    student: bool,
}

impl Human {
    /// Full years on that day.
    pub(super) fn age_on(&self, day: NaiveDate) -> u32 {
        day.years_since(self.birth).unwrap_or(0)
    }

    /// Code of `psn_type` by age on that day.
    pub(super) fn category_on(&self, day: NaiveDate) -> &'static str {
        match self.age_on(day) {
            0 => "1401",
            1..6 => "1402",
            6..18 => "1403",
            18..23 if self.student => "1404",
            60.. => "16",
            _ => "15",
        }
    }

    /// Code of `psn_idet_type`; empty when none.
    pub(super) fn special(&self) -> &str {
        self.person.get(PersonField::SpecialIdentity)
    }
}

/// What the members of a household share.
pub(super) struct Home {
    pub(super) serial: u64,
    pub(super) household_no: String,
    /// Number of the household booklet, once in the township.
    pub(super) booklet: String,
    pub(super) village_code: String,
    pub(super) group_no: String,
    pub(super) address: String,
    kind: &'static str,
    /// Ethnic group of the line.
    ethnic: String,
    standing: Standing,
    /// Part of a script: nothing special, nobody away, every adult with telephone and account.
    scripted: bool,
}

impl Home {
    /// Draws a place to live; `None` only if the tables hold no village.
    pub(super) fn draw(
        tables: &Tables,
        serial: u64,
        seats: &[Seat],
        today: NaiveDate,
        scripted: bool,
        dice: &mut Dice,
    ) -> Option<Self> {
        let code = tables.town.villages.draw(dice);
        let village = tables.villages.get(code)?;
        let group = dice.one(&village.groups)?;
        let ages: Vec<u32> = seats.iter().map(|seat| today.years_since(seat.birth).unwrap_or(0)).collect();
        let standing = special::standing(seats, &ages, dice);
        let house = dice.between(1, 160);
        let place = if village.rural {
            format!("{}{group}{house}号", village.name)
        } else {
            format!("{}{}{house}号", village.name, dice.one(&tables.town.town.streets)?)
        };
        Some(Self {
            serial,
            household_no: format!("H{}{serial:07}", tables.prefix()),
            booklet: format!("{}{serial:06}", code.get(9..).unwrap_or_default()),
            village_code: code.to_owned(),
            kind: kind_of(village.rural, dice),
            group_no: group.clone(),
            address: format!("{}{place}", tables.town.address),
            ethnic: tables.names.ethnic.draw(dice).to_owned(),
            standing: if scripted { Standing::Usual } else { standing },
            scripted,
        })
    }

    /// Ethnic group of the line, two digits.
    pub(super) fn ethnic(&self) -> &str {
        &self.ethnic
    }
}

/// Local code `resd_natu`: villages are mostly 农业, communities 非农业 or, since the reform, 居民.
fn kind_of(rural: bool, dice: &mut Dice) -> &'static str {
    match (rural, dice.chance(250)) {
        (true, false) => "1",
        (false, false) => "2",
        (_, true) => "3",
    }
}

/// Draws the persons of one household.
pub(super) struct Registrar<'a> {
    pub(super) tables: &'a Tables,
    pub(super) papers: &'a mut Papers,
    pub(super) today: NaiveDate,
}

impl Registrar<'_> {
    /// The person on a seat, under that number.
    pub(super) fn person(
        &mut self,
        psn_no: String,
        seat: &Seat,
        home: &Home,
        naming: &mut Naming<'_>,
        dice: &mut Dice,
    ) -> Human {
        let person = Person {
            psn_no,
            rev: 1,
            household_no: home.household_no.clone(),
            status: PersonStatus::Active,
            values: BTreeMap::new(),
        };
        let mut human = Human { person, birth: seat.birth, student: dice.chance(350) };
        self.identity(&mut human, seat, home, naming, dice);
        self.place(&mut human, home, dice);
        let age = human.age_on(self.today);
        let category = human.category_on(self.today);
        human.person.set(PersonField::Category, category);
        let special = special::identity(home.standing, age, human.person.certno(), home.serial, dice);
        if let Some((code, paper)) = special.filter(|_| !home.scripted) {
            human.person.set(PersonField::SpecialIdentity, code);
            human.person.set(PersonField::SpecialCertificate, &paper);
            human.person.set(PersonField::SpecialUntil, &format!("{}-12-31", self.today.year() + 1));
        }
        if age >= 16 && (home.scripted || dice.chance(900)) {
            human.person.set(PersonField::Phone, &self.papers.phone(self.tables, dice));
        }
        if age >= 16 && (home.scripted || dice.chance(850)) {
            self.account(&mut human.person, dice);
        }
        human
    }

    /// Name, certificate, sex, ethnic group, birth.
    fn identity(
        &mut self,
        human: &mut Human,
        seat: &Seat,
        home: &Home,
        naming: &mut Naming<'_>,
        dice: &mut Dice,
    ) {
        let mut name = naming.name(seat, dice);
        let mut ethnic = home.ethnic.clone();
        let mut division = self.division(seat, dice).to_owned();
        if !seat.of_line() {
            ethnic = self.tables.names.ethnic.draw(dice).to_owned();
            if let Some((dotted, drawn)) = naming.dotted(seat.male, dice) {
                (name, ethnic, division) = (drawn, dotted.ethnic.clone(), dotted.division.clone());
            }
        }
        let person = &mut human.person;
        person.set(PersonField::Name, &name);
        if self.without_number(seat, dice) {
            let number = self.papers.birth_certificate(seat.birth, dice);
            person.set(PersonField::CertType, "990201");
            person.set(PersonField::CertNo, &number);
            person.set(PersonField::BirthCertificate, &number);
        } else {
            let number = self.papers.resident_id(&division, seat.birth, seat.male, dice);
            person.set(PersonField::CertType, "01");
            person.set(PersonField::CertNo, &number);
        }
        person.set(PersonField::Sex, if seat.male { "1" } else { "2" });
        person.set(PersonField::Ethnicity, &ethnic);
        person.set(PersonField::Birth, &seat.birth.to_string());
        person.set(PersonField::Relation, seat.relation());
    }

    /// A newborn waits some weeks for the ID number (reference 6.1 trap 5); most have it at three months.
    fn without_number(&self, seat: &Seat, dice: &mut Dice) -> bool {
        let waits = match (self.today - seat.birth).num_days() {
            ..60 => 800,
            60..120 => 400,
            120..240 => 150,
            _ => 0,
        };
        dice.chance(waits)
    }

    /// Where the ID number was given: the division of the time (reference 6.1 trap 1).
    fn division(&self, seat: &Seat, dice: &mut Dice) -> &str {
        let divisions = &self.tables.town.divisions;
        let old = seat.birth < divisions.reform;
        match (old, seat.of_line() || seat.tie == Tie::Head) {
            (true, true) => &divisions.before,
            (false, true) => &divisions.after,
            (true, false) => divisions.married_in_before.draw(dice),
            (false, false) => divisions.married_in_after.draw(dice),
        }
    }

    fn place(&self, human: &mut Human, home: &Home, dice: &mut Dice) {
        let working = (19..52).contains(&human.age_on(self.today));
        let away = working && !home.scripted && dice.chance(160);
        let elsewhere = dice.one(&self.tables.town.away.places).filter(|_| away);
        let person = &mut human.person;
        person.set(PersonField::HouseholdKind, home.kind);
        person.set(PersonField::RegisteredAddress, &home.address);
        person.set(PersonField::LivingAddress, elsewhere.map_or(home.address.as_str(), String::as_str));
        person.set(PersonField::Village, &home.village_code);
    }

    fn account(&mut self, person: &mut Person, dice: &mut Dice) {
        let Some((sort, number)) = self.papers.account(self.tables, dice) else { return };
        person.set(PersonField::BankAccount, &number);
        person.set(PersonField::BankCode, &sort.bank);
        person.set(PersonField::AccountKind, &sort.kind);
        let name = person.name().to_owned();
        person.set(PersonField::AccountName, &name);
    }
}
