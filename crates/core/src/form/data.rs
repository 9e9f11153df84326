//! The values of one filled form. Everything is canonical text, so that a half-typed or wrong value is kept exactly
//! as it was typed: validation judges it, storage never loses it. Knows nothing of definitions or rules.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// One row of a repeating table: canonical text by field id.
pub type Row = BTreeMap<String, String>;

/// The values of one filled form.
///
/// Canonical text: dates `YYYY-MM-DD`, money in yuan with two decimals (`1234.50`), flags `1`/`0`, codes as the
/// code itself, numbers in plain digits. An absent key and an empty string both mean "not filled".
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct FormData {
    /// Values of the single fields.
    #[n(0)]
    pub fields: BTreeMap<String, String>,
    /// Rows of the repeating tables, by table id.
    #[n(1)]
    pub tables: BTreeMap<String, Vec<Row>>,
    /// What was seen of each material, by material id.
    #[n(2)]
    pub materials: BTreeMap<String, MaterialState>,
    /// Reasons with which the clerk let warnings pass, by `rule@path`: a reviewer sees them beside the finding.
    #[n(3)]
    #[cbor(default)]
    pub answers: BTreeMap<String, String>,
    /// Pages and scans of the materials, by material id.
    #[n(4)]
    #[cbor(default)]
    pub papers: BTreeMap<String, PaperNote>,
    /// What the one-time notice at the counter asked for (003 A35), as `mat.<id>`: empty while none was printed.
    #[n(5)]
    #[cbor(default)]
    pub noticed: Vec<String>,
}

/// What is noted of one paper beside its state.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct PaperNote {
    /// Pages handed in; 0 while nobody counted them.
    #[n(0)]
    pub pages: u16,
    /// The scan.
    #[n(1)]
    pub scan: Option<Scan>,
}

/// A scanned paper: the file lies in the data folder under its hash and is never decoded (003 A118: forged papers).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Scan {
    /// SHA-256 of the file, 64 hexadecimal digits.
    #[n(0)]
    pub sha256: String,
    /// Size in bytes.
    #[n(1)]
    pub bytes: u64,
    /// Name of the file it came from.
    #[n(2)]
    pub name: String,
    /// When it was taken over, milliseconds since 1970.
    #[n(3)]
    pub wall_ms: i64,
}

/// What the clerk saw of one material (003 A7, A25: originals checked, copies kept).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum MaterialState {
    /// Not there yet: goes on the one-time notice.
    #[n(0)]
    Missing,
    /// The original was seen and handed back.
    #[n(1)]
    OriginalSeen,
    /// The original was seen and a copy kept; or the original itself, where the form says so.
    #[n(2)]
    CopyKept,
}

/// Where a value stands: a single field, or a field in a row of a table. Written `psn_name` or `members.0.psn_name`
/// (rows count from zero in paths, from one on screen and paper).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath {
    /// Table id and row index, for a field inside a table.
    pub row: Option<(String, usize)>,
    /// Field id.
    pub field: String,
}

impl FieldPath {
    /// A single field.
    pub fn single(field: &str) -> Self {
        Self { row: None, field: field.to_owned() }
    }

    /// A field in row `index` (from zero) of `table`.
    pub fn cell(table: &str, index: usize, field: &str) -> Self {
        Self { row: Some((table.to_owned(), index)), field: field.to_owned() }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.row {
            Some((table, index)) => write!(f, "{table}.{index}.{}", self.field),
            None => f.write_str(&self.field),
        }
    }
}

/// The text is not a field path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a field path: {0:?} (expected `field` or `table.row.field`)")]
pub struct BadFieldPath(pub String);

impl FromStr for FieldPath {
    type Err = BadFieldPath;

    fn from_str(text: &str) -> Result<Self, BadFieldPath> {
        let bad = || BadFieldPath(text.to_owned());
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [field] if !field.is_empty() => Ok(Self::single(field)),
            [table, index, field] if !table.is_empty() && !field.is_empty() => {
                Ok(Self::cell(table, index.parse().map_err(|_| bad())?, field))
            }
            _ => Err(bad()),
        }
    }
}

impl FormData {
    /// The value at `path`; an empty string where nothing was filled.
    pub fn get(&self, path: &FieldPath) -> &str {
        let value = match &path.row {
            None => self.fields.get(&path.field),
            Some((table, index)) => {
                self.tables.get(table).and_then(|rows| rows.get(*index)).and_then(|row| row.get(&path.field))
            }
        };
        value.map_or("", String::as_str)
    }

    /// The value of a single field; an empty string where nothing was filled.
    pub fn field(&self, id: &str) -> &str {
        self.fields.get(id).map_or("", String::as_str)
    }

    /// The rows of a table; none where the table was not begun.
    pub fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Sets a value, adding empty rows up to the path's row. An empty value removes the key, so that two forms with
    /// the same visible content are equal.
    pub fn set(&mut self, path: &FieldPath, value: &str) {
        let map = match &path.row {
            None => &mut self.fields,
            Some((table, index)) => {
                let rows = self.tables.entry(table.clone()).or_default();
                if rows.len() <= *index {
                    rows.resize(*index + 1, Row::new());
                }
                &mut rows[*index]
            }
        };
        if value.is_empty() {
            map.remove(&path.field);
        } else {
            map.insert(path.field.clone(), value.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_back_as_written() {
        for text in ["psn_name", "members.0.psn_name", "invoices.12.invo_amt"] {
            assert_eq!(text.parse::<FieldPath>().unwrap().to_string(), text);
        }
        for text in ["", "a.b", "a.x.b", ".0.b", "a.0.", "a.0.b.c"] {
            assert!(text.parse::<FieldPath>().is_err(), "{text}");
        }
    }

    #[test]
    fn setting_far_rows_grows_the_table_and_emptying_removes_the_key() {
        let mut data = FormData::default();
        let path = FieldPath::cell("members", 2, "psn_name");
        data.set(&path, "覃小芳");
        assert_eq!(data.rows("members").len(), 3);
        assert_eq!(data.get(&path), "覃小芳");
        data.set(&path, "");
        assert_eq!(data.get(&path), "");
        assert!(data.rows("members")[2].is_empty());
    }
}
