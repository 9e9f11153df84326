//! The settlement of a reimbursement as it would be today: shown to every reviewer with its trace, fixed when the
//! last level agrees.

use chrono::Datelike;
use xiangbao_core::form::FormData;
use xiangbao_core::policy::{self, PolicyGap, SettleInput, Settlement, YearToDate};

use super::error::AppError;
use super::station::Station;
use crate::store::Snapshot;

impl Station {
    /// Settles the bill of a form with what the person has used in that year.
    ///
    /// # Errors
    /// When the policy has no answer, or the store cannot be read.
    pub fn settle(&self, snapshot: &Snapshot, data: &FormData) -> Result<Settlement, AppError> {
        // The year of the accumulations follows from the rule date, which only the settlement knows: ask once with
        // nothing used, then again with what that year and benefit hold.
        let fresh = self.settle_with(data, YearToDate::default())?;
        let Ok(year) = u16::try_from(fresh.year) else {
            let problem = format!("年度 {} 无法识别", fresh.year);
            return Err(PolicyGap::Input { field: "year".to_owned(), problem }.into());
        };
        let psn_no = self.claimant(snapshot, data)?;
        let Some(used) = snapshot.accumulation(&psn_no, year, &fresh.benefit)? else {
            return Ok(fresh);
        };
        self.settle_with(
            data,
            YearToDate {
                fund_paid: used.fund_paid,
                deductible_paid: used.deductible_paid,
                admissions: used.admissions,
            },
        )
    }

    fn settle_with(&self, data: &FormData, used: YearToDate) -> Result<Settlement, AppError> {
        let input = SettleInput::from_form(data, self.today(), used)?;
        Ok(policy::settle(&self.library.policy, &input)?)
    }

    fn claimant(&self, snapshot: &Snapshot, data: &FormData) -> Result<String, AppError> {
        let number = data.field("psn_no");
        if !number.is_empty() {
            return Ok(number.to_owned());
        }
        let found = crate::store::search::by_certificate(snapshot, data.field("certno"))?;
        Ok(found.first().map(|person| person.psn_no.clone()).unwrap_or_default())
    }

    /// The insurance year that a new enrolment is for: next year's from 1 September on (003 A22), else this year's.
    pub fn enrolment_year(&self) -> i32 {
        let today = self.today();
        if today.month() >= 9 { today.year() + 1 } else { today.year() }
    }
}
