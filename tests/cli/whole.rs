//! The data as a whole: verification, exclusive ownership, exchange, and the small commands.

use xiangbao::store::{FILE_NAME, Store, Table};

use super::bench::{Bench, keys, run};

#[test]
fn verify_says_that_all_is_well() {
    let bench = Bench::new();
    let verdict = bench.run(&["verify", "--json"]).exits(0).json();
    assert_eq!(keys(&verdict), ["findings", "head", "ok", "operations", "records"]);
    assert_eq!((&verdict["ok"], &verdict["findings"]), (&true.into(), &serde_json::json!([])));
    assert_eq!(verdict["head"]["seq"], verdict["operations"]);
    assert!(bench.run(&["verify"]).out.contains("链条完整，投影与日志一致。"));
}

#[test]
fn verify_names_the_first_record_that_was_tampered_with() {
    let bench = Bench::new();
    {
        let db = redb::Database::open(bench.folder().join(FILE_NAME)).unwrap();
        let txn = db.begin_write().unwrap();
        let mut key = bench.made.patient.psn_no.clone().into_bytes();
        {
            use redb::ReadableTable as _;
            let mut table = txn.open_table(Table::ByHousehold.definition()).unwrap();
            let found: Vec<Vec<u8>> =
                table.iter().unwrap().map(|row| row.unwrap().0.value().to_vec()).collect();
            key = found.into_iter().find(|found| found.ends_with(&key)).unwrap();
            table.remove(key.as_slice()).unwrap();
        }
        txn.commit().unwrap();
    }
    let answer = bench.run(&["verify"]);
    answer.exits(1);
    assert!(answer.out.contains("投影 by_household 记录") && answer.out.contains("缺少"), "{}", answer.out);
    assert!(answer.out.contains("请保留现场"));
    let verdict = bench.run(&["verify", "--json"]).exits(1).json();
    assert_eq!((&verdict["ok"], verdict["findings"].as_array().unwrap().len()), (&false.into(), 1));
}

#[test]
fn a_file_that_is_no_data_file_is_a_fault_and_not_a_panic() {
    let bench = Bench::new();
    std::fs::write(bench.folder().join(FILE_NAME), b"not a database").unwrap();
    let answer = bench.run(&["verify"]);
    answer.exits(5);
    assert!(!answer.err.contains("panicked") && !answer.err.is_empty(), "{}", answer.err);
}

#[test]
fn the_data_has_one_owner_at_a_time() {
    let bench = Bench::new();
    let owner = Store::open(bench.folder()).unwrap();
    for args in [&["verify"][..], &["user", "list"], &["serve"]] {
        let answer = bench.run(args);
        assert!(answer.exits(4).err.contains("xiangbao attach"), "{}", answer.err);
    }
    // What needs no data works all the same.
    bench.run(&["check"]).exits(0);
    // A pipe is no terminal: the screens do not begin.
    for args in [&[][..], &["attach"]] {
        let answer = bench.run(args);
        assert!(answer.code != 0 && !answer.err.contains("panicked"), "{answer:?}");
    }
    assert!(bench.run(&["attach"]).exits(3).err.contains("终端"));
    drop(owner);
    bench.run(&["verify"]).exits(0);
}

#[test]
fn an_exchange_needs_an_enrolment() {
    let bench = Bench::new();
    let stick = tempfile::tempdir().unwrap();
    let stick = stick.path().display().to_string();
    for args in [
        &["sync"][..],
        &["sync", "--json"],
        &["sync", "--folder", &stick],
        &["sync", "--hub", "http://127.0.0.1:9"],
    ] {
        let answer = bench.run(args);
        answer.exits(3);
        assert!(
            answer.err.contains("没有在市级中心登记") && answer.err.contains("--enrol"),
            "{args:?} {}",
            answer.err
        );
    }
    assert!(bench.run(&["sync", "--enrol", "ABCD"]).exits(2).err.contains("--hub"));
    // A city that cannot be reached.
    bench.run(&["sync", "--hub", "http://127.0.0.1:9", "--enrol", "ABCD"]).exits(4);
    bench.run(&["sync", "--hub", "nonsense", "--enrol", "ABCD"]).exits(2);
}

#[test]
fn a_certificate_number_is_judged_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let check = |args: &[&str]| {
        let mut all = vec!["id", "check"];
        all.extend(args);
        run(folder.path(), &all, None)
    };
    // The worked example of GB 11643-1999 is 11010519491231002X.
    let good = check(&["11010519491231002x", "--json"]).exits(0).json();
    let said =
        ["brdy", "country", "division", "gend", "kind", "normal", "notes", "ok", "organisation", "region"];
    assert_eq!(keys(&good), said);
    assert_eq!(
        (&good["region"]["name"], &good["region"]["standing"]),
        (&"北京市".into(), &"other_province".into())
    );
    assert_eq!(
        (&good["normal"], &good["brdy"], &good["gend"]),
        (&"11010519491231002X".into(), &"1949-12-31".into(), &"2".into())
    );
    assert!(check(&["11010519491231002X"]).exits(0).out.contains("正确：11010519491231002X"));
    let bad = check(&["110105194912310021", "--json"]).exits(1).json();
    assert_eq!(keys(&bad), ["code", "fits_instead", "if_let_pass", "kind", "message", "ok", "overridable"]);
    assert_eq!(bad["if_let_pass"]["brdy"], "1949-12-31");
    assert_eq!((&bad["code"], &bad["overridable"]), (&"ID-CHECK".into(), &true.into()));
    // The right check character is never told.
    let text = check(&["110105194912310021"]).exits(1).out.clone();
    assert!(text.contains("校验位不符") && !text.contains('X'), "{text}");
    assert!(check(&["1101", "--kind", "01"]).exits(1).out.contains("18"));
    assert_eq!(check(&["110105194912310021", "--kind", "zz", "--json"]).exits(1).json()["code"], "ID-TYPE");
}

/// Reference 6: numbers of the other kinds, an abolished code, and names with rare characters.
#[test]
fn every_kind_of_number_and_a_name_are_judged() {
    let folder = tempfile::tempdir().unwrap();
    let check = |args: &[&str]| {
        let mut all = vec!["id", "check"];
        all.extend(args);
        run(folder.path(), &all, None)
    };
    let old = check(&["452130750815003", "--json"]).exits(0).json();
    assert_eq!(old["normal"], "452130197508150036");
    assert_eq!(old["region"]["standing"], "abolished");
    assert_eq!(old["region"]["name"], "广西壮族自治区南宁地区大新县");
    assert_eq!(old["notes"][0]["code"], "NOTE-15");
    assert!(check(&["452130197508150036"]).exits(0).out.contains("原广西南宁地区大新县"));
    let inner = check(&["12451424mb00000194", "--kind", "uscc", "--json"]).exits(0).json();
    assert_eq!((&inner["organisation"], &inner["kind"]["code"]), (&"MB0000019".into(), &"uscc".into()));
    for (number, kind) in [
        ("MB000001-9", "org"),
        ("6228480000000000000", "bank-card"),
        ("6228480000000000001", "bank-book"),
        ("A12345678", "social-card"),
        ("451400D156000005A1B2C3D4E5F60718", "card-sn"),
        ("H1234567801", "04"),
        ("830000199001010012", "17"),
        ("911240199001010023", "07"),
    ] {
        check(&[number, "--kind", kind]).exits(0);
    }
    let card = check(&["6228480000000000001", "--kind", "bank-card", "--json"]).exits(1).json();
    assert_eq!(card["code"], "ID-LUHN");
    let swapped = check(&["810000199001010019", "--kind", "07", "--json"]).exits(1).json();
    assert!(swapped["fits_instead"].as_array().unwrap().contains(&"港澳台居民居住证".into()), "{swapped}");

    let name = check(&["--name", "李U+4DAE", "--json"]).exits(0).json();
    assert_eq!(
        (&name["name"]["normal"], &name["name"]["shown"]),
        (&"李䶮".into(), &"李〔䶮 U+4DAE〕".into())
    );
    let boxed = check(&["451424199001010015", "--name", "张\u{e863}", "--json"]).exits(1).json();
    assert_eq!(boxed["name"]["not_printable"][0], "U+E863");
    assert_eq!(boxed["normal"], "451424199001010015");
    assert!(check(&["--name", "张3"]).exits(1).out.contains("姓名中不能有“3”"));
    // Nothing asked, and a text that no door lets in.
    check(&[]).exits(2);
    check(&["4514\u{202e}24"]).exits(2);
}

/// A list as a village hands it in: every line is judged, the wrong ones are named by their line.
#[test]
fn a_list_is_judged_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    let list =
        "姓名,证件号码\n覃小芳,451424199001010015\n李U+4DAE,452130750815003\n张3,451424199001010016\n韦明,\n";
    std::fs::write(&file, list).unwrap();
    let check = |more: &[&str]| {
        let mut all = vec!["id", "check", "--file", file.to_str().unwrap()];
        all.extend(more);
        run(folder.path(), &all, None)
    };
    let said = check(&[]).exits(1).out.clone();
    for sentence in ["第3行：15位旧号", "第4行：校验位不符", "第4行：姓名：", "共4行，1行有错，1行请核对。"]
    {
        assert!(said.contains(sentence), "{said}");
    }
    assert!(!said.contains("第2行") && !said.contains("第5行"), "{said}");
    let lines: Vec<serde_json::Value> =
        check(&["--json"]).exits(1).out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!((&lines[1]["line"], &lines[1]["normal"]), (&3.into(), &"452130197508150036".into()));
    assert_eq!(lines[2]["ok"], false);
    std::fs::write(&file, [0xd0, 0xd5, 0xc3, 0xfb]).unwrap();
    assert!(check(&[]).exits(1).err.contains("UTF-8"));
    std::fs::write(&file, "a,b\n1,2\n").unwrap();
    assert!(check(&[]).exits(1).err.contains("证件号码"));
    run(folder.path(), &["id", "check", "--file", "none.csv"], None).exits(5);
}

#[test]
fn completions_are_written_for_the_usual_shells() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = run(folder.path(), &["completions", shell], None);
        assert!(script.exits(0).out.contains("xiangbao") && script.out.contains("verify"), "{shell}");
    }
    run(folder.path(), &["completions", "none"], None).exits(2);
    // Nothing was made on the way.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
