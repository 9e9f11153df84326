//! What an operation means for the derived tables. Deterministic and free of clock and policy: replaying the
//! journal gives the same bytes, which is what `verify` checks.

use xiangbao_core::case::{Case, Step};
use xiangbao_core::event::{Account, Event, Outage, PersonPaper};
use xiangbao_core::form::Seat;
use xiangbao_core::journal::Operation;
use xiangbao_core::register::{Change, Household, Person, PersonField, PersonStatus, RecordKey};

use super::claims;
use super::database::{Stored, decode, encode};
use super::error::StoreError;
use super::keys;
use super::kv::Kv;
use super::money::{pay_key, project_money};
use super::search;
use super::tables::Table;

/// One version of a register record, with when it became known and from when it is true.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Version {
    /// Operation that brought it.
    #[n(0)]
    pub seq: u64,
    /// When it became known: milliseconds since 1970 by the station's clock.
    #[n(1)]
    pub known_ms: i64,
    /// Case behind it; none for records taken over.
    #[n(2)]
    pub case_id: Option<[u8; 16]>,
    /// The record.
    #[n(3)]
    pub change: Change,
}

/// Name of the office and its township.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct StationInfo {
    /// Name of the office.
    #[n(0)]
    pub name: String,
    /// Township, 12-digit division code.
    #[n(1)]
    pub township: String,
}

/// Another station whose parcels are believed.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Peer {
    /// Station.
    #[n(0)]
    pub station: String,
    /// Its Ed25519 key.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub key: [u8; 32],
    /// Seats that it decides for.
    #[n(2)]
    pub seats: Vec<Seat>,
}

/// Writes everything that follows from one operation.
///
/// # Errors
/// When a derived record cannot be read or written.
pub fn project(kv: &mut dyn Kv, operation: &Operation, event: &Event) -> Result<(), StoreError> {
    command(kv, operation)?;
    match event {
        Event::StationFounded { name, township, seats } => {
            let info = StationInfo { name: name.clone(), township: township.clone() };
            kv.put(Table::Station, b"info", &encode(&info))?;
            // Absent for the township alone, as in older journals.
            if seats.is_empty() { Ok(()) } else { kv.put(Table::Station, b"seats", &encode(seats)) }
        }
        Event::SeatsSet { seats } => kv.put(Table::Station, b"seats", &encode(seats)),
        Event::PeerTrusted { station, key, seats } => {
            let at = keys::join(&[b"peer", station.as_bytes()]);
            if seats.is_empty() {
                return kv.remove(Table::Station, &at);
            }
            let peer = Peer { station: station.clone(), key: *key, seats: seats.clone() };
            kv.put(Table::Station, &at, &encode(&peer))
        }
        Event::ParcelSent { to, no, cases, .. } => {
            raise(kv, &keys::join(&[b"parcel_sent", to.as_bytes()]), *no)?;
            cases.iter().try_for_each(|case_id| put_case_of(kv, *case_id, operation, event))
        }
        Event::ParcelTaken { from, no, acked, quarantined, .. } => {
            if !quarantined.is_empty() {
                let at = keys::join(&[b"quarantined", from.as_bytes(), &keys::seq(*no)]);
                kv.put(Table::Station, &at, &encode(&(from, no, quarantined)))?;
            }
            raise(kv, &keys::join(&[b"parcel_taken", from.as_bytes()]), *no)?;
            raise(kv, &keys::join(&[b"parcel_acked", from.as_bytes()]), *acked)
        }
        Event::AccountPut { account } => put_account(kv, account),
        Event::PersonPaperIssued { paper } => put_paper(kv, operation, paper),
        Event::RegisterLoaded { changes, .. } | Event::ContributionsBooked { changes, .. } => {
            put_changes(kv, operation, changes)
        }
        Event::OutageNoticed { outage } => put_outage(kv, outage),
        Event::OutageEnded { document, to_ms } => end_outage(kv, document, *to_ms),
        Event::CityAnswered { through, results, .. } => {
            raise(kv, b"city_through", *through)?;
            results
                .iter()
                .try_for_each(|result| kv.put(Table::CityResults, &keys::seq(result.seq), &encode(result)))
        }
        Event::TookEffect { changes, .. } | Event::Reversed { changes, .. } => {
            put_changes(kv, operation, changes)?;
            put_case(kv, operation, event)
        }
        Event::CaseAccepted { .. }
        | Event::CaseRefused { .. }
        | Event::Reviewed { .. }
        | Event::Resubmitted { .. }
        | Event::Withdrawn { .. }
        | Event::ReversalProposed { .. }
        | Event::CaseReferred { .. }
        | Event::DecidedAbove { .. }
        | Event::AnswerHeld { .. }
        | Event::PaymentRecovered { .. }
        | Event::AccountCorrected { .. }
        | Event::AccountTaken
        | Event::FindingsRaised { .. }
        | Event::FindingAnswered { .. }
        | Event::Printed { .. } => put_case(kv, operation, event),
        Event::PaymentListMade { .. }
        | Event::PaymentListApproved { .. }
        | Event::PaymentListClosed { .. }
        | Event::PaymentExported { .. }
        | Event::PaymentReturned { .. }
        | Event::DeductionMade { .. }
        | Event::DeductionReturned { .. } => project_money(kv, operation, event),
        Event::DoctorsListed { doctors, .. } => claims::put_doctors(kv, doctors),
        Event::SampleDrawn { draw } => kv.put(Table::Samples, &keys::seq(operation.seq), &encode(draw)),
    }
}

fn command(kv: &mut dyn Kv, operation: &Operation) -> Result<(), StoreError> {
    let key = &operation.op_id[..14];
    let stored = match kv.get(Table::Commands, key)? {
        Some(bytes) => Stored { last: operation.seq, ..decode::<Stored>(Table::Commands, &bytes)? },
        None => Stored { first: operation.seq, last: operation.seq },
    };
    kv.put(Table::Commands, key, &encode(&stored))
}

fn put_account(kv: &mut dyn Kv, account: &Account) -> Result<(), StoreError> {
    kv.put(Table::Accounts, account.account.as_bytes(), &encode(account))
}

fn put_outage(kv: &mut dyn Kv, outage: &Outage) -> Result<(), StoreError> {
    kv.put(Table::Outages, outage.document.as_bytes(), &encode(outage))
}

fn end_outage(kv: &mut dyn Kv, document: &str, to_ms: i64) -> Result<(), StoreError> {
    let Some(bytes) = kv.get(Table::Outages, document.as_bytes())? else { return Ok(()) };
    let outage: Outage = decode(Table::Outages, &bytes)?;
    put_outage(kv, &Outage { to_ms: Some(to_ms), ..outage })
}

fn put_paper(kv: &mut dyn Kv, operation: &Operation, paper: &PersonPaper) -> Result<(), StoreError> {
    let key = keys::join(&[paper.psn_no.as_bytes(), &keys::seq(operation.seq)]);
    kv.put(Table::PersonPapers, &key, &encode(paper))
}

/// Reads a named count.
pub(super) fn counter(kv: &dyn Kv, name: &[u8]) -> Result<u64, StoreError> {
    Ok(kv.get(Table::Counters, name)?.map_or(0, |bytes| keys::read_seq(&bytes)))
}

fn raise(kv: &mut dyn Kv, name: &[u8], to: u64) -> Result<(), StoreError> {
    let now = counter(kv, name)?;
    kv.put(Table::Counters, name, &keys::seq(now.max(to)))
}

pub(super) fn put_changes(
    kv: &mut dyn Kv,
    operation: &Operation,
    changes: &[Change],
) -> Result<(), StoreError> {
    for change in changes {
        let key = change.key();
        let before = current(kv, &key)?;
        let version = Version {
            seq: operation.seq,
            known_ms: operation.wall_ms,
            case_id: operation.case_id,
            change: change.clone(),
        };
        kv.put(Table::Versions, &keys::version(&key, change.rev()), &encode(&version))?;
        kv.put(Table::Current, &keys::record(&key), &encode(change))?;
        match change {
            Change::Person { record, .. } => put_person(kv, before.as_ref(), record)?,
            Change::Household { record, .. } => put_household(kv, before.as_ref(), record)?,
            Change::Enrolment { .. }
            | Change::Accumulation { .. }
            | Change::Transfer { .. }
            | Change::Invoice { .. }
            | Change::Filing { .. }
            | Change::Contribution { .. } => {}
        }
    }
    Ok(())
}

fn current(kv: &dyn Kv, key: &RecordKey) -> Result<Option<Change>, StoreError> {
    match kv.get(Table::Current, &keys::record(key))? {
        Some(bytes) => Ok(Some(decode(Table::Current, &bytes)?)),
        None => Ok(None),
    }
}

fn put_person(kv: &mut dyn Kv, before: Option<&Change>, record: &Person) -> Result<(), StoreError> {
    match before {
        Some(Change::Person { record: old, .. }) => {
            for (table, key) in person_index(old) {
                kv.remove(table, &key)?;
            }
        }
        _ => {
            let count = counter(kv, b"persons")?;
            kv.put(Table::Counters, b"persons", &keys::seq(count + 1))?;
        }
    }
    for (table, key) in person_index(record) {
        kv.put(table, &key, &[])?;
    }
    Ok(())
}

/// Every search entry of a person. A void record is not found by any search.
fn person_index(person: &Person) -> Vec<(Table, Vec<u8>)> {
    if person.status == PersonStatus::Void {
        return Vec::new();
    }
    let number = person.psn_no.as_bytes();
    let mut entries = Vec::new();
    let mut add = |table: Table, text: &str| {
        if !text.is_empty() {
            entries.push((table, keys::join(&[text.as_bytes(), number])));
        }
    };
    add(Table::ByName, person.name());
    for key in search::pinyin_keys(person.name()) {
        add(Table::ByPinyin, &key);
    }
    for certificate in [person.certno(), person.get(PersonField::BirthCertificate)] {
        add(Table::ByCertificate, certificate);
        add(Table::ByTail, &keys::backwards(certificate));
    }
    add(Table::ByPhone, &keys::backwards(person.get(PersonField::Phone)));
    add(Table::ByHousehold, &person.household_no);
    entries
}

fn put_household(kv: &mut dyn Kv, before: Option<&Change>, record: &Household) -> Result<(), StoreError> {
    let entry = |household: &Household| {
        keys::join(&[
            household.admdvs12.as_bytes(),
            household.resdbook_no.as_bytes(),
            household.household_no.as_bytes(),
        ])
    };
    match before {
        Some(Change::Household { record: old, .. }) => kv.remove(Table::ByBook, &entry(old))?,
        _ => {
            let count = counter(kv, b"households")?;
            kv.put(Table::Counters, b"households", &keys::seq(count + 1))?;
        }
    }
    if record.void || record.resdbook_no.is_empty() {
        return Ok(());
    }
    kv.put(Table::ByBook, &entry(record), &[])
}

fn put_case(kv: &mut dyn Kv, operation: &Operation, event: &Event) -> Result<(), StoreError> {
    match operation.case_id {
        Some(case_id) => put_case_of(kv, case_id, operation, event),
        None => Ok(()),
    }
}

pub(super) fn put_case_of(
    kv: &mut dyn Kv,
    case_id: [u8; 16],
    operation: &Operation,
    event: &Event,
) -> Result<(), StoreError> {
    let by = Step {
        seq: operation.seq,
        wall_ms: operation.wall_ms,
        person: operation.actor.person.clone(),
        account: operation.actor.account.clone(),
    };
    let case = match kv.get(Table::Cases, &case_id)? {
        Some(bytes) => {
            let mut case: Case = decode(Table::Cases, &bytes)?;
            kv.remove(Table::CaseQueue, &keys::queue(case.status, case.accepted.seq))?;
            if let Some(key) = pay_key(&case) {
                kv.remove(Table::PayQueue, &key)?;
            }
            case.apply(event, &by);
            case
        }
        None => match Case::open(event, &by) {
            Some(case) => {
                kv.put(Table::CaseNumbers, case.number.as_bytes(), &case_id)?;
                case
            }
            None => return Ok(()),
        },
    };
    kv.put(Table::CaseQueue, &keys::queue(case.status, case.accepted.seq), &case_id)?;
    if let Some(key) = pay_key(&case) {
        kv.put(Table::PayQueue, &key, &case_id)?;
    }
    for person in &case.filing.persons {
        let key = keys::join(&[person.as_bytes(), &keys::seq(case.accepted.seq)]);
        kv.put(Table::CasePersons, &key, &case_id)?;
    }
    if let Event::TookEffect { changes, .. } = event {
        for change in changes {
            if let RecordKey::Person(person) = change.key() {
                let key = keys::join(&[person.as_bytes(), &keys::seq(case.accepted.seq)]);
                kv.put(Table::CasePersons, &key, &case_id)?;
            }
        }
    }
    if matches!(event, Event::CaseAccepted { .. } | Event::Resubmitted { .. }) {
        claims::index(kv, &case_id, &case)?;
    }
    let mut step = case_id.to_vec();
    step.extend_from_slice(&keys::seq(operation.seq));
    kv.put(Table::CaseSteps, &step, &[])?;
    kv.put(Table::Cases, &case_id, &encode(&case))
}
