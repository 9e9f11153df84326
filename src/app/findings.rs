//! What a reviewer must look at before agreeing to a reimbursement (003 A54, A68, A72-A74, A82, A88): reads what stands
//! around a claim, asks the rules, keeps the answers. Knows where the facts lie; must not know what is suspicious, nor how
//! a case goes on.

use xiangbao_core::case::{Case, Command, Refusal, Status};
use xiangbao_core::event::{Level, Replied};
use xiangbao_core::findings::{Around, Claim, DoctorStanding, Pinned, Raised, Reply, Weight, gather, judge};
use xiangbao_core::form::{Effect as FormEffect, FormData, FormDef};
use xiangbao_core::register::{EnrolmentStatus, place_of};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::levels_of::highest;
use super::station::{Station, local};
use crate::store::{Draft, Snapshot, Stored, search};

/// The answer of the city that names another claim with the same invoice.
const CITY_DUPLICATE: &str = "CONFLICT(dup_invoice)";

/// One answer, as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtAnswer {
    /// Level.
    pub level: Level,
    /// Who.
    pub who: String,
    /// When, in the office's time.
    pub time: String,
    /// The answer.
    pub reply: Reply,
    /// In words.
    pub text: String,
    /// Given in the round that is under review now.
    pub now: bool,
}

/// One finding on the review page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The finding.
    pub raised: Raised,
    /// What the levels answered, oldest first.
    pub answers: Vec<DoubtAnswer>,
    /// The level that waits has not answered it.
    pub open: bool,
    /// This person's level answers it now.
    pub own: bool,
    /// It is not on the list of the case yet: it arose after the case was handed in.
    pub fresh: bool,
}

/// What stands behind a finding, opened.
#[derive(Clone, Debug)]
pub struct DoubtPage {
    /// Printed number of the case.
    pub number: String,
    /// The finding with its answers.
    pub doubt: Doubt,
    /// The other case it points at: number, standing, name, and its values as label and text.
    pub other: Option<OtherCase>,
}

/// Another case that a finding points at.
#[derive(Clone, Debug)]
pub struct OtherCase {
    /// Case id.
    pub case_id: [u8; 16],
    /// Printed number.
    pub number: String,
    /// Standing.
    pub standing: String,
    /// Name it is listed under.
    pub title: String,
    /// Values that a comparison needs: label and text.
    pub values: Vec<(String, String)>,
}

impl Station {
    /// What the rules find in a form that is being handed in; none for a form that they do not judge.
    ///
    /// # Errors
    /// [`AppError::Blocked`] when something found does not let it in, or when the store cannot be read.
    pub(super) fn judged(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        data: &FormData,
        draft: &Draft,
    ) -> Result<Option<Pinned>, AppError> {
        let Some(list) = self.found_in_draft(snapshot, def, data, draft)? else { return Ok(None) };
        let blocking: Vec<Raised> =
            list.iter().filter(|raised| raised.weight == Weight::Block).cloned().collect();
        if !blocking.is_empty() {
            return Err(AppError::Blocked(blocking));
        }
        Ok(Some(Pinned { pack: self.library.findings.hash.clone(), list }))
    }

    fn found_in_draft(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        data: &FormData,
        draft: &Draft,
    ) -> Result<Option<Vec<Raised>>, AppError> {
        if def.effect != FormEffect::Reimburse {
            return Ok(None);
        }
        let earlier = match draft.correcting {
            true => snapshot.case(&draft.case_id)?,
            false => None,
        };
        // A case that no rules judged when it came in is not judged when it comes back.
        if earlier.as_ref().is_some_and(|case| case.filing.findings.is_none()) {
            return Ok(None);
        }
        let filed = earlier.map_or(draft.received_ms, |case| Some(case.received_ms()));
        let filed = filed.unwrap_or_else(|| self.now_ms());
        Ok(Some(self.find(snapshot, data, &draft.case_id, filed)?))
    }

    /// What the rules find in a draft, for the page before handing in. Empty for a form that they do not judge.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn draft_findings(&self, draft: &Draft) -> Result<Vec<Raised>, AppError> {
        let def = self.form_of_draft(draft)?;
        let data = xiangbao_core::form::without_hidden(def, &draft.data, &self.eval_context());
        Ok(self.found_in_draft(&self.snapshot()?, def, &data, draft)?.unwrap_or_default())
    }

    /// Asks the rules about the values of one claim, handed in at a moment.
    fn find(
        &self,
        snapshot: &Snapshot,
        data: &FormData,
        case_id: &[u8; 16],
        filed_ms: i64,
    ) -> Result<Vec<Raised>, AppError> {
        let psn_no = match data.field("psn_no") {
            "" => search::by_certificate(snapshot, data.field("certno"))?
                .first()
                .map(|person| person.psn_no.clone())
                .unwrap_or_default(),
            number => number.to_owned(),
        };
        let own = Claim::of("", &psn_no, data.field("psn_name"), "", data);
        let history = self.other_claims(snapshot, &own, data, case_id)?;
        let covers: Vec<(String, String)> = snapshot
            .enrolments(&psn_no)?
            .into_iter()
            .filter(|enrolment| {
                enrolment.status != EnrolmentStatus::Void && !enrolment.entitled_from.is_empty()
            })
            .map(|enrolment| (enrolment.entitled_from, enrolment.entitled_to))
            .collect();
        let filed = local(filed_ms).date_naive();
        let around = Around {
            filed,
            history: &history,
            filings: &snapshot.filings_of(&psn_no, None)?,
            covers: &covers,
            doctor: doctor_of(snapshot, &own, data)?,
            city: &self.city_said(snapshot, case_id)?,
            year: self.settle(snapshot, data).ok().map(|settled| settled.year),
        };
        let facts = gather(&own, data, &around);
        Ok(judge(&self.library.findings, &facts, filed, &self.eval_context()))
    }

    /// Other claims that stand: of this person, and those with one of the invoices.
    fn other_claims(
        &self,
        snapshot: &Snapshot,
        own: &Claim,
        data: &FormData,
        case_id: &[u8; 16],
    ) -> Result<Vec<Claim>, AppError> {
        let mut cases = snapshot.cases_of_person(&own.psn_no)?;
        for row in data.rows("invoices") {
            let cell = |id: &str| row.get(id).map_or("", String::as_str);
            cases.extend(snapshot.claims_with_invoice(
                cell("invo_no"),
                cell("invo_date"),
                cell("invo_amt"),
            )?);
        }
        cases.sort_by_key(|(id, case)| (case.accepted.seq, *id));
        cases.dedup_by_key(|(id, _)| *id);
        let stands = |case: &Case| {
            case.origin.is_none()
                && self.form_of(case).is_ok_and(|def| def.effect == FormEffect::Reimburse)
                && !matches!(
                    case.status,
                    Status::Refused | Status::Rejected | Status::Withdrawn | Status::Reversed
                )
        };
        let claims = cases.into_iter().filter(|(id, case)| id != case_id && stands(case)).map(|(_, case)| {
            let data = &case.filing.data;
            let whose = match data.field("psn_no") {
                "" => case.filing.persons.first().cloned().unwrap_or_default(),
                number => number.to_owned(),
            };
            Claim::of(&case.number, &whose, &case.filing.title, case.status.label(), data)
        });
        Ok(claims.collect())
    }

    /// What the city answered about the invoices of a case.
    fn city_said(&self, snapshot: &Snapshot, case_id: &[u8; 16]) -> Result<Vec<(u64, String)>, AppError> {
        let mut said = Vec::new();
        for operation in snapshot.steps_of_case(case_id)? {
            if let Some(result) = snapshot.city_result(operation.seq)?.filter(|r| r.code == CITY_DUPLICATE) {
                said.push((operation.seq, result.detail));
            }
        }
        Ok(said)
    }

    /// What arose after a case was handed in: only by the rules that judged it then, and only while it is under review
    /// here.
    fn arisen(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        case_id: &[u8; 16],
        case: &Case,
    ) -> Result<Vec<Raised>, AppError> {
        let same_rules =
            case.filing.findings.as_ref().is_some_and(|pinned| pinned.pack == self.library.findings.hash);
        let here = matches!(case.status, Status::Review(_)) && case.origin.is_none();
        if !same_rules || !here || def.effect != FormEffect::Reimburse {
            return Ok(Vec::new());
        }
        let found = self.find(snapshot, &case.filing.data, case_id, case.received_ms())?;
        let known = |raised: &Raised| case.findings().iter().any(|old| old.is(&raised.code, &raised.about));
        Ok(found.into_iter().filter(|raised| !known(raised)).collect())
    }

    /// Refuses to agree to a case of which something new was found since it was handed in.
    pub(super) fn nothing_new(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        case_id: &[u8; 16],
        case: &Case,
        level: Level,
    ) -> Result<(), AppError> {
        let arisen = self.arisen(snapshot, def, case_id, case)?;
        let blocking: Vec<Raised> =
            arisen.iter().filter(|raised| raised.weight == Weight::Block).cloned().collect();
        if !blocking.is_empty() {
            return Err(AppError::Blocked(blocking));
        }
        let open: Vec<String> =
            arisen.into_iter().filter(|raised| raised.asks(level.id())).map(|raised| raised.code).collect();
        if open.is_empty() { Ok(()) } else { Err(Refusal::FindingsOpen(open).into()) }
    }

    /// The findings of a case with their answers, for whoever may decide `own` now.
    pub(super) fn doubts(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        case_id: &[u8; 16],
        case: &Case,
        own: Option<Level>,
    ) -> Result<Vec<Doubt>, AppError> {
        let mut doubts = Vec::new();
        let listed = case.findings().iter().map(|raised| (raised.clone(), false));
        let arisen = self.arisen(snapshot, def, case_id, case)?.into_iter().map(|raised| (raised, true));
        let waiting = match case.status {
            Status::Review(level) => Some(level),
            _ => None,
        };
        for (raised, fresh) in listed.chain(arisen) {
            let mut answers = Vec::new();
            for answered in case.answers().iter().filter(|answered| answered.replied.is_to(&raised)) {
                let who = match &answered.elsewhere {
                    Some(who) => format!("{}（{}）", who.name, who.station),
                    None => {
                        snapshot.account(&answered.by.account)?.map_or_else(String::new, |held| held.name)
                    }
                };
                answers.push(DoubtAnswer {
                    level: answered.level,
                    who,
                    time: local(answered.by.wall_ms).format("%m-%d %H:%M").to_string(),
                    reply: answered.replied.reply,
                    text: answered.replied.text.clone(),
                    now: answered.round == case.round,
                });
            }
            let open = waiting
                .is_some_and(|level| raised.asks(level.id()) && case.answer_of(&raised, level).is_none());
            let own = own.is_some_and(|level| raised.asks(level.id()) && waiting == Some(level));
            doubts.push(Doubt { raised, answers, open, own, fresh });
        }
        Ok(doubts)
    }

    /// Opens what stands behind a finding; the look is recorded.
    ///
    /// # Errors
    /// When the actor may not see the case, there is no such finding, or the store cannot be read.
    pub fn open_doubt(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        code: &str,
        about: &str,
    ) -> Result<DoubtPage, AppError> {
        let page = self.open_review(actor, case_id)?;
        let found = page.doubts.into_iter().find(|doubt| doubt.raised.is(code, about));
        let doubt = found.ok_or(Refusal::NoFinding)?;
        self.looked(actor, "view_finding", &format!("{} {code}", page.case.number))?;
        let other = match doubt.raised.case_no.as_str() {
            "" => None,
            number => self.other_case(actor, number)?,
        };
        Ok(DoubtPage { number: page.case.number, doubt, other })
    }

    /// How many findings the level that waits has not answered.
    ///
    /// # Errors
    /// When the actor may not see the case, or the store cannot be read.
    pub fn open_doubts(&self, actor: &Actor, case_id: &[u8; 16]) -> Result<usize, AppError> {
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        self.authorize(actor, Action::ViewCases, &Subject::in_village(&case.filing.village))?;
        let def = self.form_of(&case)?;
        let doubts = self.doubts(&snapshot, def, case_id, &case, None)?;
        Ok(doubts.iter().filter(|doubt| doubt.open).count())
    }

    /// The other case of a finding, as far as this person may see it; none when it is not of this station.
    fn other_case(&self, actor: &Actor, number: &str) -> Result<Option<OtherCase>, AppError> {
        let snapshot = self.snapshot()?;
        let Some(case_id) = snapshot.case_id_by_number(number)? else { return Ok(None) };
        let Some(case) = snapshot.case(&case_id)? else { return Ok(None) };
        if !actor.serves(&case.filing.village) {
            return Ok(None);
        }
        self.looked(actor, "view_case", &case.number)?;
        let def = self.form_of(&case)?;
        let kept = self.review_values(&snapshot, def, &case)?.into_iter().filter(|value| {
            let table = value.path.row.as_ref().map(|(table, _)| table.as_str());
            match table {
                None => COMPARED.contains(&value.path.field.as_str()),
                Some(table) => table == "invoices",
            }
        });
        let values = kept.map(|value| match value.row {
            0 => (value.label, value.value),
            row => (format!("{}{row}", value.label), value.value),
        });
        Ok(Some(OtherCase {
            case_id,
            number: case.number.clone(),
            standing: case.standing(),
            title: case.filing.title.clone(),
            values: values.collect(),
        }))
    }

    /// Answers a finding for the level that this person may decide now.
    ///
    /// # Errors
    /// The refusal of role table or transition table, or when the store refuses.
    pub fn answer_doubt(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        replied: Replied,
        command_id: [u8; 16],
    ) -> Result<Stored, AppError> {
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        if let Some(stored) = self.repeated(&snapshot, actor, case_id, &command_id)? {
            return Ok(stored);
        }
        let Status::Review(level) = case.status else {
            return Err(Refusal::WrongStatus(case.status).into());
        };
        let Some(action) = self.action_now(&case) else {
            return Err(Refusal::WrongStatus(case.status).into());
        };
        self.authorize(actor, action, &Subject::in_village(&case.filing.village))?;
        let known = case.findings().iter().any(|raised| replied.is_to(raised));
        let raised = match known {
            true => None,
            false => {
                let def = self.form_of(&case)?;
                let arisen = self.arisen(&snapshot, def, case_id, &case)?;
                arisen.into_iter().find(|raised| replied.is_to(raised)).map(Box::new)
            }
        };
        let own = highest(&snapshot.seats()?);
        let command = Command::AnswerFinding { level, raised, replied, own };
        self.commit(actor, *case_id, Some(&case), command_id, command)
    }
}

/// Values of another claim that a comparison needs.
const COMPARED: [&str; 8] = [
    "psn_name",
    "med_type",
    "fixmedins_name",
    "begntime",
    "endtime",
    "ipt_otp_no",
    "diag_name",
    "medfee_sumamt",
];

/// How the doctor of a claim stood while it was treated; the list of the hospital is found by code, else by name.
fn doctor_of(snapshot: &Snapshot, own: &Claim, data: &FormData) -> Result<DoctorStanding, AppError> {
    let (code, name) = (data.field("atddr_no"), data.field("atddr_name"));
    if code.is_empty() && name.is_empty() {
        return Ok(DoctorStanding::Silent);
    }
    let rows = match own.hospital_code.as_str() {
        "" => {
            let place = place_of("", &own.hospital);
            let all = snapshot.doctors(None)?.into_iter();
            all.filter(|doctor| place_of("", &doctor.fixmedins_name) == place).collect()
        }
        hospital => snapshot.doctors(Some(hospital))?,
    };
    Ok(DoctorStanding::of(&rows, code, name, own.span))
}
