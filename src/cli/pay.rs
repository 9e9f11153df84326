//! `pay`: payables, payment lists, the bank's files there and back.

use std::collections::BTreeMap;

use xiangbao_core::event::PayKind;
use xiangbao_core::journal::hex;
use xiangbao_core::money::Fen;

use super::args::{PayCommand, PayMakeArgs, PayReturnArgs};
use super::output::{Exit, failed, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, PayableRow, PaymentListRow, ReturnReport, Station, WrittenFile};

/// Does what is asked.
pub fn pay(station: &Station, command: PayCommand) -> Exit {
    answer(station, command).unwrap_or_else(|error| failed(&error))
}

fn answer(station: &Station, command: PayCommand) -> Result<Exit, AppError> {
    match command {
        PayCommand::Due { all, who } => {
            let actor = sign_in(station, &who.account)?;
            Ok(due(&station.payables(&actor, all)?, who.json))
        }
        PayCommand::List { no: None, who, .. } => {
            let actor = sign_in(station, &who.account)?;
            let rows = station.payment_lists(&actor)?;
            Ok(lists(&rows, who.json))
        }
        PayCommand::List { no: Some(no), print, who } => {
            let actor = sign_in(station, &who.account)?;
            one(station, &actor, &no, print, who.json)
        }
        PayCommand::Make(args) => make(station, &args),
        PayCommand::Approve { no, who } => {
            let actor = sign_in(station, &who.account)?;
            let stored = station.approve_payment_list(&actor, &no, station.new_id())?;
            told(who.json, &no, "approved", stored.last, &format!("付款单 {no} 已复核，可以报盘。"))
        }
        PayCommand::Close { no, reason, who } => {
            let actor = sign_in(station, &who.account)?;
            let stored = station.close_payment_list(&actor, &no, &reason, station.new_id())?;
            told(who.json, &no, "closed", stored.last, &format!("付款单 {no} 已退回，各件回到待付款。"))
        }
        PayCommand::Export { no, dir, who } => {
            let actor = sign_in(station, &who.account)?;
            let file = station.export_payment(&actor, &no, dir.as_deref(), station.new_id())?;
            written(&file, who.json, &[]);
            Ok(Exit::Done)
        }
        PayCommand::Return(args) => take_return(station, &args),
        PayCommand::Recover { number, amount, day, voucher, who } => {
            let actor = sign_in(station, &who.account)?;
            let case_id = station.case_by_number(&number)?;
            let stored =
                station.recover_payment(&actor, &case_id, (&amount, &day, &voucher), station.new_id())?;
            told(who.json, &number, "recovered", stored.last, &format!("{number} 追回 {amount} 元已登记。"))
        }
        PayCommand::Account { number, set, reason, who } => {
            let actor = sign_in(station, &who.account)?;
            let case_id = station.case_by_number(&number)?;
            let values: BTreeMap<String, String> = set.into_iter().collect();
            let stored = station.correct_account(&actor, &case_id, &values, &reason, station.new_id())?;
            let words = format!("{number} 的账户更正已提交，从初审重新审核。");
            told(who.json, &number, "correcting", stored.last, &words)
        }
        PayCommand::Banks { json } => Ok(banks(station, json)),
    }
}

fn told(as_json: bool, no: &str, what: &str, seq: u64, words: &str) -> Result<Exit, AppError> {
    if as_json {
        json(&serde_json::json!({ "no": no, "state": what, "seq": seq }));
    } else {
        say(words);
    }
    Ok(Exit::Done)
}

fn due(rows: &[PayableRow], as_json: bool) -> Exit {
    if as_json {
        let rows: Vec<_> = rows.iter().map(payable_json).collect();
        json(&serde_json::json!({ "rows": rows }));
    } else {
        for row in rows {
            let cells = [
                row.number.as_str(),
                row.kind.label(),
                &row.psn_name,
                &row.payee,
                &row.bank,
                &row.bankacct,
                &marked(row.amount, row.sample),
                &row.standing,
                &row.list,
                &row.reason,
            ];
            say(cells.join("\t"));
            if !row.bar.is_empty() {
                say(format!("  {}", row.bar));
            }
        }
        let open: Vec<_> = rows.iter().filter(|row| row.due).collect();
        let sum = open.iter().fold(0_i64, |sum, row| sum.saturating_add(row.amount.0));
        say(format!("待付款 {} 件，{} 元。", open.len(), Fen(sum).to_grouped()));
    }
    if rows.is_empty() { Exit::Negative } else { Exit::Done }
}

/// An amount in yuan, marked where it rests on figures that nobody verified.
fn marked(amount: Fen, sample: bool) -> String {
    if sample { format!("{} 示例", amount.to_yuan()) } else { amount.to_yuan() }
}

fn payable_json(row: &PayableRow) -> serde_json::Value {
    serde_json::json!({
        "number": row.number, "kind": row.kind.id(), "psn_name": row.psn_name, "payee": row.payee, "bank": row.bank,
        "bankacct": row.bankacct, "amount": row.amount.to_yuan(), "sample": row.sample, "state": row.state, "run": row.run,
        "list": row.list, "reason": row.reason, "due": row.due, "bar": row.bar,
    })
}

fn list_json(row: &PaymentListRow) -> serde_json::Value {
    serde_json::json!({
        "no": row.no, "kind": row.kind.id(), "made": row.made, "maker": row.maker, "checker": row.checker, "bank": row.bank,
        "count": row.count, "sum": row.sum.to_yuan(), "samples": row.samples, "state": row.status.id(),
        "paid_count": row.paid.0, "paid_sum": row.paid.1.to_yuan(),
        "failed_count": row.failed.0, "failed_sum": row.failed.1.to_yuan(),
    })
}

fn list_line(row: &PaymentListRow) -> String {
    let cells = [
        row.no.as_str(),
        row.kind.label(),
        &row.made,
        &format!("{} 件", row.count),
        &format!("{} 元", marked(row.sum, row.samples > 0)),
        row.status.label(),
        &row.maker,
        &row.checker,
        &format!("已付 {} 失败 {}", row.paid.0, row.failed.0),
    ];
    cells.join("\t")
}

fn lists(rows: &[PaymentListRow], as_json: bool) -> Exit {
    if as_json {
        let rows: Vec<_> = rows.iter().map(list_json).collect();
        json(&serde_json::json!({ "rows": rows }));
    } else {
        rows.iter().for_each(|row| say(list_line(row)));
        if rows.is_empty() {
            say("还没有付款单。用 xiangbao pay make 制单。");
        }
    }
    if rows.is_empty() { Exit::Negative } else { Exit::Done }
}

fn one(
    station: &Station,
    actor: &xiangbao_core::role::Actor,
    no: &str,
    print: bool,
    as_json: bool,
) -> Result<Exit, AppError> {
    let page = station.payment_list(actor, no)?;
    let paper = if print { Some(station.print_payment_list(actor, no)?) } else { None };
    if as_json {
        let entries: Vec<_> = page
            .list
            .sheet
            .entries
            .iter()
            .map(|entry| {
                let result = page.list.results.get(&entry.seq);
                serde_json::json!({
                    "seq": entry.seq, "number": entry.number, "psn_no": entry.psn_no, "psn_name": entry.psn_name,
                    "payee": entry.payee.account.name, "payee_kind": entry.payee.kind.label(),
                    "bank_type_code": entry.payee.account.bank_type_code,
                    "bankacct": entry.payee.account.bankacct, "amount": entry.amount.to_yuan(), "sample": entry.sample,
                    "run": entry.run,
                    "done": result.map(|r| r.done), "code": result.map(|r| &r.code),
                    "reason": result.map(|r| &r.reason), "day": result.map(|r| &r.day),
                })
            })
            .collect();
        let findings: Vec<_> = page.list.findings.iter().map(|(_, f)| finding_json(f)).collect();
        let file = page.list.exported.as_ref().map(|(_, file)| {
            serde_json::json!({ "name": file.name, "sha256": hex(&file.digest), "day": file.day })
        });
        json(&serde_json::json!({
            "list": list_json(&page.row), "entries": entries, "findings": findings, "file": file,
            "bar": page.bar, "paper": paper,
        }));
        return Ok(Exit::Done);
    }
    say(list_line(&page.row));
    for entry in &page.list.sheet.entries {
        let result = match page.list.results.get(&entry.seq) {
            Some(result) if result.done => format!("{} 已支付", result.day),
            Some(result) => result.reason.clone(),
            None => String::new(),
        };
        let account = &entry.payee.account;
        let cells = [
            entry.seq.to_string(),
            entry.number.clone(),
            entry.psn_name.clone(),
            format!("{} {}", entry.payee.kind.label(), account.name),
            account.bankacct.clone(),
            entry.amount.to_yuan(),
            result,
        ];
        say(cells.join("\t"));
    }
    page.list
        .findings
        .iter()
        .for_each(|(_, finding)| say(format!("第 {} 行：{}", finding.line, finding.text)));
    if !page.bar.is_empty() {
        say(&page.bar);
    }
    if let Some(path) = paper {
        say(format!("已写到 {}", path.display()));
    }
    Ok(Exit::Done)
}

fn make(station: &Station, args: &PayMakeArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &args.who.account)?;
    let mut cases = Vec::new();
    if args.all {
        let rows = station.payables(&actor, false)?;
        // One list pays one kind of money: benefits, unless refunds are asked for.
        let kind = if args.refunds { PayKind::Refund } else { PayKind::Benefit };
        let wanted = rows.iter().filter(|row| row.due && row.bar.is_empty() && row.kind == kind);
        cases.extend(wanted.map(|row| row.case_id));
    }
    for number in &args.numbers {
        cases.push(station.case_by_number(number)?);
    }
    let row = station.make_payment_list(&actor, &cases, &args.bank, station.new_id())?;
    if args.who.json {
        json(&list_json(&row));
    } else {
        say(format!(
            "付款单 {}（{}）：{} 件，{} 元。请另一名财务人员复核。",
            row.no,
            row.kind.label(),
            row.count,
            row.sum.to_grouped()
        ));
    }
    Ok(Exit::Done)
}

/// Says where a file was written.
pub(super) fn written(file: &WrittenFile, as_json: bool, left_out: &[String]) {
    if as_json {
        json(&serde_json::json!({
            "no": file.no, "file": file.path, "sha256": file.digest, "lines": file.lines,
            "sum": file.sum.to_yuan(), "again": file.again, "left_out": left_out,
        }));
        return;
    }
    left_out.iter().for_each(say);
    let again = if file.again { "（与上次写出的相同）" } else { "" };
    say(format!(
        "{}：{} 笔，{} 元，已写到 {}{again}。含完整账号，只交银行，已记入查阅日志。",
        file.no,
        file.lines,
        file.sum.to_grouped(),
        file.path.display()
    ));
}

fn take_return(station: &Station, args: &PayReturnArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &args.who.account)?;
    let taken = station.take_payment_return_file(&actor, args.list.as_deref(), &args.file, station.new_id());
    returned(taken, args.who.json)
}

fn finding_json(finding: &xiangbao_core::event::LineFinding) -> serde_json::Value {
    serde_json::json!({ "line": finding.line, "text": finding.text })
}

/// Says what came of a returned file; a file that is not taken says why, line by line.
pub(super) fn returned(taken: Result<ReturnReport, AppError>, as_json: bool) -> Result<Exit, AppError> {
    let report = match taken {
        Ok(report) => report,
        Err(AppError::BankFile(fault)) => {
            let findings = fault.findings();
            if as_json {
                let rows: Vec<_> = findings.iter().map(finding_json).collect();
                json(&serde_json::json!({ "taken": false, "findings": rows }));
            } else {
                findings.iter().for_each(|finding| say(&finding.text));
            }
            return Err(AppError::BankFile(fault));
        }
        Err(other) => return Err(other),
    };
    let clean = report.findings.is_empty() && report.notes.is_empty();
    if as_json {
        let failed: Vec<_> = report
            .failed
            .iter()
            .map(|(seq, what, reason)| serde_json::json!({ "seq": seq, "what": what, "reason": reason }))
            .collect();
        let findings: Vec<_> = report.findings.iter().map(finding_json).collect();
        json(&serde_json::json!({
            "taken": true, "no": report.no, "again": report.again, "done_count": report.done.0,
            "done_sum": report.done.1.to_yuan(), "failed": failed, "failed_sum": report.failed_sum.to_yuan(),
            "findings": findings, "known": report.known, "open": report.open, "notes": report.notes,
        }));
    } else if report.again {
        say(format!("{}：这个文件已经导入过，没有任何改变。", report.no));
    } else {
        report.failed.iter().for_each(|(seq, what, reason)| say(format!("第 {seq} 笔 {what}：{reason}")));
        report.findings.iter().for_each(|finding| say(format!("第 {} 行：{}", finding.line, finding.text)));
        report.notes.iter().for_each(say);
        say(format!(
            "{}：成功 {} 笔 {} 元，失败 {} 笔 {} 元，有疑问 {} 行，未回 {} 笔。",
            report.no,
            report.done.0,
            report.done.1.to_grouped(),
            report.failed.len(),
            report.failed_sum.to_grouped(),
            report.findings.len(),
            report.open
        ));
    }
    Ok(if clean { Exit::Done } else { Exit::Negative })
}

fn banks(station: &Station, as_json: bool) -> Exit {
    let banks = station.library().banks.values();
    if as_json {
        let rows: Vec<_> = banks
            .map(|bank| {
                let layout = &bank.layout;
                let parts: Vec<_> = layout.parts.keys().map(|part| part.id()).collect();
                serde_json::json!({
                    "id": layout.id, "name": layout.name, "sample": layout.sample, "source": layout.source,
                    "encoding": layout.encoding.label(), "banks": layout.banks, "parts": parts, "hash": bank.hash,
                })
            })
            .collect();
        json(&serde_json::json!({ "rows": rows }));
        return Exit::Done;
    }
    for bank in banks {
        let layout = &bank.layout;
        let sample = if layout.sample { "示例" } else { "" };
        say([layout.id.as_str(), &layout.name, layout.encoding.label(), sample].join("\t"));
    }
    Exit::Done
}
