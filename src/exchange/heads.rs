//! Finds the line of titles of a sheet that is no roster: each column by its names, whatever the order, also where the
//! titles stand on two lines (merged cells). Knows words; must not know what stands below them.

use std::collections::BTreeMap;

use super::fault::FileFault;
use super::grid::{Cell, Line, Sheet, letters};
use super::titles::plain;

/// Rows in which the titles are looked for.
const DEPTH: usize = 30;

/// A column that is looked for: its id, and every title that means it.
pub(super) struct Wanted {
    pub(super) id: &'static str,
    pub(super) words: Vec<String>,
}

impl Wanted {
    pub(super) fn new(id: &'static str, words: &[&str]) -> Self {
        Self { id, words: words.iter().map(|word| plain(word)).collect() }
    }
}

/// The titles of one sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    /// Index of the first line below them.
    pub(super) below: usize,
    /// Column of each id.
    pub(super) columns: BTreeMap<&'static str, usize>,
    /// Titles as written.
    pub(super) words: BTreeMap<usize, String>,
    /// Titles that nothing answers to, with the letter of their column.
    pub(super) unknown: Vec<String>,
}

impl Heads {
    /// What stands in the column of an id.
    pub(super) fn cell<'l>(&self, line: &'l Line, id: &str) -> &'l Cell {
        self.columns.get(id).and_then(|column| line.cells.get(*column)).unwrap_or(&Cell::Empty)
    }

    /// The title over the column of an id, as written.
    pub(super) fn title(&self, id: &str) -> &str {
        self.columns.get(id).and_then(|column| self.words.get(column)).map_or("", String::as_str)
    }
}

/// Finds the titles of a sheet: the first line (or two) that has all of `needed`; none where no line has.
///
/// # Errors
/// When two columns bear titles that mean the same.
pub(super) fn find(sheet: &Sheet, wanted: &[Wanted], needed: &[&str]) -> Result<Option<Heads>, FileFault> {
    for index in 0..sheet.lines.len().min(DEPTH) {
        let Some(line) = sheet.lines.get(index) else { break };
        let has = |heads: &Heads| needed.iter().all(|id| heads.columns.contains_key(id));
        let single = read(index + 1, &line.cells, wanted);
        let second = sheet.lines.get(index + 1).map(|second| {
            let double = read(index + 2, &both(&line.cells, &second.cells), wanted);
            (double, read(index + 2, &second.cells, wanted).columns.len())
        });
        // Two lines of titles say more than each of them alone.
        let more = |double: &Heads, alone: usize| double.columns.len() > alone.max(single.columns.len());
        let found = match second {
            Some((double, alone)) if has(&double) && more(&double, alone) => double,
            _ if has(&single) => single,
            _ => continue,
        };
        once(sheet, &found, wanted)?;
        return Ok(Some(found));
    }
    Ok(None)
}

/// The lower title where there is one, else the upper one.
fn both(upper: &[Cell], lower: &[Cell]) -> Vec<Cell> {
    let cells = upper.len().max(lower.len());
    let at = |line: &[Cell], index: usize| line.get(index).cloned().unwrap_or_default();
    (0..cells)
        .map(|index| Some(at(lower, index)).filter(|cell| *cell != Cell::Empty).unwrap_or(at(upper, index)))
        .collect()
}

fn read(below: usize, cells: &[Cell], wanted: &[Wanted]) -> Heads {
    let mut heads = Heads { below, ..Heads::default() };
    for (column, cell) in cells.iter().enumerate() {
        let Cell::Text(word) = cell else { continue };
        heads.words.insert(column, word.clone());
        match meant(word, wanted) {
            Some(id) => drop(heads.columns.entry(id).or_insert(column)),
            None => heads.unknown.push(format!("{} {word}", letters(column))),
        }
    }
    heads
}

fn meant(word: &str, wanted: &[Wanted]) -> Option<&'static str> {
    let plain = plain(word);
    wanted.iter().find(|one| one.id == plain || one.words.contains(&plain)).map(|one| one.id)
}

/// Two columns with the same content: which one is true, nobody can tell.
fn once(sheet: &Sheet, heads: &Heads, wanted: &[Wanted]) -> Result<(), FileFault> {
    for (column, word) in &heads.words {
        let Some(id) = meant(word, wanted) else { continue };
        let first = heads.columns.get(id).copied().unwrap_or(*column);
        if first != *column {
            return Err(FileFault::TitleTwice {
                sheet: sheet.name.clone(),
                title: word.clone(),
                first: letters(first),
                second: letters(*column),
            });
        }
    }
    Ok(())
}
