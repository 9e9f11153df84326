//! The station's side: `step(state, message) -> (state, actions)`.
//!
//! IDLE → SEALED → SENT → RECEIPTED → IDLE, and three ways out: FROZEN_FORK, UPGRADE_REQUIRED, HUB_SUSPECT. The state
//! can be rebuilt from stored facts at any moment; a crash only loses the back-off.

use std::collections::VecDeque;

use crate::journal::{Hash32, Head, Limits, Receipt, ReceiptMark, Verdict};

/// The longest wait between two attempts, milliseconds.
const BACKOFF_CEILING_MS: i64 = 300_000;
/// The wait after the first failure, milliseconds.
const BACKOFF_START_MS: i64 = 2_000;

/// Where the station stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub enum Phase {
    /// Normal work: idle, sealed or sent.
    #[n(0)]
    Working,
    /// The city has another history of this station: read and print only, until it is enrolled again.
    #[n(1)]
    FrozenFork,
    /// The city speaks a newer protocol: work goes on offline, nothing is sent.
    #[n(2)]
    UpgradeRequired,
    /// The city contradicts something that it signed: stop sending, keep both, call for help.
    #[n(3)]
    HubSuspect,
}

/// A sealed batch without its receipt.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct SealedBatch {
    /// Identifier of the batch.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub batch_id: [u8; 16],
    /// SHA-256 of its file.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub digest: Hash32,
    /// First record in it.
    #[n(2)]
    pub first: u64,
    /// Last record in it, and its hash.
    #[n(3)]
    pub head: Head,
    /// Whether it was handed to the wire or to a stick at least once.
    #[n(4)]
    pub sent: bool,
}

/// What the store knows; enough to begin at any moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationFacts {
    /// The station.
    pub station: String,
    /// Its epoch.
    pub epoch: u32,
    /// The last record of the journal.
    pub local: Head,
    /// The newest receipt that was applied.
    pub receipt: Option<ReceiptMark>,
    /// Sealed batches without receipt, in order.
    pub queue: Vec<SealedBatch>,
    /// Where the station stands; everything but `Working` was stored by `Action::Freeze`.
    pub phase: Phase,
}

/// The station's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationState {
    station: String,
    epoch: u32,
    local: Head,
    receipt: Option<ReceiptMark>,
    queue: VecDeque<SealedBatch>,
    phase: Phase,
    /// Position in the queue of the batch to hand over next; those before it wait for receipts.
    cursor: usize,
    failures: u32,
    not_before_ms: i64,
    sealing: bool,
    put_off: bool,
    sending: Option<[u8; 16]>,
    check: Check,
}

/// Whether the hub was asked, since this program started, if it knows more than this journal does. A restored image
/// that has nothing to send would otherwise never learn that it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    Due,
    Asked,
    Done,
}

/// Why sending failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureClass {
    /// Try again later: network, timeout, hub down, captive portal.
    Later,
    /// The hub refuses this very file; trying again changes nothing by itself, but people may.
    Refused,
    /// The hub does not know this program's version any more.
    Upgrade,
}

/// Why the hub is not trusted any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SuspectReason {
    /// Two different receipts bear one number.
    #[error("two different receipts bear the number {0}")]
    TwoReceipts(u64),
    /// A receipt does not point back to the one before.
    #[error("receipt {0} does not point back to the receipt before it")]
    BrokenReceiptChain(u64),
    /// The hub asks for records it has acknowledged, or counts back.
    #[error("the hub acknowledged records up to {acknowledged} and now has only those up to {now}")]
    WentBack {
        /// What it had acknowledged.
        acknowledged: u64,
        /// What it says now.
        now: u64,
    },
    /// It says it accepted our batch but names another last hash.
    #[error("the hub accepted our batch under another hash")]
    OtherHead,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The journal grew to this head.
    Appended(Head),
    /// A pass begins: what was handed over earlier is looked at again. Milliseconds of the caller's clock.
    Begin(i64),
    /// The pass goes on.
    Tick(i64),
    /// A person wants to send now.
    SendNow(i64),
    /// `Action::Seal` was carried out and is durable.
    Sealed(SealedBatch),
    /// There is nothing in the asked range that is worth a batch of its own yet.
    SealPutOff,
    /// `Action::Fetch` ended, after each receipt was reported.
    Fetched {
        /// Whether there were any: then there may be more.
        any: bool,
    },
    /// The batch was handed over and no answer can be expected yet (a stick, a folder).
    HandedOver([u8; 16]),
    /// Sending failed.
    Failed {
        /// Why.
        class: FailureClass,
        /// The clock.
        now_ms: i64,
    },
    /// A receipt with a good signature came, in answer or otherwise.
    Receipt {
        /// The receipt.
        receipt: Box<Receipt>,
        /// What the station will remember of it.
        mark: ReceiptMark,
        /// Hash of the station's own record number `accepted_through`; none if it has no such record.
        local_hash: Option<Hash32>,
        /// The clock.
        now_ms: i64,
    },
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Seal these records (fewer if they do not fit), store the file durably, then report `Sealed`.
    Seal {
        /// First record.
        first: u64,
        /// Last record.
        last: u64,
    },
    /// Send this sealed file, then report `Receipt`, `HandedOver` or `Failed`.
    Send {
        /// Which batch.
        batch_id: [u8; 16],
    },
    /// Store this receipt and its results, and mark all batches up to `through` as receipted, in one transaction.
    Apply {
        /// The receipt.
        receipt: Box<Receipt>,
    },
    /// Ask the hub for this station's receipts from this number on, report each as `Receipt`, then `Fetched`; or
    /// report `Failed`. A carrier that cannot ask reports `Fetched` without any.
    Fetch {
        /// The first receipt that is missing.
        from_no: u64,
    },
    /// Store the phase and the evidence; tell people.
    Freeze {
        /// The new phase.
        phase: Phase,
        /// For `HubSuspect`: why.
        reason: Option<SuspectReason>,
        /// For `FrozenFork`: the first record that differs, if known.
        fork_seq: Option<u64>,
        /// The receipt that shows it.
        evidence: Option<Box<Receipt>>,
    },
    /// Nothing to do before this moment.
    WaitUntil(i64),
}

impl StationState {
    /// Begins from what the store knows. A program that starts anew may be the upgraded one: it tries again.
    pub fn restore(facts: StationFacts) -> Self {
        let StationFacts { station, epoch, local, receipt, queue, phase } = facts;
        let phase = if phase == Phase::UpgradeRequired { Phase::Working } else { phase };
        Self {
            station,
            epoch,
            local,
            receipt,
            queue: queue.into(),
            phase,
            cursor: 0,
            failures: 0,
            not_before_ms: i64::MIN,
            sealing: false,
            put_off: false,
            sending: None,
            check: Check::Due,
        }
    }

    /// Takes over how long to wait and what was asked, from the state of the pass before.
    pub fn wait_like(&mut self, before: &Self) {
        self.failures = before.failures;
        self.not_before_ms = before.not_before_ms;
        self.check = if before.check == Check::Done { Check::Done } else { Check::Due };
    }

    /// Where the station stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The last record that the city acknowledged; 0 for none.
    pub fn receipted_through(&self) -> u64 {
        self.receipt.map_or(0, |mark| mark.through)
    }

    /// The last record that was handed over at least once; 0 for none.
    pub fn sent_through(&self) -> u64 {
        let sent = self.queue.iter().filter(|batch| batch.sent).map(|batch| batch.head.seq).max();
        sent.unwrap_or(0).max(self.receipted_through())
    }

    /// Whether a batch was given to the transport and no outcome was reported yet.
    pub fn sending(&self) -> bool {
        self.sending.is_some()
    }

    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// The newest receipt.
    pub fn receipt(&self) -> Option<ReceiptMark> {
        self.receipt
    }

    fn sealed_through(&self) -> u64 {
        self.queue.back().map_or(0, |batch| batch.head.seq).max(self.receipted_through())
    }

    fn fail(&mut self, now_ms: i64) {
        let wait = BACKOFF_START_MS.saturating_mul(1_i64 << self.failures.min(20)).min(BACKOFF_CEILING_MS);
        self.failures = self.failures.saturating_add(1);
        self.not_before_ms = now_ms.saturating_add(wait);
        // After a failure everything without a receipt is offered again, from the front.
        self.cursor = 0;
    }

    /// What to do now, if anything.
    fn proceed(&mut self, now_ms: i64) -> Vec<Action> {
        let busy = self.sealing || self.sending.is_some() || self.check == Check::Asked;
        if self.phase != Phase::Working || busy {
            return Vec::new();
        }
        let unsealed = self.local.seq > self.sealed_through() && !self.put_off;
        let idle = self.cursor >= self.queue.len() && !unsealed;
        if idle && self.check == Check::Done {
            return Vec::new();
        }
        if now_ms < self.not_before_ms {
            return vec![Action::WaitUntil(self.not_before_ms)];
        }
        if idle {
            return self.fetch();
        }
        if let Some(batch) = self.queue.get_mut(self.cursor) {
            batch.sent = true;
            self.sending = Some(batch.batch_id);
            return vec![Action::Send { batch_id: batch.batch_id }];
        }
        self.sealing = true;
        let first = self.sealed_through().saturating_add(1);
        let most = first.saturating_add(u64::from(Limits::V1.operations) - 1);
        vec![Action::Seal { first, last: self.local.seq.min(most) }]
    }

    fn fetch(&mut self) -> Vec<Action> {
        self.check = Check::Asked;
        vec![Action::Fetch { from_no: self.receipt.map_or(0, |last| last.receipt_no).saturating_add(1) }]
    }

    fn freeze(&mut self, phase: Phase, action: Action) -> Vec<Action> {
        self.phase = phase;
        vec![action]
    }

    fn suspect(&mut self, reason: SuspectReason, receipt: Box<Receipt>) -> Vec<Action> {
        let (phase, reason, evidence) = (Phase::HubSuspect, Some(reason), Some(receipt));
        self.freeze(phase, Action::Freeze { phase, reason, fork_seq: None, evidence })
    }

    fn fork(&mut self, fork_seq: Option<u64>, receipt: Box<Receipt>) -> Vec<Action> {
        let (phase, reason, evidence) = (Phase::FrozenFork, None, Some(receipt));
        self.freeze(phase, Action::Freeze { phase, reason, fork_seq, evidence })
    }
}

/// One step. The same state and message always give the same result; a message that does not fit changes nothing.
pub fn step(mut state: StationState, message: Message) -> (StationState, Vec<Action>) {
    let actions = match message {
        Message::Appended(head) => {
            if head.seq > state.local.seq {
                state.local = head;
                state.put_off = false;
            }
            Vec::new()
        }
        Message::Begin(now_ms) => {
            state.cursor = 0;
            state.proceed(now_ms)
        }
        Message::Tick(now_ms) => state.proceed(now_ms),
        Message::SendNow(now_ms) => {
            state.not_before_ms = i64::MIN;
            state.failures = 0;
            state.cursor = 0;
            state.proceed(now_ms)
        }
        Message::Sealed(batch) => {
            state.sealing = false;
            if batch.first == state.sealed_through().saturating_add(1) {
                state.queue.push_back(batch);
            }
            Vec::new()
        }
        Message::SealPutOff => {
            state.sealing = false;
            state.put_off = true;
            Vec::new()
        }
        Message::Fetched { any } => {
            state.check = if any { Check::Due } else { Check::Done };
            Vec::new()
        }
        Message::HandedOver(batch_id) => {
            if state.sending.take() == Some(batch_id) {
                state.cursor = state.cursor.saturating_add(1);
            }
            Vec::new()
        }
        Message::Failed { class, now_ms } => {
            state.sending = None;
            state.sealing = false;
            if state.check == Check::Asked {
                state.check = Check::Due;
            }
            state.fail(now_ms);
            if class == FailureClass::Upgrade && state.phase == Phase::Working {
                let phase = Phase::UpgradeRequired;
                let action = Action::Freeze { phase, reason: None, fork_seq: None, evidence: None };
                state.freeze(phase, action)
            } else {
                Vec::new()
            }
        }
        Message::Receipt { receipt, mark, local_hash, now_ms } => {
            on_receipt(&mut state, receipt, mark, local_hash, now_ms)
        }
    };
    (state, actions)
}

fn on_receipt(
    state: &mut StationState,
    receipt: Box<Receipt>,
    mark: ReceiptMark,
    local_hash: Option<Hash32>,
    now_ms: i64,
) -> Vec<Action> {
    let answers_sending = state.sending == Some(receipt.batch_id);
    if answers_sending {
        state.sending = None;
    }
    if state.phase != Phase::Working || receipt.station != state.station || receipt.epoch != state.epoch {
        return Vec::new();
    }
    let actions = match receipt.verdict {
        Verdict::Accepted => on_accepted(state, receipt, mark, local_hash),
        Verdict::Fork(seq) => state.fork(Some(seq), receipt),
        Verdict::Frozen => state.fork(None, receipt),
        Verdict::Gap => on_gap(state, receipt, now_ms),
    };
    // An answer that settled nothing must not turn into a busy loop over the same file.
    if answers_sending && actions.is_empty() {
        state.fail(now_ms);
    }
    actions
}

fn on_accepted(
    state: &mut StationState,
    receipt: Box<Receipt>,
    mark: ReceiptMark,
    local_hash: Option<Hash32>,
) -> Vec<Action> {
    let (last_no, last_hash) = state.receipt.map_or((0, [0; 32]), |last| (last.receipt_no, last.hash));
    if receipt.receipt_no == last_no && mark.hash != last_hash {
        return state.suspect(SuspectReason::TwoReceipts(last_no), receipt);
    }
    let expected_no = last_no.saturating_add(1);
    if receipt.receipt_no < expected_no {
        return Vec::new();
    }
    if receipt.receipt_no > expected_no {
        return state.fetch();
    }
    if receipt.prev_receipt_hash != last_hash {
        return state.suspect(SuspectReason::BrokenReceiptChain(receipt.receipt_no), receipt);
    }
    let (acknowledged, now) = (state.receipted_through(), receipt.accepted_through);
    if now < acknowledged {
        return state.suspect(SuspectReason::WentBack { acknowledged, now }, receipt);
    }
    let own = state.queue.iter().find(|batch| batch.digest == receipt.batch_digest);
    if own.is_some_and(|batch| batch.head.seq == now && batch.head.hash != receipt.head) {
        return state.suspect(SuspectReason::OtherHead, receipt);
    }
    // The city has records that this journal does not have: an old image was restored, or a clone is at work.
    if local_hash != Some(receipt.head) {
        return state.fork(local_hash.map(|_| now), receipt);
    }
    state.receipt = Some(mark);
    state.failures = 0;
    state.not_before_ms = i64::MIN;
    let before = state.queue.len();
    state.queue.retain(|batch| batch.head.seq > now);
    state.cursor = state.cursor.saturating_sub(before - state.queue.len());
    vec![Action::Apply { receipt }]
}

fn on_gap(state: &mut StationState, receipt: Box<Receipt>, now_ms: i64) -> Vec<Action> {
    let (acknowledged, now) = (state.receipted_through(), receipt.next_expected.saturating_sub(1));
    if now < acknowledged {
        // An answer from before the newest receipt (a file on a stick) says nothing about today.
        let stale = state.receipt.is_some_and(|last| receipt.hub_time_ms <= last.hub_time_ms);
        if stale {
            return Vec::new();
        }
        return state.suspect(SuspectReason::WentBack { acknowledged, now }, receipt);
    }
    if now > state.local.seq {
        return state.fork(None, receipt);
    }
    state.fail(now_ms);
    Vec::new()
}
