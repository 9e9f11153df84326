//! Words of findings: on the page before handing in, on the review page, where one is looked at, and of draws for a second
//! look. Knows words; must not know rules.

use xiangbao_core::event::Draw;
use xiangbao_core::findings::{Reply, Weight};

/// Section of the review page, and of the page before handing in.
pub const DOUBTS: &str = "核查问题";
/// Nothing found.
pub const DOUBTS_NONE: &str = "没有核查问题。";
/// Title of the page behind a finding.
pub const DOUBT: &str = "查证";
/// What was found.
pub const DOUBT_FOUND: &str = "发现";
/// Where the rule stands.
pub const DOUBT_BASIS: &str = "依据";
/// What to do.
pub const DOUBT_HOW: &str = "怎样查";
/// Facts.
pub const DOUBT_FACTS: &str = "事实";
/// The other case.
pub const DOUBT_OTHER: &str = "另一件";
/// The other case is not of this station.
pub const DOUBT_OTHER_AWAY: &str = "不在本站，或不属您的村：请与对方核对。";
/// Answers.
pub const DOUBT_ANSWERS: &str = "各级答复";
/// No answer yet.
pub const DOUBT_NO_ANSWER: &str = "还没有答复。";
/// Field of the answer.
pub const DOUBT_TEXT: &str = "答复";
/// What the keys do.
pub const DOUBT_HINT: &str = "一行写明怎样查的、结果如何；F9 或 Enter 存入，Esc 返回（已写的留着）";
/// The answer is missing.
pub const DOUBT_NEEDS_TEXT: &str = "请写明怎样查的、结果如何：下一级要看。";
/// Somebody who does not answer here.
pub const DOUBT_NOT_YOURS: &str = "这项核查问题现在不由您答复：等该级审核人。";
/// A finding that asks for no answer.
pub const DOUBT_NO_NEED: &str = "这一项只是提示，不须答复。";
/// No finding to look at.
pub const DOUBT_NOTHING: &str = "本件没有核查问题。";
/// Standing of a finding.
pub const DOUBT_OPEN: &str = "未答复";
/// It arose after the case was handed in.
pub const DOUBT_FRESH: &str = "受理后新发现";

/// Title of the answer that is asked for.
pub fn doubt_ask(code: &str, reply: Reply) -> String {
    match reply {
        Reply::Explained => format!("{code} 已查明：没有问题"),
        Reply::Sustained => format!("{code} 属实：问题成立，本级将退回或退件"),
    }
}
/// Stored.
pub fn doubt_stored(code: &str, reply: Reply, left: usize) -> String {
    let rest = if left > 0 { format!("还有 {left} 项未答复。") } else { "都已答复。".to_owned() };
    format!("已存：{code} {}。{rest}", reply.label())
}
/// Open findings before an agreement.
pub fn doubts_open(count: usize) -> String {
    format!("还有 {count} 项核查问题没有答复：选中后按 V 查证、答复，再同意。")
}
/// Beside the heading of the review page.
pub fn doubts_heading(open: usize) -> String {
    if open > 0 { format!("{DOUBTS}（{open} 项未答复，按 V 查证）") } else { DOUBTS.to_owned() }
}
/// The first line of a finding: weight, code, name.
pub fn doubt_row(code: &str, title: &str, weight: Weight, standing: &str) -> String {
    let weight = weight.label();
    let standing = if standing.is_empty() { String::new() } else { format!("  {standing}") };
    format!("{code}  {title}  {weight}{standing}")
}
/// An answer: level, who, when, what.
pub fn doubt_answer(level: &str, who: &str, time: &str, reply: &str, said: &str, now: bool) -> String {
    let earlier = if now { "" } else { "（补正前）" };
    format!("{level} {who} {time}  {reply}：{said}{earlier}")
}
/// Article, document, and whether it is a sample.
pub fn doubt_basis(article: &str, document: &str, sample: bool) -> String {
    let mark = if sample { "  示例：指标未经文件核对" } else { "" };
    format!("{article}  {document}{mark}")
}
/// One finding on the page before handing in.
pub fn doubt_line(code: &str, sentence: &str, article: &str, weight: Weight) -> String {
    format!("{code} {}：{sentence}（{article}）", weight.label())
}
/// What follows for the clerk.
pub const DOUBTS_AT_COUNTER: &str = "可以受理；下列各项由每级审核人查证、答复，现在能查清的写进备注。";

/// Columns of the drawn cases.
pub const SAMPLE_COLUMNS: [&str; 7] = ["所属期", "办件号", "姓名", "抽法", "基金支付", "状态", "看过"];
/// Nothing drawn.
pub const SAMPLES_EMPTY: &str = "还没有抽样。";
/// How to draw.
pub const SAMPLES_EMPTY_HINT: &str =
    "在命令行抽取：xiangbao audit sample --period 2026-10 --random 5% --weighted 10";

/// How the chosen case was drawn.
pub fn sample_line(time: &str, draw: &Draw) -> String {
    format!(
        "{time} 抽取：{} 件 {} 元中，随机 {}.{:02}%，按金额 {} 点。种子 {}（{}）",
        draw.cases,
        draw.total.to_grouped(),
        draw.share / 100,
        draw.share % 100,
        draw.points,
        draw.seed,
        draw.generator
    )
}
