//! The order of calculation of one benefit: lines, deductible, bands, cap, sums, accumulations. Knows the rows of a
//! pack by name; knows nothing of cases, and asks nobody for the time.
//!
//! Rounding: each line's first share half up, the basic pool half up once on its running total, the patient's part
//! by subtraction; never anywhere else.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::lines::{percent, points_text, sum_lines};
use super::{Band, SettleInput, Settlement, YearToDate};
use crate::money::Fen;
use crate::policy::gap::PolicyGap;
use crate::policy::pack::{Dated, PolicyPack, Used};
use crate::policy::trace::TraceStep;
use crate::policy::value::{BandOrigin, BandTable, DeductibleCell, LevelPoints, Value};

/// The benefit (part of the topic name after `settlement-`) that `med_type` belongs to on `day`, for example
/// `inpatient`. Year-to-date amounts are summed within one benefit.
///
/// # Errors
/// [`PolicyGap::NotCovered`] if no benefit of the area covers the treatment kind.
pub fn benefit_of<'a>(pack: &'a PolicyPack, med_type: &str, day: NaiveDate) -> Result<&'a str, PolicyGap> {
    let benefits: Vec<&str> =
        pack.topics().filter_map(|(topic, _)| topic.strip_prefix("settlement-")).collect();
    let mut any = None;
    for benefit in benefits {
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

/// Settles one bill under one pack. Pure: the same input gives the same bytes. The figure that the office finally
/// approves is 003 A87's; this is its calculation (reference 4.5a, steps 1-5, 8 and 9).
///
/// # Errors
/// [`PolicyGap`]: no parameter for the day, level or treatment kind; an input that cannot be settled; or a sum rule
/// that does not hold, in which case no figure is returned.
pub fn settle(pack: &PolicyPack, input: &SettleInput) -> Result<Settlement, PolicyGap> {
    let mut run = Run::start(pack, input)?;
    let mut sums = run.lines()?;
    let deductible = run.deductible(sums.in_scope)?;
    let bands = run.bands(sums.in_scope, deductible)?;
    let before_cap = add(bands.iter().map(|band| band.amount))?;
    let (left, paid) = run.cap(before_cap)?;
    let person = minus(sums.total, paid)?;
    run.close(paid, person, sums.total)?;
    let (year_own, year_after) = run.year(deductible, paid)?;
    let settlement = Settlement {
        medfee_sumamt: sums.total,
        fulamt_ownpay_amt: sums.own,
        overlmt_selfpay: sums.over_limit,
        preselfpay_amt: sums.first_paid,
        inscp_scp_amt: sums.in_scope,
        act_pay_dedc: deductible,
        hifp_pay: paid,
        fund_pay_sumamt: paid,
        psn_part_amt: person,
        crt_payb_lmt_amt: left,
        over_cap_amt: minus(before_cap, paid)?,
        bands,
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
    };
    settlement.check()?;
    Ok(settlement)
}

/// One settlement under way: what is fixed, and the reasoning so far.
struct Run<'a> {
    pack: &'a PolicyPack,
    input: &'a SettleInput,
    benefit: &'a str,
    day: NaiveDate,
    sample: bool,
    trace: Vec<TraceStep>,
}

impl<'a> Run<'a> {
    /// Finds benefit and rule date. The choice between the two days is itself read at the end of treatment.
    fn start(pack: &'a PolicyPack, input: &'a SettleInput) -> Result<Self, PolicyGap> {
        check_input(input)?;
        let benefit = benefit_of(pack, &input.med_type, input.end_date)?;
        let mut run = Self { pack, input, benefit, day: input.end_date, sample: false, trace: Vec::new() };
        let by = run.get("rule_date", Value::as_choice)?;
        let settlement = by.value == "settlement";
        run.day = if settlement { input.settle_date } else { input.end_date };
        let word = if settlement { "结算" } else { "出院（治疗结束）" };
        let total = add(input.lines.iter().map(|line| line.amount))?;
        let formula = format!("{} 行费用相加；按{word}日期 {} 适用的规则计算", input.lines.len(), run.day);
        run.trace.push(TraceStep::of("医疗费总额", formula, total, &by));
        Ok(run)
    }

    /// A parameter of this benefit on the rule date; notes whether it is a sample.
    fn get<T>(
        &mut self,
        key: &str,
        pick: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Used<'a, T>, PolicyGap> {
        self.get_id(&format!("settlement-{}.{key}", self.benefit), pick)
    }

    fn get_id<T>(
        &mut self,
        id: &str,
        pick: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Used<'a, T>, PolicyGap> {
        let used = self.pack.get(id, self.day, pick)?;
        self.sample |= Dated::is_sample(used.row);
        Ok(used)
    }

    /// Steps 1 and 2.
    fn lines(&mut self) -> Result<super::lines::Sums, PolicyGap> {
        let shares = self.get_id("catalogue.first_paid", Value::as_first_paid)?;
        let sums = sum_lines(&self.input.lines, shares.value)?;
        self.trace.extend(sums.explain(&shares));
        Ok(sums)
    }

    /// Step 3: standard by level and admission, less what the yearly limit leaves, never above the amount in scope.
    fn deductible(&mut self, in_scope: Fen) -> Result<Fen, PolicyGap> {
        let cells = self.get("deductible", Value::as_deductibles)?;
        let level = level_name(&self.input.hospital_level);
        let cell = best_cell(cells.value, &self.input.hospital_level, self.input.admission_no)
            .ok_or_else(|| cells.lacks(format!("“{level}”医疗机构的起付线")))?;
        let formula = format!("{level}，本年第 {} 次", self.input.admission_no);
        self.trace.push(TraceStep::of("起付线标准", formula, cell.amount, &cells));

        let limit = self.get("deductible_year_cap", Value::as_limit)?;
        let due = match limit.value {
            None => cell.amount,
            Some(limit_amount) => {
                let used = self.input.used.deductible_paid;
                let left = left_of(limit_amount, used)?;
                let due = cell.amount.min(left);
                let formula = format!(
                    "年度累计上限 {} - 本年已付 {} = {}；与标准 {} 取小",
                    limit_amount.to_grouped(),
                    used.to_grouped(),
                    left.to_grouped(),
                    cell.amount.to_grouped()
                );
                self.trace.push(TraceStep::of("本次应付起付线", formula, due, &limit));
                due
            }
        };
        let paid = due.min(in_scope);
        let formula = format!("应付 {} 与政策范围内 {} 取小", due.to_grouped(), in_scope.to_grouped());
        self.trace.push(TraceStep::of("实际支付起付线", formula, paid, &cells));
        Ok(paid)
    }

    /// Step 4: slices of the amount in scope above the deductible, each with its ratio.
    fn bands(&mut self, in_scope: Fen, deductible: Fen) -> Result<Vec<Band>, PolicyGap> {
        let table = self.get("bands", Value::as_bands)?;
        let rounding = self.get("rounding", Value::as_choice)?;
        let level = &self.input.hospital_level;
        let minus_points = self.points()?;
        let slices = slices(table.value, level, in_scope, deductible)?;
        if slices.is_empty() {
            return Err(table.lacks(format!("“{}”医疗机构的支付比例", level_name(level))));
        }
        let (mut running, mut rounded) = (Decimal::ZERO, Fen::ZERO);
        let mut bands = Vec::new();
        for slice in slices.into_iter().filter(|slice| slice.base > Fen::ZERO) {
            let ratio = (slice.ratio - minus_points).max(Decimal::ZERO).normalize();
            let exact =
                slice.base.to_decimal_yuan().checked_mul(ratio).and_then(|exact| running.checked_add(exact));
            running = exact.ok_or_else(|| PolicyGap::too_large("medfee_sumamt"))?;
            let total = Fen::from_decimal_yuan(running).map_err(|_| PolicyGap::too_large("medfee_sumamt"))?;
            let amount = minus(total, rounded)?;
            rounded = total;
            let formula = format!("{} × {}", slice.base.to_grouped(), percent(ratio));
            self.trace.push(TraceStep::of(&format!("分段：{}", slice.label), formula, amount, &table));
            bands.push(Band { label: slice.label, base: slice.base, ratio: ratio.to_string(), amount });
        }
        let formula = "各段相加，按累计数四舍五入到分一次（尾差落在相应段）".to_owned();
        self.trace.push(TraceStep::of("封顶前统筹支付", formula, rounded, &rounding));
        Ok(bands)
    }

    /// What the ratio loses without a filed referral.
    fn points(&mut self) -> Result<Decimal, PolicyGap> {
        if self.input.referred {
            return Ok(Decimal::ZERO);
        }
        let points = self.get("unreferred", Value::as_points)?;
        let level = &self.input.hospital_level;
        let row: Option<&LevelPoints> = points.value.iter().find(|row| row.level == *level);
        let lost = row.map_or(Decimal::ZERO, |row| row.points);
        if !lost.is_zero() {
            let formula = format!("未按规定办理转诊备案，各段比例降低 {} 个百分点", points_text(lost));
            self.trace.push(TraceStep::of("转诊", formula, Fen::ZERO, &points));
        }
        Ok(lost)
    }

    /// Step 5: what the yearly cap leaves.
    fn cap(&mut self, before: Fen) -> Result<(Option<Fen>, Fen), PolicyGap> {
        let cap = self.get("fund_year_cap", Value::as_limit)?;
        let Some(limit) = cap.value else {
            let formula = "本地未设年度封顶线".to_owned();
            self.trace.push(TraceStep::of("统筹基金支付", formula, before, &cap));
            return Ok((None, before));
        };
        let used = self.input.used.fund_paid;
        let left = left_of(limit, used)?;
        let paid = before.min(left);
        let formula = format!(
            "年度封顶线 {} - 本年已支付 {} = {}；与 {} 取小",
            limit.to_grouped(),
            used.to_grouped(),
            left.to_grouped(),
            before.to_grouped()
        );
        self.trace.push(TraceStep::of("统筹基金支付", formula, paid, &cap));
        if paid < before {
            let formula = format!("{} - {}，由个人负担", before.to_grouped(), paid.to_grouped());
            self.trace.push(TraceStep::of("超封顶线", formula, minus(before, paid)?, &cap));
        }
        Ok((Some(left), paid))
    }

    /// Step 8: the two sides of the bill.
    fn close(&mut self, paid: Fen, person: Fen, total: Fen) -> Result<(), PolicyGap> {
        let rounding = self.get("rounding", Value::as_choice)?;
        self.trace.push(TraceStep::of("基金支付总额", "统筹基金支付".to_owned(), paid, &rounding));
        let formula = format!("总额 {} - 基金支付 {}", total.to_grouped(), paid.to_grouped());
        self.trace.push(TraceStep::of("个人负担", formula, person, &rounding));
        Ok(())
    }

    /// Step 9: what this bill adds to the year, and the accumulations with it.
    fn year(&mut self, deductible: Fen, paid: Fen) -> Result<(YearToDate, YearToDate), PolicyGap> {
        let counts = self.get("counts_admission", Value::as_choice)?;
        let before = self.input.used;
        let admissions = u32::from(counts.value == "yes");
        let own = YearToDate { fund_paid: paid, deductible_paid: deductible, admissions };
        let after = before.plus(own).ok_or_else(|| PolicyGap::too_large("used"))?;
        let sum =
            |before: Fen, now: Fen| format!("本次前 {} + 本次 {}", before.to_grouped(), now.to_grouped());
        let fund = sum(before.fund_paid, paid);
        self.trace.push(TraceStep::of("本年基金累计支付", fund, after.fund_paid, &counts));
        let deductibles = sum(before.deductible_paid, deductible);
        self.trace.push(TraceStep::of("本年起付线累计", deductibles, after.deductible_paid, &counts));
        Ok((own, after))
    }
}

fn check_input(input: &SettleInput) -> Result<(), PolicyGap> {
    if input.admission_no == 0 {
        return Err(PolicyGap::input("adm_no", "本年第几次住院应从 1 起填写；门诊填 1"));
    }
    if input.used.fund_paid < Fen::ZERO || input.used.deductible_paid < Fen::ZERO {
        return Err(PolicyGap::input("used", "本年累计金额为负，请先核对以前的结算和冲正"));
    }
    if input.settle_date < input.end_date {
        return Err(PolicyGap::input("endtime", "治疗结束日期晚于结算日期，请核对"));
    }
    Ok(())
}

/// The cell of `level` with the highest admission number that is not above `admission`.
fn best_cell<'a>(cells: &'a [DeductibleCell], level: &str, admission: u32) -> Option<&'a DeductibleCell> {
    let reached = cells.iter().filter(|cell| cell.level == level && cell.admission <= admission);
    reached.max_by_key(|cell| cell.admission)
}

struct Slice {
    label: String,
    base: Fen,
    ratio: Decimal,
}

/// Cuts `in_scope` above `deductible` into the bands of `level`. Bounds count from zero or from the deductible.
fn slices(table: &BandTable, level: &str, in_scope: Fen, deductible: Fen) -> Result<Vec<Slice>, PolicyGap> {
    let (start, end) = match table.origin {
        BandOrigin::Absolute => (deductible, in_scope),
        BandOrigin::AboveDeductible => (Fen::ZERO, minus(in_scope, deductible)?),
    };
    let unit = match table.origin {
        BandOrigin::Absolute => "",
        BandOrigin::AboveDeductible => "起付线以上 ",
    };
    let mut low = Fen::ZERO;
    let mut slices = Vec::new();
    for row in table.rows.iter().filter(|row| row.level == level) {
        let high = row.up_to.unwrap_or(end).min(end);
        let from = low.max(start);
        let base = if high > from { minus(high, from)? } else { Fen::ZERO };
        let label = match (low, row.up_to) {
            (Fen::ZERO, None) => format!("{unit}不分段"),
            (_, None) => format!("{unit}{} 以上", low.to_grouped()),
            (Fen::ZERO, Some(up_to)) => format!("{unit}{} 以下", up_to.to_grouped()),
            (_, Some(up_to)) => format!("{unit}{} 至 {}", low.to_grouped(), up_to.to_grouped()),
        };
        slices.push(Slice { label, base, ratio: row.ratio });
        low = row.up_to.unwrap_or(low);
    }
    Ok(slices)
}

/// What is left of a yearly limit; nothing if more than the limit is already used.
fn left_of(limit: Fen, used: Fen) -> Result<Fen, PolicyGap> {
    Ok(minus(limit, used)?.max(Fen::ZERO))
}

fn minus(left: Fen, right: Fen) -> Result<Fen, PolicyGap> {
    left.checked_sub(right).ok_or_else(|| PolicyGap::too_large("medfee_sumamt"))
}

fn add(amounts: impl IntoIterator<Item = Fen>) -> Result<Fen, PolicyGap> {
    Fen::checked_sum(amounts).ok_or_else(|| PolicyGap::too_large("medfee_sumamt"))
}

/// National names of `dedc_hosp_lv`, for the reasoning.
fn level_name(code: &str) -> &str {
    match code {
        "1" => "一级及以下",
        "2" => "二级",
        "3" => "三级",
        "4" => "其他",
        "9" => "未定级",
        other => other,
    }
}
