//! Enrolments, yearly accumulations and transfers as the register holds them. Amounts are fen, days are ISO text.
//! Knows nothing of how an enrolment is decided.

use crate::money::Fen;

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
