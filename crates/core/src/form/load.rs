//! Reads a form file into a [`FormDef`], strictly: unknown keys, wrong types, duplicate ids, expressions that do not
//! parse, name unknown fields or have the wrong type, missing messages and articles are all mistakes with a line.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeTable;

use super::cost::too_much_work;
use super::def::{Article, Condition, FormDef, Material, Reason, Rule, Severity, Target};
use super::error::FormError;
use super::expr::{Expr, compile, pieces};
use super::load_fields::{names_of, sections};
use super::load_head::{clock, copies, document_when, effect, levels, opened_by, record};
use super::reader::{Mistakes, Place, Reader};
use super::typing::{Names, Ty};

/// Longest form file, in bytes.
const MAX_FILE: usize = 256 * 1024;

/// What reading needs everywhere: the names expressions may use, and the articles texts exist for.
pub(super) struct Known<'a> {
    pub(super) names: &'a Names,
    pub(super) articles: &'a BTreeMap<String, Article>,
    pub(super) reasons: BTreeSet<&'a str>,
    /// Articles named so far.
    pub(super) cited: RefCell<BTreeSet<String>>,
}

impl FormDef {
    /// Reads a form definition. `file` is only used to say where a mistake stands.
    ///
    /// # Errors
    /// Every mistake of the file, in the order of its lines.
    pub fn load(file: &str, text: &str) -> Result<Self, Vec<FormError>> {
        let mistakes = Mistakes::new(file, text);
        if text.len() > MAX_FILE {
            mistakes.add(1, "", "the file is too long", format!("keep a form below {MAX_FILE} bytes"));
            return Err(mistakes.into_sorted());
        }
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let line = mistakes.line(error.span().map_or(0, |s| s.start));
                mistakes.add(line, "", format!("not TOML: {}", error.message()), "correct the syntax");
                return Err(mistakes.into_sorted());
            }
        };
        let reader = Reader::new(table.get_ref(), String::new(), 1, &mistakes);
        let form = form(&reader, file);
        reader.finish();
        if let Some(error) = too_much_work(&form) {
            mistakes.add_error(error);
        }
        let found = mistakes.into_sorted();
        if found.is_empty() { Ok(form) } else { Err(found) }
    }
}

fn form(reader: &Reader<'_, '_>, file: &str) -> FormDef {
    let articles = articles(reader);
    let names = names_of(reader);
    let reasons = reasons(reader);
    let known = Known {
        names: &names,
        articles: &articles,
        reasons: reasons.iter().map(|r| r.code.as_str()).collect(),
        cited: RefCell::default(),
    };
    let sections = sections(reader, &known);
    let effect = effect(reader);
    let article_places = article_places(reader);
    let form = FormDef {
        id: id(reader, "id"),
        code: screen_code(reader),
        version: version(reader),
        name: reader.must("name", "a short name of at most eight characters, e.g. 参保登记"),
        title: reader.must("title", "the title as printed"),
        annex: reader.text("annex").unwrap_or_default(),
        source: article(reader, "source", &known),
        template: reader.must("template", "the id of a print template"),
        receipt: reader.must("receipt", "the id of the print template of the receipt"),
        documents: reader.texts("documents"),
        document_when: document_when(reader, &known),
        copies: copies(reader),
        opened_by: opened_by(reader),
        effect,
        record: record(reader, effect, &known),
        clock: clock(reader, &known),
        levels: levels(reader, &known),
        sections,
        rules: rules(reader, &known),
        materials: materials(reader, &known),
        reasons: Vec::new(),
        articles: articles.clone(),
        file: file.to_owned(),
        cited: BTreeSet::new(),
        place: reader.place(),
        article_places,
    };
    let cited = known.cited.take();
    FormDef { cited, reasons, ..form }
}

/// An id: lower-case letters, digits, `_`.
pub(super) fn id(reader: &Reader<'_, '_>, key: &'static str) -> String {
    let id = reader.must(key, "an id such as psn_name");
    let good = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !good && !id.is_empty() {
        reader.mistake(key, format!("{id:?} is not an id"), "use lower-case letters, digits and _");
    }
    id
}

/// An article reference whose text the form holds.
pub(super) fn article(reader: &Reader<'_, '_>, key: &'static str, known: &Known<'_>) -> String {
    let reference = reader.must(key, "the article, e.g. \"003 A7\"");
    known.cited.borrow_mut().insert(reference.clone());
    if !reference.is_empty() && !known.articles.contains_key(&reference) {
        reader.mistake(key, format!("no text for article {reference:?}"), "add it under [articles]");
    }
    reference
}

/// An optional expression.
pub(super) fn expression(
    reader: &Reader<'_, '_>,
    key: &'static str,
    known: &Known<'_>,
    row: Option<&str>,
    want: &Ty,
) -> Option<Expr> {
    let source = reader.text(key)?;
    match compile(&source, known.names, row, want) {
        Ok(expr) => Some(expr),
        Err(message) => {
            reader.mistake(key, message, "see the rule language in forms/README.md");
            None
        }
    }
}

/// `flag_key = true` or `when_key = "expression"`, not both.
pub(super) fn condition(
    reader: &Reader<'_, '_>,
    flag_key: &'static str,
    when_key: &'static str,
    known: &Known<'_>,
    row: Option<&str>,
) -> Condition {
    let always = reader.flag(flag_key);
    let when = expression(reader, when_key, known, row, &Ty::Bool);
    match (always, when) {
        (true, Some(_)) => {
            reader.mistake(when_key, format!("{flag_key} = true makes it useless"), "keep one of the two");
            Condition::Always
        }
        (true, None) => Condition::Always,
        (false, Some(expr)) => Condition::When(expr),
        (false, None) => Condition::Never,
    }
}

fn screen_code(reader: &Reader<'_, '_>) -> String {
    let code = reader.must("code", "a two-letter screen code such as DJ");
    if !code.is_empty() && (code.len() != 2 || !code.chars().all(|c| c.is_ascii_uppercase())) {
        reader.mistake("code", format!("{code:?} is not a screen code"), "write two capital letters");
    }
    code
}

fn version(reader: &Reader<'_, '_>) -> u32 {
    let version = reader.number("version").unwrap_or(0);
    if version == 0 {
        reader.mistake("version", "is missing or zero", "count versions from 1");
    }
    version
}

/// One of a few words.
pub(super) fn pick<T: Copy>(reader: &Reader<'_, '_>, key: &'static str, known: &[(&str, T)]) -> Option<T> {
    let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    let fix = format!("use one of: {}", words.join(", "));
    let word = reader.must(key, &fix);
    let found = known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    if found.is_none() && !word.is_empty() {
        reader.mistake(key, format!("{word:?} is not known"), fix);
    }
    found
}

fn articles(reader: &Reader<'_, '_>) -> BTreeMap<String, Article> {
    let mut articles = BTreeMap::new();
    let Some(table) = reader.table("articles") else {
        reader.mistake("articles", "is missing", "add [articles.\"003 A7\"] with text");
        return articles;
    };
    for (reference, entry) in table.entries() {
        let text = entry.must("text", "a short quotation of the article");
        let article = Article { text, restored: entry.flag("restored") };
        entry.finish();
        articles.insert(reference, article);
    }
    articles
}

fn article_places(reader: &Reader<'_, '_>) -> BTreeMap<String, Place> {
    let table = reader.table("articles");
    let entries = table.iter().flat_map(Reader::entries);
    entries.map(|(reference, entry)| (reference, entry.place())).collect()
}

fn reasons(reader: &Reader<'_, '_>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for table in reader.tables("reasons") {
        let code = table.must("code", "a short code such as \"01\"");
        let label = table.must("label", "the text of the reason");
        table.finish();
        if reasons.iter().any(|r| r.code == code) {
            table.mistake("code", format!("{code:?} is used twice"), "give every reason its own code");
        }
        reasons.push(Reason { code, label });
    }
    reasons
}

fn rules(reader: &Reader<'_, '_>, known: &Known<'_>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for table in reader.tables("rules") {
        if let Some(rule) = rule(&table, known) {
            if rules.iter().any(|r| r.id == rule.id) {
                table.mistake("id", format!("{:?} is used twice", rule.id), "give every rule its own id");
            }
            rules.push(rule);
        }
        table.finish();
    }
    rules
}

fn rule(table: &Reader<'_, '_>, known: &Known<'_>) -> Option<Rule> {
    let id = id(table, "id");
    let each = table.text("each");
    if let Some(each) = each.as_ref().filter(|e| !known.names.tables.contains_key(*e)) {
        table.mistake("each", format!("no table {each:?}"), "name a table of the form");
    }
    let row = each.as_deref().filter(|e| known.names.tables.contains_key(*e));
    let on = target(table, known, row);
    let severity = pick(table, "severity", &[("error", Severity::Error), ("warning", Severity::Warning)]);
    let reason_codes = table.texts("reason_codes");
    for code in reason_codes.iter().filter(|c| !known.reasons.contains(c.as_str())) {
        table.mistake("reason_codes", format!("no reason {code:?}"), "add it under [[reasons]]");
    }
    if (severity == Some(Severity::Warning)) == reason_codes.is_empty() {
        table.mistake(
            "reason_codes",
            "do not fit the severity",
            "reasons belong to warnings, and only to them",
        );
    }
    let article = article(table, "article", known);
    let when = expression(table, "when", known, row, &Ty::Bool);
    if table.text("check").is_none() {
        table.must("check", "an expression that is true when all is well");
    }
    let check = expression(table, "check", known, row, &Ty::Bool);
    let message = table.must("message", "say in Chinese what is wrong and what to do");
    let pieces = pieces(&message, known.names, row).unwrap_or_else(|error| {
        table.mistake("message", error, "write {field} or {yuan(amount)}, or drop the braces");
        Vec::new()
    });
    Some(Rule {
        id,
        article,
        severity: severity?,
        reason_codes,
        message,
        pieces,
        on: on?,
        each,
        check: check?,
        when,
        place: table.place(),
    })
}

fn target(table: &Reader<'_, '_>, known: &Known<'_>, row: Option<&str>) -> Option<Target> {
    let on = table.must("on", "the field the finding stands at, e.g. psn_name or members.certno");
    let target = match on.split_once('.') {
        None => Target { table: None, field: on.clone() },
        Some((table, field)) => Target { table: Some(table.to_owned()), field: field.to_owned() },
    };
    let exists = match &target.table {
        None => known.names.fields.contains_key(&target.field),
        Some(t) => known.names.tables.get(t).is_some_and(|columns| columns.contains_key(&target.field)),
    };
    if !exists {
        if !on.is_empty() {
            table.mistake("on", format!("no field {on:?}"), "name a field, or table.column");
        }
        return None;
    }
    if row.is_some() && target.table.as_deref() != row {
        table.mistake("on", "must point at a column of the table of `each`", "write table.column");
        return None;
    }
    Some(target)
}

fn materials(reader: &Reader<'_, '_>, known: &Known<'_>) -> Vec<Material> {
    let mut materials: Vec<Material> = Vec::new();
    for table in reader.tables("materials") {
        let material = Material {
            id: id(&table, "id"),
            label: table.must("label", "the name of the paper"),
            copy: table.flag("copy"),
            original: table.flag("original"),
            required: condition(&table, "required", "required_when", known, None),
            group: table.text("one_of"),
            article: article(&table, "article", known),
            hint: table.text("hint").unwrap_or_default(),
            place: table.place(),
        };
        table.finish();
        if materials.iter().any(|m| m.id == material.id) {
            table.mistake("id", format!("{:?} is used twice", material.id), "give every material its own id");
        }
        materials.push(material);
    }
    materials
}
