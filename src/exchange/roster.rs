//! From a school's file to rows of a form's table: each cell as canonical text, or a fault that names sheet, row, column,
//! value and what to do. Knows forms and code tables; must not know the register.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use xiangbao_core::code::CodeBook;
use xiangbao_core::form::{FieldPath, FormData, FormDef, Kind, Row, Section, normalize_field};
use xiangbao_core::identity::check_certificate;
use xiangbao_core::identity::text::is_refused;

use super::fault::{CellFault, FileFault};
use super::grid::{Cell, Line, MAX_FAULTS, MAX_LINES, Sheet, letters};
use super::pick::sheets;
use super::titles::{Holds, Titles, find};

/// Digits that a spreadsheet keeps of a number; the rest becomes zeros.
const KEPT_DIGITS: usize = 15;
/// Words with which the foot of a roster begins.
const FOOT: [&str; 8] = ["合计", "总计", "小计", "填表人", "审核人", "制表人", "说明", "备注："];
/// How the fix of a number that lost its end reads.
const AS_TEXT: &str = "把整列设为“文本”格式，重新录入或从原系统导出，再导入";

/// One row of the file.
#[derive(Clone, Debug)]
pub struct Record {
    /// Index into [`Imported::sheets`].
    pub sheet: usize,
    /// Row as the spreadsheet counts, from 1.
    pub number: u32,
    /// Canonical text by column id.
    pub row: Row,
    /// Fields of the head that the row holds: grade, class.
    pub head: Row,
}

/// A sheet that was read.
#[derive(Clone, Debug, Default)]
pub struct SheetRead {
    /// Name.
    pub name: String,
    /// Column index and title by field id.
    pub columns: BTreeMap<String, (usize, String)>,
}

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Sheets with titles.
    pub sheets: Vec<SheetRead>,
    /// Rows with content, those with faults among them.
    pub records: Vec<Record>,
    /// Cells that could not be read, at most [`MAX_FAULTS`].
    pub faults: Vec<CellFault>,
    /// More faults than are listed.
    pub more: usize,
    /// Columns whose title nothing answers to.
    pub ignored: Vec<String>,
    /// Sheets without titles.
    pub skipped: Vec<String>,
}

impl Imported {
    /// A fault at a field of a row.
    pub fn fault(
        &self,
        record: &Record,
        field: &str,
        label: &str,
        rule: &str,
        message: String,
        fix: &str,
    ) -> CellFault {
        let sheet = self.sheets.get(record.sheet);
        let column = sheet.and_then(|sheet| sheet.columns.get(field));
        CellFault {
            sheet: sheet.map(|sheet| sheet.name.clone()).unwrap_or_default(),
            row: record.number,
            column: column.map(|(index, _)| letters(*index)).unwrap_or_default(),
            title: column.map_or_else(|| label.to_owned(), |(_, title)| title.clone()),
            value: record.row.get(field).cloned().unwrap_or_default().chars().take(60).collect(),
            rule: rule.to_owned(),
            message,
            fix: fix.to_owned(),
        }
    }
}

/// What reading needs besides the file.
pub struct Context<'a> {
    /// The form.
    pub def: &'a FormDef,
    /// Its table.
    pub table: &'a str,
    /// Code tables, to read labels.
    pub codes: &'a CodeBook,
    /// Today, for short dates.
    pub today: NaiveDate,
    /// What a sheet without a name is called: the file.
    pub file: &'a str,
}

/// Reads a file.
///
/// # Errors
/// When the file as a whole cannot be read: format, size, titles.
pub fn read_roster(bytes: &[u8], context: &Context<'_>) -> Result<Imported, FileFault> {
    let Some(section) = context.def.table(context.table) else { return Err(FileFault::NoTitles) };
    let mut imported = Imported::default();
    for mut sheet in sheets(bytes, MAX_LINES)? {
        if sheet.name.is_empty() {
            context.file.clone_into(&mut sheet.name);
        }
        match find(&sheet, context.def, section)? {
            Some(titles) => read_sheet(&sheet, &titles, section, context, &mut imported),
            None if sheet.lines.is_empty() => {}
            None => imported.skipped.push(sheet.name),
        }
    }
    if imported.sheets.is_empty() {
        return Err(FileFault::NoTitles);
    }
    if imported.records.is_empty() {
        return Err(FileFault::Empty);
    }
    imported.more = imported.faults.len().saturating_sub(MAX_FAULTS);
    imported.faults.truncate(MAX_FAULTS);
    Ok(imported)
}

fn read_sheet(
    sheet: &Sheet,
    titles: &Titles,
    section: &Section,
    context: &Context<'_>,
    imported: &mut Imported,
) {
    let columns = titles.columns.iter().filter_map(|(column, holds)| {
        let title = titles.words.get(column).cloned().unwrap_or_default();
        match holds {
            Holds::Row(id) | Holds::Head(id) => Some((id.clone(), (*column, title))),
            Holds::GradeAndClass => Some(("class_name".to_owned(), (*column, title))),
            Holds::Nothing => None,
        }
    });
    imported.sheets.push(SheetRead { name: sheet.name.clone(), columns: columns.collect() });
    imported.ignored.extend(titles.unknown.iter().map(|title| format!("{}!{title}", sheet.name)));
    let index = imported.sheets.len() - 1;
    let heading = sheet.lines.get(titles.line).map(|line| line.cells.clone()).unwrap_or_default();
    for line in sheet.lines.iter().skip(titles.line + 1) {
        if is_foot(line) {
            break;
        }
        let empty = |(column, holds): (&usize, &Holds)| {
            *holds == Holds::Nothing || line.cells.get(*column).is_none_or(|cell| *cell == Cell::Empty)
        };
        // Lines that are only numbered, and headings repeated on each page.
        if titles.columns.iter().all(empty) || line.cells == heading {
            continue;
        }
        let (record, faults) = read_line(line, index, titles, section, context, imported);
        imported.records.push(record);
        imported.faults.extend(faults);
    }
}

/// Whether the foot of the roster begins here: totals, signatures, notes.
fn is_foot(line: &Line) -> bool {
    let first = line.cells.iter().find(|cell| **cell != Cell::Empty);
    let Some(Cell::Text(text)) = first else { return false };
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    FOOT.iter().any(|word| text.starts_with(word))
}

fn read_line(
    line: &Line,
    sheet: usize,
    titles: &Titles,
    section: &Section,
    context: &Context<'_>,
    imported: &Imported,
) -> (Record, Vec<CellFault>) {
    let mut record = Record { sheet, number: line.number, row: Row::new(), head: Row::new() };
    let mut faults = Vec::new();
    for (column, holds) in &titles.columns {
        let cell = line.cells.get(*column).unwrap_or(&Cell::Empty);
        let (id, kind, codes) = match holds {
            Holds::Nothing => continue,
            Holds::GradeAndClass => ("class_name", Kind::Text, None),
            Holds::Head(id) => (id.as_str(), Kind::Text, None),
            Holds::Row(id) => match section.field(id) {
                Some(field) => (id.as_str(), field.spec.kind, field.spec.codes.as_deref()),
                None => continue,
            },
        };
        match text_of(cell, kind, codes, context) {
            Ok(text) if text.is_empty() => {}
            Ok(text) => match holds {
                Holds::Row(_) => {
                    record.row.insert(id.to_owned(), text);
                }
                Holds::GradeAndClass => split_class(&text, &mut record.head),
                _ => {
                    record.head.insert(id.to_owned(), text);
                }
            },
            Err(wrong) => {
                let mut fault = imported.fault(&record, id, "", wrong.rule, wrong.message, wrong.fix);
                fault.value = cell.shown();
                faults.push(fault);
            }
        }
    }
    canonical(&mut record, context);
    (record, faults)
}

/// 五年级1班 into 五年级 and 1班.
fn split_class(text: &str, head: &mut Row) {
    let (grade, class) = text.find('级').map_or(("", text), |at| text.split_at(at + '级'.len_utf8()));
    for (id, value) in [("grade", grade), ("class_name", class)] {
        if !value.trim().is_empty() {
            head.insert(id.to_owned(), value.trim().to_owned());
        }
    }
}

/// Canonical text of every cell, as if it had been typed: the kind of certificate decides how a number is read, so it
/// comes first.
fn canonical(record: &mut Record, context: &Context<'_>) {
    let mut data = FormData::default();
    data.tables.insert(context.table.to_owned(), vec![record.row.clone()]);
    for (id, raw) in &record.row {
        let path = FieldPath::cell(context.table, 0, id);
        let value = normalize_field(context.def, &data, &path, raw, context.today);
        data.set(&path, &value);
    }
    if let Some(row) = data.rows(context.table).first() {
        record.row.clone_from(row);
    }
    for (id, value) in &mut record.head {
        *value = normalize_field(context.def, &data, &FieldPath::single(id), value, context.today);
    }
}

/// Why a cell cannot be read.
struct Unreadable {
    rule: &'static str,
    message: String,
    fix: &'static str,
}

fn unreadable(rule: &'static str, message: &str, fix: &'static str) -> Unreadable {
    Unreadable { rule, message: message.to_owned(), fix }
}

/// What a cell says, as somebody would type it.
fn text_of(
    cell: &Cell,
    kind: Kind,
    codes: Option<&str>,
    context: &Context<'_>,
) -> Result<String, Unreadable> {
    match cell {
        Cell::Empty => Ok(String::new()),
        Cell::TooLong => Err(unreadable("cell.length", "内容超过 8 KB", "一格只填一项内容，删去多余文字")),
        Cell::Error(error) => {
            let message = format!("单元格是公式错误 {error}");
            Err(Unreadable { rule: "cell.error", message, fix: "改正公式，或改填数值" })
        }
        Cell::Day(day) if kind == Kind::Date => Ok(day.to_string()),
        Cell::Day(_) => Err(unreadable(
            "cell.date",
            "内容被表格软件改成了日期",
            "把整列设为“文本”格式，重新填写（如班级 3-1）",
        )),
        Cell::Number(number) => number_of(number, kind),
        Cell::Text(text) => words_of(text, kind, codes, context),
    }
}

fn number_of(number: &str, kind: Kind) -> Result<String, Unreadable> {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    match kind {
        Kind::Certificate | Kind::Bank | Kind::Phone | Kind::Text if digits > KEPT_DIGITS => {
            Err(unreadable("cell.precision", "号码按数字存放，15 位以后已经丢失，不能还原", AS_TEXT))
        }
        Kind::Date => Ok(serial_day(number).map_or_else(|| number.to_owned(), |day| day.to_string())),
        _ => Ok(number.to_owned()),
    }
}

/// The day behind a serial number of the spreadsheet (from 1954 to 2118), counted from 30 December 1899.
fn serial_day(number: &str) -> Option<NaiveDate> {
    let whole: u64 = number.split('.').next()?.parse().ok()?;
    let start = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    (20_000..80_000).contains(&whole).then(|| start.checked_add_days(Days::new(whole)))?
}

fn words_of(
    text: &str,
    kind: Kind,
    codes: Option<&str>,
    context: &Context<'_>,
) -> Result<String, Unreadable> {
    let line: String = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
    if let Some(found) = line.chars().find(|c| is_refused(*c)) {
        let message = format!("含有看不见的控制字符 U+{:04X}", u32::from(found));
        return Err(Unreadable {
            rule: "cell.control", message, fix: "删去这个字符，重新录入此格"
        });
    }
    let line = line.trim().to_owned();
    match kind {
        Kind::Certificate | Kind::Bank if lost_digits(&line, kind, context) => Err(unreadable(
            "cell.precision",
            "号码末尾是表格软件补的零或科学计数，15 位以后已经丢失",
            AS_TEXT,
        )),
        Kind::Code => code_of(&line, codes, context),
        Kind::Flag => Ok(flag_of(&line)),
        Kind::Name => Ok(joined_name(&line)),
        Kind::Date => Ok(match line.bytes().all(|b| b.is_ascii_digit()) {
            true => serial_day(&line).filter(|_| line.len() == 5).map_or(line, |day| day.to_string()),
            false => without_time(&line),
        }),
        _ => Ok(line),
    }
}

/// `4.51424E+17`, or 18 digits that end in 000 and are no valid number.
fn lost_digits(text: &str, kind: Kind, context: &Context<'_>) -> bool {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let scientific = plain.to_ascii_uppercase().split_once("E+").is_some_and(|(number, power)| {
        let digit = |c: char| c.is_ascii_digit() || c == '.';
        !number.is_empty() && number.chars().all(digit) && power.chars().all(|c| c.is_ascii_digit())
    });
    let zeros = kind == Kind::Certificate
        && plain.len() == 18
        && plain.ends_with("000")
        && plain.bytes().all(|b| b.is_ascii_digit())
        && check_certificate("01", &plain, context.today).is_err();
    scientific || zeros
}

/// A code, or its label: 壮 and 壮族 are both 08.
fn code_of(text: &str, codes: Option<&str>, context: &Context<'_>) -> Result<String, Unreadable> {
    let Some(table) = codes.and_then(|id| context.codes.table(id)) else { return Ok(text.to_owned()) };
    let begins = text.split_whitespace().next().unwrap_or_default();
    for code in [text, begins] {
        if table.get(code).is_some() {
            return Ok(code.to_owned());
        }
    }
    let plain = |label: &str| label.split(['(', '（']).next().unwrap_or_default().trim().to_owned();
    let wanted = plain(text);
    let same = |label: &str| {
        let label = plain(label);
        label == wanted || label.strip_suffix('族') == Some(&wanted)
    };
    let mut found = table.entries().iter().filter(|entry| same(&entry.label) || same(&entry.name));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one.code.clone()),
        (Some(one), Some(other)) => {
            let message =
                format!("“{text}”在代码表“{}”中不止一项：{}、{}", table.name(), one.code, other.code);
            Err(Unreadable { rule: "cell.code", message, fix: "改填代码" })
        }
        _ => {
            let message = format!("代码表“{}”中没有“{text}”", table.name());
            Err(Unreadable {
                rule: "cell.code",
                message,
                fix: "填代码或完整名称；模板的“代码”工作表中有全部可填内容",
            })
        }
    }
}

fn flag_of(text: &str) -> String {
    match text {
        "√" | "✓" | "☑" | "有" | "已参保" => "1".to_owned(),
        "×" | "✗" | "□" | "无" | "未参保" => "0".to_owned(),
        _ => text.to_owned(),
    }
}

/// 张　三 is written with a blank so that columns align: between Han characters it means nothing.
fn joined_name(text: &str) -> String {
    let blank = |c: char| c.is_whitespace();
    if text.chars().filter(|c| !blank(*c)).all(|c| !c.is_ascii() && c != '·') {
        return text.chars().filter(|c| !blank(*c)).collect();
    }
    text.to_owned()
}

/// `2015-03-14 00:00:00` without its midnight.
fn without_time(text: &str) -> String {
    match text.split_once(' ') {
        Some((day, time)) if time.chars().all(|c| matches!(c, '0' | ':' | '.')) => day.to_owned(),
        _ => text.to_owned(),
    }
}
