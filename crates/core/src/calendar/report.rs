//! The rule for statistics reports (003 A113), another calendar than that of the clocks: by the 4th after the month, and
//! when that day is a holiday, weekends included, one day later; two days for National Day. Its days are a type of
//! their own, so that no report date can stand where a clock's due date belongs.
//!
//! Two readings stand (reference 7.1): literal, base + 1 (October: + 2), which may be a holiday again; and roll, the next
//! working day. The earlier is the target, the later the limit. Quarter and year have no shift in the text.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::layers::Calendar;

/// A day of the reports' calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportDay(NaiveDate);

impl fmt::Display for ReportDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportPeriod {
    /// A month: year and month 1 to 12.
    Month(i32, u32),
    /// A quarter: year and quarter 1 to 4.
    Quarter(i32, u32),
    /// A year.
    Year(i32),
}

/// A period that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no period (write 2017-09, 2017-Q3 or 2017)")]
pub struct PeriodError(pub String);

impl FromStr for ReportPeriod {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let fault = || PeriodError(text.to_owned());
        let year = |text: &str| text.parse().ok().filter(|year| (1..=9_000).contains(year)).ok_or_else(fault);
        let Some((head, tail)) = text.trim().split_once('-') else {
            return Ok(Self::Year(year(text.trim())?));
        };
        let year = year(head)?;
        let part = |text: &str, last: u32| match text.parse() {
            Ok(part) if (1..=last).contains(&part) => Ok(part),
            _ => Err(fault()),
        };
        match tail.strip_prefix(['Q', 'q']) {
            Some(quarter) => Ok(Self::Quarter(year, part(quarter, 4)?)),
            None => Ok(Self::Month(year, part(tail, 12)?)),
        }
    }
}

impl ReportPeriod {
    /// The 4th, the 15th or 25 January after the period (003 A113).
    fn base(self) -> Option<NaiveDate> {
        let after = |year: i32, month: u32, day: u32| {
            let first = NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?;
            first.with_day(day)
        };
        match self {
            Self::Month(year, month) => after(year, month, 4),
            Self::Quarter(year, quarter) => after(year, quarter * 3, 15),
            Self::Year(year) => NaiveDate::from_ymd_opt(year + 1, 1, 25),
        }
    }
}

/// When a report is due, in both readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportDeadline {
    /// The day that the article names.
    pub base: ReportDay,
    /// That day is a holiday or weekend.
    pub base_is_nonworking: bool,
    /// The article states a shift for this kind of report; only the monthly line does.
    pub shift_stated: bool,
    /// Literal: one day later, in October two.
    pub literal: ReportDay,
    /// The literal day is a working day.
    pub literal_is_workday: bool,
    /// The next working day.
    pub roll: ReportDay,
    /// The calendar of that year is not published: a shift may be missing.
    pub provisional: bool,
}

impl ReportDeadline {
    /// The day to aim at: the earlier of the two readings.
    pub fn target(&self) -> ReportDay {
        self.literal.min(self.roll)
    }

    /// The last day under either reading.
    pub fn limit(&self) -> ReportDay {
        self.literal.max(self.roll)
    }
}

/// The reports' calendar over the days that offices work.
#[derive(Clone, Copy, Debug)]
pub struct ReportCalendar<'a> {
    days: &'a Calendar,
}

impl<'a> ReportCalendar<'a> {
    /// Over these layers.
    pub fn over(days: &'a Calendar) -> Self {
        Self { days }
    }

    /// When the report of a period is due; none only outside the range of dates.
    pub fn deadline(&self, period: ReportPeriod) -> Option<ReportDeadline> {
        let base = period.base()?;
        let shift_stated = matches!(period, ReportPeriod::Month(..));
        let base_is_nonworking = !self.days.is_working_day(base);
        let shifts = shift_stated && base_is_nonworking;
        let step = match (shifts, base.month()) {
            (false, _) => 0,
            (true, 10) => 2,
            (true, _) => 1,
        };
        let literal = base.checked_add_days(Days::new(step))?;
        let roll = if shifts { self.days.next_working_day(base) } else { base };
        Some(ReportDeadline {
            base: ReportDay(base),
            base_is_nonworking,
            shift_stated,
            literal: ReportDay(literal),
            literal_is_workday: self.days.is_working_day(literal),
            roll: ReportDay(roll),
            provisional: self.days.is_provisional(base, roll.max(literal)),
        })
    }
}
