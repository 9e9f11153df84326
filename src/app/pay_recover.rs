//! Money of a reversed case that came back by the bank (追回, 003 A94-A95). Knows payments; must not know screens.

use chrono::NaiveDate;
use xiangbao_core::case::Refusal;
use xiangbao_core::event::Recovery;
use xiangbao_core::money::parse_yuan;
use xiangbao_core::payment::recover;
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::Station;
use crate::store::Stored;

impl Station {
    /// Notes what came back: amount in yuan, the bank's day, the voucher.
    ///
    /// # Errors
    /// When the actor may not, or the case owes nothing or less.
    pub fn recover_payment(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        (amount, day, voucher): (&str, &str, &str),
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        self.authorize(actor, Action::MakePayment, &Subject::none())?;
        let amount = parse_yuan(amount).map_err(|fault| AppError::Input(fault.zh()))?;
        let day: NaiveDate =
            day.trim().parse().map_err(|_| AppError::Input("日期写成 2026-11-20。".to_owned()))?;
        if day > self.today() {
            return Err(AppError::Input("到账日期晚于今天，请核对银行凭证。".to_owned()));
        }
        let voucher = super::wording::worded(voucher)?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        self.authorize(actor, Action::MakePayment, &Subject::in_village(&case.filing.village))?;
        if let Some(stored) = self.repeated(&snapshot, actor, case_id, &command_id)? {
            return Ok(stored);
        }
        let event = recover(&case, Recovery { amount, day: day.to_string(), voucher })?;
        self.append(actor, Some(*case_id), command_id, vec![event])
    }
}
