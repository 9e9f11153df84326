//! Settled cases person by person, to ask their bills again: each read from its bytes without what that does not need. Knows
//! keys; must not know packs.

use xiangbao_core::case::SettledCase;

use super::error::StoreError;
use super::keys;
use super::snapshot::Snapshot;
use super::tables::Table;

impl Snapshot {
    /// The numbers of all persons that cases concern, each once, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn persons_with_cases(&self) -> Result<Vec<String>, StoreError> {
        let pairs = self.scan(Table::CasePersons, &[], usize::MAX)?;
        let mut persons: Vec<String> = pairs.iter().map(|(key, _)| keys::first_part(key)).collect();
        persons.dedup();
        Ok(persons)
    }

    /// The settled and not reversed bills of a person in the order in which they were settled, each with its case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn settled_of_person(&self, psn_no: &str) -> Result<Vec<([u8; 16], SettledCase)>, StoreError> {
        let prefix = keys::join(&[psn_no.as_bytes(), &[]]);
        let mut found = Vec::new();
        for (_, value) in self.scan(Table::CasePersons, &prefix, usize::MAX)? {
            let Ok(case_id) = <[u8; 16]>::try_from(value) else { continue };
            let settled = self.look(Table::Cases, &case_id, |bytes| SettledCase::read(bytes, psn_no))?;
            let settled = settled.transpose().map_err(|fault| StoreError::Record {
                table: Table::Cases.name(),
                message: fault.to_string(),
            })?;
            found.extend(settled.flatten().map(|settled| (case_id, settled)));
        }
        found.sort_by_key(|(_, settled)| settled.seq);
        Ok(found)
    }
}
