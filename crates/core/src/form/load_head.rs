//! Reads the head of a form file: what approval does, what it files, the clock, the levels and where they sit, who fills
//! the form and in how many copies. Knows names of fields; must not know sections or rules.

use super::def::{Clock, DocumentWhen, Effect, Level, RecordSpec, Role, Seat};
use super::load::{Known, article, expression, pick};
use super::reader::Reader;
use super::typing::Ty;
use crate::calendar::Term;

/// Most copies of one paper.
const MAX_COPIES: u32 = 5;

pub(super) fn effect(reader: &Reader<'_, '_>) -> Effect {
    let known = [
        ("enrol_household", Effect::EnrolHousehold),
        ("enrol_students", Effect::EnrolStudents),
        ("change_person", Effect::ChangePerson),
        ("cancel_enrolment", Effect::CancelEnrolment),
        ("transfer", Effect::Transfer),
        ("reimburse", Effect::Reimburse),
        ("file", Effect::File),
        ("refund", Effect::Refund),
        ("keep", Effect::Keep),
    ];
    pick(reader, "effect", &known).unwrap_or(Effect::ChangePerson)
}

/// How many copies of the filled form are printed at once.
pub(super) fn copies(reader: &Reader<'_, '_>) -> u32 {
    let copies = reader.number("copies").unwrap_or(1);
    if !(1..=MAX_COPIES).contains(&copies) {
        reader.mistake("copies", "is out of range", format!("write 1 to {MAX_COPIES}"));
    }
    copies.clamp(1, MAX_COPIES)
}

/// `[[document_when]]` with `document` and `when`: a paper that only some cases have.
pub(super) fn document_when(reader: &Reader<'_, '_>, known: &Known<'_>) -> Vec<DocumentWhen> {
    let documents = reader.texts("documents");
    let mut conditions = Vec::new();
    for table in reader.tables("document_when") {
        let document = table.must("document", "name one of documents");
        if !documents.contains(&document) {
            table.mistake(
                "document",
                format!("{document:?} is not among documents"),
                "name one of documents",
            );
        }
        if let Some(when) = expression(&table, "when", known, None, &Ty::Bool) {
            conditions.push(DocumentWhen { document, when, place: table.place() });
        } else {
            table.mistake("when", "is missing", "write the condition, or leave the table out");
        }
        table.finish();
    }
    conditions
}

/// Who fills the form: the window, unless the file says so.
pub(super) fn opened_by(reader: &Reader<'_, '_>) -> Role {
    if !reader.has("opened_by") {
        return Role::Clerk;
    }
    pick(reader, "opened_by", &[("clerk", Role::Clerk), ("auditor", Role::Auditor)]).unwrap_or(Role::Clerk)
}

/// The record of a form that files one.
pub(super) fn record(reader: &Reader<'_, '_>, effect: Effect, known: &Known<'_>) -> Option<RecordSpec> {
    let files = matches!(effect, Effect::File | Effect::Refund);
    let Some(table) = reader.table("record") else {
        if files {
            reader.mistake("record", "is missing", "add [record] with from, to, keep");
        }
        return None;
    };
    if !files {
        table.mistake("", "only a form with effect = \"file\" or \"refund\" files a record", "drop [record]");
    }
    let each = table.text("each");
    if let Some(name) = each.as_ref().filter(|name| !known.names.tables.contains_key(*name)) {
        table.mistake("each", format!("no table {name:?}"), "name a table of the form");
    }
    let columns = each.as_ref().and_then(|name| known.names.tables.get(name));
    let exists = |id: &str| {
        known.names.fields.contains_key(id) || columns.is_some_and(|columns| columns.contains_key(id))
    };
    let spec = RecordSpec {
        from: table.text("from"),
        to: table.text("to"),
        unique: table.has("unique").then(|| table.texts("unique")),
        fixed: table.texts("fixed"),
        needs_cover: table.flag("needs_cover"),
        agreed_first: table.flag("agreed_first"),
        keep: table.texts("keep"),
        each: each.clone(),
    };
    let dates = [("from", &spec.from), ("to", &spec.to)].map(|(key, id)| (key, id.as_slice()));
    let lists = [
        ("unique", spec.unique.as_deref().unwrap_or_default()),
        ("fixed", spec.fixed.as_slice()),
        ("keep", spec.keep.as_slice()),
    ];
    for (key, ids) in dates.into_iter().chain(lists) {
        for id in ids.iter().filter(|id| !exists(id)) {
            table.mistake(key, format!("no field {id:?}"), "name a field of the form, or a column of `each`");
        }
    }
    table.finish();
    Some(spec)
}

/// `working_days = 15` or `same_day = true`: the two terms that the procedure sets for a review.
fn term(table: &Reader<'_, '_>) -> Option<Term> {
    match (table.number("working_days"), table.flag("same_day")) {
        (Some(days), false) if (1..=250).contains(&days) => Some(Term::WorkingDays(days)),
        (None, true) => Some(Term::SameDay),
        _ => None,
    }
}

/// `correct_within = 15` with `correct_source`: working days for the applicant's supplement, where the form sets its own.
fn correct_within(table: &Reader<'_, '_>) -> Option<u32> {
    if !table.has("correct_within") {
        return None;
    }
    table.must("correct_source", "who sets it, e.g. \"本单位自定\"");
    let days = table.number("correct_within").filter(|days| (1..=250).contains(days));
    if days.is_none() {
        table.mistake("correct_within", "is out of range", "write 1 to 250 working days");
    }
    days
}

pub(super) fn clock(reader: &Reader<'_, '_>, known: &Known<'_>) -> Clock {
    let none = Term::SameDay;
    let Some(table) = reader.table("clock") else {
        reader.mistake("clock", "is missing", "add [clock] with working_days and source");
        return Clock { term: none, source: String::new(), correct_within: None };
    };
    let term = term(&table).unwrap_or_else(|| {
        let fix = "write working_days = 1 to 250, or same_day = true";
        table.mistake("working_days", "is missing or out of range", fix);
        none
    });
    let clock =
        Clock { term, source: article(&table, "source", known), correct_within: correct_within(&table) };
    table.finish();
    clock
}

pub(super) fn levels(reader: &Reader<'_, '_>, known: &Known<'_>) -> Vec<Level> {
    const ORDER: [&str; 4] = ["initial", "recheck", "approval", "finance"];
    let roles = [
        ("clerk", Role::Clerk),
        ("rechecker", Role::Rechecker),
        ("approver", Role::Approver),
        ("finance", Role::Finance),
        ("auditor", Role::Auditor),
    ];
    let seats = [("township", Seat::Township), ("county", Seat::County), ("city", Seat::City)];
    let mut levels: Vec<Level> = Vec::new();
    for table in reader.tables("levels") {
        let level = table.must("level", "initial, recheck, approval or finance");
        let place = |name: &str| ORDER.iter().position(|o| *o == name);
        let later = levels.last().is_none_or(|last| place(&last.level) < place(&level));
        if !level.is_empty() && (place(&level).is_none() || !later) {
            table.mistake(
                "level",
                format!("{level:?} is unknown or out of order"),
                "initial, recheck, approval, finance",
            );
        }
        let role = pick(&table, "role", &roles).unwrap_or(Role::Clerk);
        let seat = match table.has("seat") {
            true => pick(&table, "seat", &seats).unwrap_or_default(),
            false => Seat::Township,
        };
        if levels.last().is_some_and(|last| last.seat > seat) {
            table.mistake(
                "seat",
                "lies below the level before it",
                "a case only goes up: township, county, city",
            );
        }
        let when = expression(&table, "when", known, None, &Ty::Bool);
        if when.is_some() && levels.is_empty() {
            table.mistake("when", "the first level always holds", "drop it");
        }
        table.finish();
        levels.push(Level { level, role, seat, when, place: table.place() });
    }
    if levels.is_empty() {
        reader.mistake("levels", "is missing", "add at least one [[levels]]");
    }
    levels
}
