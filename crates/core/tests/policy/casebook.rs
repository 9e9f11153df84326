//! The policy tests that the office reads, every file of them; and a corpus of broken ones, each named where it stands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use xiangbao_core::policy::{PolicyCase, PolicyPack};

fn seed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seed/policy")
}

fn texts(folder: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();
    found
}

/// Every shipped area with its pack and its cases.
fn areas() -> BTreeMap<String, (PolicyPack, Vec<PolicyCase>)> {
    let folders = std::fs::read_dir(seed()).unwrap().map(|entry| entry.unwrap().path());
    let area = |folder: PathBuf| {
        let pack = PolicyPack::load(&texts(&folder, "toml")).unwrap();
        let cases = texts(&folder.join("cases"), "txt");
        let cases = cases.iter().map(|(file, text)| PolicyCase::read(file, text).unwrap()).collect();
        (folder.file_name().unwrap().to_str().unwrap().to_owned(), (pack, cases))
    };
    folders.filter(|folder| folder.is_dir()).map(area).collect()
}

#[test]
fn every_policy_test_comes_out() {
    let mut wrong = Vec::new();
    for (area, (pack, cases)) in areas() {
        for case in cases {
            assert_eq!((case.area.as_str(), pack.area()), (area.as_str(), area.as_str()), "{}", case.file);
            for one in case.run(&pack).into_iter().filter(|one| !one.right()) {
                wrong.push(format!(
                    "{}:{}: {}: {} expected, {} found",
                    case.file, one.line, one.what, one.expected, one.got
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The issue asks for tests of each area; a case without an expectation would be none.
#[test]
fn every_area_has_its_tests() {
    let areas = areas();
    for (area, least) in [("guangxi-2017", 12), ("huaibei-2021", 10), ("yichang-2021", 8)] {
        let (_, cases) = &areas[area];
        assert!(cases.len() >= least, "{area}: {}", cases.len());
        assert!(cases.iter().all(|case| !case.expected.is_empty() && !case.article.is_empty()), "{area}");
    }
}

const GOOD: &str = "名称：甲\n条款：第一条\n地区：guangxi-2017\n问：待遇享受\n\n# 说明\n人员：初次参保\n缴费日期：2018-06-30\n\
                    参保年度：2018\n应得：2018-07-01 至 2018-12-31\n规则：G4\n";

const BILL: &str = "名称：乙\n条款：第一条\n地区：test\n问：结算\n医疗类别：普通住院\n医院级别：一级\n转诊：已备案\n\
                    出院日期：2018-05-03\n费用：西药费 甲 1000.00\n应得：总额 1000.00\n";

#[test]
fn each_mistake_is_named_where_it_stands() {
    assert!(PolicyCase::read("a.txt", GOOD).is_ok());
    assert!(PolicyCase::read("a.txt", BILL).is_ok());
    for (base, from, to, line, key, says) in [
        (GOOD, "名称：甲\n", "", 10, "名称", "缺少"),
        (GOOD, "名称：甲", "名称:甲", 1, "名称:甲", "键：值"),
        (GOOD, "条款：第一条", "条款：", 2, "条款", "没有内容"),
        (GOOD, "问：待遇享受", "问：天气", 4, "问", "不认识"),
        (GOOD, "参保年度：2018", "参保年度：2018\n参保年度：2019", 10, "参保年度", "两次"),
        (GOOD, "缴费日期：2018-06-30", "缴费日期：2018-6-30", 8, "缴费日期", "不是日期"),
        (GOOD, "参保年度：2018", "参保年度：18", 9, "参保年度", "不是年度"),
        (GOOD, "规则：G4", "规则：G4\n规矩：G4", 12, "规矩", "不认识的键"),
        (GOOD, "规则：G4", "规则：G4\n把握：也许", 12, "把握", "不是把握"),
        (GOOD, "规则：G4", "规则：G4\n选项：third_month", 12, "选项", "名称=取值"),
        (GOOD, "初次参保", "初次\u{7}参保", 7, "", "控制字符"),
        (GOOD, "规则：G4", "规则：G4\n费用：西药费 甲 1.00", 12, "费用", "不认识的键"),
        (BILL, "费用：西药费 甲 1000.00\n", "", 9, "费用", "缺少"),
        (BILL, "费用：西药费 甲", "费用：西药费 丁", 9, "费用", "丁"),
        (BILL, "费用：西药费", "费用：药", 9, "费用", "费用类别"),
        (BILL, "甲 1000.00", "甲 1000.001", 9, "费用", "不是金额"),
        (BILL, "甲 1000.00", "甲 1000.00 先付 3", 9, "费用", "不是比例"),
        (BILL, "甲 1000.00", "甲 1000.00 打折", 9, "费用", "打折"),
        (BILL, "转诊：已备案", "转诊：是", 7, "转诊", "转诊情况"),
        (BILL, "医院级别：一级", "医院级别：特级", 6, "医院级别", "特级"),
        (BILL, "应得：总额 1000.00", "应得：奖金 1000.00", 10, "应得", "奖金"),
        (BILL, "应得：总额 1000.00\n", "", 9, "应得", "缺少"),
        (BILL, "转诊：已备案", "转诊：已备案\n已用：奖金 1.00", 8, "已用", "奖金"),
        (BILL, "转诊：已备案", "转诊：已备案\n身份：低保", 8, "身份", "身份代码"),
        (BILL, "转诊：已备案", "转诊：已备案\n就医地：月球", 8, "就医地", "月球"),
    ] {
        let text = base.replace(from, to);
        assert_ne!(text, base, "{from}");
        let errors = PolicyCase::read("a.txt", &text).unwrap_err();
        let named = errors.iter().find(|error| error.line == line && error.key == key);
        let named = named.unwrap_or_else(|| panic!("{to}: {errors:?}"));
        assert!(named.message.contains(says) && !named.fix.is_empty(), "{named}");
    }
    let long = "#\n".repeat(500);
    assert!(PolicyCase::read("a.txt", &format!("{GOOD}{long}")).is_err());
    for text in ["", "：", "\u{feff}", "问：待遇享受", "一：二\n一：二"] {
        assert!(PolicyCase::read("a.txt", text).is_err(), "{text:?}");
    }
}

/// A test that is wrong says so, with both sides.
#[test]
fn a_wrong_expectation_is_shown_beside_what_was_found() {
    let areas = areas();
    let (pack, _) = &areas["guangxi-2017"];
    let case = PolicyCase::read("a.txt", &GOOD.replace("2018-07-01", "2018-08-01")).unwrap();
    let compared = case.run(pack);
    assert_eq!(compared[0].got, "2018-07-01 至 2018-12-31");
    assert!(!compared[0].right() && compared[1].right());
}
