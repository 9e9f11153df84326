//! Text in cells: width, clipping, padding, wrapping, and the one way to put text on a buffer. Knows that a Han character
//! takes two cells and that terminals disagree about others; must not know what the text means.

use std::borrow::Cow;

use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::tui::look::{Glyphs, Look, ascii_spelling};
use crate::tui::runtime::allowed;

/// Stops and closing brackets do not begin a line.
const NOT_FIRST: &str = "\u{ff0c}\u{3002}\u{ff1b}\u{ff1a}\u{3001}\u{ff09}\u{300b}\u{ff1f}\u{ff01}";

/// Cells of a text as drawn.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(|g| usize::from(g.cell_width())).sum()
}

/// The text as this terminal can show it: what may not be shown becomes a mark (it is never dropped), and on an
/// unmeasured terminal characters of ambiguous width get an ASCII spelling.
pub fn safe(text: &str, glyphs: Glyphs) -> Cow<'_, str> {
    let mark = match glyphs {
        Glyphs::Ascii => "?",
        Glyphs::Line => "\u{241b}",
    };
    let other = |c: char| {
        if !allowed(c) {
            return Some(mark);
        }
        (glyphs == Glyphs::Ascii).then(|| ascii_spelling(c)).flatten()
    };
    if text.chars().all(|c| other(c).is_none()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match other(c) {
            Some(spelling) => out.push_str(spelling),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The part of `text` that fits `cells`, whole characters only; with `pad`, filled with spaces to exactly `cells`.
pub fn clip(text: &str, cells: usize, pad: bool) -> String {
    let mut used = 0;
    let mut out = String::new();
    for g in text.graphemes(true) {
        let w = usize::from(g.cell_width());
        if used + w > cells {
            break;
        }
        used += w;
        out.push_str(g);
    }
    if pad {
        out.extend(std::iter::repeat_n(' ', cells - used));
    }
    out
}

/// `text` in exactly `cells`: padded, or cut with `mark` (one cell, [`Glyphs::cut`]) as the last character.
pub fn fit(text: &str, cells: usize, mark: &str) -> String {
    if width(text) <= cells {
        return clip(text, cells, true);
    }
    let mut out = clip(text, cells.saturating_sub(1), true);
    if cells > 0 {
        out.push_str(mark);
    }
    out
}

/// As [`fit`], pushed to the right: for figures.
pub fn fit_right(text: &str, cells: usize, mark: &str) -> String {
    let w = width(text);
    if w > cells { fit(text, cells, mark) } else { format!("{}{text}", " ".repeat(cells - w)) }
}

/// Puts text at a place, safe for this terminal, in at most `cells`; a cut text ends with the cut mark. Answers the
/// column after it. Places outside the buffer are ignored.
pub fn put(buf: &mut Buffer, x: u16, y: u16, text: &str, cells: u16, style: Style, look: &Look) -> u16 {
    let area = buf.area;
    if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() || cells == 0 {
        return x;
    }
    let room = usize::from(cells.min(area.right() - x));
    let text = safe(text, look.glyphs);
    if width(&text) <= room {
        return buf.set_stringn(x, y, text, room, style).0;
    }
    buf.set_stringn(x, y, fit(&text, room, look.glyphs.cut()), room, style).0
}

/// Puts text and fills the rest of `cells` in its style.
pub fn put_fill(buf: &mut Buffer, x: u16, y: u16, text: &str, cells: u16, style: Style, look: &Look) {
    let end = put(buf, x, y, text, cells, style, look);
    let stop = x.saturating_add(cells).min(buf.area.right());
    if y < buf.area.bottom() && end < stop {
        buf.set_stringn(end, y, " ".repeat(usize::from(stop - end)), usize::from(stop - end), style);
    }
}

/// Breaks text into lines of at most `cells`; line ends of the text hold, stops do not begin a line, Latin words are
/// kept whole where they fit.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(2);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in pieces(paragraph) {
            let w = width(word);
            let hangs = NOT_FIRST.contains(word) && used + w <= cells + 2;
            if used > 0 && used + w > cells && !hangs {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if w > cells {
                for g in word.graphemes(true) {
                    if used + usize::from(g.cell_width()) > cells {
                        lines.push(std::mem::take(&mut line));
                        used = 0;
                    }
                    line.push_str(g);
                    used += usize::from(g.cell_width());
                }
            } else if used + w > cells {
                // A hanging stop takes the character before it down, so that no line is too long.
                let last = line.graphemes(true).next_back().unwrap_or_default().to_owned();
                line.truncate(line.len() - last.len());
                lines.push(std::mem::take(&mut line));
                line = last + word;
                used = width(&line);
            } else if !(used == 0 && word == " ") {
                line.push_str(word);
                used += w;
            }
        }
        lines.push(line);
    }
    lines
}

/// Words of Latin letters and digits whole, every other character alone.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.graphemes(true).next()?;
        let latin = |c: char| c.is_ascii_graphic();
        let len = if first.chars().all(latin) {
            rest.find(|c| !latin(c)).unwrap_or(rest.len())
        } else {
            first.len()
        };
        let (piece, after) = rest.split_at_checked(len)?;
        rest = after;
        Some(piece)
    })
}

/// A buffer as lines of text, walked by display width (the hidden cell of a wide character may hold old text), trailing
/// spaces trimmed.
pub fn buffer_text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut out = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut x = area.left();
        while x < area.right() {
            let symbol = buffer.cell((x, y)).map_or(" ", |cell| cell.symbol());
            line.push_str(symbol);
            x += symbol.cell_width().max(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The second grid of a snapshot: how each cell is drawn. `#` reversed (focus, chosen row, title in mono), `!` bold and
/// underlined (error), `b` bold, `_` underlined (a field), a space where nothing is special. Take it from a session
/// without colour: there the shape alone carries the meaning.
pub fn buffer_marks(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mark = |modifier: Modifier| match () {
        () if modifier.contains(Modifier::REVERSED) => '#',
        () if modifier.contains(Modifier::BOLD | Modifier::UNDERLINED) => '!',
        () if modifier.contains(Modifier::BOLD) => 'b',
        () if modifier.contains(Modifier::UNDERLINED) => '_',
        () => ' ',
    };
    let mut out = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut x = area.left();
        while x < area.right() {
            let Some(cell) = buffer.cell((x, y)) else { break };
            // The hidden cell of a wide character looks as its first one does.
            let cells = cell.symbol().cell_width().max(1);
            line.extend(std::iter::repeat_n(mark(cell.modifier), usize::from(cells)));
            x += cells;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
