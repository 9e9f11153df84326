//! A short question with one field on the message line: screen code after `=`, field number after `^`, a filter after
//! `/`. Knows one field; must not know what the answer is for.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::cells::{put, put_fill};
use super::field::Field;
use super::frame::message_line;
use crate::tui::key::{Code, Key};
use crate::tui::look::Look;
use crate::tui::theme::Role;

/// What a key did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptEvent {
    /// Still open.
    Open,
    /// Answered with this text.
    Answer(String),
    /// Closed without an answer.
    Cancelled,
}

/// An open prompt.
#[derive(Clone, Debug)]
pub struct Prompt {
    label: String,
    field: Field,
}

impl Prompt {
    /// Opens with a label and a text to begin with.
    pub fn new(label: &str, value: &str) -> Self {
        Self { label: label.to_owned(), field: Field::new(value).limited(60) }
    }

    /// As [`Self::new`], with room for the path of a file.
    pub fn long(label: &str, value: &str) -> Self {
        Self { label: label.to_owned(), field: Field::new(value).limited(500) }
    }

    /// The text so far, for lists that filter as one types.
    pub fn value(&self) -> &str {
        self.field.value()
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> PromptEvent {
        match key.code {
            Code::Enter => PromptEvent::Answer(self.field.value().to_owned()),
            Code::Esc => PromptEvent::Cancelled,
            Code::Backspace if self.field.is_empty() => PromptEvent::Cancelled,
            _ => {
                self.field.key(key);
                PromptEvent::Open
            }
        }
    }

    /// Pastes into the answer.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
    }

    /// Draws on the message line of a screen and answers the caret's cell.
    pub fn view(&self, buf: &mut Buffer, screen: Rect, look: &Look) -> Position {
        let line = message_line(screen);
        put_fill(buf, line.x, line.y, "", line.width, look.theme.style(Role::Text), look);
        let x =
            put(buf, line.x + 1, line.y, &self.label, line.width / 2, look.theme.style(Role::Accent), look)
                + 1;
        let room = Rect { x, width: line.right().saturating_sub(x + 1).min(60), ..line };
        self.field.view(buf, room, look, Role::Focus)
    }
}
