//! Reads an xlsx workbook cell by cell: values only, never a formula, never more than the limits. Knows no titles.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Dimensions, Reader, SheetVisible, Xlsx};
use chrono::NaiveDate;

use super::fault::FileFault;
use super::grid::{Cell, Line, MAX_COLUMNS, MAX_FILE, Sheet};

/// A workbook may unpack to four times the largest file; what unpacks to more is a trap.
const MAX_UNPACKED: u64 = MAX_FILE * 4;
/// Parts inside a workbook.
const MAX_PARTS: usize = 2_000;

/// The visible sheets, of at most so many rows each.
pub(super) fn read(bytes: &[u8], most: u32) -> Result<Vec<Sheet>, FileFault> {
    measure(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let visible = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    names.into_iter().map(|name| sheet(&mut book, name, most)).collect()
}

fn damaged(error: impl std::fmt::Display) -> FileFault {
    FileFault::Damaged(error.to_string().chars().filter(|c| !c.is_control()).take(80).collect())
}

/// Unpacks everything into nothing, counting: what the headers say about sizes may be a lie.
fn measure(bytes: &[u8]) -> Result<(), FileFault> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MAX_PARTS {
        return Err(FileFault::TooLarge);
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(damaged)?;
        left = left.checked_sub(read).ok_or(FileFault::TooLarge)?;
    }
    Ok(())
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: String, most: u32) -> Result<Sheet, FileFault> {
    // A sheet of charts has none.
    let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
    let mut lines: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    let mut cells = book.worksheet_cells_reader(&name).map_err(damaged)?;
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        let value = value(cell.get_value());
        if value == Cell::Empty {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if row >= most {
            return Err(FileFault::TooLong { sheet: name, max: most });
        }
        if column >= MAX_COLUMNS {
            return Err(FileFault::TooWide { sheet: name, row: row + 1, max: MAX_COLUMNS });
        }
        put(lines.entry(row).or_default(), column, value);
    }
    for region in merged {
        spread(&mut lines, region, most);
    }
    let lines = lines.into_iter().map(|(row, cells)| Line { number: row + 1, cells });
    Ok(Sheet { name, lines: lines.collect() })
}

fn put(line: &mut Vec<Cell>, column: usize, value: Cell) {
    if line.len() <= column {
        line.resize(column + 1, Cell::Empty);
    }
    if let Some(cell) = line.get_mut(column) {
        *cell = value;
    }
}

/// A cell merged over several rows of its column says the same for each of them (a class beside its pupils). Cells
/// merged over columns are headings and stay where they begin.
fn spread(lines: &mut BTreeMap<u32, Vec<Cell>>, region: Dimensions, most: u32) {
    let ((first, column), (last, end)) = (region.start, region.end);
    let column = usize::try_from(column).unwrap_or(usize::MAX);
    let said = lines.get(&first).and_then(|line| line.get(column)).cloned().unwrap_or_default();
    if end != region.start.1 || last <= first || column >= MAX_COLUMNS || said == Cell::Empty {
        return;
    }
    for (_, line) in lines.range_mut(first + 1..=last.min(most)) {
        if line.get(column).is_none_or(|cell| *cell == Cell::Empty) {
            put(line, column, said.clone());
        }
    }
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Bool(truth) => Cell::Text(if *truth { "1" } else { "0" }.to_owned()),
        DataRef::Int(number) => Cell::Number(number.to_string()),
        // The shortest text that reads back as the same number; nothing is calculated with it.
        DataRef::Float(number) => Cell::Number(number.to_string()),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let found = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
            found.map_or_else(|| Cell::Number(moment.as_f64().to_string()), Cell::Day)
        }
        DataRef::DateTimeIso(text) => match text.get(..10).and_then(|day| day.parse().ok()) {
            Some(day) => Cell::Day(day),
            None => Cell::text(text),
        },
        DataRef::DurationIso(text) => Cell::text(text),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}
