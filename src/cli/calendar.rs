//! `calendar due`, `explain`, `report` and `outage`. Only the notices need a station: a date can be asked for anywhere.

use std::path::Path;

use xiangbao_core::calendar::{
    Calendar, ExplainedDay, LayerLevel, ReportCalendar, ReportDay, ReportPeriod, Term,
};
use xiangbao_core::event::{Outage, OutageScope};

use super::args::{AsArgs, CalendarArea, OutageCommand, ReportArgs, TermArgs};
use super::output::{Exit, complain, failed, json, not_open, say};
use super::sign_in::sign_in;
use crate::app::{AppError, Library, OpenError, OutageInput, Station, local};

/// What a provisional date is called.
const PROVISIONAL: &str = "（暂定：期限内有年度的国家放假安排未公布）";

fn load(folder: &Path, area: CalendarArea) -> Result<Calendar, Exit> {
    let upto = match area {
        CalendarArea::National => LayerLevel::National,
        CalendarArea::Guangxi => LayerLevel::Regional,
        CalendarArea::Office => LayerLevel::County,
    };
    Library::load_calendar(Some(folder), upto).map_err(|faults| not_open(&OpenError::Library(faults)))
}

/// The term, its kind and its length for JSON.
fn term(args: &TermArgs) -> (Term, &'static str, u32) {
    match (args.working_days, args.days, args.months) {
        (Some(days), _, _) => (Term::WorkingDays(days), "working_days", days),
        (_, Some(days), _) => (Term::Days(days), "days", days),
        (_, _, Some(months)) => (Term::Months(months), "months", months),
        _ => (Term::SameDay, "same_day", 0),
    }
}

fn layers(area: CalendarArea) -> &'static [&'static str] {
    match area {
        CalendarArea::National => &["national"],
        CalendarArea::Guangxi => &["national", "guangxi"],
        CalendarArea::Office => &["national", "guangxi", "office"],
    }
}

/// `calendar due`.
pub fn due(folder: &Path, args: &TermArgs) -> Exit {
    let calendar = match load(folder, args.area) {
        Ok(calendar) => calendar,
        Err(exit) => return exit,
    };
    let (term, kind, length) = term(args);
    let due = calendar.due(args.from, term);
    if args.json {
        json(&serde_json::json!({
            "from": args.from.to_string(), "term": kind, "length": length, "due": due.date.to_string(),
            "provisional": due.provisional, "layers": layers(args.area),
        }));
    } else {
        say(format!("{}{}", due.date, if due.provisional { PROVISIONAL } else { "" }));
    }
    Exit::Done
}

/// `calendar explain`.
pub fn explain(folder: &Path, args: &TermArgs) -> Exit {
    let calendar = match load(folder, args.area) {
        Ok(calendar) => calendar,
        Err(exit) => return exit,
    };
    let (term, kind, length) = term(args);
    let (days, due) = calendar.explain(args.from, term);
    let published = calendar.published_until(args.from).map(|date| date.to_string());
    if args.json {
        let days: Vec<_> = days
            .iter()
            .map(|day| {
                serde_json::json!({
                    "date": day.date.to_string(), "weekday": weekday(day), "counted": day.counted,
                    "reason": day.reason, "name": day.name, "layer": day.layer.map(LayerLevel::label),
                    "source": day.source, "provisional": day.provisional,
                })
            })
            .collect();
        json(&serde_json::json!({
            "from": args.from.to_string(), "term": kind, "length": length, "due": due.date.to_string(),
            "provisional": due.provisional, "published_until": published, "layers": layers(args.area),
            "days": days,
        }));
        return Exit::Done;
    }
    for day in &days {
        let number = day.counted.map_or("-".to_owned(), |number| number.to_string());
        let layer = day.layer.map_or(String::new(), |layer| format!("{}日历", layer.label()));
        let mark = if day.provisional { "暂定" } else { "" };
        let columns = [number.as_str(), day.reason, &day.name, &layer, &day.source, mark];
        let words: Vec<&str> = columns.into_iter().filter(|word| !word.is_empty()).collect();
        say(format!("{} {}\t{}", day.date, weekday(day), words.join("\t")));
    }
    say(format!("期限：{}{}", due.date, if due.provisional { PROVISIONAL } else { "" }));
    if let Some(published) = published.filter(|_| due.provisional) {
        say(format!("国家放假安排公布到 {published}；公布后更新 seed/calendar/national.csv，期限随之重算。"));
    }
    Exit::Done
}

fn weekday(day: &ExplainedDay) -> &'static str {
    use chrono::Datelike as _;
    const NAMES: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let index = usize::try_from(day.date.weekday().num_days_from_monday()).unwrap_or_default();
    NAMES.get(index).copied().unwrap_or_default()
}

/// `calendar report`.
pub fn report(folder: &Path, args: &ReportArgs) -> Exit {
    let typed = [&args.month, &args.quarter, &args.year].into_iter().flatten().next();
    let period: Option<ReportPeriod> = typed.and_then(|typed| typed.parse().ok());
    let fits = match period {
        Some(ReportPeriod::Month(..)) => args.month.is_some(),
        Some(ReportPeriod::Quarter(..)) => args.quarter.is_some(),
        Some(ReportPeriod::Year(_)) => args.year.is_some(),
        None => false,
    };
    let (Some(period), Some(typed), true) = (period, typed, fits) else {
        complain("所属期写法不对：--month 2017-09、--quarter 2017-Q3 或 --year 2017。");
        return Exit::Usage;
    };
    let calendar = match load(folder, args.area) {
        Ok(calendar) => calendar,
        Err(exit) => return exit,
    };
    let Some(deadline) = ReportCalendar::over(&calendar).deadline(period) else {
        complain("所属期太远，不能计算。");
        return Exit::Usage;
    };
    let day = |day: ReportDay| day.to_string();
    if args.json {
        json(&serde_json::json!({
            "period": typed, "base": day(deadline.base), "base_is_nonworking": deadline.base_is_nonworking,
            "shift_stated": deadline.shift_stated, "literal": day(deadline.literal),
            "literal_is_workday": deadline.literal_is_workday, "roll": day(deadline.roll),
            "target": day(deadline.target()), "limit": day(deadline.limit()),
            "provisional": deadline.provisional, "source": "003 A113", "layers": layers(args.area),
        }));
        return Exit::Done;
    }
    say(format!("基准日 {}{}", deadline.base, off(deadline.base_is_nonworking)));
    if deadline.shift_stated {
        say(format!("按文字顺延 {}{}", deadline.literal, off(!deadline.literal_is_workday)));
        say(format!("顺延到工作日 {}", deadline.roll));
    } else {
        say("条文没有规定季报、年报遇节假日顺延。");
    }
    let mark = if deadline.provisional { PROVISIONAL } else { "" };
    say(format!("目标 {}，最迟 {}{mark}（003 第一百一十三条）", deadline.target(), deadline.limit()));
    Exit::Done
}

fn off(off: bool) -> &'static str {
    if off { "（节假日或周末）" } else { "" }
}

/// `calendar outage`.
pub fn outage(station: &Station, command: &OutageCommand) -> Exit {
    try_outage(station, command).unwrap_or_else(|error| failed(&error))
}

fn try_outage(station: &Station, command: &OutageCommand) -> Result<Exit, AppError> {
    match command {
        OutageCommand::List { who } => list(station, who),
        OutageCommand::Add { document, issuer, from, to, families, expiring, text, who } => {
            let actor = sign_in(station, &who.account)?;
            let input = OutageInput {
                document: document.clone(),
                issuer: issuer.clone(),
                families: families.clone(),
                from: from.clone(),
                to: to.clone(),
                expiring: *expiring,
                text: text.clone(),
            };
            let stored = station.notice_outage(&actor, &input, station.new_id())?;
            Ok(done(document, stored.first, who.json))
        }
        OutageCommand::End { document, to, who } => {
            let actor = sign_in(station, &who.account)?;
            let stored = station.end_outage(&actor, document, to, station.new_id())?;
            Ok(done(document, stored.first, who.json))
        }
    }
}

fn done(document: &str, seq: u64, as_json: bool) -> Exit {
    if as_json {
        json(&serde_json::json!({ "document": document, "seq": seq }));
    } else {
        say(format!("已存：停机通知 {document}，有关办件的期限已重新计算。"));
    }
    Exit::Done
}

fn list(station: &Station, who: &AsArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &who.account)?;
    let outages = station.outages(&actor)?;
    let found = if outages.is_empty() { Exit::Negative } else { Exit::Done };
    let minute = |ms: i64| local(ms).format("%Y-%m-%d %H:%M").to_string();
    if who.json {
        let row = |outage: &Outage| {
            serde_json::json!({
                "document": outage.document, "issuer": outage.issuer, "families": outage.families,
                "from": minute(outage.from_ms), "to": outage.to_ms.map(minute),
                "expiring": outage.scope == OutageScope::Expiring, "text": outage.text,
            })
        };
        json(&outages.iter().map(row).collect());
        return Ok(found);
    }
    if outages.is_empty() {
        say("没有登记过停机通知。");
    }
    for outage in &outages {
        let families =
            if outage.families.is_empty() { "全部".to_owned() } else { outage.families.join(" ") };
        say(format!("{}\t{}\t{}\t{families}", outage.document, outage.issuer, outage.span_zh()));
    }
    Ok(found)
}
