//! The exchange, end to end against a real hub in this process: over loopback, by a folder, through faults.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};

use ed25519_dalek::{SigningKey, VerifyingKey};
use xiangbao_core::event::Event;
use xiangbao_core::journal::{
    Actor, BatchName, Hash32, Head, Operation, OperationDraft, Receipt, ReceiptMark, ResultCode, seal,
};
use xiangbao_core::sync::{Phase, SealedBatch, StationFacts};
use xiangbao_hub::import::import_folder;
use xiangbao_hub::{HubConfig, NewHub, RunningHub, serve_in_background};

use super::*;

/// A station's store in memory; every call is "durable".
#[derive(Clone)]
struct Memory {
    station: String,
    key: SigningKey,
    hub_key: Option<VerifyingKey>,
    inner: RefCell<Inner>,
}

#[derive(Clone)]
struct Inner {
    epoch: u32,
    journal: Vec<Operation>,
    queue: Vec<SealedBatch>,
    files: BTreeMap<[u8; 16], (BatchName, Vec<u8>)>,
    receipt: Option<ReceiptMark>,
    results: BTreeMap<u64, ResultCode>,
    phase: Phase,
    why: String,
    /// Whether receipts are journalled, as the real store does.
    echo: bool,
}

impl Memory {
    fn enrolled(station: &str, hub: &RunningHub) -> Self {
        let key = SigningKey::from_bytes(&[station.len() as u8 + 40; 32]);
        let code = hub.hub().codes.make((hub.hub().clock)()).unwrap();
        let wire = HttpTransport::new(&hub.url()).unwrap();
        let answer = enrol(&wire, &code, station, "某镇", &key.verifying_key()).unwrap();
        assert_eq!((answer.city.as_str(), answer.epoch), ("451400", 1));
        let inner = Inner {
            epoch: answer.epoch,
            journal: Vec::new(),
            queue: Vec::new(),
            files: BTreeMap::new(),
            receipt: None,
            results: BTreeMap::new(),
            phase: Phase::Working,
            why: String::new(),
            echo: false,
        };
        let hub_key = Some(answer.hub_key);
        Self { station: station.into(), key, hub_key, inner: RefCell::new(inner) }
    }

    fn head(&self) -> Head {
        let inner = self.inner.borrow();
        let genesis = Head::genesis(&self.station, inner.epoch);
        inner.journal.last().map_or(genesis, |op| Head { seq: op.seq, hash: op.hash })
    }

    fn append(&self, kind: u16, payload: Vec<u8>) {
        let head = self.head();
        let mut op_id = [0; 16];
        getrandom::fill(&mut op_id).unwrap();
        let actor =
            Actor { person: "p".into(), account: "a".into(), role: "clerk".into(), session: "s".into() };
        let draft = OperationDraft {
            station: self.station.clone(),
            epoch: self.inner.borrow().epoch,
            op_id,
            kind,
            case_id: None,
            subject: None,
            actor,
            wall_ms: 1_790_000_000_000,
            salt: op_id,
            payload,
        };
        self.inner.borrow_mut().journal.push(seal(draft, head.hash, head.seq + 1).unwrap());
    }

    fn work(&self, count: usize) {
        for _ in 0..count {
            let event =
                Event::StationFounded { name: "某镇".into(), township: "451425".into(), seats: Vec::new() };
            self.append(event.kind(), event.encode());
        }
    }

    fn through(&self) -> u64 {
        self.inner.borrow().receipt.map_or(0, |mark| mark.through)
    }
}

impl SyncStore for Memory {
    fn facts(&self) -> Result<StationFacts, StoreFault> {
        let local = self.head();
        let inner = self.inner.borrow();
        Ok(StationFacts {
            station: self.station.clone(),
            epoch: inner.epoch,
            local,
            receipt: inner.receipt,
            queue: inner.queue.clone(),
            phase: inner.phase,
        })
    }

    fn operations(&self, first: u64, last: u64) -> Result<Vec<Operation>, StoreFault> {
        Ok(self.inner.borrow().journal[first as usize - 1..last as usize].to_vec())
    }

    fn hash_at(&self, seq: u64) -> Result<Option<Hash32>, StoreFault> {
        Ok(self.inner.borrow().journal.get(seq as usize - 1).map(|op| op.hash))
    }

    fn seal_facts(&self) -> Result<SealFacts, StoreFault> {
        Ok(SealFacts {
            city: "451400".into(),
            instance_id: [1; 16],
            batch_no: self.inner.borrow().files.len() as u64 + 1,
            schema_ver: 1,
            rules_ver: "r".into(),
            mono_ms: 5,
            boot_id: [2; 16],
        })
    }

    fn record_sealed(&self, sealed: &SealedBatch, name: &BatchName, bytes: &[u8]) -> Result<(), StoreFault> {
        let mut inner = self.inner.borrow_mut();
        inner.files.insert(sealed.batch_id, (name.clone(), bytes.to_vec()));
        inner.queue.push(sealed.clone());
        Ok(())
    }

    fn batch(&self, batch_id: &[u8; 16]) -> Result<(BatchName, Vec<u8>), StoreFault> {
        self.inner.borrow().files.get(batch_id).cloned().ok_or(StoreFault("no such batch".into()))
    }

    fn mark_sent(&self, batch_id: &[u8; 16]) -> Result<(), StoreFault> {
        for batch in &mut self.inner.borrow_mut().queue {
            batch.sent |= batch.batch_id == *batch_id;
        }
        Ok(())
    }

    fn apply_receipt(&self, receipt: &Receipt, _bytes: &[u8], mark: &ReceiptMark) -> Result<(), StoreFault> {
        let echo = {
            let mut inner = self.inner.borrow_mut();
            inner.receipt = Some(*mark);
            inner.queue.retain(|batch| batch.head.seq > receipt.accepted_through);
            for result in &receipt.results {
                inner.results.entry(result.seq).or_insert_with(|| result.code.clone());
            }
            inner.echo
        };
        if echo {
            let through = receipt.accepted_through;
            let event = Event::CityAnswered { receipt: String::new(), through, results: Vec::new() };
            self.append(event.kind(), event.encode());
        }
        Ok(())
    }

    fn record_freeze(&self, phase: Phase, why: &str, _evidence: Option<&[u8]>) -> Result<(), StoreFault> {
        let mut inner = self.inner.borrow_mut();
        inner.phase = phase;
        inner.why = why.to_owned();
        Ok(())
    }

    fn signing_key(&self) -> Result<SigningKey, StoreFault> {
        Ok(self.key.clone())
    }

    fn hub_key(&self) -> Result<Option<VerifyingKey>, StoreFault> {
        Ok(self.hub_key)
    }
}

struct World {
    _folder: tempfile::TempDir,
    hub: RunningHub,
    config: HubConfig,
}

fn world() -> World {
    let folder = tempfile::TempDir::new().unwrap();
    let create = Some(NewHub { name: "试验中心".into(), city: "451400".into() });
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let config = HubConfig { data: folder.path().join("hub"), listen, create };
    let hub = serve_in_background(&config).unwrap();
    World { _folder: folder, hub, config }
}

impl World {
    fn wire(&self) -> HttpTransport {
        HttpTransport::new(&self.hub.url()).unwrap()
    }

    fn taken(&self) -> u64 {
        self.hub.hub().status().unwrap().operations
    }
}

fn clock() -> i64 {
    1_790_000_000_000
}

fn pass(store: &Memory, transport: &dyn Transport) -> SyncReport {
    sync_once(store, transport, &clock).unwrap()
}

#[test]
fn work_goes_over_the_wire_and_results_come_back() {
    let world = world();
    let station = Memory::enrolled("S1", &world.hub);
    station.work(3);
    station.append(60_000, Vec::new());
    let report = pass(&station, &world.wire());
    assert_eq!((report.sealed, report.sent, report.receipts), (1, 1, 1));
    assert_eq!((report.receipted_through, report.fault), (4, None));
    let results: Vec<_> = station.inner.borrow().results.values().map(ToString::to_string).collect();
    assert_eq!(results, ["OK", "OK", "OK", "QUARANTINED"]);
    // Nothing new: nothing is sealed, nothing is sent.
    let report = pass(&station, &world.wire());
    assert_eq!((report.sealed, report.sent), (0, 0));
}

#[test]
fn more_than_one_batch_holds_goes_in_several() {
    let world = world();
    let station = Memory::enrolled("S1", &world.hub);
    station.work(2_001);
    let report = pass(&station, &world.wire());
    assert_eq!((report.sealed, report.receipts, report.receipted_through), (2, 2, 2_001));
}

#[test]
fn answers_to_answers_are_not_sent() {
    let world = world();
    let station = Memory::enrolled("S1", &world.hub);
    station.inner.borrow_mut().echo = true;
    station.work(2);
    for _ in 0..3 {
        pass(&station, &world.wire());
    }
    assert_eq!((world.taken(), station.head().seq), (2, 3));
    // They travel with the next real work.
    station.work(1);
    pass(&station, &world.wire());
    assert_eq!((world.taken(), station.head().seq), (4, 5));
}

#[test]
fn days_without_a_hub_lose_nothing_and_make_one_batch() {
    let world = world();
    let station = Memory::enrolled("S1", &world.hub);
    let url = world.hub.url();
    let World { _folder, hub, config } = world;
    let addr = hub.addr();
    hub.stop();
    let wire = HttpTransport::new(&url).unwrap();
    let mut worker = SyncWorker::new();
    let now = Cell::new(clock());
    let (mut waits, mut sent) = (Vec::new(), 0);
    for _ in 0..12 {
        station.work(1);
        let report = worker.pass(&station, &wire, &|| now.get(), false).unwrap();
        assert_eq!(report.fault.as_ref().map(|fault| fault.class), Some(FaultClass::Network));
        sent += report.sent;
        let next = report.next_at_ms.unwrap();
        waits.push((next - now.get()) / 1000);
        // Before its time, a pass does nothing.
        let early = worker.pass(&station, &wire, &|| now.get(), false).unwrap();
        assert_eq!((early.sent, early.next_at_ms), (0, Some(next)));
        now.set(next);
    }
    assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]);
    assert_eq!((sent, station.inner.borrow().files.len()), (12, 1));
    let again = serve_in_background(&HubConfig { listen: addr, ..config }).unwrap();
    let report = worker.pass(&station, &wire, &|| now.get(), true).unwrap();
    assert_eq!((report.receipted_through, report.phase), (12, Phase::Working));
    assert_eq!(again.hub().status().unwrap().operations, 12);
}

#[test]
fn a_folder_brings_the_same_as_the_wire() {
    let (by_wire, by_folder) = (world(), world());
    let (one, two) = (Memory::enrolled("S1", &by_wire.hub), Memory::enrolled("S1", &by_folder.hub));
    one.work(5);
    two.inner.borrow_mut().journal = one.inner.borrow().journal.clone();
    pass(&one, &by_wire.wire());
    let stick = tempfile::TempDir::new().unwrap();
    let folder = FolderTransport::new(stick.path());
    let report = pass(&two, &folder);
    assert_eq!(report.fault.map(|fault| fault.class), Some(FaultClass::NoReceiptYet));
    assert_eq!((report.sealed, report.sent_through, report.receipted_through), (1, 5, 0));
    two.work(2);
    assert_eq!(pass(&two, &folder).sent_through, 7);
    let found = import_folder(by_folder.hub.hub(), stick.path()).unwrap();
    assert!(found.iter().all(|file| file.outcome == "accepted"), "{found:?}");
    let report = pass(&two, &folder);
    assert_eq!((report.sealed, report.receipts, report.receipted_through), (0, 2, 7));
    let five =
        |store: &Memory| -> Vec<_> { store.inner.borrow().results.clone().into_iter().take(5).collect() };
    assert_eq!(five(&one), five(&two));
    // Both ways at once do no harm.
    assert_eq!(pass(&two, &by_folder.wire()).sent, 0);
    assert_eq!(by_folder.taken(), 7);
}

#[test]
fn a_folder_that_is_missing_full_of_lies_or_bad_is_told() {
    let world = world();
    let station = Memory::enrolled("S1", &world.hub);
    station.work(1);
    let stick = tempfile::TempDir::new().unwrap();
    let gone = FolderTransport::new(stick.path().join("not there"));
    assert_eq!(pass(&station, &gone).fault.map(|f| f.class), Some(FaultClass::Network));
    assert!(!stick.path().join("not there").exists());
    let folder = FolderTransport::new(stick.path());
    std::fs::write(stick.path().join("S1-1-1-1.cbm"), b"other").unwrap();
    assert_eq!(pass(&station, &folder).fault.map(|f| f.class), Some(FaultClass::Refused));
    std::fs::remove_file(stick.path().join("S1-1-1-1.cbm")).unwrap();
    std::fs::write(stick.path().join("S1-1-1-1.cbr"), b"not a receipt").unwrap();
    assert_eq!(pass(&station, &folder).fault.map(|f| f.class), Some(FaultClass::BadReceipt));
    assert_eq!((station.through(), station.inner.borrow().phase), (0, Phase::Working));
}

/// A carrier that loses what the hub answers, every other time.
struct Lossy<'a> {
    wire: &'a HttpTransport,
    calls: Cell<u32>,
    seen: RefCell<Vec<Vec<u8>>>,
}

impl Transport for Lossy<'_> {
    fn send(&self, name: &BatchName, bytes: &[u8]) -> Result<Vec<u8>, TransportFault> {
        self.calls.set(self.calls.get() + 1);
        self.seen.borrow_mut().push(bytes.to_vec());
        let answer = self.wire.send(name, bytes)?;
        if self.calls.get() % 2 == 1 {
            return Err(TransportFault::new(FaultClass::Network, "answer lost"));
        }
        Ok(answer)
    }
}

#[test]
fn a_lost_answer_means_the_same_bytes_again_and_one_effect() {
    let world = world();
    let station = Memory::enrolled("S1", &world.hub);
    let wire = world.wire();
    let lossy = Lossy { wire: &wire, calls: Cell::new(0), seen: RefCell::default() };
    station.work(2);
    assert_eq!(pass(&station, &lossy).receipted_through, 0);
    station.work(1);
    let report = pass(&station, &lossy);
    // The first two with their receipt, then the third, whose answer is lost.
    assert_eq!((report.receipts, report.receipted_through), (1, 2));
    assert_eq!(pass(&station, &lossy).receipted_through, 3);
    let seen = lossy.seen.borrow();
    assert_eq!((&seen[0], &seen[2]), (&seen[1], &seen[3]));
    assert_eq!(world.taken(), 3);
}

#[test]
fn a_station_that_lost_its_outbox_gets_its_receipts_back() {
    let world = world();
    let station = Memory::enrolled("S1", &world.hub);
    station.work(2);
    let before = station.clone();
    pass(&station, &world.wire());
    // The image from before, with the same journal: it seals other bytes for the same operations.
    assert_eq!(pass(&before, &world.wire()).receipted_through, 2);
    assert_eq!((before.inner.borrow().phase, world.taken()), (Phase::Working, 2));
    let results = before.inner.borrow().results.clone();
    assert_eq!(results, station.inner.borrow().results.clone());
}

#[test]
fn an_old_image_that_works_on_is_frozen() {
    let world = world();
    let station = Memory::enrolled("S1", &world.hub);
    station.work(2);
    pass(&station, &world.wire());
    let image = station.clone();
    station.work(1);
    pass(&station, &world.wire());
    image.work(2);
    let report = pass(&image, &world.wire());
    assert_eq!(report.phase, Phase::FrozenFork);
    assert_eq!(image.inner.borrow().why, "the city has another record number 3");
    assert_eq!(pass(&image, &world.wire()).sent, 0);
    assert_eq!(world.taken(), 3);
}

#[test]
fn an_old_image_without_new_work_is_frozen_at_its_first_contact() {
    let world = world();
    let station = Memory::enrolled("S1", &world.hub);
    station.work(2);
    pass(&station, &world.wire());
    let image = station.clone();
    station.work(1);
    pass(&station, &world.wire());
    assert_eq!(pass(&image, &world.wire()).phase, Phase::FrozenFork);
}

#[test]
fn receipts_of_another_hub_are_not_believed() {
    let (ours, theirs) = (world(), world());
    let station = Memory::enrolled("S1", &ours.hub);
    let mut elsewhere = Memory::enrolled("S1", &theirs.hub);
    elsewhere.hub_key = station.hub_key;
    elsewhere.work(1);
    let report = pass(&elsewhere, &theirs.wire());
    assert_eq!(report.fault.map(|fault| fault.class), Some(FaultClass::BadReceipt));
    assert_eq!((report.receipted_through, report.phase), (0, Phase::Working));
}

#[test]
fn without_an_enrolment_nothing_is_sent() {
    let world = world();
    let mut station = Memory::enrolled("S1", &world.hub);
    station.hub_key = None;
    station.work(1);
    assert_eq!(sync_once(&station, &world.wire(), &clock), Err(SyncError::NotEnrolled));
    let used = enrol(&world.wire(), "AAAAA", "S2", "某镇", &station.key.verifying_key());
    let class = match used {
        Err(EnrolFault::Transport(fault)) => fault.class,
        other => panic!("{other:?}"),
    };
    assert_eq!(class, FaultClass::Refused);
}

#[test]
fn a_damaged_journal_is_not_sent() {
    let world = world();
    let station = Memory::enrolled("S1", &world.hub);
    station.work(3);
    station.inner.borrow_mut().journal[1].payload.push(0);
    let fault = sync_once(&station, &world.wire(), &clock);
    assert!(matches!(fault, Err(SyncError::Journal(fault)) if fault.seq == 2));
    assert_eq!(world.taken(), 0);
}

/// Answers every request with the same bytes, as a portal or a broken proxy does.
fn portal(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let Ok((mut socket, _)) = listener.accept() else { return };
        let mut request = Vec::new();
        // Head and body: these tests send the five bytes `batch`.
        while !request.ends_with(b"\r\n\r\nbatch") {
            let mut part = [0; 1024];
            match socket.read(&mut part) {
                Ok(1..) => request.extend(part.into_iter().take_while(|byte| *byte != 0)),
                _ => return,
            }
        }
        socket.write_all(answer).ok();
    });
    url
}

#[test]
fn a_portal_is_not_a_hub_whatever_its_status() {
    let name = BatchName { station: "S1".into(), epoch: 1, first: 1, last: 1 };
    let class = |answer: &'static [u8]| {
        let wire = HttpTransport::new(&portal(answer)).unwrap();
        wire.send(&name, b"batch").unwrap_err().class
    };
    let portal = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>";
    assert_eq!(class(portal), FaultClass::CaptivePortal);
    let redirect = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/login\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(class(redirect), FaultClass::CaptivePortal);
    let proxy = b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(class(proxy), FaultClass::CaptivePortal);
    let login = b"HTTP/1.1 511 Network Authentication Required\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(class(login), FaultClass::CaptivePortal);
    let broken = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(class(broken), FaultClass::Server);
    let large = b"HTTP/1.1 413 x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    assert_eq!(class(large), FaultClass::TooLarge);
    let old = b"HTTP/1.1 426 x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    assert_eq!(class(old), FaultClass::Upgrade);
    let endless =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.xiangbao.receipt\r\nContent-Length: 9999999999\r\n\r\nx";
    assert!(matches!(class(endless), FaultClass::CaptivePortal | FaultClass::Network));
    assert_eq!(class(b"nonsense\r\n\r\n"), FaultClass::Network);
    for base in ["ftp://x", "http://", "hub", "http://u@hub", "http://hub/x", "http://hub?x"] {
        assert!(HttpTransport::new(base).is_err(), "{base}");
    }
}
