//! A question as people put it — kind, days, options as words — and its answer: the one door of the command line, of
//! `entitlement-cases.csv` and of the policy tests. Knows which rule answers which kind; knows no rule.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::entitlement::{Entitlement, EntitlementQuery, Facts, Gap, entitlement};
use super::gap::PolicyGap;
use super::pack::PolicyPack;
use super::read::parse_date;
use super::status::{RecordKind, StatusDecision, StatusQuery, status};

/// A question of entitlement or standing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Kind of payer or of record, by name or Chinese name.
    pub kind: String,
    /// Birth day, for newborns.
    pub birth: Option<NaiveDate>,
    /// Day of full payment; needed for entitlement.
    pub paid: Option<NaiveDate>,
    /// Insurance year paid for; needed for entitlement.
    pub insu_year: Option<i32>,
    /// Day of the decision, for the standing of a record; the payment day without it.
    pub on: Option<NaiveDate>,
    /// Facts (`gap_months`, `years`, `last_covered`) and readings (`third_month`), by name.
    pub options: BTreeMap<String, String>,
}

/// What the law of the area says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// From when to when a payment covers a person.
    Entitled(Entitlement),
    /// What becomes of a record.
    Status(StatusDecision),
}

impl Answer {
    /// Rule with outcome, as in `entitlement-cases.csv`.
    pub fn rule(&self) -> String {
        match self {
            Self::Entitled(found) => found.outcome(),
            Self::Status(found) => found.rule.to_owned(),
        }
    }

    /// First covered day, or the standing, as in `entitlement-cases.csv`; empty if there is none.
    pub fn start(&self) -> String {
        match self {
            Self::Entitled(found) => found.start().map_or_else(String::new, |day| day.to_string()),
            Self::Status(found) => found.outcome(),
        }
    }

    /// Last covered day; empty if there is none.
    pub fn end(&self) -> String {
        match self {
            Self::Entitled(found) => found.end().map_or_else(String::new, |day| day.to_string()),
            Self::Status(_) => String::new(),
        }
    }

    /// True if the text is clear.
    pub fn certain(&self) -> bool {
        match self {
            Self::Entitled(found) => found.certain,
            Self::Status(found) => found.certain,
        }
    }
}

/// Answers `question` by the law of `pack`.
///
/// # Errors
/// As [`entitlement`] and [`status`].
pub fn ask(pack: &PolicyPack, question: &Question) -> Result<Answer, PolicyGap> {
    let mut options = question.options.clone();
    let gap_months = number(&mut options, "gap_months")?;
    let years = number(&mut options, "years")?;
    let last_covered = date(&mut options, "last_covered")?;
    let service_months = years.and_then(|years| years.checked_mul(Decimal::from(12)));
    if let Ok(kind) = question.kind.parse::<RecordKind>()
        && pack.param("status.ruleset").is_some()
    {
        let on = question.on.or(question.paid);
        let on = on.ok_or_else(|| PolicyGap::input("on", "请填办理日期"))?;
        return status(pack, &StatusQuery { kind, on, gap_months, service_months, options })
            .map(Answer::Status);
    }
    if pack.param("entitlement.ruleset").is_none() && pack.param("status.ruleset").is_some() {
        // Only standings are to be had here: the error names the kinds of record.
        question.kind.parse::<RecordKind>()?;
    }
    if gap_months.is_some() && last_covered.is_some() {
        return Err(PolicyGap::input("gap_months", "断缴月数和最后参保日只填一个"));
    }
    let query = EntitlementQuery {
        kind: question.kind.parse()?,
        birth: question.birth,
        paid: question.paid.ok_or_else(|| PolicyGap::input("paid", "请填缴费日期"))?,
        insu_year: question.insu_year.ok_or_else(|| PolicyGap::input("insu_year", "请填参保年度"))?,
        facts: Facts {
            gap: gap_months.map(Gap::Months).or(last_covered.map(Gap::LastCovered)),
            service_months,
        },
        options,
    };
    entitlement(pack, &query).map(Answer::Entitled)
}

/// A number of months or years, with decimals; taken out of the options.
fn number(options: &mut BTreeMap<String, String>, name: &str) -> Result<Option<Decimal>, PolicyGap> {
    let Some(text) = options.remove(name) else { return Ok(None) };
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.len() <= 8;
    let number = Decimal::from_str_exact(&text).ok().filter(|_| plain);
    number.map(Some).ok_or_else(|| PolicyGap::input(name, format!("“{text}”不是数字，写成 4 或 2.9")))
}

fn date(options: &mut BTreeMap<String, String>, name: &str) -> Result<Option<NaiveDate>, PolicyGap> {
    let Some(text) = options.remove(name) else { return Ok(None) };
    let day = parse_date(&text);
    day.map(Some).ok_or_else(|| PolicyGap::input(name, format!("“{text}”不是日期，写成 2021-06-30")))
}
