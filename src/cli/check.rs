//! `check`: every definition of the library, as a new station would load it, and how the office's own differ.

use std::path::Path;

use super::output::{Exit, json, say};
use crate::app::{
    Difference, Fault, Library, LibraryError, areas, differences, role_warnings, version_warnings,
};

/// Loads everything and names every fault.
pub fn check(folder: &Path, as_json: bool) -> Exit {
    match Library::load(Some(folder)).and_then(|library| other_areas(folder).map(|()| library)) {
        Ok(library) => {
            let differences = differences(folder, &library);
            let mut warnings = role_warnings(folder, &library);
            let busy = match version_warnings(folder, &library) {
                Ok(versions) => {
                    warnings.extend(versions);
                    None
                }
                Err(fault) => Some(fault.to_string()),
            };
            if as_json {
                right_json(&library, &differences, &warnings, busy.as_deref());
            } else {
                right(&library, &differences, &warnings, busy.as_deref());
            }
            Exit::Done
        }
        Err(error) => {
            if as_json {
                json(&serde_json::json!({ "ok": false, "faults": error.0 }));
            } else {
                for fault in &error.0 {
                    say(fault);
                }
                say(format!("共 {} 处错误。", error.0.len()));
            }
            Exit::Negative
        }
    }
}

/// The packs that this station does not use, and the policy tests of all: a slip in them is found here too.
fn other_areas(folder: &Path) -> Result<(), LibraryError> {
    Library::packs(Some(folder))?;
    areas(Some(folder)).iter().try_for_each(|area| Library::policy_cases(Some(folder), area).map(|_| ()))
}

fn right_json(library: &Library, differences: &[Difference], warnings: &[Fault], busy: Option<&str>) {
    let shown = |paths: &[std::path::PathBuf]| -> Vec<String> {
        paths.iter().map(|path| path.display().to_string()).collect()
    };
    json(&serde_json::json!({
        "ok": true,
        "forms": library.forms.keys().collect::<Vec<_>>(),
        "templates": library.templates.keys().collect::<Vec<_>>(),
        "area": library.policy.area(),
        "findings": library.findings.rules.iter().map(|rule| rule.code.as_str()).collect::<Vec<_>>(),
        "overrides": differences,
        "added": shown(&library.added),
        "unused": shown(&library.unused),
        "warnings": warnings,
        "versions_unchecked": busy,
        "faults": [],
    }));
}

fn right(library: &Library, differences: &[Difference], warnings: &[Fault], busy: Option<&str>) {
    say(format!("表单 {} 份：{}", library.forms.len(), joined(library.forms.keys())));
    say(format!("打印模板 {} 份：{}", library.templates.len(), joined(library.templates.keys())));
    say(format!("政策参数：{} 共 {} 项", library.policy.area(), library.policy.params().count()));
    let rules = &library.findings;
    say(format!("核查规则：{} 共 {} 条，参数 {} 项", rules.area, rules.rules.len(), rules.params.len()));
    for difference in differences {
        let Difference { path, added, removed, diff, .. } = difference;
        say(format!("本单位替换：{}（增 {added} 行，删 {removed} 行）", path.display()));
        diff.lines().for_each(|line| say(harmless(line)));
    }
    for path in &library.added {
        say(format!("本单位自有：{}", path.display()));
    }
    for path in &library.unused {
        say(format!("没有采用：{}（没有同名的内置文件，文件名与 id 也不一致，请核对）", path.display()));
    }
    for warning in warnings {
        say(format!("提醒：{warning}"));
    }
    if let Some(busy) = busy {
        say(format!("提醒：未能与本站用过的文本核对版本号（{busy}）"));
    }
    say("全部正确。");
}

/// A line of an office's file as a terminal may show it.
fn harmless(line: &str) -> String {
    let shown = |c: char| match c {
        '\t' => "    ".to_owned(),
        c if c.is_control() => c.escape_unicode().to_string(),
        c => c.to_string(),
    };
    line.chars().map(shown).collect()
}

fn joined<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(" ")
}
