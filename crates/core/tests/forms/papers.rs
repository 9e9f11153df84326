//! The papers by case (003 A7-A16, A74, A82): the corpus `papers.toml` is written from the articles.

use xiangbao_core::form::materials_due;

use crate::support::{codes, form, read, sample, texts};

#[test]
fn each_case_asks_for_the_papers_of_its_article() {
    let codes = codes();
    let corpus: toml::Table = toml::from_str(&read("crates/core/tests/forms/papers.toml")).unwrap();
    let list = |case: &toml::Value, key: &str| -> Vec<String> {
        let ids = case.get(key).and_then(toml::Value::as_array).into_iter().flatten();
        ids.map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    let mut wrong = Vec::new();
    for case in corpus["case"].as_array().unwrap() {
        let (name, why) = (case["form"].as_str().unwrap(), case["why"].as_str().unwrap());
        let (def, mut sample) = (form(name), sample(name));
        let set = case.get("set").and_then(toml::Value::as_table).map(texts).unwrap_or_default();
        for (path, value) in set {
            sample.data.set(&path.parse().unwrap(), &value);
        }
        let context = sample.context(&codes);
        let due: Vec<&str> =
            materials_due(&def, &sample.data, &context).iter().map(|material| material.id.as_str()).collect();
        let (papers, not) = (list(case, "papers"), list(case, "not"));
        for id in papers.iter().chain(&not) {
            assert!(def.material(id).is_some(), "{why}: {name} has no material {id}");
        }
        let missing = papers.iter().filter(|id| !due.contains(&id.as_str()));
        wrong.extend(missing.map(|id| format!("{name}: {why}: {id} is not asked for")));
        let extra = not.iter().filter(|id| due.contains(&id.as_str()));
        wrong.extend(extra.map(|id| format!("{name}: {why}: {id} is asked for")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
