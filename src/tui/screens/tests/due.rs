//! The due board: what breaks first, notices, and the question for the real time of receipt.

use xiangbao_core::event::{Demand, Verdict};

use super::SIZES;
use super::office::Office;

const DAY: i64 = 24 * 3_600;

fn noted(office: &Office) {
    let mut seat = office.sit("a1", 120, 40);
    seat.keys("=QX<Enter><F8>桂医保函〔2026〕示例3号<Enter>自治区医疗保障局<Enter><Enter>");
    seat.keys("2026-11-24 17:30<Enter>2026-11-27 18:00<Enter>1<Enter>平台切换<Enter>");
    seat.says("期限随之顺延？");
    seat.keys("y");
    seat.says("已存：停机通知");
}

#[test]
fn an_empty_board_says_so() {
    let office = Office::new();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c1", cols, rows);
        seat.keys("=QX<Enter>");
        insta::assert_snapshot!(format!("due_empty_{cols}x{rows}"), seat.text());
        seat.silent("F8 停机");
    }
}

#[test]
fn what_breaks_first_stands_on_top_and_a_notice_moves_it() {
    let office = Office::new();
    office.change(&office.town.cast.mover.psn_no.clone(), "13977100001");
    office.reimbursement();
    let paused = office.change(&office.town.cast.inpatient.psn_no.clone(), "13977100002");
    let demand = Demand {
        path: "changes[0].after".to_owned(),
        reason: "请核对号码".to_owned(),
        article: "003 A14".to_owned(),
    };
    let returned = Verdict::Returned { demands: vec![demand] };
    office.station.review(&office.actor("c2"), &paused, returned, "", office.station.new_id()).unwrap();
    noted(&office);
    // 2026-12-11: the change was promised for today and has three days more, the claim seven.
    office.pass(21 * DAY);
    for (cols, rows) in SIZES {
        let mut seat = office.sit("r1", cols, rows);
        insta::assert_snapshot!(format!("home_watched_{cols}x{rows}"), seat.text());
        seat.keys("=QX<Enter>");
        insta::assert_snapshot!(format!("due_{cols}x{rows}"), seat.text());
        seat.keys("<Enter>");
        seat.says("2026-12-16 到期，剩3天。受理时承诺 2026-12-11；因停机");
        seat.keys("=QX<Enter>/状态=补正<Enter>");
        seat.says("待补0天");
        let mut seat = office.sit("a1", cols, rows);
        seat.keys("=QX<Enter><F8>");
        insta::assert_snapshot!(format!("due_outage_{cols}x{rows}"), seat.text());
        seat.keys("<F9>");
        seat.says("请填写文号或名称");
    }
}

#[test]
fn papers_taken_in_during_an_outage_are_asked_for_their_time() {
    let office = Office::new();
    let input = crate::app::OutageInput {
        document: "停机公告".to_owned(),
        issuer: "市医疗保障局".to_owned(),
        from: "2026-11-16 17:30".to_owned(),
        to: "2026-11-19 18:00".to_owned(),
        ..Default::default()
    };
    office.station.notice_outage(&office.actor("a1"), &input, office.station.new_id()).unwrap();
    let draft = office.drafted_change(&office.town.cast.mover.psn_no.clone(), "13977100001");
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("<Enter><F9>");
    seat.says("停机期间收件时间");
    seat.keys("2026-11-20 08:00<Enter>");
    seat.says("不能倒签收件时间");
    // What was typed is there again.
    seat.keys("<F9>");
    seat.says("2026-11-20 08:00");
    for _ in 0..8 {
        seat.keys("<BS>");
    }
    seat.keys("18 10:00<Enter>");
    seat.says("2026-12-10");
    seat.keys("y");
    let case = office.station.snapshot().unwrap().case(&draft).unwrap().unwrap();
    assert_eq!(case.promise.due, "2026-12-10");
    seat.keys("<Esc>=BJ<Enter><Enter>");
    seat.says("停机期间收件 2026-11-18 10:00");
}
