//! The exchange with the city: what the worker needs of the store, enrolling at a hub, one pass over the wire or a
//! folder, and a pass that runs aside while people work. Sealed files lie in `outbox/`, the second copy of the
//! journal.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, PoisonError};

use ed25519_dalek::{SigningKey, VerifyingKey};
use xiangbao_core::event::{CityResult, Event};
use xiangbao_core::journal::{BatchName, Hash32, Operation, Receipt, ReceiptMark, ResultCode, batch_digest};
use xiangbao_core::role::{Action, Actor, Subject};
use xiangbao_core::sync::{Phase, SealedBatch, StationFacts};

use super::error::AppError;
use super::files::write_durably;
use super::station::Station;
use crate::store::{BatchRecord, StoreError, local_write, receipt_write};
use crate::sync::{
    EnrolFault, FaultClass, FolderTransport, HttpTransport, SealFacts, StoreFault, SyncReport, SyncStore,
    SyncWorker, Transport, enrol,
};

/// Version of the payloads' schema in the head of a batch.
const SCHEMA_VERSION: u16 = 1;

/// The city as this station knows it: pinned at enrolment.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Hub {
    /// Name.
    #[n(0)]
    pub name: String,
    /// Division code of the city.
    #[n(1)]
    pub city: String,
    /// Its key: receipts of any other are not believed.
    #[n(2)]
    pub key: [u8; 32],
    /// Address on the wire.
    #[n(3)]
    pub url: String,
}

/// How batches travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// To the hub's address.
    Wire(String),
    /// Through a folder or a stick.
    Folder(PathBuf),
}

impl Station {
    /// The city this station is enrolled at.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn hub(&self) -> Result<Option<Hub>, AppError> {
        Ok(self.snapshot()?.local("hub")?)
    }

    /// Enrols at a hub with the code that the city gave.
    ///
    /// # Errors
    /// When the actor may not, the hub refuses, or it wants another epoch than this journal's.
    pub fn enrol_at_hub(&self, actor: &Actor, url: &str, code: &str) -> Result<Hub, AppError> {
        self.authorize(actor, Action::Sync, &Subject::none())?;
        let identity = self.store.identity();
        let wire = wire(url)?;
        let name = self.snapshot()?.station()?.name;
        let key = SigningKey::from_bytes(&identity.signing_seed).verifying_key();
        let enrolled = enrol(&wire, code, &identity.station, &name, &key)
            .map_err(|fault| AppError::City(format!("登记没有成功：{}", enrol_zh(&fault))))?;
        if enrolled.epoch != identity.epoch {
            return Err(AppError::City(format!(
                "市级中心要求本站使用第 {} 期日志，本机是第 {} 期。请联系市级管理员重新登记。",
                enrolled.epoch, identity.epoch
            )));
        }
        let hub = Hub {
            name: enrolled.hub,
            city: enrolled.city,
            key: *enrolled.hub_key.as_bytes(),
            url: url.to_owned(),
        };
        self.store.put_local("hub", &hub)?;
        Ok(hub)
    }

    /// One pass now.
    ///
    /// # Errors
    /// When the actor may not, the station is not enrolled, or the store fails. What the wire does stands in the
    /// report.
    pub fn sync(&self, actor: &Actor, route: &Route) -> Result<SyncReport, AppError> {
        self.authorize(actor, Action::Sync, &Subject::none())?;
        self.pass(route, &mut SyncWorker::new(), true)
    }

    /// One pass of a worker that remembers how long to wait.
    ///
    /// # Errors
    /// As [`Self::sync`].
    pub fn pass(&self, route: &Route, worker: &mut SyncWorker, now: bool) -> Result<SyncReport, AppError> {
        let clock = || self.now_ms();
        let transport: Box<dyn Transport> = match route {
            Route::Wire(url) => Box::new(wire(url)?),
            Route::Folder(folder) => Box::new(FolderTransport::new(folder)),
        };
        // One pass at a time: two of them would seal the same operations twice.
        let _turn = self.exchange.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(worker.pass(&Exchange(self), transport.as_ref(), &clock, now)?)
    }

    /// A pass that runs aside; the answer is asked for with [`Running::poll`].
    ///
    /// # Errors
    /// When the actor may not, or the station is not enrolled.
    pub fn start_sync(self: &Arc<Self>, actor: &Actor) -> Result<Running, AppError> {
        self.authorize(actor, Action::Sync, &Subject::none())?;
        let hub = self.hub()?.ok_or(AppError::Sync(crate::sync::SyncError::NotEnrolled))?;
        let (sender, answer) = channel();
        let station = Arc::clone(self);
        std::thread::spawn(move || {
            let result = station.pass(&Route::Wire(hub.url), &mut SyncWorker::new(), true);
            // Nobody may be waiting any more: the pass is stored all the same.
            let _ = sender.send(result);
        });
        Ok(Running { answer })
    }
}

/// A pass that runs aside.
pub struct Running {
    answer: Receiver<Result<SyncReport, AppError>>,
}

impl Running {
    /// The answer, once it is there.
    pub fn poll(&self) -> Option<Result<SyncReport, AppError>> {
        match self.answer.try_recv() {
            Ok(answer) => Some(answer),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some(Err(AppError::City("交换没有完成，请再试一次。已存的内容都在。".to_owned())))
            }
        }
    }
}

fn wire(url: &str) -> Result<HttpTransport, AppError> {
    HttpTransport::new(url).map_err(|_| {
        AppError::Input(format!("地址 {url} 不能使用，应写成 http://主机:端口 或 https://主机:端口。"))
    })
}

/// What to do when an enrolment did not come about.
fn enrol_zh(fault: &EnrolFault) -> &'static str {
    match fault {
        EnrolFault::Transport(fault) if fault.class == FaultClass::Refused => {
            "登记码不对、已被别的站用过或已过期。请向市级管理员要一个新的登记码。"
        }
        EnrolFault::Transport(fault) => fault.zh(),
        EnrolFault::Answer(_) => "对方的回答不是登记结果。请核对市级中心地址。",
    }
}

/// The station's store as the worker sees it.
struct Exchange<'a>(&'a Station);

fn fault(error: impl ToString) -> StoreFault {
    StoreFault(error.to_string())
}

impl Exchange<'_> {
    fn outbox(&self) -> PathBuf {
        self.0.folder().join("outbox")
    }

    fn batches(&self) -> Result<Vec<BatchRecord>, StoreError> {
        self.0.store().snapshot()?.batches()
    }

    fn find(&self, batch_id: &[u8; 16]) -> Result<BatchRecord, StoreFault> {
        let found = self.batches().map_err(fault)?.into_iter().find(|batch| batch.batch_id == *batch_id);
        found.ok_or_else(|| fault("no such batch"))
    }
}

impl SyncStore for Exchange<'_> {
    fn facts(&self) -> Result<StationFacts, StoreFault> {
        let snapshot = self.0.store().snapshot().map_err(fault)?;
        let through = snapshot.counter("city_through").map_err(fault)?;
        // Up to the first gap: what is missing there is sealed again before anything behind it is sent.
        let mut sealed = through;
        let waiting = snapshot.batches().map_err(fault)?.into_iter().filter(|batch| batch.last > through);
        let queue = waiting.take_while(|batch| {
            let joins = batch.first <= sealed + 1;
            sealed = batch.last;
            joins
        });
        let identity = self.0.store().identity();
        let phase: Option<Phase> = snapshot.local("phase").map_err(fault)?;
        Ok(StationFacts {
            station: identity.station.clone(),
            epoch: identity.epoch,
            local: snapshot.head().map_err(fault)?,
            receipt: snapshot.local("receipt_mark").map_err(fault)?,
            queue: queue
                .map(|batch| SealedBatch {
                    batch_id: batch.batch_id,
                    digest: batch.digest,
                    first: batch.first,
                    head: xiangbao_core::journal::Head { seq: batch.last, hash: batch.head },
                    sent: batch.sent_ms.is_some(),
                })
                .collect(),
            phase: phase.unwrap_or(Phase::Working),
        })
    }

    fn operations(&self, first: u64, last: u64) -> Result<Vec<Operation>, StoreFault> {
        // A batch that fills a gap ends where the next one begins: no operation stands in two of them.
        let later = self.batches().map_err(fault)?.into_iter().map(|batch| batch.first);
        let last =
            later.filter(|next| *next > first).map(|next| next - 1).chain([last]).min().unwrap_or(last);
        let limit = usize::try_from(last.saturating_sub(first).saturating_add(1)).unwrap_or(usize::MAX);
        self.0.store().snapshot().and_then(|snapshot| snapshot.operations(first, limit)).map_err(fault)
    }

    fn hash_at(&self, seq: u64) -> Result<Option<Hash32>, StoreFault> {
        let operations =
            self.0.store().snapshot().and_then(|snapshot| snapshot.operations(seq, 1)).map_err(fault)?;
        Ok(operations.first().filter(|operation| operation.seq == seq).map(|operation| operation.hash))
    }

    fn seal_facts(&self) -> Result<SealFacts, StoreFault> {
        let hub = self.0.hub().map_err(fault)?;
        let sealed = self.batches().map_err(fault)?.len() as u64;
        Ok(SealFacts {
            city: hub.map(|hub| hub.city).unwrap_or_default(),
            instance_id: self.0.store().identity().instance,
            batch_no: sealed + 1,
            schema_ver: SCHEMA_VERSION,
            rules_ver: self.0.library().policy.hash().to_owned(),
            mono_ms: uptime_ms(),
            boot_id: boot_id(),
        })
    }

    fn record_sealed(&self, sealed: &SealedBatch, name: &BatchName, bytes: &[u8]) -> Result<(), StoreFault> {
        let file = name.batch_file();
        keep_other(&self.outbox().join(&file), bytes).map_err(fault)?;
        write_durably(&self.outbox(), &file, bytes).map_err(fault)?;
        let record = BatchRecord {
            first: sealed.first,
            last: sealed.head.seq,
            head: sealed.head.hash,
            batch_id: sealed.batch_id,
            digest: sealed.digest,
            file,
            sealed_ms: self.0.now_ms(),
            sent_ms: None,
        };
        self.0.store().put_batch(&record).map_err(fault)
    }

    fn batch(&self, batch_id: &[u8; 16]) -> Result<(BatchName, Vec<u8>), StoreFault> {
        let record = self.find(batch_id)?;
        // The very bytes that were sealed, or nothing: a retry never sends something else under the same name. The
        // journal has it all, so the next pass seals anew, and the city knows each operation by its hash.
        let bytes = std::fs::read(self.outbox().join(&record.file)).unwrap_or_default();
        if batch_digest(&bytes) != record.digest {
            self.0.store().forget_batch(record.first).map_err(fault)?;
            return Err(fault(format!("{} is lost or was altered; it will be sealed anew", record.file)));
        }
        let name = BatchName::parse_batch(&record.file);
        Ok((name.ok_or_else(|| fault(format!("{} is no batch name", record.file)))?, bytes))
    }

    fn mark_sent(&self, batch_id: &[u8; 16]) -> Result<(), StoreFault> {
        let record = self.find(batch_id)?;
        if record.sent_ms.is_some() {
            return Ok(());
        }
        let record = BatchRecord { sent_ms: Some(self.0.now_ms()), ..record };
        self.0.store().put_batch(&record).map_err(fault)
    }

    fn apply_receipt(&self, receipt: &Receipt, bytes: &[u8], mark: &ReceiptMark) -> Result<(), StoreFault> {
        let results = receipt
            .results
            .iter()
            .filter(|result| !matches!(result.code, ResultCode::Ok | ResultCode::Dup))
            .map(|result| CityResult {
                seq: result.seq,
                code: result.code.to_string(),
                detail: result.detail.clone(),
            })
            .collect();
        let event = Event::CityAnswered {
            receipt: xiangbao_core::journal::hex(&receipt.receipt_id),
            through: receipt.accepted_through,
            results,
        };
        // Whoever gets receipts works normally again, e.g. after an upgrade.
        let local = vec![
            local_write("receipt_mark", mark),
            receipt_write(receipt.receipt_no, bytes),
            local_write("phase", &Phase::Working),
        ];
        let _turn = self.0.store().turn();
        let actor = self.0.machine_actor();
        // The same receipt again is the same command: it changes nothing.
        let mut command = receipt.receipt_id;
        (command[14], command[15]) = (0, 0);
        self.0.append_with(&actor, None, command, vec![event], local).map(|_| ()).map_err(fault)
    }

    fn record_freeze(&self, phase: Phase, why: &str, evidence: Option<&[u8]>) -> Result<(), StoreFault> {
        let mut local = vec![local_write("phase", &phase), local_write("phase_reason", &why)];
        if let Some(file) = evidence {
            local.push(receipt_write(u64::MAX, file));
        }
        self.0.store().write_local(&local).map_err(fault)
    }

    fn signing_key(&self) -> Result<SigningKey, StoreFault> {
        Ok(SigningKey::from_bytes(&self.0.store().identity().signing_seed))
    }

    fn hub_key(&self) -> Result<Option<VerifyingKey>, StoreFault> {
        match self.0.hub().map_err(fault)? {
            Some(hub) => VerifyingKey::from_bytes(&hub.key).map(Some).map_err(fault),
            None => Ok(None),
        }
    }
}

/// What lies under this name with other content stays, under a name of its own: after an old image was restored it is
/// the only copy of what was done since.
fn keep_other(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match std::fs::read(path) {
        Ok(found) if found != bytes => {
            let digest = xiangbao_core::journal::hex(&batch_digest(&found));
            std::fs::rename(path, path.with_extension(format!("{digest}.kept")))
        }
        _ => Ok(()),
    }
}

/// Milliseconds since this computer started; zero where the system does not say.
fn uptime_ms() -> u64 {
    let text = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
    let (whole, rest) = text.split_whitespace().next().and_then(|up| up.split_once('.')).unwrap_or_default();
    let hundredths: u64 = rest.get(..2).and_then(|two| two.parse().ok()).unwrap_or_default();
    whole.parse::<u64>().unwrap_or_default() * 1000 + hundredths * 10
}

/// Identifier of this start of the computer; zeros where the system does not say.
fn boot_id() -> [u8; 16] {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    xiangbao_core::journal::unhex(&digits).unwrap_or_default()
}
