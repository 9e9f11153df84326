//! A contribution that was booked (缴费): what came in for a person's year, on which day, by which way, and what cover follows
//! from that day by the area's rules. Whatever the way, bank, school, counter or tax, it is booked here and once. Knows
//! enrolments and the policy; must not know files or banks.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::effect::{RegisterView, date, enrolment};
use super::{Change, EffectRefusal, Enrolment, EnrolmentStatus, PersonField, RecordKey};
use crate::form::FormData;
use crate::money::Fen;
use crate::policy::{self, Cover, EntitlementQuery, Facts, PayerKind, PolicyPack};

/// `CLCT_WAY` 01: collected by a bank (reference, core lists).
pub const BY_BANK: &str = "01";
/// `CLCT_WAY` 04: collected by a school (003 A24).
const BY_SCHOOL: &str = "04";
/// Local code `pay_way` 1: the school collects.
const SCHOOL_PAYS: &str = "1";

/// What was paid for one person and year.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Contribution {
    /// Person number.
    #[n(0)]
    pub psn_no: String,
    /// Insurance year.
    #[n(1)]
    pub insu_year: u16,
    /// Revision, from 1.
    #[n(2)]
    pub rev: u32,
    /// Amount.
    #[n(3)]
    pub amount: Fen,
    /// Day on which the full amount arrived, as the bank booked it, `YYYY-MM-DD` (003 A22, A95).
    #[n(4)]
    pub paid_on: String,
    /// How it was collected, list `CLCT_WAY`.
    #[n(5)]
    pub way: String,
    /// What it rests on: the number of the deduction list, or the voucher that the form names (003 A95).
    #[n(6)]
    pub source: String,
    /// Taken back.
    #[n(7)]
    pub void: bool,
}

/// Money that was collected for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Person number.
    pub psn_no: String,
    /// Insurance year.
    pub year: u16,
    /// Amount.
    pub amount: Fen,
    /// The day on which it arrived.
    pub day: NaiveDate,
    /// How, list `CLCT_WAY`.
    pub way: String,
    /// Number of the deduction list, or voucher.
    pub source: String,
}

/// The payment that an enrolment form names: when it arrived, how, by which voucher.
struct Named {
    day: NaiveDate,
    way: String,
    source: String,
}

/// The payment that came in before the form; none where the money is still to be collected (003 A23).
fn named(data: &FormData) -> Result<Option<Named>, EffectRefusal> {
    if data.field(PAID_ON).is_empty() {
        return Ok(None);
    }
    let way = match (data.field("clct_way"), data.field("pay_way")) {
        ("", SCHOOL_PAYS) => BY_SCHOOL,
        (way, _) => way,
    };
    if way.is_empty() {
        return Err(EffectRefusal::BadValue("clct_way".to_owned()));
    }
    let day = date(data.field(PAID_ON), PAID_ON)?;
    Ok(Some(Named { day, way: way.to_owned(), source: data.field("clct_voucher").to_owned() }))
}

/// Field of an enrolment form with the day on which its money arrived.
const PAID_ON: &str = "clct_date";

/// The day of payment that an enrolment form names: the day on which the money arrived, else that of the signature, for which
/// the office takes form and payment order together (003 A7).
///
/// # Errors
/// [`EffectRefusal::BadValue`] for a day that cannot be read.
pub(super) fn paid_day(data: &FormData) -> Result<NaiveDate, EffectRefusal> {
    match data.field(PAID_ON) {
        "" => date(data.field("sign_date"), "sign_date"),
        day => date(day, PAID_ON),
    }
}

/// The contribution of one person of an enrolment form that names its payment; none where it names none, and for a person
/// who owes nothing.
pub(super) fn of_enrolment(
    data: &FormData,
    name: &str,
    enrolled: &Enrolment,
    view: &dyn RegisterView,
) -> Result<Option<Change>, EffectRefusal> {
    let Some(Named { day, way, source }) = named(data)?.filter(|_| enrolled.personal > Fen::ZERO) else {
        return Ok(None);
    };
    let money = Collected {
        psn_no: enrolled.psn_no.clone(),
        year: enrolled.insu_year,
        amount: enrolled.personal,
        day,
        way,
        source,
    };
    record(&money, name, view).map(Some)
}

/// The record of money that came in: one for a person and year, whatever the way.
fn record(money: &Collected, name: &str, view: &dyn RegisterView) -> Result<Change, EffectRefusal> {
    let key = RecordKey::Contribution(money.psn_no.clone(), money.year);
    let before = match view.current(&key)? {
        Some(Change::Contribution { record, .. }) => Some(record),
        _ => None,
    };
    if let Some(paid) = before.as_ref().filter(|before| !before.void) {
        return Err(EffectRefusal::PaidAlready {
            name: name.to_owned(),
            year: money.year,
            day: paid.paid_on.clone(),
            voucher: paid.source.clone(),
        });
    }
    let day = money.day.to_string();
    Ok(Change::Contribution {
        effective: day.clone(),
        record: Contribution {
            psn_no: money.psn_no.clone(),
            insu_year: money.year,
            rev: before.map_or(0, |before| before.rev).saturating_add(1),
            amount: money.amount,
            paid_on: day,
            way: money.way.clone(),
            source: money.source.clone(),
            void: false,
        },
    })
}

/// What follows from booked money.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Booking {
    /// Contribution, and the enrolment with its days of cover.
    pub changes: Vec<Change>,
    /// What a person should look into; the money is booked all the same.
    pub notes: Vec<String>,
}

/// Books collected money: the contribution, and the days of cover that the day of collection gives (003 A22: the day on
/// which the full amount is booked). Money that buys no day is booked and said: there is no refund (003 A28).
///
/// # Errors
/// When the person has no enrolment of that year, a contribution is booked already, or the register cannot be read.
pub fn book(money: &Collected, view: &dyn RegisterView, pack: &PolicyPack) -> Result<Booking, EffectRefusal> {
    let name = match view.current(&RecordKey::Person(money.psn_no.clone()))? {
        Some(Change::Person { record, .. }) => record,
        _ => return Err(EffectRefusal::NotInRegister { name: money.psn_no.clone() }),
    };
    let paid = record(money, name.name(), view)?;
    let enrolled =
        enrolment(view, &money.psn_no, money.year)?.filter(|e| e.status == EnrolmentStatus::Normal);
    let Some(mut record) = enrolled else {
        return Err(EffectRefusal::NotInRegister {
            name: format!("{}（{} 年度登记）", name.name(), money.year),
        });
    };
    let day = money.day.to_string();
    let mut booking = Booking { changes: vec![paid], notes: Vec::new() };
    let kind = PayerKind::from_enrol_kind(&record.enrol_kind)
        .ok_or_else(|| EffectRefusal::BadValue(format!("enrol_kind {}", record.enrol_kind)))?;
    let query = EntitlementQuery {
        kind,
        birth: name.get(PersonField::Birth).parse().ok(),
        paid: money.day,
        insu_year: i32::from(money.year),
        facts: match &record.elsewhere {
            Some(elsewhere) => elsewhere.facts(money.day)?,
            None => Facts::default(),
        },
        options: BTreeMap::new(),
    };
    match policy::entitlement(pack, &query) {
        Ok(terms) if matches!(terms.cover, Cover::Days { .. }) => {
            record.entitled_from = terms.start().map_or_else(String::new, |day| day.to_string());
            record.entitled_to = terms.end().map_or_else(String::new, |day| day.to_string());
            record.entitlement_rule = terms.outcome();
            record.rev = record.rev.saturating_add(1);
            booking.changes.push(Change::Enrolment { effective: day, record });
        }
        Ok(terms) => booking.notes.push(format!(
            "{} 已缴 {} 元，按到账日 {day} 不产生 {} 年度待遇：{}。已缴不退（003 A28），请上报县级处理。",
            name.name(),
            money.amount.to_grouped(),
            money.year,
            terms.note
        )),
        Err(gap) => booking.notes.push(format!(
            "{} 已缴 {} 元，待遇起止没有规则可用：{gap}。请询县级。",
            name.name(),
            money.amount.to_grouped()
        )),
    }
    Ok(booking)
}
