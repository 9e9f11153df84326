//! Giving back a contribution that was paid twice: the one exception to 003 A28, by a case kind of its own. The receipt
//! is used up for the whole register, so that no payment is ever given back twice. Knows the register through its view;
//! must not know how the money travels
//! (`payment`).

use super::effect::{EffectContext, RegisterView, active_of_form, enrolment, year_of};
use super::{Change, EffectRefusal, EnrolmentStatus, RecordKey, file};
use crate::form::FormData;
use crate::money::{Fen, parse_yuan};

/// Paid twice here for one year: the enrolment stays.
const TWICE_HERE: &str = "1";
/// Insured under the employees' scheme: the reason of the end (003 A15, local code `cancel_rea`).
const EMPLOYEE: (&str, &str) = ("3", "5");
/// Any other reason of the end.
const OTHER: &str = "9";

/// What a form gives back, fen: the amount that is paid out once the case is in effect.
///
/// # Errors
/// [`EffectRefusal::BadValue`] for an amount that cannot be read.
pub fn refund_amount(data: &FormData) -> Result<Fen, EffectRefusal> {
    parse_yuan(data.field("refund_amt")).map_err(|_| EffectRefusal::BadValue("refund_amt".to_owned()))
}

/// The changes of one refund: the record of it, the receipt used up, the enrolment marked or ended.
pub(super) fn refund(
    data: &FormData,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let person = active_of_form(data, view)?;
    let year = year_of(data)?;
    let name = person.name().to_owned();
    let held = enrolment(view, &person.psn_no, year)?.filter(|now| now.status == EnrolmentStatus::Normal);
    let Some(mut record) = held else { return Err(EffectRefusal::NotEnrolled { name, year }) };
    let amount = refund_amount(data)?;
    if amount <= Fen::ZERO || amount > record.personal {
        return Err(EffectRefusal::RefundTooMuch { name, year, paid: record.personal });
    }
    let today = context.today.to_string();
    let receipt = used_up(data.field("receipt_no"), &person.psn_no, view)?;
    record.rev += 1;
    record.refunded =
        Some(record.refunded.unwrap_or_default().checked_add(amount).unwrap_or(record.personal));
    let kind = data.field("refund_kind");
    if kind != TWICE_HERE {
        // What is given back buys nothing: only while the fund has paid nothing on it.
        if view.fund_paid(&person.psn_no, year)? {
            return Err(EffectRefusal::RefundAfterUse { name, year });
        }
        record.status = EnrolmentStatus::Ended;
        let reason = if kind == EMPLOYEE.0 { EMPLOYEE.1 } else { OTHER };
        reason.clone_into(&mut record.end_reason);
        record.entitled_from.clear();
        record.entitled_to.clear();
    }
    let mut changes = file::file(data, view, context)?;
    changes.push(receipt);
    let booked = RecordKey::Contribution(person.psn_no.clone(), year);
    if kind != TWICE_HERE
        && let Some(Change::Contribution { record: mut paid, .. }) = view.current(&booked)?
        && !paid.void
    {
        paid.rev = paid.rev.saturating_add(1);
        paid.void = true;
        changes.push(Change::Contribution { effective: today.clone(), record: paid });
    }
    changes.push(Change::Enrolment { effective: today, record });
    Ok(changes)
}

/// The receipt as a paper that can be used once in the whole register, like an invoice.
fn used_up(receipt: &str, psn_no: &str, view: &dyn RegisterView) -> Result<Change, EffectRefusal> {
    let number = format!("缴费票据 {receipt}");
    let rev = match view.current(&RecordKey::Invoice(number.clone(), String::new()))? {
        Some(Change::Invoice { used: true, .. }) => return Err(EffectRefusal::Refunded(receipt.to_owned())),
        Some(now) => now.rev(),
        None => 0,
    };
    Ok(Change::Invoice {
        invo_no: number,
        psn_no: psn_no.to_owned(),
        used: true,
        rev: rev.saturating_add(1),
        place: None,
    })
}
