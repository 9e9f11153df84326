//! `catalogue`: takes in the three catalogues, finds items in them, says what is installed. Needs no station: the files of
//! a library are the business of who may write its folder.

use std::io::IsTerminal as _;
use std::path::Path;

use chrono::NaiveDate;
use xiangbao_core::catalogue::{Catalogue, Item};

use super::args::CatalogueCommand;
use super::identity::today;
use super::output::{Exit, complain, failed, json, say};
use crate::app::{
    CatalogueDefaults, CatalogueReport, catalogue_status, import_catalogue, installed_catalogue,
};

/// Faults that are shown without `--json`.
const SHOWN: usize = 200;

/// Imports, searches or describes.
pub fn catalogue(folder: &Path, command: &CatalogueCommand) -> Exit {
    match command {
        CatalogueCommand::Import { file, source, from, check, json } => {
            let begndate = from.map(|from| from.to_string()).unwrap_or_default();
            let defaults = CatalogueDefaults { begndate, source: source.clone() };
            import(folder, file, &defaults, *check, *json)
        }
        CatalogueCommand::Search { query, on, limit, json } => {
            let limit = usize::try_from(*limit).unwrap_or(usize::MAX);
            with(folder, |catalogue, _, _| search(catalogue, query, day(*on), limit, *json))
        }
        CatalogueCommand::Status { on, json } => {
            with(folder, |catalogue, hash, file| status(catalogue, hash, file, day(*on), *json))
        }
    }
}

/// Today, unless a day was given.
fn day(on: Option<NaiveDate>) -> NaiveDate {
    on.unwrap_or_else(today)
}

fn with(folder: &Path, answer: impl FnOnce(&Catalogue, &str, Option<std::path::PathBuf>) -> Exit) -> Exit {
    match installed_catalogue(folder) {
        Ok((catalogue, hash, file)) => answer(&catalogue, &hash, file),
        Err(error) => {
            error.0.iter().for_each(complain);
            Exit::Negative
        }
    }
}

fn import(folder: &Path, file: &Path, defaults: &CatalogueDefaults, check: bool, as_json: bool) -> Exit {
    // A line that counts is for people who wait; scripts and files get the answer alone.
    let waits = !as_json && std::io::stderr().is_terminal();
    let mut told = 0;
    let mut progress = |count: usize| {
        if waits && count >= told + 10_000 {
            told = count;
            complain(format!("已读 {count} 行…"));
        }
    };
    let report = match import_catalogue(folder, file, defaults, check, &mut progress) {
        Ok(report) => report,
        Err(error) => return failed(&error),
    };
    let exit = if report.faults.is_empty() { Exit::Done } else { Exit::Negative };
    if as_json {
        match serde_json::to_value(&report) {
            Ok(value) => json(&value),
            Err(error) => complain(error),
        }
        return exit;
    }
    report.faults.iter().take(SHOWN).for_each(|fault| say(format!("错误\t{}", fault.line())));
    let hidden = report.faults.len().saturating_sub(SHOWN) + report.more;
    if hidden > 0 {
        say(format!("另有 {hidden} 处错误没有列出。"));
    }
    say(answer(&report, check));
    exit
}

fn answer(report: &CatalogueReport, check: bool) -> String {
    let faults = report.faults.len() + report.more;
    match (&report.file, check) {
        (Some(file), _) => format!(
            "已导入 {} 项（校验值 {}），写到 {}。正在运行的工作站下次启动起使用；已录入的办件不受影响。",
            report.items,
            report.hash,
            file.display()
        ),
        (None, true) if faults == 0 => format!("{} 项没有错误。只核对，没有导入。", report.items),
        _ => format!("{faults} 处错误，整份没有导入。改正后重来；原有目录没有变。"),
    }
}

fn search(catalogue: &Catalogue, query: &str, on: NaiveDate, limit: usize, as_json: bool) -> Exit {
    let found = catalogue.search(query, on, limit);
    if as_json {
        let rows: Vec<_> = found.iter().map(|item| row(item)).collect();
        json(&serde_json::json!({ "query": query, "on": on.to_string(), "items": rows }));
    } else {
        for item in &found {
            let cells = [
                &item.code,
                &item.label(),
                &item.class,
                &item.kind,
                &item.first_paid,
                &item.limit,
                &item.unit,
                &item.source,
            ];
            say(cells.map(String::as_str).join("\t"));
        }
        if found.is_empty() {
            say(format!("{on} 有效的目录中没有。可以用编码、名称或拼音首字母查。"));
        }
    }
    if found.is_empty() { Exit::Negative } else { Exit::Done }
}

fn row(item: &Item) -> serde_json::Value {
    serde_json::json!({
        "med_list_codg": item.code, "hilist_name": item.name, "spec": item.spec, "chrgitm_lv": item.class,
        "med_chrgitm_type": item.kind, "selfpay_prop": item.first_paid, "pric_uplmt_amt": item.limit,
        "pric": item.price, "unit": item.unit, "expensive": item.expensive, "begndate": item.from.to_string(),
        "enddate": item.to.map(|to| to.to_string()), "source": item.source, "pinyin": item.pinyin,
    })
}

fn status(
    catalogue: &Catalogue,
    hash: &str,
    file: Option<std::path::PathBuf>,
    on: NaiveDate,
    as_json: bool,
) -> Exit {
    let status = catalogue_status(catalogue, hash, file, on);
    if as_json {
        match serde_json::to_value(&status) {
            Ok(value) => json(&value),
            Err(error) => complain(error),
        }
        return Exit::Done;
    }
    match &status.file {
        Some(file) => say(format!("目录文件\t{}", file.display())),
        None => say("目录文件\t内置示例（虚构，不作支付依据）；用 xiangbao catalogue import 导入本地目录"),
    }
    say(format!("校验值\t{}", status.hash));
    let [a, b, c] = status.classes;
    say(format!("条数\t共 {} 项，{on} 有效 {} 项：甲 {a} 乙 {b} 丙 {c}", status.items, status.valid));
    say(format!("其中\t有限价 {}，贵重 {}，示例 {}", status.limited, status.expensive, status.samples));
    if let (Some(from), Some(to)) = (status.from, status.to) {
        say(format!("有效日期\t最早 {from}，最近一次起止 {to}"));
    }
    for (source, count) in &status.sources {
        say(format!("来源\t{source}\t{count} 项"));
    }
    Exit::Done
}
