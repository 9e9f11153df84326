//! Consistency between parameters and between files of one area. Knows which topics lean on which; knows no TOML.

use std::collections::{BTreeMap, BTreeSet};

use super::{Loaded, PolicyError, error};
use crate::policy::pack::Dated;
use crate::policy::schema::{self, LAYERS};
use crate::policy::value::{Amount, Condition, Matrix, Value};

/// Every rule of this file.
pub(super) fn all(loaded: &[Loaded], errors: &mut Vec<PolicyError>) {
    check_heads(loaded, errors);
    check_ways(loaded, errors);
    check_levels(loaded, errors);
    check_med_types(loaded, errors);
    check_rulesets(loaded, errors);
    // What leans on another file is only judged when every file could be read.
    if errors.is_empty() {
        check_counts(loaded, errors);
        check_averages(loaded, errors);
    }
}

fn check_heads(loaded: &[Loaded], errors: &mut Vec<PolicyError>) {
    let mut topics = BTreeSet::new();
    for file in loaded {
        if !topics.insert(&file.topic) {
            errors.push(error(&file.file, 1, "topic", "two files have this topic", "make them one"));
        }
        if let Some(first) = loaded.first().filter(|first| first.area != file.area) {
            let message = format!("{:?} differs from {:?} in {}", file.area, first.area, first.file);
            errors.push(error(&file.file, 1, "area", message, "keep one area in a folder"));
        }
    }
}

fn rows_of<'a>(file: &'a Loaded, key: &str) -> &'a [Dated] {
    let id = format!("{}.{key}", file.topic);
    file.params.iter().find(|param| param.id == id).map_or(&[], |param| param.rows.as_slice())
}

fn meet(one: &Dated, other: &Dated) -> bool {
    one.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| one.from <= to)
}

fn benefit(file: &Loaded) -> Option<&str> {
    file.topic.strip_prefix("settlement-")
}

/// A benefit pays by ratio or a fixed sum: without a fixed sum it needs deductible and bands, and where one of the two
/// is written, both.
fn check_ways(loaded: &[Loaded], errors: &mut Vec<PolicyError>) {
    for file in loaded.iter().filter(|file| benefit(file).is_some()) {
        let has = |key| !rows_of(file, key).is_empty();
        if has("fixed") && !has("bands") && !has("deductible") {
            continue;
        }
        for key in ["deductible", "bands", "deductible_year_cap"] {
            if !has(key) {
                errors.push(error(&file.file, 1, key, "is missing", format!("add [{key}]")));
            }
        }
    }
}

/// The levels that rows by condition name; `None` if some row speaks for any level.
fn levels<'a>(conditions: impl Iterator<Item = &'a Condition>) -> Option<BTreeSet<&'a str>> {
    let mut levels = BTreeSet::new();
    for condition in conditions {
        if condition.levels.is_empty() {
            return None;
        }
        levels.extend(condition.levels.iter().map(String::as_str));
    }
    Some(levels)
}

/// A level with a deductible needs bands at the same time, and the other way round.
fn check_levels(loaded: &[Loaded], errors: &mut Vec<PolicyError>) {
    for file in loaded {
        for deductible in rows_of(file, "deductible") {
            let Value::Deductibles(matrix) = &deductible.value else { continue };
            let Some(left) = levels(matrix.cells.iter().map(|cell| &cell.when)) else { continue };
            for bands in rows_of(file, "bands").iter().filter(|bands| meet(deductible, bands)) {
                let Value::Bands(table) = &bands.value else { continue };
                let Some(right) = levels(table.ladders.cells.iter().map(|cell| &cell.when)) else { continue };
                for level in left.symmetric_difference(&right) {
                    let message = format!(
                        "level {level:?} is only in one of bands and deductible (line {})",
                        deductible.line
                    );
                    let fix = "write the level in both or in neither";
                    errors.push(error(&file.file, bands.line, "bands", message, fix));
                }
            }
        }
    }
}

/// One treatment kind belongs to one benefit at a time.
fn check_med_types(loaded: &[Loaded], errors: &mut Vec<PolicyError>) {
    let mut seen: BTreeMap<&str, Vec<(&Loaded, &Dated)>> = BTreeMap::new();
    for file in loaded {
        for row in rows_of(file, "med_types") {
            let Value::Codes(codes) = &row.value else { continue };
            for code in codes {
                let others = seen.entry(code.as_str()).or_default();
                if let Some((other, _)) =
                    others.iter().find(|(other, at)| other.topic != file.topic && meet(at, row))
                {
                    let message = format!("{code:?} is already in {}", other.file);
                    errors.push(error(
                        &file.file,
                        row.line,
                        "med_types",
                        message,
                        "give a treatment kind to one benefit only",
                    ));
                }
                others.push((file, row));
            }
        }
    }
}

/// A layer counts benefits that the area has.
fn check_counts(loaded: &[Loaded], errors: &mut Vec<PolicyError>) {
    let benefits: Vec<&str> = loaded.iter().filter_map(benefit).collect();
    for file in loaded.iter().filter(|file| LAYERS.iter().any(|(topic, _)| *topic == file.topic)) {
        for row in rows_of(file, "counts") {
            let Value::Codes(codes) = &row.value else { continue };
            for code in codes.iter().filter(|code| !benefits.contains(&code.as_str())) {
                let message = format!("{code:?} is no benefit of the area");
                let fix = format!("use one of: {}", benefits.join(", "));
                errors.push(error(&file.file, row.line, "counts", message, fix));
            }
        }
    }
}

/// A share of the wage or a multiple of the income needs the average that it refers to.
fn check_averages(loaded: &[Loaded], errors: &mut Vec<PolicyError>) {
    let averages = loaded.iter().find(|file| file.topic == "averages");
    let has = |key: &str| averages.is_some_and(|file| !rows_of(file, key).is_empty());
    for file in loaded {
        for param in &file.params {
            for row in &param.rows {
                for amount in amounts(&row.value) {
                    let needs: &[&str] = match amount {
                        Amount::WageShare(_) => &["wage", "wage_rounding"],
                        Amount::Incomes(_) => &["income"],
                        _ => &[],
                    };
                    for key in needs.iter().filter(|key| !has(key)) {
                        let name = param.id.rsplit('.').next().unwrap_or(&param.id);
                        let message = format!("refers to averages.{key}, which the area does not have");
                        let fix = format!("write [{key}] in averages.toml, or state the amount");
                        errors.push(error(&file.file, row.line, name, message, fix));
                    }
                }
            }
        }
    }
}

fn amounts(value: &Value) -> Vec<&Amount> {
    fn of(matrix: &Matrix<Amount>) -> Vec<&Amount> {
        matrix.cells.iter().map(|cell| &cell.value).collect()
    }
    match value {
        Value::Amounts(matrix) => of(matrix),
        Value::Deductibles(matrix) => {
            matrix.cells.iter().flat_map(|cell| &cell.value).map(|step| &step.amount).collect()
        }
        Value::Quotas(quotas) => quotas.iter().map(|quota| &quota.amount).collect(),
        _ => Vec::new(),
    }
}

/// While a rule set is in force, every parameter that it asks for is: no question may find a day without law.
fn check_rulesets(loaded: &[Loaded], errors: &mut Vec<PolicyError>) {
    for file in loaded {
        for ruleset in rows_of(file, "ruleset") {
            let Value::Choice(name) = &ruleset.value else { continue };
            for key in schema::needed(&file.topic, name) {
                let rows = rows_of(file, key);
                // Rows touch each other (checked above): the first and the last one bound the time.
                let begins = rows.first().is_some_and(|row| row.from <= ruleset.from);
                let lasts = rows.last().is_some_and(|row| match (row.to, ruleset.to) {
                    (None, _) => true,
                    (Some(_), None) => false,
                    (Some(end), Some(until)) => until <= end,
                });
                if !begins || !lasts {
                    let message = format!("rule set {name:?} of line {} needs it at all times", ruleset.line);
                    let fix = format!("write rows of {key} from {} on", ruleset.from);
                    errors.push(error(
                        &file.file,
                        rows.first().map_or(ruleset.line, |row| row.line),
                        key,
                        message,
                        fix,
                    ));
                }
            }
        }
    }
}
