//! The type check of the rule language: an expression that passes here cannot fail on types later, whatever is typed
//! into the form. Also notes which fields an expression reads.

use std::collections::{BTreeMap, BTreeSet};

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SelectExpr};

use super::functions;
use super::value::money;
use super::workdays::hidden_argument;

/// Type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    Bool,
    Int,
    Text,
    /// A row of the named table.
    Row(String),
    List(Box<Ty>),
    /// Element of an empty list: fits everything.
    Any,
}

/// What an expression reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Read {
    /// A single field.
    Field(String),
    /// A field of the current row.
    Cell(String),
    /// A column in all rows of a table.
    Column(String, String),
}

/// Fields and tables an expression may name.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) fields: BTreeMap<String, Ty>,
    pub(super) tables: BTreeMap<String, BTreeMap<String, Ty>>,
}

/// The suffix of the variable that tells whether a field is filled; cannot be written in a form file.
pub(super) const FILLED: &str = "?";

/// Checks one expression.
pub(super) struct Typer<'n> {
    names: &'n Names,
    /// Variables in scope, innermost last.
    vars: Vec<(String, Ty)>,
    /// The variable `row` at this index is the current row.
    current_row: Option<usize>,
    pub(super) reads: BTreeSet<Read>,
}

impl<'n> Typer<'n> {
    /// `row` names the table whose row the variable `row` is.
    pub(super) fn new(names: &'n Names, row: Option<&str>) -> Self {
        let mut vars = vec![("today".to_owned(), Ty::Text), ("ruleset".to_owned(), Ty::Text)];
        let current_row = row.map(|_| vars.len());
        if let Some(table) = row {
            vars.push(("row".to_owned(), Ty::Row(table.to_owned())));
        }
        Self { names, vars, current_row, reads: BTreeSet::new() }
    }

    /// The type of `node`; rewrites `filled(x)` into the variable that holds the answer.
    pub(super) fn check(&mut self, node: &mut IdedExpr) -> Result<Ty, String> {
        match &mut node.expr {
            Expr::Literal(LiteralValue::Boolean(_)) => Ok(Ty::Bool),
            Expr::Literal(LiteralValue::Int(_)) => Ok(Ty::Int),
            Expr::Literal(LiteralValue::String(_)) => Ok(Ty::Text),
            Expr::Literal(_) => Err("only texts, whole numbers and true/false may be written".to_owned()),
            Expr::Ident(name) => self.ident(name),
            Expr::Select(select) => self.select(select),
            Expr::List(list) => {
                let mut element = Ty::Any;
                for item in &mut list.elements {
                    let ty = self.check(item)?;
                    element = unify(&element, &ty).ok_or("a list may only hold one type")?;
                }
                Ok(Ty::List(Box::new(element)))
            }
            Expr::Call(call) if call.func_name == "filled" => {
                let inner = self.filled(call)?;
                node.expr = inner;
                Ok(Ty::Bool)
            }
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(loop_) => self.comprehension(loop_),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                Err("maps and structures are not part of the rule language".to_owned())
            }
        }
    }

    fn variable(&self, name: &str) -> Option<(usize, &Ty)> {
        self.vars.iter().enumerate().rev().find(|(_, (n, _))| n == name).map(|(i, (_, ty))| (i, ty))
    }

    fn ident(&mut self, name: &str) -> Result<Ty, String> {
        if let Some((_, ty)) = self.variable(name) {
            return Ok(ty.clone());
        }
        if let Some(ty) = self.names.fields.get(name) {
            self.reads.insert(Read::Field(name.to_owned()));
            return Ok(ty.clone());
        }
        if self.names.tables.contains_key(name) {
            return Ok(Ty::List(Box::new(Ty::Row(name.to_owned()))));
        }
        let columns = self.names.tables.iter().filter(|(_, columns)| columns.contains_key(name));
        let hint = columns.map(|(table, _)| format!("; {name} is a column of {table}: row.{name}")).next();
        Err(format!("unknown field {name:?}{}", hint.unwrap_or_default()))
    }

    fn select(&mut self, select: &mut SelectExpr) -> Result<Ty, String> {
        if select.test {
            return Err("has() is not part of the rule language: write filled(...)".to_owned());
        }
        let current = matches!(&select.operand.expr, Expr::Ident(name)
            if self.variable(name).is_some_and(|(index, _)| Some(index) == self.current_row));
        let Ty::Row(table) = self.check(&mut select.operand)? else {
            return Err(format!("only a row of a table has .{}", select.field));
        };
        let column = self.names.tables.get(&table).and_then(|columns| columns.get(&select.field));
        let ty = column.cloned().ok_or_else(|| format!("table {table} has no column {:?}", select.field))?;
        self.reads.insert(match current {
            true => Read::Cell(select.field.clone()),
            false => Read::Column(table, select.field.clone()),
        });
        Ok(ty)
    }

    fn filled(&mut self, call: &mut CallExpr) -> Result<Expr, String> {
        let misuse = "filled(...) takes one field, e.g. filled(mob) or filled(row.mob)";
        let [argument] = call.args.as_mut_slice() else { return Err(misuse.to_owned()) };
        self.check(argument)?;
        match std::mem::take(&mut argument.expr) {
            Expr::Ident(name) if self.names.fields.contains_key(&name) => {
                Ok(Expr::Ident(format!("{name}{FILLED}")))
            }
            Expr::Select(mut select) => {
                select.field.push_str(FILLED);
                Ok(Expr::Select(select))
            }
            _ => Err(misuse.to_owned()),
        }
    }

    fn call(&mut self, call: &mut CallExpr) -> Result<Ty, String> {
        let mut types = Vec::new();
        if let Some(target) = &mut call.target {
            types.push(self.check(target)?);
        }
        for argument in &mut call.args {
            types.push(self.check(argument)?);
        }
        let name = call.func_name.as_str();
        if let ("fen", [IdedExpr { expr: Expr::Literal(LiteralValue::String(written)), .. }]) =
            (name, call.args.as_slice())
            && money(written.inner()).is_none()
        {
            return Err(format!("{:?} is no amount: write yuan, e.g. fen(\"12.50\")", written.inner()));
        }
        let result = if call.target.is_some() { member(name, &types) } else { global(name, &types) };
        let result = result.ok_or_else(|| {
            let shown: Vec<String> = types.iter().map(show).collect();
            format!("{} does not take ({})", shown_operator(name), shown.join(", "))
        })?;
        call.args.extend(hidden_argument(&call.func_name));
        Ok(result)
    }

    fn comprehension(&mut self, loop_: &mut ComprehensionExpr) -> Result<Ty, String> {
        let Ty::List(element) = self.check(&mut loop_.iter_range)? else {
            return Err("all, exists, exists_one, map and filter work on a table or a list".to_owned());
        };
        if loop_.iter_var2.is_some() {
            return Err("loops have one variable".to_owned());
        }
        let initial = self.check(&mut loop_.accu_init)?;
        let depth = self.vars.len();
        self.vars.push((loop_.iter_var.clone(), *element));
        self.vars.push((loop_.accu_var.clone(), initial.clone()));
        let condition = self.check(&mut loop_.loop_cond);
        let step = self.check(&mut loop_.loop_step);
        self.vars.truncate(depth);
        let (condition, step) = (condition?, step?);
        let accumulated = unify(&initial, &step).ok_or("the loop does not keep its type")?;
        if condition != Ty::Bool {
            return Err("the loop needs a condition".to_owned());
        }
        self.vars.push((loop_.accu_var.clone(), accumulated));
        let result = self.check(&mut loop_.result);
        self.vars.truncate(depth);
        result
    }
}

/// The common type of two branches.
fn unify(a: &Ty, b: &Ty) -> Option<Ty> {
    match (a, b) {
        (Ty::Any, other) | (other, Ty::Any) => Some(other.clone()),
        (Ty::List(a), Ty::List(b)) => unify(a, b).map(|ty| Ty::List(Box::new(ty))),
        _ => (a == b).then(|| a.clone()),
    }
}

fn global(name: &str, types: &[Ty]) -> Option<Ty> {
    use cel::common::ast::operators as op;
    let both = |ty: &Ty| types.len() == 2 && types.iter().all(|t| t == ty);
    match (name, types) {
        (op::LOGICAL_AND | op::LOGICAL_OR, _) => both(&Ty::Bool).then_some(Ty::Bool),
        (op::LOGICAL_NOT | op::NOT_STRICTLY_FALSE, [Ty::Bool]) => Some(Ty::Bool),
        (op::CONDITIONAL, [Ty::Bool, yes, no]) => unify(yes, no),
        (op::EQUALS | op::NOT_EQUALS, [a, b]) => unify(a, b).map(|_| Ty::Bool),
        (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, _) => {
            (both(&Ty::Int) || both(&Ty::Text)).then_some(Ty::Bool)
        }
        (op::ADD, [a, b]) => unify(a, b).filter(|ty| matches!(ty, Ty::Int | Ty::Text | Ty::List(_))),
        (op::SUBSTRACT | op::MULTIPLY, _) => both(&Ty::Int).then_some(Ty::Int),
        (op::NEGATE, [Ty::Int]) => Some(Ty::Int),
        (op::IN, [item, Ty::List(element)]) => unify(item, element).map(|_| Ty::Bool),
        ("size", [Ty::Text | Ty::List(_)]) => Some(Ty::Int),
        ("sum", [Ty::List(element)]) => unify(element, &Ty::Int).filter(|t| *t == Ty::Int),
        _ => functions::signature(name).filter(|(wanted, _)| *wanted == types).map(|(_, result)| result),
    }
}

fn member(name: &str, types: &[Ty]) -> Option<Ty> {
    match (name, types) {
        ("size", [Ty::Text | Ty::List(_)]) => Some(Ty::Int),
        ("startsWith" | "endsWith" | "contains", [Ty::Text, Ty::Text]) => Some(Ty::Bool),
        _ => None,
    }
}

fn show(ty: &Ty) -> String {
    match ty {
        Ty::Bool => "flag".to_owned(),
        Ty::Int => "number".to_owned(),
        Ty::Text => "text".to_owned(),
        Ty::Row(table) => format!("row of {table}"),
        Ty::List(element) => format!("list of {}", show(element)),
        Ty::Any => "anything".to_owned(),
    }
}

fn shown_operator(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !matches!(c, '_' | '@')).collect();
    if plain.chars().any(char::is_alphabetic) { name.trim_start_matches('@').to_owned() } else { plain }
}
