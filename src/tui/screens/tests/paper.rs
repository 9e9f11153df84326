//! The print preview.

use super::SIZES;
use super::office::Office;

#[test]
fn an_empty_form_is_printed_for_people_who_fill_it_by_hand() {
    let office = Office::new();
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("=BG<Enter>");
    insta::assert_snapshot!("find_for_80x24", seat.text());
    seat.keys("<F6>");
    insta::assert_snapshot!("preview_blank_80x24", seat.text());
    seat.keys("<F6>");
    seat.says("已存");
    assert_eq!(std::fs::read_dir(std::path::Path::new(&office.folder()).join("prints")).unwrap().count(), 1);
}

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
