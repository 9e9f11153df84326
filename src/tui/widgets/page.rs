//! A page to read: headings, labelled values, rows to choose from; wrapped to the window, scrolled by lines. Laid out
//! once for a width, so that a bill of three hundred lines costs a frame no more than its window. Knows lines; must
//! not know what they mean.

use std::cell::{Cell, RefCell};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::cells::{fit, fit_right, put, put_fill, safe, width, wrap};
use crate::tui::keymap::Action;
use crate::tui::look::{Glyphs, Look};
use crate::tui::text;
use crate::tui::theme::Role;

/// Where the word stands that marks a value.
const MARK_AT: u16 = 1;
/// Where labels and running text begin.
const LABEL_AT: u16 = 6;
/// Cells of a label.
const LABEL_CELLS: u16 = 18;
/// Where values begin.
const VALUE_AT: u16 = LABEL_AT + LABEL_CELLS + 1;

/// One piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A heading over what follows.
    Heading(String),
    /// A label with its value; `mark` is a word that says how it stands.
    Value {
        /// The word before it; may be empty.
        mark: &'static str,
        /// Label.
        label: String,
        /// Value, wrapped.
        text: String,
        /// How it is meant.
        role: Role,
    },
    /// Running text, wrapped; `mark` as above.
    Text {
        /// The word before it; may be empty.
        mark: &'static str,
        /// The words.
        text: String,
        /// How it is meant.
        role: Role,
    },
    /// One line in columns, cut at the window's edge; may be chosen.
    Row {
        /// The columns, already fitted.
        text: String,
        /// How it is meant.
        role: Role,
        /// The person can choose it.
        pick: bool,
    },
}

impl Entry {
    /// A plain value.
    pub fn value(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Value { mark: "", label: label.into(), text: text.into(), role: Role::Text }
    }

    /// A value with a mark and a meaning.
    pub fn marked(mark: &'static str, label: impl Into<String>, text: impl Into<String>, role: Role) -> Self {
        Self::Value { mark, label: label.into(), text: text.into(), role }
    }

    /// Running text.
    pub fn text(text: impl Into<String>, role: Role) -> Self {
        Self::Text { mark: "", text: text.into(), role }
    }

    /// A line in columns.
    pub fn row(text: impl Into<String>, role: Role, pick: bool) -> Self {
        Self::Row { text: text.into(), role, pick }
    }
}

/// Texts in columns of so many cells; a negative number puts the text to the right.
pub fn columns(parts: &[(&str, i16)]) -> String {
    let mut line = String::new();
    for (text, cells) in parts {
        let room = usize::from(cells.unsigned_abs());
        line.push_str(&if *cells < 0 { fit_right(text, room, "~") } else { fit(text, room, "~") });
        line.push_str("  ");
    }
    line.trim_end().to_owned()
}

/// A line of the screen.
#[derive(Clone, Debug)]
struct Line {
    entry: usize,
    mark: &'static str,
    label: String,
    text: String,
    at: u16,
    role: Role,
    heading: bool,
}

/// What was laid out last, and for which window.
#[derive(Clone, Debug, Default)]
struct Laid {
    width: u16,
    glyphs: Option<Glyphs>,
    lines: Vec<Line>,
}

/// A page with its scroll and its choice.
#[derive(Clone, Debug, Default)]
pub struct Page {
    entries: Vec<Entry>,
    top: usize,
    chosen: Option<usize>,
    laid: RefCell<Laid>,
    rows: Cell<usize>,
}

impl Page {
    /// A page of these entries; the first row that can be chosen is chosen.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut page = Self::default();
        page.set(entries);
        page
    }

    /// Replaces the entries; scroll and choice stay where they were, as far as they can.
    pub fn set(&mut self, entries: Vec<Entry>) {
        self.entries = entries;
        self.laid.replace(Laid::default());
        if !self.chosen.is_some_and(|at| self.picks(at)) {
            self.chosen = (0..self.entries.len()).find(|at| self.picks(*at));
        }
    }

    /// The chosen row: how many rows that can be chosen stand before it.
    pub fn chosen(&self) -> Option<usize> {
        let chosen = self.chosen?;
        Some((0..chosen).filter(|at| self.picks(*at)).count())
    }

    fn picks(&self, at: usize) -> bool {
        matches!(self.entries.get(at), Some(Entry::Row { pick: true, .. }))
    }

    /// Scrolls to the heading that begins with these words.
    pub fn go_to_heading(&mut self, words: &str) -> bool {
        let is = |entry: &Entry| matches!(entry, Entry::Heading(text) if text.starts_with(words));
        let Some(at) = self.entries.iter().position(is) else { return false };
        let line = self.laid.borrow().lines.iter().position(|line| line.entry == at);
        self.top = line.unwrap_or(at);
        self.hold();
        true
    }

    /// Moves by an action; answers false where the action is not a move. Up and down go through the rows that can be
    /// chosen, where there are any; else they scroll.
    pub fn act(&mut self, action: Action) -> bool {
        let page = self.rows.get().saturating_sub(1).max(1);
        match action {
            Action::Next => self.step(true),
            Action::Previous => self.step(false),
            Action::PageDown => self.top = self.top.saturating_add(page),
            Action::PageUp => self.top = self.top.saturating_sub(page),
            Action::First => self.top = 0,
            Action::Last => self.top = usize::MAX,
            _ => return false,
        }
        self.hold();
        if matches!(action, Action::PageDown | Action::PageUp | Action::First | Action::Last) {
            self.choose_in_view(matches!(action, Action::Last));
        }
        true
    }

    fn step(&mut self, down: bool) {
        let mut next = match (self.chosen, down) {
            (None, _) => None,
            (Some(at), true) => (at + 1..self.entries.len()).find(|at| self.picks(*at)),
            (Some(at), false) => (0..at).rev().find(|at| self.picks(*at)),
        };
        // A row far away is not jumped to: the lines between are read first.
        let line = next.and_then(|at| self.line_of(at));
        let rows = self.rows.get();
        if line.is_some_and(|line| line > self.top + rows || line + 1 < self.top) {
            next = None;
        }
        match (next, line) {
            (Some(at), Some(line)) => {
                self.chosen = Some(at);
                if line < self.top {
                    self.top = line;
                } else if line >= self.top + rows {
                    self.top = line + 1 - rows;
                }
            }
            _ if down => self.top = self.top.saturating_add(1),
            _ => self.top = self.top.saturating_sub(1),
        }
    }

    fn line_of(&self, entry: usize) -> Option<usize> {
        self.laid.borrow().lines.iter().position(|line| line.entry == entry)
    }

    fn choose_in_view(&mut self, last: bool) {
        let view: Vec<usize> = {
            let laid = self.laid.borrow();
            let lines = laid.lines.iter().skip(self.top).take(self.rows.get());
            lines.map(|line| line.entry).filter(|at| self.picks(*at)).collect()
        };
        if let Some(at) = if last { view.last() } else { view.first() } {
            self.chosen = Some(*at);
        }
    }

    /// Stops at the last line.
    fn hold(&mut self) {
        let lines = self.laid.borrow().lines.len();
        self.top = self.top.min(lines.saturating_sub(self.rows.get()));
    }

    fn lay(&self, width: u16, glyphs: Glyphs) {
        let mut laid = self.laid.borrow_mut();
        if laid.width == width && laid.glyphs == Some(glyphs) {
            return;
        }
        let mut lines = Vec::new();
        for (entry, piece) in self.entries.iter().enumerate() {
            lay_entry(&mut lines, entry, piece, width, glyphs);
        }
        *laid = Laid { width, glyphs: Some(glyphs), lines };
    }

    /// Draws the page; answers the cursor's cell: at the chosen row, or at the first line.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Position {
        self.lay(area.width, look.glyphs);
        let rows = usize::from(area.height);
        self.rows.set(rows);
        let laid = self.laid.borrow();
        let top = self.top.min(laid.lines.len().saturating_sub(rows));
        let mut cursor = Position { x: area.x, y: area.y };
        for (line, y) in laid.lines.iter().skip(top).zip(area.y..area.bottom()) {
            let chosen = self.chosen == Some(line.entry);
            if draw(buf, Rect { y, height: 1, ..area }, line, chosen, look) {
                cursor = Position { x: area.x + LABEL_AT, y };
            }
        }
        if laid.lines.len() > rows {
            let at = text::position((top + rows).min(laid.lines.len()), laid.lines.len());
            let cells = u16::try_from(width(&at)).unwrap_or(0);
            let x = area.right().saturating_sub(cells + 1);
            put(buf, x, area.bottom(), &at, cells, look.theme.style(Role::Muted), look);
        }
        cursor
    }
}

fn lay_entry(lines: &mut Vec<Line>, entry: usize, piece: &Entry, width: u16, glyphs: Glyphs) {
    let line = |at: u16, text: String, role: Role| Line {
        entry,
        mark: "",
        label: String::new(),
        text,
        at,
        role,
        heading: false,
    };
    match piece {
        Entry::Heading(words) => {
            if !lines.is_empty() {
                lines.push(line(0, String::new(), Role::Text));
            }
            lines.push(Line { heading: true, ..line(MARK_AT, words.clone(), Role::Heading) });
        }
        Entry::Value { mark, label, text, role } => {
            let room = usize::from(width.saturating_sub(VALUE_AT + 1));
            for (index, part) in wrap(&safe(text, glyphs), room).into_iter().enumerate() {
                let first = index == 0;
                lines.push(Line {
                    mark: if first { mark } else { "" },
                    label: if first { label.clone() } else { String::new() },
                    ..line(VALUE_AT, part, *role)
                });
            }
        }
        Entry::Text { mark, text, role } => {
            let room = usize::from(width.saturating_sub(LABEL_AT + 1));
            for (index, part) in wrap(&safe(text, glyphs), room).into_iter().enumerate() {
                lines.push(Line { mark: if index == 0 { mark } else { "" }, ..line(LABEL_AT, part, *role) });
            }
        }
        Entry::Row { text, role, .. } => lines.push(line(LABEL_AT, text.clone(), *role)),
    }
}

/// Draws one line; answers whether it is the chosen one.
fn draw(buf: &mut Buffer, area: Rect, line: &Line, chosen: bool, look: &Look) -> bool {
    let style = look.theme.style(if chosen { Role::Selected } else { line.role });
    if line.heading {
        let end = put(buf, area.x + line.at, area.y, &line.text, area.width, style, look) + 1;
        let rest = area.right().saturating_sub(end + 1);
        let rule = look.glyphs.rule().repeat(usize::from(rest));
        put(buf, end, area.y, &rule, rest, look.theme.style(Role::Muted), look);
        return false;
    }
    if chosen {
        let start = area.x + LABEL_AT - 1;
        put_fill(buf, start, area.y, "", area.right().saturating_sub(start + 1), style, look);
    }
    put(buf, area.x + MARK_AT, area.y, line.mark, LABEL_AT - MARK_AT, style, look);
    let muted = look.theme.style(Role::Muted);
    put(buf, area.x + LABEL_AT, area.y, &line.label, LABEL_CELLS, muted, look);
    let x = area.x + line.at;
    put(buf, x, area.y, &line.text, area.right().saturating_sub(x + 1), style, look);
    chosen
}

#[cfg(test)]
mod tests;
