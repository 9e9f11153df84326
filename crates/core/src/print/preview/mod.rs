//! The page model as text for a terminal: each ruled box stays a box, and its text is wrapped anew to the cells it has,
//! so that a page is readable at any width. White space between the lines is dropped. Knows no terminal.

mod sketch;

use super::page::Document;

/// Which characters draw the frames: what the terminal was found to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frames {
    /// `─ │ ┼`
    Line,
    /// `- | +`
    Ascii,
}

impl Frames {
    fn upright(self) -> char {
        match self {
            Self::Line => '│',
            Self::Ascii => '|',
        }
    }

    /// The character of a crossing, by the directions in which lines leave it.
    fn cross(self, up: bool, down: bool, left: bool, right: bool) -> char {
        if self == Self::Ascii {
            return match (up || down, left || right) {
                (false, false) => ' ',
                (true, false) => '|',
                (false, true) => '-',
                (true, true) => '+',
            };
        }
        match (up, down, left, right) {
            (false, false, false, false) => ' ',
            (false, false, ..) => '─',
            (_, _, false, false) => '│',
            (true, true, false, true) => '├',
            (true, true, true, false) => '┤',
            (true, true, true, true) => '┼',
            (true, false, false, true) => '└',
            (true, false, true, false) => '┘',
            (true, false, true, true) => '┴',
            (false, true, false, true) => '┌',
            (false, true, true, false) => '┐',
            (false, true, true, true) => '┬',
        }
    }
}

/// Each page as lines of at most `columns` cells (at least 40); pages are separated by an empty line.
pub fn preview_text(document: &Document, columns: usize, frames: Frames) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, page) in document.pages.iter().enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        lines.extend(sketch::page(page, columns.max(40), frames));
    }
    lines
}
