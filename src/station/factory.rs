//! What the daemon asks of the application: a model for a session, and an ear for what happened. Knows the contract
//! only.

use std::time::Duration;

use crate::tui::runtime::{Hello, Model, Now};

/// Makes the models of sessions.
pub trait SessionFactory: Send + Sync + 'static {
    /// What a session shows. It is made and dropped in its session's thread.
    type Model: Model;

    /// A model for the session of `account` (as admitted; the PIN inside proves the person).
    ///
    /// # Errors
    /// One Chinese sentence for the person.
    fn open(&self, account: &str, hello: &Hello, now: Now) -> Result<Self::Model, String>;

    /// Something happened that an auditor wants to know.
    fn note(&self, _note: &Note, _now: Now) {}
}

/// What happened at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A session began.
    Opened {
        /// Its account.
        account: String,
    },
    /// A terminal took a waiting session up again.
    Resumed {
        /// Its account.
        account: String,
    },
    /// A terminal took a session over from another terminal, after asking.
    TakenOver {
        /// Its account.
        account: String,
        /// Process of the new client.
        pid: i32,
    },
    /// A terminal went away; the session waits.
    Detached {
        /// Its account.
        account: String,
    },
    /// A session ended because its person left.
    Ended {
        /// Its account.
        account: String,
    },
    /// A session ended because of a defect; the others go on.
    Failed {
        /// Its account.
        account: String,
        /// The panic's text.
        reason: String,
    },
    /// A connection was refused.
    Refused {
        /// User id of the peer.
        uid: u32,
        /// Why.
        reason: String,
    },
}

/// The daemon's limits (reliability 9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sessions at once, waiting ones included.
    pub sessions: usize,
    /// A terminal without a key is locked after this time.
    pub lock_after: Duration,
    /// A terminal without a key is closed after this time; its session waits.
    pub close_after: Duration,
    /// Bytes of input taken from one client in a second.
    pub input_per_second: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sessions: 64,
            lock_after: Duration::from_secs(5 * 60),
            close_after: Duration::from_secs(30 * 60),
            input_per_second: 64 * 1024,
        }
    }
}
