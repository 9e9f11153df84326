//! The clocks of cases as the office reads them: the one fold of core, with the office's calendar, hours and notices.
//! Every promise, due date and day left on screen, paper and command line comes from here.

use xiangbao_core::calendar::office_time;
use xiangbao_core::case::{Case, Life, Reading, Rules, clock, receipt_allowed};
use xiangbao_core::event::{Outage, Promise};
use xiangbao_core::form::FormDef;

use super::error::AppError;
use super::station::Station;
use crate::store::{Draft, Snapshot};

/// How a moment is typed: date and minute.
const MOMENT: &str = "%Y-%m-%d %H:%M";
/// How far back a finished outage is offered for work that was taken in while it lasted.
const OFFERED_MS: i64 = 90 * 24 * 3_600_000;

/// The outage notices, read once for many cases.
pub struct Clocks {
    outages: Vec<Outage>,
}

impl Clocks {
    /// All notices, the newest beginning first.
    pub fn outages(&self) -> &[Outage] {
        &self.outages
    }

    fn of(&self, code: &str) -> Vec<&Outage> {
        self.outages.iter().filter(|outage| outage.concerns(code)).collect()
    }
}

impl Station {
    /// The notices as they stand.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn clocks(&self, snapshot: &Snapshot) -> Result<Clocks, AppError> {
        let mut outages = snapshot.outages()?;
        outages.sort_by_key(|outage| std::cmp::Reverse(outage.from_ms));
        Ok(Clocks { outages })
    }

    /// The clock of a case; none when it never ran, or has no meaning any more.
    pub(super) fn reading(&self, clocks: &Clocks, case: &Case) -> Option<Reading> {
        let life = Life::of(case)?;
        let form = self.library.form(&case.filing.form).map(|form| &form.def);
        let code = form.map_or("", |def| def.code.as_str());
        Some(self.read_life(clocks, &life, code, form.and_then(|def| def.clock.correct_within)))
    }

    fn read_life(&self, clocks: &Clocks, life: &Life, code: &str, correct_within: Option<u32>) -> Reading {
        let outages = clocks.of(code);
        let rules = Rules {
            calendar: &self.library.calendar,
            hours: &self.library.hours,
            outages: &outages,
            correct_within: correct_within.unwrap_or(self.library.escalation.correction.working_days),
        };
        clock::read(life, rules, office_time(self.now_ms()))
    }

    /// The promise that an acceptance makes now, for papers that came at a moment.
    pub(super) fn promise(&self, clocks: &Clocks, def: &FormDef, received_ms: i64) -> Promise {
        let library = &self.library;
        let life = Life::begun(def.clock.term, office_time(received_ms), &library.hours, &library.calendar);
        self.read_life(clocks, &life, &def.code, None).promise(life.from)
    }

    /// The promise after a supplement: what was left when it stopped, counted from now.
    pub(super) fn resumed(&self, clocks: &Clocks, case: &Case) -> Promise {
        let Some(mut life) = Life::of(case) else { return case.promise.clone() };
        let now = office_time(self.now_ms());
        for (_, to) in life.pauses.iter_mut().filter(|(_, to)| to.is_none()) {
            *to = Some(now);
        }
        let code = self.library.form(&case.filing.form).map_or("", |form| form.def.code.as_str());
        self.read_life(clocks, &life, code, None).promise(life.from)
    }

    /// The promise that handing this draft in would make.
    ///
    /// # Errors
    /// When the form is unknown or the store cannot be read.
    pub fn promise_of(&self, draft: &Draft) -> Result<Promise, AppError> {
        let clocks = self.clocks(&self.snapshot()?)?;
        let received = draft.received_ms.unwrap_or_else(|| self.now_ms());
        Ok(self.promise(&clocks, self.form(&draft.form)?, received))
    }

    /// The notices under which papers of this draft's kind may have been taken in before now: an outage that lasts, or
    /// one that ended in the last ninety days.
    ///
    /// # Errors
    /// When the form is unknown or the store cannot be read.
    pub fn receipt_outages(&self, draft: &Draft) -> Result<Vec<Outage>, AppError> {
        let code = &self.form(&draft.form)?.code;
        let now = self.now_ms();
        let mut outages = self.clocks(&self.snapshot()?)?.outages;
        outages.retain(|outage| {
            let recent = outage.to_ms.is_none_or(|to| to + OFFERED_MS > now);
            outage.concerns(code) && outage.from_ms < now && recent
        });
        Ok(outages)
    }

    /// Notes on a draft when its papers really came, and saves it; an empty text takes that back.
    ///
    /// # Errors
    /// A text that is no moment, a moment that no noticed outage covers, or a fault of the store.
    pub fn set_received(&self, draft: &mut Draft, typed: &str) -> Result<(), AppError> {
        let received = match typed.trim() {
            "" => None,
            typed => Some(read_moment(typed)?),
        };
        if let Some(moment) = received {
            self.check_received(draft, moment)?;
        }
        draft.received_ms = received;
        self.touch(draft)
    }

    /// Whether a case of this draft's kind may be entered as received at that moment.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn check_received(&self, draft: &Draft, moment_ms: i64) -> Result<(), AppError> {
        let clocks = self.clocks(&self.snapshot()?)?;
        let code = &self.form(&draft.form)?.code;
        receipt_allowed(clocks.outages(), code, moment_ms, self.now_ms())
            .map_err(|refusal| AppError::Input(refusal.zh().to_owned()))
    }
}

/// Reads a moment as people type it: `2021-12-20 09:30`, or a date alone for its midnight.
///
/// # Errors
/// The sentence for the person.
pub(super) fn read_moment(typed: &str) -> Result<i64, AppError> {
    let typed = typed.trim().replace('T', " ");
    let moment = chrono::NaiveDateTime::parse_from_str(&typed, MOMENT)
        .or_else(|_| chrono::NaiveDateTime::parse_from_str(&format!("{typed} 00:00"), MOMENT))
        .map_err(|_| {
            AppError::Input(format!("“{typed}”不是时间，请写成 2021-12-20 09:30（年月日 时:分）。"))
        })?;
    let utc = moment.and_utc().timestamp_millis();
    // Typed by the office's wall clock, eight hours ahead.
    Ok(utc - 8 * 3_600_000)
}
