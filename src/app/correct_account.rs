//! Another bank account for a settled case that is not paid (reliability 10): asked for by a clerk, decided from the first level
//! on, and its editor decides and pays nothing of the case. Knows forms and cases; must not know screens.

use std::collections::BTreeMap;

use xiangbao_core::case::{Case, Command, Refusal};
use xiangbao_core::event::{ACCOUNT_FIELDS, AccountCorrection};
use xiangbao_core::form::{self, FieldPath};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::Station;
use crate::store::Stored;

impl Station {
    /// The account of a case as its form holds it: field id, label, value; read-only fields are left out.
    ///
    /// # Errors
    /// When the actor may not, or the case does not exist.
    pub fn account_of_case(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
    ) -> Result<Vec<(String, String, String)>, AppError> {
        let case = self.snapshot()?.case(case_id)?.ok_or(Refusal::Unknown)?;
        self.authorize(actor, Action::CorrectAccount, &Subject::in_village(&case.filing.village))?;
        // Whole numbers are shown to be corrected.
        self.looked(actor, "unmask", &case.number)?;
        let def = self.form_of(&case)?;
        let mut fields = Vec::new();
        for id in ACCOUNT_FIELDS {
            let path = FieldPath::single(id);
            let Some(field) = def.field(&path).filter(|field| !field.readonly) else { continue };
            fields.push((id.to_owned(), field.label.clone(), case.filing.data.field(id).to_owned()));
        }
        Ok(fields)
    }

    /// Asks for another account: the changed fields, and which paper was seen.
    ///
    /// # Errors
    /// The refusal; nothing has happened then.
    pub fn correct_account(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        typed: &BTreeMap<String, String>,
        reason: &str,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        self.authorize(actor, Action::CorrectAccount, &Subject::in_village(&case.filing.village))?;
        if let Some(stored) = self.repeated(&snapshot, actor, case_id, &command_id)? {
            return Ok(stored);
        }
        let values = self.account_values(&case, typed)?;
        let reason = super::wording::worded(reason)?;
        let command = Command::CorrectAccount { correction: AccountCorrection { values, reason } };
        self.commit(actor, *case_id, Some(&case), command_id, command)
    }

    /// The account as it would stand, judged by the rules of the form's own fields.
    fn account_values(
        &self,
        case: &Case,
        typed: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, AppError> {
        let def = self.form_of(case)?;
        let mut data = case.filing.data.clone();
        for (id, raw) in typed {
            let path = FieldPath::single(id);
            let known = ACCOUNT_FIELDS.contains(&id.as_str());
            if !known || def.field(&path).is_none_or(|field| field.readonly) {
                return Err(AppError::Input(format!(
                    "{id} 不是这种业务的账户栏目。可用：{}",
                    ACCOUNT_FIELDS.join(" ")
                )));
            }
            let value = form::normalize_field(def, &data, &path, raw, self.today());
            data.set(&path, &value);
        }
        for id in typed.keys() {
            let findings = form::check_field(def, &data, &FieldPath::single(id), &self.eval_context());
            // Whose account it is is judged when it is paid: the form lets a stranger's pass with a reason.
            let own = |rule: &str| rule.starts_with("kind.") || rule == "length" || rule == "required";
            if let Some(finding) = findings.iter().find(|finding| own(&finding.rule)) {
                return Err(AppError::Input(finding.message.clone()));
            }
        }
        let changed = typed.keys().map(|id| (id.clone(), data.field(id).to_owned()));
        Ok(changed.filter(|(id, value)| case.filing.data.field(id) != value.as_str()).collect())
    }
}
