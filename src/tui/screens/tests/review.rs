//! The review page and its decisions.

use super::SIZES;
use super::office::Office;

#[test]
fn the_page_shows_what_a_reviewer_must_see() {
    let office = Office::new();
    office.change(&office.town.cast.mover.psn_no, "13977100001");
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c2", cols, rows);
        seat.keys("=SH<Enter><Enter>");
        insta::assert_snapshot!(format!("review_{cols}x{rows}"), seat.text());
        seat.keys("<PgDn><PgDn>");
        insta::assert_snapshot!(format!("review_down_{cols}x{rows}"), seat.text());
    }
}

#[test]
fn the_settlement_stands_there_with_its_trace() {
    let office = Office::new();
    office.reimbursement();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c2", cols, rows);
        seat.keys("=SH<Enter><Enter><End>");
        insta::assert_snapshot!(format!("review_settlement_{cols}x{rows}"), seat.text());
    }
}

#[test]
fn the_settlement_stands_beside_what_it_would_be_otherwise() {
    let office = Office::new();
    office.reimbursement();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c2", cols, rows);
        seat.keys("=SH<Enter><Enter>b");
        insta::assert_snapshot!(format!("compare_{cols}x{rows}"), seat.text());
        seat.keys("<Esc>");
        seat.says("审核级次");
    }
    office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=SH<Down><Enter>b");
    seat.silent("结算比较");
}

#[test]
fn three_persons_pass_a_case_and_it_takes_effect() {
    let office = Office::new();
    let case = office.change(&office.town.cast.mover.psn_no, "13977100001");
    for (account, status) in [("c2", "待复核"), ("r1", "待审批"), ("a1", "已生效")] {
        let mut seat = office.sit(account, 80, 24);
        seat.keys("=SH<Enter><Enter><F9>");
        seat.says("意见");
        seat.keys("，情况属实<F9>");
        seat.says("[Y/N]");
        seat.keys("y");
        seat.says("已存");
        assert_eq!(office.status(&case), status);
    }
    let case = office.station.snapshot().unwrap().case(&case).unwrap().unwrap();
    assert!(case.reviews.iter().all(|review| review.opinion == "同意，情况属实"), "{:?}", case.reviews);
}

#[test]
fn a_return_names_everything_at_once() {
    for (cols, rows) in SIZES {
        let office = Office::new();
        let case = office.change(&office.town.cast.mover.psn_no, "13977100001");
        let mut seat = office.sit("c2", cols, rows);
        seat.keys("=SH<Enter><Enter><F8><F4>cljm");
        insta::assert_snapshot!(format!("review_pick_{cols}x{rows}"), seat.text());
        seat.keys("<Enter>复印件不清<F7>2<Enter>与户口簿不一致");
        insta::assert_snapshot!(format!("review_return_{cols}x{rows}"), seat.text());
        seat.keys("<F9>");
        seat.says("补正 2 项");
        seat.keys("y");
        assert_eq!(office.status(&case), "补正中");
        let case = office.station.snapshot().unwrap().case(&case).unwrap().unwrap();
        let demands = case.open_demands();
        assert_eq!(demands.len(), 2);
        assert!(demands[0].path.starts_with("mat."), "{demands:?}");
        assert_eq!(demands[0].reason, "复印件不清");
        assert_eq!(demands[1].path, "psn_name");
        assert!(demands.iter().all(|demand| demand.article.starts_with("003 A")), "{demands:?}");
    }
}

#[test]
fn what_was_typed_into_a_notice_is_there_again_after_esc() {
    let office = Office::new();
    office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=SH<Enter><Enter><F8><Enter>缺签名<Esc>");
    seat.silent("缺签名");
    seat.keys("<F8>");
    seat.says("缺签名");
}

#[test]
fn a_rejection_needs_its_reason_and_closes_the_case() {
    let office = Office::new();
    let case = office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=SH<Enter><Enter>j<F9>");
    seat.says("请写明理由");
    seat.keys("不属本统筹区<F9>");
    seat.says("退件后不再办理");
    seat.keys("y");
    assert_eq!(office.status(&case), "已退件");
}

#[test]
fn withdrawing_before_effect_and_reversing_after_it() {
    let office = Office::new();
    let first = office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("=BJ<Enter><Enter>c");
    seat.says("只有已生效的办件可以冲正");
    seat.keys("u申请人要求<F9>y");
    assert_eq!(office.status(&first), "已撤回");
    let second = office.change(&office.town.cast.mover.psn_no, "13977100003");
    for account in ["c2", "r1", "a1"] {
        office.pass_level(account, &second);
    }
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("=BJ<Enter><Enter>u");
    seat.says("只能冲正");
    seat.keys("c号码录错<F9>y");
    assert_eq!(office.status(&second), "冲正待复核");
    for (cols, rows) in SIZES {
        let mut seat = office.sit("r1", cols, rows);
        seat.keys("=SH<Enter><Enter>");
        insta::assert_snapshot!(format!("review_reversal_{cols}x{rows}"), seat.text());
        seat.keys("<F8>");
        seat.says("冲正只有同意或不同意");
    }
    for account in ["r1", "a1"] {
        let mut seat = office.sit(account, 80, 24);
        seat.keys("=SH<Enter><Enter><F9><F9>y");
        seat.says("已存");
    }
    assert_eq!(office.status(&second), "已冲正");
    let mover = office.station.snapshot().unwrap().person(&office.town.cast.mover.psn_no).unwrap().unwrap();
    let before = office.town.person(&mover.psn_no).unwrap();
    assert_eq!(mover.values, before.values, "the reversal brought the old number back");
}

#[test]
fn a_case_that_waits_for_the_applicant_opens_its_form() {
    let office = Office::new();
    let case = office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=SH<Enter><Enter><F8>2<Enter>与户口簿不一致<F9>y");
    assert_eq!(office.status(&case), "补正中");
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("=BJ<Enter><Enter>");
    insta::assert_snapshot!("review_supplement_80x24", seat.text());
    seat.keys("<Enter>");
    seat.says("BG 信息变更");
}

#[test]
fn an_unmeasured_terminal_gets_the_page_in_ascii() {
    let office = Office::new();
    office.reimbursement();
    for page in ["", "<F6>", "<F7>"] {
        let mut seat = office.sit_wide("c2");
        seat.keys("=SH<Enter><Enter><End>").keys(page);
        let text = seat.text();
        let bad: Vec<char> = text.chars().filter(|c| crate::tui::look::ambiguous(*c)).collect();
        assert!(bad.is_empty(), "{bad:?} in\n{text}");
    }
}

#[test]
fn a_missing_reason_brings_the_caret_to_it() {
    let office = Office::new();
    let case = office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=SH<Enter><Enter><F8><Enter><Enter><Enter>");
    seat.says("请写明理由");
    seat.keys("号码不符<F9>");
    seat.says("[Y/N]");
    seat.keys("y");
    assert_eq!(office.status(&case), "补正中");
    let case = office.station.snapshot().unwrap().case(&case).unwrap().unwrap();
    let demands = case.open_demands();
    assert_eq!(demands[0].reason, "号码不符");
    assert_eq!(demands[0].article, "003 A14");
}

#[test]
fn a_question_does_not_keep_the_terminal_from_being_locked() {
    let office = Office::new();
    office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=SH<Enter><Enter><F8>2<Enter>号码不符<Ctrl-x>");
    seat.says("已锁定");
    seat.keys("246810<Enter>");
    seat.says("号码不符");
    seat.keys("<Esc><Esc>?<Ctrl-x>");
    seat.says("已锁定");
}
