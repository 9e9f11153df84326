//! Which papers a filled form needs, and which of them have not been seen. Knows nothing of files or scans.

use super::bind::Bound;
use super::data::{FormData, MaterialState};
use super::def::{FormDef, Material};
use super::eval::{EvalContext, holds};

/// The papers that are due with these values, in the order of the checklist. Of a group (`one_of`) any one paper is
/// enough; all of them are listed.
pub fn materials_due<'d>(def: &'d FormDef, data: &FormData, context: &EvalContext<'_>) -> Vec<&'d Material> {
    let bound = Bound::new(def, data, context);
    def.materials.iter().filter(|m| holds(&bound, &m.required, None, true)).collect()
}

/// The papers that are due and not there: not seen, or seen without the copy that must be kept (003 A7, A8, A25).
/// Of a group nothing is missing once one paper is there.
pub fn missing_materials<'d>(
    def: &'d FormDef,
    data: &FormData,
    context: &EvalContext<'_>,
) -> Vec<&'d Material> {
    let due = materials_due(def, data, context);
    let there = |material: &Material| match data.materials.get(&material.id) {
        Some(MaterialState::CopyKept) => true,
        Some(MaterialState::OriginalSeen) => !material.copy,
        Some(MaterialState::Missing) | None => false,
    };
    let satisfied =
        |m: &Material| there(m) || (m.group.is_some() && due.iter().any(|o| o.group == m.group && there(o)));
    due.iter().copied().filter(|m| !satisfied(m)).collect()
}

/// Missing papers as one asks for them: a paper a line, and of a group its papers joined by 或, for any one is enough.
pub fn missing_names(missing: &[&Material]) -> Vec<String> {
    asked_for(missing).into_iter().map(|papers| joined(&papers)).collect()
}

/// Missing papers, those of a group together, in the order of the checklist.
pub fn asked_for<'m>(missing: &[&'m Material]) -> Vec<Vec<&'m Material>> {
    let mut asked: Vec<Vec<&'m Material>> = Vec::new();
    for material in missing {
        let same = |papers: &&mut Vec<&Material>| {
            papers.first().is_some_and(|first| first.group.is_some() && first.group == material.group)
        };
        match asked.iter_mut().find(same) {
            Some(papers) => papers.push(material),
            None => asked.push(vec![material]),
        }
    }
    asked
}

/// The names of papers of which any one is enough.
pub fn joined(papers: &[&Material]) -> String {
    papers.iter().map(|paper| paper.label.as_str()).collect::<Vec<_>>().join("或")
}
