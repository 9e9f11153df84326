//! The protocol under seeded faults: lost, doubled, late and reordered files, crashes, restored images, clones.
//!
//! Real batches and real signatures; only the wire, the disk and the clock are played.

mod world;

use super::*;
use crate::journal::{Receipt, ResultCode};
use world::{Dice, Disk, File, Hub, Station, hub_key};

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
