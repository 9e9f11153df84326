//! The embedded store: one redb file, for trying the hub and for small cities. Every commit is durable.
//!
//! Knows tables and keys. Decides nothing. Keys are bytes: station ‖ 0 ‖ epoch (4) ‖ number (8), numbers big-endian, so
//! that order in the table is order in the chain.

use std::path::Path;

use redb::{
    Builder, Database, DatabaseError, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition,
    WriteTransaction,
};
use xiangbao_core::journal::{Hash32, OpResult, Operation};

use crate::business::Space;
use crate::identity::HubSecret;
use crate::store::{Counters, Incident, Read, ReadWork, StationRow, Store, StoreError, Write, WriteWork};

type Table = TableDefinition<'static, &'static [u8], &'static [u8]>;

const META: Table = TableDefinition::new("meta");
const STATIONS: Table = TableDefinition::new("stations");
const OPERATIONS: Table = TableDefinition::new("operations");
const RESULTS: Table = TableDefinition::new("results");
const BATCHES: Table = TableDefinition::new("batches");
const RECEIPTS: Table = TableDefinition::new("receipts");
const RECEIPT_OF_BATCH: Table = TableDefinition::new("receipt_of_batch");
const INCIDENTS: Table = TableDefinition::new("incidents");
const QUARANTINE: Table = TableDefinition::new("quarantine");
const REGISTRY: Table = TableDefinition::new("registry");
const USED_CODES: Table = TableDefinition::new("used_codes");
const ALL_TABLES: [Table; 11] = [
    META,
    STATIONS,
    OPERATIONS,
    RESULTS,
    BATCHES,
    RECEIPTS,
    RECEIPT_OF_BATCH,
    INCIDENTS,
    QUARANTINE,
    REGISTRY,
    USED_CODES,
];

const SECRET: &[u8] = b"secret";
const COUNTERS: &[u8] = b"counters";
/// Memory for cached pages, bytes: redb's own default is large.
const CACHE_BYTES: usize = 64 << 20;

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none: `init` makes it.
    #[error("no hub database at {0}; run `xiangbao-hub init` first")]
    Missing(String),
    /// There is one already.
    #[error("there is a hub database at {0} already")]
    Exists(String),
    /// Another process has it.
    #[error("the hub database is open in another process; stop it, or use its HTTP door")]
    InUse,
    /// Reading, writing or checking failed. Nothing was repaired or cut.
    #[error("hub database: {0}")]
    Failed(String),
}

/// One redb file.
pub struct EmbeddedStore {
    database: Database,
}

fn failed(fault: impl std::fmt::Display) -> OpenError {
    OpenError::Failed(fault.to_string())
}

fn database(fault: impl std::fmt::Display) -> StoreError {
    StoreError::Database(fault.to_string())
}

impl EmbeddedStore {
    /// Makes a new file with the hub's secret in it: written beside, closed, renamed, folder synced, so that a crash
    /// leaves either no database or a whole one.
    ///
    /// # Errors
    /// [`OpenError::Exists`], or what the file system says.
    pub fn create(path: &Path, secret: &HubSecret) -> Result<(), OpenError> {
        if path.exists() {
            return Err(OpenError::Exists(path.display().to_string()));
        }
        let folder = path.parent().ok_or_else(|| failed("the path has no folder"))?;
        std::fs::create_dir_all(folder).map_err(failed)?;
        let fresh = path.with_extension("redb.new");
        match std::fs::remove_file(&fresh) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(failed(fault)),
            _ => (),
        }
        // The hub's key stands in it: nobody else may read it, not even for a moment.
        private_file(&fresh).map_err(failed)?;
        let store = Self { database: Builder::new().create(&fresh).map_err(failed)? };
        store
            .in_transaction(|transaction| {
                for table in ALL_TABLES {
                    transaction.open_table(table).map_err(database)?;
                }
                put(transaction, META, SECRET, &to_bytes(secret))
            })
            .map_err(failed)?;
        drop(store);
        std::fs::File::open(&fresh).and_then(|file| file.sync_all()).map_err(failed)?;
        std::fs::rename(&fresh, path).map_err(failed)?;
        std::fs::File::open(folder).and_then(|file| file.sync_all()).map_err(failed)
    }

    /// Opens an existing file after checking all of it.
    ///
    /// # Errors
    /// [`OpenError`]; a damaged file is never repaired here.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        if !path.exists() {
            return Err(OpenError::Missing(path.display().to_string()));
        }
        let opened = std::panic::catch_unwind(|| {
            Builder::new().set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true).open(path)
        });
        match opened {
            Ok(Ok(database)) => Ok(Self { database }),
            Ok(Err(DatabaseError::DatabaseAlreadyOpen)) => Err(OpenError::InUse),
            Ok(Err(fault)) => Err(failed(fault)),
            Err(_) => Err(failed("the file is damaged; restore it from a backup")),
        }
    }

    /// The hub's name and key.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn secret(&self) -> Result<HubSecret, StoreError> {
        let transaction = self.database.begin_read().map_err(database)?;
        let found: Option<HubSecret> = get_row(&transaction, "meta", META, SECRET)?;
        found.ok_or(StoreError::Row { table: "meta", message: "the hub's secret is missing".to_owned() })
    }

    fn in_transaction(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.database.begin_write().map_err(database)?;
        // Quick repair implies two-phase commit; durability is redb's default, immediate.
        transaction.set_quick_repair(true);
        work(&transaction)?;
        transaction.commit().map_err(database)
    }
}

#[cfg(unix)]
fn private_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(drop)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new().write(true).create_new(true).open(path).map(drop)
}

impl Store for EmbeddedStore {
    fn read(&self, work: &mut ReadWork<'_>) -> Result<(), StoreError> {
        work(&self.database.begin_read().map_err(database)?)
    }

    fn write(&self, work: &mut WriteWork<'_>) -> Result<(), StoreError> {
        self.in_transaction(|transaction| work(&mut Writing(transaction)))
    }
}

struct Writing<'a>(&'a WriteTransaction);

/// What reading from a snapshot and from a running transaction have in common.
trait Tables {
    fn value(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    fn values(&self, table: Table, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Vec<u8>>, StoreError>;
    fn last_values(&self, table: Table, limit: usize) -> Result<Vec<Vec<u8>>, StoreError>;
}

fn table_value(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    key: &[u8],
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(table.get(key).map_err(database)?.map(|found| found.value().to_vec()))
}

fn table_values(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    from: &[u8],
    to: &[u8],
    limit: usize,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows = table.range(from..to).map_err(database)?.take(limit);
    rows.map(|row| row.map(|(_, value)| value.value().to_vec()).map_err(database)).collect()
}

fn table_last(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    limit: usize,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows = table.iter().map_err(database)?.rev().take(limit);
    rows.map(|row| row.map(|(_, value)| value.value().to_vec()).map_err(database)).collect()
}

impl Tables for ReadTransaction {
    fn value(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        table_value(&self.open_table(table).map_err(database)?, key)
    }

    fn values(&self, table: Table, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        table_values(&self.open_table(table).map_err(database)?, from, to, limit)
    }

    fn last_values(&self, table: Table, limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        table_last(&self.open_table(table).map_err(database)?, limit)
    }
}

impl Tables for Writing<'_> {
    fn value(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        table_value(&self.0.open_table(table).map_err(database)?, key)
    }

    fn values(&self, table: Table, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        table_values(&self.0.open_table(table).map_err(database)?, from, to, limit)
    }

    fn last_values(&self, table: Table, limit: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        table_last(&self.0.open_table(table).map_err(database)?, limit)
    }
}

fn put(transaction: &WriteTransaction, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
    transaction.open_table(table).map_err(database)?.insert(key, value).map_err(database)?;
    Ok(())
}

fn to_bytes<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}

fn from_bytes<T>(table: &'static str, bytes: &[u8]) -> Result<T, StoreError>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    minicbor::decode(bytes).map_err(|fault| StoreError::Row { table, message: fault.to_string() })
}

fn get_row<T>(
    tables: &impl Tables,
    name: &'static str,
    table: Table,
    key: &[u8],
) -> Result<Option<T>, StoreError>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    tables.value(table, key)?.map(|bytes| from_bytes(name, &bytes)).transpose()
}

fn epoch_key(station: &str, epoch: u32) -> Vec<u8> {
    [station.as_bytes(), &[0], &epoch.to_be_bytes()].concat()
}

fn number_key(station: &str, epoch: u32, number: u64) -> Vec<u8> {
    [station.as_bytes(), &[0], &epoch.to_be_bytes(), &number.to_be_bytes()].concat()
}

fn registry_key(space: Space, key: &[u8]) -> Vec<u8> {
    [&[space.number()], key].concat()
}

impl<T: Tables> Read for T {
    fn station(&self, station: &str, epoch: u32) -> Result<Option<StationRow>, StoreError> {
        get_row(self, "stations", STATIONS, &epoch_key(station, epoch))
    }

    fn newest_epoch(&self, station: &str) -> Result<Option<StationRow>, StoreError> {
        // Few epochs exist for one station: each is the answer to an accident.
        let past = [station.as_bytes(), &[1]].concat();
        let rows = self.values(STATIONS, &epoch_key(station, 0), &past, usize::MAX)?;
        rows.last().map(|bytes| from_bytes("stations", bytes)).transpose()
    }

    fn stations(&self) -> Result<Vec<StationRow>, StoreError> {
        let rows = self.values(STATIONS, &[0], &[0xff], usize::MAX)?;
        rows.iter().map(|bytes| from_bytes("stations", bytes)).collect()
    }

    fn op_hash(&self, station: &str, epoch: u32, seq: u64) -> Result<Option<Hash32>, StoreError> {
        Ok(self.operation(station, epoch, seq)?.map(|operation| operation.hash))
    }

    fn op_result(&self, station: &str, epoch: u32, seq: u64) -> Result<Option<OpResult>, StoreError> {
        get_row(self, "results", RESULTS, &number_key(station, epoch, seq))
    }

    fn operation(&self, station: &str, epoch: u32, seq: u64) -> Result<Option<Operation>, StoreError> {
        let bytes = self.value(OPERATIONS, &number_key(station, epoch, seq))?;
        let read = |bytes: Vec<u8>| {
            Operation::decode(&bytes)
                .map_err(|fault| StoreError::Row { table: "operations", message: fault.to_string() })
        };
        bytes.map(read).transpose()
    }

    fn receipt_for(&self, batch_digest: &Hash32) -> Result<Option<Vec<u8>>, StoreError> {
        match self.value(RECEIPT_OF_BATCH, batch_digest)? {
            Some(key) => self.value(RECEIPTS, &key),
            None => Ok(None),
        }
    }

    fn receipts(
        &self,
        station: &str,
        epoch: u32,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let (first, past) = (number_key(station, epoch, from), number_key(station, epoch, u64::MAX));
        self.values(RECEIPTS, &first, &past, limit)
    }

    fn counters(&self) -> Result<Counters, StoreError> {
        Ok(get_row(self, "meta", META, COUNTERS)?.unwrap_or_default())
    }

    fn incidents(&self, limit: usize) -> Result<Vec<Incident>, StoreError> {
        let rows = self.last_values(INCIDENTS, limit)?;
        rows.iter().map(|bytes| from_bytes("incidents", bytes)).collect()
    }

    fn registry(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.value(REGISTRY, &registry_key(space, key))
    }

    fn code_used(&self, code_hash: &Hash32) -> Result<bool, StoreError> {
        Ok(self.value(USED_CODES, code_hash)?.is_some())
    }
}

impl Write for Writing<'_> {
    fn put_station(&mut self, row: &StationRow) -> Result<(), StoreError> {
        put(self.0, STATIONS, &epoch_key(&row.station, row.epoch), &to_bytes(row))
    }

    fn put_operation(&mut self, operation: &Operation, result: &OpResult) -> Result<(), StoreError> {
        let key = number_key(&operation.station, operation.epoch, operation.seq);
        put(self.0, OPERATIONS, &key, &operation.encode())?;
        put(self.0, RESULTS, &key, &to_bytes(result))
    }

    fn put_batch(&mut self, digest: &Hash32, bytes: &[u8]) -> Result<(), StoreError> {
        put(self.0, BATCHES, digest, bytes)
    }

    fn put_receipt(
        &mut self,
        station: &str,
        epoch: u32,
        receipt_no: u64,
        batch_digest: &Hash32,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let key = number_key(station, epoch, receipt_no);
        put(self.0, RECEIPTS, &key, bytes)?;
        put(self.0, RECEIPT_OF_BATCH, batch_digest, &key)
    }

    fn put_counters(&mut self, counters: &Counters) -> Result<(), StoreError> {
        put(self.0, META, COUNTERS, &to_bytes(counters))
    }

    fn open_incident(&mut self, number: u64, incident: &Incident, batch: &[u8]) -> Result<(), StoreError> {
        put(self.0, INCIDENTS, &number.to_be_bytes(), &to_bytes(incident))?;
        put(self.0, QUARANTINE, &incident.batch_digest, batch)
    }

    fn put_registry(&mut self, space: Space, key: &[u8], value: Option<&[u8]>) -> Result<(), StoreError> {
        let key = registry_key(space, key);
        match value {
            Some(value) => put(self.0, REGISTRY, &key, value),
            None => {
                let mut table = self.0.open_table(REGISTRY).map_err(database)?;
                table.remove(key.as_slice()).map_err(database)?;
                Ok(())
            }
        }
    }

    fn use_code(&mut self, code_hash: &Hash32, station: &str) -> Result<(), StoreError> {
        put(self.0, USED_CODES, code_hash, station.as_bytes())
    }
}
