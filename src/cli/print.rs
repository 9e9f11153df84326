//! `print`: a document of a case, or a blank form, as PDF.

use super::args::PrintArgs;
use super::output::{Exit, failed, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, Station};

/// Makes the PDF and says where it lies.
pub fn print(station: &Station, args: &PrintArgs) -> Exit {
    try_print(station, args).unwrap_or_else(|error| failed(&error))
}

fn try_print(station: &Station, args: &PrintArgs) -> Result<Exit, AppError> {
    if let Some(code) = &args.blank {
        let prepared = station.prepare_blank(code)?;
        let bytes = station.pdf(&prepared)?;
        let path = station.write_print(&format!("blank-{}.pdf", prepared.template), &bytes)?;
        if args.json {
            json(
                &serde_json::json!({ "path": path, "pages": prepared.document.pages.len(), "bytes": bytes.len() }),
            );
        } else {
            say(format!("{}  {} 页  {}", prepared.title, prepared.document.pages.len(), path.display()));
        }
        return Ok(Exit::Done);
    }
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
    let printed = station.print(&actor, &case_id, &template, station.new_id())?;
    if args.json {
        json(&serde_json::json!({
            "path": printed.path, "title": printed.title, "pages": printed.pages,
            "bytes": printed.bytes, "sha256": printed.hash, "copy": printed.copy,
        }));
    } else {
        let mark =
            if printed.copy > 1 { format!("（补打第{}份）", printed.copy) } else { String::new() };
        say(format!("{}{mark}  {} 页  {}", printed.title, printed.pages, printed.path.display()));
    }
    Ok(Exit::Done)
}
