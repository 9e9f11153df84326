//! Which review levels a filled form goes through, and which further papers it has: amount limits are conditions of a level. Knows nothing of persons or
//! of what a level decides.

use super::bind::Bound;
use super::data::FormData;
use super::def::{FormDef, Level};
use super::eval::EvalContext;

/// The levels that hold with these values, in order. A condition that cannot be computed holds: a case rather goes
/// through one person more.
pub fn levels_due<'d>(def: &'d FormDef, data: &FormData, context: &EvalContext<'_>) -> Vec<&'d Level> {
    let bound = Bound::new(def, data, context);
    let holds = |level: &&Level| match &level.when {
        Some(when) => bound.truth(when, None).unwrap_or(true),
        None => true,
    };
    def.levels.iter().filter(holds).collect()
}

/// The further papers that a filled form has (annex 6: who gives out which), in the order of the file.
pub fn documents_due<'d>(def: &'d FormDef, data: &FormData, context: &EvalContext<'_>) -> Vec<&'d str> {
    let bound = Bound::new(def, data, context);
    let due = |id: &&String| {
        let mut conditions = def.document_when.iter().filter(|condition| condition.document == **id);
        conditions.all(|condition| bound.truth(&condition.when, None).unwrap_or(true))
    };
    def.documents.iter().filter(due).map(String::as_str).collect()
}
