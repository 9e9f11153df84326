//! Loads the banks' layouts: built in, replaced or added by the office. Knows where the files lie; must not know what a layout
//! says.

use std::collections::BTreeMap;

use super::definitions::fingerprint;
use super::error::AppError;
use super::library::{Fault, Library, SEED};
use super::library_files::Reader;
use crate::exchange::bank::Layout;

/// A layout with the fingerprint of its file.
#[derive(Clone, Debug)]
pub struct Bank {
    /// The layout.
    pub layout: Layout,
    /// SHA-256 of the file, first 16 hexadecimal digits.
    pub hash: String,
}

/// All layouts by id.
pub(super) fn load_banks(reader: &mut Reader<'_>) -> BTreeMap<String, Bank> {
    let mut sources = reader.files(&SEED, "seed", "banks", "toml");
    sources.extend(reader.beside(&SEED, "seed", "banks", "toml"));
    let mut banks = BTreeMap::new();
    for source in sources {
        match Layout::load(&source.name, &source.text) {
            Ok(layout) => {
                reader.own_name(&source, &layout.id);
                let hash = fingerprint(&source.text);
                banks.insert(layout.id.clone(), Bank { layout, hash });
            }
            Err(faults) => reader.faults.extend(faults.into_iter().map(|fault| Fault {
                file: fault.file,
                line: fault.line,
                key: fault.key,
                message: fault.message,
                fix: fault.fix,
            })),
        }
    }
    banks
}

impl Library {
    /// A bank's layout.
    ///
    /// # Errors
    /// When there is none of this id, with those that there are.
    pub fn bank(&self, id: &str) -> Result<&Bank, AppError> {
        self.banks.get(id).ok_or_else(|| {
            let all: Vec<&str> = self.banks.keys().map(String::as_str).collect();
            AppError::NotFound(format!("银行版式 {id}（现有：{}）", all.join(" ")))
        })
    }
}
