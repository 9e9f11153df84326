//! What must hold for any text: nothing is cut, nothing leaves its box, nothing panics.

use proptest::prelude::*;

use super::*;

struct Even;

impl Metrics for Even {
    fn units_per_em(&self, _: Font) -> i32 {
        1_000
    }

    fn advance(&self, _: Font, character: char) -> Option<i32> {
        Some(if character.is_ascii() { 500 } else { 1_000 })
    }
}

const TEMPLATE: &str = r#"
id = "t"
version = 1
title = "表"
source = "003"
page = { margins = [10, 10, 10, 10] }

[[block]]
id = "grid"
kind = "grid"
side = "说明"
grow = true
height = 9
rows = [[{ label = "一", w = 20 }, { slot = "one", w = 50 }, { text = "前{two|空}后" }]]

[[block]]
id = "paragraph"
kind = "text"
text = "　　{one}，{two}。"

[[block]]
id = "list"
kind = "table"
name = "list"
grow = true
row_height = 8
columns = [{ head = "甲", slot = "one", w = 40 }, { head = "乙", slot = "two" }]

[[block]]
id = "sign"
kind = "signatures"
grow = true
height = 30
boxes = [{ title = "意见", text = "{two}", sign = "签名：{one}", w = 60 }, { title = "章" }]
"#;

fn letters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_is_cut_and_nothing_leaves_the_paper(
        one in "[一-龥a-z0-9（），。 \u{1b}\n]{0,80}|，{0,80}|（{0,80}|[a-z]{0,80}",
        two in "[一-龥A-Z/.（「」；\t]{0,90}",
        rows in 0_usize..12,
    ) {
        let template = Template::load("t.toml", TEMPLATE).unwrap();
        let row: BTreeMap<String, String> =
            [("one".to_owned(), one.clone()), ("two".to_owned(), two.clone())].into();
        let mut data = PrintData { values: row.clone(), ..PrintData::default() };
        data.tables.insert("list".to_owned(), vec![row; rows]);
        let document = layout(&template, &data, &Even).unwrap();
        let mut shown = 0;
        for page in &document.pages {
            for item in &page.items {
                let (right, foot) = match item {
                    Item::Line { x1, y1, x2, y2, .. } => (*x1.max(x2), *y1.max(y2)),
                    Item::Rect { x, y, w, h, .. } | Item::Fill { x, y, w, h } => (x + w, y + h),
                    Item::Text { x, y, width, text, slot, .. } => {
                        if slot != "t" && ["one", "two", "list.0.one"].contains(&slot.as_str()) {
                            shown += letters(text);
                        }
                        prop_assert!(!text.chars().any(char::is_control));
                        (x + width, *y)
                    }
                };
                prop_assert!(right <= page.w - 10_000 && foot <= page.h - 10_000, "{item:?}");
            }
        }
        let clean = |text: &str| letters(&text.replace('\u{1b}', ""));
        let (one, two) = (clean(&one), clean(&two));
        // `one` and `two` stand three times each, among two fixed marks in the cell, two in the paragraph and three in the
        // signature; "空" stands for a blank `two`; and the first row of the table shows `one` once more.
        let blank = usize::from(two == 0);
        let marks = 2 + 2 + 3;
        let table = if rows > 0 { one } else { 0 };
        prop_assert_eq!(shown, one * 3 + two * 3 + marks + blank + table);
        prop_assert_eq!(layout(&template, &data, &Even).unwrap(), document.clone());
        for columns in [10, 40, 80, 132] {
            for line in preview_text(&document, columns, Frames::Line) {
                prop_assert!(unicode_width::UnicodeWidthStr::width(line.as_str()) <= columns.max(40), "{}", line);
            }
        }
    }

    #[test]
    fn a_damaged_template_is_refused_with_a_line_and_never_panics(cut in 0_usize..900, junk in "[a-z=\\[\\]{}\" 0-9\n]{0,12}") {
        let mut text: Vec<char> = TEMPLATE.chars().collect();
        let at = cut.min(text.len());
        text.splice(at..(at + 7).min(text.len()), junk.chars());
        let text: String = text.into_iter().collect();
        if let Err(faults) = Template::load("t.toml", &text) {
            prop_assert!(!faults.is_empty());
            for fault in faults {
                prop_assert!((1..=text.lines().count() + 1).contains(&fault.line), "{fault}");
                prop_assert!(!fault.fix.is_empty() && !fault.message.is_empty());
            }
        }
    }

    /// Overprint leaves out and never moves: its texts, put into the whole page, are pieces of what stands there.
    #[test]
    fn overprint_prints_the_values_where_the_whole_form_has_them(
        one in "[一-龥a-z0-9（），。 \n]{0,60}",
        two in "[一-龥A-Z/.（「」；\t]{0,60}",
    ) {
        let template = Template::load("t.toml", TEMPLATE).unwrap();
        let row: BTreeMap<String, String> =
            [("one".to_owned(), one.clone()), ("two".to_owned(), two.clone())].into();
        let mut data = PrintData { values: row.clone(), ..PrintData::default() };
        data.tables.insert("list".to_owned(), vec![row]);
        let whole = layout(&template, &data, &Even).unwrap();
        let over = layout_as(&template, &data, How { values_only: true, stamp: None }, &Even).unwrap();
        prop_assert_eq!(whole.pages.len(), over.pages.len());
        let mut shown = 0;
        for (whole, over) in whole.pages.iter().zip(&over.pages) {
            for item in &over.items {
                let Item::Text { x, y, width, text, .. } = item else {
                    return Err(TestCaseError::fail("a line on pre-printed stock"));
                };
                shown += letters(text);
                let inside = whole.items.iter().any(|other| matches!(other,
                    Item::Text { x: ox, y: oy, width: ow, text: all, .. }
                    if oy == y && ox <= x && x + width <= ox + ow && all.contains(text)));
                prop_assert!(inside, "{item:?}");
            }
        }
        prop_assert_eq!(shown, (letters(&one) + letters(&two)) * 4);
    }

    #[test]
    fn a_proof_reads_back_and_junk_is_refused(
        number in "[A-Z0-9-]{1,24}", template in "[a-z-]{1,20}", copy in 1_u32..5_000, junk in "\\PC{0,90}",
    ) {
        let text = format!("XB1:{number}:{}:{copy}:0123456789ABCDEF", template.to_uppercase());
        let proof: Proof = text.parse().unwrap();
        prop_assert_eq!((&proof.number, &proof.template, proof.copy), (&number, &template, copy));
        prop_assert_eq!(proof.to_string(), text);
        if let Ok(proof) = junk.parse::<Proof>() {
            prop_assert_eq!(proof.to_string().parse::<Proof>().unwrap(), proof);
        }
    }

    #[test]
    fn an_adjusted_page_stays_on_the_paper_or_says_what_would_leave_it(
        x in -40_000..40_000_i32, y in -40_000..40_000_i32, scale in 970..1_030_i32,
    ) {
        let template = Template::load("t.toml", TEMPLATE).unwrap();
        let document = layout(&template, &PrintData::default(), &Even).unwrap();
        let Ok(calibration) = Calibration::new(x / 100 * 100, y / 100 * 100, scale) else {
            prop_assert!(x.abs() > 30_000 || y.abs() > 30_000 || !(980..=1_020).contains(&scale));
            return Ok(());
        };
        match adjust(&document, calibration) {
            Ok(moved) => {
                for page in &moved.pages {
                    for (left, top, right, bottom) in page.items.iter().map(Item::bounds) {
                        prop_assert!(left >= 0 && top >= 0 && right <= page.w && bottom <= page.h);
                    }
                }
            }
            Err(off) => prop_assert!(off.by > 0 && !off.slot.is_empty()),
        }
    }
}
