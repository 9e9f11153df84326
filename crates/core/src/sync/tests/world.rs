//! The played world: a station's disk, its worker, a hub, and files on their way between them.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;

use super::super::*;
use crate::journal::{
    Actor, Batch, Created, Hash32, Head, Limits, OpResult, OpenedBatch, Operation, OperationDraft, Receipt,
    ReceiptMark, ResultCode, SealContext, Verdict, open, receipt_hash, seal,
};

pub(super) const STATION: &str = "S1";

/// splitmix64: seeded, so that a failing run can be repeated by its number.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    pub(super) fn id(&mut self) -> [u8; 16] {
        (u128::from(self.roll(u64::MAX)) << 64 | u128::from(self.roll(u64::MAX))).to_be_bytes()
    }
}

pub(super) fn station_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

pub(super) fn hub_key() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

/// What survives a crash of the station.
#[derive(Clone)]
pub(super) struct Disk {
    pub(super) journal: Vec<Operation>,
    pub(super) batches: BTreeMap<[u8; 16], Batch>,
    pub(super) queue: Vec<SealedBatch>,
    pub(super) receipt: Option<ReceiptMark>,
    pub(super) results: BTreeMap<u64, ResultCode>,
    pub(super) phase: Phase,
}

pub(super) struct Station {
    pub(super) disk: Disk,
    pub(super) state: StationState,
}

pub(super) fn head_of(journal: &[Operation]) -> Head {
    journal.last().map_or(Head::genesis(STATION, 1), |op| Head { seq: op.seq, hash: op.hash })
}

impl Disk {
    pub(super) fn empty() -> Self {
        Self {
            journal: Vec::new(),
            batches: BTreeMap::new(),
            queue: Vec::new(),
            receipt: None,
            results: BTreeMap::new(),
            phase: Phase::Working,
        }
    }

    pub(super) fn facts(&self) -> StationFacts {
        StationFacts {
            station: STATION.into(),
            epoch: 1,
            local: head_of(&self.journal),
            receipt: self.receipt,
            queue: self.queue.clone(),
            phase: self.phase,
        }
    }
}

impl Station {
    pub(super) fn start(disk: Disk) -> Self {
        Self { state: StationState::restore(disk.facts()), disk }
    }

    pub(super) fn work(&mut self, dice: &mut Dice) {
        if self.state.phase() == Phase::FrozenFork {
            return;
        }
        let head = head_of(&self.disk.journal);
        let actor =
            Actor { person: "p".into(), account: "a".into(), role: "clerk".into(), session: "s".into() };
        let draft = OperationDraft {
            station: STATION.into(),
            epoch: 1,
            op_id: dice.id(),
            kind: 1,
            case_id: None,
            subject: None,
            actor,
            wall_ms: 1_790_000_000_000,
            salt: dice.id(),
            payload: Vec::new(),
        };
        self.disk.journal.push(seal(draft, head.hash, head.seq + 1).unwrap());
        self.say(Message::Appended(head_of(&self.disk.journal)));
    }

    pub(super) fn say(&mut self, message: Message) -> Vec<Action> {
        let (state, actions) = step(self.state.clone(), message);
        self.state = state;
        actions
    }

    pub(super) fn seal(&mut self, first: u64, last: u64, dice: &mut Dice) {
        // A seal may hold fewer than asked, as when they do not fit.
        let last = last.min(first + dice.roll(4));
        let operations = &self.disk.journal[first as usize - 1..last as usize];
        let context = SealContext {
            city: "c".into(),
            instance_id: [0; 16],
            batch_id: dice.id(),
            batch_no: 1,
            last_receipt: self.disk.receipt,
            schema_ver: 1,
            rules_ver: "r".into(),
            created: Created::default(),
        };
        let batch = Batch::seal(operations, context, &station_key()).unwrap();
        let sealed = SealedBatch {
            batch_id: batch.header.batch_id,
            digest: batch.digest,
            first,
            head: batch.header.new_head(),
            sent: false,
        };
        self.disk.batches.insert(sealed.batch_id, batch);
        self.disk.queue.push(sealed.clone());
        self.say(Message::Sealed(sealed));
    }

    /// Carries out actions; files to send go onto the wire.
    pub(super) fn act(
        &mut self,
        actions: Vec<Action>,
        wire: &mut Vec<File>,
        hub: &Hub,
        dice: &mut Dice,
        now_ms: i64,
    ) {
        for action in actions {
            match action {
                Action::Seal { first, last } => self.seal(first, last, dice),
                Action::Send { batch_id } => wire.push(File::Up(self.disk.batches[&batch_id].bytes.clone())),
                Action::Apply { receipt } => {
                    for result in &receipt.results {
                        self.disk.results.entry(result.seq).or_insert(result.code.clone());
                    }
                    self.disk.receipt = self.state.receipt();
                    self.disk.queue.retain(|batch| batch.head.seq > receipt.accepted_through);
                }
                Action::Freeze { phase, .. } => self.disk.phase = phase,
                Action::Fetch { from_no } => {
                    if dice.roll(4) == 0 {
                        self.say(Message::Failed { class: FailureClass::Later, now_ms });
                        continue;
                    }
                    let files: Vec<_> = hub.receipts.iter().skip(from_no as usize - 1).take(3).collect();
                    self.say(Message::Fetched { any: !files.is_empty() });
                    wire.extend(files.into_iter().map(|bytes| File::Down(bytes.clone())));
                }
                Action::WaitUntil(_) => (),
            }
        }
    }

    pub(super) fn receive(&mut self, bytes: &[u8], now_ms: i64) -> Vec<Action> {
        let receipt = Box::new(Receipt::open(bytes, &hub_key().verifying_key()).unwrap());
        let mark = receipt.mark(bytes);
        let local_hash = match receipt.accepted_through {
            0 => Some(Head::genesis(STATION, 1).hash),
            seq => self.disk.journal.get(seq as usize - 1).map(|op| op.hash),
        };
        self.say(Message::Receipt { receipt, mark, local_hash, now_ms })
    }
}

#[derive(Clone)]
pub(super) enum File {
    Up(Vec<u8>),
    Down(Vec<u8>),
}

pub(super) struct Hub {
    pub(super) chain: Vec<Operation>,
    pub(super) receipts: Vec<Vec<u8>>,
    pub(super) by_digest: BTreeMap<Hash32, Vec<u8>>,
    pub(super) frozen: bool,
    pub(super) time_ms: i64,
}

impl Hub {
    pub(super) fn new() -> Self {
        Self {
            chain: Vec::new(),
            receipts: Vec::new(),
            by_digest: BTreeMap::new(),
            frozen: false,
            time_ms: 1_790_000_000_000,
        }
    }

    pub(super) fn answer(&mut self, bytes: &[u8]) -> Vec<u8> {
        let batch = open(bytes, Limits::V1, &station_key().verifying_key()).unwrap();
        if let Some(stored) = self.by_digest.get(&batch.digest) {
            return stored.clone();
        }
        let known = HubEpoch { head: head_of(&self.chain), frozen: self.frozen };
        let hash_of = |seq: u64| Ok::<_, ()>(self.chain.get(seq as usize - 1).map(|op| op.hash));
        let verdict = match ingest(&known, &batch, hash_of).unwrap() {
            Decision::Apply { skip } => {
                self.chain.extend(batch.operations.iter().skip(skip).cloned());
                Verdict::Accepted
            }
            Decision::Duplicate => Verdict::Accepted,
            Decision::Gap { .. } => Verdict::Gap,
            Decision::Fork { seq } => {
                self.frozen = true;
                Verdict::Fork(seq)
            }
            Decision::Frozen => Verdict::Frozen,
        };
        self.write(&batch, verdict)
    }

    pub(super) fn write(&mut self, batch: &OpenedBatch, verdict: Verdict) -> Vec<u8> {
        let accepted = verdict == Verdict::Accepted;
        self.time_ms += 1;
        let head = head_of(&self.chain);
        let last = self.receipts.last().map_or([0; 32], |bytes| receipt_hash(bytes));
        let ok = |op: &Operation| OpResult {
            seq: op.seq,
            code: ResultCode::Ok,
            detail: String::new(),
            related: None,
        };
        let receipt = Receipt {
            hub: "h".into(),
            key_id: [0; 8],
            receipt_id: [0; 16],
            hub_seq: self.receipts.len() as u64 + u64::from(accepted),
            receipt_no: self.receipts.len() as u64 + u64::from(accepted),
            prev_receipt_hash: last,
            station: STATION.into(),
            epoch: 1,
            batch_id: batch.header.batch_id,
            batch_digest: batch.digest,
            verdict,
            accepted_through: head.seq,
            head: head.hash,
            next_expected: head.seq + 1,
            results: if accepted { batch.operations.iter().map(ok).collect() } else { Vec::new() },
            hub_time_ms: self.time_ms,
        };
        let bytes = receipt.seal(&hub_key()).unwrap();
        if accepted {
            self.receipts.push(bytes.clone());
            self.by_digest.insert(batch.digest, bytes.clone());
        }
        bytes
    }
}
