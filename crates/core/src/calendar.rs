//! The layered working-day calendar (reference: section 9): national rows, regional rows that win over them,
//! then a county's own closed days.
//!
//! Knows dates only: no clock, no office hours, no statutory terms. Whoever asks brings the date and the
//! number of working days that an article gives.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// One layer of the calendar as it came from a file.
#[derive(Clone, Copy, Debug)]
pub struct CalendarLayer<'a> {
    /// File or layer name, for error messages.
    pub name: &'a str,
    /// CSV with a header; the columns `date`, `kind` (`holiday` or `workday`) and `name` are read, others
    /// ignored.
    pub text: &'a str,
}

/// Working days and holidays by date; later layers win.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, Day>,
    published: BTreeSet<i32>,
}

/// What a file says of one day.
#[derive(Clone, Debug)]
struct Day {
    working: bool,
    name: String,
}

/// A day on which something falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The last working day of the term.
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

/// Why a calendar file cannot be used; every variant says where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No layer was given, so no year is known.
    #[error("no calendar layer was given; the first must be the national one")]
    NoLayer,
    /// The file is not CSV.
    #[error("{layer} line {line}: {reason}; repair the CSV line")]
    Csv {
        /// Layer name.
        layer: String,
        /// Line from one; 0 where unknown.
        line: u64,
        /// What the reader says.
        reason: String,
    },
    /// A column is missing in the header.
    #[error("{layer}: the header lacks the column `{column}` (needed: date, kind, name)")]
    Column {
        /// Layer name.
        layer: String,
        /// Missing column.
        column: &'static str,
    },
    /// The date cannot be read.
    #[error("{layer} line {line}: {value:?} is not a date (write YYYY-MM-DD)")]
    Date {
        /// Layer name.
        layer: String,
        /// Line from one.
        line: u64,
        /// What stands there.
        value: String,
    },
    /// The kind is neither holiday nor workday.
    #[error("{layer} line {line}: kind is {value:?} (write `holiday` or `workday`)")]
    Kind {
        /// Layer name.
        layer: String,
        /// Line from one.
        line: u64,
        /// What stands there.
        value: String,
    },
    /// One layer names a date twice.
    #[error("{layer} line {line}: {date} stands twice in this layer; keep one line")]
    Twice {
        /// Layer name.
        layer: String,
        /// Line from one.
        line: u64,
        /// The date.
        date: NaiveDate,
    },
}

impl Calendar {
    /// Builds the calendar; the first layer is the national one, later layers win.
    ///
    /// A year counts as published when the national layer holds a holiday in its October (National Day): rows
    /// of the following New Year in an older notice do not publish that year.
    pub fn from_csv(layers: &[CalendarLayer<'_>]) -> Result<Self, CalendarError> {
        let mut calendar = Self::default();
        let (national, local) = layers.split_first().ok_or(CalendarError::NoLayer)?;
        calendar.days = read_layer(national)?;
        calendar.published = calendar
            .days
            .iter()
            .filter(|(date, day)| date.month() == 10 && !day.working)
            .map(|(date, _)| date.year())
            .collect();
        for layer in local {
            calendar.days.extend(read_layer(layer)?);
        }
        Ok(calendar)
    }

    /// Whether offices work on that day: what the layers say, else Monday to Friday.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        match self.days.get(&date) {
            Some(day) => day.working,
            None => is_weekday(date),
        }
    }

    /// What the calendar calls that day (春节, 国庆节调休上班, ...); `None` for an ordinary day.
    pub fn day_name(&self, date: NaiveDate) -> Option<&str> {
        self.days.get(&date).map(|day| day.name.as_str()).filter(|name| !name.is_empty())
    }

    /// Whether the national calendar of the year is known.
    pub fn is_published(&self, year: i32) -> bool {
        self.published.contains(&year)
    }

    /// The last day of a term of `n` working days; the start day is not counted, the last one is. A term of
    /// zero days ends on the start day itself (same-day filing), working or not.
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
        let provisional = (start.year()..=date.year()).any(|year| !self.is_published(year));
        Due { date, provisional }
    }

    /// The last day of a term that starts on a day.
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
        if early == late {
            return 0;
        }
        // Mondays to Fridays by arithmetic, then what the layers say otherwise: a span of centuries costs nothing.
        let mut working = weekdays_through(late) - weekdays_through(early);
        for (date, day) in self.days.range((Bound::Excluded(early), Bound::Included(late))) {
            working += i64::from(day.working) - i64::from(is_weekday(*date));
        }
        sign * working
    }
}

fn is_weekday(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Mondays to Fridays from the first Monday of the era to this day, which is counted.
fn weekdays_through(date: NaiveDate) -> i64 {
    let days = i64::from(date.num_days_from_ce());
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

/// One layer by date.
fn read_layer(layer: &CalendarLayer<'_>) -> Result<BTreeMap<NaiveDate, Day>, CalendarError> {
    let name = || layer.name.to_owned();
    let csv_error = |error: csv::Error| CalendarError::Csv {
        layer: name(),
        line: error.position().map_or(0, csv::Position::line),
        reason: error.to_string(),
    };
    let text = layer.text.strip_prefix('\u{feff}').unwrap_or(layer.text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(csv_error)?.clone();
    let column = |wanted: &'static str| {
        let found = header.iter().position(|title| title == wanted);
        found.ok_or_else(|| CalendarError::Column { layer: name(), column: wanted })
    };
    let (date_at, kind_at, name_at) = (column("date")?, column("kind")?, column("name")?);
    let mut days = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(csv_error)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or("").to_owned();
        let date = NaiveDate::parse_from_str(&cell(date_at), "%Y-%m-%d")
            .map_err(|_| CalendarError::Date { layer: name(), line, value: cell(date_at) })?;
        let working = match cell(kind_at).as_str() {
            "workday" => true,
            "holiday" => false,
            _ => return Err(CalendarError::Kind { layer: name(), line, value: cell(kind_at) }),
        };
        if days.insert(date, Day { working, name: cell(name_at) }).is_some() {
            return Err(CalendarError::Twice { layer: name(), line, date });
        }
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NATIONAL: CalendarLayer<'static> =
        CalendarLayer { name: "national.csv", text: include_str!("../../../seed/calendar/national.csv") };
    const GUANGXI: CalendarLayer<'static> =
        CalendarLayer { name: "guangxi.csv", text: include_str!("../../../seed/calendar/guangxi.csv") };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn national() -> Calendar {
        Calendar::from_csv(&[NATIONAL]).unwrap()
    }

    fn guangxi() -> Calendar {
        Calendar::from_csv(&[NATIONAL, GUANGXI]).unwrap()
    }

    fn working_days_of(calendar: &Calendar, year: i32) -> i64 {
        let date = |year| NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
        calendar.working_days_between(date(year - 1), date(year))
    }

    /// reference 9.1: start, working days, national due date, Guangxi due date.
    const LAYERED: [(&str, u32, &str, &str); 12] = [
        ("2017-03-27", 5, "2017-04-01", "2017-04-07"),
        ("2017-03-20", 15, "2017-04-11", "2017-04-13"),
        ("2018-04-10", 10, "2018-04-24", "2018-04-26"),
        ("2019-04-01", 5, "2019-04-09", "2019-04-11"),
        ("2020-03-20", 10, "2020-04-03", "2020-04-03"),
        ("2021-04-08", 10, "2021-04-22", "2021-04-25"),
        ("2022-03-28", 10, "2022-04-12", "2022-04-14"),
        ("2023-04-17", 5, "2023-04-23", "2023-04-25"),
        ("2023-04-10", 15, "2023-04-28", "2023-05-05"),
        ("2024-04-08", 5, "2024-04-15", "2024-04-17"),
        ("2025-03-24", 10, "2025-04-08", "2025-04-10"),
        ("2026-04-13", 10, "2026-04-27", "2026-04-29"),
    ];

    /// reference 9.2: start, working days, national due date.
    const VECTORS: [(&str, u32, &str); 22] = [
        ("2017-07-03", 15, "2017-07-24"),
        ("2017-09-22", 15, "2017-10-19"),
        ("2017-09-15", 20, "2017-10-19"),
        ("2017-12-11", 15, "2018-01-02"),
        ("2018-02-01", 15, "2018-02-27"),
        ("2019-04-24", 15, "2019-05-16"),
        ("2020-01-10", 15, "2020-02-07"),
        ("2020-01-17", 20, "2020-02-21"),
        ("2021-02-01", 15, "2021-02-25"),
        ("2021-09-13", 20, "2021-10-15"),
        ("2021-12-14", 15, "2022-01-05"),
        ("2022-01-24", 20, "2022-02-24"),
        ("2022-04-28", 2, "2022-05-05"),
        ("2017-09-29", 2, "2017-10-09"),
        ("2018-12-28", 2, "2019-01-02"),
        ("2021-02-10", 2, "2021-02-19"),
        ("2017-07-03", 60, "2017-09-25"),
        ("2023-09-25", 10, "2023-10-13"),
        ("2024-02-05", 10, "2024-02-23"),
        ("2025-01-24", 5, "2025-02-07"),
        ("2026-02-10", 15, "2026-03-09"),
        ("2026-09-21", 15, "2026-10-19"),
    ];

    #[test]
    fn due_dates_follow_the_national_notices() {
        let calendar = national();
        for (start, n, due) in VECTORS {
            let expected = Due { date: day(due), provisional: false };
            assert_eq!(calendar.add_working_days(day(start), n), expected, "{start} + {n}");
            assert_eq!(calendar.working_days_between(day(start), day(due)), i64::from(n));
            assert_eq!(calendar.working_days_between(day(due), day(start)), -i64::from(n));
        }
    }

    #[test]
    fn the_regional_layer_wins() {
        let (national, guangxi) = (national(), guangxi());
        for (start, n, country, region) in LAYERED {
            assert_eq!(national.add_working_days(day(start), n).date, day(country), "{start} + {n}");
            assert_eq!(guangxi.add_working_days(day(start), n).date, day(region), "{start} + {n}");
        }
    }

    /// reference 9: working days of each year, national and Guangxi.
    #[test]
    fn years_have_the_published_number_of_working_days() {
        let (national, guangxi) = (national(), guangxi());
        let expected = [249, 250, 250, 249, 250, 249, 249, 251, 248, 248];
        let regional = [247, 248, 248, 249, 248, 247, 247, 249, 246, 246];
        for (offset, (country, region)) in expected.into_iter().zip(regional).enumerate() {
            let year = 2017 + i32::try_from(offset).unwrap();
            assert_eq!(working_days_of(&national, year), country, "{year}");
            assert_eq!(working_days_of(&guangxi, year), region, "{year}");
        }
    }

    #[test]
    fn a_term_into_an_unpublished_year_is_provisional() {
        let calendar = guangxi();
        assert!(calendar.is_published(2026));
        assert!(!calendar.is_published(2027));
        assert!(!calendar.add_working_days(day("2026-12-01"), 15).provisional);
        assert!(calendar.add_working_days(day("2026-12-21"), 15).provisional);
        assert!(calendar.add_working_days(day("2027-03-01"), 0).provisional);
    }

    #[test]
    fn names_and_same_day_terms() {
        let calendar = guangxi();
        assert_eq!(calendar.day_name(day("2026-04-20")), Some("壮族三月三"));
        assert_eq!(calendar.day_name(day("2026-10-07")), Some("国庆节"));
        assert_eq!(calendar.day_name(day("2026-11-03")), None);
        assert!(calendar.is_working_day(day("2026-10-10")));
        let sunday = day("2026-11-01");
        assert_eq!(calendar.add_working_days(sunday, 0).date, sunday);
        assert_eq!(calendar.add_working_days(sunday, 1).date, day("2026-11-02"));
    }

    #[test]
    fn broken_layers_say_where() {
        let load =
            |text| Calendar::from_csv(&[CalendarLayer { name: "x.csv", text }]).unwrap_err().to_string();
        for (text, message) in [
            ("date,kind\n", "x.csv: the header lacks the column `name` (needed: date, kind, name)"),
            (
                "date,kind,name\n2026-02-30,holiday,x\n",
                "x.csv line 2: \"2026-02-30\" is not a date (write YYYY-MM-DD)",
            ),
            (
                "date,kind,name\n2026-02-03,off,x\n",
                "x.csv line 2: kind is \"off\" (write `holiday` or `workday`)",
            ),
            (
                "date,kind,name\n2026-02-03,holiday,x\n2026-02-03,workday,x\n",
                "x.csv line 3: 2026-02-03 stands twice in this layer; keep one line",
            ),
        ] {
            assert_eq!(load(text), message);
        }
        assert!(load("date,kind,name\n2026-02-03,holiday\n").starts_with("x.csv line 2: "));
        assert_eq!(Calendar::from_csv(&[]).unwrap_err(), CalendarError::NoLayer);
    }
}
