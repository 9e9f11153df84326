//! All cases, the timeline, the exchange.

use super::SIZES;
use super::office::Office;

#[test]
fn empty_lists_say_what_to_do() {
    let office = Office::new();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c1", cols, rows);
        seat.keys("=BJ<Enter>");
        insta::assert_snapshot!(format!("cases_empty_{cols}x{rows}"), seat.text());
        seat.keys("=TB<Enter>");
        insta::assert_snapshot!(format!("sync_empty_{cols}x{rows}"), seat.text());
    }
}

#[test]
fn cases_and_the_exchange_show_how_far_each_has_come() {
    let office = Office::new();
    let first = office.change(&office.town.cast.mover.psn_no, "13977100001");
    office.reimbursement();
    for account in ["c2", "r1", "a1"] {
        office.pass_level(account, &first);
    }
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c1", cols, rows);
        seat.keys("=BJ<Enter>");
        insta::assert_snapshot!(format!("cases_{cols}x{rows}"), seat.text());
        seat.keys("/市级=已存 状态=生效<Enter>");
        insta::assert_snapshot!(format!("cases_filtered_{cols}x{rows}"), seat.text());
        seat.keys("<F5>");
        insta::assert_snapshot!(format!("timeline_{cols}x{rows}"), seat.text());
        seat.keys("=TB<Enter>");
        insta::assert_snapshot!(format!("sync_{cols}x{rows}"), seat.text());
    }
}

#[test]
fn sending_without_an_enrolled_city_says_what_to_do() {
    let office = Office::new();
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("=TB<Enter><F9>");
    seat.says("还没有在市级中心登记");
    let mut seat = office.sit("r1", 80, 24);
    seat.keys("=TB<Enter>");
    seat.silent("F9 发送");
}

#[test]
fn what_was_sent_is_received_and_what_the_city_returned_stands_first_with_its_reason() {
    let (office, other) = (Office::new(), Office::named("XC"));
    let city = office.city();
    office.enrol(&office, &city);
    other.enrol(&office, &city);
    for office in [&office, &other] {
        let case = office.enrolment();
        for reviewer in ["c2", "r1", "a1"] {
            office.pass_level(reviewer, &case);
        }
        let mut seat = office.sit("c1", 80, 24);
        seat.keys("=TB<Enter>");
        seat.says("F9 发送");
        seat.keys("<F9>");
        seat.until_done();
        seat.says("收到回执");
    }
    office.change(&office.town.cast.mover.psn_no, "13977100001");
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c1", cols, rows);
        seat.keys("=TB<Enter>");
        insta::assert_snapshot!(format!("sync_accepted_{cols}x{rows}"), seat.text());
        let mut seat = other.sit("c1", cols, rows);
        seat.keys("=TB<Enter>");
        insta::assert_snapshot!(format!("sync_returned_{cols}x{rows}"), seat.text());
    }
    city.stop();
}

#[test]
fn every_kind_of_case_in_the_order_of_the_annexes() {
    for (cols, rows) in SIZES {
        let office = Office::new();
        let mut seat = office.sit("c1", cols, rows);
        seat.keys("=YW<Enter>");
        insta::assert_snapshot!(format!("business_{cols}x{rows}"), seat.text());
        seat.keys("<Esc>");
    }
}
