//! Reads a TOML table strictly: every key that was not asked for is a mistake, every mistake knows its line.
//! Knows nothing of forms.

use std::cell::RefCell;
use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::FormError;

/// Collects the mistakes of one file.
pub(crate) struct Mistakes<'t> {
    file: &'t str,
    /// Where lines end, counted once: every key of the file asks for its line.
    ends: Vec<usize>,
    found: RefCell<Vec<FormError>>,
}

/// Where a table of the file stands, for the checks that come after reading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    key: String,
    line: usize,
    lines: BTreeMap<String, usize>,
}

impl Place {
    /// A mistake at a key of the table; at its first line where the key is missing.
    pub(crate) fn mistake(
        &self,
        file: &str,
        name: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> FormError {
        FormError {
            file: file.to_owned(),
            line: self.lines.get(name).copied().unwrap_or(self.line),
            key: if self.key.is_empty() { name.to_owned() } else { format!("{}.{name}", self.key) },
            message: message.into(),
            fix: fix.into(),
        }
    }
}

impl<'t> Mistakes<'t> {
    pub(crate) fn new(file: &'t str, text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at).collect();
        Self { file, ends, found: RefCell::new(Vec::new()) }
    }

    /// Line (from one) of a byte offset.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.ends.partition_point(|end| *end < offset) + 1
    }

    pub(crate) fn add_error(&self, error: FormError) {
        self.found.borrow_mut().push(error);
    }

    pub(crate) fn add(&self, line: usize, key: &str, message: impl Into<String>, fix: impl Into<String>) {
        self.found.borrow_mut().push(FormError {
            file: self.file.to_owned(),
            line,
            key: key.to_owned(),
            message: message.into(),
            fix: fix.into(),
        });
    }

    pub(crate) fn into_sorted(self) -> Vec<FormError> {
        let mut found = self.found.into_inner();
        found.sort_by(|a, b| (a.line, &a.key).cmp(&(b.line, &b.key)));
        found
    }
}

/// One table of the file while it is read.
pub(crate) struct Reader<'t, 'm> {
    table: &'t DeTable<'t>,
    mistakes: &'m Mistakes<'t>,
    /// Dotted key of the table; empty at the top.
    pub(crate) key: String,
    /// Line the table begins on.
    pub(crate) line: usize,
    asked: RefCell<Vec<&'static str>>,
}

impl<'t, 'm> Reader<'t, 'm> {
    pub(crate) fn new(table: &'t DeTable<'t>, key: String, line: usize, mistakes: &'m Mistakes<'t>) -> Self {
        Self { table, mistakes, key, line, asked: RefCell::new(Vec::new()) }
    }

    /// The dotted key of `name` in this table.
    pub(crate) fn key_of(&self, name: &str) -> String {
        if self.key.is_empty() { name.to_owned() } else { format!("{}.{name}", self.key) }
    }

    fn value(&self, name: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().push(name);
        self.table.get(name)
    }

    /// Whether a key is there; does not count as asking.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    /// A text, without complaint where it is none; does not count as asking.
    pub(crate) fn peek(&self, name: &str) -> Option<&'t str> {
        self.table.get(name).and_then(|v| v.get_ref().as_str()).filter(|t| !t.is_empty())
    }

    /// The tables of a list, without complaint where it is none; does not count as asking.
    pub(crate) fn peek_tables(&self, name: &str) -> Vec<Reader<'t, 'm>> {
        let array = self.table.get(name).and_then(|v| v.get_ref().as_array());
        let items = array.into_iter().flat_map(|a| a.iter().enumerate());
        let readers = items.filter_map(|(index, item)| {
            let key = format!("{}[{index}]", self.key_of(name));
            let line = self.mistakes.line(item.span().start);
            item.get_ref().as_table().map(|table| Reader::new(table, key, line, self.mistakes))
        });
        readers.collect()
    }

    /// Where the table and its keys stand.
    pub(crate) fn place(&self) -> Place {
        let lines = self.table.keys().map(|key| {
            let line = self.mistakes.line(key.span().start);
            (key.get_ref().to_string(), line)
        });
        Place { key: self.key.clone(), line: self.line, lines: lines.collect() }
    }

    /// The line of a key, or of the table where the key is missing.
    pub(crate) fn line_of(&self, name: &str) -> usize {
        self.table.get_key_value(name).map_or(self.line, |(key, _)| self.mistakes.line(key.span().start))
    }

    pub(crate) fn mistake(&self, name: &str, message: impl Into<String>, fix: impl Into<String>) {
        self.mistakes.add(self.line_of(name), &self.key_of(name), message, fix);
    }

    fn wrong_type(&self, name: &str, value: &DeValue<'_>, wanted: &str) {
        self.mistake(name, format!("is {}, expected {wanted}", value.type_str()), format!("write {wanted}"));
    }

    /// A text; an empty one counts as absent.
    pub(crate) fn text(&self, name: &'static str) -> Option<String> {
        let value = self.value(name)?.get_ref();
        match value.as_str() {
            Some(text) if text.trim().is_empty() => None,
            Some(text) => Some(text.trim().to_owned()),
            None => {
                self.wrong_type(name, value, "a string");
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn must(&self, name: &'static str, fix: &str) -> String {
        let present = self.table.contains_key(name);
        match self.text(name) {
            Some(text) => text,
            None => {
                if !present || self.table.get(name).is_some_and(|v| v.get_ref().is_str()) {
                    self.mistake(name, "is missing or empty", fix);
                }
                String::new()
            }
        }
    }

    /// A whole number, not negative.
    pub(crate) fn number(&self, name: &'static str) -> Option<u32> {
        let value = self.value(name)?.get_ref();
        let parsed = value.as_integer().filter(|i| i.radix() == 10).and_then(|i| i.as_str().parse().ok());
        if parsed.is_none() {
            self.wrong_type(name, value, "a whole number that is not negative");
        }
        parsed
    }

    /// A flag; absent means false.
    pub(crate) fn flag(&self, name: &'static str) -> bool {
        let Some(value) = self.value(name) else { return false };
        let value = value.get_ref();
        value.as_bool().unwrap_or_else(|| {
            self.wrong_type(name, value, "true or false");
            false
        })
    }

    /// A list of texts.
    pub(crate) fn texts(&self, name: &'static str) -> Vec<String> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let value = value.get_ref();
        let items = value.as_array().map(|a| a.iter().map(|v| v.get_ref().as_str().map(str::to_owned)));
        match items.and_then(Iterator::collect::<Option<Vec<_>>>) {
            Some(items) => items,
            None => {
                self.wrong_type(name, value, "a list of strings");
                Vec::new()
            }
        }
    }

    /// A table.
    pub(crate) fn table(&self, name: &'static str) -> Option<Reader<'t, 'm>> {
        let value = self.value(name)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Reader::new(table, self.key_of(name), self.line_of(name), self.mistakes)),
            None => {
                self.wrong_type(name, value.get_ref(), "a table");
                None
            }
        }
    }

    /// The entries of a table whose keys are free, e.g. `"05" = {...}`.
    pub(crate) fn entries(&self) -> Vec<(String, Reader<'t, 'm>)> {
        let mut entries = Vec::new();
        for (key, value) in self.table {
            let line = self.mistakes.line(key.span().start);
            let dotted = self.key_of(key.get_ref());
            match value.get_ref().as_table() {
                Some(table) => {
                    let reader = Reader::new(table, dotted, line, self.mistakes);
                    entries.push((key.get_ref().to_string(), reader));
                }
                None => self.mistakes.add(line, &dotted, "is not a table", "write {kind = \"...\"}"),
            }
        }
        entries
    }

    /// A list of tables (`[[name]]`).
    pub(crate) fn tables(&self, name: &'static str) -> Vec<Reader<'t, 'm>> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(name, value.get_ref(), "a list of tables ([[...]])");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (index, item) in array.iter().enumerate() {
            let key = format!("{}[{index}]", self.key_of(name));
            let line = self.mistakes.line(item.span().start);
            match item.get_ref().as_table() {
                Some(table) => tables.push(Reader::new(table, key, line, self.mistakes)),
                None => self.mistakes.add(line, &key, "is not a table", "write [[...]] or {...}"),
            }
        }
        tables
    }

    /// Complains about every key nobody asked for.
    pub(crate) fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name = key.get_ref();
            if !asked.iter().any(|a| *a == name.as_ref()) {
                let line = self.mistakes.line(key.span().start);
                let known = asked.join(", ");
                self.mistakes.add(line, &self.key_of(name), "unknown key", format!("use one of: {known}"));
            }
        }
    }
}
