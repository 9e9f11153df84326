//! All settled cases asked again under a draft pack, before it goes live: who gains, who loses, where the draft has no
//! answer. Person by person, so that a township's whole history never lies in memory; persons are independent, so that
//! several threads share them, and the report is the same whichever came first. Changes nothing.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use chrono::NaiveDate;
use xiangbao_core::case::Refusal;
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{PolicyGap, PolicyPack, Replay, SettleInput};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::{Station, local};
use crate::exchange::{Column, Table};
use crate::store::Snapshot;

/// Persons that a thread takes at a time: progress is told, and a stop heard, this often.
const SHARE: usize = 32;
/// Most threads: beyond these they wait for the data file.
const MOST_THREADS: usize = 8;

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

/// What a replay found. Rows stand in the order of their difference: the greatest loss first, the greatest gain last; those
/// of one difference, and those without an answer, by number.
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

/// A replay under way, as all its threads see it.
struct Walk<'a> {
    station: &'a Station,
    snapshot: Snapshot,
    actor: &'a Actor,
    draft: &'a PolicyPack,
    period: ReplayPeriod,
    persons: Vec<String>,
    /// The first person that no thread has taken yet.
    next: AtomicUsize,
    stop: AtomicBool,
}

/// What a thread found of the persons it took.
struct Share {
    /// Place of the first of them.
    first: usize,
    persons: u64,
    found: Result<ReplayReport, AppError>,
}

impl Station {
    /// Asks every settled and not reversed case again under `draft`, on as many threads as the machine has. `progress` is
    /// told persons done and all persons, and answers whether to go on. The look is recorded.
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
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.replay_on(threads, actor, draft, period, progress)
    }

    /// As [`Self::replay`], on so many threads (eight at most): the report is the same on any number of them.
    ///
    /// # Errors
    /// As [`Self::replay`].
    pub fn replay_on(
        &self,
        threads: NonZeroUsize,
        actor: &Actor,
        draft: &PolicyPack,
        period: ReplayPeriod,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<ReplayReport, AppError> {
        self.authorize(actor, Action::ViewCases, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let persons = snapshot.persons_with_cases()?;
        let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
        let walk = Walk { station: self, snapshot, actor, draft, period, persons, next, stop };
        let mut report = walk.all(threads, progress)?;
        draft.area().clone_into(&mut report.area);
        draft.hash().clone_into(&mut report.pack_hash);
        for rows in [&mut report.losses, &mut report.gains, &mut report.unanswered] {
            rows.sort_by(|one, other| (one.more(), &one.number).cmp(&(other.more(), &other.number)));
        }
        self.looked(actor, "replay", &format!("{} {} cases", draft.area(), report.asked))?;
        Ok(report)
    }
}

impl Walk<'_> {
    /// All persons on so many threads; of several faults that of the first person is told.
    fn all(
        &self,
        threads: NonZeroUsize,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<ReplayReport, AppError> {
        let total = self.persons.len() as u64;
        let mut report = ReplayReport::default();
        if !progress(0, total) {
            report.stopped = total > 0;
            return Ok(report);
        }
        let mut fault: Option<(usize, AppError)> = None;
        std::thread::scope(|scope| {
            let (tell, told) = mpsc::channel();
            for _ in 0..threads.get().min(MOST_THREADS) {
                let tell = tell.clone();
                scope.spawn(move || self.work(&tell));
            }
            drop(tell);
            let mut done = 0;
            for share in told {
                let kept = share.found.and_then(|found| report.take(found));
                if let Err(error) = kept {
                    // Shares are taken in order: those before this one are under way and will still tell.
                    self.stop.store(true, Ordering::Relaxed);
                    if fault.as_ref().is_none_or(|(first, _)| share.first < *first) {
                        fault = Some((share.first, error));
                    }
                }
                done += share.persons;
                if fault.is_none() && !progress(done, total) && done < total {
                    self.stop.store(true, Ordering::Relaxed);
                    report.stopped = true;
                    // Whatever is still told falls away: the report speaks of what progress was told.
                    break;
                }
            }
        });
        fault.map_or(Ok(report), |(_, error)| Err(error))
    }

    /// What one thread does: takes persons until none is left or it is told to stop.
    fn work(&self, tell: &mpsc::Sender<Share>) {
        while !self.stop.load(Ordering::Relaxed) {
            let first = self.next.fetch_add(SHARE, Ordering::Relaxed);
            let Some(share) = self.persons.get(first..).and_then(|rest| rest.chunks(SHARE).next()) else {
                return;
            };
            let mut report = ReplayReport::default();
            let found = share.iter().try_for_each(|psn_no| self.person(psn_no, &mut report));
            let share = Share { first, persons: share.len() as u64, found: found.map(|()| report) };
            if tell.send(share).is_err() {
                return;
            }
        }
    }

    /// The whole history of one person is lived through; only cases of the period are reported.
    fn person(&self, psn_no: &str, report: &mut ReplayReport) -> Result<(), AppError> {
        let mut replay = Replay::new(self.draft);
        for (case_id, settled) in self.snapshot.settled_of_person(psn_no)? {
            let day = local(settled.wall_ms).date_naive();
            let question = match settled.question {
                Some(question) => question,
                None => self.older(&case_id, day)?,
            };
            let now = question.and_then(|question| replay.next(question));
            let early = self.period.since.is_some_and(|since| day < since);
            let late = self.period.until.is_some_and(|until| day > until);
            if early || late || !self.actor.serves(&settled.village) {
                continue;
            }
            report.add(ReplayRow {
                number: settled.number,
                settled: day,
                benefit: settled.benefit,
                before: settled.fund_pay_sumamt,
                after: now.map(|settled| settled.fund_pay_sumamt).map_err(|gap| gap.to_string()),
            })?;
        }
        Ok(())
    }

    /// The question of a settlement from before questions were kept: with what the register says now.
    fn older(&self, case_id: &[u8; 16], day: NaiveDate) -> Result<Result<SettleInput, PolicyGap>, AppError> {
        let case = self.snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        let given = case.settlement.as_ref().ok_or(Refusal::Unknown)?;
        match self.station.settled_bill(&self.snapshot, &case.filing.data, given, day) {
            Ok(question) => Ok(Ok(question)),
            Err(AppError::Policy(gap)) => Ok(Err(gap)),
            Err(error) => Err(error),
        }
    }
}

impl ReplayReport {
    /// The report as a table for a workbook or csv, worst loss first.
    pub fn table(&self) -> Table {
        let column = |id: &str, title: &str, width: u8| Column::new(id, title, width);
        let rows = self.losses.iter().chain(&self.gains).chain(&self.unanswered).map(|row| {
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

    fn add(&mut self, row: ReplayRow) -> Result<(), AppError> {
        self.asked += 1;
        let Some(more) = row.more() else {
            self.unanswered.push(row);
            return Ok(());
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

    /// Takes in what another share of the persons gave.
    fn take(&mut self, other: Self) -> Result<(), AppError> {
        self.before = plus(self.before, other.before)?;
        self.after = plus(self.after, other.after)?;
        self.asked += other.asked;
        self.same += other.same;
        self.losses.extend(other.losses);
        self.gains.extend(other.gains);
        self.unanswered.extend(other.unanswered);
        Ok(())
    }
}

fn plus(sum: Fen, amount: Fen) -> Result<Fen, AppError> {
    sum.checked_add(amount).ok_or_else(|| AppError::Input("合计金额过大，请分段重算。".to_owned()))
}
