//! The waiting rules of Huaibei, questions 3 and 4 of seed 004, as the decision table H1-H9 of reference 5.6. Knows
//! payment day, kind of payer, gap and years in employee insurance; limits and readings come from the pack.

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;

use super::entitlement::{Entitlement, EntitlementQuery, Gap, PayerKind, Year, found, with_alternatives};
use super::gap::PolicyGap;
use super::law::{Law, Reading};
use super::pack::PolicyPack;
use super::value::{TermUnit, month_start_after};

/// The readings that a county may decide.
pub(super) const READINGS: &[Reading] = &[
    Reading {
        name: "grace_class",
        label: "延缴到2月底的“等”",
        values: &[("migrant_only", "只限外出务工返乡人员"), ("all", "所有居民")],
    },
    Reading {
        name: "late_payer",
        label: "2月底以后缴费",
        values: &[("silent", "没有规定，请示"), ("next_day", "从缴费次日起")],
    },
    Reading {
        name: "newborn_birth_day",
        label: "90天是否含出生当日",
        values: &[("excluded", "出生次日为第 1 天"), ("included", "出生当日为第 1 天")],
    },
    Reading {
        name: "restart",
        label: "“缴费后即可”享受",
        values: &[("same_day", "从缴费当日起"), ("next_day", "从缴费次日起")],
    },
    Reading {
        name: "waiting_from",
        label: "6个月等待期的起点",
        values: &[("payment", "从缴费之日起算"), ("next_month", "从缴费次月 1 日起算")],
    },
    Reading {
        name: "gap_count",
        label: "断缴3个月的算法",
        values: &[("months", "按缴费月份数"), ("days", "按日期")],
    },
    Reading {
        name: "short_service",
        label: "职工医保连续不满2年、断缴不超过3个月",
        values: &[("silent", "没有规定，请示"), ("as_resident", "按普通居民办理")],
    },
    Reading {
        name: "soldier_gap",
        label: "退役军人及其未就业配偶是否受3个月限制",
        values: &[("exempt", "不受限制"), ("applies", "同样受限制")],
    },
];

/// Answers under the area's readings and, where an answer rests on one, under the other readings too.
pub(super) fn answer(pack: &PolicyPack, query: &EntitlementQuery) -> Result<Entitlement, PolicyGap> {
    let law = Law::new(pack, "entitlement", query.paid, READINGS, &query.options)?;
    let year = Year::of(query)?;
    with_alternatives(&law, |law| decide(law, query, &year))
}

fn decide(law: &Law<'_>, query: &EntitlementQuery, year: &Year) -> Result<Entitlement, PolicyGap> {
    if query.kind == PayerKind::Newborn {
        return newborn(law, query, year);
    }
    let collection = law.window("collection")?;
    let opens = collection.value.opens.on(query.insu_year.saturating_sub(1));
    if let Some(opens) = opens.filter(|opens| query.paid < *opens) {
        return Ok(year.closed(&collection, "问3", opens));
    }
    match query.kind {
        PayerKind::ExEmployee => ex_employee(law, query, year),
        PayerKind::ExSoldier | PayerKind::SoldierSpouse => soldier(law, query, year),
        _ => resident(law, query, year),
    }
}

/// H1, H2, H9.
fn resident(law: &Law<'_>, query: &EntitlementQuery, year: &Year) -> Result<Entitlement, PolicyGap> {
    let collection = law.window("collection")?;
    if collection.value.contains(query.insu_year.saturating_sub(1), query.paid) {
        let note = "集中参保缴费期缴费，自 1 月 1 日起享受";
        return Ok(found(&collection, "H1", year.whole(), true, note));
    }
    let late = law.choice("late_start")?;
    if query.paid > year.last_day {
        return Ok(found(&late, "H9", year.from(None), true, "该年度已经结束，缴费不产生任何待遇"));
    }
    let grace = law.window("grace")?;
    if grace.value.contains(query.insu_year, query.paid) {
        let class = law.reading("grace_class")?;
        if query.kind != PayerKind::Migrant && class.value == "migrant_only" {
            return Err(PolicyGap::Needs {
                rule: "H2".to_owned(),
                needs: "migrant".to_owned(),
                article: format!("{}{}", grace.row.document, grace.row.article),
                what: "延长到 2 月底的缴费，只对外出务工春节返乡的农民工等".to_owned(),
            });
        }
        let note = "延长期缴费，自缴费次日起享受；系统未标识期间发生的费用不予结算";
        let mut answer = found(&grace, "H2", year.from(query.paid.succ_opt()), true, note);
        if query.kind != PayerKind::Migrant {
            (answer.certain, answer.sample) = (false, answer.sample || class.row.is_sample());
        }
        return Ok(answer);
    }
    let reading = law.reading("late_payer")?;
    if reading.value == "next_day" {
        let start = year.from(query.paid.succ_opt());
        return Ok(found(&reading, "H9", start, false, "逾期缴费，按缴费次日起享受理解；县里未书面明确"));
    }
    let what = format!("在 {} 缴纳 {} 年度保费（2 月底以后）", query.paid, query.insu_year);
    Err(law.silent("ruleset", "H9", &what))
}

/// H3, H4.
fn newborn(law: &Law<'_>, query: &EntitlementQuery, year: &Year) -> Result<Entitlement, PolicyGap> {
    let birth = year.birth(query)?;
    let (born, paid_for) = (birth.year(), query.insu_year);
    if paid_for > born {
        let collection = law.window("collection")?;
        let opens = collection.value.opens.on(paid_for.saturating_sub(1));
        if let Some(opens) = opens.filter(|opens| query.paid < *opens) {
            return Ok(year.closed(&collection, "问3", opens));
        }
    }
    let term = law.term("newborn")?;
    let reading = law.reading("newborn_birth_day")?;
    let wrong = || PolicyGap::input("brdy", "出生日期不是合理的日期");
    let widest = term.value.last_day(birth).ok_or_else(wrong)?;
    let limit = if reading.value == "included" && term.value.unit == TermUnit::Day {
        widest.pred_opt().ok_or_else(wrong)?
    } else {
        widest
    };
    let doubtful = query.paid == widest;
    if query.paid > limit {
        let start = query.paid.succ_opt().map(|start| start.max(year.first_day));
        let note =
            format!("超过出生后 90 天（{limit}）缴费，自缴费次日起享受；系统未标识期间发生的费用不予结算");
        return Ok(found(&term, "H4", year.from(start), !doubtful, &note));
    }
    let next_only = paid_for > born && query.paid.year() == born;
    let (rule, start, note) = if next_only {
        let note =
            format!("只缴 {paid_for} 年度，出生当年的费用不在内；要享受出生当年待遇须另缴 {born} 年度");
        ("H3/N4", birth.max(year.first_day), note)
    } else {
        (if doubtful { "H3 day 90" } else { "H3" }, birth, "90 天内缴费，自出生之日起享受".to_owned())
    };
    let arrears = paid_for == born && query.paid > year.last_day;
    let certain = !doubtful && !next_only && !arrears;
    let mut answer = found(&term, rule, year.from(Some(start)), certain, &note);
    if doubtful {
        answer.sample |= reading.row.is_sample();
        answer.note.push_str("；正好第 90 天：出生当日算不算第 1 天，解读没有写");
    }
    if arrears {
        answer.note.push_str("；跨年补缴出生当年，县里未书面明确");
    }
    Ok(answer)
}

/// H5, H7, H8.
fn ex_employee(law: &Law<'_>, query: &EntitlementQuery, year: &Year) -> Result<Entitlement, PolicyGap> {
    let gap = query.facts.gap.ok_or_else(|| {
        PolicyGap::input("gap_months", "职工医保转入须填断缴月数（gap_months）或最后参保日（last_covered）")
    })?;
    let over = over_limit(law, gap, query.paid)?;
    if over {
        return wait(law, query, year, "H7");
    }
    let months = query.facts.service_months.ok_or_else(|| {
        PolicyGap::input("years", "断缴不超过 3 个月的，须填职工医保连续参保年数（years，不含补缴）")
    })?;
    let needed = law.term("service")?;
    if months >= Decimal::from(needed.value.count) {
        return at_once(law, query, year, "H5");
    }
    if law.reading("short_service")?.value == "as_resident" {
        return resident(law, query, year);
    }
    Err(law.silent("ruleset", "H8", "职工医保断缴不超过 3 个月、但连续参保不满 2 年的人员"))
}

/// H6: whether the limit of three months holds for them is grammatically unclear.
fn soldier(law: &Law<'_>, query: &EntitlementQuery, year: &Year) -> Result<Entitlement, PolicyGap> {
    let applies = law.reading("soldier_gap")?.value == "applies";
    match query.facts.gap {
        Some(gap) if applies && over_limit(law, gap, query.paid)? => wait(law, query, year, "H6"),
        _ => at_once(law, query, year, "H6"),
    }
}

/// H5: "缴费后即可".
fn at_once(
    law: &Law<'_>,
    query: &EntitlementQuery,
    year: &Year,
    rule: &'static str,
) -> Result<Entitlement, PolicyGap> {
    let restart = law.reading("restart")?;
    let next = query.paid.checked_add_days(Days::new(u64::from(restart.value == "next_day")));
    let start = next.map(|start| start.max(year.first_day));
    let words = if restart.value == "next_day" { "缴费次日" } else { "缴费当日" };
    let note = format!("缴费后即可享受，按从{words}起理解；县里未书面明确");
    let mut answer = found(&law.term("gap_limit")?, rule, year.from(start), false, &note);
    answer.sample |= restart.row.is_sample();
    Ok(answer)
}

/// H7: six months of waiting.
fn wait(
    law: &Law<'_>,
    query: &EntitlementQuery,
    year: &Year,
    rule: &'static str,
) -> Result<Entitlement, PolicyGap> {
    let waiting = law.term("waiting")?;
    let from = law.reading("waiting_from")?;
    let (start, words) = if from.value == "next_month" {
        (month_start_after(query.paid, 1).and_then(|first| waiting.value.last_day(first)), "缴费次月 1 日")
    } else {
        (waiting.value.last_day(query.paid), "缴费之日")
    };
    let start = start.map(|start| start.max(year.first_day));
    let note = format!(
        "断缴超过 3 个月，等待期 6 个月（从{words}起算，对应日不存在的取月末），期间费用不予报销；县里未书面明确"
    );
    let mut answer = found(&waiting, rule, year.from(start), false, &note);
    answer.sample |= from.row.is_sample();
    Ok(answer)
}

/// Whether the gap is over the limit, by months of payment or by the calendar (reference 5.6).
fn over_limit(law: &Law<'_>, gap: Gap, paid: NaiveDate) -> Result<bool, PolicyGap> {
    let limit = law.term("gap_limit")?.value;
    let last = match gap {
        Gap::Months(months) => return Ok(months > Decimal::from(limit.count)),
        Gap::LastCovered(last) => last,
    };
    if paid <= last {
        return Err(PolicyGap::input("last_covered", "最后参保日不早于缴费日期，请核对"));
    }
    if law.reading("gap_count")?.value == "days" {
        // Full months are counted from the first day without cover.
        let free = last.succ_opt().and_then(|first| limit.last_day(first));
        return Ok(free.is_none_or(|free| paid >= free));
    }
    let month = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    Ok(month(paid) - month(last) - 1 > i64::from(limit.count))
}
