//! A text over the screen: help, an article, a printed page. Knows lines and scrolling; must not know the text.

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::cells::{put, width, wrap};
use super::overlay;
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Focus, action};
use crate::tui::look::Look;
use crate::tui::text;
use crate::tui::theme::Role;

/// A text being read.
#[derive(Clone, Debug)]
pub struct Reader {
    title: String,
    text: String,
    wrapped: bool,
    top: usize,
    /// Rows and lines of the last drawing, so that scrolling stops at the end.
    seen: Cell<(usize, usize)>,
}

impl Reader {
    /// Running text, wrapped to the window.
    pub fn new(title: &str, text: &str) -> Self {
        Self { title: title.to_owned(), text: text.to_owned(), wrapped: true, top: 0, seen: Cell::default() }
    }

    /// Lines kept as they are: help pages, printed pages.
    pub fn lines(title: &str, lines: &[String]) -> Self {
        Self { wrapped: false, ..Self::new(title, &lines.join("\n")) }
    }

    /// Takes a key; false when the reader was closed (Esc or Enter).
    #[must_use]
    pub fn key(&mut self, key: Key) -> bool {
        let (rows, lines) = self.seen.get();
        let last = lines.saturating_sub(rows);
        match action(Context::Reader, key, Focus::None) {
            Some(Action::Back | Action::Accept) => return false,
            Some(Action::Next) => self.top += 1,
            Some(Action::Previous) => self.top = self.top.saturating_sub(1),
            Some(Action::PageDown) => self.top += rows.max(1),
            Some(Action::PageUp) => self.top = self.top.saturating_sub(rows.max(1)),
            _ => {}
        }
        self.top = self.top.min(last);
        true
    }

    /// Draws over `area`; answers the cursor's cell, at the first line.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Position {
        let cols = area.width.saturating_sub(2).min(100);
        let inner = usize::from(cols.saturating_sub(4));
        let lines = if self.wrapped {
            wrap(&self.text, inner)
        } else {
            self.text.lines().map(str::to_owned).collect()
        };
        let wanted = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
        let room = overlay::boxed(buf, area, cols, wanted.max(5), &self.title, look);
        let rows = usize::from(room.height);
        self.seen.set((rows, lines.len()));
        for (line, y) in lines.iter().skip(self.top).zip(room.y..room.bottom()) {
            put(buf, room.x, y, line, room.width, look.theme.style(Role::Text), look);
        }
        if lines.len() > rows {
            let at = text::position((self.top + rows).min(lines.len()), lines.len());
            let cells = u16::try_from(width(&at)).unwrap_or(0);
            let x = room.right().saturating_sub(cells + 1);
            put(buf, x, room.bottom(), &at, cells, look.theme.style(Role::Muted), look);
        }
        Position { x: room.x, y: room.y }
    }
}
