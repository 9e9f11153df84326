//! A page of lines to read and scroll, each line with its meaning; long lines are wrapped with their indent. Knows
//! cells; must not know what the lines say.

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::keymap::Action;
use crate::tui::look::Look;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{put, width, wrap};

/// Cells of a label before its value.
const LABEL: usize = 20;
/// Cells of a figure.
const FIGURE: usize = 14;

/// One line before wrapping: a lead that stands once, and the text that wraps behind it.
struct Line {
    role: Role,
    lead: String,
    text: String,
}

/// The page.
#[derive(Default)]
pub(super) struct Leaf {
    lines: Vec<Line>,
    top: usize,
    /// Rows and lines of the last drawing, so that scrolling stops at the end.
    seen: Cell<(usize, usize)>,
}

impl Leaf {
    /// A heading, with an empty line before it unless it is the first.
    pub(super) fn heading(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.push(Role::Text, "", "");
        }
        self.push(Role::Heading, "", text);
    }

    /// A sentence.
    pub(super) fn say(&mut self, role: Role, text: &str) {
        self.push(role, "  ", text);
    }

    /// A label and its value.
    pub(super) fn pair(&mut self, role: Role, label: &str, value: &str) {
        let gap = " ".repeat(LABEL.saturating_sub(width(label) + 2).max(1));
        self.push(role, &format!("  {label}{gap}"), value);
    }

    /// A label and a figure, pushed to the right of its column.
    pub(super) fn figure(&mut self, label: &str, figure: &str) {
        let gap = " ".repeat(LABEL.saturating_sub(width(label) + 2).max(1));
        let before = " ".repeat(FIGURE.saturating_sub(width(figure)));
        self.push(Role::Text, &format!("  {label}{gap}{before}{figure}"), "");
    }

    /// A numbered paragraph.
    pub(super) fn row(&mut self, number: usize, text: &str) {
        self.push(Role::Text, &format!("  {number:>2}  "), text);
    }

    /// A sentence that belongs to the line above it.
    pub(super) fn under(&mut self, role: Role, text: &str) {
        self.push(role, "      ", text);
    }

    fn push(&mut self, role: Role, lead: &str, text: &str) {
        self.lines.push(Line { role, lead: lead.to_owned(), text: text.to_owned() });
    }

    /// Scrolls; answers false where the action is not a move.
    pub(super) fn act(&mut self, action: Action) -> bool {
        let (rows, lines) = self.seen.get();
        let page = rows.saturating_sub(1).max(1);
        self.top = match action {
            Action::Next => self.top + 1,
            Action::Previous => self.top.saturating_sub(1),
            Action::PageDown => self.top + page,
            Action::PageUp => self.top.saturating_sub(page),
            Action::First => 0,
            Action::Last => lines,
            _ => return false,
        }
        .min(lines.saturating_sub(rows));
        true
    }

    /// Draws the page; answers the first cell, where the caret waits.
    pub(super) fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Position {
        let room = usize::from(area.width.saturating_sub(2));
        let mut rows: Vec<(Role, String)> = Vec::new();
        for line in &self.lines {
            let indent = width(&line.lead);
            let wrapped = wrap(&line.text, room.saturating_sub(indent).max(8));
            for (number, part) in wrapped.iter().enumerate() {
                let lead = if number == 0 { line.lead.clone() } else { " ".repeat(indent) };
                rows.push((line.role, format!("{lead}{part}")));
            }
        }
        let height = usize::from(area.height);
        self.seen.set((height, rows.len()));
        let top = self.top.min(rows.len().saturating_sub(height));
        for ((role, row), y) in rows.iter().skip(top).zip(area.y..area.bottom()) {
            put(buf, area.x + 1, y, row, area.width.saturating_sub(2), look.theme.style(*role), look);
        }
        if rows.len() > height {
            let at = crate::tui::text::position((top + height).min(rows.len()), rows.len());
            let cells = u16::try_from(width(&at)).unwrap_or(0);
            let x = area.right().saturating_sub(cells + 1);
            put(buf, x, area.y, &at, cells, look.theme.style(Role::Muted), look);
        }
        Position { x: area.x, y: area.y }
    }
}
