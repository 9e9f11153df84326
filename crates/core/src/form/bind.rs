//! Gives the values of a form to the rule language. Every field is bound, filled or not: an unfilled text is `""`, an
//! unfilled amount `0`, an unfilled flag `false`, and `filled(x)` tells the difference. Knows no rules.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use cel::common::types::{CelBool, CelList, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Value};

use super::data::{FormData, Row};
use super::def::FormDef;
use super::eval::EvalContext;
use super::expr::Expr;
use super::functions::ENVIRONMENT;
use super::row::{RowVal, seen};
use super::typing::FILLED;
use super::workdays::{CALENDAR, WorkDays};
use crate::calendar::Calendar;

/// The values of one form, ready to be asked.
pub(super) struct Bound<'a> {
    def: &'a FormDef,
    data: &'a FormData,
    today: String,
    ruleset: String,
    calendar: Option<Arc<Calendar>>,
    tables: BTreeMap<&'a str, OnceLock<CelList<'a>>>,
}

/// The row an expression is evaluated for.
pub(super) type At<'r> = Option<(&'r str, usize)>;

impl<'a> Bound<'a> {
    pub(super) fn new(def: &'a FormDef, data: &'a FormData, context: &EvalContext<'_>) -> Self {
        let tables = def.sections.iter().filter_map(|s| s.table.as_ref());
        let tables = tables.map(|t| (t.id.as_str(), OnceLock::new())).collect();
        let calendar = context.calendar.cloned();
        let (today, ruleset) = (context.today.to_string(), context.ruleset.to_owned());
        Self { def, data, today, ruleset, calendar, tables }
    }

    /// Evaluates an expression. An error means a mistake of the form that the type check cannot see (an overflow).
    pub(super) fn value(&self, expr: &Expr, at: At<'_>) -> Result<Value, String> {
        let row = match at {
            Some((table, index)) => {
                let section = self.def.table(table).ok_or_else(|| format!("no table {table}"))?;
                Some(RowVal::new(section, self.data.rows(table).get(index).unwrap_or(&EMPTY)))
            }
            None => None,
        };
        let scope = Scope { bound: self, row };
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        context.set_variable_resolver(&scope);
        Value::resolve(&expr.tree, &context).map_err(|e| e.to_string())
    }

    /// Evaluates a condition.
    pub(super) fn truth(&self, expr: &Expr, at: At<'_>) -> Result<bool, String> {
        match self.value(expr, at)? {
            Value::Bool(truth) => Ok(truth),
            other => Err(format!("not a condition: {other:?}")),
        }
    }
}

/// A row in which nothing is filled.
static EMPTY: Row = Row::new();

/// What one evaluation sees: the form, and the row it is for.
struct Scope<'s, 'a> {
    bound: &'s Bound<'a>,
    row: Option<RowVal<'s>>,
}

impl VariableResolver for Scope<'_, '_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        match self.row {
            Some(row) if name == "row" => Some(CowVal::owned(row)),
            _ => self.bound.resolve(name),
        }
    }
}

impl Bound<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        if let Some(field) = self.def.single(name) {
            return Some(CowVal::Owned(seen(field, self.data.field(name))));
        }
        if name == "today" {
            return Some(CowVal::owned(CelString::from(self.today.as_str())));
        }
        if name == "ruleset" {
            return Some(CowVal::owned(CelString::from(self.ruleset.as_str())));
        }
        if name == CALENDAR {
            return Some(CowVal::owned(WorkDays(self.calendar.clone())));
        }
        if let Some(id) = name.strip_suffix(FILLED).filter(|id| self.def.single(id).is_some()) {
            return Some(CowVal::owned(CelBool::from(!self.data.field(id).is_empty())));
        }
        let section = self.def.table(name)?;
        let spec = section.table.as_ref()?;
        let list = self.tables.get(spec.id.as_str())?.get_or_init(|| {
            let rows = self.data.rows(name).iter().take(spec.max);
            let rows = rows.map(|row| Box::new(RowVal::new(section, row)) as Box<dyn Val>);
            rows.collect::<Vec<_>>().into()
        });
        Some(CowVal::Borrowed(list))
    }
}
