//! `check`: every definition of the library, as a new station would load it.

use std::path::Path;

use super::output::{Exit, json, say};
use crate::app::Library;

/// Loads everything and names every fault.
pub fn check(folder: &Path, as_json: bool) -> Exit {
    match Library::load(Some(folder)) {
        Ok(library) => {
            let replaced: Vec<String> =
                library.overrides.iter().map(|path| path.display().to_string()).collect();
            let unused: Vec<String> = library.unused.iter().map(|path| path.display().to_string()).collect();
            if as_json {
                json(&serde_json::json!({
                    "ok": true,
                    "forms": library.forms.keys().collect::<Vec<_>>(),
                    "templates": library.templates.keys().collect::<Vec<_>>(),
                    "area": library.policy.area(),
                    "overrides": replaced,
                    "unused": unused,
                    "faults": [],
                }));
                return Exit::Done;
            }
            say(format!("表单 {} 份：{}", library.forms.len(), joined(library.forms.keys())));
            say(format!("打印模板 {} 份：{}", library.templates.len(), joined(library.templates.keys())));
            say(format!("政策参数：{} 共 {} 项", library.policy.area(), library.policy.params().count()));
            for path in replaced {
                say(format!("本单位替换：{path}"));
            }
            for path in unused {
                say(format!("没有采用：{path}（没有同名的内置文件，请核对文件名）"));
            }
            say("全部正确。");
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

fn joined<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(" ")
}
