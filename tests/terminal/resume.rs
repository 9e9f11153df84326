//! A cut line: the session waits in the daemon, locked, and goes on at the same caret from any terminal (product 2.7,
//! reliability 9.1).

use rustix::process::Signal;

use super::office::{Office, PIN};
use super::tmux::{FORM, Terminal};

#[test]
fn a_cut_terminal_resumes_at_the_same_caret_with_the_same_characters() {
    let office = Office::new();
    let _daemon = office.serve();

    let small = Terminal::signed_in(&office, (80, 24), "c1");
    small.enter("=DJ");
    small.wait(FORM);
    small.press(&["C-n"]);
    small.enter("10");
    small.wait_cursor((24, 11));
    small.write("大新县桃城镇");
    small.wait("大新县桃城镇");
    // The caret stands inside the text: behind four characters of two cells.
    small.press(&["Left", "Left"]);
    small.wait_cursor((32, 11));
    let row = small.row("居住地址");
    small.cut();

    // Another terminal of another size: locked first, nothing of the work to be seen.
    let wide = Terminal::attach(&office, (120, 40), "c1");
    let locked = wide.wait("已锁定");
    assert!(!locked.contains("大新县") && !locked.contains("居住地址"), "{locked}");
    assert!(locked.contains("c1"), "{locked}");
    wide.enter("000000");
    let refused = wide.wait_for("the wrong PIN is refused", |screen| screen.contains("口令不"));
    assert!(!refused.contains("居住地址"), "{refused}");
    wide.enter(PIN);
    wide.wait("大新县桃城镇");
    wide.wait_cursor((32, 11));
    assert_eq!(wide.row("居住地址"), row);
    // Typing goes on inside the text.
    wide.write("太平");
    wide.wait("大新县桃太平城镇");
    wide.wait_cursor((36, 11));

    // Cut without a word: the client is killed, its terminal stays.
    wide.signal(Signal::KILL);
    let again = Terminal::attach(&office, (80, 24), "c1");
    again.wait("已锁定");
    again.enter(PIN);
    again.wait("大新县桃太平城镇");
    again.wait_cursor((36, 11));
    // The window changes under it: the same field, the same caret.
    again.resize((100, 30));
    again.wait_for("a key line in row 30", |screen| screen.lines().count() >= 30 && screen.contains("提交"));
    again.wait_cursor((36, 11));
    again.press(&["Enter"]);
    again.wait_cursor((24, 12));

    let noted = [again.row("居住地址").contains("大新县桃太平城镇"), again.title().contains("已存")];
    assert_eq!(noted, [true, true], "{}", again.screen());
}

#[test]
fn half_a_pin_is_not_kept_for_who_comes_next() {
    let office = Office::new();
    let _daemon = office.serve();
    let (begun, rest) = PIN.split_at(4);
    let terminal = Terminal::attach(&office, (80, 24), "c1");
    terminal.wait("签到");
    terminal.write(begun);
    terminal.wait_cursor((28, 9));
    terminal.cut();
    let next = Terminal::attach(&office, (80, 24), "c1");
    next.wait("签到");
    next.wait_cursor((24, 9));
    next.enter(rest);
    next.wait("口令不");
    // The locked terminal does the same.
    next.enter(PIN);
    next.wait("首页");
    next.press(&["C-x"]);
    next.wait("已锁定");
    next.write(begun);
    next.wait_cursor((28, 9));
    next.cut();
    let last = Terminal::attach(&office, (80, 24), "c1");
    last.wait("已锁定");
    last.enter(rest);
    last.wait("口令不");
    last.enter(PIN);
    last.wait("首页");
}
