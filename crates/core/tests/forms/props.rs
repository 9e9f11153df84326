//! Properties: whatever is typed, evaluation ends, nothing panics, nothing typed is lost.

use proptest::prelude::*;
use xiangbao_core::form::{
    FieldPath, check_field, derived, display_value, evaluate, missing_materials, normalize_field,
    without_hidden,
};

use crate::support::{codes, form, forms, sample};

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9]{0,25}",
        "[0-9.,%+-]{0,12}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "[0-9]{17}[0-9X]",
        "[一-龥·]{0,8}",
        Just("99999999999999.99".to_owned()),
        Just("999999999".to_owned()),
    ]
}

#[test]
fn evaluation_never_panics_whatever_is_typed() {
    let codes = codes();
    let forms: Vec<_> = forms().iter().map(|name| (form(name), sample(name))).collect();
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 60, ..Default::default() });
    let typed = (0..forms.len(), prop::collection::vec((any::<prop::sample::Index>(), any_text()), 1..12));
    let outcome = runner.run(&typed, |(which, typed)| {
        let (def, sample) = &forms[which];
        let mut data = sample.data.clone();
        let order = def.field_order(&data);
        for (place, text) in typed {
            let path = place.get(&order);
            data.set(path, &text);
            let context = sample.context(&codes);
            let _ = check_field(def, &data, path, &context);
            let _ = display_value(def, &data, path, &codes);
            let once = normalize_field(def, &data, path, &text, sample.today);
            prop_assert_eq!(&normalize_field(def, &data, path, &once, sample.today), &once);
        }
        let context = sample.context(&codes);
        let findings = evaluate(def, &data, &context);
        prop_assert!(findings.iter().all(|f| !f.message.contains("无法计算")), "{:?}", findings);
        let _ = (derived(def, &data, &context), missing_materials(def, &data, &context));
        let _ = without_hidden(def, &data, &context);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn unreadable_text_stays_as_typed() {
    let def = form("reimbursement");
    let sample = sample("reimbursement");
    let path = FieldPath::single("begntime");
    let mut runner = proptest::test_runner::TestRunner::default();
    let outcome = runner.run(&"[a-zA-Z一-龥]{1,20}", |text| {
        prop_assert_eq!(normalize_field(&def, &sample.data, &path, &text, sample.today), text);
        Ok(())
    });
    outcome.unwrap();
}

/// Whatever stands in a form file, reading it ends with a form or with mistakes.
#[test]
fn reading_never_panics_whatever_the_file_says() {
    let minimal = crate::support::read("crates/core/tests/forms/broken/minimal.toml");
    let word = prop_oneof![
        any::<String>(),
        "[a-z0-9 .,()\\[\\]{}<>=!&|?:+*/%'-]{0,60}",
        prop::collection::vec(
            prop::sample::select(vec![
                "qty", "name", "rows", "row", ".amt", "filled(", ")", "(", " == ", " && ", "1", "'a'",
                ".all(r, ", "-", "!", "[", "]", "{", "}", " ? ", " : ", ".", "sum(", "has(", "today", "\\",
                "`", "0x", "1e9", "b'", "r'",
            ]),
            0..40,
        )
        .prop_map(|words| words.concat()),
    ];
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 400, ..Default::default() });
    let outcome = runner.run(&word, |source| {
        let quoted = toml::Value::String(source).to_string();
        for place in ["'qty <= 10'", "\"数量 {qty} 太多，请改正\"", "'qty > 1'"] {
            let _ = xiangbao_core::form::FormDef::load("x.toml", &minimal.replace(place, &quoted));
        }
        Ok(())
    });
    outcome.unwrap();
    for chain in ["1 + ", "!", "-", "qty.", "(", "1 == 1 || "] {
        let source = chain.repeat(1000 / chain.len());
        let _ = xiangbao_core::form::FormDef::load("x.toml", &minimal.replace("qty <= 10", &(source + "1")));
    }
}
