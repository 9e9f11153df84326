//! The exchange with the city as the office sees it: how much is stored, sent, received, returned, and the oldest
//! operation that the city does not have.

use xiangbao_core::event::{CITY_ANSWERED, CityResult};
use xiangbao_core::journal::ResultCode;
use xiangbao_core::sync::Phase;

use super::error::AppError;
use super::station::{Station, local};
use crate::store::{Snapshot, StoreError, Table};
use crate::sync::TransportFault;

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
    /// Why nothing is exchanged any more and what to do, as a sentence; empty in normal work.
    pub trouble: String,
    /// What was seen when the exchange was stopped, for whoever helps; empty in normal work.
    pub evidence: String,
}

/// How far the journal as a whole has come on its way to the city.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Last operation handed over: batches go in order.
    pub(super) sent: u64,
    /// Last operation in the city's copy of the chain.
    pub(super) received: u64,
}

impl Way {
    pub(super) fn of(snapshot: &Snapshot) -> Result<Self, AppError> {
        let received = snapshot.counter("city_through")?;
        let sent = snapshot.batches()?.iter().filter(|batch| batch.sent_ms.is_some()).map(|b| b.last).max();
        Ok(Self { sent: sent.unwrap_or_default().max(received), received })
    }
}

/// Whether the city returned an operation, rather than leaving it to be judged by people.
pub(super) fn is_returned(result: &CityResult) -> bool {
    result.code != ResultCode::Quarantined.to_string()
}

fn city_results(snapshot: &Snapshot) -> Result<Vec<CityResult>, AppError> {
    let decode = |bytes: &[u8]| {
        let table = Table::CityResults.name();
        minicbor::decode(bytes)
            .map_err(|fault| AppError::from(StoreError::Record { table, message: fault.to_string() }))
    };
    snapshot.scan(Table::CityResults, &[], usize::MAX)?.iter().map(|(_, value)| decode(value)).collect()
}

/// The cases of which the city returned something, each once with what it said first, oldest first.
pub(super) fn city_returned(snapshot: &Snapshot) -> Result<Vec<([u8; 16], String)>, AppError> {
    let mut cases: Vec<([u8; 16], String)> = Vec::new();
    for result in city_results(snapshot)?.into_iter().filter(is_returned) {
        let operation = snapshot.operations(result.seq, 1)?.into_iter().next();
        let case_id = operation.filter(|found| found.seq == result.seq).and_then(|found| found.case_id);
        if let Some(case_id) = case_id
            && cases.iter().all(|(other, _)| *other != case_id)
        {
            cases.push((case_id, result.detail));
        }
    }
    Ok(cases)
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
        let Way { sent, received } = Way::of(&snapshot)?;
        let returned = city_results(&snapshot)?.iter().filter(|result| is_returned(result)).count() as u64;
        let phase = snapshot.local::<Phase>("phase")?.unwrap_or(Phase::Working);
        let trouble = TransportFault::of_phase(phase).map_or_else(String::new, |fault| fault.zh().to_owned());
        let evidence = match phase {
            Phase::Working => String::new(),
            _ => snapshot.local::<String>("phase_reason")?.unwrap_or_default(),
        };
        let waiting = snapshot.operations(received + 1, LOOKED_AT)?;
        let real = || waiting.iter().filter(|operation| operation.kind != CITY_ANSWERED);
        let echoes = (waiting.len() - real().count()) as u64;
        let oldest = real()
            .next()
            .map_or_else(String::new, |operation| local(operation.wall_ms).format("%m-%d %H:%M").to_string());
        Ok(SyncState {
            stored,
            sent,
            received,
            returned,
            open: stored.saturating_sub(received).saturating_sub(echoes),
            oldest,
            trouble,
            evidence,
        })
    }
}
