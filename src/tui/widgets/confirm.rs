//! A question on the message line: yes or no, or a reason code. Never a box over the form (product 2.3). Knows the
//! question; must not know what follows.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::cells::{put, put_fill};
use super::field::Field;
use super::frame::message_line;
use crate::tui::key::{Code, Key};
use crate::tui::keymap::{Action, Context, Focus, action};
use crate::tui::look::Look;
use crate::tui::text;
use crate::tui::theme::Role;

/// What a key did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfirmEvent {
    /// Still open.
    Open,
    /// Yes; with the reason code where one was asked for.
    Yes(String),
    /// F4: the list of reasons is wanted.
    PickReason,
    /// No, or Esc.
    No,
}

/// An open question.
#[derive(Clone, Debug)]
pub struct Confirm {
    question: String,
    reason: Option<Field>,
}

impl Confirm {
    /// A question answered with Y or N. Enter alone answers nothing: type-ahead must not agree to a question that it did
    /// not see.
    pub fn yes_no(question: &str) -> Self {
        Self { question: question.to_owned(), reason: None }
    }

    /// A question answered with a reason code and Enter.
    pub fn with_reason(question: &str) -> Self {
        Self { question: question.to_owned(), reason: Some(Field::default().limited(8)) }
    }

    /// Puts a picked reason code into the field.
    pub fn set_reason(&mut self, code: &str) {
        if let Some(field) = &mut self.reason {
            field.set(code);
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> ConfirmEvent {
        let focus = if self.reason.is_some() { Focus::Field } else { Focus::None };
        let wanted = action(Context::Confirm, key, focus);
        if wanted == Some(Action::Back) {
            return ConfirmEvent::No;
        }
        let Some(field) = &mut self.reason else {
            return match wanted {
                Some(Action::Yes) => ConfirmEvent::Yes(String::new()),
                Some(Action::No) => ConfirmEvent::No,
                _ => ConfirmEvent::Open,
            };
        };
        match wanted {
            Some(Action::Accept) if !field.is_empty() => ConfirmEvent::Yes(field.value().to_owned()),
            Some(Action::Accept) => ConfirmEvent::Open,
            Some(Action::Pick) => ConfirmEvent::PickReason,
            _ => {
                let key = key.as_command();
                if !matches!(key.code, Code::Char(' ')) {
                    field.key(key);
                }
                ConfirmEvent::Open
            }
        }
    }

    /// Draws on the message line of a screen and answers the cursor's cell.
    pub fn view(&self, buf: &mut Buffer, screen: Rect, look: &Look) -> Position {
        let line = message_line(screen);
        let style = look.theme.style(Role::Warning);
        put_fill(buf, line.x, line.y, "", line.width, style, look);
        let room = line.width.saturating_sub(if self.reason.is_some() { 24 } else { 8 });
        let x = put(buf, line.x + 1, line.y, &self.question, room, style, look) + 1;
        let Some(field) = &self.reason else {
            put(buf, x, line.y, "[Y/N]", 5, look.theme.style(Role::Accent), look);
            return Position { x: (x + 1).min(line.right().saturating_sub(1)), y: line.y };
        };
        let x = put(buf, x, line.y, text::REASON_PROMPT, 10, look.theme.style(Role::Accent), look) + 1;
        field.view(buf, Rect { x, width: 8, ..line }, look, Role::Focus)
    }
}
