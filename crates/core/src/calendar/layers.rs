//! The layered working-day calendar (reference: section 9): national rows, regional rows that win over them,
//! then a county's own closed days, each of which names the document that closes the office.
//!
//! Knows which days are worked, why, and who says so; must not know terms.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use chrono::{Datelike, NaiveDate, Weekday};

/// Whose rows a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LayerLevel {
    /// The State Council's notices.
    National,
    /// The region's notices.
    Regional,
    /// A county's or office's own closed days: every row names its document.
    County,
}

impl LayerLevel {
    /// What an office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::National => "国家",
            Self::Regional => "自治区",
            Self::County => "县(区)",
        }
    }
}

/// One layer of the calendar as it came from a file.
#[derive(Clone, Copy, Debug)]
pub struct CalendarLayer<'a> {
    /// File or layer name, for error messages.
    pub name: &'a str,
    /// Whose rows.
    pub level: LayerLevel,
    /// CSV with a header; the columns `date`, `kind` (`holiday` or `workday`), `name` and, where it stands, `source`
    /// (`same` repeats the row above) are read, others ignored.
    pub text: &'a str,
}

/// Working days and holidays by date; later layers win.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, Day>,
    published: BTreeSet<i32>,
}

fn is_weekday(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Mondays to Fridays from the first Monday of the era to this day, which is counted.
fn weekdays_through(date: NaiveDate) -> i64 {
    let days = i64::from(date.num_days_from_ce());
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

/// What a file says of one day.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) working: bool,
    pub(super) name: String,
    pub(super) source: String,
    pub(super) level: LayerLevel,
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
    /// A county's closed day without the document that closes it.
    #[error(
        "{layer} line {line}: the column `source` is empty; name the document that closes or opens the office"
    )]
    Source {
        /// Layer name.
        layer: String,
        /// Line from one.
        line: u64,
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

    /// Working days after `early`, up to `late`, which is not before it: Mondays to Fridays by arithmetic, then what the
    /// layers say otherwise, so that a span of centuries costs nothing.
    pub(super) fn working_days_after(&self, early: NaiveDate, late: NaiveDate) -> i64 {
        if early == late {
            return 0;
        }
        let mut working = weekdays_through(late) - weekdays_through(early);
        for (date, day) in self.days.range((Bound::Excluded(early), Bound::Included(late))) {
            working += i64::from(day.working) - i64::from(is_weekday(*date));
        }
        working
    }

    /// What a layer says of that day; `None` for an ordinary day.
    pub(super) fn day(&self, date: NaiveDate) -> Option<&Day> {
        self.days.get(&date)
    }

    /// What the calendar calls that day (春节, 国庆节调休上班, ...); `None` for an ordinary day.
    pub fn day_name(&self, date: NaiveDate) -> Option<&str> {
        self.days.get(&date).map(|day| day.name.as_str()).filter(|name| !name.is_empty())
    }

    /// Whether the national calendar of the year is known.
    pub fn is_published(&self, year: i32) -> bool {
        self.published.contains(&year)
    }
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
    let source_at = match layer.level {
        LayerLevel::County => Some(column("source")?),
        LayerLevel::National | LayerLevel::Regional => header.iter().position(|title| title == "source"),
    };
    let mut days = BTreeMap::new();
    let mut above = String::new();
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
        let source = source_at.map(cell).unwrap_or_default();
        if source != "same" {
            above = source;
        }
        if layer.level == LayerLevel::County && above.is_empty() {
            return Err(CalendarError::Source { layer: name(), line });
        }
        let day = Day { working, name: cell(name_at), source: above.clone(), level: layer.level };
        if days.insert(date, day).is_some() {
            return Err(CalendarError::Twice { layer: name(), line, date });
        }
    }
    Ok(days)
}
