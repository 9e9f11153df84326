//! Findings on the screens: looked at and answered on the review page by keys, told at the counter, and the cases drawn
//! for a second look.

use super::SIZES;
use super::office::Office;
use crate::app::SampleOrder;

/// The sample's claim is referred and no referral is on record: ZZ01 (003 A73).
#[test]
fn a_reviewer_looks_behind_a_finding_and_answers_it() {
    for (cols, rows) in SIZES {
        let office = Office::new();
        let case = office.reimbursement();
        let mut seat = office.sit("c2", cols, rows);
        seat.keys("=SH<Enter><Enter>");
        insta::assert_snapshot!(format!("findings_{cols}x{rows}"), seat.text());
        // Not past it: the page goes to it and says so.
        seat.keys("<F9>");
        seat.says("还有 1 项核查问题没有答复");
        seat.keys("v");
        insta::assert_snapshot!(format!("findings_behind_{cols}x{rows}"), seat.text());
        seat.keys("e<F9>");
        seat.says("请写明怎样查的");
        seat.keys("转诊表原件已核<Esc>");
        seat.silent("转诊表原件已核");
        seat.keys("e，补登在办");
        insta::assert_snapshot!(format!("findings_answer_{cols}x{rows}"), seat.text());
        seat.keys("<F9>");
        seat.says("已存：ZZ01 已查明。都已答复。");
        insta::assert_snapshot!(format!("findings_answered_{cols}x{rows}"), seat.text());
        seat.keys("<F9><F9>y");
        seat.says("已存");
        assert_eq!(office.status(&case), "待复核");
        // The next level reads it, and holds the doubt to be true.
        let mut seat = office.sit("r1", cols, rows);
        seat.keys("=SH<Enter><Enter>");
        seat.says("初审 韦初审");
        seat.keys("<Enter>s没有转诊登记<Enter>");
        seat.says("已存：ZZ01 属实");
        seat.keys("<F9>");
        seat.says("不能同意");
        assert_eq!(office.status(&case), "待复核");
        seat.keys("<F8><Enter>请补转诊登记<F9>y");
        assert_eq!(office.status(&case), "补正中");
    }
}

#[test]
fn what_asks_somebody_else_is_read_and_not_answered() {
    let office = Office::new();
    let case = office.reimbursement();
    let mut seat = office.sit("r1", 80, 24);
    seat.keys("=BJ<Enter><Enter>v");
    seat.says("ZZ01");
    seat.keys("e");
    seat.says("现在不由您答复");
    office.pass_level("c2", &case);
    seat.keys("<Esc><Esc><Enter>v");
    seat.says("核对过原件");
}

/// A case of a form that no rules judge shows nothing of it.
#[test]
fn other_forms_have_no_findings() {
    let office = Office::new();
    office.change(&office.town.cast.mover.psn_no, "13977100001");
    let mut seat = office.sit("c2", 80, 24);
    seat.keys("=SH<Enter><Enter>");
    seat.silent("核查问题");
    seat.keys("v");
    seat.says("本件没有核查问题");
}

#[test]
fn drawn_cases_are_listed_and_every_look_counts() {
    let office = Office::new();
    let auditor = office.auditor();
    let case = office.reimbursement();
    for account in ["c2", "r1", "a1"] {
        office.pass_level(account, &case);
    }
    let mut seat = office.sit("au", 80, 24);
    seat.keys("=CJ<Enter>");
    seat.says("还没有抽样");
    let order =
        SampleOrder {
            period: "2026-11".to_owned(), share: 500, points: 1, seed: Some("抽查一".to_owned())
        };
    office.station.draw_sample(&auditor, &order, office.station.new_id()).unwrap();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("au", cols, rows);
        seat.keys("=CJ<Enter>");
        insta::assert_snapshot!(format!("samples_{cols}x{rows}"), seat.text());
    }
    let mut seat = office.sit("au", 80, 24);
    seat.keys("=CJ<Enter><Enter>");
    seat.says("BX");
    seat.keys("<Esc>");
    assert_eq!(office.station.samples(&auditor).unwrap()[0].rows[0].looks, 1);
    // No business of a clerk's.
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("=CJ<Enter>");
    seat.says("没有这项权限");
}
