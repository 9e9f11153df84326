//! Every reason code is found exactly once in its bad claim, alone, and nothing at all is found in the good one beside it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;
use xiangbao_core::code::CodeBook;
use xiangbao_core::findings::{Around, Claim, DoctorStanding, Raised, gather, judge};
use xiangbao_core::form::{EvalContext, EveryGlyph, FormData, Row};
use xiangbao_core::register::FilingRecord;

const CORPUS: &str = include_str!("corpus.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    base: Base,
    case: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    fields: BTreeMap<String, String>,
    invoices: Vec<Row>,
    fees: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    code: String,
    article: String,
    why: String,
    bad: Setting,
    good: Setting,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Setting {
    fields: BTreeMap<String, String>,
    /// Kind, class, amount, day, expensive.
    fees: Option<Vec<[String; 5]>>,
    history: Vec<Other>,
    /// Days of outpatient claims of the same person at one other hospital each.
    visits: Vec<String>,
    filings: Vec<Filed>,
    covers: Option<Vec<(String, String)>>,
    doctor: String,
    city: Vec<String>,
    filed: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    case_no: String,
    psn_no: String,
    hospital: String,
    med_type: String,
    begin: String,
    end: String,
    invoices: Vec<[String; 3]>,
    /// The settlement that the stay goes on from.
    #[serde(default)]
    continues: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filed {
    kind: String,
    from: String,
    to: String,
    values: BTreeMap<String, String>,
}

fn row(cells: &[(&str, &str)]) -> Row {
    let filled = cells.iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect()
}

fn other(case_no: &str, psn_no: &str, fields: [&str; 4], invoices: &[[String; 3]]) -> Claim {
    let [hospital, med_type, begin, end] = fields;
    let mut data = FormData {
        fields: row(&[
            ("fixmedins_name", hospital),
            ("med_type", med_type),
            ("begntime", begin),
            ("endtime", end),
        ]),
        ..FormData::default()
    };
    let rows = invoices
        .iter()
        .map(|[number, date, amount]| row(&[("invo_no", number), ("invo_date", date), ("invo_amt", amount)]));
    data.tables.insert("invoices".to_owned(), rows.collect());
    Claim::of(case_no, psn_no, "示例乙", "待初审", &data)
}

/// The same as a further part of the stay that `continues` settled.
fn part(claim: Claim, continues: &str) -> Claim {
    Claim { continues: continues.to_owned(), ..claim }
}

/// The other claims of a setting.
fn history_of(setting: &Setting) -> Vec<Claim> {
    let mut history: Vec<Claim> = setting
        .history
        .iter()
        .map(|o| {
            let fields = [o.hospital.as_str(), &o.med_type, &o.begin, &o.end];
            part(other(&o.case_no, &o.psn_no, fields, &o.invoices), &o.continues)
        })
        .collect();
    for (index, day) in setting.visits.iter().enumerate() {
        let hospital = format!("示例诊所{index}");
        history.push(other(&format!("BX{index}"), "P1", [&hospital, "11", day, day], &[]));
    }
    history
}

/// What the shipped rules find in a setting.
fn found(base: &Base, setting: &Setting) -> Vec<Raised> {
    let mut data = FormData { fields: base.fields.clone(), ..FormData::default() };
    data.fields.extend(setting.fields.clone());
    data.tables.insert("invoices".to_owned(), base.invoices.clone());
    let fees = setting.fees.as_ref().map(|fees| {
        let line = |[kind, class, amount, day, expensive]: &[String; 5]| {
            row(&[
                ("med_chrgitm_type", kind),
                ("chrgitm_lv", class),
                ("det_item_fee_sumamt", amount),
                ("fee_ocur_time", day),
                ("expensive", expensive),
            ])
        };
        fees.iter().map(line).collect()
    });
    data.tables.insert("fees".to_owned(), fees.unwrap_or_else(|| base.fees.clone()));
    let history = history_of(setting);
    let filings: Vec<FilingRecord> = setting
        .filings
        .iter()
        .map(|filed| FilingRecord {
            psn_no: "P1".to_owned(),
            kind: filed.kind.clone(),
            serial: 1,
            rev: 1,
            from: filed.from.clone(),
            to: filed.to.clone(),
            values: filed.values.clone(),
            void: false,
        })
        .collect();
    let year = ("2026-01-01".to_owned(), "2026-12-31".to_owned());
    let covers = setting.covers.clone().unwrap_or_else(|| vec![year]);
    let city: Vec<(u64, String)> = setting.city.iter().map(|said| (7, said.clone())).collect();
    let filed: NaiveDate = setting.filed.as_deref().unwrap_or("2026-11-20").parse().unwrap();
    let doctor = match setting.doctor.as_str() {
        "" => DoctorStanding::Silent,
        "unknown" => DoctorStanding::Unknown,
        "registered" => DoctorStanding::Registered,
        "suspended" => DoctorStanding::Suspended,
        "stopped" => DoctorStanding::Stopped,
        other => panic!("{other}"),
    };
    let around = Around {
        filed,
        history: &history,
        filings: &filings,
        covers: &covers,
        doctor,
        city: &city,
        year: None,
    };
    let own = Claim::of("", "P1", "示例甲", "", &data);
    let facts = gather(&own, &data, &around);
    let codes = CodeBook::from_csv(&[]).unwrap();
    let context = EvalContext {
        today: filed,
        codes: &codes,
        glyphs: &EveryGlyph,
        ruleset: "guangxi_2017",
        calendar: None,
    };
    judge(&super::pack(), &facts, filed, &context)
}

#[test]
fn each_code_is_found_in_its_bad_claim_alone_and_not_in_the_good_one() {
    let corpus: Corpus = toml::from_str(CORPUS).unwrap();
    let mut faults = Vec::new();
    for pair in &corpus.case {
        let codes = |setting: &Setting| -> Vec<String> {
            found(&corpus.base, setting).into_iter().map(|raised| raised.code).collect()
        };
        let (bad, good) = (codes(&pair.bad), codes(&pair.good));
        if bad != [pair.code.clone()] || !good.is_empty() {
            faults.push(format!("{} ({}): bad {bad:?}, good {good:?}", pair.code, pair.why));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_rule_has_its_pair_and_its_article() {
    let corpus: Corpus = toml::from_str(CORPUS).unwrap();
    let pack = super::pack();
    let tried: BTreeSet<&str> = corpus.case.iter().map(|pair| pair.code.as_str()).collect();
    let known: BTreeSet<&str> = pack.rules.iter().map(|rule| rule.code.as_str()).collect();
    assert_eq!(tried, known);
    for pair in &corpus.case {
        let article = &pack.rule(&pair.code).unwrap().source.article;
        assert!(pair.article.starts_with(article.as_str()), "{}: {article}", pair.code);
    }
    // A88: the figures are of nobody's making: samples, and said to be.
    for param in &pack.params {
        assert!(
            param.rows.iter().all(|row| row.source.sample && row.source.document == "示例"),
            "{}",
            param.id
        );
    }
}

/// What a reviewer reads: the sentence with its values, the facts behind it, the other case.
#[test]
fn a_finding_says_what_it_rests_on() {
    let corpus: Corpus = toml::from_str(CORPUS).unwrap();
    let of = |code: &str| {
        let pair = corpus.case.iter().find(|pair| pair.code == code).unwrap();
        found(&corpus.base, &pair.bad).remove(0)
    };
    let twice = of("PJ01");
    assert!(twice.sentence.contains("00345671") && twice.sentence.contains("BX1"), "{}", twice.sentence);
    assert!(!twice.todo.is_empty() && twice.case_no == "BX1" && !twice.sample);
    let facts = |raised: &Raised| -> BTreeMap<String, String> {
        raised.evidence.iter().map(|fact| (fact.label.clone(), fact.value.clone())).collect()
    };
    assert_eq!(facts(&twice).get("同一医院").map(String::as_str), Some("是"));
    let cost = of("ZB02");
    assert!(cost.sentence.contains("3,000.01") && cost.sample, "{cost:?}");
    assert_eq!(cost.levels, ["initial", "recheck"]);
    let own = of("ZB04");
    assert_eq!(facts(&own).get("自费率上限").map(String::as_str), Some("40.00%"));
    let outside = of("YD01");
    assert_eq!(facts(&outside).get("有效的异地备案").map(String::as_str), Some("否"));
}

/// A rule and a figure hold on their days only; without a figure the rule says nothing.
#[test]
fn rules_and_figures_have_their_time() {
    let text = super::RULES.replacen(
        "from = \"2017-07-01\"\nvalue = \"500.00\"",
        "from = \"2027-01-01\"\nvalue = \"500.00\"",
        1,
    );
    let pack = xiangbao_core::findings::FindingsPack::load("x.toml", &text).unwrap();
    let mut facts = FormData::default();
    for (id, value) in [("inpatient", "0"), ("medfee", "900.00")] {
        facts.fields.insert(id.to_owned(), value.to_owned());
    }
    let codes = CodeBook::from_csv(&[]).unwrap();
    let on = |day: &str| -> Vec<String> {
        let day: NaiveDate = day.parse().unwrap();
        let context = EvalContext {
            today: day,
            codes: &codes,
            glyphs: &EveryGlyph,
            ruleset: "guangxi_2017",
            calendar: None,
        };
        judge(&pack, &facts, day, &context).into_iter().map(|raised| raised.code).collect()
    };
    assert_eq!(on("2026-12-31"), [""; 0]);
    assert_eq!(on("2027-01-01"), ["ZB01"]);
    assert_eq!(on("2017-06-30"), [""; 0]);
}
