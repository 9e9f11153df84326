//! `policy`: the law of an area as data — its parameters, and the answers that follow from them. One file per command;
//! only the replay of settled cases needs a station. Knows where packs come from and how an answer is written; knows no rule.

mod contribution;
mod coverage;
mod diff;
mod entitlement;
mod list;
mod replay;
mod settle;
mod settle_case;
mod show;
mod test;

use std::path::Path;

use chrono::NaiveDate;
use xiangbao_core::policy::{Dated, PolicyGap, PolicyPack, Status};

use super::args::PolicyCommand;
use super::output::{Exit, complain, not_open};
use crate::app::{Clock, Library, OpenError, SystemClock, local};

/// Runs a command of the group.
pub fn policy(folder: &Path, command: &PolicyCommand) -> Exit {
    let done = match command {
        PolicyCommand::List(args) => list::list(folder, args),
        PolicyCommand::Show(args) => show::show(folder, args),
        PolicyCommand::Diff(args) => diff::diff(folder, args),
        PolicyCommand::Coverage(args) => coverage::coverage(folder, args),
        PolicyCommand::Entitlement(args) => entitlement::entitlement(folder, args),
        PolicyCommand::Contribution(args) => contribution::contribution(folder, args),
        PolicyCommand::Replay(args) => replay::replay(folder, args),
        PolicyCommand::Settle(args) => settle::settle(folder, args),
        PolicyCommand::Test(args) => test::test(folder, args),
    };
    done.unwrap_or_else(|exit| exit)
}

/// The pack of an area, or of a folder with a draft.
fn pack(folder: &Path, area: &str) -> Result<PolicyPack, Exit> {
    Library::pack(Some(folder), area).map_err(|faults| not_open(&OpenError::Library(faults)))
}

/// Today at the office.
fn today() -> NaiveDate {
    local(SystemClock.now_ms()).date_naive()
}

/// Says why there is no answer: a wrong question is a wrong command line, a silence of the law a negative answer.
fn no_answer(gap: &PolicyGap) -> Exit {
    complain(gap);
    exit_of(gap)
}

fn exit_of(gap: &PolicyGap) -> Exit {
    if matches!(gap, PolicyGap::Input { .. }) { Exit::Usage } else { Exit::Negative }
}

/// The word for a row's status.
fn status_word(row: &Dated) -> &'static str {
    match row.status {
        Status::Verified => "已核对",
        Status::Sample => "示例",
    }
}

/// The word of a row's status for programs.
fn status_id(row: &Dated) -> &'static str {
    match row.status {
        Status::Verified => "verified",
        Status::Sample => "sample",
    }
}

/// A row as JSON: value, time, source, check.
fn row_json(id: &str, row: &Dated) -> serde_json::Value {
    serde_json::json!({
        "from": row.from.to_string(), "to": row.to.map(|day| day.to_string()), "value": row.written,
        "words": row.words(id), "document": row.document, "article": row.article, "status": status_id(row),
        "checked_by": row.checked_by, "checked_on": row.checked_on.to_string(), "note": row.note,
        "line": row.line,
    })
}

/// From when to when a row holds.
fn time(row: &Dated) -> String {
    let to = row.to.map_or_else(|| "今后".to_owned(), |day| day.to_string());
    format!("{} 至 {to}", row.from)
}
