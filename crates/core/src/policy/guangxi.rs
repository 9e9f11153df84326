//! The waiting rules of Guangxi, 003 A22 and A26, as the decision table G1-G10 of reference 5.2. Knows payment day,
//! kind of payer and year; windows, limits and the readings of ambiguous words come from the pack.

use chrono::{Datelike, NaiveDate};

use super::entitlement::{Entitlement, EntitlementQuery, PayerKind, Year, found, with_alternatives};
use super::gap::PolicyGap;
use super::law::{Law, Reading};
use super::pack::PolicyPack;
use super::value::month_start_after;

/// The readings that a county may decide.
pub(super) const READINGS: &[Reading] = &[
    Reading {
        name: "third_month",
        label: "“第3个月”的算法",
        values: &[("after", "缴费次月算第 1 个月"), ("inclusive", "缴费当月算第 1 个月")],
    },
    Reading {
        name: "grace_retroactive",
        label: "延缴期缴费是否追溯至1月1日",
        values: &[("true", "追溯至 1 月 1 日"), ("false", "从缴费当日起")],
    },
    Reading {
        name: "interrupted_in_window",
        label: "中断人员集中缴费期缴费",
        values: &[("new_year", "从 1 月 1 日起"), ("third_month", "从第 3 个月 1 日起")],
    },
    Reading {
        name: "newborn_exact",
        label: "新生儿正好满3个月",
        values: &[("within", "算 3 个月内"), ("late", "算 3 个月以上")],
    },
    Reading {
        name: "newborn_year_end",
        label: "新生儿跨年缴新年度",
        values: &[("own_year", "从新年度 1 月 1 日起"), ("from_birth", "追溯至出生之日")],
    },
    Reading {
        name: "first_after_june",
        label: "初次参保下半年缴当年",
        values: &[("silent", "没有规定，请示"), ("late", "按逾期缴费办理")],
    },
    Reading {
        name: "moved_in",
        label: "外地居民医保转入",
        values: &[
            ("silent", "没有规定，请示"),
            ("continuous", "按连续参保办理"),
            ("first", "按初次参保办理"),
        ],
    },
    Reading {
        name: "ex_employee",
        label: "职工医保转入",
        values: &[
            ("silent", "没有规定，请示"),
            ("continuous", "按连续参保办理"),
            ("first", "按初次参保办理"),
        ],
    },
];

/// Answers under the area's readings and, where an answer rests on one, under the other readings too.
pub(super) fn answer(pack: &PolicyPack, query: &EntitlementQuery) -> Result<Entitlement, PolicyGap> {
    let law = Law::new(pack, "entitlement", query.paid, READINGS, &query.options)?;
    let year = Year::of(query)?;
    with_alternatives(&law, |law| decide(law, query, &year))
}

fn decide(law: &Law<'_>, query: &EntitlementQuery, year: &Year) -> Result<Entitlement, PolicyGap> {
    let collection = law.window("collection")?;
    let before = query.insu_year.saturating_sub(1);
    if query.kind == PayerKind::Newborn {
        return newborn(law, query, year);
    }
    if let Some(opens) = collection.value.opens.on(before).filter(|opens| query.paid < *opens) {
        return Ok(year.closed(&collection, "A22", opens));
    }
    let kind = match query.kind {
        PayerKind::MovedIn => elsewhere(law, "moved_in", "原在外地参加居民医保的人员")?,
        PayerKind::ExEmployee => elsewhere(law, "ex_employee", "原参加职工医保的人员")?,
        PayerKind::ExSoldier | PayerKind::SoldierSpouse => {
            return Err(law.silent("ruleset", "A22", "退役军人及其配偶"));
        }
        PayerKind::Resident | PayerKind::Migrant => {
            let problem = "本地区按缴费情况分：请写明 continuous、first、interrupted 或 newborn";
            return Err(PolicyGap::input("kind", problem));
        }
        kind => kind,
    };
    let in_window = collection.value.contains(before, query.paid);
    match kind {
        PayerKind::First => first(law, query, year, in_window),
        PayerKind::Interrupted => interrupted(law, query, year, in_window),
        _ => continuous(law, query, year, in_window),
    }
}

/// The kind that the county treats such people as; the text itself does not speak of them.
fn elsewhere(law: &Law<'_>, option: &str, who: &str) -> Result<PayerKind, PolicyGap> {
    match law.reading(option)?.value {
        "continuous" => Ok(PayerKind::Continuous),
        "first" => Ok(PayerKind::First),
        _ => Err(law.silent("ruleset", "A22", who)),
    }
}

/// G1, G2, G8.
fn continuous(
    law: &Law<'_>,
    query: &EntitlementQuery,
    year: &Year,
    in_window: bool,
) -> Result<Entitlement, PolicyGap> {
    if in_window {
        let note = "连续参保人员在集中缴费期缴费，享受新年度待遇";
        return Ok(found(&law.window("collection")?, "G1", year.whole(), true, note));
    }
    let grace = law.window("grace")?;
    if grace.value.contains(query.insu_year, query.paid) {
        let retroactive = law.reading("grace_retroactive")?;
        let (start, note) = if retroactive.value == "true" {
            let note =
                "延缴至 2 月底，按追溯至 1 月 1 日理解；缴费前的费用不能刷卡结算，走零星报销。县里未书面明确";
            (year.first_day, note)
        } else {
            (query.paid, "延缴至 2 月底，按缴费当日起享受理解；县里未书面明确")
        };
        let mut answer = found(&grace, "G2", year.from(Some(start)), false, note);
        answer.sample |= retroactive.row.is_sample();
        return Ok(answer);
    }
    late(law, query, year)
}

/// G8.
fn late(law: &Law<'_>, query: &EntitlementQuery, year: &Year) -> Result<Entitlement, PolicyGap> {
    let start = month_start_after(query.paid, 1);
    let note = "逾期缴费，从缴费次月 1 日起享受新发生的费用待遇";
    Ok(found(&law.choice("late_start")?, "G8", year.from(start), true, note))
}

/// G3, G4, G5.
fn first(
    law: &Law<'_>,
    query: &EntitlementQuery,
    year: &Year,
    in_window: bool,
) -> Result<Entitlement, PolicyGap> {
    let window = law.window("first_time")?;
    if in_window {
        let note = "初次参保人员在集中缴费期缴费，享受新年度待遇";
        return Ok(found(&window, "G3", year.whole(), true, note));
    }
    if window.value.contains(query.insu_year, query.paid) {
        let note = "初次参保当年缴费，从缴费次月 1 日起享受新发生的费用待遇";
        return Ok(found(&window, "G4", year.from(month_start_after(query.paid, 1)), true, note));
    }
    if query.paid > year.last_day {
        return Ok(found(&window, "G4", year.from(None), true, "该年度已经结束，缴费不产生任何待遇"));
    }
    let after = law.reading("first_after_june")?;
    if after.value == "late" {
        let mut answer = late(law, query, year)?;
        (answer.certain, answer.sample) = (false, after.row.is_sample());
        return Ok(answer);
    }
    let closes = window.value.closes.on(query.insu_year).map_or_else(String::new, |day| day.to_string());
    let what = format!("初次参保人员在 {closes} 之后（{}）缴纳 {} 年度保费", query.paid, query.insu_year);
    Err(law.silent("ruleset", "G5", &what))
}

/// G6, G7.
fn interrupted(
    law: &Law<'_>,
    query: &EntitlementQuery,
    year: &Year,
    in_window: bool,
) -> Result<Entitlement, PolicyGap> {
    let third_month = law.reading("third_month")?;
    let months = if third_month.value == "inclusive" { 2 } else { 3 };
    let third = month_start_after(query.paid, months);
    let words = if months == 2 { "缴费当月算第 1 个月" } else { "缴费次月算第 1 个月" };
    if !in_window {
        let note = format!("中断缴费 1 年以上续保，从第 3 个月 1 日起享受（{words}）；县里未书面明确");
        return Ok(found(&third_month, "G6", year.from(third), false, &note));
    }
    let reading = law.reading("interrupted_in_window")?;
    let (start, how) = if reading.value == "new_year" {
        (Some(year.first_day), "按 1 月 1 日起享受理解".to_owned())
    } else {
        (third.map(|third| third.max(year.first_day)), format!("按第 3 个月 1 日起享受理解（{words}）"))
    };
    let note = format!("中断人员在集中缴费期缴新年度，{how}；县里未书面明确");
    Ok(found(&reading, "G7", year.from(start), false, &note))
}

/// G9, G10 and the year-end cases N2, N4 of reference 5.5.
fn newborn(law: &Law<'_>, query: &EntitlementQuery, year: &Year) -> Result<Entitlement, PolicyGap> {
    let birth = year.birth(query)?;
    let same_year = query.insu_year == birth.year();
    let collection = law.window("collection")?;
    let opens = collection.value.opens.on(query.insu_year.saturating_sub(1));
    if let Some(opens) = opens.filter(|opens| !same_year && query.paid < *opens) {
        return Ok(year.closed(&collection, "A22", opens));
    }
    let term = law.term("newborn")?;
    let wrong = || PolicyGap::input("brdy", "出生日期不是合理的日期");
    let limit = term.value.last_day(birth).ok_or_else(wrong)?;
    let exact = law.reading("newborn_exact")?;
    let on_limit = query.paid == limit;
    if query.paid > limit || (on_limit && exact.value == "late") {
        let start = month_start_after(query.paid, 1).map(|start| start.max(year.first_day));
        let note = format!("超过出生后规定期限（{limit}）缴费，从缴费次月 1 日起享受新发生的费用待遇");
        return Ok(found(&term, "G10", year.from(start), !on_limit, &note));
    }
    let mut answer = in_time(law, query, year, birth)?;
    if on_limit {
        answer.certain = false;
        answer.sample |= exact.row.is_sample();
        answer.note.push_str("；正好在期限最后一日，按“内”含本数理解");
    }
    Ok(answer)
}

/// G9 and the turn of the year: the payment is within three months of birth.
fn in_time(
    law: &Law<'_>,
    query: &EntitlementQuery,
    year: &Year,
    birth: NaiveDate,
) -> Result<Entitlement, PolicyGap> {
    let term = law.term("newborn")?;
    let (born, paid_for) = (birth.year(), query.insu_year);
    let cover = year.from(Some(birth.max(year.first_day)));
    let own = format!("当年待遇到 12 月 31 日止，{} 年度须另行缴费", born.saturating_add(1));
    if paid_for == born {
        return Ok(if query.paid <= year.last_day {
            found(&term, "G9", cover, true, &format!("自出生之日起享受；{own}"))
        } else {
            let note = format!("跨年补缴出生当年，自出生之日起享受；{own}；县里未书面明确");
            found(&term, "G9/N2", cover, false, &note)
        });
    }
    if query.paid.year() == born {
        let note =
            format!("只缴 {paid_for} 年度，出生当年的费用不在内；要享受出生当年待遇须另缴 {born} 年度");
        return Ok(found(&term, "G9/N4", cover, false, &note));
    }
    let reading = law.reading("newborn_year_end")?;
    let (cover, note) = if reading.value == "from_birth" {
        (year.from(Some(birth)), format!("跨年缴 {paid_for} 年度，按追溯至出生之日理解；县里未书面明确"))
    } else {
        let note = format!(
            "跨年缴 {paid_for} 年度，从 1 月 1 日起；可另缴 {born} 年度自出生之日起享受；县里未书面明确"
        );
        (cover, note)
    };
    let mut answer = found(&term, "G9/N2", cover, false, &note);
    answer.sample |= reading.row.is_sample();
    Ok(answer)
}
