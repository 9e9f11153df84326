//! A synthetic township: 桃城镇 of 大新县 with households, persons and their enrolments, drawn from the tables of
//! `seed/demo/` by a seeded generator. The same seed, number of households, day and policy give the same township on
//! every machine. Nobody in it exists. Knows core's register and policy; must not know the store or the screens.

mod cast;
mod dice;
mod family;
mod insure;
mod naming;
mod papers;
mod people;
mod special;
mod tables;

#[cfg(test)]
mod plays;
#[cfg(test)]
mod tests;

use chrono::{Datelike, Days, NaiveDate};
use xiangbao_core::policy::PolicyPack;
use xiangbao_core::register::{Change, Household, Person};

pub use cast::{Cast, Deceased, Family, Mover, Newborn, Role};

use dice::Dice;
use family::Seat;
use insure::{Insurer, Paid};
use naming::Naming;
use papers::Papers;
use people::{Home, Human, Registrar};
use tables::Tables;

/// Households of a demonstration when nothing else is asked for.
pub const HOUSEHOLDS: usize = 3_000;

/// Seed of the demonstration when nothing else is asked for.
pub const SEED: u64 = 451_424_100;

/// The built-in tables do not fit together: a mistake in the program's own seed, which the tests find.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TownshipError {
    /// A table cannot be read.
    #[error("seed/demo/{file}: {message}")]
    Table {
        /// File name.
        file: &'static str,
        /// Line, key and what is expected.
        message: String,
    },
    /// A village of `township.toml` is not a division below the township.
    #[error("seed/demo/township.toml: village {0:?} is not below the township in seed/divisions/guangxi.csv")]
    Village(String),
    /// A scripted household came out without a person that the script needs.
    #[error("the scripted household {0} is incomplete")]
    Cast(usize),
}

/// A drawn township.
#[derive(Clone, Debug)]
pub struct Township {
    /// First nine digits of the township's division code: how its person and household numbers begin.
    pub prefix: String,
    /// Everything as changes of an empty register, all of revision 1, household by household: persons each followed
    /// by their enrolments (older year first), then the household.
    pub changes: Vec<Change>,
    /// Number of persons: the last serial given.
    pub persons: u64,
    /// Number of households: the last serial given.
    pub households: u64,
    /// Persons enrolled for the year of the day it was drawn for.
    pub enrolled: u64,
    /// Who plays in the demonstration.
    pub cast: Cast,
}

impl Township {
    /// The person with that number.
    pub fn person(&self, psn_no: &str) -> Option<&Person> {
        self.people().find(|person| person.psn_no == psn_no)
    }

    /// The household with that number.
    pub fn household(&self, household_no: &str) -> Option<&Household> {
        self.changes.iter().find_map(|change| match change {
            Change::Household { record, .. } if record.household_no == household_no => Some(record),
            _ => None,
        })
    }

    /// All persons, by number.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.changes.iter().filter_map(|change| match change {
            Change::Person { record, .. } => Some(record),
            _ => None,
        })
    }
}

/// Draws a township of `households` households (at least the five of the cast) as it stands on `today`, enrolled by
/// `policy` for the insurance year of `today` and the year before. Amounts are zero and marked as samples where the
/// policy has no standard of a year; a year without rules of entitlement has no enrolments.
///
/// # Errors
/// [`TownshipError`] if the built-in tables are damaged.
pub fn township(
    seed: u64,
    households: usize,
    today: NaiveDate,
    policy: &PolicyPack,
) -> Result<Township, TownshipError> {
    let tables = Tables::load()?;
    let mut draw = Draw {
        tables: &tables,
        insurer: Insurer::new(policy, today),
        papers: Papers::default(),
        today,
        township: Counts::default(),
        changes: Vec::new(),
    };
    let mut scripted = Vec::with_capacity(cast::HOUSEHOLDS);
    let mut newborn = None;
    for index in 0..households.max(cast::HOUSEHOLDS) {
        let mut dice = Dice::new(seed, u64::try_from(index).unwrap_or(u64::MAX));
        match cast::seats(index, today, &mut dice) {
            Some(seats) => {
                let family = index == cast::FAMILY;
                let (drawn, child) = draw.household(&seats, Some(family), &mut dice)?;
                newborn = newborn.or(child);
                scripted.push(drawn);
            }
            None => {
                let seats = family::household(today, &mut dice);
                draw.household(&seats, None, &mut dice)?;
            }
        }
    }
    let cast = draw.cast(&scripted, newborn, &mut Dice::new(seed, u64::MAX))?;
    let Draw { township, changes, .. } = draw;
    let prefix = tables.prefix().to_owned();
    let Counts { persons, households, enrolled } = township;
    Ok(Township { prefix, changes, persons, households, enrolled, cast })
}

/// Serials given so far.
#[derive(Default)]
struct Counts {
    persons: u64,
    households: u64,
    enrolled: u64,
}

/// A township in the making.
struct Draw<'a> {
    tables: &'a Tables,
    insurer: Insurer<'a>,
    papers: Papers,
    today: NaiveDate,
    township: Counts,
    changes: Vec<Change>,
}

/// A household just drawn: its number and its members' numbers in the order of the seats.
struct Drawn {
    household_no: String,
    members: Vec<String>,
}

impl Drawn {
    fn role(&self, seat: usize) -> Option<Role> {
        let psn_no = self.members.get(seat)?.clone();
        Some(Role { psn_no, household_no: self.household_no.clone() })
    }
}

impl Draw<'_> {
    /// Draws one household; `script` says that it belongs to the cast, and whether a newborn waits in it.
    fn household(
        &mut self,
        seats: &[Seat],
        script: Option<bool>,
        dice: &mut Dice,
    ) -> Result<(Drawn, Option<Newborn>), TownshipError> {
        let tables = self.tables;
        self.township.households += 1;
        let serial = self.township.households;
        let home = Home::draw(tables, serial, seats, self.today, script.is_some(), dice)
            .ok_or_else(|| TownshipError::Village(tables.town.township.clone()))?;
        let mut naming = Naming::new(tables, script.is_some(), dice);
        let mut humans = Vec::with_capacity(seats.len());
        for seat in seats {
            self.township.persons += 1;
            let psn_no = format!("{}{:08}", tables.prefix(), self.township.persons);
            let mut registrar = Registrar { tables, papers: &mut self.papers, today: self.today };
            humans.push(registrar.person(psn_no, seat, &home, &mut naming, dice));
        }
        let newborn = script.filter(|waits| *waits).map(|_| {
            let seat = cast::newborn_seat(self.today);
            Newborn {
                name: naming.name(&seat, dice),
                birth: seat.birth,
                sex: "2",
                ethnicity: home.ethnic().to_owned(),
                relation: seat.relation(),
                birth_certificate: self.papers.birth_certificate(seat.birth, dice),
            }
        });
        let members = humans.iter().map(|human| human.person.psn_no.clone()).collect();
        let drawn = Drawn { household_no: home.household_no.clone(), members };
        self.record(home, humans, script, dice);
        Ok((drawn, newborn))
    }

    /// Writes persons, enrolments and household.
    fn record(&mut self, home: Home, humans: Vec<Human>, script: Option<bool>, dice: &mut Dice) {
        let mut first = self.today;
        let head = humans.first().map(|human| (human.person.psn_no.clone(), human.person.name().to_owned()));
        for human in humans {
            let paid = if script.is_some() { Paid::BOTH } else { Paid::draw(human.age_on(self.today), dice) };
            let year = self.year(script);
            let enrolments = self.insurer.enrolments(&human, year, paid, dice);
            let current = self.today.year();
            let is_current = |change: &Change| matches!(change, Change::Enrolment { record, .. } if i32::from(record.insu_year) == current);
            self.township.enrolled += u64::from(enrolments.iter().any(is_current));
            let known = enrolments.iter().find_map(|change| match change {
                Change::Enrolment { effective, .. } => effective.parse().ok(),
                _ => None,
            });
            let since = known.unwrap_or_else(|| self.registered(human.birth));
            first = first.min(since);
            self.changes.push(Change::Person { effective: since.to_string(), record: human.person });
            self.changes.extend(enrolments);
        }
        let (head_psn_no, head_name) = head.unwrap_or_default();
        let record = Household {
            household_no: home.household_no,
            rev: 1,
            resdbook_no: home.booklet,
            head_psn_no,
            head_name,
            admdvs12: home.village_code,
            group_no: home.group_no,
            address: home.address,
            void: false,
        };
        self.changes.push(Change::Household { effective: first.to_string(), record });
    }

    /// The later of the two years that a household is enrolled for.
    fn year(&self, script: Option<bool>) -> i32 {
        match script {
            Some(true) => cast::year_to_enrol(self.today) - 1,
            _ => self.today.year(),
        }
    }

    /// When somebody without an enrolment came into the register: two autumns ago, or a month after the birth.
    fn registered(&self, birth: NaiveDate) -> NaiveDate {
        let autumn = NaiveDate::from_ymd_opt(self.today.year() - 2, 9, 5).unwrap_or(self.today);
        let month = birth.checked_add_days(Days::new(30)).unwrap_or(self.today);
        autumn.max(month).min(self.today)
    }

    /// The roles by seat.
    fn cast(
        &mut self,
        scripted: &[Drawn],
        newborn: Option<Newborn>,
        dice: &mut Dice,
    ) -> Result<Cast, TownshipError> {
        let household = |index: usize| scripted.get(index).ok_or(TownshipError::Cast(index));
        let role = |index: usize, seat: usize| household(index)?.role(seat).ok_or(TownshipError::Cast(index));
        let family = household(cast::FAMILY)?;
        let mover = role(cast::MOVER, 0)?;
        let deceased = role(cast::DECEASED, 2)?;
        let phone = self.papers.phone(self.tables, dice);
        let address = format!("{}新城社区桃源路{}号", self.tables.town.address, dice.between(200, 260));
        let died = self.today.checked_sub_days(Days::new(6)).unwrap_or(self.today);
        Ok(Cast {
            family: Family {
                household_no: family.household_no.clone(),
                head: role(cast::FAMILY, 0)?.psn_no,
                members: family.members.clone(),
                insu_year: u16::try_from(cast::year_to_enrol(self.today)).unwrap_or(u16::MAX),
                newborn: newborn.ok_or(TownshipError::Cast(cast::FAMILY))?,
            },
            mover: Mover { psn_no: mover.psn_no, household_no: mover.household_no, phone, address },
            deceased: Deceased {
                psn_no: deceased.psn_no,
                household_no: deceased.household_no,
                died,
                heir: role(cast::DECEASED, 0)?.psn_no,
            },
            leaver: role(cast::LEAVER, 2)?,
            inpatient: role(cast::INPATIENT, 0)?,
        })
    }
}
