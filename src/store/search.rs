//! Finding a person in one box, whatever is typed: name, pinyin initials or syllables, certificate number or its
//! tail, telephone tail, person number, household. Bounded, and the same for every order of typing.

use std::collections::BTreeSet;

use xiangbao_core::identity::pinyin;
use xiangbao_core::register::{Person, RegisterView};

use super::error::StoreError;
use super::keys;
use super::snapshot::Snapshot;
use super::tables::Table;

/// Candidates read for one word before the words are combined.
const CANDIDATES: usize = 2_000;

/// The pinyin keys under which a name is found: initials and full syllables, every reading, surname readings first.
pub fn pinyin_keys(name: &str) -> Vec<String> {
    pinyin::search_keys(name)
}

/// Persons that fit all words of the query, at most `limit`; each word may be any kind of key.
///
/// # Errors
/// When the database cannot be read.
pub fn find_persons(snapshot: &Snapshot, query: &str, limit: usize) -> Result<Vec<Person>, StoreError> {
    let mut fitting: Option<BTreeSet<String>> = None;
    for word in query.split_whitespace() {
        let found = candidates(snapshot, word)?;
        fitting = Some(match fitting {
            Some(before) => before.intersection(&found).cloned().collect(),
            None => found,
        });
    }
    let mut persons = Vec::new();
    for number in fitting.unwrap_or_default() {
        if persons.len() >= limit {
            break;
        }
        persons.extend(snapshot.person(&number)?);
    }
    Ok(persons)
}

fn candidates(snapshot: &Snapshot, word: &str) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    let mut take = |table: Table, prefix: &str| -> Result<(), StoreError> {
        for (key, _) in snapshot.scan(table, prefix.as_bytes(), CANDIDATES)? {
            found.insert(keys::last_part(&key));
        }
        Ok(())
    };
    let upper = word.to_uppercase();
    let digits = upper.chars().all(|c| c.is_ascii_digit() || c == 'X');
    if digits {
        // A tail of one or two digits says nothing; three already narrow a township to a dozen.
        if upper.len() >= 3 {
            take(Table::ByTail, &keys::backwards(&upper))?;
            take(Table::ByPhone, &keys::backwards(&upper))?;
        }
        take(Table::ByCertificate, &upper)?;
    } else if word.is_ascii() {
        take(Table::ByPinyin, &word.to_lowercase())?;
        take(Table::ByHousehold, &upper)?;
        take(Table::ByCertificate, &upper)?;
    } else {
        take(Table::ByName, word)?;
    }
    if snapshot.person(&upper)?.is_some() {
        found.insert(upper.clone());
    }
    let village_book = snapshot.scan(Table::ByHousehold, upper.as_bytes(), CANDIDATES)?;
    found.extend(village_book.iter().map(|(key, _)| keys::last_part(key)));
    Ok(found)
}

/// Numbers of the persons with exactly this certificate number.
///
/// # Errors
/// When the database cannot be read.
pub fn by_certificate(snapshot: &Snapshot, certno: &str) -> Result<Vec<Person>, StoreError> {
    let numbers = snapshot
        .persons_by_certno(certno)
        .map_err(|message| StoreError::Record { table: Table::ByCertificate.name(), message })?;
    let mut persons = Vec::new();
    for number in numbers {
        persons.extend(snapshot.person(&number)?);
    }
    Ok(persons)
}
