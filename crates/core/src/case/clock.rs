//! The clock of a case as one pure fold: started at the receipt, standing still for a supplement (补正) and in a noticed
//! outage (002), going on with what was left, until the case takes effect. Nothing is stored of it but what happened:
//! it is read anew each time, so that a new notice or a newly published calendar reaches every running case.
//!
//! Knows days, pauses and outages; must not know lists, roles or screens.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

use super::fold::{Case, Status};
use crate::calendar::{Calendar, Due, OfficeHours, Term, office_time};
use crate::event::{Outage, OutageScope, Promise};

/// What the clock is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// How long.
    pub term: Term,
    /// When the papers came, by the office's wall clock.
    pub received: NaiveDateTime,
    /// The day that the term does not count.
    pub from: NaiveDate,
    /// Pauses for supplements, oldest first; the last may be open.
    pub pauses: Vec<(NaiveDateTime, Option<NaiveDateTime>)>,
    /// When the case was done.
    pub ended: Option<NaiveDateTime>,
}

impl Life {
    /// The life of a new case.
    pub fn begun(term: Term, received: NaiveDateTime, hours: &OfficeHours, calendar: &Calendar) -> Self {
        let from = hours.start_of(received, calendar);
        Self { term, received, from, pauses: Vec::new(), ended: None }
    }

    /// The life of a case; none for a case whose clock never ran or has no meaning any more (不予受理, 退件, 撤回).
    pub fn of(case: &Case) -> Option<Self> {
        if matches!(case.status, Status::Refused | Status::Rejected | Status::Withdrawn) {
            return None;
        }
        let received = office_time(case.received_ms());
        let mut pauses: Vec<_> = case
            .pauses
            .iter()
            .map(|pause| (office_time(pause.from_ms), Some(office_time(pause.to_ms))))
            .collect();
        pauses.extend(case.paused_ms.map(|from| (office_time(from), None)));
        Some(Self {
            term: case.promise.term(),
            received,
            from: case.promise.start().unwrap_or_else(|| received.date()),
            pauses,
            ended: case.effect.as_ref().map(|step| office_time(step.wall_ms)),
        })
    }
}

/// Whether the clock goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It runs.
    Running,
    /// It stands still for a supplement, since that day.
    Paused(NaiveDate),
    /// The case is done, on that day.
    Done(NaiveDate),
}

/// What is left; negative when it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Working days after today up to the last one.
    Days(i64),
    /// Minutes until the office closes, on the last day of a same-day term.
    Minutes(i64),
}

/// One outage that moved the last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Document number of the notice.
    pub document: String,
    /// The last day before it.
    pub before: NaiveDate,
    /// The last day with it.
    pub after: NaiveDate,
    /// The outage is not over: the day moves on.
    pub open: bool,
}

/// The clock as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The term it measures.
    pub term: Term,
    /// Whether it goes.
    pub standing: Standing,
    /// The last day. While it is paused: the last day if nothing had stopped it.
    pub due: Due,
    /// The moment the last day ends: what breaks first sorts first.
    pub due_at: NaiveDateTime,
    /// What is left.
    pub left: Left,
    /// The last day is over, or was when the case was done.
    pub breached: bool,
    /// The outages that moved the last day.
    pub extended: Vec<Extension>,
    /// While it is paused: until when the applicant was asked to come back, and the working days left of that.
    pub reminder: Option<(Due, i64)>,
}

impl Reading {
    /// The promise that this reading makes to the applicant.
    pub fn promise(&self, from: NaiveDate) -> Promise {
        let days = self.term.working_days().unwrap_or_default();
        Promise {
            working_days: u16::try_from(days).unwrap_or(u16::MAX),
            due: self.due.date.to_string(),
            provisional: self.due.provisional,
            from: Some(from.to_string()),
        }
    }

    /// An outage that moves the last day is not over.
    pub fn is_open(&self) -> bool {
        self.extended.iter().any(|extension| extension.open)
    }
}

/// What a clock is read with.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Working days.
    pub calendar: &'a Calendar,
    /// Office hours.
    pub hours: &'a OfficeHours,
    /// The outages that concern this kind of case, in any order.
    pub outages: &'a [&'a Outage],
    /// Working days given for a supplement.
    pub correct_within: u32,
}

/// A span in which the clock stands still.
struct Stop<'a> {
    from: NaiveDateTime,
    to: Option<NaiveDateTime>,
    outage: Option<&'a Outage>,
}

/// Reads the clock of a life at a moment.
///
/// A stop gives back what was left when it began: the new last day is its end and the working days from its beginning to
/// the old last day, at least its end (reference 5.8: E + (L - S), at least E). Stops that overlap count once. A limit
/// that has run out is not revived by a later stop.
pub fn read(life: &Life, rules: Rules<'_>, now: NaiveDateTime) -> Reading {
    let at = life.ended.map_or(now, |ended| ended.min(now));
    let mut due = rules.calendar.due(life.from, life.term).date;
    let mut covered = life.received;
    let mut extended = Vec::new();
    let mut standing = life.ended.map_or(Standing::Running, |ended| Standing::Done(ended.date()));
    for stop in stops(life, rules.outages) {
        let begins = stop.from.max(covered);
        let Some(outage) = stop.outage else {
            let Some(to) = stop.to else {
                standing = Standing::Paused(begins.date());
                break;
            };
            if begins < to {
                due = moved(rules.calendar, life, due, begins, to);
                covered = to;
            }
            continue;
        };
        let to = stop.to.unwrap_or(at);
        let runs_out_inside = (stop.from.date()..=to.date()).contains(&due);
        if begins >= to || begins >= life.ended.unwrap_or(NaiveDateTime::MAX) {
            continue;
        }
        if outage.scope == OutageScope::Expiring && !runs_out_inside {
            continue;
        }
        let before = due;
        due = moved(rules.calendar, life, due, begins, to);
        covered = to;
        if due > before {
            let open = stop.to.is_none();
            extended.push(Extension { document: outage.document.clone(), before, after: due, open });
        }
    }
    reading(life, rules, at, standing, due, extended)
}

fn reading(
    life: &Life,
    rules: Rules<'_>,
    at: NaiveDateTime,
    standing: Standing,
    due: NaiveDate,
    extended: Vec<Extension>,
) -> Reading {
    let counts =
        matches!(life.term, Term::WorkingDays(_)) || due > rules.calendar.due(life.from, life.term).date;
    let due_at = rules.hours.end_of(due);
    // While it stands still nothing runs out.
    let today = match standing {
        Standing::Paused(since) => since,
        Standing::Running | Standing::Done(_) => at.date(),
    };
    let left = if life.term == Term::SameDay && today == due && standing == Standing::Running {
        Left::Minutes((due_at - at).num_minutes())
    } else {
        Left::Days(rules.calendar.working_days_between(today, due))
    };
    let breached = match left {
        Left::Minutes(minutes) => minutes < 0,
        Left::Days(_) => today > due,
    };
    let reminder = match standing {
        Standing::Paused(since) => {
            let until = rules.calendar.add_working_days(since, rules.correct_within);
            Some((until, rules.calendar.working_days_between(at.date(), until.date)))
        }
        Standing::Running | Standing::Done(_) => None,
    };
    let provisional = counts && rules.calendar.is_provisional(life.from, due);
    Reading {
        term: life.term,
        standing,
        due: Due { date: due, provisional },
        due_at,
        left,
        breached,
        extended,
        reminder,
    }
}

/// All stops, in the order they began.
fn stops<'a>(life: &Life, outages: &[&'a Outage]) -> Vec<Stop<'a>> {
    let pauses = life.pauses.iter().map(|(from, to)| Stop { from: *from, to: *to, outage: None });
    let outages = outages.iter().map(|outage| Stop {
        from: office_time(outage.from_ms),
        to: outage.to_ms.map(office_time),
        outage: Some(outage),
    });
    let mut all: Vec<Stop<'a>> = pauses.chain(outages).collect();
    all.sort_by_key(|stop| (stop.from, stop.to));
    all
}

/// The last day after the clock stood still from one moment to another.
fn moved(
    calendar: &Calendar,
    life: &Life,
    due: NaiveDate,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> NaiveDate {
    // A stop from midnight takes that day away; one from any later hour leaves it counted.
    let stopped = (from - TimeDelta::seconds(1)).date().max(life.from);
    let resumed = to.date();
    if from.date() > due {
        return due;
    }
    match life.term {
        Term::WorkingDays(_) | Term::SameDay => {
            let left = calendar.working_days_between(stopped, due).max(0);
            calendar.add_working_days(resumed, u32::try_from(left).unwrap_or_default()).date.max(due)
        }
        Term::Days(_) | Term::Months(_) => {
            let still = u64::try_from((resumed - stopped).num_days()).unwrap_or_default();
            due.checked_add_days(Days::new(still)).unwrap_or(due)
        }
    }
}
