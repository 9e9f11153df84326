//! Making a payment list: one finance person picks what is due (003 A84, A97). Everything that the file could refuse later is
//! refused here. Knows payments; must not know screens.

use xiangbao_core::event::Event;
use xiangbao_core::payment::make;
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::payments::PaymentListRow;
use super::station::Station;
use crate::store::PAYMENT_LISTS;

impl Station {
    /// Makes a list of these cases for a bank's layout.
    ///
    /// # Errors
    /// The first reason why not; nothing has happened then.
    pub fn make_payment_list(
        &self,
        actor: &Actor,
        cases: &[[u8; 16]],
        layout: &str,
        command_id: [u8; 16],
    ) -> Result<PaymentListRow, AppError> {
        self.authorize(actor, Action::MakePayment, &Subject::none())?;
        let bank = self.library.bank(layout)?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        if let Some(no) = self.list_of_command(actor, &command_id)? {
            return self.list_row(&snapshot, &self.list_of(&snapshot, &no)?);
        }
        let staff = self.staff_certnos(&snapshot)?;
        let acting = self.with_certno(&staff, actor);
        let mut candidates = Vec::with_capacity(cases.len());
        for case_id in cases {
            let candidate = self.candidate(&snapshot, case_id)?;
            let village = candidate.case.filing.village.clone();
            self.authorize(actor, Action::MakePayment, &Subject::in_village(&village))?;
            candidates.push(candidate);
        }
        let identity = self.store.identity();
        let next = snapshot.counter(PAYMENT_LISTS)?.saturating_add(1);
        let no = format!("FK{}-{}-{next:06}", identity.station, identity.epoch);
        let event = make(&no, (layout, &bank.hash), &candidates, &acting, &staff)?;
        if let Event::PaymentListMade { sheet } = &event {
            // A name that the file cannot hold is told to the one who can still do something about it.
            self.payment_bytes(bank, sheet, self.today())?;
        }
        self.append(actor, None, command_id, vec![event])?;
        let snapshot = self.snapshot()?;
        self.list_row(&snapshot, &self.list_of(&snapshot, &no)?)
    }

    /// The list that this command made when it comes a second time.
    fn list_of_command(&self, actor: &Actor, command_id: &[u8; 16]) -> Result<Option<String>, AppError> {
        let snapshot = self.snapshot()?;
        let Some(stored) = snapshot.command(command_id)? else { return Ok(None) };
        let reused = || AppError::Store(crate::store::StoreError::CommandReused);
        let operation = snapshot.operations(stored.first, 1)?.into_iter().next().ok_or_else(reused)?;
        match Event::decode(operation.kind, &operation.payload) {
            Ok(Event::PaymentListMade { sheet }) if operation.actor.person == actor.person => {
                Ok(Some(sheet.no))
            }
            _ => Err(reused()),
        }
    }
}
