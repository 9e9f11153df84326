//! Checks between definitions: a form names templates that exist, and a template only names what its form or the
//! application fills.

use std::collections::{BTreeMap, BTreeSet};

use xiangbao_core::print::Template;

use super::library::{Fault, Form};

/// Slots that the application fills on every paper, by prefix.
const OWN_PREFIXES: [&str; 9] =
    ["form.", "case.", "station.", "op.", "print.", "page.", "setl.", "receipt.", "raw."];
/// Further slots and tables that the application fills.
const OWN_NAMES: [&str; 11] = [
    "applicant",
    "notice.date",
    "refuse.reason",
    "refuse.basis",
    "acct.masked",
    "certno.masked",
    "mats",
    "demands",
    "trace",
    "fee_kinds",
    "bands",
];

/// Everything wrong between forms and templates.
pub(super) fn cross_check(
    forms: &BTreeMap<String, Form>,
    templates: &BTreeMap<String, Template>,
    texts: &BTreeMap<String, String>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for form in forms.values() {
        for (key, template) in [("template", &form.def.template), ("receipt", &form.def.receipt)] {
            if !templates.contains_key(template) {
                let file = format!("forms/{}.toml", form.def.id);
                faults.push(Fault {
                    line: line_of(texts, &file, key),
                    file,
                    key: key.to_owned(),
                    message: format!("there is no print template {template:?}"),
                    fix: "name a file of print-templates/, without ending".to_owned(),
                });
            }
        }
        for section in &form.def.sections {
            known.extend(section.fields.iter().map(|field| field.id.as_str()));
            known.extend(section.table.iter().map(|table| table.id.as_str()));
        }
    }
    for template in templates.values() {
        let slots = template.slots();
        for slot in slots.values.iter().chain(slots.tables.keys()) {
            let own = OWN_PREFIXES.iter().any(|prefix| slot.starts_with(prefix));
            if !own && !OWN_NAMES.contains(&slot.as_str()) && !known.contains(slot.as_str()) {
                let file = format!("print-templates/{}.toml", template.id);
                faults.push(Fault {
                    line: line_of(texts, &file, slot),
                    file,
                    key: slot.clone(),
                    message: "no form has this field and the program does not fill it".to_owned(),
                    fix: "use a field id of the form, or a slot of print-templates/README.md".to_owned(),
                });
            }
        }
    }
    faults
}

/// The first line that holds a word, outside comments; 0 when there is none.
fn line_of(texts: &BTreeMap<String, String>, file: &str, word: &str) -> usize {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let holds = |line: &str| {
        !line.trim_start().starts_with('#')
            && line.match_indices(word).any(|(at, _)| {
                let (before, after) = (line.get(..at), line.get(at + word.len()..));
                !before.is_some_and(|text| text.ends_with(part))
                    && !after.is_some_and(|text| text.starts_with(part))
            })
    };
    let position = texts.get(file).and_then(|text| text.lines().position(holds));
    position.map_or(0, |index| index + 1)
}
