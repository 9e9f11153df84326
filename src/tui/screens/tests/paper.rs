//! The print preview.

use super::SIZES;
use super::office::Office;

#[test]
fn a_document_is_read_printed_and_marked_when_it_is_printed_again() {
    for (cols, rows) in SIZES {
        let office = Office::new();
        office.change(&office.town.cast.mover.psn_no, "13977100001");
        let mut seat = office.sit("c1", cols, rows);
        seat.keys("=BJ<Enter><Enter><F6>");
        insta::assert_snapshot!(format!("preview_{cols}x{rows}"), seat.text());
        seat.keys("<F6>");
        seat.says("已存");
        seat.says("第 1 份");
        seat.keys("<F6>");
        seat.says("补打");
        seat.keys("y");
        seat.says("第 2 份");
        seat.keys("<F4>");
        insta::assert_snapshot!(format!("preview_pick_{cols}x{rows}"), seat.text());
        seat.keys("2<Enter><PgDn>");
        insta::assert_snapshot!(format!("preview_form_{cols}x{rows}"), seat.text());
        let folder = std::path::PathBuf::from(office.folder()).join("prints");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 2);
    }
}
