//! What a reversal (冲正) does: the register goes back, and the settlement gets its exact negative (退费结算, the year taken out
//! as the register holds it now). Asked the same way whether the last word is said here or at an upper seat. Knows cases
//! and register; must not know who may ask.

use xiangbao_core::case::{Case, Effect};
use xiangbao_core::form::FormData;
use xiangbao_core::policy::{PolicyGap, Settlement};
use xiangbao_core::register::{Accumulation, reverse};

use super::error::AppError;
use super::station::Station;
use crate::store::Snapshot;

impl Station {
    /// The effect of reversing a case now.
    ///
    /// # Errors
    /// When a later case stands on its records, or the year does not hold what the settlement added.
    pub(super) fn reversal_of(&self, snapshot: &Snapshot, case: &Case) -> Result<Effect, AppError> {
        self.no_part_after(snapshot, case)?;
        let changes = reverse(&case.changes, self.today(), snapshot)?;
        let settlement = match &case.settlement {
            Some(settled) => Some(self.negative_of(snapshot, &case.filing.data, settled)?),
            None => None,
        };
        Ok(Effect { changes, settlement, refund: None })
    }

    fn negative_of(
        &self,
        snapshot: &Snapshot,
        data: &FormData,
        settled: &Settlement,
    ) -> Result<Settlement, AppError> {
        let wrong = |field: &str, problem: String| PolicyGap::Input { field: field.to_owned(), problem };
        let year = u16::try_from(settled.year)
            .map_err(|_| wrong("year", format!("年度 {} 无法识别", settled.year)))?;
        let records = snapshot.accumulations(&self.claimant(snapshot, data)?, year)?;
        let now = Accumulation::year_to_date(&records, &settled.benefit)
            .ok_or_else(|| wrong("used", format!("{year} 年的累计金额过大，请先核对以前的结算")))?;
        Ok(settled.reversed(&now)?)
    }
}

/// Number of the settlement of a case (`setl_id`): the case's own, and for its refund the same with a mark.
pub(super) fn setl_id(case: &Case, negative: bool) -> String {
    if negative { format!("{}-CZ", case.number) } else { case.number.clone() }
}

/// The effect that a reversal of this case would have, as far as deciding about it needs one: the register is not asked.
pub(super) fn rehearsed(case: &Case) -> Effect {
    let settlement = case.settlement.as_ref().and_then(|settled| settled.reversed(&settled.year_after).ok());
    Effect { settlement, ..Effect::default() }
}
