//! A stay in several parts (seed 002: 系统切换前先结算的续住): finds the earlier settlement that a claim names, tells what it hands
//! on, and keeps it standing while a later part rests on it. Knows where claims lie; what may follow what is in the register.

use xiangbao_core::case::{Case, Status};
use xiangbao_core::form::{Effect, FieldPath, FormData, FormDef};
use xiangbao_core::money::{Fen, parse_yuan};
use xiangbao_core::register::continued::{PART_BEFORE, PART_BEFORE_END, PART_BEFORE_PAID, before, continued};
use xiangbao_core::register::{EffectRefusal, NotContinued, PartBefore};

use super::error::AppError;
use super::station::Station;
use crate::store::Snapshot;

impl Station {
    /// The deductible that the earlier parts of a claim's stay bore; none for a treatment of its own. An earlier part that
    /// this office does not hold is believed as the form says it, from the settlement slip.
    ///
    /// # Errors
    /// Why the stay does not go on from the settlement named.
    pub(super) fn continued_from(
        &self,
        snapshot: &Snapshot,
        data: &FormData,
    ) -> Result<Option<Fen>, AppError> {
        let number = data.field(PART_BEFORE);
        if number.is_empty() {
            return Ok(None);
        }
        let refused = |why| EffectRefusal::NotContinued { number: number.to_owned(), why };
        let Some(case) = self.earlier_part(snapshot, number)? else {
            if self.is_own_number(number) {
                return Err(refused(NotContinued::Unknown).into());
            }
            let typed = parse_yuan(data.field(PART_BEFORE_PAID));
            let typed = typed.map_err(|_| EffectRefusal::BadValue(PART_BEFORE_PAID.to_owned()))?;
            return Ok(Some(typed));
        };
        let part = part_of(&case, &self.claimant(snapshot, data)?);
        let found = continued(data, &part).map_err(refused)?;
        Ok(Some(found.paid))
    }

    /// Fills what the earlier settlement hands on, when its number was typed; nothing where it cannot be followed: the
    /// check says why.
    pub(super) fn fill_part_before(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        data: &mut FormData,
    ) -> Result<Vec<FieldPath>, AppError> {
        let mut filled = Vec::new();
        let Some(case) = self.earlier_part(snapshot, data.field(PART_BEFORE))? else { return Ok(filled) };
        let Ok(known) = before(&part_of(&case, &self.claimant(snapshot, data)?)) else { return Ok(filled) };
        let values = [
            (PART_BEFORE, case.number.clone()),
            (PART_BEFORE_END, known.until.to_string()),
            (PART_BEFORE_PAID, known.paid.to_yuan()),
            ("adm_no", known.admission_no.to_string()),
        ];
        for (id, value) in values {
            let path = FieldPath::single(id);
            if def.field(&path).is_some() && data.get(&path) != value {
                data.set(&path, &value);
                filled.push(path);
            }
        }
        Ok(filled)
    }

    /// Refuses to take back a settlement on which a later part of the stay rests.
    ///
    /// # Errors
    /// Names the later part.
    pub(super) fn no_part_after(&self, snapshot: &Snapshot, case: &Case) -> Result<(), AppError> {
        let data = &case.filing.data;
        for (_, other) in snapshot.cases_of_person(&self.claimant(snapshot, data)?)? {
            let rests = other.filing.data.field(PART_BEFORE) == case.number;
            if rests && other.effect.is_some() && other.status != Status::Reversed {
                return Err(EffectRefusal::GoesOn(other.number).into());
            }
        }
        Ok(())
    }

    /// The claim with this number, if this office settles it; one that another station settles is not looked into.
    fn earlier_part(&self, snapshot: &Snapshot, number: &str) -> Result<Option<Case>, AppError> {
        let number = number.trim().to_ascii_uppercase();
        if number.is_empty() {
            return Ok(None);
        }
        let Some(id) = snapshot.case_id_by_number(&number)? else { return Ok(None) };
        let claim = |case: &Case| self.form_of(case).is_ok_and(|def| def.effect == Effect::Reimburse);
        Ok(snapshot.case(&id)?.filter(|case| case.origin.is_none() && claim(case)))
    }

    /// The number is one that this station gives: a slip of the pen then, not a paper from elsewhere.
    fn is_own_number(&self, number: &str) -> bool {
        let station = &self.store.identity().station;
        let own = number.trim().to_ascii_uppercase();
        own.get(2..).is_some_and(|rest| rest.starts_with(&format!("{station}-")))
    }
}

fn part_of<'a>(case: &'a Case, psn_no: &str) -> PartBefore<'a> {
    let data = &case.filing.data;
    let own = data.field("psn_no") == psn_no || case.filing.persons.iter().any(|person| person == psn_no);
    let stands = matches!(case.status, Status::InEffect | Status::Correcting(_));
    PartBefore {
        own: own && !psn_no.is_empty(),
        settled: case.settlement.as_ref().filter(|_| stands),
        standing: case.status.label(),
        data,
    }
}
