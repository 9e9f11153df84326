//! What a settled reimbursement does to the register: its invoices are used, the year's sums grow (003 A74, A82-A84). Knows
//! the claim's form and its settlement; must not know how it was settled.

use chrono::{Datelike, NaiveDate};

use super::effect::{EffectContext, RegisterView, cell, date, enrolment, person_of_form};
use super::{Accumulation, Change, EffectRefusal, EnrolmentStatus, Person, RecordKey, place_of};
use crate::form::FormData;
use crate::policy::Settlement;

/// The invoices that a claim uses up, and what it adds to the year.
pub(super) fn reimburse(
    data: &FormData,
    settlement: Option<&Settlement>,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let record = person_of_form(data, view)?;
    let Some(settlement) = settlement else {
        return Err(EffectRefusal::Policy("没有结算结果，不能生效。".to_owned()));
    };
    let (begin, end) = (date(data.field("begntime"), "begntime")?, date(data.field("endtime"), "endtime")?);
    covered_partly(&record, (begin, end), view)?;
    let today = context.today.to_string();
    let mut changes = Vec::new();
    let place = place_of(data.field("fixmedins_code"), data.field("fixmedins_name"));
    for row in data.rows("invoices") {
        let number = cell(row, "invo_no");
        let used = RecordKey::Invoice(number.to_owned(), place.clone());
        if changes.iter().any(|change: &Change| change.key() == used) {
            return Err(EffectRefusal::Twice(format!("票据 {number}")));
        }
        // Older records name no hospital: the number alone was taken.
        let old = RecordKey::Invoice(number.to_owned(), String::new());
        if let Some(Change::Invoice { used: true, .. }) = view.current(&old)? {
            return Err(EffectRefusal::InvoiceUsed(number.to_owned()));
        }
        let rev = match view.current(&used)? {
            Some(Change::Invoice { used: true, .. }) => {
                return Err(EffectRefusal::InvoiceUsed(number.to_owned()));
            }
            Some(now) => now.rev(),
            None => 0,
        };
        changes.push(Change::Invoice {
            invo_no: number.to_owned(),
            psn_no: record.psn_no.clone(),
            used: true,
            rev: rev + 1,
            place: Some(place.clone()).filter(|place| !place.is_empty()),
        });
    }
    let year = u16::try_from(settlement.year).map_err(|_| EffectRefusal::BadValue("year".to_owned()))?;
    let key = RecordKey::Accumulation(record.psn_no.clone(), year, settlement.benefit.clone());
    let now = match view.current(&key)? {
        Some(Change::Accumulation { record, .. }) => record,
        _ => Accumulation::empty(&record.psn_no, year, &settlement.benefit),
    };
    // What the bill adds is its own; what it found is what the register holds now, of this benefit.
    let used = now.used().plus(&settlement.year_own);
    let used = used.ok_or_else(|| EffectRefusal::BadValue("used".to_owned()))?;
    let rev = now.rev.saturating_add(1);
    changes
        .push(Change::Accumulation { effective: today, record: Accumulation { rev, ..now }.holding(used) });
    Ok(changes)
}

/// Cover on a day of the treatment at least: what was used on the days without it is left out line by line, and a stay
/// that straddles is a finding for the reviewers (003 A22, reference 5.1).
fn covered_partly(
    record: &Person,
    (begin, end): (NaiveDate, NaiveDate),
    view: &dyn RegisterView,
) -> Result<(), EffectRefusal> {
    let (first, last) = (begin.to_string(), end.to_string());
    for year in begin.year()..=end.year().min(begin.year().saturating_add(10)) {
        let Ok(year) = u16::try_from(year) else { continue };
        let meets = enrolment(view, &record.psn_no, year)?.is_some_and(|now| {
            now.status != EnrolmentStatus::Void
                && !now.entitled_from.is_empty()
                && now.entitled_from <= last
                && first <= now.entitled_to
        });
        if meets {
            return Ok(());
        }
    }
    Err(EffectRefusal::NotCovered { name: record.name().to_owned(), date: first })
}
