//! A field of one line: editing by grapheme, drawing by cell, the real cursor's cell. Knows keys and cells; must not
//! know what the field means.

use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui::layout::{Position, Rect};
use tui_input::{Input, InputRequest};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use unicode_segmentation::UnicodeSegmentation as _;

use super::cells::safe;
use crate::tui::key::{Code, Key};
use crate::tui::look::Look;
use crate::tui::runtime::clean_line;
use crate::tui::theme::Role;

/// What a key did to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The field does not know the key.
    Ignored,
    /// The caret moved, or there was nothing to do.
    Moved,
    /// The text changed.
    Changed,
}

/// An editable line. Always NFC, never a control character, at most `limit` characters.
#[derive(Clone, Debug)]
pub struct Field {
    input: Input,
    limit: usize,
    masked: bool,
}

impl Default for Field {
    fn default() -> Self {
        Self { input: Input::default(), limit: 200, masked: false }
    }
}

impl Field {
    /// A field with this text, the caret behind it.
    pub fn new(value: &str) -> Self {
        let mut field = Self::default();
        field.set(value);
        field
    }

    /// At most so many characters.
    pub fn limited(mut self, chars: usize) -> Self {
        self.limit = chars;
        self
    }

    /// Shows stars: for PINs.
    pub fn masked(mut self) -> Self {
        self.masked = true;
        self
    }

    /// The text.
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// Nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.value().is_empty()
    }

    /// Replaces the text, the caret behind it.
    pub fn set(&mut self, value: &str) {
        let clean: String = clean_line(value).chars().take(self.limit).collect();
        self.input = Input::new(clean);
    }

    /// Empties the field and gives its text, for PINs.
    pub fn take(&mut self) -> String {
        self.input.value_and_reset()
    }

    /// The caret goes behind the text.
    pub fn to_end(&mut self) {
        self.input.handle(InputRequest::GoToEnd);
    }

    /// Characters before the caret: what a resumed session must find again.
    pub fn caret(&self) -> usize {
        self.input.cursor()
    }

    /// Takes a key. Function keys, Enter, Tab and the arrows up and down are not a field's.
    pub fn key(&mut self, key: Key) -> Edit {
        let request = match (key.code, key.ctrl) {
            (Code::Char(c), false) => return self.insert(c.encode_utf8(&mut [0; 4])),
            (Code::Backspace, _) => InputRequest::DeletePrevChar,
            (Code::Delete, _) => InputRequest::DeleteNextChar,
            (Code::Left, false) => InputRequest::GoToPrevChar,
            (Code::Right, false) => InputRequest::GoToNextChar,
            (Code::Home, _) | (Code::Char('a'), true) => InputRequest::GoToStart,
            (Code::End, _) | (Code::Char('e'), true) => InputRequest::GoToEnd,
            (Code::Char('u'), true) => InputRequest::DeleteFromStart,
            (Code::Char('k'), true) => InputRequest::DeleteTillEnd,
            _ => return Edit::Ignored,
        };
        match self.input.handle(request) {
            Some(change) if change.value => Edit::Changed,
            _ => Edit::Moved,
        }
    }

    /// Takes pasted text: one line, line ends become spaces; it never leaves the field.
    pub fn paste(&mut self, text: &str) -> Edit {
        self.insert(&clean_line(text))
    }

    fn insert(&mut self, text: &str) -> Edit {
        let room = self.limit.saturating_sub(self.value().chars().count());
        if room == 0 || text.is_empty() {
            return Edit::Moved;
        }
        for c in text.chars().take(room) {
            self.input.handle(InputRequest::InsertChar(c));
        }
        self.compose();
        Edit::Changed
    }

    /// A combining mark joins the character before it.
    fn compose(&mut self) {
        if is_nfc(self.value()) {
            return;
        }
        let (before, after) = self.halves();
        let before: String = before.nfc().collect();
        let caret = before.chars().count();
        let value: String = before.chars().chain(after.chars()).nfc().collect();
        self.input = Input::new(value).with_cursor(caret);
    }

    fn halves(&self) -> (&str, &str) {
        let value = self.input.value();
        let at = value.char_indices().nth(self.input.cursor()).map_or(value.len(), |(at, _)| at);
        value.split_at_checked(at).unwrap_or((value, ""))
    }

    /// Draws the field into one row and answers the caret's cell. The row scrolls by whole characters so that the caret
    /// is always inside.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look, role: Role) -> Position {
        let style = look.theme.style(role);
        let room = area.width.max(1);
        let (before, after) = self.halves();
        let shown = |text: &str| {
            if self.masked {
                "*".repeat(text.graphemes(true).count())
            } else {
                safe(text, look.glyphs).into_owned()
            }
        };
        let (before, after) = (shown(before), shown(after));
        let mut skip = super::width(&before).saturating_sub(usize::from(room) - 1);
        let mut x = 0;
        let mut caret = 0;
        super::cells::put_fill(buf, area.x, area.y, "", area.width, style, look);
        for (part, is_before) in [(&before, true), (&after, false)] {
            for g in part.graphemes(true) {
                let w = g.cell_width();
                if skip > 0 {
                    skip = skip.saturating_sub(usize::from(w));
                    continue;
                }
                if x + w > room {
                    break;
                }
                if area.x + x < buf.area.right() && area.y < buf.area.bottom() {
                    buf.set_stringn(area.x + x, area.y, g, usize::from(w), style);
                }
                x += w;
            }
            if is_before {
                caret = x.min(room - 1);
            }
        }
        Position { x: area.x + caret, y: area.y }
    }
}
