//! The exchange with the city as the office sees it: how much is stored, sent, received, returned, and the oldest
//! operation that the city does not have.

use xiangbao_core::event::CITY_ANSWERED;

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
    /// Operations without receipt that the city waits for. What it answered itself travels with the next real work
    /// and is not counted.
    pub open: u64,
    /// Moment of the oldest of them, `MM-DD HH:MM`; empty when the city has everything.
    pub oldest: String,
}

/// Operations without receipt that are looked at one by one; beyond them all count.
const LOOKED_AT: usize = 2_000;

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
        let waiting = snapshot.operations(received + 1, LOOKED_AT)?;
        let real = || waiting.iter().filter(|operation| operation.kind != CITY_ANSWERED);
        let echoes = (waiting.len() - real().count()) as u64;
        let oldest = real()
            .next()
            .map_or_else(String::new, |operation| local(operation.wall_ms).format("%m-%d %H:%M").to_string());
        Ok(SyncState {
            stored,
            sent: sent.unwrap_or_default().max(received),
            received,
            returned,
            open: stored.saturating_sub(received).saturating_sub(echoes),
            oldest,
        })
    }
}
