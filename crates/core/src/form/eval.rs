//! Judges a filled form: built-in checks and rules give findings, conditions say what is shown and required, and
//! derivations offer defaults. Total: no value makes it fail. Knows no screens and no storage.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cel::Value;
use chrono::NaiveDate;

use super::bind::{At, Bound};
use super::check::objections;
use super::data::{FieldPath, FormData};
use super::def::{Condition, Field, FormDef, Kind, Piece, Rule, Section, Severity};
use super::expr::Expr;
use super::glyph::Glyphs;
use super::typing::Read;
use super::value::readable;
use crate::calendar::Calendar;
use crate::code::CodeBook;
use crate::identity::text::is_refused;
use crate::money::Fen;

/// What an evaluation needs besides form and values.
#[derive(Clone, Copy)]
pub struct EvalContext<'a> {
    /// The day the form is judged on.
    pub today: NaiveDate,
    /// The code tables.
    pub codes: &'a CodeBook,
    /// What the fonts of the paper can show.
    pub glyphs: &'a dyn Glyphs,
    /// The rules of waiting that the area follows (`entitlement.ruleset` of its policy, e.g. `guangxi_2017`); empty where
    /// none is known.
    pub ruleset: &'a str,
    /// Working days; without them the functions about working days answer as for missing dates.
    pub calendar: Option<&'a Arc<Calendar>>,
}

/// One thing that is wrong with a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where it stands.
    pub path: FieldPath,
    /// How hard it is.
    pub severity: Severity,
    /// Stable id: a rule of the form, or a built-in check (`required`, `length`, `rows.min`, `rows.max`,
    /// `kind.*`).
    pub rule: String,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
    /// The article behind it.
    pub article: String,
}

/// Judges the whole form, findings in the order of the paper.
///
/// A rule is judged only where it can say something: the field it points at is shown and filled, and no value it
/// reads is unreadable (the kind check has complained already). Missing values are the business of `required`.
pub fn evaluate(def: &FormDef, data: &FormData, context: &EvalContext<'_>) -> Vec<Finding> {
    let bound = Bound::new(def, data, context);
    let mut findings = row_counts(&bound, def, data);
    findings.extend(alike(&bound, def, data));
    let order = def.field_order(data);
    for path in &order {
        let Some((section, field)) = def.locate(path) else { continue };
        if !shown(&bound, section, field, path) {
            continue;
        }
        if !data.get(path).is_empty() {
            findings.extend(judge_kind(def, data, path, field, context));
        } else if holds(&bound, &field.required, at(path), true) {
            findings.push(missing(field, path));
        }
    }
    let unreadable = unreadable(def, data);
    for rule in &def.rules {
        for path in targets(def, rule, data) {
            findings.extend(judge_rule(def, data, &bound, rule, path, &unreadable));
        }
    }
    let place: BTreeMap<&FieldPath, usize> = order.iter().enumerate().map(|(i, p)| (p, i)).collect();
    findings.sort_by_key(|f| (place.get(&f.path).copied().unwrap_or(usize::MAX), f.severity));
    findings
}

/// Judges one field as its entry ends: its kind, and the rules that point at it. An empty field is fine here.
pub fn check_field(
    def: &FormDef,
    data: &FormData,
    path: &FieldPath,
    context: &EvalContext<'_>,
) -> Vec<Finding> {
    let Some((section, field)) = def.locate(path) else { return Vec::new() };
    let bound = Bound::new(def, data, context);
    if data.get(path).is_empty() || !shown(&bound, section, field, path) {
        return Vec::new();
    }
    let mut findings = judge_kind(def, data, path, field, context);
    let table = path.row.as_ref().map(|(table, _)| table);
    let unreadable = unreadable(def, data);
    for rule in def.rules.iter().filter(|r| r.on.field == path.field && r.on.table.as_ref() == table) {
        if targets(def, rule, data).contains(path) {
            findings.extend(judge_rule(def, data, &bound, rule, path.clone(), &unreadable));
        }
    }
    findings.sort_by_key(|f| f.severity);
    findings
}

/// Whether the field at `path` is shown with these values. An unknown path is not.
pub fn visible(def: &FormDef, data: &FormData, path: &FieldPath, context: &EvalContext<'_>) -> bool {
    let bound = Bound::new(def, data, context);
    def.locate(path).is_some_and(|(section, field)| shown(&bound, section, field, path))
}

/// The fields that are shown with these values, in the order of the paper: what the focus walks through. One pass
/// over the form; screens should call it when a value has changed, not per field and frame.
pub fn shown_fields(def: &FormDef, data: &FormData, context: &EvalContext<'_>) -> Vec<FieldPath> {
    let bound = Bound::new(def, data, context);
    let mut order = def.field_order(data);
    order.retain(|path| def.locate(path).is_some_and(|(section, field)| shown(&bound, section, field, path)));
    order
}

/// Whether the field at `path` must be filled with these values; a hidden field never must.
pub fn required(def: &FormDef, data: &FormData, path: &FieldPath, context: &EvalContext<'_>) -> bool {
    let bound = Bound::new(def, data, context);
    def.locate(path).is_some_and(|(section, field)| {
        shown(&bound, section, field, path) && holds(&bound, &field.required, at(path), true)
    })
}

/// Whether Enter passes over the field at `path` with these values: it has what it needs from its neighbours.
pub fn passed(def: &FormDef, data: &FormData, path: &FieldPath, context: &EvalContext<'_>) -> bool {
    let bound = Bound::new(def, data, context);
    def.field(path).is_some_and(|field| holds(&bound, &field.passed, at(path), false))
}

/// The cells of the row at `path` that hold nothing but the default which follows from the cell there: when it is
/// changed, they follow. An amount that somebody typed over its default stays.
pub fn following(
    def: &FormDef,
    data: &FormData,
    path: &FieldPath,
    context: &EvalContext<'_>,
) -> Vec<FieldPath> {
    let Some((table, index)) = &path.row else { return Vec::new() };
    let Some(section) = def.table(table) else { return Vec::new() };
    let bound = Bound::new(def, data, context);
    let read = Read::Cell(path.field.clone());
    let follows = |field: &&Field| {
        let here = FieldPath::cell(table, *index, &field.id);
        let derive = field.derive.as_ref().filter(|derive| derive.reads.contains(&read));
        let value = derive.and_then(|derive| bound.value(derive, at(path)).ok());
        let value = value.and_then(|value| canonical(field.spec.kind, &value));
        !field.readonly && value.is_some_and(|value| value == data.get(&here))
    };
    let fields = section.fields.iter().filter(follows);
    fields.map(|field| FieldPath::cell(table, *index, &field.id)).collect()
}

/// The same form without the values of hidden fields: what a submitted case holds.
pub fn without_hidden(def: &FormDef, data: &FormData, context: &EvalContext<'_>) -> FormData {
    let bound = Bound::new(def, data, context);
    let mut kept = data.clone();
    for path in def.field_order(data) {
        let hidden = def.locate(&path).is_some_and(|(section, field)| !shown(&bound, section, field, &path));
        if hidden && !data.get(&path).is_empty() {
            kept.set(&path, "");
        }
    }
    kept
}

/// What follows from other fields, in canonical text: defaults for fields that are empty and shown, and the new value of
/// readonly fields with a derivation, which always follow. Derivations may build on each other (up to three steps).
pub fn derived(def: &FormDef, data: &FormData, context: &EvalContext<'_>) -> Vec<(FieldPath, String)> {
    let mut filled = data.clone();
    let mut defaults = Vec::new();
    for _ in 0..3 {
        let found = derive_once(def, &filled, context);
        if found.is_empty() {
            break;
        }
        for (path, value) in &found {
            filled.set(path, value);
        }
        defaults.extend(found);
    }
    defaults
}

/// The single fields that the derivation of a field reads: what to fill in so that it follows.
pub fn sources<'d>(def: &'d FormDef, field: &Field) -> Vec<&'d Field> {
    let reads = field.derive.iter().flat_map(|derive| &derive.reads);
    reads.filter_map(|read| if let Read::Field(id) = read { def.single(id) } else { None }).collect()
}

fn derive_once(def: &FormDef, data: &FormData, context: &EvalContext<'_>) -> Vec<(FieldPath, String)> {
    let bound = Bound::new(def, data, context);
    let unreadable = unreadable(def, data);
    let mut found = Vec::new();
    for path in def.field_order(data) {
        let Some((section, field)) = def.locate(&path) else { continue };
        let open = data.get(&path).is_empty() || field.readonly;
        let Some(derive) = field.derive.as_ref().filter(|_| open) else { continue };
        let begun =
            path.row.as_ref().is_none_or(|(t, i)| data.rows(t).get(*i).is_some_and(|r| !r.is_empty()));
        if !begun || reads_any(derive, &path, &unreadable) || !shown(&bound, section, field, &path) {
            continue;
        }
        let value = bound.value(derive, at(&path)).ok().and_then(|value| canonical(field.spec.kind, &value));
        found.extend(value.filter(|value| value != data.get(&path)).map(|value| (path, value)));
    }
    found
}

/// Canonical text of a derived value; nothing for an empty text or a negative number.
fn canonical(kind: Kind, value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.to_string(),
        Value::Bool(flag) => if *flag { "1" } else { "0" }.to_owned(),
        Value::Int(number) if *number < 0 => return None,
        Value::Int(fen) if kind == Kind::Money => Fen(*fen).to_yuan(),
        Value::Int(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn at(path: &FieldPath) -> At<'_> {
    path.row.as_ref().map(|(table, index)| (table.as_str(), *index))
}

pub(super) fn holds(bound: &Bound<'_>, condition: &Condition, at: At<'_>, otherwise: bool) -> bool {
    match condition {
        Condition::Always => true,
        Condition::Never => false,
        Condition::When(expr) => bound.truth(expr, at).unwrap_or(otherwise),
    }
}

fn shown(bound: &Bound<'_>, section: &Section, field: &Field, path: &FieldPath) -> bool {
    holds(bound, &section.shown, None, true) && holds(bound, &field.shown, at(path), true)
}

fn missing(field: &Field, path: &FieldPath) -> Finding {
    Finding {
        path: path.clone(),
        severity: Severity::Error,
        rule: "required".to_owned(),
        message: format!("“{}”必须填写", field.label),
        article: field.article.clone(),
    }
}

/// Too few or too many rows; a hidden table wants none.
fn row_counts(bound: &Bound<'_>, def: &FormDef, data: &FormData) -> Vec<Finding> {
    let mut findings = Vec::new();
    for section in def.sections.iter().filter(|section| holds(bound, &section.shown, None, true)) {
        let (Some(table), Some(first)) = (&section.table, section.fields.first()) else { continue };
        let count = data.rows(&table.id).len();
        let (rule, row, message) = if count < table.min {
            ("rows.min", 0, format!("“{}”至少填写 {} 行", section.title, table.min))
        } else if count > table.max {
            ("rows.max", table.max, format!("“{}”最多 {} 行，请另填一张", section.title, table.max))
        } else {
            continue;
        };
        findings.push(Finding {
            path: FieldPath::cell(&table.id, row, &first.id),
            severity: Severity::Error,
            rule: rule.to_owned(),
            message,
            article: first.article.clone(),
        });
    }
    findings
}

/// Rows of a table that say the same in all the columns the form names: typed twice, perhaps. One doubt for each set
/// of such rows, at the last of them.
fn alike(bound: &Bound<'_>, def: &FormDef, data: &FormData) -> Vec<Finding> {
    let mut findings = Vec::new();
    for section in def.sections.iter().filter(|section| holds(bound, &section.shown, None, true)) {
        let Some(table) = section.table.as_ref().filter(|table| !table.alike.is_empty()) else { continue };
        let Some(first) = table.alike.first().and_then(|id| section.field(id)) else { continue };
        let mut sets: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
        for (index, row) in data.rows(&table.id).iter().enumerate().take(table.max) {
            let said: Vec<&str> =
                table.alike.iter().map(|id| row.get(id).map_or("", String::as_str)).collect();
            if said.first().is_some_and(|text| !text.is_empty()) {
                sets.entry(said).or_default().push(index);
            }
        }
        for (said, rows) in sets {
            let Some((last, before)) = rows.split_last().filter(|(_, before)| !before.is_empty()) else {
                continue;
            };
            let shown: Vec<String> = before.iter().take(5).map(|row| (row + 1).to_string()).collect();
            let name = said.first().map_or("", |text| text);
            let name: String = name.chars().filter(|c| !is_refused(*c)).take(20).collect();
            findings.push(Finding {
                path: FieldPath::cell(&table.id, *last, &first.id),
                severity: Severity::Warning,
                rule: "rows.alike".to_owned(),
                message: format!(
                    "第 {} 行“{name}”与第 {} 行完全相同：核对是否重复录入，确实不同的注明理由",
                    last + 1,
                    shown.join("、"),
                ),
                article: first.article.clone(),
            });
        }
    }
    findings
}

fn judge_kind(
    def: &FormDef,
    data: &FormData,
    path: &FieldPath,
    field: &Field,
    context: &EvalContext<'_>,
) -> Vec<Finding> {
    let found = objections(def, data, path, field, context).into_iter();
    found
        .map(|o| Finding {
            path: path.clone(),
            severity: o.severity,
            rule: o.rule.to_owned(),
            message: o.message,
            article: field.article.clone(),
        })
        .collect()
}

/// All paths whose value cannot be read as its kind.
fn unreadable(def: &FormDef, data: &FormData) -> BTreeSet<FieldPath> {
    let bad = |path: &FieldPath| {
        let text = data.get(path);
        !text.is_empty() && def.kind_at(data, path).is_some_and(|spec| !readable(spec.kind, text))
    };
    def.field_order(data).into_iter().filter(bad).collect()
}

fn reads_any(expr: &Expr, path: &FieldPath, unreadable: &BTreeSet<FieldPath>) -> bool {
    unreadable.iter().any(|bad| {
        expr.reads.iter().any(|read| match (read, &bad.row) {
            (Read::Field(id), None) => *id == bad.field,
            (Read::Cell(id), Some(_)) => bad.row == path.row && *id == bad.field,
            (Read::Column(table, id), Some((bad_table, _))) => table == bad_table && *id == bad.field,
            _ => false,
        })
    })
}

/// The paths a rule is judged for. Rows beyond the table's greatest number have their own finding.
fn targets(def: &FormDef, rule: &Rule, data: &FormData) -> Vec<FieldPath> {
    let most = |table: &str| def.table(table).and_then(|s| s.table.as_ref()).map_or(0, |t| t.max);
    match (&rule.each, &rule.on.table) {
        (Some(table), _) => {
            let rows = 0..data.rows(table).len().min(most(table));
            rows.map(|row| FieldPath::cell(table, row, &rule.on.field)).collect()
        }
        (None, Some(table)) if data.rows(table).is_empty() => Vec::new(),
        (None, Some(table)) => vec![FieldPath::cell(table, 0, &rule.on.field)],
        (None, None) => vec![FieldPath::single(&rule.on.field)],
    }
}

fn judge_rule(
    def: &FormDef,
    data: &FormData,
    bound: &Bound<'_>,
    rule: &Rule,
    path: FieldPath,
    unreadable: &BTreeSet<FieldPath>,
) -> Option<Finding> {
    let (section, field) = def.locate(&path)?;
    let whole_table = rule.each.is_none() && path.row.is_some();
    if !whole_table && data.get(&path).is_empty() {
        return None;
    }
    let here = if rule.each.is_some() { at(&path) } else { None };
    let blind = std::iter::once(&rule.check).chain(&rule.when).any(|e| reads_any(e, &path, unreadable));
    if blind || !shown(bound, section, field, &path) {
        return None;
    }
    let judged = match &rule.when {
        Some(when) => bound
            .truth(when, here)
            .and_then(|due| if due { bound.truth(&rule.check, here) } else { Ok(true) }),
        None => bound.truth(&rule.check, here),
    };
    let message = match judged {
        Ok(true) => return None,
        Ok(false) => say(bound, rule, here),
        Err(_) => format!("规则“{}”无法计算，请核对数值是否过大", rule.id),
    };
    Some(Finding {
        path,
        severity: rule.severity,
        rule: rule.id.clone(),
        message,
        article: rule.article.clone(),
    })
}

fn say(bound: &Bound<'_>, rule: &Rule, here: At<'_>) -> String {
    let pieces = rule.pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Value(expr) => match bound.value(expr, here) {
            Ok(Value::String(text)) => text.chars().filter(|c| !is_refused(*c)).take(60).collect(),
            Ok(Value::Int(number)) => number.to_string(),
            _ => "?".to_owned(),
        },
    });
    pieces.collect()
}
