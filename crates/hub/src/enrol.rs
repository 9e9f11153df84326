//! How a station becomes known: a person at the city makes a code, the station shows it once with its own key.
//!
//! Codes lie as files beside the database (named by their hash, so that a listing betrays none), because they are made
//! while the hub runs; that a code was used stands in the database, in the transaction that enrols the station.

use std::path::PathBuf;

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use xiangbao_core::journal::{Hash32, Head, hex, is_station_id, unhex};

use crate::Hub;
use crate::store::{StationRow, StoreError};

/// A code is good for seven days, in milliseconds.
const CODE_LIFE_MS: i64 = 7 * 24 * 3_600_000;
/// 20 letters of 5 bits.
const CODE_LETTERS: usize = 20;
/// Without I, L, O, U: nothing that is misread from paper.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Longest name of an office, bytes.
const MAX_NAME_BYTES: usize = 200;

/// What a station sends to be enrolled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolRequest {
    /// The code from the city.
    pub code: String,
    /// Identifier of the station.
    pub station: String,
    /// Name of the office.
    pub name: String,
    /// The station's Ed25519 verifying key, hexadecimal.
    pub verifying_key: String,
}

/// What the station pins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// Name of the hub.
    pub hub: String,
    /// Division code of the city, for the head of each batch.
    pub city: String,
    /// The hub's Ed25519 verifying key, hexadecimal.
    pub hub_key: String,
    /// Short name of that key, hexadecimal.
    pub key_id: String,
    /// The epoch that the station works in.
    pub epoch: u32,
}

/// Why a station is not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolRefusal {
    /// The code is unknown, too old or used. Which of them is not told.
    #[error("the enrolment code is not valid")]
    Code,
    /// Something in the request is out of bounds.
    #[error("{0}")]
    Request(&'static str),
    /// The hub could not store it; nothing happened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The folder with the codes that were made and not used yet.
#[derive(Clone, Debug)]
pub struct CodeFolder(pub PathBuf);

impl CodeFolder {
    /// Makes a code, valid for seven days from `now_ms`, for one station. Written in groups of five.
    ///
    /// # Errors
    /// What the file system or the random source says.
    pub fn make(&self, now_ms: i64) -> std::io::Result<String> {
        let mut random = [0_u8; CODE_LETTERS];
        getrandom::fill(&mut random).map_err(std::io::Error::other)?;
        let letter = |byte: &u8| ALPHABET.get(usize::from(byte & 31)).copied().map_or('0', char::from);
        let code: String = random.iter().map(letter).collect();
        std::fs::create_dir_all(&self.0)?;
        let path = self.0.join(hex(&code_hash(&code)));
        let fresh = path.with_extension("new");
        std::fs::write(&fresh, now_ms.saturating_add(CODE_LIFE_MS).to_string())?;
        std::fs::File::open(&fresh)?.sync_all()?;
        std::fs::rename(&fresh, &path)?;
        let groups: Vec<String> =
            code.as_bytes().chunks(5).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        Ok(groups.join("-"))
    }

    /// Whether a code of this hash was made and is not too old.
    fn is_open(&self, hash: &Hash32, now_ms: i64) -> bool {
        let expiry = std::fs::read_to_string(self.0.join(hex(hash))).ok();
        expiry.and_then(|text| text.trim().parse::<i64>().ok()).is_some_and(|expiry| now_ms <= expiry)
    }

    fn forget(&self, hash: &Hash32) {
        // That it was used stands in the database: a file that stays behind opens nothing.
        std::fs::remove_file(self.0.join(hex(hash))).ok();
    }
}

/// Hash of a code as people type it: case, hyphens and spaces do not matter.
fn code_hash(code: &str) -> Hash32 {
    let typed: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    Sha256::new().chain_update(b"enrol1/").chain_update(typed.as_bytes()).finalize().into()
}

impl Hub {
    /// Enrols a station. One that is known under another key (a new computer), or frozen, begins its next epoch; the
    /// same key keeps its epoch. The same request again gets the same answer.
    ///
    /// # Errors
    /// [`EnrolRefusal`]; nothing happened then.
    pub fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, EnrolRefusal> {
        let key = check(request)?;
        let hash = code_hash(&request.code);
        let (now_ms, open) = ((self.clock)(), self.codes.is_open(&hash, (self.clock)()));
        let mut epoch = None;
        self.store.write(&mut |tables| {
            let known = tables.newest_epoch(&request.station)?;
            if tables.code_used(&hash)? {
                let same = known.filter(|row| row.code_hash == hash && row.key == key);
                epoch = same.map(|row| row.epoch);
                return Ok(());
            }
            if !open {
                return Ok(());
            }
            let next = match known {
                // The same installation once more: its chain goes on.
                Some(row) if !row.frozen && row.key == key => {
                    let named = StationRow { name: request.name.clone(), code_hash: hash, ..row };
                    tables.put_station(&named)?;
                    tables.use_code(&hash, &request.station)?;
                    epoch = Some(named.epoch);
                    return Ok(());
                }
                Some(mut row) => {
                    row.frozen = true;
                    tables.put_station(&row)?;
                    row.epoch.saturating_add(1)
                }
                None => 1,
            };
            tables.put_station(&new_row(request, key, next, now_ms, hash))?;
            tables.use_code(&hash, &request.station)?;
            epoch = Some(next);
            Ok(())
        })?;
        let epoch = epoch.ok_or(EnrolRefusal::Code)?;
        self.codes.forget(&hash);
        Ok(EnrolAnswer {
            hub: self.identity.name.clone(),
            city: self.identity.city.clone(),
            hub_key: hex(self.identity.public().as_bytes()),
            key_id: hex(&self.identity.key_id()),
            epoch,
        })
    }
}

fn check(request: &EnrolRequest) -> Result<[u8; 32], EnrolRefusal> {
    if !is_station_id(&request.station) {
        return Err(EnrolRefusal::Request(
            "station: 1 to 32 of A-Z a-z 0-9 _ -, beginning with a letter or digit",
        ));
    }
    if request.name.len() > MAX_NAME_BYTES || request.name.chars().any(char::is_control) {
        return Err(EnrolRefusal::Request("name: at most 200 bytes, no control characters"));
    }
    let bad_key = EnrolRefusal::Request("verifying_key: 64 hexadecimal digits of an Ed25519 key");
    let Some(key) = unhex::<32>(&request.verifying_key) else { return Err(bad_key) };
    match VerifyingKey::from_bytes(&key) {
        Ok(sound) if !sound.is_weak() => Ok(key),
        _ => Err(bad_key),
    }
}

fn new_row(request: &EnrolRequest, key: [u8; 32], epoch: u32, now_ms: i64, code_hash: Hash32) -> StationRow {
    StationRow {
        station: request.station.clone(),
        epoch,
        name: request.name.clone(),
        key,
        head: Head::genesis(&request.station, epoch),
        frozen: false,
        receipt_no: 0,
        receipt_hash: [0; 32],
        enrolled_ms: now_ms,
        last_batch_ms: 0,
        code_hash,
    }
}
