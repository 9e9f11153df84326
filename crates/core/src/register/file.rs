//! Filing a record of a person (003 A13, A23, A65-A73): what the form says is kept, with its days of validity, and never
//! twice while one is open. Knows the register through its view; must not know any one form.

use super::effect::{EffectContext, RegisterView, active_of_form, cell, covered, date, person_by_certno};
use super::{Change, EffectRefusal, FilingRecord, Person, PersonStatus};
use crate::form::{FormData, RecordSpec, Row};

/// Files the record of the form's person, or one for each row of the table that the form names.
pub(super) fn file(
    data: &FormData,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let none = RecordSpec::default();
    let spec = context.record.unwrap_or(&none);
    let Some(table) = &spec.each else {
        let person = active_of_form(data, view)?;
        return Ok(vec![filed(&person, &|id| data.field(id), spec, view, context)?]);
    };
    let mut changes: Vec<Change> = Vec::new();
    for row in data.rows(table) {
        let person = person_of_row(row, view)?;
        let value = |id: &str| match cell(row, id) {
            "" => data.field(id),
            own => own,
        };
        let change = filed(&person, &value, spec, view, context)?;
        if changes.iter().any(|other| other.key() == change.key()) {
            return Err(EffectRefusal::Twice(person.name().to_owned()));
        }
        changes.push(change);
    }
    Ok(changes)
}

/// The person of a row, known by the certificate number, under the same name.
fn person_of_row(row: &Row, view: &dyn RegisterView) -> Result<Person, EffectRefusal> {
    let name = cell(row, "psn_name");
    let found = person_by_certno(view, cell(row, "certno"))?;
    match found.filter(|person| person.status == PersonStatus::Active) {
        None => Err(EffectRefusal::NotInRegister { name: name.to_owned() }),
        Some(person) if person.name() != name => Err(EffectRefusal::OtherPerson {
            certno: person.certno().to_owned(),
            other: person.name().to_owned(),
        }),
        Some(person) => Ok(person),
    }
}

fn filed<'a>(
    person: &Person,
    value: &dyn Fn(&str) -> &'a str,
    spec: &RecordSpec,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Change, EffectRefusal> {
    let today = context.today.to_string();
    let day = |field: &Option<String>| field.as_deref().map_or("", value).to_owned();
    let from = match day(&spec.from) {
        day if day.is_empty() => today.clone(),
        day => day,
    };
    if spec.needs_cover {
        covered(person, date(&from, spec.from.as_deref().unwrap_or_default())?, view)?;
    }
    if spec.agreed_first && from < today {
        return Err(EffectRefusal::BeforeAgreement { from, today });
    }
    let before = view.filings(&person.psn_no, context.form)?;
    agrees(person, value, spec, &before, &from)?;
    let serial = before.iter().map(|other| other.serial).max().unwrap_or_default().saturating_add(1);
    let kept = spec.keep.iter().chain(&spec.fixed).chain(spec.unique.iter().flatten());
    let values = kept.map(|id| (id.clone(), value(id).to_owned())).filter(|(_, value)| !value.is_empty());
    let record = FilingRecord {
        psn_no: person.psn_no.clone(),
        kind: context.form.to_owned(),
        serial,
        rev: 1,
        from,
        to: day(&spec.to),
        values: values.collect(),
        void: false,
    };
    Ok(Change::Filing { effective: today, record })
}

/// Nothing open stands against it: no second record of the same, none that says otherwise in a fixed field.
fn agrees<'a>(
    person: &Person,
    value: &dyn Fn(&str) -> &'a str,
    spec: &RecordSpec,
    before: &[FilingRecord],
    from: &str,
) -> Result<(), EffectRefusal> {
    let open = |other: &&FilingRecord| !other.void && !other.ended_before(from);
    if let Some(fields) = &spec.unique
        && let Some(other) =
            before.iter().filter(open).find(|other| fields.iter().all(|id| other.value(id) == value(id)))
    {
        return Err(EffectRefusal::FiledAlready {
            name: person.name().to_owned(),
            from: other.from.clone(),
            to: other.to.clone(),
        });
    }
    for other in before.iter().filter(open) {
        if let Some(id) = spec.fixed.iter().find(|id| other.value(id) != value(id)) {
            return Err(EffectRefusal::FiledOtherwise {
                name: person.name().to_owned(),
                before: other.value(id).to_owned(),
                now: value(id).to_owned(),
                to: other.to.clone(),
            });
        }
    }
    Ok(())
}
