//! One station, two histories: a copied data folder, a restored old image, a moved hub.

use xiangbao::app::Reach;
use xiangbao::sync::FaultClass;
use xiangbao_core::sync::Phase;

use super::office::{City, Office, actor, copy};

/// The exchange has stopped, people are told what to do, and work goes on.
#[track_caller]
fn is_stopped(office: &Office, city: &City) {
    let state = office.state();
    for words in ["数据被复制过", "停止报送", "照常办理", "联系市级管理员"] {
        assert!(state.trouble.contains(words), "no {words:?} in {}", state.trouble);
    }
    assert!(!state.evidence.is_empty());
    let sent = office.outbox();
    let again = office.pass(&city.wire());
    assert_eq!((again.phase, again.sealed, again.sent, again.receipts), (Phase::FrozenFork, 0, 0, 0));
    assert_eq!(again.fault.map(|fault| fault.class), Some(FaultClass::Fork));
    assert_eq!(office.outbox(), sent);
    assert_eq!(office.state(), state);
    office.is_sound();
}

#[test]
fn a_copied_station_forks_and_both_are_stopped_with_nothing_applied() {
    let city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    office.pass(&city.wire());
    let (home, clone_home) = (office.station.folder().to_owned(), city.room("clone"));
    drop(office);
    copy(&home, &clone_home);
    let (office, clone) = (Office::open(&home), Office::open(&clone_home));

    let case = office.change(&town.cast.mover.psn_no, "13900000010");
    office.approve(&case);
    let forked = clone.change(&town.cast.leaver.psn_no, "13900000011");
    clone.approve(&forked);
    let report = office.pass(&city.wire());
    assert_eq!((report.phase, report.fault), (Phase::Working, None));
    let before = city.status();

    let report = clone.pass(&city.wire());
    assert_eq!((report.phase, report.receipts), (Phase::FrozenFork, 0));
    assert_eq!(report.fault.map(|fault| fault.class), Some(FaultClass::Fork));
    is_stopped(&clone, &city);
    let after = city.status();
    assert_eq!((after.operations, after.receipts), (before.operations, before.receipts));
    let incident = &after.incidents[0];
    assert_eq!((incident.kind.as_str(), incident.station.as_str()), ("fork", "TC01"));
    assert!(after.stations[0].frozen);
    assert_eq!(clone.listed(&forked).reach, Reach::Sent);

    // It works on offline, after a restart too.
    let clone = clone.moved_to(None);
    let offline = clone.change(&town.cast.inpatient.psn_no, "13900000012");
    clone.approve(&offline);
    assert_eq!(clone.listed(&offline).row.status.label(), "已生效");
    assert_eq!(clone.listed(&offline).reach, Reach::Stored);
    is_stopped(&clone, &city);

    // Which of the two is the right one is not for a machine to say: the other one stops at its next contact.
    let next = office.change(&town.cast.leaver.psn_no, "13900000013");
    assert_eq!(office.pass(&city.wire()).phase, Phase::FrozenFork);
    is_stopped(&office, &city);
    assert_eq!((office.listed(&case).reach, office.listed(&next).reach), (Reach::Accepted, Reach::Sent));
    assert_eq!(city.status().operations, before.operations);
}

#[test]
fn an_old_image_that_works_on_is_stopped_and_loses_no_file() {
    let city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    office.pass(&city.wire());
    let home = office.station.folder().to_owned();
    let office = office.moved_to(None);
    drop(office);
    let image = city.room("image");
    copy(&home, &image);

    let office = Office::open(&home);
    let case = office.change(&town.cast.mover.psn_no, "13900000010");
    office.pass(&city.wire());
    assert_eq!(office.listed(&case).reach, Reach::Accepted);
    let lost = office.outbox().pop().unwrap();
    drop(office);

    // The disk died; only the data file comes back from the old image, the outbox is what it was.
    std::fs::copy(image.join("xiangbao.redb"), home.join("xiangbao.redb")).unwrap();
    let office = Office::open(&home);
    office.change(&town.cast.leaver.psn_no, "13900000011");
    let before = city.status();
    assert_eq!(office.pass(&city.wire()).phase, Phase::FrozenFork);
    is_stopped(&office, &city);
    assert_eq!(city.status().operations, before.operations);
    // The only copy of what was done in between lies in the outbox still.
    assert!(office.outbox().iter().any(|(_, bytes)| *bytes == lost.1));
}

#[test]
fn an_old_image_without_new_work_is_stopped_at_its_first_contact() {
    let city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    office.pass(&city.wire());
    let (home, image) = (office.station.folder().to_owned(), city.room("image"));
    drop(office);
    copy(&home, &image);
    let office = Office::open(&home);
    office.change(&town.cast.mover.psn_no, "13900000010");
    office.pass(&city.wire());
    drop(office);

    let office = Office::open(&image);
    assert_eq!(office.pass(&city.wire()).phase, Phase::FrozenFork);
    is_stopped(&office, &city);
    assert!(!city.status().stations[0].frozen, "nothing was sent, so nothing came to the city's notice");
}

#[test]
fn a_city_that_forgot_what_it_signed_is_not_believed() {
    let mut city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    city.stop();
    copy(&city.room("hub"), &city.room("hub-before"));
    city.start();
    let case = office.change(&town.cast.mover.psn_no, "13900000010");
    office.pass(&city.wire());
    assert_eq!(office.listed(&case).reach, Reach::Accepted);

    city.stop();
    std::fs::remove_dir_all(city.room("hub")).unwrap();
    copy(&city.room("hub-before"), &city.room("hub"));
    city.start();
    office.next_day();
    office.change(&town.cast.leaver.psn_no, "13900000011");
    let report = office.pass(&city.wire());
    assert_eq!(report.phase, Phase::HubSuspect);
    assert_eq!(report.fault.map(|fault| fault.class), Some(FaultClass::HubSuspect));
    let state = office.state();
    assert!(state.trouble.contains("回执") && state.trouble.contains("市级管理员"), "{}", state.trouble);
    assert!(!state.evidence.is_empty());
    // The city's keeper is told as well, and takes nothing over.
    let status = city.status();
    assert_eq!((status.operations, status.incidents[0].kind.as_str()), (0, "hub_behind_station"));
    // What was acknowledged stays acknowledged here: the signed receipt is the proof.
    assert_eq!(office.listed(&case).reach, Reach::Accepted);
    office.is_sound();
}

#[test]
fn the_exchange_page_says_that_it_was_stopped_and_what_to_do() {
    let city = City::new();
    let office = city.office("TC01");
    office.pass(&city.wire());
    let image = city.room("image");
    let home = office.station.folder().to_owned();
    drop(office);
    copy(&home, &image);
    let office = Office::open(&home);
    office.settle_in();
    office.pass(&city.wire());
    drop(office);
    let office = Office::open(&image);
    office.pass(&city.wire());
    let mut desk = office.desk("c1");
    desk.keys("=TB<Enter>").unwrap();
    for words in ["报送已停", "已停止报送", "联系市级管理员"] {
        desk.sees(words).unwrap();
    }
}

#[test]
fn a_code_works_once_and_a_refusal_says_what_to_do() {
    let city = City::new();
    let office = city.office("TC01");
    let stranger = Office::found(&city.room("TC02"), "TC02");
    let say =
        |url: &str, code: &str| stranger.station.enrol_at_hub(&actor("c1"), url, code).unwrap_err().zh();
    assert!(say(&city.url(), "AAAAA-BBBBB-CCCCC-DDDDD").contains("新的登记码"));
    assert!(say("http://127.0.0.1:1", "AAAAA").contains("连不上市级中心"));
    assert!(say("hub.example", "AAAAA").contains("http://主机:端口"));
    let unknown = stranger.station.sync(&actor("c1"), &city.wire()).unwrap_err().zh();
    assert!(unknown.contains("还没有在市级中心登记"), "{unknown}");
    assert_eq!(office.pass(&city.wire()).fault, None);
}
