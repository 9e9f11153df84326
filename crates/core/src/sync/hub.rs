//! What the hub decides about an opened batch, from what it knows of that station's epoch.

use crate::journal::{Hash32, Head, OpenedBatch};

/// What the hub knows of one epoch of one station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubEpoch {
    /// The last record in the hub's copy of the chain.
    pub head: Head,
    /// Frozen by a fork, or closed by a new enrolment: nothing more is applied.
    pub frozen: bool,
}

/// What to do with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Apply all operations but the first `skip`, which are there already.
    Apply {
        /// How many operations at the front are known.
        skip: usize,
    },
    /// All operations are there already.
    Duplicate,
    /// Records before the batch are missing.
    Gap {
        /// The first missing record.
        next_expected: u64,
    },
    /// The station's history differs from the hub's, first seen at this record: freeze, apply nothing.
    Fork {
        /// The first record that differs.
        seq: u64,
    },
    /// The epoch takes nothing more.
    Frozen,
}

/// Decides about a batch of the epoch `known`. `hash_of` gives the hash of a record the hub has.
///
/// The batch is already a chain in itself (see `journal::open`), so it only has to be held against the hub's copy.
pub fn ingest<E>(
    known: &HubEpoch,
    batch: &OpenedBatch,
    mut hash_of: impl FnMut(u64) -> Result<Option<Hash32>, E>,
) -> Result<Decision, E> {
    let head = known.head;
    if known.frozen {
        return Ok(Decision::Frozen);
    }
    let next_expected = head.seq.saturating_add(1);
    let first = batch.header.first_seq;
    if first > next_expected {
        return Ok(Decision::Gap { next_expected });
    }
    if first == next_expected {
        let joins = batch.header.prev_head == head.hash;
        return Ok(if joins { Decision::Apply { skip: 0 } } else { Decision::Fork { seq: first } });
    }
    let mut skip = 0;
    for operation in batch.operations.iter().take_while(|operation| operation.seq <= head.seq) {
        if hash_of(operation.seq)? != Some(operation.hash) {
            return Ok(Decision::Fork { seq: operation.seq });
        }
        skip += 1;
    }
    // The chain inside the batch and equal hashes up to the hub's head make the rest join by itself.
    Ok(if skip == batch.operations.len() { Decision::Duplicate } else { Decision::Apply { skip } })
}
