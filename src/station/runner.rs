//! The thread of one session: takes what its client sends, draws when the client has taken the last frame, survives its
//! clients, dies alone. Knows one session and at most one client; must not know the socket's path or other sessions.

use std::any::Any;
use std::io::{self, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::clock::Clock;
use super::factory::{Limits, Note, SessionFactory};
use super::wire::{End, Frame};
use crate::tui::runtime::{Hello, Now, Session};
use crate::tui::text;

/// A session with nothing to wait for looks at the clock this often.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// A client sent away that takes no byte for this long is given up.
const STUCK_AFTER: Duration = Duration::from_secs(2);

/// One client: its number in this session's life.
pub(super) type ClientId = u64;

/// What a session is told.
pub(super) enum Command {
    /// A terminal for this session; an earlier one is sent away.
    Attach { id: ClientId, hello: Hello, stream: UnixStream },
    /// Bytes of the terminal.
    Bytes(ClientId, Vec<u8>),
    /// The window changed.
    Resize(ClientId, u16, u16),
    /// The client went away.
    Gone(ClientId),
    /// The client took the last frame.
    Drained(ClientId),
    /// The station stops.
    Stop,
}

/// The writing side of a client: at most one frame is on its way, so a slow client makes nobody wait and nothing grow.
struct Client {
    id: ClientId,
    out: SyncSender<Frame>,
    closing: Arc<AtomicBool>,
    busy: bool,
    writer: JoinHandle<()>,
}

/// A stuck client is waited for as long as its session wants it, and given up once it is sent away.
struct Patient {
    stream: UnixStream,
    closing: Arc<AtomicBool>,
}

impl Write for Patient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.stream.write(bytes) {
                Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    if self.closing.load(Ordering::Acquire) {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                }
                other => return other,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Client {
    fn start(id: ClientId, stream: UnixStream, back: SyncSender<Command>) -> io::Result<Self> {
        stream.set_write_timeout(Some(STUCK_AFTER))?;
        let closing = Arc::new(AtomicBool::new(false));
        let mut writing = Patient { stream, closing: Arc::clone(&closing) };
        let (out, frames) = sync_channel::<Frame>(2);
        let writer = std::thread::Builder::new().name(format!("client-{id}")).spawn(move || {
            while let Ok(frame) = frames.recv() {
                let last = matches!(frame, Frame::Ended(..));
                let written = frame.write(&mut writing).is_ok();
                if last || !written {
                    break;
                }
                let _ = back.send(Command::Drained(id));
            }
            // Also where the session dropped the client without a word: its reader must come to an end.
            let _ = writing.stream.shutdown(Shutdown::Both);
            let _ = back.send(Command::Gone(id));
        })?;
        Ok(Self { id, out, closing, busy: false, writer })
    }

    /// Sends a sentence behind the frame that is on its way, and closes. Answers the thread that writes it.
    fn end(self, end: End, message: &str) -> JoinHandle<()> {
        self.closing.store(true, Ordering::Release);
        // There is room for two; a writer that is gone needs no word.
        let _ = self.out.try_send(Frame::Ended(end, message.to_owned()));
        self.writer
    }
}

/// What the thread of a session needs.
pub(super) struct Runner<F: SessionFactory> {
    pub(super) account: String,
    pub(super) factory: Arc<F>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limits: Limits,
    pub(super) commands: Receiver<Command>,
    /// For the client's writer to answer to.
    pub(super) back: SyncSender<Command>,
    /// Tells the registry whether a terminal is attached.
    pub(super) attached: Arc<AtomicBool>,
}

struct Life<M> {
    session: Option<Session<M>>,
    client: Option<Client>,
    /// Writes the last words to the last client.
    last_words: Option<JoinHandle<()>>,
}

impl<F: SessionFactory> Runner<F> {
    /// Runs until the person leaves, the station stops or the session fails. Answers the thread that still writes the
    /// last words, for a process that is about to end; it takes no longer than a stuck client is waited for.
    pub(super) fn run(self) -> Option<JoinHandle<()>> {
        let mut life = Life { session: None, client: None, last_words: None };
        loop {
            let now = self.clock.now();
            let command = match self.commands.recv_timeout(self.wait(&life, now)) {
                Ok(command) => Some(command),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return None,
            };
            let now = self.clock.now();
            // The session is dropped after a panic, so nothing half-changed is used again.
            let step = catch_unwind(AssertUnwindSafe(|| self.step(&mut life, command, now)));
            match step {
                Ok(true) => {}
                Ok(false) => break,
                Err(panic) => {
                    let note = Note::Failed { account: self.account.clone(), reason: reason(panic.as_ref()) };
                    self.factory.note(&note, now);
                    Self::send_away(&mut life, End::Cut, text::SESSION_FAILED);
                    break;
                }
            }
        }
        self.attached.store(false, Ordering::Release);
        life.last_words
    }

    fn wait(&self, life: &Life<F::Model>, now: Now) -> Duration {
        let session = life.session.as_ref();
        let tick = session.and_then(|s| s.deadline(now)).map(|at| at.saturating_sub(now.mono));
        let close = match (session, &life.client) {
            (Some(session), Some(_)) => Some(self.limits.close_after.saturating_sub(session.idle(now))),
            _ => None,
        };
        tick.into_iter().chain(close).min().unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
    }

    /// One command, then time, then at most one frame. False: the session is over.
    fn step(&self, life: &mut Life<F::Model>, command: Option<Command>, now: Now) -> bool {
        if let Some(command) = command
            && !self.obey(life, command, now)
        {
            return false;
        }
        let Some(session) = &mut life.session else { return true };
        let _ = session.tick(now);
        if session.ended() {
            self.factory.note(&Note::Ended { account: self.account.clone() }, now);
            Self::send_away(life, End::Left, text::GOOD_BYE);
            return false;
        }
        if life.client.is_some() && session.idle(now) >= self.limits.close_after {
            self.detach(life, now, Some(text::IDLE_CLOSED));
        }
        self.draw(life, now);
        true
    }

    fn obey(&self, life: &mut Life<F::Model>, command: Command, now: Now) -> bool {
        let current = life.client.as_ref().map(|c| c.id);
        match command {
            Command::Attach { id, hello, stream } => return self.take(life, id, &hello, stream, now),
            Command::Bytes(id, bytes) if current == Some(id) => {
                if let Some(session) = &mut life.session {
                    let _ = session.feed(&bytes, now);
                }
            }
            Command::Resize(id, cols, rows) if current == Some(id) => {
                if let Some(session) = &mut life.session {
                    session.resize(cols, rows);
                }
            }
            Command::Drained(id) if current == Some(id) => {
                if let Some(client) = &mut life.client {
                    client.busy = false;
                }
            }
            Command::Gone(id) if current == Some(id) => self.detach(life, now, None),
            Command::Stop => {
                // What stands in a field is put by, as when a terminal is locked.
                if let Some(session) = &mut life.session {
                    let _ = session.detach(now);
                }
                Self::send_away(life, End::Cut, text::STATION_STOPS);
                return false;
            }
            // A client that was sent away may still have had something to say.
            _ => {}
        }
        true
    }

    fn take(
        &self,
        life: &mut Life<F::Model>,
        id: ClientId,
        hello: &Hello,
        stream: UnixStream,
        now: Now,
    ) -> bool {
        self.detach(life, now, Some(text::TAKEN_OVER));
        let Ok(client) = Client::start(id, stream, self.back.clone()) else { return life.session.is_some() };
        life.client = Some(client);
        self.attached.store(true, Ordering::Release);
        let account = self.account.clone();
        if let Some(session) = &mut life.session {
            let _ = session.attach(hello, now);
            self.factory.note(&Note::Resumed { account }, now);
            return true;
        }
        match self.factory.open(&self.account, hello, now) {
            Ok(model) => {
                let mut session = Session::new(model, hello, now);
                session.set_lock_after(self.limits.lock_after);
                life.session = Some(session);
                self.factory.note(&Note::Opened { account }, now);
                true
            }
            Err(sentence) => {
                Self::send_away(life, End::Refused, &sentence);
                false
            }
        }
    }

    fn detach(&self, life: &mut Life<F::Model>, now: Now, message: Option<&str>) {
        let Some(client) = life.client.take() else { return };
        // Before the last words: who reads them and comes again at once is not asked to take over.
        self.attached.store(false, Ordering::Release);
        match message {
            Some(message) => drop(client.end(End::Cut, message)),
            None => client.closing.store(true, Ordering::Release),
        }
        if let Some(session) = &mut life.session {
            let _ = session.detach(now);
        }
        self.factory.note(&Note::Detached { account: self.account.clone() }, now);
    }

    fn send_away(life: &mut Life<F::Model>, end: End, message: &str) {
        if let Some(client) = life.client.take() {
            life.last_words = Some(client.end(end, message));
        }
    }

    fn draw(&self, life: &mut Life<F::Model>, now: Now) {
        let (Some(session), Some(client)) = (&mut life.session, &mut life.client) else { return };
        if client.busy || !session.has_output(now) {
            return;
        }
        let output = session.take_output(now);
        match client.out.try_send(Frame::Output(output)) {
            Ok(()) => client.busy = true,
            // Cannot be full, one frame is on its way at most; a writer that is gone says so by itself.
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => session.repaint(),
        }
    }
}

fn reason(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}
