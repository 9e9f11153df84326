//! The shapes that a parameter's value can have. Knows structure and units; knows neither dates of effect, sources
//! nor TOML.

use chrono::{Datelike, Months, NaiveDate};
use rust_decimal::Decimal;

use crate::money::Fen;

mod treatment;

pub use treatment::{
    Amount, BandOrigin, BandRow, BandTable, Cell, ClassShare, Condition, DeductibleStep, Guarantee,
    GuaranteeScope, Label, Matrix, Place, Quota, QuotaPeriod, Who,
};
pub(super) use treatment::{Facts, national_level};

/// The value of one dated row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// An amount in fen.
    Money(Fen),
    /// One of the names that the schema lists.
    Choice(String),
    /// A list of codes.
    Codes(Vec<String>),
    /// Deductibles by condition and admission of the year.
    Deductibles(Matrix<Vec<DeductibleStep>>),
    /// Limits and other amounts by condition.
    Amounts(Matrix<Amount>),
    /// Ratios by condition and band.
    Bands(BandTable),
    /// Points of the ratio (lost or won) by condition.
    Points(Matrix<Decimal>),
    /// Guaranteed minimum ratio.
    Guarantee(Guarantee),
    /// Quotas of chronic diseases.
    Quotas(Vec<Quota>),
    /// A number of things.
    Count(u32),
    /// Whom a layer covers.
    Who(Who),
    /// Names of codes.
    Labels(Vec<Label>),
    /// First-paid share by class of the catalogue.
    FirstPaid(Vec<ClassShare>),
    /// Contribution standard of one insurance year.
    Standard(Standard),
    /// Aid to the personal contribution by identity.
    Aid(AidTable),
    /// A window within a year.
    Window(Window),
    /// A number of months or days.
    Term(Term),
}

/// Contribution of one insurance year, per head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Year of the document that sets it: not the insurance year.
    pub standard_year: i32,
    /// The person's share, fen.
    pub personal: Fen,
    /// The State's subsidy, fen.
    pub subsidy: Fen,
}

/// Aid to the personal contribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AidTable {
    /// True if the aid goes to the person's bank account after payment (003 A27), false if less is collected.
    pub to_account: bool,
    /// Classes of identity.
    pub classes: Vec<AidClass>,
}

/// Aid of one class of identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AidClass {
    /// Code of `psn_idet_type`.
    pub code: String,
    /// Chinese name.
    pub label: String,
    /// Amount.
    pub amount: AidAmount,
}

/// How much the aid is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AidAmount {
    /// In fen.
    Known(Fen),
    /// The class is aided, the document at hand gives no figure.
    Unknown,
}

/// A day of any year: month and day, or the last day of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDay {
    /// 1..=12.
    pub month: u32,
    /// Day, or `None` for the end of the month (the end of February moves).
    pub day: Option<u32>,
}

impl MonthDay {
    /// The day in `year`; `None` only outside the calendar's range.
    pub fn on(self, year: i32) -> Option<NaiveDate> {
        match self.day {
            Some(day) => NaiveDate::from_ymd_opt(year, self.month, day),
            None => {
                NaiveDate::from_ymd_opt(year, self.month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
            }
        }
    }

    /// In Chinese.
    pub fn words(self) -> String {
        match self.day {
            Some(day) => format!("{} 月 {day} 日", self.month),
            None => format!("{} 月底", self.month),
        }
    }
}

/// A window within one year, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub opens: MonthDay,
    /// Last day.
    pub closes: MonthDay,
}

impl Window {
    /// True if `day` lies in the window of `year`.
    pub fn contains(self, year: i32, day: NaiveDate) -> bool {
        match (self.opens.on(year), self.closes.on(year)) {
            (Some(opens), Some(closes)) => (opens..=closes).contains(&day),
            _ => false,
        }
    }
}

/// Unit of a [`Term`]. Three months are not ninety days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermUnit {
    /// Calendar months, cut to the last day of a shorter month.
    Month,
    /// Calendar days after the event.
    Day,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: TermUnit,
}

impl Term {
    /// Last day within the term counted from `day` (inclusive).
    pub fn last_day(self, day: NaiveDate) -> Option<NaiveDate> {
        match self.unit {
            TermUnit::Month => day.checked_add_months(Months::new(self.count)),
            TermUnit::Day => day.checked_add_days(chrono::Days::new(u64::from(self.count))),
        }
    }

    /// In Chinese.
    pub fn words(self) -> String {
        match self.unit {
            TermUnit::Month => format!("{} 个月", self.count),
            TermUnit::Day => format!("{} 天", self.count),
        }
    }
}

/// First day of the month that is `months` after the month of `day`.
pub(super) fn month_start_after(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(months))
}

/// Typed views: `None` if the value has another shape, which the loader excludes.
impl Value {
    pub(super) fn as_choice(&self) -> Option<&str> {
        if let Self::Choice(name) = self { Some(name) } else { None }
    }

    pub(super) fn as_codes(&self) -> Option<&[String]> {
        if let Self::Codes(codes) = self { Some(codes) } else { None }
    }

    pub(super) fn as_money(&self) -> Option<Fen> {
        if let Self::Money(amount) = self { Some(*amount) } else { None }
    }

    pub(super) fn as_deductibles(&self) -> Option<&Matrix<Vec<DeductibleStep>>> {
        if let Self::Deductibles(matrix) = self { Some(matrix) } else { None }
    }

    pub(super) fn as_amounts(&self) -> Option<&Matrix<Amount>> {
        if let Self::Amounts(matrix) = self { Some(matrix) } else { None }
    }

    pub(super) fn as_bands(&self) -> Option<&BandTable> {
        if let Self::Bands(table) = self { Some(table) } else { None }
    }

    pub(super) fn as_points(&self) -> Option<&Matrix<Decimal>> {
        if let Self::Points(matrix) = self { Some(matrix) } else { None }
    }

    pub(super) fn as_guarantee(&self) -> Option<&Guarantee> {
        if let Self::Guarantee(guarantee) = self { Some(guarantee) } else { None }
    }

    pub(super) fn as_quotas(&self) -> Option<&[Quota]> {
        if let Self::Quotas(rows) = self { Some(rows) } else { None }
    }

    pub(super) fn as_count(&self) -> Option<u32> {
        if let Self::Count(count) = self { Some(*count) } else { None }
    }

    pub(super) fn as_who(&self) -> Option<&Who> {
        if let Self::Who(who) = self { Some(who) } else { None }
    }

    pub(super) fn as_labels(&self) -> Option<&[Label]> {
        if let Self::Labels(labels) = self { Some(labels) } else { None }
    }

    pub(super) fn as_first_paid(&self) -> Option<&[ClassShare]> {
        if let Self::FirstPaid(rows) = self { Some(rows) } else { None }
    }

    pub(super) fn as_standard(&self) -> Option<&Standard> {
        if let Self::Standard(standard) = self { Some(standard) } else { None }
    }

    pub(super) fn as_aid(&self) -> Option<&AidTable> {
        if let Self::Aid(table) = self { Some(table) } else { None }
    }

    pub(super) fn as_window(&self) -> Option<Window> {
        if let Self::Window(window) = self { Some(*window) } else { None }
    }

    pub(super) fn as_term(&self) -> Option<Term> {
        if let Self::Term(term) = self { Some(*term) } else { None }
    }
}
