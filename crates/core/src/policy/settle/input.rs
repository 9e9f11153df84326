//! The question of settlement: the lines of a bill and what is known of person, place and year. Knows no rules.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Settlement;
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

/// What a settlement was asked beside its lines and the year: kept with the answer, so that each figure can show what it
/// rests on, and so that the bill can be settled again under other law.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct SettleFacts {
    /// Code of `dedc_hosp_lv`.
    #[n(0)]
    pub hospital_level: String,
    /// Code of `med_type`.
    #[n(1)]
    pub med_type: String,
    /// Which admission of the year.
    #[n(2)]
    pub admission_no: u32,
    /// Last day of treatment, `YYYY-MM-DD`.
    #[n(3)]
    pub end_date: String,
    /// Day of settlement, `YYYY-MM-DD`.
    #[n(4)]
    pub settle_date: String,
    /// The referral or outside treatment was filed.
    #[n(5)]
    pub referred: bool,
    /// Where the treatment took place.
    #[n(6)]
    pub place: Place,
    /// Code of `psn_type`.
    #[n(7)]
    pub psn_type: String,
    /// Codes of `psn_idet_type`.
    #[n(8)]
    pub identities: Vec<String>,
    /// Code of `dise_codg`.
    #[n(9)]
    pub dise_codg: String,
    /// Diseases recognised.
    #[n(10)]
    pub diseases: Vec<String>,
    /// Deductible of the earlier part of a continued stay, fen.
    #[n(11)]
    pub continued: Option<Fen>,
}

impl SettleInput {
    /// The question without its lines and the year.
    pub(super) fn facts(&self) -> SettleFacts {
        SettleFacts {
            hospital_level: self.hospital_level.clone(),
            med_type: self.med_type.clone(),
            admission_no: self.admission_no,
            end_date: self.end_date.to_string(),
            settle_date: self.settle_date.to_string(),
            referred: self.referred,
            place: self.place,
            psn_type: self.psn_type.clone(),
            identities: self.identities.clone(),
            dise_codg: self.dise_codg.clone(),
            diseases: self.diseases.clone(),
            continued: self.continued,
        }
    }

    /// The question that led to `settled`, with `lines` from its form: to settle it again, under the same law or
    /// another. `None` for settlements from before questions were kept, and for refunds.
    pub fn again(settled: &Settlement, lines: Vec<FeeLine>) -> Option<Self> {
        let facts = settled.facts.as_ref().filter(|_| !settled.refd_setl_flag)?;
        facts.asked(lines, settled.year_after.minus(&settled.year_own)?)
    }
}

impl SettleFacts {
    /// The question that these facts were kept of, with its lines and what was used of the year before it. `None` if a day
    /// cannot be read.
    pub(crate) fn asked(&self, lines: Vec<FeeLine>, used: YearToDate) -> Option<SettleInput> {
        Some(SettleInput {
            lines,
            hospital_level: self.hospital_level.clone(),
            med_type: self.med_type.clone(),
            admission_no: self.admission_no,
            end_date: self.end_date.parse().ok()?,
            settle_date: self.settle_date.parse().ok()?,
            used,
            referred: self.referred,
            place: self.place,
            psn_type: self.psn_type.clone(),
            identities: self.identities.clone(),
            dise_codg: self.dise_codg.clone(),
            diseases: self.diseases.clone(),
            continued: self.continued,
        })
    }
}
