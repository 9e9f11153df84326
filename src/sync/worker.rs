//! Carries out what `core::sync` decides: seals, hands over, checks receipts, has them stored.
//!
//! The state is rebuilt from the store at each pass, so that a crash at any point only means another pass. Works for
//! days without a hub, and always sends the same bytes again.

use std::collections::VecDeque;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use xiangbao_core::event::CITY_ANSWERED;
use xiangbao_core::journal::{
    Batch, BatchName, ChainFault, Created, Hash32, Head, OpResult, Operation, Receipt, ReceiptMark,
    SealContext, SealFault, receipt_query,
};
use xiangbao_core::sync::{
    Action, FailureClass, Message, Phase, SealedBatch, StationFacts, StationState, step,
};

use super::transport::{FaultClass, ReceiptQuery, Transport, TransportFault};

/// A pass ends after this many actions in any case; the next one goes on.
const MAX_ACTIONS: usize = 10_000;

/// The store says no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("store: {0}")]
pub struct StoreFault(pub String);

/// What the store brings to seal a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealFacts {
    /// Division code of the city, from the enrolment.
    pub city: String,
    /// Identifier of this installation.
    pub instance_id: [u8; 16],
    /// Number of the next batch of this epoch, from 1.
    pub batch_no: u64,
    /// Version of the payloads' schema.
    pub schema_ver: u16,
    /// Version of policy and rules.
    pub rules_ver: String,
    /// Milliseconds since this computer started.
    pub mono_ms: u64,
    /// Identifier of this start of the computer.
    pub boot_id: [u8; 16],
}

/// What the worker needs of the station's store. Every call that stores is durable when it returns.
pub trait SyncStore {
    /// Where everything stands. `queue` holds the sealed batches without receipt, in order.
    ///
    /// # Errors
    /// [`StoreFault`], as for all of these.
    fn facts(&self) -> Result<StationFacts, StoreFault>;
    /// The operations `first..=last`, in order; fewer at the end are allowed, none is not.
    fn operations(&self, first: u64, last: u64) -> Result<Vec<Operation>, StoreFault>;
    /// Hash of the own record `seq`; none if there is no such record.
    fn hash_at(&self, seq: u64) -> Result<Option<Hash32>, StoreFault>;
    /// What belongs into the head of the next batch.
    fn seal_facts(&self) -> Result<SealFacts, StoreFault>;
    /// Stores a sealed batch with its bytes, to be found by `batch` and in `facts().queue`.
    fn record_sealed(&self, sealed: &SealedBatch, name: &BatchName, bytes: &[u8]) -> Result<(), StoreFault>;
    /// A sealed batch.
    fn batch(&self, batch_id: &[u8; 16]) -> Result<(BatchName, Vec<u8>), StoreFault>;
    /// Notes that a batch was handed over for the first time.
    fn mark_sent(&self, batch_id: &[u8; 16]) -> Result<(), StoreFault>;
    /// In one transaction: keeps the receipt file, takes over its results, and takes all batches up to
    /// `receipt.accepted_through` out of the queue. `facts().receipt` is `mark` from then on.
    fn apply_receipt(&self, receipt: &Receipt, bytes: &[u8], mark: &ReceiptMark) -> Result<(), StoreFault>;
    /// Keeps the phase and the receipt file that led to it, for good.
    fn record_freeze(&self, phase: Phase, why: &str, evidence: Option<&[u8]>) -> Result<(), StoreFault>;
    /// The station's key.
    fn signing_key(&self) -> Result<SigningKey, StoreFault>;
    /// The pinned key of the hub; none while the station is not enrolled.
    fn hub_key(&self) -> Result<Option<VerifyingKey>, StoreFault>;
}

/// Why a pass could not be made. What a carrier or a hub does is no such reason: it stands in the report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    /// The station is not enrolled at a hub.
    #[error("the station is not enrolled at a hub")]
    NotEnrolled,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// The own journal is not a chain: nothing may be sent before it is looked at.
    #[error("the own journal is damaged: {0}")]
    Journal(ChainFault),
    /// A batch cannot be sealed.
    #[error("sealing: {0}")]
    Seal(SealFault),
    /// No random numbers for an identifier.
    #[error("no random numbers: {0}")]
    Random(String),
}

/// What a pass did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncReport {
    /// Batches sealed.
    pub sealed: u32,
    /// Batches handed over (again).
    pub sent: u32,
    /// Receipts taken over.
    pub receipts: u32,
    /// Operations that came back with something to do.
    pub returned: Vec<OpResult>,
    /// The last record of the journal.
    pub local: Head,
    /// The last record that was handed over.
    pub sent_through: u64,
    /// The last record that the city acknowledged.
    pub receipted_through: u64,
    /// Where the station stands.
    pub phase: Phase,
    /// What went wrong last, if anything.
    pub fault: Option<TransportFault>,
    /// When to try again, on the caller's clock in milliseconds; none if nothing waits.
    pub next_at_ms: Option<i64>,
}

/// A worker that remembers how long to wait between passes.
#[derive(Clone, Debug, Default)]
pub struct SyncWorker {
    before: Option<StationState>,
}

impl SyncWorker {
    /// A worker that waits for nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One pass. `now` (a person asked) ignores the waiting time.
    ///
    /// # Errors
    /// [`SyncError`]
    pub fn pass(
        &mut self,
        store: &dyn SyncStore,
        transport: &dyn Transport,
        clock: &dyn Fn() -> i64,
        now: bool,
    ) -> Result<SyncReport, SyncError> {
        let hub_key = store.hub_key()?.ok_or(SyncError::NotEnrolled)?;
        let facts = store.facts()?;
        let report = SyncReport {
            sealed: 0,
            sent: 0,
            receipts: 0,
            returned: Vec::new(),
            local: facts.local,
            sent_through: 0,
            receipted_through: 0,
            phase: facts.phase,
            fault: None,
            next_at_ms: None,
        };
        let (station, epoch) = (facts.station.clone(), facts.epoch);
        let mut state = StationState::restore(facts);
        if let Some(before) = &self.before {
            state.wait_like(before);
        }
        let mut pass =
            Pass { store, transport, clock, hub_key, station, epoch, state, report, fetched_at: None };
        let begin = if now { Message::SendNow(clock()) } else { Message::Begin(clock()) };
        pass.run(begin)?;
        let Pass { state, mut report, .. } = pass;
        report.phase = state.phase();
        report.sent_through = StationState::restore(store.facts()?).sent_through();
        report.receipted_through = state.receipted_through();
        // A pass that may not send is never a silent success.
        report.fault = report.fault.or_else(|| TransportFault::of_phase(report.phase));
        self.before = Some(state);
        Ok(report)
    }
}

/// One pass that does not wait, for a command line or a person.
///
/// # Errors
/// [`SyncError`]
pub fn sync_once(
    store: &dyn SyncStore,
    transport: &dyn Transport,
    clock: &dyn Fn() -> i64,
) -> Result<SyncReport, SyncError> {
    SyncWorker::new().pass(store, transport, clock, true)
}

struct Pass<'a> {
    store: &'a dyn SyncStore,
    transport: &'a dyn Transport,
    clock: &'a dyn Fn() -> i64,
    hub_key: VerifyingKey,
    station: String,
    epoch: u32,
    state: StationState,
    report: SyncReport,
    /// Receipts taken over when the hub was last asked for them: asking again must bring more.
    fetched_at: Option<u32>,
}

/// An action, with the receipt file that it is about.
type Due = (Action, Option<Vec<u8>>);

impl Pass<'_> {
    fn run(&mut self, begin: Message) -> Result<(), SyncError> {
        let mut due: VecDeque<Due> = self.say(begin, None);
        for _ in 0..MAX_ACTIONS {
            let Some((action, file)) = due.pop_front() else { return Ok(()) };
            let mut go_on = true;
            let more = match action {
                Action::Seal { first, last } => self.seal(first, last)?,
                Action::Send { batch_id } => self.send(&batch_id)?,
                Action::Fetch { from_no } => self.fetch(from_no)?,
                Action::Apply { receipt } => {
                    self.apply(&receipt, file.as_deref().unwrap_or_default())?;
                    VecDeque::new()
                }
                Action::Freeze { phase, reason, fork_seq, .. } => {
                    let why = match (reason, fork_seq) {
                        (Some(reason), _) => reason.to_string(),
                        (None, Some(seq)) => format!("the city has another record number {seq}"),
                        (None, None) => format!("{phase:?}"),
                    };
                    self.store.record_freeze(phase, &why, file.as_deref())?;
                    VecDeque::new()
                }
                Action::WaitUntil(at) => {
                    self.report.next_at_ms = Some(at);
                    go_on = false;
                    VecDeque::new()
                }
            };
            due.extend(more);
            if due.is_empty() && go_on {
                due = self.say(Message::Tick((self.clock)()), None);
            }
        }
        Ok(())
    }

    fn say(&mut self, message: Message, file: Option<&[u8]>) -> VecDeque<Due> {
        let (state, actions) = step(self.state.clone(), message);
        self.state = state;
        actions.into_iter().map(|action| (action, file.map(<[u8]>::to_vec))).collect()
    }

    fn seal(&mut self, first: u64, last: u64) -> Result<VecDeque<Due>, SyncError> {
        let operations = self.store.operations(first, last)?;
        // What the city answered is journalled too, and travels with the next real work: answers to answers would
        // never end.
        if operations.iter().all(is_echo) {
            return Ok(self.say(Message::SealPutOff, None));
        }
        let facts = self.store.seal_facts()?;
        let mut batch_id = [0; 16];
        getrandom::fill(&mut batch_id).map_err(|fault| SyncError::Random(fault.to_string()))?;
        let context = SealContext {
            city: facts.city,
            instance_id: facts.instance_id,
            batch_id,
            batch_no: facts.batch_no,
            last_receipt: self.state.receipt(),
            schema_ver: facts.schema_ver,
            rules_ver: facts.rules_ver,
            created: Created {
                wall_ms: (self.clock)(),
                mono_ms: facts.mono_ms,
                boot_id: facts.boot_id,
                last_hub_ms: self.state.receipt().map(|mark| mark.hub_time_ms),
            },
        };
        let batch = seal_what_fits(&operations, &context, &self.store.signing_key()?)?;
        let sealed = SealedBatch {
            batch_id,
            digest: batch.digest,
            first: batch.header.first_seq,
            head: batch.header.new_head(),
            sent: false,
        };
        self.store.record_sealed(&sealed, &batch.header.name(), &batch.bytes)?;
        self.report.sealed += 1;
        Ok(self.say(Message::Sealed(sealed), None))
    }

    fn send(&mut self, batch_id: &[u8; 16]) -> Result<VecDeque<Due>, SyncError> {
        let (name, bytes) = self.store.batch(batch_id)?;
        let brought = self.transport.send(&name, &bytes);
        // "Sent" is noted even when no answer came, for it may have arrived; not when it never left this machine.
        if !matches!(&brought, Err(fault) if fault.never_left) {
            self.store.mark_sent(batch_id)?;
        }
        self.report.sent += 1;
        match brought {
            Ok(file) => {
                let due = self.receive(&file)?;
                // An answer to something else leaves this batch without one.
                if self.state.sending() { Ok(self.fail(FailureClass::Later)) } else { Ok(due) }
            }
            Err(fault) => {
                let class = match fault.class {
                    FaultClass::NoReceiptYet => {
                        self.report.fault = Some(fault);
                        return Ok(self.say(Message::HandedOver(*batch_id), None));
                    }
                    FaultClass::Refused | FaultClass::TooLarge => FailureClass::Refused,
                    FaultClass::Upgrade => FailureClass::Upgrade,
                    FaultClass::Network
                    | FaultClass::CaptivePortal
                    | FaultClass::Server
                    | FaultClass::BadReceipt
                    | FaultClass::Unsupported
                    | FaultClass::Fork
                    | FaultClass::HubSuspect => FailureClass::Later,
                };
                self.report.fault = Some(fault);
                Ok(self.fail(class))
            }
        }
    }

    fn fail(&mut self, class: FailureClass) -> VecDeque<Due> {
        let now_ms = (self.clock)();
        self.say(Message::Failed { class, now_ms }, None)
    }

    /// Checks a receipt file and tells the state of it. One that is not signed by the pinned hub changes nothing.
    fn receive(&mut self, file: &[u8]) -> Result<VecDeque<Due>, SyncError> {
        let receipt = match Receipt::open(file, &self.hub_key) {
            Ok(receipt) => Box::new(receipt),
            Err(fault) => {
                self.report.fault = Some(TransportFault::new(FaultClass::BadReceipt, fault));
                return Ok(VecDeque::new());
            }
        };
        let local_hash = match receipt.accepted_through {
            0 => Some(Head::genesis(&self.station, self.epoch).hash),
            seq => self.store.hash_at(seq)?,
        };
        let (mark, now_ms) = (receipt.mark(file), (self.clock)());
        Ok(self.say(Message::Receipt { receipt, mark, local_hash, now_ms }, Some(file)))
    }

    fn fetch(&mut self, from_no: u64) -> Result<VecDeque<Due>, SyncError> {
        let asked = receipt_query(&self.station, self.epoch, from_no);
        let signature = self.store.signing_key()?.sign(&asked).to_bytes();
        let query = ReceiptQuery { station: self.station.clone(), from_no, signature };
        if self.fetched_at.replace(self.report.receipts) == Some(self.report.receipts) {
            return Ok(self.fail(FailureClass::Later));
        }
        let files = match self.transport.receipts(&query) {
            Ok(files) => files,
            // What this carrier cannot ask, another one will.
            Err(fault) if fault.class == FaultClass::Unsupported => Vec::new(),
            Err(fault) => {
                self.report.fault = Some(fault);
                return Ok(self.fail(FailureClass::Later));
            }
        };
        let mut due = VecDeque::new();
        for file in &files {
            due.extend(self.receive(file)?);
        }
        due.extend(self.say(Message::Fetched { any: !files.is_empty() }, None));
        Ok(due)
    }

    fn apply(&mut self, receipt: &Receipt, file: &[u8]) -> Result<(), SyncError> {
        self.store.apply_receipt(receipt, file, &receipt.mark(file))?;
        self.report.receipts += 1;
        self.report.returned.extend(receipt.results.iter().filter(|r| r.code.is_returned()).cloned());
        self.report.fault = None;
        Ok(())
    }
}

fn is_echo(operation: &Operation) -> bool {
    operation.kind == CITY_ANSWERED
}

/// The longest front part that fits one batch; a single operation always fits.
fn seal_what_fits(
    operations: &[Operation],
    context: &SealContext,
    key: &SigningKey,
) -> Result<Batch, SyncError> {
    let mut part = operations;
    loop {
        match Batch::seal(part, context.clone(), key) {
            Ok(batch) => return Ok(batch),
            Err(SealFault::TooMuch) if part.len() > 1 => part = part.split_at(part.len() / 2).0,
            Err(SealFault::Chain(fault)) => return Err(SyncError::Journal(fault)),
            Err(fault) => return Err(SyncError::Seal(fault)),
        }
    }
}
