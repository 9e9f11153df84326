//! Gives the values of a form to the rule language. Every field is bound, filled or not: an unfilled text is `""`, an
//! unfilled amount `0`, an unfilled flag `false`, and `filled(x)` tells the difference. Knows no rules.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use cel::common::types::{CelBool, CelInt, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Value};

use super::data::{FieldPath, FormData, Row};
use super::def::{Field, FormDef, Kind, Section};
use super::eval::EvalContext;
use super::expr::Expr;
use super::functions::ENVIRONMENT;
use super::typing::FILLED;
use super::value::{Held, held};
use super::workdays::{CALENDAR, WorkDays};
use crate::calendar::Calendar;

/// The values of one form, ready to be asked.
pub(super) struct Bound<'a> {
    def: &'a FormDef,
    data: &'a FormData,
    today: String,
    calendar: Option<Arc<Calendar>>,
    tables: BTreeMap<&'a str, OnceLock<Box<dyn Val>>>,
}

/// The row an expression is evaluated for.
pub(super) type At<'r> = Option<(&'r str, usize)>;

impl<'a> Bound<'a> {
    pub(super) fn new(def: &'a FormDef, data: &'a FormData, context: &EvalContext<'_>) -> Self {
        let tables = def.sections.iter().filter_map(|s| s.table.as_ref());
        let tables = tables.map(|t| (t.id.as_str(), OnceLock::new())).collect();
        let calendar = context.calendar.cloned();
        Self { def, data, today: context.today.to_string(), calendar, tables }
    }

    /// Evaluates an expression. An error means a mistake of the form that the type check cannot see (an overflow).
    pub(super) fn value(&self, expr: &Expr, at: At<'_>) -> Result<Value, String> {
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        context.set_variable_resolver(self);
        if let Some((table, index)) = at {
            let section = self.def.table(table).ok_or_else(|| format!("no table {table}"))?;
            let empty = Row::new();
            let row = self.data.rows(table).get(index).unwrap_or(&empty);
            context.add_variable_from_value("row", row_value(section, row));
        }
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

impl VariableResolver for Bound<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        if name == "today" {
            return Some(CowVal::owned(CelString::from(self.today.as_str())));
        }
        if name == CALENDAR {
            return Some(CowVal::owned(WorkDays(self.calendar.clone())));
        }
        let asked = name.strip_suffix(FILLED).filter(|id| self.def.field(&FieldPath::single(id)).is_some());
        if let Some(id) = asked {
            return Some(CowVal::owned(CelBool::from(!self.data.field(id).is_empty())));
        }
        if let Some(field) = self.def.field(&FieldPath::single(name)) {
            return Some(match held(bound_kind(field), within(field, self.data.field(name))) {
                Held::Text(text) => CowVal::owned(CelString::from(text)),
                Held::Number(number) => CowVal::owned(CelInt::from(number)),
                Held::Flag(flag) => CowVal::owned(CelBool::from(flag)),
            });
        }
        let section = self.def.table(name)?;
        let spec = section.table.as_ref()?;
        let list = self.tables.get(spec.id.as_str())?;
        let list = list.get_or_init(|| {
            let rows = self.data.rows(name).iter().take(spec.max).map(|row| row_value(section, row));
            let rows: Vec<Value> = rows.collect();
            let list: Result<Box<dyn Val>, _> = Value::from(rows).try_into();
            list.unwrap_or_else(|_| Box::new(CelBool::from(false)))
        });
        Some(CowVal::Borrowed(list.as_ref()))
    }
}

/// A field whose kind varies is a text to the rule language.
fn bound_kind(field: &Field) -> Kind {
    if field.variants.is_some() { Kind::Text } else { field.spec.kind }
}

/// The part of a value that rules see: work is bounded by `max`, and the length has a finding of its own.
fn within<'t>(field: &Field, text: &'t str) -> &'t str {
    match text.char_indices().nth(field.max) {
        Some((end, _)) if text.len() > field.max => text.get(..end).unwrap_or(text),
        _ => text,
    }
}

fn row_value(section: &Section, row: &Row) -> Value {
    let mut map: HashMap<String, Value> = HashMap::with_capacity(section.fields.len() * 2);
    for field in &section.fields {
        let text = row.get(&field.id).map_or("", String::as_str);
        let value = match held(bound_kind(field), within(field, text)) {
            Held::Text(text) => Value::from(text),
            Held::Number(number) => Value::from(number),
            Held::Flag(flag) => Value::from(flag),
        };
        map.insert(field.id.clone(), value);
        map.insert(format!("{}{FILLED}", field.id), Value::from(!text.is_empty()));
    }
    Value::from(map)
}
