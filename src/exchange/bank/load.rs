//! Loads a bank's layout, strictly: unknown keys, cells that cannot be filled or read back, missing totals, each with file,
//! line and how to fix. Knows the text of a layout; must not know where it lies.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::layout::{CellSpec, Code, Encoding, Field, FieldKind, Layout, Part, Payer, Shape, Use};
use super::text::encoded;

/// What is wrong with a layout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {key}: {message} [{fix}]")]
pub struct LayoutFault {
    /// File.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Key.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub fix: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLayout {
    id: Spanned<String>,
    name: String,
    sample: bool,
    source: String,
    #[serde(default)]
    banks: Vec<String>,
    encoding: Encoding,
    shape: Spanned<String>,
    separator: Option<Spanned<String>>,
    quoted: Option<bool>,
    line_end: Spanned<String>,
    #[serde(default)]
    bom: bool,
    payer_name: String,
    payer_account: String,
    purpose: String,
    refund: Option<RawPayer>,
    pay: Option<Spanned<RawPart>>,
    pay_result: Option<Spanned<RawPart>>,
    deduct: Option<Spanned<RawPart>>,
    deduct_result: Option<Spanned<RawPart>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPayer {
    payer_name: String,
    payer_account: String,
    purpose: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPart {
    #[serde(default)]
    file: String,
    #[serde(default)]
    titles: bool,
    #[serde(default)]
    header: Vec<RawCell>,
    line: Vec<RawCell>,
    #[serde(default)]
    trailer: Vec<RawCell>,
    #[serde(default)]
    code: Vec<RawCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCell {
    field: Spanned<String>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    width: usize,
    align: Option<String>,
    pad: Option<String>,
    unit: Option<String>,
    date: Option<String>,
    #[serde(default)]
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCode {
    code: Spanned<String>,
    label: String,
    outcome: Spanned<String>,
}

/// Widest cell, bytes.
const MAX_WIDTH: usize = 400;

struct Loader<'a> {
    file: &'a str,
    text: &'a str,
    faults: Vec<LayoutFault>,
}

impl Layout {
    /// Reads a layout.
    ///
    /// # Errors
    /// Every fault found.
    pub fn load(file: &str, text: &str) -> Result<Self, Vec<LayoutFault>> {
        let mut loader = Loader { file, text, faults: Vec::new() };
        let raw: RawLayout = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(fault) => {
                let at = fault.span().map_or(0, |span| span.start);
                loader.say(at, "", fault.message(), "see docs/payment.md for what a layout may say");
                return Err(loader.faults);
            }
        };
        let layout = loader.layout(raw);
        if loader.faults.is_empty() { Ok(layout) } else { Err(loader.faults) }
    }
}

impl Loader<'_> {
    fn say(&mut self, at: usize, key: &str, message: impl Into<String>, fix: &str) {
        let line = self.text.get(..at).map_or(0, |before| before.matches('\n').count() + 1);
        self.faults.push(LayoutFault {
            file: self.file.to_owned(),
            line,
            key: key.to_owned(),
            message: message.into(),
            fix: fix.to_owned(),
        });
    }

    fn layout(&mut self, raw: RawLayout) -> Layout {
        let shape = self.shape(&raw);
        let crlf = match raw.line_end.get_ref().as_str() {
            "crlf" => true,
            "lf" => false,
            _ => {
                self.say(
                    raw.line_end.span().start,
                    "line_end",
                    "unknown line end",
                    "write \"crlf\" or \"lf\"",
                );
                false
            }
        };
        let mut layout = Layout {
            id: raw.id.get_ref().clone(),
            name: raw.name,
            sample: raw.sample,
            source: raw.source,
            banks: raw.banks,
            encoding: raw.encoding,
            shape,
            crlf,
            bom: raw.bom,
            payer: Payer { name: raw.payer_name, account: raw.payer_account, purpose: raw.purpose },
            refund: raw.refund.map(|raw| Payer {
                name: raw.payer_name,
                account: raw.payer_account,
                purpose: raw.purpose,
            }),
            parts: BTreeMap::new(),
        };
        let at = raw.id.span().start;
        if layout.bom && layout.encoding != Encoding::Utf8 {
            self.say(
                at,
                "bom",
                "a mark stands in UTF-8 files alone",
                "remove it, or set encoding = \"utf-8\"",
            );
        }
        let parts = [
            (Use::Pay, raw.pay),
            (Use::PayResult, raw.pay_result),
            (Use::Deduct, raw.deduct),
            (Use::DeductResult, raw.deduct_result),
        ];
        for (wanted, part) in parts {
            let Some(part) = part else { continue };
            let at = part.span().start;
            let part = self.part(wanted, at, part.into_inner(), &layout);
            layout.parts.insert(wanted, part);
        }
        for (there, back) in [(Use::Pay, Use::PayResult), (Use::Deduct, Use::DeductResult)] {
            if layout.parts.contains_key(&there) != layout.parts.contains_key(&back) {
                let message = format!("[{}] and [{}] belong together", there.id(), back.id());
                self.say(at, there.id(), message, "describe both files, or neither");
            }
        }
        if layout.parts.is_empty() {
            self.say(
                at,
                "pay",
                "the layout has no file",
                "describe [pay] and [pay_result], or the deduct ones",
            );
        }
        layout
    }

    fn shape(&mut self, raw: &RawLayout) -> Shape {
        let at = raw.shape.span().start;
        match raw.shape.get_ref().as_str() {
            "fixed" => {
                if let Some(separator) = &raw.separator {
                    self.say(separator.span().start, "separator", "a fixed file has none", "remove it");
                }
                Shape::Fixed
            }
            "csv" => {
                let sign = raw.separator.as_ref().map_or(",", |sign| sign.get_ref());
                let mut signs = sign.chars();
                match (signs.next(), signs.next()) {
                    (Some(separator @ (',' | ';' | '|' | '\t')), None) => {
                        Shape::Separated { separator, quoted: raw.quoted.unwrap_or(true) }
                    }
                    _ => {
                        self.say(at, "separator", "not one of , ; | TAB", "choose one of them");
                        Shape::Separated { separator: ',', quoted: true }
                    }
                }
            }
            _ => {
                self.say(at, "shape", "unknown shape", "write \"fixed\" or \"csv\"");
                Shape::Fixed
            }
        }
    }

    fn part(&mut self, wanted: Use, at: usize, raw: RawPart, layout: &Layout) -> Part {
        let key = wanted.id();
        if wanted.is_result() != raw.file.is_empty() {
            let fix = if wanted.is_result() { "remove it" } else { "write file = \"{list}.txt\"" };
            self.say(at, key, "file names a file that the office writes", fix);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "{}-_.".contains(c);
        if !raw.file.chars().all(plain) || raw.file.starts_with('.') {
            self.say(
                at,
                key,
                "the file name has other signs than letters, digits, - _ .",
                "write file = \"{list}.txt\"",
            );
        }
        let mut cells = |row: Vec<RawCell>, place: &'static str| -> Vec<CellSpec> {
            row.into_iter().filter_map(|cell| self.cell(cell, (wanted, place), layout)).collect()
        };
        let header = cells(raw.header, "header");
        let line = cells(raw.line, "line");
        let trailer = cells(raw.trailer, "trailer");
        let titles = raw.titles;
        if titles && matches!(layout.shape, Shape::Fixed) {
            self.say(at, key, "a fixed file has no row of titles", "remove titles");
        }
        if titles && line.iter().any(|cell| cell.title.is_empty()) {
            self.say(at, key, "a cell has no title", "give each cell of the line a title");
        }
        let codes = self.codes(wanted, at, raw.code, &line);
        let part = Part { file: raw.file, header, line, trailer, titles, codes };
        self.whole(wanted, at, &part);
        part
    }

    fn cell(
        &mut self,
        raw: RawCell,
        (wanted, place): (Use, &'static str),
        layout: &Layout,
    ) -> Option<CellSpec> {
        let at = raw.field.span().start;
        let name = raw.field.get_ref();
        let Some(field) = Field::ALL.iter().copied().find(|field| field.id() == name) else {
            let all: Vec<&str> = Field::ALL.iter().map(|field| field.id()).collect();
            self.say(at, name, "unknown field", &format!("use one of: {}", all.join(" ")));
            return None;
        };
        if !allowed(field, wanted, place) {
            let message = format!("{name} cannot stand in the {place} of [{}]", wanted.id());
            self.say(at, name, message, "move it, or take it away");
        }
        let kind = field.kind();
        let right = match raw.align.as_deref() {
            None => kind != FieldKind::Text && kind != FieldKind::Day,
            Some("left") => false,
            Some("right") => true,
            Some(_) => {
                self.say(at, name, "unknown align", "write \"left\" or \"right\"");
                false
            }
        };
        let number = matches!(kind, FieldKind::Count | FieldKind::Amount);
        let pad = self.pad(at, name, &raw, (number, right));
        let fen = match (raw.unit.as_deref(), kind) {
            (Some("fen"), FieldKind::Amount) => true,
            (Some("yuan"), FieldKind::Amount) => false,
            (None, FieldKind::Amount) => {
                self.say(at, name, "money without a unit", "write unit = \"fen\" or unit = \"yuan\"");
                false
            }
            (None, _) => false,
            (Some(_), _) => {
                self.say(at, name, "unit belongs to money: fen or yuan", "correct or remove it");
                false
            }
        };
        let compact = match (raw.date.as_deref(), kind) {
            (Some("yyyymmdd"), FieldKind::Day) | (None, _) => true,
            (Some("yyyy-mm-dd"), FieldKind::Day) => false,
            _ => {
                self.say(at, name, "date belongs to days", "write date = \"yyyymmdd\" or \"yyyy-mm-dd\"");
                true
            }
        };
        let spec =
            CellSpec { field, text: raw.text, width: raw.width, right, pad, fen, compact, title: raw.title };
        self.width(at, &spec, layout);
        Some(spec)
    }

    fn pad(&mut self, at: usize, name: &str, raw: &RawCell, (number, right): (bool, bool)) -> u8 {
        let pad = raw.pad.as_deref().unwrap_or(" ");
        let [pad] = pad.as_bytes() else {
            self.say(at, name, "pad is one ASCII character", "write pad = \" \" or pad = \"0\"");
            return b' ';
        };
        if *pad == b'0' && !(number && right) {
            let message =
                "zeros fill numbers at their left alone: elsewhere they could not be told from the content";
            self.say(at, name, message, "write pad = \" \", or align = \"right\" for a number");
        }
        if !pad.is_ascii_graphic() && *pad != b' ' || pad.is_ascii_alphanumeric() && *pad != b'0' {
            self.say(
                at,
                name,
                "pad is no letter, digit or control character",
                "write pad = \" \" or pad = \"0\"",
            );
        }
        *pad
    }

    fn width(&mut self, at: usize, cell: &CellSpec, layout: &Layout) {
        let name = cell.field.id();
        if matches!(layout.shape, Shape::Fixed) && !(1..=MAX_WIDTH).contains(&cell.width) {
            self.say(at, name, "no width in bytes", &format!("write width = 1 to {MAX_WIDTH}"));
            return;
        }
        if (cell.field == Field::Constant) == cell.text.is_empty() {
            self.say(at, name, "text is the content of field = \"text\"", "write both, or neither");
        }
        let day = if cell.compact { 8 } else { 10 };
        if cell.field.kind() == FieldKind::Day && cell.width > 0 && cell.width < day {
            self.say(at, name, format!("a day takes {day} bytes"), "make it wider");
        }
        let payers = std::iter::once(&layout.payer).chain(&layout.refund);
        let contents: Vec<&str> = match cell.field {
            Field::Constant => vec![cell.text.as_str()],
            Field::PayerName => payers.map(|payer| payer.name.as_str()).collect(),
            Field::PayerAccount => payers.map(|payer| payer.account.as_str()).collect(),
            Field::Purpose => payers.map(|payer| payer.purpose.as_str()).collect(),
            _ => return,
        };
        for content in contents {
            if let Err(fault) = encoded(cell, content, layout.encoding, layout.shape) {
                self.say(at, name, fault.to_string(), "shorten the text, or make the cell wider");
            }
        }
    }

    fn codes(&mut self, wanted: Use, at: usize, raw: Vec<RawCode>, line: &[CellSpec]) -> Vec<Code> {
        if wanted.is_result() == raw.is_empty() {
            let fix = if wanted.is_result() { "add [[...code]] tables" } else { "remove them" };
            self.say(at, "code", "result codes belong to files that come back", fix);
        }
        let width = line.iter().find(|cell| cell.field == Field::Code).map_or(0, |cell| cell.width);
        let mut codes: Vec<Code> = Vec::new();
        for RawCode { code, label, outcome } in raw {
            let at = code.span().start;
            let (done, correct) = match outcome.get_ref().as_str() {
                "done" => (true, false),
                "retry" => (false, false),
                "correct" => (false, true),
                _ => {
                    let fix = "write \"done\", \"retry\" (again as it is) or \"correct\" (the account first)";
                    self.say(outcome.span().start, "outcome", "unknown outcome", fix);
                    (false, true)
                }
            };
            let code = code.into_inner();
            if codes.iter().any(|other| other.code == code) {
                self.say(at, "code", format!("{code} stands twice"), "keep one of them");
            }
            if width > 0 && code.len() > width {
                self.say(
                    at,
                    "code",
                    format!("{code} does not fit its cell of {width} bytes"),
                    "make it wider",
                );
            }
            codes.push(Code { code, label, done, correct });
        }
        if wanted.is_result() && !codes.iter().any(|code| code.done) {
            self.say(at, "code", "no code means that the money moved", "give one of them outcome = \"done\"");
        }
        codes
    }

    /// What a file needs as a whole.
    fn whole(&mut self, wanted: Use, at: usize, part: &Part) {
        let key = wanted.id();
        for row in part.rows() {
            let mut seen = BTreeSet::new();
            let own = row.iter().filter(|cell| !matches!(cell.field, Field::Constant | Field::Blank));
            if let Some(twice) = own.map(|cell| cell.field).find(|field| !seen.insert(*field)) {
                self.say(at, key, format!("{} stands twice in a line", twice.id()), "keep one of them");
            }
        }
        let mut needed = vec![Field::Seq, Field::Amount, Field::BankAcct];
        needed.extend(if wanted.is_result() { vec![Field::Code] } else { vec![Field::AcctName] });
        for field in needed {
            if !part.line.iter().any(|cell| cell.field == field) {
                self.say(at, key, format!("the line has no {}", field.id()), "add the cell");
            }
        }
        let ends = || part.header.iter().chain(&part.trailer);
        for field in [Field::Count, Field::Sum, Field::ListNo] {
            if !ends().any(|cell| cell.field == field) {
                let message = format!("neither header nor trailer has {}", field.id());
                self.say(
                    at,
                    key,
                    message,
                    "add the cell: without it nobody can tell whether the file is whole",
                );
            }
        }
        if wanted.is_result() && !part.has(Field::Date) {
            self.say(
                at,
                key,
                "nothing says on which day the bank moved the money",
                "add a date to header or line",
            );
        }
    }
}

/// Where a field may stand.
fn allowed(field: Field, wanted: Use, place: &str) -> bool {
    let result = wanted.is_result();
    match field {
        Field::Constant | Field::Blank => true,
        Field::ListNo | Field::Date => true,
        Field::Count | Field::Sum => place != "line",
        Field::DoneCount | Field::DoneSum => result && place != "line",
        Field::PayerName | Field::PayerAccount => !result,
        Field::Seq | Field::AcctName | Field::BankAcct | Field::Amount => place == "line",
        Field::Purpose | Field::AcctKind | Field::BankCode | Field::BankName | Field::Number => {
            !result && place == "line"
        }
        Field::Code | Field::Reason => result && place == "line",
    }
}
