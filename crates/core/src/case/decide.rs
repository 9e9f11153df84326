//! The one transition table of review. What stands here holds whatever a screen, a script or a forged request
//! tries: three levels are three natural persons (003 A74, A121(6)), nobody reviews a case of their own (回避,
//! 003 A117), nothing happens twice. Pure: the caller brings the facts.

use std::collections::BTreeMap;

use super::above::awaits;
use super::fold::{Case, Status, Step};
use super::pay::{MoneyRefusal, may_correct, may_reverse};
use super::refusal::Refusal;
use crate::event::{
    AccountCorrection, Answer, Decision, Demand, Event, Filing, Level, Listing, Promise, Referral, Replied,
    Verdict,
};
use crate::findings::{Raised, Reply};
use crate::form::{FormData, Seat};
use crate::money::Fen;
use crate::policy::Settlement;
use crate::register::Change;
use crate::role::Actor;

/// What a case, or its reversal, does once its last level agrees; computed by the caller from the register and the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Changes of the register.
    pub changes: Vec<Change>,
    /// Settlement, for a reimbursement; its exact negative, for the reversal of one.
    pub settlement: Option<Settlement>,
    /// What is given back of a contribution that was paid twice, fen.
    pub refund: Option<Fen>,
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// 受理.
    Accept {
        /// Printed number.
        number: String,
        /// What was handed in.
        filing: Filing,
        /// Promise.
        promise: Promise,
    },
    /// 不予受理.
    Refuse {
        /// Printed number.
        number: String,
        /// What was handed in.
        filing: Filing,
        /// Reason.
        reason: String,
        /// Article.
        article: String,
    },
    /// A level decides, about the case or about a proposed reversal.
    Review {
        /// Level.
        level: Level,
        /// Decision.
        verdict: Verdict,
        /// Opinion.
        opinion: String,
        /// What the case (or its reversal) does; needed when the last level agrees.
        effect: Option<Effect>,
        /// The highest seat of the station where this happens: levels that sit higher are not decided here.
        own: Seat,
    },
    /// A case of another station comes in for the levels that sit here.
    Refer {
        /// Station that sent it.
        station: String,
        /// Number of the parcel.
        no: u64,
        /// The last level that is decided here.
        last: Level,
        /// The case.
        referral: Box<Referral>,
    },
    /// The answer of an upper station comes back.
    TakeAnswer {
        /// Station that answers.
        station: String,
        /// The highest seat for which it is trusted.
        seat: Seat,
        /// The highest seat of this station.
        own: Seat,
        /// What it decided.
        answer: Answer,
        /// Certificate numbers of this station's persons: the same natural person may work at both.
        certnos: BTreeMap<String, String>,
        /// What the case (or its reversal) does by the register as it is now, or why it says no; needed when the last
        /// level agreed.
        effect: Option<Result<Effect, String>>,
    },
    /// A reviewer answers a finding.
    AnswerFinding {
        /// For which level.
        level: Level,
        /// The finding, when it is not on the list of the case yet.
        raised: Option<Box<Raised>>,
        /// Which finding, and the answer.
        replied: Replied,
        /// The highest seat of the station where this happens.
        own: Seat,
    },
    /// Handed in again after a supplement.
    Resubmit {
        /// Values now.
        data: FormData,
        /// Promise now.
        promise: Promise,
        /// Certificate numbers concerned now.
        subjects: Vec<String>,
        /// Where it is listed now.
        listing: Listing,
    },
    /// 撤回.
    Withdraw {
        /// Reason.
        reason: String,
    },
    /// 冲正 asked for.
    ProposeReversal {
        /// Reason.
        reason: String,
    },
    /// Another bank account asked for, after effect and before payment.
    CorrectAccount {
        /// The account.
        correction: AccountCorrection,
    },
}

/// Decides a command about one case (`None`: not accepted yet).
///
/// # Errors
/// The reason of the refusal; nothing has happened then.
pub fn decide(case: Option<&Case>, command: Command, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    match (case, command) {
        (None, Command::Accept { number, filing, promise }) => {
            if filing.levels.is_empty() {
                return Err(Refusal::NoLevels);
            }
            recuse(&filing.subjects, actor)?;
            Ok(vec![Event::CaseAccepted { number, filing, promise }])
        }
        (None, Command::Refuse { number, filing, reason, article }) => {
            need_reason(&reason)?;
            Ok(vec![Event::CaseRefused { number, filing, reason, article }])
        }
        (None, Command::Refer { station, no, last, referral }) => refer(station, no, last, referral),
        (None, _) => Err(Refusal::Unknown),
        (Some(case), Command::Refer { station, no, last, referral }) => match &case.origin {
            // Again after its answer: another round, or an answer that had no effect.
            Some(origin) if origin.station == station && origin.answered => {
                refer(station, no, last, referral)
            }
            _ => Err(Refusal::Exists),
        },
        (Some(_), Command::Accept { .. } | Command::Refuse { .. }) => Err(Refusal::Exists),
        (Some(case), Command::Review { level, verdict, opinion, effect, own }) => {
            if case.filing.seat(level) > own {
                let waits = matches!(
                    case.status,
                    Status::Review(at) | Status::Reversing(at) | Status::Correcting(at) if at == level
                );
                let elsewhere = Refusal::Elsewhere(case.filing.seat(level));
                return Err(if waits { elsewhere } else { Refusal::WrongStatus(case.status) });
            }
            review(case, level, verdict, opinion, effect, actor)
        }
        (Some(case), Command::AnswerFinding { level, raised, replied, own }) => {
            answer(case, (level, own), raised, replied, actor)
        }
        (Some(case), _) if case.origin.is_some() => Err(Refusal::NotOurs),
        (Some(case), Command::TakeAnswer { station, seat, own, answer, certnos, effect }) => {
            take_answer(case, &station, (seat, own), &answer, &certnos, effect)
        }
        (Some(case), Command::Resubmit { data, promise, subjects, listing }) => {
            may_resubmit(case, &subjects, actor)?;
            Ok(vec![Event::Resubmitted { data, promise, subjects, listing: Some(listing) }])
        }
        (Some(case), Command::Withdraw { reason }) => match case.status {
            Status::Review(_) | Status::Supplement => {
                need_reason(&reason)?;
                Ok(vec![Event::Withdrawn { reason }])
            }
            status => Err(Refusal::WrongStatus(status)),
        },
        (Some(case), Command::ProposeReversal { reason }) => {
            if case.status != Status::InEffect {
                return Err(Refusal::WrongStatus(case.status));
            }
            may_reverse(case)?;
            need_reason(&reason)?;
            recuse(&case.filing.subjects, actor)?;
            Ok(vec![Event::ReversalProposed { reason }])
        }
        (Some(case), Command::CorrectAccount { correction }) => {
            may_correct(case, &correction)?;
            need_reason(&correction.reason)?;
            recuse(&case.filing.subjects, actor)?;
            Ok(vec![Event::AccountCorrected { correction }])
        }
    }
}

/// Whether this person may hand a case in again, with these certificate numbers concerned.
fn may_resubmit(case: &Case, subjects: &[String], actor: &Actor) -> Result<(), Refusal> {
    if case.status != Status::Supplement {
        return Err(Refusal::WrongStatus(case.status));
    }
    // Typing the data is first-level work: not for somebody who judges it at another level.
    match separate(case, Level::Initial, false, actor, &BTreeMap::new()) {
        Ok(()) | Err(Refusal::SecondNeeded(_) | Refusal::Money(_)) => {}
        Err(refusal) => return Err(refusal),
    }
    // Whoever judged an audit at its first level does not type it.
    let judged = case.reviews.iter().any(|review| !review.reversal && review.by.person == actor.person);
    if case.filing.two_hands && judged {
        return Err(Refusal::SecondNeeded(actor.person.clone()));
    }
    // Nobody gets around it by taking a name off the form.
    recuse(&case.filing.subjects, actor)?;
    recuse(subjects, actor)
}

fn review(
    case: &Case,
    level: Level,
    verdict: Verdict,
    opinion: String,
    effect: Option<Effect>,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let reversal = match case.status {
        Status::Review(waiting) | Status::Correcting(waiting) if waiting == level => false,
        Status::Reversing(waiting) if waiting == level => true,
        status => return Err(Refusal::WrongStatus(status)),
    };
    if case.origin.is_some() && actor.certno.is_empty() {
        return Err(Refusal::NoCertificate);
    }
    separate(case, level, reversal, actor, &BTreeMap::new())?;
    recuse(&case.filing.subjects, actor)?;
    check_verdict(&verdict)?;
    let last = is_last(case, level, reversal);
    let passed = verdict == Verdict::Passed;
    if passed && matches!(case.status, Status::Review(_)) {
        looked_at(case, level)?;
    }
    let mut events = vec![Event::Reviewed { level, verdict, opinion }];
    if matches!(case.status, Status::Correcting(_)) {
        // The account of a case of another station is taken there.
        events.extend((passed && last && case.origin.is_none()).then_some(Event::AccountTaken));
        return Ok(events);
    }
    // A case of another station takes effect there, by that register.
    if passed && last && case.origin.is_none() {
        events.push(effective(case, reversal, effect.ok_or(Refusal::NoEffect)?)?);
    }
    Ok(events)
}

/// The event of an effect, or of its reversal: what a settlement did is taken back by its exact negative and nothing else.
fn effective(case: &Case, reversal: bool, effect: Effect) -> Result<Event, Refusal> {
    let Effect { changes, settlement, refund } = effect;
    if !reversal {
        return Ok(Event::TookEffect { changes, settlement, refund });
    }
    may_reverse(case)?;
    match (&case.settlement, &settlement) {
        (Some(original), Some(negative)) => {
            negative.check_negative_of(original).map_err(|gap| Refusal::NotNegative(gap.to_string()))?;
        }
        (None, None) => {}
        (Some(_), None) => return Err(Refusal::NoEffect),
        (None, Some(_)) => return Err(Refusal::NotNegative("没有原结算".to_owned())),
    }
    Ok(Event::Reversed { changes, settlement })
}

/// Nobody agrees past a finding that was not answered, or that they hold to be true (003 A88).
fn looked_at(case: &Case, level: Level) -> Result<(), Refusal> {
    let codes = |found: Vec<&Raised>| found.into_iter().map(|raised| raised.code.clone()).collect::<Vec<_>>();
    let open = codes(case.open_findings(level));
    if !open.is_empty() {
        return Err(Refusal::FindingsOpen(open));
    }
    let hold = codes(case.sustained(level));
    if hold.is_empty() { Ok(()) } else { Err(Refusal::FindingsHold(hold)) }
}

/// An answer to a finding, by somebody who could decide this level.
fn answer(
    case: &Case,
    (level, own): (Level, Seat),
    raised: Option<Box<Raised>>,
    replied: Replied,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    if case.status != Status::Review(level) {
        return Err(Refusal::WrongStatus(case.status));
    }
    if case.filing.seat(level) > own {
        return Err(Refusal::Elsewhere(case.filing.seat(level)));
    }
    if case.origin.is_some() && actor.certno.is_empty() {
        return Err(Refusal::NoCertificate);
    }
    separate(case, level, false, actor, &BTreeMap::new())?;
    recuse(&case.filing.subjects, actor)?;
    need_reason(&replied.text)?;
    let asks = |found: &Raised| replied.is_to(found) && found.asks(level.id());
    let mut events = Vec::new();
    if !case.findings().iter().any(asks) {
        // A case that no rules judged when it came in gets no findings afterwards.
        let found = raised.filter(|found| asks(found) && case.filing.findings.is_some());
        let found = found.ok_or(Refusal::NoFinding)?;
        events.push(Event::FindingsRaised { findings: vec![*found] });
    }
    events.push(Event::FindingAnswered { level, replied });
    Ok(events)
}

fn is_last(case: &Case, level: Level, reversal: bool) -> bool {
    if reversal { level == Level::Approval } else { case.next_level(level).is_none() }
}

/// A case of another station, if its own part is as it must be.
fn refer(station: String, no: u64, last: Level, referral: Box<Referral>) -> Result<Vec<Event>, Refusal> {
    match referral.fault() {
        Some(reason) => Err(Refusal::Unsound(reason)),
        None => Ok(vec![Event::CaseReferred { station, no, last, referral }]),
    }
}

/// The upper station's decisions pass through the same rules as if they were made here.
fn take_answer(
    case: &Case,
    station: &str,
    (seat, own): (Seat, Seat),
    answer: &Answer,
    certnos: &BTreeMap<String, String>,
    effect: Option<Result<Effect, String>>,
) -> Result<Vec<Event>, Refusal> {
    let there = case.up.as_ref().is_some_and(|up| up.to == station && up.no == answer.no);
    if !there || answer.round != case.round {
        return Err(Refusal::NotThere(station.to_owned()));
    }
    if !answer.declined.trim().is_empty() {
        return Ok(vec![Event::AnswerHeld { reason: answer.declined.clone() }]);
    }
    let mut now = case.clone();
    let mut events = Vec::new();
    let mut done = false;
    for decision in &answer.decisions {
        above(&now, station, (seat, own), decision, certnos)?;
        answered_above(&now, decision)?;
        done = decision.verdict == Verdict::Passed && is_last(&now, decision.level, decision.reversal);
        let event = Event::DecidedAbove { decision: decision.clone() };
        now.apply(&event, &Step { person: decision.by.person_id(), ..case.last.clone() });
        events.push(event);
    }
    if events.is_empty() {
        return Err(Refusal::Unsound("结果中没有任何审核意见".to_owned()));
    }
    if done && matches!(case.status, Status::Correcting(_)) {
        events.push(Event::AccountTaken);
    } else if done {
        let reversal = matches!(case.status, Status::Reversing(_));
        events.push(match effect.ok_or(Refusal::NoEffect)? {
            Ok(effect) => effective(case, reversal, effect)?,
            Err(reason) => Event::AnswerHeld { reason },
        });
    }
    Ok(events)
}

/// An upper station agrees only with an answer to each finding, as this one does.
fn answered_above(case: &Case, decision: &Decision) -> Result<(), Refusal> {
    if decision.verdict != Verdict::Passed || decision.reversal || decision.is_account() {
        return Ok(());
    }
    let explained =
        |raised: &&Raised| decision.answers.iter().any(|to| to.is_to(raised) && to.reply == Reply::Explained);
    let asked = case.findings().iter().filter(|raised| raised.asks(decision.level.id()));
    match asked.into_iter().find(|raised| !explained(raised)) {
        None => Ok(()),
        Some(raised) => Err(Refusal::Unsound(format!("核查问题 {} 没有答复就同意了", raised.code))),
    }
}

/// Whether an upper station's decision is the next one of the case, about what the case waits for.
fn above(
    case: &Case,
    station: &str,
    (seat, own): (Seat, Seat),
    decision: &Decision,
    certnos: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let Decision { by, level, verdict, reversal, .. } = decision;
    if !awaits(case.status, decision) {
        return Err(Refusal::WrongStatus(case.status));
    }
    let sits = case.filing.seat(*level);
    if by.station != station || sits > seat || sits <= own {
        return Err(Refusal::Unsound(format!("{}不在 {station} 站办理", level.label())));
    }
    if by.certno.is_empty() {
        return Err(Refusal::NoCertificate);
    }
    let actor = Actor {
        person: by.person_id(),
        account: by.account_id(),
        name: by.name.clone(),
        roles: std::collections::BTreeSet::new(),
        certno: by.certno.clone(),
        villages: std::collections::BTreeSet::new(),
        session: String::new(),
    };
    separate(case, *level, *reversal, &actor, certnos)?;
    recuse(&case.filing.subjects, &actor)?;
    check_verdict(verdict)
}

/// One natural person, one level: over all rounds of the case and all stations, and the person who proposed a reversal
/// agrees to none of its levels. `certnos`: certificate numbers of this station's persons, where somebody from elsewhere
/// acts; two of this station are one person when their identifiers are the same.
fn separate(
    case: &Case,
    level: Level,
    reversal: bool,
    actor: &Actor,
    certnos: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let same = |person: &str| {
        let certno = case.certno_of(person).or_else(|| certnos.get(person).map(String::as_str));
        person == actor.person || (!actor.certno.is_empty() && certno == Some(actor.certno.as_str()))
    };
    if case.account_editors.iter().any(|person| same(person)) {
        return Err(MoneyRefusal::EditedAccount(actor.person.clone()).into());
    }
    let elsewhere = case
        .reviews
        .iter()
        .find(|review| review.reversal == reversal && review.level != level && same(&review.by.person));
    if let Some(other) = elsewhere {
        return Err(Refusal::SamePerson { person: actor.person.clone(), level: other.level });
    }
    // Who typed the data did first-level work, whatever other roles the account has.
    if !reversal && level != Level::Initial && case.entered_by.iter().any(|person| same(person)) {
        return Err(Refusal::SamePerson { person: actor.person.clone(), level: Level::Initial });
    }
    if !reversal && case.filing.two_hands && case.entered_by.iter().any(|person| same(person)) {
        return Err(Refusal::SecondNeeded(actor.person.clone()));
    }
    match &case.reversal {
        Some((by, _)) if reversal && same(&by.person) => Err(Refusal::OwnProposal(actor.person.clone())),
        _ => Ok(()),
    }
}

fn recuse(subjects: &[String], actor: &Actor) -> Result<(), Refusal> {
    if !actor.certno.is_empty() && subjects.contains(&actor.certno) {
        return Err(Refusal::Concerned);
    }
    Ok(())
}

fn need_reason(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(Refusal::NoReason) } else { Ok(()) }
}

fn check_verdict(verdict: &Verdict) -> Result<(), Refusal> {
    match verdict {
        Verdict::Passed => Ok(()),
        Verdict::Returned { demands } => {
            let empty = demands.iter().any(|Demand { reason, .. }| reason.trim().is_empty());
            if demands.is_empty() || empty { Err(Refusal::NoDemand) } else { Ok(()) }
        }
        Verdict::Rejected { reason, .. } => need_reason(reason),
    }
}
