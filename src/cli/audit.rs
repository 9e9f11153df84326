//! `audit sample` and `audit list`.

use super::args::{AsArgs, AuditCommand, SampleArgs};
use super::output::{Exit, failed, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, SampleOrder, SampleRow, SampleView, Station};

/// Runs an `audit` command.
pub fn audit(station: &Station, command: &AuditCommand) -> Exit {
    let done = match command {
        AuditCommand::Sample(args) => sample(station, args),
        AuditCommand::List { who } => list(station, who),
    };
    done.unwrap_or_else(|error| failed(&error))
}

fn sample(station: &Station, args: &SampleArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &args.who.account)?;
    let order = SampleOrder {
        period: args.period.clone(),
        share: args.random,
        points: args.weighted,
        seed: args.seed.clone(),
    };
    let view = station.draw_sample(&actor, &order, station.new_id())?;
    if args.who.json {
        json(&value(&view));
    } else {
        tell(&view);
    }
    Ok(Exit::Done)
}

fn list(station: &Station, who: &AsArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &who.account)?;
    let views = station.samples(&actor)?;
    let exit = if views.is_empty() { Exit::Negative } else { Exit::Done };
    if who.json {
        json(&views.iter().map(value).collect());
        return Ok(exit);
    }
    if views.is_empty() {
        say("还没有抽样。用 xiangbao audit sample --period 2026-10 --random 5% 抽取。");
    }
    views.iter().for_each(tell);
    Ok(exit)
}

fn tell(view: &SampleView) {
    let draw = &view.draw;
    say(format!(
        "第 {} 号操作 {}：{} 共 {} 件 {} 元，随机 {}%，按金额 {} 点，抽出 {} 件",
        view.seq,
        view.time,
        draw.period,
        draw.cases,
        draw.total.to_grouped(),
        percent(draw.share),
        draw.points,
        view.rows.len()
    ));
    say(format!("  种子 {}，算法 {}，总体摘要 {}", draw.seed, draw.generator, draw.population));
    for row in &view.rows {
        let looks = format!("稽核看过 {} 次", row.looks);
        let value = row.drawn.value.to_grouped();
        let cells =
            [row.drawn.number.as_str(), &row.title, row.drawn.why.label(), &value, &row.standing, &looks];
        say(format!("  {}", cells.join("\t")));
    }
}

fn percent(share: u32) -> String {
    match share % 100 {
        0 => format!("{}", share / 100),
        part => format!("{}.{part:02}", share / 100),
    }
}

fn value(view: &SampleView) -> serde_json::Value {
    let draw = &view.draw;
    let row = |row: &SampleRow| {
        serde_json::json!({
            "number": row.drawn.number, "why": row.drawn.why.id(), "fund_pay_sumamt": row.drawn.value.to_yuan(),
            "name": row.title, "status": row.standing, "looks": row.looks,
        })
    };
    serde_json::json!({
        "seq": view.seq, "time": view.time, "generator": draw.generator, "period": draw.period,
        "seed": draw.seed, "random_share": percent(draw.share), "weighted_points": draw.points,
        "cases": draw.cases, "total": draw.total.to_yuan(), "population": draw.population,
        "drawn": view.rows.iter().map(row).collect::<Vec<_>>(),
    })
}
