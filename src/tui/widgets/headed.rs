//! A list under its head, with room for notes below; where there are no rows, what there is not and what to do stand in its
//! place. Knows lines and rows; must not know what they are about.

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::cells::{put, wrap};
use super::list::{List, ListState};
use super::status::empty;
use crate::tui::look::Look;
use crate::tui::theme::Role;

/// What stands on the page.
pub struct Headed<'a, 't> {
    /// Lines above, each with its meaning.
    pub head: &'a [(&'a str, Role)],
    /// The rows.
    pub list: List<'a, 't>,
    /// Without rows: what there is not, and what to do.
    pub empty: (&'a str, &'a str),
    /// Warnings below, wrapped.
    pub notes: &'a [String],
    /// Rows that stay free for them, with one between.
    pub foot: u16,
}

impl Headed<'_, '_> {
    /// Draws it all; `height` is told the rows of the list's page. Answers the cursor's cell.
    pub fn view(
        &self,
        state: &ListState,
        height: &Cell<u16>,
        buf: &mut Buffer,
        body: Rect,
        look: &Look,
    ) -> Position {
        let room = body.width.saturating_sub(2);
        let mut top = body.y;
        for (line, role) in self.head {
            put(buf, body.x + 1, top, line, room, look.theme.style(*role), look);
            top += 1;
        }
        let taken = top + 1 - body.y + self.foot;
        let area = Rect { y: top + 1, height: body.height.saturating_sub(taken), ..body };
        height.set(area.height);
        let cursor = if self.list.len == 0 {
            empty(buf, area, self.empty.0, self.empty.1, look);
            Position { x: body.x, y: body.y }
        } else {
            self.list.view(state, buf, area, look)
        };
        let style = look.theme.style(Role::Warning);
        let notes = self.notes.iter().flat_map(|note| wrap(note, usize::from(room)));
        for (line, y) in notes.zip(area.bottom() + 1..body.bottom()) {
            put(buf, body.x + 1, y, &line, room, style, look);
        }
        cursor
    }
}
