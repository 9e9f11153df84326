//! A terminal for tests: it shows what a real one would, answers cursor queries, and may draw ambiguous characters in
//! two cells. Knows `vt100`; stands in no release.

use std::num::NonZeroU16;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Position;

use super::{Event, Flow, Hello, Model, Now, Session, keys};
use crate::tui::look::{Look, ambiguous};
use crate::tui::screens::sign_in::{SignIn, SignInEvent};

pub(crate) const QUERY: &[u8] = b"\x1b[6n";

/// How the terminal behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Ambiguous characters take one cell.
    Narrow,
    /// Ambiguous characters take two cells.
    Wide,
    /// Answers nothing.
    Silent,
}

/// What the clerk sees.
pub(crate) struct Terminal {
    vt: vt100::Parser,
    habit: Habit,
    pub(crate) bytes: Vec<u8>,
}

impl Terminal {
    pub(crate) fn new(cols: u16, rows: u16, habit: Habit) -> Self {
        let size = |n| NonZeroU16::new(n).unwrap();
        Self { vt: vt100::Parser::new(size(rows), size(cols), 0), habit, bytes: Vec::new() }
    }

    /// Takes output, answers what it asks.
    pub(crate) fn take(&mut self, output: &[u8]) -> Vec<u8> {
        self.bytes.extend_from_slice(output);
        let mut replies = Vec::new();
        let mut rest = output;
        while let Some(at) = rest.windows(QUERY.len()).position(|w| w == QUERY) {
            let (before, after) = rest.split_at(at);
            self.vt.process(before);
            rest = &after[QUERY.len()..];
            let (row, col) = self.vt.screen().cursor_position();
            let last = String::from_utf8_lossy(before).chars().next_back().unwrap_or(' ');
            let more = u16::from(self.habit == Habit::Wide && ambiguous(last));
            if self.habit != Habit::Silent {
                replies.extend(format!("\x1b[{};{}R", row + 1, col + 1 + more).into_bytes());
            }
        }
        self.vt.process(rest);
        replies
    }

    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.vt.screen()
    }

    /// Rows of text as a person sees them.
    pub(crate) fn text(&self) -> String {
        let (_, cols) = self.vt.screen().size();
        self.vt.screen().rows(0, cols.get()).map(|row| row.trim_end().to_owned() + "\n").collect()
    }
}

/// A session and its terminal.
pub(crate) struct Rig<M> {
    pub(crate) session: Session<M>,
    pub(crate) terminal: Terminal,
    pub(crate) now: Now,
}

pub(crate) fn now() -> Now {
    let wall = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap().and_hms_opt(9, 0, 0).unwrap();
    Now { mono: Duration::from_secs(100), wall }
}

impl<M: Model> Rig<M> {
    pub(crate) fn new(model: M, cols: u16, rows: u16, habit: Habit) -> Self {
        Self::hello(model, &Hello::sized(cols, rows), habit)
    }

    pub(crate) fn hello(model: M, hello: &Hello, habit: Habit) -> Self {
        let session = Session::new(model, hello, now());
        let terminal = Terminal::new(hello.cols, hello.rows, habit);
        let mut rig = Self { session, terminal, now: now() };
        rig.settle();
        rig.wait(300);
        rig
    }

    /// Exchanges bytes until both are silent; answers the last frame's bytes.
    pub(crate) fn settle(&mut self) -> Vec<u8> {
        let mut frame = Vec::new();
        loop {
            let output = self.session.take_output(self.now);
            if output.is_empty() {
                return frame;
            }
            let replies = self.terminal.take(&output);
            frame = output;
            let _ = self.session.feed(&replies, self.now);
        }
    }

    /// Lets milliseconds pass.
    pub(crate) fn wait(&mut self, ms: u64) {
        self.now = self.now.after(Duration::from_millis(ms));
        let _ = self.session.tick(self.now);
        self.settle();
    }

    /// Types a key script, a frame after each key; answers the last frame.
    pub(crate) fn type_keys(&mut self, script: &str) -> Vec<u8> {
        let mut frame = Vec::new();
        for key in keys(script).unwrap() {
            let _ = self.session.feed(&key, self.now);
            self.now = self.now.after(Duration::from_millis(50));
            let _ = self.session.tick(self.now);
            frame = self.settle();
        }
        frame
    }
}

/// Sign-in and nothing behind it.
pub(crate) struct Demo {
    pub(crate) sign_in: SignIn,
    pub(crate) events: Vec<Event>,
    pub(crate) entered: Vec<(String, String)>,
}

impl Demo {
    pub(crate) fn new() -> Self {
        Self { sign_in: SignIn::new(None), events: Vec::new(), entered: Vec::new() }
    }
}

impl Model for Demo {
    fn update(&mut self, event: Event, _now: Now) -> Flow {
        self.events.push(event.clone());
        match event {
            Event::Key(key) => match self.sign_in.key(key) {
                SignInEvent::Still => return Flow::Still,
                SignInEvent::Changed => {}
                SignInEvent::Enter { account, pin } => {
                    assert_ne!(pin, "panic", "the demo was asked to fail");
                    self.entered.push((account, pin));
                }
                SignInEvent::Leave => return Flow::Quit,
            },
            Event::Paste(text) => self.sign_in.paste(&text),
            Event::Notice(notice) => self
                .sign_in
                .refuse(crate::tui::widgets::frame::Message::warning(crate::tui::text::notice(notice))),
            Event::Lock | Event::Resumed => {}
        }
        Flow::Changed
    }

    fn view(&self, frame: &mut Frame<'_>, look: &Look) -> Position {
        self.sign_in.view(frame, look)
    }
}
