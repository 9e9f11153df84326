//! One owner of the data, many terminals: the daemon that holds the sessions, the client that lends it a terminal, and
//! the same session on the local terminal. Knows sockets, threads and the process's own terminal; generic over what a
//! session shows. Must not know the database; no port is opened, the only door is a Unix socket (reliability 9.1).

mod admit;
mod attach;
mod client;
mod clock;
mod factory;
mod local;
mod raw;
mod registry;
mod runner;
mod serve;
mod wire;

pub use admit::{Admission, Peer, Refusal};
pub use attach::{AttachError, Farewell, attach};
pub use clock::{Clock, SystemClock};
pub use factory::{Limits, Note, SessionFactory};
pub use local::{LocalError, run_local};
pub use raw::{Surroundings, refusal};
pub use serve::{ServeError, Server, Stopper};
pub use wire::End;

#[cfg(test)]
mod tests;
