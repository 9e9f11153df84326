//! What the form language costs: reading and checking every form at the start of a station, judging a household of eight at
//! a field exit, and how long a step of the bound on evaluation work takes.

#![expect(clippy::unwrap_used, reason = "a bench stops at the first fault")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use xiangbao::app::{Library, import_catalogue};
use xiangbao::exchange::CatalogueDefaults;
use xiangbao_core::catalogue::COLUMNS;
use xiangbao_core::form::{
    EvalContext, EveryGlyph, FieldPath, FormData, FormDef, MAX_WORK, check_field, derived, evaluate,
};

/// Items of a full catalogue.
const ITEMS: usize = 100_000;
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
        ruleset: "guangxi_2017",
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

/// An office's folder with the three catalogues as it installs them: the sample's items over and over, each with its own
/// code and name.
fn office_with(items: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sample = Library::load(None).unwrap_or_else(|error| panic!("{error}")).catalogue;
    let mut text = COLUMNS.map(|column| column.id).join(",");
    text.push('\n');
    for (at, item) in sample.items().iter().cycle().take(items).enumerate() {
        let mut row = item.row();
        row[0] = format!("X{at:08}");
        row[1] = format!("{}{at}号", item.name);
        row[13].clear();
        text.push_str(&row.map(|cell| format!("\"{cell}\"")).join(","));
        text.push('\n');
    }
    let file = folder.path().join("三大目录.csv");
    std::fs::write(&file, text).unwrap();
    let report =
        import_catalogue(folder.path(), &file, &CatalogueDefaults::default(), false, &mut |_| {}).unwrap();
    assert!(report.installed && report.items == items, "{:?}", report.faults.first());
    folder
}

/// What a full catalogue costs: at the start of a station, and at each key of a search.
fn catalogues(criterion: &mut Criterion) {
    let folder = office_with(ITEMS);
    let mut group = criterion.benchmark_group("catalogue");
    group.sample_size(10);
    group.bench_function(format!("load the whole library with {ITEMS} items"), |bench| {
        bench.iter(|| black_box(Library::load(Some(folder.path())).is_ok()));
    });
    let library = Library::load(Some(folder.path())).unwrap_or_else(|error| panic!("{error}"));
    let day = "2026-11-20".parse().unwrap();
    for query in ["amxl", "阿莫西林", "X00099999"] {
        group.bench_function(format!("search {query} in {ITEMS} items"), |bench| {
            bench.iter(|| library.catalogue.search(black_box(query), day, 60).len());
        });
    }
    group.finish();
}

criterion_group!(benches, forms, catalogues);
criterion_main!(benches);
