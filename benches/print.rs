//! How long a document takes from its data to its bytes: each template alone, and one hundred receipts in one file.

#![expect(clippy::unwrap_used, reason = "a bench stops at the first fault")]

use std::collections::BTreeMap;
use std::hint::black_box;

use chrono::{DateTime, FixedOffset};
use criterion::{Criterion, criterion_group, criterion_main};
use xiangbao::print::{PdfInfo, TEMPLATES, metrics, render, render_all};
use xiangbao_core::print::{Document, Frames, PrintData, Template, layout, preview_text};

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

fn paper(criterion: &mut Criterion) {
    let data = sample();
    let created = DateTime::<FixedOffset>::parse_from_rfc3339("2026-11-21T09:30:00+08:00").unwrap();
    let info = PdfInfo { title: "结算单".to_owned(), subject: "1".to_owned(), created };
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
        bench.iter(|| render_all(black_box(&[&receipt; 100]), &info).unwrap());
    });
    criterion.bench_function("print/preview as text", |bench| {
        bench.iter(|| preview_text(black_box(&receipt), 80, Frames::Line));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = paper
}
criterion_main!(benches);
