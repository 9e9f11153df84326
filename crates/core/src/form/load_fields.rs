//! Reads the sections and fields of a form file. First all names (expressions may look forward), then the fields.

use std::collections::{BTreeMap, BTreeSet};

use super::def::{Condition, Field, Kind, KindSpec, Search, Section, TableSpec, Variants};
use super::functions::RESERVED;
use super::load::{Known, article, condition, expression, id, pick};
use super::reader::Reader;
use super::typing::{Names, Ty};

/// Most rows a table may have: bounds the work of rules.
const MAX_ROWS: u32 = 500;

/// How the rule language sees a kind.
pub(super) fn type_of(kind: Kind) -> Ty {
    match kind {
        Kind::Money | Kind::Int => Ty::Int,
        Kind::Flag => Ty::Bool,
        _ => Ty::Text,
    }
}

/// All field and table names with their types; complains about names that are used twice or reserved.
pub(super) fn names_of(reader: &Reader<'_, '_>) -> Names {
    let mut names = Names::default();
    for section in reader.peek_tables("sections") {
        match section.peek("table") {
            None => {
                for field in section.peek_tables("fields") {
                    let Some((id, ty)) = named(&field) else { continue };
                    if names.fields.insert(id.clone(), ty).is_some() || names.tables.contains_key(&id) {
                        field.mistake("id", format!("{id:?} is used twice"), "give every field its own id");
                    }
                }
            }
            Some(table) => {
                let mut columns = BTreeMap::new();
                for column in section.peek_tables("columns") {
                    let Some((id, ty)) = named(&column) else { continue };
                    if columns.insert(id.clone(), ty).is_some() {
                        column.mistake("id", format!("{id:?} is used twice"), "give every column its own id");
                    }
                }
                let taken = names.fields.contains_key(table) || RESERVED.contains(&table);
                if names.tables.insert(table.to_owned(), columns).is_some() || taken {
                    section.mistake(
                        "table",
                        format!("{table:?} is used twice or reserved"),
                        "choose another id",
                    );
                }
            }
        }
    }
    names
}

fn named(field: &Reader<'_, '_>) -> Option<(String, Ty)> {
    let id = field.peek("id")?.to_owned();
    if RESERVED.contains(&id.as_str()) {
        field.mistake("id", format!("{id:?} is a word of the rule language"), "choose another id");
    }
    let kind = field.peek("kind").and_then(Kind::from_word)?;
    let ty = if field.has("variants") { Ty::Text } else { type_of(kind) };
    Some((id, ty))
}

/// The sections of the form.
pub(super) fn sections(reader: &Reader<'_, '_>, known: &Known<'_>) -> Vec<Section> {
    let mut sections = Vec::new();
    for table in reader.tables("sections") {
        let spec = table_spec(&table);
        let row = spec.as_ref().map(|s| s.id.as_str());
        let key = if spec.is_some() { "columns" } else { "fields" };
        let readers = table.tables(key);
        if readers.is_empty() {
            table.mistake(key, "is missing or empty", format!("add at least one [[sections.{key}]]"));
        }
        let siblings: BTreeSet<&str> = readers.iter().filter_map(|r| r.peek("id")).collect();
        let fields = readers.iter().filter_map(|r| field(r, known, row, &siblings)).collect();
        let shown = shown(&table, known, None);
        let title = table.must("title", "the heading of the block");
        table.finish();
        sections.push(Section { title, table: spec, shown, fields, place: table.place() });
    }
    if sections.is_empty() {
        reader.mistake("sections", "is missing or empty", "add at least one [[sections]]");
    }
    sections
}

fn table_spec(section: &Reader<'_, '_>) -> Option<TableSpec> {
    section.text("table")?;
    let id = id(section, "table");
    let min = section.number("min").unwrap_or(0);
    let max = section.number("max").unwrap_or(0);
    if max == 0 || max > MAX_ROWS || min > max {
        section.mistake("max", "is missing or out of range", format!("min <= max, max 1 to {MAX_ROWS}"));
    }
    let rows = |count: u32| usize::try_from(count.min(MAX_ROWS)).unwrap_or(0);
    let alike = section.texts("alike");
    let columns: BTreeSet<&str> =
        section.peek_tables("columns").iter().filter_map(|column| column.peek("id")).collect();
    for name in alike.iter().filter(|name| !columns.contains(name.as_str())) {
        section.mistake("alike", format!("no column {name:?}"), "name columns of this table");
    }
    let spec = TableSpec { id, min: rows(min), max: rows(max), grid: section.flag("grid"), alike };
    Some(spec)
}

/// A column that is looked up stands in a table, and has neighbours to fill.
fn search(reader: &Reader<'_, '_>, row: Option<&str>, spec: Option<&KindSpec>) -> Option<Search> {
    reader.peek("search")?;
    if row.is_none() || spec.is_some_and(|spec| spec.kind != Kind::Text) {
        reader.mistake("search", "only a text in a table is looked up", "drop it, or move the field");
    }
    pick(reader, "search", &[("catalogue", Search::Catalogue)])
}

fn shown(reader: &Reader<'_, '_>, known: &Known<'_>, row: Option<&str>) -> Condition {
    match condition(reader, "hidden", "shown_when", known, row) {
        Condition::Always => Condition::Never,
        Condition::Never => Condition::Always,
        when => when,
    }
}

fn field(
    reader: &Reader<'_, '_>,
    known: &Known<'_>,
    row: Option<&str>,
    siblings: &BTreeSet<&str>,
) -> Option<Field> {
    let id = id(reader, "id");
    let spec = spec(reader);
    let beside = reader.text("beside");
    let neighbour = |name: &str| siblings.contains(name) || known.names.fields.contains_key(name);
    if let Some(name) = beside.as_ref().filter(|name| !neighbour(name)) {
        reader.mistake("beside", format!("no field {name:?}"), "name the field that tells the sort");
    }
    let variants = variants(reader, siblings);
    let default_max = spec.as_ref().map_or(100, |s| s.kind.default_max());
    let max = reader.number("max").map_or(default_max, |m| usize::try_from(m).unwrap_or(default_max));
    if !(1..=2000).contains(&max) {
        reader.mistake("max", "is out of range", "write 1 to 2000 characters");
    }
    let derived_type = spec.as_ref().map_or(Ty::Text, |s| type_of(s.kind));
    let field = Field {
        id,
        label: reader.must("label", "a short label in Chinese"),
        spec: spec.clone().unwrap_or(KindSpec::plain(Kind::Text)),
        variants,
        beside,
        max,
        required: condition(reader, "required", "required_when", known, row),
        shown: shown(reader, known, row),
        carry: reader.flag("carry"),
        readonly: reader.flag("readonly"),
        unprinted: reader.text("unprinted").unwrap_or_default(),
        derive: expression(reader, "derive", known, row, &derived_type),
        passed: condition(reader, "passed", "passed_when", known, row),
        search: search(reader, row, spec.as_ref()),
        help: reader.must("help", "one line of help in Chinese"),
        article: article(reader, "article", known),
        place: reader.place(),
    };
    reader.finish();
    spec.map(|_| field)
}

fn spec(reader: &Reader<'_, '_>) -> Option<KindSpec> {
    let words: Vec<&str> = Kind::ALL.iter().map(|k| k.word()).collect();
    let fix = format!("use one of: {}", words.join(", "));
    let word = reader.must("kind", &fix);
    let codes = reader.text("codes");
    let whole_for = reader.text("whole_for");
    let Some(kind) = Kind::from_word(&word) else {
        if !word.is_empty() {
            reader.mistake("kind", format!("{word:?} is not a kind"), fix);
        }
        return None;
    };
    if (kind == Kind::Code) != codes.is_some() {
        reader.mistake(
            "codes",
            "a code needs a table, and only a code has one",
            "name a code table, or drop it",
        );
    }
    if whole_for.is_some() && codes.is_none() {
        reader.mistake("whole_for", "only a code table can be whole", "drop it, or name a code table");
    }
    Some(KindSpec { kind, codes, whole_for })
}

fn variants(reader: &Reader<'_, '_>, siblings: &BTreeSet<&str>) -> Option<Variants> {
    let by = reader.text("variant_by");
    let table = reader.table("variants");
    let (Some(by), Some(table)) = (by.as_ref(), table) else {
        if by.is_some() || reader.has("variants") {
            reader.mistake("variant_by", "variant_by and variants belong together", "write both");
        }
        return None;
    };
    if !siblings.contains(by.as_str()) {
        reader.mistake(
            "variant_by",
            format!("no field {by:?} beside this one"),
            "name a field of the same block",
        );
    }
    let mut kinds = BTreeMap::new();
    for (code, entry) in table.entries() {
        if let Some(spec) = spec(&entry) {
            kinds.insert(code, spec);
        }
        entry.finish();
    }
    Some(Variants { by: by.clone(), kinds })
}
