//! `export`: cases as a table under the national field names. Knows files and how an answer is written; what stands in the
//! table is the use case's.

use std::path::Path;

use super::args::ExportArgs;
use super::output::{Exit, failed, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, CaseFilter, ExportColumn, Exported, Station};

/// Exports the cases of a form.
pub fn export(station: &Station, args: &ExportArgs) -> Exit {
    match try_export(station, args) {
        Ok(exit) => exit,
        Err(error) => failed(&error),
    }
}

fn try_export(station: &Station, args: &ExportArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &args.who.account)?;
    let filter = CaseFilter {
        form: args.form.clone(),
        table: args.table.clone(),
        since: args.since,
        until: args.until,
    };
    let exported = station.export_cases(&actor, &filter, args.purpose.as_deref())?;
    if let Some(file) = &args.file {
        station.write_export(&exported, file)?;
    }
    if args.who.json {
        json(&answer(&exported, args.file.as_deref()));
    } else if let Some(file) = &args.file {
        say(format!("已导出 {} 行到 {}。", exported.rows.len(), file.display()));
    } else {
        let names = |text: fn(&ExportColumn) -> String| exported.columns.iter().map(text).collect::<Vec<_>>();
        say(names(|column| column.field.clone()).join("\t"));
        say(names(|column| column.label.clone()).join("\t"));
        exported.rows.iter().for_each(|row| say(row.join("\t")));
    }
    if exported.rows.is_empty() {
        say("没有符合的办件。可以放宽受理日期。");
        return Ok(Exit::Negative);
    }
    Ok(Exit::Done)
}

fn answer(exported: &Exported, file: Option<&Path>) -> serde_json::Value {
    let columns = exported.columns.iter().map(|column| {
        serde_json::json!({ "field": column.field, "label": column.label, "national": column.national })
    });
    serde_json::json!({
        "columns": columns.collect::<serde_json::Value>(),
        "rows": if file.is_none() { serde_json::json!(exported.rows) } else { serde_json::json!(exported.rows.len()) },
        "masked": exported.masked,
        "file": file.map(|file| file.display().to_string()),
    })
}
