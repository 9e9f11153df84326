//! A sealed batch: a range of one station's operations as one immutable, signed file (`.cbm`).
//!
//! The wire and the stick carry the same bytes, and a retry sends the same bytes again. Reading is ordered so that
//! nothing is believed, allocated or decompressed before the signature holds. Knows nothing of payloads.

use std::io::Read;

use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::frame::{Frame, FrameFault, decode_all, sober};
use super::operation::to_cbor;
use super::{
    Anchor, BatchName, ChainFault, Hash32, Head, Operation, OperationFault, is_station_id, verify_chain,
};

const MAGIC: [u8; 8] = *b"XBCBM\r\n\x1a";
const MAX_HEAD_BYTES: usize = 16 * 1024;
const MAX_HEAD_TEXT: usize = 256;
/// Small windows bound the memory that a hostile body can claim: 2^23 bytes.
const MAX_WINDOW_LOG: u32 = 23;
const ZSTD_LEVEL: i32 = 3;

/// What a reader accepts at most. Holds for declared and for actual sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Operations in one batch.
    pub operations: u32,
    /// Bytes of the whole file.
    pub sealed_bytes: usize,
    /// Bytes of the body after decompression.
    pub raw_bytes: usize,
    /// Raw bytes per compressed byte.
    pub ratio: usize,
}

impl Limits {
    /// The limits of version 1: 2,000 operations, 4 MiB sealed, 32 MiB raw, ratio 30.
    pub const V1: Self = Self { operations: 2_000, sealed_bytes: 4 << 20, raw_bytes: 32 << 20, ratio: 30 };
}

/// When and on what machine a batch was sealed. Evidence only; no decision uses it.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Created {
    /// Wall clock, milliseconds since 1970-01-01 UTC.
    #[n(0)]
    pub wall_ms: i64,
    /// Milliseconds since the machine started.
    #[n(1)]
    pub mono_ms: u64,
    /// Identifier of this start of the machine.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub boot_id: [u8; 16],
    /// Hub time of the last receipt seen, milliseconds since 1970-01-01 UTC.
    #[n(3)]
    pub last_hub_ms: Option<i64>,
}

/// What a station remembers of the newest receipt it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct ReceiptMark {
    /// Number of the receipt in this station's epoch, from 1.
    #[n(0)]
    pub receipt_no: u64,
    /// Hash of the receipt file, see [`super::receipt_hash`].
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: Hash32,
    /// The last record that it acknowledged.
    #[n(2)]
    pub through: u64,
    /// The hub's time in it, milliseconds since 1970-01-01 UTC.
    #[n(3)]
    pub hub_time_ms: i64,
}

/// What the station brings to seal a batch, besides the operations and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealContext {
    /// The city whose hub it is meant for.
    pub city: String,
    /// Identifier of this installation, made once.
    pub instance_id: [u8; 16],
    /// Identifier made before the first attempt.
    pub batch_id: [u8; 16],
    /// Batches of this epoch, counted from 1.
    pub batch_no: u64,
    /// The newest receipt at hand.
    pub last_receipt: Option<ReceiptMark>,
    /// Version of the payloads' schema.
    pub schema_ver: u16,
    /// Version of the policy and rules in use.
    pub rules_ver: String,
    /// When and where it is sealed.
    pub created: Created,
}

/// How the body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum BodyPacking {
    /// One zstd frame.
    #[n(0)]
    Zstd,
    /// As it is: for content that would pack better than the allowed ratio.
    #[n(1)]
    Plain,
}

/// The signed head of a batch file.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct BatchHeader {
    /// The city whose hub it is meant for.
    #[n(0)]
    pub city: String,
    /// The station.
    #[n(1)]
    pub station: String,
    /// The station's epoch.
    #[n(2)]
    pub epoch: u32,
    /// Identifier of the installation.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub instance_id: [u8; 16],
    /// Identifier of the batch.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub batch_id: [u8; 16],
    /// Batches of this epoch, counted from 1.
    #[n(5)]
    pub batch_no: u64,
    /// First record in it.
    #[n(6)]
    pub first_seq: u64,
    /// Last record in it.
    #[n(7)]
    pub last_seq: u64,
    /// Number of records.
    #[n(8)]
    pub count: u32,
    /// Hash that the first record points back to.
    #[cbor(n(9), with = "minicbor::bytes")]
    pub prev_head: Hash32,
    /// Hash of the last record.
    #[cbor(n(10), with = "minicbor::bytes")]
    pub new_head: Hash32,
    /// The newest receipt the station held.
    #[n(11)]
    pub last_receipt: Option<ReceiptMark>,
    /// Version of the payloads' schema.
    #[n(12)]
    pub schema_ver: u16,
    /// Version of the policy and rules in use.
    #[n(13)]
    pub rules_ver: String,
    /// When and where it was sealed.
    #[n(14)]
    pub created: Created,
    /// Bytes of the body as it stands in the file.
    #[n(15)]
    pub body_len: u64,
    /// Bytes of the body after unpacking.
    #[n(16)]
    pub body_raw_len: u64,
    /// SHA-256 of the body as it stands in the file.
    #[cbor(n(17), with = "minicbor::bytes")]
    pub body_hash: Hash32,
    /// How the body is packed.
    #[n(18)]
    pub packing: BodyPacking,
}

impl BatchHeader {
    /// The file name that belongs to it.
    pub fn name(&self) -> BatchName {
        BatchName {
            station: self.station.clone(),
            epoch: self.epoch,
            first: self.first_seq,
            last: self.last_seq,
        }
    }

    /// The head of the chain after it.
    pub fn new_head(&self) -> Head {
        Head { seq: self.last_seq, hash: self.new_head }
    }
}

/// Why some operations cannot be sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// There is nothing to seal.
    #[error("a batch holds at least one operation")]
    Empty,
    /// More than one batch may hold: seal a shorter range. One operation always fits.
    #[error("too much for one batch: seal a shorter range")]
    TooMuch,
    /// The operations are not a chain.
    #[error("the operations are not a chain: {0}")]
    Chain(#[from] ChainFault),
    /// A text of the context is too long or holds control characters.
    #[error("{0} is too long or holds control characters")]
    Text(&'static str),
    /// The body could not be packed.
    #[error("packing the body: {0}")]
    Packing(String),
}

/// Why a file is not a batch to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchFault {
    /// The file is larger than any batch.
    #[error("{0} bytes are more than a batch may have")]
    Oversize(usize),
    /// The frame or the signature.
    #[error(transparent)]
    Frame(#[from] FrameFault),
    /// The signed head is not readable.
    #[error("head of the batch: {0}")]
    Header(String),
    /// A declared or actual size is above its limit.
    #[error("{what} is {found}, above the limit of {limit}")]
    Limit {
        /// Which size.
        what: &'static str,
        /// What it is, or is declared to be.
        found: u64,
        /// What it may be.
        limit: u64,
    },
    /// The body has another length than the head says.
    #[error("the body is {found} bytes, the head says {declared}")]
    BodyLength {
        /// Actual bytes.
        found: u64,
        /// Declared bytes.
        declared: u64,
    },
    /// The body is not the one that was signed.
    #[error("the body does not match its hash")]
    BodyHash,
    /// The body cannot be unpacked.
    #[error("unpacking the body: {0}")]
    Unpack(String),
    /// The unpacked body is not an array of operations.
    #[error("body: {0}")]
    Body(String),
    /// One of the operations is malformed.
    #[error("operation {index} (from 0): {fault}")]
    Operation {
        /// Position in the batch, from 0.
        index: u32,
        /// What is wrong with it.
        fault: OperationFault,
    },
    /// The operations are not the chain that the head promises.
    #[error(transparent)]
    Chain(#[from] ChainFault),
    /// The head and the operations disagree about the range or the last hash.
    #[error("the head promises other records than the body holds")]
    Range,
}

/// A batch whose signature, sizes, hashes and chain hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedBatch {
    /// The signed head.
    pub header: BatchHeader,
    /// The operations, in order.
    pub operations: Vec<Operation>,
    /// SHA-256 of the whole file: names these very bytes.
    pub digest: Hash32,
}

/// A batch as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The signed head.
    pub header: BatchHeader,
    /// The file.
    pub bytes: Vec<u8>,
    /// SHA-256 of the whole file.
    pub digest: Hash32,
}

/// What a file says about itself, to choose the key with. Nothing of it is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeekedBatch {
    /// The station that it claims to come from.
    pub station: String,
    /// The epoch that it claims.
    pub epoch: u32,
}

/// SHA-256 of a whole batch file.
pub fn batch_digest(bytes: &[u8]) -> Hash32 {
    Sha256::digest(bytes).into()
}

impl Batch {
    /// Seals `operations` (one chain, in order) with the station's key. The same input gives the same bytes.
    ///
    /// # Errors
    /// [`SealFault`]; on [`SealFault::TooMuch`] seal a shorter range, a single operation always fits.
    pub fn seal(operations: &[Operation], context: SealContext, key: &SigningKey) -> Result<Self, SealFault> {
        let limits = Limits::V1;
        let (Some(first), Some(last)) = (operations.first(), operations.last()) else {
            return Err(SealFault::Empty);
        };
        for (what, text) in [("city", &context.city), ("rules_ver", &context.rules_ver)] {
            if !sober(text, MAX_HEAD_TEXT) {
                return Err(SealFault::Text(what));
            }
        }
        let count = u32::try_from(operations.len()).map_err(|_| SealFault::TooMuch)?;
        if count > limits.operations {
            return Err(SealFault::TooMuch);
        }
        let before = Head { seq: first.seq.saturating_sub(1), hash: first.prev };
        let anchor = Anchor { station: first.station.clone(), epoch: first.epoch, head: before };
        let new_head = verify_chain(operations, anchor)?;
        let raw = pack_array(operations, count, limits.raw_bytes)?;
        let (packing, body) = pack(&raw, limits)?;
        let header = BatchHeader {
            city: context.city,
            station: first.station.clone(),
            epoch: first.epoch,
            instance_id: context.instance_id,
            batch_id: context.batch_id,
            batch_no: context.batch_no,
            first_seq: first.seq,
            last_seq: last.seq,
            count,
            prev_head: first.prev,
            new_head: new_head.hash,
            last_receipt: context.last_receipt,
            schema_ver: context.schema_ver,
            rules_ver: context.rules_ver,
            created: context.created,
            body_len: body.len() as u64,
            body_raw_len: raw.len() as u64,
            body_hash: Sha256::digest(&body).into(),
            packing,
        };
        let bytes =
            Frame::write(MAGIC, &to_cbor(&header), &body, key).map_err(|_| SealFault::Text("head"))?;
        if bytes.len() > limits.sealed_bytes {
            return Err(SealFault::TooMuch);
        }
        let digest = batch_digest(&bytes);
        Ok(Self { header, bytes, digest })
    }
}

fn pack_array(operations: &[Operation], count: u32, max_raw: usize) -> Result<Vec<u8>, SealFault> {
    let mut raw = array_head(count);
    for operation in operations {
        raw.extend_from_slice(&operation.encode());
        if raw.len() > max_raw {
            return Err(SealFault::TooMuch);
        }
    }
    Ok(raw)
}

fn array_head(count: u32) -> Vec<u8> {
    let mut raw = Vec::new();
    // Writing to memory cannot fail.
    let written = minicbor::Encoder::new(&mut raw).array(u64::from(count)).is_ok();
    if !written {
        raw.clear();
    }
    raw
}

pub(super) fn pack(raw: &[u8], limits: Limits) -> Result<(BodyPacking, Vec<u8>), SealFault> {
    let packed = zstd::stream::encode_all(raw, ZSTD_LEVEL).map_err(|e| SealFault::Packing(e.to_string()))?;
    if raw.len() <= packed.len().saturating_mul(limits.ratio) {
        return Ok((BodyPacking::Zstd, packed));
    }
    Ok((BodyPacking::Plain, raw.to_vec()))
}

/// Reads who a batch claims to come from, to choose the key with. Nothing of the answer is proven.
///
/// # Errors
/// [`BatchFault`] when the size, the frame or the head is not that of a batch.
pub fn peek(bytes: &[u8], limits: Limits) -> Result<PeekedBatch, BatchFault> {
    gate(bytes, limits)?;
    let header = read_header(Frame::split(MAGIC, bytes, MAX_HEAD_BYTES)?.head)?;
    Ok(PeekedBatch { station: header.station, epoch: header.epoch })
}

/// Opens a batch: size gate, frame, signature, head, declared sizes, body hash, unpacking within the limits,
/// operations, chain. Nothing is allocated on the word of the file beyond the limits.
///
/// # Errors
/// [`BatchFault`] for the first check that fails.
pub fn open(bytes: &[u8], limits: Limits, key: &VerifyingKey) -> Result<OpenedBatch, BatchFault> {
    gate(bytes, limits)?;
    let frame = Frame::split(MAGIC, bytes, MAX_HEAD_BYTES)?;
    frame.verify(key)?;
    let header = read_header(frame.head)?;
    check_declared(&header, frame.rest, limits)?;
    if <[u8; 32]>::from(Sha256::digest(frame.rest)) != header.body_hash {
        return Err(BatchFault::BodyHash);
    }
    let operations = match header.packing {
        BodyPacking::Plain => read_operations(frame.rest, header.count)?,
        BodyPacking::Zstd => read_operations(&unpack(frame.rest, header.body_raw_len)?, header.count)?,
    };
    let before = Head { seq: header.first_seq.saturating_sub(1), hash: header.prev_head };
    let anchor = Anchor { station: header.station.clone(), epoch: header.epoch, head: before };
    if verify_chain(&operations, anchor)? != header.new_head() {
        return Err(BatchFault::Range);
    }
    Ok(OpenedBatch { header, operations, digest: batch_digest(bytes) })
}

fn gate(bytes: &[u8], limits: Limits) -> Result<(), BatchFault> {
    if bytes.len() > limits.sealed_bytes { Err(BatchFault::Oversize(bytes.len())) } else { Ok(()) }
}

fn read_header(head: &[u8]) -> Result<BatchHeader, BatchFault> {
    let header: BatchHeader = decode_all(head).map_err(BatchFault::Header)?;
    if !is_station_id(&header.station) {
        return Err(BatchFault::Header("station is not an identifier".to_owned()));
    }
    if !sober(&header.city, MAX_HEAD_TEXT) || !sober(&header.rules_ver, MAX_HEAD_TEXT) {
        return Err(BatchFault::Header("a text is too long or holds control characters".to_owned()));
    }
    Ok(header)
}

fn check_declared(header: &BatchHeader, body: &[u8], limits: Limits) -> Result<(), BatchFault> {
    let span = header.last_seq.checked_sub(header.first_seq).and_then(|d| d.checked_add(1));
    if header.first_seq == 0 || header.count == 0 || span != Some(u64::from(header.count)) {
        return Err(BatchFault::Range);
    }
    let within = |what, found: u64, limit: u64| {
        if found > limit { Err(BatchFault::Limit { what, found, limit }) } else { Ok(()) }
    };
    within("number of operations", u64::from(header.count), u64::from(limits.operations))?;
    within("raw body", header.body_raw_len, limits.raw_bytes as u64)?;
    let found = body.len() as u64;
    if found != header.body_len {
        return Err(BatchFault::BodyLength { found, declared: header.body_len });
    }
    match header.packing {
        BodyPacking::Zstd => within(
            "raw body against the ratio",
            header.body_raw_len,
            found.saturating_mul(limits.ratio as u64),
        ),
        BodyPacking::Plain if header.body_raw_len != found => {
            Err(BatchFault::BodyLength { found, declared: header.body_raw_len })
        }
        BodyPacking::Plain => Ok(()),
    }
}

/// `declared` was checked against the limits; one byte more than it ends the reading.
pub(super) fn unpack(body: &[u8], declared: u64) -> Result<Vec<u8>, BatchFault> {
    let failed = |e: std::io::Error| BatchFault::Unpack(e.to_string());
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(failed)?.single_frame();
    decoder.window_log_max(MAX_WINDOW_LOG).map_err(failed)?;
    let mut raw = Vec::new();
    decoder.by_ref().take(declared.saturating_add(1)).read_to_end(&mut raw).map_err(failed)?;
    let found = raw.len() as u64;
    if found != declared {
        return Err(BatchFault::BodyLength { found, declared });
    }
    if !decoder.finish().is_empty() {
        return Err(BatchFault::Unpack("bytes after the packed body".to_owned()));
    }
    Ok(raw)
}

fn read_operations(raw: &[u8], count: u32) -> Result<Vec<Operation>, BatchFault> {
    let head = array_head(count);
    let mut rest =
        raw.strip_prefix(head.as_slice()).ok_or_else(|| BatchFault::Body("not that array".to_owned()))?;
    let mut operations = Vec::new();
    for index in 0..count {
        let (operation, after) =
            Operation::take(rest).map_err(|fault| BatchFault::Operation { index, fault })?;
        operations.push(operation);
        rest = after;
    }
    if rest.is_empty() { Ok(operations) } else { Err(BatchFault::Body("bytes after the array".to_owned())) }
}
