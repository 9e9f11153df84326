//! Widgets on buffers: cells, carets, pages.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::cells::{fit, fit_right};
use super::confirm::{Confirm, ConfirmEvent};
use super::field::{Edit, Field};
use super::form::{Finding, Form, FormEvent, FormField, Kind, Level, Line};
use super::list::{Column, List, ListState};
use super::pick::{Choice, Pick, PickEvent};
use super::*;
use crate::tui::key::{Code, Key};
use crate::tui::keymap::{Action, Focus};
use crate::tui::look::{Glyphs, Look};
use crate::tui::theme::{Palette, Role, Theme};

fn look() -> Look {
    Look { theme: Theme::new(Palette::Mono, "xterm", true), glyphs: Glyphs::Line }
}

fn buffer(cols: u16, rows: u16) -> Buffer {
    Buffer::empty(Rect::new(0, 0, cols, rows))
}

fn type_into(field: &mut Field, text: &str) {
    for c in text.chars() {
        field.key(Key::char(c));
    }
}

#[test]
fn clipping_never_cuts_a_wide_character() {
    assert_eq!(width("\u{8983}a\u{20bb7}"), 5);
    assert_eq!(clip("\u{8983}\u{5c0f}\u{82b3}", 5, true), "\u{8983}\u{5c0f} ");
    assert_eq!(fit("\u{8983}\u{5c0f}\u{82b3}", 5, "~"), "\u{8983}\u{5c0f}~");
    assert_eq!(fit("\u{8983}\u{5c0f}\u{82b3}", 4, "~"), "\u{8983} ~");
    assert_eq!(fit("ab", 4, "~"), "ab  ");
    assert_eq!(fit_right("12.50", 8, "~"), "   12.50");
}

#[test]
fn wrapping_keeps_words_and_does_not_begin_with_a_stop() {
    let text = "\u{53c2}\u{4fdd}\u{4eba}\u{5458}\u{ff0c}\u{5e94}\u{5f53} 2026 \u{5e74}";
    for line in wrap(text, 8) {
        assert!(width(&line) <= 8, "{line}");
        assert!(!line.starts_with('\u{ff0c}'), "{line}");
    }
    assert_eq!(wrap("a\n\nb", 10), ["a", "", "b"]);
    assert!(wrap("450102199001011234", 10).iter().all(|l| width(l) <= 10));
}

#[test]
fn the_caret_stands_right_behind_every_kind_of_character() {
    let area = Rect::new(3, 1, 10, 1);
    for (text, cell) in [
        ("", 0),
        ("\u{4f60}\u{597d}", 4),
        ("\u{20bb7}\u{2cc56}", 4),
        ("e\u{301}", 1),
        ("x\u{323}\u{307}", 1),
        ("\u{4f60}\u{597d}\u{4f60}\u{597d}\u{4f60}\u{597d}", 8),
        ("abcdefghijkl", 9),
    ] {
        let mut field = Field::default();
        type_into(&mut field, text);
        let mut buf = buffer(20, 3);
        let at = field.view(&mut buf, area, &look(), Role::Focus);
        assert_eq!((at.x, at.y), (3 + cell, 1), "{text}");
    }
}

#[test]
fn editing_steps_over_whole_characters_and_composes() {
    let mut field = Field::default();
    type_into(&mut field, "e\u{301}");
    assert_eq!((field.value(), field.caret()), ("\u{e9}", 1));
    field.key(Key::plain(Code::Backspace));
    assert!(field.is_empty());
    type_into(&mut field, "\u{8983}\u{20bb7}");
    field.key(Key::plain(Code::Left));
    type_into(&mut field, "\u{5c0f}");
    assert_eq!(field.value(), "\u{8983}\u{5c0f}\u{20bb7}");
    assert_eq!(field.key(Key::f(4)), Edit::Ignored);
    assert_eq!(field.paste("a\r\nb\u{1b}\u{202e}\n"), Edit::Changed);
    assert_eq!(field.value(), "\u{8983}\u{5c0f}a b\u{20bb7}");
    let mut short = Field::default().limited(3);
    type_into(&mut short, "12345");
    assert_eq!(short.value(), "123");
}

#[test]
fn a_pin_is_never_drawn() {
    let mut field = Field::default().masked();
    type_into(&mut field, "12\u{8983}4");
    let mut buf = buffer(20, 1);
    let at = field.view(&mut buf, Rect::new(0, 0, 10, 1), &look(), Role::Focus);
    assert_eq!(buffer_text(&buf), "****\n");
    assert_eq!(at.x, 4);
    assert_eq!(field.take(), "12\u{8983}4");
    assert!(field.is_empty());
}

fn household() -> Form {
    let mut fields = vec![
        FormField::new("householder_name", "\u{6237}\u{4e3b}\u{59d3}\u{540d}", Kind::Text, 20).required(),
        FormField::new("admdvs12", "\u{6240}\u{5728}\u{6751}", Kind::Code, 12).required(),
        FormField::new("insured_cnt", "\u{53c2}\u{4fdd}\u{4eba}\u{6570}", Kind::ReadOnly, 4).with("2"),
    ];
    let heads = [
        ("psn_name", Kind::Text, 12),
        ("certno", Kind::Number, 18),
        ("gend", Kind::Code, 4),
        ("mob", Kind::Number, 11),
    ];
    let mut lines = vec![
        Line::Heading("\u{6237}\u{60c5}\u{51b5}".into()),
        Line::Field(0),
        Line::Field(1),
        Line::Field(2),
        Line::Heading("\u{6210}\u{5458}".into()),
        Line::TableHead(3..7),
    ];
    for row in 0..3 {
        let from = fields.len();
        for (id, kind, cells) in heads {
            fields.push(FormField::new(&format!("members.{row}.{id}"), id, kind, cells));
        }
        lines.push(Line::Row { number: row + 1, fields: from..from + heads.len() });
    }
    Form::new(fields, lines)
}

fn accept(form: &mut Form) -> FormEvent {
    form.act(Action::Accept, 80, 21)
}

#[test]
fn the_focus_follows_the_paper_and_never_submits() {
    let mut form = household();
    for c in "\u{8983}\u{5c0f}\u{82b3}".chars() {
        form.key(Key::char(c));
    }
    assert_eq!(accept(&mut form), FormEvent::Left { field: 0, changed: true });
    assert_eq!(form.key_focus(), Focus::EmptyNumber);
    form.key(Key::char('\u{ff14}'));
    assert_eq!(form.value("admdvs12"), "4");
    assert_eq!(accept(&mut form), FormEvent::Left { field: 1, changed: true });
    assert_eq!(form.focus(), 3, "the focus passes over what the program fills");
    form.act(Action::Next, 80, 21);
    assert_eq!(form.focus(), 7, "down goes to the same column");
    form.act(Action::Last, 80, 21);
    assert_eq!(accept(&mut form), FormEvent::PastEnd { field: 14, changed: false });
    form.paste("1\r2\r3\r");
    assert_eq!((form.focus(), form.value("members.2.mob")), (14, "1 2 3"));
    assert_eq!(form.go_to(2), FormEvent::Ignored);
}

#[test]
fn undo_goes_back_to_the_field_that_changed() {
    let mut form = household();
    form.key(Key::char('a'));
    accept(&mut form);
    form.key(Key::char('1'));
    form.act(Action::Undo, 80, 21);
    assert_eq!((form.value("admdvs12"), form.focus()), ("", 1));
    form.act(Action::Undo, 80, 21);
    assert_eq!((form.value("householder_name"), form.focus()), ("", 0));
}

#[test]
fn a_form_shows_findings_beside_its_fields() {
    let mut form = household();
    form.set_value("householder_name", "\u{8983}\u{5c0f}\u{82b3}");
    form.set_findings([
        ("admdvs12", Finding { level: Level::Warning, text: "\u{4e0d}\u{5728}\u{672c}\u{9547}".into() }),
        ("admdvs12", Finding { level: Level::Error, text: "\u{7f3a}\u{5c11}".into() }),
        (
            "members.1.certno",
            Finding { level: Level::Error, text: "\u{6821}\u{9a8c}\u{7801}\u{9519}".into() },
        ),
    ]);
    for (cols, rows) in [(80, 12), (120, 12), (60, 12)] {
        let mut buf = buffer(cols, rows);
        let area = buf.area;
        let at = form.view(&mut buf, area, &look());
        assert!(at.y < rows && at.x < cols);
        insta::assert_snapshot!(format!("form_{cols}"), buffer_text(&buf));
    }
}

#[test]
fn a_field_stands_where_it_stood() {
    let mut form = household();
    let mut places = std::collections::BTreeMap::new();
    for round in 0..2 {
        for index in [0, 1, 3, 7, 11, 4, 0] {
            form.go_to(index);
            let mut buf = buffer(80, 6);
            let area = buf.area;
            let at = form.view(&mut buf, area, &look());
            let before = places.insert(index, at.y);
            assert!(before.is_none_or(|y| y == at.y), "field {index} in round {round}");
        }
    }
}

#[test]
fn a_new_row_keeps_focus_and_caret() {
    let mut form = household();
    form.go_to(3);
    for c in "abc".chars() {
        form.key(Key::char(c));
    }
    form.key(Key::plain(Code::Left));
    let mut fields = form.fields().to_vec();
    fields.insert(0, FormField::new("new", "new", Kind::Text, 5));
    form.replace(fields, vec![Line::Field(0), Line::Row { number: 1, fields: 4..8 }]);
    let focused = form.focused().unwrap();
    assert_eq!((focused.id.as_str(), focused.field.caret()), ("members.0.psn_name", 2));
}

const COLUMNS: [Column; 3] =
    [Column::text("\u{59d3}\u{540d}", 8), Column::text("\u{6751}", 0), Column::figures("\u{5143}", 9)];

#[test]
fn a_long_list_draws_one_page_and_marks_rows() {
    let mut state = ListState::default();
    let cell = |row: usize, column: usize| -> Cow<'static, str> {
        match column {
            0 => format!("\u{8983}\u{5c0f}\u{82b3}{row}").into(),
            1 => "\u{4e09}\u{5408}\u{6751}".into(),
            _ => format!("{row}.50").into(),
        }
    };
    let list = List { columns: &COLUMNS, len: 1000, cell: &cell, role: &|_| Role::Text, prefix: true };
    assert!(state.mark(Key::char('\u{ff41}'), "ATP", 1000));
    assert!(!state.mark(Key::char('x'), "ATP", 1000));
    assert!(state.act(Action::PageDown, 1000, 6));
    let mut buf = buffer(40, 6);
    let at = list.view(&state, &mut buf, Rect::new(0, 0, 40, 6), &look());
    assert_eq!((state.selected(), at.x, at.y), (6, 0, 2));
    insta::assert_snapshot!(buffer_text(&buf));
    assert_eq!(state.marks().get(&0), Some(&'A'));
    state.clamp(3);
    assert_eq!(state.selected(), 2);
}

fn sexes() -> Vec<Choice> {
    [("1", "\u{7537}"), ("2", "\u{5973}"), ("9", "\u{672a}\u{8bf4}\u{660e}")]
        .map(|(code, label)| Choice { code: code.into(), label: label.into() })
        .into()
}

#[test]
fn a_pick_list_filters_by_code_pinyin_and_label() {
    let enter = Key::plain(Code::Enter);
    let typed = |text: &str| {
        let mut pick = Pick::new("\u{6027}\u{522b}", sexes(), "");
        for c in text.chars() {
            assert_eq!(pick.key(Key::char(c)), PickEvent::Open);
        }
        pick.key(enter)
    };
    assert_eq!(typed(""), PickEvent::Chosen(0));
    assert_eq!(typed("\u{ff12}"), PickEvent::Chosen(1));
    assert_eq!(typed("ws"), PickEvent::Chosen(2));
    assert_eq!(typed("weishuo"), PickEvent::Chosen(2), "whole syllables");
    assert_eq!(typed("shuom"), PickEvent::Chosen(2), "from inside");
    assert_eq!(typed("nan"), PickEvent::Chosen(0));
    assert_eq!(typed("\u{5973}"), PickEvent::Chosen(1));
    assert_eq!(typed("zz"), PickEvent::Open);
    let mut pick = Pick::new("\u{6027}\u{522b}", sexes(), "9");
    let mut buf = buffer(60, 14);
    let area = buf.area;
    let at = pick.view(&mut buf, area, &look());
    insta::assert_snapshot!(buffer_text(&buf));
    assert!(at.y < area.bottom() - 1);
    assert_eq!(pick.key(Key::plain(Code::Esc)), PickEvent::Cancelled);
}

#[test]
fn a_question_is_not_answered_by_type_ahead() {
    let mut confirm = Confirm::yes_no("?");
    assert_eq!(confirm.key(Key::plain(Code::Enter)), ConfirmEvent::Open);
    assert_eq!(confirm.key(Key::char('\u{ff39}')), ConfirmEvent::Yes(String::new()));
    let mut confirm = Confirm::with_reason("?");
    assert_eq!(confirm.key(Key::plain(Code::Enter)), ConfirmEvent::Open);
    confirm.key(Key::char('y'));
    assert_eq!(confirm.key(Key::plain(Code::Enter)), ConfirmEvent::Yes("y".into()));
    assert_eq!(confirm.key(Key::f(4)), ConfirmEvent::PickReason);
}

#[test]
fn several_lines_keep_the_caret_on_the_character() {
    let mut area = area::Area::new("\u{540c}\u{610f}", 50);
    for c in "\u{20bb7}e\u{301}".chars() {
        area.key(Key::char(c));
    }
    area.key(Key::plain(Code::Enter));
    area.paste("a\u{8983}\u{1b}b");
    assert_eq!(area.text(), "\u{540c}\u{610f}\u{20bb7}e\u{301}\na\u{8983}b");
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(20, 6)).unwrap();
    let mut at = None;
    terminal.draw(|frame| at = Some(area.view(frame, Rect::new(2, 1, 12, 3), &look()))).unwrap();
    assert_eq!(at.map(|p| (p.x, p.y)), Some((2 + 4, 2)));
    area.key(Key::plain(Code::Up));
    area.key(Key::plain(Code::End));
    terminal.draw(|frame| at = Some(area.view(frame, Rect::new(2, 1, 12, 3), &look()))).unwrap();
    assert_eq!(at.map(|p| (p.x, p.y)), Some((2 + 7, 1)));
}

#[test]
fn small_pieces_fit_their_room() {
    let mut buf = buffer(40, 6);
    progress(&mut buf, Rect::new(0, 0, 20, 1), 3, 10, &look());
    empty(
        &mut buf,
        Rect::new(0, 1, 40, 5),
        "\u{6ca1}\u{6709}\u{529e}\u{4ef6}",
        "=DJ \u{5f00}\u{59cb}",
        &look(),
    );
    insta::assert_snapshot!(buffer_text(&buf));
}
