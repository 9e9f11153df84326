//! The answer of settlement in national names, and the sum rules that every answer must obey (reference 3.2 and 4.5a).
//! Knows how the amounts hang together; not how they were computed.

use rust_decimal::{Decimal, RoundingStrategy};

use super::input::SettleFacts;
use super::year::YearToDate;
use crate::money::Fen;
use crate::policy::gap::PolicyGap;
use crate::policy::trace::TraceStep;

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
    /// Share of the fund as decimal text, for example `0.75`; empty for a fixed sum.
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

/// What one layer above the basic pool pays of a bill.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct LayerPay {
    /// Topic of the parameters, for example `big-illness`.
    #[n(0)]
    pub topic: String,
    /// Amount in scope of this bill that was left to the person before the layer, fen.
    #[n(1)]
    pub base: Fen,
    /// Threshold, fen.
    #[n(2)]
    pub threshold: Fen,
    /// What was left under the layer's caps, fen; `None` without a cap.
    #[n(3)]
    pub limit: Option<Fen>,
    /// Bands as applied, from low to high.
    #[n(4)]
    pub bands: Vec<Band>,
    /// What the bands gave above the caps, fen.
    #[n(5)]
    pub over_cap: Fen,
    /// Paid, fen.
    #[n(6)]
    pub paid: Fen,
}

/// One row of `setldetail` (transaction 2304): what one fund paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundDetail {
    /// Code of `fund_pay_type`.
    pub fund_pay_type: &'static str,
    /// Its name.
    pub fund_pay_type_name: &'static str,
    /// Amount in scope that the fund was asked for, fen.
    pub inscp_scp_amt: Fen,
    /// What it could pay at most, fen.
    pub crt_payb_lmt_amt: Option<Fen>,
    /// What it paid, fen.
    pub fund_payamt: Fen,
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
    /// Paid by all funds (基金支付总额), fen.
    #[n(7)]
    pub fund_pay_sumamt: Fen,
    /// Borne by the person (个人负担总金额), fen, by subtraction.
    #[n(8)]
    pub psn_part_amt: Fen,
    /// What was left under the caps of the basic pool (本次可支付限额金额), fen; `None` if the area sets none.
    #[n(9)]
    pub crt_payb_lmt_amt: Option<Fen>,
    /// What bands and guarantee gave above the caps; fen.
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
    /// Paid by big illness insurance (居民大病保险资金支出), fen.
    #[n(22)]
    #[cbor(default)]
    pub hifmi_pay: Fen,
    /// Paid by the supplement (其他支出), fen.
    #[n(23)]
    #[cbor(default)]
    pub oth_pay: Fen,
    /// Paid by medical assistance with its tilt (医疗救助基金支出), fen.
    #[n(24)]
    #[cbor(default)]
    pub maf_pay: Fen,
    /// What the guaranteed minimum (保底) adds to the bands, fen.
    #[n(25)]
    #[cbor(default)]
    pub guarantee_amt: Fen,
    /// The layers above the basic pool that were asked, in their order.
    #[n(26)]
    #[cbor(default)]
    pub layers: Vec<LayerPay>,
    /// Chinese names of the layers that the area has no parameters for: they were not computed, which is not the same
    /// as nothing.
    #[n(27)]
    #[cbor(default)]
    pub absent: Vec<String>,
    /// The exact negative of an earlier settlement (退费结算标志): every amount has the opposite sign, and `year_own` is
    /// taken away from the year instead of added.
    #[n(28)]
    #[cbor(default)]
    pub refd_setl_flag: bool,
    /// What was asked beside the lines and the year; `None` in settlements from before it was kept.
    #[n(29)]
    pub facts: Option<Box<SettleFacts>>,
}

impl Settlement {
    /// Paid in cash or by card by the person (个人现金支出), fen: residents have no account, so all that the person
    /// bears (reference 3.2, invariant 4).
    pub fn psn_cash_pay(&self) -> Fen {
        self.psn_part_amt
    }

    /// Share of the basic pool in the amount in scope (`pool_prop_selfpay`: the name says self-pay, the label says fund),
    /// four decimals.
    pub fn pool_prop_selfpay(&self) -> Decimal {
        let share = Decimal::from(self.hifp_pay.0).checked_div(Decimal::from(self.inscp_scp_amt.0));
        let mut share =
            share.unwrap_or_default().round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero);
        share.rescale(4);
        share
    }

    /// The rows of `setldetail`: one for each fund that was asked.
    pub fn setldetail(&self) -> Vec<FundDetail> {
        let basic = match self.benefit.as_str() {
            "outpatient" => ("390102", "居民门诊统筹基金"),
            _ => ("390100", "城乡居民基本医疗保险基金"),
        };
        let row = |(fund_pay_type, fund_pay_type_name), scope, limit, paid| FundDetail {
            fund_pay_type,
            fund_pay_type_name,
            inscp_scp_amt: scope,
            crt_payb_lmt_amt: limit,
            fund_payamt: paid,
        };
        let mut rows = vec![row(basic, self.inscp_scp_amt, self.crt_payb_lmt_amt, self.hifp_pay)];
        rows.extend(self.layers.iter().map(|layer| {
            let fund = match layer.topic.as_str() {
                "big-illness" => ("390200", "城乡居民大病医疗保险基金"),
                "supplement" => ("390300", "城乡居民大病补充保险基金"),
                _ => ("610100", "医疗救助基金"),
            };
            row(fund, layer.base, layer.limit, layer.paid)
        }));
        rows
    }

    /// The amounts of `setlinfo` (transaction 2304) that residents can have, in its order: field and label.
    pub const AMOUNTS: [(&'static str, &'static str); 13] = [
        ("medfee_sumamt", "医疗费总额"),
        ("fulamt_ownpay_amt", "全自费金额"),
        ("overlmt_selfpay", "超限价自费费用"),
        ("preselfpay_amt", "先行自付金额"),
        ("inscp_scp_amt", "符合政策范围金额"),
        ("act_pay_dedc", "实际支付起付线"),
        ("hifp_pay", "基本医疗保险统筹基金支出"),
        ("hifmi_pay", "居民大病保险资金支出"),
        ("maf_pay", "医疗救助基金支出"),
        ("oth_pay", "其他支出"),
        ("fund_pay_sumamt", "基金支付总额"),
        ("psn_part_amt", "个人负担总金额"),
        ("psn_cash_pay", "个人现金支出"),
    ];

    /// Field, label and fen of each of [`Self::AMOUNTS`].
    pub fn amounts(&self) -> impl Iterator<Item = (&'static str, &'static str, Fen)> {
        let amounts = [
            self.medfee_sumamt,
            self.fulamt_ownpay_amt,
            self.overlmt_selfpay,
            self.preselfpay_amt,
            self.inscp_scp_amt,
            self.act_pay_dedc,
            self.hifp_pay,
            self.hifmi_pay,
            self.maf_pay,
            self.oth_pay,
            self.fund_pay_sumamt,
            self.psn_part_amt,
            self.psn_cash_pay(),
        ];
        Self::AMOUNTS.into_iter().zip(amounts).map(|((field, label), amount)| (field, label, amount))
    }

    /// The refund (退费) of this settlement: its exact negative. `now` is the year as it stands, which the settlement is
    /// taken out of.
    ///
    /// # Errors
    /// [`PolicyGap::Input`] if it is a refund itself, or if the year does not hold what it added.
    pub fn reversed(&self, now: &YearToDate) -> Result<Self, PolicyGap> {
        if self.refd_setl_flag {
            return Err(PolicyGap::input("refd_setl_flag", "退费结算不能再退费，请对原结算重新办理"));
        }
        let year_after = now
            .minus(&self.year_own)
            .ok_or_else(|| PolicyGap::input("used", "本年累计中没有这笔结算的金额，请先核对以前的冲正"))?;
        let refund = Self { year_after, ..self.mirrored().ok_or_else(|| PolicyGap::too_large("refund"))? };
        refund.check()?;
        Ok(refund)
    }

    /// Whether this is the refund of `original`: every amount the exact negative, every limit and reason the same, and the
    /// year what is left without it. Whoever reads a journal asks it again: both together are nothing.
    ///
    /// # Errors
    /// [`PolicyGap::Broken`] where they differ, [`PolicyGap::Input`] where `original` is a refund itself.
    pub fn check_negative_of(&self, original: &Self) -> Result<(), PolicyGap> {
        let before = self.year_after.plus(&original.year_own);
        let expected = original.reversed(&before.ok_or_else(|| PolicyGap::too_large("refund"))?)?;
        if expected == *self {
            return Ok(());
        }
        let (own, other) = (self.fund_pay_sumamt.to_grouped(), original.fund_pay_sumamt.to_grouped());
        let detail = format!("{own}，原结算 {other}");
        Err(PolicyGap::Broken { check: "退费结算=原结算逐项取负", detail })
    }

    /// Every amount of the bill with the opposite sign; limits, thresholds and the year stay.
    fn mirrored(&self) -> Option<Self> {
        let minus = |amount: Fen| amount.0.checked_neg().map(Fen);
        let bands = |bands: &[Band]| -> Option<Vec<Band>> {
            let mirror = |band: &Band| {
                Some(Band { base: minus(band.base)?, amount: minus(band.amount)?, ..band.clone() })
            };
            bands.iter().map(mirror).collect()
        };
        let kind = |kind: &FeeKind| {
            Some(FeeKind {
                kind: kind.kind.clone(),
                amount: minus(kind.amount)?,
                class_a: minus(kind.class_a)?,
                first_paid: minus(kind.first_paid)?,
                own: minus(kind.own)?,
            })
        };
        let layer = |layer: &LayerPay| {
            Some(LayerPay {
                base: minus(layer.base)?,
                bands: bands(&layer.bands)?,
                over_cap: minus(layer.over_cap)?,
                paid: minus(layer.paid)?,
                ..layer.clone()
            })
        };
        let step = |step: &TraceStep| Some(TraceStep { amount: minus(step.amount)?, ..step.clone() });
        Some(Self {
            medfee_sumamt: minus(self.medfee_sumamt)?,
            fulamt_ownpay_amt: minus(self.fulamt_ownpay_amt)?,
            overlmt_selfpay: minus(self.overlmt_selfpay)?,
            preselfpay_amt: minus(self.preselfpay_amt)?,
            inscp_scp_amt: minus(self.inscp_scp_amt)?,
            act_pay_dedc: minus(self.act_pay_dedc)?,
            hifp_pay: minus(self.hifp_pay)?,
            fund_pay_sumamt: minus(self.fund_pay_sumamt)?,
            psn_part_amt: minus(self.psn_part_amt)?,
            over_cap_amt: minus(self.over_cap_amt)?,
            hifmi_pay: minus(self.hifmi_pay)?,
            oth_pay: minus(self.oth_pay)?,
            maf_pay: minus(self.maf_pay)?,
            guarantee_amt: minus(self.guarantee_amt)?,
            bands: bands(&self.bands)?,
            fee_kinds: self.fee_kinds.iter().map(kind).collect::<Option<_>>()?,
            layers: self.layers.iter().map(layer).collect::<Option<_>>()?,
            trace: self.trace.iter().map(step).collect::<Option<_>>()?,
            refd_setl_flag: !self.refd_setl_flag,
            ..self.clone()
        })
    }

    /// Checks the sum rules of reference 3.2 and 4.5a; a refund is checked as the settlement that it mirrors. `settle`
    /// never returns a result that fails; a reader of a stored settlement may ask again.
    ///
    /// # Errors
    /// [`PolicyGap::Broken`] with the first rule that fails.
    pub fn check(&self) -> Result<(), PolicyGap> {
        if self.refd_setl_flag {
            let mirror = self.mirrored().ok_or_else(|| PolicyGap::too_large("refund"))?;
            return mirror.check_bill().and_then(|()| mirror.check_funds());
        }
        self.check_bill()?;
        self.check_funds()
    }

    /// The bill splits without a rest: into its parts, into fund and person, into kinds of cost.
    fn check_bill(&self) -> Result<(), PolicyGap> {
        let total = Some(self.medfee_sumamt);
        let parts = [self.fulamt_ownpay_amt, self.overlmt_selfpay, self.preselfpay_amt, self.inscp_scp_amt];
        equal("总额=全自费+超限价+先行自付+政策范围内", total, sum(parts))?;
        equal("总额=基金支付+个人负担", total, sum([self.fund_pay_sumamt, self.psn_part_amt]))?;
        let funds = [self.hifp_pay, self.hifmi_pay, self.oth_pay, self.maf_pay];
        equal("基金支付总额=各项基金之和", Some(self.fund_pay_sumamt), sum(funds))?;
        let kinds = sum(self.fee_kinds.iter().map(|kind| kind.amount));
        equal("总额=各费用类别之和", total, kinds)?;
        let rest = [self.act_pay_dedc, self.psn_part_amt, self.over_cap_amt, self.guarantee_amt];
        let smallest = parts.into_iter().chain(rest).chain(funds).min().unwrap_or_default();
        at_most("各项金额不为负", Fen::ZERO, smallest)
    }

    /// Each fund's bands add up to what it pays and what its caps keep back, and no fund pays above what is left.
    fn check_funds(&self) -> Result<(), PolicyGap> {
        let given = sum(self.bands.iter().map(|band| band.amount).chain([self.guarantee_amt]));
        equal("各段之和+保底=统筹支付+超封顶线", given, sum([self.hifp_pay, self.over_cap_amt]))?;
        let bases = sum(self.bands.iter().map(|band| band.base).chain([self.act_pay_dedc]));
        equal("政策范围内=起付线+各段基数", Some(self.inscp_scp_amt), bases)?;
        at_most("起付线不超过政策范围内金额", self.act_pay_dedc, self.inscp_scp_amt)?;
        at_most("统筹支付不超过政策范围内金额", self.hifp_pay, self.inscp_scp_amt)?;
        at_most("统筹支付不超过剩余额度", self.hifp_pay, self.crt_payb_lmt_amt.unwrap_or(self.hifp_pay))?;
        let mut left = self.inscp_scp_amt.checked_sub(self.hifp_pay);
        for layer in &self.layers {
            equal("每项基金从上一项的剩余算起", Some(layer.base), left)?;
            let given = sum(layer.bands.iter().map(|band| band.amount));
            equal("大病、补充、救助各段之和=支付+超限额", given, sum([layer.paid, layer.over_cap]))?;
            at_most("大病、补充、救助支付不超过剩余", layer.paid, layer.base)?;
            at_most("大病、补充、救助支付不超过限额", layer.paid, layer.limit.unwrap_or(layer.paid))?;
            at_most("各项金额不为负", Fen::ZERO, layer.paid.min(layer.over_cap))?;
            left = layer.base.checked_sub(layer.paid);
        }
        let by = |topics: &[&str]| {
            sum(self.layers.iter().filter(|one| topics.contains(&one.topic.as_str())).map(|one| one.paid))
        };
        equal("大病保险支出=其明细", Some(self.hifmi_pay), by(&["big-illness"]))?;
        equal("其他支出=其明细", Some(self.oth_pay), by(&["supplement"]))?;
        equal("医疗救助支出=其明细", Some(self.maf_pay), by(&["assistance", "assistance-tilt"]))?;
        let detail = sum(self.setldetail().iter().map(|row| row.fund_payamt));
        equal("基金支付总额=分项明细之和", Some(self.fund_pay_sumamt), detail)
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
