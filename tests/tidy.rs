//! The house rules that a compiler does not check: walls between modules, sizes, words, samples. A rule is moved here
//! with its reason, never silenced.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Lines of one file, at most.
const FILE_LINES: usize = 600;

/// Who may know whom among the station's modules (README, "How it works inside"). What is not listed is a wall.
const STATION_EDGES: &[(&str, &[&str])] = &[
    ("store", &[]),
    ("print", &[]),
    ("exchange", &[]),
    ("sync", &["store"]),
    ("app", &["store", "print", "sync", "exchange"]),
    ("tui", &["app"]),
    ("station", &["tui", "app"]),
    ("demo", &["app", "tui", "print", "sync"]),
    ("cli", &["app", "store", "print", "sync", "tui", "station", "demo"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, extension, found);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), extension, &mut found);
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    ["src", "crates", "tests", "benches"]
        .iter()
        .filter(|folder| root().join(folder).exists())
        .flat_map(|folder| files(folder, "rs"))
        .map(|path| {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// The part of a file before its inline tests.
fn production(source: &str) -> &str {
    source.split("#[cfg(test)]\nmod tests {").next().unwrap()
}

/// Code without comments, roughly: enough to look for words.
fn without_comments(source: &str) -> String {
    source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_file_says_what_it_knows_and_stays_short() {
    let mut faults = Vec::new();
    for (name, source) in sources() {
        if !source.starts_with("//!") {
            faults
                .push(format!("{name}: opens without a //! line that says what it knows and must not know"));
        }
        let lines = source.lines().count();
        if lines > FILE_LINES {
            faults.push(format!("{name}: {lines} lines; split it by what it knows"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn no_leftovers_stand_in_the_code() {
    // Written in pieces, so that this file does not find itself.
    let words = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X:"].concat(),
        ["todo", "!("].concat(),
        ["unimplemented", "!("].concat(),
        ["#[", "allow("].concat(),
        ["#[", "ignore"].concat(),
        ["(being ", "written)"].concat(),
        ["place", "holder"].concat(),
    ];
    let mut faults = Vec::new();
    for (name, source) in sources() {
        for (number, line) in source.lines().enumerate() {
            for word in &words {
                if line.contains(word.as_str()) {
                    faults.push(format!("{name}:{}: {word}", number + 1));
                }
            }
            if line.trim() == "///" && name.starts_with("src") && !line.contains("# ") {
                let next = source.lines().nth(number + 1).unwrap_or_default().trim().to_owned();
                if !next.starts_with("///") {
                    faults.push(format!("{name}:{}: an empty doc comment", number + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Top-level modules used by the files under `folder`, by the module they stand in.
fn edges(folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files(folder, "rs") {
        let inside = path.strip_prefix(root().join(folder)).unwrap();
        let Some(module) = inside.components().next() else { continue };
        let module = module.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
        if matches!(module.as_str(), "lib" | "main") || inside.display().to_string().contains("test") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let code = without_comments(production(&source));
        for piece in code.split("crate::").skip(1) {
            let word: String = piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !word.is_empty() && word != module {
                edges.entry(module.clone()).or_default().insert(word);
            }
        }
    }
    edges
}

#[test]
fn the_walls_of_the_station_stand() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        STATION_EDGES.iter().map(|(from, to)| (*from, to.iter().copied().collect())).collect();
    let mut faults = Vec::new();
    for (from, to) in edges("src") {
        let Some(allowed) = allowed.get(from.as_str()) else {
            faults.push(format!("module {from} is not in the table of walls"));
            continue;
        };
        faults.extend(
            to.iter().filter(|to| !allowed.contains(to.as_str())).map(|to| format!("{from} uses {to}")),
        );
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    // The table itself has no cycle: each module only knows modules listed before it.
    for (index, (from, to)) in STATION_EDGES.iter().enumerate() {
        for known in *to {
            assert!(STATION_EDGES[..index].iter().any(|(name, _)| name == known), "{from} -> {known}");
        }
    }
}

#[test]
fn the_modules_of_core_stand_in_reading_order() {
    let lib = std::fs::read_to_string(root().join("crates/core/src/lib.rs")).unwrap();
    let order: Vec<String> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();
    let rank = |module: &str| order.iter().position(|name| name == module);
    let mut faults = Vec::new();
    for (from, to) in edges("crates/core/src") {
        for known in to {
            if rank(&known) >= rank(&from) {
                faults.push(format!("core: {from} uses {known}, which stands below it"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn core_knows_no_clock_files_or_environment() {
    let words = [
        "std::fs",
        "std::env",
        "std::net",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "rand::",
        "getrandom",
    ];
    for path in files("crates/core/src", "rs") {
        if path.display().to_string().contains("test") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let code = without_comments(production(&source));
        for word in words {
            assert!(!code.contains(word), "{} uses {word}", path.display());
        }
    }
}

#[test]
fn the_screens_take_their_chinese_from_the_text_module() {
    let mut faults = Vec::new();
    for (name, source) in sources() {
        let inside = name.starts_with("src/tui/")
            || name.starts_with("src/station/")
            || name.starts_with("src/store/");
        let exempt =
            name.starts_with("src/tui/text") || name.contains("test") || name == "src/store/error.rs";
        if !inside || exempt {
            continue;
        }
        for (number, line) in production(&source).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if code.chars().any(is_han) {
                faults.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_form_has_a_sample_and_a_template_and_every_template_a_snapshot() {
    let stem = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let here = |folder: &str| -> BTreeSet<String> {
        files(folder, "toml")
            .iter()
            .filter(|p| p.parent().unwrap() == root().join(folder))
            .map(stem)
            .collect()
    };
    let forms = here("forms");
    let templates = here("print-templates");
    let snapshots: Vec<String> = files("src/print", "snap").iter().map(stem).collect();
    let screens: Vec<String> = files("src/tui/screens/form", "snap").iter().map(stem).collect();
    for form in &forms {
        assert!(
            here("forms/samples").iter().any(|sample| sample.starts_with(form.as_str())),
            "sample of {form}"
        );
        assert!(
            templates.contains(form) || templates.contains(&form.replace('_', "-")),
            "template of {form}"
        );
        for size in ["80x24", "120x40"] {
            let wanted = format!("__form_{form}_{size}");
            assert!(screens.iter().any(|snap| snap.ends_with(&wanted)), "screen of {form} at {size}");
        }
    }
    for template in &templates {
        assert!(
            snapshots.iter().any(|snap| snap.ends_with(&format!("__{template}"))),
            "snapshot of {template}"
        );
    }
}

#[test]
fn nothing_names_the_workshop() {
    // In pieces for the same reason as above.
    let words = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["crates-io-", "mirror"].concat()];
    for folder in ["src", "crates", "tests", "forms", "seed", "docs", "print-templates"] {
        for extension in ["rs", "toml", "md", "csv", "py", "snap"] {
            for path in files(folder, extension) {
                let text = std::fs::read_to_string(&path).unwrap();
                for word in &words {
                    assert!(!text.contains(word.as_str()), "{} names {word}", path.display());
                }
            }
        }
    }
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    let mut pages = files("docs", "md");
    pages.push(root().join("README.md"));
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for piece in text.split("](").skip(1) {
            let target = piece.split(')').next().unwrap();
            if target.contains("://") || target.starts_with('#') {
                continue;
            }
            let file = target.split('#').next().unwrap();
            assert!(page.parent().unwrap().join(file).exists(), "{}: {target}", page.display());
        }
    }
}
