//! `codes`: the code tables with their source, or the codes of one table by code, label or pinyin. Knows how an answer is
//! written; the tables are the library's.

use std::path::Path;

use xiangbao_core::code::{CodeEntry, CodeTable};

use super::output::{Exit, complain, json, say};
use crate::app::Library;

/// Lists the tables, or searches one.
pub fn codes(folder: &Path, table: Option<&str>, query: &str, as_json: bool) -> Exit {
    let library = match Library::load(Some(folder)) {
        Ok(library) => library,
        Err(error) => {
            error.0.iter().for_each(complain);
            return Exit::Negative;
        }
    };
    let Some(id) = table else { return tables(&library, as_json) };
    let Some(table) = library.codes.table(id) else {
        complain(format!("没有代码表 {id}。不带参数运行可列出全部代码表。"));
        return Exit::Negative;
    };
    let found = table.search(query, usize::MAX, |_| true);
    if as_json {
        let rows: Vec<_> = found.iter().map(|entry| row(entry)).collect();
        json(&serde_json::json!({ "table": table.id(), "name": table.name(), "codes": rows }));
    } else {
        for entry in &found {
            say(format!("{}\t{}\t{}", entry.code, entry.label, validity(entry)));
        }
        if found.is_empty() {
            say("没有符合的代码。可以用代码、名称或拼音查。");
        }
    }
    if found.is_empty() { Exit::Negative } else { Exit::Done }
}

fn row(entry: &CodeEntry) -> serde_json::Value {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    serde_json::json!({
        "code": entry.code, "label": entry.label, "source": entry.source, "common": entry.common,
        "valid_from": day(entry.valid_from), "valid_to": day(entry.valid_to),
    })
}

fn validity(entry: &CodeEntry) -> String {
    match (entry.valid_from, entry.valid_to) {
        (None, None) => String::new(),
        (from, to) => {
            let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
            format!("{} 至 {}", day(from), day(to))
        }
    }
}

/// The distinct sources of a table, in the order of its rows.
fn sources(table: &CodeTable) -> Vec<&str> {
    let mut sources: Vec<&str> = Vec::new();
    for entry in table.entries().iter().filter(|entry| !entry.source.is_empty()) {
        if !sources.contains(&entry.source.as_str()) {
            sources.push(&entry.source);
        }
    }
    sources
}

fn tables(library: &Library, as_json: bool) -> Exit {
    let users = |id: &str| -> Vec<&str> {
        let forms = library.forms.values().map(|form| &form.def);
        forms
            .filter(|def| def.code_tables().iter().any(|(_, table)| *table == id))
            .map(|def| def.code.as_str())
            .collect()
    };
    if as_json {
        let rows = library.codes.tables().map(|table| {
            serde_json::json!({
                "table": table.id(), "name": table.name(), "codes": table.entries().len(),
                "forms": users(table.id()), "sources": sources(table),
            })
        });
        json(&rows.collect::<serde_json::Value>());
        return Exit::Done;
    }
    for table in library.codes.tables() {
        let (forms, sources) = (users(table.id()).join(" "), sources(table).join("；"));
        say(format!("{}\t{}\t{} 项\t{forms}\t{sources}", table.id(), table.name(), table.entries().len()));
    }
    Exit::Done
}
