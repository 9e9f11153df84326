//! Terms on the calendar (reference 1.17): working days, the same day, calendar days, calendar months. The day a term
//! starts on is never counted.
//!
//! Knows days; must not know cases, pauses or outages.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta};

use super::layers::Calendar;

/// China has one time zone, and an office's papers carry its time.
const CHINA: TimeDelta = TimeDelta::hours(8);

/// A day on which something falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The last day of the term.
    pub date: NaiveDate,
    /// The term touches a year whose national calendar is not published: the date may move.
    pub provisional: bool,
}

/// How long a term runs (reference 1.17). The day it starts on is never counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// That many working days (003 A11: 15, A74: 20).
    WorkingDays(u32),
    /// Before the office closes on the very day (003 A72(4), A73(3)).
    SameDay,
    /// That many calendar days.
    Days(u32),
    /// Calendar months: the same day of a later month, or its last day where that month is shorter (003 A73(2)).
    Months(u32),
}

impl Term {
    /// Working days of the term; none for terms that do not count working days.
    pub fn working_days(self) -> Option<u32> {
        match self {
            Self::WorkingDays(days) => Some(days),
            Self::SameDay => Some(0),
            Self::Days(_) | Self::Months(_) => None,
        }
    }
}

/// A moment as the office's wall clock shows it, from milliseconds since 1970.
pub fn office_time(wall_ms: i64) -> NaiveDateTime {
    (DateTime::from_timestamp_millis(wall_ms).unwrap_or_default() + CHINA).naive_utc()
}

impl Calendar {
    /// The last day of a term of `n` working days; the start day is not counted, the last one is. A term of
    /// zero days ends on the start day itself, working or not.
    pub fn add_working_days(&self, start: NaiveDate, n: u32) -> Due {
        let mut date = start;
        let mut left = n;
        while left > 0 {
            let Some(next) = date.succ_opt() else { break };
            date = next;
            if self.is_working_day(date) {
                left -= 1;
            }
        }
        Due { date, provisional: self.is_provisional(start, date) }
    }

    /// Whether days between these two may still move: a year among them has no published national calendar.
    pub fn is_provisional(&self, from: NaiveDate, to: NaiveDate) -> bool {
        (from.year()..=to.year()).any(|year| !self.is_published(year))
    }

    /// The last day of a term that starts on a day. Only working days can be provisional: the other terms do not ask
    /// which days are worked.
    pub fn due(&self, start: NaiveDate, term: Term) -> Due {
        let plain =
            |date: Option<NaiveDate>| Due { date: date.unwrap_or(NaiveDate::MAX), provisional: false };
        match term {
            Term::WorkingDays(days) => self.add_working_days(start, days),
            Term::SameDay => plain(Some(start)),
            Term::Days(days) => plain(start.checked_add_days(Days::new(u64::from(days)))),
            Term::Months(months) => plain(start.checked_add_months(Months::new(months))),
        }
    }

    /// Working days from `from` (not counted) to `to` (counted); negative when `to` lies before `from`: with
    /// today and the due date, the days left or overdue.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let (early, late, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        sign * self.working_days_after(early, late)
    }

    /// The first working day after a day.
    pub fn next_working_day(&self, after: NaiveDate) -> NaiveDate {
        self.add_working_days(after, 1).date
    }
}
