//! `docs/cli.md` says what the program's own help says. `XIANGBAO_WRITE_DOCS=1 cargo test --test cli page` writes it.

use clap::{Arg, Command, CommandFactory};

const HEAD: &str = "# The commands\n\n\
`xiangbao` alone opens the screens. All commands take `--data DIR` or `XIANGBAO_DATA`; without either the data lies in\n\
the platform's folder for a user's data. A PIN is read from `XIANGBAO_PIN` or the first line of standard input, never\n\
from an argument. Numbers of persons are masked unless `--unmask` asks for them, which is recorded. What stands in\n\
brackets may be left out. This page is checked against the program's help by `tests/cli/page.rs`.\n";

const CODES: [(&str, &str); 6] = [
    ("0", "done"),
    ("1", "a negative answer: faults found, nothing found, the folder is not as the command needs it"),
    ("2", "the command line is wrong"),
    ("3", "a rule or a role says no: wrong PIN, no permission, not enrolled with the city"),
    ("4", "the data is in use, or the other side cannot be reached"),
    ("5", "a file or the database failed"),
];

/// How an argument is written.
fn written(arg: &Arg) -> String {
    let name = arg
        .get_value_names()
        .and_then(|names| names.first())
        .map_or_else(|| arg.get_id().as_str().to_uppercase(), ToString::to_string);
    match arg.get_long() {
        Some(long) if arg.get_action().takes_values() => format!("--{long} {name}"),
        Some(long) => format!("--{long}"),
        None => name,
    }
}

fn rows(command: &Command, path: &str, page: &mut String) {
    if command.get_subcommands().next().is_some() {
        // A command that also works by itself (`print`) has arguments of its own.
        if command.get_positionals().next().is_some() {
            section(command, path, page);
        }
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            rows(inner, &format!("{path} {}", inner.get_name()), page);
        }
        return;
    }
    section(command, path, page);
}

fn section(command: &Command, path: &str, page: &mut String) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    page.push_str(&format!("\n## `{path}`\n\n{about}\n"));
    let mut args =
        command.get_arguments().filter(|arg| !arg.is_global_set() && !arg.is_hide_set()).peekable();
    if args.peek().is_some() {
        page.push('\n');
    }
    for arg in args {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let written = if arg.is_required_set() { written(arg) } else { format!("[{}]", written(arg)) };
        page.push_str(&format!("- `{written}` {help}\n"));
    }
}

/// The keys that scripts may rely on; `tests/cli/answers.rs` compares them with real answers.
fn answers(page: &mut String) {
    page.push_str("\n## Keys of `--json`\n\n`x[]` is each object of the list `x`. Keys stay; new ones may be added.\n\n");
    page.push_str("| command | in the answer | keys |\n|---|---|---|\n");
    for (command, place, keys) in super::answers::ANSWERS {
        let place = if place.is_empty() { String::new() } else { format!("`{place}`") };
        page.push_str(&format!("| `{command}` | {place} | {} |\n", keys.join(" ")));
    }
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n| exit code | meaning |\n|---|---|\n");
    for (code, meaning) in CODES {
        page.push_str(&format!("| {code} | {meaning} |\n"));
    }
    page.push_str("\nAn answer into a pipe that is closed early (`| head`) ends the command by the signal of a closed pipe, as it ends any\n\
filter, once its work is done.\n");
    rows(&xiangbao::cli::Cli::command(), "xiangbao", &mut page);
    answers(&mut page);
    page
}

#[test]
fn the_page_of_commands_is_the_programs_own_help() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    if std::env::var_os("XIANGBAO_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, page()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written, page(), "run the test once with XIANGBAO_WRITE_DOCS=1");
}
