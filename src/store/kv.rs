//! The narrow face that projections write through: the same code fills the database and the memory image that
//! `verify` compares it with. Knows nothing of meanings.

use std::collections::BTreeMap;

use redb::{ReadableTable, WriteTransaction};

use super::error::StoreError;
use super::tables::Table;

/// Reads and writes by table and key.
pub trait Kv {
    /// The value, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// Writes a value.
    ///
    /// # Errors
    /// When the database refuses.
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError>;
    /// Removes a key; a missing one is fine.
    ///
    /// # Errors
    /// When the database refuses.
    fn remove(&mut self, table: Table, key: &[u8]) -> Result<(), StoreError>;
}

/// Writes into one transaction.
pub struct TransactionKv<'a>(pub &'a WriteTransaction);

impl Kv for TransactionKv<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let table = self.0.open_table(table.definition())?;
        let found = table.get(key)?;
        Ok(found.map(|guard| guard.value().to_vec()))
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.0.open_table(table.definition())?.insert(key, value)?;
        Ok(())
    }

    fn remove(&mut self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        self.0.open_table(table.definition())?.remove(key)?;
        Ok(())
    }
}

/// The derived tables in memory.
#[derive(Default)]
pub struct MemoryKv {
    tables: BTreeMap<Table, BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl MemoryKv {
    /// One table's content.
    pub fn table(&self, table: Table) -> Option<&BTreeMap<Vec<u8>, Vec<u8>>> {
        self.tables.get(&table)
    }
}

impl Kv for MemoryKv {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.tables.get(&table).and_then(|rows| rows.get(key)).cloned())
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.tables.entry(table).or_default().insert(key.to_vec(), value.to_vec());
        Ok(())
    }

    fn remove(&mut self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        if let Some(rows) = self.tables.get_mut(&table) {
            rows.remove(key);
        }
        Ok(())
    }
}
