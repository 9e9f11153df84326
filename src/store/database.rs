//! The one owner of the data file. Every write is one durable transaction that carries the operations, their chain
//! and all projections together (reliability: journal and projections land together or not at all). Nothing
//! outside this file touches redb's `Database`; a simulated disk or an encrypted one goes in at `open_on`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::{Builder, Database, StorageBackend, WriteTransaction};
use xiangbao_core::event::Event;
use xiangbao_core::journal::{self, Actor, Head, Operation, OperationDraft};

use super::error::StoreError;
use super::keys;
use super::kv::{Kv, TransactionKv};
use super::medium;
use super::projections;
use super::snapshot::Snapshot;
use super::tables::Table;

/// Name of the data file inside the data folder.
pub const FILE_NAME: &str = "xiangbao.redb";
/// Page cache in bytes; the library's default of 1 GiB does not fit a township PC.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// Identity of this machine in the chain.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Identity {
    /// Station id, as printed.
    #[n(0)]
    pub station: String,
    /// Epoch: a new one after each re-enrolment.
    #[n(1)]
    pub epoch: u32,
    /// Random id of this installation, to tell a clone.
    #[n(2)]
    pub instance: [u8; 16],
    /// Seed of the signing key.
    #[n(3)]
    pub signing_seed: [u8; 32],
}

/// A write into a local table: key, and the value or nothing to remove it.
pub type LocalWrite = (Table, Vec<u8>, Option<Vec<u8>>);

/// What one command writes: its events and who stands behind them.
#[derive(Clone, Debug)]
pub struct Append {
    /// Made by the caller before the first try; its last two bytes are zero and count the operations.
    pub command: [u8; 16],
    /// Case concerned.
    pub case_id: Option<[u8; 16]>,
    /// Who acts.
    pub actor: Actor,
    /// Station's clock, milliseconds since 1970.
    pub wall_ms: i64,
    /// One salt for each event.
    pub salts: Vec<[u8; 16]>,
    /// What happened.
    pub events: Vec<Event>,
    /// Writes into local tables that must land with it.
    pub local: Vec<LocalWrite>,
}

/// The proof that a command is stored: only this makes a screen say 已存.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Stored {
    /// First operation.
    #[n(0)]
    pub first: u64,
    /// Last operation.
    #[n(1)]
    pub last: u64,
}

/// The data file.
pub struct Store {
    db: Database,
    path: PathBuf,
    identity: Identity,
    turn: Mutex<()>,
}

impl Store {
    /// Makes a new data file: first under another name, so that a crash leaves either nothing or a whole file.
    ///
    /// # Errors
    /// When a file is there already, or the disk refuses.
    pub fn create(folder: &Path, identity: &Identity) -> Result<Self, StoreError> {
        let path = folder.join(FILE_NAME);
        if path.exists() {
            return Err(StoreError::Exists(path));
        }
        let fault = |source| StoreError::File { path: folder.to_owned(), source };
        private_folder(folder).map_err(fault)?;
        medium::check(folder)?;
        let fresh = folder.join(format!("{FILE_NAME}.new"));
        if fresh.exists() {
            std::fs::remove_file(&fresh).map_err(fault)?;
        }
        // Owner only from its first byte on: the file holds keys, identity and health data.
        private_file(&fresh).map_err(fault)?;
        let db = builder().create(&fresh)?;
        Self::found(&db, identity)?;
        db.close()?;
        std::fs::rename(&fresh, &path).map_err(fault)?;
        File::open(folder).and_then(|handle| handle.sync_all()).map_err(fault)?;
        Self::open(folder)
    }

    /// Opens the data file; the database checks its integrity before anything is read.
    ///
    /// # Errors
    /// When there is none, another process owns it, or it is damaged.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE_NAME);
        if !path.exists() {
            return Err(StoreError::Missing(path));
        }
        medium::check(folder)?;
        let db = builder().open(&path)?;
        Self::with_database(db, path)
    }

    /// Opens or founds a store on any backend: the seam for a simulated disk and for encryption at rest.
    ///
    /// # Errors
    /// When the backend refuses.
    pub fn open_on(backend: impl StorageBackend, identity: &Identity) -> Result<Self, StoreError> {
        let db = builder().create_with_backend(backend)?;
        let founded = {
            let txn = db.begin_write()?;
            let found = TransactionKv(&txn).get(Table::Local, b"identity")?.is_some();
            txn.abort()?;
            found
        };
        if !founded {
            Self::found(&db, identity)?;
        }
        Self::with_database(db, PathBuf::new())
    }

    fn found(db: &Database, identity: &Identity) -> Result<(), StoreError> {
        let txn = durable(db)?;
        for table in Table::ALL {
            txn.open_table(table.definition())?;
        }
        TransactionKv(&txn).put(Table::Local, b"identity", &encode(identity))?;
        txn.commit()?;
        Ok(())
    }

    fn with_database(db: Database, path: PathBuf) -> Result<Self, StoreError> {
        let bytes = Snapshot::begin(&db)?.get(Table::Local, b"identity")?.ok_or(StoreError::NoStation)?;
        let identity = decode(Table::Local, &bytes)?;
        Ok(Self { db, path, identity, turn: Mutex::new(()) })
    }

    /// Folder of the data file; empty for a store on another backend.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// Who this station is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// A consistent view of everything committed so far. Do not keep it over a person's thinking time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Snapshot::begin(&self.db)
    }

    /// The turn to decide and write: whoever holds it reads, decides and appends with nobody in between.
    pub fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends the events of one command with all their projections, durably. A repeated command id returns the
    /// receipt of the first time.
    ///
    /// # Errors
    /// When the database refuses; then nothing is written.
    pub fn append(&self, append: &Append) -> Result<Stored, StoreError> {
        let txn = durable(&self.db)?;
        let mut kv = TransactionKv(&txn);
        if let Some(bytes) = kv.get(Table::Commands, &append.command[..14])? {
            let stored: Stored = decode(Table::Commands, &bytes)?;
            txn.abort()?;
            let same = stored.last + 1 - stored.first == append.events.len() as u64;
            return if same { Ok(stored) } else { Err(StoreError::CommandReused) };
        }
        let mut head = head(&kv, &self.identity)?;
        let first = head.seq + 1;
        for (index, event) in append.events.iter().enumerate() {
            let operation = self.seal(append, index, event, head)?;
            kv.put(Table::Journal, &keys::seq(operation.seq), &operation.encode())?;
            projections::project(&mut kv, &operation, event)?;
            head = Head { seq: operation.seq, hash: operation.hash };
        }
        kv.put(Table::Local, b"head", &encode_head(head))?;
        put_local(&mut kv, &append.local)?;
        txn.commit()?;
        Ok(Stored { first, last: head.seq })
    }

    fn seal(
        &self,
        append: &Append,
        index: usize,
        event: &Event,
        head: Head,
    ) -> Result<Operation, StoreError> {
        let mut op_id = append.command;
        let count = u16::try_from(index).unwrap_or(u16::MAX).to_be_bytes();
        op_id[14..].copy_from_slice(&count);
        let draft = OperationDraft {
            station: self.identity.station.clone(),
            epoch: self.identity.epoch,
            op_id,
            kind: event.kind(),
            case_id: append.case_id,
            subject: None,
            actor: append.actor.clone(),
            wall_ms: append.wall_ms,
            salt: append.salts.get(index).copied().unwrap_or_default(),
            payload: event.encode(),
        };
        Ok(journal::seal(draft, head.hash, head.seq + 1)?)
    }

    /// Writes into the local tables (drafts, secrets, access, batches), durably, in one transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn write_local(&self, writes: &[LocalWrite]) -> Result<(), StoreError> {
        let txn = durable(&self.db)?;
        put_local(&mut TransactionKv(&txn), writes)?;
        txn.commit()?;
        Ok(())
    }
}

fn put_local(kv: &mut TransactionKv<'_>, writes: &[LocalWrite]) -> Result<(), StoreError> {
    for (table, key, value) in writes {
        debug_assert!(!table.is_derived(), "derived tables are written by append alone");
        match value {
            Some(value) => kv.put(*table, key, value)?,
            None => kv.remove(*table, key)?,
        }
    }
    Ok(())
}

/// The head of the chain; genesis for an empty journal.
fn head(kv: &dyn Kv, identity: &Identity) -> Result<Head, StoreError> {
    match kv.get(Table::Local, b"head")? {
        Some(bytes) => read_head(&bytes),
        None => Ok(Head::genesis(&identity.station, identity.epoch)),
    }
}

pub(super) fn read_head(bytes: &[u8]) -> Result<Head, StoreError> {
    let (seq, hash) = decode::<(u64, [u8; 32])>(Table::Local, bytes)?;
    Ok(Head { seq, hash })
}

fn encode_head(head: Head) -> Vec<u8> {
    encode(&(head.seq, head.hash))
}

fn builder() -> Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true);
    builder
}

/// Immediate durability is the library's default; quick repair makes the next open after a crash instant.
fn durable(db: &Database) -> Result<WriteTransaction, StoreError> {
    let mut txn = db.begin_write()?;
    txn.set_quick_repair(true);
    Ok(txn)
}

/// Makes a folder that only its owner enters; one that is there already is closed to others. What stands in it is
/// identity and health data.
///
/// # Errors
/// When the disk refuses, or the folder belongs to somebody else.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    if std::fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// An empty file that the owner alone can read.
fn private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

/// Encodes a stored value.
pub fn encode<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    // Writing into a vector cannot fail; an encoder of ours that fails would be found by every test.
    minicbor::to_vec(value).unwrap_or_default()
}

/// Decodes a stored value.
///
/// # Errors
/// When the bytes are not such a value.
pub fn decode<'b, T: minicbor::Decode<'b, ()>>(table: Table, bytes: &'b [u8]) -> Result<T, StoreError> {
    minicbor::decode(bytes)
        .map_err(|fault| StoreError::Record { table: table.name(), message: fault.to_string() })
}
