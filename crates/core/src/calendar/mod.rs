//! Which days count, and until when. Two calendars that are never mixed: the working days of statutory clocks (layers,
//! terms, office hours) and the rule for statistics reports (`report`, 003 A113), whose days are another type.
//!
//! Knows dates and files of dates only: no clock, no case. Whoever asks brings the date and the term of an article.

mod explain;
mod hours;
mod layers;
mod report;
mod term;

#[cfg(test)]
mod tests;

pub use explain::ExplainedDay;
pub use hours::{HoursError, LateReceipt, OfficeHours};
pub use layers::{Calendar, CalendarError, CalendarLayer, LayerLevel};
pub use report::{PeriodError, ReportCalendar, ReportDay, ReportDeadline, ReportPeriod};
pub use term::{Due, Term, office_time};
