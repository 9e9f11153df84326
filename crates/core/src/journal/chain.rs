//! The chain: each record names the hash of the one before, from a genesis value made of station and epoch.
//!
//! Knows the order of operations. Knows nothing of payloads, files or signatures.

use std::borrow::Borrow;

use sha2::{Digest, Sha256};

use super::operation::plausible_wall;
use super::{Hash32, OPERATION_VERSION, Operation};

/// The value that the first record of a station's epoch points back to:
/// `SHA-256("genesis1" ‖ epoch as 4 bytes big-endian ‖ station)`.
pub fn genesis(station: &str, epoch: u32) -> Hash32 {
    Sha256::new()
        .chain_update(b"genesis1")
        .chain_update(epoch.to_be_bytes())
        .chain_update(station.as_bytes())
        .finalize()
        .into()
}

/// The last record of a chain: its number (0 before the first record) and its hash (then the genesis value).
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Head {
    /// Number of the last record; 0 in an empty chain.
    #[n(0)]
    pub seq: u64,
    /// Hash of the last record; the genesis value in an empty chain.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: Hash32,
}

impl Head {
    /// The head of the empty chain.
    pub fn genesis(station: &str, epoch: u32) -> Self {
        Self { seq: 0, hash: genesis(station, epoch) }
    }
}

/// Where a verification begins: whose chain it is, and the last record already trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The station whose chain it is.
    pub station: String,
    /// The epoch of the chain.
    pub epoch: u32,
    /// The last record that is trusted.
    pub head: Head,
}

impl Anchor {
    /// Verification from the very beginning.
    pub fn genesis(station: &str, epoch: u32) -> Self {
        Self { station: station.to_owned(), epoch, head: Head::genesis(station, epoch) }
    }
}

/// The first bad record of a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {seq}: {what}")]
pub struct ChainFault {
    /// The place in the chain that should hold a good record and does not.
    pub seq: u64,
    /// What is wrong there.
    pub what: ChainFaultKind,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFaultKind {
    /// Written by a newer program, or not a record.
    #[error("envelope version {0} is unknown")]
    Version(u8),
    /// A record of another station.
    #[error("belongs to station {0:?}")]
    Station(String),
    /// A record of another epoch.
    #[error("belongs to epoch {0}")]
    Epoch(u32),
    /// Records are missing, repeated or out of order.
    #[error("the record found here is number {found}")]
    Gap {
        /// The number that stands in its place.
        found: u64,
    },
    /// It does not point back to the record before.
    #[error("does not point back to the record before it")]
    Prev,
    /// Salt or payload were changed.
    #[error("salt or payload do not match their commitment")]
    PayloadCommit,
    /// A field of the envelope was changed.
    #[error("the envelope does not match its hash")]
    Hash,
    /// Its time cannot be a time.
    #[error("its time {0} ms is outside 2020 to 2100")]
    TimeMarker(i64),
}

/// Checks records one by one, for a caller that streams them.
#[derive(Clone, Debug)]
pub struct ChainVerifier {
    anchor: Anchor,
}

impl ChainVerifier {
    /// Begins behind `anchor`.
    pub fn new(anchor: Anchor) -> Self {
        Self { anchor }
    }

    /// The last good record.
    pub fn head(&self) -> Head {
        self.anchor.head
    }

    /// Checks the next record and moves the head onto it.
    ///
    /// # Errors
    /// [`ChainFault`] naming the place; the head then stays on the last good record.
    pub fn push(&mut self, operation: &Operation) -> Result<(), ChainFault> {
        let seq = self.anchor.head.seq.saturating_add(1);
        self.judge(operation, seq).map_err(|what| ChainFault { seq, what })?;
        self.anchor.head = Head { seq, hash: operation.hash };
        Ok(())
    }

    fn judge(&self, operation: &Operation, seq: u64) -> Result<(), ChainFaultKind> {
        if operation.v != OPERATION_VERSION {
            return Err(ChainFaultKind::Version(operation.v));
        }
        if operation.station != self.anchor.station {
            return Err(ChainFaultKind::Station(operation.station.clone()));
        }
        if operation.epoch != self.anchor.epoch {
            return Err(ChainFaultKind::Epoch(operation.epoch));
        }
        if operation.seq != seq {
            return Err(ChainFaultKind::Gap { found: operation.seq });
        }
        if operation.prev != self.anchor.head.hash {
            return Err(ChainFaultKind::Prev);
        }
        if operation.computed_commit() != operation.payload_commit {
            return Err(ChainFaultKind::PayloadCommit);
        }
        if operation.computed_hash() != operation.hash {
            return Err(ChainFaultKind::Hash);
        }
        if !plausible_wall(operation.wall_ms) {
            return Err(ChainFaultKind::TimeMarker(operation.wall_ms));
        }
        Ok(())
    }
}

/// Walks the records behind `anchor` and returns the new head.
///
/// # Errors
/// [`ChainFault`] naming the first bad record. A clock that ran backwards is no fault (order is by number): ask
/// [`Rollback::find`] for those.
pub fn verify_chain<T: Borrow<Operation>>(
    operations: impl IntoIterator<Item = T>,
    anchor: Anchor,
) -> Result<Head, ChainFault> {
    let mut verifier = ChainVerifier::new(anchor);
    for operation in operations {
        verifier.push(operation.borrow())?;
    }
    Ok(verifier.head())
}

/// A record whose wall clock lies more than two minutes before that of the record in front of it: not a fault of the
/// chain, but something to explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollback {
    /// The record with the earlier time.
    pub seq: u64,
    /// How far the clock went back, milliseconds.
    pub back_ms: i64,
}

impl Rollback {
    /// Tolerated jitter of a clock that is being adjusted, milliseconds.
    const TOLERANCE_MS: i64 = 120_000;

    /// All records of an ordered chain at which the wall clock ran backwards.
    pub fn find<T: Borrow<Operation>>(operations: impl IntoIterator<Item = T>) -> Vec<Self> {
        let mut last = None;
        let mut found = Vec::new();
        for operation in operations {
            let operation = operation.borrow();
            let back_ms = last.map_or(0, |before: i64| before.saturating_sub(operation.wall_ms));
            if back_ms > Self::TOLERANCE_MS {
                found.push(Self { seq: operation.seq, back_ms });
            }
            last = Some(operation.wall_ms);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Actor, OperationDraft, OperationFault, seal};
    use super::*;

    fn draft(n: u8) -> OperationDraft {
        OperationDraft {
            station: "451425101-01".into(),
            epoch: 1,
            op_id: [n; 16],
            kind: 7,
            case_id: n.is_multiple_of(2).then_some([9; 16]),
            subject: n.is_multiple_of(3).then(|| "p-7f".to_owned()),
            actor: Actor {
                person: "P1".into(),
                account: "a1".into(),
                role: "clerk".into(),
                session: "s1".into(),
            },
            wall_ms: 1_790_000_000_000 + i64::from(n),
            salt: [n ^ 0x55; 16],
            payload: vec![n; usize::from(n)],
        }
    }

    fn chain(count: u8) -> Vec<Operation> {
        let mut head = Head::genesis("451425101-01", 1);
        (1..=count)
            .map(|n| {
                let operation = seal(draft(n), head.hash, head.seq + 1).unwrap();
                head = Head { seq: operation.seq, hash: operation.hash };
                operation
            })
            .collect()
    }

    fn anchor() -> Anchor {
        Anchor::genesis("451425101-01", 1)
    }

    fn fault(operations: &[Operation]) -> (u64, ChainFaultKind) {
        let found = verify_chain(operations, anchor()).unwrap_err();
        (found.seq, found.what)
    }

    #[test]
    fn a_good_chain_gives_its_head_and_can_be_continued() {
        let all = chain(9);
        let head = verify_chain(&all, anchor()).unwrap();
        assert_eq!(head, Head { seq: 9, hash: all[8].hash });
        let middle = Anchor { head: Head { seq: 4, hash: all[3].hash }, ..anchor() };
        assert_eq!(verify_chain(&all[4..], middle).unwrap(), head);
    }

    #[test]
    fn the_hash_is_what_the_page_says() {
        // Written out by hand from the description: map keys 0..=11 in order, absent options left out.
        let op = &chain(1)[0];
        let mut cbor = vec![0xaa, 0x00, 0x01, 0x01, 0x6c];
        cbor.extend_from_slice(b"451425101-01");
        cbor.extend_from_slice(&[0x02, 0x01, 0x03, 0x01, 0x04, 0x50]);
        cbor.extend_from_slice(&[1; 16]);
        cbor.extend_from_slice(&[0x05, 0x07, 0x08, 0xa4, 0x00, 0x62, b'P', b'1', 0x01, 0x62, b'a', b'1']);
        cbor.extend_from_slice(b"\x02\x65clerk\x03\x62s1\x09\x1b");
        cbor.extend_from_slice(&1_790_000_000_001_u64.to_be_bytes());
        cbor.extend_from_slice(&[0x0a, 0x58, 0x20]);
        cbor.extend_from_slice(&Sha256::new().chain_update([1 ^ 0x55; 16]).chain_update([1]).finalize());
        cbor.extend_from_slice(&[0x0b, 0x58, 0x20]);
        let genesis: Hash32 =
            Sha256::digest([b"genesis1".as_slice(), &[0, 0, 0, 1], b"451425101-01"].concat()).into();
        cbor.extend_from_slice(&genesis);
        let expected: Hash32 = Sha256::digest([b"op1".as_slice(), &cbor].concat()).into();
        assert_eq!(op.hash, expected);
    }

    #[test]
    fn every_kind_of_fault_is_named_at_its_place() {
        let good = chain(6);
        let with = |at: usize, change: &dyn Fn(&mut Operation)| {
            let mut all = good.clone();
            change(&mut all[at]);
            fault(&all)
        };
        assert_eq!(with(2, &|o| o.v = 2), (3, ChainFaultKind::Version(2)));
        assert_eq!(with(0, &|o| o.station = "other".into()), (1, ChainFaultKind::Station("other".into())));
        assert_eq!(with(5, &|o| o.epoch = 2), (6, ChainFaultKind::Epoch(2)));
        assert_eq!(with(3, &|o| o.seq = 9), (4, ChainFaultKind::Gap { found: 9 }));
        assert_eq!(with(3, &|o| o.prev[0] ^= 1), (4, ChainFaultKind::Prev));
        assert_eq!(with(3, &|o| o.payload[0] ^= 1), (4, ChainFaultKind::PayloadCommit));
        assert_eq!(with(3, &|o| o.salt[0] ^= 1), (4, ChainFaultKind::PayloadCommit));
        assert_eq!(with(3, &|o| o.actor.person = "P2".into()), (4, ChainFaultKind::Hash));
        let late = |o: &mut Operation| {
            o.wall_ms = -1;
            o.hash = o.computed_hash();
        };
        assert_eq!(with(3, &late), (4, ChainFaultKind::TimeMarker(-1)));
        let mut cut = good.clone();
        cut.remove(2);
        assert_eq!(fault(&cut), (3, ChainFaultKind::Gap { found: 4 }));
        let mut swapped = good.clone();
        swapped.swap(1, 2);
        assert_eq!(fault(&swapped), (2, ChainFaultKind::Gap { found: 3 }));
        // A record rewritten with all its own hashes right is caught by the next one.
        let rewritten = |o: &mut Operation| {
            o.kind = 8;
            o.hash = o.computed_hash();
        };
        assert_eq!(with(3, &rewritten), (5, ChainFaultKind::Prev));
    }

    #[test]
    fn any_flipped_bit_of_the_stored_bytes_is_found_at_its_record() {
        let good = chain(4);
        for (index, operation) in good.iter().enumerate() {
            let bytes = operation.encode();
            assert_eq!(Operation::decode(&bytes).as_ref(), Ok(operation));
            for bit in 0..bytes.len() * 8 {
                let mut bad = bytes.clone();
                bad[bit / 8] ^= 1 << (bit % 8);
                let Ok(changed) = Operation::decode(&bad) else { continue };
                let mut all = good.clone();
                all[index] = changed;
                let place = fault(&all).0;
                assert_eq!(place, index as u64 + 1, "bit {bit} of record {index}");
            }
        }
    }

    #[test]
    fn foreign_encodings_of_the_same_values_are_refused() {
        let bytes = chain(1)[0].encode();
        assert_eq!(Operation::decode(&[&bytes[..], &[0]].concat()), Err(OperationFault::NotCanonical));
        for cut in 0..bytes.len() {
            assert!(Operation::decode(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        // `v` written as two bytes instead of one.
        let long = [&bytes[..2], &[0x18, 0x01], &bytes[3..]].concat();
        assert_eq!(Operation::decode(&long), Err(OperationFault::NotCanonical));
        // An unknown key.
        let mut more = bytes.clone();
        more[0] += 1;
        more.extend_from_slice(&[0x18, 0x63, 0x00]);
        assert_eq!(Operation::decode(&more), Err(OperationFault::NotCanonical));
    }

    #[test]
    fn a_clock_that_ran_backwards_is_told_but_is_no_fault() {
        let mut head = Head::genesis("451425101-01", 1);
        let times = [0, 600_000, 500_000, 300_000, 700_000];
        let all: Vec<Operation> = times
            .into_iter()
            .map(|ms| {
                let d = OperationDraft { wall_ms: 1_790_000_000_000 + ms, ..draft(1) };
                let operation = seal(d, head.hash, head.seq + 1).unwrap();
                head = Head { seq: operation.seq, hash: operation.hash };
                operation
            })
            .collect();
        assert!(verify_chain(&all, anchor()).is_ok());
        assert_eq!(Rollback::find(&all), [Rollback { seq: 4, back_ms: 200_000 }]);
    }

    #[test]
    fn drafts_out_of_bounds_are_refused_before_they_are_sealed() {
        use super::super::{DraftFault, MAX_PAYLOAD_BYTES, MAX_TEXT_BYTES};
        let refuse = |draft: OperationDraft| seal(draft, [0; 32], 1).unwrap_err();
        for station in ["", "-x", "a/b", "..", "桃城", "x y", &"x".repeat(33)] {
            let found = refuse(OperationDraft { station: station.into(), ..draft(1) });
            assert_eq!(found, DraftFault::Station(station.into()));
        }
        let subject = Some("x".repeat(MAX_TEXT_BYTES + 1));
        assert_eq!(refuse(OperationDraft { subject, ..draft(1) }), DraftFault::Text { field: "subject" });
        let mut hostile = draft(1);
        hostile.actor.account = "a\u{1b}[2J".into();
        assert_eq!(refuse(hostile), DraftFault::Text { field: "actor.account" });
        let payload = vec![0; MAX_PAYLOAD_BYTES + 1];
        assert_eq!(
            refuse(OperationDraft { payload, ..draft(1) }),
            DraftFault::Payload(MAX_PAYLOAD_BYTES + 1)
        );
        assert_eq!(refuse(OperationDraft { wall_ms: 0, ..draft(1) }), DraftFault::WallClock(0));
        assert_eq!(seal(draft(1), [0; 32], 0), Err(DraftFault::SeqZero));
        let largest = OperationDraft { payload: vec![7; MAX_PAYLOAD_BYTES], ..draft(1) };
        let sealed = seal(largest, [0; 32], u64::MAX).unwrap();
        assert_eq!(Operation::decode(&sealed.encode()), Ok(sealed));
    }
}
