//! A receipt: the hub's signed answer to one batch (`.cbr`).
//!
//! Being in the chain (`accepted_through`) and being accepted as business (`results`) are two answers. Receipts that
//! acknowledge records are numbered and chained per station and epoch, so that a hub cannot take one back unnoticed.

use std::fmt;

use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::frame::{Frame, FrameFault, decode_all, sober};
use super::operation::to_cbor;
use super::{Hash32, ReceiptMark, is_station_id};

const MAGIC: [u8; 8] = *b"XBCBR\r\n\x1a";
/// No receipt is longer, in bytes.
pub const MAX_RECEIPT_BYTES: usize = 2 << 20;
/// No text of a receipt is longer, in bytes.
pub const MAX_RECEIPT_TEXT: usize = 512;

/// Media type of a batch on the wire.
pub const BATCH_MEDIA_TYPE: &str = "application/vnd.xiangbao.batch";
/// Media type of a receipt on the wire. An answer without it is not from a hub, whatever its status says.
pub const RECEIPT_MEDIA_TYPE: &str = "application/vnd.xiangbao.receipt";
/// Media type of several receipts: each with its length in front (4 bytes, big-endian).
pub const RECEIPTS_MEDIA_TYPE: &str = "application/vnd.xiangbao.receipts";

/// What a station signs to be given its receipts from number `from_no` on: they are nobody else's business.
pub fn receipt_query(station: &str, epoch: u32, from_no: u64) -> Vec<u8> {
    format!("receipts1/{station}/{epoch}/{from_no}").into_bytes()
}

/// What the hub did with the batch as a piece of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub enum Verdict {
    /// All its records are in the chain, now or from before. Only these receipts are numbered and chained.
    #[n(0)]
    Accepted,
    /// Records before it are missing; `next_expected` names the first. Nothing was applied.
    #[n(1)]
    Gap,
    /// The station's history differs from the one the hub has, at this record. Nothing was applied, the epoch is
    /// frozen.
    #[n(2)]
    Fork(#[n(0)] u64),
    /// The epoch is frozen or closed. Nothing was applied.
    #[n(3)]
    Frozen,
}

/// What the hub made of one operation as business.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub enum ResultCode {
    /// Taken over.
    #[n(0)]
    Ok,
    /// Taken over before.
    #[n(1)]
    Dup,
    /// True in itself, but it collides with another station's record, e.g. `dup_enrol`.
    #[n(2)]
    Conflict(#[n(0)] String),
    /// Breaks a rule, e.g. `separation`.
    #[n(3)]
    Rejected(#[n(0)] String),
    /// The hub cannot judge it; people look at it.
    #[n(4)]
    Quarantined,
}

impl ResultCode {
    /// Whether it comes back to the clerk as something to do.
    pub fn is_returned(&self) -> bool {
        matches!(self, Self::Conflict(_) | Self::Rejected(_))
    }
}

impl fmt::Display for ResultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("OK"),
            Self::Dup => f.write_str("DUP"),
            Self::Conflict(which) => write!(f, "CONFLICT({which})"),
            Self::Rejected(rule) => write!(f, "REJECTED({rule})"),
            Self::Quarantined => f.write_str("QUARANTINED"),
        }
    }
}

/// The record that another one collides with.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Related {
    /// Its station.
    #[n(0)]
    pub station: String,
    /// Its epoch.
    #[n(1)]
    pub epoch: u32,
    /// Its number.
    #[n(2)]
    pub seq: u64,
    /// Its case.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub case_id: Option<[u8; 16]>,
}

/// The business answer to one operation.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct OpResult {
    /// The operation.
    #[n(0)]
    pub seq: u64,
    /// What became of it.
    #[n(1)]
    pub code: ResultCode,
    /// For the clerk, in Chinese; at most [`MAX_RECEIPT_TEXT`] bytes; empty where all is well.
    #[n(2)]
    pub detail: String,
    /// What it collides with.
    #[n(3)]
    pub related: Option<Related>,
}

/// The hub's answer to one batch.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Receipt {
    /// Name of the hub.
    #[n(0)]
    pub hub: String,
    /// Which of the hub's keys signed, see [`key_id`].
    #[cbor(n(1), with = "minicbor::bytes")]
    pub key_id: [u8; 8],
    /// Identifier of the receipt.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub receipt_id: [u8; 16],
    /// Number among all accepting receipts of the hub; in other verdicts the newest so far.
    #[n(3)]
    pub hub_seq: u64,
    /// Number among the accepting receipts of this station's epoch, from 1; in other verdicts the newest so far.
    #[n(4)]
    pub receipt_no: u64,
    /// [`receipt_hash`] of the accepting receipt before, of this station's epoch; zeros before the first.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub prev_receipt_hash: Hash32,
    /// The station.
    #[n(6)]
    pub station: String,
    /// Its epoch.
    #[n(7)]
    pub epoch: u32,
    /// The batch it answers.
    #[cbor(n(8), with = "minicbor::bytes")]
    pub batch_id: [u8; 16],
    /// [`super::batch_digest`] of the batch it answers.
    #[cbor(n(9), with = "minicbor::bytes")]
    pub batch_digest: Hash32,
    /// What became of the batch as a piece of the chain.
    #[n(10)]
    pub verdict: Verdict,
    /// Last record of this epoch that the hub has; 0 for none.
    #[n(11)]
    pub accepted_through: u64,
    /// Hash of that record; the genesis value for none.
    #[cbor(n(12), with = "minicbor::bytes")]
    pub head: Hash32,
    /// The record that the hub wants next.
    #[n(13)]
    pub next_expected: u64,
    /// One answer for each operation of an accepted batch.
    #[n(14)]
    pub results: Vec<OpResult>,
    /// The hub's time, milliseconds since 1970-01-01 UTC; grows from receipt to receipt.
    #[n(15)]
    pub hub_time_ms: i64,
}

/// Why a file is not a receipt to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptFault {
    /// The file is larger than any receipt.
    #[error("{0} bytes are more than a receipt may have")]
    Oversize(usize),
    /// The frame or the signature.
    #[error(transparent)]
    Frame(#[from] FrameFault),
    /// Signed, but not readable.
    #[error("receipt: {0}")]
    Content(String),
}

/// SHA-256 of a whole receipt file: what the next receipt points back to.
pub fn receipt_hash(bytes: &[u8]) -> Hash32 {
    Sha256::digest(bytes).into()
}

/// The short name of a key: the first 8 bytes of its SHA-256.
pub fn key_id(key: &VerifyingKey) -> [u8; 8] {
    let digest: Hash32 = Sha256::digest(key.as_bytes()).into();
    digest.first_chunk::<8>().copied().unwrap_or_default()
}

impl Receipt {
    /// The signed file.
    ///
    /// # Errors
    /// [`ReceiptFault`] when it is too long to be read by a station; the hub bounds what it writes.
    pub fn seal(&self, key: &SigningKey) -> Result<Vec<u8>, ReceiptFault> {
        let bytes = Frame::write(MAGIC, &to_cbor(self), &[], key)?;
        if bytes.len() > MAX_RECEIPT_BYTES { Err(ReceiptFault::Oversize(bytes.len())) } else { Ok(bytes) }
    }

    /// Reads a receipt: size gate, frame, signature, content.
    ///
    /// # Errors
    /// [`ReceiptFault`] for the first check that fails.
    pub fn open(bytes: &[u8], key: &VerifyingKey) -> Result<Self, ReceiptFault> {
        if bytes.len() > MAX_RECEIPT_BYTES {
            return Err(ReceiptFault::Oversize(bytes.len()));
        }
        let frame = Frame::split(MAGIC, bytes, MAX_RECEIPT_BYTES)?;
        frame.verify(key)?;
        if !frame.rest.is_empty() {
            return Err(ReceiptFault::Content("bytes after the receipt".to_owned()));
        }
        let receipt: Self = decode_all(frame.head).map_err(ReceiptFault::Content)?;
        if !is_station_id(&receipt.station) || !receipt.results.iter().all(OpResult::is_sober) {
            return Err(ReceiptFault::Content("a text is out of bounds".to_owned()));
        }
        Ok(receipt)
    }

    /// What a station remembers of it, `bytes` being its file.
    pub fn mark(&self, bytes: &[u8]) -> ReceiptMark {
        ReceiptMark {
            receipt_no: self.receipt_no,
            hash: receipt_hash(bytes),
            through: self.accepted_through,
            hub_time_ms: self.hub_time_ms,
        }
    }
}

impl OpResult {
    fn is_sober(&self) -> bool {
        let code = match &self.code {
            ResultCode::Conflict(text) | ResultCode::Rejected(text) => text.as_str(),
            ResultCode::Ok | ResultCode::Dup | ResultCode::Quarantined => "",
        };
        sober(&self.detail, MAX_RECEIPT_TEXT)
            && sober(code, MAX_RECEIPT_TEXT)
            && self.related.as_ref().is_none_or(|related| is_station_id(&related.station))
    }
}
