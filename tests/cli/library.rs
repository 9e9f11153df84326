//! `check`: an office's own definitions replace the built-in ones, and every mistake in them is named with file, line,
//! key and what is expected. The corpus in `tests/cli/bad/` changes one place of a built-in file at a time.

use super::bench::{Bench, keys, run};

fn builtin(name: &str) -> String {
    std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn the_built_in_definitions_are_right_without_any_folder() {
    let folder = tempfile::tempdir().unwrap();
    let answer = run(&folder.path().join("nowhere"), &["check", "--json"], None).exits(0).json();
    let wanted = ["added", "area", "faults", "findings", "forms", "ok", "overrides", "templates", "unused"];
    assert_eq!(keys(&answer)[..9], wanted);
    assert_eq!(keys(&answer)[9..], ["versions_unchecked", "warnings"]);
    let built_in = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/forms")).unwrap();
    let tomls = built_in
        .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|e| e == "toml"))
        .count();
    let forms = answer["forms"].as_array().unwrap();
    assert_eq!((&answer["ok"], forms.len()), (&true.into(), tomls));
    assert!(forms.contains(&"enrolment".into()));
    let text = run(folder.path(), &["check"], None);
    assert!(
        text.exits(0).out.contains(&format!("表单 {tomls} 份：")) && text.out.ends_with("全部正确。\n"),
        "{}",
        text.out
    );
}

#[test]
fn a_replaced_form_is_said_and_used() {
    let bench = Bench::new();
    let text = builtin("forms/change.toml");
    let path =
        bench.replace("forms/change.toml", &text.replacen("居民信息变更表", "信息变更表（桃城版）", 1));
    let answer = bench.run(&["check"]);
    let said = format!("本单位替换：{}（增 1 行，删 1 行）\n--- forms/change.toml", path.display());
    assert!(answer.exits(0).out.contains(&said), "{}", answer.out);
    assert!(
        answer.out.contains("\n-title = \"城乡居民基本医疗保险居民信息变更表\"\n+title = "),
        "{}",
        answer.out
    );
    // The text changed and the version did not: cases of the same version would differ.
    assert!(answer.out.contains("提醒：forms/change.toml:4: version: "), "{}", answer.out);
    let json = bench.run(&["check", "--json"]).json();
    let difference = &json["overrides"][0];
    assert_eq!(keys(difference), ["added", "diff", "file", "path", "removed"]);
    assert_eq!((&difference["added"], &difference["removed"]), (&1.into(), &1.into()));
    assert_eq!(json["warnings"][0]["fix"], "write version = 3");
    let shown = bench.clerk(&["case", "show", &bench.made.change]);
    // A case of before stays what it was.
    assert!(!shown.exits(0).out.contains("桃城版") && shown.out.contains("居民信息变更表"), "{}", shown.out);
    // A slip in the name: not used, and said so.
    let lost = bench.replace("forms/chagne.toml", &text);
    let answer = bench.run(&["check"]);
    assert!(answer.exits(0).out.contains(&format!("没有采用：{}", lost.display())), "{}", answer.out);
    assert_eq!(
        bench.run(&["check", "--json"]).json()["unused"],
        serde_json::json!([lost.display().to_string()])
    );
}

#[test]
fn a_table_of_roles_that_is_older_than_the_program_is_told_what_it_lacks() {
    let bench = Bench::new();
    let text = builtin("seed/roles.toml");
    let older = text
        .replace("\n  \"keep_doctors\",", "")
        .replace(", \"draw_sample\"", "")
        .replace(", \"view_payments\", \"make_payment\", \"approve_payment\"", "")
        .replace("\"print_case\", \"issue_paper\", \"view_payments\"", "\"print_case\", \"issue_paper\"");
    bench.replace("seed/roles.toml", &older);
    let answer = bench.run(&["check"]);
    answer.exits(0);
    let line = |id: &str| older.lines().position(|line| line == format!("id = {id:?}")).unwrap() + 1;
    for (action, role) in [
        ("keep_doctors", "approver"),
        ("draw_sample", "auditor"),
        ("make_payment", "finance"),
        ("approve_payment", "finance"),
    ] {
        let told = format!("提醒：seed/roles.toml:{}: allow: no role may {action:?}", line(role));
        let said = answer.out.lines().find(|line| line.starts_with(&told));
        assert!(
            said.is_some_and(|said| said.contains("add ") && said.contains(role)),
            "{told}\n{}",
            answer.out
        );
    }
    assert_eq!(bench.run(&["check", "--json"]).json()["warnings"][0]["file"], "seed/roles.toml");
    // Whoever asks at the counter hears the same, not that a colleague should be asked.
    let refused = bench.by("sp01", &["doctor", "import", "--sample"]);
    assert!(
        refused.exits(3).err.contains("导入医保医师名单") && refused.err.contains("roles.toml"),
        "{refused:?}"
    );
    // A role that lacks what another has is the office's own affair.
    bench.replace("seed/roles.toml", &text.replacen("\"unmask\", ", "", 1));
    assert!(!bench.run(&["check"]).exits(0).out.contains("no role may"));
}

#[test]
fn an_office_adds_forms_and_papers_of_its_own() {
    let bench = Bench::new();
    let form = builtin("forms/change.toml")
        .replacen("id = \"change\"", "id = \"own_change\"", 1)
        .replacen("code = \"BG\"", "code = \"OW\"", 1)
        .replacen("template = \"change\"", "template = \"own_paper\"", 1);
    bench.replace("forms/own_change.toml", &form);
    // Its paper is still missing: said at the line that names it, and nothing opens.
    assert!(bench.run(&["check"]).exits(1).out.contains("there is no print template \"own_paper\""));
    let paper = builtin("print-templates/change.toml");
    let path = bench.replace(
        "print-templates/own_paper.toml",
        &paper.replacen("id = \"change\"", "id = \"own_paper\"", 1),
    );
    let answer = bench.run(&["check"]);
    assert!(answer.exits(0).out.contains(&format!("本单位自有：{}", path.display())), "{}", answer.out);
    let json = bench.run(&["check", "--json"]).json();
    assert!(json["forms"].as_array().unwrap().contains(&"own_change".into()));
    assert_eq!(json["added"].as_array().unwrap().len(), 2);
    bench.clerk(&["case", "list"]).exits(0);
    // The same letters twice: which form would they open?
    bench.replace("forms/own_change.toml", &form.replacen("code = \"OW\"", "code = \"BG\"", 1));
    assert!(bench.run(&["check"]).exits(1).out.contains("has this screen code already"));
    bench.replace("forms/own_change.toml", "id = ");
    assert!(bench.run(&["check"]).exits(1).out.contains("forms/own_change.toml:1"));
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let corpus: toml::Table = include_str!("bad/cases.toml").parse().unwrap();
    let cases = corpus["case"].as_array().unwrap();
    assert!(cases.len() >= 20);
    let mut missed = Vec::new();
    for case in cases {
        let text = |key: &str| case.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        let (file, find) = (text("file"), text("find"));
        let good = builtin(file);
        let at = good.find(find).unwrap_or_else(|| panic!("{file} has no {find:?}"));
        let after = case.get("line_after").and_then(toml::Value::as_integer).unwrap_or_default();
        let line = i64::try_from(good[..at].matches('\n').count()).unwrap() + 1 + after;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("library").join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, good.replacen(find, text("replace"), 1)).unwrap();
        let answer = run(folder.path(), &["check"], None);
        let key = if text("key").is_empty() { String::new() } else { format!(" {}:", text("key")) };
        let place = format!("{file}:{line}:{key}");
        if !answer.out.lines().any(|fault| fault.starts_with(&place) && fault.contains(text("says"))) {
            missed.push(format!("wanted {place} … {}\n{}", text("says"), answer.out));
        }
        // And how to put it right.
        assert!(
            answer.out.lines().filter(|fault| fault.starts_with(file)).all(|fault| fault.contains('[')),
            "{}",
            answer.out
        );
        // A script gets the same, and a station with such a library does not open.
        let json = run(folder.path(), &["check", "--json"], None);
        if (answer.code, json.code) != (1, 1) {
            missed.push(format!("{place}: exit {} and {}", answer.code, json.code));
            continue;
        }
        assert_eq!(keys(&json.json()), ["faults", "ok"]);
        assert_eq!(keys(&json.json()["faults"][0]), ["file", "fix", "key", "line", "message"]);
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn a_station_does_not_open_with_a_broken_library() {
    let bench = Bench::new();
    bench.replace("forms/change.toml", "id = ");
    let answer = bench.clerk(&["case", "list"]);
    assert!(answer.exits(1).err.contains("forms/change.toml:1"), "{}", answer.err);
    bench.replace("forms/change.toml", &builtin("forms/change.toml"));
    bench.clerk(&["case", "list"]).exits(0);
    // Not text at all.
    std::fs::write(bench.folder().join("library/forms/change.toml"), [0xff, 0xfe, 0x00]).unwrap();
    assert!(bench.run(&["check"]).exits(1).out.contains("UTF-8"));
}
