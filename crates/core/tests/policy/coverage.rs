//! The shipped area through time: from the first day of seed 003 no day is without an answer, and what is not
//! verified says so.

use xiangbao_core::policy::{
    EntitlementQuery, ItemClass, PayerKind, SettleInput, Status, Value, contribution, entitlement, settle,
};

use crate::support::{day, guangxi, line, stay, yuan};

#[test]
fn every_day_of_the_pack_has_an_answer() {
    let pack = guangxi();
    let days = pack.change_days(day("2017-07-01"), day("2027-12-31"));
    assert!(days.len() > 10, "a change each January");
    for from in days {
        for (med_type, level) in [("2101", "1"), ("2101", "2"), ("2101", "3"), ("11", "1")] {
            let input = SettleInput {
                med_type: med_type.to_owned(),
                hospital_level: level.to_owned(),
                end_date: from,
                settle_date: from,
                referred: false,
                ..stay(vec![line(ItemClass::B, yuan("1000"))])
            };
            settle(&pack, &input).unwrap();
        }
        for kind in [PayerKind::Continuous, PayerKind::Interrupted, PayerKind::Newborn] {
            let insu_year = from.to_string()[..4].parse().unwrap();
            let query = EntitlementQuery {
                kind,
                birth: Some(from),
                paid: from,
                insu_year,
                facts: Default::default(),
                options: Default::default(),
            };
            entitlement(&pack, &query).unwrap();
        }
    }
    for year in 2017..=2027 {
        contribution(&pack, year, &[], day("2017-07-01")).unwrap();
    }
}

/// Reference 4.1: nothing about treatment in Guangxi is verified. A row may only become verified with its document.
#[test]
fn treatment_figures_are_marked_as_samples() {
    let pack = guangxi();
    let figures = pack
        .params()
        .filter(|param| param.id.starts_with("settlement-") || param.id.starts_with("catalogue"));
    assert!(figures.flat_map(|param| &param.rows).all(|row| row.status == Status::Sample));
}

/// Reference 4.2: only 2017 (M-H) and 2021 (H) are confirmed.
#[test]
fn only_the_confirmed_standards_are_marked_verified() {
    let pack = guangxi();
    let rows = &pack.param("contribution.standard").unwrap().rows;
    let verified = rows.iter().filter(|row| row.status == Status::Verified);
    let years: Vec<i32> = verified
        .map(|row| match &row.value {
            Value::Standard(standard) => standard.standard_year,
            other => panic!("not a standard: {other:?}"),
        })
        .collect();
    assert_eq!(years, [2017, 2021]);
}

#[test]
fn the_windows_of_seed_003_are_verified() {
    let pack = guangxi();
    for id in ["collection", "grace", "first_time", "late_start", "newborn"] {
        let row = pack.at(&format!("entitlement.{id}"), day("2017-07-01")).unwrap();
        assert_eq!(row.status, Status::Verified, "{id}");
        assert_eq!(row.document, "桂社保发〔2017〕8号");
    }
    assert_eq!(pack.at("contribution.refund", day("2018-01-01")).unwrap().article, "第二十八条");
}

/// From the first to the last day of the sample packs each published case has a figure, and all of them say 示例.
#[test]
fn every_day_of_the_sample_packs_settles_what_was_published() {
    use xiangbao_core::policy::Place::{CrossProvince, InProvince, Inside};
    let all = [Inside, InProvince, CrossProvince];
    let luoyang = vec![("1", Inside), ("2", Inside), ("3", InProvince)];
    let jiamusi =
        ["4", "1", "2", "3"].into_iter().flat_map(|level| all.map(|place| (level, place))).collect();
    for (pack, year, cases) in
        [(crate::support::luoyang(), 2024, luoyang), (crate::support::jiamusi(), 2018, jiamusi)]
    {
        let (first, last) = (day(&format!("{year}-01-01")), day(&format!("{year}-12-31")));
        for date in first.iter_days().take_while(|date| *date <= last) {
            for (level, place) in &cases {
                let input = SettleInput {
                    hospital_level: (*level).to_owned(),
                    place: *place,
                    end_date: date,
                    settle_date: date,
                    ..stay(vec![line(ItemClass::B, yuan("5000"))])
                };
                assert!(settle(&pack, &input).unwrap().sample);
            }
        }
        let outside = SettleInput {
            end_date: last.succ_opt().unwrap(),
            settle_date: last.succ_opt().unwrap(),
            ..stay(vec![line(ItemClass::B, yuan("5000"))])
        };
        settle(&pack, &outside).unwrap_err();
    }
}
