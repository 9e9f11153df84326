//! `deduct`: what banks collect, what came of it, and who has not paid.

use super::args::{CallsArgs, DeductCommand, DeductFileArgs, PaidArgs, PayReturnArgs};
use super::output::{Exit, failed, json, say};
use super::pay::{returned, written};
use super::sign_in::sign_in;
use crate::app::{AppError, CallOrder, PaidOrder, RosterOrder, Station, write_private};

/// Does what is asked.
pub fn deduct(station: &Station, command: &DeductCommand) -> Exit {
    let answer = match command {
        DeductCommand::File(args) => file(station, args),
        DeductCommand::Result(args) => result(station, args),
        DeductCommand::Paid(args) => paid(station, args),
        DeductCommand::List { who } => list(station, &who.account, who.json),
        DeductCommand::Calls(args) => calls(station, args),
    };
    answer.unwrap_or_else(|error| failed(&error))
}

fn file(station: &Station, args: &DeductFileArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &args.who.account)?;
    let folder = args.dir.as_deref();
    let made = match (&args.again, args.year, &args.layout) {
        (Some(no), ..) => station.rewrite_deduction(&actor, no, folder)?,
        (None, Some(year), Some(layout)) => {
            let order = RosterOrder { year, village: args.village.clone(), bank: args.bank.clone() };
            station.make_deduction(&actor, &order, layout, folder, station.new_id())?
        }
        _ => return Ok(Exit::Usage),
    };
    written(&made.file, args.who.json, &made.left_out);
    Ok(Exit::Done)
}

fn result(station: &Station, args: &PayReturnArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &args.who.account)?;
    let taken =
        station.take_deduction_return_file(&actor, args.list.as_deref(), &args.file, station.new_id());
    returned(taken, args.who.json)
}

fn paid(station: &Station, args: &PaidArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &args.who.account)?;
    let order = PaidOrder {
        persons: args.persons.clone(),
        year: args.year,
        day: args.day.clone(),
        way: args.way.clone(),
        voucher: args.voucher.clone(),
    };
    let report = station.book_paid(&actor, &order, station.new_id())?;
    if args.who.json {
        let booked = report.booked.iter();
        let booked: Vec<_> = booked
            .map(|(name, amount)| serde_json::json!({ "psn_name": name, "psn_clct_amt": amount.to_yuan() }))
            .collect();
        json(&serde_json::json!({
            "voucher": args.voucher, "booked": booked, "sum": report.sum().to_yuan(), "known": report.known,
            "refused": report.refused, "notes": report.notes,
        }));
    } else {
        report.refused.iter().chain(&report.notes).for_each(say);
        say(format!(
            "凭证 {}：入账 {} 人 {} 元，以前已入账 {} 人，没有入账 {} 人。",
            args.voucher,
            report.booked.len(),
            report.sum().to_grouped(),
            report.known,
            report.refused.len()
        ));
    }
    Ok(if report.refused.is_empty() && report.notes.is_empty() { Exit::Done } else { Exit::Negative })
}

fn list(station: &Station, account: &str, as_json: bool) -> Result<Exit, AppError> {
    let actor = sign_in(station, account)?;
    let rows = station.deductions(&actor)?;
    if as_json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                serde_json::json!({
                    "no": row.no, "year": row.year, "made": row.made, "maker": row.maker, "bank": row.bank,
                    "count": row.count, "sum": row.sum.to_yuan(), "done_count": row.done.0,
                    "done_sum": row.done.1.to_yuan(), "failed_count": row.failed.0,
                    "failed_sum": row.failed.1.to_yuan(), "open": row.open,
                })
            })
            .collect();
        json(&serde_json::json!({ "rows": rows }));
    } else {
        for row in &rows {
            say(format!(
                "{}\t{} 年度\t{}\t{} 户 {} 元\t已扣 {} 失败 {} 未回 {}",
                row.no,
                row.year,
                row.made,
                row.count,
                row.sum.to_yuan(),
                row.done.0,
                row.failed.0,
                row.open
            ));
        }
    }
    Ok(if rows.is_empty() { Exit::Negative } else { Exit::Done })
}

fn calls(station: &Station, args: &CallsArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &args.who.account)?;
    let order = CallOrder { year: args.year, village: args.village.clone(), purpose: args.purpose.clone() };
    let (list, paper) = if args.print {
        let (list, path) = station.print_call_list(&actor, &order)?;
        (list, Some(path))
    } else {
        (station.call_list(&actor, &order)?, None)
    };
    if let Some(path) = &args.csv {
        let fault = |source| AppError::File { path: path.clone(), source };
        write_private(path, &list.csv()?).map_err(fault)?;
    }
    if args.who.json {
        let rows: Vec<_> = list
            .rows
            .iter()
            .map(|row| {
                serde_json::json!({
                    "admdvs12": row.admdvs12, "admdvs_name": row.village, "resdbook_no": row.resdbook_no,
                    "householder_name": row.head, "psn_name": row.psn_name, "certno": row.certno, "mob": row.phone,
                    "psn_clct_amt": row.amount.map(|amount| amount.to_yuan()), "sample": row.sample,
                    "reason": row.reason,
                })
            })
            .collect();
        json(&serde_json::json!({
            "year": list.year, "scope": list.scope, "rows": rows, "sum": list.sum().to_yuan(),
            "unmasked": list.unmasked, "csv": args.csv, "paper": paper,
        }));
    } else {
        for row in &list.rows {
            let amount = row.amount.map(|amount| amount.to_yuan()).unwrap_or_default();
            let cells = [
                &row.village,
                &row.resdbook_no,
                &row.head,
                &row.psn_name,
                &row.certno,
                &row.phone,
                &amount,
                &row.reason,
            ];
            say(cells.map(String::as_str).join("\t"));
        }
        say(format!(
            "{} 年度 {}：{} 人未缴，{} 元。",
            list.year,
            list.scope,
            list.rows.len(),
            list.sum().to_grouped()
        ));
        for path in paper.iter().chain(&args.csv) {
            say(format!("已写到 {}", path.display()));
        }
    }
    Ok(if list.rows.is_empty() { Exit::Negative } else { Exit::Done })
}
