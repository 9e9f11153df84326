//! A contribution that was booked (缴费): what a bank collected for a person's year, on which day, and what cover follows from
//! that day by the area's rules. Knows enrolments and the policy; must not know files or banks.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::effect::{RegisterView, enrolment};
use super::{Change, EffectRefusal, EnrolmentStatus, PersonField, RecordKey};
use crate::money::Fen;
use crate::policy::{self, Cover, EntitlementQuery, Facts, PayerKind, PolicyPack};

/// `CLCT_WAY` 01: collected by a bank (reference, core lists).
pub const BY_BANK: &str = "01";

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
    /// Day of the collection as the bank booked it, `YYYY-MM-DD` (003 A95).
    #[n(4)]
    pub paid_on: String,
    /// How it was collected, list `CLCT_WAY`.
    #[n(5)]
    pub way: String,
    /// What it rests on: the number of the deduction list.
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
    /// The bank's day.
    pub day: NaiveDate,
    /// Number of the deduction list.
    pub source: String,
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
    let key = RecordKey::Contribution(money.psn_no.clone(), money.year);
    let before = match view.current(&key)? {
        Some(Change::Contribution { record, .. }) => Some(record),
        _ => None,
    };
    let name = match view.current(&RecordKey::Person(money.psn_no.clone()))? {
        Some(Change::Person { record, .. }) => record,
        _ => return Err(EffectRefusal::NotInRegister { name: money.psn_no.clone() }),
    };
    if before.as_ref().is_some_and(|before| !before.void) {
        return Err(EffectRefusal::Twice(format!("{} {} 年度缴费", name.name(), money.year)));
    }
    let enrolled =
        enrolment(view, &money.psn_no, money.year)?.filter(|e| e.status == EnrolmentStatus::Normal);
    let Some(mut record) = enrolled else {
        return Err(EffectRefusal::NotInRegister {
            name: format!("{}（{} 年度登记）", name.name(), money.year),
        });
    };
    let day = money.day.to_string();
    let mut booking = Booking::default();
    booking.changes.push(Change::Contribution {
        effective: day.clone(),
        record: Contribution {
            psn_no: money.psn_no.clone(),
            insu_year: money.year,
            rev: before.map_or(0, |before| before.rev).saturating_add(1),
            amount: money.amount,
            paid_on: day.clone(),
            way: BY_BANK.to_owned(),
            source: money.source.clone(),
            void: false,
        },
    });
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
            "{} 已扣 {} 元，按扣款日 {day} 不产生 {} 年度待遇：{}。已缴不退（003 A28），请上报县级处理。",
            name.name(),
            money.amount.to_grouped(),
            money.year,
            terms.note
        )),
        Err(gap) => booking.notes.push(format!(
            "{} 已扣 {} 元，待遇起止没有规则可用：{gap}。请询县级。",
            name.name(),
            money.amount.to_grouped()
        )),
    }
    Ok(booking)
}
