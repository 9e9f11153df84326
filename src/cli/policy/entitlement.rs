//! `policy entitlement`: what a payment buys, or what becomes of a record, with rule, article and certainty.

use std::path::Path;

use xiangbao_core::policy::{Answer, Cover, Entitlement, PolicyGap, Question, StatusDecision, ask};

use super::{exit_of, no_answer, pack, today};
use crate::cli::args::PolicyEntitlementArgs;
use crate::cli::output::{Exit, json, say};

pub(super) fn entitlement(folder: &Path, args: &PolicyEntitlementArgs) -> Result<Exit, Exit> {
    let pack = pack(folder, &args.area)?;
    let question = Question {
        kind: args.kind.clone(),
        birth: args.birth,
        paid: args.paid,
        insu_year: args.year,
        on: Some(args.on.or(args.paid).unwrap_or_else(today)),
        options: args.options.iter().cloned().collect(),
    };
    match ask(&pack, &question) {
        Ok(answer) => {
            if args.json {
                json(&answered(&question, &args.area, &answer));
            } else {
                match &answer {
                    Answer::Entitled(found) => entitled(found),
                    Answer::Status(found) => standing(found),
                }
            }
            let nothing = matches!(&answer, Answer::Entitled(found) if found.start().is_none());
            Ok(if nothing { Exit::Negative } else { Exit::Done })
        }
        Err(gap) if args.json && !matches!(gap, PolicyGap::Input { .. }) => {
            json(&silent(&question, &args.area, &gap));
            Ok(exit_of(&gap))
        }
        Err(gap) => Err(no_answer(&gap)),
    }
}

/// The question, as the first part of every answer.
fn asked(question: &Question, area: &str) -> serde_json::Map<String, serde_json::Value> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let asked = serde_json::json!({
        "area": area, "kind": question.kind, "paid": day(question.paid), "insu_year": question.insu_year,
        "birth": day(question.birth), "options": question.options,
    });
    asked.as_object().cloned().unwrap_or_default()
}

fn with(
    mut asked: serde_json::Map<String, serde_json::Value>,
    answer: serde_json::Value,
) -> serde_json::Value {
    asked.extend(answer.as_object().cloned().unwrap_or_default());
    asked.into()
}

fn answered(question: &Question, area: &str, answer: &Answer) -> serde_json::Value {
    let certainty = if answer.certain() { "clear" } else { "assumed" };
    let day = |text: String| Some(text).filter(|text| !text.is_empty());
    let rest = match answer {
        Answer::Entitled(found) => {
            let other = |cover: Cover| match cover {
                Cover::Days { start, end } => (Some(start.to_string()), Some(end.to_string())),
                Cover::Void | Cover::Closed => (None, None),
            };
            let alternatives = found.alternatives.iter().map(|one| {
                let (start, end) = other(one.cover);
                serde_json::json!({
                    "option": one.option, "label": one.label, "remark": one.remark, "start": start, "end": end,
                    "void": one.cover == Cover::Void,
                })
            });
            serde_json::json!({
                "start": day(answer.start()), "end": day(answer.end()), "rule": answer.rule(),
                "void": found.cover == Cover::Void, "closed": found.cover == Cover::Closed, "no_rule": false,
                "reason": found.note, "document": found.document, "article": found.article,
                "certainty": certainty, "sample": found.sample,
                "alternatives": alternatives.collect::<serde_json::Value>(),
            })
        }
        Answer::Status(found) => {
            let alternatives = found.alternatives.iter().map(|(option, label, statuses)| {
                serde_json::json!({ "option": option, "label": label, "psn_insu_stas": statuses })
            });
            serde_json::json!({
                "psn_insu_stas": found.statuses, "words": found.words(), "rule": answer.rule(), "no_rule": false,
                "action": found.action, "needs": found.needs, "document": found.document,
                "article": found.article, "certainty": certainty, "sample": found.sample,
                "alternatives": alternatives.collect::<serde_json::Value>(),
            })
        }
    };
    with(asked(question, area), rest)
}

fn silent(question: &Question, area: &str, gap: &PolicyGap) -> serde_json::Value {
    let rest = serde_json::json!({
        "start": null, "end": null, "rule": gap.outcome(), "void": false, "closed": false,
        "no_rule": gap.outcome().is_some(), "reason": gap.to_string(), "certainty": "assumed",
    });
    with(asked(question, area), rest)
}

fn cover_words(cover: Cover) -> String {
    match cover {
        Cover::Days { start, end } => format!("{start} 至 {end}"),
        Cover::Void => "买不到任何一天待遇".to_owned(),
        Cover::Closed => "未到缴费期，不收".to_owned(),
    }
}

fn certainty(certain: bool, sample: bool) -> &'static str {
    match (certain, sample) {
        (true, _) => "条文明确",
        (false, true) => "条文两可，按本系统默认理解（示例），县里未书面明确",
        (false, false) => "条文两可，按本地区选项理解",
    }
}

fn entitled(found: &Entitlement) {
    say(format!("待遇享受：{}", cover_words(found.cover)));
    say(format!("规则：{}\t{}{}", found.outcome(), found.document, found.article));
    say(format!("把握：{}", certainty(found.certain, found.sample)));
    say(format!("说明：{}", found.note));
    for other in &found.alternatives {
        say(format!("另一理解：{}\t{}（{}）", cover_words(other.cover), other.label, other.option));
    }
}

fn standing(found: &StatusDecision) {
    let words = if found.statuses.is_empty() { "由本人选择".to_owned() } else { found.words() };
    say(format!("参保状态：{words}（psn_insu_stas {}）", found.statuses.join(" 或 ")));
    say(format!("处理：{}", found.action));
    if !found.needs.is_empty() {
        say(format!("先要：{}", found.needs));
    }
    say(format!("规则：{}\t{}{}", found.rule, found.document, found.article));
    say(format!("把握：{}", certainty(found.certain, found.sample)));
    for (option, label, statuses) in &found.alternatives {
        say(format!("另一理解：psn_insu_stas {}\t{label}（{option}）", statuses.join(" 或 ")));
    }
}
