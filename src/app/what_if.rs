//! What if: the settlement of a case beside the same bill referred, at another level, elsewhere, with another identity.
//! Reads and asks; changes nothing.

use chrono::NaiveDate;
use xiangbao_core::case::{Case, Refusal};
use xiangbao_core::policy::{self, SettleInput, Settlement, Value, Variant};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::{Station, local};
use crate::store::Snapshot;

/// A settlement and what would come out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Printed number of the case, and whose it is.
    pub subject: String,
    /// The bill as it is.
    pub base: Settlement,
    /// Decided: as fixed at the last level. Else as it would be today.
    pub fixed: bool,
    /// The same bill under one change each.
    pub variants: Vec<Variant>,
    /// Names of the identities that the changes speak of, by code.
    pub identities: Vec<(String, String)>,
}

impl Station {
    /// Compares the settlement of a case with what it would be under other circumstances. The look is recorded.
    ///
    /// # Errors
    /// When the actor may not see the case, it has no bill, its bill cannot be settled, or the store cannot be read.
    pub fn compare_settlement(&self, actor: &Actor, case_id: &[u8; 16]) -> Result<Comparison, AppError> {
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        self.authorize(actor, Action::ViewCases, &Subject::in_village(&case.filing.village))?;
        if self.form_of(&case)?.effect != xiangbao_core::form::Effect::Reimburse {
            return Err(AppError::Input("这一件没有费用结算，不能比较。".to_owned()));
        }
        self.looked(actor, "view_case", &case.number)?;
        let input = self.input_of(&snapshot, &case)?;
        let pack = &self.library.policy;
        let base = policy::settle(pack, &input)?;
        let given = case.settlement.as_ref().map(|given| given.fund_pay_sumamt);
        if given.is_some_and(|given| given != base.fund_pay_sumamt) {
            return Err(AppError::Input(format!(
                "政策参数或本人身份在结算后改过，按现在的参数是 {}，当时是 {}，不能再比较。依据以当时的计算过程为准。",
                base.fund_pay_sumamt.to_grouped(),
                given.unwrap_or_default().to_grouped()
            )));
        }
        let named = self.aided_identities(input.end_date);
        let codes: Vec<&str> = named.iter().map(|(code, _)| code.as_str()).collect();
        let variants = policy::what_if(pack, &input, &codes)?;
        let subject = format!("{} {}", case.filing.title, case.number);
        Ok(Comparison { subject, base, fixed: case.settlement.is_some(), variants, identities: named })
    }

    /// The bill of a case: as it was asked when it was fixed, else as it is asked today.
    fn input_of(&self, snapshot: &Snapshot, case: &Case) -> Result<SettleInput, AppError> {
        let data = &case.filing.data;
        let (Some(given), Some(step)) = (&case.settlement, &case.effect) else {
            return self.settle_input(snapshot, data);
        };
        self.settled_bill(snapshot, data, given, local(step.wall_ms).date_naive())
    }

    /// The special identities that the area aids on `day` (003 A8), with their names.
    fn aided_identities(&self, day: NaiveDate) -> Vec<(String, String)> {
        match self.library.policy.at("contribution.aid", day).map(|row| &row.value) {
            Ok(Value::Aid(table)) => {
                table.classes.iter().map(|class| (class.code.clone(), class.label.clone())).collect()
            }
            _ => Vec::new(),
        }
    }
}
