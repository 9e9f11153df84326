//! All Guangxi rows of `entitlement-cases.csv`, and the further cases of reference 5.3, 5.5 and 5.9.

use std::collections::BTreeMap;

use xiangbao_core::policy::{Cover, Entitlement, EntitlementQuery, PayerKind, PolicyGap, entitlement};

use crate::support::{day, guangxi};

fn ask(kind: &str, birth: &str, paid: &str, year: &str, option: &str) -> Result<Entitlement, PolicyGap> {
    let options: BTreeMap<String, String> = option
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect();
    let query = EntitlementQuery {
        kind: kind.parse()?,
        birth: (!birth.is_empty()).then(|| day(birth)),
        paid: day(paid),
        insu_year: year.parse().unwrap(),
        options,
    };
    entitlement(&guangxi(), &query)
}

#[test]
fn every_guangxi_row_of_the_table_comes_out() {
    let mut reader = csv::Reader::from_reader(include_str!("entitlement-cases.csv").as_bytes());
    let mut rows = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let [id, ruleset, kind, birth, paid, year, option, start, end, rule, certainty] =
            std::array::from_fn(|index| record.get(index).unwrap_or(""));
        if ruleset != "guangxi_2017" {
            continue;
        }
        rows += 1;
        match ask(kind, birth, paid, year, option) {
            Ok(found) => {
                let text =
                    |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
                assert_eq!(text(found.start()), start, "start of row {id}");
                assert_eq!(text(found.end()), end, "end of row {id}");
                assert_eq!(found.outcome(), rule, "rule of row {id}");
                assert_eq!(found.certain, certainty == "clear", "certainty of row {id}");
                assert!(found.article.starts_with("第二十二条"), "article of row {id}");
            }
            Err(PolicyGap::Silent { rule: silent, .. }) => {
                assert_eq!(format!("{silent} no rule"), rule, "row {id}");
                assert_eq!((start, end, certainty), ("", "", "assumed"), "row {id}");
            }
            Err(gap) => panic!("row {id}: {gap}"),
        }
    }
    assert_eq!(rows, 32);
}

/// Reference 5.3: both readings of the third month; void where it falls into the next year.
#[test]
fn third_month_under_both_readings() {
    for (paid, inclusive, after) in [
        ("2018-03-15", Some("2018-05-01"), Some("2018-06-01")),
        ("2018-01-31", Some("2018-03-01"), Some("2018-04-01")),
        ("2018-11-30", None, None),
        ("2018-10-01", Some("2018-12-01"), None),
        ("2020-02-29", Some("2020-04-01"), Some("2020-05-01")),
    ] {
        for (reading, expected) in [("inclusive", inclusive), ("after", after)] {
            let found = ask("interrupted", "", paid, &paid[..4], &format!("third_month={reading}")).unwrap();
            assert_eq!(found.start(), expected.map(day), "{paid} {reading}");
            assert_eq!(found.cover == Cover::Void, expected.is_none());
        }
    }
}

/// While the county has not decided, the window shows both dates.
#[test]
fn an_assumed_answer_carries_the_other_reading() {
    let found = ask("interrupted", "", "2018-03-15", "2018", "").unwrap();
    assert_eq!(found.start(), Some(day("2018-06-01")));
    assert!(!found.certain && found.sample);
    let other = &found.alternatives[..];
    assert_eq!(other.len(), 1);
    assert_eq!(other[0].option, "third_month=inclusive");
    assert_eq!(other[0].cover, Cover::Days { start: day("2018-05-01"), end: day("2018-12-31") });
    let clear = ask("continuous", "", "2017-09-01", "2018", "").unwrap();
    assert!(clear.certain && !clear.sample && clear.alternatives.is_empty());
}

/// Reference 5.9, 2, 6 and 8.
#[test]
fn borders_of_the_windows() {
    assert_eq!(ask("continuous", "", "2017-12-31", "2018", "").unwrap().outcome(), "G1");
    assert_eq!(ask("first", "", "2018-06-30", "2018", "").unwrap().outcome(), "G4");
    for paid in ["2018-07-01", "2018-08-31", "2018-09-01", "2018-12-31"] {
        let gap = ask("first", "", paid, "2018", "").unwrap_err();
        assert!(matches!(&gap, PolicyGap::Silent { rule, .. } if rule == "G5"), "{paid}: {gap}");
        assert!(gap.to_string().contains("请示县医保经办机构"), "{gap}");
    }
    let void = ask("continuous", "", "2018-12-01", "2018", "").unwrap();
    assert_eq!(void.outcome(), "G8 void");
    assert!(void.note.contains("缴后不退"), "{}", void.note);
}

/// Reference 5.5, N1 to N4.
#[test]
fn newborns_at_the_end_of_the_year() {
    let n1 = ask("newborn", "2021-12-20", "2021-12-28", "2021", "").unwrap();
    assert_eq!((n1.start(), n1.end()), (Some(day("2021-12-20")), Some(day("2021-12-31"))));
    assert!(n1.note.contains("2022 年度须另行缴费"), "{}", n1.note);
    let n2 = ask("newborn", "2021-12-20", "2022-01-15", "2022", "").unwrap();
    assert_eq!((n2.outcome().as_str(), n2.start()), ("G9/N2", Some(day("2022-01-01"))));
    let earlier = ask("newborn", "2021-12-20", "2022-01-15", "2021", "").unwrap();
    assert_eq!((earlier.certain, earlier.start()), (false, Some(day("2021-12-20"))));
    let n3 = ask("newborn", "2021-10-05", "2021-10-20", "2021", "").unwrap();
    assert_eq!((n3.outcome().as_str(), n3.start()), ("G9", Some(day("2021-10-05"))));
    let n4 = ask("newborn", "2021-10-05", "2021-11-10", "2022", "").unwrap();
    assert_eq!((n4.outcome().as_str(), n4.start()), ("G9/N4", Some(day("2022-01-01"))));
    assert!(n4.note.contains("出生当年的费用不在内"), "{}", n4.note);
    assert_eq!(ask("newborn", "2021-03-01", "2021-04-01", "2022", "").unwrap().cover, Cover::Closed);
    assert_eq!(ask("newborn", "2021-05-31", "2022-01-05", "2021", "").unwrap().outcome(), "G10 void");
    // Late, but in the window for the next year: not before that year begins.
    let late = ask("newborn", "2021-05-31", "2021-10-15", "2022", "").unwrap();
    assert_eq!((late.rule, late.start()), ("G10", Some(day("2022-01-01"))));
}

/// Reference 5.5: the last day of three calendar months.
#[test]
fn three_months_are_calendar_months() {
    for (birth, last) in [
        ("2017-11-30", "2018-02-28"),
        ("2017-12-01", "2018-03-01"),
        ("2019-11-30", "2020-02-29"),
        ("2019-12-01", "2020-03-01"),
        ("2020-02-29", "2020-05-29"),
        ("2021-05-31", "2021-08-31"),
        ("2021-07-01", "2021-10-01"),
        ("2021-08-31", "2021-11-30"),
        ("2021-11-30", "2022-02-28"),
        ("2021-12-31", "2022-03-31"),
    ] {
        let (last, next) = (day(last), day(last).succ_opt().unwrap());
        let rule = |paid: chrono::NaiveDate| {
            let found = ask("newborn", birth, &paid.to_string(), &paid.to_string()[..4], "").unwrap();
            found.rule.to_owned()
        };
        assert!(rule(last).starts_with("G9"), "{birth}");
        assert_eq!(rule(next), "G10", "{birth}");
    }
}

#[test]
fn senseless_questions_are_refused() {
    for (kind, birth, paid, year, option) in [
        ("newborn", "", "2018-03-01", "2018", ""),
        ("newborn", "2018-03-02", "2018-03-01", "2018", ""),
        ("newborn", "2018-03-02", "2018-03-05", "2017", ""),
        ("continuous", "", "2018-03-01", "99999", ""),
        ("continuous", "", "2018-03-01", "2018", "third_month=maybe"),
        ("continuous", "", "2018-03-01", "2018", "no_such=1"),
        ("someone", "", "2018-03-01", "2018", ""),
    ] {
        let gap = ask(kind, birth, paid, year, option).unwrap_err();
        assert!(matches!(gap, PolicyGap::Input { .. }), "{kind} {birth} {paid}: {gap}");
    }
    assert!(matches!(ask("continuous", "", "2017-06-30", "2017", ""), Err(PolicyGap::NoParameter { .. })));
}

/// Reference 5.4: whether years in other schemes count is not in 003.
#[test]
fn people_from_other_schemes_are_not_in_the_text() {
    for kind in ["moved_in", "ex_employee"] {
        let gap = ask(kind, "", "2018-03-01", "2018", "").unwrap_err();
        assert!(matches!(gap, PolicyGap::Silent { .. }), "{gap}");
        assert_eq!(kind.parse::<PayerKind>().unwrap().as_str(), kind);
    }
    assert_eq!(PayerKind::from_enrol_kind("4"), Some(PayerKind::Newborn));
    assert_eq!(PayerKind::from_enrol_kind("9"), None);
}

/// Reference 5.4.
#[test]
fn kind_of_payer_from_the_last_year_paid() {
    assert_eq!(PayerKind::from_last_paid(None, 2018), PayerKind::First);
    assert_eq!(PayerKind::from_last_paid(Some(2017), 2018), PayerKind::Continuous);
    assert_eq!(PayerKind::from_last_paid(Some(2016), 2018), PayerKind::Interrupted);
}
