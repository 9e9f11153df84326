//! One operation: the envelope of everything that ever changes at a station, and its canonical bytes.
//!
//! Knows bounds, hashes and CBOR. Knows nothing of what a payload means, of the order of operations (`chain`) or of
//! files.

use sha2::{Digest, Sha256};

use super::Hash32;

/// The version of the envelope that this code writes and reads.
pub const OPERATION_VERSION: u8 = 1;
/// No text in an envelope is longer, in bytes.
pub const MAX_TEXT_BYTES: usize = 8 * 1024;
/// No payload is longer, in bytes.
pub const MAX_PAYLOAD_BYTES: usize = 1024 * 1024;
/// An encoded operation is at most its payload, six texts and this much of numbers and hashes.
const MAX_ENCODED_BYTES: usize = MAX_PAYLOAD_BYTES + 6 * MAX_TEXT_BYTES + 1024;
/// 2020-01-01T00:00:00Z and 2100-01-01T00:00:00Z in milliseconds: a clock outside is broken, not merely wrong.
const PLAUSIBLE_WALL_MS: std::ops::Range<i64> = 1_577_836_800_000..4_102_444_800_000;
/// Longest station identifier, in bytes.
const MAX_STATION_BYTES: usize = 32;

/// Who did it. Separation of duties is by `person`: two accounts of one person are one person.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Actor {
    /// The natural person's identifier in the station's staff list.
    #[n(0)]
    pub person: String,
    /// The account that was signed in.
    #[n(1)]
    pub account: String,
    /// The role acted in.
    #[n(2)]
    pub role: String,
    /// The session it came from.
    #[n(3)]
    pub session: String,
}

/// What the caller brings; `seal` adds the place in the chain and the hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationDraft {
    /// The station, see [`is_station_id`].
    pub station: String,
    /// The station's epoch: grows when a station is enrolled again.
    pub epoch: u32,
    /// The identifier made by the caller before the first attempt (UUIDv7 bytes).
    pub op_id: [u8; 16],
    /// What it is; the meaning belongs to `event`.
    pub kind: u16,
    /// The case it belongs to.
    pub case_id: Option<[u8; 16]>,
    /// A pseudonym of whom it is about; never an identity number.
    pub subject: Option<String>,
    /// Who did it.
    pub actor: Actor,
    /// The station's wall clock, milliseconds since 1970-01-01 UTC. Evidence only: order is by `seq`.
    pub wall_ms: i64,
    /// Fresh random bytes, so that the commitment does not betray a guessable payload.
    pub salt: [u8; 16],
    /// The content, opaque here.
    pub payload: Vec<u8>,
}

/// One record of the journal.
///
/// `payload_commit = SHA-256(salt ‖ payload)`; `hash = SHA-256("op1" ‖ canonical CBOR of all fields but hash, salt and
/// payload)`. The payload can therefore be erased after its retention without breaking the chain.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Operation {
    /// Version of the envelope: [`OPERATION_VERSION`].
    #[n(0)]
    pub v: u8,
    /// The station.
    #[n(1)]
    pub station: String,
    /// The station's epoch.
    #[n(2)]
    pub epoch: u32,
    /// Place in the chain, from 1 without a gap.
    #[n(3)]
    pub seq: u64,
    /// The identifier made before the first attempt.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub op_id: [u8; 16],
    /// What it is; the meaning belongs to `event`.
    #[n(5)]
    pub kind: u16,
    /// The case it belongs to.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub case_id: Option<[u8; 16]>,
    /// A pseudonym of whom it is about.
    #[n(7)]
    pub subject: Option<String>,
    /// Who did it.
    #[n(8)]
    pub actor: Actor,
    /// The station's wall clock, milliseconds since 1970-01-01 UTC.
    #[n(9)]
    pub wall_ms: i64,
    /// Commitment to salt and payload.
    #[cbor(n(10), with = "minicbor::bytes")]
    pub payload_commit: Hash32,
    /// `hash` of the record before, or the genesis value.
    #[cbor(n(11), with = "minicbor::bytes")]
    pub prev: Hash32,
    /// Hash of this record.
    #[cbor(n(12), with = "minicbor::bytes")]
    pub hash: Hash32,
    /// Random bytes of the commitment.
    #[cbor(n(13), with = "minicbor::bytes")]
    pub salt: [u8; 16],
    /// The content, opaque here.
    #[cbor(n(14), with = "minicbor::bytes")]
    pub payload: Vec<u8>,
}

/// The hashed part of an [`Operation`]: the same keys, without hash, salt and payload.
#[derive(minicbor::Encode)]
#[cbor(map)]
struct Hashed<'a> {
    #[n(0)]
    v: u8,
    #[n(1)]
    station: &'a str,
    #[n(2)]
    epoch: u32,
    #[n(3)]
    seq: u64,
    #[cbor(n(4), with = "minicbor::bytes")]
    op_id: [u8; 16],
    #[n(5)]
    kind: u16,
    #[cbor(n(6), with = "minicbor::bytes")]
    case_id: Option<[u8; 16]>,
    #[n(7)]
    subject: Option<&'a str>,
    #[n(8)]
    actor: &'a Actor,
    #[n(9)]
    wall_ms: i64,
    #[cbor(n(10), with = "minicbor::bytes")]
    payload_commit: Hash32,
    #[cbor(n(11), with = "minicbor::bytes")]
    prev: Hash32,
}

/// Why a draft cannot become an operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftFault {
    /// The station identifier breaks the rule of [`is_station_id`].
    #[error(
        "station {0:?} is not an identifier (1 to 32 of A-Z a-z 0-9 _ -, beginning with a letter or digit)"
    )]
    Station(String),
    /// A text is longer than [`MAX_TEXT_BYTES`] or holds control characters.
    #[error("{field} is longer than {MAX_TEXT_BYTES} bytes or holds control characters")]
    Text {
        /// The field's name.
        field: &'static str,
    },
    /// The payload is longer than [`MAX_PAYLOAD_BYTES`].
    #[error("payload of {0} bytes is longer than {MAX_PAYLOAD_BYTES}")]
    Payload(usize),
    /// The wall clock is outside 2020-2100: the computer's clock must be set first.
    #[error("wall clock {0} ms is outside 2020 to 2100; set the computer's clock")]
    WallClock(i64),
    /// Records count from 1.
    #[error("sequence numbers count from 1")]
    SeqZero,
}

/// Why some bytes are not an operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OperationFault {
    /// More bytes than any operation can have.
    #[error("{0} bytes are more than an operation can have")]
    TooLong(usize),
    /// Not CBOR of the expected shape.
    #[error("not the CBOR of an operation: {0}")]
    Cbor(String),
    /// An envelope version that this code does not know.
    #[error("operation version {0} is not {OPERATION_VERSION}; a newer program wrote it")]
    Version(u8),
    /// Readable, but not the one canonical encoding (unknown keys, long integers, trailing bytes, order).
    #[error("not the canonical encoding of an operation")]
    NotCanonical,
    /// Readable, but out of bounds.
    #[error(transparent)]
    Bounds(#[from] DraftFault),
}

/// Whether `text` can name a station: 1 to 32 of `A-Z a-z 0-9 _ -`, beginning with a letter or a digit. It becomes a
/// part of file names and addresses, so nothing else is allowed.
pub fn is_station_id(text: &str) -> bool {
    let sober = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    text.len() <= MAX_STATION_BYTES
        && text.bytes().all(sober)
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
}

/// Puts a draft at place `seq` behind the record whose hash is `prev`.
///
/// # Errors
/// [`DraftFault`] when the draft breaks a bound; whatever is sealed can be encoded, sent and read back.
pub fn seal(draft: OperationDraft, prev: Hash32, seq: u64) -> Result<Operation, DraftFault> {
    let OperationDraft { station, epoch, op_id, kind, case_id, subject, actor, wall_ms, salt, payload } =
        draft;
    let payload_commit = commit(&salt, &payload);
    let v = OPERATION_VERSION;
    let hash = [0; 32];
    let mut operation = Operation {
        v,
        station,
        epoch,
        seq,
        op_id,
        kind,
        case_id,
        subject,
        actor,
        wall_ms,
        payload_commit,
        prev,
        hash,
        salt,
        payload,
    };
    operation.check_bounds()?;
    operation.hash = operation.computed_hash();
    Ok(operation)
}

impl Operation {
    /// What `hash` must be, computed from the other fields.
    pub fn computed_hash(&self) -> Hash32 {
        let hashed = Hashed {
            v: self.v,
            station: &self.station,
            epoch: self.epoch,
            seq: self.seq,
            op_id: self.op_id,
            kind: self.kind,
            case_id: self.case_id,
            subject: self.subject.as_deref(),
            actor: &self.actor,
            wall_ms: self.wall_ms,
            payload_commit: self.payload_commit,
            prev: self.prev,
        };
        Sha256::new().chain_update(b"op1").chain_update(to_cbor(&hashed)).finalize().into()
    }

    /// What `payload_commit` must be, computed from salt and payload.
    pub fn computed_commit(&self) -> Hash32 {
        commit(&self.salt, &self.payload)
    }

    /// The one canonical encoding.
    pub fn encode(&self) -> Vec<u8> {
        to_cbor(self)
    }

    /// Reads the canonical encoding. Hashes are *not* checked here: that is the chain's work.
    ///
    /// # Errors
    /// [`OperationFault`] for anything but the canonical bytes of an operation within its bounds.
    pub fn decode(bytes: &[u8]) -> Result<Self, OperationFault> {
        if bytes.len() > MAX_ENCODED_BYTES {
            return Err(OperationFault::TooLong(bytes.len()));
        }
        match Self::take(bytes)? {
            (operation, []) => Ok(operation),
            _ => Err(OperationFault::NotCanonical),
        }
    }

    /// Reads the canonical encoding at the beginning of `bytes` and returns it with what follows.
    pub(super) fn take(bytes: &[u8]) -> Result<(Self, &[u8]), OperationFault> {
        let mut decoder = minicbor::Decoder::new(bytes);
        let operation: Self = decoder.decode().map_err(|e| OperationFault::Cbor(e.to_string()))?;
        if operation.v != OPERATION_VERSION {
            return Err(OperationFault::Version(operation.v));
        }
        operation.check_bounds()?;
        // One operation has one encoding: what a peer could add or vary around the same values would not be hashed.
        let (own, after) = bytes.split_at_checked(decoder.position()).unwrap_or_default();
        if operation.encode() == own { Ok((operation, after)) } else { Err(OperationFault::NotCanonical) }
    }

    fn check_bounds(&self) -> Result<(), DraftFault> {
        if !is_station_id(&self.station) {
            return Err(DraftFault::Station(self.station.clone()));
        }
        let texts = [
            ("subject", self.subject.as_deref().unwrap_or("")),
            ("actor.person", &self.actor.person),
            ("actor.account", &self.actor.account),
            ("actor.role", &self.actor.role),
            ("actor.session", &self.actor.session),
        ];
        for (field, text) in texts {
            if text.len() > MAX_TEXT_BYTES || text.chars().any(char::is_control) {
                return Err(DraftFault::Text { field });
            }
        }
        if self.payload.len() > MAX_PAYLOAD_BYTES {
            return Err(DraftFault::Payload(self.payload.len()));
        }
        if !plausible_wall(self.wall_ms) {
            return Err(DraftFault::WallClock(self.wall_ms));
        }
        if self.seq == 0 {
            return Err(DraftFault::SeqZero);
        }
        Ok(())
    }
}

/// Whether a wall clock reading can be one at all (2020 to 2100).
pub(super) fn plausible_wall(wall_ms: i64) -> bool {
    PLAUSIBLE_WALL_MS.contains(&wall_ms)
}

fn commit(salt: &[u8; 16], payload: &[u8]) -> Hash32 {
    Sha256::new().chain_update(salt).chain_update(payload).finalize().into()
}

/// CBOR of a value of this module: integer keys in order, shortest integers, definite lengths.
pub(super) fn to_cbor<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail and no value here has a failing encoder; an empty result would fail every check.
    if minicbor::encode(value, &mut out).is_err() {
        out.clear();
    }
    out
}
