//! Reads a csv: UTF-8 with or without a mark, UTF-16 with one, else GB18030; commas, semicolons or tabs. Knows no
//! titles.

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

use super::fault::FileFault;
use super::grid::{Cell, Line, MAX_COLUMNS, Sheet};

/// The one sheet of a csv file, of at most so many rows.
pub(super) fn read(bytes: &[u8], most: u32) -> Result<Vec<Sheet>, FileFault> {
    let text = decoded(bytes)?.replace("\r\n", "\n");
    if text.contains('\0') {
        return Err(FileFault::Damaged("二进制内容".to_owned()));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    // Line ends inside quotes: a spreadsheet counts rows, not lines of text.
    let mut inside = 0;
    for record in reader.records() {
        let record = record.map_err(|error| FileFault::Damaged(error.to_string()))?;
        let number = record.position().map_or(0, csv::Position::line);
        let number = u32::try_from(number.saturating_sub(inside)).unwrap_or(u32::MAX);
        inside += record.iter().map(|field| field.matches('\n').count() as u64).sum::<u64>();
        if number > most {
            return Err(FileFault::TooLong { sheet: String::new(), max: most });
        }
        let mut cells: Vec<Cell> = record.iter().map(cell).collect();
        while cells.last() == Some(&Cell::Empty) {
            cells.pop();
        }
        if cells.len() > MAX_COLUMNS {
            return Err(FileFault::TooWide { sheet: String::new(), row: number, max: MAX_COLUMNS });
        }
        if !cells.is_empty() {
            lines.push(Line { number, cells });
        }
    }
    Ok(vec![Sheet { name: String::new(), lines }])
}

fn decoded(bytes: &[u8]) -> Result<String, FileFault> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        let wide = encoding == UTF_16LE || encoding == UTF_16BE;
        let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
        return text
            .filter(|_| wide || encoding == encoding_rs::UTF_8)
            .map_or_else(wrong, |t| Ok(t.into_owned()));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => {
            let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
            text.map_or_else(wrong, |text| Ok(text.into_owned()))
        }
    }
}

fn wrong() -> Result<String, FileFault> {
    Err(FileFault::Encoding)
}

/// What separates the fields: the sign that stands most often in the first lines.
fn delimiter(text: &str) -> u8 {
    let count = |sign: char| text.lines().take(20).map(|line| line.matches(sign).count()).sum::<usize>();
    let commas = count(',');
    match (count('\t'), count(';')) {
        (tabs, semicolons) if tabs > commas && tabs >= semicolons => b'\t',
        (_, semicolons) if semicolons > commas => b';',
        _ => b',',
    }
}

/// A field. `="0451"` and `'0451` are the ways in which spreadsheets are told that digits are a text.
fn cell(field: &str) -> Cell {
    let field = field.trim();
    if let Some(inner) = field.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return Cell::text(inner);
    }
    Cell::text(field.strip_prefix('\'').unwrap_or(field))
}
