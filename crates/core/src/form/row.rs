//! A row of a table as a value of the rule language: nothing is copied, each value is read when a rule asks for it.
//! Rules walk rows by the thousand, and the interpreter copies the row of each step. Knows how a value is seen by rules;
//! knows no rules.

use std::sync::Arc;

use cel::ExecutionError;
use cel::common::traits::Indexer;
use cel::common::types::{self, CelBool, CelInt, CelString, Type};
use cel::common::value::{CowVal, Val};

use super::data::Row;
use super::def::{Field, Kind, Section};
use super::typing::FILLED;
use super::value::{Held, held};

/// The values of one row; to rules, a map by field id.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowVal<'a> {
    section: &'a Section,
    row: &'a Row,
}

impl<'a> RowVal<'a> {
    /// `row` of the table in `section`.
    pub(super) fn new(section: &'a Section, row: &'a Row) -> Self {
        Self { section, row }
    }

    fn value<'v>(self, key: &str) -> Option<Box<dyn Val + 'v>>
    where
        'a: 'v,
    {
        let (id, asks_filled) = key.strip_suffix(FILLED).map_or((key, false), |id| (id, true));
        let field = self.section.field(id)?;
        let text = self.row.get(id).map_or("", String::as_str);
        Some(if asks_filled { Box::new(CelBool::from(!text.is_empty())) } else { seen(field, text) })
    }
}

/// A value as rules see it.
pub(super) fn seen<'v>(field: &Field, text: &'v str) -> Box<dyn Val + 'v> {
    match held(bound_kind(field), within(field, text)) {
        Held::Text(text) => Box::new(CelString::from(text)),
        Held::Number(number) => Box::new(CelInt::from(number)),
        Held::Flag(flag) => Box::new(CelBool::from(flag)),
    }
}

/// A field whose kind varies is a text to the rule language.
fn bound_kind(field: &Field) -> Kind {
    if field.variants.is_some() { Kind::Text } else { field.spec.kind }
}

/// The part of a value that rules see: work is bounded by `max`, and the length has a finding of its own.
fn within<'t>(field: &Field, text: &'t str) -> &'t str {
    // No text has more characters than bytes: most are short enough without counting.
    if text.len() <= field.max {
        return text;
    }
    match text.char_indices().nth(field.max) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    }
}

impl Val for RowVal<'_> {
    fn get_type(&self) -> &Type {
        <Self as Val>::cel_type()
    }

    fn cel_type() -> &'static Type {
        &types::MAP_TYPE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn into_indexer<'v>(self: Box<Self>) -> Option<Box<dyn Indexer + 'v>>
    where
        Self: 'v,
    {
        Some(self)
    }

    /// Rows are not compared: the type check of the form refuses it.
    fn equals(&self, _: &dyn Val) -> bool {
        false
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}

impl Indexer for RowVal<'_> {
    fn get<'b, 'v>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let name = key.downcast_ref::<CelString<'_>>().map(CelString::inner).unwrap_or_default();
        let value = self.value(name).map(CowVal::Owned);
        value.ok_or_else(|| ExecutionError::NoSuchKey(Arc::new(name.to_owned())))
    }

    fn steal<'v>(self: Box<Self>, key: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(key).map(CowVal::into_owned)
    }
}
