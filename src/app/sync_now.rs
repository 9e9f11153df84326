//! The exchange with the city as the office sees it: how much is stored, sent, received, returned, and the oldest
//! operation that the city does not have.

use xiangbao_core::event::{CITY_ANSWERED, CityResult, Event};
use xiangbao_core::journal::{Operation, ResultCode};
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
    /// Operations without receipt, from the oldest that the city waits for on: its own answers travel with the next
    /// real work, and alone they are nothing to wait for.
    pub open: u64,
    /// Moment of the oldest of them, `MM-DD HH:MM`; empty when the city has everything.
    pub oldest: String,
    /// What the city returned that belongs to no case (records taken over, accounts), each as a sentence.
    pub elsewhere: Vec<String>,
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

/// What the city returned, oldest first, with the operation each is about.
fn returned(snapshot: &Snapshot) -> Result<Vec<(Operation, CityResult)>, AppError> {
    let mut pairs = Vec::new();
    for result in city_results(snapshot)?.into_iter().filter(is_returned) {
        // An answer about a record that this journal does not have says nothing here.
        let found = snapshot.operations(result.seq, 1)?.into_iter().find(|found| found.seq == result.seq);
        pairs.extend(found.map(|operation| (operation, result)));
    }
    Ok(pairs)
}

/// The cases of which the city returned something, each once with what it said first, oldest first.
pub(super) fn city_returned(snapshot: &Snapshot) -> Result<Vec<([u8; 16], String)>, AppError> {
    let mut cases: Vec<([u8; 16], String)> = Vec::new();
    for (operation, result) in returned(snapshot)? {
        if let Some(case_id) = operation.case_id
            && cases.iter().all(|(other, _)| *other != case_id)
        {
            cases.push((case_id, result.detail));
        }
    }
    Ok(cases)
}

/// One returned operation of no case: which, what it was, what the city says.
fn elsewhere(operation: &Operation, result: &CityResult) -> String {
    let what = Event::decode(operation.kind, &operation.payload).map_or("", |event| event.label());
    format!("已退 第 {} 号操作（{what}）：{}", result.seq, result.detail)
}

/// The oldest operation without receipt that the city waits for, and how many of its own answers stand before it.
fn oldest(snapshot: &Snapshot, received: u64) -> Result<(u64, Option<Operation>), AppError> {
    let mut echoes = 0;
    loop {
        let stride = snapshot.operations(received + echoes + 1, STRIDE)?;
        let ended = stride.len() < STRIDE;
        for operation in stride {
            if operation.kind != CITY_ANSWERED {
                return Ok((echoes, Some(operation)));
            }
            echoes += 1;
        }
        if ended {
            return Ok((echoes, None));
        }
    }
}

/// Operations read at once; there is rarely more than one answer to skip.
const STRIDE: usize = 4;

impl Station {
    /// Counts for the title line and the sync page.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sync_state(&self) -> Result<SyncState, AppError> {
        let snapshot = self.snapshot()?;
        let stored = snapshot.head()?.seq;
        let Way { sent, received } = Way::of(&snapshot)?;
        let returned = returned(&snapshot)?;
        let caseless = returned.iter().filter(|(operation, _)| operation.case_id.is_none());
        let phase = snapshot.local::<Phase>("phase")?.unwrap_or(Phase::Working);
        let trouble = TransportFault::of_phase(phase).map_or_else(String::new, |fault| fault.zh().to_owned());
        let evidence = match phase {
            Phase::Working => String::new(),
            _ => snapshot.local::<String>("phase_reason")?.unwrap_or_default(),
        };
        let (echoes, oldest) = oldest(&snapshot, received)?;
        let oldest = oldest.map(|operation| local(operation.wall_ms).format("%m-%d %H:%M").to_string());
        Ok(SyncState {
            stored,
            sent,
            received,
            returned: returned.len() as u64,
            open: stored.saturating_sub(received).saturating_sub(echoes),
            oldest: oldest.unwrap_or_default(),
            elsewhere: caseless.map(|(operation, result)| elsewhere(operation, result)).collect(),
            trouble,
            evidence,
        })
    }
}
