//! The question of settlement: the lines of a bill and what is known of person, place and year. Knows no rules.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::year::YearToDate;
use crate::money::Fen;
use crate::policy::value::Place;

/// Class of the catalogue (`chrgitm_lv`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemClass {
    /// 01 甲类: in scope.
    A,
    /// 02 乙类: the patient pays a first share.
    B,
    /// 03 丙类: as the area says, usually fully own.
    C,
}

impl ItemClass {
    /// The class of a `chrgitm_lv` code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "01" => Some(Self::A),
            "02" => Some(Self::B),
            "03" => Some(Self::C),
            _ => None,
        }
    }

    /// The `chrgitm_lv` code.
    pub fn code(self) -> &'static str {
        match self {
            Self::A => "01",
            Self::B => "02",
            Self::C => "03",
        }
    }
}

/// One line of the bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeLine {
    /// Code of `med_chrgitm_type`.
    pub kind: String,
    /// Name of the item, for messages.
    pub name: String,
    /// Class of the catalogue.
    pub class: ItemClass,
    /// Amount of the line in fen, not negative.
    pub amount: Fen,
    /// First-paid share of this item (`selfpay_prop`), 0..=1; `None` takes the area's share for the class. A class
    /// that the area pays nothing for stays fully own whatever stands here.
    pub first_paid: Option<Decimal>,
    /// Part of the amount above the price limit, 0..=amount.
    pub over_limit: Fen,
}

/// One bill to settle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettleInput {
    /// Lines of the bill, in any order, at least one.
    pub lines: Vec<FeeLine>,
    /// Code of `dedc_hosp_lv`.
    pub hospital_level: String,
    /// Code of `med_type`.
    pub med_type: String,
    /// Which admission of the year this is, from 1; 1 for outpatients.
    pub admission_no: u32,
    /// Last day of treatment: discharge.
    pub end_date: NaiveDate,
    /// Day of settlement. The area says which of the two days picks rules and year (`rule_date`).
    pub settle_date: NaiveDate,
    /// Used before, in the year of the rule date. A part that the rules do not ask for may stay zero.
    pub used: YearToDate,
    /// True if the referral or outside treatment was filed as prescribed.
    pub referred: bool,
    /// Where the treatment took place.
    pub place: Place,
    /// Code of `psn_type`; empty if not known, which is "any other" to the rules.
    pub psn_type: String,
    /// Codes of `psn_idet_type` that were valid on the rule date; where several help, the best one counts.
    pub identities: Vec<String>,
    /// Code of `dise_codg` that the bill is for; empty if it is for none.
    pub dise_codg: String,
    /// The chronic diseases that were recognised for the person, in the order of recognition; empty if not known.
    pub diseases: Vec<String>,
    /// The stay goes on from one that had to be settled earlier (002: 系统切换前先结算): the deductible that the earlier
    /// part bore, fen. `None` for a stay of its own.
    pub continued: Option<Fen>,
}
