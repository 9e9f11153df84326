//! All settled cases asked again under a draft pack, before it goes live: who gains, who loses, where the draft has no
//! answer. Person by person, so that a township's whole history never lies in memory. Changes nothing.

use chrono::NaiveDate;
use xiangbao_core::case::{Case, Status};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{PolicyPack, Replay, Settlement};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::{Station, local};
use crate::exchange::{Column, Table};
use crate::store::Snapshot;

/// Which settled cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplayPeriod {
    /// Settled on this day or later.
    pub since: Option<NaiveDate>,
    /// Settled on this day or earlier.
    pub until: Option<NaiveDate>,
}

/// One settled case under the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayRow {
    /// Printed number.
    pub number: String,
    /// Day of settlement.
    pub settled: NaiveDate,
    /// Benefit it was settled under.
    pub benefit: String,
    /// Paid by all funds, as settled, fen.
    pub before: Fen,
    /// Paid by all funds under the draft, fen; or why the draft has no answer.
    pub after: Result<Fen, String>,
}

impl ReplayRow {
    /// What the funds would pay more, fen; none where the draft has no answer.
    pub fn more(&self) -> Option<Fen> {
        self.after.as_ref().ok().and_then(|after| after.checked_sub(self.before))
    }
}

/// What a replay found. Rows stand in the order of their difference: the greatest loss first, the greatest gain last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayReport {
    /// Area of the draft.
    pub area: String,
    /// SHA-256 of the draft, hex.
    pub pack_hash: String,
    /// Cases asked.
    pub asked: u64,
    /// Cases with the same amount.
    pub same: u64,
    /// Cases that lose.
    pub losses: Vec<ReplayRow>,
    /// Cases that gain.
    pub gains: Vec<ReplayRow>,
    /// Cases for which the draft has no answer.
    pub unanswered: Vec<ReplayRow>,
    /// Paid by all funds for the answered cases, as settled, fen.
    pub before: Fen,
    /// The same under the draft, fen.
    pub after: Fen,
    /// True if it was stopped before the end: the report speaks of the persons until then.
    pub stopped: bool,
}

/// A case with its settlement and the day it was fixed.
struct Settled {
    case: Case,
    given: Settlement,
    seq: u64,
    day: NaiveDate,
}

impl Station {
    /// Asks every settled and not reversed case again under `draft`. `progress` is told persons done and all persons, and
    /// answers whether to go on. The look is recorded.
    ///
    /// # Errors
    /// When the actor may not see cases, or the store cannot be read.
    pub fn replay(
        &self,
        actor: &Actor,
        draft: &PolicyPack,
        period: ReplayPeriod,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<ReplayReport, AppError> {
        self.authorize(actor, Action::ViewCases, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let persons = snapshot.persons_with_cases()?;
        let total = persons.len() as u64;
        let mut report = ReplayReport {
            area: draft.area().to_owned(),
            pack_hash: draft.hash().to_owned(),
            ..ReplayReport::default()
        };
        for (done, psn_no) in (0_u64..).zip(&persons) {
            if !progress(done, total) {
                report.stopped = true;
                break;
            }
            self.replay_person(&snapshot, actor, psn_no, draft, period, &mut report)?;
        }
        if !report.stopped {
            progress(total, total);
        }
        report.losses.sort_by_key(|row| (row.more(), row.number.clone()));
        report.gains.sort_by_key(|row| (row.more(), row.number.clone()));
        self.looked(actor, "replay", &format!("{} {} cases", draft.area(), report.asked))?;
        Ok(report)
    }

    /// The whole history of one person is lived through; only cases of the period are reported.
    fn replay_person(
        &self,
        snapshot: &Snapshot,
        actor: &Actor,
        psn_no: &str,
        draft: &PolicyPack,
        period: ReplayPeriod,
        report: &mut ReplayReport,
    ) -> Result<(), AppError> {
        let mut replay = Replay::new(draft);
        for Settled { case, given, day, .. } in settled_of(snapshot, psn_no)? {
            let input = self.settled_bill(snapshot, &case.filing.data, &given, day)?;
            let now = replay.next(input);
            let early = period.since.is_some_and(|since| day < since);
            let late = period.until.is_some_and(|until| day > until);
            if early || late || !actor.serves(&case.filing.village) {
                continue;
            }
            report.add(ReplayRow {
                number: case.number,
                settled: day,
                benefit: given.benefit,
                before: given.fund_pay_sumamt,
                after: now.map(|settled| settled.fund_pay_sumamt).map_err(|gap| gap.to_string()),
            })?;
        }
        Ok(())
    }

    /// The report as a table for a workbook or csv, worst loss first.
    pub fn replay_table(report: &ReplayReport) -> Table {
        let column = |id: &str, title: &str, width: u8| Column::new(id, title, width);
        let rows = report.losses.iter().chain(&report.gains).chain(&report.unanswered).map(|row| {
            let (after, remark) = match &row.after {
                Ok(after) => (after.to_yuan(), String::new()),
                Err(why) => (String::new(), why.clone()),
            };
            let more = row.more().map(Fen::to_yuan).unwrap_or_default();
            vec![
                row.number.clone(),
                row.settled.to_string(),
                row.benefit.clone(),
                row.before.to_yuan(),
                after,
                more,
                remark,
            ]
        });
        Table {
            name: "重算".to_owned(),
            columns: vec![
                column("case_no", "办件号", 18),
                column("setl_time", "结算日期", 12),
                column("benefit", "待遇类别", 12),
                column("fund_pay_sumamt", "原基金支付", 14),
                column("fund_pay_sumamt_new", "新政策基金支付", 14),
                column("difference", "差额", 14),
                column("memo", "说明", 40),
            ],
            rows: rows.collect(),
        }
    }
}

impl ReplayReport {
    fn add(&mut self, row: ReplayRow) -> Result<(), AppError> {
        self.asked += 1;
        let Some(more) = row.more() else {
            self.unanswered.push(row);
            return Ok(());
        };
        let plus = |sum: Fen, amount: Fen| {
            sum.checked_add(amount).ok_or_else(|| AppError::Input("合计金额过大，请分段重算。".to_owned()))
        };
        self.before = plus(self.before, row.before)?;
        self.after = plus(self.after, plus(row.before, more)?)?;
        match more.cmp(&Fen::ZERO) {
            std::cmp::Ordering::Less => self.losses.push(row),
            std::cmp::Ordering::Equal => self.same += 1,
            std::cmp::Ordering::Greater => self.gains.push(row),
        }
        Ok(())
    }
}

/// The settled cases of a person in the order in which they were settled; reversed ones count for nothing.
fn settled_of(snapshot: &Snapshot, psn_no: &str) -> Result<Vec<Settled>, AppError> {
    let mut found = Vec::new();
    for (_, mut case) in snapshot.cases_of_person(psn_no)? {
        // A case is listed under everyone it names; its bill is the claimant's.
        if case.status == Status::Reversed || case.filing.data.field("psn_no") != psn_no {
            continue;
        }
        let Some(given) = case.settlement.take() else { continue };
        let Some(step) = &case.effect else { continue };
        let (seq, day) = (step.seq, local(step.wall_ms).date_naive());
        found.push(Settled { case, given, seq, day });
    }
    found.sort_by_key(|settled| settled.seq);
    Ok(found)
}
