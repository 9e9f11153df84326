//! Batches and receipts as hostile files.

use ed25519_dalek::{Signer, SigningKey};

use super::*;

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn chain(count: u64, payload: impl Fn(u64) -> Vec<u8>) -> Vec<Operation> {
    let mut head = Head::genesis("451425101-01", 1);
    (1..=count)
        .map(|n| {
            let actor =
                Actor { person: "P1".into(), account: "a".into(), role: "clerk".into(), session: "s".into() };
            let draft = OperationDraft {
                station: "451425101-01".into(),
                epoch: 1,
                op_id: [7; 16],
                kind: 1,
                case_id: None,
                subject: None,
                actor,
                wall_ms: 1_790_000_000_000,
                salt: [3; 16],
                payload: payload(n),
            };
            let operation = seal(draft, head.hash, n).unwrap();
            head = Head { seq: n, hash: operation.hash };
            operation
        })
        .collect()
}

fn context() -> SealContext {
    SealContext {
        city: "451400".into(),
        instance_id: [1; 16],
        batch_id: [2; 16],
        batch_no: 1,
        last_receipt: None,
        schema_ver: 1,
        rules_ver: "2026-01".into(),
        created: Created::default(),
    }
}

fn small() -> (Vec<Operation>, Batch) {
    let operations = chain(3, |n| vec![n as u8; 5]);
    let batch = Batch::seal(&operations, context(), &key(1)).unwrap();
    (operations, batch)
}

fn try_open(bytes: &[u8]) -> Result<OpenedBatch, BatchFault> {
    open(bytes, Limits::V1, &key(1).verifying_key())
}

/// A batch with a changed head, properly signed: what a hostile or broken station could send.
fn resigned(batch: &Batch, change: impl Fn(&mut BatchHeader), body: Option<Vec<u8>>) -> Vec<u8> {
    let mut header = batch.header.clone();
    let body = body.unwrap_or_else(|| batch.bytes[batch.bytes.len() - header.body_len as usize..].to_vec());
    header.body_len = body.len() as u64;
    header.body_hash = batch_digest(&body);
    change(&mut header);
    let magic = *batch.bytes.first_chunk::<8>().unwrap();
    super::frame::Frame::write(magic, &minicbor::to_vec(&header).unwrap(), &body, &key(1)).unwrap()
}

#[test]
fn a_batch_reads_back_and_the_same_input_gives_the_same_bytes() {
    let (operations, batch) = small();
    let opened = try_open(&batch.bytes).unwrap();
    assert_eq!(opened.operations, operations);
    assert_eq!(opened.header, batch.header);
    assert_eq!(opened.digest, batch.digest);
    assert_eq!(Batch::seal(&operations, context(), &key(1)).unwrap().bytes, batch.bytes);
    assert_eq!(batch.header.name().batch_file(), "451425101-01-1-1-3.cbm");
    let peeked = peek(&batch.bytes, Limits::V1).unwrap();
    assert_eq!(peeked, PeekedBatch { station: "451425101-01".into(), epoch: 1 });
    let middle = Batch::seal(&operations[1..], context(), &key(1)).unwrap();
    assert_eq!(try_open(&middle.bytes).unwrap().operations, operations[1..]);
}

#[test]
fn every_changed_byte_every_cut_and_every_addition_is_refused() {
    let (_, batch) = small();
    for position in 0..batch.bytes.len() {
        for bit in 0..8 {
            let mut bad = batch.bytes.clone();
            bad[position] ^= 1 << bit;
            assert!(try_open(&bad).is_err(), "bit {bit} of byte {position}");
        }
        assert!(try_open(&batch.bytes[..position]).is_err(), "cut at {position}");
    }
    assert!(try_open(&[&batch.bytes[..], &[0]].concat()).is_err());
    let other = open(&batch.bytes, Limits::V1, &key(2).verifying_key());
    assert_eq!(other, Err(BatchFault::Frame(FrameFault::Signature)));
}

#[test]
fn an_unknown_major_or_suite_is_named_before_anything_else() {
    let (_, batch) = small();
    let mut newer = batch.bytes.clone();
    newer[8] = 2;
    assert_eq!(try_open(&newer), Err(BatchFault::Frame(FrameFault::Major(2))));
    let mut suite = batch.bytes.clone();
    suite[10] = 9;
    assert_eq!(try_open(&suite), Err(BatchFault::Frame(FrameFault::Suite(9))));
}

#[test]
fn lies_in_a_signed_head_are_refused_before_the_body_is_unpacked() {
    let (_, batch) = small();
    let lie = |change: &dyn Fn(&mut BatchHeader)| try_open(&resigned(&batch, change, None)).unwrap_err();
    assert!(matches!(lie(&|h| h.body_raw_len = 1 << 40), BatchFault::Limit { what: "raw body", .. }));
    let ratio = lie(&|h| h.body_raw_len = h.body_len * 31);
    assert!(matches!(ratio, BatchFault::Limit { what: "raw body against the ratio", .. }));
    assert!(matches!(lie(&|h| h.body_raw_len += 1), BatchFault::BodyLength { .. }));
    assert!(matches!(lie(&|h| h.body_raw_len -= 1), BatchFault::BodyLength { .. }));
    assert!(matches!(lie(&|h| h.body_len += 1), BatchFault::BodyLength { .. }));
    assert_eq!(lie(&|h| h.body_hash[0] ^= 1), BatchFault::BodyHash);
    assert_eq!(lie(&|h| h.count = 4), BatchFault::Range);
    assert_eq!(lie(&|h| h.first_seq = 0), BatchFault::Range);
    assert_eq!(lie(&|h| h.last_seq = u64::MAX), BatchFault::Range);
    let many = |h: &mut BatchHeader| {
        h.count = 2_001;
        h.last_seq = 2_001;
    };
    assert!(matches!(lie(&many), BatchFault::Limit { what: "number of operations", .. }));
    let shifted = |h: &mut BatchHeader| {
        h.first_seq += 1;
        h.last_seq += 1;
    };
    assert!(matches!(lie(&shifted), BatchFault::Chain(ChainFault { seq: 2, .. })));
    assert_eq!(lie(&|h| h.new_head[0] ^= 1), BatchFault::Range);
    assert!(matches!(lie(&|h| h.prev_head[0] ^= 1), BatchFault::Chain(ChainFault { seq: 1, .. })));
    assert!(matches!(lie(&|h| h.station = "other".into()), BatchFault::Chain(ChainFault { seq: 1, .. })));
    assert!(matches!(lie(&|h| h.station = "../x".into()), BatchFault::Header(_)));
    assert!(matches!(lie(&|h| h.city = "a\u{1b}[2J".into()), BatchFault::Header(_)));
}

#[test]
fn a_bomb_and_foreign_bodies_are_refused() {
    let (_, batch) = small();
    let bomb = zstd::stream::encode_all(vec![0_u8; 64 << 20].as_slice(), 3).unwrap();
    let declared = |raw: u64| move |h: &mut BatchHeader| h.body_raw_len = raw;
    let honest = try_open(&resigned(&batch, declared(64 << 20), Some(bomb.clone())));
    assert!(matches!(honest, Err(BatchFault::Limit { .. })));
    let lying = try_open(&resigned(&batch, declared(1000), Some(bomb)));
    assert!(matches!(lying, Err(BatchFault::BodyLength { found: 1001, declared: 1000 })));
    let pack = |raw: &[u8]| zstd::stream::encode_all(raw, 3).unwrap();
    let raw = [b"\x83".as_slice(), &[0xa0; 400]].concat();
    let empty_maps = try_open(&resigned(&batch, declared(401), Some([pack(&raw)].concat())));
    assert!(matches!(empty_maps, Err(BatchFault::Limit { .. } | BatchFault::Operation { index: 0, .. })));
    let two_frames = {
        let good = &batch.bytes[batch.bytes.len() - batch.header.body_len as usize..];
        [good, &pack(b"more")].concat()
    };
    assert!(matches!(try_open(&resigned(&batch, |_| (), Some(two_frames))), Err(BatchFault::Unpack(_))));
    // Nesting: ten thousand arrays in arrays are skipped without recursion and are no operation.
    let nested = [b"\x83\xa1\x18\x63".as_slice(), &[0x81; 10_000], &[0x00]].concat();
    let plain = |h: &mut BatchHeader| {
        h.packing = BodyPacking::Plain;
        h.body_raw_len = h.body_len;
    };
    let deep = try_open(&resigned(&batch, plain, Some(nested)));
    assert!(matches!(deep, Err(BatchFault::Operation { index: 0, .. })));
}

#[test]
fn what_cannot_be_sealed_is_told_and_one_operation_always_fits() {
    assert_eq!(Batch::seal(&[], context(), &key(1)), Err(SealFault::Empty));
    let many = chain(2_001, |_| Vec::new());
    assert_eq!(Batch::seal(&many, context(), &key(1)), Err(SealFault::TooMuch));
    let most = Batch::seal(&many[..2_000], context(), &key(1)).unwrap();
    assert_eq!(try_open(&most.bytes).unwrap().operations.len(), 2_000);
    let heavy = chain(5, |_| vec![0; MAX_PAYLOAD_BYTES]);
    // Zeros pack better than the ratio allows: they travel plain, and five of them are too much.
    assert_eq!(Batch::seal(&heavy, context(), &key(1)), Err(SealFault::TooMuch));
    let one = Batch::seal(&heavy[..1], context(), &key(1)).unwrap();
    assert_eq!(one.header.packing, BodyPacking::Plain);
    assert!(try_open(&one.bytes).is_ok());
    let mut torn = chain(3, |_| Vec::new());
    torn.remove(1);
    assert!(matches!(Batch::seal(&torn, context(), &key(1)), Err(SealFault::Chain(_))));
    let hostile = SealContext { rules_ver: "a\nb".into(), ..context() };
    assert_eq!(Batch::seal(&many[..1], hostile, &key(1)), Err(SealFault::Text("rules_ver")));
}

#[test]
fn a_file_larger_than_any_batch_is_not_even_looked_at() {
    let large = vec![0; Limits::V1.sealed_bytes + 1];
    assert_eq!(try_open(&large), Err(BatchFault::Oversize(large.len())));
    assert_eq!(peek(&large, Limits::V1), Err(BatchFault::Oversize(large.len())));
}

fn receipt() -> Receipt {
    let related = Some(Related { station: "451425102-01".into(), epoch: 1, seq: 4, case_id: Some([5; 16]) });
    Receipt {
        hub: "451400".into(),
        key_id: key_id(&key(9).verifying_key()),
        receipt_id: [1; 16],
        hub_seq: 3,
        receipt_no: 1,
        prev_receipt_hash: [0; 32],
        station: "451425101-01".into(),
        epoch: 1,
        batch_id: [2; 16],
        batch_digest: [4; 32],
        verdict: Verdict::Accepted,
        accepted_through: 3,
        head: [6; 32],
        next_expected: 4,
        results: vec![
            OpResult { seq: 1, code: ResultCode::Ok, detail: String::new(), related: None },
            OpResult {
                seq: 2,
                code: ResultCode::Conflict("dup_enrol".into()),
                detail: "已在他处参保".into(),
                related,
            },
            OpResult {
                seq: 3,
                code: ResultCode::Rejected("separation".into()),
                detail: String::new(),
                related: None,
            },
        ],
        hub_time_ms: 1_790_000_000_000,
    }
}

#[test]
fn a_receipt_reads_back_and_no_changed_byte_passes() {
    let bytes = receipt().seal(&key(9)).unwrap();
    let public = key(9).verifying_key();
    assert_eq!(Receipt::open(&bytes, &public), Ok(receipt()));
    for position in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[position] ^= 0x10;
        assert!(Receipt::open(&bad, &public).is_err(), "byte {position}");
        assert!(Receipt::open(&bytes[..position], &public).is_err(), "cut at {position}");
    }
    assert!(Receipt::open(&[&bytes[..], &[0]].concat(), &public).is_err());
    assert!(Receipt::open(&bytes, &key(1).verifying_key()).is_err());
    let (_, batch) = small();
    assert_eq!(Receipt::open(&batch.bytes, &public), Err(ReceiptFault::Frame(FrameFault::Magic)));
    assert_eq!(receipt().results[1].code.to_string(), "CONFLICT(dup_enrol)");
}

#[test]
fn a_signed_receipt_with_hostile_text_is_refused() {
    let mut hostile = receipt();
    hostile.results[1].detail = "\u{1b}]0;x\u{7}".into();
    let bytes = hostile.seal(&key(9)).unwrap();
    assert!(matches!(Receipt::open(&bytes, &key(9).verifying_key()), Err(ReceiptFault::Content(_))));
}

#[test]
fn a_signature_over_something_else_does_not_fit_a_frame() {
    // The domain of a signature is the magic in front: a key that signed other bytes has signed no batch.
    let (_, batch) = small();
    let head_start = 16 + 64;
    let head_end = batch.bytes.len() - batch.header.body_len as usize;
    let over_head_only = key(1).sign(&batch.bytes[head_start..head_end]).to_bytes();
    let mut bad = batch.bytes.clone();
    bad[16..80].copy_from_slice(&over_head_only);
    assert_eq!(try_open(&bad), Err(BatchFault::Frame(FrameFault::Signature)));
}

#[test]
fn hexadecimal_reads_back() {
    assert_eq!(hex(&[0, 0x9f, 0xff]), "009fff");
    assert_eq!(unhex::<3>("009FfF"), Some([0, 0x9f, 0xff]));
    assert_eq!(unhex::<3>("009ff"), None);
    assert_eq!(unhex::<2>("+1-1"), None);
    assert_eq!(unhex::<2>("桃a"), None);
}
