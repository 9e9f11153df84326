//! What operations mean to the city, by the core's events: the rules that no station can check alone, and those that
//! a forged station would break.
//!
//! Three levels are three natural persons (003 A74, A121(6)); a case takes effect only after all its levels agreed;
//! nobody decides a case of their own (003 A117); one person is enrolled once in a year (003 A6). The city folds each
//! case itself and believes nothing that the station says about it.

use xiangbao_core::case::{Case, Review, Status, Step};
use xiangbao_core::event::{Account, Event, Level, Replied, Verdict};
use xiangbao_core::findings::{Raised, Reply};
use xiangbao_core::identity::{from_15, masked_certno};
use xiangbao_core::journal::{Operation, Related, ResultCode};
use xiangbao_core::register::{Change, Enrolment, EnrolmentStatus};

use crate::business::{Assessment, Business, RegistryView, RegistryWrite, Space};
use crate::store::StoreError;
use crate::{invoices, money, payment, routing};

/// The rules of this city.
#[derive(Clone, Copy, Debug, Default)]
pub struct CityBusiness;

/// Which record enrols a person in a year.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
struct Holder {
    #[n(0)]
    psn_no: String,
    #[n(1)]
    record: Related,
}

/// The answer to an operation that breaks a rule of the fold.
pub(crate) struct Objection {
    rule: &'static str,
    detail: String,
}

pub(crate) type Judged = Result<(), Objection>;

pub(crate) fn objection(rule: &'static str, detail: impl Into<String>) -> Judged {
    Err(Objection { rule, detail: detail.into() })
}

impl Business for CityBusiness {
    fn assess(&self, operation: &Operation, registry: &dyn RegistryView) -> Result<Assessment, StoreError> {
        let Ok(event) = Event::decode(operation.kind, &operation.payload) else {
            let kind = operation.kind;
            return Ok(Assessment::quarantined(format!(
                "市级系统不能识别这类业务操作（{kind}），已转人工。"
            )));
        };
        match &event {
            Event::AccountPut { account } => put_account(operation, account, registry),
            Event::RegisterLoaded { changes, .. } => {
                let (collision, writes) = enrol(operation, changes, registry)?;
                Ok(answer(collision, writes))
            }
            Event::StationFounded { .. }
            | Event::SeatsSet { .. }
            | Event::PeerTrusted { .. }
            | Event::ParcelSent { .. }
            | Event::ParcelTaken { .. } => routing::note(operation, &event, registry),
            Event::PaymentListMade { .. }
            | Event::PaymentListApproved { .. }
            | Event::PaymentListClosed { .. }
            | Event::PaymentExported { .. }
            | Event::PaymentReturned { .. } => payment::assess(operation, &event, registry),
            Event::CityAnswered { .. }
            | Event::DeductionMade { .. }
            | Event::DeductionReturned { .. }
            | Event::ContributionsBooked { .. }
            | Event::PersonPaperIssued { .. }
            | Event::OutageNoticed { .. }
            | Event::DoctorsListed { .. }
            | Event::SampleDrawn { .. }
            | Event::OutageEnded { .. } => Ok(Assessment::ok(Vec::new())),
            // Blank forms and lists are printed without a case.
            Event::Printed { .. } if operation.case_id.is_none() => Ok(Assessment::ok(Vec::new())),
            Event::CaseAccepted { .. }
            | Event::CaseRefused { .. }
            | Event::Reviewed { .. }
            | Event::Resubmitted { .. }
            | Event::Withdrawn { .. }
            | Event::TookEffect { .. }
            | Event::ReversalProposed { .. }
            | Event::Reversed { .. }
            | Event::CaseReferred { .. }
            | Event::DecidedAbove { .. }
            | Event::AnswerHeld { .. }
            | Event::Printed { .. }
            | Event::PaymentRecovered { .. }
            | Event::AccountCorrected { .. }
            | Event::AccountTaken
            | Event::FindingsRaised { .. }
            | Event::FindingAnswered { .. } => assess_case(operation, &event, registry),
        }
    }
}

pub(crate) fn station_key(operation: &Operation, rest: &[u8]) -> Vec<u8> {
    [operation.station.as_bytes(), &[0], rest].concat()
}

pub(crate) fn read<T>(registry: &dyn RegistryView, space: Space, key: &[u8]) -> Result<Option<T>, StoreError>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    let unreadable =
        |fault: minicbor::decode::Error| StoreError::Row { table: "registry", message: fault.to_string() };
    registry.get(space, key)?.map(|bytes| minicbor::decode(&bytes).map_err(unreadable)).transpose()
}

pub(crate) fn write<T: minicbor::Encode<()>>(space: Space, key: Vec<u8>, value: &T) -> RegistryWrite {
    RegistryWrite { space, key, value: Some(minicbor::to_vec(value).unwrap_or_default()) }
}

pub(crate) fn account_of(
    operation: &Operation,
    account: &str,
    registry: &dyn RegistryView,
) -> Result<Option<Account>, StoreError> {
    read(registry, Space::Accounts, &station_key(operation, account.as_bytes()))
}

/// An account belongs to one natural person for ever: handing it on would make two levels look like two persons.
fn put_account(
    operation: &Operation,
    account: &Account,
    registry: &dyn RegistryView,
) -> Result<Assessment, StoreError> {
    let before = account_of(operation, &account.account, registry)?;
    if before.is_some_and(|before| before.person != account.person) {
        let detail = format!("账号 {} 已属于另一人，不能转给他人使用。请另建账号。", account.account);
        return Ok(Assessment::rejected("account_person", detail));
    }
    let key = station_key(operation, account.account.as_bytes());
    // By person too: who typed a case stands in it as a person alone.
    let person = write(Space::Stations, person_key(operation, &account.person), &account.certno);
    Ok(Assessment::ok(vec![write(Space::Accounts, key, account), person]))
}

pub(crate) fn person_key(operation: &Operation, person: &str) -> Vec<u8> {
    station_key(operation, &[b"person\0", person.as_bytes()].concat())
}

fn assess_case(
    operation: &Operation,
    event: &Event,
    registry: &dyn RegistryView,
) -> Result<Assessment, StoreError> {
    let Some(case_id) = operation.case_id else {
        return Ok(Assessment::quarantined("这笔操作没有写明属于哪件业务，已转人工。".to_owned()));
    };
    let key = station_key(operation, &case_id);
    let step = Step {
        seq: operation.seq,
        wall_ms: operation.wall_ms,
        person: operation.actor.person.clone(),
        account: operation.actor.account.clone(),
    };
    let Some(mut case) = read::<Case>(registry, Space::Cases, &key)? else {
        let Some(opened) = Case::open(event, &step) else {
            let detail = "市级没有收到这件业务的受理记录。".to_owned();
            return Ok(Assessment::rejected("unknown_case", detail));
        };
        let (told, mut writes) = invoices::follow(operation, None, &opened, registry)?;
        writes.push(write(Space::Cases, key, &opened));
        return Ok(invoices::answer(told, writes));
    };
    if let Err(Objection { rule, detail }) = object(operation, event, &case, registry)? {
        // The city's case stays where it was: what follows without a valid agreement is refused by the same fold.
        return Ok(Assessment::rejected(rule, detail));
    }
    let before = case.clone();
    case.apply(event, &step);
    let (told, mut writes) = invoices::follow(operation, Some(&before), &case, registry)?;
    writes.push(write(Space::Cases, key, &case));
    let (Event::TookEffect { changes, .. } | Event::Reversed { changes, .. }) = event else {
        return Ok(invoices::answer(told, writes));
    };
    let (collision, enrolled) = enrol(operation, changes, registry)?;
    writes.extend(enrolled);
    Ok(answer(collision, writes))
}

fn object(
    operation: &Operation,
    event: &Event,
    case: &Case,
    registry: &dyn RegistryView,
) -> Result<Judged, StoreError> {
    match event {
        Event::CaseAccepted { .. } | Event::CaseRefused { .. } => {
            Ok(objection("exists", "这件业务已经受理过。"))
        }
        Event::Reviewed { level, verdict, .. } => match object_findings(case, *level, verdict, &[]) {
            Ok(()) => object_review(operation, *level, case, registry),
            objection => Ok(objection),
        },
        Event::FindingAnswered { level, .. } if case.status != Status::Review(*level) => {
            Ok(objection("order", "这件业务现在不由这一级答复核查问题。"))
        }
        Event::FindingAnswered { level, .. } => object_review(operation, *level, case, registry),
        Event::DecidedAbove { decision } => routing::object_above(operation, decision, case, registry),
        Event::CaseReferred { .. } => Ok(match &case.origin {
            Some(_) => Ok(()),
            None => objection("exists", "这件业务已经受理过。"),
        }),
        _ if case.origin.is_some()
            && !matches!(event, Event::Printed { .. } | Event::FindingsRaised { .. }) =>
        {
            Ok(objection("order", "这是下级送审的办件，本站只办理本级审核。"))
        }
        Event::TookEffect { settlement, refund, .. } => {
            Ok(object_effect(case).and_then(|()| money::effect(case, settlement.as_ref(), *refund)))
        }
        Event::Reversed { changes, settlement } => {
            let sound = || money::reversal(case, changes, settlement.as_ref());
            Ok(object_reversal(case).and_then(|()| money::free(case)).and_then(|()| sound()))
        }
        Event::Resubmitted { .. } if case.status != Status::Supplement => {
            Ok(objection("order", "这件业务不在补正中，不能再次提交。"))
        }
        Event::Withdrawn { .. } if !matches!(case.status, Status::Review(_) | Status::Supplement) => {
            Ok(objection("order", "这件业务现在不能撤回。"))
        }
        Event::AccountTaken => Ok(object_account(case)),
        Event::AccountCorrected { .. } if !case.is_due() => {
            Ok(objection("order", "这件业务没有待付的款项，不能更正账户。"))
        }
        Event::ReversalProposed { .. } if case.status != Status::InEffect => {
            Ok(objection("order", "这件业务没有生效，不能冲正。"))
        }
        Event::ReversalProposed { .. } => Ok(money::free(case)),
        Event::PaymentRecovered { recovery } => Ok(money::recovered(case, recovery)),
        // `assess` says, kind by kind, what comes here: the rest has no rule of its own.
        _ => Ok(Ok(())),
    }
}

/// Whether a level agreed past a finding (003 A88): each is answered, and none is held to be true. `given`: answers that
/// come with the decision itself.
pub(crate) fn object_findings(case: &Case, level: Level, verdict: &Verdict, given: &[Replied]) -> Judged {
    if *verdict != Verdict::Passed || !matches!(case.status, Status::Review(_)) {
        return Ok(());
    }
    let explained = |raised: &&Raised| match given.iter().rev().find(|replied| replied.is_to(raised)) {
        Some(replied) => replied.reply == Reply::Explained,
        None => {
            case.answer_of(raised, level).is_some_and(|answered| answered.replied.reply == Reply::Explained)
        }
    };
    let asked = case.findings().iter().filter(|raised| raised.asks(level.id()));
    match asked.into_iter().find(|raised| !explained(raised)) {
        None => Ok(()),
        Some(raised) => {
            let detail = format!("核查问题 {} 没有查明，{}不能同意（003 A88）。", raised.code, level.label());
            objection("findings", detail)
        }
    }
}

/// Whether the person of this operation may decide this level (003 A74, A117, A121).
fn object_review(
    operation: &Operation,
    level: Level,
    case: &Case,
    registry: &dyn RegistryView,
) -> Result<Judged, StoreError> {
    let reversal = match case.status {
        Status::Review(waiting) | Status::Correcting(waiting) if waiting == level => false,
        Status::Reversing(waiting) if waiting == level => true,
        status => {
            let detail = format!("这件业务在市级是【{}】，不能办理{}。", status.label(), level.label());
            return Ok(objection("order", detail));
        }
    };
    let seat = case.filing.seat(level);
    if seat > routing::facts_of(operation, registry)?.highest() {
        let detail = format!("{}在{}办理，本站不能代办。", level.label(), seat.label());
        return Ok(objection("seat", detail));
    }
    let own = account_of(operation, &operation.actor.account, registry)?;
    if own.as_ref().is_some_and(|account| account.person != operation.actor.person) {
        return Ok(objection("account_person", "办理人与账号登记的人员不一致。"));
    }
    let certno = own.map(|account| account.certno).unwrap_or_default();
    if !certno.is_empty() && case.filing.subjects.contains(&certno) {
        return Ok(objection("recusal", "办理人与本件有利害关系，应当回避（003 A117）。"));
    }
    if case.origin.is_some() && certno.is_empty() {
        return Ok(objection("certificate", "审核人没有登记证件号，无法核对是否为不同的人（003 A74）。"));
    }
    object_person(operation, case, (level, reversal), (&operation.actor.person, &certno), registry)
}

/// Whether this natural person already did another part of the case, here or at another station.
pub(crate) fn object_person(
    operation: &Operation,
    case: &Case,
    (level, reversal): (Level, bool),
    (person, certno): (&str, &str),
    registry: &dyn RegistryView,
) -> Result<Judged, StoreError> {
    let same_person = |other: &str, account: &str| -> Result<bool, StoreError> {
        if other == person {
            return Ok(true);
        }
        // Two entries in the staff lists with one certificate are one natural person.
        let known = case.certno_of(other).map(str::to_owned);
        let known = match known {
            Some(known) => Some(known),
            None if account.is_empty() => read(registry, Space::Stations, &person_key(operation, other))?,
            None => account_of(operation, account, registry)?.map(|account| account.certno),
        };
        Ok(!certno.is_empty() && known.as_deref() == Some(certno))
    };
    for editor in &case.account_editors {
        if same_person(editor, "")? {
            return Ok(objection("separation", "改过本件银行账户的人不能再审核本件。"));
        }
    }
    for Review { by, level: other, .. } in case.reviews.iter().filter(|r| r.reversal == reversal) {
        if *other != level && same_person(&by.person, &by.account)? {
            return Ok(separation(*other, level));
        }
    }
    if !reversal && (level != Level::Initial || case.filing.two_hands) {
        for typist in &case.entered_by {
            let known: Option<String> = read(registry, Space::Stations, &person_key(operation, typist))?;
            let known = case.certno_of(typist).map(str::to_owned).or(known);
            if typist == person || (!certno.is_empty() && known.as_deref() == Some(certno)) {
                return Ok(separation(Level::Initial, level));
            }
        }
    }
    match &case.reversal {
        Some((by, _)) if reversal && same_person(&by.person, &by.account)? => {
            Ok(objection("separation", "冲正由同一人提出并审核，须由其他人办理（003 A121）。"))
        }
        _ => Ok(Ok(())),
    }
}

fn separation(one: Level, two: Level) -> Judged {
    let (one, two) = (one.label(), two.label());
    objection(
        "separation",
        format!("同一人办理了本件的{one}和{two}，三级须由三人分别办理（003 A74、A121）。"),
    )
}

/// A case takes effect only after every level agreed in this round.
fn object_effect(case: &Case) -> Judged {
    let missing = case.filing.levels.iter().find(|level| case.agreement(**level).is_none());
    match (case.status, missing) {
        (Status::Review(_), None) => Ok(()),
        (Status::Review(_), Some(level)) => {
            objection("levels", format!("本件没有有效的{}意见，市级不认可其生效。", level.label()))
        }
        _ => objection("order", "这件业务现在不能生效。"),
    }
}

/// Another account holds only after every level agreed to it since it was asked for.
fn object_account(case: &Case) -> Judged {
    let agreed = |level: &Level, asked: u64| {
        case.reviews.iter().any(|review| {
            review.account
                && review.level == *level
                && review.verdict == Verdict::Passed
                && review.by.seq > asked
        })
    };
    match (&case.status, &case.correction) {
        (Status::Correcting(_), Some((asked, _)))
            if case.filing.levels.iter().all(|level| agreed(level, asked.seq)) =>
        {
            Ok(())
        }
        _ => objection("levels", "账户更正没有经过各级审核，市级不认可。"),
    }
}

fn object_reversal(case: &Case) -> Judged {
    let agreed = case.reversal.as_ref().is_some_and(|(proposed, _)| {
        [Level::Recheck, Level::Approval].iter().all(|level| {
            case.reviews.iter().any(|review| {
                review.reversal
                    && review.level == *level
                    && review.verdict == Verdict::Passed
                    && review.by.seq > proposed.seq
            })
        })
    });
    match case.status {
        Status::Reversing(_) if agreed => Ok(()),
        Status::Reversing(_) => objection("levels", "冲正没有经过复核和审批，市级不认可。"),
        _ => objection("order", "这件业务没有在冲正中。"),
    }
}

/// What collides: the first enrolment that another station holds, and how many there are.
struct Collision {
    certno: String,
    year: u16,
    record: Related,
    count: usize,
}

fn answer(collision: Option<Collision>, writes: Vec<RegistryWrite>) -> Assessment {
    let Some(Collision { certno, year, record, count }) = collision else {
        return Assessment::ok(writes);
    };
    let who = masked_certno(&certno);
    let more = if count > 1 { format!("等 {count} 人") } else { String::new() };
    let detail = format!(
        "重复参保：{who}{more} {year} 年度已在 {} 站参保（第 {} 号操作），请两站核对后由市级处理（003 A6）。",
        record.station, record.seq
    );
    Assessment { code: ResultCode::Conflict("dup_enrol".to_owned()), detail, related: Some(record), writes }
}

/// Lets the enrolments among `changes` take their places, one person and year in one station (003 A6). Those that
/// collide take none; the others do.
fn enrol(
    operation: &Operation,
    changes: &[Change],
    registry: &dyn RegistryView,
) -> Result<(Option<Collision>, Vec<RegistryWrite>), StoreError> {
    let mut collision: Option<Collision> = None;
    let mut writes: Vec<RegistryWrite> = Vec::new();
    let enrolments = changes.iter().filter_map(|change| match change {
        Change::Enrolment { record, .. } if !record.certno.is_empty() => Some(record),
        _ => None,
    });
    for record in enrolments {
        let key = enrolment_key(record);
        let holder: Option<Holder> = read(registry, Space::Enrolments, &key)?;
        let elsewhere = holder.filter(|holder| holder.record.station != operation.station);
        match (record.status, elsewhere) {
            (EnrolmentStatus::Normal, None) => {
                let own = Related {
                    station: operation.station.clone(),
                    epoch: operation.epoch,
                    seq: operation.seq,
                    case_id: operation.case_id,
                };
                let holder = Holder { psn_no: record.psn_no.clone(), record: own };
                writes.push(write(Space::Enrolments, key, &holder));
            }
            (EnrolmentStatus::Normal, Some(holder)) => match &mut collision {
                Some(first) => first.count += 1,
                None => {
                    let (certno, year) = (record.certno.clone(), record.insu_year);
                    collision = Some(Collision { certno, year, record: holder.record, count: 1 });
                }
            },
            // An end or a reversal gives the place free, if it was this station's.
            (EnrolmentStatus::Void | EnrolmentStatus::Ended, None) => {
                writes.push(RegistryWrite { space: Space::Enrolments, key, value: None });
            }
            (EnrolmentStatus::Void | EnrolmentStatus::Ended, Some(_)) => (),
        }
    }
    Ok((collision, writes))
}

/// Certificate number and year. A 15-digit number of the first generation is the same person as its 18-digit one.
fn enrolment_key(record: &Enrolment) -> Vec<u8> {
    let certno = record.certno.trim().to_ascii_uppercase();
    let certno = from_15(&certno).unwrap_or(certno);
    [certno.as_bytes(), &[0], &record.insu_year.to_be_bytes()].concat()
}
