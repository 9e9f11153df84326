//! The bad corpus: each case changes a sample and names the finding that must come of it. Every rule of every form has
//! a case.

use std::collections::BTreeSet;

use xiangbao_core::form::{FieldPath, Row, check_field, evaluate};

use crate::support::{codes, form, forms, read, sample, texts};

#[test]
fn every_rule_has_a_case_that_breaks_it() {
    let codes = codes();
    let mut wrong = Vec::new();
    for name in forms() {
        let name = name.as_str();
        let def = form(name);
        let mut unbroken: BTreeSet<&str> = def.rules.iter().map(|r| r.id.as_str()).collect();
        let corpus: toml::Table =
            toml::from_str(&read(&format!("crates/core/tests/forms/bad/{name}.toml"))).unwrap();
        for case in corpus["case"].as_array().unwrap() {
            let (rule, path) = (case["rule"].as_str().unwrap(), case["path"].as_str().unwrap());
            let mut sample = sample(name);
            sample.ruleset = match case.get("ruleset").and_then(toml::Value::as_str) {
                Some("huaibei_2021") => "huaibei_2021",
                None => sample.ruleset,
                other => panic!("{other:?}"),
            };
            for (table, rows) in case.get("rows").and_then(toml::Value::as_table).into_iter().flatten() {
                let rows = usize::try_from(rows.as_integer().unwrap()).unwrap();
                sample.data.tables.entry(table.clone()).or_default().resize(rows, Row::new());
            }
            for (path, value) in texts(case["set"].as_table().unwrap()) {
                sample.data.set(&path.parse().unwrap(), &value);
            }
            let context = sample.context(&codes);
            let findings = evaluate(&def, &sample.data, &context);
            let path: FieldPath = path.parse().unwrap();
            let says = case["says"].as_str().unwrap();
            let hit = findings.iter().find(|f| f.rule == rule && f.path == path);
            match hit {
                Some(hit) if hit.message.contains(says) => {}
                Some(hit) => wrong.push(format!("{name}: {rule} says {:?}", hit.message)),
                None => wrong.push(format!("{name}: {rule} at {path} not found in {findings:?}")),
            }
            let required = rule == "required" || rule.starts_with("rows.");
            if !required && !check_field(&def, &sample.data, &path, &context).iter().any(|f| f.rule == rule) {
                wrong.push(format!("{name}: {rule} is not found at the exit of {path}"));
            }
            unbroken.remove(rule);
        }
        wrong.extend(unbroken.iter().map(|rule| format!("{name}: no case breaks {rule}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
