//! The second pair of eyes: another finance person approves a list, or gives it back (003 A97). Knows payments; must not know
//! screens.

use xiangbao_core::payment::{Candidate, PaymentList, approve, close};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::Station;
use crate::store::{Snapshot, Stored};

impl Station {
    /// Approves a list that another person made.
    ///
    /// # Errors
    /// The reason of the refusal; nothing has happened then.
    pub fn approve_payment_list(
        &self,
        actor: &Actor,
        no: &str,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        self.authorize(actor, Action::ApprovePayment, &Subject::none())?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        if let Some(stored) = snapshot.command(&command_id)? {
            return Ok(stored);
        }
        let list = self.list_of(&snapshot, no)?;
        let staff = self.staff_certnos(&snapshot)?;
        let candidates = self.candidates_of(&snapshot, &list)?;
        let event = approve(&list, &candidates, &self.with_certno(&staff, actor), &staff)?;
        self.append(actor, None, command_id, vec![event])
    }

    /// Gives a list up before its file is written (退回、撤销): its cases are due again.
    ///
    /// # Errors
    /// The reason of the refusal; nothing has happened then.
    pub fn close_payment_list(
        &self,
        actor: &Actor,
        no: &str,
        reason: &str,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        self.authorize(actor, Action::MakePayment, &Subject::none())?;
        let reason = super::wording::worded(reason)?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        if let Some(stored) = snapshot.command(&command_id)? {
            return Ok(stored);
        }
        let event = close(&self.list_of(&snapshot, no)?, &reason)?;
        self.append(actor, None, command_id, vec![event])
    }

    /// Why this person cannot approve a list; asked of the very table that decides.
    pub(super) fn approval_bar(
        &self,
        snapshot: &Snapshot,
        list: &PaymentList,
        actor: &Actor,
    ) -> Result<String, AppError> {
        let staff = self.staff_certnos(snapshot)?;
        let candidates = self.candidates_of(snapshot, list)?;
        let answer = approve(list, &candidates, &self.with_certno(&staff, actor), &staff);
        Ok(answer.err().map(|refusal| refusal.zh()).unwrap_or_default())
    }

    fn candidates_of(&self, snapshot: &Snapshot, list: &PaymentList) -> Result<Vec<Candidate>, AppError> {
        list.sheet.entries.iter().map(|entry| self.candidate(snapshot, &entry.case_id)).collect()
    }
}
