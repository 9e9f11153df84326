//! One normaliser at every door of the core: what a key, a paste, an import or a command line brings is judged and
//! stored alike (reliability 9.2).

use proptest::prelude::*;
use xiangbao_core::identity::text::{clean, clean_code, clean_lines, is_refused};
use xiangbao_core::identity::{NumberKind, check_name, check_number, with_code_points};

use super::corpus::today;

/// One of each class that reliability 9.2 names: C0, C1, DEL, separators, direction controls, noncharacters.
const REFUSED: [char; 12] = [
    '\u{0}',
    '\u{1b}',
    '\u{7f}',
    '\u{85}',
    '\u{9b}',
    '\u{2028}',
    '\u{2029}',
    '\u{202e}',
    '\u{2066}',
    '\u{200f}',
    '\u{fffe}',
    '\u{10ffff}',
];

#[test]
fn no_door_lets_a_control_character_in() {
    for refused in REFUSED {
        assert!(is_refused(refused), "{refused:?}");
        let text = format!("覃{refused}芳");
        assert!(clean(&text).is_err() && clean_code(&text).is_err() && clean_lines(&text).is_err());
        assert_eq!(check_name(&text).map_err(|error| error.code()), Err("TEXT-CHARACTER"), "{refused:?}");
        for kind in [
            "01",
            "17",
            "08",
            "990201",
            "99",
            "uscc",
            "org",
            "bank-card",
            "bank-book",
            "social-card",
            "card-sn",
        ] {
            let number = format!("4514{refused}24199001010015");
            let found = check_number(NumberKind::of(kind), &number, today()).map_err(|error| error.code());
            assert_eq!(found.map(|read| read.normal), Err("TEXT-CHARACTER"), "{kind} {refused:?}");
        }
        let entered = with_code_points(&format!("U+{:04X}", u32::from(refused))).into_owned();
        assert!(!entered.contains(refused), "entered by code point: {refused:?}");
    }
}

/// Extensions A to I, one of each block (Unicode charts), and private use: data, never refused as text.
#[test]
fn rare_characters_pass_every_door() {
    for character in [
        '\u{3400}',
        '\u{20000}',
        '\u{2a700}',
        '\u{2b740}',
        '\u{2b820}',
        '\u{2ceb0}',
        '\u{30000}',
        '\u{31350}',
        '\u{2ebf0}',
    ] {
        let name = format!("覃{character}");
        assert_eq!(clean(&name).as_ref(), Ok(&name));
        let read = check_name(&name).unwrap();
        assert!(read.normal == name && read.notes.is_empty(), "{name}");
    }
    assert_eq!(check_name("覃\u{e000}").unwrap().notes.len(), 1);
}

proptest! {
    #[test]
    fn whatever_is_read_is_stable_and_clean(
        kind in prop::sample::select(vec!["01", "04", "06", "07", "08", "17", "90", "99", "990201", "uscc", "org", "bank-card", "bank-book", "social-card", "card-sn"]),
        text in prop_oneof![any::<String>(), "[0-9A-Za-z０-９ xX.'()-]{0,34}"],
    ) {
        match check_number(NumberKind::of(kind), &text, today()) {
            Ok(read) => {
                prop_assert!(!read.normal.chars().any(is_refused));
                let again = check_number(NumberKind::of(kind), &read.normal, today());
                prop_assert_eq!(again.map(|again| again.normal), Ok(read.normal));
            }
            Err(error) => prop_assert!(!error.zh().is_empty() && !error.code().is_empty()),
        }
    }

    #[test]
    fn a_name_once_read_stays_as_it_is(text in prop_oneof![any::<String>(), "[ ·・•．.a-zA-Z\u{4e00}-\u{9fff}U+0-9]{0,12}"]) {
        if let Ok(name) = check_name(&text) {
            prop_assert_eq!(check_name(&name.normal).map(|again| again.normal), Ok(name.normal));
        }
    }
}

/// Samples and seeds written as TOML and CSV are doors too: what stands there is what a field would have kept.
#[test]
fn samples_and_seeds_hold_only_clean_text() {
    fn texts(value: &toml::Value, found: &mut Vec<String>) {
        match value {
            toml::Value::String(text) => found.push(text.clone()),
            toml::Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            toml::Value::Table(table) => {
                for (key, item) in table {
                    found.push(key.clone());
                    texts(item, found);
                }
            }
            _ => {}
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut seen = 0;
    for folder in ["forms/samples", "seed/demo", "print-templates/samples"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let mut found = Vec::new();
            texts(&toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap(), &mut found);
            for text in &found {
                assert_eq!(clean_lines(text).as_deref(), Ok(text.trim()), "{}: {text:?}", path.display());
                assert_eq!(with_code_points(text), text.as_str(), "{}", path.display());
            }
            seen += found.len();
        }
    }
    assert!(seen > 200, "{seen} texts");
}
