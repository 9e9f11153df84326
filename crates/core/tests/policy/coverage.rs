//! The shipped area through time: from the first day of seed 003 no day is without an answer, and what is not
//! verified says so.

use xiangbao_core::policy::{
    Asked, EntitlementQuery, ItemClass, PayerKind, SettleInput, Span, Standing, Status, Value, contribution,
    coverage, differences, entitlement, settle,
};

use crate::support::{day, guangxi, huaibei, line, stay, yichang, yuan};

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

/// Every question on every day from 2017-07-01 to the end of each shipped pack: it is answered, or the text is known to
/// be silent; a parameter is missing only before the pack begins or after its last standard.
#[test]
fn every_question_on_every_day_is_answered_or_known_to_be_silent() {
    let silences = ["G5 no rule", "A22 no rule", "H2 needs migrant", "H9 no rule"];
    let packs = [
        (guangxi(), "2017-07-01", "2027-09-01"),
        (huaibei(), "2021-01-01", "2022-09-01"),
        (yichang(), "2021-11-10", "2099-01-01"),
    ];
    for (pack, begins, last_standard) in packs {
        let spans = coverage(&pack, day("2017-07-01"), pack.last_day());
        assert!(!spans.is_empty());
        for span in spans {
            let place = format!("{} {} {}..{}", pack.area(), span.asked.id(), span.from, span.to);
            match span.standing {
                Standing::Answered { .. } | Standing::NotAsked(_) => {}
                Standing::Silent(outcome) => {
                    assert!(silences.contains(&outcome.as_str()), "{place}: {outcome}");
                }
                Standing::Missing(param) => {
                    let before = span.to < day(begins);
                    let after = span.asked == Asked::Contribution && span.from >= day(last_standard);
                    assert!(before || after, "{place}: {param}");
                }
            }
        }
    }
}

/// Reference 5.2: G5 is silent in July and August and nowhere else; who paid before always has an answer.
#[test]
fn the_silence_on_first_payments_is_july_and_august() {
    let pack = guangxi();
    let spans = coverage(&pack, day("2017-07-01"), day("2027-12-31"));
    let of = |kind: &str| -> Vec<&Span> {
        spans.iter().filter(|span| span.asked == Asked::Entitlement(kind.to_owned())).collect()
    };
    let silent: Vec<(String, String)> = of("first")
        .into_iter()
        .filter(|span| matches!(span.standing, Standing::Silent(_)))
        .map(|span| (span.from.to_string(), span.to.to_string()))
        .collect();
    let expected: Vec<(String, String)> =
        (2017..=2027).map(|year| (format!("{year}-07-01"), format!("{year}-08-31"))).collect();
    assert_eq!(silent, expected);
    for kind in ["continuous", "interrupted", "newborn"] {
        assert!(of(kind).iter().all(|span| matches!(span.standing, Standing::Answered { .. })), "{kind}");
    }
}

/// What two packs, or two days of one, disagree on.
#[test]
fn differences_name_what_changed() {
    let pack = guangxi();
    let found = differences((&pack, day("2018-01-01")), (&pack, day("2019-01-01")));
    let ids: Vec<&str> = found.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["contribution.standard"]);
    assert!(differences((&pack, day("2018-03-01")), (&pack, day("2018-04-01"))).is_empty());
    let huaibei = huaibei();
    let other = differences((&pack, day("2021-11-01")), (&huaibei, day("2021-11-01")));
    let newborn = other.iter().find(|one| one.id == "entitlement.newborn").unwrap();
    let words = |row: Option<&xiangbao_core::policy::Dated>| row.unwrap().words("entitlement.newborn");
    assert_eq!((words(newborn.before), words(newborn.after)), ("3 个月".to_owned(), "90 天".to_owned()));
    assert!(other.iter().any(|one| one.id == "entitlement.waiting" && one.before.is_none()));
}
