//! The law of one topic on one day, with the readings of its ambiguous wordings. Knows how a parameter is looked up
//! and how a reading is put in the place of the area's default; knows no rule.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::gap::PolicyGap;
use super::pack::{PolicyPack, Used};
use super::value::{Term, Value, Window};

/// A wording that can be read in more than one way: a parameter of the area whose value is one of these readings.
/// The default stands in the pack with the office's remark; a county that decides changes the pack.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Name as in `entitlement-cases.csv` and after `--option`.
    pub name: &'static str,
    /// Chinese name.
    pub label: &'static str,
    /// The readings: name, and in Chinese what it means.
    pub values: &'static [(&'static str, &'static str)],
}

impl Reading {
    /// The names of the values.
    pub fn names(&self) -> Vec<&'static str> {
        self.values.iter().map(|(name, _)| *name).collect()
    }

    /// In Chinese what `value` means; empty for an unknown one.
    pub fn words(&self, value: &str) -> &'static str {
        self.values.iter().find(|(name, _)| *name == value).map_or("", |(_, words)| words)
    }

    /// The value called `typed`, by name or by its Chinese words.
    fn value(&self, typed: &str) -> Option<&'static str> {
        self.values.iter().find(|(name, words)| *name == typed || *words == typed).map(|(name, _)| *name)
    }
}

/// Parameters of a topic on a day, with readings put in the place of the area's own.
#[derive(Clone)]
pub(super) struct Law<'a> {
    pack: &'a PolicyPack,
    topic: &'static str,
    day: NaiveDate,
    readings: &'static [Reading],
    set: BTreeMap<&'static str, &'static str>,
}

impl<'a> Law<'a> {
    /// The law of `topic` on `day`; `options` are readings by name or Chinese label.
    pub(super) fn new(
        pack: &'a PolicyPack,
        topic: &'static str,
        day: NaiveDate,
        readings: &'static [Reading],
        options: &BTreeMap<String, String>,
    ) -> Result<Self, PolicyGap> {
        let mut set = BTreeMap::new();
        for (name, typed) in options {
            let reading = readings.iter().find(|reading| reading.name == name || reading.label == name);
            let Some(reading) = reading else {
                let known: Vec<&str> = readings.iter().map(|reading| reading.name).collect();
                let problem = format!("不认识的选项“{name}”，可用：{}", known.join("、"));
                return Err(PolicyGap::input("option", problem));
            };
            let Some(value) = reading.value(typed) else {
                let problem = format!("选项“{name}”没有“{typed}”，可用：{}", reading.names().join("、"));
                return Err(PolicyGap::input("option", problem));
            };
            set.insert(reading.name, value);
        }
        Ok(Self { pack, topic, day, readings, set })
    }

    fn id(&self, key: &str) -> String {
        format!("{}.{key}", self.topic)
    }

    /// The reading `key`: the one set here, else the area's.
    pub(super) fn reading(&self, key: &str) -> Result<Used<'a, &'a str>, PolicyGap> {
        let mut used = self.pack.get(&self.id(key), self.day, Value::as_choice)?;
        if let Some(value) = self.set.get(key) {
            used.value = value;
        }
        Ok(used)
    }

    /// A choice that is no reading.
    pub(super) fn choice(&self, key: &str) -> Result<Used<'a, &'a str>, PolicyGap> {
        self.pack.get(&self.id(key), self.day, Value::as_choice)
    }

    /// A window of the year.
    pub(super) fn window(&self, key: &str) -> Result<Used<'a, Window>, PolicyGap> {
        self.pack.get(&self.id(key), self.day, Value::as_window)
    }

    /// A length of time.
    pub(super) fn term(&self, key: &str) -> Result<Used<'a, Term>, PolicyGap> {
        self.pack.get(&self.id(key), self.day, Value::as_term)
    }

    /// The text has no rule for `what`: read at the row of `key`.
    pub(super) fn silent(&self, key: &str, rule: &str, what: &str) -> PolicyGap {
        let article = self.choice(key).map(|used| format!("{}{}", used.row.document, used.row.article));
        PolicyGap::Silent {
            rule: rule.to_owned(),
            article: article.unwrap_or_default(),
            what: what.to_owned(),
        }
    }

    /// What the area says of money that was taken, for the warning before it is.
    pub(super) fn refund_words(&self) -> String {
        match self.pack.get("contribution.refund", self.day, Value::as_choice) {
            Ok(refund) if refund.value == "none" => {
                format!("且缴后不退（{}{}）", refund.row.document, refund.row.article)
            }
            _ => "能否退费没有规定".to_owned(),
        }
    }

    /// The law under each other reading, with the reading, its value and the area's remark on it.
    pub(super) fn others(&self) -> Vec<(Self, &'static Reading, &'static str, String)> {
        let mut others = Vec::new();
        for reading in self.readings {
            let Ok(chosen) = self.reading(reading.name) else { continue };
            for (value, _) in reading.values.iter().copied().filter(|(value, _)| *value != chosen.value) {
                let mut other = self.clone();
                other.set.insert(reading.name, value);
                others.push((other, reading, value, chosen.row.note.clone()));
            }
        }
        others
    }
}
