//! `policy replay`: all settled cases under a draft pack.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGINT;
use xiangbao_core::money::Fen;
use xiangbao_core::policy::PolicyPack;

use super::pack;
use crate::app::{AppError, ReplayPeriod, ReplayReport, ReplayRow, Station};
use crate::cli::args::PolicyReplayArgs;
use crate::cli::output::{Exit, complain, failed, json, not_open, say};
use crate::cli::sign_in::sign_in;

/// Cases shown of each list without `--all`.
const SHOWN: usize = 20;
/// Persons between two lines of progress.
const STRIDE: u64 = 1_000;

pub(super) fn replay(folder: &Path, args: &PolicyReplayArgs) -> Result<Exit, Exit> {
    let draft = pack(folder, &args.pack)?;
    let station = Station::open(folder).map_err(|error| not_open(&error))?;
    run(&station, &draft, args).map_err(|error| failed(&error))
}

fn run(station: &Station, draft: &PolicyPack, args: &PolicyReplayArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &args.who.account)?;
    // Ctrl-C ends the walk, not the program: what was found until then is shown.
    let stop = Arc::new(AtomicBool::new(false));
    let caught = signal_hook::flag::register(SIGINT, Arc::clone(&stop));
    if caught.is_err() {
        complain("本机不能响应 Ctrl-C，重算中途不能停下。");
    }
    let mut told = 0;
    let mut progress = |done: u64, total: u64| {
        if done >= told + STRIDE {
            told = done;
            complain(format!("已重算 {done}/{total} 人（Ctrl-C 停止）"));
        }
        !stop.load(Ordering::Relaxed)
    };
    let period = ReplayPeriod { since: args.since, until: args.until };
    let report = station.replay(&actor, draft, period, &mut progress)?;
    if let Some(file) = &args.out {
        station.write_table(&report.table(), file)?;
    }
    if args.who.json {
        json(&as_json(&report))
    } else {
        show(&report, args)
    }
    let clean = report.unanswered.is_empty() && !report.stopped;
    Ok(if clean { Exit::Done } else { Exit::Negative })
}

fn as_json(report: &ReplayReport) -> serde_json::Value {
    let row = |row: &ReplayRow| {
        serde_json::json!({
            "case_no": row.number, "setl_time": row.settled.to_string(), "benefit": row.benefit,
            "before": row.before.to_yuan(), "after": row.after.as_ref().ok().map(|after| after.to_yuan()),
            "difference": row.more().map(Fen::to_yuan), "reason": row.after.as_ref().err(),
        })
    };
    let rows = |rows: &[ReplayRow]| rows.iter().map(row).collect::<serde_json::Value>();
    serde_json::json!({
        "area": report.area, "pack_hash": report.pack_hash, "asked": report.asked, "same": report.same,
        "before": report.before.to_yuan(), "after": report.after.to_yuan(), "stopped": report.stopped,
        "losses": rows(&report.losses), "gains": rows(&report.gains), "unanswered": rows(&report.unanswered),
    })
}

fn show(report: &ReplayReport, args: &PolicyReplayArgs) {
    let cut = |rows: &[ReplayRow]| if args.all { rows.len() } else { rows.len().min(SHOWN) };
    let lists = [
        ("少得", report.losses.iter().take(cut(&report.losses)).collect::<Vec<_>>(), report.losses.len()),
        ("多得", report.gains.iter().rev().take(cut(&report.gains)).collect(), report.gains.len()),
        (
            "没有答案",
            report.unanswered.iter().take(cut(&report.unanswered)).collect(),
            report.unanswered.len(),
        ),
    ];
    for (title, rows, count) in &lists {
        if *count > 0 {
            say(format!("{title} {count} 件"));
        }
        for row in rows {
            let words = match (&row.after, row.more()) {
                (Ok(after), Some(more)) => format!("{} -> {}\t{}", row.before, after, more),
                (Ok(after), None) => format!("{} -> {}", row.before, after),
                (Err(why), _) => format!("{}\t{why}", row.before),
            };
            say(format!("\t{}\t{}\t{words}", row.number, row.settled));
        }
        if rows.len() < *count {
            say(format!("\t另有 {} 件，--all 全部列出，--out 写成表格", count - rows.len()));
        }
    }
    if report.stopped {
        say("中途停止，以下只是已重算的部分。");
    }
    say(format!(
        "按 {} 重算 {} 件：相同 {}，多得 {}，少得 {}，没有答案 {}；基金支付 {} -> {}",
        report.area,
        report.asked,
        report.same,
        report.gains.len(),
        report.losses.len(),
        report.unanswered.len(),
        report.before.to_grouped(),
        report.after.to_grouped()
    ));
}
