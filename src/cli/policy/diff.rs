//! `policy diff`: two packs side by side, or two days of one.

use std::path::Path;

use chrono::NaiveDate;
use xiangbao_core::policy::{Dated, PolicyPack, differences};

use super::{pack, row_json, status_word, today};
use crate::cli::args::PolicyDiffArgs;
use crate::cli::output::{Exit, complain, json, say};

/// `AREA`, or `AREA@DATE`.
fn side(folder: &Path, typed: &str) -> Result<(PolicyPack, NaiveDate), Exit> {
    let (area, day) = match typed.rsplit_once('@') {
        Some((area, day)) => {
            let day = day.parse().map_err(|_| {
                complain(format!("“{day}”不是日期，写成 {area}@2018-01-01"));
                Exit::Usage
            })?;
            (area, day)
        }
        None => (typed, today()),
    };
    Ok((pack(folder, area)?, day))
}

pub(super) fn diff(folder: &Path, args: &PolicyDiffArgs) -> Result<Exit, Exit> {
    let (before, after) = (side(folder, &args.before)?, side(folder, &args.after)?);
    let found = differences((&before.0, before.1), (&after.0, after.1));
    if args.json {
        let side = |(pack, day): &(PolicyPack, NaiveDate)| serde_json::json!({ "area": pack.area(), "on": day.to_string(), "hash": pack.hash() });
        let rows = found.iter().map(|one| {
            let row = |row: Option<&Dated>| row.map(|row| row_json(&one.id, row));
            serde_json::json!({
                "param": one.id, "label": one.label, "before": row(one.before), "after": row(one.after),
            })
        });
        let rows: serde_json::Value = rows.collect();
        json(&serde_json::json!({ "before": side(&before), "after": side(&after), "differences": rows }));
        return Ok(Exit::Done);
    }
    if found.is_empty() {
        say("没有差别。");
    }
    for one in &found {
        let shown = |row: Option<&Dated>| {
            row.map_or_else(
                || "没有".to_owned(),
                |row| format!("{}（{}）", row.words(&one.id), status_word(row)),
            )
        };
        say(format!("{} {}", one.id, one.label));
        say(format!("\t- {}", shown(one.before)));
        say(format!("\t+ {}", shown(one.after)));
    }
    Ok(Exit::Done)
}
