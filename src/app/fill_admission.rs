//! Which admission of the year a stay is (本年第几次住院, 003 A87): what the register has settled and what lies accepted and
//! not yet decided. A proposal: a stay that another office or the hospital itself settled is not known here, so the clerk
//! may write another number. Knows the claim's form; must not know how it is settled.

use chrono::NaiveDate;
use xiangbao_core::form::{self, Effect, FieldPath, FormData, FormDef};
use xiangbao_core::policy;
use xiangbao_core::register::continued::PART_BEFORE;

use super::case_view::OPEN;
use super::error::AppError;
use super::settle_case::YearUsed;
use super::station::Station;
use crate::store::{Draft, Snapshot};

/// The number of the admission.
const NUMBER: &str = "adm_no";
/// What it follows from.
const BASES: [&str; 4] = ["certno", "med_type", "begntime", "endtime"];

impl Station {
    /// After the field at `path` was typed: the number of the admission where it is asked for and not written yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn fill_admission(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        draft: &mut Draft,
        path: &FieldPath,
    ) -> Result<Option<FieldPath>, AppError> {
        let own = FieldPath::single(NUMBER);
        let follows = path.row.is_none() && BASES.contains(&path.field.as_str());
        // A further part of a stay has the number of the part before.
        let goes_on = !draft.data.field(PART_BEFORE).is_empty();
        if def.effect != Effect::Reimburse || !follows || goes_on || !draft.data.get(&own).is_empty() {
            return Ok(None);
        }
        if !form::shown_fields(def, &draft.data, &self.eval_context()).contains(&own) {
            return Ok(None);
        }
        let (data, today) = (&draft.data, self.today());
        let psn_no = self.claimant(snapshot, data)?;
        let Some(end) = day(data, "endtime").filter(|_| !psn_no.is_empty()) else { return Ok(None) };
        // Where the year cannot be told yet, nothing is proposed; the check before handing in says why.
        let Ok(before) = self.used_before(snapshot, &psn_no, data.field("med_type"), (end, today)) else {
            return Ok(None);
        };
        let mut number = before.used.admissions.saturating_add(1);
        for (case_id, case) in snapshot.cases_of_person(&psn_no)? {
            let other = &case.filing.data;
            let undecided = OPEN.contains(&case.status) && case.settlement.is_none();
            let claimed = undecided && case_id != draft.case_id && other.field("psn_no") == psn_no;
            let admitted = !other.field(NUMBER).is_empty() && other.field(PART_BEFORE).is_empty();
            if claimed && admitted && self.same_year(other, &before, today) {
                number = number.saturating_add(1);
            }
        }
        draft.data.set(&own, &number.to_string());
        Ok(Some(own))
    }

    /// Whether another claim belongs to the same benefit and year.
    fn same_year(&self, other: &FormData, before: &YearUsed<'_>, today: NaiveDate) -> bool {
        let Some(end) = day(other, "endtime") else { return false };
        let ground = policy::settlement_year(&self.library.policy, other.field("med_type"), end, today);
        ground.is_ok_and(|(benefit, year)| (benefit, year) == (before.benefit, before.year))
    }
}

fn day(data: &FormData, id: &str) -> Option<NaiveDate> {
    data.field(id).parse().ok()
}
