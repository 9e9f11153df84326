//! Reads the corpora: shipped forms, samples, code tables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use xiangbao_core::code::CodeBook;
use xiangbao_core::form::{EvalContext, EveryGlyph, FormData, FormDef, MaterialState, Row};

/// The ids of all shipped forms.
pub fn forms() -> Vec<String> {
    let files = std::fs::read_dir(root().join("forms")).unwrap().map(|entry| entry.unwrap().path());
    let tomls = files.filter(|path| path.extension().is_some_and(|e| e == "toml"));
    let mut ids: Vec<String> =
        tomls.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    ids.sort();
    ids
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

pub fn form(name: &str) -> FormDef {
    let file = format!("forms/{name}.toml");
    FormDef::load(&file, &read(&file)).unwrap_or_else(|errors| {
        let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", shown.join("\n"))
    })
}

pub fn codes() -> CodeBook {
    let names = [
        "seed/codes/national.csv",
        "seed/codes/local.csv",
        "seed/divisions/guangxi.csv",
        "seed/divisions/historical.csv",
        "seed/divisions/areas.csv",
    ];
    let texts = names.map(read);
    let files: Vec<(&str, &str)> = names.iter().copied().zip(texts.iter().map(String::as_str)).collect();
    CodeBook::from_csv(&files).unwrap()
}

/// A filled form with the day it is judged on.
pub struct Sample {
    pub today: NaiveDate,
    /// The rules of waiting that the area follows.
    pub ruleset: &'static str,
    pub data: FormData,
}

impl Sample {
    pub fn context<'a>(&self, codes: &'a CodeBook) -> EvalContext<'a> {
        EvalContext { today: self.today, codes, glyphs: &EveryGlyph, ruleset: self.ruleset, calendar: None }
    }
}

pub fn sample(name: &str) -> Sample {
    let table: toml::Table = toml::from_str(&read(&format!("forms/samples/{name}.toml"))).unwrap();
    assert_eq!(table["form"].as_str(), Some(name));
    let mut data = FormData { fields: texts(table["fields"].as_table().unwrap()), ..FormData::default() };
    let empty = toml::Table::new();
    for (id, rows) in table.get("tables").and_then(toml::Value::as_table).unwrap_or(&empty) {
        let rows = rows.as_array().unwrap().iter().map(|row| texts(row.as_table().unwrap())).collect();
        data.tables.insert(id.clone(), rows);
    }
    for (id, state) in table["materials"].as_table().unwrap() {
        let state = match state.as_str() {
            Some("copy_kept") => MaterialState::CopyKept,
            Some("original_seen") => MaterialState::OriginalSeen,
            other => panic!("{name}: material {id}: {other:?}"),
        };
        data.materials.insert(id.clone(), state);
    }
    let today = table["today"].as_str().unwrap().parse().unwrap();
    Sample { today, ruleset: "guangxi_2017", data }
}

pub fn texts(table: &toml::Table) -> Row {
    let pairs = table.iter().map(|(id, value)| (id.clone(), value.as_str().unwrap().to_owned()));
    pairs.collect::<BTreeMap<_, _>>()
}
