//! What the form language costs: reading and checking every form at the start of a station, judging a household of eight at
//! a field exit, and how long a step of the bound on evaluation work takes.

#![expect(clippy::unwrap_used, reason = "a bench stops at the first fault")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use xiangbao::app::Library;
use xiangbao_core::form::{
    EvalContext, EveryGlyph, FieldPath, FormData, FormDef, MAX_WORK, check_field, derived, evaluate,
};

/// Members of the household that is judged.
const MEMBERS: usize = 8;

fn texts(table: &toml::Table) -> BTreeMap<String, String> {
    table.iter().filter_map(|(id, value)| Some((id.clone(), value.as_str()?.to_owned()))).collect()
}

/// The sample household with its rows repeated up to eight, each with a number of its own.
fn household() -> FormData {
    let text = include_str!("../forms/samples/enrolment.toml");
    let sample: toml::Table = text.parse().unwrap();
    let rows = sample["tables"]["members"].as_array().unwrap();
    let rows: Vec<_> = rows.iter().map(|row| texts(row.as_table().unwrap())).collect();
    let members = rows.iter().cycle().take(MEMBERS).enumerate().map(|(index, row)| {
        let mut row = row.clone();
        if index >= rows.len() {
            row.insert("certno".to_owned(), format!("45142419900101{index:03}X"));
        }
        row
    });
    FormData {
        fields: texts(sample["fields"].as_table().unwrap()),
        tables: BTreeMap::from([("members".to_owned(), members.collect())]),
        ..FormData::default()
    }
}

/// A form as expensive as the bound allows: how long the slowest judgement can be.
fn dearest() -> (FormDef, FormData) {
    let minimal = include_str!("../crates/core/tests/forms/broken/minimal.toml");
    let with = |rows: usize| {
        let text = minimal.replace("max = 5", &format!("max = {rows}")).replace(
            "check = 'row.amt > 0'",
            "check = 'rows.all(a, rows.all(b, a.amt + b.amt + 1 > row.amt))'",
        );
        FormDef::load("minimal.toml", &text).ok()
    };
    let (rows, def) = (1..=100).rev().find_map(|rows| Some((rows, with(rows)?))).unwrap();
    let mut data = def.blank();
    for row in 0..rows {
        data.set(&FieldPath::cell("rows", row, "amt"), "12.50");
    }
    (def, data)
}

fn forms(criterion: &mut Criterion) {
    let library = Library::load(None).unwrap_or_else(|error| panic!("{error}"));
    let files: Vec<(String, &str)> = library
        .forms
        .values()
        .map(|form| (format!("forms/{}.toml", form.def.id), form.text.as_str()))
        .collect();
    criterion.bench_function(&format!("load and check {} forms", files.len()), |bench| {
        bench.iter(|| {
            for (file, text) in &files {
                let def = FormDef::load(file, text).unwrap();
                assert!(black_box(def.check(&library.codes)).is_empty());
            }
        });
    });
    criterion.bench_function("load the whole library", |bench| {
        bench.iter(|| black_box(Library::load(None).is_ok()));
    });
    let context = EvalContext {
        today: "2026-11-20".parse().unwrap(),
        codes: &library.codes,
        glyphs: &EveryGlyph,
        calendar: Some(&library.calendar),
    };
    let def = &library.form("enrolment").unwrap().def;
    let data = household();
    criterion.bench_function("judge a household of eight", |bench| {
        bench.iter(|| black_box(evaluate(def, black_box(&data), &context)));
    });
    let path = FieldPath::cell("members", 5, "certno");
    criterion.bench_function("judge one field of it", |bench| {
        bench.iter(|| black_box(check_field(def, black_box(&data), &path, &context)));
    });
    criterion.bench_function("derive what follows in it", |bench| {
        bench.iter(|| black_box(derived(def, black_box(&data), &context)));
    });
    let (def, data) = dearest();
    assert!(def.work() > MAX_WORK / 4);
    criterion.bench_function(&format!("a form of {} steps", def.work()), |bench| {
        bench.iter(|| black_box(evaluate(&def, black_box(&data), &context)));
    });
}

criterion_group!(benches, forms);
criterion_main!(benches);
