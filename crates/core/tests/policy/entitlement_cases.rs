//! All rows of `entitlement-cases.csv` through the door that the command line uses, and the further cases of reference
//! 5.3 to 5.7 and 5.9.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use xiangbao_core::policy::{
    Answer, Cover, Entitlement, PayerKind, PolicyGap, PolicyPack, Question, StatusDecision,
};

use crate::support::{day, guangxi, huaibei, yichang};

/// A question as a row of the table puts it.
fn question(kind: &str, birth: &str, paid: &str, year: &str, option: &str) -> Question {
    let options: BTreeMap<String, String> = option
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect();
    let date = |text: &str| (!text.is_empty()).then(|| day(text));
    Question {
        kind: kind.to_owned(),
        birth: date(birth),
        paid: date(paid),
        insu_year: (!year.is_empty()).then(|| year.parse().unwrap()),
        on: Some(day("2021-12-01")),
        options,
    }
}

fn entitled(pack: &PolicyPack, question: &Question) -> Result<Entitlement, PolicyGap> {
    match xiangbao_core::policy::ask(pack, question)? {
        Answer::Entitled(found) => Ok(found),
        Answer::Status(found) => panic!("a standing: {found:?}"),
    }
}

fn ask(kind: &str, birth: &str, paid: &str, year: &str, option: &str) -> Result<Entitlement, PolicyGap> {
    entitled(&guangxi(), &question(kind, birth, paid, year, option))
}

fn ask_huaibei(
    kind: &str,
    birth: &str,
    paid: &str,
    year: &str,
    option: &str,
) -> Result<Entitlement, PolicyGap> {
    entitled(&huaibei(), &question(kind, birth, paid, year, option))
}

fn standing(kind: &str, option: &str) -> Result<StatusDecision, PolicyGap> {
    match xiangbao_core::policy::ask(&yichang(), &question(kind, "", "", "", option))? {
        Answer::Status(found) => Ok(found),
        Answer::Entitled(found) => panic!("an entitlement: {found:?}"),
    }
}

#[test]
fn every_row_of_the_table_comes_out() {
    let packs =
        [("guangxi_2017", guangxi()), ("huaibei_2021", huaibei()), ("yichang_2021_status", yichang())];
    let mut reader = csv::Reader::from_reader(include_str!("entitlement-cases.csv").as_bytes());
    let mut rows = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let [id, ruleset, kind, birth, paid, year, option, start, end, rule, certainty] =
            std::array::from_fn(|index| record.get(index).unwrap_or(""));
        rows += 1;
        let (_, pack) = packs.iter().find(|(name, _)| *name == ruleset).unwrap();
        match xiangbao_core::policy::ask(pack, &question(kind, birth, paid, year, option)) {
            Ok(found) => {
                assert_eq!(found.start(), start, "start of row {id}");
                assert_eq!(found.end(), end, "end of row {id}");
                assert_eq!(found.rule(), rule, "rule of row {id}");
                assert_eq!(found.certain(), certainty == "clear", "certainty of row {id}");
            }
            Err(gap) => {
                assert_eq!(gap.outcome().as_deref(), Some(rule), "row {id}: {gap}");
                assert_eq!((start, end, certainty), ("", "", "assumed"), "row {id}");
            }
        }
    }
    assert_eq!(rows, 49);
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

/// Reference 5.2, G9 and N2: the exact day and the turn of the year are readings, both dates are shown.
#[test]
fn the_doubts_of_newborns_are_readings() {
    let exact = ask("newborn", "2020-02-29", "2020-05-29", "2020", "").unwrap();
    assert_eq!(exact.alternatives[0].option, "newborn_exact=late");
    assert_eq!(exact.alternatives[0].cover, Cover::Days { start: day("2020-06-01"), end: day("2020-12-31") });
    let late = ask("newborn", "2020-02-29", "2020-05-29", "2020", "newborn_exact=late").unwrap();
    assert_eq!((late.rule, late.certain), ("G10", false));
    let back = ask("newborn", "2021-12-20", "2022-01-15", "2022", "newborn_year_end=from_birth").unwrap();
    assert_eq!((back.start(), back.end()), (Some(day("2021-12-20")), Some(day("2022-12-31"))));
    // Leap day, and the end of a month that is shorter.
    let leap = ask("newborn", "2019-11-30", "2020-02-29", "2020", "").unwrap();
    assert_eq!((leap.rule, leap.certain), ("G9/N2", false));
}

/// Reference 5.2, G5 and 5.4: a county may decide what the text leaves open, and the rule stays its own.
#[test]
fn a_county_may_decide_a_silence() {
    let decided = ask("first", "", "2018-08-31", "2018", "first_after_june=late").unwrap();
    assert_eq!((decided.outcome().as_str(), decided.start()), ("G8", Some(day("2018-09-01"))));
    assert!(!decided.certain && decided.sample);
    let moved = ask("moved_in", "", "2018-03-01", "2018", "moved_in=first").unwrap();
    assert_eq!((moved.rule, moved.start()), ("G4", Some(day("2018-04-01"))));
    let chinese =
        ask("interrupted", "", "2018-03-15", "2018", "“第3个月”的算法=缴费当月算第 1 个月").unwrap();
    assert_eq!(chinese.start(), Some(day("2018-05-01")));
}

/// Reference 5.6: who may pay after the window, and until when.
#[test]
fn the_windows_of_huaibei() {
    for (kind, paid, outcome, start) in [
        ("resident", "2021-08-31", "window closed", None),
        ("resident", "2021-09-01", "H1", Some("2022-01-01")),
        ("continuous", "2021-12-31", "H1", Some("2022-01-01")),
        ("moved_in", "2021-12-31", "H1", Some("2022-01-01")),
        ("migrant", "2022-02-28", "H2", Some("2022-03-01")),
        ("resident", "2023-01-01", "H9 void", None),
    ] {
        let found = ask_huaibei(kind, "", paid, "2022", "").unwrap();
        assert_eq!((found.outcome().as_str(), found.start()), (outcome, start.map(day)), "{kind} {paid}");
    }
    let void = ask_huaibei("resident", "", "2023-01-01", "2022", "").unwrap();
    assert!(void.note.contains("请不要收取") && void.note.contains("退费没有规定"), "{}", void.note);
    let gap = ask_huaibei("resident", "", "2022-02-01", "2022", "").unwrap_err();
    assert!(gap.to_string().contains("请先核实身份"), "{gap}");
    let all = ask_huaibei("resident", "", "2022-02-01", "2022", "grace_class=all").unwrap();
    assert_eq!((all.rule, all.certain, all.start()), ("H2", false, Some(day("2022-02-02"))));
    let late = ask_huaibei("resident", "", "2022-03-01", "2022", "late_payer=next_day").unwrap();
    assert_eq!((late.rule, late.start()), ("H9", Some(day("2022-03-02"))));
}

/// Reference 5.5: ninety days, and the day of doubt.
#[test]
fn ninety_days_are_not_three_months() {
    for (birth, last) in [
        ("2020-12-01", "2021-03-01"),
        ("2021-05-31", "2021-08-29"),
        ("2021-07-01", "2021-09-29"),
        ("2021-08-31", "2021-11-29"),
        ("2021-11-30", "2022-02-28"),
        ("2021-12-31", "2022-03-31"),
    ] {
        let (last, year) = (day(last), &last[..4]);
        let paid = |paid: NaiveDate| ask_huaibei("newborn", birth, &paid.to_string(), year, "").unwrap();
        let (before, after) = (paid(last.pred_opt().unwrap()), paid(last.succ_opt().unwrap()));
        assert_eq!((before.rule, before.start()), ("H3", Some(day(birth))), "{birth}");
        assert_eq!((after.rule, after.start()), ("H4", last.succ_opt().unwrap().succ_opt()), "{birth}");
        let doubtful = paid(last);
        assert_eq!((doubtful.rule, doubtful.certain), ("H3 day 90", false), "{birth}");
        let other = &doubtful.alternatives[0];
        assert_eq!(other.option, "newborn_birth_day=included");
        assert!(
            matches!(other.cover, Cover::Days { start, .. } if Some(start) == last.succ_opt()),
            "{birth}"
        );
    }
    let next_only = ask_huaibei("newborn", "2021-10-05", "2021-11-10", "2022", "").unwrap();
    assert_eq!((next_only.outcome().as_str(), next_only.start()), ("H3/N4", Some(day("2022-01-01"))));
    let last_year = ask_huaibei("newborn", "2021-11-30", "2022-03-05", "2021", "").unwrap();
    assert_eq!(last_year.outcome(), "H4 void");
}

/// Reference 5.6: exact three months, the count by months and by days, the two ends of the six months.
#[test]
fn people_from_employee_insurance_in_huaibei() {
    let ask = |paid: &str, option: &str| ask_huaibei("ex_employee", "", paid, &paid[..4], option);
    assert_eq!(ask("2022-03-10", "gap_months=3;years=2").unwrap().rule, "H5");
    assert_eq!(ask("2022-03-10", "gap_months=3.5;years=2").unwrap().rule, "H7");
    let wait = |paid: &str, option: &str| {
        let found = ask(paid, &format!("gap_months=4;{option}")).unwrap();
        (found.start(), found.outcome())
    };
    let last_day = "waiting_from=payment";
    assert_eq!(wait("2021-03-31", last_day), (Some(day("2021-09-30")), "H7".to_owned()));
    assert_eq!(wait("2021-03-31", "waiting_from=next_month"), (Some(day("2021-10-01")), "H7".to_owned()));
    assert_eq!(wait("2022-07-01", last_day), (None, "H7 void".to_owned()));
    // Six months after 2021-08-31 is 2022-02-28, the month being shorter: no day of 2021.
    assert_eq!(wait("2021-08-31", "").1, "H7 void");
    // By months of payment July to September are three; by days the first of October is over.
    let both = ask("2021-10-15", "last_covered=2021-06-30;years=3").unwrap();
    assert_eq!((both.rule, both.start()), ("H5", Some(day("2021-10-15"))));
    let days = both.alternatives.iter().find(|other| other.option == "gap_count=days").unwrap();
    assert_eq!(days.cover, Cover::Void, "2022-04-15 is not in 2021");
    for (paid, rule) in [("2021-09-30", "H5"), ("2021-10-01", "H7 void")] {
        let found = ask(paid, "last_covered=2021-06-30;years=3;gap_count=days").unwrap();
        assert_eq!(found.outcome(), rule, "{paid}");
    }
    for option in ["", "gap_months=2", "gap_months=x;years=2", "gap_months=1;last_covered=2021-06-30"] {
        assert!(matches!(ask("2022-03-10", option), Err(PolicyGap::Input { .. })), "{option}");
    }
    let soldier = |option: &str| ask_huaibei("ex_soldier", "", "2022-03-10", "2022", option).unwrap();
    assert_eq!((soldier("").rule, soldier("").start()), ("H6", Some(day("2022-03-10"))));
    let unclear = soldier("gap_months=5");
    assert_eq!(unclear.alternatives[0].option, "restart=next_day");
    assert!(unclear.alternatives.iter().any(|other| other.option == "soldier_gap=applies"));
}

/// Reference 5.7: the clean-up of Yichang has an answer of its own kind.
#[test]
fn the_standings_of_yichang() {
    for (kind, option, rule, outcome) in [
        ("employee", "gap_months=3", "Y2 boundary", "psn_insu_stas 2 or 1"),
        ("employee", "gap_months=3;boundary=lower", "Y3 boundary", "psn_insu_stas 1"),
        ("employee", "gap_months=5.9", "Y2", "psn_insu_stas 2 or 1"),
        ("employee", "gap_months=6;boundary=lower", "Y2 boundary", "psn_insu_stas 2 or 1"),
        ("resident_unpaid", "", "Y4", "psn_insu_stas 3"),
        ("duplicate_employee", "", "Y5", "psn_insu_stas 2"),
        ("duplicate_resident", "", "Y6", "psn_insu_stas 2"),
        ("duplicate_student", "", "Y7", "psn_insu_stas 2"),
        ("cross_scheme", "years=1", "Y8", "psn_insu_stas 2"),
        ("poor_elsewhere", "", "Y10", ""),
        ("enrolled_elsewhere", "", "Y11", "psn_insu_stas 2"),
    ] {
        let found = standing(kind, option).unwrap();
        assert_eq!((found.rule, found.outcome().as_str()), (rule, outcome), "{kind} {option}");
    }
    let silent = standing("cross_scheme", "years=0.9").unwrap_err();
    assert_eq!(silent.outcome().as_deref(), Some("Y9 no rule"));
    let exact = standing("employee", "gap_months=6").unwrap();
    assert_eq!(exact.alternatives[0].2, ["2", "1"]);
    assert!(standing("poor_elsewhere", "").unwrap().needs.contains("书面承诺"));
    for (kind, option) in
        [("employee", ""), ("employee", "gap_months=-1"), ("cross_scheme", ""), ("first", "")]
    {
        assert!(matches!(standing(kind, option), Err(PolicyGap::Input { .. })), "{kind} {option}");
    }
}
