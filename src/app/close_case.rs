//! Taking a case back before it takes effect (撤回), and asking for the opposite afterwards (冲正).

use xiangbao_core::case::{Command, Refusal};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::Station;
use crate::store::Stored;

impl Station {
    /// 撤回, before effect.
    ///
    /// # Errors
    /// The refusal; nothing has happened then.
    pub fn withdraw(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        reason: &str,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        let command = Command::Withdraw { reason: reason.to_owned() };
        self.close(actor, case_id, Action::WithdrawCase, command, command_id)
    }

    /// 冲正 asked for, after effect; it needs 复核 and 审批 by other persons.
    ///
    /// # Errors
    /// The refusal; nothing has happened then.
    pub fn propose_reversal(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        reason: &str,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        let command = Command::ProposeReversal { reason: reason.to_owned() };
        self.close(actor, case_id, Action::ProposeReversal, command, command_id)
    }

    fn close(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        action: Action,
        command: Command,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        // The papers of the audit are the audit's own: nobody at the window takes them back.
        let action = match self.form_of(&case)?.opened_by {
            xiangbao_core::form::Role::Auditor => Action::FillAudit,
            _ => action,
        };
        self.authorize(actor, action, &Subject::in_village(&case.filing.village))?;
        if let Some(stored) = self.repeated(&snapshot, actor, case_id, &command_id)? {
            return Ok(stored);
        }
        if matches!(command, Command::ProposeReversal { .. }) && case.settlement.is_some() {
            self.no_part_after(&snapshot, &case)?;
        }
        self.commit(actor, *case_id, Some(&case), command_id, command)
    }
}
