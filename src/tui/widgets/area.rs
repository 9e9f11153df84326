//! Text of several lines (opinions, remarks), over `ratatui-textarea`, with the real cursor where an input method looks
//! for it. Knows editing; must not know what the text is.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui_textarea::{CursorMove, TextArea, WrapMode};

use super::field::Edit;
use crate::tui::key::{Code, Key};
use crate::tui::look::{Glyphs, Look, ambiguous};
use crate::tui::runtime::clean_paste;
use crate::tui::theme::Role;

/// An editor of several lines.
#[derive(Clone, Debug)]
pub struct Area {
    editor: TextArea<'static>,
    limit: usize,
}

impl Area {
    /// An editor with this text, at most `limit` characters, the caret behind it.
    pub fn new(text: &str, limit: usize) -> Self {
        let clean = clean_paste(text.as_bytes()).text.replace('\t', " ");
        let mut editor = TextArea::new(clean.split('\n').map(str::to_owned).collect());
        editor.set_wrap_mode(WrapMode::Glyph);
        // The drawn cursor and the underlined line are turned off: the real cursor is the cursor.
        editor.set_cursor_style(Style::default());
        editor.set_cursor_line_style(Style::default());
        editor.move_cursor(CursorMove::Bottom);
        editor.move_cursor(CursorMove::End);
        Self { editor, limit }
    }

    /// The text, lines parted by `\n`.
    pub fn text(&self) -> String {
        self.editor.lines().join("\n")
    }

    /// Nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.editor.is_empty()
    }

    /// Line and character of the caret, from zero.
    pub fn caret(&self) -> (usize, usize) {
        let cursor = self.editor.cursor();
        (cursor.0, cursor.1)
    }

    /// Takes a key. Tab, function keys and Esc are not the editor's.
    pub fn key(&mut self, key: Key) -> Edit {
        let moved = match (key.code, key.ctrl) {
            (Code::Char('z'), true) => return changed(self.editor.undo()),
            (Code::Char(_), true) => return Edit::Ignored,
            (Code::Char(c), false) => return self.insert(c.encode_utf8(&mut [0; 4])),
            (Code::Enter, _) => return self.insert("\n"),
            (Code::Backspace, _) => return changed(self.editor.delete_char()),
            (Code::Delete, _) => return changed(self.editor.delete_next_char()),
            (Code::Left, _) => CursorMove::Back,
            (Code::Right, _) => CursorMove::Forward,
            (Code::Up, _) => CursorMove::Up,
            (Code::Down, _) => CursorMove::Down,
            (Code::Home, _) => CursorMove::Head,
            (Code::End, _) => CursorMove::End,
            _ => return Edit::Ignored,
        };
        self.editor.move_cursor(moved);
        Edit::Moved
    }

    /// Pastes cleaned text with its lines.
    pub fn paste(&mut self, text: &str) -> Edit {
        self.insert(&clean_paste(text.as_bytes()).text.replace('\t', " "))
    }

    fn insert(&mut self, text: &str) -> Edit {
        let used: usize = self.editor.lines().iter().map(|line| line.chars().count() + 1).sum();
        let room = (self.limit + 1).saturating_sub(used);
        let text: String = text.chars().take(room).collect();
        if text.is_empty() { Edit::Moved } else { changed(self.editor.insert_str(text)) }
    }

    /// Draws the text and answers the caret's cell.
    pub fn view(&self, frame: &mut Frame<'_>, area: Rect, look: &Look) -> Position {
        frame.render_widget(&self.editor, area);
        frame.buffer_mut().set_style(area, look.theme.style(Role::Text));
        if look.glyphs == Glyphs::Ascii {
            for position in area.positions() {
                if let Some(cell) = frame.buffer_mut().cell_mut(position)
                    && cell.symbol().chars().any(ambiguous)
                {
                    cell.set_symbol("?");
                }
            }
        }
        let cursor = self.editor.screen_cursor();
        let (top, left) = self.editor.scroll_offset();
        let place = |at: usize, from: u16, start: u16, room: u16| {
            let at = u16::try_from(at).unwrap_or(u16::MAX).saturating_sub(from);
            start + at.min(room.saturating_sub(1))
        };
        Position {
            x: place(cursor.col, left, area.x, area.width),
            y: place(cursor.row, top, area.y, area.height),
        }
    }
}

fn changed(changed: bool) -> Edit {
    if changed { Edit::Changed } else { Edit::Moved }
}
