//! The doors: HTTP over loopback, the stick, enrolment, the command line.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use ed25519_dalek::Signer;
use xiangbao_core::journal::{Limits, RECEIPT_MEDIA_TYPE, Receipt, hex, receipt_query};

use super::{TestHub, any_port, codes};
use crate::enrol::{EnrolRefusal, EnrolRequest};
use crate::import::{Imported, import_folder};
use crate::serve::{HubConfig, NewHub, serve_hub, serve_in_background};

struct Answer {
    status: u16,
    media: String,
    body: Vec<u8>,
}

fn ask(addr: SocketAddr, head: &str, body: &[u8]) -> Answer {
    let mut socket = TcpStream::connect(addr).unwrap();
    let length = body.len();
    let request = format!("{head}Host: hub\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    // The hub may answer before it has read everything.
    socket.write_all(body).ok();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).ok();
    let split = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..split].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let media = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-type: ").map(str::to_owned))
        .unwrap_or_default();
    Answer { status, media, body: answer[split + 4..].to_vec() }
}

fn post(addr: SocketAddr, path: &str, media: &str, body: &[u8]) -> Answer {
    ask(addr, &format!("POST {path} HTTP/1.1\r\nContent-Type: {media}\r\n"), body)
}

fn get(addr: SocketAddr, path: &str, header: &str) -> Answer {
    ask(addr, &format!("GET {path} HTTP/1.1\r\n{header}"), b"")
}

#[test]
fn the_wire_takes_a_batch_and_says_the_same_again() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(3);
    let batch = station.batch(1, 3);
    let running = serve_hub(hub.hub.clone(), any_port(), false).unwrap();
    let first = post(running.addr(), "/v1/batches", "application/octet-stream", &batch.bytes);
    assert_eq!((first.status, first.media.as_str()), (200, RECEIPT_MEDIA_TYPE));
    let receipt = Receipt::open(&first.body, &hub.hub.identity.public()).unwrap();
    assert_eq!(codes(&receipt.results), ["OK", "OK", "OK"]);
    let again = post(running.addr(), "/v1/batches", "application/octet-stream", &batch.bytes);
    assert_eq!(again.body, first.body);
    running.stop();
}

#[test]
fn the_wire_refuses_with_a_status_and_no_receipt() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(1);
    let good = station.batch(1, 1).bytes;
    let running = serve_hub(hub.hub.clone(), any_port(), false).unwrap();
    let send = |body: &[u8]| {
        let answer = post(running.addr(), "/v1/batches", "application/octet-stream", body);
        assert!(!answer.media.contains("receipt"));
        answer.status
    };
    assert_eq!(send(&vec![0; Limits::V1.sealed_bytes + 1]), 413);
    assert_eq!(send(b"hello"), 400);
    let mut tampered = good.clone();
    tampered[20] ^= 1;
    assert_eq!(send(&tampered), 401);
    let mut newer = good.clone();
    newer[8] = 9;
    assert_eq!(send(&newer), 426);
    let mut stranger = station.clone();
    stranger.id = "S9".into();
    stranger.journal.clear();
    stranger.work(1);
    assert_eq!(send(&stranger.batch(1, 1).bytes), 404);
    assert_eq!(get(running.addr(), "/v1/batches", "").status, 405);
    assert_eq!(get(running.addr(), "/etc/passwd", "").status, 404);
}

#[test]
fn key_and_health_are_told_to_everyone_receipts_to_their_station_only() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(2);
    let first = hub.hub.take_batch(&station.batch(1, 1).bytes).unwrap();
    let second = hub.hub.take_batch(&station.batch(2, 2).bytes).unwrap();
    let running = serve_hub(hub.hub.clone(), any_port(), false).unwrap();
    let key = get(running.addr(), "/v1/key", "");
    let text = String::from_utf8(key.body).unwrap();
    assert!(text.contains(&hex(hub.hub.identity.public().as_bytes())), "{text}");
    assert_eq!(get(running.addr(), "/v1/health", "").status, 200);
    let query = |from: u64, signed: u64| {
        let signature = station.key.sign(&receipt_query("S1", 1, signed)).to_bytes();
        let header = format!("x-xiangbao-signature: {}\r\n", hex(&signature));
        get(running.addr(), &format!("/v1/stations/S1/receipts/{from}"), &header)
    };
    let framed = |receipt: &Vec<u8>| [&(receipt.len() as u32).to_be_bytes()[..], receipt].concat();
    let all = query(1, 1);
    assert_eq!((all.status, all.body), (200, [framed(&first), framed(&second)].concat()));
    assert_eq!(query(2, 2).body, framed(&second));
    assert_eq!((query(3, 3).status, query(3, 3).body.len()), (200, 0));
    assert_eq!(query(1, 2).status, 401);
    assert_eq!(get(running.addr(), "/v1/stations/S1/receipts/1", "").status, 401);
    assert_eq!(get(running.addr(), "/v1/stations/S1/receipts/1", "x-xiangbao-signature: zz\r\n").status, 401);
}

fn request(code: &str, station: &str, key: [u8; 32]) -> EnrolRequest {
    EnrolRequest {
        code: code.into(), station: station.into(), name: "某镇".into(), verifying_key: hex(&key)
    }
}

#[test]
fn a_code_enrols_one_station_once_and_a_repeat_gets_the_same_answer() {
    let hub = TestHub::new();
    let key = |n: u8| ed25519_dalek::SigningKey::from_bytes(&[n; 32]).verifying_key().to_bytes();
    let now = crate::wall_clock();
    let code = hub.hub.codes.make(now).unwrap();
    assert_eq!(code.len(), 23);
    let typed = code.to_ascii_lowercase().replace('-', " ");
    let first = hub.hub.enrol(&request(&typed, "S1", key(1))).unwrap();
    assert_eq!((first.epoch, first.city.as_str()), (1, super::CITY));
    assert_eq!(hub.hub.enrol(&request(&code, "S1", key(1))).unwrap(), first);
    assert!(matches!(hub.hub.enrol(&request(&code, "S2", key(2))), Err(EnrolRefusal::Code)));
    assert!(matches!(hub.hub.enrol(&request(&code, "S1", key(2))), Err(EnrolRefusal::Code)));
    assert!(matches!(hub.hub.enrol(&request("", "S2", key(2))), Err(EnrolRefusal::Code)));
    assert!(matches!(hub.hub.enrol(&request("../../x", "S2", key(2))), Err(EnrolRefusal::Code)));
    let old = hub.hub.codes.make(now - 8 * 24 * 3_600_000).unwrap();
    assert!(matches!(hub.hub.enrol(&request(&old, "S2", key(2))), Err(EnrolRefusal::Code)));
    let fresh = hub.hub.codes.make(now).unwrap();
    for station in ["", "a/b", "..", "桃城"] {
        let refused = hub.hub.enrol(&request(&fresh, station, key(2)));
        assert!(matches!(refused, Err(EnrolRefusal::Request(_))), "{station:?}");
    }
    // The neutral point is a key under which everything verifies.
    let mut weak = [0; 32];
    weak[0] = 1;
    assert!(matches!(hub.hub.enrol(&request(&fresh, "S2", weak)), Err(EnrolRefusal::Request(_))));
}

#[test]
fn enrolment_over_the_wire() {
    let hub = TestHub::new();
    let running = serve_hub(hub.hub.clone(), any_port(), false).unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]).verifying_key().to_bytes();
    let code = hub.hub.codes.make(crate::wall_clock()).unwrap();
    let body = serde_json::to_vec(&request(&code, "S1", key)).unwrap();
    let answer = post(running.addr(), "/v1/stations", "application/json", &body);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let wrong = serde_json::to_vec(&request("AAAAA", "S2", key)).unwrap();
    assert_eq!(post(running.addr(), "/v1/stations", "application/json", &wrong).status, 403);
    assert_eq!(post(running.addr(), "/v1/stations", "application/json", b"{}").status, 422);
}

#[test]
fn a_hub_in_the_background_keeps_its_data_and_its_key() {
    let folder = tempfile::TempDir::new().unwrap();
    let create = Some(NewHub { name: "n".into(), city: "451400".into() });
    let config = HubConfig { data: folder.path().join("hub"), listen: any_port(), create };
    let running = serve_in_background(&config).unwrap();
    let key = running.hub().identity.public();
    assert_eq!(get(running.addr(), "/v1/health", "").status, 200);
    // A connection that says nothing does not hold the end up for long.
    let _idle = TcpStream::connect(running.addr()).unwrap();
    let begun = std::time::Instant::now();
    running.stop();
    assert!(begun.elapsed() < std::time::Duration::from_secs(8));
    let again = serve_in_background(&config).unwrap();
    assert_eq!(again.hub().identity.public(), key);
}

fn outcome(found: &[Imported]) -> Vec<(&str, &str)> {
    found.iter().map(|each| (each.file.as_str(), each.outcome)).collect()
}

#[test]
fn a_stick_does_what_the_wire_does() {
    let (by_wire, by_stick) = (TestHub::new(), TestHub::new());
    let mut one = by_wire.station("S1");
    let two = by_stick.station("S1");
    assert_eq!(one.key.to_bytes(), two.key.to_bytes());
    one.work(11);
    let stick = tempfile::TempDir::new().unwrap();
    let put = |batch: &xiangbao_core::journal::Batch| {
        std::fs::write(stick.path().join(batch.header.name().batch_file()), &batch.bytes).unwrap();
    };
    let batches = [one.batch(1, 2), one.batch(3, 9), one.batch(10, 11)];
    batches.iter().rev().for_each(put);
    let found = import_folder(&by_stick.hub, stick.path()).unwrap();
    // In the order of the chain, not of the names.
    let expected =
        [("S1-1-1-2.cbm", "accepted"), ("S1-1-3-9.cbm", "accepted"), ("S1-1-10-11.cbm", "accepted")];
    assert_eq!(outcome(&found), expected);
    for batch in &batches {
        let wire = by_wire.take(batch);
        let file = std::fs::read(stick.path().join(batch.header.name().receipt_file())).unwrap();
        let carried = Receipt::open(&file, &by_stick.hub.identity.public()).unwrap();
        assert_eq!(carried.results, wire.results);
        assert_eq!((carried.head, carried.receipt_no), (wire.head, wire.receipt_no));
        // The file still lies there, and the wire would answer with the very receipt of the stick.
        assert_eq!(by_stick.hub.take_batch(&batch.bytes).unwrap(), file);
    }
    assert_eq!(outcome(&import_folder(&by_stick.hub, stick.path()).unwrap()), expected);
    assert!(
        !std::fs::read_dir(stick.path())
            .unwrap()
            .any(|e| { e.unwrap().file_name().to_string_lossy().ends_with("tmp") })
    );
}

#[cfg(unix)]
#[test]
fn hostile_entries_on_a_stick_are_not_opened() {
    use std::os::unix::fs::symlink;
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.work(3);
    let stick = tempfile::TempDir::new().unwrap();
    let at = |name: &str| stick.path().join(name);
    let good = station.batch(1, 1);
    std::fs::write(at("S1-1-1-1.cbm"), &good.bytes).unwrap();
    let outside = hub.folder.path().join("outside");
    std::fs::write(&outside, &station.batch(2, 2).bytes).unwrap();
    symlink(&outside, at("S1-1-2-2.cbm")).unwrap();
    symlink("/dev/zero", at("S1-1-4-4.cbm")).unwrap();
    std::fs::create_dir(at("S1-1-3-3.cbm")).unwrap();
    for name in
        ["x.cbm", "S1-1-01-1.cbm", "S1-1-1-1.cbm.exe", "-rf-1-1-1.cbm", "S1-1-1-1.CBM", "a\nb-1-1-1.cbm"]
    {
        std::fs::write(at(name), b"x").unwrap();
    }
    let large = std::fs::File::create(at("S1-1-5-5.cbm")).unwrap();
    large.set_len(Limits::V1.sealed_bytes as u64 + 1).unwrap();
    std::fs::write(at("S1-1-6-6.cbm"), b"garbage").unwrap();
    std::fs::write(at("S1-1-7-7.cbm"), b"").unwrap();
    let found = import_folder(&hub.hub, stick.path()).unwrap();
    let expected = [
        ("S1-1-1-1.cbm", "accepted"),
        ("S1-1-5-5.cbm", "refused"),
        ("S1-1-6-6.cbm", "refused"),
        ("S1-1-7-7.cbm", "refused"),
    ];
    assert_eq!(outcome(&found), expected);
    // A receipt is not written through a link, and the file behind it stays what it was.
    let victim = hub.folder.path().join("victim");
    std::fs::write(&victim, b"mine").unwrap();
    std::fs::remove_file(at("S1-1-1-1.cbr")).unwrap();
    symlink(&victim, at("S1-1-1-1.cbr")).unwrap();
    let found = import_folder(&hub.hub, stick.path()).unwrap();
    assert_eq!(found[0].outcome, "refused");
    assert_eq!(std::fs::read(&victim).unwrap(), b"mine");
}

fn obey(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = crate::cli::obey_line(arguments, &mut out, &mut err);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn the_command_line_makes_a_hub_and_tells_its_state() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let data = path("hub");
    let (code, _, err) = obey(&["status", "--data", &data]);
    assert_eq!(code, 1);
    assert!(err.contains("xiangbao-hub init"), "{err}");
    assert_eq!(obey(&["init", "--data", &data, "--name", "试验中心", "--city", "451400"]).0, 0);
    assert_eq!(obey(&["init", "--data", &data]).0, 1);
    let (code, enrol, _) = obey(&["enrol-code", "--data", &data]);
    assert_eq!((code, enrol.trim().len()), (0, 23));
    let (code, json, _) = obey(&["status", "--data", &data, "--json"]);
    let status: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, status["hub"].as_str()), (0, Some("试验中心")));
    let stick = path("stick");
    std::fs::create_dir(Path::new(&stick)).unwrap();
    assert_eq!(obey(&["import", "--data", &data, &stick]).0, 0);
    std::fs::write(Path::new(&stick).join("S1-1-1-1.cbm"), b"garbage").unwrap();
    let (code, out, _) = obey(&["import", "--data", &data, &stick]);
    assert_eq!(code, 3);
    assert!(out.starts_with("refused S1-1-1-1.cbm: not a batch"), "{out}");
    let open = crate::serve::open_hub(Path::new(&data)).unwrap();
    assert_eq!(obey(&["status", "--data", &data]).0, 4);
    // Codes are made while the hub runs.
    assert_eq!(obey(&["enrol-code", "--data", &data]).0, 0);
    drop(open);
    assert_eq!(obey(&["nonsense"]).0, 2);
}
