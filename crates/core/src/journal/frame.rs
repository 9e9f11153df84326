//! The frame around everything signed that travels as a file: who wrote it is settled before anything is read.
//!
//! `magic (8) ‖ major ‖ minor ‖ suite ‖ 0 ‖ head length (4, big-endian) ‖ Ed25519 signature (64) ‖ head ‖ rest`. The
//! signature covers the first 16 bytes and the head; the head must bind the rest by hash. Knows nothing of what stands
//! in the head.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// The major version of the files that this code writes and reads.
pub(super) const MAJOR: u8 = 1;
/// The minor version that this code writes. Higher ones are read, their unknown head fields are skipped.
pub(super) const MINOR: u8 = 0;
/// Suite 1: Ed25519, SHA-256, zstd, not sealed for confidentiality. Suite 2 is kept for SM2/SM3/SM4.
pub(super) const SUITE: u8 = 1;
const PREAMBLE: usize = 16;
const SIGNATURE: usize = 64;

/// Why some bytes are not a frame of ours, or not of the expected signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameFault {
    /// The first bytes are not those of this kind of file.
    #[error("not a file of this kind")]
    Magic,
    /// The file ends too early, or its head is longer than allowed.
    #[error("the file is cut short or its head is too long")]
    Length,
    /// A major version that this program does not know: it must be upgraded.
    #[error("major version {0} is unknown; upgrade the program")]
    Major(u8),
    /// A cryptographic suite that this program does not know.
    #[error("cryptographic suite {0} is unknown")]
    Suite(u8),
    /// Not signed by the expected key, or changed since.
    #[error("the signature does not hold")]
    Signature,
}

/// The parts of a frame; nothing in them is to be believed before `verify`.
pub(super) struct Frame<'a> {
    signed_preamble: [u8; PREAMBLE],
    signature: [u8; SIGNATURE],
    /// The signed head.
    pub(super) head: &'a [u8],
    /// What follows the head.
    pub(super) rest: &'a [u8],
}

impl<'a> Frame<'a> {
    pub(super) fn split(magic: [u8; 8], bytes: &'a [u8], max_head: usize) -> Result<Self, FrameFault> {
        let (signed_preamble, after) = bytes.split_first_chunk::<PREAMBLE>().ok_or(FrameFault::Length)?;
        let (found_magic, versions) = signed_preamble.split_first_chunk::<8>().ok_or(FrameFault::Length)?;
        let &[major, _minor, suite, zero, l0, l1, l2, l3] = versions else { return Err(FrameFault::Length) };
        if *found_magic != magic || zero != 0 {
            return Err(FrameFault::Magic);
        }
        if major != MAJOR {
            return Err(FrameFault::Major(major));
        }
        if suite != SUITE {
            return Err(FrameFault::Suite(suite));
        }
        let (signature, after) = after.split_first_chunk::<SIGNATURE>().ok_or(FrameFault::Length)?;
        let length = usize::try_from(u32::from_be_bytes([l0, l1, l2, l3])).map_err(|_| FrameFault::Length)?;
        if length > max_head {
            return Err(FrameFault::Length);
        }
        let (head, rest) = after.split_at_checked(length).ok_or(FrameFault::Length)?;
        Ok(Self { signed_preamble: *signed_preamble, signature: *signature, head, rest })
    }

    /// Strict verification: no malleable signature, no weak key.
    pub(super) fn verify(&self, key: &VerifyingKey) -> Result<(), FrameFault> {
        let message = [self.signed_preamble.as_slice(), self.head].concat();
        let signature = Signature::from_bytes(&self.signature);
        key.verify_strict(&message, &signature).map_err(|_| FrameFault::Signature)
    }

    pub(super) fn write(
        magic: [u8; 8],
        head: &[u8],
        rest: &[u8],
        key: &SigningKey,
    ) -> Result<Vec<u8>, FrameFault> {
        let length = u32::try_from(head.len()).map_err(|_| FrameFault::Length)?;
        let mut signed = Vec::with_capacity(PREAMBLE + head.len());
        signed.extend_from_slice(&magic);
        signed.extend_from_slice(&[MAJOR, MINOR, SUITE, 0]);
        signed.extend_from_slice(&length.to_be_bytes());
        signed.extend_from_slice(head);
        let signature = key.sign(&signed).to_bytes();
        let (preamble, head) = signed.split_at_checked(PREAMBLE).ok_or(FrameFault::Length)?;
        Ok([preamble, &signature, head, rest].concat())
    }
}

/// Reads exactly one CBOR value that fills `bytes`.
pub(super) fn decode_all<'b, T: minicbor::Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, String> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|e| e.to_string())?;
    if decoder.position() == bytes.len() { Ok(value) } else { Err("bytes after the value".to_owned()) }
}

/// Whether a text from a peer is short enough and free of control characters.
pub(super) fn sober(text: &str, max_bytes: usize) -> bool {
    text.len() <= max_bytes && !text.chars().any(char::is_control)
}
