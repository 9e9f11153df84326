//! Every form, typed by keys from the empty sheet to the number.

use xiangbao_core::form::{self, FieldPath, FormDef, Kind, shown_fields};

use super::desk::{Bench, sample};

fn shown_now(bench: &Bench, def: &FormDef) -> Vec<FieldPath> {
    shown_fields(def, &bench.draft().data, &bench.station.eval_context())
}

/// The number of a field from which F7 means this table: in its first row, else the last field of the section above.
fn number_by(shown: &[FieldPath], def: &FormDef, table: &str) -> usize {
    let fills = |path: &FieldPath| def.field(path).is_some_and(|field| !field.readonly);
    let in_table = |path: &FieldPath| path.row.as_ref().is_some_and(|(t, _)| t == table);
    let inside = shown.iter().position(|path| in_table(path) && fills(path));
    let index = inside.unwrap_or_else(|| {
        let at = def.sections.iter().position(|s| s.table.as_ref().is_some_and(|t| t.id == table)).unwrap();
        let above = def.sections[..at].iter().rev().find(|s| s.table.is_none()).unwrap();
        let holds = |path: &FieldPath| path.row.is_none() && above.field(&path.field).is_some();
        shown.iter().rposition(|path| holds(path) && fills(path)).unwrap()
    });
    index + 1
}

/// The field after `here` that can be filled, as the draft stands.
fn after(bench: &Bench, def: &FormDef, here: Option<&FieldPath>) -> Option<FieldPath> {
    let data = bench.draft().data;
    // In a bill Enter passes over what a line has already.
    let passed = |path: &FieldPath| {
        path.row.is_some() && form::passed(def, &data, path, &bench.station.eval_context())
    };
    let shown = shown_now(bench, def).into_iter();
    let mut fillable = shown
        .filter(|path| def.field(path).is_some_and(|f| !f.readonly))
        .filter(|path| Some(path) == here || !passed(path));
    match here {
        None => fillable.next(),
        Some(here) => fillable.skip_while(|path| path != here).nth(1),
    }
}

/// What a clerk types for a value: codes by their label where it means one code, dates and amounts the short way.
fn typed(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Date => value.replace('-', ""),
        Kind::Money => value.trim_end_matches(".00").to_owned(),
        Kind::Flag => if value == "1" { "y" } else { "n" }.to_owned(),
        Kind::Certificate => value.to_lowercase(),
        _ => value.to_owned(),
    }
}

fn type_form(bench: &mut Bench, form: &str, code: &str) -> usize {
    let wanted = sample(form);
    let def = bench.station.library().form(form).unwrap().def.clone();
    if def.opened_by == xiangbao_core::form::Role::Auditor {
        bench.become_auditor();
    }
    // A form about one person begins with finding that person: here for nobody, by an empty Enter.
    let finds = def.single_sections().any(|section| section.field("psn_no").is_some());
    bench.keys(&format!("={code}<Enter>{}", if finds { "<Enter>" } else { "" }));
    for (table, rows) in &wanted.tables {
        let begun = bench.draft().data.rows(table).len();
        for _ in begun..rows.len() {
            let number = number_by(&shown_now(bench, &def), &def, table);
            bench.keys(&format!("<Ctrl-n>{number}<Enter><F7>"));
        }
        assert_eq!(bench.draft().data.rows(table).len(), rows.len(), "{form} {table}");
    }
    let first = after(bench, &def, None).unwrap();
    let number = shown_now(bench, &def).iter().position(|path| *path == first).unwrap() + 1;
    bench.keys(&format!("<Ctrl-n>{number}<Enter>"));
    let mut here = Some(first);
    let mut fields = 0;
    while let Some(path) = here {
        let kind = def.kind_at(&bench.draft().data, &path).unwrap().kind;
        let value = wanted.get(&path).to_owned();
        let now = bench.draft().data.get(&path).to_owned();
        // What was filled already is only passed.
        let keys = if now == value { String::new() } else { format!("<Ctrl-u>{}", typed(kind, &value)) };
        bench.keys(&format!("{keys}<Enter>"));
        assert_eq!(bench.draft().data.get(&path), value, "{form} {path}\n{}", bench.text());
        fields += 1;
        here = after(bench, &def, Some(&path));
        // Enter at the end of a bill begins a new line; in that empty line it leaves the bill.
        let beyond = |here: &FieldPath| {
            here.row.as_ref().is_some_and(|(table, row)| *row >= wanted.rows(table).len().max(1))
        };
        if here.as_ref().is_some_and(beyond) {
            bench.keys("<Enter>");
            here = after(bench, &def, Some(&path));
        }
    }
    fields
}

#[test]
fn every_form_can_be_typed_from_the_empty_sheet() {
    let forms =
        Bench::new(80, 24).station.library().forms.values().map(|form| form.def.clone()).collect::<Vec<_>>();
    for def in forms {
        let (form, code) = (def.id.as_str(), def.code.as_str());
        let mut bench = Bench::new(80, 24);
        let fields = type_form(&mut bench, form, code);
        assert!(fields > 10, "{form}: {fields}");
        bench.shows("能否提交");
        assert!(bench.station.snapshot().unwrap().all_cases(9).unwrap().is_empty(), "Enter never submits");
        // Papers by one key each.
        let papers = bench.station.materials_due(&bench.draft()).unwrap().len();
        bench.keys("<F5>").keys(&"2".repeat(papers)).keys("<Esc>");
        // No enrolment of the bench covers the stay or the filing's first day (003 A80): that is said here already.
        // Nor is there a payment of theirs to give back.
        let covered = code != "BX" && !def.record.as_ref().is_some_and(|record| record.needs_cover);
        bench.shows(match code {
            "TF" => "没有可退的缴费",
            _ if covered => "没有需要改正的内容",
            _ => "没有待遇享受资格",
        });
    }
}

/// Goes to a field, types into it and leaves it.
pub(super) fn leave(bench: &mut Bench, def: &FormDef, id: &str, keys: &str) {
    let number = shown_now(bench, def).iter().position(|path| path.field == id).unwrap() + 1;
    bench.keys(&format!("<Ctrl-n>{number}<Enter><Ctrl-u>{keys}<Enter>"));
}

/// Product 2.6, reference 6.1: the line below says which rare character stands in a name and which place a number names;
/// a character that no font holds is an error at once.
#[test]
fn what_a_field_holds_is_said_when_it_is_left() {
    let mut bench = Bench::new(120, 40);
    let def = bench.station.library().form("change").unwrap().def.clone();
    bench.keys("=BG<Enter><Enter>");
    leave(&mut bench, &def, "psn_name", "覃u4dae");
    assert_eq!(bench.draft().data.field("psn_name"), "覃䶮");
    assert!(bench.text().contains("含生僻字：覃〔䶮 U+4DAE〕"), "{}", bench.text());
    leave(&mut bench, &def, "certno", "452130750815003");
    assert_eq!(bench.draft().data.field("certno"), "452130197508150036");
    assert!(bench.text().contains("1975-08-15 出生，男，原广西南宁地区大新县"), "{}", bench.text());
    leave(&mut bench, &def, "psn_name", "覃U+E863");
    assert!(bench.text().contains("U+E863") && bench.text().contains("纸上印不出"), "{}", bench.text());
}
