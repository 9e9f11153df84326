//! How long a document takes from its data to its bytes: each template alone, one hundred receipts in one file, and the
//! thousand forms of a village with the memory they take.

#![expect(clippy::unwrap_used, reason = "a bench stops at the first fault")]

use std::collections::BTreeMap;
use std::hint::black_box;

use chrono::{DateTime, FixedOffset};
use criterion::{Criterion, criterion_group, criterion_main};
use xiangbao::print::{Book, PdfInfo, TEMPLATES, metrics, render};
use xiangbao_core::print::{
    Document, Frames, How, PrintData, Stamp, Template, layout, layout_as, preview_text,
};

fn sample() -> PrintData {
    let table: toml::Table = include_str!("../src/print/samples/common.toml").parse().unwrap();
    let row = |value: &toml::Value| -> BTreeMap<String, String> {
        let texts = value.as_table().unwrap().iter();
        texts.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect()
    };
    let tables = table["tables"].as_table().unwrap().iter();
    PrintData {
        values: row(&table["values"]),
        tables: tables
            .map(|(name, rows)| (name.clone(), rows.as_array().unwrap().iter().map(row).collect()))
            .collect(),
    }
}

fn info() -> PdfInfo {
    let created = DateTime::<FixedOffset>::parse_from_rfc3339("2026-11-21T09:30:00+08:00").unwrap();
    PdfInfo { title: "整村".to_owned(), subject: "1".to_owned(), created }
}

fn template(id: &str) -> Template {
    let file = TEMPLATES.get_file(format!("{id}.toml")).unwrap();
    Template::load(id, file.contents_utf8().unwrap()).unwrap()
}

/// The forms of one village as one PDF: each with its own person, number, QR code and place in the book.
fn village(template: &Template, sample: &PrintData, count: u32) -> Vec<u8> {
    let mut book = Book::new(info());
    for index in 0..count {
        let mut data = sample.clone();
        let number = format!("BGTC01-1-{index:06}");
        // Names of three characters from the common plane, so that the subset grows as in a real village.
        let character = |shift: u32| char::from_u32(0x4E00 + (index * 7 + shift * 131) % 6_000).unwrap();
        data.values.insert("psn_name".to_owned(), [0, 1, 2].map(character).iter().collect());
        data.values.insert("case.number".to_owned(), number.clone());
        let (printed, by) = ("2026-11-21 09:30".to_owned(), "黄经办".to_owned());
        let stamp = Stamp { number, copy: 1, printed, by, note: String::new() };
        let how = How { values_only: false, stamp: Some(&stamp) };
        book.add(&layout_as(template, &data, how, metrics()).unwrap()).unwrap();
    }
    book.finish().unwrap()
}

/// The most memory this process ever had, MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() / 1_024
}

fn many(criterion: &mut Criterion) {
    let (change, data) = (template("change"), sample());
    // The first run in this process: its peak is the peak of one village. It stands in the name of the measurement.
    let bytes = village(&change, &data, 1_000).len();
    let (peak, size) = (peak(), bytes / 1_024);
    assert!(peak < 256, "a village takes {peak} MiB");
    let name = format!("print/1,000 forms of one village, one PDF of {size} KiB, peak {peak} MiB");
    let mut group = criterion.benchmark_group("village");
    group.sample_size(10);
    group.bench_function(name, |bench| bench.iter(|| village(&change, black_box(&data), 1_000)));
    group.finish();
}

fn paper(criterion: &mut Criterion) {
    let data = sample();
    let info = info();
    let mut receipt: Option<Document> = None;
    for file in TEMPLATES.files().filter(|file| file.path().extension().is_some_and(|kind| kind == "toml")) {
        let text = file.contents_utf8().unwrap();
        let template = Template::load(&file.path().to_string_lossy(), text).unwrap();
        criterion.bench_function(&format!("print/{}", template.id), |bench| {
            bench.iter(|| {
                let document = layout(&template, black_box(&data), metrics()).unwrap();
                render(&document, &info).unwrap()
            });
        });
        if template.id == "receipt" {
            receipt = Some(layout(&template, &data, metrics()).unwrap());
        }
    }
    let receipt = receipt.unwrap();
    criterion.bench_function("print/100 receipts in one file", |bench| {
        bench.iter(|| {
            let mut book = Book::new(info.clone());
            for _ in 0..100 {
                book.add(black_box(&receipt)).unwrap();
            }
            book.finish().unwrap()
        });
    });
    criterion.bench_function("print/preview as text", |bench| {
        bench.iter(|| preview_text(black_box(&receipt), 80, Frames::Line));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = many, paper
}
criterion_main!(benches);
