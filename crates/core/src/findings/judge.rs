//! The rules asked about the facts of one claim. Total: no facts make it fail. Knows neither where facts come from nor what
//! follows from a finding.

use chrono::NaiveDate;

use super::pack::{FindingRule, FindingsPack};
use super::raised::{Evidence, Raised, Weight};
use crate::form::{Asked, EvalContext, FieldPath, FormData, Kind};
use crate::money::{Fen, parse_yuan};

/// Facts that are codes, with their tables.
const CODED: [(&str, &str); 3] =
    [("med_type", "med_type"), ("reason", "manl_reim_rea"), ("disease", "opsp_dise_code")];
/// Most findings of one claim.
const MAX_FOUND: usize = 100;

/// What the rules in force on a day find in a claim, in the order of the file. A rule whose parameter has no figure on
/// that day says nothing.
pub fn judge(
    pack: &FindingsPack,
    facts: &FormData,
    day: NaiveDate,
    context: &EvalContext<'_>,
) -> Vec<Raised> {
    let mut known = facts.clone();
    for param in &pack.params {
        if let Some(row) = param.at(day) {
            let text =
                if param.kind == Kind::Money { Fen(row.value).to_yuan() } else { row.value.to_string() };
            known.set(&FieldPath::single(&param.id), &text);
        }
    }
    let asked = pack.schema.over(&known, context);
    // Conditions compare codes; people read their labels.
    let mut told = known.clone();
    for (fact, table) in CODED {
        if let Some(label) = context.codes.label(table, known.field(fact)) {
            told.set(&FieldPath::single(fact), label);
        }
    }
    let telling = pack.schema.over(&told, context);
    let mut found = Vec::new();
    for rule in pack.rules.iter().filter(|rule| rule.source.covers(day)) {
        let Some(sample) = sample(pack, rule, day) else { continue };
        let rows = rule.each.as_ref().map_or(1, |each| known.rows(each).len());
        for index in 0..rows {
            let row = rule.each.as_deref().map(|each| (each, index));
            let raised = ask(pack, rule, (&asked, &telling), &told, row);
            found.extend(raised.map(|raised| Raised { sample, ..raised }));
        }
    }
    // Two papers of one other claim may say the same twice.
    let mut once: Vec<Raised> = Vec::new();
    for raised in found {
        if once.len() < MAX_FOUND && !once.iter().any(|other| other.is(&raised.code, &raised.about)) {
            once.push(raised);
        }
    }
    once
}

/// Whether the rule or a figure in it is only a sample; none when a figure is missing on that day.
fn sample(pack: &FindingsPack, rule: &FindingRule, day: NaiveDate) -> Option<bool> {
    let mut sample = rule.source.sample;
    for (id, ..) in pack.schema.read_by(&rule.when) {
        if let Some(param) = pack.params.iter().find(|param| param.id == id) {
            sample |= param.at(day)?.source.sample;
        }
    }
    Some(sample)
}

fn ask(
    pack: &FindingsPack,
    rule: &FindingRule,
    (asked, telling): (&Asked<'_>, &Asked<'_>),
    facts: &FormData,
    row: Option<(&str, usize)>,
) -> Option<Raised> {
    let case_no = row.map_or("", |(table, index)| cell(facts, table, index, "case_no")).to_owned();
    let raised = Raised {
        code: rule.code.clone(),
        about: asked.say(&rule.about, row),
        title: rule.title.clone(),
        sentence: String::new(),
        todo: telling.say(&rule.todo, row),
        article: rule.source.article.clone(),
        document: rule.source.document.clone(),
        sample: false,
        weight: rule.weight,
        levels: rule.levels.clone(),
        evidence: Vec::new(),
        case_no,
    };
    match asked.holds(&rule.when, row) {
        Ok(false) => None,
        Ok(true) => Some(Raised {
            sentence: telling.say(&rule.words, row),
            evidence: evidence(pack, rule, facts, row),
            ..raised
        }),
        // What cannot be judged is not passed over in silence.
        Err(_) => Some(Raised {
            sentence: format!(
                "规则 {} 无法判断（{} 第 {} 行），请人工核对",
                rule.code, pack.file, rule.source.line
            ),
            weight: Weight::Answer,
            ..raised
        }),
    }
}

/// What the condition read, and the row it holds for.
fn evidence(
    pack: &FindingsPack,
    rule: &FindingRule,
    facts: &FormData,
    row: Option<(&str, usize)>,
) -> Vec<Evidence> {
    let shown = |label: &str, kind: Kind, text: &str| {
        (!text.is_empty()).then(|| Evidence { label: label.to_owned(), value: shown(kind, text) })
    };
    let mut evidence = Vec::new();
    if let Some((table, index)) = row {
        for (id, label, kind) in pack.schema.columns(table) {
            evidence.extend(shown(label, kind, cell(facts, table, index, id)));
        }
    }
    for (id, label, kind) in pack.schema.read_by(&rule.when) {
        let param = pack.params.iter().find(|param| param.id == id);
        let kind = param.map_or(kind, |param| param.kind);
        evidence.extend(shown(label, kind, facts.field(id)));
    }
    evidence
}

fn cell<'a>(facts: &'a FormData, table: &str, index: usize, id: &str) -> &'a str {
    facts.rows(table).get(index).and_then(|row| row.get(id)).map_or("", String::as_str)
}

fn shown(kind: Kind, text: &str) -> String {
    match kind {
        Kind::Flag => if text == "1" { "是" } else { "否" }.to_owned(),
        Kind::Money => parse_yuan(text).map_or_else(|_| text.to_owned(), Fen::to_grouped),
        // Parameters that are shares.
        Kind::Ratio => text.parse::<i64>().map_or_else(|_| text.to_owned(), percent),
        _ => text.to_owned(),
    }
}

/// Ten-thousandths as per cent.
fn percent(share: i64) -> String {
    format!("{}.{:02}%", share / 100, share % 100)
}
