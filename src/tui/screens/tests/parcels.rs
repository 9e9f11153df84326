//! What goes to other stations and comes from them, as a clerk sees it; the journeys of two stations are in `tests/city`.

use xiangbao_core::form::Seat;

use super::SIZES;
use super::office::Office;

/// A township whose county is known, with a case that waits for it.
fn office() -> Office {
    let office = Office::new();
    let machine = office.station.machine_actor();
    office.station.set_seats(&machine, &[Seat::Township]).unwrap();
    for (account, certno) in [("c1", "11A"), ("c2", "11B"), ("r1", "11C")] {
        office.station.record_certno(&machine, account, certno).unwrap();
    }
    let case_id = office.change(&office.town.cast.mover.psn_no, "13977100001");
    office.pass_level("c2", &case_id);
    office.pass_level("r1", &case_id);
    office
}

fn trust(office: &Office) {
    let other = Office::named("XQ");
    let machine = office.station.machine_actor();
    office.station.trust(&machine, "XQ", &other.station.public_key(), &[Seat::County]).unwrap();
}

#[test]
fn an_empty_list_says_what_to_do() {
    let office = Office::new();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c1", cols, rows);
        seat.keys("=SS<Enter>");
        insta::assert_snapshot!(format!("parcels_empty_{cols}x{rows}"), seat.text());
    }
}

#[test]
fn a_case_that_waits_is_listed_with_what_is_missing_and_goes_up_with_one_key() {
    let office = office();
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("=SS<Enter>").says("route trust");
    seat.keys("<F9>/nowhere/at/all<Enter>").says("没有文件夹");
    trust(&office);
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c1", cols, rows);
        seat.keys("=SS<Enter>");
        insta::assert_snapshot!(format!("parcels_waiting_{cols}x{rows}"), seat.text());
    }
    let stick = tempfile::tempdir().unwrap();
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("=SS<Enter><F9>");
    seat.keys(&format!("{}<Enter>", stick.path().display())).says("送审 1 件");
    seat.says("已送 XQ");
    assert_eq!(std::fs::read_dir(stick.path()).unwrap().count(), 1);
    seat.keys("<F7><Enter>").says("没有给本站的包");
    let mut seat = office.sit("a1", 80, 24);
    // The township's approver sees where the level is, and cannot decide it.
    seat.keys("=SH<Enter>").silent("BGTC");
    let mut seat = office.sit("r1", 80, 24);
    seat.keys("=SS<Enter>").silent("F9 导出");
}
