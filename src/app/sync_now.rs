//! The exchange with the city as the office sees it: how much is stored, sent, received, returned, and the oldest
//! operation that the city does not have.

use super::error::AppError;
use super::station::{Station, local};

/// State of the exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncState {
    /// Operations in the journal.
    pub stored: u64,
    /// Operations sealed and sent.
    pub sent: u64,
    /// Operations the city has acknowledged.
    pub received: u64,
    /// Operations the city returned.
    pub returned: u64,
    /// Moment of the oldest operation without receipt, `MM-DD HH:MM`; empty when the city has everything.
    pub oldest: String,
}

impl SyncState {
    /// Operations without receipt.
    pub fn open(&self) -> u64 {
        self.stored.saturating_sub(self.received)
    }
}

impl Station {
    /// Counts for the title line and the sync page.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sync_state(&self) -> Result<SyncState, AppError> {
        let snapshot = self.snapshot()?;
        let stored = snapshot.head()?.seq;
        let received = snapshot.counter("city_through")?;
        let sent = snapshot.batches()?.iter().filter(|b| b.sent_ms.is_some()).map(|b| b.last).max();
        let returned = snapshot.count(crate::store::Table::CityResults)?;
        let oldest = match snapshot.operations(received + 1, 1)?.first() {
            Some(operation) => local(operation.wall_ms).format("%m-%d %H:%M").to_string(),
            None => String::new(),
        };
        Ok(SyncState { stored, sent: sent.unwrap_or_default().max(received), received, returned, oldest })
    }
}
