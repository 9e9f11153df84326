//! `case list` and `case show`.

use xiangbao_core::case::{Left, Reading, Standing};
use xiangbao_core::identity::{masked_account, masked_certno, masked_phone};

use super::args::AsArgs;
use super::output::{Exit, failed, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, Doubt, Station};

/// Lists cases.
pub fn list(station: &Station, filter: &str, who: &AsArgs) -> Exit {
    answer(try_list(station, filter, who))
}

/// Shows one case.
pub fn show(station: &Station, number: &str, unmask: bool, who: &AsArgs) -> Exit {
    answer(try_show(station, number, unmask, who))
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
                    "village": row.row.village, "status": row.row.standing,
                    "accepted": row.row.accepted, "due": row.row.due(), "days_left": row.row.days_left(),
                    "city": row.reach.label(), "city_detail": row.city, "fund_paid": row.paid,
                })
            })
            .collect();
        let found = if rows.is_empty() { Exit::Negative } else { Exit::Done };
        json(&serde_json::Value::from(rows));
        return Ok(found);
    }
    if rows.is_empty() {
        say("没有符合的办件。");
        return Ok(Exit::Negative);
    }
    for row in rows {
        let line = [
            row.row.number.as_str(),
            &row.row.title,
            &row.row.standing,
            &row.row.accepted,
            &row.row.due(),
            row.reach.label(),
            &row.paid,
        ];
        say(line.join("\t"));
    }
    Ok(Exit::Done)
}

fn try_show(station: &Station, number: &str, unmask: bool, who: &AsArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &who.account)?;
    let case_id = station.case_by_number(number)?;
    if unmask {
        station.unmask_case(&actor, &case_id)?;
    }
    let shown = |text: &str| if unmask { text.to_owned() } else { masked(text) };
    let page = station.open_review(&actor, &case_id)?;
    let (case, steps) = station.timeline(&actor, &case_id)?;
    if who.json {
        let values: Vec<_> = page
            .values
            .iter()
            .map(|v| {
                serde_json::json!({
                    "path": v.path.to_string(), "label": v.label, "value": shown(&v.value),
                    "before": v.before.as_deref().map(shown),
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
            "number": case.number, "form": case.filing.form, "status": case.standing(),
            "due": case.promise.due, "clock": page.clock.as_ref().map(clock), "round": case.round, "values": values, "steps": steps,
            "fund_paid": page.settlement.as_ref().map(|s| s.fund_pay_sumamt.to_yuan()),
            "sample": page.settlement.as_ref().map(|s| s.sample),
            "refund_settlement": case.negative.as_ref().map(|s| s.fund_pay_sumamt.to_yuan()),
            "refund_amt": case.refund.map(|amount| amount.to_yuan()),
            "payment": case.payment.as_ref().map(|pay| pay.state.id()),
            "form_version": case.filing.form_version, "form_hash": case.filing.form_hash,
            "note": page.note, "findings": page.doubts.iter().map(doubt).collect::<Vec<_>>(),
        }));
        return Ok(Exit::Done);
    }
    say(format!("{}  {}  {}", case.number, page.form_title, case.standing()));
    if !page.note.is_empty() {
        say(format!("  {}", page.note));
    }
    for value in &page.values {
        let place = if value.row > 0 { format!("第{}行 ", value.row) } else { String::new() };
        let change =
            value.before.as_ref().map_or(String::new(), |before| format!("（原：{}）", shown(before)));
        say(format!("  {place}{}：{}{change}", value.label, shown(&value.value)));
    }
    for doubt in &page.doubts {
        let raised = &doubt.raised;
        let open = if doubt.open { "  未答复" } else { "" };
        let weight = raised.weight.label();
        say(format!("  {} {weight}：{}（{}）{open}", raised.code, raised.sentence, raised.article));
        for answer in &doubt.answers {
            let reply = answer.reply.label();
            say(format!("    {} {} {reply}：{}", answer.level.label(), answer.who, answer.text));
        }
    }
    for step in steps {
        say(format!("{}\t{}\t{}\t{}\t{}", step.time, step.what, step.who, step.detail, step.reach.label()));
    }
    Ok(Exit::Done)
}

/// A finding with its answers, for scripts.
fn doubt(doubt: &Doubt) -> serde_json::Value {
    let raised = &doubt.raised;
    let answers: Vec<_> = doubt
        .answers
        .iter()
        .map(|answer| {
            serde_json::json!({
                "level": answer.level.id(), "who": answer.who, "time": answer.time,
                "reply": answer.reply.id(), "text": answer.text, "this_round": answer.now,
            })
        })
        .collect();
    serde_json::json!({
        "code": raised.code, "about": raised.about, "sentence": raised.sentence, "article": raised.article,
        "document": raised.document, "sample": raised.sample, "weight": raised.weight.id(),
        "open": doubt.open, "fresh": doubt.fresh, "case_no": raised.case_no, "answers": answers,
    })
}

/// Characters from which on a number is a certificate, telephone or account number.
const LONG: usize = 9;

/// A value with long numbers masked, whatever field it stands in: a change form holds them as plain text.
fn masked(value: &str) -> String {
    let number = value.len() >= LONG
        && value.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
        && value.chars().filter(char::is_ascii_digit).count() + 1 >= value.len();
    match value.len() {
        _ if !number => value.to_owned(),
        11 => masked_phone(value),
        18 => masked_certno(value),
        _ => masked_account(value),
    }
}

/// The clock as it stands, for scripts.
fn clock(clock: &Reading) -> serde_json::Value {
    let (standing, on) = match clock.standing {
        Standing::Running => ("running", None),
        Standing::Paused(since) => ("paused", Some(since.to_string())),
        Standing::Done(on) => ("done", Some(on.to_string())),
    };
    let extended: Vec<_> = clock
        .extended
        .iter()
        .map(|extension| {
            serde_json::json!({
                "document": extension.document, "before": extension.before.to_string(),
                "after": extension.after.to_string(), "open": extension.open,
            })
        })
        .collect();
    let (days, minutes) = match clock.left {
        Left::Days(days) => (Some(days), None),
        Left::Minutes(minutes) => (None, Some(minutes)),
    };
    serde_json::json!({
        "standing": standing, "on": on, "due": clock.due.date.to_string(),
        "provisional": clock.due.provisional, "left_working_days": days, "left_minutes": minutes,
        "breached": clock.breached, "extended": extended,
        "correct_by": clock.reminder.map(|(until, _)| until.date.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn numbers_of_persons_are_masked_and_nothing_else() {
        // Synthetic: the well-known example number of GB 11643 in the region of Daxin, a telephone, an account.
        for number in ["45142419900101001X", "13800000000", "6228480000000000000", "M450000001", "0771-00"] {
            assert_eq!(masked(number) == number, number == "0771-00", "{number}");
        }
        for plain in ["2026-11-20", "10,000.00", "451424100001 桃城镇新城社区", "J18.900", "ZY00012345"]
        {
            assert_eq!(masked(plain), plain);
        }
    }
}
