//! The order of calculation of one settlement (reference 4.5a): lines, basic pool, the layers above it, sums,
//! accumulations. Knows the order; each step is in a file of its own.
//!
//! Rounding: each line's first share half up, each fund half up once on its running total, the patient's part by
//! subtraction; never anywhere else.

use chrono::{Datelike as _, NaiveDate};

use super::basic::Basic;
use super::layers::Layers;
use super::lines::sum_lines;
use super::run::{Run, minus};
use super::{LayerUse, SettleInput, Settlement, YearToDate};
use crate::money::Fen;
use crate::policy::gap::PolicyGap;
use crate::policy::pack::PolicyPack;
use crate::policy::value::Value;

/// The benefit (part of the topic name after `settlement-`) that `med_type` belongs to on `day`, for example
/// `inpatient`. Year-to-date amounts are summed within one benefit.
///
/// # Errors
/// [`PolicyGap::NotCovered`] if no benefit of the area covers the treatment kind.
pub fn benefit_of<'a>(pack: &'a PolicyPack, med_type: &str, day: NaiveDate) -> Result<&'a str, PolicyGap> {
    let mut any = None;
    for benefit in pack.topics().filter_map(|(topic, _)| topic.strip_prefix("settlement-")) {
        let id = format!("settlement-{benefit}.med_types");
        let Ok(codes) = pack.get(&id, day, Value::as_codes) else { continue };
        if codes.value.iter().any(|code| code == med_type) {
            return Ok(benefit);
        }
        any = Some(codes);
    }
    match any {
        Some(codes) => Err(codes.lacks(format!("医疗类别“{med_type}”的结算办法"))),
        None => pack.at("settlement-inpatient.med_types", day).map(|_| "inpatient"),
    }
}

/// Benefit and year of the accumulations that a bill of `med_type` reads and adds to: a treatment that ended on `end` and
/// is settled on `settled`.
///
/// # Errors
/// [`PolicyGap`] if no benefit of the area covers the treatment kind on `end`.
pub fn settlement_year<'a>(
    pack: &'a PolicyPack,
    med_type: &str,
    end: NaiveDate,
    settled: NaiveDate,
) -> Result<(&'a str, i32), PolicyGap> {
    let benefit = benefit_of(pack, med_type, end)?;
    let by = pack.get(&format!("settlement-{benefit}.rule_date"), end, Value::as_choice)?;
    Ok((benefit, rule_day(by.value, end, settled).year()))
}

/// The day whose rules and year count, of the two that `rule_date` chooses from.
pub(super) fn rule_day(rule_date: &str, end: NaiveDate, settled: NaiveDate) -> NaiveDate {
    if rule_date == "settlement" { settled } else { end }
}

/// Settles one bill under one pack: basic pool, big illness, supplement and assistance in one settlement (003 A128).
/// Pure: the same input gives the same bytes. The figure that the office finally approves is 003 A87's; this is its
/// calculation.
///
/// # Errors
/// [`PolicyGap`]: no parameter for the day, level, class or treatment kind; an input that cannot be settled; or a sum
/// rule that does not hold, in which case no figure is returned.
pub fn settle(pack: &PolicyPack, input: &SettleInput) -> Result<Settlement, PolicyGap> {
    let mut run = Run::start(pack, input)?;
    let shares = run.get_id("catalogue.first_paid", Value::as_first_paid)?;
    let extra = run.outside_share()?;
    let mut sums = sum_lines(&input.lines, shares.value, extra)?;
    run.trace.extend(sums.explain(&shares));

    let basic = run.basic(sums.in_scope)?;
    let layers = run.layers(minus(sums.in_scope, basic.paid)?)?;
    let fund = super::run::add([basic.paid, layers.big_illness, layers.supplement, layers.assistance])?;
    let person = minus(sums.total, fund)?;
    run.close(&basic, &layers, fund, person, sums.total)?;
    let (year_own, year_after) = run.year(&basic, &layers)?;

    let settlement = Settlement {
        medfee_sumamt: sums.total,
        fulamt_ownpay_amt: sums.own,
        overlmt_selfpay: sums.over_limit,
        preselfpay_amt: sums.first_paid,
        inscp_scp_amt: sums.in_scope,
        act_pay_dedc: basic.deductible,
        hifp_pay: basic.paid,
        fund_pay_sumamt: fund,
        psn_part_amt: person,
        crt_payb_lmt_amt: basic.limit,
        over_cap_amt: basic.over_cap,
        bands: basic.bands,
        fee_kinds: sums.kinds(),
        year_after,
        year_own,
        year: run.day.year(),
        rule_date: run.day.to_string(),
        benefit: run.benefit.to_owned(),
        area: pack.area().to_owned(),
        pack_hash: pack.hash().to_owned(),
        sample: run.sample,
        trace: run.trace,
        hifmi_pay: layers.big_illness,
        oth_pay: layers.supplement,
        maf_pay: layers.assistance,
        guarantee_amt: basic.guarantee,
        layers: layers.rows,
        absent: layers.absent,
        refd_setl_flag: false,
        facts: Some(Box::new(input.facts())),
    };
    settlement.check()?;
    Ok(settlement)
}

impl Run<'_> {
    /// Step 8: the two sides of the bill.
    fn close(
        &mut self,
        basic: &Basic,
        layers: &Layers,
        fund: Fen,
        person: Fen,
        total: Fen,
    ) -> Result<(), PolicyGap> {
        let rounding = self.get("rounding", Value::as_choice)?;
        let mut parts = String::from("统筹基金支付");
        if !layers.rows.is_empty() {
            parts = format!("统筹基金 {}", basic.paid.to_grouped());
            for (name, amount) in [
                ("大病保险", layers.big_illness),
                ("补充保险", layers.supplement),
                ("医疗救助", layers.assistance),
            ] {
                if amount > Fen::ZERO {
                    parts = format!("{parts} + {name} {}", amount.to_grouped());
                }
            }
        }
        self.step("基金支付总额", parts, fund, &rounding);
        let formula = format!("总额 {} - 基金支付 {}", total.to_grouped(), fund.to_grouped());
        self.step("个人负担", formula, person, &rounding);
        Ok(())
    }

    /// Step 9: what this bill adds to the year, and the accumulations with it.
    fn year(&mut self, basic: &Basic, layers: &Layers) -> Result<(YearToDate, YearToDate), PolicyGap> {
        let counts = self.get("counts_admission", Value::as_choice)?;
        let before = &self.input.used;
        let admits = counts.value == "yes" && self.input.continued.is_none();
        let [big_illness, supplement, assistance, tilt] = layers.used;
        let own = YearToDate {
            fund_paid: basic.paid,
            deductible_paid: basic.deductible,
            admissions: u32::from(admits),
            basic_paid: basic.paid,
            big_illness,
            supplement,
            assistance,
            tilt,
            quotas: basic.quota.clone().into_iter().filter(|quota| quota.amount > Fen::ZERO).collect(),
        };
        let after = before.plus(&own).ok_or_else(|| PolicyGap::too_large("used"))?;
        let sum =
            |before: Fen, now: Fen| format!("本次前 {} + 本次 {}", before.to_grouped(), now.to_grouped());
        self.step("本年基金累计支付", sum(before.fund_paid, basic.paid), after.fund_paid, &counts);
        let deductibles = sum(before.deductible_paid, basic.deductible);
        self.step("本年起付线累计", deductibles, after.deductible_paid, &counts);
        if own.big_illness != LayerUse::default() {
            let base = sum(before.big_illness.base, own.big_illness.base);
            self.step("本年大病基数", base, after.big_illness.base, &counts);
        }
        Ok((own, after))
    }
}
