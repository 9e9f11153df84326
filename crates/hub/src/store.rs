//! What a hub keeps, as a trait: the embedded store is for trying it out, a PostgreSQL store fits the same face.
//!
//! Knows rows and transactions. Knows nothing of the wire, and decides nothing.

use xiangbao_core::journal::{Hash32, Head, OpResult, Operation};

use crate::business::Space;

/// The store failed; nothing of the running transaction happened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database says no.
    #[error("hub database: {0}")]
    Database(String),
    /// A row is not what it should be.
    #[error("hub database: row of {table} cannot be read: {message}")]
    Row {
        /// The table.
        table: &'static str,
        /// What is wrong.
        message: String,
    },
    /// Something to be written does not fit its bounds.
    #[error("hub: {0}")]
    Bounds(String),
}

/// One station in one epoch.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct StationRow {
    /// Identifier of the station.
    #[n(0)]
    pub station: String,
    /// The epoch.
    #[n(1)]
    pub epoch: u32,
    /// Name of the office.
    #[n(2)]
    pub name: String,
    /// The station's Ed25519 verifying key.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub key: [u8; 32],
    /// The last record in the hub's copy of the chain.
    #[n(4)]
    pub head: Head,
    /// Frozen by a fork, or closed by a new enrolment.
    #[n(5)]
    pub frozen: bool,
    /// Number of the newest accepting receipt; 0 for none.
    #[n(6)]
    pub receipt_no: u64,
    /// Hash of the newest accepting receipt; zeros for none.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub receipt_hash: Hash32,
    /// When it was enrolled, hub time in milliseconds.
    #[n(8)]
    pub enrolled_ms: i64,
    /// When the newest batch was taken, hub time in milliseconds; 0 for never.
    #[n(9)]
    pub last_batch_ms: i64,
    /// Hash of the enrolment code that opened this epoch, so that a repeated enrolment gets the same answer.
    #[cbor(n(10), with = "minicbor::bytes")]
    pub code_hash: Hash32,
}

/// What the hub counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Counters {
    /// Number of the newest accepting receipt of the hub.
    #[n(0)]
    pub hub_seq: u64,
    /// Hub time of it, milliseconds: receipts never go back in time.
    #[n(1)]
    pub hub_time_ms: i64,
    /// Number of the newest incident.
    #[n(2)]
    pub incidents: u64,
    /// Operations in all chains.
    #[n(3)]
    pub operations: u64,
    /// Operations that were returned to a station.
    #[n(4)]
    pub returned: u64,
}

/// Something people have to look at.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Incident {
    /// What: `fork`, `hub_behind_station`.
    #[n(0)]
    pub kind: String,
    /// The station.
    #[n(1)]
    pub station: String,
    /// Its epoch.
    #[n(2)]
    pub epoch: u32,
    /// The record it is about.
    #[n(3)]
    pub seq: u64,
    /// The batch that showed it; kept in quarantine.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub batch_digest: Hash32,
    /// Hub time, milliseconds.
    #[n(5)]
    pub time_ms: i64,
}

/// Reading, within a transaction or a snapshot.
pub trait Read {
    /// A station in one epoch.
    fn station(&self, station: &str, epoch: u32) -> Result<Option<StationRow>, StoreError>;
    /// The station in its newest epoch.
    fn newest_epoch(&self, station: &str) -> Result<Option<StationRow>, StoreError>;
    /// All stations in all epochs.
    fn stations(&self) -> Result<Vec<StationRow>, StoreError>;
    /// Hash of a record that the hub has.
    fn op_hash(&self, station: &str, epoch: u32, seq: u64) -> Result<Option<Hash32>, StoreError>;
    /// What was answered to a record that the hub has.
    fn op_result(&self, station: &str, epoch: u32, seq: u64) -> Result<Option<OpResult>, StoreError>;
    /// The record itself.
    fn operation(&self, station: &str, epoch: u32, seq: u64) -> Result<Option<Operation>, StoreError>;
    /// The receipt that answered these very batch bytes.
    fn receipt_for(&self, batch_digest: &Hash32) -> Result<Option<Vec<u8>>, StoreError>;
    /// Receipts of one epoch from a number on, at most `limit`.
    fn receipts(
        &self,
        station: &str,
        epoch: u32,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError>;
    /// The counters.
    fn counters(&self) -> Result<Counters, StoreError>;
    /// The newest incidents, newest first, at most `limit`.
    fn incidents(&self, limit: usize) -> Result<Vec<Incident>, StoreError>;
    /// A value of the registry.
    fn registry(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// Whether an enrolment code was used, by its hash.
    fn code_used(&self, code_hash: &Hash32) -> Result<bool, StoreError>;
}

/// Writing, within one transaction. Nothing is seen by others before it ends well.
pub trait Write: Read {
    /// Stores a station in its epoch.
    fn put_station(&mut self, row: &StationRow) -> Result<(), StoreError>;
    /// Appends a record with its answer.
    fn put_operation(&mut self, operation: &Operation, result: &OpResult) -> Result<(), StoreError>;
    /// Keeps the bytes of a batch that was taken.
    fn put_batch(&mut self, digest: &Hash32, bytes: &[u8]) -> Result<(), StoreError>;
    /// Keeps the receipt that answers a batch.
    fn put_receipt(
        &mut self,
        station: &str,
        epoch: u32,
        receipt_no: u64,
        batch_digest: &Hash32,
        bytes: &[u8],
    ) -> Result<(), StoreError>;
    /// Stores the counters.
    fn put_counters(&mut self, counters: &Counters) -> Result<(), StoreError>;
    /// Opens an incident under the next number and keeps the batch that showed it.
    fn open_incident(&mut self, number: u64, incident: &Incident, batch: &[u8]) -> Result<(), StoreError>;
    /// Sets (or removes) a value of the registry.
    fn put_registry(&mut self, space: Space, key: &[u8], value: Option<&[u8]>) -> Result<(), StoreError>;
    /// Marks an enrolment code as used.
    fn use_code(&mut self, code_hash: &Hash32, station: &str) -> Result<(), StoreError>;
}

/// Work inside a snapshot.
pub type ReadWork<'a> = dyn FnMut(&dyn Read) -> Result<(), StoreError> + 'a;
/// Work inside a transaction.
pub type WriteWork<'a> = dyn FnMut(&mut dyn Write) -> Result<(), StoreError> + 'a;

/// A hub's database.
pub trait Store: Send + Sync {
    /// Runs `work` on one consistent snapshot.
    ///
    /// # Errors
    /// [`StoreError`] of the store or of the work.
    fn read(&self, work: &mut ReadWork<'_>) -> Result<(), StoreError>;

    /// Runs `work` in one durable transaction: all of it happens, and survives power loss, or nothing.
    ///
    /// # Errors
    /// [`StoreError`] of the store or of the work; nothing happened then.
    fn write(&self, work: &mut WriteWork<'_>) -> Result<(), StoreError>;
}
