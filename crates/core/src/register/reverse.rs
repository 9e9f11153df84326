//! The opposite of an effect (冲正): what a case did to the register is taken back, unless later cases stand on it. Knows
//! the register's records; knows nothing of who may ask for it.

use chrono::NaiveDate;

use super::effect::RegisterView;
use super::{Change, EffectRefusal, EnrolmentStatus, PersonStatus};
use crate::policy::YearToDate;

/// The opposite of an effect: every record returns to the version before, or is void when the case created it.
///
/// # Errors
/// When a later case changed one of the records.
pub fn reverse(
    changes: &[Change],
    today: NaiveDate,
    view: &dyn RegisterView,
) -> Result<Vec<Change>, EffectRefusal> {
    let mut undone = Vec::with_capacity(changes.len());
    for change in changes.iter().rev() {
        let key = change.key();
        let Some(now) = view.current(&key)?.filter(|now| same_content(now, change)) else {
            return Err(EffectRefusal::LaterChange(key));
        };
        let before = match change.rev() {
            0 | 1 => None,
            rev => view.version(&key, rev - 1)?,
        };
        let back = restored(before, change, now.rev().saturating_add(1), today.to_string());
        // A claim was settled on this enrolment: it is undone before the ground is taken from under it.
        if let Change::Enrolment { record, .. } = &back
            && record.status == EnrolmentStatus::Void
            && view.fund_paid(&record.psn_no, record.insu_year)?
        {
            return Err(EffectRefusal::LaterChange(key));
        }
        undone.push(back);
    }
    Ok(undone)
}

/// The record as it was, under the next revision; a created record becomes void.
fn restored(before: Option<Change>, change: &Change, next: u32, day: String) -> Change {
    let created = before.is_none();
    let mut back = before.unwrap_or_else(|| change.clone());
    match &mut back {
        Change::Person { effective, record } => {
            (*effective, record.rev) = (day, next);
            if created {
                record.status = PersonStatus::Void;
            }
        }
        Change::Household { effective, record } => {
            (*effective, record.rev) = (day, next);
            record.void |= created;
        }
        Change::Enrolment { effective, record } => {
            (*effective, record.rev) = (day, next);
            if created {
                record.status = EnrolmentStatus::Void;
            }
        }
        Change::Accumulation { effective, record } => {
            (*effective, record.rev) = (day, next);
            if created {
                *record = record.clone().holding(YearToDate::default());
            }
        }
        Change::Transfer { effective, record } => {
            (*effective, record.rev) = (day, next);
            record.void |= created;
        }
        Change::Invoice { used, rev, .. } => (*used, *rev) = (false, next),
        Change::Filing { effective, record } => {
            (*effective, record.rev) = (day, next);
            record.void |= created;
        }
        Change::Contribution { effective, record } => {
            (*effective, record.rev) = (day, next);
            record.void |= created;
        }
    }
    back
}

/// The record says what the change made of it: either nothing came after, or everything that came after was reversed
/// (a reversal brings the old content back under a new revision).
fn same_content(now: &Change, change: &Change) -> bool {
    let mut plain = now.clone();
    match (&mut plain, change) {
        (Change::Person { effective, record }, Change::Person { effective: day, record: own }) => {
            (record.rev, *effective) = (own.rev, day.clone());
        }
        (Change::Household { effective, record }, Change::Household { effective: day, record: own }) => {
            (record.rev, *effective) = (own.rev, day.clone());
        }
        (Change::Enrolment { effective, record }, Change::Enrolment { effective: day, record: own }) => {
            (record.rev, *effective) = (own.rev, day.clone());
        }
        (
            Change::Accumulation { effective, record },
            Change::Accumulation { effective: day, record: own },
        ) => {
            (record.rev, *effective) = (own.rev, day.clone());
        }
        (Change::Transfer { effective, record }, Change::Transfer { effective: day, record: own }) => {
            (record.rev, *effective) = (own.rev, day.clone());
        }
        (Change::Invoice { rev, .. }, Change::Invoice { rev: own, .. }) => *rev = *own,
        (Change::Filing { effective, record }, Change::Filing { effective: day, record: own }) => {
            (record.rev, *effective) = (own.rev, day.clone());
        }
        (
            Change::Contribution { effective, record },
            Change::Contribution { effective: day, record: own },
        ) => {
            (record.rev, *effective) = (own.rev, day.clone());
        }
        _ => return false,
    }
    plain == *change
}
