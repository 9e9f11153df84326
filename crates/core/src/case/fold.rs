//! The state of a case as the fold of its events. Knows nothing of what is allowed next.

use super::above::{Origin, Up, referred, step_of};
use super::answers::Answered;
use super::pay::CasePayment;
use crate::event::{
    AccountCorrection, Decision, Demand, Event, Filing, Level, Listing, Promise, Verdict, Who,
};
use crate::form::Seat;
use crate::money::Fen;
use crate::policy::Settlement;
use crate::register::Change;

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
pub enum Status {
    /// Waits for this level.
    #[n(0)]
    Review(#[n(0)] Level),
    /// Waits for the applicant (补正); the clock stands still.
    #[n(1)]
    Supplement,
    /// 不予受理. Final.
    #[n(2)]
    Refused,
    /// 退件. Final.
    #[n(3)]
    Rejected,
    /// 撤回. Final.
    #[n(4)]
    Withdrawn,
    /// 生效.
    #[n(5)]
    InEffect,
    /// A reversal waits for this level.
    #[n(6)]
    Reversing(#[n(0)] Level),
    /// 冲正. Final.
    #[n(7)]
    Reversed,
    /// A case of another station: everything that is decided here is decided.
    #[n(8)]
    Decided,
    /// In effect, and another bank account waits for this level (reliability 10).
    #[n(20)]
    Correcting(#[n(0)] Level),
}

impl Status {
    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Review(Level::Initial) => "待初审",
            Self::Review(Level::Recheck) => "待复核",
            Self::Review(Level::Approval) => "待审批",
            Self::Review(Level::Finance) => "待财务复核",
            Self::Supplement => "补正中",
            Self::Refused => "不予受理",
            Self::Rejected => "已退件",
            Self::Withdrawn => "已撤回",
            Self::InEffect => "已生效",
            Self::Reversing(Level::Approval) => "冲正待审批",
            Self::Reversing(_) => "冲正待复核",
            Self::Reversed => "已冲正",
            Self::Decided => "本级已审",
            Self::Correcting(Level::Initial) => "账户更正待初审",
            Self::Correcting(Level::Recheck) => "账户更正待复核",
            Self::Correcting(Level::Approval) => "账户更正待审批",
            Self::Correcting(Level::Finance) => "账户更正待财务",
        }
    }

    /// Nothing more can happen, except a reversal of an effective case.
    pub fn is_closed(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::Rejected
                | Self::Withdrawn
                | Self::InEffect
                | Self::Reversed
                | Self::Decided
        )
    }
}

/// Who did something and when.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Step {
    /// Operation.
    #[n(0)]
    pub seq: u64,
    /// Milliseconds since 1970 by the station's clock.
    #[n(1)]
    pub wall_ms: i64,
    /// Natural person.
    #[n(2)]
    pub person: String,
    /// Account.
    #[n(3)]
    pub account: String,
}

/// One decision of one level.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Review {
    /// Who and when.
    #[n(0)]
    pub by: Step,
    /// Level.
    #[n(1)]
    pub level: Level,
    /// Decision.
    #[n(2)]
    pub verdict: Verdict,
    /// Opinion.
    #[n(3)]
    pub opinion: String,
    /// Round: 1 after acceptance, one more for each resubmission.
    #[n(4)]
    pub round: u16,
    /// The decision was about a reversal.
    #[n(5)]
    pub reversal: bool,
    /// The person, when the level was decided at another station.
    #[n(6)]
    pub elsewhere: Option<Who>,
    /// The decision was about another bank account.
    #[n(20)]
    #[cbor(default)]
    pub account: bool,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Case {
    /// Printed number.
    #[n(0)]
    pub number: String,
    /// What was handed in, as it stands now.
    #[n(1)]
    pub filing: Filing,
    /// Standing.
    #[n(2)]
    pub status: Status,
    /// Acceptance or refusal.
    #[n(3)]
    pub accepted: Step,
    /// Promise now.
    #[n(4)]
    pub promise: Promise,
    /// Round, from 1.
    #[n(5)]
    pub round: u16,
    /// All decisions, oldest first.
    #[n(6)]
    pub reviews: Vec<Review>,
    /// Changes of the register, once effective.
    #[n(7)]
    pub changes: Vec<Change>,
    /// Settlement, once effective.
    #[n(8)]
    pub settlement: Option<Settlement>,
    /// Reason and person of a proposed reversal.
    #[n(9)]
    pub reversal: Option<(Step, String)>,
    /// Reason of a refusal, rejection or withdrawal.
    #[n(10)]
    pub closing_reason: String,
    /// Last operation that touched the case.
    #[n(11)]
    pub last: Step,
    /// Since when the clock stands still for a supplement.
    #[n(12)]
    pub paused_ms: Option<i64>,
    /// Copies printed so far, by template id.
    #[n(13)]
    pub copies: std::collections::BTreeMap<String, u32>,
    /// Operation that made it effective.
    #[n(14)]
    pub effect: Option<Step>,
    /// Persons who entered its data: at acceptance and at each resubmission. First-level work (003 A7(3)).
    #[n(15)]
    pub entered_by: Vec<String>,
    /// Article of a refusal or rejection, as it was given.
    #[n(16)]
    pub closing_article: Option<String>,
    /// Pauses for supplements that are over, oldest first.
    #[n(17)]
    #[cbor(default)]
    pub pauses: Vec<Pause>,
    /// Where it is, while an upper station has it.
    #[n(18)]
    pub up: Option<Up>,
    /// Why the last answer of the upper station had no effect.
    #[n(19)]
    pub held: Option<String>,
    /// Where it comes from, when it is a case of another station.
    #[n(20)]
    pub origin: Option<Box<Origin>>,
    /// How its payment stands; none before it was in a list.
    #[n(40)]
    pub payment: Option<CasePayment>,
    /// Persons who changed its bank account: they decide and pay nothing of it.
    #[n(41)]
    #[cbor(default)]
    pub account_editors: Vec<String>,
    /// Another bank account that waits for the levels: who asked, and what it shall be.
    #[n(42)]
    pub correction: Option<(Step, AccountCorrection)>,
    /// What reviewers answered to the findings, oldest first; none while nobody did.
    #[n(21)]
    pub answers: Option<Vec<Answered>>,
    /// What is given back of a contribution that was paid twice, fen, once effective.
    #[n(43)]
    pub refund: Option<Fen>,
    /// The exact negative of the settlement (退费结算), once reversed; none in journals from before it was written.
    #[n(44)]
    pub negative: Option<Box<Settlement>>,
}

/// A time in which the clock stood still for a supplement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Pause {
    /// Returned, milliseconds since 1970 by the station's clock.
    #[n(0)]
    pub from_ms: i64,
    /// Handed in again.
    #[n(1)]
    pub to_ms: i64,
}

impl Case {
    /// The first event opens the case; anything else returns none.
    pub fn open(event: &Event, by: &Step) -> Option<Self> {
        let (number, filing, promise, status, closing) = match event {
            Event::CaseAccepted { number, filing, promise } => {
                let first = filing.levels.first().copied()?;
                (number, filing, promise.clone(), Status::Review(first), None)
            }
            Event::CaseRefused { number, filing, reason, article } => {
                (number, filing, Promise::none(), Status::Refused, Some((reason, article)))
            }
            Event::CaseReferred { station, no, last, referral } => {
                return referred(station, *no, *last, referral, by);
            }
            _ => return None,
        };
        Some(Self {
            number: number.clone(),
            filing: filing.clone(),
            status,
            accepted: by.clone(),
            promise,
            round: 1,
            reviews: Vec::new(),
            changes: Vec::new(),
            settlement: None,
            reversal: None,
            closing_reason: closing.map(|(reason, _)| reason.clone()).unwrap_or_default(),
            closing_article: closing.map(|(_, article)| article.clone()),
            last: by.clone(),
            paused_ms: None,
            copies: std::collections::BTreeMap::new(),
            effect: None,
            entered_by: vec![by.person.clone()],
            pauses: Vec::new(),
            up: None,
            held: None,
            origin: None,
            payment: None,
            account_editors: Vec::new(),
            correction: None,
            answers: None,
            refund: None,
            negative: None,
        })
    }

    /// Takes in the next event. Every kind stands here: a new one is a question to whoever adds it.
    pub fn apply(&mut self, event: &Event, by: &Step) {
        self.last = by.clone();
        match event {
            Event::Reviewed { level, verdict, opinion } => {
                self.reviewed(*level, verdict, opinion, by, None);
            }
            Event::DecidedAbove { decision } => self.decided_above(decision, by),
            Event::AnswerHeld { reason } => {
                self.up = None;
                self.held = Some(reason.clone());
            }
            Event::ParcelSent { to, no, .. } => self.sent(to, *no, by),
            Event::CaseReferred { .. } => self.referred_again(event, by),
            Event::Resubmitted { data, promise, subjects, listing } => {
                self.note_editor(data, by);
                self.filing.data = data.clone();
                self.filing.subjects.clone_from(subjects);
                self.promise = promise.clone();
                self.resubmitted(listing.as_ref(), by);
            }
            Event::Withdrawn { reason } => {
                self.status = Status::Withdrawn;
                self.up = None;
                self.closing_reason.clone_from(reason);
            }
            Event::TookEffect { .. } | Event::ReversalProposed { .. } | Event::Reversed { .. } => {
                self.effective(event, by);
            }
            Event::Printed { document, copy, .. } => {
                self.copies.insert(document.clone(), *copy);
            }
            Event::FindingsRaised { findings } => self.raise(findings),
            Event::FindingAnswered { level, replied } => self.answered(*level, replied, by, None),
            Event::AccountCorrected { .. }
            | Event::AccountTaken
            | Event::PaymentListMade { .. }
            | Event::PaymentListApproved { .. }
            | Event::PaymentListClosed { .. }
            | Event::PaymentExported { .. }
            | Event::PaymentReturned { .. }
            | Event::PaymentRecovered { .. } => self.pay(event, by),
            // A case is opened once.
            Event::CaseAccepted { .. } | Event::CaseRefused { .. } => {}
            // The rest concerns no case.
            Event::StationFounded { .. }
            | Event::AccountPut { .. }
            | Event::RegisterLoaded { .. }
            | Event::SeatsSet { .. }
            | Event::PeerTrusted { .. }
            | Event::ParcelTaken { .. }
            | Event::PersonPaperIssued { .. }
            | Event::CityAnswered { .. }
            | Event::OutageNoticed { .. }
            | Event::OutageEnded { .. }
            | Event::DeductionMade { .. }
            | Event::DeductionReturned { .. }
            | Event::ContributionsBooked { .. }
            | Event::DoctorsListed { .. }
            | Event::SampleDrawn { .. } => {}
        }
    }

    /// A parcel carries it to another station: up, or back with its answer.
    fn sent(&mut self, to: &str, no: u64, by: &Step) {
        match &mut self.origin {
            Some(origin) => origin.answered = true,
            None => {
                self.up = Some(Up { by: by.clone(), to: to.to_owned(), no });
                self.held = None;
            }
        }
    }

    /// It came in once more, and keeps its place in the queue.
    fn referred_again(&mut self, event: &Event, by: &Step) {
        if let Some(again) = Self::open(event, by) {
            let seq = self.accepted.seq;
            *self = again;
            self.accepted.seq = seq;
        }
    }

    /// It took effect, or that is being undone.
    fn effective(&mut self, event: &Event, by: &Step) {
        match event {
            Event::TookEffect { changes, settlement, refund } => {
                self.status = Status::InEffect;
                self.changes.clone_from(changes);
                self.settlement.clone_from(settlement);
                self.refund = *refund;
                self.effect = Some(by.clone());
            }
            Event::ReversalProposed { reason } => {
                self.reversal = Some((by.clone(), reason.clone()));
                self.status = Status::Reversing(Level::Recheck);
            }
            Event::Reversed { settlement, .. } => {
                self.status = Status::Reversed;
                self.negative = settlement.clone().map(Box::new);
                self.money_reversed();
            }
            // `apply` says which events come here.
            _ => {}
        }
    }

    /// Back from the applicant: the next round begins at the first level, and the clock goes on.
    fn resubmitted(&mut self, listing: Option<&Listing>, by: &Step) {
        if let Some(Listing { title, village, persons, levels, seats, findings }) = listing {
            self.filing.title.clone_from(title);
            self.filing.village.clone_from(village);
            self.filing.persons.clone_from(persons);
            // A case that no rules judged when it came in is not judged afterwards.
            if self.filing.findings.is_some() && findings.is_some() {
                self.filing.findings.clone_from(findings);
            }
            if !levels.is_empty() {
                self.filing.levels.clone_from(levels);
                self.filing.seats.clone_from(seats);
            }
        }
        self.up = None;
        self.held = None;
        self.round = self.round.saturating_add(1);
        self.entered_by.push(by.person.clone());
        let paused = self.paused_ms.take();
        self.pauses.extend(paused.map(|from_ms| Pause { from_ms, to_ms: by.wall_ms }));
        if let Some(first) = self.filing.levels.first() {
            self.status = Status::Review(*first);
        }
    }

    fn decided_above(&mut self, decision: &Decision, taken: &Step) {
        self.up = None;
        self.held = None;
        let by = step_of(&decision.by, taken.seq, decision.wall_ms);
        for replied in &decision.answers {
            self.answered(decision.level, replied, &by, Some(&decision.by));
        }
        self.reviewed(decision.level, &decision.verdict, &decision.opinion, &by, Some(&decision.by));
        if self.status == Status::Supplement {
            // The applicant can be told from now on, not from when it was decided elsewhere.
            self.paused_ms = Some(taken.wall_ms);
        }
    }

    fn reviewed(
        &mut self,
        level: Level,
        verdict: &Verdict,
        opinion: &str,
        by: &Step,
        elsewhere: Option<&Who>,
    ) {
        let reversal = matches!(self.status, Status::Reversing(_));
        let account = matches!(self.status, Status::Correcting(_));
        self.reviews.push(Review {
            by: by.clone(),
            level,
            verdict: verdict.clone(),
            opinion: opinion.to_owned(),
            round: self.round,
            reversal,
            elsewhere: elsewhere.cloned(),
            account,
        });
        if let Some(origin) = &self.origin {
            let goes_on = *verdict == Verdict::Passed && level != origin.last;
            let next = if reversal { Some(Level::Approval) } else { self.next_level(level) };
            self.status = match next.filter(|_| goes_on) {
                Some(next) if reversal => Status::Reversing(next),
                Some(next) if account => Status::Correcting(next),
                Some(next) => Status::Review(next),
                None => Status::Decided,
            };
            return;
        }
        if account {
            return self.correction_reviewed(level, verdict);
        }
        self.status = match verdict {
            Verdict::Passed if reversal => Status::Reversing(Level::Approval),
            Verdict::Passed => self.next_level(level).map_or(self.status, Status::Review),
            // A refused reversal leaves the effect as it is.
            Verdict::Returned { .. } | Verdict::Rejected { .. } if reversal => {
                self.reversal = None;
                Status::InEffect
            }
            Verdict::Returned { .. } => {
                self.paused_ms = Some(by.wall_ms);
                Status::Supplement
            }
            Verdict::Rejected { reason, article } => {
                self.closing_reason.clone_from(reason);
                self.closing_article = Some(article.clone());
                Status::Rejected
            }
        };
    }

    /// When the papers came, milliseconds since 1970: what the clock and the receipt count from.
    pub fn received_ms(&self) -> i64 {
        self.filing.received_ms.unwrap_or(self.accepted.wall_ms)
    }

    /// Where the level that it waits for sits; none when it waits for none.
    pub fn waits_at(&self) -> Option<Seat> {
        match self.status {
            Status::Review(level) | Status::Reversing(level) | Status::Correcting(level) => {
                Some(self.filing.seat(level))
            }
            _ => None,
        }
    }

    /// The standing in full: with the seat, where the level does not sit in the township, and what an upper station has.
    pub fn standing(&self) -> String {
        let label = self.status.label();
        let seat = match self.waits_at() {
            Some(seat) if seat > Seat::Township => format!("（{}）", seat.label()),
            _ => String::new(),
        };
        let up = match (&self.up, &self.held) {
            (Some(up), _) => format!("，已送 {}", up.to),
            (None, Some(_)) => "，未生效，须再送审".to_owned(),
            (None, None) => String::new(),
        };
        format!("{label}{seat}{up}")
    }

    /// The certificate number of a person of another station who acted on the case.
    pub fn certno_of(&self, person: &str) -> Option<&str> {
        let deciding = self.reviews.iter().filter_map(|review| review.elsewhere.as_ref());
        let origin = self.origin.iter().flat_map(|origin| {
            let editors = origin.editors.iter().flatten();
            origin.entered_by.iter().chain(&origin.proposer).chain(editors)
        });
        let known = deciding.chain(origin).find(|who| who.person_id() == person);
        known.map(|who| who.certno.as_str())
    }

    /// What was decided here about a case of another station.
    pub fn decided_here(&self) -> &[Review] {
        let came_with = self.origin.as_ref().map_or(0, |origin| origin.came_with);
        self.reviews.get(usize::try_from(came_with).unwrap_or(usize::MAX)..).unwrap_or_default()
    }

    /// The level after this one, none after the last.
    pub fn next_level(&self, level: Level) -> Option<Level> {
        let position = self.filing.levels.iter().position(|each| *each == level)?;
        self.filing.levels.get(position + 1).copied()
    }

    /// The demands of the last return, while the case waits for a supplement.
    pub fn open_demands(&self) -> &[Demand] {
        if self.status != Status::Supplement {
            return &[];
        }
        match self.reviews.last().map(|review| &review.verdict) {
            Some(Verdict::Returned { demands }) => demands,
            _ => &[],
        }
    }

    /// What was demanded after the first notice and did not stand on it. A notice is complete at once (003 A35): what
    /// comes late is for the supervisor to see. The notice at the counter is the first where one was printed.
    pub fn late_demands(&self) -> Vec<&Demand> {
        let Some(first) = self.first_notice() else { return Vec::new() };
        let later = self.returns().skip(usize::from(self.filing.data.noticed.is_empty()));
        later.flatten().filter(|demand| !first.contains(&demand.path.as_str())).collect()
    }

    /// Whether a demand made now would be late.
    pub fn would_be_late(&self, path: &str) -> bool {
        self.first_notice().is_some_and(|first| !first.contains(&path))
    }

    /// The paths on the first notice, if there was one.
    fn first_notice(&self) -> Option<Vec<&str>> {
        let counter = &self.filing.data.noticed;
        if !counter.is_empty() {
            return Some(counter.iter().map(String::as_str).collect());
        }
        self.returns().next().map(|demands| demands.iter().map(|demand| demand.path.as_str()).collect())
    }

    /// The demands of each return, oldest first.
    fn returns(&self) -> impl Iterator<Item = &Vec<Demand>> {
        self.reviews.iter().filter(|review| !review.reversal && !review.account).filter_map(|review| {
            match &review.verdict {
                Verdict::Returned { demands } => Some(demands),
                Verdict::Passed | Verdict::Rejected { .. } => None,
            }
        })
    }

    /// The last agreement of a level about the case itself (not about a reversal), for opinions on paper.
    pub fn agreement(&self, level: Level) -> Option<&Review> {
        self.reviews.iter().rev().find(|review| {
            review.level == level
                && !review.reversal
                && !review.account
                && review.round == self.round
                && review.verdict == Verdict::Passed
        })
    }
}
