//! The daemon stops, in order or killed: the terminals get a sentence and are given back, the socket does not lie about.

use rustix::process::Signal;

use super::office::{Office, PIN, until};
use super::tmux::{FORM, Terminal};

#[test]
fn stopping_tells_every_terminal_and_removes_the_socket() {
    let office = Office::new();
    let daemon = office.serve();
    let terminals =
        [Terminal::signed_in(&office, (80, 24), "c1"), Terminal::signed_in(&office, (120, 40), "c2")];
    // Half a field, not left yet.
    let first = &terminals[0];
    first.enter("=DJ");
    first.wait(FORM);
    first.press(&["Down"]);
    first.wait_cursor((24, 3));
    first.write("上利屯");
    first.wait("上利屯");
    let (code, last) = daemon.end(Signal::TERM);
    assert_eq!((code, last.as_str()), (Some(0), "工作站已停止，已存的内容都在。"));
    assert!(!office.socket().exists());
    for terminal in &terminals {
        let left = terminal.left();
        assert_eq!(left.code, 4, "{left:?}");
        assert!(left.screen.contains("工作站正在停止。已存的内容都在。"), "{left:?}");
    }
    let nobody = Terminal::attach(&office, (80, 24), "c1");
    let left = nobody.left();
    assert_eq!(left.code, 4, "{left:?}");
    assert!(left.screen.contains("xiangbao serve"), "{left:?}");
    office.verified();

    // A restarted station has it, and so has one whose only terminal was closed on it.
    let daemon = office.serve();
    let first = Terminal::signed_in(&office, (80, 24), "c1");
    first.wait("未交草稿 1");
    first.press(&["Enter"]);
    first.wait("上利屯");
    drop(daemon);
    let alone = Terminal::open(&office, (80, 24), &office.line(""));
    alone.wait("签到");
    alone.enter("c1");
    alone.wait_cursor((24, 9));
    alone.enter(PIN);
    alone.wait("未交草稿 1");
    alone.press(&["Enter"]);
    alone.wait(FORM);
    alone.press(&["C-n"]);
    alone.enter("3");
    alone.wait_cursor((24, 4));
    alone.write("4514");
    alone.wait("4514");
    alone.cut();
    until("the data is free", || (office.run(&["user", "list"]).code == 0).then_some(()));
    let _daemon = office.serve();
    let first = Terminal::signed_in(&office, (80, 24), "c1");
    first.wait("未交草稿 1");
    first.press(&["Enter"]);
    let screen = first.wait(FORM);
    assert!(screen.contains("上利屯") && screen.contains("4514"), "{screen}");
}

#[test]
fn a_killed_daemon_leaves_a_socket_that_the_next_one_replaces() {
    let office = Office::new();
    let daemon = office.serve();
    let terminal = Terminal::signed_in(&office, (80, 24), "c1");
    daemon.end(Signal::KILL);
    let left = terminal.left();
    assert_eq!(left.code, 4, "{left:?}");
    assert!(left.screen.contains("与工作站的连接断了"), "{left:?}");
    assert!(office.socket().exists(), "a killed process cannot remove it");
    // The screens without a daemon do not fall for it either.
    let alone = Terminal::open(&office, (80, 24), &office.line(""));
    alone.wait("签到");
    alone.cut();
    let daemon = until("the data is free", || {
        let free = office.run(&["user", "list"]).code == 0;
        free.then(|| office.serve())
    });
    let terminal = Terminal::signed_in(&office, (80, 24), "c1");
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.left().code, 4);
    let again = Terminal::attach(&office, (80, 24), "c1");
    again.wait("已锁定");
    again.enter(PIN);
    again.wait("首页");
    assert_eq!(daemon.end(Signal::INT).0, Some(0));
    assert!(!office.socket().exists());
}
