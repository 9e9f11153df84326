//! The waiting rules of Guangxi, 003 A22 and A26, as the decision table G1-G10 of reference 5.2. Knows payment day,
//! kind of payer and year; windows, limits and the readings of ambiguous words come from the pack.

use chrono::{Datelike, NaiveDate};

use super::entitlement::{Alternative, Cover, Entitlement, EntitlementQuery, PayerKind};
use super::gap::PolicyGap;
use super::pack::{PolicyPack, Used};
use super::value::{Term, Value, Window, month_start_after};

/// The readings that a county may decide, with their values.
const OPTIONS: [(&str, [&str; 2]); 3] = [
    ("third_month", ["after", "inclusive"]),
    ("grace_retroactive", ["true", "false"]),
    ("interrupted_in_window", ["new_year", "third_month"]),
];

/// The parameters of the rules on the payment day.
struct Law<'a> {
    rules: Used<'a, &'a str>,
    collection: Used<'a, Window>,
    grace: Used<'a, Window>,
    first_time: Used<'a, Window>,
    late: Used<'a, &'a str>,
    newborn: Used<'a, Term>,
    third_month: Used<'a, &'a str>,
    retroactive: Used<'a, &'a str>,
    in_window: Used<'a, &'a str>,
}

/// One question with its year laid out.
struct Asked {
    kind: PayerKind,
    birth: Option<NaiveDate>,
    paid: NaiveDate,
    year: i32,
    first_day: NaiveDate,
    last_day: NaiveDate,
}

/// Answers under the area's readings and, where an answer rests on one, under the other readings too.
pub(super) fn answer(pack: &PolicyPack, query: &EntitlementQuery) -> Result<Entitlement, PolicyGap> {
    let mut law = Law::read(pack, query.paid)?;
    for (name, value) in &query.options {
        let known = OPTIONS.iter().find(|(option, _)| option == name);
        let value = known.and_then(|(_, values)| values.iter().find(|known| *known == value));
        let Some(value) = value else {
            return Err(PolicyGap::input("option", format!("不认识的选项“{name}”或其取值")));
        };
        law.set(name, value);
    }
    let asked = Asked::read(query)?;
    let mut answer = law.decide(&asked)?;
    for (name, values) in OPTIONS {
        let chosen = law.chosen(name);
        for other in values.into_iter().filter(|value| *value != chosen) {
            law.set(name, other);
            let cover = law.decide(&asked).map(|entitlement| entitlement.cover);
            if let Some(cover) = cover.ok().filter(|cover| *cover != answer.cover) {
                answer.alternatives.push(Alternative { option: format!("{name}={other}"), cover });
            }
        }
        law.set(name, chosen);
    }
    Ok(answer)
}

impl Asked {
    fn read(query: &EntitlementQuery) -> Result<Self, PolicyGap> {
        let year = query.insu_year;
        let bounds = (1990..=2200).contains(&year).then_some(());
        let day = |month, day| bounds.and_then(|()| NaiveDate::from_ymd_opt(year, month, day));
        let wrong = || PolicyGap::input("insu_year", "参保年度不是合理的年份");
        let (first_day, last_day) = (day(1, 1).ok_or_else(wrong)?, day(12, 31).ok_or_else(wrong)?);
        Ok(Self { kind: query.kind, birth: query.birth, paid: query.paid, year, first_day, last_day })
    }
}

impl<'a> Law<'a> {
    fn read(pack: &'a PolicyPack, day: NaiveDate) -> Result<Self, PolicyGap> {
        Ok(Self {
            rules: pack.get("entitlement.ruleset", day, Value::as_choice)?,
            collection: pack.get("entitlement.collection", day, Value::as_window)?,
            grace: pack.get("entitlement.grace", day, Value::as_window)?,
            first_time: pack.get("entitlement.first_time", day, Value::as_window)?,
            late: pack.get("entitlement.late_start", day, Value::as_choice)?,
            newborn: pack.get("entitlement.newborn", day, Value::as_term)?,
            third_month: pack.get("entitlement.third_month", day, Value::as_choice)?,
            retroactive: pack.get("entitlement.grace_retroactive", day, Value::as_choice)?,
            in_window: pack.get("entitlement.interrupted_in_window", day, Value::as_choice)?,
        })
    }

    fn chosen(&self, option: &str) -> &'a str {
        match option {
            "third_month" => self.third_month.value,
            "grace_retroactive" => self.retroactive.value,
            _ => self.in_window.value,
        }
    }

    fn set(&mut self, option: &str, value: &'a str) {
        match option {
            "third_month" => self.third_month.value = value,
            "grace_retroactive" => self.retroactive.value = value,
            _ => self.in_window.value = value,
        }
    }

    fn decide(&self, asked: &Asked) -> Result<Entitlement, PolicyGap> {
        let before = asked.year.saturating_sub(1);
        let opens = self.collection.value.opens.on(before);
        if asked.kind == PayerKind::Newborn {
            return self.newborn(asked, opens);
        }
        if let Some(opens) = opens.filter(|opens| asked.paid < *opens) {
            return Ok(self.closed(asked, opens));
        }
        let in_window = self.collection.value.contains(before, asked.paid);
        match asked.kind {
            PayerKind::First => self.first(asked, in_window),
            PayerKind::Interrupted => Ok(self.interrupted(asked, in_window)),
            PayerKind::MovedIn => Err(self.silent("A22", "原在外地参加居民医保的人员")),
            PayerKind::ExEmployee => Err(self.silent("A22", "原参加职工医保的人员")),
            PayerKind::Continuous | PayerKind::Newborn => Ok(self.continuous(asked, in_window)),
        }
    }

    fn closed(&self, asked: &Asked, opens: NaiveDate) -> Entitlement {
        let note = format!("{} 年度的集中缴费从 {opens} 开始，现在不能收取", asked.year);
        found(&self.collection, "A22", Cover::Closed, true, &note)
    }

    /// G1, G2, G8.
    fn continuous(&self, asked: &Asked, in_window: bool) -> Entitlement {
        if in_window {
            let note = "连续参保人员在集中缴费期缴费，享受新年度待遇";
            return found(&self.collection, "G1", whole(asked), true, note);
        }
        if self.grace.value.contains(asked.year, asked.paid) {
            let back = self.retroactive.value == "true";
            let start = if back { asked.first_day } else { asked.paid };
            let note = if back {
                "延缴至 2 月底，按追溯至 1 月 1 日理解；缴费前的费用不能刷卡结算，走零星报销。县里未书面明确"
            } else {
                "延缴至 2 月底，按缴费当日起享受理解；县里未书面明确"
            };
            let mut answer = found(&self.grace, "G2", from(asked, Some(start)), false, note);
            answer.sample |= self.retroactive.row.is_sample();
            return answer;
        }
        let start = month_start_after(asked.paid, 1);
        found(&self.late, "G8", from(asked, start), true, "逾期缴费，从缴费次月 1 日起享受新发生的费用待遇")
    }

    /// G3, G4, G5.
    fn first(&self, asked: &Asked, in_window: bool) -> Result<Entitlement, PolicyGap> {
        if in_window {
            let note = "初次参保人员在集中缴费期缴费，享受新年度待遇";
            return Ok(found(&self.first_time, "G3", whole(asked), true, note));
        }
        if self.first_time.value.contains(asked.year, asked.paid) {
            let note = "初次参保当年缴费，从缴费次月 1 日起享受新发生的费用待遇";
            return Ok(found(
                &self.first_time,
                "G4",
                from(asked, month_start_after(asked.paid, 1)),
                true,
                note,
            ));
        }
        if asked.paid > asked.last_day {
            return Ok(found(
                &self.first_time,
                "G4",
                Cover::Void,
                true,
                "该年度已经结束，缴费不产生任何待遇",
            ));
        }
        let closes =
            self.first_time.value.closes.on(asked.year).map_or_else(String::new, |day| day.to_string());
        let what = format!("初次参保人员在 {closes} 之后（{}）缴纳 {} 年度保费", asked.paid, asked.year);
        Err(self.silent("G5", &what))
    }

    fn silent(&self, rule: &str, what: &str) -> PolicyGap {
        let article = format!("{}{}", self.rules.row.document, self.rules.row.article);
        PolicyGap::Silent { rule: rule.to_owned(), article, what: what.to_owned() }
    }

    /// G6, G7.
    fn interrupted(&self, asked: &Asked, in_window: bool) -> Entitlement {
        let months = if self.third_month.value == "inclusive" { 2 } else { 3 };
        let third = month_start_after(asked.paid, months);
        let words = if months == 2 { "缴费当月算第 1 个月" } else { "缴费次月算第 1 个月" };
        if !in_window {
            let note = format!("中断缴费 1 年以上续保，从第 3 个月 1 日起享受（{words}）；县里未书面明确");
            return found(&self.third_month, "G6", from(asked, third), false, &note);
        }
        let (start, note) = if self.in_window.value == "new_year" {
            (
                Some(asked.first_day),
                "中断人员在集中缴费期缴新年度，按 1 月 1 日起享受理解；县里未书面明确".to_owned(),
            )
        } else {
            let later = third.map(|third| third.max(asked.first_day));
            (
                later,
                format!(
                    "中断人员在集中缴费期缴新年度，按第 3 个月 1 日起享受理解（{words}）；县里未书面明确"
                ),
            )
        };
        found(&self.in_window, "G7", from(asked, start), false, &note)
    }

    /// G9, G10 and the year-end cases N2, N4 of reference 5.5.
    fn newborn(&self, asked: &Asked, opens: Option<NaiveDate>) -> Result<Entitlement, PolicyGap> {
        let birth = asked.birth.ok_or_else(|| PolicyGap::input("brdy", "新生儿须填出生日期"))?;
        if asked.paid < birth {
            return Err(PolicyGap::input("paid", "缴费日期早于出生日期，请核对"));
        }
        if asked.year < birth.year() {
            return Err(PolicyGap::input("insu_year", "参保年度早于出生年度，请核对"));
        }
        let same_year = asked.year == birth.year();
        if let Some(opens) = opens.filter(|opens| !same_year && asked.paid < *opens) {
            return Ok(self.closed(asked, opens));
        }
        let wrong = || PolicyGap::input("brdy", "出生日期不是合理的日期");
        let limit = self.newborn.value.last_day(birth).ok_or_else(wrong)?;
        let law = &self.newborn;
        if asked.paid > limit {
            let start = month_start_after(asked.paid, 1).map(|start| start.max(asked.first_day));
            let note = format!("超过出生后规定期限（{limit}）缴费，从缴费次月 1 日起享受新发生的费用待遇");
            return Ok(found(law, "G10", from(asked, start), true, &note));
        }
        let cover = from(asked, Some(birth.max(asked.first_day)));
        let own = format!("当年待遇到 12 月 31 日止，{} 年度须另行缴费", birth.year().saturating_add(1));
        Ok(if same_year && asked.paid <= asked.last_day {
            let exact = if asked.paid == limit {
                "；正好在期限最后一日，按“内”含本数理解"
            } else {
                ""
            };
            found(law, "G9", cover, asked.paid < limit, &format!("自出生之日起享受；{own}{exact}"))
        } else if same_year {
            found(
                law,
                "G9/N2",
                cover,
                false,
                &format!("跨年补缴出生当年，自出生之日起享受；{own}；县里未书面明确"),
            )
        } else if asked.paid.year() == birth.year() {
            let note = format!(
                "只缴 {} 年度，出生当年的费用不在内；要享受出生当年待遇须另缴 {} 年度",
                asked.year,
                birth.year()
            );
            found(law, "G9/N4", cover, false, &note)
        } else {
            let note = format!(
                "跨年缴 {} 年度，从 1 月 1 日起；可另缴 {} 年度自出生之日起享受；县里未书面明确",
                asked.year,
                birth.year()
            );
            found(law, "G9/N2", cover, false, &note)
        })
    }
}

/// The whole insurance year.
fn whole(asked: &Asked) -> Cover {
    Cover::Days { start: asked.first_day, end: asked.last_day }
}

/// From `start` to the end of the insurance year; void if that is not a day of the year.
fn from(asked: &Asked, start: Option<NaiveDate>) -> Cover {
    match start.filter(|start| *start <= asked.last_day) {
        Some(start) => Cover::Days { start, end: asked.last_day },
        None => Cover::Void,
    }
}

fn found<T>(law: &Used<'_, T>, rule: &'static str, cover: Cover, certain: bool, note: &str) -> Entitlement {
    let void = if cover == Cover::Void {
        "。本次缴费在该年度买不到任何一天待遇，且缴后不退，请不要收取"
    } else {
        ""
    };
    Entitlement {
        cover,
        rule,
        article: law.row.article.clone(),
        document: law.row.document.clone(),
        certain,
        sample: law.row.is_sample(),
        note: format!("{note}{void}"),
        alternatives: Vec::new(),
    }
}
