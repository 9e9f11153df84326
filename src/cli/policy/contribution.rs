//! `policy contribution`: what a person pays for a year, with the reason of every amount.

use std::path::Path;

use chrono::NaiveDate;
use xiangbao_core::policy::{CollectionStanding, Contribution, Identity, contribution as due};

use super::{no_answer, pack, today};
use crate::cli::args::PolicyContributionArgs;
use crate::cli::output::{Exit, complain, json, say};

pub(super) fn contribution(folder: &Path, args: &PolicyContributionArgs) -> Result<Exit, Exit> {
    let pack = pack(folder, &args.area)?;
    let identities: Option<Vec<Identity>> = args.identities.iter().map(|typed| identity(typed)).collect();
    let Some(identities) = identities else {
        complain("身份写成 2303，或带证明的有效期：2303:2021-01-01:2021-12-31。");
        return Ok(Exit::Usage);
    };
    let paid = args.paid.unwrap_or_else(today);
    let found = due(&pack, args.year, &identities, paid).map_err(|gap| no_answer(&gap))?;
    if args.json {
        json(&as_json(&args.area, paid, &found));
    } else {
        written(&found);
    }
    // Before the window nothing is collected, after the year nothing is bought.
    let standing = found.collection.as_ref().map(|collection| collection.standing);
    let closed = matches!(standing, Some(CollectionStanding::Before | CollectionStanding::Over));
    Ok(if closed { Exit::Negative } else { Exit::Done })
}

/// `CODE`, `CODE:FROM` or `CODE:FROM:TO`; an empty day is none.
fn identity(typed: &str) -> Option<Identity> {
    let mut parts = typed.split(':');
    let code =
        parts.next().filter(|code| !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric()))?;
    let mut day = || -> Option<Option<NaiveDate>> {
        match parts.next() {
            None | Some("") => Some(None),
            Some(text) => text.parse().ok().map(Some),
        }
    };
    let (from, to) = (day()?, day()?);
    parts.next().is_none().then(|| Identity { code: code.to_owned(), from, to })
}

fn as_json(area: &str, paid: NaiveDate, found: &Contribution) -> serde_json::Value {
    let steps = found.steps.iter().map(|step| {
        serde_json::json!({
            "label": step.label, "formula": step.formula, "amount": step.amount.to_yuan(), "rule": step.rule,
            "document": step.document, "article": step.article, "sample": step.sample,
        })
    });
    let collection = found.collection.as_ref().map(|collection| {
        serde_json::json!({
            "opens": collection.opens, "closes": collection.closes, "grace_opens": collection.grace_opens,
            "grace_closes": collection.grace_closes, "standing": collection.standing.id(),
        })
    });
    serde_json::json!({
        "area": area, "paid": paid.to_string(), "insu_year": found.insu_year,
        "standard_year": found.standard_year, "pay_std": found.standard.to_yuan(),
        "subsidy": found.subsidy.to_yuan(), "aid_amt": found.aid.to_yuan(),
        "psn_clct_amt": found.personal.to_yuan(), "psn_idet_type": found.identity,
        "aid_to_account": found.aid_to_account.map(|amount| amount.to_yuan()), "collection": collection,
        "sample": found.sample, "pack_hash": found.pack_hash, "steps": steps.collect::<serde_json::Value>(),
    })
}

fn written(found: &Contribution) {
    let mark = if found.sample { "（示例：有数字未核对）" } else { "" };
    say(format!("个人应缴 {} 元{mark}", found.personal.to_grouped()));
    if let Some(collection) = &found.collection {
        say(format!(
            "{} 年度：集中缴费 {} 至 {}，延缴 {} 至 {}；{}",
            found.insu_year,
            collection.opens,
            collection.closes,
            collection.grace_opens,
            collection.grace_closes,
            collection.standing.label()
        ));
    }
    for step in &found.steps {
        let mark = if step.sample { "\t示例" } else { "" };
        say(format!(
            "{}\t{}\t{}\t{}{}{mark}",
            step.label,
            step.amount.to_grouped(),
            step.formula,
            step.document,
            step.article
        ));
    }
}
