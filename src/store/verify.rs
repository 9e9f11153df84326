//! Walks the whole journal, rebuilds every derived table from it in memory and compares: the proof that state is a
//! projection of what happened and nothing else. Names the first bad record.

use xiangbao_core::event::Event;
use xiangbao_core::journal::{Anchor, ChainVerifier, Head, Operation};

use super::error::StoreError;
use super::keys;
use super::kv::{Kv, MemoryKv};
use super::projections;
use super::snapshot::Snapshot;
use super::tables::Table;

/// How many operations are read at once.
const STRIDE: usize = 512;

/// What the walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The chain breaks at this operation.
    Chain {
        /// Sequence number.
        seq: u64,
        /// What is wrong.
        what: String,
    },
    /// The payload of this operation has no meaning.
    Payload {
        /// Sequence number.
        seq: u64,
        /// What is wrong.
        what: String,
    },
    /// The chain ends elsewhere than the recorded head.
    Head {
        /// Last operation walked.
        walked: u64,
        /// Recorded head.
        recorded: u64,
    },
    /// A derived record differs from what the journal gives.
    Derived {
        /// Table.
        table: &'static str,
        /// Key, in hexadecimal.
        key: String,
        /// `missing`, `superfluous` or `different`.
        how: &'static str,
    },
}

/// Result of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Operations walked.
    pub operations: u64,
    /// Derived records compared.
    pub records: u64,
    /// Head of the chain as walked.
    pub head: Head,
    /// First bad record of each kind, in the order found; empty means all is well.
    pub findings: Vec<Finding>,
}

/// Operations at the end of the journal that are looked at before anybody works.
const TAIL: u64 = 1_000;

/// Looks at the end of the chain: quick enough for every start, and most of what goes wrong goes wrong there.
///
/// # Errors
/// [`StoreError::Damaged`] names the first bad record.
pub fn check_tail(snapshot: &Snapshot) -> Result<(), StoreError> {
    let identity = snapshot.identity()?;
    let head = snapshot.head()?;
    let first = head.seq.saturating_sub(TAIL).max(1);
    let damaged = |seq, what: String| StoreError::Damaged { seq, what };
    let mut chain: Option<ChainVerifier> =
        (first == 1).then(|| ChainVerifier::new(Anchor::genesis(&identity.station, identity.epoch)));
    for (key, value) in snapshot.scan_from(Table::Journal, &[], &keys::seq(first), usize::MAX)? {
        let seq = keys::read_seq(&key);
        let operation = Operation::decode(&value).map_err(|fault| damaged(seq, fault.to_string()))?;
        if operation.seq != seq {
            return Err(damaged(seq, misplaced(operation.seq)));
        }
        match &mut chain {
            Some(chain) => chain.push(&operation).map_err(|fault| damaged(fault.seq, fault.to_string()))?,
            // The first one looked at is the anchor; what stands before it is the business of a whole walk.
            None => {
                let head = Head { seq: operation.seq, hash: operation.hash };
                let station = identity.station.clone();
                chain = Some(ChainVerifier::new(Anchor { station, epoch: identity.epoch, head }));
            }
        }
    }
    match chain.map(|chain| chain.head()) {
        None => Err(damaged(first, "the end of the journal is missing".to_owned())),
        Some(walked) if walked != head => {
            Err(damaged(walked.seq + 1, "the journal ends elsewhere than recorded".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Walks and compares. `progress` is told how many operations are done and how many there are, and answers whether
/// to go on.
///
/// # Errors
/// When the database cannot be read, or the walk was cancelled (`Ok(None)`).
pub fn verify(
    snapshot: &Snapshot,
    progress: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Option<Verdict>, StoreError> {
    let identity = snapshot.identity()?;
    let recorded = snapshot.head()?;
    let mut chain = ChainVerifier::new(Anchor::genesis(&identity.station, identity.epoch));
    let mut image = MemoryKv::default();
    let mut findings = Vec::new();
    let mut next = 1;
    loop {
        if !progress(next - 1, recorded.seq) {
            return Ok(None);
        }
        let pairs = snapshot.scan_from(Table::Journal, &[], &keys::seq(next), STRIDE)?;
        if pairs.is_empty() {
            break;
        }
        for (key, value) in pairs {
            let seq = keys::read_seq(&key);
            next = seq + 1;
            if let Some(fault) = walk(&mut chain, &mut image, seq, &value)? {
                findings.push(fault);
                return Ok(Some(Verdict { operations: seq - 1, records: 0, head: chain.head(), findings }));
            }
        }
    }
    let walked = chain.head();
    if walked != recorded {
        findings.push(Finding::Head { walked: walked.seq, recorded: recorded.seq });
    }
    let records = compare(snapshot, &image, &mut findings)?;
    Ok(Some(Verdict { operations: walked.seq, records, head: walked, findings }))
}

fn misplaced(seq: u64) -> String {
    format!("operation {seq} stands in this place")
}

fn walk(
    chain: &mut ChainVerifier,
    image: &mut MemoryKv,
    seq: u64,
    value: &[u8],
) -> Result<Option<Finding>, StoreError> {
    let operation = match Operation::decode(value) {
        Ok(operation) => operation,
        Err(fault) => return Ok(Some(Finding::Payload { seq, what: fault.to_string() })),
    };
    if operation.seq != seq {
        return Ok(Some(Finding::Chain { seq, what: misplaced(operation.seq) }));
    }
    if let Err(fault) = chain.push(&operation) {
        return Ok(Some(Finding::Chain { seq, what: fault.to_string() }));
    }
    match Event::decode(operation.kind, &operation.payload) {
        Ok(event) => projections::project(image, &operation, &event).map(|()| None),
        Err(fault) => Ok(Some(Finding::Payload { seq, what: fault.to_string() })),
    }
}

/// Compares all derived tables; keeps the first difference of each table.
fn compare(snapshot: &Snapshot, image: &MemoryKv, findings: &mut Vec<Finding>) -> Result<u64, StoreError> {
    let mut records = 0;
    for table in Table::ALL.iter().copied().filter(|table| table.is_derived()) {
        let mut difference = |key: &[u8], how| {
            findings.push(Finding::Derived {
                table: table.name(),
                key: xiangbao_core::journal::hex(key),
                how,
            });
        };
        let stored = snapshot.scan(table, &[], usize::MAX)?;
        records += stored.len() as u64;
        let wrong = stored.iter().find_map(|(key, value)| match image.get(table, key) {
            Ok(Some(expected)) if expected == *value => None,
            Ok(Some(_)) => Some((key, "different")),
            _ => Some((key, "superfluous")),
        });
        if let Some((key, how)) = wrong {
            difference(key, how);
            continue;
        }
        let expected = image.table(table).map_or(0, std::collections::BTreeMap::len);
        if expected != stored.len() {
            let missing = image.table(table).into_iter().flatten().find(|(key, _)| {
                stored.binary_search_by(|(have, _)| have.as_slice().cmp(key.as_slice())).is_err()
            });
            if let Some((key, _)) = missing {
                difference(key, "missing");
            }
        }
    }
    Ok(records)
}
