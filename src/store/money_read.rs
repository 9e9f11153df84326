//! Questions about money: lists, cases by where their money is, files already seen, contributions. Knows the tables; must
//! not know use cases.

use xiangbao_core::case::Case;
use xiangbao_core::payment::{DeductionList, PaymentList};
use xiangbao_core::register::{Change, Contribution, Person, RecordKey};

use super::database::decode;
use super::error::StoreError;
use super::snapshot::Snapshot;
use super::tables::Table;

impl Snapshot {
    /// Cases that have to do with money: due ones first, then failed, in correction, in lists, to be claimed back; paid
    /// ones only where `settled` asks for them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases_with_money(&self, settled: bool) -> Result<Vec<([u8; 16], Case)>, StoreError> {
        let mut found = Vec::new();
        for (key, value) in self.scan(Table::PayQueue, &[], usize::MAX)? {
            if !settled && key.first().is_some_and(|state| *state >= 90) {
                break;
            }
            let Ok(case_id) = <[u8; 16]>::try_from(value) else { continue };
            if let Some(case) = self.case(&case_id)? {
                found.push((case_id, case));
            }
        }
        Ok(found)
    }

    /// One payment list.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn payment_list(&self, no: &str) -> Result<Option<PaymentList>, StoreError> {
        self.get(Table::PaymentLists, no.as_bytes())?
            .map(|bytes| decode(Table::PaymentLists, &bytes))
            .transpose()
    }

    /// All payment lists, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn payment_lists(&self) -> Result<Vec<PaymentList>, StoreError> {
        let mut lists: Vec<PaymentList> = Vec::new();
        for (_, value) in self.scan(Table::PaymentLists, &[], usize::MAX)? {
            lists.push(decode(Table::PaymentLists, &value)?);
        }
        lists.sort_by_key(|list| std::cmp::Reverse(list.made.seq));
        Ok(lists)
    }

    /// One deduction list.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn deduction_list(&self, no: &str) -> Result<Option<DeductionList>, StoreError> {
        self.get(Table::DeductionLists, no.as_bytes())?
            .map(|bytes| decode(Table::DeductionLists, &bytes))
            .transpose()
    }

    /// All deduction lists, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn deduction_lists(&self) -> Result<Vec<DeductionList>, StoreError> {
        let mut lists: Vec<DeductionList> = Vec::new();
        for (_, value) in self.scan(Table::DeductionLists, &[], usize::MAX)? {
            lists.push(decode(Table::DeductionLists, &value)?);
        }
        lists.sort_by_key(|list| std::cmp::Reverse(list.made.seq));
        Ok(lists)
    }

    /// The list that a file with this SHA-256 was written for or taken in to, if it was seen before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn bank_file_seen(&self, digest: &[u8; 32]) -> Result<Option<String>, StoreError> {
        Ok(self.get(Table::BankFiles, digest)?.map(|no| String::from_utf8_lossy(&no).into_owned()))
    }

    /// Every person of the register, by number, whatever their standing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn persons(&self) -> Result<Vec<Person>, StoreError> {
        let mut found = Vec::new();
        for (_, value) in self.scan(Table::Current, b"P\0", usize::MAX)? {
            if let Change::Person { record, .. } = decode(Table::Current, &value)? {
                found.push(record);
            }
        }
        Ok(found)
    }

    /// What was booked for a person and year; a void record counts as none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn contribution(&self, psn_no: &str, year: u16) -> Result<Option<Contribution>, StoreError> {
        match self.record(&RecordKey::Contribution(psn_no.to_owned(), year))? {
            Some(Change::Contribution { record, .. }) if !record.void => Ok(Some(record)),
            _ => Ok(None),
        }
    }
}
