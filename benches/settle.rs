//! What a settlement costs: a stay of 300 lines under the shipped area with all its layers and the reasoning of every
//! amount, the same for a small visit, reading the area's files, and a township's settled bills asked again.

#![expect(clippy::unwrap_used, reason = "a bench stops at the first fault")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use xiangbao::app::{AREA, Library};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{FeeLine, ItemClass, Place, Replay, SettleInput, YearToDate, settle};

/// Lines of the long bill.
const LINES: i64 = 300;
/// Persons of a replay.
const PERSONS: u32 = 20_000;
/// Settled bills of each.
const BILLS_EACH: u32 = 5;

fn line(index: i64) -> FeeLine {
    let class = [ItemClass::A, ItemClass::A, ItemClass::B, ItemClass::C];
    FeeLine {
        kind: format!("{:02}", index % 14 + 1),
        name: format!("项目{index}"),
        class: class.into_iter().cycle().nth(usize::try_from(index % 4).unwrap()).unwrap(),
        amount: Fen(index * 12_345 % 90_000 + 100),
        first_paid: (index % 5 == 0).then(|| "0.08".parse().unwrap()),
        over_limit: if index % 7 == 0 { Fen(50) } else { Fen::ZERO },
    }
}

/// A poor person's stay at level 3: every layer of the area is asked.
fn bill(lines: i64) -> SettleInput {
    SettleInput {
        lines: (0..lines).map(line).collect(),
        hospital_level: "3".to_owned(),
        med_type: "2101".to_owned(),
        admission_no: 2,
        end_date: "2026-10-12".parse().unwrap(),
        settle_date: "2026-11-20".parse().unwrap(),
        used: YearToDate { fund_paid: Fen(500_000), basic_paid: Fen(500_000), ..YearToDate::default() },
        referred: true,
        place: Place::Inside,
        psn_type: "151".to_owned(),
        identities: vec!["2303".to_owned()],
        dise_codg: String::new(),
        diseases: Vec::new(),
        continued: None,
    }
}

fn settlements(criterion: &mut Criterion) {
    let pack = Library::pack(None, AREA).unwrap();
    for lines in [3, LINES] {
        let input = bill(lines);
        criterion.bench_function(&format!("settle {lines} lines"), |bencher| {
            bencher.iter(|| settle(black_box(&pack), black_box(&input)).unwrap());
        });
    }
    let found = settle(&pack, &bill(LINES)).unwrap();
    criterion.bench_function("check the sum rules", |bencher| bencher.iter(|| black_box(&found).check()));
    criterion.bench_function("store and read a settlement", |bencher| {
        bencher.iter_batched(
            || found.clone(),
            |found| {
                let bytes = minicbor::to_vec(&found).unwrap();
                minicbor::decode::<xiangbao_core::policy::Settlement>(&bytes).unwrap()
            },
            BatchSize::SmallInput,
        );
    });
    criterion.bench_function("read the files of an area", |bencher| {
        bencher.iter(|| Library::pack(None, black_box(AREA)).unwrap());
    });
}

/// A township's settled bills: twelve lines each, five of each person, lived through anew under a pack.
fn replay(criterion: &mut Criterion) {
    let pack = Library::pack(None, AREA).unwrap();
    let bills: Vec<SettleInput> = (1..=BILLS_EACH)
        .map(|admission_no| SettleInput { admission_no, used: YearToDate::default(), ..bill(12) })
        .collect();
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10);
    group.bench_function(format!("{} settled bills under a pack", PERSONS * BILLS_EACH), |bencher| {
        bencher.iter(|| {
            for _ in 0..PERSONS {
                let mut replay = Replay::new(black_box(&pack));
                for bill in &bills {
                    black_box(replay.next(bill.clone()).unwrap());
                }
            }
        });
    });
    group.finish();
}

criterion_group!(benches, settlements, replay);
criterion_main!(benches);
