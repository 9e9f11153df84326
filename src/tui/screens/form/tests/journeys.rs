//! What the keys do.

use xiangbao_core::form::FieldPath;

use super::desk::{Bench, FARMER};

#[test]
fn a_draft_is_stored_at_each_field_exit() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=DJ<Enter>451424100001<Enter>三组<Enter>");
    let draft = bench.draft();
    assert_eq!(draft.data.field("admdvs12"), "451424100001");
    assert_eq!(draft.data.field("group_no"), "三组");
}

#[test]
fn a_block_goes_into_the_table_with_errors_per_cell_and_submits_nothing() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=BX<Enter><F7>");
    bench.paste("00345671\t20261021\t9,800\n00345672\t10.12\tzwei\n");
    let draft = bench.draft();
    let cell = |row, id: &str| draft.data.get(&FieldPath::cell("invoices", row, id)).to_owned();
    let last = draft.data.rows("invoices").len() - 1;
    assert_eq!(last, 2, "{:?}", draft.data.rows("invoices"));
    assert_eq!(cell(last - 1, "invo_amt"), "9800.00");
    assert_eq!(cell(last, "invo_date"), "2026-10-12");
    assert_eq!(cell(last, "invo_amt"), "zwei");
    assert!(bench.text().contains("已粘贴 2 行 6 格"), "{}", bench.text());
}

#[test]
fn a_known_number_fills_the_form_from_the_register() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=BX<Enter>^4<Enter>45142419680312001x<Enter>");
    let draft = bench.draft();
    assert_eq!(draft.data.field("psn_no"), FARMER);
    assert_eq!(draft.data.field("psn_name"), "农建国");
    assert!(bench.text().contains("参保库中有此人：农建国"), "{}", bench.text());
}
