//! Whether a condition can hold, and whether it can fail: the condition is tried with every combination of values that
//! makes a difference to it. What cannot be told counts as possible both ways. Knows no files.

use std::collections::{BTreeMap, BTreeSet};

use cel::common::ast::{CallExpr, Expr as Node, IdedExpr, LiteralValue, operators as op};

use crate::code::CodeBook;
use crate::form::data::FieldPath;
use crate::form::def::{Field, FormDef, Kind};
use crate::form::typing::FILLED;

/// Most combinations that are tried.
const TRIES: usize = 20_000;

/// What is known of a value.
#[derive(Clone, Debug, PartialEq)]
enum Known {
    Bool(bool),
    Int(i64),
    Text(String),
    /// A filled text that is none of those written in the conditions.
    Other,
    /// A filled text.
    Filled,
    Empty,
    Unknown,
}

/// One way a field can stand.
#[derive(Clone, Debug)]
struct State {
    filled: bool,
    value: Known,
}

/// What conditions compare a field with.
#[derive(Clone, Debug, Default)]
struct Use {
    texts: BTreeSet<String>,
    numbers: BTreeSet<i64>,
    /// The field also stands somewhere else than beside a written value.
    loose: bool,
}

/// Whether a conjunction can be true, and whether it can be false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) can_hold: bool,
    pub(super) can_fail: bool,
}

/// The form around the conditions.
pub(super) struct World<'a> {
    pub(super) def: &'a FormDef,
    /// Whether a field can ever be shown: what cannot stays empty.
    pub(super) reachable: &'a dyn Fn(Option<&str>, &str) -> bool,
    pub(super) codes: &'a CodeBook,
}

impl World<'_> {
    /// Tries a conjunction; `row` names the table whose row is in scope, `filled` a field that is filled (`row.x` for one of
    /// the row). The last condition alone decides about failing, the others are taken to hold.
    pub(super) fn try_all(
        &self,
        conditions: &[&IdedExpr],
        row: Option<&str>,
        filled: Option<&str>,
    ) -> Outcome {
        let mut uses = BTreeMap::new();
        for condition in conditions {
            collect(condition, &mut uses);
        }
        let mut domains: Vec<(String, Vec<State>)> = Vec::new();
        for (key, used) in &uses {
            if let Some(field) = self.field(key, row) {
                let forced = filled == Some(key.as_str());
                let reachable = (self.reachable)(key.strip_prefix("row.").and(row), &field.id);
                domains.push((key.clone(), self.domain(field, used, reachable, forced)));
            }
        }
        domains.sort_by_key(|(_, states)| states.len());
        let mut product = 1usize;
        for (_, states) in &mut domains {
            product = product.saturating_mul(states.len());
            if product > TRIES {
                product /= states.len().max(1);
                states.clear();
            }
        }
        domains.retain(|(_, states)| !states.is_empty());
        self.enumerate(conditions, &domains, product)
    }

    fn enumerate(
        &self,
        conditions: &[&IdedExpr],
        domains: &[(String, Vec<State>)],
        product: usize,
    ) -> Outcome {
        let mut outcome = Outcome { can_hold: false, can_fail: false };
        for number in 0..product {
            let mut rest = number;
            let mut values: BTreeMap<&str, &State> = BTreeMap::new();
            for (key, states) in domains {
                if let Some(state) = states.get(rest % states.len()) {
                    values.insert(key, state);
                }
                rest /= states.len();
            }
            let truths = conditions.iter().map(|c| self.value(c, &values));
            let truths: Vec<Option<bool>> = truths
                .map(|known| match known {
                    Known::Bool(truth) => Some(truth),
                    _ => None,
                })
                .collect();
            let Some((last, before)) = truths.split_last() else { break };
            if before.contains(&Some(false)) {
                continue;
            }
            outcome.can_hold |= *last != Some(false);
            outcome.can_fail |= *last != Some(true);
            if outcome.can_hold && outcome.can_fail {
                break;
            }
        }
        outcome
    }

    fn field(&self, key: &str, row: Option<&str>) -> Option<&Field> {
        match key.strip_prefix("row.") {
            Some(column) => self.def.table(row?)?.field(column),
            None => self.def.field(&FieldPath::single(key)),
        }
    }

    fn domain(&self, field: &Field, used: &Use, reachable: bool, forced: bool) -> Vec<State> {
        let kind = if field.variants.is_some() { Kind::Text } else { field.spec.kind };
        let empty = match kind {
            Kind::Money | Kind::Int => Known::Int(0),
            Kind::Flag => Known::Bool(false),
            _ => Known::Text(String::new()),
        };
        let mut states = Vec::new();
        if !forced || !reachable {
            states.push(State { filled: false, value: empty });
        }
        if !reachable {
            return states;
        }
        let filled: Vec<Known> = match kind {
            Kind::Flag => vec![Known::Bool(false), Known::Bool(true)],
            Kind::Money | Kind::Int => numbers(used),
            _ => self.texts(field, used),
        };
        states.extend(filled.into_iter().map(|value| State { filled: true, value }));
        states
    }

    fn texts(&self, field: &Field, used: &Use) -> Vec<Known> {
        let table = match (&field.variants, &field.spec.codes) {
            (None, Some(table)) if field.spec.whole_for.is_none() => self.codes.table(table),
            _ => None,
        };
        let possible = |text: &&String| !text.is_empty() && table.is_none_or(|t| t.get(text).is_some());
        let mut values: Vec<Known> = used.texts.iter().filter(possible).cloned().map(Known::Text).collect();
        let whole = table.is_some_and(|t| t.entries().iter().all(|entry| used.texts.contains(&entry.code)));
        if !whole {
            values.push(if used.loose { Known::Filled } else { Known::Other });
        }
        values
    }

    fn value(&self, node: &IdedExpr, values: &BTreeMap<&str, &State>) -> Known {
        match &node.expr {
            Node::Literal(LiteralValue::Boolean(truth)) => Known::Bool(*truth.inner()),
            Node::Literal(LiteralValue::Int(number)) => Known::Int(*number.inner()),
            Node::Literal(LiteralValue::String(text)) => Known::Text(text.inner().to_owned()),
            Node::Ident(name) if name == "today" => Known::Filled,
            Node::Ident(name) if name == "ruleset" => Known::Unknown,
            Node::Ident(name) => match self.def.table(name) {
                Some(section) => {
                    let hidden = section.fields.iter().all(|f| !(self.reachable)(Some(name), &f.id));
                    if hidden { Known::Empty } else { Known::Unknown }
                }
                None => held(name, values),
            },
            Node::Select(select) => match &select.operand.expr {
                Node::Ident(name) if name == "row" => held(&format!("row.{}", select.field), values),
                _ => Known::Unknown,
            },
            Node::List(list) if list.elements.is_empty() => Known::Empty,
            Node::Call(call) => self.call(call, values),
            Node::Comprehension(loop_) => match self.value(&loop_.iter_range, values) {
                // Nothing to walk through: `all` holds, `exists` does not, `map` and `filter` give nothing.
                Known::Empty => match self.value(&loop_.accu_init, values) {
                    Known::Int(_) => Known::Bool(false),
                    start => start,
                },
                _ => Known::Unknown,
            },
            _ => Known::Unknown,
        }
    }

    fn call(&self, call: &CallExpr, values: &BTreeMap<&str, &State>) -> Known {
        if call.func_name == op::IN {
            return self.is_in(call, values);
        }
        let args = call.target.as_deref().into_iter().chain(&call.args);
        let args: Vec<Known> = args.map(|arg| self.value(arg, values)).collect();
        match (call.func_name.as_str(), args.as_slice()) {
            (op::LOGICAL_AND, [a, b]) => both(a, b, false),
            (op::LOGICAL_OR, [a, b]) => both(a, b, true),
            (op::LOGICAL_NOT, [Known::Bool(a)]) => Known::Bool(!a),
            (op::CONDITIONAL, [Known::Bool(true), yes, _]) => yes.clone(),
            (op::CONDITIONAL, [Known::Bool(false), _, no]) => no.clone(),
            (op::CONDITIONAL, [_, yes, no]) if yes == no => yes.clone(),
            (op::EQUALS, [a, b]) => equal(a, b).map_or(Known::Unknown, Known::Bool),
            (op::NOT_EQUALS, [a, b]) => equal(a, b).map_or(Known::Unknown, |e| Known::Bool(!e)),
            (name, [Known::Int(a), Known::Int(b)]) => arithmetic(name, *a, *b),
            (name, [Known::Text(a), Known::Text(b)]) => texts(name, a, b),
            ("size", [Known::Empty]) | ("sum", [Known::Empty]) => Known::Int(0),
            ("size", [Known::Text(text)]) => {
                i64::try_from(text.chars().count()).map_or(Known::Unknown, Known::Int)
            }
            ("birth_of" | "sex_of", [Known::Text(text)]) if text.is_empty() => Known::Text(String::new()),
            _ => Known::Unknown,
        }
    }

    fn is_in(&self, call: &CallExpr, values: &BTreeMap<&str, &State>) -> Known {
        let [item, list] = call.args.as_slice() else { return Known::Unknown };
        let item = self.value(item, values);
        let Node::List(list) = &list.expr else {
            let empty = self.value(list, values) == Known::Empty;
            return if empty { Known::Bool(false) } else { Known::Unknown };
        };
        let found: Vec<Option<bool>> =
            list.elements.iter().map(|element| equal(&item, &self.value(element, values))).collect();
        if found.contains(&Some(true)) {
            Known::Bool(true)
        } else if found.iter().all(|f| *f == Some(false)) {
            Known::Bool(false)
        } else {
            Known::Unknown
        }
    }
}

/// The numbers around those a field is compared with: between them nothing changes.
fn numbers(used: &Use) -> Vec<Known> {
    let around = used.numbers.iter().flat_map(|n| [n.saturating_sub(1), *n, n.saturating_add(1)]);
    let points: BTreeSet<i64> = around.chain([0]).filter(|n| *n >= 0).collect();
    let mut values: Vec<Known> = points.into_iter().map(Known::Int).collect();
    if used.loose {
        values.push(Known::Unknown);
    }
    values
}

fn held(key: &str, values: &BTreeMap<&str, &State>) -> Known {
    match key.strip_suffix(FILLED) {
        Some(field) => values.get(field).map_or(Known::Unknown, |state| Known::Bool(state.filled)),
        None => values.get(key).map_or(Known::Unknown, |state| state.value.clone()),
    }
}

/// `&&` (decided by false) and `||` (decided by true).
fn both(a: &Known, b: &Known, decides: bool) -> Known {
    match (a, b) {
        (Known::Bool(truth), _) | (_, Known::Bool(truth)) if *truth == decides => Known::Bool(decides),
        (Known::Bool(_), Known::Bool(_)) => Known::Bool(!decides),
        _ => Known::Unknown,
    }
}

fn equal(a: &Known, b: &Known) -> Option<bool> {
    match (a, b) {
        (Known::Text(a), Known::Text(b)) => Some(a == b),
        (Known::Int(a), Known::Int(b)) => Some(a == b),
        (Known::Bool(a), Known::Bool(b)) => Some(a == b),
        (Known::Other, Known::Text(_)) | (Known::Text(_), Known::Other) => Some(false),
        (Known::Filled, Known::Text(text)) | (Known::Text(text), Known::Filled) if text.is_empty() => {
            Some(false)
        }
        _ => None,
    }
}

fn arithmetic(name: &str, a: i64, b: i64) -> Known {
    let number = |n: Option<i64>| n.map_or(Known::Unknown, Known::Int);
    match name {
        op::LESS => Known::Bool(a < b),
        op::LESS_EQUALS => Known::Bool(a <= b),
        op::GREATER => Known::Bool(a > b),
        op::GREATER_EQUALS => Known::Bool(a >= b),
        op::ADD => number(a.checked_add(b)),
        op::SUBSTRACT => number(a.checked_sub(b)),
        op::MULTIPLY => number(a.checked_mul(b)),
        _ => Known::Unknown,
    }
}

fn texts(name: &str, a: &str, b: &str) -> Known {
    match name {
        op::LESS => Known::Bool(a < b),
        op::LESS_EQUALS => Known::Bool(a <= b),
        op::GREATER => Known::Bool(a > b),
        op::GREATER_EQUALS => Known::Bool(a >= b),
        "startsWith" => Known::Bool(a.starts_with(b)),
        "endsWith" => Known::Bool(a.ends_with(b)),
        "contains" => Known::Bool(a.contains(b)),
        op::ADD => Known::Text(format!("{a}{b}")),
        _ => Known::Unknown,
    }
}

/// The key of a field that stands here by itself: `x`, or `x` of the current row.
fn key_of(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Node::Ident(name) => Some(name.clone()),
        Node::Select(select) => match &select.operand.expr {
            Node::Ident(name) if name == "row" => Some(format!("row.{}", select.field)),
            _ => None,
        },
        _ => None,
    }
}

/// Notes what each field is compared with.
fn collect(node: &IdedExpr, uses: &mut BTreeMap<String, Use>) {
    if let Some(key) = key_of(node) {
        match key.strip_suffix(FILLED) {
            Some(field) => uses.entry(field.to_owned()).or_default(),
            None => uses.entry(key).or_default(),
        };
        if !is_filled(node) {
            loosen(node, uses);
        }
        return;
    }
    match &node.expr {
        Node::Call(call) => {
            let compares = matches!(
                call.func_name.as_str(),
                op::EQUALS
                    | op::NOT_EQUALS
                    | op::LESS
                    | op::LESS_EQUALS
                    | op::GREATER
                    | op::GREATER_EQUALS
                    | op::IN
            );
            if let ([a, b], true) = (call.args.as_slice(), compares)
                && (compared(a, b, uses) || compared(b, a, uses))
            {
                return;
            }
            let args = call.target.as_deref().into_iter().chain(&call.args);
            args.for_each(|arg| collect(arg, uses));
        }
        Node::Select(select) => collect(&select.operand, uses),
        Node::List(list) => list.elements.iter().for_each(|item| collect(item, uses)),
        Node::Comprehension(loop_) => {
            for part in [&loop_.iter_range, &loop_.loop_cond, &loop_.loop_step] {
                collect(part, uses);
            }
        }
        _ => {}
    }
}

fn is_filled(node: &IdedExpr) -> bool {
    key_of(node).is_some_and(|key| key.ends_with(FILLED))
}

fn loosen(node: &IdedExpr, uses: &mut BTreeMap<String, Use>) {
    if let Some(used) = key_of(node).and_then(|key| uses.get_mut(&key)) {
        used.loose = true;
    }
}

/// A field beside written values: notes them. A text compared by order stands for more than itself.
fn compared(field: &IdedExpr, written: &IdedExpr, uses: &mut BTreeMap<String, Use>) -> bool {
    let Some(key) = key_of(field).filter(|_| !is_filled(field)) else { return false };
    let literals: Option<Vec<&LiteralValue>> = match &written.expr {
        Node::Literal(literal) => Some(vec![literal]),
        Node::List(list) => list.elements.iter().map(literal).collect(),
        _ => None,
    };
    let Some(literals) = literals else { return false };
    let used = uses.entry(key).or_default();
    for literal in literals {
        match literal {
            LiteralValue::String(text) => {
                used.texts.insert(text.inner().to_owned());
            }
            LiteralValue::Int(number) => {
                used.numbers.insert(*number.inner());
            }
            _ => {}
        }
    }
    true
}

fn literal(node: &IdedExpr) -> Option<&LiteralValue> {
    match &node.expr {
        Node::Literal(literal) => Some(literal),
        _ => None,
    }
}
