//! Writes a file by its layout: the same facts give the same bytes. Knows layouts and values; must not know where they come
//! from.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use xiangbao_core::money::Fen;

use super::layout::{CellSpec, Encoding, Field, FieldKind, Layout, Part, Payer, Shape, Use};
use super::text::{TextFault, bytes_of, encoded};

/// What a cell is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Count(u64),
    /// Money.
    Amount(Fen),
    /// A day.
    Day(NaiveDate),
}

/// One line with money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFacts {
    /// Number within the list.
    pub seq: u32,
    /// Money.
    pub amount: Fen,
    /// Everything else by field.
    pub texts: BTreeMap<Field, String>,
}

/// What a file is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Number of the list.
    pub list_no: String,
    /// The day it is made.
    pub day: NaiveDate,
    /// The office's account, and what for.
    pub payer: Payer,
    /// Lines.
    pub lines: Vec<LineFacts>,
}

impl FileFacts {
    /// Sum of the lines; none when it is beyond all bounds.
    pub fn sum(&self) -> Option<Fen> {
        Fen::checked_sum(self.lines.iter().map(|line| line.amount))
    }
}

/// Name and bytes of a file. Control totals are those of the lines that are written.
///
/// # Errors
/// The line (0 for the header and trailer) with the text that cannot stand in the file.
pub fn write_file(
    layout: &Layout,
    wanted: Use,
    facts: &FileFacts,
) -> Result<(String, Vec<u8>), (u32, TextFault)> {
    let missing = (0, TextFault::NoValue { field: Field::Amount });
    let part = layout.part(wanted).ok_or_else(|| missing.clone())?;
    let sum = facts.sum().ok_or(missing)?;
    let whole = |field: Field| match field {
        Field::Count => Value::Count(facts.lines.len() as u64),
        Field::Sum => Value::Amount(sum),
        Field::ListNo => Value::Text(facts.list_no.clone()),
        Field::Date => Value::Day(facts.day),
        Field::PayerName => Value::Text(facts.payer.name.clone()),
        Field::PayerAccount => Value::Text(facts.payer.account.clone()),
        Field::Purpose => Value::Text(facts.payer.purpose.clone()),
        _ => Value::Text(String::new()),
    };
    let mut out = Vec::new();
    if layout.bom && layout.encoding == Encoding::Utf8 {
        out.extend_from_slice(b"\xEF\xBB\xBF");
    }
    let writer = Writer { layout, part };
    if !part.header.is_empty() {
        writer.row(&mut out, &part.header, &whole).map_err(|fault| (0, fault))?;
    }
    if part.titles {
        writer.titles(&mut out).map_err(|fault| (0, fault))?;
    }
    for line in &facts.lines {
        let value = |field: Field| match field {
            Field::Seq => Value::Count(u64::from(line.seq)),
            Field::Amount => Value::Amount(line.amount),
            field => line.texts.get(&field).map_or_else(|| whole(field), |text| Value::Text(text.clone())),
        };
        writer.row(&mut out, &part.line, &value).map_err(|fault| (line.seq, fault))?;
    }
    if !part.trailer.is_empty() {
        writer.row(&mut out, &part.trailer, &whole).map_err(|fault| (0, fault))?;
    }
    Ok((file_name(&part.file, facts), out))
}

fn file_name(pattern: &str, facts: &FileFacts) -> String {
    pattern.replace("{list}", &facts.list_no).replace("{date}", &facts.day.format("%Y%m%d").to_string())
}

struct Writer<'a> {
    layout: &'a Layout,
    part: &'a Part,
}

impl Writer<'_> {
    fn row(
        &self,
        out: &mut Vec<u8>,
        cells: &[CellSpec],
        value: &dyn Fn(Field) -> Value,
    ) -> Result<(), TextFault> {
        for (cell, index) in cells.iter().zip(0_usize..) {
            let text = written(cell, &value(cell.field))?;
            self.put(out, cell, index, &text)?;
        }
        self.end(out);
        Ok(())
    }

    fn titles(&self, out: &mut Vec<u8>) -> Result<(), TextFault> {
        for (cell, index) in self.part.line.iter().zip(0_usize..) {
            let wide = CellSpec { width: 0, field: Field::Constant, ..cell.clone() };
            self.put(out, &wide, index, &cell.title)?;
        }
        self.end(out);
        Ok(())
    }

    fn put(&self, out: &mut Vec<u8>, cell: &CellSpec, index: usize, text: &str) -> Result<(), TextFault> {
        let bytes = encoded(cell, text, self.layout.encoding, self.layout.shape)?;
        let Shape::Separated { separator, .. } = self.layout.shape else {
            let filling = vec![cell.pad; cell.width.saturating_sub(bytes.len())];
            let (first, second) = if cell.right { (filling, bytes) } else { (bytes, filling) };
            out.extend(first);
            out.extend(second);
            return Ok(());
        };
        if index > 0 {
            out.extend_from_slice(separator.encode_utf8(&mut [0; 4]).as_bytes());
        }
        // Looked for in the characters: a byte of a GBK character may be the separator's.
        if text.contains([separator, '"']) {
            let quoted = format!("\"{}\"", text.replace('"', "\"\""));
            out.extend(bytes_of(cell.field, &quoted, self.layout.encoding)?);
        } else {
            out.extend(bytes);
        }
        Ok(())
    }

    fn end(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if self.layout.crlf { b"\r\n" } else { b"\n" });
    }
}

/// A value as its cell writes it, before encoding.
fn written(cell: &CellSpec, value: &Value) -> Result<String, TextFault> {
    let nothing = || TextFault::NoValue { field: cell.field };
    match (cell.field, cell.field.kind(), value) {
        (Field::Constant, ..) => Ok(cell.text.clone()),
        (Field::Blank, ..) => Ok(String::new()),
        (_, FieldKind::Text, Value::Text(text)) => Ok(text.clone()),
        (_, FieldKind::Count, Value::Count(count)) => Ok(count.to_string()),
        (_, FieldKind::Amount, Value::Amount(amount)) if *amount > Fen::ZERO => {
            Ok(if cell.fen { amount.0.to_string() } else { amount.to_yuan() })
        }
        (_, FieldKind::Day, Value::Day(day)) => {
            Ok(day.format(if cell.compact { "%Y%m%d" } else { "%Y-%m-%d" }).to_string())
        }
        _ => Err(nothing()),
    }
}
