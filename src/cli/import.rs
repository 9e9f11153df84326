//! `import`: a school's roster into drafts, and the empty roster for schools.

use std::path::Path;

use super::args::ImportStudentsArgs;
use super::output::{Exit, complain, failed, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, ImportOrder, ImportReport, Library, Station, roster_template, write_private};

/// Faults that are shown without `--json`.
const SHOWN: usize = 200;

/// Writes the empty roster; needs no station, but takes the forms of its folder when there is one.
pub fn template(folder: &Path, path: &Path) -> Exit {
    let library = match Library::load(Some(folder)) {
        Ok(library) => library,
        Err(faults) => return super::output::not_open(&crate::app::OpenError::Library(faults)),
    };
    let written = roster_template(&library).and_then(|bytes| {
        write_private(path, &bytes).map_err(|source| AppError::File { path: path.to_owned(), source })
    });
    match written {
        Ok(()) => {
            say(format!("空白名册已写到 {}，交学校按“填写说明”填写。", path.display()));
            Exit::Done
        }
        Err(error) => failed(&error),
    }
}

/// Imports a roster.
pub fn students(station: &Station, args: &ImportStudentsArgs) -> Exit {
    match try_students(station, args) {
        Ok(report) => answer(&report, args),
        Err(error) => failed(&error),
    }
}

fn try_students(station: &Station, args: &ImportStudentsArgs) -> Result<ImportReport, AppError> {
    let (Some(path), Some(account)) = (&args.file, &args.account) else {
        return Err(AppError::Input("请给出文件和账号。".to_owned()));
    };
    let actor = sign_in(station, account)?;
    let order = ImportOrder {
        head: args.head.clone(),
        check: args.check,
        keep_good: args.keep_good,
        ..ImportOrder::default()
    };
    station.import_roster_file(&actor, path, order)
}

fn answer(report: &ImportReport, args: &ImportStudentsArgs) -> Exit {
    let exit =
        if report.imported || (args.check && report.faults.is_empty()) { Exit::Done } else { Exit::Negative };
    if args.json {
        match serde_json::to_value(report) {
            Ok(value) => json(&value),
            Err(error) => complain(error),
        }
        return exit;
    }
    for fault in report.faults.iter().take(SHOWN) {
        say(format!("错误\t{}", fault.line()));
    }
    let hidden = report.faults.len().saturating_sub(SHOWN) + report.more;
    if hidden > 0 {
        say(format!("另有 {hidden} 处错误没有列出。"));
    }
    for warning in report.warnings.iter().take(SHOWN) {
        say(format!("核对\t{}", warning.line()));
    }
    if !report.ignored.is_empty() {
        say(format!("没有读的列：{}", report.ignored.join("、")));
    }
    if !report.skipped.is_empty() {
        say(format!("没有标题行、没有读的工作表：{}", report.skipped.join("、")));
    }
    for class in &report.classes {
        let state = if class.kept { "已存为草稿" } else { "未导入" };
        let sum = xiangbao_core::money::Fen(class.sum_fen).to_grouped();
        say(format!("{}{}\t{} 人\t{sum} 元\t{state}", class.grade, class.class_name, class.rows));
    }
    let good = format!("共 {} 行，{} 行没有错误。", report.rows, report.good);
    say(match (report.imported, args.check) {
        (true, _) => format!("{good}草稿在首页“草稿”中，核对后提交。"),
        (false, true) => format!("{good}只核对，没有导入。"),
        (false, false) => format!("{good}没有导入：请学校改正后重送，或加 --keep-good 只导没有错误的行。"),
    });
    exit
}
