//! Paper as offices use it: overprint, calibration, the test card, counted copies with their proof. Places worked out by
//! hand on a metric in which a Han character is one em and a Latin one half an em.

use super::tests::{HalfAndFull, data, load, texts};
use super::*;

const FORM: &str = r#"
[[block]]
id = "person"
kind = "grid"
height = 10
rows = [[
  { label = "姓名", w = 20, size = 10 }, { slot = "psn_name", w = 40, size = 10 },
  { tick = "raw.kind", options = ["1=本人", "2=委托人"], w = 60, size = 10 },
  { text = "{sign_date|　年　月　日}", size = 10 },
]]

[[block]]
id = "said"
kind = "text"
size = 10
text = "编号：{case.number}号"

[[block]]
id = "list"
kind = "table"
name = "members"
side = "成员"
row_height = 10
head_height = 10
min_rows = 2
columns = [{ head = "序号", slot = "row.no", w = 20 }, { head = "姓名", slot = "psn_name" }]

[footer]
center = "第 {page.no} 页 共 {page.total} 页"
right = "{print.mark}"
"#;

fn filled() -> PrintData {
    let mut data =
        data(&[("psn_name", "张三"), ("raw.kind", "2"), ("case.number", "BG-1"), ("print.mark", "正本")]);
    data.tables.insert("members".into(), vec![[("psn_name".to_owned(), "李四".to_owned())].into()]);
    data
}

fn stamp(copy: u32) -> Stamp {
    Stamp {
        number: "BGDX-1-000007".to_owned(),
        copy,
        printed: "2026-11-21 09:30".to_owned(),
        by: "覃晓".to_owned(),
        note: if copy > 1 {
            format!("补打 第{copy}份 领取人 韦明（本人）")
        } else {
            String::new()
        },
    }
}

fn place_of(document: &Document, wanted: &str) -> Option<(i32, i32)> {
    document.pages[0].items.iter().find_map(|item| match item {
        Item::Text { x, y, text, .. } if text == wanted => Some((*x, *y)),
        _ => None,
    })
}

#[test]
fn on_stock_only_values_and_ticks_are_printed_where_the_form_has_them() {
    let template = load(FORM);
    let how = How { values_only: true, stamp: None };
    let over = layout_as(&template, &filled(), how, &HalfAndFull).unwrap();
    assert_eq!(texts(&over)[0], ["张三", "☑", "BG-1", "李四", "正本"]);
    assert!(over.pages[0].items.iter().all(|item| matches!(item, Item::Text { .. })), "no rule, no frame");
    let whole = layout(&template, &filled(), &HalfAndFull).unwrap();
    assert_eq!(place_of(&over, "张三"), place_of(&whole, "张三"));
    // 编号： is three characters of 10 pt (3528 µm) from the margin of 10 mm.
    assert_eq!(place_of(&over, "BG-1").unwrap().0, 10_000 + 3 * 3_528);
    // □本人　 is four characters: the tick of the second answer stands behind them.
    let ticks = place_of(&whole, "□本人　☑委托人").unwrap();
    assert_eq!(place_of(&over, "☑").unwrap(), (ticks.0 + 4 * 3_528, ticks.1));
    // The empty form on stock prints nothing at all.
    let blank = layout_as(&template, &PrintData::default(), how, &HalfAndFull).unwrap();
    assert_eq!(texts(&blank)[0], Vec::<String>::new());
}

#[test]
fn three_numbers_move_and_scale_to_the_micrometre() {
    let template = load(FORM);
    let whole = layout(&template, &filled(), &HalfAndFull).unwrap();
    let moved = adjust(&whole, Calibration::new(1_500, -800, 1_003).unwrap()).unwrap();
    let (x, y) = place_of(&whole, "张三").unwrap();
    let rounded = |length: i32| (length * 1_003 + 500) / 1_000;
    assert_eq!(place_of(&moved, "张三"), Some((rounded(x) + 1_500, rounded(y) - 800)));
    let frame = |document: &Document| {
        document.pages[0].items.iter().rev().find(|item| matches!(item, Item::Rect { .. })).map(Item::bounds)
    };
    // The frame's right edge: 200 mm become 200.6, and 1.5 to the right.
    assert_eq!(frame(&whole).unwrap().2, 200_000);
    assert_eq!(frame(&moved).unwrap().2, 202_100);
    assert_eq!(adjust(&whole, Calibration::default()).unwrap(), whole);
}

#[test]
fn what_would_leave_the_paper_is_named() {
    let template = load(FORM);
    let how = How { values_only: true, stamp: None };
    let over = layout_as(&template, &filled(), how, &HalfAndFull).unwrap();
    let off = adjust(&over, Calibration::new(0, -15_000, 1_000).unwrap()).unwrap_err();
    assert_eq!((off.slot.as_str(), off.page), ("psn_name", 1));
    assert!(off.to_string().starts_with("t: page 1: psn_name would leave the paper by "), "{off}");
    for (x, y, scale) in [(30_100, 0, 1_000), (0, 150, 1_000), (0, 0, 979), (0, 0, 1_021)] {
        assert!(Calibration::new(x, y, scale).is_err(), "{x} {y} {scale}");
    }
}

#[test]
fn the_test_card_has_its_marks_at_whole_millimetres() {
    let document = card((210_000, 297_000), "试印卡", &["一".to_owned()], &HalfAndFull);
    let items = &document.pages[0].items;
    let has = |wanted: (i32, i32, i32, i32)| {
        items.iter().any(|item| matches!(item, Item::Line { .. }) && item.bounds() == wanted)
    };
    let (x, y) = CARD_CROSS;
    assert!(has((10_000, y, 200_000, y)) && has((x, 10_000, x, 287_000)), "the cross");
    assert!(has((100_000, y, 100_000, y + 5_000)), "a long mark at 100 mm");
    assert!(has((x, 55_000, x + 3_000, 55_000)), "a middle mark at 55 mm");
    assert!(place_of(&document, "100").is_some() && place_of(&document, "试印卡").is_some());
    for (left, top, right, bottom) in items.iter().map(Item::bounds) {
        assert!(left >= 5_000 && top >= 5_000 && right <= 205_000 && bottom <= 292_000);
    }
}

#[test]
fn a_counted_copy_carries_its_line_and_code_on_every_page() {
    let mut template = load(FORM);
    template.page.bottom = 16_000;
    let mut data = filled();
    let row = data.tables["members"][0].clone();
    data.tables.insert("members".into(), vec![row; 60]);
    let stamp = stamp(2);
    let document =
        layout_as(&template, &data, How { values_only: false, stamp: Some(&stamp) }, &HalfAndFull).unwrap();
    assert!(document.pages.len() > 1);
    let proof = document.proof.clone().unwrap().to_string();
    assert!(proof.starts_with("XB1:BGDX-1-000007:T:2:"), "{proof}");
    for (page, texts) in document.pages.iter().zip(texts(&document)) {
        let line = format!("打印 2026-11-21 09:30 覃晓　补打 第2份 领取人 韦明（本人）　{proof}");
        assert!(texts.contains(&line), "{texts:?}");
        let code: Vec<(i32, i32, i32, i32)> =
            page.items.iter().filter(|item| matches!(item, Item::Fill { .. })).map(Item::bounds).collect();
        let others = page.items.iter().filter(|item| !matches!(item, Item::Fill { .. }));
        let (left, top) = (code.iter().map(|b| b.0).min().unwrap(), code.iter().map(|b| b.1).min().unwrap());
        assert!(code.iter().all(|b| b.2 <= page.w - 4_300 && b.3 <= page.h - 4_300));
        for (_, _, right, bottom) in others.map(Item::bounds) {
            assert!(right <= left || bottom <= top, "something touches the code");
        }
    }
    assert!(layout(&template, &data, &HalfAndFull).unwrap().proof.is_none());
}

#[test]
fn the_check_code_changes_with_every_value_and_with_nothing_else() {
    let template = load(FORM);
    let code = |data: &PrintData, stamp: &Stamp, values_only: bool| {
        let how = How { values_only, stamp: Some(stamp) };
        layout_as(&template, data, how, &HalfAndFull).unwrap().proof.unwrap().code
    };
    let first = code(&filled(), &stamp(1), false);
    assert_eq!(first.as_str().len(), 16);
    assert_eq!(first, code(&filled(), &stamp(1), true), "stock or not, the same paper");
    assert_eq!(first, code(&filled(), &Stamp { printed: "2027".to_owned(), ..stamp(1) }, false));
    assert_ne!(first, code(&filled(), &stamp(2), false));
    let mut other = filled();
    other.values.insert("unread".to_owned(), "没有印出".to_owned());
    assert_eq!(first, code(&other, &stamp(1), false));
    other.values.insert("psn_name".to_owned(), "张山".to_owned());
    assert_ne!(first, code(&other, &stamp(1), false));
    let mut row = filled();
    row.tables.get_mut("members").unwrap()[0].insert("psn_name".to_owned(), "李肆".to_owned());
    assert_ne!(first, code(&row, &stamp(1), false));
}

#[test]
fn a_proof_is_read_as_people_and_readers_type_it() {
    let typed = " xb1：bgdx".replace("bgdx", "BGDX-1-000007") + "：receipt：2：0123456789abcdef ";
    let proof: Proof = typed.parse().unwrap();
    assert_eq!(proof.to_string(), "XB1:BGDX-1-000007:RECEIPT:2:0123456789ABCDEF");
    for (text, wrong) in [
        ("", ProofError::Form),
        ("XB2:a:b:1:0123456789ABCDEF", ProofError::Form),
        ("XB1:a:b:0:0123456789ABCDEF", ProofError::Copy("0".to_owned())),
        ("XB1:a:b:1:0123456789ABCDEG", ProofError::Code("0123456789ABCDEG".to_owned())),
    ] {
        assert_eq!(text.parse::<Proof>(), Err(wrong));
    }
}
