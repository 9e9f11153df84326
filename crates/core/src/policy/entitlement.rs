//! From when to when a payment covers a person. Knows the question, the answer and which rule set an area follows;
//! the rules of one area are in a file of their own.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;

use super::gap::PolicyGap;
use super::guangxi;
use super::pack::PolicyPack;
use super::value::Value;

/// What kind of payer a person is for one insurance year (003 A22). Priority when several fit: newborn, first time,
/// interrupted, continuous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PayerKind {
    /// Paid for the year before; late payment included.
    Continuous,
    /// Never paid before.
    First,
    /// At least one whole insurance year without payment.
    Interrupted,
    /// Newborn.
    Newborn,
    /// Insured as a resident elsewhere until now.
    MovedIn,
    /// Coming from employee insurance.
    ExEmployee,
}

/// Every kind with its name and its code in the local list `enrol_kind`.
const KINDS: [(PayerKind, &str, &str); 6] = [
    (PayerKind::Continuous, "continuous", "2"),
    (PayerKind::First, "first", "1"),
    (PayerKind::Interrupted, "interrupted", "3"),
    (PayerKind::Newborn, "newborn", "4"),
    (PayerKind::MovedIn, "moved_in", "5"),
    (PayerKind::ExEmployee, "ex_employee", "6"),
];

impl PayerKind {
    /// The kind of an adult from the last insurance year paid for (reference 5.4): none is first time, up to
    /// `insu_year` - 2 is interrupted.
    pub fn from_last_paid(last_paid: Option<i32>, insu_year: i32) -> Self {
        match last_paid {
            None => Self::First,
            Some(last) if last < insu_year.saturating_sub(1) => Self::Interrupted,
            Some(_) => Self::Continuous,
        }
    }

    /// The kind that an enrolment form states (local list `enrol_kind`); `None` for an unknown code.
    pub fn from_enrol_kind(code: &str) -> Option<Self> {
        KINDS.into_iter().find(|(_, _, known)| *known == code).map(|(kind, _, _)| kind)
    }

    /// Name as in `entitlement-cases.csv` and on the command line.
    pub fn as_str(self) -> &'static str {
        KINDS.into_iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, name, _)| name)
    }
}

impl FromStr for PayerKind {
    type Err = PolicyGap;

    fn from_str(text: &str) -> Result<Self, PolicyGap> {
        let names = KINDS.map(|(_, name, _)| name).join("、");
        let known = KINDS.into_iter().find(|(_, name, _)| *name == text).map(|(kind, _, _)| kind);
        known.ok_or_else(|| PolicyGap::input("kind", format!("不认识的人员类别“{text}”，应为 {names}")))
    }
}

/// A payment whose effect is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntitlementQuery {
    /// Kind of payer.
    pub kind: PayerKind,
    /// Birth day; needed for newborns.
    pub birth: Option<NaiveDate>,
    /// Day on which the full amount is booked (足额缴纳), for newborns enrolled and paid.
    pub paid: NaiveDate,
    /// Insurance year paid for.
    pub insu_year: i32,
    /// Readings to use instead of the area's defaults, by option name (`third_month` = `inclusive`); usually empty.
    pub options: BTreeMap<String, String>,
}

/// What the payment buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Cover from `start` to `end`, both included.
    Days {
        /// First covered day.
        start: NaiveDate,
        /// Last covered day.
        end: NaiveDate,
    },
    /// The payment buys no day of the year: warn and do not take it (no refund, 003 A28).
    Void,
    /// Collection for that year has not opened: the payment is not accepted.
    Closed,
}

/// Another reading of an ambiguous text and what it would give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Option and value, for example `third_month=inclusive`.
    pub option: String,
    /// The answer under it.
    pub cover: Cover,
}

/// The effect of a payment, with its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// What the payment buys.
    pub cover: Cover,
    /// Rule name: `G1`..`G10`, `G9/N2`; `A22` for a closed window.
    pub rule: &'static str,
    /// Article, for example `第二十二条第三款`.
    pub article: String,
    /// Document.
    pub document: String,
    /// True if the text is clear; false if the answer rests on a reading the county has not confirmed.
    pub certain: bool,
    /// True if a parameter used is only a sample (示例), for example an option at its default.
    pub sample: bool,
    /// For the clerk, in Chinese: why, and what to watch.
    pub note: String,
    /// Answers under the other readings, where they differ. Shown beside the answer while the county has not decided.
    pub alternatives: Vec<Alternative>,
}

impl Entitlement {
    /// First covered day.
    pub fn start(&self) -> Option<NaiveDate> {
        match self.cover {
            Cover::Days { start, .. } => Some(start),
            Cover::Void | Cover::Closed => None,
        }
    }

    /// Last covered day.
    pub fn end(&self) -> Option<NaiveDate> {
        match self.cover {
            Cover::Days { end, .. } => Some(end),
            Cover::Void | Cover::Closed => None,
        }
    }

    /// Rule with outcome as in `entitlement-cases.csv`: `G1`, `G6 void`, `window closed`.
    pub fn outcome(&self) -> String {
        match self.cover {
            Cover::Days { .. } => self.rule.to_owned(),
            Cover::Void => format!("{} void", self.rule),
            Cover::Closed => "window closed".to_owned(),
        }
    }
}

/// From when to when the payment of `query` covers the person. The rules in force on the payment day count.
///
/// # Errors
/// [`PolicyGap::Silent`] where the text has no rule (ask the county), [`PolicyGap::NoParameter`] where the pack has
/// none for the day, [`PolicyGap::Input`] for a question that makes no sense.
pub fn entitlement(pack: &PolicyPack, query: &EntitlementQuery) -> Result<Entitlement, PolicyGap> {
    let ruleset = pack.get("entitlement.ruleset", query.paid, Value::as_choice)?;
    match ruleset.value {
        "guangxi_2017" => guangxi::answer(pack, query),
        other => Err(ruleset.lacks(format!("规则集“{other}”"))),
    }
}
