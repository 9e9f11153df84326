//! Words of the clocks: due board, outage notices, extension and reminder of a case.

use xiangbao_core::case::{Extension, Left, Reading, Standing};
use xiangbao_core::event::{Outage, OutageScope};

/// Title of the due board.
pub const DUE_BOARD: &str = "期限";
/// Its columns.
pub const DUE_COLUMNS: [&str; 8] = ["办件号", "业务", "姓名", "村(社区)", "状态", "到期", "剩余", "提示"];
/// No clock runs.
pub const DUE_EMPTY: &str = "现在没有正在计时的办件。";
/// What to do then.
pub const DUE_EMPTY_HINT: &str = "受理的件会自动到这里，先到期的在前。键入 =BJ 看全部办件。";
/// A row moved by an outage.
pub const DUE_EXTENDED: &str = "顺延";
/// A row whose last day may move.
pub const DUE_PROVISIONAL: &str = "暂定";
/// Group on the home screen: shown by the office's escalation before the last day.
pub const WATCHED: &str = "督办";

/// What is left of a clock: working days, or hours and minutes of a same-day term; or how far overdue.
pub fn left(left: Left, breached: bool) -> String {
    match left {
        Left::Days(0) if breached => "已超期".to_owned(),
        Left::Days(0) => "今日到期".to_owned(),
        Left::Days(days) if days < 0 => format!("超期{}天", -days),
        Left::Days(days) => format!("剩{days}天"),
        Left::Minutes(minutes) if minutes < 0 => "已超期".to_owned(),
        Left::Minutes(minutes) if minutes < 60 => format!("剩{minutes}分"),
        Left::Minutes(minutes) => format!("剩{}时", minutes / 60),
    }
}

/// The clock of a row, in a cell: what is left, or the reminder of a supplement; empty when it is done.
pub fn clock_left(clock: Option<&Reading>) -> String {
    match clock {
        Some(clock) if clock.standing == Standing::Running => left(clock.left, clock.breached),
        Some(Reading { reminder: Some((_, days)), .. }) => reminder_left(*days),
        _ => String::new(),
    }
}

/// The reminder of a supplement, in a cell.
pub fn reminder_left(days: i64) -> String {
    match days {
        days if days < 0 => "催补正".to_owned(),
        days => format!("待补{days}天"),
    }
}

/// The clock of a case in a sentence: what was promised, what moved it, what is left.
pub fn clock_sentence(clock: &Reading, promised: &str) -> String {
    let mut words = match clock.standing {
        Standing::Running => {
            let provisional = if clock.due.provisional { "（工作日历未公布，暂定）" } else { "" };
            format!("{} 到期{provisional}，{}", clock.due.date, left(clock.left, clock.breached))
        }
        Standing::Paused(since) => format!("{since} 起补正，时限停走，{}", stood(clock.left)),
        Standing::Done(on) if clock.breached => format!("{on} 办结，超过期限 {}", clock.due.date),
        Standing::Done(on) => format!("{on} 办结，未超过期限 {}", clock.due.date),
    };
    if let Some((until, days)) = clock.reminder {
        words.push_str(&reminder(&until.date.to_string(), days));
    }
    if !clock.extended.is_empty() {
        let moved: Vec<String> = clock.extended.iter().map(extension).collect();
        words.push_str(&format!("。受理时承诺 {promised}；{}", moved.join("；")));
    }
    words
}

fn stood(left: Left) -> String {
    match left {
        Left::Days(days) if days >= 0 => format!("停时还剩 {days} 天"),
        Left::Days(_) | Left::Minutes(_) => "停时已超期".to_owned(),
    }
}

/// The reminder of a supplement.
pub fn reminder(until: &str, days: i64) -> String {
    match days {
        days if days < 0 => format!("；补正期限 {until} 已过，请联系申请人（不会自动退件）"),
        days => format!("；请申请人 {until} 前补正，还有 {days} 个工作日"),
    }
}

/// One outage that moved the last day.
pub fn extension(extension: &Extension) -> String {
    let open = if extension.open { "，尚未恢复，逐日顺延" } else { "" };
    let Extension { document, before, after, .. } = extension;
    format!("因停机顺延 {before} 至 {after}{open}（{document}）")
}

/// A notice, in one line.
pub fn outage_line(outage: &Outage) -> String {
    let families = match outage.families.as_slice() {
        [] => "全部业务".to_owned(),
        families => families.join(" "),
    };
    format!("停机 {}  {}  {}  {families}", outage.span_zh(), outage.document, outage.issuer)
}

/// Title of the form for a notice.
pub const OUTAGE_TITLE: &str = "停机通知：登记、更正，或填恢复时间";
/// Its hint.
pub const OUTAGE_HINT: &str = "F9 登记，Esc 放弃。文号相同即更正原通知；所有相关办件的期限随之顺延。";
/// Labels: document, issuer, business, from, to, which limits, what it says.
pub const OUTAGE_LABELS: [&str; 7] = [
    "文号或名称",
    "发文单位",
    "业务代码(空为全部)",
    "停机时间",
    "恢复时间(可空)",
    "1全部 2仅到期的",
    "内容摘要",
];
/// The scope as it is typed.
pub fn outage_scope(scope: OutageScope) -> &'static str {
    match scope {
        OutageScope::Running => "1",
        OutageScope::Expiring => "2",
    }
}
/// The typed scope that moves only limits that run out.
pub const OUTAGE_EXPIRING: &str = "2";
/// Nothing typed in the first four fields, where the business may stay empty.
pub fn outage_missing(field: &str) -> String {
    format!("请填写{field}；不登记按 Esc。")
}
/// Neither 1 nor 2.
pub const OUTAGE_SCOPE_WRONG: &str = "请键入 1（停机期间所有在办件停走）或 2（只顺延停机期间到期的）。";
/// Asks before a notice is noted.
pub fn outage_question(document: &str) -> String {
    format!("登记停机通知 {document}，有关办件的期限随之顺延？")
}
/// It is noted.
pub fn outage_done(document: &str) -> String {
    format!("已存：停机通知 {document}，期限已重新计算。")
}
/// Asks when the papers really came.
pub const RECEIVED_PROMPT: &str = "停机期间收件时间(现在收的按 Enter)";
/// The real receipt, on the page of a case.
pub fn received_in_outage(moment: &str) -> String {
    format!("停机期间收件 {moment}")
}
/// Label of the clock on the page of a case.
pub const REVIEW_CLOCK: &str = "时限";
