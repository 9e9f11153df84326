//! Which questions the law of an area answers on which days. Every question is asked on every day; what differs from
//! the day before begins a new span. Knows how each question is put; knows no rule.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::ask::{Question, ask};
use super::contribution::contribution;
use super::entitlement::PayerKind;
use super::gap::PolicyGap;
use super::pack::PolicyPack;
use super::status::RecordKind;

/// A question that is asked on each day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// What a person pays for the year that is collected on that day.
    Contribution,
    /// From when the payment of this kind of payer covers, for the year that is collected on that day.
    Entitlement(String),
    /// What becomes of this kind of record.
    Status(String),
    /// Whether this parameter of treatment has a value.
    Parameter(String),
}

impl Asked {
    /// In words for programs: `entitlement first`.
    pub fn id(&self) -> String {
        match self {
            Self::Contribution => "contribution".to_owned(),
            Self::Entitlement(kind) => format!("entitlement {kind}"),
            Self::Status(kind) => format!("status {kind}"),
            Self::Parameter(id) => format!("parameter {id}"),
        }
    }
}

/// How a question stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is an answer; `sample` if a figure or reading behind it is only a sample (示例).
    Answered {
        /// Rests on a sample.
        sample: bool,
    },
    /// The text says nothing: ask the county. With the rule, for example `G5 no rule`.
    Silent(String),
    /// The area does not tell such people apart: another kind must be asked. With the reason.
    NotAsked(String),
    /// The pack has no value for the day. With the parameter.
    Missing(String),
}

/// Days on which a question stands the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The question.
    pub asked: Asked,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// How it stands.
    pub standing: Standing,
}

/// Every question about `pack` on every day of `from..=to`, as spans in order of question and day. Topics that the pack
/// does not have are not asked about.
pub fn coverage(pack: &PolicyPack, from: NaiveDate, to: NaiveDate) -> Vec<Span> {
    let mut spans = Vec::new();
    for asked in questions(pack) {
        let mut day = from;
        let mut open: Option<Span> = None;
        while day <= to {
            let standing = standing(pack, &asked, day);
            match &mut open {
                Some(span) if span.standing == standing => span.to = day,
                _ => {
                    let span = Span { asked: asked.clone(), from: day, to: day, standing };
                    spans.extend(open.replace(span));
                }
            }
            match day.succ_opt() {
                Some(next) => day = next,
                None => break,
            }
        }
        spans.extend(open);
    }
    spans
}

fn questions(pack: &PolicyPack) -> Vec<Asked> {
    let has = |topic: &str| pack.topics().any(|(name, _)| name == topic);
    let mut asked = Vec::new();
    if has("contribution") {
        asked.push(Asked::Contribution);
    }
    if has("entitlement") {
        asked.extend(PayerKind::all().map(|kind| Asked::Entitlement(kind.as_str().to_owned())));
    }
    if has("status") {
        asked.extend(RecordKind::all().map(|kind| Asked::Status(kind.as_str().to_owned())));
    }
    let treatment = pack.params().filter(|param| {
        let topic = param.id.split('.').next().unwrap_or_default();
        !["contribution", "entitlement", "status"].contains(&topic)
    });
    asked.extend(treatment.map(|param| Asked::Parameter(param.id.clone())));
    asked
}

/// The year that is collected on `day`: next year's once its window is open.
fn collected(pack: &PolicyPack, day: NaiveDate) -> i32 {
    let opens = pack.get("entitlement.collection", day, super::value::Value::as_window);
    let open = opens.is_ok_and(|window| window.value.contains(day.year(), day));
    if open { day.year().saturating_add(1) } else { day.year() }
}

fn standing(pack: &PolicyPack, asked: &Asked, day: NaiveDate) -> Standing {
    match asked {
        Asked::Contribution => match contribution(pack, collected(pack, day), &[], day) {
            Ok(found) => Standing::Answered { sample: found.sample },
            Err(gap) => unanswered(&gap),
        },
        Asked::Parameter(id) => match pack.at(id, day) {
            Ok(row) => Standing::Answered { sample: row.is_sample() },
            Err(gap) => unanswered(&gap),
        },
        Asked::Entitlement(kind) | Asked::Status(kind) => {
            // Born on the day of payment, half a year without employee insurance after many years: a case of each.
            let facts = [("gap_months", "4"), ("years", "5")];
            let options = facts.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            let question = Question {
                kind: kind.clone(),
                birth: Some(day),
                paid: Some(day),
                insu_year: Some(if kind == PayerKind::Newborn.as_str() {
                    day.year()
                } else {
                    collected(pack, day)
                }),
                on: Some(day),
                options: options.collect::<BTreeMap<_, _>>(),
            };
            match ask(pack, &question) {
                Ok(super::ask::Answer::Entitled(found)) => Standing::Answered { sample: found.sample },
                Ok(super::ask::Answer::Status(found)) => Standing::Answered { sample: found.sample },
                Err(gap) => unanswered(&gap),
            }
        }
    }
}

fn unanswered(gap: &PolicyGap) -> Standing {
    match (gap.outcome(), gap) {
        (Some(outcome), _) => Standing::Silent(outcome),
        (None, PolicyGap::Input { problem, .. }) => Standing::NotAsked(problem.clone()),
        (None, PolicyGap::NoParameter { param, .. } | PolicyGap::NotCovered { param, .. }) => {
            Standing::Missing(param.clone())
        }
        (None, gap) => Standing::Missing(gap.to_string()),
    }
}
