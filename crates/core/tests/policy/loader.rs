//! Broken parameter files: each mistake is made in the shipped files, and the error must name file, line, key and
//! a way out.

use xiangbao_core::policy::{PolicyError, PolicyPack};

use crate::support::{GUANGXI, JIAMUSI, guangxi, topic};

/// Replaces the first `from` in `file` by `to`; returns all errors and the line of the replaced text.
fn broken(file: &str, from: &str, to: &str) -> (Vec<PolicyError>, usize) {
    let mut line = 0;
    let files: Vec<(&str, String)> = GUANGXI
        .iter()
        .map(|(name, text)| {
            if *name != file {
                return (*name, (*text).to_owned());
            }
            let at = text.find(from).unwrap_or_else(|| panic!("{from:?} is not in {file}"));
            line = text[..at].matches('\n').count() + 1;
            (*name, text.replacen(from, to, 1))
        })
        .collect();
    (PolicyPack::load(&files).expect_err(&format!("{file}: {to}")), line)
}

/// (file, text, replaced by, key of the error, part of the message)
const CORPUS: &[(&str, &str, &str, &str, &str)] = &[
    ("catalogue.toml", "title = ", "titel = ", "titel", "unknown key"),
    ("catalogue.toml", "topic = \"catalogue\"", "topic = \"katalog\"", "topic", "not a topic"),
    ("catalogue.toml", "unit = \"比例\"", "unit = \"%\"", "first_paid.unit", "is not known"),
    (
        "catalogue.toml",
        "ratio = \"0.15\"",
        "ratio = \"1.5\"",
        "first_paid.rows[0].value[1].ratio",
        "between 0 and 1",
    ),
    (
        "catalogue.toml",
        "ratio = \"0.15\"",
        "ratio = \"15%\"",
        "first_paid.rows[0].value[1].ratio",
        "between 0 and 1",
    ),
    (
        "catalogue.toml",
        "ratio = \"0.15\"",
        "ratio = 0.15",
        "first_paid.rows[0].value[1].ratio",
        "text expected",
    ),
    (
        "catalogue.toml",
        "ratio = \"0.15\"",
        "ratio = \"-0.1\"",
        "first_paid.rows[0].value[1].ratio",
        "between 0 and 1",
    ),
    (
        "catalogue.toml",
        "ratio = \"0.15\"",
        "ratio = \"0.12345\"",
        "first_paid.rows[0].value[1].ratio",
        "between 0 and 1",
    ),
    ("catalogue.toml", "status = \"sample\"", "status = \"ok\"", "first_paid.rows[0].status", "is not known"),
    (
        "catalogue.toml",
        "from = \"2017-07-01\"",
        "from = \"2017-7-1\"",
        "first_paid.rows[0].from",
        "not a day",
    ),
    (
        "catalogue.toml",
        "from = \"2017-07-01\"",
        "from = \"2017-02-30\"",
        "first_paid.rows[0].from",
        "not a day",
    ),
    (
        "catalogue.toml",
        "document = \"",
        "document = \"\\u0007",
        "first_paid.rows[0].document",
        "control character",
    ),
    ("catalogue.toml", "article = \"条款未核\"", "article = \" \"", "first_paid.rows[0].article", "is empty"),
    ("catalogue.toml", "area = \"guangxi-2017\"", "area = \"huaibei-2021\"", "area", "differs from"),
    ("contribution.toml", "personal = \"180.00\"", "personal = \"180.001\"", "personal", "two decimals"),
    ("contribution.toml", "personal = \"180.00\"", "personal = \"-180\"", "personal", "negative"),
    ("contribution.toml", "personal = \"180.00\"", "personal = 180", "personal", "text expected"),
    (
        "contribution.toml",
        "standard_year = 2017",
        "standard_year = \"2017\"",
        "standard_year",
        "whole number",
    ),
    ("contribution.toml", "code = \"2303\"", "code = \"低保\"", "code", "not a code"),
    ("contribution.toml", "payout = \"to_account\"", "payout = \"cash\"", "payout", "is not known"),
    ("entitlement.toml", "closes = \"02-end\"", "closes = \"02-29\"", "closes", "not a day of any year"),
    ("entitlement.toml", "unit = \"month\"", "unit = \"week\"", "unit", "is not known"),
    (
        "entitlement.toml",
        "value = \"after\"",
        "value = \"later\"",
        "third_month.rows[0].value",
        "is not known",
    ),
    (
        "settlement-inpatient.toml",
        "admission = 1, amount = \"300.00\"",
        "admission = 0, amount = \"300.00\"",
        "admission",
        "whole number",
    ),
];

#[test]
fn each_mistake_is_named_where_it_stands() {
    for (file, from, to, key, message) in CORPUS {
        let (errors, line) = broken(file, from, to);
        let hit = errors.iter().find(|error| error.key.ends_with(key) && error.message.contains(message));
        let hit = hit.unwrap_or_else(|| panic!("{file}: {to}: {errors:#?}"));
        // The head of a file is compared with other files: those errors stand at line 1 of the later one.
        if *key != "area" {
            assert_eq!((hit.file.as_str(), hit.line), (*file, line), "{to}");
        }
        assert!(!hit.fix.is_empty());
    }
}

fn errors(file: &str, from: &str, to: &str) -> String {
    broken(file, from, to).0.iter().map(|error| format!("{error}\n")).collect()
}

#[test]
fn a_key_written_twice_is_a_syntax_error() {
    let text = errors("catalogue.toml", "title = ", "title = \"a\"\ntitle = ");
    assert!(text.contains("catalogue.toml:5") && text.contains("not TOML"), "{text}");
}

#[test]
fn overlaps_and_gaps_in_time_are_found() {
    let from = "to = \"2018-12-31\"";
    let overlap = errors("contribution.toml", from, "to = \"2019-01-01\"");
    assert!(
        overlap.contains("overlaps") && overlap.contains("end on the day before 2019-01-01"),
        "{overlap}"
    );
    let open = errors("contribution.toml", from, "");
    assert!(open.contains("overlaps"), "{open}");
    let gap = errors("contribution.toml", from, "to = \"2018-12-30\"");
    assert!(gap.contains("no value from 2018-12-31 until 2019-01-01"), "{gap}");
    let backwards = errors("contribution.toml", from, "to = \"2017-12-31\"");
    assert!(backwards.contains("ends before it begins"), "{backwards}");
}

#[test]
fn bands_must_rise_and_end_open() {
    let file = "settlement-inpatient.toml";
    let level = "{ level = \"1\", ratio = \"0.90\" }";
    for (rows, message) in [
        (
            "{ level = \"1\", up_to = \"200\", ratio = \"0.9\" }, { level = \"1\", up_to = \"100\", ratio = \"0.8\" }, { level = \"1\", ratio = \"0.7\" }",
            "out of order",
        ),
        (
            "{ level = \"1\", ratio = \"0.9\" }, { level = \"1\", up_to = \"100\", ratio = \"0.8\" }",
            "out of order",
        ),
        ("{ level = \"1\", ratio = \"0.9\" }, { level = \"1\", ratio = \"0.8\" }", "out of order"),
        ("{ level = \"1\", up_to = \"100\", ratio = \"0.9\" }", "has an end"),
        ("{ level = \"4\", ratio = \"0.9\" }", "only in one of bands and deductible"),
    ] {
        let text = errors(file, level, rows);
        assert!(text.contains(message) && text.contains("bands"), "{rows}: {text}");
    }
    let doubled =
        errors(file, "level = \"2\", admission = 1, amount", "level = \"1\", admission = 1, amount");
    assert!(doubled.contains("is written twice"), "{doubled}");
    let second_only = errors(file, "level = \"2\", admission = 1,", "level = \"2\", admission = 2,");
    assert!(second_only.contains("lacks the first admission"), "{second_only}");
}

#[test]
fn parameters_must_all_be_there_once() {
    let text = errors("settlement-inpatient.toml", "[rounding]", "[roundings]");
    assert!(text.contains("rounding.unit: is missing") && text.contains("roundings: unknown key"), "{text}");
    let text = errors("settlement-outpatient.toml", "\"11\", \"13\"", "\"11\", \"2101\"");
    assert!(text.contains("\"2101\" is already in settlement-inpatient.toml"), "{text}");
    let renamed = [("other.toml", GUANGXI[0].1)];
    assert!(PolicyPack::load(&renamed).unwrap_err()[0].message.contains("named otherwise"));
    let twice = [("a/catalogue.toml", GUANGXI[0].1), ("b/catalogue.toml", GUANGXI[0].1)];
    assert!(PolicyPack::load(&twice).unwrap_err()[0].message.contains("two files"));
    assert!(PolicyPack::load::<&str, &str>(&[]).is_err());
    assert!(PolicyPack::load(&[("catalogue.toml", topic("catalogue", &[]))]).is_err());
}

#[test]
fn all_mistakes_of_all_files_come_at_once() {
    let files: Vec<(&str, String)> = GUANGXI
        .iter()
        .map(|(name, text)| (*name, text.replace("status = \"sample\"", "status = \"?\"")))
        .collect();
    let errors = PolicyPack::load(&files).unwrap_err();
    let names: std::collections::BTreeSet<&str> = errors.iter().map(|error| error.file.as_str()).collect();
    assert_eq!(names.len(), GUANGXI.len());
    assert!(errors.len() > 20);
}

#[test]
fn the_hash_pins_names_and_texts_and_not_the_order() {
    let mut files = GUANGXI.to_vec();
    files.reverse();
    let hash = PolicyPack::load(&files).unwrap().hash().to_owned();
    assert_eq!(hash, guangxi().hash());
    assert_eq!(hash.len(), 64);
    let mut changed: Vec<(&str, String)> =
        files.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
    changed[0].1.push('\n');
    assert_ne!(PolicyPack::load(&changed).unwrap().hash(), hash);
}

/// Any prefix of a file and any byte changed in it gives a pack or errors, never a panic.
#[test]
fn damaged_files_do_not_panic() {
    for (name, text) in GUANGXI {
        for (at, _) in text.char_indices().step_by(37) {
            let cut = [(name, text[..at].to_owned())];
            let _ = PolicyPack::load(&cut);
            let mut spoiled = text.to_owned();
            spoiled.insert(at, '"');
            let _ = PolicyPack::load(&[(name, spoiled)]);
        }
    }
}

/// (file of Jiamusi, text, replaced by, key of the error, part of the message)
const TREATMENT: &[(&str, &str, &str, &str, &str)] = &[
    ("big-illness.toml", "value = \"all\"", "value = \"some\"", "who.rows[0].value", "is not known"),
    ("big-illness.toml", "value = \"all\"", "value = []", "who.rows[0].value", "is empty"),
    ("big-illness.toml", "[\"inpatient\"]", "[\"hospital\"]", "counts", "is no benefit of the area"),
    ("big-illness.toml", "amount = \"10000.00\"", "amount = \"1万\"", "amount", "is not an amount"),
    ("big-illness.toml", "factor = \"0.5\"", "factor = \"1.5\"", "factor", "between 0 and 1"),
    (
        "big-illness.toml",
        "factor = \"0.5\"",
        "factor = \"0.5\", amount = \"1\"",
        "value[1]",
        "exactly one way",
    ),
    ("big-illness.toml", "factor = \"0.5\"", "wage_share = \"0.5\"", "threshold", "averages.wage"),
    ("big-illness.toml", "factor = \"0.5\"", "incomes = \"200\"", "incomes", "not a number of times"),
    (
        "big-illness.toml",
        "value = \"200000.00\"",
        "value = { incomes = \"6\" }",
        "year_cap",
        "averages.income",
    ),
    ("big-illness.toml", "points = \"0.05\"", "points = \"5\"", "points", "between 0 and 1"),
    ("big-illness.toml", "{ ratio = \"0.50\" }", "{ ratio = \"1.01\" }", "ratio", "between 0 and 1"),
    ("big-illness.toml", "points = \"0.05\"", "points = \"0.05\", plus = \"1\"", "plus", "unknown key"),
    ("settlement-inpatient.toml", "referred = \"yes\"", "referred = \"maybe\"", "referred", "is not known"),
    ("settlement-inpatient.toml", "place = \"in_province\"", "place = \"Harbin\"", "place", "is not known"),
    ("settlement-birth.toml", "amount = \"1100.00\"", "amount = \"-1\"", "amount", "negative"),
];

#[test]
fn each_mistake_in_a_table_by_condition_is_named_where_it_stands() {
    for (file, from, to, key, message) in TREATMENT {
        let errors = jiamusi(file, from, to);
        let hit = errors.iter().find(|error| error.key.ends_with(key) && error.message.contains(message));
        let hit = hit.unwrap_or_else(|| panic!("{file}: {to}: {errors:#?}"));
        assert_eq!(hit.file, *file);
        assert!(hit.line > 1 && !hit.fix.is_empty(), "{hit}");
    }
}

fn jiamusi(file: &str, from: &str, to: &str) -> Vec<PolicyError> {
    let files = JIAMUSI.map(|(name, text)| {
        assert!(name != file || text.contains(from), "{from:?} is not in {file}");
        (name, if name == file { text.replacen(from, to, 1) } else { text.to_owned() })
    });
    PolicyPack::load(&files).expect_err(to)
}

/// Two rows for one case, neither the narrower; a case without a row; a row that repeats another.
#[test]
fn every_case_has_exactly_one_narrowest_row() {
    let file = "settlement-inpatient.toml";
    let level = "{ level = \"1\", place = \"inside\", ratio = \"0.80\" }";
    let text =
        |to: &str| -> String { jiamusi(file, level, to).iter().map(|error| format!("{error}\n")).collect() };
    let both = text(
        "{ level = \"1\", place = \"inside\", ratio = \"0.80\" }, { level = \"1\", person = \"1403\", ratio = \"0.9\" }",
    );
    assert!(both.contains("all speak for inside, referred, level \"1\", person \"1403\""), "{both}");
    assert!(both.contains("add a row for just this case"), "{both}");
    let resolved =
        format!("{level}, {{ level = \"1\", place = \"inside\", person = \"1403\", ratio = \"0.9\" }}");
    let fine = JIAMUSI.map(|(name, text)| {
        (name, if name == file { text.replacen(level, &resolved, 1) } else { text.to_owned() })
    });
    PolicyPack::load(&fine).unwrap();
    let hole = jiamusi(file, "{ place = \"cross_province\", referred = \"yes\", ratio = \"0.50\" },", "");
    let hole: String = hole.iter().map(|error| format!("{error}\n")).collect();
    assert!(hole.contains("no row speaks for cross_province, referred"), "{hole}");
    assert!(hole.contains("write \"unknown\""), "{hole}");
    let twice = jiamusi(
        "big-illness.toml",
        "{ amount = \"10000.00\" },",
        "{ amount = \"10000.00\" }, { amount = \"9000.00\" },",
    );
    assert!(twice[0].message.contains("all speak for"), "{}", twice[0]);
    let alone = jiamusi("big-illness.toml", "{ amount = \"10000.00\" },", "{ factor = \"0.5\" },");
    assert!(alone[0].message.contains("needs an identity"), "{}", alone[0]);
}

#[test]
fn a_benefit_pays_by_ratio_or_by_a_fixed_sum() {
    let errors = jiamusi("settlement-birth.toml", "[fixed]", "[fixedly]");
    let text: String = errors.iter().map(|error| format!("{error}\n")).collect();
    assert!(text.contains("fixedly: unknown key"), "{text}");
    let files = JIAMUSI.map(|(name, text)| {
        let cut = text.find("\n[fixed]").zip(text.find("\n[fund_year_cap]"));
        match cut.filter(|_| name == "settlement-birth.toml") {
            Some((from, to)) => (name, format!("{}{}", &text[..from], &text[to..])),
            None => (name, text.to_owned()),
        }
    });
    let errors = PolicyPack::load(&files).unwrap_err();
    let keys: Vec<&str> = errors.iter().map(|error| error.key.as_str()).collect();
    assert_eq!(keys, ["deductible", "bands", "deductible_year_cap"]);
    let quota = topic(
        "settlement-chronic",
        &[(
            "quotas",
            "元",
            "[{ disease = \"M01\", label = \"甲\", period = \"year\", amount = \"1\" }, { disease = \"M01\", label = \"甲\", period = \"year\", amount = \"2\" }]",
        )],
    );
    let errors = PolicyPack::load(&[("settlement-chronic.toml", quota)]).unwrap_err();
    assert!(errors.iter().any(|error| error.message.contains("two quotas for one period")), "{errors:#?}");
}
