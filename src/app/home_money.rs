//! What money asks of the person who signs in: for finance the cases to list, the lists to approve and the files that the
//! bank has not answered; for a clerk the accounts that nobody can pay to. Knows cases and lists; must not know screens.

use xiangbao_core::money::Fen;
use xiangbao_core::payment::{ListStatus, check_person};
use xiangbao_core::role::{Action, Actor, Subject};

use super::clock::Clocks;
use super::error::AppError;
use super::payments::PaymentListRow;
use super::review::QueueRow;
use super::station::Station;
use crate::store::Snapshot;

/// The money part of the home screen.
#[derive(Clone, Debug, Default)]
pub struct HomeMoney {
    /// For those who make lists: cases that this person could list now, and their sum; none when there is no case.
    pub to_list: Option<(usize, Fen)>,
    /// Some of that sum rests on figures that nobody verified (示例).
    pub samples: bool,
    /// For finance: lists that wait for this person's approval, and lists whose file is to be written or answered.
    pub lists: Vec<PaymentListRow>,
    /// For those who correct accounts: settled cases that cannot be paid as their account stands; `bar` says why.
    pub wrong_account: Vec<QueueRow>,
}

impl Station {
    /// Gathers what money asks of this person; empty for who has no part in it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn home_money(
        &self,
        snapshot: &Snapshot,
        clocks: &Clocks,
        actor: &Actor,
    ) -> Result<HomeMoney, AppError> {
        let may = |action| self.library.roles.authorize(actor, action, &Subject::none()).is_ok();
        let (lists, corrects) = (may(Action::MakePayment), may(Action::CorrectAccount));
        let mut money = HomeMoney::default();
        if lists || corrects {
            let staff = self.staff_certnos(snapshot)?;
            let person = self.with_certno(&staff, actor);
            for (case_id, case) in snapshot.cases_with_money(false)? {
                if !actor.serves(&case.filing.village) || !case.is_due() || case.correction.is_some() {
                    continue;
                }
                let candidate = self.candidate(snapshot, &case_id)?;
                let refused = case.payment.as_ref().filter(|pay| pay.correct).map(|pay| pay.reason.clone());
                let wrong = refused.or_else(|| candidate.payee.as_ref().err().map(|fault| fault.zh()));
                match (wrong, case.payable()) {
                    (Some(why), _) if corrects => {
                        let row = self.queue_row(actor, clocks, case_id, &case);
                        money.wrong_account.push(QueueRow { bar: why, ..row });
                    }
                    (None, Some(amount)) if lists && check_person(&candidate, &person, &staff).is_ok() => {
                        let (count, sum) = money.to_list.unwrap_or_default();
                        let sum = sum.checked_add(amount).ok_or_else(too_much)?;
                        money.to_list = Some((count + 1, sum));
                        money.samples |= case.owes_on_samples();
                    }
                    _ => {}
                }
            }
        }
        if lists {
            money.lists = self.lists_waiting(snapshot, actor, may(Action::ApprovePayment))?;
        }
        Ok(money)
    }

    /// Lists in which something is to be done: approved by this person, or written for and answered by the bank.
    fn lists_waiting(
        &self,
        snapshot: &Snapshot,
        actor: &Actor,
        approves: bool,
    ) -> Result<Vec<PaymentListRow>, AppError> {
        let mut waiting = Vec::new();
        for list in snapshot.payment_lists()? {
            let waits = match list.status {
                ListStatus::Made => approves && self.approval_bar(snapshot, &list, actor)?.is_empty(),
                ListStatus::Approved | ListStatus::Exported | ListStatus::Partly => true,
                ListStatus::Closed | ListStatus::Done => false,
            };
            if waits {
                waiting.push(self.list_row(snapshot, &list)?);
            }
        }
        Ok(waiting)
    }
}

fn too_much() -> AppError {
    AppError::Input("待付款合计过大，请先分批付款。".to_owned())
}
