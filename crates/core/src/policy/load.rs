//! The strict loader: texts of one area in, a [`PolicyPack`] or all errors out. Knows the file format, time and
//! consistency between parameters; knows neither folders nor files on disk.
//!
//! A file `<topic>.toml` has a head (`area`, `topic`, `title`) and one section for each parameter of the topic with
//! its `unit` and dated rows `[[<key>.rows]]`: `from`, `to` (inclusive, absent = open), `document`, `article`,
//! `status` (`verified` or `sample`), `checked = { by, on }`, `note` (optional) and `value`.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::pack::{Dated, Param, PolicyPack, Status};
use super::read::{Doc, Table};
use super::schema::{self, Spec};

mod checks;
mod matrix;
mod shape;
mod treatment;

/// One mistake in a policy file: where, what, and how to mend it. Written for whoever edits the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {key}: {message} (fix: {fix})")]
pub struct PolicyError {
    /// File name as given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Path of the key, for example `bands.rows[0].value.rows[2].ratio`.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

/// What one file gave.
struct Loaded {
    topic: String,
    title: String,
    area: String,
    file: String,
    params: Vec<Param>,
}

impl PolicyPack {
    /// Loads one area from its files, given as (name, text) in any order.
    ///
    /// # Errors
    /// All mistakes of all files: syntax, unknown or missing keys, wrong units, overlaps and gaps in time, ratios
    /// outside 0..=1, bands out of order, levels without a band, one treatment kind in two benefits.
    pub fn load<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Self, Vec<PolicyError>> {
        let mut errors = Vec::new();
        let mut loaded: Vec<Loaded> = Vec::new();
        let mut sorted: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_ref(), text.as_ref())).collect();
        sorted.sort_unstable();
        for (name, text) in &sorted {
            match load_file(name, text) {
                Ok(file) => loaded.push(file),
                Err(mut found) => errors.append(&mut found),
            }
        }
        checks::all(&loaded, &mut errors);
        if sorted.is_empty() {
            errors.push(error("", 0, "", "no policy file", "give the files of one area"));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let area = loaded.first().map(|file| file.area.clone()).unwrap_or_default();
        let titles = loaded.iter().map(|file| (file.topic.clone(), file.title.clone())).collect();
        let params =
            loaded.into_iter().flat_map(|file| file.params).map(|param| (param.id.clone(), param)).collect();
        Ok(Self { area, hash: hash(&sorted), titles, params })
    }
}

/// The hash that pins a pack: for each file its base name and text, with their lengths.
fn hash(sorted: &[(&str, &str)]) -> String {
    let mut hasher = Sha256::new();
    for (name, text) in sorted {
        for part in [base_name(name), text] {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

fn error(
    file: &str,
    line: usize,
    key: &str,
    message: impl Into<String>,
    fix: impl Into<String>,
) -> PolicyError {
    PolicyError { file: file.to_owned(), line, key: key.to_owned(), message: message.into(), fix: fix.into() }
}

fn load_file(name: &str, text: &str) -> Result<Loaded, Vec<PolicyError>> {
    let doc = Doc::new(name, text);
    let loaded = doc.parse().and_then(|table| read_file(&doc, table.get_ref()));
    let errors = doc.into_errors();
    match loaded {
        Some(loaded) if errors.is_empty() => Ok(loaded),
        _ => Err(errors),
    }
}

/// Reads the head and every parameter of the topic; `None` only if the topic itself is unknown.
fn read_file(doc: &Doc<'_>, table: &DeTable<'_>) -> Option<Loaded> {
    let mut head = Table::root(doc, table);
    let area = head.need("area").and_then(|node| node.filled());
    let title = head.need("title").and_then(|node| node.filled());
    let node = head.need("topic")?;
    let topic = node.filled()?;
    let Some(specs) = schema::of_topic(topic) else {
        node.error(
            format!("{topic:?} is not a topic"),
            "use averages, catalogue, contribution, entitlement, status, settlement-<benefit>, big-illness, supplement, \
             assistance or assistance-tilt",
        );
        return None;
    };
    if base_name(doc.file) != format!("{topic}.toml") {
        node.error("the file is named otherwise", format!("name the file {topic}.toml or correct the topic"));
    }
    let mut params = Vec::new();
    for spec in specs {
        let node = if spec.required { head.need(spec.key) } else { head.take(spec.key) };
        let section = node.and_then(|node| node.table());
        params.extend(section.and_then(|section| read_param(doc, topic, spec, section)));
    }
    head.finish();
    Some(Loaded {
        topic: topic.to_owned(),
        title: title?.to_owned(),
        area: area?.to_owned(),
        file: doc.file.to_owned(),
        params,
    })
}

fn read_param(doc: &Doc<'_>, topic: &str, spec: &Spec, mut section: Table<'_>) -> Option<Param> {
    let unit = spec.shape.unit();
    if let Some(node) = section.need("unit") {
        node.choice(&[unit]);
    }
    let nodes = section.need("rows").and_then(|node| node.list());
    let line = section.line;
    section.finish();
    let nodes = nodes?;
    let count = nodes.len();
    let mut rows: Vec<Dated> =
        nodes.iter().filter_map(|node| read_row(spec, node.table()?, node.line)).collect();
    if count == 0 {
        doc.error(line, spec.key, "has no row", "write at least one");
    }
    rows.sort_by_key(|row| row.from);
    if rows.len() == count {
        check_time(doc, spec.key, &rows);
    }
    Some(Param {
        id: format!("{topic}.{}", spec.key),
        label: spec.label,
        unit,
        file: doc.file.to_owned(),
        rows,
    })
}

fn read_row(spec: &Spec, mut table: Table<'_>, line: usize) -> Option<Dated> {
    let from = table.need("from").and_then(|node| node.date());
    let end = table.take("to");
    let to = end.as_ref().map(|node| node.date());
    let document = table.need("document").and_then(|node| node.filled());
    let article = table.need("article").and_then(|node| node.filled());
    let status = table.need("status").and_then(|node| node.choice(&["verified", "sample"]));
    let checked = table.need("checked").and_then(|node| read_checked(node.table()?));
    let note = table.take("note").map_or(Some(""), |node| node.text());
    let value = table.need("value");
    let written = value.as_ref().map(|node| node.written());
    let value = value.and_then(|node| shape::read(spec.shape, &node));
    table.finish();
    if let (Some(from), Some(Some(to)), Some(node)) = (from, to, end)
        && to < from
    {
        node.error("ends before it begins", "correct from or to (both inclusive)");
    }
    let (checked_by, checked_on) = checked?;
    Some(Dated {
        from: from?,
        to: match to {
            Some(day) => Some(day?),
            None => None,
        },
        document: document?.to_owned(),
        article: article?.to_owned(),
        status: if status? == "verified" { Status::Verified } else { Status::Sample },
        checked_by,
        checked_on,
        note: note?.to_owned(),
        line,
        value: value?,
        written: written?,
    })
}

fn read_checked(mut table: Table<'_>) -> Option<(String, NaiveDate)> {
    let by = table.need("by").and_then(|node| node.filled());
    let on = table.need("on").and_then(|node| node.date());
    table.finish();
    Some((by?.to_owned(), on?))
}

/// Neighbouring rows must touch: no day with two values, no day without.
fn check_time(doc: &Doc<'_>, key: &str, rows: &[Dated]) {
    for pair in rows.windows(2) {
        let [earlier, later] = pair else { continue };
        let Some(end) = earlier.to.filter(|end| *end < later.from) else {
            doc.error(
                later.line,
                key,
                format!("overlaps in time with the row at line {}", earlier.line),
                format!("let the row at line {} end on the day before {}", earlier.line, later.from),
            );
            continue;
        };
        if end.succ_opt() != Some(later.from) {
            let gap = end.succ_opt().map_or_else(String::new, |day| day.to_string());
            doc.error(
                later.line,
                key,
                format!("no value from {gap} until {}", later.from),
                "add a row for this time, or correct from and to",
            );
        }
    }
}
