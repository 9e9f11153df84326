//! 受理: a draft becomes a case with a number and a clock; or is refused with reason; or, after a supplement, comes
//! back in its old place. Before anything is written the effect is tried against the register, so that a second
//! enrolment or a used invoice is found at the counter and not at the last level.

use xiangbao_core::case::{Command, Refusal};
use xiangbao_core::event::{Filing, Level, Listing, Promise};
use xiangbao_core::findings::Pinned;
use xiangbao_core::form::{self, Effect as FormEffect, FormData, FormDef, Seat, Severity};
use xiangbao_core::register::{Change, EffectContext, PersonField, effects_of, refund_amount};
use xiangbao_core::role::{Actor, Subject};

use super::audit;
use super::drafts::action_to_accept;
use super::error::AppError;
use super::levels_of::level_at;
use super::station::Station;
use crate::store::{Draft, Snapshot, Stored, draft_removal};

/// What an acceptance answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Case id.
    pub case_id: [u8; 16],
    /// Printed number.
    pub number: String,
    /// Promise, for the receipt.
    pub promise: Promise,
    /// Levels it goes through, with their seats; none for a refused one.
    pub levels: Vec<String>,
    /// Proof that it is stored.
    pub stored: Stored,
}

impl Station {
    /// Hands a draft in: 受理, or the corrected case after a supplement.
    ///
    /// # Errors
    /// Findings that stand in the way, a refusal, or a fault of the store; the draft is kept then.
    pub fn accept(&self, actor: &Actor, draft: &Draft, command_id: [u8; 16]) -> Result<Accepted, AppError> {
        let subject = Subject::in_village(&village_of(&draft.data));
        self.authorize(actor, action_to_accept(self.form_of_draft(draft)?), &subject)?;
        own(actor, draft)?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        if let Some(stored) = self.repeated(&snapshot, actor, &draft.case_id, &command_id)? {
            return self.accepted_before(&snapshot, draft, stored);
        }
        let blocking = self.check_draft(draft)?;
        if !blocking.is_empty() {
            return Err(AppError::Findings(blocking));
        }
        let def = self.form_of_draft(draft)?;
        let mut data = form::without_hidden(def, &draft.data, &self.eval_context());
        data.answers.clone_from(&draft.answers);
        let missing = form::missing_materials(def, &data, &self.eval_context());
        if !missing.is_empty() {
            return Err(AppError::Materials(form::missing_names(&missing)));
        }
        self.effect_of(&snapshot, def, &data)?;
        let findings = self.judged(&snapshot, def, &data, draft)?;
        if let Some(moment) = draft.received_ms.filter(|_| !draft.correcting) {
            self.check_received(draft, moment)?;
        }
        if draft.correcting {
            self.resubmit(actor, &snapshot, draft, (data, findings), command_id)
        } else {
            self.accept_new(actor, &snapshot, def, draft, (data, findings), command_id)
        }
    }

    /// Why register or policy would not take this draft, as a sentence: a second enrolment, a used invoice, no
    /// entitlement. Said on the page before submitting, not only at the answer. None while the form itself has errors.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn obstacle(&self, draft: &Draft) -> Result<Option<String>, AppError> {
        let def = self.form_of_draft(draft)?;
        if self.check_draft(draft)?.iter().any(|finding| finding.severity == Severity::Error) {
            return Ok(None);
        }
        let data = form::without_hidden(def, &draft.data, &self.eval_context());
        let snapshot = self.snapshot()?;
        let refused =
            self.effect_of(&snapshot, def, &data).and_then(|_| self.judged(&snapshot, def, &data, draft));
        match refused {
            Ok(_) => Ok(None),
            Err(blocked @ AppError::Blocked(_)) => Ok(Some(blocked.zh())),
            Err(refusal @ (AppError::Effect(_) | AppError::Policy(_) | AppError::Refused(_))) => {
                Ok(Some(refusal.zh()))
            }
            Err(fault) => Err(fault),
        }
    }

    /// 不予受理: the reason goes to the applicant (003 A11), the draft ends.
    ///
    /// # Errors
    /// When the actor may not, the reason is missing, or the store refuses.
    pub fn refuse(
        &self,
        actor: &Actor,
        draft: &Draft,
        reason: &str,
        article: &str,
        command_id: [u8; 16],
    ) -> Result<Accepted, AppError> {
        let def = self.form_of_draft(draft)?;
        self.authorize(actor, action_to_accept(def), &Subject::in_village(&village_of(&draft.data)))?;
        own(actor, draft)?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        if let Some(stored) = self.repeated(&snapshot, actor, &draft.case_id, &command_id)? {
            return self.accepted_before(&snapshot, draft, stored);
        }
        let number = self.next_number(&snapshot, def)?;
        // Nobody decides a refused case: who could is not asked.
        let filing = self.filing(&snapshot, draft, def, draft.data.clone(), Vec::new())?;
        let command = Command::Refuse {
            number: number.clone(),
            filing,
            reason: reason.to_owned(),
            article: article.to_owned(),
        };
        let existing = snapshot.case(&draft.case_id)?;
        let done = vec![draft_removal(&draft.account, &draft.case_id)];
        let stored = self.commit_with(actor, draft.case_id, existing.as_ref(), command_id, command, done)?;
        let promise = Promise::none();
        Ok(Accepted { case_id: draft.case_id, number, promise, levels: Vec::new(), stored })
    }

    /// The answer to a command that was stored before.
    fn accepted_before(
        &self,
        snapshot: &Snapshot,
        draft: &Draft,
        stored: Stored,
    ) -> Result<Accepted, AppError> {
        let case = snapshot.case(&draft.case_id)?.ok_or(Refusal::Unknown)?;
        let levels = case.filing.levels.iter().map(|level| level_at(*level, case.filing.seat(*level)));
        let levels = levels.collect();
        Ok(Accepted { case_id: draft.case_id, number: case.number, promise: case.promise, levels, stored })
    }

    fn accept_new(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
        def: &FormDef,
        draft: &Draft,
        (data, findings): (FormData, Option<Pinned>),
        command_id: [u8; 16],
    ) -> Result<Accepted, AppError> {
        let number = self.next_number(snapshot, def)?;
        let received = draft.received_ms.unwrap_or_else(|| self.now_ms());
        let promise = self.promise(&self.clocks(snapshot)?, def, received);
        let route = self.route_of(snapshot, def, &data, Some(&actor.person), None)?;
        let levels = route.words();
        let filing = self.filing(snapshot, draft, def, data, route.rows)?;
        let filing = Filing { received_ms: draft.received_ms, findings, ..filing };
        let existing = snapshot.case(&draft.case_id)?;
        let command = Command::Accept { number: number.clone(), filing, promise: promise.clone() };
        let done = vec![draft_removal(&draft.account, &draft.case_id)];
        let stored = self.commit_with(actor, draft.case_id, existing.as_ref(), command_id, command, done)?;
        Ok(Accepted { case_id: draft.case_id, number, promise, levels, stored })
    }

    fn resubmit(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
        draft: &Draft,
        (data, findings): (FormData, Option<Pinned>),
        command_id: [u8; 16],
    ) -> Result<Accepted, AppError> {
        let case = snapshot.case(&draft.case_id)?.ok_or(Refusal::Unknown)?;
        let promise = self.resumed(&self.clocks(snapshot)?, &case);
        let def = self.form_of(&case)?;
        let named = subjects_of(&data);
        let route = self.route_of(snapshot, def, &data, Some(&actor.person), Some(&case))?;
        let words = route.words();
        let (levels, seats) = route.rows.into_iter().unzip();
        let listing = Listing { levels, seats, findings, ..listing_of(snapshot, &data, &named)? };
        let subjects = audit::subjects(snapshot, def, &data, named)?;
        let command = Command::Resubmit { data, promise: promise.clone(), subjects, listing };
        let done = vec![draft_removal(&draft.account, &draft.case_id)];
        let stored = self.commit_with(actor, draft.case_id, Some(&case), command_id, command, done)?;
        Ok(Accepted { case_id: draft.case_id, number: case.number, promise, levels: words, stored })
    }

    /// What the form would do to the register today, with the settlement of a reimbursement.
    ///
    /// # Errors
    /// Why the register or the policy says no.
    pub(super) fn effect_of(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        data: &FormData,
    ) -> Result<xiangbao_core::case::Effect, AppError> {
        if def.opened_by == form::Role::Auditor {
            audit::recused(snapshot, data)?;
        }
        let settlement = match def.effect {
            FormEffect::Reimburse => Some(self.settle(snapshot, data)?),
            _ => None,
        };
        let township = snapshot.station()?.township;
        let context = EffectContext {
            effect: def.effect,
            form: &def.id,
            record: def.record.as_ref(),
            today: self.today(),
            prefix: township.get(..9).unwrap_or(&township),
            policy: &self.library.policy,
        };
        let changes: Vec<Change> = effects_of(data, settlement.as_ref(), snapshot, &context)?;
        let refund = match def.effect {
            FormEffect::Refund => Some(refund_amount(data)?),
            _ => None,
        };
        Ok(xiangbao_core::case::Effect { changes, settlement, refund })
    }

    /// Printed number: screen code, station, epoch and operation. A new epoch can never reuse one.
    fn next_number(&self, snapshot: &Snapshot, def: &FormDef) -> Result<String, AppError> {
        let identity = self.store.identity();
        let next = snapshot.head()?.seq + 1;
        Ok(format!("{}{}-{}-{next:06}", def.code, identity.station, identity.epoch))
    }

    fn filing(
        &self,
        snapshot: &Snapshot,
        draft: &Draft,
        def: &FormDef,
        data: FormData,
        route: Vec<(Level, Seat)>,
    ) -> Result<Filing, AppError> {
        let (levels, seats) = route.into_iter().unzip();
        let named = subjects_of(&data);
        let Listing { title, village, persons, .. } = listing_of(snapshot, &data, &named)?;
        let subjects = audit::subjects(snapshot, def, &data, named)?;
        Ok(Filing {
            form: def.id.clone(),
            form_version: def.version,
            form_hash: self.hash_of_draft(draft),
            templates: Some(self.papers_of(def)),
            levels,
            seats,
            two_hands: def.opened_by == form::Role::Auditor,
            title,
            village,
            subjects,
            persons,
            data,
            received_ms: None,
            findings: None,
        })
    }
}

/// A draft is handed in by the account that typed it: whoever enters data does first-level work of their own.
fn own(actor: &Actor, draft: &Draft) -> Result<(), AppError> {
    if draft.account == actor.account {
        return Ok(());
    }
    Err(AppError::Input(format!("这份草稿由账号 {} 填写，只能由该账号交出。", draft.account)))
}

/// What a case is listed under: the person, else the householder, else the school.
const TITLES: [&str; 4] = ["psn_name", "householder_name", "school_name", "object_name"];
/// The tables whose rows are persons.
const PERSONS: [&str; 3] = ["members", "students", "covered"];

/// Where a case is listed: under the householder or the person, in the village, with every person the register knows.
fn listing_of(snapshot: &Snapshot, data: &FormData, subjects: &[String]) -> Result<Listing, AppError> {
    let mut persons = Vec::new();
    for certno in subjects {
        for person in crate::store::search::by_certificate(snapshot, certno)? {
            persons.push(person.psn_no);
        }
    }
    let own = data.field("psn_no");
    if !own.is_empty() && !persons.iter().any(|number| number == own) {
        persons.push(own.to_owned());
    }
    let title = TITLES.iter().map(|id| data.field(id)).find(|name| !name.is_empty()).unwrap_or_default();
    Ok(Listing { title: title.to_owned(), village: village_of(data), persons, ..Listing::default() })
}

/// The village a form concerns.
pub(super) fn village_of(data: &FormData) -> String {
    data.field(PersonField::Village.id()).to_owned()
}

/// Certificate numbers of everyone a form concerns: the person, the members, the householder, the agent.
pub(super) fn subjects_of(data: &FormData) -> Vec<String> {
    let mut subjects: Vec<String> = ["certno", "householder_certno", "agnter_certno"]
        .iter()
        .map(|field| data.field(field).to_owned())
        .chain(PERSONS.iter().flat_map(|table| data.rows(table)).filter_map(|row| row.get("certno").cloned()))
        .filter(|certno| !certno.is_empty())
        .collect();
    subjects.sort();
    subjects.dedup();
    subjects
}
