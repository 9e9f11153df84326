//! Registering the pupils and students of a school's roster (003 A6, A9): a person and an enrolment for each row, without
//! a household, the school as unit. Knows the register through its view; amounts and days of cover come from the same
//! place as those of a household.

use super::effect::{EffectContext, RegisterView, cell, enrolment, enrolment_of, is_person, member, year_of};
use super::{Change, EffectRefusal, EnrolmentStatus, Person, PersonField, PersonStatus, contribution};
use crate::form::{FormData, Row};

/// Table of the form.
const STUDENTS: &str = "students";
/// Column with the division of the household registration, a national name.
const RESIDENCE: &str = "resd_loc_admdvs";

/// The changes of one roster.
pub(super) fn enrol(
    data: &FormData,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let year = year_of(data)?;
    let (mut serial, _) = view.serials()?;
    let today = context.today.to_string();
    let mut changes: Vec<Change> = Vec::new();
    for row in data.rows(STUDENTS) {
        let name = cell(row, PersonField::Name.id());
        // 003 A6: schools register those whom no village has registered.
        if cell(row, "enrolled_in_village") == "1" {
            return Err(EffectRefusal::AlreadyEnrolled { name: name.to_owned(), year });
        }
        let mut record = member(row, view, context, &mut serial)?;
        if changes.iter().any(|change| is_person(change, &record)) {
            return Err(EffectRefusal::Twice(record.name().to_owned()));
        }
        let before = enrolment(view, &record.psn_no, year)?;
        if before.as_ref().is_some_and(|now| now.status == EnrolmentStatus::Normal) {
            return Err(EffectRefusal::AlreadyEnrolled { name: name.to_owned(), year });
        }
        fill(&mut record, row);
        let mut enrolled = enrolment_of(row, &record, before.map_or(0, |now| now.rev), data, context)?;
        enrolled.unit = Some(data.field("school_name").to_owned());
        changes.extend(contribution::of_enrolment(data, name, &enrolled, view)?);
        changes.push(Change::Person { effective: today.clone(), record });
        changes.push(Change::Enrolment { effective: today.clone(), record: enrolled });
    }
    Ok(changes)
}

/// Brings a row into the person's record. A household that the register knows stays; so does a village, unless the
/// roster names one, and a telephone: the roster has that of a guardian only, which serves where there is none.
fn fill(record: &mut Person, row: &Row) {
    record.rev += 1;
    record.status = PersonStatus::Active;
    for field in PersonField::ALL {
        let value = cell(row, field.id());
        if !value.is_empty() {
            record.set(field, value);
        }
    }
    let residence = cell(row, RESIDENCE);
    if is_village(residence) || record.get(PersonField::Village).is_empty() {
        record.set(PersonField::Village, residence);
    }
    if record.get(PersonField::Phone).is_empty() {
        record.set(PersonField::Phone, cell(row, "guardian_tel"));
    }
}

/// Twelve digits that name a village: townships end with three zeros.
fn is_village(code: &str) -> bool {
    code.len() == 12 && !code.ends_with("000")
}
