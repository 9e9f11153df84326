//! What is tried with an input: load it, see that every fault has a place, judge any values with what loads. Knows the
//! loaders; must not know how inputs are made.

use std::sync::Arc;

use xiangbao_core::calendar::{Calendar, CalendarLayer, LayerLevel};
use xiangbao_core::code::CodeBook;
use xiangbao_core::form::{
    self, EvalContext, EveryGlyph, FieldPath, FormData, FormDef, MAX_WORK, MaterialState,
};
use xiangbao_core::print::Template;

use super::mutate::{Dice, ODD};

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Form,
    Expression,
    Template,
    Codes,
    Calendar,
}

impl Sort {
    const ALL: [Self; 5] = [Self::Form, Self::Expression, Self::Template, Self::Codes, Self::Calendar];

    /// The beginning of file names of the corpus.
    pub fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Expression => "expression",
            Self::Template => "template",
            Self::Codes => "codes",
            Self::Calendar => "calendar",
        }
    }

    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| name.split('-').next() == Some(sort.word()))
    }
}

/// What everything is tried against.
pub struct World {
    codes: CodeBook,
    calendar: Arc<Calendar>,
    minimal: String,
}

impl World {
    pub fn new() -> Self {
        let read = |path: &str| std::fs::read_to_string(super::root().join(path)).unwrap();
        let names = ["seed/codes/national.csv", "seed/codes/local.csv", "seed/divisions/guangxi.csv"];
        let texts = names.map(read);
        let files: Vec<(&str, &str)> = names.iter().copied().zip(texts.iter().map(String::as_str)).collect();
        let days = read("seed/calendar/national.csv");
        let layer = CalendarLayer { name: "national", level: LayerLevel::National, text: &days };
        Self {
            codes: CodeBook::from_csv(&files).unwrap(),
            calendar: Arc::new(Calendar::from_csv(&[layer]).unwrap()),
            minimal: read("crates/core/tests/forms/broken/minimal.toml"),
        }
    }

    /// Tries an input.
    pub fn judge(&self, sort: Sort, text: &str, dice: &mut Dice) {
        match sort {
            Sort::Form => self.form(text, dice),
            Sort::Expression => self.expression(text, dice),
            Sort::Template => template(text),
            Sort::Codes => {
                if let Err(error) = CodeBook::from_csv(&[("codes.csv", text)]) {
                    assert_eq!(error.file, "codes.csv");
                    placed(usize::try_from(error.line).unwrap(), text, &error.problem.to_string());
                }
            }
            Sort::Calendar => {
                let layer = CalendarLayer { name: "days.csv", level: LayerLevel::National, text };
                match Calendar::from_csv(&[layer]) {
                    Ok(calendar) => {
                        let (from, to) = ("2020-01-01".parse().unwrap(), "2031-01-01".parse().unwrap());
                        assert!(calendar.working_days_between(from, to) >= 0);
                    }
                    Err(error) => assert!(error.to_string().contains("days.csv"), "{error}"),
                }
            }
        }
    }

    /// The expression as a check, as a derivation and inside a message of a small form.
    fn expression(&self, text: &str, dice: &mut Dice) {
        let quoted = toml::Value::String(text.to_owned()).to_string();
        for (find, replace) in [
            ("check = 'qty <= 10'", format!("check = {quoted}")),
            ("check = 'row.amt > 0'", format!("check = {quoted}")),
            ("help = \"姓名\"", format!("help = \"姓名\"\nderive = {quoted}")),
            ("required_when = 'qty > 1'", format!("required_when = {quoted}")),
            ("{qty}", format!("{{{}}}", quoted.trim_matches('"'))),
        ] {
            self.form(&self.minimal.replacen(find, &replace, 1), dice);
        }
    }

    fn form(&self, text: &str, dice: &mut Dice) {
        let def = match FormDef::load("form.toml", text) {
            Ok(def) => def,
            Err(errors) => {
                assert!(!errors.is_empty());
                for error in errors {
                    assert_eq!(error.file, "form.toml");
                    assert!(!error.fix.is_empty(), "{error}");
                    placed(error.line, text, &error.message);
                }
                return;
            }
        };
        assert!(def.work() <= MAX_WORK);
        for error in def.check(&self.codes).into_iter().chain(def.check_printed(|_, _| false)) {
            placed(error.line, text, &error.message);
        }
        let context = EvalContext {
            today: "2026-11-20".parse().unwrap(),
            codes: &self.codes,
            glyphs: &EveryGlyph,
            ruleset: "guangxi_2017",
            calendar: Some(&self.calendar),
        };
        for _ in 0..2 {
            self.values(&def, &context, dice);
        }
    }

    /// Any values are judged, and everything asked of them is answered.
    fn values(&self, def: &FormDef, context: &EvalContext<'_>, dice: &mut Dice) {
        let data = filled(def, dice);
        let findings = form::evaluate(def, &data, context);
        assert!(findings.iter().all(|finding| !finding.message.is_empty()));
        let order = def.field_order(&data);
        for path in form::shown_fields(def, &data, context) {
            assert!(order.contains(&path));
        }
        let derived = form::derived(def, &data, context);
        assert!(derived.iter().all(|(path, value)| def.field(path).is_some() && !value.is_empty()));
        let kept = form::without_hidden(def, &data, context);
        assert!(kept.fields.len() <= data.fields.len());
        let due = form::materials_due(def, &data, context);
        assert!(form::missing_materials(def, &data, context).len() <= due.len());
        assert!(form::levels_due(def, &data, context).len() <= def.levels.len());
        if let Some(path) = order.get(dice.below(order.len())) {
            form::check_field(def, &data, path, context);
            form::display_value(def, &data, path, &self.codes);
            let typed = dice.pick(&ODD);
            form::normalize_field(def, &data, path, typed, context.today);
        }
    }
}

fn filled(def: &FormDef, dice: &mut Dice) -> FormData {
    let mut data = def.blank();
    for section in &def.sections {
        let rows = section.table.as_ref().map(|table| (&table.id, dice.below(table.max.min(12) + 3)));
        for field in &section.fields {
            let paths = match rows {
                Some((table, rows)) => (0..rows).map(|row| FieldPath::cell(table, row, &field.id)).collect(),
                None => vec![FieldPath::single(&field.id)],
            };
            for path in paths {
                let odd = *dice.pick(&ODD);
                match dice.below(8) {
                    0 => {}
                    1 => data.set(&path, &odd.repeat(1 + dice.below(2000))),
                    _ => data.set(&path, odd),
                }
            }
        }
    }
    for material in &def.materials {
        data.materials.insert(material.id.clone(), MaterialState::OriginalSeen);
    }
    data
}

fn template(text: &str) {
    match Template::load("paper.toml", text) {
        Ok(template) => {
            let slots = template.slots();
            assert!(template.ticks().iter().all(|tick| {
                tick.table.is_some_and(|table| slots.tables.contains_key(table))
                    || slots.values.contains(tick.slot)
                    || tick.slot.starts_with("page.")
                    || tick.slot == "row.no"
            }));
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                assert_eq!(error.file, "paper.toml");
                assert!(!error.fix.is_empty(), "{error}");
                placed(error.line, text, &error.message);
            }
        }
    }
}

/// A fault stands on a line of the file and says something.
fn placed(line: usize, text: &str, message: &str) {
    let lines = text.matches('\n').count() + 1;
    assert!((1..=lines + 1).contains(&line), "line {line} of {lines}: {message}");
    assert!(!message.is_empty());
}
