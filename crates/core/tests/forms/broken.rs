//! Wrong form files: each case changes one place of `broken/minimal.toml` and names line, key and text of the mistake.

use xiangbao_core::form::{FormDef, MAX_WORK};

use crate::support::{codes, read};

#[test]
fn mistakes_name_file_line_and_key() {
    let minimal = read("crates/core/tests/forms/broken/minimal.toml");
    let codes = codes();
    assert_eq!(FormDef::load("minimal.toml", &minimal).unwrap().check(&codes), []);
    let corpus: toml::Table = toml::from_str(&read("crates/core/tests/forms/broken/cases.toml")).unwrap();
    let mut wrong = Vec::new();
    for case in corpus["case"].as_array().unwrap() {
        let text = |key: &str| case[key].as_str().unwrap();
        let (find, replace) = (text("find"), text("replace"));
        assert_eq!(minimal.matches(find).count(), 1, "{find:?} must stand once in minimal.toml");
        let at = minimal.find(find).unwrap();
        let shift = case.get("line_after").and_then(toml::Value::as_integer).unwrap_or(0);
        let line = i64::try_from(minimal[..at].matches('\n').count()).unwrap() + 1 + shift;
        let line = usize::try_from(line).unwrap();
        let changed = minimal.replace(find, replace);
        let errors = match FormDef::load("minimal.toml", &changed) {
            Ok(def) => def.check(&codes),
            Err(errors) => errors,
        };
        let hit = errors.iter().any(|e| {
            e.file == "minimal.toml"
                && e.line == line
                && e.key == text("key")
                && e.message.contains(text("says"))
        });
        if !hit {
            let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
            wrong.push(format!(
                "{replace:?}: expected line {line}, {} in {}",
                text("key"),
                shown.join(" | ")
            ));
        }
        assert!(errors.iter().all(|e| !e.fix.is_empty() && !e.message.is_empty()));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn an_endless_or_huge_expression_is_refused() {
    let minimal = read("crates/core/tests/forms/broken/minimal.toml");
    let deep = format!("{}1{} == 1", "(".repeat(50), ")".repeat(50));
    let long = vec!["1 == 1"; 300].join(" && ");
    let loops = "rows.all(a, rows.all(b, rows.all(c, a.amt == c.amt && b.amt == c.amt)))";
    // Texts and lists that grow with each loop: short to write, endless to follow.
    let grow = (0..6).map(|i| format!(".map(v{i}, v{i}+v{i}+v{i}+v{i}+v{i}+v{i}+v{i}+v{i}+v{i}+v{i})"));
    let bomb = format!("[name]{} == [\"\"]", grow.collect::<String>());
    for expression in [deep.as_str(), long.as_str(), loops, bomb.as_str()] {
        let changed = minimal.replace("qty <= 10", expression);
        assert!(FormDef::load("minimal.toml", &changed).is_err(), "{expression}");
    }
}

#[test]
fn the_work_of_a_form_is_bounded_by_rows_times_rules() {
    let minimal = read("crates/core/tests/forms/broken/minimal.toml");
    let work = |text: &str| FormDef::load("minimal.toml", text).map(|def| def.work());
    let few = work(&minimal).unwrap();
    let more = work(&minimal.replace("max = 5", "max = 10")).unwrap();
    assert!(few < more && more <= 2 * few, "{few} {more}");
    // A loop in a loop for each row of a long table.
    let wild = minimal
        .replace("max = 5", "max = 100")
        .replace("row.amt > 0", "rows.all(a, rows.all(b, a.amt != b.amt || a.amt > row.amt))");
    let errors = work(&wild).unwrap_err();
    assert!(errors.iter().any(|e| e.key == "rules[1].check" && e.message.contains("steps")), "{errors:?}");
    for name in crate::support::forms() {
        assert!(crate::support::form(&name).work() <= MAX_WORK / 2, "{name}");
    }
}
