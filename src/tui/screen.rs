//! What a screen is to the desk: it names itself, takes named actions and plain keys, draws its body, and says where
//! to go next. Knows the use cases through [`Room`]; must not know other screens or the terminal.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::role::Actor;

use crate::app::Station;
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Focus, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::widgets::frame::Message;

/// Who works here and with what.
#[derive(Clone, Copy)]
pub struct Room<'a> {
    /// The station; shared, because work that runs aside outlives the key that began it.
    pub station: &'a Arc<Station>,
    /// The person who signed in.
    pub actor: &'a Actor,
}

/// What came of a key, an action or a look at background work.
pub enum Step {
    /// Not for this screen: the desk answers it, if it can.
    Unhandled,
    /// Taken; nothing that shows changed.
    Still,
    /// Draw again.
    Changed,
    /// Draw again, with a line to the person.
    Say(Message),
    /// Lay this screen on top.
    Open(Box<dyn Screen>),
    /// Put this screen in the place of the present one.
    Replace(Box<dyn Screen>),
    /// Back to the screen below, perhaps with a line to the person.
    Close(Option<Message>),
    /// To the screen with this code, from anywhere.
    Go(ScreenCode),
}

impl Step {
    /// A refused or failed use case, as a line to the person.
    pub fn failed(error: &crate::app::AppError) -> Self {
        Self::Say(Message::error(error.zh()))
    }

    /// The screen that was asked for, or why it does not open.
    pub fn opened(screen: Result<Box<dyn Screen>, crate::app::AppError>) -> Self {
        screen.map_or_else(|error| Self::failed(&error), Self::Open)
    }
}

/// One screen.
pub trait Screen {
    /// Its code on line 1; codes never change their meaning.
    fn code(&self) -> &str;

    /// Its name on line 1.
    fn title(&self) -> &str;

    /// The person or case in focus, for line 1.
    fn subject(&self) -> String {
        String::new()
    }

    /// Which keys hold here; an overlay of the screen changes it.
    fn context(&self) -> Context;

    /// What the focus is on: decides which characters may be commands.
    fn focus(&self) -> Focus {
        Focus::None
    }

    /// Whether this action means something here just now: the key line shows only those.
    fn offers(&self, action: Action) -> bool;

    /// A question, a pick list or another overlay of the screen is open and takes every key as it comes.
    fn modal(&self) -> bool {
        false
    }

    /// Takes a named action.
    fn act(&mut self, action: Action, room: Room<'_>) -> Step;

    /// Takes a key that is no action here, and every key while [`Screen::modal`].
    fn key(&mut self, key: Key, room: Room<'_>) -> Step;

    /// Takes a pasted block; never submits.
    fn paste(&mut self, _text: &str, _room: Room<'_>) -> Step {
        Step::Still
    }

    /// The terminal is locked or left: keep what was typed and not saved yet, another person may sit down.
    fn put_by(&mut self, _room: Room<'_>) {}

    /// The screen above was closed, or the terminal came back: read anew what may have changed.
    fn refresh(&mut self, _room: Room<'_>) {}

    /// Looks at background work.
    fn poll(&mut self, _room: Room<'_>) -> Step {
        Step::Still
    }

    /// Background work is running.
    fn working(&self) -> bool {
        false
    }

    /// Draws the body and answers the caret's cell.
    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position;
}
