//! Wrong form files: each case changes one place of `broken/minimal.toml` and names line, key and text of the mistake.

use xiangbao_core::form::FormDef;

use crate::support::read;

#[test]
fn mistakes_name_file_line_and_key() {
    let minimal = read("crates/core/tests/forms/broken/minimal.toml");
    FormDef::load("minimal.toml", &minimal).unwrap();
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
        let Err(errors) = FormDef::load("minimal.toml", &changed) else {
            wrong.push(format!("{replace:?} was accepted"));
            continue;
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
    for expression in [deep.as_str(), long.as_str(), loops] {
        let changed = minimal.replace("qty <= 10", expression);
        assert!(FormDef::load("minimal.toml", &changed).is_err(), "{expression}");
    }
}
