//! A case at two stations: where a case of this one is while an upper station has it, and how a case of another one stands
//! here. Knows what they hand each other; must not know what is allowed next.

use super::answers::Answered;
use super::fold::{Case, Review, Status, Step};
use crate::event::{Decision, Filing, Held, Level, Referral, Who};
use crate::policy::Settlement;

/// Where a case of this station is, while an upper station has it.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Up {
    /// Who sent it and when.
    #[n(0)]
    pub by: Step,
    /// Station that has it.
    #[n(1)]
    pub to: String,
    /// Number of the parcel.
    #[n(2)]
    pub no: u64,
}

/// Where a case of another station comes from, with what its register says: this station has no other to look into.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Origin {
    /// Station.
    #[n(0)]
    pub station: String,
    /// Case id there.
    #[n(1)]
    pub case_id: [u8; 16],
    /// Number of the parcel that brought it.
    #[n(2)]
    pub no: u64,
    /// The last level that is decided here.
    #[n(3)]
    pub last: Level,
    /// Persons who typed the data there.
    #[n(4)]
    pub entered_by: Vec<Who>,
    /// Who asked for the reversal, if one waits.
    #[n(5)]
    pub proposer: Option<Who>,
    /// Register values beside the form's.
    #[n(6)]
    pub before: Vec<Held>,
    /// Settlement as it was rehearsed there.
    #[n(7)]
    pub settlement: Option<Settlement>,
    /// Why it could not take effect when it was sent; empty when it could.
    #[n(8)]
    pub obstacle: String,
    /// What came of an earlier answer.
    #[n(9)]
    pub note: String,
    /// The answer is on its way back.
    #[n(10)]
    pub answered: bool,
    /// Decisions that came with it; what is decided here stands behind them.
    #[n(11)]
    pub came_with: u32,
    /// Persons who changed the bank account there; none in journals that are older than this field.
    #[n(12)]
    pub editors: Option<Vec<Who>>,
}

/// Whether a decision is the next one of a case that stands so: its level, about what the case waits for.
pub fn awaits(status: Status, decision: &Decision) -> bool {
    let (level, account) = (decision.level, decision.is_account());
    match status {
        Status::Review(waiting) => waiting == level && !decision.reversal && !account,
        Status::Reversing(waiting) => waiting == level && decision.reversal && !account,
        Status::Correcting(waiting) => waiting == level && !decision.reversal && account,
        Status::Supplement
        | Status::Refused
        | Status::Rejected
        | Status::Withdrawn
        | Status::InEffect
        | Status::Reversed
        | Status::Decided => false,
    }
}

pub(super) fn step_of(who: &Who, seq: u64, wall_ms: i64) -> Step {
    Step { seq, wall_ms, person: who.person_id(), account: who.account_id() }
}

/// A case of another station as it stands here.
pub(super) fn referred(station: &str, no: u64, last: Level, referral: &Referral, by: &Step) -> Option<Case> {
    let typist = referral.entered_by.first()?;
    let reviews: Vec<Review> = referral
        .decisions
        .iter()
        .map(|decision| Review {
            by: step_of(&decision.by, by.seq, decision.wall_ms),
            level: decision.level,
            verdict: decision.verdict.clone(),
            opinion: decision.opinion.clone(),
            round: decision.round,
            reversal: decision.reversal,
            elsewhere: Some(decision.by.clone()),
            account: decision.is_account(),
        })
        .collect();
    let reversal = referral.reversal.as_ref();
    Some(Case {
        number: referral.number.clone(),
        // Persons of another register: no record of this one is meant.
        filing: Filing { persons: Vec::new(), ..referral.filing.clone() },
        status: match (reversal, &referral.correction) {
            (Some(_), _) => Status::Reversing(referral.level),
            (None, Some(_)) => Status::Correcting(referral.level),
            (None, None) => Status::Review(referral.level),
        },
        accepted: step_of(typist, by.seq, referral.accepted_ms),
        promise: referral.promise.clone(),
        round: referral.round,
        changes: reversal.map(|proposal| proposal.changes.clone()).unwrap_or_default(),
        settlement: None,
        reversal: reversal.map(|p| (step_of(&p.by, by.seq, p.wall_ms), p.reason.clone())),
        closing_reason: String::new(),
        last: by.clone(),
        paused_ms: None,
        copies: std::collections::BTreeMap::new(),
        effect: None,
        entered_by: referral.entered_by.iter().map(Who::person_id).collect(),
        pauses: Vec::new(),
        closing_article: None,
        payment: None,
        refund: None,
        negative: None,
        account_editors: referral.editors.iter().map(Who::person_id).collect(),
        correction: referral
            .correction
            .as_ref()
            .map(|asked| (step_of(&asked.by, by.seq, asked.wall_ms), asked.correction.clone())),
        up: None,
        held: None,
        answers: answered_below(referral, by.seq),
        origin: Some(Box::new(Origin {
            station: station.to_owned(),
            case_id: referral.case_id,
            no,
            last,
            entered_by: referral.entered_by.clone(),
            proposer: reversal.map(|proposal| proposal.by.clone()),
            before: referral.before.clone(),
            settlement: referral.settlement.clone(),
            obstacle: referral.obstacle.clone(),
            note: referral.note.clone(),
            answered: false,
            came_with: u32::try_from(reviews.len()).unwrap_or(u32::MAX),
            editors: Some(referral.editors.clone()).filter(|editors| !editors.is_empty()),
        })),
        reviews,
    })
}

/// What the township's levels answered to the findings, as their decisions bring it.
fn answered_below(referral: &Referral, seq: u64) -> Option<Vec<Answered>> {
    let answers: Vec<Answered> = referral
        .decisions
        .iter()
        .flat_map(|decision| {
            decision.answers.iter().map(|replied| Answered {
                by: step_of(&decision.by, seq, decision.wall_ms),
                level: decision.level,
                replied: replied.clone(),
                round: decision.round,
                elsewhere: Some(decision.by.clone()),
            })
        })
        .collect();
    (!answers.is_empty()).then_some(answers)
}
