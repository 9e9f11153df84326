//! `policy test`: the tests of the office in its own words, run and shown as a table for the people who apply the rule.

use std::path::Path;

use xiangbao_core::policy::{Compared, PolicyCase};

use super::pack;
use crate::app::{Library, OpenError, areas};
use crate::cli::args::PolicyTestArgs;
use crate::cli::output::{Exit, json, not_open, say};

pub(super) fn test(folder: &Path, args: &PolicyTestArgs) -> Result<Exit, Exit> {
    let wanted = args.area.clone().map_or_else(|| areas(Some(folder)), |area| vec![area]);
    let (mut ran, mut wrong) = (Vec::new(), 0usize);
    for area in &wanted {
        let pack = pack(folder, area)?;
        let cases = Library::policy_cases(Some(folder), pack.area());
        for case in cases.map_err(|faults| not_open(&OpenError::Library(faults)))? {
            let compared = case.run(&pack);
            wrong += usize::from(!compared.iter().all(Compared::right));
            ran.push((case, compared));
        }
    }
    if args.json {
        let rows = ran.iter().map(|(case, compared)| row(case, compared));
        let rows: serde_json::Value = rows.collect();
        json(&serde_json::json!({ "cases": rows, "count": ran.len(), "wrong": wrong }));
    } else {
        for (case, compared) in &ran {
            written(case, compared);
        }
        say(format!("共 {} 个用例，{} 个不符。", ran.len(), wrong));
    }
    Ok(if wrong == 0 && !ran.is_empty() { Exit::Done } else { Exit::Negative })
}

fn row(case: &PolicyCase, compared: &[Compared]) -> serde_json::Value {
    let outcome = compared.iter().map(|one| {
        serde_json::json!({
            "what": one.what, "expected": one.expected, "got": one.got, "right": one.right(), "line": one.line,
        })
    });
    let inputs = case.inputs.iter().map(|(key, value)| serde_json::json!({ "key": key, "value": value }));
    serde_json::json!({
        "file": case.file, "title": case.title, "article": case.article, "area": case.area, "asks": case.asks,
        "remarks": case.remarks, "inputs": inputs.collect::<serde_json::Value>(),
        "outcome": outcome.collect::<serde_json::Value>(), "right": compared.iter().all(Compared::right),
    })
}

fn written(case: &PolicyCase, compared: &[Compared]) {
    let mark = if compared.iter().all(Compared::right) { "相符" } else { "不符" };
    say(format!("{mark}\t{}\t{}\t{}", case.area, case.article, case.title));
    let inputs: Vec<String> = case.inputs.iter().map(|(key, value)| format!("{key} {value}")).collect();
    say(format!("\t输入：{}", inputs.join("；")));
    for one in compared {
        if one.right() {
            say(format!("\t{}：{}", one.what, one.expected));
        } else {
            let got = if one.got.is_empty() { "没有" } else { &one.got };
            say(format!("\t{}：应为 {}，实为 {got}（{}:{}）", one.what, one.expected, case.file, one.line));
        }
    }
}
