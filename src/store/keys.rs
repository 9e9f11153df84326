//! Byte keys: built here, read nowhere else. Parts are joined by a zero byte, which no text of ours contains (the
//! door refuses control characters); numbers are big-endian, so that they sort.

use xiangbao_core::case::Status;
use xiangbao_core::event::Level;
use xiangbao_core::register::RecordKey;

/// Joins parts with zero bytes.
pub fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.join(&0)
}

/// The first part of a joined key's tail after `prefix`, as text.
pub fn last_part(key: &[u8]) -> String {
    let tail = key.rsplit(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(tail).into_owned()
}

/// The first part of a joined key, as text.
pub fn first_part(key: &[u8]) -> String {
    let head = key.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(head).into_owned()
}

/// Sequence number.
pub fn seq(seq: u64) -> [u8; 8] {
    seq.to_be_bytes()
}

/// Reads a sequence number back; zero when the key is none.
pub fn read_seq(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_be_bytes)
}

/// Register record.
pub fn record(key: &RecordKey) -> Vec<u8> {
    match key {
        RecordKey::Person(no) => join(&[b"P", no.as_bytes()]),
        RecordKey::Household(no) => join(&[b"H", no.as_bytes()]),
        RecordKey::Enrolment(no, year) => join(&[b"E", no.as_bytes(), year.to_string().as_bytes()]),
        RecordKey::Accumulation(no, year, benefit) => {
            join(&[b"A", no.as_bytes(), year.to_string().as_bytes(), benefit.as_bytes()])
        }
        RecordKey::Transfer(no) => join(&[b"T", no.as_bytes()]),
        RecordKey::Invoice(no, place) if place.is_empty() => join(&[b"I", no.as_bytes()]),
        RecordKey::Invoice(no, place) => join(&[b"I", no.as_bytes(), place.as_bytes()]),
        RecordKey::Filing(no, kind, serial) => {
            join(&[b"F", no.as_bytes(), kind.as_bytes(), serial.to_string().as_bytes()])
        }
        RecordKey::Contribution(no, year) => join(&[b"C", no.as_bytes(), year.to_string().as_bytes()]),
    }
}

/// One version of a register record.
pub fn version(key: &RecordKey, rev: u32) -> Vec<u8> {
    let mut bytes = record(key);
    bytes.push(0);
    bytes.extend_from_slice(&rev.to_be_bytes());
    bytes
}

/// Place in the queue: status first, then the order of acceptance, so that a resubmission keeps its place.
pub fn queue(status: Status, accepted_seq: u64) -> Vec<u8> {
    let mut bytes = vec![status_code(status)];
    bytes.extend_from_slice(&accepted_seq.to_be_bytes());
    bytes
}

/// First byte of a queue key.
pub fn status_code(status: Status) -> u8 {
    match status {
        Status::Review(level) => 10 + level_code(level),
        Status::Supplement => 20,
        Status::Reversing(level) => 30 + level_code(level),
        Status::Correcting(level) => 40 + level_code(level),
        Status::Refused => 90,
        Status::Rejected => 91,
        Status::Withdrawn => 92,
        Status::InEffect => 93,
        Status::Reversed => 94,
        Status::Decided => 95,
    }
}

fn level_code(level: Level) -> u8 {
    match level {
        Level::Initial => 1,
        Level::Recheck => 2,
        Level::Approval => 3,
        Level::Finance => 4,
    }
}

/// Text read backwards: a search for its tail becomes a search for a prefix.
pub fn backwards(text: &str) -> String {
    text.chars().rev().collect()
}
