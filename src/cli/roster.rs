//! `roster`: the deduction roster on screen with masked numbers, or whole for the bank as paper, csv or workbook.

use std::path::Path;

use super::args::RosterArgs;
use super::output::{Exit, failed, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, RosterOrder, Station, write_private};

/// Lists, prints or writes the roster.
pub fn roster(station: &Station, args: &RosterArgs) -> Exit {
    try_roster(station, args).unwrap_or_else(|error| failed(&error))
}

fn try_roster(station: &Station, args: &RosterArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &args.who.account)?;
    let order = RosterOrder { year: args.year, village: args.village.clone(), bank: args.bank.clone() };
    let roster = station.deduction_roster(&actor, &order)?;
    let mut written = None;
    if !roster.rows.is_empty() {
        if let Some(path) = args.csv.as_deref().or(args.xlsx.as_deref()) {
            write(path, &station.roster_file(&actor, &order, args.xlsx.is_some())?)?;
            written = Some(path.to_owned());
        }
        if args.print {
            written = Some(station.print_roster(&actor, &order)?);
        }
    }
    if args.who.json {
        let rows: Vec<_> = roster
            .rows
            .iter()
            .map(|row| {
                serde_json::json!({
                    "admdvs12": row.admdvs12, "admdvs_name": row.village, "resdbook_no": row.resdbook_no,
                    "psn_name": row.payer, "certno": row.certno, "acct_name": row.acct_name,
                    "bank_type_code": row.bank_type_code, "bank_name": row.bank, "bankacct": row.bankacct,
                    "psn_cnt": row.count, "psn_clct_amt": row.amount.to_yuan(), "agre_no": row.agre_no,
                    "sign_date": row.signed, "not_enrolled": row.missing,
                })
            })
            .collect();
        json(&serde_json::json!({
            "year": roster.year, "scope": roster.scope, "rows": rows, "households": roster.rows.len(),
            "psn_cnt": roster.count, "sum": roster.sum.to_yuan(), "capital": roster.sum.capitals(),
            "idle": roster.idle, "sample": roster.sample(), "file": written,
        }));
    } else {
        for row in &roster.rows {
            let cells = [
                row.village.as_str(),
                &row.resdbook_no,
                &row.payer,
                &row.certno,
                &row.bank,
                &row.bankacct,
                &row.count.to_string(),
                &row.amount.to_yuan(),
                &row.agre_no,
            ];
            say(cells.join("\t"));
        }
        say(format!(
            "{} 年度 {}：{} 户 {} 人，{} 元（{}）；{} 份协议本年度没有应扣金额。",
            roster.year,
            roster.scope,
            roster.rows.len(),
            roster.count,
            roster.sum.to_grouped(),
            roster.sum.capitals(),
            roster.idle
        ));
        if roster.sample() {
            say("含示例金额，未经核实。");
        }
        if let Some(path) = &written {
            say(format!("已写到 {}。含完整账号，只交代扣银行，已记入查阅日志。", path.display()));
        }
    }
    Ok(if roster.rows.is_empty() { Exit::Negative } else { Exit::Done })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    write_private(path, bytes).map_err(|source| AppError::File { path: path.to_owned(), source })
}
