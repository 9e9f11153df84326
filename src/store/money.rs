//! Projections of money that goes to banks and comes from them: payment lists, deduction lists, the files already seen, and
//! where the money of each case is. Knows events and lists; must not know who may do what.

use xiangbao_core::case::{Case, PayState, Status, Step};
use xiangbao_core::event::Event;
use xiangbao_core::journal::Operation;
use xiangbao_core::payment::{DeductionList, PaymentList};

use super::database::{decode, encode};
use super::error::StoreError;
use super::keys;
use super::kv::Kv;
use super::projections::{counter, put_case_of, put_changes};
use super::tables::Table;

/// Name of the count of payment lists.
pub const PAYMENT_LISTS: &str = "payment_lists";
/// Name of the count of deduction lists.
pub const DEDUCTION_LISTS: &str = "deduction_lists";

/// Place of a case among those that have to do with money; none where the fund pays nothing.
pub(super) fn pay_key(case: &Case) -> Option<Vec<u8>> {
    let state = match (&case.payment, case.is_due()) {
        _ if matches!(case.status, Status::Correcting(_)) => 25,
        (Some(pay), true) if pay.state == PayState::Failed => 20,
        (_, true) => 10,
        (Some(pay), false) => pay_code(pay.state),
        (None, false) => return None,
    };
    let mut key = vec![state];
    key.extend_from_slice(&case.accepted.seq.to_be_bytes());
    Some(key)
}

/// First byte of the key of a case whose money is not due.
fn pay_code(state: PayState) -> u8 {
    match state {
        PayState::Free | PayState::Failed => 25,
        PayState::Listed => 30,
        PayState::Approved => 40,
        PayState::Exported => 50,
        PayState::Reclaim => 60,
        PayState::Paid => 90,
        PayState::Recovered => 91,
    }
}

fn step(operation: &Operation) -> Step {
    Step {
        seq: operation.seq,
        wall_ms: operation.wall_ms,
        person: operation.actor.person.clone(),
        account: operation.actor.account.clone(),
    }
}

/// Writes what follows from an event about lists.
pub(super) fn project_money(kv: &mut dyn Kv, operation: &Operation, event: &Event) -> Result<(), StoreError> {
    match event {
        Event::PaymentListMade { sheet } => {
            count(kv, PAYMENT_LISTS)?;
            if let Some(list) = PaymentList::open(event, &step(operation)) {
                kv.put(Table::PaymentLists, sheet.no.as_bytes(), &encode(&list))?;
            }
            sheet.entries.iter().try_for_each(|entry| put_case_of(kv, entry.case_id, operation, event))
        }
        Event::PaymentListApproved { no }
        | Event::PaymentListClosed { no, .. }
        | Event::PaymentExported { no, .. }
        | Event::PaymentReturned { no, .. } => {
            match event {
                Event::PaymentExported { file, .. } => seen(kv, &file.digest, no)?,
                Event::PaymentReturned { taken, .. } => seen(kv, &taken.digest, no)?,
                _ => {}
            }
            put_list(kv, operation, event, no)
        }
        Event::DeductionMade { sheet } => {
            count(kv, DEDUCTION_LISTS)?;
            seen(kv, &sheet.file.digest, &sheet.no)?;
            match DeductionList::open(event, &step(operation)) {
                Some(list) => kv.put(Table::DeductionLists, sheet.no.as_bytes(), &encode(&list)),
                None => Ok(()),
            }
        }
        Event::DeductionReturned { no, taken, changes } => {
            seen(kv, &taken.digest, no)?;
            put_changes(kv, operation, changes)?;
            let Some(bytes) = kv.get(Table::DeductionLists, no.as_bytes())? else { return Ok(()) };
            let mut list: DeductionList = decode(Table::DeductionLists, &bytes)?;
            list.apply(event, &step(operation));
            kv.put(Table::DeductionLists, no.as_bytes(), &encode(&list))
        }
        _ => Ok(()),
    }
}

fn put_list(kv: &mut dyn Kv, operation: &Operation, event: &Event, no: &str) -> Result<(), StoreError> {
    let Some(bytes) = kv.get(Table::PaymentLists, no.as_bytes())? else { return Ok(()) };
    let mut list: PaymentList = decode(Table::PaymentLists, &bytes)?;
    list.apply(event, &step(operation));
    kv.put(Table::PaymentLists, no.as_bytes(), &encode(&list))?;
    for entry in &list.sheet.entries {
        // A returned file says nothing about the lines that it does not hold.
        let said = match event {
            Event::PaymentReturned { taken, .. } => taken.results.iter().any(|r| r.seq == entry.seq),
            _ => true,
        };
        if said {
            put_case_of(kv, entry.case_id, operation, event)?;
        }
    }
    Ok(())
}

fn count(kv: &mut dyn Kv, name: &str) -> Result<(), StoreError> {
    let next = counter(kv, name.as_bytes())?.saturating_add(1);
    kv.put(Table::Counters, name.as_bytes(), &keys::seq(next))
}

fn seen(kv: &mut dyn Kv, digest: &[u8; 32], no: &str) -> Result<(), StoreError> {
    kv.put(Table::BankFiles, digest, no.as_bytes())
}
