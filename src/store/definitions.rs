//! The text of every form and print template that this station ever worked with, by its hash: a case is shown, checked
//! and printed by the definition it was accepted under, however often the files change. Knows nothing of what they say.

use super::database::{Store, decode, encode};
use super::error::StoreError;
use super::keys;
use super::snapshot::Snapshot;
use super::tables::Table;

/// What sort of file a definition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Sort {
    /// A form.
    #[n(0)]
    Form,
    /// A print template.
    #[n(1)]
    Template,
}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Definition {
    /// Form or template.
    #[n(0)]
    pub sort: Sort,
    /// Id of the form or template.
    #[n(1)]
    pub id: String,
    /// Version the text says.
    #[n(2)]
    pub version: u32,
    /// SHA-256 of the text, hexadecimal, first 16 digits.
    #[n(3)]
    pub hash: String,
    /// The whole file.
    #[n(4)]
    pub text: String,
}

fn key(definition: &Definition) -> Vec<u8> {
    let sort: &[u8] = match definition.sort {
        Sort::Form => b"form",
        Sort::Template => b"template",
    };
    keys::join(&[sort, definition.hash.as_bytes()])
}

impl Store {
    /// Keeps texts, in one transaction; one that is there already stays as it is.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn keep_definitions(&self, definitions: &[Definition]) -> Result<(), StoreError> {
        let write = |definition: &Definition| (Table::Definitions, key(definition), Some(encode(definition)));
        self.write_local(&definitions.iter().map(write).collect::<Vec<_>>())
    }
}

impl Snapshot {
    /// All texts that are kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn definitions(&self) -> Result<Vec<Definition>, StoreError> {
        let pairs = self.scan(Table::Definitions, &[], usize::MAX)?;
        pairs.iter().map(|(_, value)| decode(Table::Definitions, value)).collect()
    }
}
