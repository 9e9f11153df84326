//! A hub in a folder of its own, and stations that write real journals for it.

mod city;
mod doors;
mod ingest;
mod money;

use std::net::SocketAddr;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use xiangbao_core::event::{Account, Event};
use xiangbao_core::journal::{
    Actor, Batch, Created, Head, OpResult, Operation, OperationDraft, Receipt, ReceiptMark, SealContext,
    Verdict, hex, seal,
};

use crate::enrol::EnrolRequest;
use crate::serve::{NewHub, init, open_hub};
use crate::{Hub, SharedHub};

pub(crate) const CITY: &str = "451400";

/// A hub in a folder that goes away with it.
pub(crate) struct TestHub {
    pub(crate) folder: TempDir,
    pub(crate) hub: SharedHub,
}

impl TestHub {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        init(&data, &NewHub { name: "试验中心".into(), city: CITY.into() }).unwrap();
        let hub = open_hub(&data).unwrap();
        Self { folder, hub }
    }

    /// Closes the database and opens it again, as after the end of the process.
    pub(crate) fn reopened(self) -> Self {
        let Self { folder, hub } = self;
        drop(hub);
        let hub = open_hub(&folder.path().join("data")).unwrap();
        Self { folder, hub }
    }

    pub(crate) fn take(&self, batch: &Batch) -> Receipt {
        let bytes = self.hub.take_batch(&batch.bytes).unwrap();
        Receipt::open(&bytes, &self.hub.identity.public()).unwrap()
    }

    /// Sends all that is new of a station and gives the answers to it.
    pub(crate) fn send(&self, station: &mut TestStation) -> Vec<OpResult> {
        let first = station.sent + 1;
        let receipt = self.take(&station.batch(first, station.journal.len() as u64));
        assert_eq!(receipt.verdict, Verdict::Accepted);
        station.sent = station.journal.len() as u64;
        receipt.results
    }

    pub(crate) fn station(&self, id: &str) -> TestStation {
        self.station_with_key(id, id.bytes().fold(7, |a, b| a ^ b))
    }

    pub(crate) fn station_with_key(&self, id: &str, seed: u8) -> TestStation {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let request = EnrolRequest {
            code: self.hub.codes.make((self.hub.clock)()).unwrap(),
            station: id.into(),
            name: "某镇".into(),
            verifying_key: hex(key.verifying_key().as_bytes()),
        };
        let answer = self.hub.enrol(&request).unwrap();
        assert_eq!(answer.hub_key, hex(self.hub.identity.public().as_bytes()));
        TestStation { id: id.into(), epoch: answer.epoch, key, journal: Vec::new(), sent: 0 }
    }
}

/// A station's journal and key.
#[derive(Clone)]
pub(crate) struct TestStation {
    pub(crate) id: String,
    pub(crate) epoch: u32,
    pub(crate) key: SigningKey,
    pub(crate) journal: Vec<Operation>,
    pub(crate) sent: u64,
}

impl TestStation {
    pub(crate) fn head(&self) -> Head {
        let genesis = Head::genesis(&self.id, self.epoch);
        self.journal.last().map_or(genesis, |op| Head { seq: op.seq, hash: op.hash })
    }

    pub(crate) fn raw(&mut self, kind: u16, payload: Vec<u8>, case_id: Option<[u8; 16]>, person: &str) {
        let head = self.head();
        let mut op_id = [0; 16];
        getrandom::fill(&mut op_id).unwrap();
        let actor = Actor {
            person: person.into(),
            account: format!("acc-{person}"),
            role: "clerk".into(),
            session: "s".into(),
        };
        let draft = OperationDraft {
            station: self.id.clone(),
            epoch: self.epoch,
            op_id,
            kind,
            case_id,
            subject: None,
            actor,
            wall_ms: 1_790_000_000_000,
            salt: op_id,
            payload,
        };
        self.journal.push(seal(draft, head.hash, head.seq + 1).unwrap());
    }

    pub(crate) fn event(&mut self, event: &Event, case_id: Option<[u8; 16]>, person: &str) {
        self.raw(event.kind(), event.encode(), case_id, person);
    }

    /// `count` operations that mean little.
    pub(crate) fn work(&mut self, count: usize) {
        for n in 0..count {
            let person = format!("w{}-{n}", self.journal.len());
            self.account(&person, "");
        }
    }

    pub(crate) fn account(&mut self, person: &str, certno: &str) {
        let account = Account {
            account: format!("acc-{person}"),
            person: person.into(),
            name: "某人".into(),
            certno: certno.into(),
            roles: Vec::new(),
            villages: Vec::new(),
            closed: false,
        };
        self.event(&Event::AccountPut { account }, None, "admin");
    }

    pub(crate) fn batch(&self, first: u64, last: u64) -> Batch {
        self.batch_with(first, last, CITY, None)
    }

    pub(crate) fn batch_with(
        &self,
        first: u64,
        last: u64,
        city: &str,
        last_receipt: Option<ReceiptMark>,
    ) -> Batch {
        let mut batch_id = [0; 16];
        getrandom::fill(&mut batch_id).unwrap();
        let context = SealContext {
            city: city.into(),
            instance_id: [1; 16],
            batch_id,
            batch_no: 1,
            last_receipt,
            schema_ver: 1,
            rules_ver: "r".into(),
            created: Created::default(),
        };
        Batch::seal(&self.journal[first as usize - 1..last as usize], context, &self.key).unwrap()
    }
}

/// A business that panics at one kind and takes over everything else.
pub(crate) struct Touchy;

impl crate::Business for Touchy {
    fn assess(
        &self,
        operation: &Operation,
        _registry: &dyn crate::RegistryView,
    ) -> Result<crate::Assessment, crate::StoreError> {
        assert_ne!(operation.kind, 999, "played fault");
        Ok(crate::Assessment::ok(Vec::new()))
    }
}

pub(crate) fn with_business(hub: SharedHub, business: impl crate::Business + 'static) -> SharedHub {
    let Hub { store, identity, codes, clock, .. } = Arc::into_inner(hub).unwrap();
    Arc::new(Hub { store, identity, codes, clock, business: Box::new(business) })
}

pub(crate) fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

pub(crate) fn codes(results: &[OpResult]) -> Vec<String> {
    results.iter().map(|result| result.code.to_string()).collect()
}
