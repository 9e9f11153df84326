//! The same session in this process, on this process's terminal: for a station without a daemon, and for the demo. The
//! bytes take the same way as through the daemon. Knows the terminal; must not know what the session shows.

use std::io::{self, Read as _, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;

use super::clock::Clock;
use super::raw::{RawTerminal, Surroundings, refusal, window};
use crate::tui::runtime::{Hello, Model, Now, Session};
use crate::tui::text;

const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Why the local session could not run.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// Not on a terminal; a Chinese sentence for the person.
    #[error("{0}")]
    Refused(&'static str),
    /// The model could not be made; a Chinese sentence for the person.
    #[error("{0}")]
    NoModel(String),
    /// The terminal could not be used.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] io::Error),
}

/// What happens around a local session.
pub(super) enum LocalEvent {
    Bytes(Vec<u8>),
    Resize(u16, u16),
    End,
}

/// Runs a session on this process's terminal until the person leaves or the terminal goes. Answers the sentence to print
/// then; the terminal is restored by that time.
///
/// # Errors
/// No terminal, no model, or the terminal fails.
pub fn run_local<M: Model>(
    open: impl FnOnce(&Hello, Now) -> Result<M, String>,
    account: Option<&str>,
    around: &Surroundings,
    clock: &dyn Clock,
) -> Result<String, LocalError> {
    if let Some(sentence) = refusal(around) {
        return Err(LocalError::Refused(sentence));
    }
    let hello = around.hello(account);
    let now = clock.now();
    let model = open(&hello, now).map_err(LocalError::NoModel)?;
    let (events, receiver) = sync_channel(64);
    watch_signals(events.clone())?;
    let terminal = RawTerminal::enter()?;
    watch_input(events);
    let mut session = Session::new(model, &hello, now);
    let result = drive(&mut session, &receiver, &mut io::stdout(), clock);
    drop(terminal);
    result?;
    Ok(text::GOOD_BYE.to_owned())
}

/// The loop: events in, frames out.
pub(super) fn drive<M: Model>(
    session: &mut Session<M>,
    events: &Receiver<LocalEvent>,
    out: &mut impl Write,
    clock: &dyn Clock,
) -> io::Result<()> {
    loop {
        let now = clock.now();
        if session.has_output(now) {
            out.write_all(&session.take_output(now))?;
            out.flush()?;
        }
        let wait = session.deadline(now).map_or(LONGEST_WAIT, |at| at.saturating_sub(now.mono));
        let event = events.recv_timeout(wait.min(LONGEST_WAIT));
        let now = clock.now();
        match event {
            Ok(LocalEvent::Bytes(bytes)) => {
                let _ = session.feed(&bytes, now);
            }
            Ok(LocalEvent::Resize(cols, rows)) => session.resize(cols, rows),
            Ok(LocalEvent::End) | Err(RecvTimeoutError::Disconnected) => {
                // What stands in a field is put by, as when a terminal is locked.
                let _ = session.detach(now);
                return Ok(());
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        let _ = session.tick(now);
        if session.ended() {
            return Ok(());
        }
    }
}

fn watch_input(events: SyncSender<LocalEvent>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        loop {
            let event = match io::stdin().read(&mut buffer) {
                Ok(n @ 1..) => LocalEvent::Bytes(buffer.get(..n).unwrap_or_default().to_vec()),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Ok(_) | Err(_) => LocalEvent::End,
            };
            let last = matches!(event, LocalEvent::End);
            if events.send(event).is_err() || last {
                return;
            }
        }
    });
}

fn watch_signals(events: SyncSender<LocalEvent>) -> io::Result<()> {
    let mut signals = Signals::new([SIGWINCH, SIGTERM, SIGHUP, SIGINT])?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let event = if signal == SIGWINCH {
                let (cols, rows) = window();
                LocalEvent::Resize(cols, rows)
            } else {
                LocalEvent::End
            };
            if events.send(event).is_err() {
                return;
            }
        }
    });
    Ok(())
}
