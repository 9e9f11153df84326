//! Small pieces without state: empty states, progress, the notice of a window too small. Knows cells; must not know
//! what they are about.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::cells::{put, width, wrap};
use crate::tui::look::Look;
use crate::tui::runtime::{MIN_COLS, MIN_ROWS};
use crate::tui::text;
use crate::tui::theme::Role;

/// An empty state: what there is not, and what to do. Stands in the upper third, wrapped.
pub fn empty(buf: &mut Buffer, area: Rect, what: &str, to_do: &str, look: &Look) {
    let room = area.width.saturating_sub(4);
    let mut y = area.y + area.height / 3;
    for (text, role) in [(what, Role::Text), (to_do, Role::Muted)] {
        for line in wrap(text, usize::from(room)) {
            if y >= area.bottom() {
                return;
            }
            let left = room.saturating_sub(u16::try_from(width(&line)).unwrap_or(room)) / 2;
            put(buf, area.x + 2 + left, y, &line, room - left, look.theme.style(role), look);
            y += 1;
        }
    }
}

/// A bar and the parts done of a whole, in one row.
pub fn progress(buf: &mut Buffer, area: Rect, done: u64, total: u64, look: &Look) {
    let figures = text::progress(done, total);
    let room = area.width.saturating_sub(u16::try_from(width(&figures)).unwrap_or(0) + 1);
    let full = u64::from(room).saturating_mul(done.min(total)).checked_div(total).unwrap_or(0);
    let (did, rest) = look.glyphs.progress();
    let full = usize::try_from(full).unwrap_or(0);
    let bar = did.repeat(full) + &rest.repeat(usize::from(room).saturating_sub(full));
    let x = put(buf, area.x, area.y, &bar, room, look.theme.style(Role::Accent), look);
    put(buf, x + 1, area.y, &figures, area.width, look.theme.style(Role::Text), look);
}

/// The notice of a window that is too small for any screen.
pub fn too_small(buf: &mut Buffer, area: Rect, look: &Look) -> Position {
    let lines = text::too_small(area.width, area.height, MIN_COLS, MIN_ROWS);
    let lines = lines.iter().flat_map(|line| wrap(line, usize::from(area.width)));
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        put(buf, area.x, y, &line, area.width, look.theme.style(Role::Warning), look);
    }
    Position { x: area.x, y: area.bottom().saturating_sub(1) }
}
