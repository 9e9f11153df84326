//! The way of a key: bytes in, events, one model, a frame, bytes out. The same code serves the local terminal, a client
//! attached to the daemon and the tests. Knows terminals and time as numbers given by the caller; must not know a
//! clock, an environment, a file descriptor or the application.

mod clean;
mod decode;
mod model;
mod painter;
mod probe;
mod script;
mod session;

pub use clean::{Pasted, allowed, clean_line, clean_paste};
pub use model::{Event, Flow, Hello, Model, Notice, Now};
pub use painter::LEAVE;
pub use script::{ScriptError, keys};
pub use session::{LOCK_AFTER, MIN_COLS, MIN_ROWS, Session, clamp_size};

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
