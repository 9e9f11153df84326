//! Derivations that go round, or build on each other for longer than an evaluation follows them.

use std::collections::BTreeMap;

use crate::form::cost::DERIVE_PASSES;
use crate::form::def::{Field, FormDef};
use crate::form::error::FormError;
use crate::form::typing::Read;

/// A field: the table of its column, and its id.
type Key<'a> = (Option<&'a str>, &'a str);

pub(super) fn check(def: &FormDef) -> Vec<FormError> {
    let mut derived: BTreeMap<Key<'_>, &Field> = BTreeMap::new();
    for section in &def.sections {
        let table = section.table.as_ref().map(|t| t.id.as_str());
        for field in section.fields.iter().filter(|f| f.derive.is_some()) {
            derived.insert((table, &field.id), field);
        }
    }
    let mut found = Vec::new();
    for (key, field) in &derived {
        let mut way = vec![*key];
        let message = match follow(&derived, &mut way) {
            Err(()) => format!("goes round: {}", shown(&way)),
            Ok(length) if length > DERIVE_PASSES => {
                format!("builds on {length} derivations in a row, at most {DERIVE_PASSES} are followed")
            }
            Ok(_) => continue,
        };
        let fix = "derive from what is typed, not from what is derived";
        found.push(field.place.mistake(&def.file, "derive", message, fix));
    }
    found
}

/// The number of derivations in a row from the last of the way, or the way that comes back to its beginning.
fn follow<'a>(derived: &BTreeMap<Key<'a>, &'a Field>, way: &mut Vec<Key<'a>>) -> Result<u64, ()> {
    let Some(key) = way.last().copied() else { return Ok(0) };
    let Some(expr) = derived.get(&key).and_then(|f| f.derive.as_ref()) else { return Ok(0) };
    let mut longest = 0;
    for read in &expr.reads {
        let next: Key<'a> = match read {
            Read::Field(id) => (None, id),
            Read::Cell(id) => (key.0, id),
            Read::Column(table, id) => (Some(table), id),
        };
        if way.first() == Some(&next) {
            way.push(next);
            return Err(());
        }
        // A round further on is named at its own fields.
        if !derived.contains_key(&next) || way.contains(&next) || way.len() > 16 {
            continue;
        }
        way.push(next);
        longest = longest.max(follow(derived, way)?);
        way.pop();
    }
    Ok(longest + 1)
}

fn shown(way: &[Key<'_>]) -> String {
    let names = way.iter().map(|(table, id)| match table {
        Some(table) => format!("{table}.{id}"),
        None => (*id).to_owned(),
    });
    names.collect::<Vec<_>>().join(" -> ")
}
