//! A file as sheets of lines of cells, whatever its format, within limits. Knows no titles and no forms.

use chrono::NaiveDate;

/// Largest file, and largest content a workbook may unpack to four times over, in bytes.
pub const MAX_FILE: u64 = 50 * 1024 * 1024;
/// Most rows of a sheet.
pub const MAX_LINES: u32 = 20_000;
/// Most columns of a sheet.
pub const MAX_COLUMNS: usize = 200;
/// Longest content of one cell, in bytes.
pub const MAX_FIELD: usize = 8 * 1024;
/// Most faults that are listed.
pub const MAX_FAULTS: usize = 1_000;

/// What stands in one cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text.
    Text(String),
    /// A number, as its shortest decimal text.
    Number(String),
    /// A day.
    Day(NaiveDate),
    /// An error of the spreadsheet, such as `#N/A`.
    Error(String),
    /// More than [`MAX_FIELD`].
    TooLong,
}

impl Cell {
    /// A text, trimmed; nothing for white space alone.
    pub(super) fn text(text: &str) -> Self {
        if text.len() > MAX_FIELD {
            return Self::TooLong;
        }
        match text.trim() {
            "" => Self::Empty,
            text => Self::Text(text.to_owned()),
        }
    }

    /// What a person sees in the cell, at most the first 60 characters.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Number(text) | Self::Error(text) => text.chars().take(60).collect(),
            Self::Day(day) => day.to_string(),
            Self::TooLong => "……".to_owned(),
        }
    }
}

/// One line with content.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Row as the spreadsheet counts, from 1.
    pub(super) number: u32,
    /// Cells from column A on.
    pub(super) cells: Vec<Cell>,
}

/// One sheet.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    /// Name; empty for csv.
    pub(super) name: String,
    /// Lines with content, in their order.
    pub(super) lines: Vec<Line>,
}

/// A column as the spreadsheet calls it: A, B, ... Z, AA.
pub fn letters(column: usize) -> String {
    let mut rest = column;
    let mut found = Vec::new();
    loop {
        let digit = u8::try_from(rest % 26).unwrap_or_default();
        found.push(char::from(b'A' + digit));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    found.iter().rev().collect()
}
