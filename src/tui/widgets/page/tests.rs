//! Scrolling, choosing, and lines that stay in the window.

use super::*;
use crate::tui::theme::{Palette, Theme};

fn look() -> Look {
    Look { theme: Theme::new(Palette::Sixteen, "xterm", false), glyphs: Glyphs::Line }
}

fn shown(page: &Page, cols: u16, rows: u16) -> String {
    let area = Rect { x: 0, y: 0, width: cols, height: rows + 1 };
    let mut buf = Buffer::empty(area);
    page.view(&mut buf, Rect { height: rows, ..area }, &look());
    crate::tui::widgets::buffer_text(&buf)
}

fn page() -> Page {
    let mut entries = vec![Entry::Heading("甲".to_owned()), Entry::value("姓名", "覃小芳")];
    entries.extend((0..9).map(|n| Entry::row(format!("行 {n}"), Role::Text, n % 4 == 0)));
    entries.push(Entry::Heading("乙".to_owned()));
    entries.push(Entry::text("长".repeat(60), Role::Text));
    Page::new(entries)
}

#[test]
fn down_goes_through_rows_that_can_be_chosen_then_scrolls_to_the_end() {
    let mut page = page();
    shown(&page, 40, 6);
    assert_eq!(page.chosen(), Some(0));
    let mut seen = Vec::new();
    for _ in 0..20 {
        page.act(Action::Next);
        shown(&page, 40, 6);
        seen.push(page.chosen().unwrap());
    }
    assert!(seen.contains(&1) && seen.contains(&2), "{seen:?}");
    let end = shown(&page, 40, 6);
    page.act(Action::Last);
    assert_eq!(shown(&page, 40, 6), end, "the end is the end");
    page.act(Action::First);
    assert!(shown(&page, 40, 6).starts_with(" 甲"));
    assert_eq!(page.chosen(), Some(0));
}

#[test]
fn every_line_stays_in_the_window_and_a_heading_can_be_gone_to() {
    let mut page = page();
    for cols in [24, 40, 80, 120] {
        for line in shown(&page, cols, 12).lines() {
            assert!(width(line) <= usize::from(cols), "{cols}: {line}");
        }
    }
    shown(&page, 40, 4);
    assert!(page.go_to_heading("乙"));
    assert!(shown(&page, 40, 4).contains("乙"));
    assert!(!page.go_to_heading("丙"));
}

#[test]
fn new_entries_keep_the_place() {
    let mut page = page();
    shown(&page, 40, 4);
    page.act(Action::Next);
    let chosen = page.chosen();
    page.set(page.entries.clone());
    assert_eq!(page.chosen(), chosen);
    page.set(vec![Entry::text("只一行", Role::Text)]);
    assert_eq!(page.chosen(), None);
    assert!(shown(&page, 40, 4).contains("只一行"));
}
