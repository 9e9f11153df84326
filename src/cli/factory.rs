//! The daemon's and the local terminal's sessions: a desk for each, over the one station.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::Station;
use crate::station::{Note, SessionFactory};
use crate::tui::desk::Desk;
use crate::tui::runtime::{Hello, Now};

/// Makes desks.
pub struct Desks {
    /// The station.
    pub station: Arc<Station>,
}

impl SessionFactory for Desks {
    type Model = Desk;

    fn open(&self, _account: &str, hello: &Hello, _now: Now) -> Result<Desk, String> {
        Ok(Desk::new(Arc::clone(&self.station), hello))
    }

    fn note(&self, note: &Note, _now: Now) {
        let (account, what, detail) = match note {
            Note::Opened { account } => (account.as_str(), "session_opened", String::new()),
            Note::Resumed { account } => (account.as_str(), "session_resumed", String::new()),
            Note::TakenOver { account, pid } => (account.as_str(), "session_taken_over", pid.to_string()),
            Note::Detached { account } => (account.as_str(), "session_detached", String::new()),
            Note::Ended { account } => (account.as_str(), "session_ended", String::new()),
            Note::Failed { account, reason } => (account.as_str(), "session_failed", reason.clone()),
            Note::Refused { uid, reason } => ("", "door_refused", format!("uid {uid}: {reason}")),
        };
        // The door goes on when the log cannot be written; the store tells its own fault at the next command.
        let _ = self.station.note_session(account, what, &detail);
    }
}

/// The socket of a data folder.
pub fn socket_of(folder: &Path, given: Option<&PathBuf>) -> PathBuf {
    given.cloned().unwrap_or_else(|| folder.join("station.sock"))
}
