//! Payment lists at the city: folded again, and decided again by the same table as at the station (reliability 10): maker
//! and checker are two persons who decided no level of a case in the list, and nothing is listed twice. The city has no
//! register: whose account it is stays the station's word.

use std::collections::BTreeSet;

use xiangbao_core::case::{Case, Step};
use xiangbao_core::event::{Event, PayEntry, PaymentSheet};
use xiangbao_core::journal::Operation;
use xiangbao_core::payment::{self, Candidate, PayRefusal, PaymentList, Staff};
use xiangbao_core::role::Actor;

use crate::business::{Assessment, RegistryView, RegistryWrite, Space};
use crate::city::{account_of, person_key, read, station_key, write};
use crate::store::StoreError;

/// Judges an operation about a list.
pub(crate) fn assess(
    operation: &Operation,
    event: &Event,
    registry: &dyn RegistryView,
) -> Result<Assessment, StoreError> {
    let no = match event {
        Event::PaymentListMade { sheet } => &sheet.no,
        Event::PaymentListApproved { no }
        | Event::PaymentListClosed { no, .. }
        | Event::PaymentExported { no, .. }
        | Event::PaymentReturned { no, .. } => no,
        _ => return Ok(Assessment::ok(Vec::new())),
    };
    let key = station_key(operation, no.as_bytes());
    let known: Option<PaymentList> = read(registry, Space::Payments, &key)?;
    let by = Step {
        seq: operation.seq,
        wall_ms: operation.wall_ms,
        person: operation.actor.person.clone(),
        account: operation.actor.account.clone(),
    };
    let list = match (known, event) {
        (None, Event::PaymentListMade { .. }) => PaymentList::open(event, &by),
        (Some(list), event) if !matches!(event, Event::PaymentListMade { .. }) => Some(list),
        _ => None,
    };
    let Some(mut list) = list else {
        return Ok(Assessment::rejected("payment_list", format!("付款单 {no} 在市级不存在或已存在。")));
    };
    let mut cases = Vec::new();
    for entry in &list.sheet.entries {
        match read::<Case>(registry, Space::Cases, &station_key(operation, &entry.case_id))? {
            Some(case) => cases.push((entry.clone(), case)),
            None => {
                let detail = format!("付款单 {no} 中的 {} 在市级没有受理记录。", entry.number);
                return Ok(Assessment::rejected("unknown_case", detail));
            }
        }
    }
    if let Err(refusal) = judge(operation, event, &list, &cases, registry)? {
        return Ok(Assessment::rejected("payment", refusal.zh()));
    }
    if !matches!(event, Event::PaymentListMade { .. }) {
        list.apply(event, &by);
    }
    let mut writes: Vec<RegistryWrite> = vec![write(Space::Payments, key, &list)];
    for (entry, mut case) in cases {
        case.apply(event, &by);
        writes.push(write(Space::Cases, station_key(operation, &entry.case_id), &case));
    }
    Ok(Assessment::ok(writes))
}

/// The station's table, asked again with what the city knows: the same facts must give the same event.
fn judge(
    operation: &Operation,
    event: &Event,
    list: &PaymentList,
    cases: &[(PayEntry, Case)],
    registry: &dyn RegistryView,
) -> Result<Result<(), PayRefusal>, StoreError> {
    let (actor, staff) = people(operation, list, cases, registry)?;
    let candidates: Vec<Candidate> = cases.iter().map(|(entry, case)| candidate(entry, case)).collect();
    let sheet = &list.sheet;
    let answer = match event {
        Event::PaymentListMade { .. } => {
            payment::make(&sheet.no, (&sheet.layout, &sheet.layout_hash), &candidates, &actor, &staff)
        }
        Event::PaymentListApproved { .. } => payment::approve(list, &candidates, &actor, &staff),
        Event::PaymentListClosed { reason, .. } => payment::close(list, reason),
        Event::PaymentExported { file, .. } => payment::export(list, file.clone()),
        _ if list.exported.is_some() => return Ok(Ok(())),
        _ => {
            let (no, status) = (sheet.no.clone(), list.status);
            return Ok(Err(PayRefusal::WrongStatus { no, status }));
        }
    };
    Ok(answer.and_then(|decided| {
        let first = sheet.entries.first().map(|entry| entry.number.clone()).unwrap_or_default();
        if as_written(decided, sheet) == *event { Ok(()) } else { Err(PayRefusal::Changed(first)) }
    }))
}

/// What was decided, without the word about samples where the list is from before lines had one.
fn as_written(mut decided: Event, sheet: &PaymentSheet) -> Event {
    if let Event::PaymentListMade { sheet: own } = &mut decided {
        for (line, given) in own.entries.iter_mut().zip(&sheet.entries) {
            line.sample = line.sample.filter(|_| given.sample.is_some());
        }
    }
    decided
}

fn candidate(entry: &PayEntry, case: &Case) -> Candidate {
    let mut concerned: BTreeSet<String> = case.filing.subjects.iter().cloned().collect();
    concerned.insert(entry.payee.certno.clone());
    concerned.remove("");
    Candidate {
        case_id: entry.case_id,
        case: case.clone(),
        payee: Ok(entry.payee.clone()),
        psn_no: entry.psn_no.clone(),
        psn_name: entry.psn_name.clone(),
        concerned,
    }
}

/// Who acts, with the certificate number that the city's staff list holds, and those of everybody who acted before.
fn people(
    operation: &Operation,
    list: &PaymentList,
    cases: &[(PayEntry, Case)],
    registry: &dyn RegistryView,
) -> Result<(Actor, Staff), StoreError> {
    let certno = account_of(operation, &operation.actor.account, registry)?.map(|account| account.certno);
    let actor = Actor {
        person: operation.actor.person.clone(),
        account: operation.actor.account.clone(),
        name: String::new(),
        roles: BTreeSet::new(),
        certno: certno.unwrap_or_default(),
        villages: BTreeSet::new(),
        session: String::new(),
    };
    let acted = cases.iter().flat_map(|(_, case)| {
        let reviews = case.reviews.iter().map(|review| &review.by.person);
        reviews.chain(&case.entered_by).chain(&case.account_editors)
    });
    let persons: BTreeSet<&String> = acted.chain([&list.made.person]).collect();
    let mut staff = Staff::new();
    for person in persons {
        let known: Option<String> = read(registry, Space::Stations, &person_key(operation, person))?;
        if let Some(certno) = known.filter(|certno| !certno.is_empty()) {
            staff.insert(person.clone(), certno);
        }
    }
    Ok((actor, staff))
}
