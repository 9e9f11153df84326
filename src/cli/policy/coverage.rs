//! `policy coverage`: which questions have no answer on which days.

use std::path::Path;

use xiangbao_core::policy::{PolicyPack, Span, Standing, coverage as spans_of};

use super::pack;
use crate::app::{Library, OpenError};
use crate::cli::args::PolicyCoverageArgs;
use crate::cli::output::{Exit, json, not_open, say};

pub(super) fn coverage(folder: &Path, args: &PolicyCoverageArgs) -> Result<Exit, Exit> {
    let packs = match &args.area {
        Some(area) => vec![pack(folder, area)?],
        None => {
            let packs = Library::packs(Some(folder));
            let packs = packs.map_err(|faults| not_open(&OpenError::Library(faults)))?;
            packs.into_values().collect()
        }
    };
    let mut missing = false;
    let mut answers = Vec::new();
    for pack in &packs {
        let until = args.until.unwrap_or_else(|| pack.last_day());
        let spans = spans_of(pack, args.since, until);
        missing |= spans.iter().any(|span| matches!(span.standing, Standing::Missing(_)));
        if args.json {
            let shown = spans.iter().filter(|span| args.all || !answered(span)).map(span_json);
            answers.push(serde_json::json!({
                "area": pack.area(), "from": args.since.to_string(), "to": until.to_string(),
                "spans": shown.collect::<serde_json::Value>(),
            }));
        } else {
            say(format!("{}\t{} 至 {until}", pack.area(), args.since));
            written(pack, &spans, args.all);
        }
    }
    if args.json {
        json(&answers.into_iter().collect());
    }
    Ok(if missing { Exit::Negative } else { Exit::Done })
}

/// Nothing to do about it: there is an answer, or the area does not ask this question.
fn answered(span: &Span) -> bool {
    matches!(span.standing, Standing::Answered { .. } | Standing::NotAsked(_))
}

fn span_json(span: &Span) -> serde_json::Value {
    let (standing, reason, sample) = match &span.standing {
        Standing::Answered { sample } => ("answered", "", Some(*sample)),
        Standing::Silent(outcome) => ("silent", outcome.as_str(), None),
        Standing::NotAsked(reason) => ("not_asked", reason.as_str(), None),
        Standing::Missing(param) => ("missing", param.as_str(), None),
    };
    serde_json::json!({
        "question": span.asked.id(), "from": span.from.to_string(), "to": span.to.to_string(),
        "standing": standing, "reason": reason, "sample": sample,
    })
}

fn written(pack: &PolicyPack, spans: &[Span], all: bool) {
    let shown: Vec<&Span> = spans.iter().filter(|span| all || !answered(span)).collect();
    if shown.is_empty() {
        say(format!("\t{} 的每个问题每天都有答案。", pack.area()));
    }
    for span in shown {
        let words = match &span.standing {
            Standing::Answered { sample: true } => "有答案（示例）".to_owned(),
            Standing::Answered { sample: false } => "有答案".to_owned(),
            Standing::Silent(outcome) => format!("文件没有规定：{outcome}"),
            Standing::NotAsked(reason) => reason.clone(),
            Standing::Missing(param) => format!("政策包没有这几天的 {param}：请县医保经办机构核实后补录"),
        };
        say(format!("\t{} 至 {}\t{}\t{words}", span.from, span.to, span.asked.id()));
    }
}
