//! What a person pays for one insurance year: standard, aid by identity, the amount to collect, each with its
//! reason. Knows the pack; knows neither when the payment takes effect nor how it is collected.

use chrono::NaiveDate;

use super::gap::PolicyGap;
use super::pack::{PolicyPack, Used};
use super::trace::TraceStep;
use super::value::{AidAmount, AidClass, AidTable, Value};
use crate::money::Fen;

/// The contribution of one person for one insurance year.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Contribution {
    /// Insurance year: the year that is covered.
    #[n(0)]
    pub insu_year: i32,
    /// Year of the document that sets the standard.
    #[n(1)]
    pub standard_year: i32,
    /// Personal standard before aid (`pay_std`), fen.
    #[n(2)]
    pub standard: Fen,
    /// Subsidy of the State per head, fen; for information.
    #[n(3)]
    pub subsidy: Fen,
    /// Aid deducted from what is collected (`aid_amt`), fen. Zero where aid goes to the person's account (003 A27).
    #[n(4)]
    pub aid: Fen,
    /// To collect from the person (`psn_clct_amt`), fen.
    #[n(5)]
    pub personal: Fen,
    /// Identity code whose aid was taken; `None` if there is no aid.
    #[n(6)]
    pub identity: Option<String>,
    /// Aid that is paid to the person's account afterwards, fen; `None` if there is none or its amount is unknown.
    #[n(7)]
    pub aid_to_account: Option<Fen>,
    /// True if any figure used is only a sample (示例).
    #[n(8)]
    pub sample: bool,
    /// SHA-256 of the pack, hex.
    #[n(9)]
    pub pack_hash: String,
    /// The reasoning.
    #[n(10)]
    pub steps: Vec<TraceStep>,
}

/// What a person with the special identities `codes` (`psn_idet_type`) pays for `insu_year` when paying on `on`.
/// Of several aids the best one counts; the identity must be valid on the payment day, which the caller has checked.
/// 003 A21, A27, A28.
///
/// # Errors
/// [`PolicyGap`] if the pack has no standard for the year, or a code's aid reduces the payment by an unknown amount.
pub fn contribution(
    pack: &PolicyPack,
    insu_year: i32,
    codes: &[&str],
    on: NaiveDate,
) -> Result<Contribution, PolicyGap> {
    let year_start = NaiveDate::from_ymd_opt(insu_year, 1, 1)
        .ok_or_else(|| PolicyGap::input("insu_year", "参保年度不是年份"))?;
    let standard = pack.get("contribution.standard", year_start, Value::as_standard)?;
    let aid = pack.get("contribution.aid", on, Value::as_aid)?;
    let refund = pack.get("contribution.refund", on, Value::as_choice)?;
    let rule = standard.value;
    let mut steps = vec![TraceStep::of(
        "个人缴费标准",
        format!(
            "{insu_year} 参保年度执行 {} 年标准（财政补助 {}）",
            rule.standard_year,
            rule.subsidy.to_grouped()
        ),
        rule.personal,
        &standard,
    )];
    let best = best_aid(&aid, codes, rule.personal)?;
    let (deducted, to_account) = apply_aid(&aid, best, rule.personal, &mut steps);
    let personal = rule.personal.checked_sub(deducted).ok_or_else(|| PolicyGap::too_large("psn_clct_amt"))?;
    let formula = format!("标准 {} - 减收 {}", rule.personal.to_grouped(), deducted.to_grouped());
    steps.push(TraceStep::of("个人应缴", formula, personal, &standard));
    steps.push(TraceStep::of(
        "退费规定",
        "缴费后不予退还，请缴费前核对年度和人员".to_owned(),
        Fen::ZERO,
        &refund,
    ));
    Ok(Contribution {
        insu_year,
        standard_year: rule.standard_year,
        standard: rule.personal,
        subsidy: rule.subsidy,
        aid: deducted,
        personal,
        identity: best.map(|class| class.code.clone()),
        aid_to_account: to_account,
        sample: steps.iter().any(|step| step.sample),
        pack_hash: pack.hash().to_owned(),
        steps,
    })
}

/// The aid with the highest amount among `codes`. A class without a figure counts only where the money goes to the
/// account: there the amount to collect does not depend on it.
fn best_aid<'a>(
    aid: &Used<'a, &'a AidTable>,
    codes: &[&str],
    standard: Fen,
) -> Result<Option<&'a AidClass>, PolicyGap> {
    let held: Vec<&AidClass> =
        aid.value.classes.iter().filter(|class| codes.contains(&class.code.as_str())).collect();
    let amount = |class: &AidClass| match class.amount {
        AidAmount::Known(amount) => Some(amount),
        AidAmount::Unknown => None,
    };
    let best = held.iter().copied().max_by_key(|class| amount(class));
    // A full aid that is known cannot be beaten by one without a figure.
    let full = best.and_then(amount).is_some_and(|amount| amount >= standard);
    if let Some(unknown) = held.iter().find(|class| amount(class).is_none() && !aid.value.to_account && !full)
    {
        return Err(aid.lacks(format!("“{}”的资助金额", unknown.label)));
    }
    Ok(best)
}

/// What is deducted now and what goes to the account later, with the reason.
fn apply_aid(
    aid: &Used<'_, &AidTable>,
    best: Option<&AidClass>,
    standard: Fen,
    steps: &mut Vec<TraceStep>,
) -> (Fen, Option<Fen>) {
    let Some(class) = best else {
        let formula = "没有可享受资助的特殊身份".to_owned();
        steps.push(TraceStep::of("个人缴费资助", formula, Fen::ZERO, aid));
        return (Fen::ZERO, None);
    };
    let (deducted, later, formula) = match (aid.value.to_account, class.amount) {
        (false, AidAmount::Known(amount)) => {
            let amount = amount.min(standard);
            (amount, None, format!("{}：减收（有多种身份时取最高一种，不叠加）", class.label))
        }
        (true, AidAmount::Known(amount)) => {
            let amount = amount.min(standard);
            let text =
                format!("{}：先足额缴费，资助 {} 由主管部门转入个人账户", class.label, amount.to_grouped());
            (Fen::ZERO, Some(amount), text)
        }
        (_, AidAmount::Unknown) => {
            let text = format!(
                "{}：先足额缴费，资助由主管部门转入个人账户；金额以县级文件为准，本机没有",
                class.label
            );
            (Fen::ZERO, None, text)
        }
    };
    steps.push(TraceStep::of("个人缴费资助", formula, deducted, aid));
    (deducted, later)
}
