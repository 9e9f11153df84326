//! `policy list`: the packs, or the parameters of one on a day.

use std::path::Path;

use xiangbao_core::policy::{PolicyPack, Status};

use super::{pack, row_json, status_word, today};
use crate::app::{Library, OpenError};
use crate::cli::args::PolicyListArgs;
use crate::cli::output::{Exit, json, not_open, say};

pub(super) fn list(folder: &Path, args: &PolicyListArgs) -> Result<Exit, Exit> {
    match &args.area {
        Some(area) => params(&pack(folder, area)?, args),
        None => packs(folder, args.json)?,
    }
    Ok(Exit::Done)
}

/// Rows of a pack: compared with a document, and samples.
fn counts(pack: &PolicyPack) -> (usize, usize) {
    let rows = || pack.params().flat_map(|param| &param.rows);
    let verified = rows().filter(|row| row.status == Status::Verified).count();
    (verified, rows().count() - verified)
}

fn packs(folder: &Path, as_json: bool) -> Result<(), Exit> {
    let packs = Library::packs(Some(folder)).map_err(|faults| not_open(&OpenError::Library(faults)))?;
    let own = Library::area(folder).map_err(|faults| not_open(&OpenError::Library(faults)))?;
    if as_json {
        let rows = packs.values().map(|pack| {
            let (verified, sample) = counts(pack);
            let topics: serde_json::Map<String, serde_json::Value> =
                pack.topics().map(|(topic, title)| (topic.to_owned(), title.into())).collect();
            serde_json::json!({
                "area": pack.area(), "topics": topics, "params": pack.params().count(), "verified": verified,
                "sample": sample, "hash": pack.hash(), "default": pack.area() == own,
            })
        });
        json(&rows.collect());
        return Ok(());
    }
    for pack in packs.values() {
        let (verified, sample) = counts(pack);
        let topics: Vec<&str> = pack.topics().map(|(_, title)| title).collect();
        let mark = if pack.area() == own { "（本站采用）" } else { "" };
        say(format!(
            "{}{mark}\t{} 项，已核对 {verified} 行，示例 {sample} 行\t{}",
            pack.area(),
            pack.params().count(),
            topics.join("、")
        ));
    }
    Ok(())
}

fn params(pack: &PolicyPack, args: &PolicyListArgs) {
    let on = args.on.unwrap_or_else(today);
    if args.json {
        let rows = pack.params().map(|param| {
            let now = pack.at(&param.id, on).ok().map(|row| row_json(&param.id, row));
            serde_json::json!({
                "param": param.id, "label": param.label, "unit": param.unit, "file": param.file,
                "rows": param.rows.len(), "on": on.to_string(), "row": now,
            })
        });
        json(&serde_json::json!({ "area": pack.area(), "params": rows.collect::<serde_json::Value>() }));
        return;
    }
    for param in pack.params() {
        match pack.at(&param.id, on) {
            Ok(row) => say(format!(
                "{}\t{}\t{}\t{}\t{}{}",
                param.id,
                param.label,
                status_word(row),
                row.words(&param.id),
                row.document,
                row.article
            )),
            Err(_) => say(format!("{}\t{}\t{on} 没有现行的值", param.id, param.label)),
        }
    }
}
