//! Enrolments, yearly accumulations and transfers as the register holds them. Amounts are fen, days are ISO text.
//! Knows nothing of how an enrolment is decided.

use super::Elsewhere;
use crate::money::Fen;
use crate::policy::{LayerUse, QuotaUse, YearToDate};

/// National code table `psn_insu_stas`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum EnrolmentStatus {
    /// 1 正常参保.
    #[n(1)]
    Normal,
    /// 3 无效参保: the case that created it was reversed.
    #[n(3)]
    Void,
    /// 4 终止参保.
    #[n(4)]
    Ended,
}

impl EnrolmentStatus {
    /// The national code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Normal => "1",
            Self::Void => "3",
            Self::Ended => "4",
        }
    }
}

/// The enrolment of one person in one insurance year (calendar year).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Enrolment {
    /// Person number.
    #[n(0)]
    pub psn_no: String,
    /// Insurance year.
    #[n(1)]
    pub insu_year: u16,
    /// Revision, from 1.
    #[n(2)]
    pub rev: u32,
    /// Standing.
    #[n(3)]
    pub status: EnrolmentStatus,
    /// Local code `enrol_kind`.
    #[n(4)]
    pub enrol_kind: String,
    /// Code `psn_type`.
    #[n(5)]
    pub psn_type: String,
    /// Code `psn_idet_type`; empty when none.
    #[n(6)]
    pub psn_idet_type: String,
    /// Contribution standard per person.
    #[n(7)]
    pub standard: Fen,
    /// Aid to the personal contribution (003 A27).
    #[n(8)]
    pub aid: Fen,
    /// What the person pays.
    #[n(9)]
    pub personal: Fen,
    /// First day of entitlement; empty while no rule gives one.
    #[n(10)]
    pub entitled_from: String,
    /// Last day of entitlement.
    #[n(11)]
    pub entitled_to: String,
    /// The rule that gave the days (G1..G10 of 003 A22), or why there is none.
    #[n(12)]
    pub entitlement_rule: String,
    /// A figure behind this record is not verified (示例).
    #[n(13)]
    pub sample: bool,
    /// Reason of the end, local code `cancel_rea`; empty while not ended.
    #[n(14)]
    pub end_reason: String,
    /// Certificate number at the time of enrolment: what the city compares between stations (003 A6).
    #[n(15)]
    pub certno: String,
    /// The school that registered the person (003 A6, A9); none for a household.
    #[n(16)]
    pub unit: Option<String>,
    /// Given back because it was paid twice, fen, all refunds together; none where nothing was (003 A28).
    #[n(17)]
    pub refunded: Option<Fen>,
    /// What the person brought from employee insurance (004 question 4); none where the area does not ask.
    #[n(18)]
    pub elsewhere: Option<Box<Elsewhere>>,
}

/// What a person has used in a settlement year, within one benefit (inpatient, outpatient).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Accumulation {
    /// Person number.
    #[n(0)]
    pub psn_no: String,
    /// Settlement year.
    #[n(1)]
    pub year: u16,
    /// Revision, from 1.
    #[n(2)]
    pub rev: u32,
    /// Paid by the basic fund.
    #[n(3)]
    pub fund_paid: Fen,
    /// Deductibles paid.
    #[n(4)]
    pub deductible_paid: Fen,
    /// Admissions settled.
    #[n(5)]
    pub admissions: u32,
    /// Benefit, as named by the settlement.
    #[n(6)]
    pub benefit: String,
    /// Big illness insurance: what this benefit added to its base, and what it paid.
    #[n(7)]
    #[cbor(default)]
    pub big_illness: LayerUse,
    /// Supplement, likewise.
    #[n(8)]
    #[cbor(default)]
    pub supplement: LayerUse,
    /// Medical assistance, likewise.
    #[n(9)]
    #[cbor(default)]
    pub assistance: LayerUse,
    /// Tilted assistance, likewise.
    #[n(10)]
    #[cbor(default)]
    pub tilt: LayerUse,
    /// Quotas of chronic diseases used.
    #[n(11)]
    #[cbor(default)]
    pub quotas: Vec<QuotaUse>,
}

impl Accumulation {
    /// Nothing used yet.
    pub fn empty(psn_no: &str, year: u16, benefit: &str) -> Self {
        Self {
            psn_no: psn_no.to_owned(),
            year,
            rev: 0,
            fund_paid: Fen::ZERO,
            deductible_paid: Fen::ZERO,
            admissions: 0,
            benefit: benefit.to_owned(),
            big_illness: LayerUse::default(),
            supplement: LayerUse::default(),
            assistance: LayerUse::default(),
            tilt: LayerUse::default(),
            quotas: Vec::new(),
        }
    }

    /// True if some fund paid anything of it.
    pub fn paid(&self) -> bool {
        let layers = [self.big_illness, self.supplement, self.assistance, self.tilt];
        self.fund_paid > Fen::ZERO || layers.iter().any(|layer| layer.paid > Fen::ZERO)
    }

    /// What this benefit alone has used of the year.
    pub fn used(&self) -> YearToDate {
        YearToDate {
            fund_paid: self.fund_paid,
            deductible_paid: self.deductible_paid,
            admissions: self.admissions,
            basic_paid: self.fund_paid,
            big_illness: self.big_illness,
            supplement: self.supplement,
            assistance: self.assistance,
            tilt: self.tilt,
            quotas: self.quotas.clone(),
        }
    }

    /// The record with `used` in place of what it held.
    pub fn holding(self, used: YearToDate) -> Self {
        Self {
            fund_paid: used.fund_paid,
            deductible_paid: used.deductible_paid,
            admissions: used.admissions,
            big_illness: used.big_illness,
            supplement: used.supplement,
            assistance: used.assistance,
            tilt: used.tilt,
            quotas: used.quotas,
            ..self
        }
    }

    /// What a person has used of a year, as a settlement of `benefit` asks for it; see [`YearToDate::across`].
    pub fn year_to_date(records: &[Self], benefit: &str) -> Option<YearToDate> {
        YearToDate::across(records.iter().map(|one| (one.benefit.as_str(), one.used())), benefit)
    }
}

/// A period of insurance that a transfer carries.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct TransferPeriod {
    /// First month, `YYYY-MM`.
    #[n(0)]
    pub begin: String,
    /// Last month, `YYYY-MM`.
    #[n(1)]
    pub end: String,
    /// Kind of insurance, code `insutype`.
    #[n(2)]
    pub insutype: String,
    /// Months, as typed on the form.
    #[n(3)]
    pub months: String,
}

/// A transfer out or in (annex 6, 003 A16-A17).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct TransferRecord {
    /// Person number.
    #[n(0)]
    pub psn_no: String,
    /// Revision, from 1.
    #[n(1)]
    pub rev: u32,
    /// Local code `trans_kind`: 1 out, 2 in.
    #[n(2)]
    pub kind: String,
    /// Area left.
    #[n(3)]
    pub old_area: String,
    /// Area entered.
    #[n(4)]
    pub new_area: String,
    /// Day of the approval.
    #[n(5)]
    pub date: String,
    /// Periods carried over.
    #[n(6)]
    pub periods: Vec<TransferPeriod>,
    /// The case that recorded it was reversed.
    #[n(7)]
    pub void: bool,
}
