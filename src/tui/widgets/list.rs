//! A list of rows in columns, with a prefix column for line commands. Pages are fixed: a row stands where it stood. Only
//! the rows on the screen are asked for, so a thousand rows cost as much as twenty. Knows columns and cells; must not
//! know what a row is.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::cells::{fit, fit_right, put, put_fill, safe};
use crate::tui::key::{Code, Key, half_width};
use crate::tui::keymap::Action;
use crate::tui::look::Look;
use crate::tui::theme::Role;

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub title: &'static str,
    /// Its cells; 0 takes what is left (one column at most).
    pub cells: u16,
    /// Figures stand at the right.
    pub right: bool,
}

impl Column {
    /// A column of text.
    pub const fn text(title: &'static str, cells: u16) -> Self {
        Self { title, cells, right: false }
    }

    /// A column of figures.
    pub const fn figures(title: &'static str, cells: u16) -> Self {
        Self { title, cells, right: true }
    }
}

/// The chosen row, and the letters typed into the prefix column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListState {
    selected: usize,
    marks: BTreeMap<usize, char>,
}

/// What a list shows.
pub struct List<'a, 't> {
    /// Columns from left to right.
    pub columns: &'a [Column],
    /// Number of rows.
    pub len: usize,
    /// The text of a cell by row and column.
    pub cell: &'a dyn Fn(usize, usize) -> Cow<'t, str>,
    /// How a row is meant; its state must also be a word in one of its cells.
    pub role: &'a dyn Fn(usize) -> Role,
    /// Draw a prefix column.
    pub prefix: bool,
}

impl ListState {
    /// The chosen row.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Chooses a row.
    pub fn select(&mut self, row: usize) {
        self.selected = row;
    }

    /// Moves by an action; answers false where the action is not a move. `page` is the body's height.
    pub fn act(&mut self, action: Action, len: usize, page: u16) -> bool {
        let last = len.saturating_sub(1);
        let page = usize::from(page.saturating_sub(1)).max(1);
        self.selected = match action {
            Action::Next => self.selected.saturating_add(1).min(last),
            Action::Previous => self.selected.saturating_sub(1),
            Action::PageDown => self.selected.saturating_add(page).min(last),
            Action::PageUp => self.selected.saturating_sub(page),
            Action::First => 0,
            Action::Last => last,
            _ => return false,
        };
        true
    }

    /// Keeps the choice inside a list that became shorter, and forgets marks beyond it.
    pub fn clamp(&mut self, len: usize) {
        self.selected = self.selected.min(len.saturating_sub(1));
        self.marks.retain(|row, _| *row < len);
    }

    /// Types into the prefix column: one of `letters` marks the row and goes on, space or Backspace takes the mark away.
    pub fn mark(&mut self, key: Key, letters: &str, len: usize) -> bool {
        match key.code {
            Code::Char(c) if !key.ctrl && len > 0 => {
                let c = half_width(c).to_ascii_uppercase();
                if letters.contains(c) {
                    self.marks.insert(self.selected, c);
                } else if c == ' ' {
                    self.marks.remove(&self.selected);
                } else {
                    return false;
                }
                self.selected = (self.selected + 1).min(len - 1);
                true
            }
            Code::Backspace => self.marks.remove(&self.selected).is_some(),
            _ => false,
        }
    }

    /// The marked rows with their letters.
    pub fn marks(&self) -> &BTreeMap<usize, char> {
        &self.marks
    }

    /// Forgets all marks: they were carried out.
    pub fn clear_marks(&mut self) {
        self.marks.clear();
    }
}

impl List<'_, '_> {
    /// Draws head and the page with the chosen row; answers the cursor's cell, in that row.
    pub fn view(&self, state: &ListState, buf: &mut Buffer, area: Rect, look: &Look) -> Position {
        let head = look.theme.style(Role::Muted);
        let mark = look.glyphs.cut();
        let widths = self.widths(area.width);
        let start = area.x + if self.prefix { 3 } else { 1 };
        let mut x = start;
        for (column, cells) in self.columns.iter().zip(&widths) {
            let title = align(column, column.title, usize::from(*cells), mark);
            put(buf, x, area.y, &title, *cells, head, look);
            x += cells + 1;
        }
        let height = usize::from(area.height.saturating_sub(1)).max(1);
        let top = state.selected / height * height;
        let mut cursor = Position { x: area.x, y: area.y };
        for (row, y) in (top..self.len.min(top + height)).zip(area.y + 1..area.bottom()) {
            let chosen = row == state.selected;
            let style = look.theme.style(if chosen { Role::Selected } else { (self.role)(row) });
            put_fill(buf, area.x, y, "", area.width, if chosen { style } else { Default::default() }, look);
            let letter = state.marks.get(&row).map(char::to_string).unwrap_or_default();
            if self.prefix {
                put_fill(buf, area.x, y, &letter, 1, look.theme.style(Role::Field).patch(style), look);
            }
            let mut x = start;
            for (index, (column, cells)) in self.columns.iter().zip(&widths).enumerate() {
                let text = (self.cell)(row, index);
                let text = align(column, &safe(&text, look.glyphs), usize::from(*cells), mark);
                put(buf, x, y, &text, *cells, style, look);
                x += cells + 1;
            }
            if chosen {
                cursor = Position { x: if self.prefix { area.x } else { start }, y };
            }
        }
        cursor
    }

    fn widths(&self, cols: u16) -> Vec<u16> {
        let gaps = u16::try_from(self.columns.len()).unwrap_or(u16::MAX);
        let fixed: u16 = self.columns.iter().map(|c| c.cells).sum();
        let left = cols.saturating_sub(fixed.saturating_add(gaps) + if self.prefix { 3 } else { 1 });
        self.columns.iter().map(|c| if c.cells == 0 { left } else { c.cells }).collect()
    }
}

fn align(column: &Column, text: &str, cells: usize, mark: &str) -> String {
    if column.right { fit_right(text, cells, mark) } else { fit(text, cells, mark) }
}
