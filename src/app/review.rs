//! Reviewing: the queue of a level, the page with everything a reviewer must see, the decision. The effect is
//! computed anew at the moment of the last agreement, from the register as it is then.

use xiangbao_core::case::{Case, Command, Effect, Left, Reading, Refusal, Standing, Status};
use xiangbao_core::event::{Level, Verdict};
use xiangbao_core::form::{
    self, Effect as FormEffect, EvalContext, FieldPath, Finding, FormData, FormDef, PaperNote,
};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::Settlement;
use xiangbao_core::register::{Person, PersonField};
use xiangbao_core::role::{Action, Actor, Subject};

use super::clock::Clocks;
use super::drafts::answer_key;
use super::error::AppError;
use super::findings::Doubt;
use super::levels_of::{highest, level_at};
use super::print_data::material_word;
use super::reverse_case;
use super::station::Station;
use crate::store::{Snapshot, Stored};

/// One row of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRow {
    /// Case id.
    pub case_id: [u8; 16],
    /// Printed number.
    pub number: String,
    /// Screen code of the form.
    pub code: String,
    /// Name the case is listed under.
    pub title: String,
    /// Village, as a word.
    pub village: String,
    /// Standing.
    pub status: Status,
    /// Standing in words, short: with the seat where the case waits for one above this station.
    pub standing: String,
    /// Day of acceptance.
    pub accepted: String,
    /// The clock; none when it has no meaning any more.
    pub clock: Option<Reading>,
    /// The day that the receipt promised, or the one that was promised after the last supplement.
    pub promised: String,
    /// The step of the office's escalation that shows this case to this person.
    pub alert: Option<String>,
    /// Why this person cannot decide it, as a sentence; empty when nothing stands in the way.
    pub bar: String,
}

impl QueueRow {
    /// The last day; empty when the clock is not running.
    pub fn due(&self) -> String {
        self.running().map(|clock| clock.due.date.to_string()).unwrap_or_default()
    }

    /// Working days left; negative when overdue; none when the clock is not running.
    pub fn days_left(&self) -> Option<i64> {
        self.running().map(|clock| match clock.left {
            Left::Days(days) => days,
            Left::Minutes(_) => 0,
        })
    }

    /// Due today or overdue.
    pub fn is_due(&self) -> bool {
        self.days_left().is_some_and(|left| left <= 0)
    }

    /// The clock while it runs.
    pub fn running(&self) -> Option<&Reading> {
        self.clock.as_ref().filter(|clock| clock.standing == Standing::Running)
    }
}

/// One value on the review page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewValue {
    /// Section of the form.
    pub section: String,
    /// Row of a table, from 1; 0 for a single field.
    pub row: usize,
    /// Where it stands.
    pub path: FieldPath,
    /// Label.
    pub label: String,
    /// Value as people read it.
    pub value: String,
    /// What the register holds, when that differs.
    pub before: Option<String>,
}

/// Everything a reviewer must see.
#[derive(Clone, Debug)]
pub struct ReviewPage {
    /// Case id.
    pub case_id: [u8; 16],
    /// The case.
    pub case: Case,
    /// Title of the form.
    pub form_title: String,
    /// Short name of the form.
    pub form_name: String,
    /// Screen code of the form.
    pub code: String,
    /// Levels with their seats: 初审（乡镇）.
    pub levels: Vec<String>,
    /// The level that this person may decide now, if any.
    pub level: Option<Level>,
    /// Why this person cannot decide, as a sentence; empty when nothing stands in the way.
    pub bar: String,
    /// All values, in the order of the paper.
    pub values: Vec<ReviewValue>,
    /// Findings of the form's rules today.
    pub findings: Vec<Finding>,
    /// Materials: label, state, pages and scan as noted.
    pub materials: Vec<(String, &'static str, PaperNote)>,
    /// Settlement: the fixed one, or the one as it would be today.
    pub settlement: Option<Settlement>,
    /// A sentence where the form of the acceptance is unknown here and another one is shown; empty otherwise.
    pub note: String,
    /// What must be looked at before agreeing, with what was answered.
    pub doubts: Vec<Doubt>,
    /// Why the case could not take effect today, as a sentence; empty when it could.
    pub obstacle: String,
    /// The clock; none when it has no meaning any more.
    pub clock: Option<Reading>,
}

/// Today's findings, each with the reason that the clerk gave for letting it pass.
fn answered(def: &FormDef, data: &FormData, context: &EvalContext<'_>) -> Vec<Finding> {
    let mut findings = form::evaluate(def, data, context);
    for finding in &mut findings {
        let Some(code) = data.answers.get(&answer_key(finding)) else { continue };
        let reasons = def.reasons_for(&finding.rule);
        let label = reasons.iter().find(|reason| reason.code == *code).map_or(code.as_str(), |r| &r.label);
        finding.message = format!("{}（经办说明：{label}）", finding.message);
    }
    findings
}

/// The permission that deciding at a level takes, by the role that the form names for it.
pub(super) fn action_of(role: form::Role) -> Action {
    match role {
        form::Role::Clerk => Action::ReviewInitial,
        form::Role::Rechecker => Action::ReviewRecheck,
        form::Role::Approver => Action::ReviewApproval,
        form::Role::Finance => Action::ReviewFinance,
        form::Role::Auditor => Action::ReviewAudit,
    }
}

/// Whose level it is when no form says so: of a reversal, or of a form that the library no longer has.
fn usual_role(level: Level) -> form::Role {
    match level {
        Level::Initial => form::Role::Clerk,
        Level::Recheck => form::Role::Rechecker,
        Level::Approval => form::Role::Approver,
        Level::Finance => form::Role::Finance,
    }
}

impl Station {
    /// The permission that deciding this case takes now, and its level; none while it waits for nobody.
    fn awaited(&self, case: &Case) -> Option<(Level, Action)> {
        match case.status {
            Status::Review(level) => {
                let def = self.form_of(case).ok();
                let row = def.and_then(|def| def.levels.iter().find(|row| row.level == level.id()));
                Some((level, action_of(row.map_or_else(|| usual_role(level), |row| row.role))))
            }
            Status::Reversing(level) | Status::Correcting(level) => {
                Some((level, action_of(usual_role(level))))
            }
            _ => None,
        }
    }

    /// The permission that deciding this case takes now; none while it waits for nobody.
    pub(super) fn action_now(&self, case: &Case) -> Option<Action> {
        self.awaited(case).map(|(_, action)| action)
    }

    /// The level that this person's roles may decide now.
    fn own_level(&self, actor: &Actor, case: &Case) -> Option<Level> {
        let (level, action) = self.awaited(case)?;
        let subject = Subject::in_village(&case.filing.village);
        self.library.roles.authorize(actor, action, &subject).is_ok().then_some(level)
    }

    /// The cases that wait for a level of this person, oldest acceptance first.
    ///
    /// # Errors
    /// When the actor may not see cases, or the store cannot be read.
    pub fn review_queue(&self, actor: &Actor) -> Result<Vec<QueueRow>, AppError> {
        self.authorize(actor, Action::ViewCases, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let clocks = self.clocks(&snapshot)?;
        let own = highest(&snapshot.seats()?);
        let mut rows = Vec::new();
        for status in Level::ALL
            .into_iter()
            .flat_map(|level| [Status::Review(level), Status::Reversing(level), Status::Correcting(level)])
        {
            for (case_id, case) in snapshot.cases_in(status, usize::MAX)? {
                let here = case.waits_at().is_some_and(|seat| seat <= own);
                if here && self.own_level(actor, &case).is_some() {
                    rows.push((case.accepted.seq, self.queue_row(actor, &clocks, case_id, &case)));
                }
            }
        }
        // Not by the promised day: a supplement moves that, and must not cost the applicant the place.
        rows.sort_by_key(|(accepted, _)| *accepted);
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// A row for any list of cases.
    pub(super) fn queue_row(
        &self,
        actor: &Actor,
        clocks: &Clocks,
        case_id: [u8; 16],
        case: &Case,
    ) -> QueueRow {
        let clock = self.reading(clocks, case);
        let step = clock.as_ref().and_then(|clock| self.library.escalation.told(clock, &actor.roles));
        let codes = &self.library.codes;
        QueueRow {
            case_id,
            number: case.number.clone(),
            code: self.library.form(&case.filing.form).map(|form| form.def.code.clone()).unwrap_or_default(),
            title: case.filing.title.clone(),
            village: codes.label("divisions", &case.filing.village).unwrap_or_default().to_owned(),
            status: case.status,
            standing: self.short_standing(case),
            accepted: super::station::local(case.received_ms()).format("%Y-%m-%d").to_string(),
            alert: step.map(|step| step.label.clone()),
            clock,
            promised: case.promise.due.clone(),
            bar: self.bar(actor, case),
        }
    }

    /// The standing for a list: the seat stands in it where the case waits for one above this station.
    pub fn short_standing(&self, case: &Case) -> String {
        let label = case.status.label();
        let own = self.own_seat().unwrap_or_default();
        match case.waits_at() {
            Some(seat) if seat > own => match label.strip_prefix('待') {
                Some(rest) => format!("待{}{rest}", seat.label()),
                None => format!("{}{label}", seat.label()),
            },
            _ => label.to_owned(),
        }
    }

    /// Why this person cannot decide the case now; empty when nothing stands in the way. Asked of the very table
    /// that decides.
    fn bar(&self, actor: &Actor, case: &Case) -> String {
        let (Status::Review(level) | Status::Reversing(level) | Status::Correcting(level)) = case.status
        else {
            return String::new();
        };
        let effect = Some(match case.status {
            Status::Reversing(_) => reverse_case::rehearsed(case),
            _ => Effect::default(),
        });
        let own = self.own_seat().unwrap_or_default();
        let command =
            Command::Review { level, verdict: Verdict::Passed, opinion: String::new(), effect, own };
        match xiangbao_core::case::decide(Some(case), command, actor) {
            // Findings bar an agreement, not a return: they are said where they stand.
            Ok(_) | Err(Refusal::FindingsOpen(_) | Refusal::FindingsHold(_)) => String::new(),
            Err(refusal) => refusal.zh(),
        }
    }

    /// The review page of a case.
    ///
    /// # Errors
    /// When the actor may not see it, it does not exist, or the store cannot be read.
    pub fn open_review(&self, actor: &Actor, case_id: &[u8; 16]) -> Result<ReviewPage, AppError> {
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        self.authorize(actor, Action::ViewCases, &Subject::in_village(&case.filing.village))?;
        self.looked(actor, "view_case", &case.number)?;
        let def = self.form_of(&case)?;
        let level = self.own_level(actor, &case);
        let waiting = matches!(case.status, Status::Review(_) | Status::Supplement);
        let (obstacle, today) = match &case.origin {
            // The register it is about is the township's: what it said stands in the referral.
            Some(origin) => (origin.obstacle.clone(), origin.settlement.clone()),
            None if waiting => self.rehearse(&snapshot, def, &case),
            None => Default::default(),
        };
        let context = self.eval_context();
        let materials = def
            .materials
            .iter()
            .filter_map(|m| {
                let state = case.filing.data.materials.get(&m.id)?;
                let note = case.filing.data.papers.get(&m.id).cloned().unwrap_or_default();
                Some((m.label.clone(), material_word(m, *state), note))
            })
            .collect();
        Ok(ReviewPage {
            case_id: *case_id,
            form_title: def.title.clone(),
            form_name: def.name.clone(),
            code: def.code.clone(),
            levels: case
                .filing
                .levels
                .iter()
                .map(|level| level_at(*level, case.filing.seat(*level)))
                .collect(),
            level,
            bar: self.bar(actor, &case),
            values: self.review_values(&snapshot, def, &case)?,
            findings: answered(def, &case.filing.data, &context),
            doubts: self.doubts(&snapshot, def, case_id, &case, level)?,
            materials,
            settlement: case.settlement.clone().or(today),
            obstacle,
            note: self.definition_note(&case),
            clock: self.reading(&self.clocks(&snapshot)?, &case),
            case,
        })
    }

    /// What would happen today, without doing it: the obstacle as a sentence, the settlement if there is one.
    pub(super) fn rehearse(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        case: &Case,
    ) -> (String, Option<Settlement>) {
        match self.effect_of(snapshot, def, &case.filing.data) {
            Ok(effect) => (String::new(), effect.settlement),
            Err(error) => {
                let settlement = match def.effect {
                    FormEffect::Reimburse => self.settle(snapshot, &case.filing.data).ok(),
                    _ => None,
                };
                (error.zh(), settlement)
            }
        }
    }

    /// Decides at a level, after looking at this page: a figure that has changed since is not agreed to unseen.
    ///
    /// # Errors
    /// As [`Self::review`], or when the settlement is another one now.
    pub fn review_seen(
        &self,
        actor: &Actor,
        page: &ReviewPage,
        verdict: Verdict,
        opinion: &str,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        let seen = page.settlement.as_ref().map(|settled| settled.fund_pay_sumamt);
        self.decide_seen(actor, &page.case_id, verdict, opinion, command_id, seen)
    }

    /// Decides at a level, about the case or about its reversal.
    ///
    /// # Errors
    /// The refusal of role table, transition table, register or policy; nothing has happened then.
    pub fn review(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        verdict: Verdict,
        opinion: &str,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        self.decide_seen(actor, case_id, verdict, opinion, command_id, None)
    }

    fn decide_seen(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        verdict: Verdict,
        opinion: &str,
        command_id: [u8; 16],
        seen: Option<Fen>,
    ) -> Result<Stored, AppError> {
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        if let Some(stored) = self.repeated(&snapshot, actor, case_id, &command_id)? {
            return Ok(stored);
        }
        let Some((level, action)) = self.awaited(&case) else {
            return Err(Refusal::WrongStatus(case.status).into());
        };
        let reversal = matches!(case.status, Status::Reversing(_));
        let correcting = matches!(case.status, Status::Correcting(_));
        self.authorize(actor, action, &Subject::in_village(&case.filing.village))?;
        // A case of another station takes effect there.
        let effect = if verdict == Verdict::Passed && case.origin.is_none() && !correcting {
            self.effect_at(&snapshot, (case_id, &case), (level, reversal), seen)?
        } else {
            None
        };
        let own = highest(&snapshot.seats()?);
        let command = Command::Review { level, verdict, opinion: opinion.to_owned(), effect, own };
        self.commit(actor, *case_id, Some(&case), command_id, command)
    }

    fn effect_at(
        &self,
        snapshot: &Snapshot,
        (case_id, case): (&[u8; 16], &Case),
        (level, reversal): (Level, bool),
        seen: Option<Fen>,
    ) -> Result<Option<Effect>, AppError> {
        if reversal {
            if level != Level::Approval {
                return Ok(None);
            }
            return self.reversal_of(snapshot, case).map(Some);
        }
        // Every level sees the obstacle, not only the last one.
        let def = self.form_of(case)?;
        self.nothing_new(snapshot, def, case_id, case, level)?;
        let effect = self.effect_of(snapshot, def, &case.filing.data)?;
        let now = effect.settlement.as_ref().map(|settled| settled.fund_pay_sumamt);
        if let (Some(seen), Some(now)) = (seen, now)
            && seen != now
        {
            let sentence = format!(
                "基金支付已由 {} 变为 {}（本年又有一笔结算生效）。请重新看过计算过程再决定。",
                seen.to_grouped(),
                now.to_grouped()
            );
            return Err(AppError::Input(sentence));
        }
        Ok(case.next_level(level).is_none().then_some(effect))
    }

    /// All values of a case, with what the register holds where that differs.
    pub(super) fn review_values(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        case: &Case,
    ) -> Result<Vec<ReviewValue>, AppError> {
        let data = &case.filing.data;
        let own = match case.filing.data.field("psn_no") {
            "" => None,
            number => snapshot.person(number)?,
        };
        let mut values = Vec::new();
        for path in def.field_order(data) {
            let value = form::display_value(def, data, &path, &self.library.codes);
            let Some((section, field)) = def.locate(&path) else { continue };
            let person = match &path.row {
                Some((table, index)) if table == "members" => {
                    let certno = data.get(&FieldPath::cell(table, *index, "certno"));
                    crate::store::search::by_certificate(snapshot, certno)?.into_iter().next()
                }
                Some(_) => None,
                None => own.clone(),
            };
            let before = match &case.origin {
                Some(origin) => {
                    let held = origin.before.iter().find(|held| held.path == path.to_string());
                    held.map(|held| held.value.clone())
                }
                None => person.and_then(|person| self.register_value(def, data, &path, &person)),
            };
            if value.is_empty() && before.is_none() {
                continue;
            }
            values.push(ReviewValue {
                section: section.title.clone(),
                row: path.row.as_ref().map_or(0, |(_, index)| index + 1),
                label: field.label.clone(),
                before: before.filter(|before| *before != value && case.status != Status::InEffect),
                value,
                path,
            });
        }
        Ok(values)
    }

    /// What the register holds for a field of the form, as people read it; none for fields it does not hold.
    fn register_value(
        &self,
        def: &FormDef,
        data: &form::FormData,
        path: &FieldPath,
        person: &Person,
    ) -> Option<String> {
        let field = PersonField::ALL.into_iter().find(|field| field.id() == path.field)?;
        let mut held = data.clone();
        held.set(path, person.get(field));
        Some(form::display_value(def, &held, path, &self.library.codes))
    }
}
