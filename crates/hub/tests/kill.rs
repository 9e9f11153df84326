//! The real `xiangbao-hub`, killed again and again while batches come in: what it acknowledged it keeps, and nothing
//! is taken twice.
#![expect(clippy::unwrap_used, reason = "a test's own helpers may fail loudly")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ed25519_dalek::{SigningKey, VerifyingKey};
use xiangbao_core::journal::{
    Actor, Batch, Created, Head, Operation, OperationDraft, Receipt, SealContext, Verdict, hex, receipt_hash,
    seal, unhex,
};
use xiangbao_hub::enrol::{EnrolAnswer, EnrolRequest};
use xiangbao_hub::serve::{NewHub, codes_of, init, open_hub};

const KILLS: u64 = 12;

fn station_key() -> SigningKey {
    SigningKey::from_bytes(&[8; 32])
}

struct Hub {
    child: Child,
    address: String,
}

impl Hub {
    fn start(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_xiangbao-hub"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening at http://").unwrap().to_owned();
        Self { child, address }
    }

    fn post(&self, path: &str, media: &str, body: &[u8]) -> Option<Vec<u8>> {
        post(&self.address, path, media, body)
    }
}

/// The body of an answer with status 200; none if it did not come whole.
fn post(address: &str, path: &str, media: &str, body: &[u8]) -> Option<Vec<u8>> {
    let mut socket = TcpStream::connect(address).ok()?;
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n\r\n"
    );
    socket.write_all(&[head.as_bytes(), body].concat()).ok()?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).ok()?;
    let split = answer.windows(4).position(|w| w == b"\r\n\r\n")?;
    let said = String::from_utf8(answer.get(..split)?.to_vec()).ok()?;
    let length = said.to_ascii_lowercase();
    let length: usize = length.lines().find_map(|l| l.strip_prefix("content-length: "))?.parse().ok()?;
    let body = answer.get(split + 4..)?.to_vec();
    (said.starts_with("HTTP/1.1 200") && body.len() == length).then_some(body)
}

fn operation(head: Head, n: u64) -> Operation {
    let text = |text: &str| text.to_owned();
    let actor = Actor { person: text("p"), account: text("a"), role: text("clerk"), session: text("s") };
    let draft = OperationDraft {
        station: text("S1"),
        epoch: 1,
        op_id: u128::from(n).to_be_bytes(),
        kind: 60_000,
        case_id: None,
        subject: None,
        actor,
        wall_ms: 1_790_000_000_000,
        salt: [1; 16],
        payload: vec![7; 200],
    };
    seal(draft, head.hash, head.seq + 1).unwrap()
}

fn sealed(operations: &[Operation]) -> Batch {
    let context = SealContext {
        city: "451400".to_owned(),
        instance_id: [1; 16],
        batch_id: u128::from(operations[0].seq).to_be_bytes(),
        batch_no: 1,
        last_receipt: None,
        schema_ver: 1,
        rules_ver: String::new(),
        created: Created::default(),
    };
    Batch::seal(operations, context, &station_key()).unwrap()
}

fn enrol(hub: &Hub, data: &Path) -> VerifyingKey {
    let request = EnrolRequest {
        code: codes_of(data).make(xiangbao_hub::wall_clock()).unwrap(),
        station: "S1".to_owned(),
        name: "某镇".to_owned(),
        verifying_key: hex(station_key().verifying_key().as_bytes()),
    };
    let body = serde_json::to_vec(&request).unwrap();
    let answer = hub.post("/v1/stations", "application/json", &body).unwrap();
    let answer: EnrolAnswer = serde_json::from_slice(&answer).unwrap();
    VerifyingKey::from_bytes(&unhex(&answer.hub_key).unwrap()).unwrap()
}

#[test]
fn a_killed_hub_keeps_what_it_acknowledged_and_takes_nothing_twice() {
    let folder = tempfile::TempDir::new().unwrap();
    let data = folder.path().join("hub");
    init(&data, &NewHub { name: "试验中心".to_owned(), city: "451400".to_owned() }).unwrap();
    let mut hub = Hub::start(&data);
    let hub_key = enrol(&hub, &data);
    let mut head = Head::genesis("S1", 1);
    let mut acknowledged: Vec<Vec<u8>> = Vec::new();
    let mut open: Option<Batch> = None;
    for round in 0..KILLS {
        // The moment of the kill wanders over the work of a commit.
        let address = hub.address.clone();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(3 + round * 7));
            hub.child.kill().unwrap();
            hub.child.wait().unwrap();
        });
        loop {
            let batch = open.take().unwrap_or_else(|| {
                let mut operations = Vec::new();
                for _ in 0..5 {
                    operations.push(operation(head, head.seq + 1));
                    head = operations.last().map(|op| Head { seq: op.seq, hash: op.hash }).unwrap();
                }
                sealed(&operations)
            });
            let Some(file) = post(&address, "/v1/batches", "application/octet-stream", &batch.bytes) else {
                open = Some(batch);
                break;
            };
            let receipt = Receipt::open(&file, &hub_key).unwrap();
            assert_eq!(
                (receipt.verdict, receipt.accepted_through),
                (Verdict::Accepted, batch.header.last_seq)
            );
            let before = acknowledged.last().map_or([0; 32], |file| receipt_hash(file));
            assert_eq!(receipt.prev_receipt_hash, before, "a receipt was lost or given twice");
            acknowledged.push(file);
        }
        killer.join().unwrap();
        hub = Hub::start(&data);
    }
    hub.child.kill().unwrap();
    hub.child.wait().unwrap();
    let last = open.unwrap();
    let kept = open_hub(&data).unwrap();
    kept.take_batch(&last.bytes).unwrap();
    let status = kept.status().unwrap();
    assert_eq!((status.operations, status.stations[0].through), (head.seq, head.seq));
    assert_eq!(status.incidents, []);
    assert!(acknowledged.len() > 12, "only {} batches got through", acknowledged.len());
}
