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
