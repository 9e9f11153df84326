//! One batch in: gates, signature, decision, and one transaction that holds chain, meaning and receipt together.
//!
//! Resending the same bytes gives the same receipt bytes. Knows neither HTTP nor files.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ed25519_dalek::VerifyingKey;
use xiangbao_core::journal::{
    BatchFault, FrameFault, Limits, MAX_RECEIPT_TEXT, OpResult, OpenedBatch, Operation, Receipt, ResultCode,
    Verdict, open, peek, receipt_hash,
};
use xiangbao_core::sync::{Decision, HubEpoch, ingest as decide};

use crate::Hub;
use crate::business::{Assessment, RegistryView, Space};
use crate::store::{Counters, Incident, StationRow, StoreError, Write};

/// Why a file gets no receipt.
#[derive(Debug, thiserror::Error)]
pub enum IngestRefusal {
    /// Larger than any batch.
    #[error("the batch is larger than the limit")]
    TooLarge,
    /// The station's program speaks another major version.
    #[error("major version {0} of the batch format is not spoken here; upgrade the station")]
    Upgrade(u8),
    /// The station is not enrolled, in this epoch.
    #[error("the station is not enrolled here in this epoch")]
    UnknownStation,
    /// Not signed by the enrolled station.
    #[error("the batch is not signed by the enrolled station")]
    Signature,
    /// Meant for another city.
    #[error("the batch is meant for another city")]
    WrongCity,
    /// Signed or not, it is not a batch.
    #[error("not a batch: {0}")]
    Malformed(String),
    /// The hub could not store it; nothing happened, send it again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BatchFault> for IngestRefusal {
    fn from(fault: BatchFault) -> Self {
        match fault {
            BatchFault::Oversize(_) => Self::TooLarge,
            BatchFault::Frame(FrameFault::Major(found)) => Self::Upgrade(found),
            BatchFault::Frame(FrameFault::Signature) => Self::Signature,
            other => Self::Malformed(other.to_string()),
        }
    }
}

impl Hub {
    /// Takes a batch file and gives the signed receipt file that answers it.
    ///
    /// # Errors
    /// [`IngestRefusal`] when nothing can be signed about the file; nothing happened then.
    pub fn take_batch(&self, bytes: &[u8]) -> Result<Vec<u8>, IngestRefusal> {
        let claimed = peek(bytes, Limits::V1)?;
        let mut row = None;
        self.store.read(&mut |tables| {
            row = tables.station(&claimed.station, claimed.epoch)?;
            Ok(())
        })?;
        let row = row.ok_or(IngestRefusal::UnknownStation)?;
        let key = VerifyingKey::from_bytes(&row.key).map_err(|_| IngestRefusal::Signature)?;
        let batch = open(bytes, Limits::V1, &key)?;
        if batch.header.city != self.identity.city {
            return Err(IngestRefusal::WrongCity);
        }
        let mut answer = Vec::new();
        self.store.write(&mut |tables| {
            answer = self.settle(tables, &batch, bytes)?;
            Ok(())
        })?;
        Ok(answer)
    }

    fn settle(
        &self,
        tables: &mut dyn Write,
        batch: &OpenedBatch,
        bytes: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        if let Some(stored) = tables.receipt_for(&batch.digest)? {
            return Ok(stored);
        }
        let (station, epoch) = (batch.header.station.as_str(), batch.header.epoch);
        let mut row = tables
            .station(station, epoch)?
            .ok_or_else(|| StoreError::Bounds(format!("station {station} went away")))?;
        let known = HubEpoch { head: row.head, frozen: row.frozen };
        match decide(&known, batch, |seq| tables.op_hash(station, epoch, seq))? {
            Decision::Apply { skip } => self.accept(tables, &mut row, batch, skip, bytes),
            Decision::Duplicate => self.accept(tables, &mut row, batch, batch.operations.len(), bytes),
            Decision::Gap { next_expected } => {
                // The station holds our signature for records that we do not have: our own history was lost.
                let acknowledged = batch.header.last_receipt.map_or(0, |mark| mark.through);
                if acknowledged >= next_expected {
                    self.incident(tables, "hub_behind_station", batch, next_expected, bytes)?;
                }
                self.notice(tables.counters()?, &row, batch, Verdict::Gap)
            }
            Decision::Fork { seq } => {
                row.frozen = true;
                tables.put_station(&row)?;
                self.incident(tables, "fork", batch, seq, bytes)?;
                self.notice(tables.counters()?, &row, batch, Verdict::Fork(seq))
            }
            Decision::Frozen => self.notice(tables.counters()?, &row, batch, Verdict::Frozen),
        }
    }

    fn accept(
        &self,
        tables: &mut dyn Write,
        row: &mut StationRow,
        batch: &OpenedBatch,
        skip: usize,
        bytes: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let mut counters = tables.counters()?;
        let mut results = Vec::with_capacity(batch.operations.len());
        for operation in batch.operations.iter().take(skip) {
            results.push(earlier(tables, operation)?);
        }
        for operation in batch.operations.iter().skip(skip) {
            let result = self.judge(tables, operation)?;
            counters.operations = counters.operations.saturating_add(1);
            counters.returned = counters.returned.saturating_add(u64::from(result.code.is_returned()));
            tables.put_operation(operation, &result)?;
            results.push(result);
        }
        if skip < batch.operations.len() {
            row.head = batch.header.new_head();
        }
        counters.hub_seq = counters.hub_seq.saturating_add(1);
        counters.hub_time_ms = (self.clock)().max(counters.hub_time_ms.saturating_add(1));
        let before = row.receipt_hash;
        row.receipt_no = row.receipt_no.saturating_add(1);
        row.last_batch_ms = counters.hub_time_ms;
        let receipt = Receipt {
            prev_receipt_hash: before,
            results,
            hub_time_ms: counters.hub_time_ms,
            ..self.blank_receipt(counters, row, batch, Verdict::Accepted)?
        };
        let sealed = receipt.seal(&self.identity.key).map_err(|e| StoreError::Bounds(e.to_string()))?;
        row.receipt_hash = receipt_hash(&sealed);
        tables.put_batch(&batch.digest, bytes)?;
        tables.put_receipt(&row.station, row.epoch, row.receipt_no, &batch.digest, &sealed)?;
        tables.put_station(row)?;
        tables.put_counters(&counters)?;
        Ok(sealed)
    }

    /// A signed answer that acknowledges nothing: neither numbered nor kept.
    fn notice(
        &self,
        counters: Counters,
        row: &StationRow,
        batch: &OpenedBatch,
        verdict: Verdict,
    ) -> Result<Vec<u8>, StoreError> {
        let receipt = self.blank_receipt(counters, row, batch, verdict)?;
        receipt.seal(&self.identity.key).map_err(|e| StoreError::Bounds(e.to_string()))
    }

    fn blank_receipt(
        &self,
        counters: Counters,
        row: &StationRow,
        batch: &OpenedBatch,
        verdict: Verdict,
    ) -> Result<Receipt, StoreError> {
        let mut receipt_id = [0; 16];
        getrandom::fill(&mut receipt_id).map_err(|e| StoreError::Bounds(e.to_string()))?;
        Ok(Receipt {
            hub: self.identity.name.clone(),
            key_id: self.identity.key_id(),
            receipt_id,
            hub_seq: counters.hub_seq,
            receipt_no: row.receipt_no,
            prev_receipt_hash: row.receipt_hash,
            station: row.station.clone(),
            epoch: row.epoch,
            batch_id: batch.header.batch_id,
            batch_digest: batch.digest,
            verdict,
            accepted_through: row.head.seq,
            head: row.head.hash,
            next_expected: row.head.seq.saturating_add(1),
            results: Vec::new(),
            hub_time_ms: (self.clock)().max(counters.hub_time_ms),
        })
    }

    fn incident(
        &self,
        tables: &mut dyn Write,
        kind: &str,
        batch: &OpenedBatch,
        seq: u64,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let mut counters = tables.counters()?;
        let already = tables.incidents(1)?.first().is_some_and(|i| i.batch_digest == batch.digest);
        if already {
            return Ok(());
        }
        counters.incidents = counters.incidents.saturating_add(1);
        let incident = Incident {
            kind: kind.to_owned(),
            station: batch.header.station.clone(),
            epoch: batch.header.epoch,
            seq,
            batch_digest: batch.digest,
            time_ms: (self.clock)(),
        };
        tables.open_incident(counters.incidents, &incident, bytes)?;
        tables.put_counters(&counters)
    }

    /// Judges one new operation and lets its meaning take effect. Whatever goes wrong in the judging is this
    /// operation's own trouble.
    fn judge(&self, tables: &mut dyn Write, operation: &Operation) -> Result<OpResult, StoreError> {
        let judged = {
            let view = View(&*tables);
            catch_unwind(AssertUnwindSafe(|| self.business.assess(operation, &view)))
        };
        let assessment = match judged {
            Ok(assessment) => assessment?,
            Err(_) => Assessment::quarantined("市级未能审核这笔业务，已转人工。".to_owned()),
        };
        for write in &assessment.writes {
            tables.put_registry(write.space, &write.key, write.value.as_deref())?;
        }
        let Assessment { code, detail, related, .. } = assessment;
        Ok(OpResult { seq: operation.seq, code, detail: bounded(detail), related })
    }
}

/// The answer to an operation that the hub has: `DUP`, unless there is still something to be told.
fn earlier(tables: &dyn Write, operation: &Operation) -> Result<OpResult, StoreError> {
    let stored = tables.op_result(&operation.station, operation.epoch, operation.seq)?;
    let dup = OpResult { seq: operation.seq, code: ResultCode::Dup, detail: String::new(), related: None };
    Ok(match stored {
        Some(result) if result.code != ResultCode::Ok => result,
        _ => dup,
    })
}

/// Text for a receipt: without control characters, within its length, cut between characters.
fn bounded(text: String) -> String {
    let mut clean: String = text.chars().filter(|c| !c.is_control()).collect();
    while clean.len() > MAX_RECEIPT_TEXT {
        clean.pop();
    }
    clean
}

struct View<'a>(&'a dyn Write);

impl RegistryView for View<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.registry(space, key)
    }
}
