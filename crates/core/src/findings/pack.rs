//! The rules of one area in memory: parameters and findings, each with its time and source. Knows look-ups by day; knows
//! neither the file format nor a claim.

use chrono::NaiveDate;

use super::raised::Weight;
use crate::form::{FactTest, FactWords, Kind, Schema};

/// What stands behind a rule or a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// First day of effect.
    pub from: NaiveDate,
    /// Last day of effect, counted; none: until further notice.
    pub to: Option<NaiveDate>,
    /// Document.
    pub document: String,
    /// Article.
    pub article: String,
    /// 示例: not compared with a document.
    pub sample: bool,
    /// Who looked at it.
    pub checked_by: String,
    /// When.
    pub checked_on: NaiveDate,
    /// Remark; may be empty.
    pub note: String,
    /// Line in the file, from 1.
    pub line: usize,
}

impl Source {
    /// Whether it is in force on a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// One value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleParamRow {
    /// Time and source.
    pub source: Source,
    /// The value as conditions read it: fen, ten-thousandths, or a count.
    pub value: i64,
    /// The value as it stands in the file.
    pub written: String,
}

/// One parameter through time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleParam {
    /// Name in conditions.
    pub id: String,
    /// Chinese name.
    pub label: String,
    /// [`Kind::Money`], [`Kind::Ratio`] (ten-thousandths to conditions) or [`Kind::Int`].
    pub kind: Kind,
    /// Rows in order of time, without overlap or gap.
    pub rows: Vec<RuleParamRow>,
    /// Line in the file.
    pub line: usize,
}

impl RuleParam {
    /// The row in force on a day.
    pub fn at(&self, day: NaiveDate) -> Option<&RuleParamRow> {
        self.rows.iter().find(|row| row.source.covers(day))
    }
}

/// One rule.
#[derive(Clone, Debug)]
pub struct FindingRule {
    /// Reason code.
    pub code: String,
    /// Short name.
    pub title: String,
    /// What it asks for.
    pub weight: Weight,
    /// The table it is judged over, row by row; none: once.
    pub each: Option<String>,
    /// Identifiers of the levels that answer; empty: every level.
    pub levels: Vec<String>,
    /// Time and source.
    pub source: Source,
    /// The sentence as written.
    pub message: String,
    /// The condition as written.
    pub condition: String,
    pub(super) when: FactTest,
    pub(super) words: FactWords,
    pub(super) todo: FactWords,
    pub(super) about: FactWords,
}

/// All rules of an area, strictly loaded.
#[derive(Clone, Debug)]
pub struct FindingsPack {
    /// Area, e.g. `guangxi-2017`.
    pub area: String,
    /// Title.
    pub title: String,
    /// File they come from.
    pub file: String,
    /// Parameters in the order of the file.
    pub params: Vec<RuleParam>,
    /// Rules in the order of the file.
    pub rules: Vec<FindingRule>,
    /// SHA-256 of the file, first 16 hexadecimal digits.
    pub hash: String,
    pub(super) schema: Schema,
}

impl FindingsPack {
    /// A rule by its code.
    pub fn rule(&self, code: &str) -> Option<&FindingRule> {
        self.rules.iter().find(|rule| rule.code == code)
    }
}
