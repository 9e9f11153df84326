//! What a payment buys, said at the counter before money is taken: for each person of an enrolment what is due, from when
//! to when it covers, under which article, and what the text leaves open (003 A21, A22, A26-A28). Knows the policy's
//! answers; must not know how a screen shows them.

use xiangbao_core::form::{self, Effect, FormData, Row};
use xiangbao_core::money::parse_yuan;
use xiangbao_core::policy::{Contribution, Cover, Entitlement, PayerKind, contribution, entitlement, refund};
use xiangbao_core::register::{EffectRefusal, Enrolment, EnrolmentStatus, entitlement_query, identity_of};

use super::error::AppError;
use super::station::Station;
use crate::store::{Draft, Snapshot, search};

/// Kinds of payer that the register can tell by itself.
const BY_HISTORY: [PayerKind; 3] = [PayerKind::First, PayerKind::Continuous, PayerKind::Interrupted];
/// Names that stand beside one outlook.
const NAMES: usize = 3;

/// One sentence of an outlook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlookLine {
    /// True if it must be dealt with before money is taken.
    pub alarm: bool,
    /// The sentence.
    pub text: String,
}

/// What the payment of one or more persons buys; persons with the same outlook stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// For whom, for example `韦某、韦某某 等 5 人`.
    pub who: String,
    /// The sentences.
    pub lines: Vec<OutlookLine>,
}

impl Station {
    /// What the payments of an enrolment buy, person by person, as the form stands; empty for other forms. A value that
    /// the form's own rules refuse is left to them.
    ///
    /// # Errors
    /// When the draft's form is unknown, or the store cannot be read.
    pub fn outlook(&self, draft: &Draft) -> Result<Vec<Outlook>, AppError> {
        let def = self.form_of_draft(draft)?;
        let table = match def.effect {
            Effect::EnrolHousehold => "members",
            Effect::EnrolStudents => "students",
            _ => return Ok(Vec::new()),
        };
        let data = form::without_hidden(def, &draft.data, &self.eval_context());
        let snapshot = self.snapshot()?;
        let mut outlooks: Vec<(Vec<String>, Vec<OutlookLine>)> = Vec::new();
        for row in data.rows(table) {
            let name = row.get("psn_name").cloned().unwrap_or_default();
            if name.is_empty() {
                continue;
            }
            let lines = self.outlook_of(&snapshot, row, &data)?;
            match outlooks.iter_mut().find(|(_, other)| *other == lines) {
                Some((names, _)) => names.push(name),
                None => outlooks.push((vec![name], lines)),
            }
        }
        let mut outlooks: Vec<Outlook> =
            outlooks.into_iter().map(|(names, lines)| Outlook { who: who(&names), lines }).collect();
        if !outlooks.is_empty()
            && let Ok(refund) = refund(&self.library.policy, self.today())
        {
            let text = format!("{} [{}{}]", refund.formula, refund.document, refund.article);
            outlooks.push(Outlook { who: refund.label, lines: vec![plain(text)] });
        }
        Ok(outlooks)
    }

    fn outlook_of(
        &self,
        snapshot: &Snapshot,
        row: &Row,
        data: &FormData,
    ) -> Result<Vec<OutlookLine>, AppError> {
        let mut lines = Vec::new();
        let query = match entitlement_query(row, data) {
            Ok(query) => query,
            // A kind or day that is not filled has its finding on the form.
            Err(EffectRefusal::BadValue(_)) => return Ok(lines),
            Err(refusal) => return Ok(vec![alarm(refusal.zh())]),
        };
        match entitlement(&self.library.policy, &query) {
            Ok(found) => covered(&found, &mut lines),
            Err(gap) => lines.push(alarm(gap.to_string())),
        }
        let certno = row.get("certno").map_or("", String::as_str);
        lines.extend(history(query.kind, last_paid(snapshot, certno, query.insu_year)?, query.insu_year));
        let due =
            contribution(&self.library.policy, query.insu_year, identity_of(row).as_slice(), query.paid);
        match due {
            Ok(due) => owed(&due, row, &mut lines),
            Err(gap) => lines.push(alarm(gap.to_string())),
        }
        Ok(lines)
    }
}

/// The last insurance year before `year` that the register holds a payment for, under this certificate number; a
/// payment that was given back is none.
pub(super) fn last_paid(snapshot: &Snapshot, certno: &str, year: i32) -> Result<Option<i32>, AppError> {
    let mut last = None;
    if certno.is_empty() {
        return Ok(last);
    }
    for person in search::by_certificate(snapshot, certno)? {
        let given_back = |record: &Enrolment| record.refunded.is_some() && record.entitled_from.is_empty();
        let years = snapshot.enrolments(&person.psn_no)?;
        let paid =
            years.iter().filter(|record| record.status != EnrolmentStatus::Void && !given_back(record));
        last = last.max(paid.map(|record| i32::from(record.insu_year)).filter(|paid| *paid < year).max());
    }
    Ok(last)
}

/// The register tells another kind of payer than the form: the days of cover depend on it (003 A22).
fn history(kind: PayerKind, last: Option<i32>, year: i32) -> Option<OutlookLine> {
    let known = PayerKind::from_last_paid(last, year);
    // Somebody whom the register does not know may have paid elsewhere; somebody it knows is no first payer.
    if !BY_HISTORY.contains(&kind) || kind == known || last.is_none() {
        return None;
    }
    let last = last.map_or_else(String::new, |last| last.to_string());
    Some(alarm(format!(
        "参保库中最近一次缴的是 {last} 年度，应为“{}”，表上是“{}”：请核对参保类别，享受时间随之不同",
        known.label(),
        kind.label()
    )))
}

fn who(names: &[String]) -> String {
    let first = names.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join("、");
    if names.len() > NAMES { format!("{first} 等 {} 人", names.len()) } else { first }
}

fn alarm(text: String) -> OutlookLine {
    OutlookLine { alarm: true, text }
}

fn plain(text: String) -> OutlookLine {
    OutlookLine { alarm: false, text }
}

/// From when to when, and under the other readings.
fn covered(found: &Entitlement, lines: &mut Vec<OutlookLine>) {
    let source = format!("[{} {}{}]", found.rule, found.document, found.article);
    match found.cover {
        Cover::Days { start, end } => {
            let text = format!("享受待遇 {start} 至 {end}：{} {source}", found.note);
            lines.push(OutlookLine { alarm: !found.certain, text });
        }
        Cover::Void | Cover::Closed => lines.push(alarm(format!("{} {source}", found.note))),
    }
    for other in &found.alternatives {
        let cover = match other.cover {
            Cover::Days { start, end } => format!("{start} 至 {end}"),
            Cover::Void => "一天也买不到".to_owned(),
            Cover::Closed => "未到缴费期".to_owned(),
        };
        lines.push(alarm(format!("另一理解：{cover}（{}）。县里未书面明确，两种都要告知", other.label)));
    }
}

/// What is due, and where the form says otherwise.
fn owed(due: &Contribution, row: &Row, lines: &mut Vec<OutlookLine>) {
    let mark = if due.sample { "，示例，未经核实" } else { "" };
    lines.push(plain(format!(
        "{} 年度按 {} 年标准 {} 元，资助减收 {} 元，个人应缴 {} 元{mark}",
        due.insu_year,
        due.standard_year,
        due.standard.to_grouped(),
        due.aid.to_grouped(),
        due.personal.to_grouped()
    )));
    for step in due.steps.iter().filter(|step| step.label == "资格证明") {
        lines.push(alarm(format!("{} [{}{}]", step.formula, step.document, step.article)));
    }
    let typed = row.get("psn_clct_amt").and_then(|text| parse_yuan(text).ok());
    if let Some(typed) = typed.filter(|typed| *typed != due.personal) {
        lines.push(alarm(format!(
            "表上个人缴费 {} 元，按政策应为 {} 元：请核对标准、身份和资格期限",
            typed.to_grouped(),
            due.personal.to_grouped()
        )));
    }
}
