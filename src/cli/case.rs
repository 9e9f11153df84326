//! `case list` and `case show`.

use super::args::AsArgs;
use super::output::{Exit, failed, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, Station};

/// Lists cases.
pub fn list(station: &Station, filter: &str, who: &AsArgs) -> Exit {
    answer(try_list(station, filter, who))
}

/// Shows one case.
pub fn show(station: &Station, number: &str, who: &AsArgs) -> Exit {
    answer(try_show(station, number, who))
}

fn answer(result: Result<Exit, AppError>) -> Exit {
    result.unwrap_or_else(|error| failed(&error))
}

fn try_list(station: &Station, filter: &str, who: &AsArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &who.account)?;
    let rows = station.list_cases(&actor, filter)?;
    if who.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                serde_json::json!({
                    "number": row.row.number, "kind": row.row.code, "name": row.row.title,
                    "village": row.row.village, "status": row.row.status.label(),
                    "accepted": row.row.accepted, "due": row.row.due, "days_left": row.row.days_left,
                    "city": row.reach.label(), "city_detail": row.city, "fund_paid": row.paid,
                })
            })
            .collect();
        json(&serde_json::Value::from(rows));
        return Ok(Exit::Done);
    }
    if rows.is_empty() {
        say("没有符合的办件。");
        return Ok(Exit::Negative);
    }
    for row in rows {
        let line = [
            row.row.number.as_str(),
            &row.row.title,
            row.row.status.label(),
            &row.row.accepted,
            &row.row.due,
            row.reach.label(),
            &row.paid,
        ];
        say(line.join("\t"));
    }
    Ok(Exit::Done)
}

fn try_show(station: &Station, number: &str, who: &AsArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &who.account)?;
    let case_id = station.case_by_number(number)?;
    let page = station.open_review(&actor, &case_id)?;
    let (case, steps) = station.timeline(&actor, &case_id)?;
    if who.json {
        let values: Vec<_> = page
            .values
            .iter()
            .map(|v| {
                serde_json::json!({
                    "path": v.path.to_string(), "label": v.label, "value": v.value, "before": v.before,
                })
            })
            .collect();
        let steps: Vec<_> = steps
            .iter()
            .map(|s| {
                serde_json::json!({
                    "seq": s.seq, "time": s.time, "what": s.what, "who": s.who, "detail": s.detail,
                    "city": s.reach.label(),
                })
            })
            .collect();
        json(&serde_json::json!({
            "number": case.number, "form": case.filing.form, "status": case.status.label(),
            "due": case.promise.due, "round": case.round, "values": values, "steps": steps,
            "fund_paid": page.settlement.as_ref().map(|s| s.fund_pay_sumamt.to_yuan()),
            "sample": page.settlement.as_ref().map(|s| s.sample),
        }));
        return Ok(Exit::Done);
    }
    say(format!("{}  {}  {}", case.number, page.form_title, case.status.label()));
    for value in &page.values {
        let place = if value.row > 0 { format!("第{}行 ", value.row) } else { String::new() };
        let change = value.before.as_ref().map_or(String::new(), |before| format!("  [原:{before}]"));
        say(format!("  {place}{}:{}{change}", value.label, value.value));
    }
    for step in steps {
        say(format!("{}\t{}\t{}\t{}\t{}", step.time, step.what, step.who, step.detail, step.reach.label()));
    }
    Ok(Exit::Done)
}
