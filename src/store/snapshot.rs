//! Reading: one consistent view of the data file, with the questions that use cases ask. Short-lived: no snapshot
//! survives a person's thinking time.

use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTableMetadata};
use xiangbao_core::case::Case;
use xiangbao_core::event::{Account, CityResult, Outage, PersonPaper};
use xiangbao_core::journal::{Head, Operation};
use xiangbao_core::register::{
    Accumulation, Change, Enrolment, FilingRecord, Household, Person, RecordKey, RegisterView, TransferRecord,
};

use super::database::{Identity, Stored, decode, read_head};
use super::error::StoreError;
use super::keys;
use super::projections::{StationInfo, Version};
use super::tables::Table;

/// Key and value as stored.
pub type Pair = (Vec<u8>, Vec<u8>);

/// One consistent view.
pub struct Snapshot {
    txn: ReadTransaction,
}

impl Snapshot {
    pub(super) fn begin(db: &Database) -> Result<Self, StoreError> {
        Ok(Self { txn: db.begin_read()? })
    }

    /// One value.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.look(table, key, <[u8]>::to_vec)
    }

    /// What `read` makes of one value where it lies.
    pub(super) fn look<T>(
        &self,
        table: Table,
        key: &[u8],
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<Option<T>, StoreError> {
        let table = match self.txn.open_table(table.definition()) {
            Ok(table) => table,
            // A table that a newer version added is empty in an older file.
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        Ok(table.get(key)?.map(|guard| read(guard.value())))
    }

    /// Pairs whose key begins with `prefix` and is not before `from`, in order, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn scan_from(
        &self,
        table: Table,
        prefix: &[u8],
        from: &[u8],
        limit: usize,
    ) -> Result<Vec<Pair>, StoreError> {
        let table = match self.txn.open_table(table.definition()) {
            Ok(table) => table,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            Err(other) => return Err(other.into()),
        };
        let mut found = Vec::new();
        for pair in table.range::<&[u8]>(from..)? {
            let (key, value) = pair?;
            if !key.value().starts_with(prefix) || found.len() >= limit {
                break;
            }
            found.push((key.value().to_vec(), value.value().to_vec()));
        }
        Ok(found)
    }

    /// Pairs whose key begins with `prefix`, in order, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn scan(&self, table: Table, prefix: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        self.scan_from(table, prefix, prefix, limit)
    }

    /// Number of rows.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self, table: Table) -> Result<u64, StoreError> {
        match self.txn.open_table(table.definition()) {
            Ok(table) => Ok(table.len()?),
            Err(redb::TableError::TableDoesNotExist(_)) => Ok(0),
            Err(other) => Err(other.into()),
        }
    }

    /// As [`Self::scan`], from the last key backwards.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn scan_back(&self, table: Table, prefix: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        let table = match self.txn.open_table(table.definition()) {
            Ok(table) => table,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            Err(other) => return Err(other.into()),
        };
        // No text of ours contains this byte: behind every key that begins with the prefix.
        let mut end = prefix.to_vec();
        end.push(0xFF);
        let mut found = Vec::new();
        for pair in table.range::<&[u8]>(prefix..end.as_slice())?.rev() {
            if found.len() >= limit {
                break;
            }
            let (key, value) = pair?;
            found.push((key.value().to_vec(), value.value().to_vec()));
        }
        Ok(found)
    }

    fn read<T: for<'b> minicbor::Decode<'b, ()>>(
        &self,
        table: Table,
        key: &[u8],
    ) -> Result<Option<T>, StoreError> {
        self.look(table, key, |bytes| decode(table, bytes))?.transpose()
    }

    /// Identity of this machine.
    ///
    /// # Errors
    /// When the file names none.
    pub fn identity(&self) -> Result<Identity, StoreError> {
        self.read(Table::Local, b"identity")?.ok_or(StoreError::NoStation)
    }

    /// Head of the chain.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn head(&self) -> Result<Head, StoreError> {
        match self.get(Table::Local, b"head")? {
            Some(bytes) => read_head(&bytes),
            None => {
                let identity = self.identity()?;
                Ok(Head::genesis(&identity.station, identity.epoch))
            }
        }
    }

    /// Operations from `first` on, at most `limit`.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn operations(&self, first: u64, limit: usize) -> Result<Vec<Operation>, StoreError> {
        self.scan_from(Table::Journal, &[], &keys::seq(first), limit)?
            .iter()
            .map(|(_, value)| read_operation(value))
            .collect()
    }

    /// What a command stored, if it was stored before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn command(&self, id: &[u8; 16]) -> Result<Option<Stored>, StoreError> {
        // The last two bytes count the operations of the command.
        self.read(Table::Commands, &id[..14])
    }

    /// What the office is called.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn station(&self) -> Result<StationInfo, StoreError> {
        Ok(self.read(Table::Station, b"info")?.unwrap_or_default())
    }

    /// A named count.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn counter(&self, name: &str) -> Result<u64, StoreError> {
        Ok(self.get(Table::Counters, name.as_bytes())?.map_or(0, |bytes| keys::read_seq(&bytes)))
    }

    /// One account.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn account(&self, account: &str) -> Result<Option<Account>, StoreError> {
        self.read(Table::Accounts, account.as_bytes())
    }

    /// All accounts, by sign-in name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.scan(Table::Accounts, &[], usize::MAX)?
            .iter()
            .map(|(_, value)| decode(Table::Accounts, value))
            .collect()
    }

    /// One case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case(&self, case_id: &[u8; 16]) -> Result<Option<Case>, StoreError> {
        self.read(Table::Cases, case_id)
    }

    /// The case with this printed number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case_id_by_number(&self, number: &str) -> Result<Option<[u8; 16]>, StoreError> {
        Ok(self.get(Table::CaseNumbers, number.as_bytes())?.and_then(|bytes| bytes.try_into().ok()))
    }

    /// Cases in a status, oldest acceptance first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases_in(
        &self,
        status: xiangbao_core::case::Status,
        limit: usize,
    ) -> Result<Vec<([u8; 16], Case)>, StoreError> {
        let pairs = self.scan(Table::CaseQueue, &[keys::status_code(status)], limit)?;
        self.cases_of(pairs)
    }

    /// All outage notices, in the order of their documents.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outages(&self) -> Result<Vec<Outage>, StoreError> {
        let pairs = self.scan(Table::Outages, &[], usize::MAX)?;
        pairs.iter().map(|(_, value)| decode(Table::Outages, value)).collect()
    }

    /// All cases, newest printed number last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn all_cases(&self, limit: usize) -> Result<Vec<([u8; 16], Case)>, StoreError> {
        let mut cases = self.cases_of(self.scan(Table::CaseQueue, &[], limit)?)?;
        cases.sort_by_key(|(_, case)| case.accepted.seq);
        Ok(cases)
    }

    /// Cases whose printed number begins like this, newest first, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn latest_cases(&self, number: &str, limit: usize) -> Result<Vec<([u8; 16], Case)>, StoreError> {
        self.cases_of(self.scan_back(Table::CaseNumbers, number.as_bytes(), limit)?)
    }

    /// Cases that concern a person, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases_of_person(&self, psn_no: &str) -> Result<Vec<([u8; 16], Case)>, StoreError> {
        let prefix = keys::join(&[psn_no.as_bytes(), &[]]);
        self.cases_of(self.scan(Table::CasePersons, &prefix, usize::MAX)?)
    }

    /// Papers given out about a person, oldest first, each with its operation.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn papers_of_person(&self, psn_no: &str) -> Result<Vec<(u64, PersonPaper)>, StoreError> {
        let prefix = keys::join(&[psn_no.as_bytes(), &[]]);
        let pairs = self.scan(Table::PersonPapers, &prefix, usize::MAX)?;
        let paper = |(key, value): &Pair| {
            let seq = key.get(prefix.len()..).map_or(0, keys::read_seq);
            Ok((seq, decode(Table::PersonPapers, value)?))
        };
        pairs.iter().map(paper).collect()
    }

    fn cases_of(&self, pairs: Vec<Pair>) -> Result<Vec<([u8; 16], Case)>, StoreError> {
        let mut cases = Vec::with_capacity(pairs.len());
        for (_, value) in pairs {
            let Ok(case_id) = <[u8; 16]>::try_from(value) else { continue };
            if let Some(case) = self.case(&case_id)? {
                cases.push((case_id, case));
            }
        }
        Ok(cases)
    }

    /// The operations of a case, oldest first.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn steps_of_case(&self, case_id: &[u8; 16]) -> Result<Vec<Operation>, StoreError> {
        let mut operations = Vec::new();
        for (key, _) in self.scan(Table::CaseSteps, case_id, usize::MAX)? {
            let seq = key.get(16..).unwrap_or_default();
            if let Some(bytes) = self.get(Table::Journal, seq)? {
                operations.push(read_operation(&bytes)?);
            }
        }
        Ok(operations)
    }

    /// What the city said of an operation, when it said more than yes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn city_result(&self, seq: u64) -> Result<Option<CityResult>, StoreError> {
        self.read(Table::CityResults, &keys::seq(seq))
    }

    /// One person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn person(&self, psn_no: &str) -> Result<Option<Person>, StoreError> {
        match self.record(&RecordKey::Person(psn_no.to_owned()))? {
            Some(Change::Person { record, .. }) => Ok(Some(record)),
            _ => Ok(None),
        }
    }

    /// One household.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn household(&self, household_no: &str) -> Result<Option<Household>, StoreError> {
        match self.record(&RecordKey::Household(household_no.to_owned()))? {
            Some(Change::Household { record, .. }) => Ok(Some(record)),
            _ => Ok(None),
        }
    }

    /// One enrolment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn enrolment(&self, psn_no: &str, year: u16) -> Result<Option<Enrolment>, StoreError> {
        match self.record(&RecordKey::Enrolment(psn_no.to_owned(), year))? {
            Some(Change::Enrolment { record, .. }) => Ok(Some(record)),
            _ => Ok(None),
        }
    }

    /// All enrolments of a person, oldest year first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn enrolments(&self, psn_no: &str) -> Result<Vec<Enrolment>, StoreError> {
        let prefix = keys::join(&[b"E", psn_no.as_bytes(), &[]]);
        let mut found = Vec::new();
        for (_, value) in self.scan(Table::Current, &prefix, usize::MAX)? {
            if let Change::Enrolment { record, .. } = decode(Table::Current, &value)? {
                found.push(record);
            }
        }
        Ok(found)
    }

    /// The filings of all persons by one form, void ones among them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn filings_by_kind(&self, kind: &str) -> Result<Vec<FilingRecord>, StoreError> {
        let mut found = Vec::new();
        for (_, value) in self.scan(Table::Current, &keys::join(&[b"F", &[]]), usize::MAX)? {
            match decode(Table::Current, &value)? {
                Change::Filing { record, .. } if record.kind == kind => found.push(record),
                _ => {}
            }
        }
        Ok(found)
    }

    /// What a person used in a year, within a benefit.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accumulation(
        &self,
        psn_no: &str,
        year: u16,
        benefit: &str,
    ) -> Result<Option<Accumulation>, StoreError> {
        match self.record(&RecordKey::Accumulation(psn_no.to_owned(), year, benefit.to_owned()))? {
            Some(Change::Accumulation { record, .. }) => Ok(Some(record)),
            _ => Ok(None),
        }
    }

    /// What a person used in a year, one record for each benefit.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accumulations(&self, psn_no: &str, year: u16) -> Result<Vec<Accumulation>, StoreError> {
        let prefix = keys::join(&[b"A", psn_no.as_bytes(), year.to_string().as_bytes(), &[]]);
        let mut found = Vec::new();
        for (_, value) in self.scan(Table::Current, &prefix, usize::MAX)? {
            if let Change::Accumulation { record, .. } = decode(Table::Current, &value)? {
                found.push(record);
            }
        }
        Ok(found)
    }

    /// The filings of a person, oldest first within a kind; of one form when it is named.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn filings_of(&self, psn_no: &str, kind: Option<&str>) -> Result<Vec<FilingRecord>, StoreError> {
        let parts: Vec<&[u8]> = [b"F".as_slice(), psn_no.as_bytes()]
            .into_iter()
            .chain(kind.map(str::as_bytes))
            .chain([b"".as_slice()])
            .collect();
        let mut found = Vec::new();
        for (_, value) in self.scan(Table::Current, &keys::join(&parts), usize::MAX)? {
            if let Change::Filing { record, .. } = decode(Table::Current, &value)? {
                found.push(record);
            }
        }
        found.sort_by(|a, b| (&a.kind, a.serial).cmp(&(&b.kind, b.serial)));
        Ok(found)
    }

    /// The transfer of a person, if any.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn transfer(&self, psn_no: &str) -> Result<Option<TransferRecord>, StoreError> {
        match self.record(&RecordKey::Transfer(psn_no.to_owned()))? {
            Some(Change::Transfer { record, .. }) => Ok(Some(record)),
            _ => Ok(None),
        }
    }

    /// Newest version of a register record.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn record(&self, key: &RecordKey) -> Result<Option<Change>, StoreError> {
        self.read(Table::Current, &keys::record(key))
    }

    /// All versions of a register record, oldest first: what was known when.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn history(&self, key: &RecordKey) -> Result<Vec<Version>, StoreError> {
        let mut prefix = keys::record(key);
        prefix.push(0);
        let mut versions = Vec::new();
        for (found, value) in self.scan(Table::Versions, &prefix, usize::MAX)? {
            // The revision is four bytes; a longer tail belongs to another record whose number begins alike.
            if found.len() == prefix.len() + 4 {
                versions.push(decode(Table::Versions, &value)?);
            }
        }
        Ok(versions)
    }

    /// The record as it was known at a moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn known_at(&self, key: &RecordKey, wall_ms: i64) -> Result<Option<Version>, StoreError> {
        Ok(self.history(key)?.into_iter().rfind(|version| version.known_ms <= wall_ms))
    }

    /// Persons of a household.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn members(&self, household_no: &str) -> Result<Vec<Person>, StoreError> {
        let prefix = keys::join(&[household_no.as_bytes(), &[]]);
        let mut persons = Vec::new();
        for (key, _) in self.scan(Table::ByHousehold, &prefix, usize::MAX)? {
            persons.extend(self.person(&keys::last_part(&key))?);
        }
        Ok(persons)
    }
}

fn read_operation(bytes: &[u8]) -> Result<Operation, StoreError> {
    Operation::decode(bytes)
        .map_err(|fault| StoreError::Record { table: Table::Journal.name(), message: fault.to_string() })
}

impl RegisterView for Snapshot {
    fn current(&self, key: &RecordKey) -> Result<Option<Change>, String> {
        self.record(key).map_err(|fault| fault.to_string())
    }

    fn version(&self, key: &RecordKey, rev: u32) -> Result<Option<Change>, String> {
        self.read::<Version>(Table::Versions, &keys::version(key, rev))
            .map(|found| found.map(|version| version.change))
            .map_err(|fault| fault.to_string())
    }

    fn persons_by_certno(&self, certno: &str) -> Result<Vec<String>, String> {
        let prefix = keys::join(&[certno.as_bytes(), &[]]);
        let pairs = self.scan(Table::ByCertificate, &prefix, 100).map_err(|fault| fault.to_string())?;
        Ok(pairs.iter().map(|(key, _)| keys::last_part(key)).collect())
    }

    fn household_by_book(&self, village: &str, resdbook_no: &str) -> Result<Option<String>, String> {
        if resdbook_no.is_empty() {
            return Ok(None);
        }
        let prefix = keys::join(&[village.as_bytes(), resdbook_no.as_bytes(), &[]]);
        let pairs = self.scan(Table::ByBook, &prefix, 1).map_err(|fault| fault.to_string())?;
        Ok(pairs.first().map(|(key, _)| keys::last_part(key)))
    }

    fn serials(&self) -> Result<(u64, u64), String> {
        let count = |name| self.counter(name).map_err(|fault| fault.to_string());
        Ok((count("persons")?, count("households")?))
    }

    fn filings(&self, psn_no: &str, kind: &str) -> Result<Vec<FilingRecord>, String> {
        self.filings_of(psn_no, Some(kind)).map_err(|fault| fault.to_string())
    }

    fn fund_paid(&self, psn_no: &str, year: u16) -> Result<bool, String> {
        let records = self.accumulations(psn_no, year).map_err(|fault| fault.to_string())?;
        Ok(records.iter().any(Accumulation::paid))
    }
}
