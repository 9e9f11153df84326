//! `catalogue`: an office's own three catalogues, taken whole or not at all, found by code, name and initials. The rows are
//! made here: no list of anybody.

use std::fmt::Write as _;

use super::bench::{keys, run};

const HEAD: &str = "目录编码,名称,规格,类别,费用类别,先自付比例(%),限价,单位,贵重,生效日期,失效日期,来源\n";

fn rows(count: u32) -> String {
    let mut text = HEAD.to_owned();
    for index in 1..=count {
        let class = ["甲", "乙", "丙"][(index % 3) as usize];
        let share = if class == "乙" { "15" } else { "" };
        writeln!(text, "GX{index:06},示例药品{index}号,{index}mg,{class},西药费,{share},{index}.5,盒,,2024-01-01,,示例文号")
            .unwrap();
    }
    text
}

#[test]
fn the_built_in_sample_is_there_and_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = run(folder.path(), &["catalogue", "status"], None);
    assert!(text.exits(0).out.contains("内置示例（虚构，不作支付依据）"), "{}", text.out);
    let status = run(folder.path(), &["catalogue", "status", "--json"], None).exits(0).json();
    let wanted = [
        "classes",
        "expensive",
        "file",
        "from",
        "hash",
        "items",
        "limited",
        "samples",
        "sources",
        "to",
        "valid",
    ];
    assert_eq!(keys(&status), wanted);
    assert_eq!(status["samples"], status["valid"], "every row of the sample is marked");
    assert!(status["valid"].as_u64().unwrap() > 140 && status["file"].is_null());
    for (query, name) in
        [("amxl", "阿莫西林胶囊"), ("dsdw", "复方丹参滴丸"), ("CT", "CT平扫"), ("slxy0001", "阿莫西林胶囊")]
    {
        let found = run(folder.path(), &["catalogue", "search", query, "--json"], None).exits(0).json();
        let names: Vec<&str> =
            found["items"].as_array().unwrap().iter().map(|i| i["hilist_name"].as_str().unwrap()).collect();
        assert!(names.contains(&name), "{query} {names:?}");
    }
    let old = run(
        folder.path(),
        &["catalogue", "search", "门冬胰岛素注射液", "--on", "2019-01-01", "--json"],
        None,
    );
    assert_eq!(old.exits(0).json()["items"][0]["chrgitm_lv"], "03");
    run(folder.path(), &["catalogue", "search", "没有这种东西"], None).exits(1);
    run(folder.path(), &["catalogue", "search", "a\u{1b}[31m"], None).exits(2);
}

#[test]
fn a_hundred_thousand_rows_are_taken_and_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("目录.csv");
    std::fs::write(&file, encoding_rs::GB18030.encode(&rows(100_000)).0).unwrap();
    let path = file.display().to_string();
    let report = run(folder.path(), &["catalogue", "import", &path, "--json"], None).exits(0).json();
    assert_eq!(keys(&report), ["faults", "file", "hash", "installed", "items", "more"]);
    assert_eq!((&report["items"], &report["installed"]), (&100_000.into(), &true.into()));
    let status = run(folder.path(), &["catalogue", "status", "--json"], None).exits(0).json();
    assert_eq!((&status["items"], &status["hash"]), (&100_000.into(), &report["hash"]));
    assert_eq!(status["sources"][0][0], "示例文号");
    let found = run(folder.path(), &["catalogue", "search", "slyp77776", "--json"], None).exits(0).json();
    assert_eq!(found["items"][0]["med_list_codg"], "GX077776");
    assert_eq!(found["items"][0]["selfpay_prop"], "0.1500", "the title said percent");
    // `check` takes it for what it is: another table, not a hundred thousand changes.
    let checked = run(folder.path(), &["check"], None);
    assert!(checked.exits(0).out.lines().count() < 60, "{}", checked.out);
}

#[test]
fn one_wrong_cell_and_nothing_is_installed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("目录.csv");
    let path = file.display().to_string();
    let import = |text: &str, more: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let mut args = vec!["catalogue", "import", path.as_str()];
        args.extend(more);
        run(folder.path(), &args, None)
    };
    assert!(import(&rows(3), &["--check"]).exits(0).out.contains("3 项没有错误"));
    assert!(!folder.path().join("library").exists(), "only looked at");
    import(&rows(3), &[]).exits(0);
    let before = run(folder.path(), &["catalogue", "status", "--json"], None).json()["hash"].clone();
    let bad = rows(5).replace("示例药品4号,4mg,乙,西药费,15", "示例药品4号,4mg,乙,西药费,1.5E+01");
    let answer = import(&bad, &[]);
    assert!(answer.exits(1).out.contains("F5 先自付比例(%)【1.5E+01%】"), "{}", answer.out);
    assert!(answer.out.contains("改法：") && answer.out.contains("1 处错误，整份没有导入"), "{}", answer.out);
    let json = import(&bad, &["--json"]).exits(1).json();
    let fault = &json["faults"][0];
    assert_eq!(
        (&fault["row"], &fault["column"], &fault["rule"]),
        (&5.into(), &"F".into(), &"catalogue.share".into())
    );
    assert_eq!(json["installed"], false);
    let after = run(folder.path(), &["catalogue", "status", "--json"], None).json()["hash"].clone();
    assert_eq!(before, after);
    // Columns that a file lacks come from the order; a file without the titles is refused whole.
    let short = "编码,项目名称,甲乙丙,收费类别\nA1,某药,甲,西药\n";
    assert!(import(short, &[]).exits(1).out.contains("“生效日期”必须填写"));
    import(short, &["--source", "某文号", "--from", "2026-01-01"]).exits(0);
    let answer = import("名称,价格\n某药,1\n", &[]);
    assert!(answer.exits(1).err.contains("至少有“目录编码”“名称”"), "{answer:?}");
    import("", &[]).exits(1);
}

/// A file that somebody changed by hand is named with its line; the station does not open with it.
#[test]
fn a_broken_installed_file_is_a_fault_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("library/seed/catalogue");
    std::fs::create_dir_all(&own).unwrap();
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/seed/catalogue/catalogue.csv"))
        .unwrap();
    std::fs::write(own.join("catalogue.csv"), text.replacen(",01,09,", ",04,09,", 1)).unwrap();
    let answer = run(folder.path(), &["check"], None);
    let said = format!("{}{}", answer.out, answer.err);
    assert_eq!(answer.code, 1);
    assert!(said.contains("seed/catalogue/catalogue.csv:2: chrgitm_lv"), "{said}");
}
