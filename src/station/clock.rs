//! The only clock of the sessions. Everything below gets the time as an argument.

use std::time::Instant;

use crate::tui::runtime::Now;

/// Where a station takes the time from.
pub trait Clock: Send + Sync + 'static {
    /// The moment.
    fn now(&self) -> Now;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    began: Instant,
}

impl SystemClock {
    /// Starts counting.
    pub fn start() -> Self {
        Self { began: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        Now { mono: self.began.elapsed(), wall: chrono::Local::now().naive_local() }
    }
}
