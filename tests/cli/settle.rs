//! `policy settle`: the example of docs/settlement.md as it is printed there, wrong files, and questions that the law
//! does not answer.

use std::path::PathBuf;

use super::bench::{Answer, keys, run};

fn doc() -> String {
    std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/settlement.md")).unwrap()
}

/// The first JSON block of the page.
fn example() -> String {
    let doc = doc();
    let (_, rest) = doc.split_once("```json\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

fn settle(case: &str, args: &[&str]) -> Answer {
    let nowhere = tempfile::tempdir().unwrap();
    let file = nowhere.path().join("case.json");
    std::fs::write(&file, case).unwrap();
    let all = [&["policy", "settle", "--case", file.to_str().unwrap()][..], args].concat();
    run(nowhere.path(), &all, None)
}

#[test]
fn the_example_of_the_page_comes_out_as_the_page_says() {
    let answer = settle(&example(), &["--json"]).exits(0).json();
    let amount = |name: &str| answer["setlinfo"][name].as_str().unwrap().to_owned();
    for (name, expected) in [
        ("medfee_sumamt", "42300.00"),
        ("fulamt_ownpay_amt", "300.00"),
        ("overlmt_selfpay", "200.00"),
        ("preselfpay_amt", "180.00"),
        ("inscp_scp_amt", "41620.00"),
        ("act_pay_dedc", "300.00"),
        ("hifp_pay", "30990.00"),
        ("hifmi_pay", "0.00"),
        ("maf_pay", "7441.00"),
        ("fund_pay_sumamt", "38431.00"),
        ("psn_part_amt", "3869.00"),
        ("psn_cash_pay", "3869.00"),
    ] {
        assert_eq!(amount(name), expected, "{name}");
        let grouped = expected.replace("38431.00", "38,431.00").replace("3869.00", "3,869.00");
        let named = ["fund_pay_sumamt", "psn_part_amt"].contains(&name);
        assert!(!named || doc().contains(&grouped), "the page says {grouped}");
    }
    assert_eq!(answer["setldetail"].as_array().unwrap().len(), 3);
    assert_eq!(answer["not_computed"], serde_json::json!(["补充保险"]));
    assert_eq!((&answer["sample"], &answer["setlinfo"]["year"]), (&true.into(), &2018.into()));
    for key in keys(&answer) {
        assert!(doc().contains(&format!("`{key}`")), "{key} is not on the page");
    }
    let trace = answer["trace"].as_array().unwrap();
    assert!(trace.iter().all(|step| !step["document"].as_str().unwrap().is_empty()));
}

#[test]
fn people_read_a_table_with_the_reasons() {
    let text = settle(&example(), &[]).exits(0).out.clone();
    for words in
        ["个人负担\t3,869.00", "示例参数，未经核实", "未计算：补充保险", "41,320.00 × 75%", "医疗救助支付"]
    {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

/// What the year holds after one bill is read back for the next.
#[test]
fn the_year_of_one_answer_goes_into_the_next_case() {
    let first = settle(&example(), &["--json"]).exits(0).json();
    let mut case: serde_json::Value = serde_json::from_str(&example()).unwrap();
    case["used"] = first["year_after"].clone();
    case["adm_no"] = 2.into();
    let second = settle(&case.to_string(), &["--json"]).exits(0).json();
    assert_eq!(second["year_after"]["fund_paid"], "61980.00");
    assert_eq!(second["year_after"]["admissions"], 2);
    // Base of big illness 21,260.00: 9,260.00 × 60 % = 5,556.00.
    assert_eq!(second["setlinfo"]["hifmi_pay"], "5556.00");
}

#[test]
fn wrong_files_are_named_with_place_and_remedy() {
    let swap = |from: &str, to: &str| {
        let example = example();
        assert!(example.contains(from), "{from}");
        example.replacen(from, to, 1)
    };
    for (case, words) in [
        (swap("\"adm_no\"", "\"admno\""), "第 4 行"),
        (swap("\"40000.00\"", "40000.00"), "金额和比例写成文字"),
        (swap("\"40000.00\"", "\"40000.001\""), "fees[0].det_item_fee_sumamt"),
        (swap("\"40000.00\"", "\"\""), "fees[0].det_item_fee_sumamt"),
        (swap("\"0.10\"", "\"10%\""), "fees[1].selfpay_prop"),
        (swap("\"02\"", "\"04\""), "fees[1].chrgitm_lv"),
        (swap("\"inside\"", "\"Nanning\""), "place"),
        (swap("\"2018-05-20\"", "\"2018-05-01\""), "endtime"),
        ("[]".to_owned(), "第 1 行"),
    ] {
        let answer = settle(&case, &["--json"]);
        answer.exits(2);
        assert!(answer.err.contains(words), "{words}: {}", answer.err);
    }
    settle("{", &[]).exits(2);
    let nowhere = tempfile::tempdir().unwrap();
    run(nowhere.path(), &["policy", "settle", "--case", "nothing.json"], None).exits(5);
    settle(&example(), &["--params", "atlantis"]).exits(1);
}

#[test]
fn what_the_law_does_not_say_is_a_negative_answer() {
    let early = example().replace("2018-05-03", "2017-06-30").replace("2018-05-20", "2017-06-30");
    let answer = settle(&early, &["--json"]).exits(1).json();
    assert_eq!(answer["no_rule"], true);
    assert!(answer["reason"].as_str().unwrap().contains("2017-06-30"), "{answer}");
    let text = settle(&early, &[]);
    assert!(text.exits(1).err.contains("不得估算"), "{}", text.err);
    let other = settle(&example(), &["--params", "huaibei-2021"]);
    assert!(other.exits(1).err.contains("huaibei-2021"), "{}", other.err);
}

/// A folder, and any file in it, stand for the pack that they hold.
#[test]
fn a_draft_is_settled_from_its_folder() {
    let seed = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seed/policy/jiamusi-2018");
    for params in [seed.clone(), seed.join("settlement-inpatient.toml")] {
        let answer = settle(&example(), &["--json", "--params", params.to_str().unwrap()]).exits(0).json();
        // 乙 10 % first: (41,620 - 400) × 75 % = 30,915.00; left 10,705.00; poor: (10,705 - 5,000) × 55 % = 3,137.75.
        assert_eq!(answer["setlinfo"]["hifp_pay"], "30915.00");
        assert_eq!(answer["setlinfo"]["hifmi_pay"], "3137.75");
    }
}
