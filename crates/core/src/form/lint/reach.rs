//! What can never happen: fields no values show, papers and entries no values demand, rules that never or always
//! complain. Knows the form; the trying of values is [`super::truth`].

use std::collections::BTreeSet;

use cel::common::ast::IdedExpr;

use super::truth::{Outcome, World};
use crate::code::CodeBook;
use crate::form::data::FieldPath;
use crate::form::def::{Condition, Field, FormDef, Rule, Section};
use crate::form::error::FormError;

/// The fields some values show: table of the column, and id.
type Reachable = BTreeSet<(Option<String>, String)>;

pub(super) fn check(def: &FormDef, codes: &CodeBook) -> Vec<FormError> {
    let mut reachable = Reachable::new();
    // What depends on a field that shows later is tried again, until nothing new shows.
    loop {
        let before = reachable.len();
        let found = with_world(def, codes, &reachable, shown_by_something);
        reachable.extend(found);
        if reachable.len() == before {
            break;
        }
    }
    with_world(def, codes, &reachable, |world| {
        let mut found = fields(world, &reachable);
        found.extend(rules(world));
        found.extend(materials(world));
        found.extend(levels(world));
        found
    })
}

fn with_world<T>(
    def: &FormDef,
    codes: &CodeBook,
    reachable: &Reachable,
    ask: impl FnOnce(&World<'_>) -> T,
) -> T {
    let known =
        |table: Option<&str>, id: &str| reachable.contains(&(table.map(str::to_owned), id.to_owned()));
    ask(&World { def, reachable: &known, codes })
}

/// The conditions that show a field; none when it is hidden for good.
fn shown<'a>(section: &'a Section, field: &'a Field) -> Option<Vec<&'a IdedExpr>> {
    let mut conditions = Vec::new();
    for condition in [&section.shown, &field.shown] {
        match condition {
            Condition::Always => {}
            Condition::Never => return None,
            Condition::When(expr) => conditions.push(&expr.tree),
        }
    }
    Some(conditions)
}

fn row_of(section: &Section) -> Option<&str> {
    section.table.as_ref().map(|table| table.id.as_str())
}

fn can_hold(world: &World<'_>, conditions: &[&IdedExpr], row: Option<&str>) -> bool {
    conditions.is_empty() || world.try_all(conditions, row, None).can_hold
}

fn shown_by_something(world: &World<'_>) -> Reachable {
    let mut found = Reachable::new();
    for section in &world.def.sections {
        let row = row_of(section);
        for field in &section.fields {
            if shown(section, field).is_some_and(|conditions| can_hold(world, &conditions, row)) {
                found.insert((row.map(str::to_owned), field.id.clone()));
            }
        }
    }
    found
}

fn fields(world: &World<'_>, reachable: &Reachable) -> Vec<FormError> {
    const FIX: &str = "correct the condition, or remove what never shows";
    let mut found = Vec::new();
    for section in &world.def.sections {
        let row = row_of(section);
        if let Condition::When(expr) = &section.shown
            && !can_hold(world, &[&expr.tree], None)
        {
            let message = "no values show this block: the condition can never hold";
            found.push(section.place.mistake(&world.def.file, "shown_when", message, FIX));
            continue;
        }
        for field in &section.fields {
            let Some(mut conditions) = shown(section, field) else { continue };
            if !reachable.contains(&(row.map(str::to_owned), field.id.clone())) {
                let message = format!("no values show {:?}: the condition can never hold", field.id);
                found.push(field.place.mistake(&world.def.file, "shown_when", message, FIX));
                continue;
            }
            let Condition::When(required) = &field.required else { continue };
            conditions.push(&required.tree);
            if !can_hold(world, &conditions, row) {
                let message = format!("no values demand {:?}: the condition can never hold", field.id);
                found.push(field.place.mistake(&world.def.file, "required_when", message, FIX));
            }
        }
    }
    found
}

fn materials(world: &World<'_>) -> Vec<FormError> {
    let mut found = Vec::new();
    for material in &world.def.materials {
        let Condition::When(expr) = &material.required else { continue };
        if !can_hold(world, &[&expr.tree], None) {
            let message = format!("no values demand {:?}: the condition can never hold", material.id);
            let fix = "correct the condition, or remove the paper";
            found.push(material.place.mistake(&world.def.file, "required_when", message, fix));
        }
    }
    found
}

fn levels(world: &World<'_>) -> Vec<FormError> {
    let mut found = Vec::new();
    for level in &world.def.levels {
        let Some(when) = &level.when else { continue };
        if !can_hold(world, &[&when.tree], None) {
            let message = format!("no case goes through {:?}: the condition can never hold", level.level);
            let fix = "correct the condition, or remove the level";
            found.push(level.place.mistake(&world.def.file, "when", message, fix));
        }
    }
    found
}

fn rules(world: &World<'_>) -> Vec<FormError> {
    world.def.rules.iter().filter_map(|rule| judge(world, rule)).collect()
}

fn judge(world: &World<'_>, rule: &Rule) -> Option<FormError> {
    const FIX: &str = "correct the condition, or remove the rule";
    let mistake = |key: &str, message: &str| Some(rule.place.mistake(&world.def.file, key, message, FIX));
    let path = match &rule.on.table {
        Some(table) => FieldPath::cell(table, 0, &rule.on.field),
        None => FieldPath::single(&rule.on.field),
    };
    let (section, field) = world.def.locate(&path)?;
    let row = rule.each.as_deref();
    if !(world.reachable)(rule.on.table.as_deref(), &rule.on.field) {
        return mistake("on", "can never fire: no values show the field");
    }
    // A condition of the column speaks of a row; a rule about the whole table has none.
    let mut conditions = shown(section, field)?;
    if rule.on.table.is_some() && row.is_none() {
        conditions = match &section.shown {
            Condition::When(expr) => vec![&expr.tree],
            Condition::Always | Condition::Never => Vec::new(),
        };
    }
    let whole_table = rule.each.is_none() && rule.on.table.is_some();
    let filled = match (whole_table, row) {
        (true, _) => None,
        (false, Some(_)) => Some(format!("row.{}", rule.on.field)),
        (false, None) => Some(rule.on.field.clone()),
    };
    let filled = filled.as_deref();
    let mut always = conditions.is_empty();
    if let Some(when) = &rule.when {
        conditions.push(&when.tree);
        let Outcome { can_hold, can_fail } = world.try_all(&conditions, row, filled);
        if !can_hold {
            return mistake("when", "can never fire: `when` can never hold where the field is filled");
        }
        always &= !can_fail;
    }
    conditions.push(&rule.check.tree);
    let Outcome { can_hold, can_fail } = world.try_all(&conditions, row, filled);
    if !can_fail {
        return mistake("check", "can never fire: `check` holds with all values that `when` lets through");
    }
    if !can_hold && always {
        return mistake("check", "fires with all values: `check` can never hold");
    }
    None
}
