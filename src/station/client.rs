//! The daemon's side of one connection: who is it, may it come in, must it ask to take over; then its bytes go to the
//! session. Knows one socket; must not know what a session shows.

use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::admit::{Admission, Peer, Refusal};
use super::clock::Clock;
use super::factory::{Limits, Note, SessionFactory};
use super::registry::Registry;
use super::runner::Command;
use super::wire::{End, Frame, WireError};
use crate::tui::runtime::Hello;
use crate::tui::text;

/// A client says who it is within this time.
const HELLO_WAIT: Duration = Duration::from_secs(10);
/// A person answers the takeover question within this time.
const ANSWER_WAIT: Duration = Duration::from_secs(60);

/// What every connection's thread needs.
pub(super) struct Desk<F: SessionFactory> {
    pub(super) factory: Arc<F>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limits: Limits,
    pub(super) admission: Admission,
    pub(super) registry: Registry<F>,
}

impl<F: SessionFactory> Desk<F> {
    /// Serves one connection to its end.
    pub(super) fn serve(&self, mut stream: UnixStream) {
        let Some(peer) = peer(&stream) else { return };
        if let Err(sentence) = self.welcome(&mut stream, peer) {
            let _ = stream.set_write_timeout(Some(HELLO_WAIT));
            let _ = Frame::Ended(End::Refused, sentence.to_owned()).write(&mut stream);
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    }

    fn refuse(&self, peer: Peer, reason: String) {
        self.factory.note(&Note::Refused { uid: peer.uid, reason }, self.clock.now());
    }

    fn welcome(&self, stream: &mut UnixStream, peer: Peer) -> Result<(), &'static str> {
        let _ = stream.set_read_timeout(Some(HELLO_WAIT));
        let mut hello = match Frame::read(stream) {
            Ok(Some(Frame::Hello(hello))) => hello,
            Ok(None) => return Ok(()),
            other => {
                self.refuse(peer, format!("no hello: {}", problem(other)));
                return Err(text::OTHER_VERSION);
            }
        };
        let account = self.admission.admit(peer, hello.account.as_deref()).map_err(|refusal| {
            self.refuse(peer, refusal.to_string());
            match refusal {
                Refusal::NoAccount => text::DOOR_WITHOUT_ACCOUNT,
                Refusal::Unknown | Refusal::NotYours => text::NOT_ADMITTED,
            }
        })?;
        if self.registry.attached(&account) {
            if !agrees(stream, &account, &mut hello) {
                return Err(text::NOT_TAKEN);
            }
            self.factory.note(&Note::TakenOver { account: account.clone(), pid: peer.pid }, self.clock.now());
        }
        let _ = stream.set_read_timeout(None);
        let (id, commands) = self.registry.join(&account, &hello, stream).map_err(|_| {
            self.refuse(peer, "no room for another session".to_owned());
            text::TOO_MANY
        })?;
        let mut rate = Rate::new(self.limits.input_per_second);
        loop {
            let command = match Frame::read(stream) {
                Ok(Some(Frame::Bytes(bytes))) => {
                    rate.take(bytes.len());
                    Command::Bytes(id, bytes)
                }
                Ok(Some(Frame::Resize(cols, rows))) => Command::Resize(id, cols, rows),
                _ => Command::Gone(id),
            };
            let last = matches!(command, Command::Gone(_));
            if commands.send(command).is_err() || last {
                return Ok(());
            }
        }
    }
}

fn problem(read: Result<Option<Frame>, WireError>) -> String {
    match read {
        Err(e) => e.to_string(),
        Ok(_) => "another frame came first".to_owned(),
    }
}

/// Asks the new terminal whether to take the session over. A changed window is remembered.
fn agrees(stream: &mut UnixStream, account: &str, hello: &mut Hello) -> bool {
    let question = format!("\r\n{}\r\n", text::takeover_question(account));
    let _ = stream.set_read_timeout(Some(ANSWER_WAIT));
    if Frame::Output(question.into_bytes()).write(stream).is_err() {
        return false;
    }
    loop {
        match Frame::read(stream) {
            Ok(Some(Frame::Resize(cols, rows))) => (hello.cols, hello.rows) = (cols, rows),
            Ok(Some(Frame::Bytes(bytes))) => {
                let answer = String::from_utf8_lossy(&bytes).chars().next().map(crate::tui::key::half_width);
                return matches!(answer, Some('y' | 'Y'));
            }
            _ => return false,
        }
    }
}

/// The peer by the kernel's word.
fn peer(stream: &UnixStream) -> Option<Peer> {
    let credentials = rustix::net::sockopt::socket_peercred(stream).ok()?;
    Some(Peer { uid: credentials.uid.as_raw(), pid: credentials.pid.as_raw_nonzero().get() })
}

/// Holds a client's input to a rate: the reader waits, nothing is dropped.
struct Rate {
    limit: usize,
    began: Instant,
    taken: usize,
}

impl Rate {
    fn new(limit: usize) -> Self {
        Self { limit, began: Instant::now(), taken: 0 }
    }

    fn take(&mut self, bytes: usize) {
        let passed = self.began.elapsed();
        if passed >= Duration::from_secs(1) {
            (self.began, self.taken) = (Instant::now(), 0);
        }
        self.taken = self.taken.saturating_add(bytes);
        if self.taken > self.limit {
            std::thread::sleep(Duration::from_secs(1).saturating_sub(passed));
        }
    }
}
