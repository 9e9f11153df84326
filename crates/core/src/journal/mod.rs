//! The journal: what an operation is, how operations are chained, and how a range of them travels.
//!
//! One append-only, hash-chained journal per station and epoch. This module does not know what a payload means (that
//! is `event`), where it is stored, or how it is carried. It must stay readable by an independent verifier: every
//! byte that is hashed or signed is described here.

mod batch;
mod chain;
mod frame;
mod name;
mod operation;
mod parcel;
mod receipt;
#[cfg(test)]
mod tests;

pub use batch::{
    Batch, BatchFault, BatchHeader, BodyPacking, Created, Limits, OpenedBatch, PeekedBatch, ReceiptMark,
    SealContext, SealFault, batch_digest, open, peek,
};
pub use chain::{Anchor, ChainFault, ChainFaultKind, ChainVerifier, Head, Rollback, genesis, verify_chain};
pub use frame::FrameFault;
pub use name::BatchName;
pub use operation::{
    Actor, DraftFault, MAX_PAYLOAD_BYTES, MAX_TEXT_BYTES, OPERATION_VERSION, Operation, OperationDraft,
    OperationFault, is_station_id, seal,
};
pub use parcel::{
    OpenedParcel, PARCEL_EXTENSION, ParcelContext, ParcelFault, ParcelHeader, ParcelSealFault, open_parcel,
    parcel_digest, peek_parcel, seal_parcel,
};
pub use receipt::{
    BATCH_MEDIA_TYPE, MAX_RECEIPT_BYTES, MAX_RECEIPT_TEXT, OpResult, RECEIPT_MEDIA_TYPE, RECEIPTS_MEDIA_TYPE,
    Receipt, ReceiptFault, Related, ResultCode, Verdict, key_id, receipt_hash, receipt_query,
};

/// A SHA-256 value.
pub type Hash32 = [u8; 32];

/// Lower-case hexadecimal of some bytes, for people and for file names.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let nibble = |n: u8| char::from(DIGITS.get(usize::from(n & 15)).copied().unwrap_or(b'?'));
    bytes.iter().flat_map(|byte| [nibble(byte >> 4), nibble(*byte)]).collect()
}

/// Reads exactly `N` bytes of hexadecimal (either case); anything else is none.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut out = [0_u8; N];
    for (slot, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        let value = char::from(*high).to_digit(16)? * 16 + char::from(*low).to_digit(16)?;
        *slot = u8::try_from(value).ok()?;
    }
    Some(out)
}
