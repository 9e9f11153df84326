//! `policy show`: one parameter through time.

use std::path::Path;

use super::{pack, row_json, status_word, time};
use crate::cli::args::PolicyShowArgs;
use crate::cli::output::{Exit, complain, json, say};

pub(super) fn show(folder: &Path, args: &PolicyShowArgs) -> Result<Exit, Exit> {
    let pack = pack(folder, &args.area)?;
    let Some(param) = pack.param(&args.param) else {
        complain(format!("{} 没有参数 {}。用 policy list {} 列出。", args.area, args.param, args.area));
        return Ok(Exit::Negative);
    };
    if args.json {
        let rows = param.rows.iter().map(|row| row_json(&param.id, row));
        json(&serde_json::json!({
            "area": pack.area(), "param": param.id, "label": param.label, "unit": param.unit, "file": param.file,
            "rows": rows.collect::<serde_json::Value>(),
        }));
        return Ok(Exit::Done);
    }
    say(format!("{} {}（{}，{}）", param.id, param.label, param.unit, param.file));
    for row in &param.rows {
        say(format!("{}\t{}\t{}", time(row), status_word(row), row.words(&param.id)));
        say(format!("\t{} {}；{} 于 {} 核对", row.document, row.article, row.checked_by, row.checked_on));
        if !row.note.is_empty() {
            say(format!("\t{}", row.note));
        }
    }
    Ok(Exit::Done)
}
