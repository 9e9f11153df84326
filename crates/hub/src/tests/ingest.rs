//! Chain acceptance: what is taken once, what waits, what freezes, what is refused.

use xiangbao_core::journal::{Batch, Limits, Receipt, ReceiptMark, Verdict, receipt_hash, verify_chain};

use super::{TestHub, Touchy, codes, with_business};
use crate::IngestRefusal;
use crate::embedded::{EmbeddedStore, OpenError};
use crate::identity::HubSecret;
use crate::serve::{ServeError, open_hub};

#[test]
fn the_same_bytes_get_the_same_receipt_even_after_a_restart() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(3);
    let batch = station.batch(1, 3);
    let first = hub.hub.take_batch(&batch.bytes).unwrap();
    assert_eq!(hub.hub.take_batch(&batch.bytes).unwrap(), first);
    let hub = hub.reopened();
    assert_eq!(hub.hub.take_batch(&batch.bytes).unwrap(), first);
    let receipt = Receipt::open(&first, &hub.hub.identity.public()).unwrap();
    assert_eq!(codes(&receipt.results), ["OK", "OK", "OK"]);
    assert_eq!((receipt.accepted_through, receipt.next_expected, receipt.receipt_no), (3, 4, 1));
    assert_eq!((receipt.head, receipt.prev_receipt_hash), (station.head().hash, [0; 32]));
    assert_eq!(hub.hub.status().unwrap().operations, 3);
}

#[test]
fn an_overlap_is_skipped_and_the_rest_applied_once() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(5);
    let first = hub.hub.take_batch(&station.batch(1, 3).bytes).unwrap();
    let overlap = hub.take(&station.batch(2, 5));
    assert_eq!(codes(&overlap.results), ["DUP", "DUP", "OK", "OK"]);
    assert_eq!((overlap.receipt_no, overlap.prev_receipt_hash), (2, receipt_hash(&first)));
    let again = hub.take(&station.batch(1, 5));
    assert_eq!((again.verdict, again.accepted_through, again.receipt_no), (Verdict::Accepted, 5, 3));
    assert_eq!(codes(&again.results), ["DUP"; 5]);
    assert_eq!(hub.hub.status().unwrap().operations, 5);
}

#[test]
fn a_gap_waits_for_its_predecessor_and_is_not_remembered() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(6);
    let late = station.batch(4, 6);
    let gap = hub.take(&late);
    assert_eq!((gap.verdict, gap.next_expected, gap.results.len()), (Verdict::Gap, 1, 0));
    hub.take(&station.batch(1, 3));
    assert_eq!(hub.take(&late).verdict, Verdict::Accepted);
    assert_eq!(hub.hub.status().unwrap().incidents, []);
}

#[test]
fn a_fork_freezes_the_epoch_and_opens_one_incident() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(2);
    let mut clone = station.clone();
    station.work(3);
    clone.work(4);
    let taken = station.batch(1, 5);
    let kept = hub.hub.take_batch(&taken.bytes).unwrap();
    let other = clone.batch(1, 6);
    assert_eq!(hub.take(&other).verdict, Verdict::Fork(3));
    assert_eq!(hub.take(&other).verdict, Verdict::Frozen);
    station.work(1);
    assert_eq!(hub.take(&station.batch(6, 6)).verdict, Verdict::Frozen);
    // What was acknowledged stays acknowledged.
    assert_eq!(hub.hub.take_batch(&taken.bytes).unwrap(), kept);
    let status = hub.hub.status().unwrap();
    assert_eq!((status.operations, status.stations[0].frozen), (5, true));
    let incidents: Vec<_> = status.incidents.iter().map(|i| (i.kind.as_str(), i.seq)).collect();
    assert_eq!(incidents, [("fork", 3)]);
}

#[test]
fn a_history_that_differs_before_the_batch_is_a_fork_too() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    let mut clone = station.clone();
    station.work(2);
    clone.work(3);
    hub.take(&station.batch(1, 2));
    assert_eq!(hub.take(&clone.batch(3, 3)).verdict, Verdict::Fork(3));
}

#[test]
fn a_new_enrolment_closes_the_epoch_and_opens_the_next() {
    let hub = TestHub::new();
    let mut old = hub.station("S1");
    old.work(2);
    hub.take(&old.batch(1, 2));
    assert_eq!(hub.station("S1").epoch, 1, "the same key goes on in its epoch");
    let mut new = hub.station_with_key("S1", 77);
    assert_eq!((old.epoch, new.epoch), (1, 2));
    old.work(1);
    assert_eq!(hub.take(&old.batch(3, 3)).verdict, Verdict::Frozen);
    new.work(1);
    let receipt = hub.take(&new.batch(1, 1));
    assert_eq!((receipt.verdict, receipt.epoch, receipt.receipt_no), (Verdict::Accepted, 2, 1));
}

#[test]
fn no_changed_byte_and_no_cut_gets_a_receipt_or_leaves_a_trace() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(2);
    let Batch { bytes, .. } = station.batch(1, 2);
    let before = hub.hub.status().unwrap();
    for position in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[position] ^= 0x20;
        assert!(hub.hub.take_batch(&bad).is_err(), "byte {position}");
        assert!(hub.hub.take_batch(&bytes[..position]).is_err(), "cut at {position}");
    }
    let oversize = vec![0; Limits::V1.sealed_bytes + 1];
    assert!(matches!(hub.hub.take_batch(&oversize), Err(IngestRefusal::TooLarge)));
    assert_eq!(hub.hub.status().unwrap(), before);
}

#[test]
fn strangers_are_refused_by_name() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(1);
    let mut stranger = station.clone();
    stranger.id = "S9".into();
    stranger.journal.clear();
    stranger.work(1);
    let refuse = |batch: &Batch| hub.hub.take_batch(&batch.bytes).unwrap_err();
    assert!(matches!(refuse(&stranger.batch(1, 1)), IngestRefusal::UnknownStation));
    let forged = {
        let mut thief = station.clone();
        thief.key = ed25519_dalek::SigningKey::from_bytes(&[99; 32]);
        thief.batch(1, 1)
    };
    assert!(matches!(refuse(&forged), IngestRefusal::Signature));
    assert!(matches!(refuse(&station.batch_with(1, 1, "450100", None)), IngestRefusal::WrongCity));
    let mut newer = station.batch(1, 1);
    newer.bytes[8] = 2;
    assert!(matches!(refuse(&newer), IngestRefusal::Upgrade(2)));
    assert!(matches!(hub.hub.take_batch(b"<html>"), Err(IngestRefusal::Malformed(_))));
}

#[test]
fn a_poison_operation_never_blocks_the_chain() {
    let TestHub { folder, hub } = TestHub::new();
    let hub = TestHub { folder, hub: with_business(hub, Touchy) };
    let mut station = hub.station("S1");
    station.raw(1, Vec::new(), None, "p");
    station.raw(999, Vec::new(), None, "p");
    station.raw(1, Vec::new(), None, "p");
    assert_eq!(codes(&hub.send(&mut station)), ["OK", "QUARANTINED", "OK"]);
}

#[test]
fn what_no_event_is_goes_to_people_and_the_chain_goes_on() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.raw(60_000, b"future".to_vec(), None, "p");
    station.raw(1, b"\xff\xff".to_vec(), None, "p");
    station.work(1);
    assert_eq!(codes(&hub.send(&mut station)), ["QUARANTINED", "QUARANTINED", "OK"]);
    // Sent again in another batch, what is still open is told again.
    assert_eq!(codes(&hub.take(&station.batch(1, 3)).results), ["QUARANTINED", "QUARANTINED", "DUP"]);
}

#[test]
fn a_hub_that_lost_its_own_history_notices_by_its_own_signature() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(5);
    let mark = ReceiptMark { receipt_no: 2, hash: [7; 32], through: 4, hub_time_ms: 1 };
    let receipt = hub.take(&station.batch_with(5, 5, super::CITY, Some(mark)));
    assert_eq!((receipt.verdict, receipt.next_expected), (Verdict::Gap, 1));
    assert_eq!(hub.hub.status().unwrap().incidents[0].kind, "hub_behind_station");
}

#[test]
fn the_kept_operations_are_the_stations_chain() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(4);
    hub.send(&mut station);
    let mut kept = Vec::new();
    hub.hub
        .store
        .read(&mut |tables| {
            for seq in 1..=4 {
                kept.extend(tables.operation("S1", 1, seq)?);
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(kept, station.journal);
    let anchor = xiangbao_core::journal::Anchor::genesis("S1", 1);
    assert_eq!(verify_chain(&kept, anchor), Ok(station.head()));
}

#[test]
fn a_crash_while_making_a_hub_leaves_none_and_a_second_hub_is_refused() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("hub.redb");
    std::fs::write(folder.path().join("hub.redb.new"), b"half a file").unwrap();
    assert!(matches!(EmbeddedStore::open(&path), Err(OpenError::Missing(_))));
    let secret = HubSecret { name: "n".into(), city: "c".into(), seed: [3; 32] };
    EmbeddedStore::create(&path, &secret).unwrap();
    assert!(matches!(EmbeddedStore::create(&path, &secret), Err(OpenError::Exists(_))));
    let open = EmbeddedStore::open(&path).unwrap();
    assert_eq!(open.secret().unwrap(), secret);
    assert!(!format!("{secret:?}").contains("3, 3"), "the key does not stand in logs");
    assert!(matches!(EmbeddedStore::open(&path), Err(OpenError::InUse)));
}

#[test]
fn a_damaged_file_is_told_and_not_repaired() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(50);
    hub.send(&mut station);
    let TestHub { folder, hub } = hub;
    drop(hub);
    let data = folder.path().join("data");
    let path = data.join("hub.redb");
    let mut bytes = std::fs::read(&path).unwrap();
    let length = bytes.len();
    // Everything behind the first page: which pages are in use is redb's own affair.
    for byte in &mut bytes[4096..] {
        *byte = !*byte;
    }
    std::fs::write(&path, &bytes).unwrap();
    assert!(matches!(open_hub(&data), Err(ServeError::Open(OpenError::Failed(_)))));
    assert_eq!(std::fs::read(&path).unwrap().len(), length);
}
