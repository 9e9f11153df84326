//! `print`: a document of a case, a blank form or a village's papers as PDF, perhaps sent to a printer.

use super::args::PrintArgs;
use super::output::{Exit, complain, failed, json, say};
use super::paper;
use super::sign_in::sign_in;
use crate::app::{AppError, Printed, Station, VillageWish, Wish};
use xiangbao_core::event::{Collector, Relation};

/// Makes the PDF and says where it lies.
pub fn print(station: &Station, args: &PrintArgs) -> Exit {
    let done = match (&args.command, &args.blank, &args.village) {
        (Some(command), ..) => paper::paper(station, command),
        (None, Some(code), _) => blank(station, args, code),
        (None, None, Some(village)) => print_village(station, args, village),
        (None, None, None) => print_case(station, args),
    };
    done.unwrap_or_else(|error| failed(&error))
}

fn blank(station: &Station, args: &PrintArgs, code: &str) -> Result<Exit, AppError> {
    let prepared = station.prepare_blank(code)?;
    let bytes = station.pdf(&prepared)?;
    let path = station.write_print(&format!("blank-{}.pdf", prepared.template), &bytes)?;
    let pages = prepared.document.pages.len();
    if args.json {
        json(&serde_json::json!({ "path": path, "pages": pages, "bytes": bytes.len() }));
    } else {
        say(format!("{}  {pages} 页  {}", prepared.title, path.display()));
    }
    paper::sent(station, args.printer.as_deref(), &path)
}

fn collector(args: &PrintArgs) -> Option<Collector> {
    let relation = Relation::ALL.into_iter().find(|relation| relation.id() == args.relation);
    let name = args.collector.clone()?;
    Some(Collector { name, relation: relation.unwrap_or(Relation::Person) })
}

fn print_case(station: &Station, args: &PrintArgs) -> Result<Exit, AppError> {
    let (number, account) = (args.number.as_deref().unwrap_or_default(), args.account.as_deref());
    let actor = sign_in(station, account.unwrap_or_default())?;
    let case_id = station.case_by_number(number)?;
    let case = station.timeline(&actor, &case_id)?.0;
    let documents = station.documents_of(&case)?;
    if args.list {
        for (id, title) in documents {
            say(format!("{id}\t{title}"));
        }
        return Ok(Exit::Done);
    }
    let first = documents.first().map(|(id, _)| id.clone());
    let Some(template) = args.document.clone().or(first) else {
        return Err(AppError::NotFound(format!("办件 {number} 的文书")));
    };
    let printer = args.printer.clone().unwrap_or_default();
    let wish = Wish { values_only: args.overprint, printer, collector: collector(args) };
    let printed = station.print(&actor, &case_id, &template, &wish, station.new_id())?;
    if args.json {
        json(&case_answer(&printed));
    } else {
        let mark =
            if printed.copy > 1 { format!("（补打第{}份）", printed.copy) } else { String::new() };
        say(format!("{}{mark}  {} 页  {}", printed.title, printed.pages, printed.path.display()));
    }
    paper::sent(station, args.printer.as_deref(), &printed.path)
}

fn case_answer(printed: &Printed) -> serde_json::Value {
    serde_json::json!({
        "path": printed.path, "title": printed.title, "pages": printed.pages, "bytes": printed.bytes,
        "sha256": printed.hash, "copy": printed.copy, "proof": printed.proof,
    })
}

fn print_village(station: &Station, args: &PrintArgs, village: &str) -> Result<Exit, AppError> {
    let actor = sign_in(station, args.account.as_deref().unwrap_or_default())?;
    let wish = VillageWish {
        village: village.to_owned(),
        document: args.document.clone(),
        since: args.since,
        collector: collector(args),
    };
    let mut shown = 0;
    let mut progress = |done: usize, total: usize| {
        let percent = done * 100 / total.max(1);
        if !args.json && percent >= shown + 10 {
            shown = percent;
            complain(format!("{percent}%"));
        }
        true
    };
    let Some(printed) = station.print_village(&actor, &wish, &mut progress)? else {
        return Ok(Exit::Negative);
    };
    if args.json {
        json(&serde_json::json!({
            "path": printed.path, "documents": printed.documents, "pages": printed.pages,
            "bytes": printed.bytes, "sha256": printed.hash, "left_out": printed.left_out,
        }));
    } else {
        let left = match printed.left_out {
            0 => String::new(),
            count => format!("（{count} 份以前打印过，没有再印；补打请写明 --collector）"),
        };
        say(format!("{} 份 {} 页{left}  {}", printed.documents, printed.pages, printed.path.display()));
    }
    paper::sent(station, args.printer.as_deref(), &printed.path)
}
