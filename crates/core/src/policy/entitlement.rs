//! From when to when a payment covers a person. Knows the question, the answer and which rule set an area follows;
//! the rules of one area are in a file of their own.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::gap::PolicyGap;
use super::law::{Law, Reading};
use super::pack::{PolicyPack, Used};
use super::value::Value;
use super::{guangxi, huaibei};

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
    /// A resident of an area whose text does not ask whether one paid before (004).
    Resident,
    /// Working outside and back for the Spring Festival (004 question 3).
    Migrant,
    /// Left the army (004 question 4).
    ExSoldier,
    /// Spouse without work of somebody who left the army (004 question 4).
    SoldierSpouse,
}

/// Every kind with its name, its code in the local list `enrol_kind` (empty where the list has none), and its Chinese
/// name.
const KINDS: [(PayerKind, &str, &str, &str); 10] = [
    (PayerKind::Continuous, "continuous", "2", "连续参保"),
    (PayerKind::First, "first", "1", "初次参保"),
    (PayerKind::Interrupted, "interrupted", "3", "中断续保"),
    (PayerKind::Newborn, "newborn", "4", "新生儿"),
    (PayerKind::MovedIn, "moved_in", "5", "外地转入"),
    (PayerKind::ExEmployee, "ex_employee", "6", "职工转入"),
    (PayerKind::Resident, "resident", "", "普通居民"),
    (PayerKind::Migrant, "migrant", "", "外出务工返乡人员"),
    (PayerKind::ExSoldier, "ex_soldier", "", "退役军人"),
    (PayerKind::SoldierSpouse, "soldier_spouse", "", "退役军人未就业配偶"),
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
        let known = KINDS.into_iter().find(|(_, _, known, _)| !code.is_empty() && *known == code);
        known.map(|(kind, ..)| kind)
    }

    /// Name as in `entitlement-cases.csv` and on the command line.
    pub fn as_str(self) -> &'static str {
        KINDS.into_iter().find(|(kind, ..)| *kind == self).map_or("", |(_, name, ..)| name)
    }

    /// The Chinese name, as policy tests write it.
    pub fn label(self) -> &'static str {
        KINDS.into_iter().find(|(kind, ..)| *kind == self).map_or("", |(.., label)| label)
    }

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.into_iter().map(|(kind, ..)| kind)
    }
}

impl FromStr for PayerKind {
    type Err = PolicyGap;

    fn from_str(text: &str) -> Result<Self, PolicyGap> {
        let names = KINDS.map(|(_, name, ..)| name).join("、");
        let found = KINDS.into_iter().find(|(_, name, _, label)| *name == text || *label == text);
        let known = found.map(|(kind, ..)| kind);
        known.ok_or_else(|| PolicyGap::input("kind", format!("不认识的人员类别“{text}”，应为 {names}")))
    }
}

/// For how long somebody was without employee insurance before this payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Months without payment, as counted by the agency.
    Months(Decimal),
    /// Last day of cover; the months follow from it and the payment day.
    LastCovered(NaiveDate),
}

/// What must be known of a person who comes from another scheme (004 question 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The gap before this payment.
    pub gap: Option<Gap>,
    /// Months of continuous employee insurance before the gap, paid in arrears not counted.
    pub service_months: Option<Decimal>,
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
    /// What is known of insurance elsewhere; usually nothing.
    pub facts: Facts,
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
    /// The reading in Chinese, for example `“第3个月”的算法：缴费当月算第 1 个月`.
    pub label: String,
    /// The area's remark on the wording.
    pub remark: String,
    /// The answer under it.
    pub cover: Cover,
}

/// The effect of a payment, with its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// What the payment buys.
    pub cover: Cover,
    /// Rule name: `G1`..`G10`, `G9/N2`, `H1`..`H9`; the article's for a closed window.
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
        "huaibei_2021" => huaibei::answer(pack, query),
        other => Err(ruleset.lacks(format!("规则集“{other}”"))),
    }
}

/// The readings that an area with this rule set may decide; none for an unknown rule set.
pub fn readings_of(ruleset: &str) -> &'static [Reading] {
    match ruleset {
        "guangxi_2017" => guangxi::READINGS,
        "huaibei_2021" => huaibei::READINGS,
        _ => &[],
    }
}

/// The insurance year of a question: a calendar year.
pub(super) struct Year {
    pub(super) first_day: NaiveDate,
    pub(super) last_day: NaiveDate,
    number: i32,
}

impl Year {
    pub(super) fn of(query: &EntitlementQuery) -> Result<Self, PolicyGap> {
        let number = query.insu_year;
        let bounds = (1990..=2200).contains(&number).then_some(());
        let day = |month, day| bounds.and_then(|()| NaiveDate::from_ymd_opt(number, month, day));
        let wrong = || PolicyGap::input("insu_year", "参保年度不是合理的年份");
        let (first_day, last_day) = (day(1, 1).ok_or_else(wrong)?, day(12, 31).ok_or_else(wrong)?);
        Ok(Self { first_day, last_day, number })
    }

    /// The birth day of a newborn's question, held against payment day and year.
    pub(super) fn birth(&self, query: &EntitlementQuery) -> Result<NaiveDate, PolicyGap> {
        let birth = query.birth.ok_or_else(|| PolicyGap::input("brdy", "新生儿须填出生日期"))?;
        if query.paid < birth {
            return Err(PolicyGap::input("paid", "缴费日期早于出生日期，请核对"));
        }
        if birth > self.last_day {
            return Err(PolicyGap::input("insu_year", "参保年度早于出生年度，请核对"));
        }
        Ok(birth)
    }

    /// The whole year.
    pub(super) fn whole(&self) -> Cover {
        Cover::Days { start: self.first_day, end: self.last_day }
    }

    /// From `start` to the end of the year; void if that is not a day of the year.
    pub(super) fn from(&self, start: Option<NaiveDate>) -> Cover {
        match start.filter(|start| *start <= self.last_day) {
            Some(start) => Cover::Days { start, end: self.last_day },
            None => Cover::Void,
        }
    }

    /// Collection for the year opens on `opens`: nothing is taken before.
    pub(super) fn closed<T>(&self, law: &Used<'_, T>, rule: &'static str, opens: NaiveDate) -> Entitlement {
        let note = format!("{} 年度的集中缴费从 {opens} 开始，现在不能收取", self.number);
        found(law, rule, Cover::Closed, true, &note)
    }
}

/// An answer that rests on one row of the law.
pub(super) fn found<T>(
    law: &Used<'_, T>,
    rule: &'static str,
    cover: Cover,
    certain: bool,
    note: &str,
) -> Entitlement {
    Entitlement {
        cover,
        rule,
        article: law.row.article.clone(),
        document: law.row.document.clone(),
        certain,
        sample: law.row.is_sample(),
        note: note.to_owned(),
        alternatives: Vec::new(),
    }
}

/// The answer under the area's readings, with the warning where the payment buys nothing (003 A28), and beside it what each other reading would give where it differs.
pub(super) fn with_alternatives(
    law: &Law<'_>,
    decide: impl Fn(&Law<'_>) -> Result<Entitlement, PolicyGap>,
) -> Result<Entitlement, PolicyGap> {
    let mut answer = decide(law)?;
    if answer.cover == Cover::Void {
        let words = format!("。本次缴费在该年度买不到任何一天待遇，{}，请不要收取", law.refund_words());
        answer.note.push_str(&words);
    }
    for (other, reading, value, remark) in law.others() {
        let cover = decide(&other).map(|entitlement| entitlement.cover);
        if let Some(cover) = cover.ok().filter(|cover| *cover != answer.cover) {
            answer.alternatives.push(Alternative {
                option: format!("{}={value}", reading.name),
                label: format!("{}：{}", reading.label, reading.words(value)),
                remark,
                cover,
            });
        }
    }
    Ok(answer)
}
