//! The strict loader of a rules file: unknown and missing keys, wrong types, conditions that do not parse or name unknown
//! facts, figures without source, overlaps and gaps in time are all mistakes with a line and a way out. Knows the file
//! format; knows no claim and no folder.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::facts::{FACT_TABLES, FACTS};
use super::pack::{FindingRule, FindingsPack, RuleParam, RuleParamRow, Source};
use super::raised::Weight;
use crate::form::reader::{Mistakes, Reader};
use crate::form::{FactTest, FactWords, FormError, Kind, MAX_WORK, Schema};
use crate::money::parse_yuan;

/// Longest file, bytes.
const MAX_FILE: usize = 256 * 1024;
/// Identifiers of the levels that a rule may name.
const LEVELS: [&str; 4] = ["initial", "recheck", "approval", "finance"];
/// Where the rule language is described.
const LANGUAGE: &str = "see the rule language in forms/README.md and the facts in docs/findings.md";

impl FindingsPack {
    /// Reads the rules of one area. `file` only says where a mistake stands.
    ///
    /// # Errors
    /// Every mistake of the file, in the order of its lines.
    pub fn load(file: &str, text: &str) -> Result<Self, Vec<FormError>> {
        let mistakes = Mistakes::new(file, text);
        if text.len() > MAX_FILE {
            mistakes.add(1, "", "the file is too long", format!("keep it below {MAX_FILE} bytes"));
            return Err(mistakes.into_sorted());
        }
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let line = mistakes.line(error.span().map_or(0, |span| span.start));
                mistakes.add(line, "", format!("not TOML: {}", error.message()), "correct the syntax");
                return Err(mistakes.into_sorted());
            }
        };
        let reader = Reader::new(table.get_ref(), String::new(), 1, &mistakes);
        let pack = pack(&reader, file, text);
        reader.finish();
        let found = mistakes.into_sorted();
        if found.is_empty() { Ok(pack) } else { Err(found) }
    }
}

fn pack(reader: &Reader<'_, '_>, file: &str, text: &str) -> FindingsPack {
    let area = reader.must("area", "the area, e.g. guangxi-2017");
    let title = reader.must("title", "a title in Chinese");
    let params = params(reader);
    let numbers: Vec<(String, String, Kind)> =
        params.iter().map(|param| (param.id.clone(), param.label.clone(), shown_kind(param.kind))).collect();
    let schema = Schema::new(FACTS, FACT_TABLES, &numbers);
    let rules = rules(reader, &schema);
    for param in &params {
        let used = rules.iter().any(|rule| schema.read_by(&rule.when).iter().any(|(id, ..)| *id == param.id));
        if !used {
            let fix = "name it in a condition, or remove it";
            let text = format!("no condition reads the parameter {:?}", param.id);
            reader.mistake("params", text, fix);
        }
    }
    let hash = Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    FindingsPack { area, title, file: file.to_owned(), params, rules, hash, schema }
}

/// Shares are ten-thousandths to conditions, as in forms.
fn shown_kind(kind: Kind) -> Kind {
    if kind == Kind::Money { Kind::Money } else { Kind::Int }
}

fn params(reader: &Reader<'_, '_>) -> Vec<RuleParam> {
    let mut params: Vec<RuleParam> = Vec::new();
    let fixed = Schema::new(FACTS, FACT_TABLES, &[]);
    for table in reader.tables("params") {
        let id = table.must("id", "a name for conditions, e.g. visit_cost_limit");
        let good = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !good || fixed.names(&id) || params.iter().any(|param| param.id == id) {
            table.mistake("id", format!("{id:?} is no id, or is taken"), "use a free name of a-z, 0-9 and _");
        }
        let label = table.must("label", "the Chinese name");
        let unit = table.must("unit", "money, share or count");
        let kind = match unit.as_str() {
            "money" => Kind::Money,
            "share" => Kind::Ratio,
            "count" => Kind::Int,
            _ => {
                table.mistake("unit", format!("{unit:?} is not known"), "use money, share or count");
                Kind::Int
            }
        };
        let rows = param_rows(&table, kind);
        table.finish();
        params.push(RuleParam { id, label, kind, rows, line: table.line });
    }
    params
}

fn param_rows(table: &Reader<'_, '_>, kind: Kind) -> Vec<RuleParamRow> {
    let mut rows: Vec<RuleParamRow> = Vec::new();
    for row in table.tables("rows") {
        let source = source(&row);
        let written = row.must("value", "the figure as a text, e.g. \"300.00\"");
        let value = figure(kind, &written);
        if value.is_none() && !written.is_empty() {
            let fix = "write yuan as \"300.00\", a share as \"0.40\", a count as \"6\"";
            row.mistake("value", format!("{written:?} is no such figure"), fix);
        }
        row.finish();
        let (Some(source), Some(value)) = (source, value) else { continue };
        if let Some(before) = rows.last() {
            let next = before.source.to.and_then(|to| to.succ_opt());
            if next != Some(source.from) {
                let text = "does not begin on the day after the row before ends".to_owned();
                row.mistake("from", text, "rows stand in order of time, without overlap or gap");
            }
        }
        rows.push(RuleParamRow { source, value, written });
    }
    if rows.is_empty() {
        table.mistake("rows", "has no row", "write at least one [[params.rows]]");
    }
    rows
}

/// Fen, ten-thousandths or a count.
fn figure(kind: Kind, written: &str) -> Option<i64> {
    match kind {
        Kind::Money => parse_yuan(written).ok().map(|fen| fen.0).filter(|fen| *fen >= 0),
        Kind::Ratio => crate::form::share_of(written),
        _ => written.parse::<u32>().ok().filter(|count| *count <= 999_999_999).map(i64::from),
    }
}

fn day(reader: &Reader<'_, '_>, key: &'static str) -> Option<NaiveDate> {
    let text = reader.text(key)?;
    let day = text.parse::<NaiveDate>().ok().filter(|day| day.to_string() == text);
    if day.is_none() {
        reader.mistake(key, format!("{text:?} is no day"), "write it as \"2017-07-01\"");
    }
    day
}

fn source(reader: &Reader<'_, '_>) -> Option<Source> {
    let from = match reader.has("from") {
        true => day(reader, "from"),
        false => {
            reader.must("from", "the first day of effect, e.g. \"2017-07-01\"");
            None
        }
    };
    let to = day(reader, "to");
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        reader.mistake("to", "ends before it begins", "correct from or to (both included)");
    }
    let document = reader.must("document", "the document it stands in, or 示例");
    let article = reader.must("article", "the article, e.g. \"003 A88\"");
    let status = reader.must("status", "verified or sample");
    if !matches!(status.as_str(), "" | "verified" | "sample") {
        reader.mistake("status", format!("{status:?} is not known"), "use verified or sample");
    }
    let (checked_by, checked_on) = match reader.table("checked") {
        Some(checked) => {
            let by = checked.must("by", "who compared it");
            let on = day(&checked, "on");
            if on.is_none() && !checked.has("on") {
                checked.mistake("on", "is missing", "the day it was compared");
            }
            checked.finish();
            (by, on)
        }
        None => {
            reader.mistake("checked", "is missing", "write checked = { by = \"...\", on = \"2026-11-22\" }");
            (String::new(), None)
        }
    };
    Some(Source {
        from: from?,
        to,
        document,
        article,
        sample: status != "verified",
        checked_by,
        checked_on: checked_on?,
        note: reader.text("note").unwrap_or_default(),
        line: reader.line,
    })
}

fn rules(reader: &Reader<'_, '_>, schema: &Schema) -> Vec<FindingRule> {
    let mut rules: Vec<FindingRule> = Vec::new();
    let mut work = 0_u64;
    for table in reader.tables("findings") {
        let rule = rule(&table, schema);
        table.finish();
        let Some(rule) = rule else { continue };
        if rules.iter().any(|other| other.code == rule.code) {
            table.mistake(
                "code",
                format!("{:?} is used twice", rule.code),
                "give every finding its own code",
            );
        }
        work = work.saturating_add(schema.work(&rule.when, &rule.words, rule.each.as_deref()));
        if work > MAX_WORK {
            let text = format!("judging one claim could take {work} steps (at most {MAX_WORK})");
            table.mistake("when", text, "write the loop without a loop inside, or use each");
            work = 0;
        }
        rules.push(rule);
    }
    rules
}

fn rule(table: &Reader<'_, '_>, schema: &Schema) -> Option<FindingRule> {
    let code = table.must("code", "a reason code, e.g. PJ01");
    let plain = code.len() <= 8 && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if !plain {
        table.mistake("code", format!("{code:?} is no reason code"), "use at most eight of A-Z and 0-9");
    }
    let title = table.must("title", "a short name in Chinese");
    let weight_id = table.must("weight", "block, answer or inform");
    let weight = Weight::ALL.into_iter().find(|weight| weight.id() == weight_id);
    if weight.is_none() && !weight_id.is_empty() {
        table.mistake("weight", format!("{weight_id:?} is not known"), "use block, answer or inform");
    }
    let each = table.text("each");
    if let Some(each) = each.as_ref().filter(|each| !schema.has_table(each)) {
        table.mistake("each", format!("no table {each:?}"), LANGUAGE);
        return None;
    }
    let levels = table.texts("levels");
    for level in levels.iter().filter(|level| !LEVELS.contains(&level.as_str())) {
        table.mistake("levels", format!("no level {level:?}"), format!("use {}", LEVELS.join(", ")));
    }
    let condition = table.must("when", "a condition that is true when there is something to look at");
    let when = test(table, schema, &condition, each.as_deref());
    let message = table.must("message", "say in Chinese what was found");
    let words = words(table, "message", schema, &message, each.as_deref());
    let todo_text = match weight {
        Some(Weight::Block) => table.must("todo", "say in Chinese what the clerk does now"),
        _ => table.text("todo").unwrap_or_default(),
    };
    let todo = self::words(table, "todo", schema, &todo_text, each.as_deref());
    let about_text = match &each {
        Some(_) => table.must("about", "what tells its rows apart, e.g. \"{row.case_no}\""),
        None => table.text("about").unwrap_or_default(),
    };
    let about = self::words(table, "about", schema, &about_text, each.as_deref());
    let source = source(table);
    Some(FindingRule {
        code,
        title,
        weight: weight?,
        each,
        levels,
        source: source?,
        message,
        condition,
        when: when?,
        words: words?,
        todo: todo?,
        about: about?,
    })
}

fn test(table: &Reader<'_, '_>, schema: &Schema, source: &str, each: Option<&str>) -> Option<FactTest> {
    if source.is_empty() {
        return None;
    }
    let tested = schema.test(source, each);
    tested.map_err(|message| table.mistake("when", message, LANGUAGE)).ok()
}

fn words(
    table: &Reader<'_, '_>,
    key: &'static str,
    schema: &Schema,
    text: &str,
    each: Option<&str>,
) -> Option<FactWords> {
    schema.words(text, each).map_err(|message| table.mistake(key, message, LANGUAGE)).ok()
}
