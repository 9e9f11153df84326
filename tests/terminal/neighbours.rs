//! Two persons at one station, and one person at two terminals.

use rustix::process::Signal;

use super::office::{Office, PIN};
use super::tmux::{FORM, Terminal};

#[test]
fn two_accounts_see_their_own_drafts_only() {
    let office = Office::new();
    let daemon = office.serve();
    let first = Terminal::signed_in(&office, (80, 24), "c1");
    let one = daemon.memory();
    let second = Terminal::signed_in(&office, (120, 40), "c2");
    first.enter("=DJ");
    first.wait(FORM);
    first.press(&["Down"]);
    first.wait_cursor((24, 3));
    first.enter("上利屯");
    first.wait_cursor((24, 4));
    second.enter("=DJ");
    second.wait(FORM);
    second.press(&["Down"]);
    second.wait_cursor((24, 3));
    second.enter("下利屯");
    second.wait_cursor((24, 4));
    assert!(!first.screen().contains("下利屯") && !second.screen().contains("上利屯"));
    for (terminal, own, other) in [(&first, "上利屯", "下利屯"), (&second, "下利屯", "上利屯")] {
        terminal.press(&["Escape"]);
        terminal.wait("未交草稿 1");
        terminal.press(&["Enter"]);
        let screen = terminal.wait(FORM);
        assert!(screen.contains(own) && !screen.contains(other), "{screen}");
    }
    // A third sees none.
    let third = Terminal::signed_in(&office, (80, 24), "c3");
    third.wait("未交草稿 0");
    let three = daemon.memory();
    println!("memory with one session {one} KiB, with three {three} KiB");
    // A session is a megabyte, not the memory of a PIN check.
    assert!(three < one + 8 * 1024, "{one} {three}");
}

#[test]
fn a_second_terminal_of_an_account_asks_before_it_takes_over() {
    let office = Office::new();
    let daemon = office.serve();
    let first = Terminal::signed_in(&office, (80, 24), "c1");

    let refused = Terminal::attach(&office, (80, 24), "c1");
    refused.wait("按 Y 接管");
    refused.press(&["n"]);
    let left = refused.left();
    assert_eq!(left.code, 3, "{left:?}");
    assert!(left.screen.contains("没有接管"), "{left:?}");
    first.enter("=DJ");
    first.wait(FORM);
    first.write("桃");

    let second = Terminal::attach(&office, (120, 40), "c1");
    second.wait("账号 c1 正在另一台终端上使用");
    second.press(&["Y"]);
    let left = first.left();
    assert_eq!(left.code, 4, "{left:?}");
    assert!(left.screen.contains("已在另一台终端上接管"), "{left:?}");
    second.wait("已锁定");
    second.enter(PIN);
    let screen = second.wait(FORM);
    assert!(screen.contains('桃'), "{screen}");
    assert_eq!(daemon.end(Signal::TERM).0, Some(0));
}
