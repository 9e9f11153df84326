//! What belongs to this machine and not to the journal: drafts (typed, not handed in), PIN verifiers, the record of
//! who looked at what, and the bookkeeping of sealed batches. Durable all the same: nothing typed is ever lost.

use xiangbao_core::form::FormData;

use super::database::{LocalWrite, Store, decode, encode};
use super::error::StoreError;
use super::keys;
use super::snapshot::Snapshot;
use super::tables::Table;

/// A case that is being typed: a new one, or a returned one being put right.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Draft {
    /// Case id, made when the draft was opened; the case keeps it.
    #[n(0)]
    pub case_id: [u8; 16],
    /// Account that types it.
    #[n(1)]
    pub account: String,
    /// Form id.
    #[n(2)]
    pub form: String,
    /// Version of the form.
    #[n(3)]
    pub form_version: u32,
    /// Values so far.
    #[n(4)]
    pub data: FormData,
    /// Field the caret stands on, so that the work goes on where it stopped.
    #[n(5)]
    pub caret: String,
    /// When it was opened, milliseconds since 1970.
    #[n(6)]
    pub opened_ms: i64,
    /// When it was last saved.
    #[n(7)]
    pub saved_ms: i64,
    /// The draft puts a returned case right.
    #[n(8)]
    pub correcting: bool,
    /// Findings the clerk answered with a reason, by `rule@path`.
    #[n(9)]
    pub answers: std::collections::BTreeMap<String, String>,
    /// SHA-256 of the form file it was opened with, hex, first 16 digits; empty in drafts older than this field.
    #[n(10)]
    #[cbor(default)]
    pub form_hash: String,
    /// When the papers really came, milliseconds since 1970, for what was taken in during a noticed outage (002).
    #[n(11)]
    pub received_ms: Option<i64>,
}

/// One look at personal data.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Access {
    /// When, milliseconds since 1970.
    #[n(0)]
    pub wall_ms: i64,
    /// Natural person who looked.
    #[n(1)]
    pub person: String,
    /// Account.
    #[n(2)]
    pub account: String,
    /// What was done: `sign_in`, `search`, `view_person`, `view_case`, `unmask`, `print`, `denied`.
    #[n(3)]
    pub what: String,
    /// Person number, case number or class of the query; never the content.
    #[n(4)]
    pub subject: String,
}

/// One sealed batch.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct BatchRecord {
    /// First operation.
    #[n(0)]
    pub first: u64,
    /// Last operation.
    #[n(1)]
    pub last: u64,
    /// Hash of the last operation.
    #[n(2)]
    pub head: [u8; 32],
    /// Identifier in the batch's head.
    #[n(3)]
    pub batch_id: [u8; 16],
    /// SHA-256 of the file.
    #[n(4)]
    pub digest: [u8; 32],
    /// File name in the outbox.
    #[n(5)]
    pub file: String,
    /// When it was sealed.
    #[n(6)]
    pub sealed_ms: i64,
    /// When it was first handed over; none while it only lies in the outbox.
    #[n(7)]
    pub sent_ms: Option<i64>,
}

/// The write that stores a value of this machine, to go along with an append.
pub fn local_write<T: minicbor::Encode<()>>(name: &str, value: &T) -> LocalWrite {
    (Table::Local, name.as_bytes().to_vec(), Some(encode(value)))
}

/// The write that keeps a receipt file, by its number.
pub fn receipt_write(number: u64, file: &[u8]) -> LocalWrite {
    (Table::Receipts, keys::seq(number).to_vec(), Some(file.to_vec()))
}

/// The write that removes a draft, to go along with the append that hands it in.
pub fn draft_removal(account: &str, case_id: &[u8; 16]) -> LocalWrite {
    (Table::Drafts, draft_key(account, case_id), None)
}

/// The write that stores the verifier of an account's PIN.
pub fn secret_write(account: &str, verifier: &str) -> LocalWrite {
    (Table::Secrets, account.as_bytes().to_vec(), Some(verifier.as_bytes().to_vec()))
}

fn draft_key(account: &str, case_id: &[u8; 16]) -> Vec<u8> {
    let mut key = keys::join(&[account.as_bytes(), &[]]);
    key.extend_from_slice(case_id);
    key
}

impl Store {
    /// Saves a draft.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn save_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        self.write_local(&[(Table::Drafts, draft_key(&draft.account, &draft.case_id), Some(encode(draft)))])
    }

    /// Saves several drafts in one transaction: all of them or none.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn save_drafts(&self, drafts: &[Draft]) -> Result<(), StoreError> {
        let rows: Vec<_> = drafts
            .iter()
            .map(|draft| (Table::Drafts, draft_key(&draft.account, &draft.case_id), Some(encode(draft))))
            .collect();
        self.write_local(&rows)
    }

    /// Moves a draft from another account to its own, in one transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn move_draft(&self, from: &str, draft: &Draft) -> Result<(), StoreError> {
        self.write_local(&[
            (Table::Drafts, draft_key(from, &draft.case_id), None),
            (Table::Drafts, draft_key(&draft.account, &draft.case_id), Some(encode(draft))),
        ])
    }

    /// Removes a draft: it was handed in, or thrown away on purpose.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn remove_draft(&self, account: &str, case_id: &[u8; 16]) -> Result<(), StoreError> {
        self.write_local(&[draft_removal(account, case_id)])
    }

    /// Records a look at personal data. `nonce` tells apart looks of the same millisecond.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn record_access(&self, access: &Access, nonce: u64) -> Result<(), StoreError> {
        let mut key = access.wall_ms.max(0).to_be_bytes().to_vec();
        key.extend_from_slice(&nonce.to_be_bytes());
        self.write_local(&[(Table::Access, key, Some(encode(access)))])
    }

    /// Stores the bookkeeping of a batch.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_batch(&self, batch: &BatchRecord) -> Result<(), StoreError> {
        self.write_local(&[(Table::Batches, keys::seq(batch.first).to_vec(), Some(encode(batch)))])
    }

    /// Forgets the bookkeeping of a batch whose file is lost: its operations will be sealed again.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_batch(&self, first: u64) -> Result<(), StoreError> {
        self.write_local(&[(Table::Batches, keys::seq(first).to_vec(), None)])
    }

    /// Stores a value of this machine.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_local<T: minicbor::Encode<()>>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        self.write_local(&[local_write(name, value)])
    }
}

impl Snapshot {
    /// Drafts of an account, in the order they were opened.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn drafts(&self, account: &str) -> Result<Vec<Draft>, StoreError> {
        let prefix = keys::join(&[account.as_bytes(), &[]]);
        let mut drafts = Vec::new();
        for (_, value) in self.scan(Table::Drafts, &prefix, usize::MAX)? {
            drafts.push(decode::<Draft>(Table::Drafts, &value)?);
        }
        drafts.sort_by_key(|draft| draft.opened_ms);
        Ok(drafts)
    }

    /// One draft.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn draft(&self, account: &str, case_id: &[u8; 16]) -> Result<Option<Draft>, StoreError> {
        match self.get(Table::Drafts, &draft_key(account, case_id))? {
            Some(bytes) => Ok(Some(decode(Table::Drafts, &bytes)?)),
            None => Ok(None),
        }
    }

    /// Verifier of an account's PIN.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn secret(&self, account: &str) -> Result<Option<String>, StoreError> {
        Ok(self
            .get(Table::Secrets, account.as_bytes())?
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Looks at personal data, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accesses(&self, limit: usize) -> Result<Vec<Access>, StoreError> {
        self.scan(Table::Access, &[], limit)?.iter().map(|(_, value)| decode(Table::Access, value)).collect()
    }

    /// A value of this machine: keys and cursors that belong to no record.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn local<T: for<'b> minicbor::Decode<'b, ()>>(&self, name: &str) -> Result<Option<T>, StoreError> {
        match self.get(Table::Local, name.as_bytes())? {
            Some(bytes) => Ok(Some(decode(Table::Local, &bytes)?)),
            None => Ok(None),
        }
    }

    /// All sealed batches, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn batches(&self) -> Result<Vec<BatchRecord>, StoreError> {
        self.scan(Table::Batches, &[], usize::MAX)?
            .iter()
            .map(|(_, value)| decode(Table::Batches, value))
            .collect()
    }
}
