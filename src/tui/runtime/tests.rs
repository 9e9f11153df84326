//! The session from bytes to bytes.

use super::testing::{Demo, Habit, Rig, now};
use super::*;
use crate::tui::key::{Code, Key};
use crate::tui::look::{Glyphs, ambiguous};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

fn cursor_of(frame: &[u8]) -> Option<(u16, u16)> {
    let text = String::from_utf8_lossy(frame).into_owned();
    let (_, tail) = text.rsplit_once("\x1b[?25h\x1b[")?;
    let (row, col) = tail.strip_suffix('H')?.split_once(';')?;
    Some((row.parse::<u16>().ok()? - 1, col.parse::<u16>().ok()? - 1))
}

#[test]
fn the_sign_in_screen_at_both_sizes() {
    for (cols, rows) in SIZES {
        let mut rig = Rig::new(Demo::new(), cols, rows, Habit::Narrow);
        rig.type_keys("qin01<Enter>1234");
        assert_eq!(rig.session.glyphs(), Glyphs::Line);
        assert_eq!(rig.terminal.text(), rig.session.screen_text());
        insta::assert_snapshot!(format!("sign_in_{cols}x{rows}"), rig.terminal.text());
    }
}

#[test]
fn focus_field_and_title_are_told_by_shape_alone() {
    let hello = Hello { no_color: true, ..Hello::sized(80, 24) };
    let mut rig = Rig::hello(Demo::new(), &hello, Habit::Narrow);
    rig.type_keys("qin01<Enter>");
    insta::assert_snapshot!(rig.session.screen_marks());
}

#[test]
fn the_cursor_is_the_last_escape_of_every_frame_and_on_the_field() {
    for habit in [Habit::Narrow, Habit::Wide, Habit::Silent] {
        let mut rig = Rig::new(Demo::new(), 80, 24, habit);
        for key in ["\u{8983}", "a", "<Left>", "<Tab>", "1", "<BS>", "<S-Tab>", "<F12>", "<Ctrl-L>"] {
            let mut frame = rig.type_keys(key);
            if key == "<F12>" && habit == Habit::Silent {
                rig.now = rig.now.after(std::time::Duration::from_millis(300));
                frame = rig.settle();
            }
            let (row, col) = cursor_of(&frame).unwrap_or_else(|| panic!("{key}: {frame:?}"));
            let (_, wanted) = rig.session.screen();
            assert_eq!((row, col), (wanted.y, wanted.x), "{key}");
            assert_eq!(rig.terminal.screen().cursor_position(), (row, col));
            assert!(!rig.terminal.screen().hide_cursor());
            assert!(row < 22, "no input on the last lines");
        }
    }
}

#[test]
fn a_key_that_changes_nothing_costs_nothing_and_a_character_little() {
    let mut rig = Rig::new(Demo::new(), 80, 24, Habit::Narrow);
    assert!(rig.session.take_output(rig.now).is_empty());
    assert!(rig.type_keys("<F6>").is_empty());
    assert!(rig.type_keys("\u{8983}").len() < 100);
    let full = rig.type_keys("<Ctrl-L>").len();
    assert!(full < 4096, "{full} bytes for a full screen");
}

#[test]
fn an_ambiguous_terminal_gets_no_ambiguous_character() {
    for habit in [Habit::Wide, Habit::Silent] {
        let mut rig = Rig::new(Demo::new(), 80, 24, habit);
        rig.type_keys("\u{4e70}\u{4e70}\u{63d0}\u{b7}\u{827e}\u{2460}\u{3b1}");
        assert_eq!(rig.session.glyphs(), Glyphs::Ascii);
        let text = rig.terminal.text();
        assert!(!text.chars().any(ambiguous), "{text}");
        assert!(text.contains("\u{63d0}.\u{827e}(1)alpha"), "{text}");
    }
}

#[test]
fn keys_typed_during_the_probe_are_kept() {
    let mut session = Session::new(Demo::new(), &Hello::sized(80, 24), now());
    let mut terminal = testing::Terminal::new(80, 24, Habit::Narrow);
    let replies = terminal.take(&session.take_output(now()));
    assert!(!terminal.text().contains("F1"), "the first frame waits for the answer");
    // Typed between the replies, in the middle of one of them by a slow line.
    let (a, b) = replies.split_at(3);
    let _ = session.feed(b"li", now());
    let _ = session.feed(a, now());
    let _ = session.feed(b, now());
    let _ = session.feed("\u{674e}".as_bytes(), now());
    terminal.take(&session.take_output(now()));
    assert_eq!(session.glyphs(), Glyphs::Line);
    assert!(terminal.text().contains("li\u{674e}"));
}

#[test]
fn a_silent_terminal_gets_its_first_frame_and_a_late_answer_still_counts() {
    let mut session = Session::new(Demo::new(), &Hello::sized(80, 24), now());
    let mut terminal = testing::Terminal::new(80, 24, Habit::Narrow);
    let replies = terminal.take(&session.take_output(now()));
    let later = now().after(std::time::Duration::from_millis(260));
    assert!(session.deadline(now()).is_some_and(|at| at <= later.mono));
    terminal.take(&session.take_output(later));
    assert!(terminal.text().contains("F1"));
    let _ = session.feed(&replies, later);
    assert_eq!(session.glyphs(), Glyphs::Line);
}

#[test]
fn a_paste_never_enters() {
    let mut rig = Rig::new(Demo::new(), 80, 24, Habit::Narrow);
    let _ = rig.session.feed(b"\x1b[200~qin01\r1234\r\r\x1b[201~", rig.now);
    assert!(rig.session.model().entered.is_empty());
    rig.settle();
    assert!(rig.terminal.text().contains("qin01 1234"));
    let mut rig = Rig::new(Demo::new(), 80, 24, Habit::Narrow);
    let _ = rig.session.feed("450102199001011234\u{8983}\u{5c0f}\u{82b3}\r".repeat(4).as_bytes(), rig.now);
    rig.wait(100);
    assert!(rig.session.model().entered.is_empty());
}

#[test]
fn a_small_window_keeps_the_state() {
    let mut rig = Rig::new(Demo::new(), 80, 24, Habit::Narrow);
    rig.type_keys("qin01");
    rig.session.resize(30, 8);
    assert!(rig.session.screen_text().contains("30x8"));
    rig.type_keys("2");
    rig.session.resize(60, 16);
    assert!(rig.session.screen_text().contains("qin012"), "{}", rig.session.screen_text());
    rig.session.resize(4000, 4000);
    assert_eq!(rig.session.size(), (400, 200));
    rig.session.resize(0, 0);
    assert_eq!(rig.session.size(), (1, 1));
    assert!(!rig.session.take_output(rig.now).is_empty());
}

#[test]
fn no_color_comes_from_the_client() {
    let coloured = |no_color| {
        let hello = Hello { no_color, ..Hello::sized(80, 24) };
        let rig = Rig::hello(Demo::new(), &hello, Habit::Narrow);
        String::from_utf8(rig.terminal.bytes.clone()).unwrap().contains(";46m")
    };
    assert!(coloured(false));
    assert!(!coloured(true));
}

#[test]
fn synchronized_output_is_used_only_when_answered() {
    let hello = Hello { sync_output: true, ..Hello::sized(80, 24) };
    let mut rig = Rig::hello(Demo::new(), &hello, Habit::Narrow);
    assert!(!String::from_utf8_lossy(&rig.type_keys("a")).contains("?2026h"));
    let _ = rig.session.feed(b"\x1b[?2026;2$y", rig.now);
    let frame = rig.type_keys("b");
    let text = String::from_utf8_lossy(&frame).into_owned();
    assert!(text.starts_with("\x1b[?2026h") && text.contains("\x1b[?2026l\x1b[?25h"), "{text:?}");
}

#[test]
fn a_second_terminal_shows_the_same_screen_field_and_caret() {
    let mut rig = Rig::new(Demo::new(), 80, 24, Habit::Narrow);
    rig.type_keys("qin<Left>\u{8983}");
    let before = rig.session.screen();
    let _ = rig.session.detach(rig.now);
    assert_eq!(rig.session.model().events.last(), Some(&Event::Lock));
    rig.terminal = testing::Terminal::new(80, 24, Habit::Narrow);
    let _ = rig.session.attach(&Hello::sized(80, 24), rig.now);
    rig.settle();
    let after = rig.session.screen();
    assert_eq!(crate::tui::widgets::buffer_text(&after.0), crate::tui::widgets::buffer_text(&before.0));
    assert_eq!(after, before);
    assert!(rig.terminal.text().contains("qi\u{8983}n"));
    assert_eq!(rig.terminal.screen().cursor_position(), (before.1.y, before.1.x));
}

#[test]
fn a_terminal_left_alone_is_locked_once() {
    let mut rig = Rig::new(Demo::new(), 80, 24, Habit::Narrow);
    let locks = |rig: &Rig<Demo>| rig.session.model().events.iter().filter(|e| **e == Event::Lock).count();
    rig.wait(1000 * 60 * 5 + 1000);
    rig.wait(1000 * 60);
    assert_eq!(locks(&rig), 1);
    rig.type_keys("a");
    rig.wait(1000 * 60 * 5 + 1000);
    assert_eq!(locks(&rig), 2);
}

#[test]
fn wrong_encodings_are_told_in_one_sentence() {
    let mut rig = Rig::new(Demo::new(), 80, 24, Habit::Narrow);
    let _ = rig.session.feed(b"\xc4\xe3\xba\xc3\xc4\xe3", rig.now);
    rig.settle();
    assert!(rig.terminal.text().contains("GBK"));
    let hints =
        rig.session.model().events.iter().filter(|e| matches!(e, Event::Notice(Notice::NotUtf8 { .. })));
    assert_eq!(hints.count(), 1);
}

#[test]
fn shift_f3_is_a_key_outside_a_probe() {
    let mut rig = Rig::new(Demo::new(), 80, 24, Habit::Narrow);
    let _ = rig.session.feed(b"\x1b[1;2R", rig.now);
    assert_eq!(rig.session.model().events.last(), Some(&Event::Key(Key::shift_f(3))));
    let _ = rig.session.feed(b"\x1b", rig.now);
    assert_ne!(rig.session.model().events.last(), Some(&Event::Key(Key::plain(Code::Esc))));
    rig.wait(45);
    assert!(rig.session.ended());
}

#[test]
fn only_harmless_escapes_reach_the_terminal() {
    let mut rig = Rig::new(Demo::new(), 80, 24, Habit::Narrow);
    let _ = rig.session.feed(b"\x1b[200~\x1b]52;c;AAAA\x07\x1b[2J\xe2\x80\xae\x1b[201~", rig.now);
    let frame = String::from_utf8(rig.settle()).unwrap();
    assert!(!frame.contains("\x1b]") && !frame.contains("\x1b[2J") && !frame.contains('\u{202e}'));
}

/// A character of the second plane is drawn where it was seen to take two cells; elsewhere a mark of the same width stands
/// for it, so that no frame drifts.
#[test]
fn characters_beyond_the_first_plane_need_a_measured_terminal() {
    for (habit, shown) in [(Habit::Narrow, "\u{20bb7}\u{7530}"), (Habit::Silent, "\u{3013}\u{7530}")] {
        let mut rig = Rig::new(Demo::new(), 80, 24, habit);
        rig.type_keys("\u{20bb7}\u{7530}");
        if habit == Habit::Silent {
            rig.now = rig.now.after(std::time::Duration::from_millis(300));
            rig.settle();
        }
        let text = rig.terminal.text();
        assert!(text.contains(shown), "{text}");
        assert_eq!(text.contains('\u{20bb7}'), habit == Habit::Narrow);
    }
}
