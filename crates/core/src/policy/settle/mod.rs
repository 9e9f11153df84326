//! Settlement of one bill: the question, the answer, and the sum rules that every answer must obey. Knows the
//! national names of the amounts (transactions 2304 and 5203); the order of calculation is in `engine`.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::gap::PolicyGap;
use super::trace::TraceStep;
use crate::money::Fen;

mod engine;
mod intake;
mod lines;

pub use engine::{benefit_of, settle};

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

/// What was used of the year before a settlement, or after it: of one person, one insurance year, one benefit
/// (see [`benefit_of`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct YearToDate {
    /// Paid by the fund, fen.
    #[n(0)]
    pub fund_paid: Fen,
    /// Deductibles paid, fen.
    #[n(1)]
    pub deductible_paid: Fen,
    /// Admissions.
    #[n(2)]
    pub admissions: u32,
}

impl YearToDate {
    /// Both together; `None` on overflow.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            fund_paid: self.fund_paid.checked_add(other.fund_paid)?,
            deductible_paid: self.deductible_paid.checked_add(other.deductible_paid)?,
            admissions: self.admissions.checked_add(other.admissions)?,
        })
    }

    /// Without `other`, for a reversal (冲正); `None` if `other` was never part of it.
    pub fn minus(self, other: Self) -> Option<Self> {
        let left = Self {
            fund_paid: self.fund_paid.checked_sub(other.fund_paid)?,
            deductible_paid: self.deductible_paid.checked_sub(other.deductible_paid)?,
            admissions: self.admissions.checked_sub(other.admissions)?,
        };
        (left.fund_paid >= Fen::ZERO && left.deductible_paid >= Fen::ZERO).then_some(left)
    }
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
    /// Used before, in the year of the rule date.
    pub used: YearToDate,
    /// True if the referral or outside treatment was filed as prescribed.
    pub referred: bool,
}

/// One band of the ratio table as applied.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Band {
    /// For example `10,000.00 以下`.
    #[n(0)]
    pub label: String,
    /// Amount in this band after the deductible, fen.
    #[n(1)]
    pub base: Fen,
    /// Share of the fund as decimal text, for example `0.75`.
    #[n(2)]
    pub ratio: String,
    /// Its amount in fen. Rounded along the running total, so that the bands add up to the rounded sum exactly.
    #[n(3)]
    pub amount: Fen,
}

/// Sums of one kind of cost, for the table of the settlement slip.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct FeeKind {
    /// Code of `med_chrgitm_type`.
    #[n(0)]
    pub kind: String,
    /// All of it, fen.
    #[n(1)]
    pub amount: Fen,
    /// Of class 甲, fen.
    #[n(2)]
    pub class_a: Fen,
    /// First-paid share (先行自付), fen.
    #[n(3)]
    pub first_paid: Fen,
    /// Fully own, with the part above price limits, fen.
    #[n(4)]
    pub own: Fen,
}

/// The settled bill, in national names. Stored in the journal: keys are never reused.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Settlement {
    /// Total of the bill (医疗费总额), fen.
    #[n(0)]
    pub medfee_sumamt: Fen,
    /// Fully own (全自费), fen.
    #[n(1)]
    pub fulamt_ownpay_amt: Fen,
    /// Above price limits (超限价自费), fen.
    #[n(2)]
    pub overlmt_selfpay: Fen,
    /// First-paid by the patient (先行自付), fen.
    #[n(3)]
    pub preselfpay_amt: Fen,
    /// In scope (符合政策范围), fen.
    #[n(4)]
    pub inscp_scp_amt: Fen,
    /// Deductible actually borne (实际支付起付线), fen.
    #[n(5)]
    pub act_pay_dedc: Fen,
    /// Paid by the basic pool (统筹基金支出), fen.
    #[n(6)]
    pub hifp_pay: Fen,
    /// Paid by all funds (基金支付总额), fen. Today the basic pool alone.
    #[n(7)]
    pub fund_pay_sumamt: Fen,
    /// Borne by the person (个人负担总金额), fen, by subtraction.
    #[n(8)]
    pub psn_part_amt: Fen,
    /// What was left of the yearly cap (本次可支付限额金额), fen; `None` if the area sets no cap.
    #[n(9)]
    pub crt_payb_lmt_amt: Option<Fen>,
    /// What the bands gave above the cap; part of `psn_part_amt`, fen.
    #[n(10)]
    pub over_cap_amt: Fen,
    /// Bands as applied, from low to high.
    #[n(11)]
    pub bands: Vec<Band>,
    /// Sums by kind of cost, in order of code.
    #[n(12)]
    pub fee_kinds: Vec<FeeKind>,
    /// Used in the year including this bill.
    #[n(13)]
    pub year_after: YearToDate,
    /// What this bill alone adds to the year: a projection adds it, a reversal takes exactly it away.
    #[n(20)]
    pub year_own: YearToDate,
    /// Year of the accumulations (`year` of 5203).
    #[n(21)]
    pub year: i32,
    /// Day that picked the rules, `YYYY-MM-DD`; see `year`.
    #[n(14)]
    pub rule_date: String,
    /// Benefit, for example `inpatient`: accumulations run within it.
    #[n(15)]
    pub benefit: String,
    /// Area of the pack.
    #[n(16)]
    pub area: String,
    /// SHA-256 of the pack, hex.
    #[n(17)]
    pub pack_hash: String,
    /// True if any figure used is only a sample (示例): to be said on every screen and paper that shows the result.
    #[n(18)]
    pub sample: bool,
    /// The reasoning, one step or more for every amount.
    #[n(19)]
    pub trace: Vec<TraceStep>,
}

impl Settlement {
    /// Checks the sum rules of reference 3.2 and 4.5a. `settle` never returns a result that fails; a reader of a
    /// stored settlement may ask again.
    ///
    /// # Errors
    /// [`PolicyGap::Broken`] with the first rule that fails.
    pub fn check(&self) -> Result<(), PolicyGap> {
        let parts = [self.fulamt_ownpay_amt, self.overlmt_selfpay, self.preselfpay_amt, self.inscp_scp_amt];
        equal("总额=全自费+超限价+先行自付+政策范围内", Some(self.medfee_sumamt), sum(parts))?;
        equal(
            "总额=基金支付+个人负担",
            Some(self.medfee_sumamt),
            sum([self.fund_pay_sumamt, self.psn_part_amt]),
        )?;
        equal("基金支付总额=各项基金之和", Some(self.fund_pay_sumamt), Some(self.hifp_pay))?;
        let bands = sum(self.bands.iter().map(|band| band.amount));
        equal("各段之和=统筹支付+超封顶线", bands, sum([self.hifp_pay, self.over_cap_amt]))?;
        let bases = sum(self.bands.iter().map(|band| band.base));
        equal(
            "政策范围内=起付线+各段基数",
            Some(self.inscp_scp_amt),
            bases.and_then(|b| b.checked_add(self.act_pay_dedc)),
        )?;
        let kinds = sum(self.fee_kinds.iter().map(|kind| kind.amount));
        equal("总额=各费用类别之和", Some(self.medfee_sumamt), kinds)?;
        at_most("起付线不超过政策范围内金额", self.act_pay_dedc, self.inscp_scp_amt)?;
        at_most("统筹支付不超过政策范围内金额", self.hifp_pay, self.inscp_scp_amt)?;
        at_most("统筹支付不超过年度剩余额度", self.hifp_pay, self.crt_payb_lmt_amt.unwrap_or(self.hifp_pay))?;
        let rest = [self.act_pay_dedc, self.hifp_pay, self.psn_part_amt, self.over_cap_amt];
        let smallest = parts.into_iter().chain(rest).min().unwrap_or_default();
        at_most("各项金额不为负", Fen::ZERO, smallest)
    }
}

fn sum(amounts: impl IntoIterator<Item = Fen>) -> Option<Fen> {
    Fen::checked_sum(amounts)
}

fn equal(check: &'static str, left: Option<Fen>, right: Option<Fen>) -> Result<(), PolicyGap> {
    let text = |side: Option<Fen>| side.map_or_else(|| "溢出".to_owned(), Fen::to_grouped);
    match (left, right) {
        (Some(left), Some(right)) if left == right => Ok(()),
        _ => Err(PolicyGap::Broken { check, detail: format!("{} ≠ {}", text(left), text(right)) }),
    }
}

fn at_most(check: &'static str, low: Fen, high: Fen) -> Result<(), PolicyGap> {
    if low <= high {
        return Ok(());
    }
    Err(PolicyGap::Broken { check, detail: format!("{} > {}", low.to_grouped(), high.to_grouped()) })
}
