//! The functions of the rule language that need the working-day calendar. The calendar reaches them as a hidden last
//! argument, which no form can write. Without a calendar they answer as for missing dates.

use std::any::Any;
use std::sync::Arc;

use cel::common::ast::{Expr, IdedExpr};
use cel::common::types::{self, Type};
use cel::common::value::{StaticVal, Val};
use cel::{DeclarationError, Env};

use super::functions::{Answer, Args, int, int_arg, str_arg, text};
use super::value::date;
use crate::calendar::Calendar;

/// The variable that holds the calendar; cannot be written in a form file.
pub(super) const CALENDAR: &str = "@calendar";
/// Names of the functions that take it.
const NAMES: [&str; 2] = ["working_days_between", "add_working_days"];
/// Longest term that is counted: about ten years of working days.
const MAX_TERM: i64 = 2600;

static TYPE: Type = Type::new_unspecified_type("form.calendar");

/// The calendar as a value of an expression.
#[derive(Debug)]
pub(super) struct WorkDays(pub(super) Option<Arc<Calendar>>);

impl Val for WorkDays {
    fn get_type(&self) -> &Type {
        <Self as Val>::cel_type()
    }

    fn cel_type() -> &'static Type {
        &TYPE
    }

    fn equals(&self, _: &dyn Val) -> bool {
        false
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v> {
        Box::new(Self(self.0.clone()))
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl StaticVal for WorkDays {}

/// The hidden argument, for the functions that take it.
pub(super) fn hidden_argument(name: &str) -> Option<IdedExpr> {
    NAMES.contains(&name).then(|| IdedExpr { id: 0, expr: Expr::Ident(CALENDAR.to_owned()) })
}

/// Declares the functions.
pub(super) fn declare(env: &mut Env) -> Result<(), DeclarationError> {
    const S: Type = types::STRING_TYPE;
    const I: Type = types::INT_TYPE;
    let calendar = || Type::new_unspecified_type("form.calendar");
    env.add_overload("working_days_between", "working_days_text_text", vec![S, S, calendar()], between)?;
    env.add_overload("add_working_days", "add_working_days_text_int", vec![S, I, calendar()], add)
}

fn calendar<'a>(args: &'a Args<'_, '_>) -> Option<&'a Calendar> {
    args.get(2).and_then(|v| v.downcast_ref::<WorkDays>()).and_then(|days| days.0.as_deref())
}

fn between<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let (from, to) = (date(&str_arg(&args, 0)?), date(&str_arg(&args, 1)?));
    let days =
        calendar(&args).zip(from.zip(to)).map(|(days, (from, to))| days.working_days_between(from, to));
    int(days.unwrap_or(0))
}

fn add<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let from = date(&str_arg(&args, 0)?);
    let term = Some(int_arg(&args, 1)?).filter(|n| (0..=MAX_TERM).contains(n));
    let term = term.and_then(|n| u32::try_from(n).ok());
    let end =
        calendar(&args).zip(from.zip(term)).map(|(days, (from, n))| days.add_working_days(from, n).date);
    text(end.map(|day| day.to_string()).filter(|day| date(day).is_some()).unwrap_or_default())
}
