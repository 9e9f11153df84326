//! Every row of the corpora, judged by the product.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use xiangbao_core::code::CodeBook;
use xiangbao_core::identity::{Certificate, NumberKind, check_name, check_number};

pub type Row = BTreeMap<String, String>;

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub fn rows(file: &str) -> Vec<Row> {
    let text = read(&format!("tests/identity/{file}"));
    let rows: Result<Vec<Row>, csv::Error> =
        csv::Reader::from_reader(text.as_bytes()).deserialize().collect();
    rows.unwrap()
}

pub fn codes() -> CodeBook {
    let names = ["seed/codes/national.csv", "seed/divisions/guangxi.csv", "seed/divisions/historical.csv"];
    let texts = names.map(|name| read(&format!("../../{name}")));
    let files: Vec<(&str, &str)> = names.iter().copied().zip(texts.iter().map(String::as_str)).collect();
    CodeBook::from_csv(&files).unwrap()
}

/// What the row expects of a reading, told for one that was made.
fn told(read: &Certificate, codes: &CodeBook, kind: &str) -> [String; 4] {
    let region = read.division.as_deref().filter(|_| kind != "uscc").and_then(|code| codes.id_region(code));
    [
        read.normal.clone(),
        read.birth.map_or_else(String::new, |birth| birth.to_string()),
        read.sex_code.unwrap_or("").to_owned(),
        region.map_or_else(String::new, |region| region.zh()),
    ]
}

fn judge(row: &Row, codes: &CodeBook) -> (String, String, [String; 4]) {
    let kind = row["kind"].as_str();
    match check_number(NumberKind::of(kind), &row["number"], today()) {
        Ok(read) => {
            let notes: Vec<&str> = read.notes.iter().map(|note| note.code()).collect();
            ("ok".to_owned(), notes.join(" "), told(&read, codes, kind))
        }
        Err(error) => {
            let verdict = if error.is_overridable() { "override" } else { "no" };
            let reading = error.reading().map_or_else(Default::default, |read| told(read, codes, kind));
            assert!(!error.zh().is_empty());
            (verdict.to_owned(), error.code().to_owned(), reading)
        }
    }
}

#[test]
fn every_number_of_the_corpora_gets_its_verdict() {
    let codes = codes();
    let mut faults = Vec::new();
    for file in ["certificates.csv", "accounts.csv"] {
        for (index, row) in rows(file).iter().enumerate() {
            let expected = (
                row["verdict"].clone(),
                row["reason"].clone(),
                ["normal", "birth", "sex", "place"].map(|column| row[column].clone()),
            );
            let found = judge(row, &codes);
            if found != expected {
                faults.push(format!(
                    "{file}:{}: {} {}\n  expected {expected:?}\n  found    {found:?}",
                    index + 2,
                    row["kind"],
                    row["number"]
                ));
            }
            assert!(!row["source"].is_empty(), "{file}:{}: a rule without source", index + 2);
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_name_of_the_corpus_gets_its_verdict() {
    for row in rows("names.csv") {
        let found = match check_name(&row["name"]) {
            Ok(name) => {
                let notes: Vec<&str> = name.notes.iter().map(|note| note.code()).collect();
                ("ok", name.normal, notes.join(" "))
            }
            Err(error) => ("no", String::new(), error.code().to_owned()),
        };
        assert_eq!(
            found,
            (row["verdict"].as_str(), row["normal"].clone(), row["reason"].clone()),
            "{:?}",
            row["name"]
        );
    }
}

/// Reference 6.1, trap 1: the county's own adults.
#[test]
fn the_old_codes_of_the_county_and_its_neighbours_are_known() {
    let codes = codes();
    for (code, place) in [
        ("452101", "凭祥市"),
        ("452128", "扶绥县"),
        ("452129", "崇左县"),
        ("452130", "大新县"),
        ("452131", "天等县"),
        ("452132", "宁明县"),
        ("452133", "龙州县"),
    ] {
        let region = codes.id_region(code).unwrap();
        assert_eq!(region.name, format!("广西壮族自治区南宁地区{place}"));
        assert_eq!(region.standing_code(), "abolished");
        assert_eq!(region.doubt(NaiveDate::from_ymd_opt(1975, 8, 15)), None);
        assert!(region.doubt(NaiveDate::from_ymd_opt(2020, 1, 1)).unwrap().contains(code));
    }
    assert_eq!(codes.id_region("451424").unwrap().zh(), "广西崇左市大新县");
    assert!(codes.id_region("451499").unwrap().doubt(None).unwrap().contains("不在新旧区划代码中"));
    assert_eq!(codes.id_region("991234"), None);
    assert_eq!(codes.id_region(""), None);
}

/// What else a number carries.
#[test]
fn countries_and_inner_organisations_are_read() {
    let read = |kind: &str, text: &str| check_number(NumberKind::of(kind), text, today()).unwrap();
    assert_eq!(read("07", "911240199001010023").country.as_deref(), Some("240"));
    assert_eq!(read("07", "VNM110012345678").country.as_deref(), Some("VNM"));
    let code = read("uscc", "12451424MB00000194");
    assert_eq!(code.organisation.as_deref(), Some("MB0000019"));
    assert_eq!(code.division.as_deref(), Some("451424"));
    assert_eq!(read("org", code.organisation.as_deref().unwrap()).normal, "MB0000019");
}
