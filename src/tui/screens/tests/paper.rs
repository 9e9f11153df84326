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
        seat.says("补打第 2 份，领取人姓名");
        seat.keys("<Enter>");
        insta::assert_snapshot!(format!("preview_relation_{cols}x{rows}"), seat.text());
        seat.keys("2<Enter>");
        seat.says("第 2 份");
        seat.keys("<F4>");
        insta::assert_snapshot!(format!("preview_pick_{cols}x{rows}"), seat.text());
        seat.keys("2<Enter><PgDn>");
        insta::assert_snapshot!(format!("preview_form_{cols}x{rows}"), seat.text());
        let folder = std::path::PathBuf::from(office.folder()).join("prints");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 2);
    }
}

#[test]
fn a_refusal_names_its_reason_and_the_article_in_full() {
    let office = Office::new();
    let case = office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=SH<Enter><Enter>J号码不是本人的<Enter><Ctrl-u>003 A15(4)<F9>y");
    assert_eq!(office.status(&case), "已退件");
    let read = |seat: &super::office::Seat| seat.text().replace(['\n', ' ', '│', '|', '"'], "");
    seat.keys("=BJ<Enter><Enter>");
    assert!(read(&seat).contains("号码不是本人的（003A15(4)）"), "{}", seat.text());
    seat.keys("<F6>");
    let paper = read(&seat);
    assert!(paper.contains("号码不是本人的") && !paper.contains("本人的（"), "{}", seat.text());
    assert!(paper.contains("经办规程（试行）》（桂社保发〔2017〕8号）"), "{}", seat.text());
    assert!(paper.contains("第十五条第（四）项"), "{}", seat.text());
}

#[test]
fn a_slip_that_was_taken_back_says_so() {
    let office = Office::new();
    let case = office.reimbursement();
    for account in ["c2", "r1", "a1"] {
        office.explain(account, &case);
        let mut seat = office.sit(account, 80, 24);
        seat.keys("=SH<Enter><Enter><F9><F9>y");
    }
    assert_eq!(office.status(&case), "已生效");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=BJ<Enter><Enter>C重复报销<F9>y");
    for account in ["r1", "a1"] {
        let mut seat = office.sit(account, 80, 24);
        seat.keys("=SH<Enter><Enter><F9><F9>y");
    }
    assert_eq!(office.status(&case), "已冲正");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=BJ<Enter><Enter><F6>");
    seat.says("医疗费用退费结算单");
    insta::assert_snapshot!("preview_refund_slip_80x24", seat.text());
    seat.keys("<F4><Down><Enter>");
    seat.says("已冲正，作废");
}

#[test]
fn stock_is_printed_with_three_numbers_that_the_screen_sets() {
    let office = Office::new();
    office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("=BJ<Enter><Enter><F6>");
    seat.keys("O");
    seat.says("套打 F6 打印正本");
    insta::assert_snapshot!("preview_stock_80x24", seat.text());
    seat.keys("K");
    seat.says("0.0 0.0 1000");
    seat.keys("<Ctrl-u>1.5 -0.8<Enter>");
    seat.says("要写三个数");
    seat.keys("K<Ctrl-u>1.5 -0.8 2000<Enter>");
    seat.says("980 到 1020");
    seat.keys("K<Ctrl-u>1.5 -0.8 1003<Enter>");
    seat.says("已存");
    seat.keys("K");
    seat.says("1.5 -0.8 1003");
    seat.keys("<Esc>R");
    seat.says("试印卡");
    let file = std::path::Path::new(&office.folder()).join("printers.toml");
    assert!(std::fs::read_to_string(file).unwrap().contains("scale = 1003"));
    seat.keys("O<F6>");
    seat.says("第 1 份");
}

#[test]
fn a_whole_village_is_printed_from_the_list_aside() {
    let office = Office::new();
    office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("=BJ<Enter>V");
    insta::assert_snapshot!("cases_village_80x24", seat.text());
    seat.keys("n");
    let prints = std::path::Path::new(&office.folder()).join("prints");
    assert!(!prints.exists());
    seat.keys("Vy");
    seat.until_done();
    seat.says("已存：1 份");
    assert_eq!(std::fs::read_dir(prints).unwrap().count(), 1);
}
