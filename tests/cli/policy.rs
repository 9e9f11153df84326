//! `policy`: parameters and answers without a station. Expected days and amounts are those of `entitlement-cases.csv` and
//! reference 4.3; a draft of an office is a folder of its own.

use super::bench::{keys, run};

#[test]
fn entitlement_is_answered_as_in_the_table_of_cases() {
    let nowhere = tempfile::tempdir().unwrap();
    let ask = |args: &[&str]| run(nowhere.path(), &[&["policy", "entitlement"], args].concat(), None);
    let first =
        ["--area", "guangxi-2017", "--kind", "first", "--paid", "2018-06-30", "--year", "2018", "--json"];
    let answer = ask(&first).exits(0).json();
    let known = [
        "alternatives",
        "area",
        "article",
        "birth",
        "certainty",
        "closed",
        "document",
        "end",
        "insu_year",
        "kind",
        "no_rule",
        "options",
        "paid",
        "reason",
        "rule",
        "sample",
        "start",
        "void",
    ];
    assert_eq!(keys(&answer), known);
    assert_eq!((&answer["start"], &answer["end"]), (&"2018-07-01".into(), &"2018-12-31".into()));
    assert_eq!((&answer["rule"], &answer["certainty"]), (&"G4".into(), &"clear".into()));
    // Row 26, and both dates while the county has not decided.
    let third = ["--kind", "interrupted", "--paid", "2018-03-15", "--year", "2018", "--json"];
    let answer = ask(&[&third[..], &["--option", "third_month=after"]].concat()).exits(0).json();
    assert_eq!((&answer["start"], &answer["certainty"]), (&"2018-06-01".into(), &"assumed".into()));
    let other = &answer["alternatives"][0];
    assert_eq!((&other["option"], &other["start"]), (&"third_month=inclusive".into(), &"2018-05-01".into()));
    // Void, closed, silent, and people who must prove something: no day, exit code 1, and the reason.
    for (args, rule, says) in [
        (&["--kind", "continuous", "--paid", "2018-12-01", "--year", "2018"][..], "G8 void", "缴后不退"),
        (&["--kind", "continuous", "--paid", "2017-08-31", "--year", "2018"], "window closed", "2017-09-01"),
        (&["--kind", "first", "--paid", "2018-08-31", "--year", "2018"], "G5 no rule", "请示县"),
        (
            &["--area", "huaibei-2021", "--kind", "resident", "--paid", "2022-01-15", "--year", "2022"],
            "H2 needs migrant",
            "核实身份",
        ),
    ] {
        let answer = ask(&[args, &["--json"]].concat()).exits(1).json();
        assert_eq!((&answer["rule"], &answer["start"]), (&rule.into(), &serde_json::Value::Null));
        assert!(answer["reason"].as_str().unwrap().contains(says), "{answer}");
        let text = ask(args);
        assert!(format!("{}{}", text.exits(1).out, text.err).contains(says));
    }
    let standing =
        ask(&["--area", "yichang-2021", "--kind", "employee", "--option", "gap_months=6", "--json"]);
    let standing = standing.exits(0).json();
    assert_eq!((&standing["rule"], &standing["psn_insu_stas"][0]), (&"Y1 boundary".into(), &"2".into()));
    ask(&["--kind", "someone", "--paid", "2018-03-01", "--year", "2018"]).exits(2);
    ask(&["--kind", "first", "--year", "2018"]).exits(2);
    ask(&["--area", "nowhere", "--kind", "first", "--paid", "2018-03-01", "--year", "2018"]).exits(1);
    assert_eq!(std::fs::read_dir(nowhere.path()).unwrap().count(), 0, "asking leaves nothing behind");
}

#[test]
fn a_contribution_comes_with_standard_year_window_and_reasons() {
    let nowhere = tempfile::tempdir().unwrap();
    let ask = |args: &[&str]| run(nowhere.path(), &[&["policy", "contribution"], args].concat(), None);
    let huaibei = ["--area", "huaibei-2021", "--year", "2022", "--paid", "2021-11-01"];
    let best = [&huaibei[..], &["--identity", "2360", "--identity", "2303", "--json"]].concat();
    let answer = ask(&best).exits(0).json();
    assert_eq!((&answer["aid_amt"], &answer["psn_clct_amt"]), (&"280.00".into(), &"40.00".into()));
    assert_eq!((&answer["standard_year"], &answer["insu_year"]), (&2021.into(), &2022.into()));
    assert_eq!(answer["collection"]["standing"], "open");
    let expired = [&huaibei[..], &["--identity", "2303::2021-10-31"]].concat();
    let text = ask(&expired);
    assert!(text.exits(0).out.contains("已失效") && text.out.contains("个人应缴 320.00"), "{}", text.out);
    ask(&["--area", "huaibei-2021", "--year", "2022", "--paid", "2021-08-31"]).exits(1);
    ask(&["--year", "2090"]).exits(1);
    ask(&[&huaibei[..], &["--identity", "2303:soon"]].concat()).exits(2);
}

#[test]
fn parameters_are_listed_shown_and_compared_with_their_source() {
    let nowhere = tempfile::tempdir().unwrap();
    let ask = |args: &[&str]| run(nowhere.path(), &[&["policy"], args].concat(), None);
    let packs = ask(&["list", "--json"]).exits(0).json();
    let areas: Vec<&str> =
        packs.as_array().unwrap().iter().map(|pack| pack["area"].as_str().unwrap()).collect();
    for area in ["guangxi-2017", "huaibei-2021", "yichang-2021"] {
        assert!(areas.contains(&area), "{areas:?}");
    }
    let listed = ask(&["list", "guangxi-2017", "--on", "2018-01-01"]);
    assert!(listed.exits(0).out.contains("示例") && listed.out.contains("已核对"), "{}", listed.out);
    let shown = ask(&["show", "contribution.refund", "--json"]).exits(0).json();
    let row = &shown["rows"][0];
    assert_eq!((&row["article"], &row["status"]), (&"第二十八条".into(), &"verified".into()));
    assert!(!row["checked_by"].as_str().unwrap().is_empty() && row["from"] == "2017-07-01");
    ask(&["show", "contribution.nothing"]).exits(1);
    let differs =
        ask(&["diff", "guangxi-2017@2018-01-01", "guangxi-2017@2019-01-01", "--json"]).exits(0).json();
    assert_eq!(differs["differences"][0]["param"], "contribution.standard");
    assert_eq!(differs["differences"].as_array().unwrap().len(), 1);
    ask(&["diff", "guangxi-2017@soon", "guangxi-2017"]).exits(2);
    // A draft in a folder of its own, against the pack in force.
    let draft = nowhere.path().join("draft");
    std::fs::create_dir(&draft).unwrap();
    let seed =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seed/policy/guangxi-2017/entitlement.toml");
    let text = std::fs::read_to_string(seed).unwrap();
    std::fs::write(
        draft.join("entitlement.toml"),
        text.replace("value = \"after\"", "value = \"inclusive\""),
    )
    .unwrap();
    let against = ask(&["diff", "guangxi-2017", draft.to_str().unwrap()]);
    assert!(against.exits(0).out.contains("entitlement.third_month"), "{}", against.out);
    std::fs::write(draft.join("entitlement.toml"), "area = 1").unwrap();
    let broken = ask(&["list", draft.to_str().unwrap()]);
    assert!(broken.exits(1).err.contains("entitlement.toml:"), "{}", broken.err);
}

#[test]
fn holes_in_time_are_named_and_silences_too() {
    let nowhere = tempfile::tempdir().unwrap();
    let ask = |args: &[&str]| run(nowhere.path(), &[&["policy", "coverage"], args].concat(), None);
    let whole = ask(&["--area", "guangxi-2017", "--since", "2018-01-01", "--until", "2018-12-31", "--json"]);
    let whole = whole.exits(0).json();
    let spans = whole[0]["spans"].as_array().unwrap();
    assert!(spans.iter().all(|span| span["standing"] == "silent"), "{spans:?}");
    let first = spans.iter().find(|span| span["question"] == "entitlement first").unwrap();
    assert_eq!((&first["from"], &first["to"]), (&"2018-07-01".into(), &"2018-08-31".into()));
    let end = ask(&["--area", "guangxi-2017", "--since", "2027-09-01"]);
    assert!(end.exits(1).out.contains("contribution.standard"), "{}", end.out);
}

#[test]
fn the_policy_tests_run_and_a_wrong_one_is_shown() {
    let nowhere = tempfile::tempdir().unwrap();
    let answer = run(nowhere.path(), &["policy", "test", "--json"], None).exits(0).json();
    assert!(answer["count"].as_u64().unwrap() >= 30 && answer["wrong"] == 0, "{answer}");
    let own = nowhere.path().join("library/seed/policy/huaibei-2021/cases");
    std::fs::create_dir_all(&own).unwrap();
    let case = "名称：本局的\n条款：004 问3\n地区：huaibei-2021\n问：待遇享受\n人员：普通居民\n缴费日期：2021-12-31\n\
                参保年度：2022\n应得：2022-02-01 至 2022-12-31\n规则：H1\n";
    std::fs::write(own.join("own.txt"), case).unwrap();
    let wrong = run(nowhere.path(), &["policy", "test", "--area", "huaibei-2021"], None);
    assert!(
        wrong.exits(1).out.contains("应为 2022-02-01 至 2022-12-31，实为 2022-01-01 至 2022-12-31"),
        "{}",
        wrong.out
    );
    std::fs::write(own.join("own.txt"), case.replace("规则：", "规矩：")).unwrap();
    for args in [&["policy", "test", "--area", "huaibei-2021"][..], &["check"]] {
        let broken = run(nowhere.path(), args, None);
        let said = format!("{}{}", broken.exits(1).out, broken.err);
        assert!(said.contains("own.txt:9") && said.contains("不认识的键"), "{said}");
    }
}
