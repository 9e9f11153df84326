//! The rule language over values that belong to no form: named facts and tables of facts. The same parser, type check
//! and bound of work as for a form. Knows kinds and bounds; must not know what a fact means.

use std::collections::{BTreeMap, BTreeSet};

use cel::Value;

use super::bind::Bound;
use super::cost::steps;
use super::data::FormData;
use super::def::{Clock, Condition, Effect, Field, FormDef, Kind, KindSpec, Piece, Role, Section, TableSpec};
use super::eval::EvalContext;
use super::expr::{Expr, compile, pieces};
use super::load_fields::type_of;
use super::reader::Place;
use super::typing::{Names, Read, Ty};
use crate::calendar::Term;
use crate::identity::text::is_refused;

/// Longest text that a sentence takes over from a fact, characters.
const QUOTED: usize = 200;

/// One fact: its name in conditions, what people call it, its kind and its greatest length in characters.
#[derive(Clone, Copy, Debug)]
pub struct FactSpec {
    /// Name in conditions.
    pub id: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// Kind; money is fen to conditions.
    pub kind: Kind,
    /// Greatest number of characters.
    pub max: usize,
}

/// A table of facts.
#[derive(Clone, Copy, Debug)]
pub struct FactTable {
    /// Name in conditions.
    pub id: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// Greatest number of rows.
    pub max: usize,
    /// Columns.
    pub columns: &'static [FactSpec],
}

/// The facts that conditions may name.
#[derive(Clone, Debug)]
pub struct Schema {
    def: FormDef,
    names: Names,
}

/// A checked condition over facts.
#[derive(Clone, Debug)]
pub struct FactTest(Expr);

/// A sentence with facts in it.
#[derive(Clone, Debug)]
pub struct FactWords(Vec<Piece>);

/// Facts that can be asked.
pub struct Asked<'a> {
    bound: Bound<'a>,
}

impl Schema {
    /// The facts of a program, and further numbers by name, label and kind (parameters of an office).
    pub fn new(facts: &[FactSpec], tables: &[FactTable], numbers: &[(String, String, Kind)]) -> Self {
        let mut names = Names::default();
        for fact in facts {
            names.fields.insert(fact.id.to_owned(), type_of(fact.kind));
        }
        for (id, ..) in numbers {
            names.fields.insert(id.clone(), Ty::Int);
        }
        for table in tables {
            let columns = table.columns.iter().map(|column| (column.id.to_owned(), type_of(column.kind)));
            names.tables.insert(table.id.to_owned(), columns.collect());
        }
        let mut single: Vec<Field> = facts.iter().map(field).collect();
        single.extend(numbers.iter().map(|(id, label, kind)| plain(id, label, *kind, kind.default_max())));
        let mut sections = vec![section("", None, single)];
        sections.extend(tables.iter().map(|table| {
            let (id, max) = (table.id.to_owned(), table.max);
            let spec = TableSpec { id, min: 0, max, grid: false, alike: Vec::new() };
            section(table.label, Some(spec), table.columns.iter().map(field).collect())
        }));
        Self { def: head(sections), names }
    }

    /// A condition; `each` names the table whose row is in scope.
    ///
    /// # Errors
    /// What is wrong, in English, for the author of the file.
    pub fn test(&self, source: &str, each: Option<&str>) -> Result<FactTest, String> {
        compile(source, &self.names, each, &Ty::Bool).map(FactTest)
    }

    /// A sentence with `{fact}` or `{yuan(fact)}` in it.
    ///
    /// # Errors
    /// What is wrong, in English.
    pub fn words(&self, source: &str, each: Option<&str>) -> Result<FactWords, String> {
        pieces(source, &self.names, each).map(FactWords)
    }

    /// Whether a name is taken by a fact or a table.
    pub fn names(&self, id: &str) -> bool {
        self.names.fields.contains_key(id) || self.names.tables.contains_key(id)
    }

    /// Whether there is a table of this name.
    pub fn has_table(&self, id: &str) -> bool {
        self.names.tables.contains_key(id)
    }

    /// Most steps that judging a condition and saying its sentence can take, over all rows of `each`.
    pub fn work(&self, test: &FactTest, words: &FactWords, each: Option<&str>) -> u64 {
        let said = words.0.iter().filter_map(|piece| match piece {
            Piece::Value(expr) => Some(expr),
            Piece::Text(_) => None,
        });
        let once = said.chain([&test.0]).map(|expr| steps(&self.def, expr, each));
        let rows = each.and_then(|each| self.def.table(each)).and_then(|section| section.table.as_ref());
        once.fold(0, u64::saturating_add).saturating_mul(rows.map_or(1, |table| table.max.max(1) as u64))
    }

    /// Single facts that a condition reads, with their labels, in the order of the schema.
    pub fn read_by(&self, test: &FactTest) -> Vec<(&str, &str, Kind)> {
        let read: BTreeSet<&str> = test
            .0
            .reads
            .iter()
            .filter_map(|read| match read {
                Read::Field(id) => Some(id.as_str()),
                Read::Cell(_) | Read::Column(..) => None,
            })
            .collect();
        let fields = self.def.sections.first().into_iter().flat_map(|section| &section.fields);
        let read = fields.filter(|field| read.contains(field.id.as_str()));
        read.map(|field| (field.id.as_str(), field.label.as_str(), field.spec.kind)).collect()
    }

    /// The columns of a table with their labels.
    pub fn columns(&self, table: &str) -> Vec<(&str, &str, Kind)> {
        let fields = self.def.table(table).into_iter().flat_map(|section| &section.fields);
        fields.map(|field| (field.id.as_str(), field.label.as_str(), field.spec.kind)).collect()
    }

    /// Makes facts ready to be asked.
    pub fn over<'a>(&'a self, facts: &'a FormData, context: &EvalContext<'_>) -> Asked<'a> {
        Asked { bound: Bound::new(&self.def, facts, context) }
    }
}

impl Asked<'_> {
    /// Whether a condition holds, for a row of a table where it has one.
    ///
    /// # Errors
    /// A fault that the type check cannot see: a number that grew too large.
    pub fn holds(&self, test: &FactTest, row: Option<(&str, usize)>) -> Result<bool, String> {
        self.bound.truth(&test.0, row)
    }

    /// A sentence with the facts in their places.
    pub fn say(&self, words: &FactWords, row: Option<(&str, usize)>) -> String {
        let pieces = words.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(expr) => match self.bound.value(expr, row) {
                Ok(Value::String(text)) => text.chars().filter(|c| !is_refused(*c)).take(QUOTED).collect(),
                Ok(Value::Int(number)) => number.to_string(),
                _ => "?".to_owned(),
            },
        });
        pieces.collect()
    }
}

fn field(fact: &FactSpec) -> Field {
    plain(fact.id, fact.label, fact.kind, fact.max)
}

fn plain(id: &str, label: &str, kind: Kind, max: usize) -> Field {
    Field {
        id: id.to_owned(),
        label: label.to_owned(),
        spec: KindSpec::plain(kind),
        variants: None,
        beside: None,
        max,
        required: Condition::Never,
        shown: Condition::Always,
        carry: false,
        readonly: true,
        unprinted: String::new(),
        derive: None,
        passed: Condition::Never,
        search: None,
        help: String::new(),
        article: String::new(),
        place: Place::default(),
    }
}

fn section(title: &str, table: Option<TableSpec>, fields: Vec<Field>) -> Section {
    Section { title: title.to_owned(), table, shown: Condition::Always, fields, place: Place::default() }
}

/// The head of a form that nobody fills.
fn head(sections: Vec<Section>) -> FormDef {
    FormDef {
        id: "facts".to_owned(),
        code: String::new(),
        version: 1,
        name: String::new(),
        title: String::new(),
        annex: String::new(),
        source: String::new(),
        template: String::new(),
        receipt: String::new(),
        documents: Vec::new(),
        document_when: Vec::new(),
        copies: 0,
        opened_by: Role::Clerk,
        effect: Effect::Keep,
        record: None,
        clock: Clock { term: Term::SameDay, source: String::new(), correct_within: None },
        levels: Vec::new(),
        sections,
        rules: Vec::new(),
        materials: Vec::new(),
        reasons: Vec::new(),
        articles: BTreeMap::new(),
        file: String::new(),
        cited: BTreeSet::new(),
        place: Place::default(),
        article_places: BTreeMap::new(),
    }
}
