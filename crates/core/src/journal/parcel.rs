//! A parcel: what one station hands another about cases (送审包, 审批结果包), as one immutable, signed file (`.xbp`).
//!
//! Parcels of one sender to one receiver are numbered from 1 without gaps. Reading is ordered as for batches: nothing is
//! believed, allocated or decompressed before the signature holds. Knows nothing of what the body means.

use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::batch::{Limits, pack, unpack};
use super::frame::{Frame, FrameFault, decode_all};
use super::operation::to_cbor;
use super::{BodyPacking, Hash32, is_station_id};

const MAGIC: [u8; 8] = *b"XBPKG\r\n\x1a";
const MAX_HEAD_BYTES: usize = 4 * 1024;
/// The end of a parcel's file name.
pub const PARCEL_EXTENSION: &str = "xbp";

/// The signed head of a parcel.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct ParcelHeader {
    /// Station that made it.
    #[n(0)]
    pub from: String,
    /// Its epoch.
    #[n(1)]
    pub epoch: u32,
    /// Station it is for.
    #[n(2)]
    pub to: String,
    /// Number among the parcels from that one to this one, from 1.
    #[n(3)]
    pub no: u64,
    /// The last parcel of the receiver that the sender has taken in; 0 when there was none.
    #[n(4)]
    pub taken: u64,
    /// When it was made, milliseconds since 1970 by the sender's clock. Evidence only.
    #[n(5)]
    pub made_ms: i64,
    /// Bytes of the body after unpacking.
    #[n(6)]
    pub raw_len: u64,
    /// SHA-256 of the body as it stands in the file.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub body_hash: Hash32,
    /// How the body is packed.
    #[n(8)]
    pub packing: BodyPacking,
}

/// Who, to whom, which one: what the maker of a parcel brings besides the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelContext {
    /// Station that makes it.
    pub from: String,
    /// Its epoch.
    pub epoch: u32,
    /// Station it is for.
    pub to: String,
    /// Its number.
    pub no: u64,
    /// The last parcel taken in from there.
    pub taken: u64,
    /// Now, milliseconds since 1970.
    pub made_ms: i64,
}

/// Why a body cannot be sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParcelSealFault {
    /// More than one parcel may hold: take fewer cases.
    #[error("too much for one parcel")]
    TooMuch,
    /// The body could not be packed.
    #[error("packing the body: {0}")]
    Packing(String),
}

/// Why a file is not a parcel to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParcelFault {
    /// The file is larger than any parcel.
    #[error("{0} bytes are more than a parcel may have")]
    Oversize(usize),
    /// The frame or the signature.
    #[error(transparent)]
    Frame(#[from] FrameFault),
    /// The head is not readable.
    #[error("head of the parcel: {0}")]
    Header(String),
    /// The body is not the one that was signed, or unpacks to something else.
    #[error("body of the parcel: {0}")]
    Body(String),
}

/// A parcel whose signature, sizes and hashes hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedParcel {
    /// The signed head.
    pub header: ParcelHeader,
    /// The body, unpacked.
    pub body: Vec<u8>,
    /// SHA-256 of the whole file: names these very bytes.
    pub digest: Hash32,
}

impl ParcelContext {
    /// The file name: sender, receiver, epoch and number.
    pub fn file_name(&self) -> String {
        format!("{}-{}-{}-{:06}.{PARCEL_EXTENSION}", self.from, self.to, self.epoch, self.no)
    }
}

/// SHA-256 of a whole parcel file.
pub fn parcel_digest(bytes: &[u8]) -> Hash32 {
    Sha256::digest(bytes).into()
}

/// Seals a body with the sender's key. The same input gives the same bytes.
///
/// # Errors
/// [`ParcelSealFault`]; on [`ParcelSealFault::TooMuch`] put less into it.
pub fn seal_parcel(
    raw: &[u8],
    context: &ParcelContext,
    key: &SigningKey,
) -> Result<Vec<u8>, ParcelSealFault> {
    let limits = Limits::V1;
    if raw.len() > limits.raw_bytes {
        return Err(ParcelSealFault::TooMuch);
    }
    let (packing, body) = pack(raw, limits).map_err(|fault| ParcelSealFault::Packing(fault.to_string()))?;
    let header = ParcelHeader {
        from: context.from.clone(),
        epoch: context.epoch,
        to: context.to.clone(),
        no: context.no,
        taken: context.taken,
        made_ms: context.made_ms,
        raw_len: raw.len() as u64,
        body_hash: Sha256::digest(&body).into(),
        packing,
    };
    let bytes = Frame::write(MAGIC, &to_cbor(&header), &body, key).map_err(|_| ParcelSealFault::TooMuch)?;
    if bytes.len() > limits.sealed_bytes { Err(ParcelSealFault::TooMuch) } else { Ok(bytes) }
}

/// Reads whom a parcel claims to come from and to be for, to choose the key with. Nothing of the answer is proven.
///
/// # Errors
/// [`ParcelFault`] when the size, the frame or the head is not that of a parcel.
pub fn peek_parcel(bytes: &[u8]) -> Result<ParcelHeader, ParcelFault> {
    if bytes.len() > Limits::V1.sealed_bytes {
        return Err(ParcelFault::Oversize(bytes.len()));
    }
    read_header(Frame::split(MAGIC, bytes, MAX_HEAD_BYTES)?.head)
}

/// Opens a parcel: size gate, frame, signature, head, body hash, unpacking within the limits.
///
/// # Errors
/// [`ParcelFault`] for the first check that fails.
pub fn open_parcel(bytes: &[u8], key: &VerifyingKey) -> Result<OpenedParcel, ParcelFault> {
    let limits = Limits::V1;
    if bytes.len() > limits.sealed_bytes {
        return Err(ParcelFault::Oversize(bytes.len()));
    }
    let frame = Frame::split(MAGIC, bytes, MAX_HEAD_BYTES)?;
    frame.verify(key)?;
    let header = read_header(frame.head)?;
    let packed = frame.rest.len() as u64;
    let most = match header.packing {
        BodyPacking::Zstd => packed.saturating_mul(limits.ratio as u64).min(limits.raw_bytes as u64),
        BodyPacking::Plain => packed,
    };
    if header.raw_len > most || <Hash32>::from(Sha256::digest(frame.rest)) != header.body_hash {
        return Err(ParcelFault::Body("not the one that was signed, or too large".to_owned()));
    }
    let body = match header.packing {
        BodyPacking::Plain => frame.rest.to_vec(),
        BodyPacking::Zstd => {
            unpack(frame.rest, header.raw_len).map_err(|fault| ParcelFault::Body(fault.to_string()))?
        }
    };
    Ok(OpenedParcel { header, body, digest: parcel_digest(bytes) })
}

fn read_header(head: &[u8]) -> Result<ParcelHeader, ParcelFault> {
    let header: ParcelHeader = decode_all(head).map_err(ParcelFault::Header)?;
    if !is_station_id(&header.from) || !is_station_id(&header.to) || header.no == 0 {
        return Err(ParcelFault::Header("sender, receiver or number is not one".to_owned()));
    }
    Ok(header)
}
