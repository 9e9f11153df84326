//! The office's hours (`seed/office-hours.toml`): until when a same-day term runs, and which day a paper counts for that
//! comes after closing. Nothing in 003 sets them: they are the office's own, and by default there are none.
//!
//! Knows hours of a day; must not know cases.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::Deserialize;

use super::layers::Calendar;

/// Which day a receipt after closing counts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateReceipt {
    /// The day itself.
    #[default]
    SameDay,
    /// The next calendar day.
    NextDay,
    /// The next working day.
    NextWorkingDay,
}

/// The office's hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeHours {
    /// When the office closes; without it a day runs to midnight (reference 1.17).
    pub closes: Option<NaiveTime>,
    /// What a receipt after closing means.
    pub late_receipt: LateReceipt,
    /// Who set them.
    pub source: String,
}

/// The file of office hours cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {key}: {message}")]
pub struct HoursError {
    /// File name as given.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Key; empty when unknown.
    pub key: String,
    /// What is wrong.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    closes: Option<toml::Spanned<String>>,
    #[serde(default)]
    late_receipt: LateReceipt,
}

impl OfficeHours {
    /// Reads the file: `source`, and optionally `closes = "17:30"` and `late_receipt`.
    ///
    /// # Errors
    /// Unknown keys, a time that is none, a late receipt without a closing time.
    pub fn load(file: &str, text: &str) -> Result<Self, HoursError> {
        let error = |offset: Option<usize>, key: &str, message: String| HoursError {
            file: file.to_owned(),
            line: offset.and_then(|at| text.get(..at)).map_or(0, |before| before.matches('\n').count() + 1),
            key: key.to_owned(),
            message,
        };
        let read: File = toml::from_str(text)
            .map_err(|fault| error(fault.span().map(|span| span.start), "", fault.message().to_owned()))?;
        let closes = match read.closes {
            None => None,
            Some(closes) => {
                let at = closes.span().start;
                let time = NaiveTime::parse_from_str(closes.get_ref(), "%H:%M").map_err(|_| {
                    error(Some(at), "closes", format!("{:?} is no time (write 17:30)", closes.get_ref()))
                })?;
                Some(time)
            }
        };
        if closes.is_none() && read.late_receipt != LateReceipt::SameDay {
            let message = "has no meaning without `closes` (write closes = \"17:30\")";
            return Err(error(None, "late_receipt", message.to_owned()));
        }
        Ok(Self { closes, late_receipt: read.late_receipt, source: read.source })
    }

    /// The day a term starts on (and which it does not count) for a receipt at this moment. On a day that is not worked
    /// nothing changes: the first working day after it is day 1 (reference 9).
    pub fn start_of(&self, received: NaiveDateTime, calendar: &Calendar) -> NaiveDate {
        let day = received.date();
        if self.closes.is_none_or(|closes| received.time() < closes) {
            return day;
        }
        match self.late_receipt {
            LateReceipt::SameDay => day,
            LateReceipt::NextDay => day.succ_opt().unwrap_or(day),
            LateReceipt::NextWorkingDay => calendar.next_working_day(day),
        }
    }

    /// The moment a day ends for the office.
    pub fn end_of(&self, day: NaiveDate) -> NaiveDateTime {
        match self.closes {
            Some(closes) => day.and_time(closes),
            None => day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN),
        }
    }
}
