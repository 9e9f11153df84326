//! Tables that leave the office: csv and xlsx, and the empty roster that schools fill. Every cell is a text, and none can
//! be taken for a formula (reliability 9.3). Knows forms and codes; must not know persons.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use xiangbao_core::code::CodeBook;
use xiangbao_core::form::{FieldPath, FormDef, Kind, Section};

/// First characters that make a program calculate; the full-width forms are taken for them by some.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
/// Codes of one table that fit a sheet.
const MAX_CODES: usize = 300;
/// Rows of the empty roster that are formatted as text.
const BLANK_ROWS: u32 = 500;

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// National field name.
    pub id: String,
    /// Title in Chinese.
    pub title: String,
    /// Width in characters.
    pub width: u8,
}

impl Column {
    /// A column.
    pub fn new(id: &str, title: &str, width: u8) -> Self {
        Self { id: id.to_owned(), title: title.to_owned(), width }
    }
}

/// A table with two heading lines: titles, and the national field names.
#[derive(Clone, Debug)]
pub struct Table {
    /// Name of the sheet.
    pub name: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, one text for each column.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// As csv: UTF-8 with a mark, since spreadsheets know no other sign of it, lines as RFC 4180.
    ///
    /// # Errors
    /// When a row does not fit its heading.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut out = b"\xEF\xBB\xBF".to_vec();
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut out);
        writer.write_record(self.columns.iter().map(|column| &column.title))?;
        writer.write_record(self.columns.iter().map(|column| &column.id))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| harmless(cell)))?;
        }
        writer.flush()?;
        drop(writer);
        Ok(out)
    }

    /// As a workbook whose cells are all texts.
    ///
    /// # Errors
    /// When the content exceeds what a workbook holds.
    pub fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let (head, text) = formats();
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&self.name))?;
        for (column, at) in self.columns.iter().zip(0_u16..) {
            sheet.set_column_width(at, column.width)?;
            sheet.write_string_with_format(0, at, &column.title, &head)?;
            sheet.write_string_with_format(1, at, &column.id, &text)?;
        }
        for (line, row) in self.rows.iter().zip(2_u32..) {
            for (cell, at) in line.iter().zip(0_u16..) {
                sheet.write_string_with_format(row, at, cell, &text)?;
            }
        }
        sheet.set_freeze_panes(2, 0)?;
        book.save_to_buffer()
    }
}

/// A field that no spreadsheet calculates: what begins like a formula gets an apostrophe in front.
pub(super) fn harmless(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

fn formats() -> (Format, Format) {
    let text = Format::new().set_num_format("@");
    let head = Format::new().set_num_format("@").set_bold().set_align(FormatAlign::Center).set_text_wrap();
    (head, text)
}

/// A workbook's sheet name: 31 characters without `[]:*?/\`.
fn sheet_name(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect();
    if plain.is_empty() { "表".to_owned() } else { plain }
}

/// The empty roster of a form's table: titles and national names, all cells text, a sheet with what may be filled in,
/// and one with how to fill it.
///
/// # Errors
/// When the workbook cannot be made.
pub fn template(def: &FormDef, section: &Section, codes: &CodeBook) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (head, text) = formats();
    let class = ["grade", "class_name"].iter().filter_map(|id| def.field(&FieldPath::single(id)));
    let typed = section.fields.iter().filter(|field| !field.readonly);
    let fields: Vec<_> = class.chain(typed).collect();
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(&section.title))?;
    for (field, at) in fields.iter().zip(0_u16..) {
        sheet.set_column_format(at, &text)?;
        sheet.set_column_width(at, 14)?;
        sheet.write_string_with_format(0, at, &field.label, &head)?;
        for row in 1..=BLANK_ROWS {
            sheet.write_blank(row, at, &text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let notes = book.add_worksheet();
    notes.set_name("填写说明")?;
    notes.set_column_width(0, 16)?;
    notes.set_column_width(1, 24)?;
    notes.set_column_width(2, 60)?;
    notes.write_string_with_format(0, 0, "栏目", &head)?;
    notes.write_string_with_format(0, 1, "国家接口名", &head)?;
    notes.write_string_with_format(0, 2, "怎么填", &head)?;
    for (field, row) in fields.iter().zip(1_u32..) {
        notes.write_string(row, 0, &field.label)?;
        notes.write_string(row, 1, &field.id)?;
        notes.write_string(row, 2, &field.help)?;
    }
    let list = book.add_worksheet();
    list.set_name("代码")?;
    let coded = fields.iter().filter(|field| field.spec.kind == Kind::Code);
    for (field, at) in coded.zip(0_u16..) {
        let Some(table) = field.spec.codes.as_deref().and_then(|id| codes.table(id)) else { continue };
        list.set_column_width(at, 24)?;
        list.write_string_with_format(0, at, &field.label, &head)?;
        for (entry, row) in table.entries().iter().take(MAX_CODES).zip(1_u32..) {
            list.write_string(row, at, format!("{} {}", entry.code, entry.label))?;
        }
    }
    book.save_to_buffer()
}
