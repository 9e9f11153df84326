//! How much work a form can cause: an upper bound in steps, reckoned when the file is read from the greatest number of
//! rows and characters, so that no values make a judgement long. Knows no values.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr as Node, IdedExpr, LiteralValue};

use super::data::FieldPath;
use super::def::{Condition, Field, FormDef, Kind, Piece, Section};
use super::error::FormError;
use super::expr::Expr;

/// Most steps one judgement of a whole form may take. A step is one node of an expression; long texts and lists count
/// more. `benches/forms.rs` times a form that comes near it.
pub const MAX_WORK: u64 = 1_000_000;

/// Characters of a text that count as one step.
const CHARS: u64 = 32;
/// Longest text a function of the language gives.
const ANSWER: u64 = 40;

/// The greatest extent of a value, and the steps to reach it.
#[derive(Clone, Copy, Debug, Default)]
struct Bulk<'a> {
    steps: u64,
    /// Elements of a list; 1 for everything else.
    len: u64,
    /// Characters of a text, or of one element.
    size: u64,
    list: bool,
    /// The table whose rows these are.
    table: Option<&'a str>,
}

impl Bulk<'_> {
    fn one(size: u64) -> Self {
        Self { steps: 1, len: 1, size, list: false, table: None }
    }

    fn weight(&self) -> u64 {
        self.len.saturating_mul(self.size / CHARS + 1)
    }
}

impl FormDef {
    /// Most steps that judging this form once can take, whatever is filled in; a form above [`MAX_WORK`] is refused.
    pub fn work(&self) -> u64 {
        let rules = (0..self.rules.len()).map(|index| rule_work(self, index));
        let fields = self.sections.iter().flat_map(|s| s.fields.iter().map(move |f| field_work(self, s, f)));
        let materials = self.materials.iter().map(|m| condition(self, &m.required, None));
        let levels = self.levels.iter().flat_map(|l| &l.when).map(|when| steps(self, when, None));
        rules.chain(fields).chain(materials).chain(levels).fold(0, u64::saturating_add)
    }
}

/// The mistake of a form that could keep a clerk waiting: at the rule, field or block that costs most.
pub(super) fn too_much_work(form: &FormDef) -> Option<FormError> {
    let work = form.work();
    if work <= MAX_WORK {
        return None;
    }
    let rules = form.rules.iter().enumerate().map(|(i, r)| (rule_work(form, i), &r.place, "check"));
    let fields = form.sections.iter().flat_map(|section| {
        section.fields.iter().map(move |field| (field_work(form, section, field), &field.place, "id"))
    });
    let (cost, place, key) = rules.chain(fields).max_by_key(|(cost, ..)| *cost)?;
    Some(place.mistake(
        &form.file,
        key,
        format!("judging the form could take {work} steps (at most {MAX_WORK}), {cost} of them here"),
        "lower max of the tables, or write the loop without a loop inside",
    ))
}

fn rows(form: &FormDef, table: Option<&str>) -> u64 {
    let spec = table.and_then(|t| form.table(t)).and_then(|s| s.table.as_ref());
    spec.map_or(1, |t| t.max.max(1) as u64)
}

fn rule_work(form: &FormDef, index: usize) -> u64 {
    let Some(rule) = form.rules.get(index) else { return 0 };
    let row = rule.each.as_deref();
    let said = rule.pieces.iter().filter_map(|piece| match piece {
        Piece::Value(expr) => Some(expr),
        Piece::Text(_) => None,
    });
    let all = said.chain([&rule.check]).chain(&rule.when).map(|e| steps(form, e, row));
    all.fold(0, u64::saturating_add).saturating_mul(rows(form, row))
}

fn field_work(form: &FormDef, section: &Section, field: &Field) -> u64 {
    let row = section.table.as_ref().map(|t| t.id.as_str());
    let derive = field.derive.as_ref().map_or(0, |e| steps(form, e, row).saturating_mul(DERIVE_PASSES));
    let each = [&field.shown, &field.required, &field.passed].map(|c| condition(form, c, row));
    let section = condition(form, &section.shown, None);
    [derive, section].into_iter().chain(each).fold(0, u64::saturating_add).saturating_mul(rows(form, row))
}

/// Derivations build on each other up to this many steps.
pub(super) const DERIVE_PASSES: u64 = 3;

fn condition(form: &FormDef, condition: &Condition, row: Option<&str>) -> u64 {
    match condition {
        Condition::When(expr) => steps(form, expr, row),
        Condition::Always | Condition::Never => 0,
    }
}

pub(super) fn steps(form: &FormDef, expr: &Expr, row: Option<&str>) -> u64 {
    let mut vars = Vec::new();
    if let Some(table) = row {
        vars.push(("row", Bulk { table: Some(table), ..Bulk::one(1) }));
    }
    measure(form, &expr.tree, &mut vars).steps
}

type Vars<'a> = Vec<(&'a str, Bulk<'a>)>;

fn measure<'a>(form: &'a FormDef, node: &'a IdedExpr, vars: &mut Vars<'a>) -> Bulk<'a> {
    match &node.expr {
        Node::Literal(LiteralValue::String(text)) => Bulk::one(text.inner().len() as u64),
        Node::Ident(name) => ident(form, name, vars),
        Node::Select(select) => {
            let from = measure(form, &select.operand, vars);
            let column = from.table.and_then(|t| form.table(t)).and_then(|s| s.field(&select.field));
            Bulk { steps: from.steps.saturating_add(1), ..Bulk::one(column.map_or(1, extent)) }
        }
        Node::List(list) => {
            let items: Vec<Bulk<'a>> = list.elements.iter().map(|item| measure(form, item, vars)).collect();
            Bulk {
                steps: items.iter().fold(1, |sum, item| sum.saturating_add(item.steps)),
                len: items.len() as u64,
                size: items.iter().map(|item| item.weight().max(item.size)).max().unwrap_or(0),
                list: true,
                table: items.first().and_then(|item| item.table),
            }
        }
        Node::Call(call) => called(form, call, vars),
        Node::Comprehension(loop_) => looped(form, loop_, vars),
        _ => Bulk::one(1),
    }
}

fn extent(field: &Field) -> u64 {
    match (&field.variants, field.spec.kind) {
        (None, Kind::Money | Kind::Int | Kind::Flag) => 1,
        _ => field.max as u64,
    }
}

fn ident<'a>(form: &'a FormDef, name: &'a str, vars: &Vars<'a>) -> Bulk<'a> {
    if let Some((_, bulk)) = vars.iter().rev().find(|(var, _)| *var == name) {
        return Bulk { steps: 1, ..*bulk };
    }
    if let Some(field) = form.field(&FieldPath::single(name)) {
        return Bulk::one(extent(field));
    }
    match form.table(name) {
        Some(_) => {
            let len = rows(form, Some(name));
            Bulk { steps: len, len, size: 1, list: true, table: Some(name) }
        }
        None => Bulk::one(ANSWER),
    }
}

fn called<'a>(form: &'a FormDef, call: &'a CallExpr, vars: &mut Vars<'a>) -> Bulk<'a> {
    use cel::common::ast::operators as op;
    let args = call.target.as_deref().into_iter().chain(&call.args);
    let args: Vec<Bulk<'a>> = args.map(|arg| measure(form, arg, vars)).collect();
    let before = args.iter().fold(1, |sum: u64, arg| sum.saturating_add(arg.steps));
    let weight = args.iter().fold(0, |sum: u64, arg| sum.saturating_add(arg.weight()));
    let steps = before.saturating_add(weight);
    let sum = |of: fn(&Bulk<'a>) -> u64| args.iter().map(of).fold(0, u64::saturating_add);
    let most = |of: fn(&Bulk<'a>) -> u64| args.iter().map(of).max().unwrap_or(1);
    let list = args.iter().any(|arg| arg.list);
    let table = args.iter().find_map(|arg| arg.table);
    match call.func_name.as_str() {
        op::ADD if list => Bulk { steps, len: sum(|a| a.len), size: most(|a| a.size), list, table },
        op::ADD => Bulk { steps, ..Bulk::one(sum(|a| a.size)) },
        op::CONDITIONAL => Bulk { steps, len: most(|a| a.len), size: most(|a| a.size), list, table },
        // Days are counted one by one.
        "add_working_days" => Bulk { steps: steps.saturating_add(500), ..Bulk::one(ANSWER) },
        // Numbers and dates are taken apart.
        name if name.starts_with(|c: char| c.is_ascii_lowercase()) => {
            Bulk { steps: steps.saturating_add(10), ..Bulk::one(ANSWER) }
        }
        _ => Bulk { steps, ..Bulk::one(1) },
    }
}

fn looped<'a>(form: &'a FormDef, loop_: &'a ComprehensionExpr, vars: &mut Vars<'a>) -> Bulk<'a> {
    let range = measure(form, &loop_.iter_range, vars);
    let start = measure(form, &loop_.accu_init, vars);
    let depth = vars.len();
    vars.push((&loop_.iter_var, Bulk { table: range.table, ..Bulk::one(range.size) }));
    vars.push((&loop_.accu_var, start));
    let condition = measure(form, &loop_.loop_cond, vars);
    let step = measure(form, &loop_.loop_step, vars);
    vars.truncate(depth);
    // A list that grows is copied at each turn.
    let grown = if start.list { range.len.saturating_mul(step.len.saturating_sub(start.len)) } else { 0 };
    let turn = condition.steps.saturating_add(step.steps).saturating_add(grown / 8 + 1);
    let steps = range.steps.saturating_add(range.len.saturating_mul(turn));
    if start.list {
        Bulk { steps, len: grown, size: step.size, list: true, table: step.table }
    } else {
        Bulk { steps, ..Bulk::one(1) }
    }
}
