//! Colour is a choice of the terminal's owner: `NO_COLOR` is honoured to the byte, and never does a screen need it.

use super::office::Office;
use super::tmux::{FORM, Terminal};

/// Colours asked for by the bytes: parameters of `CSI ... m`.
pub fn colours(bytes: &[u8]) -> Vec<u32> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    for piece in text.split("\x1b[").skip(1) {
        let end = piece.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
        let (parameters, rest) = piece.split_at(end);
        if rest.starts_with('m') {
            let numbers = parameters.split([';', ':']).filter_map(|number| number.parse().ok());
            found.extend(numbers.filter(|n| matches!(n, 30..=49 | 90..=107)));
        }
    }
    found
}

/// Everything a clerk meets first.
fn look_around(terminal: &Terminal) -> Vec<u8> {
    terminal.wait("签到");
    terminal.enter(super::office::PIN);
    terminal.wait("首页");
    terminal.enter("=DJ");
    terminal.wait(FORM);
    terminal.enter("1");
    terminal.wait("错");
    terminal.press(&["F8"]);
    terminal.wait("提交前核对");
    terminal.press(&["Escape"]);
    terminal.wait(FORM);
    terminal.press(&["Escape"]);
    terminal.wait("首页");
    terminal.bytes()
}

#[test]
fn without_colour_not_one_colour_is_sent() {
    let office = Office::new();
    let _daemon = office.serve();
    let coloured = look_around(&Terminal::attach(&office, (80, 24), "c1"));
    assert!(!colours(&coloured).is_empty(), "the test sees colours where there are some");
    let plain = format!("NO_COLOR=1 {}", office.line("attach --as c2"));
    let plain = look_around(&Terminal::open(&office, (80, 24), &plain));
    assert_eq!(colours(&plain), Vec::<u32>::new());
    // The name that ssh passes on.
    let passed = format!("LC_XIANGBAO_COLOR=none {}", office.line("attach --as c3"));
    let passed = look_around(&Terminal::open(&office, (80, 24), &passed));
    assert_eq!(colours(&passed), Vec::<u32>::new());
}
