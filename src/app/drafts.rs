//! Drafts: what is typed and not handed in. Saved durably at each field exit, so that nothing typed is ever lost;
//! opened at the field where the work stopped.

use std::collections::BTreeMap;

use xiangbao_core::case::{Refusal, Status};
use xiangbao_core::form::{
    self, EvalContext, FieldPath, Finding, FormData, FormDef, Material, MaterialState, Severity,
};
use xiangbao_core::policy::contribution;
use xiangbao_core::register::{Person, PersonField, PersonStatus, identity_of};
use xiangbao_core::role::{Action, Actor, Subject};

use super::bill;
use super::error::AppError;
use super::station::Station;
use crate::store::{Draft, Snapshot};

/// Records of one form that are looked at for the one handed in before.
const LOOK_BACK: usize = 100;

/// What a field exit answers.
#[derive(Clone, Debug)]
pub struct FieldSaved {
    /// The value as it is kept.
    pub value: String,
    /// Other fields that were filled from it (birth date and sex from the number, amounts from the policy).
    pub filled: Vec<FieldPath>,
    /// What is wrong with this field.
    pub findings: Vec<Finding>,
    /// What the value says about itself: birth, sex and place of a number, code points of rare characters.
    pub remark: Option<String>,
}

/// The permission that filling a form takes.
pub fn action_to_fill(def: &FormDef) -> Action {
    match def.opened_by {
        form::Role::Auditor => Action::FillAudit,
        _ => Action::DraftCase,
    }
}

/// The permission that handing a form in takes.
pub(super) fn action_to_accept(def: &FormDef) -> Action {
    match def.opened_by {
        form::Role::Auditor => Action::FillAudit,
        _ => Action::AcceptCase,
    }
}

impl Station {
    /// The context in which forms are judged today.
    pub fn eval_context(&self) -> EvalContext<'_> {
        EvalContext {
            today: self.today(),
            codes: &self.library.codes,
            glyphs: crate::print::glyphs(),
            ruleset: self.library.policy.ruleset(self.today()),
            calendar: Some(&self.library.calendar),
        }
    }

    /// The definition of a form.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn form(&self, id: &str) -> Result<&FormDef, AppError> {
        let form = self.library.form(id).ok_or_else(|| AppError::NotFound(format!("表单 {id}")))?;
        Ok(&form.def)
    }

    /// Opens a new draft; with a person, the form is filled from the register.
    ///
    /// # Errors
    /// When the actor may not, or form or person do not exist.
    pub fn open_draft(&self, actor: &Actor, form: &str, psn_no: Option<&str>) -> Result<Draft, AppError> {
        let snapshot = self.snapshot()?;
        let person = match psn_no {
            Some(number) => {
                let found = snapshot.person(number)?;
                Some(found.ok_or_else(|| AppError::NotFound(format!("人员 {number}")))?)
            }
            None => None,
        };
        let subject = match &person {
            Some(person) => Subject::in_village(person.get(PersonField::Village)),
            None => Subject::none(),
        };
        let def = self.form(form)?;
        self.authorize(actor, action_to_fill(def), &subject)?;
        let mut data = def.blank();
        if let Some(person) = &person {
            self.looked(actor, "view_person", &person.psn_no)?;
            self.prefill(&snapshot, def, &mut data, person)?;
        }
        self.fill_defaults(def, &mut data);
        let draft = self.new_draft(actor, def, data);
        self.store.save_draft(&draft)?;
        Ok(draft)
    }

    /// A draft of somebody's with this content, by the form as it is now; not saved yet.
    pub(super) fn new_draft(&self, actor: &Actor, def: &FormDef, data: FormData) -> Draft {
        let now = self.now_ms();
        Draft {
            case_id: self.new_id(),
            account: actor.account.clone(),
            form: def.id.clone(),
            form_version: def.version,
            form_hash: self.library.form(&def.id).map(|form| form.hash.clone()).unwrap_or_default(),
            data,
            caret: String::new(),
            opened_ms: now,
            saved_ms: now,
            correcting: false,
            answers: BTreeMap::new(),
            received_ms: None,
        }
    }

    /// Opens the draft that puts a returned case right; the same one again when it was begun already.
    ///
    /// # Errors
    /// When the actor may not, or the case is not waiting for a supplement.
    pub fn open_correction(&self, actor: &Actor, case_id: &[u8; 16]) -> Result<Draft, AppError> {
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        let action = action_to_accept(self.form_of(&case)?);
        self.authorize(actor, action, &Subject::in_village(&case.filing.village))?;
        if case.status != Status::Supplement {
            return Err(Refusal::WrongStatus(case.status).into());
        }
        self.looked(actor, "view_case", &case.number)?;
        if let Some(draft) = snapshot.draft(&actor.account, case_id)? {
            return Ok(draft);
        }
        let now = self.now_ms();
        let caret = case.open_demands().first().map(|demand| demand.path.clone()).unwrap_or_default();
        let draft = Draft {
            case_id: *case_id,
            account: actor.account.clone(),
            form: case.filing.form.clone(),
            form_version: case.filing.form_version,
            form_hash: case.filing.form_hash.clone(),
            data: case.filing.data.clone(),
            caret,
            opened_ms: now,
            saved_ms: now,
            correcting: true,
            answers: BTreeMap::new(),
            received_ms: None,
        };
        self.store.save_draft(&draft)?;
        Ok(draft)
    }

    /// Field exit: normalises, fills what follows, checks, and saves the draft durably.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn save_field(&self, draft: &mut Draft, path: &FieldPath, raw: &str) -> Result<FieldSaved, AppError> {
        let def = self.form_of_draft(draft)?;
        let value = form::normalize_field(def, &draft.data, path, raw, self.today());
        let in_bill =
            path.row.as_ref().and_then(|(table, _)| def.table(table)).and_then(|s| s.table.as_ref());
        if in_bill.is_some_and(|table| table.grid) {
            let following = form::following(def, &draft.data, path, &self.eval_context());
            bill::make_way(def, &mut draft.data, path, &value, &following);
        }
        draft.data.set(path, &value);
        let filled = self.fill_defaults(def, &mut draft.data);
        let findings = form::check_field(def, &draft.data, path, &self.eval_context());
        let remark = form::field_remark(def, &draft.data, path, &self.eval_context());
        draft.caret = path.to_string();
        self.touch(draft)?;
        Ok(FieldSaved { value, filled, findings, remark })
    }

    /// Notes what was seen of a material, and saves.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn save_material(&self, draft: &mut Draft, id: &str, state: MaterialState) -> Result<(), AppError> {
        draft.data.materials.insert(id.to_owned(), state);
        self.touch(draft)
    }

    /// The one-time notice of a draft leaves the printer: what it asks for now is what was asked for first (003 A35).
    ///
    /// # Errors
    /// When there is no such draft of this account, or the store refuses.
    pub fn note_notice(&self, actor: &Actor, case_id: &[u8; 16]) -> Result<(), AppError> {
        let draft = self.snapshot()?.draft(&actor.account, case_id)?;
        let mut draft = draft.ok_or_else(|| AppError::NotFound("草稿".to_owned()))?;
        if !draft.data.noticed.is_empty() {
            return Ok(());
        }
        let def = self.form_of_draft(&draft)?;
        let missing = form::missing_materials(def, &draft.data, &self.eval_context());
        draft.data.noticed = missing.iter().map(|material| format!("mat.{}", material.id)).collect();
        self.touch(&mut draft)
    }

    /// Puts a row into a table, at an index or at the end; answers its index.
    ///
    /// # Errors
    /// When the table is full, or the store refuses.
    pub fn add_row(
        &self,
        draft: &mut Draft,
        table: &str,
        at: Option<usize>,
        row: form::Row,
    ) -> Result<usize, AppError> {
        let def = self.form_of_draft(draft)?;
        let max = def.table(table).and_then(|section| section.table.as_ref()).map_or(0, |spec| spec.max);
        let rows = draft.data.tables.entry(table.to_owned()).or_default();
        if rows.len() >= max {
            return Err(AppError::Input(format!("这张表最多 {max} 行，请另填一张。")));
        }
        let index = at.unwrap_or(rows.len()).min(rows.len());
        rows.insert(index, row);
        self.fill_defaults(def, &mut draft.data);
        self.touch(draft)?;
        Ok(index)
    }

    /// Removes a row of a table.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn remove_row(&self, draft: &mut Draft, table: &str, index: usize) -> Result<(), AppError> {
        if let Some(rows) = draft.data.tables.get_mut(table)
            && index < rows.len()
        {
            rows.remove(index);
        }
        self.touch(draft)
    }

    /// Puts earlier values back (undo), and saves.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn restore_draft(&self, draft: &mut Draft, data: FormData) -> Result<(), AppError> {
        let noticed = std::mem::take(&mut draft.data.noticed);
        draft.data = FormData { noticed, ..data };
        self.touch(draft)
    }

    /// Saves a draft as it stands.
    ///
    /// # Errors
    /// When it was handed in meanwhile, or the store refuses.
    pub fn touch(&self, draft: &mut Draft) -> Result<(), AppError> {
        let _turn = self.store.turn();
        // What another terminal handed in meanwhile is a case: saving would make a draft of it again.
        match self.snapshot()?.case(&draft.case_id)? {
            None => {}
            Some(case) if draft.correcting && case.status == Status::Supplement => {}
            Some(case) if draft.correcting => return Err(Refusal::WrongStatus(case.status).into()),
            Some(_) => return Err(Refusal::Exists.into()),
        }
        draft.saved_ms = self.now_ms();
        Ok(self.store.save_draft(draft)?)
    }

    /// Throws a draft away: asked for explicitly, never a side effect.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn discard_draft(&self, draft: &Draft) -> Result<(), AppError> {
        Ok(self.store.remove_draft(&draft.account, &draft.case_id)?)
    }

    /// The drafts of an account, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn drafts(&self, actor: &Actor) -> Result<Vec<Draft>, AppError> {
        Ok(self.snapshot()?.drafts(&actor.account)?)
    }

    /// What is wrong with a draft, in the order of the paper. Warnings that the clerk answered with a reason are
    /// left out.
    ///
    /// # Errors
    /// When the form is unknown.
    pub fn check_draft(&self, draft: &Draft) -> Result<Vec<Finding>, AppError> {
        let def = self.form_of_draft(draft)?;
        let findings = form::evaluate(def, &draft.data, &self.eval_context());
        Ok(findings
            .into_iter()
            .filter(|finding| {
                finding.severity == Severity::Error || !draft.answers.contains_key(&answer_key(finding))
            })
            .collect())
    }

    /// Lets a warning pass with a reason, and saves.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn answer_warning(&self, draft: &mut Draft, finding: &Finding, reason: &str) -> Result<(), AppError> {
        draft.answers.insert(answer_key(finding), reason.to_owned());
        self.touch(draft)
    }

    /// Materials that the draft needs.
    ///
    /// # Errors
    /// When the form is unknown.
    pub fn materials_due(&self, draft: &Draft) -> Result<Vec<&Material>, AppError> {
        let def = self.form_of_draft(draft)?;
        Ok(form::materials_due(def, &draft.data, &self.eval_context()))
    }

    /// The value of a field in the record handed in before this one with the same form (F2); for a row, the row
    /// above first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn carry_over(&self, draft: &Draft, path: &FieldPath) -> Result<Option<String>, AppError> {
        if let Some((table, index)) = &path.row
            && let Some(above) = index.checked_sub(1)
        {
            let value = draft.data.get(&FieldPath::cell(table, above, &path.field));
            return Ok((!value.is_empty()).then(|| value.to_owned()));
        }
        let snapshot = self.snapshot()?;
        // Printed numbers begin with the form's code and this station and epoch, and end with the operation.
        let identity = self.store.identity();
        let code = &self.form_of_draft(draft)?.code;
        let begins = format!("{code}{}-{}-", identity.station, identity.epoch);
        let cases = snapshot.latest_cases(&begins, LOOK_BACK)?;
        let before = cases
            .iter()
            .find(|(_, case)| case.filing.form == draft.form && case.accepted.account == draft.account);
        let value = before.map(|(_, case)| case.filing.data.get(path)).unwrap_or_default();
        Ok((!value.is_empty()).then(|| value.to_owned()))
    }

    /// Fills empty fields that follow from others: the form's own derivations, and for an enrolment the amounts of
    /// the policy (003 A22, A27).
    pub(super) fn fill_defaults(&self, def: &FormDef, data: &mut FormData) -> Vec<FieldPath> {
        let mut filled = Vec::new();
        for (path, value) in form::derived(def, data, &self.eval_context()) {
            data.set(&path, &value);
            filled.push(path);
        }
        filled.extend(self.fill_amounts(def, data));
        filled.extend(self.fill_area(def, data));
        filled
    }

    /// The name of the place of treatment follows its code (national name `mdtrtarea_admdvs`): what is read can never say
    /// otherwise than what is settled.
    fn fill_area(&self, def: &FormDef, data: &mut FormData) -> Option<FieldPath> {
        let (code, name) = (FieldPath::single("mdtrtarea_admdvs"), FieldPath::single("mdtrtarea"));
        let follows = def.field(&code).is_some() && def.field(&name).is_some_and(|field| field.readonly);
        let known = self.library.codes.area_name(data.get(&code)).unwrap_or_default();
        (follows && data.get(&name) != known).then(|| {
            data.set(&name, known);
            name
        })
    }

    fn fill_amounts(&self, def: &FormDef, data: &mut FormData) -> Vec<FieldPath> {
        let mut filled = Vec::new();
        let table = match def.effect {
            form::Effect::EnrolHousehold => "members",
            form::Effect::EnrolStudents => "students",
            _ => return filled,
        };
        let Ok(year) = data.field("insu_year").parse() else { return filled };
        for index in 0..data.rows(table).len() {
            let at = |field: &str| FieldPath::cell(table, index, field);
            if data.get(&at("psn_name")).is_empty() || !data.get(&at("pay_std")).is_empty() {
                continue;
            }
            let identity = data.rows(table).get(index).and_then(identity_of);
            let policy = &self.library.policy;
            let Ok(due) = contribution(policy, year, identity.as_slice(), self.today()) else {
                continue;
            };
            for (field, amount) in
                [("pay_std", due.standard), ("aid_amt", due.aid), ("psn_clct_amt", due.personal)]
            {
                data.set(&at(field), &amount.to_yuan());
                filled.push(at(field));
            }
        }
        filled
    }

    pub(super) fn prefill(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        data: &mut FormData,
        person: &Person,
    ) -> Result<(), AppError> {
        if def.effect == form::Effect::EnrolHousehold {
            return self.prefill_household(snapshot, def, data, person);
        }
        let mut set = |id: &str, value: &str| {
            let path = FieldPath::single(id);
            if def.field(&path).is_some() {
                data.set(&path, value);
            }
        };
        set("psn_no", &person.psn_no);
        for field in PersonField::ALL {
            set(field.id(), person.get(field));
        }
        let enrolments = snapshot.enrolments(&person.psn_no)?;
        if let Some(first) = enrolments.first() {
            set("insu_begin", &first.entitled_from);
        }
        Ok(())
    }

    /// The whole household in one pass: shared fields once, every active member a row.
    fn prefill_household(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        data: &mut FormData,
        person: &Person,
    ) -> Result<(), AppError> {
        let members = snapshot.members(&person.household_no)?;
        let household = snapshot.household(&person.household_no)?;
        if let Some(household) = &household {
            for (id, value) in [
                ("admdvs12", &household.admdvs12),
                ("group_no", &household.group_no),
                ("resdbook_no", &household.resdbook_no),
                ("householder_name", &household.head_name),
                ("hsreg_addr", &household.address),
            ] {
                data.set(&FieldPath::single(id), value);
            }
            if let Some(head) = members.iter().find(|member| member.psn_no == household.head_psn_no) {
                for (id, field) in [
                    ("householder_certno", PersonField::CertNo),
                    ("mob", PersonField::Phone),
                    ("live_addr", PersonField::LivingAddress),
                ] {
                    data.set(&FieldPath::single(id), head.get(field));
                }
            }
        }
        let active: Vec<&Person> =
            members.iter().filter(|member| member.status == PersonStatus::Active).collect();
        data.tables.insert("members".to_owned(), vec![form::Row::new(); active.len().max(1)]);
        for (index, member) in active.iter().enumerate() {
            for field in PersonField::ALL {
                let path = FieldPath::cell("members", index, field.id());
                if def.field(&path).is_some() {
                    data.set(&path, member.get(field));
                }
            }
        }
        let count = active.len().to_string();
        data.set(&FieldPath::single("family_cnt"), &count);
        data.set(&FieldPath::single("insured_cnt"), &count);
        Ok(())
    }
}

/// Under which key an answer to a warning is kept: the same rule at the same place.
pub fn answer_key(finding: &Finding) -> String {
    format!("{}@{}", finding.rule, finding.path)
}
