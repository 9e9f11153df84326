//! The client: lends its terminal to a session of the daemon. It frames bytes and window sizes, copies bytes back, holds
//! no key and reads no file of the station (reliability 9.1).

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;

use super::raw::{RawTerminal, Surroundings, refusal, window};
use super::wire::{End, Frame, WireError};
use crate::tui::text;

/// Why a client could not attach.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// Refused before anything was sent; a Chinese sentence for the person.
    #[error("{0}")]
    Refused(&'static str),
    /// Nobody listens on the socket.
    #[error("no station listens on {path}: {source}")]
    NoStation {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The terminal could not be used.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] io::Error),
}

/// The end of an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Farewell {
    /// How it ended.
    pub end: End,
    /// A Chinese sentence for the person.
    pub sentence: String,
}

/// Attaches this process's terminal to the station on `socket` until the session or the connection ends. Answers the
/// last words then; the terminal is restored by that time.
///
/// # Errors
/// The surroundings refuse, nobody listens, or the terminal fails.
pub fn attach(socket: &Path, account: Option<&str>, around: &Surroundings) -> Result<Farewell, AttachError> {
    if let Some(sentence) = refusal(around) {
        return Err(AttachError::Refused(sentence));
    }
    let no_station = |source| AttachError::NoStation { path: socket.to_owned(), source };
    let mut stream = UnixStream::connect(socket).map_err(no_station)?;
    let terminal = RawTerminal::enter()?;
    let writer = Arc::new(Mutex::new(stream.try_clone()?));
    send(&writer, &Frame::Hello(around.hello(account)));
    watch_signals(Arc::clone(&writer))?;
    watch_input(writer);
    let farewell = copy_output(&mut stream);
    drop(terminal);
    Ok(farewell)
}

/// Copies output to the terminal until the end; answers the last words.
fn copy_output(stream: &mut UnixStream) -> Farewell {
    let gone = || Farewell { end: End::Cut, sentence: text::STATION_GONE.to_owned() };
    let mut out = io::stdout();
    loop {
        match Frame::read(stream) {
            Ok(Some(Frame::Output(bytes))) => {
                if out.write_all(&bytes).and_then(|()| out.flush()).is_err() {
                    return gone();
                }
            }
            Ok(Some(Frame::Ended(end, sentence))) => return Farewell { end, sentence },
            Ok(Some(_)) => {}
            Ok(None) | Err(WireError::Io(_) | WireError::Bad(_) | WireError::Version(_)) => {
                return gone();
            }
        }
    }
}

fn send(writer: &Mutex<UnixStream>, frame: &Frame) -> bool {
    let mut stream = writer.lock().unwrap_or_else(PoisonError::into_inner);
    frame.write(&mut *stream).is_ok()
}

fn watch_input(writer: Arc<Mutex<UnixStream>>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        loop {
            let frame = match io::stdin().read(&mut buffer) {
                Ok(n @ 1..) => Frame::Bytes(buffer.get(..n).unwrap_or_default().to_vec()),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Ok(_) | Err(_) => Frame::Bye,
            };
            if !send(&writer, &frame) || frame == Frame::Bye {
                return;
            }
        }
    });
}

fn watch_signals(writer: Arc<Mutex<UnixStream>>) -> io::Result<()> {
    let mut signals = Signals::new([SIGWINCH, SIGTERM, SIGHUP, SIGINT])?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if signal == SIGWINCH {
                let (cols, rows) = window();
                send(&writer, &Frame::Resize(cols, rows));
            } else {
                // The session stays in the daemon; this end goes in order.
                send(&writer, &Frame::Bye);
                let stream = writer.lock().unwrap_or_else(PoisonError::into_inner);
                let _ = stream.shutdown(Shutdown::Both);
                return;
            }
        }
    });
    Ok(())
}
