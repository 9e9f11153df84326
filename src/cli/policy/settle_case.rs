//! The case file of `policy settle`: one bill as JSON in national names (docs/settlement.md). Knows the format; judges
//! only what a question of settlement needs.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use xiangbao_core::identity::text::clean;
use xiangbao_core::money::{Fen, parse_yuan};
use xiangbao_core::policy::{FeeLine, ItemClass, LayerUse, Place, QuotaUse, SettleInput, YearToDate};

/// What is wrong with a case file: which field, what, and how to write it. Chinese, for whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}：{problem}")]
pub(super) struct CaseFault {
    field: String,
    problem: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    med_type: String,
    dedc_hosp_lv: String,
    #[serde(default = "one")]
    adm_no: u32,
    endtime: NaiveDate,
    setl_time: Option<NaiveDate>,
    #[serde(default = "yes")]
    referred: bool,
    #[serde(default)]
    place: Option<String>,
    #[serde(default)]
    psn_type: String,
    #[serde(default)]
    psn_idet_type: Vec<String>,
    #[serde(default)]
    dise_codg: String,
    #[serde(default)]
    diseases: Vec<String>,
    #[serde(default)]
    continued_dedc: Option<String>,
    #[serde(default)]
    used: Used,
    fees: Vec<Fee>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Used {
    fund_paid: String,
    deductible_paid: String,
    admissions: u32,
    /// Absent: the same as `fund_paid`.
    basic_paid: Option<String>,
    big_illness: Layer,
    supplement: Layer,
    assistance: Layer,
    tilt: Layer,
    quotas: Vec<Quota>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Layer {
    base: String,
    paid: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quota {
    dise_codg: String,
    quarter: u8,
    amount: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fee {
    med_chrgitm_type: String,
    item_name: String,
    chrgitm_lv: String,
    det_item_fee_sumamt: String,
    #[serde(default)]
    selfpay_prop: String,
    #[serde(default)]
    overlmt_amt: String,
}

fn one() -> u32 {
    1
}

fn yes() -> bool {
    true
}

fn fault(field: &str, problem: impl Into<String>) -> CaseFault {
    CaseFault { field: field.to_owned(), problem: problem.into() }
}

/// Text of the file; empty means zero where a field may be absent.
fn money(field: &str, text: &str) -> Result<Fen, CaseFault> {
    if text.is_empty() {
        return Ok(Fen::ZERO);
    }
    parse_yuan(text).map_err(|error| fault(field, error.zh()))
}

/// Reads a case file.
///
/// # Errors
/// The first field that cannot be read, with line and column where the format itself is broken.
pub(super) fn read(text: &str) -> Result<SettleInput, CaseFault> {
    let case: Case = serde_json::from_str(text).map_err(|error| {
        let place = format!("第 {} 行第 {} 列", error.line(), error.column());
        fault(&place, format!("{error}；写法见 docs/settlement.md，金额和比例写成文字，如 \"1234.50\""))
    })?;
    let place = match case.place.as_deref() {
        None => Place::Inside,
        Some(name) => Place::from_name(name)
            .ok_or_else(|| fault("place", "应为 inside、in_province 或 cross_province"))?,
    };
    let continued = match case.continued_dedc.as_deref() {
        None => None,
        Some(text) => Some(money("continued_dedc", text)?),
    };
    for (field, text) in [
        ("med_type", &case.med_type),
        ("dedc_hosp_lv", &case.dedc_hosp_lv),
        ("psn_type", &case.psn_type),
        ("dise_codg", &case.dise_codg),
    ] {
        clean(text).map_err(|error| fault(field, error.zh()))?;
    }
    let lines = case.fees.into_iter().enumerate().map(|(index, fee)| line(index, fee));
    Ok(SettleInput {
        lines: lines.collect::<Result<_, _>>()?,
        hospital_level: case.dedc_hosp_lv,
        med_type: case.med_type,
        admission_no: case.adm_no,
        end_date: case.endtime,
        settle_date: case.setl_time.unwrap_or(case.endtime),
        used: used(case.used)?,
        referred: case.referred,
        place,
        psn_type: case.psn_type,
        identities: case.psn_idet_type,
        dise_codg: case.dise_codg,
        diseases: case.diseases,
        continued,
    })
}

fn used(used: Used) -> Result<YearToDate, CaseFault> {
    let fund_paid = money("used.fund_paid", &used.fund_paid)?;
    let layer = |name: &str, layer: Layer| {
        Ok::<_, CaseFault>(LayerUse {
            base: money(&format!("used.{name}.base"), &layer.base)?,
            paid: money(&format!("used.{name}.paid"), &layer.paid)?,
        })
    };
    let quota = |quota: Quota| {
        if !(1..=4).contains(&quota.quarter) {
            return Err(fault("used.quotas.quarter", "应为 1 到 4"));
        }
        let amount = money("used.quotas.amount", &quota.amount)?;
        Ok(QuotaUse { dise_codg: quota.dise_codg, quarter: quota.quarter, amount })
    };
    Ok(YearToDate {
        fund_paid,
        deductible_paid: money("used.deductible_paid", &used.deductible_paid)?,
        admissions: used.admissions,
        basic_paid: match used.basic_paid {
            Some(text) => money("used.basic_paid", &text)?,
            None => fund_paid,
        },
        big_illness: layer("big_illness", used.big_illness)?,
        supplement: layer("supplement", used.supplement)?,
        assistance: layer("assistance", used.assistance)?,
        tilt: layer("tilt", used.tilt)?,
        quotas: used.quotas.into_iter().map(quota).collect::<Result<_, _>>()?,
    })
}

fn line(index: usize, fee: Fee) -> Result<FeeLine, CaseFault> {
    let at = |name: &str| format!("fees[{index}].{name}");
    let class = ItemClass::from_code(&fee.chrgitm_lv)
        .ok_or_else(|| fault(&at("chrgitm_lv"), "应为 01 甲类、02 乙类或 03 丙类"))?;
    let ratio = |text: &str| {
        let ratio = Decimal::from_str_exact(text).ok().filter(|ratio| ratio.scale() <= 4);
        ratio.filter(|ratio| *ratio >= Decimal::ZERO && *ratio <= Decimal::ONE)
    };
    let first_paid = match fee.selfpay_prop.as_str() {
        "" => None,
        text => {
            let problem = "应在 0 到 1 之间，最多四位小数，如 \"0.15\"";
            Some(ratio(text).ok_or_else(|| fault(&at("selfpay_prop"), problem))?)
        }
    };
    if fee.det_item_fee_sumamt.is_empty() {
        return Err(fault(&at("det_item_fee_sumamt"), "未填金额"));
    }
    Ok(FeeLine {
        kind: clean(&fee.med_chrgitm_type).map_err(|error| fault(&at("med_chrgitm_type"), error.zh()))?,
        name: clean(&fee.item_name).map_err(|error| fault(&at("item_name"), error.zh()))?,
        class,
        amount: money(&at("det_item_fee_sumamt"), &fee.det_item_fee_sumamt)?,
        first_paid,
        over_limit: money(&at("overlmt_amt"), &fee.overlmt_amt)?,
    })
}
