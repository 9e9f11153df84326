//! A box over a screen: for pick lists, the palette, help and articles. Knows its place; must not know what is in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::cells::{put, width};
use crate::tui::look::Look;
use crate::tui::theme::Role;

/// Draws a titled box into the middle of `area`, at most `cols` by `rows` with its border, and answers the room inside.
pub fn boxed(buf: &mut Buffer, area: Rect, cols: u16, rows: u16, title: &str, look: &Look) -> Rect {
    let (w, h) = (cols.min(area.width), rows.min(area.height));
    let frame =
        Rect { x: area.x + (area.width - w) / 2, y: area.y + (area.height - h) / 2, width: w, height: h };
    clear(buf, frame);
    let style = look.theme.style(Role::Accent);
    let [top_left, top_right, bottom_left, bottom_right] = look.glyphs.corners();
    let rule = look.glyphs.rule().repeat(usize::from(w.saturating_sub(2)));
    let bottom = frame.bottom().saturating_sub(1);
    put(buf, frame.x, frame.y, &format!("{top_left}{rule}{top_right}"), w, style, look);
    put(buf, frame.x, bottom, &format!("{bottom_left}{rule}{bottom_right}"), w, style, look);
    for y in frame.y + 1..bottom {
        put(buf, frame.x, y, look.glyphs.bar(), 1, style, look);
        put(buf, frame.right().saturating_sub(1), y, look.glyphs.bar(), 1, style, look);
    }
    let room = w.saturating_sub(6);
    if !title.is_empty() && room > 0 {
        let cells = u16::try_from(width(title)).unwrap_or(room).min(room);
        put(buf, frame.x + 2, frame.y, " ", 1, style, look);
        let x = put(buf, frame.x + 3, frame.y, title, cells, look.theme.style(Role::Heading), look);
        put(buf, x, frame.y, " ", 1, style, look);
    }
    Rect { x: frame.x + 2, y: frame.y + 1, width: w.saturating_sub(4), height: h.saturating_sub(2) }
}

/// Empties a rectangle, and the halves of wide characters its edges cut.
fn clear(buf: &mut Buffer, frame: Rect) {
    for y in frame.top()..frame.bottom() {
        if let Some(before) = frame.x.checked_sub(1)
            && let Some(cell) = buf.cell_mut((before, y))
            && width(cell.symbol()) > 1
        {
            cell.set_symbol(" ");
        }
        for x in frame.left()..frame.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(Style::reset());
            }
        }
    }
}
