//! The daemon is killed while somebody types: what the screen had acknowledged is there afterwards, the chain is whole.

use std::time::Duration;

use rustix::process::Signal;

use super::office::{Office, until};
use super::tmux::{FORM, Terminal};

/// Kills in the loop; the long run lives in the store's crash simulation.
const ROUNDS: u32 = 20;
/// Fields typed into: number, label, beginning of what is typed.
const FIELDS: [(&str, &str, &str); 3] =
    [("2", "组(屯)", "上利屯"), ("3", "户口簿编号", "T"), ("10", "居住地址", "大新县桃城镇")];

fn value<'a>(screen: &'a str, label: &str) -> &'a str {
    let line = screen.lines().find(|line| line.contains(label)).unwrap_or_default();
    line.split(label).nth(1).unwrap_or_default().trim_start_matches([' ', '*']).trim_end()
}

/// Opens the one draft of the clerk.
fn open_draft(terminal: &Terminal) {
    terminal.wait("未交草稿 1");
    terminal.press(&["Enter"]);
    terminal.wait(FORM);
}

/// Goes to a field by its number and empties it.
fn begin_field(terminal: &Terminal, number: &str, label: &str) {
    terminal.press(&["C-n"]);
    terminal.wait("跳到栏号");
    terminal.enter(number);
    let screen = terminal.wait_for("the prompt is gone", |screen| !screen.contains("跳到栏号"));
    let row = screen.lines().position(|line| line.contains(label)).unwrap();
    until("the caret in the field", || (usize::from(terminal.cursor().1) == row).then_some(()));
    terminal.press(&["C-u"]);
    terminal.wait_for("an empty field", |screen| value(screen, label).is_empty());
}

#[test]
fn what_the_screen_acknowledged_survives_kills_in_the_middle_of_typing() {
    let office = Office::new();
    // What may stand in each field: one text, or two where the commit was cut.
    let mut possible: Vec<Vec<String>> = vec![vec![String::new()]; FIELDS.len()];
    for round in 0..ROUNDS {
        let daemon = office.serve();
        let terminal = Terminal::signed_in(&office, (80, 24), "c1");
        if round == 0 {
            terminal.enter("=DJ");
            terminal.wait(FORM);
        } else {
            open_draft(&terminal);
        }
        let screen = terminal.screen();
        for ((_, label, _), possible) in FIELDS.iter().zip(&mut possible) {
            possible.retain(|text| text == value(&screen, label));
            assert_eq!(possible.len(), 1, "round {round}, {label}\n{screen}");
        }
        let index = usize::try_from(round).unwrap() % FIELDS.len();
        let (number, label, text) = FIELDS[index];
        begin_field(&terminal, number, label);
        let typed = format!("{text}{round}");
        terminal.write(&typed);
        let screen = terminal.wait(&typed);
        let row = screen.lines().position(|line| line.contains(label)).unwrap();
        // Leaving the field saves it; the frame in which the caret has left is the acknowledgement.
        terminal.press(&["Enter"]);
        if round % 2 == 0 {
            until("the caret leaves", || (usize::from(terminal.cursor().1) != row).then_some(()));
            assert!(terminal.title().contains("已存"), "{}", terminal.screen());
            possible[index] = vec![typed];
            // The half field behind it was never acknowledged; neither it nor anything else may break the draft.
            terminal.write("半");
        } else {
            // Somewhere around the commit: then either the old or the new text stands, never a mixture.
            std::thread::sleep(Duration::from_micros(u64::from(round) * 700));
            possible[index].push(typed);
        }
        daemon.end(Signal::KILL);
        office.verified();
    }
}
