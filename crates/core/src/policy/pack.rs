//! The policy of one area in memory: parameters, each a line of dated rows. Knows lookup by day; knows neither the
//! file format nor what a parameter means.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::gap::PolicyGap;
use super::schema;
use super::value::Value;

/// Has somebody compared the value with the document?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Compared with the document named beside it.
    Verified,
    /// 示例: a figure to try the engine with, or a reading that the county has not decided. Not policy.
    Sample,
}

/// One value with its time, source and check.
#[derive(Clone, Debug, PartialEq)]
pub struct Dated {
    /// First day of effect.
    pub from: NaiveDate,
    /// Last day of effect (inclusive); `None` is "until further notice".
    pub to: Option<NaiveDate>,
    /// Document, for example `桂社保发〔2017〕8号`.
    pub document: String,
    /// Article.
    pub article: String,
    /// Verified or sample.
    pub status: Status,
    /// Who compared it.
    pub checked_by: String,
    /// When.
    pub checked_on: NaiveDate,
    /// Remark; empty if none.
    pub note: String,
    /// Line in the file where the row begins, from 1.
    pub line: usize,
    /// The value.
    pub value: Value,
    /// The value as the file writes it, on one line.
    pub written: String,
}

impl Dated {
    /// True if the row is only a sample (示例).
    pub fn is_sample(&self) -> bool {
        self.status == Status::Sample
    }

    /// True if the row is in force on `day`.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// One parameter through time.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// `topic.key`, for example `settlement-inpatient.deductible`.
    pub id: String,
    /// Chinese name.
    pub label: &'static str,
    /// Unit of the value as written in the file.
    pub unit: &'static str,
    /// File that holds it.
    pub file: String,
    /// Rows in order of `from`, without overlap or gap.
    pub rows: Vec<Dated>,
}

/// The policy of one area: all parameters, strictly loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyPack {
    pub(super) area: String,
    pub(super) hash: String,
    pub(super) titles: BTreeMap<String, String>,
    pub(super) params: BTreeMap<String, Param>,
}

/// A row in use: the typed value beside the row that it stands in.
pub(super) struct Used<'a, T> {
    pub(super) value: T,
    pub(super) param: &'a Param,
    pub(super) row: &'a Dated,
}

impl<T> Used<'_, T> {
    /// Parameter and effective day: the "version" of the rule.
    pub(super) fn rule(&self) -> String {
        format!("{}@{}", self.param.id, self.row.from)
    }

    /// `what` is missing from this parameter.
    pub(super) fn lacks(&self, what: String) -> PolicyGap {
        PolicyGap::NotCovered { param: self.param.id.clone(), label: self.param.label.to_owned(), what }
    }
}

impl PolicyPack {
    /// Area, for example `guangxi-2017`.
    pub fn area(&self) -> &str {
        &self.area
    }

    /// SHA-256 over the area's files (names and texts, sorted by name), 64 hex digits. A settlement keeps it.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Topics with their titles, for example `settlement-inpatient`.
    pub fn topics(&self) -> impl Iterator<Item = (&str, &str)> {
        self.titles.iter().map(|(topic, title)| (topic.as_str(), title.as_str()))
    }

    /// True if the area has parameters of this topic.
    pub fn has_topic(&self, topic: &str) -> bool {
        self.titles.contains_key(topic)
    }

    /// All parameters in order of id.
    pub fn params(&self) -> impl Iterator<Item = &Param> {
        self.params.values()
    }

    /// The parameter `topic.key`.
    pub fn param(&self, id: &str) -> Option<&Param> {
        self.params.get(id)
    }

    /// The row of `id` in force on `day`.
    ///
    /// # Errors
    /// [`PolicyGap::NoParameter`] if there is none.
    pub fn at(&self, id: &str, day: NaiveDate) -> Result<&Dated, PolicyGap> {
        self.lookup(id, day).map(|(_, row)| row)
    }

    /// The rules of waiting that the area follows on a day (`entitlement.ruleset`); empty where the pack names none.
    pub fn ruleset(&self, day: NaiveDate) -> &str {
        self.get("entitlement.ruleset", day, Value::as_choice).map_or("", |used| used.value)
    }

    /// Typed lookup: `pick` takes the expected shape out of the value. The loader has made sure of the shape, so a
    /// refusal of `pick` reads like an absent parameter.
    pub(super) fn get<'a, T>(
        &'a self,
        id: &str,
        day: NaiveDate,
        pick: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Used<'a, T>, PolicyGap> {
        let (param, row) = self.lookup(id, day)?;
        match pick(&row.value) {
            Some(value) => Ok(Used { value, param, row }),
            None => Err(self.missing(id, day)),
        }
    }

    fn lookup(&self, id: &str, day: NaiveDate) -> Result<(&Param, &Dated), PolicyGap> {
        let param = self.params.get(id).ok_or_else(|| self.missing(id, day))?;
        let row = param.rows.iter().find(|row| row.covers(day)).ok_or_else(|| self.missing(id, day))?;
        Ok((param, row))
    }

    fn missing(&self, id: &str, on: NaiveDate) -> PolicyGap {
        let label = schema::label(id).to_owned();
        PolicyGap::NoParameter { area: self.area.clone(), param: id.to_owned(), label, on }
    }

    /// The last day that the pack speaks of by name: the latest end of a row, or the end of the year in which the latest
    /// row begins. Rows without an end hold on, but nobody has looked further.
    pub fn last_day(&self) -> NaiveDate {
        let rows = self.params.values().flat_map(|param| &param.rows);
        let year_end = |day: NaiveDate| NaiveDate::from_ymd_opt(day.year(), 12, 31).unwrap_or(day);
        let ends = rows.map(|row| row.to.unwrap_or_else(|| year_end(row.from)));
        ends.max().unwrap_or(NaiveDate::MIN)
    }

    /// Days in `from..=to` on which some parameter of the pack changes or begins or stops: the only days on which an
    /// answer can change. For coverage tests and `policy coverage`.
    pub fn change_days(&self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let rows = self.params.values().flat_map(|param| &param.rows);
        let days = rows.flat_map(|row| [Some(row.from), row.to.and_then(|to| to.succ_opt())]);
        let mut days: BTreeSet<NaiveDate> = days.flatten().collect();
        days.insert(from);
        days.into_iter().filter(|day| (from..=to).contains(day)).collect()
    }
}
