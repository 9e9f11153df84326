//! A strict reader over a TOML text: every key must be asked for, every error has file, line, key and a way out.
//! Knows TOML, amounts, ratios and days; knows nothing of parameters.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::load::PolicyError;
use super::value::MonthDay;
use crate::money::{Fen, parse_yuan};

/// One file and the errors found in it so far.
pub(super) struct Doc<'a> {
    pub(super) file: &'a str,
    text: &'a str,
    errors: RefCell<Vec<PolicyError>>,
}

impl<'a> Doc<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, errors: RefCell::new(Vec::new()) }
    }

    pub(super) fn error(&self, line: usize, key: &str, message: impl Into<String>, fix: impl Into<String>) {
        self.errors.borrow_mut().push(PolicyError {
            file: self.file.to_owned(),
            line,
            key: key.to_owned(),
            message: message.into(),
            fix: fix.into(),
        });
    }

    pub(super) fn into_errors(self) -> Vec<PolicyError> {
        self.errors.into_inner()
    }

    pub(super) fn line(&self, span: Range<usize>) -> usize {
        let before = self.text.as_bytes().iter().take(span.start);
        before.filter(|byte| **byte == b'\n').count().saturating_add(1)
    }

    /// The whole text as a table; syntax errors are recorded.
    pub(super) fn parse(&self) -> Option<Spanned<DeTable<'a>>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let line = self.line(error.span().unwrap_or(0..0));
            self.error(
                line,
                "",
                format!("not TOML: {}", error.message()),
                "correct the syntax; write each key once",
            );
        }
        errors.is_empty().then_some(table)
    }
}

/// A table being read; [`Table::finish`] reports the keys that nobody asked for.
pub(super) struct Table<'a> {
    pub(super) doc: &'a Doc<'a>,
    table: &'a DeTable<'a>,
    pub(super) path: String,
    pub(super) line: usize,
    asked: BTreeSet<&'static str>,
}

/// A value being read.
pub(super) struct Node<'a> {
    doc: &'a Doc<'a>,
    value: &'a DeValue<'a>,
    pub(super) path: String,
    pub(super) line: usize,
}

impl<'a> Table<'a> {
    pub(super) fn root(doc: &'a Doc<'a>, table: &'a DeTable<'a>) -> Self {
        Self { doc, table, path: String::new(), line: 1, asked: BTreeSet::new() }
    }

    /// The value of `key`, if present.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Node<'a>> {
        self.asked.insert(key);
        let (name, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Some(Node { doc: self.doc, value: value.get_ref(), path, line: self.doc.line(name.span()) })
    }

    /// The value of `key`; its absence is an error.
    pub(super) fn need(&mut self, key: &'static str) -> Option<Node<'a>> {
        let node = self.take(key);
        if node.is_none() {
            let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
            self.doc.error(self.line, &path, "is missing", format!("add {key} = …"));
        }
        node
    }

    /// A mistake of the table as a whole.
    pub(super) fn error(&self, message: impl Into<String>, fix: impl Into<String>) {
        self.doc.error(self.line, &self.path, message, fix);
    }

    /// Reports every key that was not asked for.
    pub(super) fn finish(self) {
        for (name, _) in self.table.iter().filter(|(name, _)| !self.asked.contains(name.get_ref().as_ref())) {
            let key = name.get_ref();
            let path = if self.path.is_empty() { key.to_string() } else { format!("{}.{key}", self.path) };
            let known = self.asked.iter().copied().collect::<Vec<_>>().join(", ");
            self.doc.error(
                self.doc.line(name.span()),
                &path,
                "unknown key",
                format!("remove it, or use one of: {known}"),
            );
        }
    }
}

impl<'a> Node<'a> {
    pub(super) fn error(&self, message: impl Into<String>, fix: impl Into<String>) {
        self.doc.error(self.line, &self.path, message, fix);
    }

    /// A mistake in line `line` of a value that spans several.
    pub(super) fn error_at(&self, line: usize, message: impl Into<String>, fix: impl Into<String>) {
        self.doc.error(line, &self.path, message, fix);
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.as_array().is_some()
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.as_table().is_some()
    }

    /// Text without control characters.
    pub(super) fn text(&self) -> Option<&'a str> {
        match self.value.as_str() {
            Some(text) if text.chars().any(char::is_control) => {
                self.error("control character in the text", "remove it, write one line");
                None
            }
            Some(text) => Some(text),
            None => {
                self.error(format!("text expected, found {}", self.value.type_str()), "put it in quotes");
                None
            }
        }
    }

    /// Text that is not empty.
    pub(super) fn filled(&self) -> Option<&'a str> {
        let text = self.text()?;
        if text.trim().is_empty() {
            self.error("is empty", "fill it in");
            return None;
        }
        Some(text)
    }

    /// Text that is one of `names`.
    pub(super) fn choice(&self, names: &[&str]) -> Option<&'a str> {
        let text = self.text()?;
        if names.contains(&text) {
            return Some(text);
        }
        self.error(format!("{text:?} is not known"), format!("use one of: {}", names.join(", ")));
        None
    }

    /// A whole number within `range`.
    pub(super) fn int(&self, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let number = self.value.as_integer().filter(|int| int.radix() == 10);
        match number.and_then(|int| int.as_str().parse().ok()).filter(|int| range.contains(int)) {
            Some(number) => Some(number),
            None => {
                self.error(
                    "not a fitting whole number",
                    format!("write {} to {} without quotes", range.start(), range.end()),
                );
                None
            }
        }
    }

    /// Yuan as text, at most two decimals, not negative.
    pub(super) fn money(&self) -> Option<Fen> {
        match parse_yuan(self.text()?) {
            Ok(amount) if amount >= Fen::ZERO => Some(amount),
            Ok(_) => {
                self.error("the amount is negative", "write yuan, 0 or more");
                None
            }
            Err(error) => {
                self.error(error.to_string(), "write yuan in quotes, like \"1234.50\"");
                None
            }
        }
    }

    /// A ratio 0..=1 as text with at most four decimals (the national field is 数值型(5,4)).
    pub(super) fn ratio(&self) -> Option<Decimal> {
        let text = self.text()?;
        match parse_ratio(text) {
            Some(ratio) => Some(ratio),
            None => {
                self.error(
                    format!("{text:?} is not a ratio between 0 and 1"),
                    "write at most four decimals in quotes, like \"0.75\" (not 75, not 75%)",
                );
                None
            }
        }
    }

    /// How many times an amount is taken: above 0, at most 100, two decimals.
    pub(super) fn times(&self) -> Option<Decimal> {
        let text = self.text()?;
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !text.starts_with('.');
        let times = Decimal::from_str_exact(text).ok().filter(|_| plain);
        let fits =
            |times: &Decimal| *times > Decimal::ZERO && *times <= Decimal::ONE_HUNDRED && times.scale() <= 2;
        let times = times.filter(fits).map(|times| times.normalize());
        if times.is_none() {
            self.error(
                format!("{text:?} is not a number of times"),
                "write it like \"6\" or \"1.5\", up to 100",
            );
        }
        times
    }

    /// A day `YYYY-MM-DD`.
    pub(super) fn date(&self) -> Option<NaiveDate> {
        let text = self.text()?;
        match parse_date(text) {
            Some(day) => Some(day),
            None => {
                self.error(format!("{text:?} is not a day"), "write it like \"2017-07-01\"");
                None
            }
        }
    }

    /// `MM-DD` or `MM-end`.
    pub(super) fn month_day(&self) -> Option<MonthDay> {
        let text = self.text()?;
        match parse_month_day(text) {
            Some(day) => Some(day),
            None => {
                self.error(
                    format!("{text:?} is not a day of any year"),
                    "write it like \"09-01\", the end of a month like \"02-end\"",
                );
                None
            }
        }
    }

    /// The elements of an array.
    pub(super) fn list(&self) -> Option<Vec<Node<'a>>> {
        let Some(array) = self.value.as_array() else {
            self.error(format!("list expected, found {}", self.value.type_str()), "write [ … ]");
            return None;
        };
        let node = |(index, item): (usize, &'a Spanned<DeValue<'a>>)| Node {
            doc: self.doc,
            value: item.get_ref(),
            path: format!("{}[{index}]", self.path),
            line: self.doc.line(item.span()),
        };
        Some(array.iter().enumerate().map(node).collect())
    }

    /// The value as an office would write it on one line.
    pub(super) fn written(&self) -> String {
        written(self.value)
    }

    /// A table.
    pub(super) fn table(&self) -> Option<Table<'a>> {
        let Some(table) = self.value.as_table() else {
            self.error(
                format!("table expected, found {}", self.value.type_str()),
                "write { … } or a [section]",
            );
            return None;
        };
        Some(Table { doc: self.doc, table, path: self.path.clone(), line: self.line, asked: BTreeSet::new() })
    }
}

/// A value in one line of TOML; what the shapes never hold (floats, days) reads as its type.
fn written(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("\"{text}\""),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| written(item.get_ref())).collect();
            format!("[{}]", items.join(", "))
        }
        DeValue::Table(table) => {
            let pair = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| -> String {
                let key: &std::borrow::Cow<'_, str> = key.get_ref();
                format!("{key} = {}", written(value.get_ref()))
            };
            let pairs: Vec<String> = table.iter().map(pair).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        other => other.type_str().to_owned(),
    }
}

/// A ratio 0..=1 from plain decimal digits with at most four decimals.
pub(super) fn parse_ratio(text: &str) -> Option<Decimal> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let ratio = Decimal::from_str_exact(text).ok().filter(|_| plain && !text.starts_with('.'))?;
    (ratio <= Decimal::ONE && ratio.scale() <= 4).then(|| ratio.normalize())
}

/// A day written exactly `YYYY-MM-DD`.
pub(super) fn parse_date(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (day.to_string() == text).then_some(day)
}

fn parse_month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.split_once('-').filter(|(month, _)| month.len() == 2)?;
    let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    if day == "end" {
        return Some(MonthDay { month, day: None });
    }
    let day = day.parse().ok().filter(|_| day.len() == 2)?;
    // 2017 is a common year: 02-29 would not exist in most years.
    NaiveDate::from_ymd_opt(2017, month, day).map(|_| MonthDay { month, day: Some(day) })
}
