//! The frame around every screen: line 1 says where one is, who is in focus and how sync stands; the line above the
//! last one holds the message, the last line the keys (product 2.3). Knows lines; must not know screens.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::cells::{put, put_fill, safe, width, wrap};
use crate::tui::keymap::Hint;
use crate::tui::look::Look;
use crate::tui::theme::Role;

/// One line to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How it is meant.
    pub role: Role,
    /// The words.
    pub text: String,
}

impl Message {
    /// A plain remark.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { role: Role::Text, text: text.into() }
    }

    /// Done, stored.
    pub fn good(text: impl Into<String>) -> Self {
        Self { role: Role::Good, text: text.into() }
    }

    /// A doubt.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { role: Role::Warning, text: text.into() }
    }

    /// It did not work.
    pub fn error(text: impl Into<String>) -> Self {
        Self { role: Role::Error, text: text.into() }
    }
}

/// The frame of one screen.
#[derive(Clone, Debug, Default)]
pub struct Chrome<'a> {
    /// Screen code.
    pub code: &'a str,
    /// Screen name.
    pub title: &'a str,
    /// The person or case in focus.
    pub subject: &'a str,
    /// Who works here and how sync stands; on the right.
    pub state: &'a str,
    /// The message line.
    pub message: Option<&'a Message>,
    /// The key line.
    pub hints: Vec<Hint>,
}

/// The room of a screen inside its frame.
pub fn body(area: Rect) -> Rect {
    Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(3), ..area }
}

/// The message line.
pub fn message_line(area: Rect) -> Rect {
    Rect { y: area.bottom().saturating_sub(2), height: 1, ..area }
}

/// Draws a message that is longer than its line: upwards over the end of the body, unless the caret stands there.
pub fn unfold(message: &Message, buf: &mut Buffer, area: Rect, caret: Position, look: &Look) {
    let line = message_line(area);
    let cells = line.width.saturating_sub(2);
    let lines = wrap(&safe(&message.text, look.glyphs), usize::from(cells));
    let top = line.bottom().saturating_sub(u16::try_from(lines.len()).unwrap_or(u16::MAX));
    if lines.len() < 2 || top <= body(area).y || (top..line.bottom()).contains(&caret.y) {
        return;
    }
    let style = look.theme.style(message.role);
    for (y, words) in (top..).zip(&lines) {
        put_fill(buf, area.x, y, "", area.width, look.theme.style(Role::Text), look);
        put(buf, line.x + 1, y, words, cells, style, look);
    }
}

impl Chrome<'_> {
    /// Draws the frame and answers the room inside.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Rect {
        let bar = look.theme.style(Role::Title);
        put_fill(buf, area.x, area.y, "", area.width, bar, look);
        let state_cells = u16::try_from(width(self.state)).unwrap_or(area.width).min(area.width / 2);
        let state_x = area.right().saturating_sub(state_cells + 1);
        let mut x = area.x + 1;
        for (text, gap) in [(self.code, 1), (self.title, 2), (self.subject, 0)] {
            if !text.is_empty() {
                x = put(buf, x, area.y, text, state_x.saturating_sub(x + 1), bar, look) + gap;
            }
        }
        put(buf, state_x, area.y, self.state, state_cells, bar, look);
        if let Some(message) = self.message {
            let line = message_line(area);
            let style = look.theme.style(message.role);
            put(buf, line.x + 1, line.y, &message.text, line.width.saturating_sub(2), style, look);
        }
        self.key_line(buf, area, look);
        body(area)
    }

    fn key_line(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let y = area.bottom().saturating_sub(1);
        let mut x = area.x;
        for hint in &self.hints {
            let room = area.right().saturating_sub(x);
            x = put(buf, x, y, &hint.key, room, look.theme.style(Role::Accent), look) + 1;
            if hint.label.is_empty() {
                continue;
            }
            let room = area.right().saturating_sub(x);
            x = put(buf, x, y, hint.label, room, look.theme.style(Role::Muted), look) + 1;
        }
    }
}
