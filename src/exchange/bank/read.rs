//! Reads what a bank gave back, by the layout's part: every line or none, since control totals prove nothing about a file
//! that was read in part. Knows layouts and bytes; must not know which list it answers.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use xiangbao_core::event::LineFinding;
use xiangbao_core::identity::text::is_refused;
use xiangbao_core::money::{Fen, parse_yuan};

use super::layout::{CellSpec, Encoding, Field, Layout, Part, Shape, Use};
use super::text::decoded;
use crate::exchange::MAX_FILE;

/// Most lines that are told of one file.
const MAX_TOLD: usize = 50;

/// A line that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackLine {
    /// Line of the file, from 1.
    pub line: u32,
    /// Texts by field, without filling.
    pub texts: BTreeMap<Field, String>,
    /// Number within the list.
    pub seq: u32,
    /// Money.
    pub amount: Fen,
    /// The bank's day of the line, or of the file.
    pub day: NaiveDate,
}

/// A file that was read; its control totals fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// Number of the list, where the file says it.
    pub list_no: Option<String>,
    /// Lines.
    pub lines: Vec<BackLine>,
    /// What the bank says it did: lines and sum, where the file says it.
    pub done: (Option<u64>, Option<Fen>),
}

/// Why a file is not taken at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    /// The layout has no part for it.
    #[error("the layout has no [{0}]")]
    NoPart(&'static str),
    /// Longer than a file may be.
    #[error("the file is too long")]
    TooLong,
    /// Not of the encoding.
    #[error("line {line} is not {encoding}")]
    Encoding {
        /// Line, from 1.
        line: u32,
        /// Encoding.
        encoding: &'static str,
    },
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Lines that cannot be read.
    #[error("{} lines cannot be read", .0.len())]
    Lines(Vec<LineFinding>),
    /// A control total does not fit.
    #[error("{}: the file says {said}, its lines {found}", .field.id())]
    Total {
        /// Which.
        field: Field,
        /// What header or trailer say.
        said: String,
        /// What the lines say.
        found: String,
    },
}

impl ReadFault {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::NoPart(part) => {
                format!("这个银行版式没有 [{part}] 一节，不能读这种文件。请管理员补全版式。")
            }
            Self::TooLong => "文件太大，没有读。请核对是否选对了文件。".to_owned(),
            Self::Encoding { line, encoding } => {
                format!("第 {line} 行不是 {encoding} 编码：整个文件没有采用。请核对文件和银行版式。")
            }
            Self::Empty => "文件是空的，没有采用。请向银行重新索取。".to_owned(),
            Self::Lines(findings) => {
                let first = findings.first().map_or("", |finding| finding.text.as_str());
                format!("有 {} 行读不出，整个文件没有采用：{first}", findings.len())
            }
            Self::Total { field, said, found } => format!(
                "{}不符：文件写 {said}，逐行合计 {found}。整个文件没有采用，请银行核对后重新回盘。",
                field.label()
            ),
        }
    }

    /// Line by line.
    pub fn findings(&self) -> Vec<LineFinding> {
        match self {
            Self::Lines(findings) => findings.clone(),
            other => vec![LineFinding { line: 0, text: other.zh() }],
        }
    }
}

/// Cells of a line, or what is wrong with it.
type Row = Result<BTreeMap<Field, String>, String>;

/// Reads a returned file.
///
/// # Errors
/// When any line cannot be read or a control total does not fit: nothing of the file is taken then.
pub fn read_back(layout: &Layout, wanted: Use, bytes: &[u8]) -> Result<Back, ReadFault> {
    let part = layout.part(wanted).ok_or(ReadFault::NoPart(wanted.id()))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_FILE {
        return Err(ReadFault::TooLong);
    }
    let mark = layout.encoding == Encoding::Utf8;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").filter(|_| mark).unwrap_or(bytes);
    let mut raw: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    // The last line ends with a line end; nothing stands behind it.
    if raw.last().is_some_and(|last| last.is_empty()) {
        raw.pop();
    }
    if raw.is_empty() {
        return Err(ReadFault::Empty);
    }
    let last = raw.len();
    let head = usize::from(!part.header.is_empty());
    let titles = usize::from(part.titles);
    let foot = usize::from(!part.trailer.is_empty());
    let mut reader = Reader { layout, part, findings: Vec::new() };
    let mut whole: BTreeMap<Field, String> = BTreeMap::new();
    let mut rows: Vec<(u32, BTreeMap<Field, String>)> = Vec::new();
    if last < head + titles + foot {
        return Err(ReadFault::Empty);
    }
    for ((line, index), number) in raw.into_iter().zip(0_usize..).zip(1_u32..) {
        let text = line.strip_suffix(b"\r").unwrap_or(line);
        let is_head = index < head;
        let is_title = !is_head && index < head + titles;
        let cells = match () {
            () if is_head => &part.header,
            () if index + foot >= last => &part.trailer,
            () => &part.line,
        };
        let row = reader.row(cells, text, number, is_title)?;
        match row {
            Ok(_) if is_title => {}
            Ok(row) if is_head || index + foot >= last => whole.extend(row),
            Ok(row) => rows.push((number, row)),
            Err(text) => {
                reader.findings.push(LineFinding { line: number, text: format!("第 {number} 行：{text}") })
            }
        }
    }
    let lines = reader.lines(rows, &whole);
    if !reader.findings.is_empty() {
        reader.findings.truncate(MAX_TOLD);
        return Err(ReadFault::Lines(reader.findings));
    }
    totals(part, &whole, &lines)
}

struct Reader<'a> {
    layout: &'a Layout,
    part: &'a Part,
    findings: Vec<LineFinding>,
}

impl Reader<'_> {
    fn row(&self, cells: &[CellSpec], line: &[u8], number: u32, title: bool) -> Result<Row, ReadFault> {
        let encoding = self.layout.encoding;
        let wrong = ReadFault::Encoding { line: number, encoding: encoding.label() };
        let texts = match self.layout.shape {
            Shape::Fixed => match fixed(cells, line, encoding) {
                Ok(texts) => texts,
                Err(Some(text)) => return Ok(Err(text)),
                Err(None) => return Err(wrong),
            },
            Shape::Separated { separator, quoted } => {
                let text = decoded(line, encoding).ok_or(wrong)?;
                match separated(&text, separator, quoted) {
                    Some(texts) => texts,
                    None => return Ok(Err("引号不成对".to_owned())),
                }
            }
        };
        if texts.len() != cells.len() {
            return Ok(Err(format!("有 {} 栏，版式为 {} 栏", texts.len(), cells.len())));
        }
        Ok(if title { titled(cells, &texts) } else { named(cells, texts) })
    }

    fn lines(
        &mut self,
        rows: Vec<(u32, BTreeMap<Field, String>)>,
        whole: &BTreeMap<Field, String>,
    ) -> Vec<BackLine> {
        let day_of = |text: Option<&String>| text.and_then(|text| day(text));
        let file_day = day_of(whole.get(&Field::Date));
        let mut lines = Vec::with_capacity(rows.len());
        for (line, texts) in rows {
            let seq = texts.get(&Field::Seq).and_then(|text| text.parse().ok());
            let amount = self.amount(&self.part.line, Field::Amount, &texts);
            let own_day = match texts.get(&Field::Date) {
                Some(text) => day(text),
                None => file_day,
            };
            match (seq, amount, own_day) {
                (Some(seq), Some(amount), Some(day)) => {
                    lines.push(BackLine { line, texts, seq, amount, day })
                }
                (seq, amount, _) => {
                    let field = match (seq, amount) {
                        (None, _) => Field::Seq,
                        (_, None) => Field::Amount,
                        _ => Field::Date,
                    };
                    let said = texts.get(&field).or(whole.get(&field)).map_or("", String::as_str);
                    let text = format!("第 {line} 行：{}【{said}】读不出", field.label());
                    self.findings.push(LineFinding { line, text });
                }
            }
        }
        lines
    }

    fn amount(&self, cells: &[CellSpec], field: Field, texts: &BTreeMap<Field, String>) -> Option<Fen> {
        money(cells.iter().find(|cell| cell.field == field)?, texts.get(&field)?)
    }
}

/// Cells of a fixed line; the reason, or nothing when the bytes are not of the encoding.
fn fixed(cells: &[CellSpec], line: &[u8], encoding: Encoding) -> Result<Vec<String>, Option<String>> {
    let width: usize = cells.iter().map(|cell| cell.width).sum();
    if line.len() != width {
        return Err(Some(format!("长 {} 字节，版式为 {width} 字节", line.len())));
    }
    let mut rest = line;
    let mut texts = Vec::with_capacity(cells.len());
    for cell in cells {
        let (own, after) = rest.split_at_checked(cell.width).ok_or(None)?;
        rest = after;
        let text = decoded(own, encoding).ok_or(None)?;
        let pad = char::from(cell.pad);
        let trimmed = if cell.right { text.trim_start_matches(pad) } else { text.trim_end_matches(pad) };
        // A number of nothing but filling is zero.
        texts.push(if trimmed.is_empty() && pad == '0' { "0".to_owned() } else { trimmed.to_owned() });
    }
    Ok(texts)
}

/// Cells of a separated line; none when a quote is not closed.
fn separated(text: &str, separator: char, quoted: bool) -> Option<Vec<String>> {
    if !quoted {
        return Some(text.split(separator).map(str::to_owned).collect());
    }
    let mut cells = vec![String::new()];
    let (mut inside, mut chars) = (false, text.chars().peekable());
    while let Some(found) = chars.next() {
        let cell = cells.last_mut()?;
        match found {
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if inside => inside = false,
            '"' if cell.is_empty() => inside = true,
            found if found == separator && !inside => cells.push(String::new()),
            found => cell.push(found),
        }
    }
    (!inside).then_some(cells)
}

fn titled(cells: &[CellSpec], texts: &[String]) -> Row {
    match cells.iter().zip(texts).find(|(cell, text)| cell.title != **text) {
        Some((cell, text)) => Err(format!("标题为【{}】，版式为【{}】", safe(text), cell.title)),
        None => Ok(BTreeMap::new()),
    }
}

fn named(cells: &[CellSpec], texts: Vec<String>) -> Row {
    let mut row = BTreeMap::new();
    for (cell, text) in cells.iter().zip(texts) {
        if let Some(found) = text.chars().find(|found| is_refused(*found)) {
            return Err(format!("{}中有不可用的字符（U+{:04X}）", cell.field.label(), u32::from(found)));
        }
        match cell.field {
            Field::Blank => {}
            Field::Constant if text == cell.text => {}
            Field::Constant => return Err(format!("应为【{}】，实为【{text}】", cell.text)),
            field => drop(row.insert(field, text)),
        }
    }
    Ok(row)
}

fn safe(text: &str) -> String {
    xiangbao_core::identity::text::display_safe(text).into_owned()
}

fn money(cell: &CellSpec, text: &str) -> Option<Fen> {
    if cell.fen {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        return text.parse().ok().filter(|_| digits).map(Fen);
    }
    parse_yuan(text).ok().filter(|amount| *amount >= Fen::ZERO)
}

fn day(text: &str) -> Option<NaiveDate> {
    ["%Y%m%d", "%Y-%m-%d"].into_iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())
}

/// Compares the control totals with the lines.
fn totals(part: &Part, whole: &BTreeMap<Field, String>, lines: &[BackLine]) -> Result<Back, ReadFault> {
    let differs =
        |field: Field, said: &str, found: String| ReadFault::Total { field, said: said.to_owned(), found };
    let count = |field: Field| -> Result<Option<u64>, ReadFault> {
        let Some(said) = whole.get(&field) else { return Ok(None) };
        said.parse().map(Some).map_err(|_| differs(field, said, "读不出".to_owned()))
    };
    let sum = |field: Field| -> Result<Option<Fen>, ReadFault> {
        let Some(said) = whole.get(&field) else { return Ok(None) };
        let cells = part.header.iter().chain(&part.trailer);
        let cell = cells.into_iter().find(|cell| cell.field == field);
        let read = cell.and_then(|cell| money(cell, said));
        read.map(Some).ok_or_else(|| differs(field, said, "读不出".to_owned()))
    };
    let found = Fen::checked_sum(lines.iter().map(|line| line.amount)).unwrap_or_default();
    if let Some(said) = count(Field::Count)?.filter(|said| *said != lines.len() as u64) {
        return Err(differs(Field::Count, &said.to_string(), lines.len().to_string()));
    }
    if let Some(said) = sum(Field::Sum)?.filter(|said| *said != found) {
        return Err(differs(Field::Sum, &said.to_grouped(), found.to_grouped()));
    }
    let done = (count(Field::DoneCount)?, sum(Field::DoneSum)?);
    let back = Back { list_no: whole.get(&Field::ListNo).cloned(), lines: lines.to_vec(), done };
    let codes = |line: &&BackLine| {
        let code = line.texts.get(&Field::Code);
        part.codes.iter().any(|known| known.done && Some(&known.code) == code)
    };
    let did: Vec<&BackLine> = back.lines.iter().filter(codes).collect();
    if let Some(said) = back.done.0.filter(|said| *said != did.len() as u64) {
        return Err(differs(Field::DoneCount, &said.to_string(), did.len().to_string()));
    }
    let sum_done = Fen::checked_sum(did.iter().map(|line| line.amount)).unwrap_or_default();
    if let Some(said) = back.done.1.filter(|said| *said != sum_done) {
        return Err(differs(Field::DoneSum, &said.to_grouped(), sum_done.to_grouped()));
    }
    Ok(back)
}
