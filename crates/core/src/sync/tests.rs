//! The protocol under seeded faults: lost, doubled, late and reordered files, crashes, restored images, clones.
//!
//! Real batches and real signatures; only the wire, the disk and the clock are played.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;

use super::*;
use crate::journal::{
    Actor, Batch, Created, Hash32, Head, Limits, OpResult, Operation, OperationDraft, Receipt, ReceiptMark,
    ResultCode, SealContext, Verdict, open, receipt_hash, seal,
};

const STATION: &str = "S1";

/// splitmix64: seeded, so that a failing run can be repeated by its number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn id(&mut self) -> [u8; 16] {
        (u128::from(self.roll(u64::MAX)) << 64 | u128::from(self.roll(u64::MAX))).to_be_bytes()
    }
}

fn station_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn hub_key() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

/// What survives a crash of the station.
#[derive(Clone)]
struct Disk {
    journal: Vec<Operation>,
    batches: BTreeMap<[u8; 16], Batch>,
    queue: Vec<SealedBatch>,
    receipt: Option<ReceiptMark>,
    results: BTreeMap<u64, ResultCode>,
    phase: Phase,
}

struct Station {
    disk: Disk,
    state: StationState,
}

fn head_of(journal: &[Operation]) -> Head {
    journal.last().map_or(Head::genesis(STATION, 1), |op| Head { seq: op.seq, hash: op.hash })
}

impl Disk {
    fn empty() -> Self {
        Self {
            journal: Vec::new(),
            batches: BTreeMap::new(),
            queue: Vec::new(),
            receipt: None,
            results: BTreeMap::new(),
            phase: Phase::Working,
        }
    }

    fn facts(&self) -> StationFacts {
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
    fn start(disk: Disk) -> Self {
        Self { state: StationState::restore(disk.facts()), disk }
    }

    fn work(&mut self, dice: &mut Dice) {
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

    fn say(&mut self, message: Message) -> Vec<Action> {
        let (state, actions) = step(self.state.clone(), message);
        self.state = state;
        actions
    }

    fn seal(&mut self, first: u64, last: u64, dice: &mut Dice) {
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
    fn act(&mut self, actions: Vec<Action>, wire: &mut Vec<File>, hub: &Hub, dice: &mut Dice, now_ms: i64) {
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
                    let files = hub.receipts.iter().skip(from_no as usize - 1).take(3);
                    wire.extend(files.map(|bytes| File::Down(bytes.clone())));
                    self.say(Message::Failed { class: FailureClass::Later, now_ms });
                }
                Action::WaitUntil(_) => (),
            }
        }
    }

    fn receive(&mut self, bytes: &[u8], now_ms: i64) -> Vec<Action> {
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
enum File {
    Up(Vec<u8>),
    Down(Vec<u8>),
}

struct Hub {
    chain: Vec<Operation>,
    receipts: Vec<Vec<u8>>,
    by_digest: BTreeMap<Hash32, Vec<u8>>,
    frozen: bool,
    time_ms: i64,
}

impl Hub {
    fn new() -> Self {
        Self {
            chain: Vec::new(),
            receipts: Vec::new(),
            by_digest: BTreeMap::new(),
            frozen: false,
            time_ms: 1_790_000_000_000,
        }
    }

    fn answer(&mut self, bytes: &[u8]) -> Vec<u8> {
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

    fn write(&mut self, batch: &crate::journal::OpenedBatch, verdict: Verdict) -> Vec<u8> {
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

/// One run: a station works and sends through a bad world. Returns how many faults were played.
fn run(seed: u64, images: bool) -> u64 {
    let mut dice = Dice(seed);
    let mut hub = Hub::new();
    let mut station = Station::start(Disk::empty());
    let mut wire: Vec<File> = Vec::new();
    let mut image = station.disk.clone();
    let (mut now, mut faults, mut restored) = (0_i64, 0, false);
    for _ in 0..120 {
        now += 1 + dice.roll(20_000) as i64;
        match dice.roll(20) {
            0..=5 => station.work(&mut dice),
            6..=9 => {
                let actions = station.say(Message::Tick(now));
                station.act(actions, &mut wire, &hub, &mut dice, now);
            }
            10..=14 if !wire.is_empty() => {
                let at = dice.roll(wire.len() as u64) as usize;
                faults += u64::from(at != 0);
                // A file may arrive and stay on the wire, to arrive again.
                let again = dice.roll(4) == 0;
                faults += u64::from(again);
                let file = if again { wire[at].clone() } else { wire.remove(at) };
                deliver(file, &mut station, &mut hub, &mut wire, &mut dice, now);
            }
            15 if !wire.is_empty() => {
                let at = dice.roll(wire.len() as u64) as usize;
                wire.remove(at);
                faults += 1;
            }
            16 => {
                station = Station::start(station.disk);
                faults += 1;
            }
            17 => {
                station.say(Message::Failed { class: FailureClass::Later, now_ms: now });
                faults += 1;
            }
            18 if images && dice.roll(3) == 0 => image = station.disk.clone(),
            19 if images && dice.roll(6) == 0 => {
                restored |= image.journal.len() < station.disk.journal.len();
                station = Station::start(image.clone());
                faults += 1;
            }
            _ => {
                let actions = station.say(Message::SendNow(now));
                station.act(actions, &mut wire, &hub, &mut dice, now);
            }
        }
    }
    settle(&mut station, &mut hub, &mut dice, now);
    judge(seed, &station, &hub, restored);
    faults
}

fn deliver(
    file: File,
    station: &mut Station,
    hub: &mut Hub,
    wire: &mut Vec<File>,
    dice: &mut Dice,
    now: i64,
) {
    match file {
        File::Up(bytes) => wire.push(File::Down(hub.answer(&bytes))),
        File::Down(bytes) => {
            let actions = station.receive(&bytes, now);
            station.act(actions, wire, hub, dice, now);
        }
    }
}

/// The world becomes good: everything left must go through within a bounded number of passes.
fn settle(station: &mut Station, hub: &mut Hub, dice: &mut Dice, mut now: i64) {
    for _ in 0..200 {
        now += 400_000;
        let mut wire = Vec::new();
        let actions = station.say(Message::Begin(now));
        station.act(actions, &mut wire, hub, dice, now);
        if wire.is_empty() && station.state.sending() {
            station.say(Message::Failed { class: FailureClass::Later, now_ms: now });
        }
        while !wire.is_empty() {
            let file = wire.remove(0);
            deliver(file, station, hub, &mut wire, dice, now);
        }
    }
}

fn judge(seed: u64, station: &Station, hub: &Hub, restored: bool) {
    let phase = station.state.phase();
    assert_ne!(phase, Phase::HubSuspect, "seed {seed}: an honest hub was suspected");
    let mut ids: Vec<_> = hub.chain.iter().map(|op| op.op_id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), hub.chain.len(), "seed {seed}: an operation took effect twice");
    if phase == Phase::Working {
        assert_eq!(hub.chain, station.disk.journal, "seed {seed}: lost, or a fork went unseen");
        assert_eq!(station.state.receipted_through(), station.disk.journal.len() as u64, "seed {seed}");
        assert_eq!(station.disk.results.len(), station.disk.journal.len(), "seed {seed}: results");
        assert!(!hub.frozen, "seed {seed}");
    } else {
        assert_eq!(phase, Phase::FrozenFork, "seed {seed}");
        assert!(restored, "seed {seed}: frozen without a restored image");
    }
}

#[test]
fn nothing_is_lost_and_nothing_doubled_under_seeded_faults() {
    let faults: u64 = (0..300).map(|seed| run(seed, false)).sum();
    assert!(faults > 5_000, "only {faults} faults were played");
}

#[test]
fn restored_images_end_in_the_same_history_or_in_a_freeze() {
    let faults: u64 = (1_000..1_300).map(|seed| run(seed, true)).sum();
    assert!(faults > 5_000, "only {faults} faults were played");
}

/// A station that has worked `count` operations, all receipted by the hub.
fn settled(count: usize, seed: u64) -> (Station, Hub, Dice) {
    let (mut dice, mut hub, mut station) = (Dice(seed), Hub::new(), Station::start(Disk::empty()));
    for _ in 0..count {
        station.work(&mut dice);
    }
    settle(&mut station, &mut hub, &mut dice, 0);
    assert_eq!(station.state.receipted_through(), count as u64);
    (station, hub, dice)
}

#[test]
fn a_clone_that_works_on_is_frozen_and_the_city_keeps_one_history() {
    let (mut one, mut hub, mut dice) = settled(6, 7);
    let mut two = Station::start(one.disk.clone());
    one.work(&mut dice);
    two.work(&mut dice);
    settle(&mut one, &mut hub, &mut dice, 1);
    settle(&mut two, &mut hub, &mut dice, 1);
    assert_eq!((one.state.phase(), two.state.phase()), (Phase::Working, Phase::FrozenFork));
    assert_eq!(hub.chain, one.disk.journal);
    assert!(hub.frozen);
    // The first one learns of it at its next contact.
    one.work(&mut dice);
    settle(&mut one, &mut hub, &mut dice, 2);
    assert_eq!(one.state.phase(), Phase::FrozenFork);
    // The phase was stored: a restart does not thaw it, and nothing is sent any more.
    let mut again = Station::start(two.disk.clone());
    assert_eq!(again.say(Message::SendNow(0)), []);
}

#[test]
fn a_hub_that_was_rewound_is_suspected() {
    let (mut station, mut hub, mut dice) = settled(6, 8);
    hub.chain.truncate(2);
    hub.receipts.truncate(1);
    hub.by_digest.clear();
    hub.time_ms += 60_000;
    station.work(&mut dice);
    settle(&mut station, &mut hub, &mut dice, 1);
    assert_eq!(station.state.phase(), Phase::HubSuspect);
    assert_eq!(station.disk.phase, Phase::HubSuspect);
}

#[test]
fn a_second_receipt_under_one_number_is_suspected() {
    let (mut station, hub, _) = settled(3, 9);
    let newest = hub.receipts.last().unwrap();
    let mut other = Receipt::open(newest, &hub_key().verifying_key()).unwrap();
    assert_eq!(station.receive(newest, 0), [], "the same receipt again is nothing new");
    other.hub_time_ms += 5;
    let actions = station.receive(&other.seal(&hub_key()).unwrap(), 0);
    let reason = Some(SuspectReason::TwoReceipts(other.receipt_no));
    assert!(matches!(&actions[..], [Action::Freeze { reason: r, .. }] if *r == reason), "{actions:?}");
}

#[test]
fn waiting_doubles_up_to_five_minutes_and_send_now_ends_it() {
    let mut station = Station::start(Disk::empty());
    let mut dice = Dice(1);
    station.work(&mut dice);
    let actions = station.say(Message::Tick(0));
    station.act(actions, &mut Vec::new(), &Hub::new(), &mut dice, 0);
    let (mut now, mut waits) = (0, Vec::new());
    for _ in 0..10 {
        assert!(matches!(station.say(Message::Tick(now))[..], [Action::Send { .. }]));
        station.say(Message::Failed { class: FailureClass::Later, now_ms: now });
        let [Action::WaitUntil(at)] = station.say(Message::Tick(now))[..] else { panic!("no wait") };
        waits.push((at - now) / 1000);
        now = at;
    }
    assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    station.say(Message::Failed { class: FailureClass::Later, now_ms: now });
    assert!(matches!(station.say(Message::SendNow(now))[..], [Action::Send { .. }]));
}

#[test]
fn a_stick_takes_all_batches_before_the_first_receipt_comes_back() {
    let mut station = Station::start(Disk::empty());
    let mut dice = Dice(5);
    for _ in 0..9 {
        station.work(&mut dice);
    }
    let mut sent = Vec::new();
    let mut actions = station.say(Message::Begin(0));
    while !actions.is_empty() {
        if let [Action::Send { batch_id }] = actions[..] {
            sent.push(batch_id);
            station.say(Message::HandedOver(batch_id));
        }
        station.act(actions, &mut Vec::new(), &Hub::new(), &mut dice, 0);
        actions = station.say(Message::Tick(0));
    }
    assert!(sent.len() > 1);
    assert_eq!((station.state.sent_through(), station.state.receipted_through()), (9, 0));
    // The next pass offers the same files again, and seals nothing new.
    assert_eq!(station.say(Message::Begin(1)), [Action::Send { batch_id: sent[0] }]);
}

#[test]
fn an_upgrade_is_asked_for_and_tried_again_after_a_restart() {
    let (mut station, _, mut dice) = settled(2, 11);
    station.work(&mut dice);
    let actions = station.say(Message::Failed { class: FailureClass::Upgrade, now_ms: 0 });
    assert!(matches!(actions[..], [Action::Freeze { phase: Phase::UpgradeRequired, .. }]));
    station.act(actions, &mut Vec::new(), &Hub::new(), &mut dice, 0);
    assert_eq!(station.say(Message::SendNow(1)), []);
    let mut upgraded = Station::start(station.disk);
    assert!(matches!(upgraded.say(Message::Tick(1))[..], [Action::Seal { first: 3, last: 3 }]));
}

#[test]
fn one_word_tells_where_an_operation_is() {
    let word = |seq, result: Option<ResultCode>| operation_state(seq, 5, 3, result.as_ref()).label();
    assert_eq!(word(6, None), "已存");
    assert_eq!(word(5, None), "已送");
    assert_eq!(word(3, None), "市级已收");
    assert_eq!(word(3, Some(ResultCode::Quarantined)), "市级已收");
    assert_eq!(word(3, Some(ResultCode::Ok)), "已核");
    assert_eq!(word(3, Some(ResultCode::Dup)), "已核");
    assert_eq!(word(3, Some(ResultCode::Conflict("dup_enrol".into()))), "已退");
    assert_eq!(word(3, Some(ResultCode::Rejected("separation".into()))), "已退");
}
