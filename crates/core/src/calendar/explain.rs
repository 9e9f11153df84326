//! Day by day, why a term ends when it ends: for people who must defend a date, and for `calendar explain`.
//!
//! Knows the layers' reasons; must not know screens.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::layers::{Calendar, LayerLevel};
use super::term::{Due, Term};

/// One day of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedDay {
    /// The day.
    pub date: NaiveDate,
    /// Its number in the term; none when it does not count.
    pub counted: Option<u32>,
    /// Why it counts or not, in Chinese.
    pub reason: &'static str,
    /// What a layer calls it; empty for an ordinary day.
    pub name: String,
    /// The layer that says so; none for an ordinary day.
    pub layer: Option<LayerLevel>,
    /// The document behind the layer's row; empty where the layer names none.
    pub source: String,
    /// The national calendar of this year is not published.
    pub provisional: bool,
}

impl Calendar {
    /// Every day of a term, from the day it starts on to its last day, and the end.
    pub fn explain(&self, start: NaiveDate, term: Term) -> (Vec<ExplainedDay>, Due) {
        let due = self.due(start, term);
        let working_days = matches!(term, Term::WorkingDays(_));
        let mut number = 0;
        let mut days = Vec::new();
        for date in start.iter_days().take_while(|date| *date <= due.date) {
            let first = date == start;
            let (counts, reason) = match (first, working_days) {
                (true, _) => (false, if term == Term::SameDay { "当日办结" } else { "受理当日不计" }),
                (false, false) => (true, "自然日"),
                (false, true) => self.why(date),
            };
            number += u32::from(counts);
            let row = self.day(date);
            days.push(ExplainedDay {
                date,
                counted: counts.then_some(number),
                reason,
                name: row.map(|row| row.name.clone()).unwrap_or_default(),
                layer: row.map(|row| row.level),
                source: row.map(|row| row.source.clone()).unwrap_or_default(),
                provisional: working_days && !self.is_published(date.year()),
            });
        }
        (days, due)
    }

    fn why(&self, date: NaiveDate) -> (bool, &'static str) {
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        match self.day(date).map(|row| row.working) {
            Some(true) if weekend => (true, "调休上班"),
            Some(true) | None if !weekend => (true, "工作日"),
            Some(false) => (false, "放假"),
            _ => (false, "周末"),
        }
    }

    /// The first day after `from` whose national calendar is not published; none within ten years.
    pub fn published_until(&self, from: NaiveDate) -> Option<NaiveDate> {
        let year = (from.year()..from.year() + 10).find(|year| !self.is_published(*year))?;
        NaiveDate::from_ymd_opt(year, 1, 1)?.checked_sub_days(Days::new(1))
    }
}
