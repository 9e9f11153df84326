//! Who keeps away from an audit (003 A117(1)5): the audited person, the members of the household, and no auditor among
//! them. Knows the fields of the audit's forms; must not know how a case goes on.

use xiangbao_core::case::Refusal;
use xiangbao_core::form::{self, FormData, FormDef};
use xiangbao_core::register::PersonStatus;

use super::error::AppError;
use crate::store::{Snapshot, search};

/// The table of the auditors, and the column with their certificate numbers.
const AUDITORS: (&str, &str) = ("auditors", "auditor_certno");

/// Certificate numbers of everyone who may not act: for an audit the whole household of the audited person, besides
/// those whom the form names.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn subjects(
    snapshot: &Snapshot,
    def: &FormDef,
    data: &FormData,
    mut named: Vec<String>,
) -> Result<Vec<String>, AppError> {
    if def.opened_by == form::Role::Auditor {
        named.extend(household(snapshot, data)?);
        named.sort();
        named.dedup();
    }
    Ok(named)
}

/// Refuses a paper that names an auditor who is the audited person or lives in the household.
///
/// # Errors
/// The recusal, or when the store cannot be read.
pub(super) fn recused(snapshot: &Snapshot, data: &FormData) -> Result<(), AppError> {
    let mut kept_away = household(snapshot, data)?;
    kept_away.push(data.field("certno").to_owned());
    let (table, column) = AUDITORS;
    let certno = |row: &form::Row| row.get(column).cloned().unwrap_or_default();
    let concerned = |certno: String| !certno.is_empty() && kept_away.contains(&certno);
    match data.rows(table).iter().map(certno).any(concerned) {
        true => Err(Refusal::Concerned.into()),
        false => Ok(()),
    }
}

/// Certificate numbers of the household of the audited person, as the register has it.
fn household(snapshot: &Snapshot, data: &FormData) -> Result<Vec<String>, AppError> {
    let mut numbers = Vec::new();
    for person in search::by_certificate(snapshot, data.field("certno"))? {
        if person.household_no.is_empty() {
            continue;
        }
        let members = snapshot.members(&person.household_no)?;
        let living = members.iter().filter(|member| member.status != PersonStatus::Void);
        numbers.extend(living.map(|member| member.certno().to_owned()).filter(|number| !number.is_empty()));
    }
    Ok(numbers)
}
