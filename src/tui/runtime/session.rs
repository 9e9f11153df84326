//! One person's session: a model, a decoder, a painter. Survives its terminals: the model stays, the terminal side is
//! made anew at each attach. Frames are made only when somebody takes them, so a slow client loses frames and never
//! keys. Knows time and sizes as arguments; must not know sockets or a clock.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

use super::decode::{Decoder, Input, report_as_key};
use super::model::{Event, Flow, Hello, Model, Notice, Now};
use super::painter::{ENTER, LEAVE, Painter};
use super::probe::Probe;
use crate::tui::key::{Code, Key};
use crate::tui::look::{Glyphs, Look, ambiguous, ascii_spelling};
use crate::tui::theme::Theme;
use crate::tui::widgets::too_small;

/// Below this many columns only a notice is drawn; the state is kept.
pub const MIN_COLS: u16 = 40;
/// Below this many rows only a notice is drawn; the state is kept.
pub const MIN_ROWS: u16 = 10;
/// A terminal left alone this long is locked (reliability 9.1).
pub const LOCK_AFTER: Duration = Duration::from_secs(5 * 60);
/// Background work is polled this often, and therefore repaints at most this often.
const POLL_EVERY: Duration = Duration::from_millis(200);
const MAX_COLS: u16 = 400;
const MAX_ROWS: u16 = 200;

/// The window size used for what a client claims: at most 400 by 200, at least one cell.
pub fn clamp_size(cols: u16, rows: u16) -> (u16, u16) {
    (cols.clamp(1, MAX_COLS), rows.clamp(1, MAX_ROWS))
}

/// A running session.
pub struct Session<M> {
    model: M,
    decoder: Decoder,
    terminal: Terminal<Painter>,
    probe: Option<Probe>,
    probe_asked: bool,
    term: String,
    no_color: bool,
    glyphs: Glyphs,
    /// Characters beyond the first plane were measured as two cells.
    rare: bool,
    sync_output: bool,
    ask_sync: bool,
    dirty: bool,
    full: bool,
    last_input: Duration,
    last_poll: Duration,
    locked: bool,
    lock_after: Duration,
    ended: bool,
}

impl<M: Model> Session<M> {
    /// A session on its first terminal. The first bytes measure it.
    pub fn new(model: M, hello: &Hello, now: Now) -> Self {
        let mut session = Self {
            model,
            decoder: Decoder::default(),
            terminal: new_terminal(1, 1),
            probe: None,
            probe_asked: false,
            term: String::new(),
            no_color: false,
            glyphs: Glyphs::Ascii,
            rare: false,
            sync_output: false,
            ask_sync: false,
            dirty: true,
            full: true,
            last_input: now.mono,
            last_poll: now.mono,
            locked: false,
            lock_after: LOCK_AFTER,
            ended: false,
        };
        session.take_terminal(hello, now);
        session
    }

    /// Takes the session to another terminal (or the same one after a cut line): everything about the old terminal is
    /// forgotten, what the model holds stays, and one full frame follows.
    pub fn attach(&mut self, hello: &Hello, now: Now) -> Flow {
        self.take_terminal(hello, now);
        let flow = self.model.update(Event::Resumed, now);
        self.note(flow)
    }

    /// The terminal is gone: locks.
    pub fn detach(&mut self, now: Now) -> Flow {
        self.decoder = Decoder::default();
        self.probe = None;
        self.lock(now)
    }

    fn take_terminal(&mut self, hello: &Hello, now: Now) {
        let (cols, rows) = clamp_size(hello.cols, hello.rows);
        self.decoder = Decoder::default();
        self.terminal = new_terminal(cols, rows);
        self.term.clone_from(&hello.term);
        self.no_color = hello.no_color;
        self.ask_sync = hello.sync_output;
        self.sync_output = false;
        self.glyphs = Glyphs::Ascii;
        self.rare = false;
        self.full = true;
        self.dirty = true;
        self.last_input = now.mono;
        self.terminal.backend_mut().raw(ENTER);
        self.begin_probe(now, false);
    }

    /// Measures the terminal; tells the person what came out only if they asked.
    fn begin_probe(&mut self, now: Now, asked: bool) {
        let mut bytes = Vec::new();
        self.probe_asked = asked;
        self.probe = Some(Probe::begin(now.mono, self.ask_sync, &mut bytes));
        self.terminal.backend_mut().raw(&bytes);
    }

    /// Takes bytes that arrived together. Nothing is drawn here.
    pub fn feed(&mut self, bytes: &[u8], now: Now) -> Flow {
        let mut inputs = Vec::new();
        self.decoder.feed(bytes, now.mono, &mut inputs);
        self.take_inputs(inputs, now)
    }

    /// Lets time pass: a lone Esc becomes a key, a silent probe ends, background work is looked at, an idle terminal
    /// locks. Call it no later than [`Session::deadline`].
    pub fn tick(&mut self, now: Now) -> Flow {
        let mut inputs = Vec::new();
        self.decoder.tick(now.mono, &mut inputs);
        let mut flow = self.take_inputs(inputs, now);
        if self.probe.as_ref().is_some_and(|probe| probe.over(now.mono)) {
            self.probe = None;
        }
        if self.model.working() && now.mono >= self.last_poll + POLL_EVERY {
            self.last_poll = now.mono;
            let polled = self.model.poll(now);
            flow = flow.and(self.note(polled));
        }
        if !self.locked && now.mono >= self.last_input + self.lock_after {
            flow = flow.and(self.lock(now));
        }
        flow
    }

    /// When [`Session::tick`] next has something to do.
    pub fn deadline(&self, now: Now) -> Option<Duration> {
        let lock = (!self.locked).then(|| self.last_input + self.lock_after);
        let poll = self.model.working().then(|| self.last_poll + POLL_EVERY);
        let probe = self.probe.as_ref().map(|probe| probe.deadline(now.mono));
        [self.decoder.deadline(), probe, poll, lock].into_iter().flatten().min()
    }

    /// The window changed its size; what it claims is clamped.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        let (cols, rows) = clamp_size(cols, rows);
        if self.size() == (cols, rows) {
            return;
        }
        self.terminal.backend_mut().set_size(Size::new(cols, rows));
        match self.terminal.resize(Rect::new(0, 0, cols, rows)) {
            Ok(()) => {}
            Err(never) => match never {},
        }
        self.full = true;
        self.dirty = true;
    }

    /// Columns and rows in use.
    pub fn size(&self) -> (u16, u16) {
        let size = self.terminal.backend().size_now();
        (size.width, size.height)
    }

    /// Bytes for the terminal: what waits, and one frame if anything changed since the last one. Call it when the
    /// terminal can take bytes; frames in between are never made.
    pub fn take_output(&mut self, now: Now) -> Vec<u8> {
        let holding = self.probe.as_ref().is_some_and(|probe| probe.holds(now.mono));
        if self.dirty && !holding && !self.ended {
            self.paint();
        }
        self.terminal.backend_mut().take()
    }

    /// Is there anything to take?
    pub fn has_output(&self, now: Now) -> bool {
        let holding = self.probe.as_ref().is_some_and(|probe| probe.holds(now.mono));
        !self.terminal.backend().is_empty() || (self.dirty && !holding && !self.ended)
    }

    /// Draws everything anew with the next output.
    pub fn repaint(&mut self) {
        self.full = true;
        self.dirty = true;
    }

    /// The bytes that give the terminal back.
    pub fn leave(&self) -> &'static [u8] {
        LEAVE
    }

    /// The model said [`Flow::Quit`].
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Time without a key.
    pub fn idle(&self, now: Now) -> Duration {
        now.mono.saturating_sub(self.last_input)
    }

    /// Locks after this time without a key instead of [`LOCK_AFTER`].
    pub fn set_lock_after(&mut self, after: Duration) {
        self.lock_after = after;
    }

    /// The glyph set in use.
    pub fn glyphs(&self) -> Glyphs {
        self.glyphs
    }

    /// The model.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The model, to be changed from outside; the next output shows it.
    pub fn model_mut(&mut self) -> &mut M {
        self.dirty = true;
        &mut self.model
    }

    /// The screen as it would be drawn now and where its cursor is, for tests and the headless demo.
    pub fn screen(&self) -> (Buffer, Position) {
        let (cols, rows) = self.size();
        let mut terminal = new_terminal(cols, rows);
        let look = self.look();
        let mut frame = terminal.get_frame();
        let cursor = draw(&self.model, &mut frame, &look, self.rare);
        (frame.buffer_mut().clone(), cursor)
    }

    /// The screen as lines of text, walked by display width, ends trimmed.
    pub fn screen_text(&self) -> String {
        crate::tui::widgets::buffer_text(&self.screen().0)
    }

    /// The second grid of a snapshot: how each cell is drawn ([`crate::tui::widgets::cells::buffer_marks`]).
    pub fn screen_marks(&self) -> String {
        crate::tui::widgets::cells::buffer_marks(&self.screen().0)
    }

    fn take_inputs(&mut self, inputs: Vec<Input>, now: Now) -> Flow {
        let mut flow = Flow::Still;
        for input in inputs {
            let one = self.take_input(input, now);
            flow = flow.and(self.note(one));
            if self.ended {
                break;
            }
        }
        flow
    }

    fn take_input(&mut self, input: Input, now: Now) -> Flow {
        match input {
            Input::Cursor { row, col } => {
                if let Some(probe) = &mut self.probe {
                    let Some(measured) = probe.report(row, col) else { return Flow::Still };
                    self.probe = None;
                    self.terminal.backend_mut().han_measured = measured.han;
                    self.glyphs = measured.glyphs;
                    self.rare = measured.rare;
                    self.repaint();
                    if !self.probe_asked {
                        return Flow::Changed;
                    }
                    let lines = self.glyphs == Glyphs::Line;
                    return self.model.update(Event::Notice(Notice::Probed(lines)), now);
                }
                report_as_key(row, col).map_or(Flow::Still, |key| self.take_key(key, now))
            }
            Input::SyncOutput(known) => {
                self.sync_output = known && self.ask_sync;
                Flow::Still
            }
            Input::Key(key) => self.take_key(key, now),
            Input::Paste { text, cut } => {
                self.awake(now);
                let flow = self.model.update(Event::Paste(text), now);
                if cut { flow.and(self.model.update(Event::Notice(Notice::PasteCut), now)) } else { flow }
            }
            Input::NotUtf8 { gb } => self.model.update(Event::Notice(Notice::NotUtf8 { gb }), now),
        }
    }

    fn take_key(&mut self, key: Key, now: Now) -> Flow {
        self.awake(now);
        match key {
            Key { code: Code::F(12), ctrl: false, shift: false } => {
                self.begin_probe(now, true);
                self.repaint();
                Flow::Changed
            }
            Key { code: Code::Char('l'), ctrl: true, .. } => {
                self.repaint();
                Flow::Changed
            }
            key => self.model.update(Event::Key(key), now),
        }
    }

    fn awake(&mut self, now: Now) {
        self.last_input = now.mono;
        self.locked = false;
    }

    fn lock(&mut self, now: Now) -> Flow {
        if self.locked {
            return Flow::Still;
        }
        self.locked = true;
        let flow = self.model.update(Event::Lock, now);
        self.note(flow)
    }

    fn note(&mut self, flow: Flow) -> Flow {
        match flow {
            Flow::Still => {}
            Flow::Changed => self.dirty = true,
            Flow::Quit => self.ended = true,
        }
        flow
    }

    fn look(&self) -> Look {
        Look { theme: Theme::new(self.model.palette(), &self.term, self.no_color), glyphs: self.glyphs }
    }

    fn paint(&mut self) {
        let look = self.look();
        if self.full {
            // Resizing to the same size forgets what the terminal is believed to show.
            let area = self.terminal.get_frame().area();
            match self.terminal.resize(area) {
                Ok(()) => {}
                Err(never) => match never {},
            }
        }
        if self.sync_output {
            self.terminal.backend_mut().sync_begin();
        }
        if self.full {
            self.terminal.backend_mut().wipe();
        }
        let mut frame = self.terminal.get_frame();
        let cursor = draw(&self.model, &mut frame, &look, self.rare);
        match self.terminal.flush() {
            Ok(()) => {}
            Err(never) => match never {},
        }
        let painter = self.terminal.backend_mut();
        if self.sync_output {
            painter.sync_end();
        }
        painter.cursor(cursor);
        self.terminal.swap_buffers();
        self.full = false;
        self.dirty = false;
    }
}

/// Draws the model, or a notice where the window is too small; answers a cursor inside the window.
fn draw<M: Model>(model: &M, frame: &mut Frame<'_>, look: &Look, rare: bool) -> Position {
    let area = frame.area();
    let cursor = if area.width < MIN_COLS || area.height < MIN_ROWS {
        too_small(frame.buffer_mut(), area, look)
    } else {
        model.view(frame, look)
    };
    if look.glyphs == Glyphs::Ascii {
        make_safe(frame.buffer_mut());
    }
    if !rare {
        hide_rare(frame.buffer_mut());
    }
    Position {
        x: cursor.x.min(area.right().saturating_sub(1)),
        y: cursor.y.min(area.bottom().saturating_sub(1)),
    }
}

/// A terminal that was not seen to draw characters beyond the first plane in two cells gets the mark of a missing
/// character, which takes two cells everywhere. Which one it is stands on the person's card and in the message line.
fn hide_rare(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().chars().any(|c| matches!(u32::from(c), 0x2_0000..=0x3_ffff)) {
            cell.set_symbol("\u{3013}");
        }
    }
}

/// The last guard against drifting frames: no cell of an unmeasured terminal holds a character of ambiguous width.
fn make_safe(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if let Some(c) = cell.symbol().chars().find(|c| ambiguous(*c)) {
            let spelling = ascii_spelling(c).unwrap_or("?");
            cell.set_symbol(spelling.get(..1).unwrap_or("?"));
        }
    }
}

fn new_terminal(cols: u16, rows: u16) -> Terminal<Painter> {
    let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, cols, rows)) };
    match Terminal::with_options(Painter::new(Size::new(cols, rows)), options) {
        Ok(terminal) => terminal,
        Err(never) => match never {},
    }
}
