//! What an approved form does to the register, and how that is undone. The form says which effect it has; this
//! module reads the register through a small view and answers with changes, or with the reason why not. Pure.

use chrono::NaiveDate;

use super::{
    Change, EffectRefusal, Elsewhere, Enrolment, EnrolmentStatus, FilingRecord, Household, Person,
    PersonField, PersonStatus, RecordKey, TransferPeriod, TransferRecord, contribution, file, refund,
    reimburse, students,
};
use crate::form::{Effect, FormData, RecordSpec, Row};
use crate::identity::check_certificate;
use crate::money::{Fen, parse_yuan};
use crate::policy::{
    self, Cover, Entitlement, EntitlementQuery, Facts, Identity, PayerKind, PolicyPack, Settlement,
};

/// What an effect needs to read of the register. Faults of the store travel as text.
pub trait RegisterView {
    /// The newest version of a record.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn current(&self, key: &RecordKey) -> Result<Option<Change>, String>;
    /// One version of a record.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn version(&self, key: &RecordKey, rev: u32) -> Result<Option<Change>, String>;
    /// Numbers of the persons with this certificate number.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn persons_by_certno(&self, certno: &str) -> Result<Vec<String>, String>;
    /// Number of the household with this booklet in this village.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn household_by_book(&self, village: &str, resdbook_no: &str) -> Result<Option<String>, String>;
    /// How many persons and households were ever given a number.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn serials(&self) -> Result<(u64, u64), String>;
    /// Whether the fund has paid anything for this person in this year, under any benefit.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn fund_paid(&self, psn_no: &str, year: u16) -> Result<bool, String>;
    /// The filings of a person by one form, oldest first, void ones among them.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn filings(&self, psn_no: &str, kind: &str) -> Result<Vec<FilingRecord>, String>;
}

/// What stands around an effect.
pub struct EffectContext<'a> {
    /// The form's effect.
    pub effect: Effect,
    /// The form's id: the kind of what it files.
    pub form: &'a str,
    /// What a form with [`Effect::File`] or [`Effect::Refund`] files.
    pub record: Option<&'a RecordSpec>,
    /// Day of the decision.
    pub today: NaiveDate,
    /// Prefix of new person and household numbers: township code.
    pub prefix: &'a str,
    /// The area's parameters.
    pub policy: &'a PolicyPack,
}

/// The changes that a form makes when its last level agrees.
///
/// # Errors
/// Why the register cannot take them; nothing is half done.
pub fn effects_of(
    data: &FormData,
    settlement: Option<&Settlement>,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    match context.effect {
        Effect::EnrolHousehold => enrol_household(data, view, context),
        Effect::EnrolStudents => students::enrol(data, view, context),
        Effect::ChangePerson => change_person(data, view, context),
        Effect::CancelEnrolment => cancel(data, view, context),
        Effect::Transfer => transfer(data, view, context),
        Effect::Reimburse => reimburse::reimburse(data, settlement, view, context),
        Effect::File => file::file(data, view, context),
        Effect::Refund => refund::refund(data, view, context),
        Effect::Keep => Ok(Vec::new()),
    }
}

pub(super) fn cell<'a>(row: &'a Row, field: &str) -> &'a str {
    row.get(field).map_or("", String::as_str)
}

/// The person with this certificate number, if any: one in the register before one whose relation was cancelled.
pub(super) fn person_by_certno(
    view: &dyn RegisterView,
    certno: &str,
) -> Result<Option<Person>, EffectRefusal> {
    if certno.is_empty() {
        return Ok(None);
    }
    let mut cancelled = None;
    for psn_no in view.persons_by_certno(certno)? {
        match person(view, &psn_no)? {
            Some(person) if person.status == PersonStatus::Active => return Ok(Some(person)),
            Some(person) if person.status == PersonStatus::Cancelled => {
                cancelled.get_or_insert(person);
            }
            _ => {}
        }
    }
    Ok(cancelled)
}

fn person(view: &dyn RegisterView, psn_no: &str) -> Result<Option<Person>, EffectRefusal> {
    match view.current(&RecordKey::Person(psn_no.to_owned()))? {
        Some(Change::Person { record, .. }) => Ok(Some(record)),
        _ => Ok(None),
    }
}

pub(super) fn enrolment(
    view: &dyn RegisterView,
    psn_no: &str,
    year: u16,
) -> Result<Option<Enrolment>, EffectRefusal> {
    match view.current(&RecordKey::Enrolment(psn_no.to_owned(), year))? {
        Some(Change::Enrolment { record, .. }) => Ok(Some(record)),
        _ => Ok(None),
    }
}

/// Finds the person that a single-person form is about: by person number, else by certificate number. What the form
/// says beside the number must be that very person: a corrected certificate number never acts on somebody else.
pub(super) fn person_of_form(data: &FormData, view: &dyn RegisterView) -> Result<Person, EffectRefusal> {
    let certno = data.field("certno");
    let found = match data.field("psn_no") {
        "" => person_by_certno(view, certno)?,
        number => person(view, number)?.filter(|found| found.status != PersonStatus::Void),
    };
    let name = data.field("psn_name");
    let found = found.ok_or_else(|| EffectRefusal::NotInRegister { name: name.to_owned() })?;
    let differs = |said: &str, held: &str| !said.is_empty() && !held.is_empty() && said != held;
    if differs(certno, found.certno()) || differs(name, found.name()) {
        let other = found.name().to_owned();
        return Err(EffectRefusal::OtherPerson { certno: found.certno().to_owned(), other });
    }
    Ok(found)
}

/// As [`person_of_form`], of whom something is to be changed: not after a cancellation (003 A15).
pub(super) fn active_of_form(data: &FormData, view: &dyn RegisterView) -> Result<Person, EffectRefusal> {
    let found = person_of_form(data, view)?;
    match found.status {
        PersonStatus::Active => Ok(found),
        PersonStatus::Cancelled => Err(EffectRefusal::Cancelled(found.name().to_owned())),
        PersonStatus::Void => Err(EffectRefusal::NotInRegister { name: found.name().to_owned() }),
    }
}

pub(super) fn year_of(data: &FormData) -> Result<u16, EffectRefusal> {
    data.field("insu_year").parse().map_err(|_| EffectRefusal::BadValue("insu_year".to_owned()))
}

pub(super) fn date(text: &str, field: &str) -> Result<NaiveDate, EffectRefusal> {
    text.parse().map_err(|_| EffectRefusal::BadValue(field.to_owned()))
}

fn enrol_household(
    data: &FormData,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let year = year_of(data)?;
    let (persons, households) = view.serials()?;
    let village = data.field("admdvs12");
    let household_no = match view.household_by_book(village, data.field("resdbook_no"))? {
        Some(known) => known,
        None => {
            let mut serial = households;
            free(view, &mut serial, |serial| RecordKey::Household(format!("H{}{serial:07}", context.prefix)))?
        }
    };
    let mut changes: Vec<Change> = Vec::new();
    let mut head_psn_no = String::new();
    let mut serial = persons;
    for row in data.rows("members") {
        let mut record = member(row, view, context, &mut serial)?;
        fill_member(&mut record, row, data, &household_no);
        if matches!(cell(row, "patn_rlts"), "01" | "02") {
            head_psn_no.clone_from(&record.psn_no);
        }
        if changes.iter().any(|change| is_person(change, &record)) {
            return Err(EffectRefusal::Twice(record.name().to_owned()));
        }
        let before = enrolment(view, &record.psn_no, year)?;
        if before.as_ref().is_some_and(|now| now.status == EnrolmentStatus::Normal) {
            return Err(EffectRefusal::AlreadyEnrolled { name: record.name().to_owned(), year });
        }
        let record_year = enrolment_of(row, &record, before.map_or(0, |now| now.rev), data, context)?;
        changes.extend(contribution::of_enrolment(data, record.name(), &record_year, view)?);
        changes.push(Change::Person { effective: context.today.to_string(), record });
        changes.push(Change::Enrolment { effective: context.today.to_string(), record: record_year });
    }
    let rev = match view.current(&RecordKey::Household(household_no.clone()))? {
        Some(now) => now.rev(),
        None => 0,
    };
    changes.push(Change::Household {
        effective: context.today.to_string(),
        record: Household {
            household_no,
            rev: rev + 1,
            resdbook_no: data.field("resdbook_no").to_owned(),
            head_psn_no,
            head_name: data.field("householder_name").to_owned(),
            admdvs12: village.to_owned(),
            group_no: data.field("group_no").to_owned(),
            address: data.field("hsreg_addr").to_owned(),
            void: false,
        },
    });
    Ok(changes)
}

/// The next number that no record bears: a register taken over may have numbers of its own.
fn free(
    view: &dyn RegisterView,
    serial: &mut u64,
    key: impl Fn(u64) -> RecordKey,
) -> Result<String, EffectRefusal> {
    loop {
        *serial = serial.saturating_add(1);
        let wanted = key(*serial);
        if view.current(&wanted)?.is_none()
            && let RecordKey::Person(number) | RecordKey::Household(number) = wanted
        {
            return Ok(number);
        }
    }
}

/// The person of a member's row: known by the certificate, or as a newborn by the birth certificate, else new.
pub(super) fn member(
    row: &Row,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
    serial: &mut u64,
) -> Result<Person, EffectRefusal> {
    let known = match person_by_certno(view, cell(row, "certno"))? {
        None => person_by_certno(view, cell(row, PersonField::BirthCertificate.id()))?,
        known => known,
    };
    match known {
        Some(other) if other.name() != cell(row, "psn_name") => Err(EffectRefusal::OtherPerson {
            certno: other.certno().to_owned(),
            other: other.name().to_owned(),
        }),
        Some(known) => Ok(known),
        None => Ok(Person {
            psn_no: free(view, serial, |serial| RecordKey::Person(format!("{}{serial:08}", context.prefix)))?,
            rev: 0,
            household_no: String::new(),
            status: PersonStatus::Active,
            values: std::collections::BTreeMap::new(),
        }),
    }
}

/// Whether a change is about this person already: by number, or for two new ones by certificate.
pub(super) fn is_person(change: &Change, record: &Person) -> bool {
    let Change::Person { record: other, .. } = change else { return false };
    let same_certno = !record.certno().is_empty() && other.certno() == record.certno();
    other.psn_no == record.psn_no || same_certno
}

/// Brings a member's row, and what the household shares, into the person's record.
fn fill_member(record: &mut Person, row: &Row, data: &FormData, household_no: &str) {
    record.rev += 1;
    record.status = PersonStatus::Active;
    record.household_no = household_no.to_owned();
    for field in PersonField::ALL {
        let own = cell(row, field.id());
        let value = if own.is_empty() { data.field(field.id()) } else { own };
        if !value.is_empty() {
            record.set(field, value);
        }
    }
}

pub(super) fn enrolment_of(
    row: &Row,
    record: &Person,
    rev: u32,
    data: &FormData,
    context: &EffectContext<'_>,
) -> Result<Enrolment, EffectRefusal> {
    let year = year_of(data)?;
    let kind = cell(row, "enrol_kind");
    let money = |field: &str| match cell(row, field) {
        "" => Ok(Fen(0)),
        text => parse_yuan(text).map_err(|_| EffectRefusal::BadValue(field.to_owned())),
    };
    let terms = terms_of(row, data, context)?;
    Ok(Enrolment {
        psn_no: record.psn_no.clone(),
        insu_year: year,
        rev: rev + 1,
        status: EnrolmentStatus::Normal,
        enrol_kind: kind.to_owned(),
        psn_type: cell(row, "psn_type").to_owned(),
        psn_idet_type: cell(row, "psn_idet_type").to_owned(),
        standard: money("pay_std")?,
        aid: money("aid_amt")?,
        personal: money("psn_clct_amt")?,
        entitled_from: terms.start().map_or_else(String::new, |day| day.to_string()),
        entitled_to: terms.end().map_or_else(String::new, |day| day.to_string()),
        entitlement_rule: terms.outcome(),
        sample: terms.sample || unverified_amount(row, year, context),
        end_reason: String::new(),
        certno: record.certno().to_owned(),
        unit: None,
        refunded: None,
        elsewhere: Elsewhere::of(row, contribution::paid_day(data)?).map(Box::new),
    })
}

/// The standard behind the amounts is a sample, or the policy knows none and somebody typed the amount.
fn unverified_amount(row: &Row, year: u16, context: &EffectContext<'_>) -> bool {
    let due =
        policy::contribution(context.policy, i32::from(year), identity_of(row).as_slice(), context.today);
    due.map_or(true, |due| due.sample)
}

/// What a row of an enrolment asks of the policy: by the day on which the money arrived, where the form names it. Else the
/// day of the signature stands for the day of payment: the office takes form and payment order together (003 A7), no cash is
/// ever taken (003 A94).
///
/// # Errors
/// [`EffectRefusal::BadValue`] for a kind of enrolment, a year or a day that cannot be read.
pub fn entitlement_query(row: &Row, data: &FormData) -> Result<EntitlementQuery, EffectRefusal> {
    let kind = cell(row, "enrol_kind");
    let payer = PayerKind::from_enrol_kind(kind)
        .ok_or_else(|| EffectRefusal::BadValue(format!("enrol_kind {kind}")))?;
    let paid = contribution::paid_day(data)?;
    let elsewhere = Elsewhere::of(row, paid);
    Ok(EntitlementQuery {
        kind: payer,
        birth: cell(row, "brdy").parse().ok(),
        paid,
        insu_year: i32::from(year_of(data)?),
        facts: elsewhere.map_or_else(|| Ok(Facts::default()), |elsewhere| elsewhere.facts(paid))?,
        options: std::collections::BTreeMap::new(),
    })
}

/// The special identity of a row with the last day of its proof (003 A8); none where the row names none.
pub fn identity_of(row: &Row) -> Option<Identity> {
    let code = Some(cell(row, "psn_idet_type")).filter(|code| !code.is_empty());
    code.map(|code| Identity::until(code, cell(row, "spec_cert_end")))
}

/// From when the payment covers the person.
fn terms_of(row: &Row, data: &FormData, context: &EffectContext<'_>) -> Result<Entitlement, EffectRefusal> {
    let query = entitlement_query(row, data)?;
    let terms =
        policy::entitlement(context.policy, &query).map_err(|gap| EffectRefusal::Policy(gap.to_string()))?;
    match terms.cover {
        Cover::Days { .. } => Ok(terms),
        // Money that buys nothing is not taken: there is no refund afterwards (003 A28).
        Cover::Void | Cover::Closed => {
            Err(EffectRefusal::Policy(format!("{}：{}", cell(row, "psn_name"), terms.note)))
        }
    }
}

fn change_person(
    data: &FormData,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let mut record = active_of_form(data, view)?;
    record.rev += 1;
    for row in data.rows("changes") {
        let code = cell(row, "chg_item");
        let field = PersonField::of_change_item(code)
            .ok_or_else(|| EffectRefusal::BadValue(format!("chg_item {code}")))?;
        let after = cell(row, "after");
        if field == PersonField::CertNo
            && let Some(other) = person_by_certno(view, after)?
            && other.psn_no != record.psn_no
        {
            return Err(EffectRefusal::OtherPerson {
                certno: after.to_owned(),
                other: other.name().to_owned(),
            });
        }
        if field == PersonField::CertNo {
            take_resident_number(&mut record, after, context.today);
        }
        record.set(field, after);
    }
    Ok(vec![Change::Person { effective: context.today.to_string(), record }])
}

/// Item 04 is the resident ID number (公民身份号码, 003 A14): kind of certificate and day of birth follow it, and the
/// certificate by which a newborn was enrolled (003 A7) is kept beside it.
fn take_resident_number(record: &mut Person, number: &str, today: NaiveDate) {
    if record.get(PersonField::CertType) == "990201" && record.get(PersonField::BirthCertificate).is_empty() {
        let born = record.certno().to_owned();
        record.set(PersonField::BirthCertificate, &born);
    }
    record.set(PersonField::CertType, "01");
    let birth = match check_certificate("01", number, today) {
        Ok(read) => read.birth,
        Err(problem) => problem.reading().and_then(|read| read.birth),
    };
    if let Some(birth) = birth {
        record.set(PersonField::Birth, &birth.to_string());
    }
}

/// Ends the enrolments of the year of the event and of later years (003 A15).
fn end_enrolments(
    psn_no: &str,
    event: NaiveDate,
    reason: &str,
    view: &dyn RegisterView,
    today: NaiveDate,
) -> Result<Vec<Change>, EffectRefusal> {
    use chrono::Datelike;
    let mut changes = Vec::new();
    let first = u16::try_from(event.year()).map_err(|_| EffectRefusal::BadValue("event_date".to_owned()))?;
    // Enrolment for a year opens in the year before: the last one there can be is next year's.
    let last = u16::try_from(today.year()).unwrap_or(first).max(first).saturating_add(1);
    for year in first..=last {
        let Some(mut record) = enrolment(view, psn_no, year)? else { continue };
        if record.status != EnrolmentStatus::Normal {
            continue;
        }
        record.rev += 1;
        record.status = EnrolmentStatus::Ended;
        reason.clone_into(&mut record.end_reason);
        // The last covered day is the day of the event (reference 5.1); a year not begun is not entered at all.
        let day = event.to_string();
        if !record.entitled_to.is_empty() && record.entitled_to > day {
            record.entitled_to.clone_from(&day);
        }
        changes.push(Change::Enrolment { effective: day, record });
    }
    Ok(changes)
}

fn cancel(
    data: &FormData,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let mut record = active_of_form(data, view)?;
    let event = date(data.field("event_date"), "event_date")?;
    let mut changes = end_enrolments(&record.psn_no, event, data.field("cancel_rea"), view, context.today)?;
    record.rev += 1;
    record.status = PersonStatus::Cancelled;
    changes.push(Change::Person { effective: event.to_string(), record });
    Ok(changes)
}

fn transfer(
    data: &FormData,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let record = active_of_form(data, view)?;
    let out = data.field("trans_kind") == "1";
    let mut changes = Vec::new();
    if out {
        // 003 A15: transfer out of the pooling area is a reason of cancellation, code 3.
        changes.extend(end_enrolments(&record.psn_no, context.today, "3", view, context.today)?);
    }
    let rev = match view.current(&RecordKey::Transfer(record.psn_no.clone()))? {
        Some(now) => now.rev(),
        None => 0,
    };
    let periods = data.rows("periods").iter().map(|row| TransferPeriod {
        begin: cell(row, "begn_ym").to_owned(),
        end: cell(row, "end_ym").to_owned(),
        insutype: cell(row, "insutype").to_owned(),
        months: cell(row, "months").to_owned(),
    });
    changes.push(Change::Transfer {
        effective: context.today.to_string(),
        record: TransferRecord {
            psn_no: record.psn_no.clone(),
            rev: rev + 1,
            kind: data.field("trans_kind").to_owned(),
            old_area: data.field("old_area").to_owned(),
            new_area: data.field("new_area").to_owned(),
            date: context.today.to_string(),
            periods: periods.collect(),
            void: false,
        },
    });
    if out {
        let mut person = record;
        person.rev += 1;
        person.status = PersonStatus::Cancelled;
        changes.push(Change::Person { effective: context.today.to_string(), record: person });
    }
    Ok(changes)
}

/// An enrolment of the day's year covers it: the first day of a treatment or of a filing (003 A80).
pub(super) fn covered(
    record: &Person,
    begin: NaiveDate,
    view: &dyn RegisterView,
) -> Result<(), EffectRefusal> {
    use chrono::Datelike;
    let day = begin.to_string();
    let enrolment = match u16::try_from(begin.year()) {
        Ok(year) => enrolment(view, &record.psn_no, year)?,
        Err(_) => None,
    };
    let covers = enrolment.is_some_and(|now| {
        now.status != EnrolmentStatus::Void
            && !now.entitled_from.is_empty()
            && now.entitled_from <= day
            && day <= now.entitled_to
    });
    if covers { Ok(()) } else { Err(EffectRefusal::NotCovered { name: record.name().to_owned(), date: day }) }
}
