//! `calendar`: dates without a station, and outage notices with one. Expected dates are reference 7.1, 9.1 and 9.2.

use super::bench::{Bench, keys, run};

#[test]
fn a_due_date_needs_no_station() {
    let nowhere = tempfile::tempdir().unwrap();
    let ask = |args: &[&str]| run(nowhere.path(), args, None);
    let due = ["calendar", "due", "--from", "2026-09-21", "--working-days", "15"];
    assert_eq!(ask(&due).exits(0).out.trim(), "2026-10-19");
    for (area, expected) in [("national", "2026-04-27"), ("guangxi", "2026-04-29"), ("office", "2026-04-29")]
    {
        let args =
            ["calendar", "due", "--from", "2026-04-13", "--working-days", "10", "--area", area, "--json"];
        let answer = ask(&args).exits(0).json();
        assert_eq!(keys(&answer), ["due", "from", "layers", "length", "provisional", "term"]);
        assert_eq!((&answer["due"], &answer["provisional"]), (&expected.into(), &false.into()));
    }
    for (term, expected) in [
        (&["--same-day"][..], "2017-11-30"),
        (&["--days", "90"], "2018-02-28"),
        (&["--months", "3"], "2018-02-28"),
    ] {
        let args = [&["calendar", "due", "--from", "2017-11-30"][..], term].concat();
        assert_eq!(ask(&args).exits(0).out.trim(), expected);
    }
    let far = ["calendar", "due", "--from", "2026-12-21", "--working-days", "15"];
    assert!(ask(&far).exits(0).out.contains("暂定"));
    ask(&["calendar", "due", "--from", "2026-09-21"]).exits(2);
    ask(&["calendar", "due", "--from", "9.21", "--working-days", "15"]).exits(2);
    assert_eq!(std::fs::read_dir(nowhere.path()).unwrap().count(), 0, "asking leaves nothing behind");
}

#[test]
fn every_day_of_a_term_is_explained() {
    let nowhere = tempfile::tempdir().unwrap();
    let args = ["calendar", "explain", "--from", "2026-09-21", "--working-days", "15", "--json"];
    let answer = run(nowhere.path(), &args, None).exits(0).json();
    assert_eq!((&answer["due"], &answer["published_until"]), (&"2026-10-19".into(), &"2026-12-31".into()));
    let days = answer["days"].as_array().unwrap();
    assert_eq!(days.len(), 29);
    assert_eq!((&days[0]["counted"], &days[0]["reason"]), (&serde_json::Value::Null, &"受理当日不计".into()));
    let of = |date: &str| days.iter().find(|day| day["date"] == date).unwrap();
    assert_eq!((&of("2026-10-05")["name"], &of("2026-10-05")["layer"]), (&"国庆节".into(), &"国家".into()));
    assert_eq!(
        (&of("2026-10-10")["reason"], &of("2026-10-10")["weekday"]),
        (&"调休上班".into(), &"周六".into())
    );
    assert_eq!(days.last().unwrap()["counted"], 15);
    let text = run(nowhere.path(), &args[..6], None);
    assert!(text.exits(0).out.contains("放假\t国庆节\t国家日历"), "{}", text.out);
    let spring = ["calendar", "explain", "--from", "2026-04-17", "--working-days", "2", "--area", "guangxi"];
    let text = run(nowhere.path(), &spring, None);
    assert!(text.exits(0).out.contains("壮族三月三\t自治区日历\tNewLife.Holiday"), "{}", text.out);
}

#[test]
fn an_offices_own_closed_day_is_a_layer_of_its_own_and_names_its_document() {
    let bench = Bench::new();
    let own = "library/seed/calendar/county.csv";
    let folder = bench.folder().join("library/seed/calendar");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |text: &str| std::fs::write(bench.folder().join(own), text).unwrap();
    write("date,kind,name,source\n2026-09-22,holiday,抗洪停办,县政办〔2026〕示例2号\n");
    let ask = |area: &str| {
        let args = ["calendar", "due", "--from", "2026-09-21", "--working-days", "1", "--area", area];
        bench.run(&args).exits(0).out.trim().to_owned()
    };
    assert_eq!((ask("guangxi").as_str(), ask("office").as_str()), ("2026-09-22", "2026-09-23"));
    let explain = bench.run(&["calendar", "explain", "--from", "2026-09-21", "--working-days", "1"]);
    assert!(explain.out.contains("抗洪停办\t县(区)日历\t县政办〔2026〕示例2号"), "{}", explain.out);
    bench.run(&["check"]).exits(0);
    write("date,kind,name,source\n2026-09-22,holiday,抗洪停办,\n");
    let broken = bench.run(&["check"]);
    assert!(broken.exits(1).out.contains("seed/calendar/county.csv:2: source"), "{}", broken.out);
}

#[test]
fn report_deadlines_have_two_readings_of_their_own() {
    let nowhere = tempfile::tempdir().unwrap();
    let ask = |args: &[&str]| run(nowhere.path(), &[&["calendar", "report"][..], args].concat(), None);
    let answer = ask(&["--month", "2017-09", "--json"]).exits(0).json();
    for (key, expected) in [
        ("base", "2017-10-04"),
        ("literal", "2017-10-06"),
        ("roll", "2017-10-09"),
        ("target", "2017-10-06"),
        ("limit", "2017-10-09"),
    ] {
        assert_eq!(answer[key], expected, "{key}");
    }
    assert_eq!((&answer["literal_is_workday"], &answer["source"]), (&false.into(), &"003 A113".into()));
    assert!(ask(&["--month", "2026-01"]).exits(0).out.contains("目标 2026-02-04，最迟 2026-02-04"));
    assert!(ask(&["--quarter", "2017-Q3"]).exits(0).out.contains("没有规定"));
    assert!(ask(&["--year", "2017"]).exits(0).out.contains("2018-01-25"));
    ask(&["--month", "2017-Q3"]).exits(2);
    ask(&["--month", "2017-13"]).exits(2);
    ask(&[]).exits(2);
}

#[test]
fn a_notice_is_noted_by_the_approver_and_moves_the_cases() {
    let bench = Bench::new();
    assert!(bench.clerk(&["calendar", "outage", "list"]).exits(1).out.contains("没有登记过"));
    let due = || bench.clerk(&["case", "show", &bench.made.change, "--json"]).exits(0).json();
    let before = due();
    // The office works by the machine's clock: an outage announced for the weeks that come.
    let add = |account: &str| {
        let day =
            |days| (chrono::Utc::now() + chrono::TimeDelta::days(days)).format("%Y-%m-%d %H:%M").to_string();
        let (from, to) = (day(2), day(30));
        let args = [
            "calendar",
            "outage",
            "add",
            "--document",
            "停机公告",
            "--issuer",
            "市医保局",
            "--from",
            &from,
            "--to",
            &to,
        ];
        bench.by(account, &args)
    };
    assert!(add("jb01").exits(3).err.contains("没有"));
    add("sp01").exits(0);
    let rows = bench.clerk(&["calendar", "outage", "list", "--json"]).exits(0).json();
    assert_eq!(keys(&rows[0]), ["document", "expiring", "families", "from", "issuer", "text", "to"]);
    assert_eq!((&rows[0]["document"], &rows[0]["expiring"]), (&"停机公告".into(), &false.into()));
    let after = due();
    assert_eq!(after["due"], before["due"], "the promise stays");
    assert_eq!(after["clock"]["extended"][0]["document"], "停机公告");
    let end = ["calendar", "outage", "end", "--document", "没有", "--to", "2026-12-01 08:00"];
    bench.by("sp01", &end).exits(2);
    bench.run(&["verify"]).exits(0);
}
