//! Layout and loading against a metric in which a Han character is one em and a Latin one half an em, so that every
//! expected place can be worked out by hand.

use super::*;

pub(super) struct HalfAndFull;

impl Metrics for HalfAndFull {
    fn units_per_em(&self, _: Font) -> i32 {
        1_000
    }

    fn advance(&self, font: Font, character: char) -> Option<i32> {
        match character {
            '\u{2B688}' => None,
            '𬙆' if font == Font::Hei => None,
            ' '..='~' => Some(500),
            _ => Some(1_000),
        }
    }
}

const HEAD: &str = r#"
id = "t"
version = 3
title = "表"
source = "003 A14"
page = { size = "A4", margins = [10, 10, 10, 10] }
"#;

pub(super) fn load(rest: &str) -> Template {
    Template::load("t.toml", &format!("{HEAD}{rest}")).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn faults(text: &str) -> Vec<String> {
    Template::load("t.toml", text).expect_err("must be refused").iter().map(ToString::to_string).collect()
}

pub(super) fn data(values: &[(&str, &str)]) -> PrintData {
    let values = values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    PrintData { values, ..PrintData::default() }
}

pub(super) fn texts(document: &Document) -> Vec<Vec<String>> {
    let of = |page: &Page| {
        let text = |item: &Item| match item {
            Item::Text { text, .. } => Some(text.clone()),
            _ => None,
        };
        page.items.iter().filter_map(text).collect()
    };
    document.pages.iter().map(of).collect()
}

const NAME_ROW: &str = r#"
[[block]]
id = "person"
kind = "grid"
height = 10
rows = [[{ label = "姓名", w = 20, size = 10 }, { slot = "psn_name", w = 20, size = 10, min_size = 8 }, { text = "" }]]
"#;

#[test]
fn a_cell_places_its_text_to_the_micrometre() {
    let document = layout(&load(NAME_ROW), &data(&[("psn_name", "张三")]), &HalfAndFull).unwrap();
    let items = &document.pages[0].items;
    // 10 pt is 3528 µm; two characters are 7056 wide; centred in 20 mm without the paddings of 1.1 mm each:
    // 10000 + 1100 + (17800 - 7056) / 2. Baseline: top 10000 + (10000 - 3528) / 2 + 88 % of 3528.
    let label = Item::Text {
        x: 16_472,
        y: 16_340,
        width: 7_056,
        font: Font::Hei,
        size: 3_528,
        text: "姓名".into(),
        slot: "person".into(),
    };
    assert_eq!(items[0], label);
    assert!(
        matches!(&items[2], Item::Text { x: 31_100, text, slot, .. } if text == "张三" && slot == "psn_name")
    );
    assert_eq!(items[1], Item::Line { x1: 30_000, y1: 10_000, x2: 30_000, y2: 20_000, width: 150 });
    assert_eq!(items.last(), Some(&Item::Rect { x: 10_000, y: 10_000, w: 190_000, h: 10_000, width: 400 }));
    assert_eq!(layout(&load(NAME_ROW), &data(&[("psn_name", "张三")]), &HalfAndFull).unwrap(), document);
}

#[test]
fn long_values_wrap_then_shrink_then_are_refused_by_name() {
    let template = load(NAME_ROW);
    let set = |name: &str| layout(&template, &data(&[("psn_name", name)]), &HalfAndFull);
    // 17.8 mm hold 5 characters of 10 pt, or 6 of 8 pt; 10 mm less 0.7 hold 2 lines.
    assert_eq!(texts(&set("一二三四五六七").unwrap())[0][1..], ["一二三四五", "六七"]);
    // One line that is a little smaller comes before two lines; three lines of 8 pt (2822 µm * 3.6) are too high.
    assert_eq!(texts(&set("一二三四五六").unwrap())[0][1..], ["一二三四五六"]);
    let fitted = texts(&set("一二三四五六七八九十一二").unwrap_or_else(|e| panic!("{e}")));
    assert_eq!(fitted[0].len(), 3);
    let refused = set("一二三四五六七八九十一二三四五六七八九十").unwrap_err();
    assert!(
        matches!(&refused, LayoutError::DoesNotFit { slot, template, .. } if slot == "psn_name" && template == "t")
    );
}

#[test]
fn a_row_that_may_grow_becomes_higher_instead_of_refusing() {
    let template = load(&NAME_ROW.replace("height = 10", "height = 10\ngrow = true"));
    let document = layout(&template, &data(&[("psn_name", &"字".repeat(20))]), &HalfAndFull).unwrap();
    // Four lines of 6 at 8 pt: 2822 + 3 * 3668, and 0.35 mm above and below.
    assert!(matches!(document.pages[0].items.last(), Some(Item::Rect { h: 14_526, .. })));
    assert_eq!(texts(&document)[0].concat().matches('字').count(), 20);
}

#[test]
fn lines_do_not_begin_or_end_with_the_wrong_mark_and_keep_numbers_whole() {
    let template = load(NAME_ROW);
    let set = |name: &str| {
        texts(&layout(&template, &data(&[("psn_name", name)]), &HalfAndFull).unwrap())[0][1..].to_vec()
    };
    assert_eq!(set("一二三四五，六"), ["一二三四", "五，六"]);
    assert_eq!(set("一二三四（五六）"), ["一二三四", "（五六）"]);
    assert_eq!(set("一二三四450121000"), ["一二三四", "450121000"]);
}

#[test]
fn a_character_without_a_glyph_is_named_and_hei_falls_back_to_song() {
    let template = load(NAME_ROW);
    let error = layout(&template, &data(&[("psn_name", "张\u{2B688}")]), &HalfAndFull).unwrap_err();
    assert_eq!(error.to_string(), "t: psn_name: no glyph for '\u{2B688}' (U+2B688)");
    let hei = load(
        r#"
[[block]]
id = "b"
kind = "text"
text = "{n}"
font = "hei"
"#,
    );
    let document = layout(&hei, &data(&[("n", "韦𬙆")]), &HalfAndFull).unwrap();
    assert!(matches!(&document.pages[0].items[0], Item::Text { font: Font::Song, .. }));
}

#[test]
fn control_characters_never_reach_the_page() {
    let document =
        layout(&load(NAME_ROW), &data(&[("psn_name", "\u{1b}[1m(\\)\u{202e}/JS")]), &HalfAndFull).unwrap();
    assert_eq!(texts(&document)[0][1], "[1m(\\)/JS");
}

#[test]
fn ticks_follow_code_or_label_and_refuse_anything_else() {
    let template = load(
        r#"
[[block]]
id = "b"
kind = "grid"
height = 8
rows = [[{ tick = "kind", options = ["1=本人", "2=委托人"] }]]
"#,
    );
    let set = |kind: &str| layout(&template, &data(&[("kind", kind)]), &HalfAndFull);
    assert_eq!(texts(&set("1").unwrap())[0], ["☑本人　□委托人"]);
    assert_eq!(texts(&set("委托人").unwrap())[0], ["□本人　☑委托人"]);
    assert_eq!(texts(&set("").unwrap())[0], ["□本人　□委托人"]);
    assert!(matches!(set("3"), Err(LayoutError::NotAnOption { slot, .. }) if slot == "kind"));
}

const ROSTER: &str = r#"
[[block]]
id = "list"
kind = "table"
name = "members"
side = "成员"
row_height = 20
head_height = 15
min_rows = 2
columns = [{ head = "序号", slot = "row.no", w = 20 }, { head = "姓名", slot = "psn_name" }]
[footer]
center = "第 {page.no} 页 共 {page.total} 页"
"#;

#[test]
fn a_long_table_breaks_and_repeats_its_heading() {
    let template = load(ROSTER);
    let row = |n: usize| [("psn_name".to_owned(), format!("成员{n}"))].into();
    let mut values = PrintData::default();
    values.tables.insert("members".into(), (1..=25).map(row).collect());
    let document = layout(&template, &values, &HalfAndFull).unwrap();
    // 277 mm hold the heading of 15 and 13 rows of 20.
    let pages = texts(&document);
    assert_eq!(pages.len(), 2);
    for (page, last, number) in
        [(&pages[0], "成员13", "第 1 页 共 2 页"), (&pages[1], "成员25", "第 2 页 共 2 页")]
    {
        assert_eq!(page[..2], ["序号", "姓名"]);
        assert_eq!(page.last().map(String::as_str), Some(number));
        assert!(page.contains(&last.to_owned()));
        assert!(page.contains(&"员".to_owned()), "the upright label is repeated");
    }
    assert_eq!(pages[1][2..4], ["14", "成员14"]);
    let blank = layout(&template, &PrintData::default(), &HalfAndFull).unwrap();
    assert_eq!(texts(&blank)[0], ["序号", "姓名", "1", "2", "成", "员", "第 1 页 共 1 页"]);
}

#[test]
fn blocks_without_a_gap_share_one_frame_and_a_gap_opens_another() {
    let joined = load(&format!("{NAME_ROW}{}", NAME_ROW.replace("person", "second")));
    let apart = load(&format!("{NAME_ROW}{}gap = 4\n", NAME_ROW.replace("person", "second")));
    let frames = |template: &Template| {
        let document = layout(template, &PrintData::default(), &HalfAndFull).unwrap();
        document.pages[0]
            .items
            .iter()
            .filter(|item| matches!(item, Item::Rect { .. }))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(frames(&joined), [Item::Rect { x: 10_000, y: 10_000, w: 190_000, h: 20_000, width: 400 }]);
    assert_eq!(frames(&apart)[1], Item::Rect { x: 10_000, y: 24_000, w: 190_000, h: 10_000, width: 400 });
}

#[test]
fn slots_name_everything_a_template_reads() {
    let slots = load(&format!("{NAME_ROW}{ROSTER}")).slots();
    assert_eq!(slots.values.into_iter().collect::<Vec<_>>(), ["psn_name"]);
    assert_eq!(slots.tables["members"].iter().collect::<Vec<_>>(), ["psn_name"]);
}

#[test]
fn faults_say_file_line_key_and_what_to_do() {
    assert_eq!(faults("id = 'x"), ["t.toml:1: : invalid literal string, expected `'`; correct the TOML"]);
    let with = |rest: &str| faults(&format!("{HEAD}{rest}"));
    assert_eq!(
        with(
            "[[block]]\nid = 'a'\nkind = 'grid'\nheight = 8\nrows = [[{ label = 'x', w = 100 }, { slot = 'y', w = 80 }]]\n"
        ),
        ["t.toml:11: block[0].rows[0][0].w: the widths add up to 180.000 mm instead of 190.000 mm; \
          change one w, or leave it out so that it takes the rest"]
    );
    assert_eq!(
        with("[[box]]\nid = 'a'\nx = 200\ny = 1\nw = 11\nh = 5\nslot = 'a'\n"),
        ["t.toml:7: box[0]: the box reaches outside the paper; make x + w and y + h fit the page"]
    );
    assert_eq!(
        with("[style]\nvalue = { font = 'kai' }\n"),
        ["t.toml:8: style.value.font: unknown value \"kai\"; use one of: song, hei"]
    );
    assert_eq!(
        with("[[block]]\nid = 'a'\nkind = 'text'\ntext = '{Psn name'\ncolour = 'red'\n"),
        [
            "t.toml:10: block[0].text: a { has no }; close the slot, as in {psn_name}",
            "t.toml:11: block[0].colour: unknown key; use one of: id, kind, gap, break_before, text, indent, font, size, min_size, align",
        ]
    );
    assert_eq!(
        with("[[block]]\nid = 'a'\nkind = 'gap'\n[[block]]\nid = 'a'\nkind = 'gap'\ngap = 1.2345\n"),
        [
            "t.toml:11: block[1].id: \"a\" is used twice; give each block and box its own id",
            "t.toml:13: block[1].gap: is a float; write millimetres from 0 to 2000 with at most three decimals, such as 12.5",
        ]
    );
    assert_eq!(
        faults("version = 1\ntitle = 't'\nsource = 's'\npage = { margins = [10, 10, 10] }\n"),
        [
            "t.toml:1: id: missing; write id = \"the file's name without .toml\"",
            "t.toml:4: page.margins: four margins are needed; write margins = [top, right, bottom, left] in millimetres",
        ]
    );
}

#[test]
fn the_preview_draws_cells_and_crossings() {
    let template =
        load(&format!("{NAME_ROW}{}", NAME_ROW.replace("person", "b").replace("psn_name", "other")));
    let document = layout(&template, &data(&[("psn_name", "张三")]), &HalfAndFull).unwrap();
    assert_eq!(
        preview_text(&document, 60, Frames::Line),
        [
            "┌─────┬─────┬──────────────────────────────────────────────┐",
            "│姓名 │张三 │                                              │",
            "├─────┼─────┼──────────────────────────────────────────────┤",
            "│姓名 │     │                                              │",
            "└─────┴─────┴──────────────────────────────────────────────┘",
        ]
    );
    assert_eq!(preview_text(&document, 60, Frames::Ascii)[0].chars().next(), Some('+'));
}
