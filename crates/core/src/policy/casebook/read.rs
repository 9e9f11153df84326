//! From the lines of a policy test to its question and expectations. Knows which keys each question has; knows no rule.

use std::collections::BTreeMap;

use super::lines::{Line, Lines};
use super::{Asked, Expectation, PolicyCase, settlement};
use crate::policy::ask::Question;
use crate::policy::contribution::Identity;
use crate::policy::load::PolicyError;
use crate::policy::read::parse_date;

/// What can be asked.
const QUESTIONS: [&str; 4] = ["待遇享受", "缴费", "结算", "状态"];
/// What can be expected of a contribution.
const AMOUNTS: [&str; 6] = ["标准", "补助", "资助", "个人", "标准年度", "时间"];

pub(super) fn case(file: &str, text: &str) -> Result<PolicyCase, Vec<PolicyError>> {
    let mut lines = Lines::new(file, text);
    let [title, article, area] = ["名称", "条款", "地区"].map(|key| lines.need(key));
    let remarks = lines.all("说明").into_iter().map(|line| line.value).collect();
    let asks = lines.need("问").and_then(|line| {
        let known = QUESTIONS.into_iter().find(|known| *known == line.value);
        known.or_else(|| lines.wrong(&line, format!("不认识的问题“{}”", line.value), &QUESTIONS.join("、")))
    });
    let head = ["名称", "条款", "地区", "说明", "问"];
    let outcome = ["应得", "规则", "把握", "另一理解", "先要"];
    let inputs = lines.others(&head, &outcome);
    // Without a question no other line can be judged.
    let Some(asks) = asks else { return Err(lines.broken()) };
    let question = match asks {
        "待遇享受" => entitlement(&mut lines),
        "状态" => status(&mut lines),
        "缴费" => contribution(&mut lines),
        _ => settlement::read(&mut lines).map(|input| Asked::Settlement(Box::new(input))),
    };
    let expected = match asks {
        "待遇享受" => words(&mut lines, "另一理解"),
        "状态" => words(&mut lines, "先要"),
        "缴费" => amounts(&mut lines, &AMOUNTS),
        _ => amounts(&mut lines, &settlement::labels()),
    };
    let errors = lines.finish();
    match (question, title, article, area) {
        (Some(question), Some(title), Some(article), Some(area)) if errors.is_empty() => Ok(PolicyCase {
            file: file.to_owned(),
            title: title.value,
            article: article.value,
            area: area.value,
            remarks,
            asks,
            inputs,
            expected,
            question,
        }),
        _ => Err(errors),
    }
}

/// 应得, 规则, 把握, and the further outcomes under `more`.
fn words(lines: &mut Lines<'_>, more: &'static str) -> Vec<Expectation> {
    let mut found: Vec<Line> = ["应得", "规则"].into_iter().filter_map(|key| lines.need(key)).collect();
    if let Some(line) = lines.take("把握") {
        if line.value != "明确" && line.value != "推定" {
            lines.wrong::<()>(&line, "不是把握", "写 明确 或 推定");
        }
        found.push(line);
    }
    found.extend(lines.all(more));
    found
        .into_iter()
        .map(|line| Expectation { what: line.key, value: line.value, line: line.number })
        .collect()
}

/// `应得：个人 40.00` for each amount, or one silence.
fn amounts(lines: &mut Lines<'_>, known: &[&str]) -> Vec<Expectation> {
    let found = lines.all("应得");
    if found.is_empty() {
        lines.need("应得");
    }
    let mut expected = Vec::new();
    for line in found {
        if ["没有规定", "没有参数"].contains(&line.value.as_str()) {
            expected.push(Expectation { what: line.key, value: line.value, line: line.number });
            continue;
        }
        let Some((what, value)) = line.value.split_once(' ').filter(|(what, _)| known.contains(what)) else {
            let fix =
                format!("写成 应得：{} 40.00，可用：{}；或 没有规定、没有参数", known[0], known.join("、"));
            lines.wrong::<()>(&line, format!("不认识的“{}”", line.value), &fix);
            continue;
        };
        let value = match what {
            "标准年度" | "时间" => Some(value.to_owned()),
            _ => lines.money(&line, value).map(|amount| amount.to_yuan()),
        };
        let what = format!("{} {what}", line.key);
        expected.extend(value.map(|value| Expectation { what, value, line: line.number }));
    }
    expected
}

/// The options of a question: readings by name or Chinese label, and facts.
fn options(lines: &mut Lines<'_>, facts: &[(&'static str, &'static str)]) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    for line in lines.all("选项") {
        match line.value.split_once('=') {
            Some((name, value)) => {
                options.insert(name.trim().to_owned(), value.trim().to_owned());
            }
            None => drop(lines.wrong::<()>(&line, "不是“名称=取值”", "写成 third_month=after")),
        }
    }
    for (key, name) in facts {
        if let Some(line) = lines.take(key) {
            options.insert((*name).to_owned(), line.value);
        }
    }
    options
}

fn entitlement(lines: &mut Lines<'_>) -> Option<Asked> {
    let kind = lines.need("人员");
    let paid = lines.need("缴费日期").and_then(|line| lines.date(&line));
    let year = lines.need("参保年度").and_then(|line| lines.year(&line));
    let birth = lines.take("出生日期").and_then(|line| lines.date(&line));
    let facts = [("断缴月数", "gap_months"), ("连续参保年数", "years"), ("最后参保日", "last_covered")];
    let options = options(lines, &facts);
    let kind = kind?.value;
    Some(Asked::Answer(Question {
        kind,
        birth,
        paid: Some(paid?),
        insu_year: Some(year?),
        on: None,
        options,
    }))
}

fn status(lines: &mut Lines<'_>) -> Option<Asked> {
    let kind = lines.need("记录");
    let on = lines.need("办理日期").and_then(|line| lines.date(&line));
    let options = options(lines, &[("断缴月数", "gap_months"), ("连续参保年数", "years")]);
    Some(Asked::Answer(Question { kind: kind?.value, on: Some(on?), options, ..Question::default() }))
}

fn contribution(lines: &mut Lines<'_>) -> Option<Asked> {
    let paid = lines.need("缴费日期").and_then(|line| lines.date(&line));
    let insu_year = lines.need("参保年度").and_then(|line| lines.year(&line));
    let mut identities = Vec::new();
    for line in lines.all("身份") {
        identities.extend(identity(lines, &line));
    }
    Some(Asked::Contribution { insu_year: insu_year?, paid: paid?, identities })
}

/// `2303`, or with the days of the proof `2303 2021-01-01 至 2021-12-31`, either day may be `不限`.
pub(super) fn identity(lines: &mut Lines<'_>, line: &Line) -> Option<Identity> {
    let fix = "写成 2303，或 2303 2021-01-01 至 2021-12-31（没有的一边写 不限）";
    let (code, days) = line.value.split_once(' ').unwrap_or((&line.value, ""));
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return lines.wrong(line, format!("“{code}”不是身份代码"), fix);
    }
    if days.is_empty() {
        return Some(Identity::of(code));
    }
    let day = |text: &str| match text.trim() {
        "不限" => Some(None),
        text => parse_date(text).map(Some),
    };
    match days.split_once('至').and_then(|(from, to)| Some((day(from)?, day(to)?))) {
        Some((from, to)) => Some(Identity { code: code.to_owned(), from, to }),
        None => lines.wrong(line, format!("“{days}”不是有效期"), fix),
    }
}
