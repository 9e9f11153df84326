//! Strict reading of a TOML table: every complaint carries file, line and key, all complaints of a file come at once,
//! and lengths are read from their decimal text, so that no float is involved. Knows nothing of templates.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One fault in a template file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {key}: {message}; {fix}")]
pub struct TemplateError {
    /// The file as the caller named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Path of the key, such as `block[2].rows[0][1].w`.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
}

/// A file being read, with the faults found so far.
pub(super) struct Source<'t> {
    file: &'t str,
    text: &'t str,
    faults: RefCell<Vec<TemplateError>>,
}

impl<'t> Source<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, faults: RefCell::new(Vec::new()) }
    }

    pub(super) fn fault(
        &self,
        at: &Range<usize>,
        key: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let before = self.text.as_bytes().iter().take(at.start);
        self.faults.borrow_mut().push(TemplateError {
            file: self.file.to_owned(),
            line: 1 + before.filter(|byte| **byte == b'\n').count(),
            key: key.to_owned(),
            message: message.into(),
            fix: fix.into(),
        });
    }

    pub(super) fn into_faults(self) -> Vec<TemplateError> {
        self.faults.into_inner()
    }
}

/// One table of the file, with its path.
pub(super) struct Node<'s, 't> {
    source: &'s Source<'t>,
    table: &'s DeTable<'t>,
    /// Path of the table, empty for the file itself.
    pub(super) path: String,
    /// Where the table stands.
    pub(super) span: Range<usize>,
}

/// A value with its path and place.
pub(super) struct Entry<'s, 't> {
    source: &'s Source<'t>,
    value: &'s Spanned<DeValue<'t>>,
    /// Path of the value.
    pub(super) path: String,
}

impl<'s, 't> Node<'s, 't> {
    pub(super) fn root(source: &'s Source<'t>, table: &'s Spanned<DeTable<'t>>) -> Self {
        Self { source, table: table.get_ref(), path: String::new(), span: 0..0 }
    }

    /// Complains about each key that is not in `known`.
    pub(super) fn only(&self, known: &[&str]) {
        for key in self.table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let path = self.join(key.get_ref());
                let fix = format!("use one of: {}", known.join(", "));
                self.source.fault(&key.span(), &path, "unknown key", fix);
            }
        }
    }

    fn join(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Complains about `key`, at its line when it is there, at the table's line otherwise.
    pub(super) fn fault(&self, key: &str, message: impl Into<String>, fix: impl Into<String>) {
        let at = self.table.get(key).map_or_else(|| self.span.clone(), Spanned::span);
        let path = if key.is_empty() { self.path.clone() } else { self.join(key) };
        self.source.fault(&at, &path, message, fix);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn entry(&self, key: &str) -> Option<Entry<'s, 't>> {
        let value = self.table.get(key)?;
        Some(Entry { source: self.source, value, path: self.join(key) })
    }

    /// The entry, with a complaint when it is missing.
    pub(super) fn need(&self, key: &str, what: &str) -> Option<Entry<'s, 't>> {
        let found = self.entry(key);
        if found.is_none() {
            self.fault(key, "missing", format!("write {key} = {what}"));
        }
        found
    }

    pub(super) fn text(&self, key: &str) -> Option<&'s str> {
        self.entry(key)?.text()
    }

    pub(super) fn mm(&self, key: &str) -> Option<i32> {
        self.entry(key)?.mm()
    }

    pub(super) fn pt(&self, key: &str) -> Option<i32> {
        self.entry(key)?.pt()
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.entry(key)?.flag()
    }

    pub(super) fn number(&self, key: &str) -> Option<u32> {
        self.entry(key)?.number()
    }

    pub(super) fn node(&self, key: &str) -> Option<Node<'s, 't>> {
        self.entry(key)?.node()
    }

    /// The elements of an array; none when the key is missing.
    pub(super) fn list(&self, key: &str) -> Vec<Entry<'s, 't>> {
        self.entry(key).map_or_else(Vec::new, |entry| entry.list())
    }

    /// One of the named choices.
    pub(super) fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let word = self.text(key)?;
        let found = choices.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.fault(key, format!("unknown value {word:?}"), format!("use one of: {}", names.join(", ")));
        }
        found
    }
}

impl<'s, 't> Entry<'s, 't> {
    pub(super) fn fault(&self, message: impl Into<String>, fix: impl Into<String>) {
        self.source.fault(&self.value.span(), &self.path, message, fix);
    }

    fn wrong(&self, wanted: &str) {
        self.fault(format!("is a {}", self.value.get_ref().type_str()), format!("write {wanted}"));
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.get_ref().is_array()
    }

    pub(super) fn text(&self) -> Option<&'s str> {
        let found = self.value.get_ref().as_str();
        if found.is_none() {
            self.wrong("a text in quotes");
        }
        found
    }

    pub(super) fn flag(&self) -> Option<bool> {
        let found = self.value.get_ref().as_bool();
        if found.is_none() {
            self.wrong("true or false");
        }
        found
    }

    pub(super) fn number(&self) -> Option<u32> {
        let found = self.value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
        if found.is_none() {
            self.wrong("a whole number such as 3");
        }
        found
    }

    pub(super) fn node(&self) -> Option<Node<'s, 't>> {
        let Some(table) = self.value.get_ref().as_table() else {
            self.wrong("a table { key = value, ... }");
            return None;
        };
        Some(Node { source: self.source, table, path: self.path.clone(), span: self.value.span() })
    }

    pub(super) fn list(&self) -> Vec<Entry<'s, 't>> {
        let Some(array) = self.value.get_ref().as_array() else {
            self.wrong("a list [ ... ]");
            return Vec::new();
        };
        let entry =
            |(index, value)| Entry { source: self.source, value, path: format!("{}[{index}]", self.path) };
        array.iter().enumerate().map(entry).collect()
    }

    /// A length written in millimetres, in micrometres.
    pub(super) fn mm(&self) -> Option<i32> {
        let found = self.thousandths().filter(|length| *length <= 2_000_000);
        if found.is_none() {
            self.wrong("millimetres from 0 to 2000 with at most three decimals, such as 12.5");
        }
        found
    }

    /// A size written in points, in micrometres.
    pub(super) fn pt(&self) -> Option<i32> {
        let found = self.thousandths().filter(|size| (4_000..=72_000).contains(size));
        if found.is_none() {
            self.wrong("points from 4 to 72, such as 10.5");
        }
        found.map(points)
    }

    fn thousandths(&self) -> Option<i32> {
        let value = self.value.get_ref();
        let digits =
            value.as_float().map(|v| v.as_str()).or_else(|| value.as_integer().map(|v| v.as_str()))?;
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        if part.len() > 3
            || whole.is_empty()
            || !whole.chars().chain(part.chars()).all(|c| c.is_ascii_digit())
        {
            return None;
        }
        let whole: i32 = whole.parse().ok()?;
        let part: i32 = format!("{part:0<3}").parse().ok()?;
        whole.checked_mul(1_000)?.checked_add(part)
    }
}

/// Thousandths of a point in micrometres (1 pt = 25.4 mm / 72), rounded.
pub(super) fn points(thousandths: i32) -> i32 {
    (thousandths * 127 + 180) / 360
}
