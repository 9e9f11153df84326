//! Checks between definitions: a form names templates that exist and print all of it, a template only names what its
//! form or the application fills, and its tick boxes are the codes of the table.

use std::collections::{BTreeMap, BTreeSet};

use xiangbao_core::code::CodeBook;
use xiangbao_core::form::{FieldPath, FormDef, FormError, Kind};
use xiangbao_core::print::{Slots, Template, Tick};

use super::library::{Fault, Form};

/// Slots that the application fills on every paper, by prefix.
const OWN_PREFIXES: [&str; 15] = [
    "form.", "case.", "station.", "op.", "print.", "page.", "setl.", "receipt.", "roster.", "list.", "call.",
    "neg.", "village.", "notice.", "paper.",
];
/// Further slots and tables that the application fills.
const OWN_NAMES: [&str; 20] = [
    "applicant",
    "received",
    "years",
    "benefits",
    "filings",
    "refuse.reason",
    "refuse.basis",
    "acct.masked",
    "certno.masked",
    "mats",
    "demands",
    "trace",
    "fee_kinds",
    "neg_amounts",
    "neg_year",
    "bands",
    "roster",
    "pays",
    "calls",
    "papers",
];

/// What is compared.
pub(super) struct Shelf<'a> {
    pub(super) forms: &'a BTreeMap<String, Form>,
    pub(super) templates: &'a BTreeMap<String, Template>,
    pub(super) codes: &'a CodeBook,
    /// Texts of the files, to say where something stands.
    pub(super) texts: &'a BTreeMap<String, String>,
}

impl From<FormError> for Fault {
    fn from(error: FormError) -> Self {
        let FormError { file, line, key, message, fix } = error;
        Self { file, line, key, message, fix }
    }
}

impl Shelf<'_> {
    /// Everything wrong between forms and templates.
    pub(super) fn cross_check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
        for form in self.forms.values() {
            if let Some(other) = codes.insert(&form.def.code, &form.def.id) {
                let message = format!("the form {other:?} has this screen code already");
                faults.push(form.def.mistake("code", message, "choose two other letters").into());
            }
            let missing = self.missing_papers(&form.def);
            // What a paper would print cannot be told while it is not there.
            if missing.is_empty() {
                faults.extend(self.unprinted(&form.def));
            }
            faults.extend(missing);
        }
        for template in self.templates.values() {
            faults.extend(self.slots(template));
            faults.extend(self.ticks(template));
        }
        faults
    }

    fn missing_papers(&self, def: &FormDef) -> Vec<Fault> {
        let heads = [("template", &def.template), ("receipt", &def.receipt)];
        let papers = heads.into_iter().chain(def.documents.iter().map(|id| ("documents", id)));
        let missing = papers.filter(|(_, id)| !self.templates.contains_key(*id));
        let fault = |(key, id): (&str, &String)| {
            let message = format!("there is no print template {id:?}");
            def.mistake(key, message, "name a file of print-templates/, without ending").into()
        };
        missing.map(fault).collect()
    }

    fn unprinted(&self, def: &FormDef) -> Vec<Fault> {
        let own = [&def.template, &def.receipt].into_iter().chain(&def.documents);
        let slots: Vec<Slots> = own.filter_map(|id| self.templates.get(id)).map(Template::slots).collect();
        let holds = |slot: &str| slots.iter().any(|s| s.values.contains(slot));
        let printed = |table: Option<&str>, field: &str| match table {
            Some(table) => slots.iter().any(|s| s.tables.get(table).is_some_and(|keys| keys.contains(field))),
            None => {
                holds(field)
                    || holds(&format!("raw.{field}"))
                    || (field == "certno" && holds("certno.masked"))
                    || (field == "bankacct" && holds("acct.masked"))
            }
        };
        def.check_printed(printed).into_iter().map(Fault::from).collect()
    }

    /// The forms whose values a template prints: those that name it; all, for a paper of every form.
    fn owners(&self, template: &Template) -> Vec<&FormDef> {
        let all = || self.forms.values().map(|form| &form.def);
        let names = |def: &&FormDef| def.template == template.id || def.documents.contains(&template.id);
        let own: Vec<&FormDef> = all().filter(names).collect();
        if own.is_empty() { all().collect() } else { own }
    }

    fn slots(&self, template: &Template) -> Vec<Fault> {
        let owners = self.owners(template);
        let slots = template.slots();
        let single = |slot: &str| {
            let id = FieldPath::single(slot.strip_prefix("raw.").unwrap_or(slot));
            owners.iter().any(|def| def.field(&id).is_some())
        };
        let ours = |slot: &str| {
            OWN_PREFIXES.iter().any(|prefix| slot.starts_with(prefix)) || OWN_NAMES.contains(&slot)
        };
        let mut unknown: BTreeSet<&str> =
            slots.values.iter().map(String::as_str).filter(|s| !ours(s) && !single(s)).collect();
        for (table, keys) in slots.tables.iter().filter(|(table, _)| !ours(table)) {
            let sections: Vec<_> = owners.iter().filter_map(|def| def.table(table)).collect();
            if sections.is_empty() {
                unknown.insert(table);
                continue;
            }
            let column = |key: &&String| sections.iter().any(|section| section.field(key).is_some());
            unknown.extend(keys.iter().filter(|key| !column(key) && !ours(key)).map(String::as_str));
        }
        let fault = |slot| {
            let message = "no form has this field and the program does not fill it";
            let fix = "use a field id of the form, or a slot of print-templates/README.md";
            self.fault(template, slot, message.to_owned(), fix)
        };
        unknown.into_iter().map(fault).collect()
    }

    fn ticks(&self, template: &Template) -> Vec<Fault> {
        let mut faults = Vec::new();
        for tick in template.ticks() {
            for def in self.owners(template) {
                let wrong = self.tick(def, &tick);
                if let Some(message) = wrong {
                    let fix =
                        "write the codes and labels of the table; subset = true where some are left out";
                    faults.push(self.fault(template, tick.slot, message, fix));
                    break;
                }
            }
        }
        faults
    }

    /// What is wrong with a tick list that shows a field of the form.
    fn tick(&self, def: &FormDef, tick: &Tick<'_>) -> Option<String> {
        let id = tick.slot.strip_prefix("raw.").unwrap_or(tick.slot);
        let path = match tick.table {
            Some(table) => FieldPath::cell(table, 0, id),
            None => FieldPath::single(id),
        };
        let field = def.field(&path).filter(|field| field.variants.is_none())?;
        let entries: Vec<(&str, &str)> = match (field.spec.kind, field.spec.codes.as_deref()) {
            (Kind::Flag, _) => return flag_ticks(tick),
            (Kind::Code, Some(table)) => {
                let entries = self.codes.table(table)?.entries().iter();
                entries.map(|entry| (entry.code.as_str(), entry.label.as_str())).collect()
            }
            _ => return None,
        };
        // Labels alone stand where the slot is the label, not the code.
        let same = |option: &xiangbao_core::print::TickOption, entry: &(&str, &str)| {
            entry.1 == option.label && (option.code == option.label || entry.0 == option.code)
        };
        if let Some(option) = tick.options.iter().find(|o| !entries.iter().any(|entry| same(o, entry))) {
            let word = if option.code == option.label {
                option.label.clone()
            } else {
                format!("{}={}", option.code, option.label)
            };
            return Some(format!("the table of {id:?} has no {word:?}"));
        }
        let left: Vec<&str> = entries
            .iter()
            .filter(|entry| !tick.options.iter().any(|option| same(option, entry)))
            .map(|entry| entry.0)
            .collect();
        let complete = tick.subset || left.is_empty();
        (!complete).then(|| format!("the codes {} of {id:?} are left out", left.join(", ")))
    }

    fn fault(&self, template: &Template, key: &str, message: String, fix: &str) -> Fault {
        let file = format!("print-templates/{}.toml", template.id);
        let line = line_of(self.texts, &file, key);
        Fault { file, line, key: key.to_owned(), message, fix: fix.to_owned() }
    }
}

fn flag_ticks(tick: &Tick<'_>) -> Option<String> {
    let wrong = tick.options.iter().find(|o| o.code != o.label && !matches!(o.code.as_str(), "0" | "1"))?;
    Some(format!("a flag is 1 or 0, not {:?}", wrong.code))
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
