//! What the register knows, put into a draft while it is typed: the person behind a certificate number, the household
//! behind its head, the present content beside a change, the settlement that a stay goes on from. Knows which fields
//! follow which; must not know screens.

use xiangbao_core::form::{Effect, FieldPath, FormData, FormDef};
use xiangbao_core::register::continued::PART_BEFORE;
use xiangbao_core::register::{Person, PersonField, PersonStatus};
use xiangbao_core::role::{Actor, Subject};

use super::drafts::action_to_fill;
use super::error::AppError;
use super::station::Station;
use crate::store::{Draft, Snapshot, search};

/// The table of changes (003 A14).
const CHANGES: &str = "changes";

impl Station {
    /// After the field at `path` was typed: fills what the register knows, and saves when anything was filled. Answers
    /// the fields that were filled. Of several persons with one number none is taken: the clerk must choose.
    ///
    /// # Errors
    /// When the actor may not, or the store cannot be read or written.
    pub fn follow_register(
        &self,
        actor: &Actor,
        draft: &mut Draft,
        path: &FieldPath,
    ) -> Result<Vec<FieldPath>, AppError> {
        let def = self.form_of_draft(draft)?;
        let key = if def.effect == Effect::EnrolHousehold { "householder_certno" } else { "certno" };
        let snapshot = self.snapshot()?;
        let mut filled = Vec::new();
        if path.row.is_none() && path.field == key {
            filled = match draft.correcting {
                false => self.fill_person(actor, &snapshot, def, draft, key)?,
                true => self.point_at_person(actor, &snapshot, def, draft, key)?,
            };
        }
        if def.effect == Effect::Reimburse && path.row.is_none() && path.field == PART_BEFORE {
            filled.extend(self.fill_part_before(&snapshot, def, &mut draft.data)?);
        }
        if def.effect == Effect::ChangePerson {
            filled.extend(befores(&snapshot, draft)?);
        }
        if !draft.correcting {
            filled.extend(self.fill_admission(&snapshot, def, draft, path)?);
        }
        if !filled.is_empty() {
            self.touch(draft)?;
        }
        Ok(filled)
    }

    /// A supplement that corrects the certificate number is about the person of the new number, or of nobody known;
    /// what else stands on the paper stays as it was handed in.
    fn point_at_person(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
        def: &FormDef,
        draft: &mut Draft,
        key: &str,
    ) -> Result<Vec<FieldPath>, AppError> {
        let own = FieldPath::single("psn_no");
        if def.field(&own).is_none() {
            return Ok(Vec::new());
        }
        let mut found = search::by_certificate(snapshot, draft.data.field(key))?;
        found.retain(|person| person.status != PersonStatus::Void);
        // One of them is meant already, for instance somebody whose relation was cancelled.
        if found.iter().any(|person| person.psn_no == draft.data.field("psn_no")) {
            return Ok(Vec::new());
        }
        found.retain(|person| person.status == PersonStatus::Active);
        let [person] = found.as_slice() else { return Ok(forget(draft, def)) };
        self.authorize(actor, action_to_fill(def), &Subject::in_village(person.get(PersonField::Village)))?;
        draft.data.set(&own, &person.psn_no);
        Ok(vec![own])
    }

    fn fill_person(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
        def: &FormDef,
        draft: &mut Draft,
        key: &str,
    ) -> Result<Vec<FieldPath>, AppError> {
        let mut found = search::by_certificate(snapshot, draft.data.field(key))?;
        found.retain(|person| person.status == PersonStatus::Active);
        let [person] = found.as_slice() else { return Ok(forget(draft, def)) };
        if draft.data.field("psn_no") == person.psn_no {
            return Ok(Vec::new());
        }
        self.authorize(actor, action_to_fill(def), &Subject::in_village(person.get(PersonField::Village)))?;
        self.looked(actor, "view_person", &person.psn_no)?;
        let mut known = FormData::default();
        self.prefill(snapshot, def, &mut known, person)?;
        // Another person than before: everything of the one before goes.
        let replaces = !draft.data.field("psn_no").is_empty();
        let mut filled = take(&known, &mut draft.data, replaces);
        filled.extend(self.fill_defaults(def, &mut draft.data));
        Ok(filled)
    }
}

/// The number is nobody's: a person number that was filled before is no longer true.
fn forget(draft: &mut Draft, def: &FormDef) -> Vec<FieldPath> {
    let own = FieldPath::single("psn_no");
    if def.field(&own).is_none() || draft.data.get(&own).is_empty() {
        return Vec::new();
    }
    draft.data.set(&own, "");
    vec![own]
}

/// Takes what is known: fields that are still empty (or all, when the person changed), and tables whose rows are all
/// empty.
fn take(known: &FormData, data: &mut FormData, replaces: bool) -> Vec<FieldPath> {
    let mut filled = Vec::new();
    for (id, value) in &known.fields {
        let path = FieldPath::single(id);
        if (replaces || data.get(&path).is_empty()) && data.get(&path) != value {
            data.set(&path, value);
            filled.push(path);
        }
    }
    for (table, rows) in &known.tables {
        if data.rows(table).iter().all(|row| row.values().all(String::is_empty)) {
            data.tables.insert(table.clone(), rows.clone());
            filled.push(FieldPath::cell(table, 0, ""));
        }
    }
    filled
}

/// The present content beside every change.
fn befores(snapshot: &Snapshot, draft: &mut Draft) -> Result<Vec<FieldPath>, AppError> {
    let number = draft.data.field("psn_no").to_owned();
    let person: Option<Person> = if number.is_empty() { None } else { snapshot.person(&number)? };
    let mut filled = Vec::new();
    for index in 0..draft.data.rows(CHANGES).len() {
        let item = draft.data.get(&FieldPath::cell(CHANGES, index, "chg_item"));
        let field = PersonField::of_change_item(item);
        let value = match (&person, field) {
            (Some(person), Some(field)) => person.get(field).to_owned(),
            _ => String::new(),
        };
        let path = FieldPath::cell(CHANGES, index, "before");
        if draft.data.get(&path) != value {
            draft.data.set(&path, &value);
            filled.push(path);
        }
    }
    Ok(filled)
}
