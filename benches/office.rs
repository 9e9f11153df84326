//! What a clerk waits for, in a township of 3,000 households: finding a person by each key, leaving a field, opening a
//! review page; and what an auditor waits for, the walk through the journal.

#![expect(clippy::unwrap_used, reason = "a bench stops at the first fault")]

mod desk;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use desk::{Office, office};
use xiangbao::app::Wish;
use xiangbao::demo::township::HOUSEHOLDS;
use xiangbao_core::form::FieldPath;
use xiangbao_core::identity::pinyin;

/// Operations that the walk passes, at least.
const OPERATIONS: u64 = 10_000;

fn counter(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let office = office(folder.path(), HOUSEHOLDS);
    let patient = office.town.person(&office.town.cast.inpatient.psn_no).unwrap();
    let initials = pinyin::search_keys(patient.name()).into_iter().min_by_key(String::len).unwrap();
    let queries = [
        ("name", patient.name()),
        ("surname", patient.name().get(..3).unwrap()),
        ("initials", initials.as_str()),
        ("tail of the number", &patient.certno()[13..]),
        ("whole number", patient.certno()),
    ];
    let snapshot = office.station.snapshot().unwrap();
    for (what, query) in queries {
        criterion.bench_function(&format!("office/search by {what}"), |bench| {
            bench.iter(|| xiangbao::store::search::find_persons(&snapshot, black_box(query), 200).unwrap());
        });
    }
    // With the permission, the rows as shown, and the durable record of the look.
    criterion.bench_function("office/search as a clerk, recorded", |bench| {
        bench.iter(|| office.station.find_persons(&office.clerk, black_box(patient.name())).unwrap());
    });
    let mut draft = office.draft("BX");
    let path = FieldPath::single("diag_name");
    criterion.bench_function("office/field exit, checked and saved durably", |bench| {
        bench.iter(|| office.station.save_field(&mut draft, &path, black_box("肺炎")).unwrap());
    });
    bill(criterion, &office);
    let accepted = office.station.accept(&office.clerk, &draft, office.station.new_id()).unwrap();
    criterion.bench_function("office/review page of a reimbursement, recorded", |bench| {
        bench.iter(|| office.station.open_review(&office.clerk, black_box(&accepted.case_id)).unwrap());
    });
}

/// A bill of 300 lines: one quantity is left, the whole form judged, the sums reckoned; and an item looked up by initials.
fn bill(criterion: &mut Criterion, office: &Office) {
    let mut draft = office.draft("BX");
    let items = office.station.library().catalogue.items();
    let rows = items.iter().cycle().take(300).map(|item| {
        let mut row: xiangbao_core::form::Row =
            item.cells().into_iter().map(|(id, value)| (id.to_owned(), value.to_owned())).collect();
        row.retain(|_, value| !value.is_empty());
        row.insert("cnt".to_owned(), "2".to_owned());
        row.insert("pric".to_owned(), "12.5".to_owned());
        row
    });
    draft.data.tables.insert("fees".to_owned(), rows.collect());
    let path = FieldPath::cell("fees", 150, "cnt");
    let mut count = 0;
    criterion.bench_function("office/field exit in a bill of 300 lines, judged and saved durably", |bench| {
        bench.iter(|| {
            count = count % 9 + 1;
            office.station.save_field(&mut draft, &path, &count.to_string()).unwrap();
            office.station.check_draft(&draft).unwrap();
            office.station.bill_sums(&draft).unwrap()
        });
    });
    let item = FieldPath::cell("fees", 0, "item_name");
    criterion.bench_function("office/item by initials", |bench| {
        bench.iter(|| office.station.bill_items(&draft, &item, black_box("zsytb"), 60).len());
    });
}

fn audit(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let office = office(folder.path(), 60);
    let accepted =
        office.station.accept(&office.clerk, &office.draft("BG"), office.station.new_id()).unwrap();
    // Copies of a receipt are the quickest honest operations: each carries its case and its projections.
    let prepared =
        office.station.prepare_print(&office.clerk, &accepted.case_id, "receipt", &Wish::default()).unwrap();
    let hash = "0".repeat(64);
    let mut copy = 0;
    while office.station.snapshot().unwrap().head().unwrap().seq < OPERATIONS {
        let events = (0..1_000).map(|_| {
            copy += 1;
            xiangbao_core::event::Event::Printed {
                document: prepared.template.clone(),
                version: 1,
                hash: hash.clone(),
                pages: 1,
                copy,
                code: None,
                collector: None,
                values_only: false,
            }
        });
        let events: Vec<_> = events.collect();
        let append = xiangbao::store::Append {
            command: office.station.new_id(),
            case_id: Some(accepted.case_id),
            actor: xiangbao_core::journal::Actor {
                person: office.clerk.person.clone(),
                account: office.clerk.account.clone(),
                role: "clerk".to_owned(),
                session: office.clerk.session.clone(),
            },
            wall_ms: office.station.now_ms(),
            salts: events.iter().map(|_| office.station.random()).collect(),
            events,
            local: Vec::new(),
        };
        office.station.store().append(&append).unwrap();
    }
    let snapshot = office.station.snapshot().unwrap();
    criterion.bench_function("office/verify 10,000 operations", |bench| {
        bench.iter(|| {
            let verdict = xiangbao::store::verify::verify(&snapshot, &mut |_, _| true).unwrap().unwrap();
            assert!(verdict.findings.is_empty());
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = counter, audit
}
criterion_main!(benches);
