//! The commands of the README are real: every `xiangbao` line parses, and the others are what CI runs.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use clap::Parser;
use xiangbao::cli::Cli;

fn pages() -> Vec<(String, String)> {
    ["README.md", "docs/manual.md", "docs/ssh-door.md", "docs/cli.md"]
        .iter()
        .map(|name| {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
            ((*name).to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// Lines of shell blocks, without variables in front and without comments.
fn commands(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        let line = line.trim();
        if line.starts_with("```") {
            inside = !inside && line == "```sh";
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().skip_while(|word| word.contains('=')).collect();
        if inside && !words.is_empty() && !line.starts_with('#') {
            found.push(words.join(" "));
        }
    }
    found
}

#[test]
fn every_command_of_the_documents_parses() {
    let mut seen = 0;
    for (name, page) in pages() {
        for command in commands(&page) {
            let Some(arguments) = command.strip_prefix("xiangbao ") else { continue };
            let words = std::iter::once("xiangbao").chain(arguments.split_whitespace());
            if let Err(fault) = Cli::try_parse_from(words) {
                assert!(!fault.use_stderr(), "{name}: {command}\n{fault}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 6, "only {seen} commands found");
}

#[test]
fn the_two_commands_are_what_ci_runs() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let run = std::fs::read_to_string(root.join("tests/run")).unwrap();
    let ci = std::fs::read_to_string(root.join(".ci/run")).unwrap();
    let all = commands(&readme);
    assert!(all.contains(&"tests/run".to_owned()) && ci.contains("tests/run"));
    assert!(all.contains(&"cargo run --release -- demo --headless".to_owned()));
    assert!(run.contains("cargo run --release --locked -- demo --headless"));
}
