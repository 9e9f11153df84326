//! The review queue and its line commands.

use super::SIZES;
use super::office::Office;

#[test]
fn an_empty_queue_says_what_to_do() {
    let office = Office::new();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c2", cols, rows);
        seat.keys("=SH<Enter>");
        insta::assert_snapshot!(format!("queue_empty_{cols}x{rows}"), seat.text());
    }
}

#[test]
fn rows_are_marked_passed_and_printed_with_one_enter() {
    for (cols, rows) in SIZES {
        let office = Office::new();
        let first = office.change(&office.town.cast.mover.psn_no, "13977100001");
        let second = office.change(&office.town.cast.inpatient.psn_no, "13977100002");
        let mut seat = office.sit("c2", cols, rows);
        seat.keys("=SH<Enter>ap");
        insta::assert_snapshot!(format!("queue_marked_{cols}x{rows}"), seat.text());
        seat.keys("<Enter>");
        insta::assert_snapshot!(format!("queue_question_{cols}x{rows}"), seat.text());
        assert_eq!(office.status(&first), "待初审");
        seat.keys("<Enter>");
        assert_eq!(office.status(&first), "待初审", "Enter alone agrees to nothing");
        seat.keys("y");
        insta::assert_snapshot!(format!("queue_done_{cols}x{rows}"), seat.text());
        assert_eq!((office.status(&first), office.status(&second)), ("待复核", "待初审"));
        let second = office.station.snapshot().unwrap().case(&second).unwrap().unwrap();
        assert_eq!(second.copies.values().sum::<u32>(), 1);
    }
}

#[test]
fn returning_rows_asks_once_for_the_reason() {
    let office = Office::new();
    let first = office.change(&office.town.cast.mover.psn_no, "13977100001");
    let second = office.change(&office.town.cast.inpatient.psn_no, "13977100002");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=SH<Enter>tt<Enter><F9>");
    seat.says("请写明理由");
    seat.keys("复印件不清<F9>");
    insta::assert_snapshot!("queue_return_80x24", seat.text());
    seat.keys("y");
    for case in [first, second] {
        assert_eq!(office.status(&case), "补正中");
        let case = office.station.snapshot().unwrap().case(&case).unwrap().unwrap();
        assert_eq!(case.open_demands()[0].reason, "复印件不清");
        assert_eq!(case.open_demands()[0].article, "003 A35");
    }
}

#[test]
fn the_same_person_cannot_pass_two_levels_and_reads_why() {
    let office = Office::new();
    let case = office.change(&office.town.cast.mover.psn_no, "13977100001");
    // p1 entered the case as c1 and comes again under the account x1.
    office.pass_level("c2", &case);
    let mut seat = office.sit("x1", 80, 24);
    seat.keys("=SH<Enter>");
    insta::assert_snapshot!("queue_barred_80x24", seat.text());
    seat.keys("a<Enter>y");
    insta::assert_snapshot!("queue_refused_80x24", seat.text());
    seat.says("须由三人分别办理");
    assert_eq!(office.status(&case), "待复核");
    seat.keys("<Enter><F9>");
    seat.says("须由三人分别办理");
    assert_eq!(office.status(&case), "待复核");
}

#[test]
fn filters_narrow_by_column_and_by_word() {
    let office = Office::new();
    let mover = office.town.cast.mover.psn_no.clone();
    office.change(&mover, "13977100001");
    office.reimbursement();
    let name = office.town.person(&mover).unwrap().name().to_owned();
    let other = office.town.person(&office.town.cast.inpatient.psn_no).unwrap().name().to_owned();
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=SH<Enter>/业务＝BG<Enter>");
    seat.says(&name);
    seat.silent(&other);
    seat.keys("/<Ctrl-u>状态=初审 期限>3d<Enter>");
    seat.says(&name);
    seat.says(&other);
    seat.keys("/<Ctrl-u>期限<lt>3d<Enter>");
    seat.says("没有符合筛选的件");
    seat.keys("/<Ctrl-u>颜色=红<Enter>");
    seat.says("看不懂");
    seat.keys("/<Ctrl-u><Enter>");
    seat.says(&name);
}
