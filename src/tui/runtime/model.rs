//! The contract between a session and what it shows. Knows no terminal; must not know the application.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Position;

use crate::tui::key::Key;
use crate::tui::look::Look;
use crate::tui::theme::Palette;

/// The moment, given by the caller of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Monotonic time since the process began: timers count on it.
    pub mono: Duration,
    /// Civil time of the station: what screens show and operations carry.
    pub wall: chrono::NaiveDateTime,
}

impl Now {
    /// The same moment `later` on.
    pub fn after(self, later: Duration) -> Self {
        let wall = chrono::TimeDelta::from_std(later)
            .ok()
            .and_then(|delta| self.wall.checked_add_signed(delta))
            .unwrap_or(self.wall);
        Self { mono: self.mono.saturating_add(later), wall }
    }
}

/// What a client says of itself when it attaches. Nothing is read from the daemon's own environment.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Hello {
    /// Columns of the client's window; clamped by the session.
    #[n(0)]
    pub cols: u16,
    /// Rows of the client's window; clamped by the session.
    #[n(1)]
    pub rows: u16,
    /// The client's `TERM`.
    #[n(2)]
    pub term: String,
    /// The client has `NO_COLOR` set to something.
    #[n(3)]
    pub no_color: bool,
    /// The account of the forced command, or of `--as`.
    #[n(4)]
    pub account: Option<String>,
    /// Ask the terminal for synchronized output; used only if it answers.
    #[n(5)]
    pub sync_output: bool,
}

impl Hello {
    /// A client of this size with nothing special.
    pub fn sized(cols: u16, rows: u16) -> Self {
        Self { cols, rows, term: "xterm".to_owned(), no_color: false, account: None, sync_output: false }
    }
}

/// What happens to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A key, canonical. Ctrl-L and F12 never arrive: the session answers them.
    Key(Key),
    /// A pasted block or a burst: cleaned, NFC, lines parted by `\n`, cells by `\t`. It never contains an Enter key.
    Paste(String),
    /// Something to tell the person on the message line.
    Notice(Notice),
    /// The terminal was left alone or cut: hide the data, ask for the PIN, keep the state.
    Lock,
    /// A terminal took the session up again.
    Resumed,
}

/// What a session has to tell the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The bytes are not UTF-8; `gb` if they look like GB18030.
    NotUtf8 {
        /// The first bytes make a valid GB18030 pair.
        gb: bool,
    },
    /// A pasted block was longer than 32 KiB and was cut.
    PasteCut,
    /// A probe measured the terminal and chose line glyphs (`true`) or ASCII.
    Probed(bool),
}

/// What an update did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Flow {
    /// Nothing that shows changed.
    Still,
    /// Draw again.
    Changed,
    /// The person left: end the session.
    Quit,
}

impl Flow {
    /// The stronger of two answers.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Quit, _) | (_, Self::Quit) => Self::Quit,
            (Self::Changed, _) | (_, Self::Changed) => Self::Changed,
            _ => Self::Still,
        }
    }
}

/// What a session shows and changes. One model belongs to one session and one thread.
pub trait Model {
    /// Takes one event. Use cases are called here, synchronously; long work goes to a thread and is polled.
    fn update(&mut self, event: Event, now: Now) -> Flow;

    /// Draws the whole screen and says where the real cursor stands: on the focused field, or on the chosen row. It
    /// stands there in every frame (product 2.2), therefore the answer is not optional.
    fn view(&self, frame: &mut Frame<'_>, look: &Look) -> Position;

    /// Looks at background work; asked a few times a second while [`Model::working`].
    fn poll(&mut self, _now: Now) -> Flow {
        Flow::Still
    }

    /// Background work is running and should be polled. While a text field has the focus `poll` should answer
    /// `Still` for mere progress: a repaint disturbs an input method (product 2.2).
    fn working(&self) -> bool {
        false
    }

    /// The palette this person chose; `NO_COLOR` of the terminal overrules it.
    fn palette(&self) -> Palette {
        Palette::Sixteen
    }
}
