//! The same screens in all three: attached, in one process, and one owner of the data at a time.

use rustix::process::Signal;

use super::office::{Office, PIN};
use super::tmux::{FORM, Terminal};

/// Signs in by account and PIN, opens the form, types, goes back. Answers the screens, with their attributes.
fn walk(terminal: &Terminal) -> Vec<Vec<(String, String)>> {
    let mut seen = Vec::new();
    terminal.wait("签到");
    seen.push(terminal.cells((24, 8)));
    terminal.enter("c1");
    terminal.wait_cursor((24, 9));
    terminal.enter(PIN);
    terminal.wait("首页");
    terminal.enter("=DJ");
    terminal.wait(FORM);
    terminal.press(&["Down"]);
    terminal.wait_cursor((24, 3));
    terminal.write("上利街");
    terminal.wait("上利街");
    // Line 1 tells the time; it is left out.
    seen.push(terminal.cells((30, 3)).split_off(80));
    seen
}

#[test]
fn one_process_and_a_daemon_show_the_same_screens() {
    let office = Office::new();
    let bare = office.line("");

    // No daemon: the process opens the data itself, and nobody else can.
    let alone = Terminal::open(&office, (80, 24), &bare);
    let seen = walk(&alone);
    let refused = office.run(&["case", "list", "--as", "c1"]);
    assert_eq!(refused.code, 4, "{refused:?}");
    let refused = office.run(&["serve"]);
    assert_eq!(refused.code, 4, "{refused:?}");
    alone.press(&["Escape"]);
    alone.wait("首页");
    alone.press(&["Escape"]);
    alone.wait("已在首页");
    alone.press(&["C-x"]);
    alone.wait("已锁定");
    alone.press(&["Escape"]);
    alone.wait("签到");
    alone.press(&["Escape"]);
    alone.wait("再按一次 Esc");
    alone.press(&["Escape"]);
    let left = alone.left();
    assert_eq!(left.code, 0, "{left:?}");
    assert!(left.screen.contains("已退出乡保工作站。"), "{left:?}");

    // A daemon: the same command attaches, the same keys show the same screens.
    let daemon = office.serve();
    let attached = Terminal::open(&office, (80, 24), &bare);
    for (alone, attached) in seen.iter().zip(walk(&attached)) {
        let same = alone.iter().zip(&attached).enumerate().filter(|(_, (one, other))| one != other);
        let differences: Vec<_> = same.map(|(at, cells)| (at % 80, at / 80, cells)).collect();
        assert!(differences.is_empty(), "column, row, alone, attached: {differences:?}");
    }
    let refused = office.run(&["case", "list", "--as", "c1"]);
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(refused.err.contains("xiangbao attach"), "{refused:?}");
    let second = office.run(&["serve"]);
    assert_eq!(second.code, 4, "{second:?}");
    assert_eq!(daemon.end(Signal::TERM).0, Some(0));
    assert_eq!(attached.left().code, 4);
    assert_eq!(office.run(&["user", "list"]).code, 0);
    office.verified();
}

#[test]
fn a_terminal_that_goes_away_ends_the_process_in_order() {
    let office = Office::new();
    let alone = Terminal::open(&office, (120, 40), &office.line(""));
    alone.wait("签到");
    alone.signal(Signal::TERM);
    assert_eq!(alone.left().code, 0);
    // Nobody holds the data: the next one opens it.
    let next = Terminal::open(&office, (120, 40), &office.line(""));
    next.wait("签到");
    next.cut();
    super::office::until("the data is free", || (office.run(&["user", "list"]).code == 0).then_some(()));
    let nobody = office.run(&["attach", "--as", "c1"]);
    assert_eq!((nobody.code, nobody.err.contains("tty")), (3, true), "{nobody:?}");
}
