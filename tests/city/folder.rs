//! The stick does the same job as the wire.

use xiangbao::app::{Reach, Route};
use xiangbao::sync::FaultClass;
use xiangbao_hub::import::import_folder;
use xiangbao_hub::serve::open_hub;

use super::office::{City, Office, copy, files};

fn outcomes(hub: &xiangbao_hub::Hub, folder: &std::path::Path) -> Vec<(String, &'static str)> {
    import_folder(hub, folder).unwrap().into_iter().map(|each| (each.file, each.outcome)).collect()
}

#[test]
fn a_folder_gives_the_same_city_and_the_same_receipts_as_the_wire() {
    let mut city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    city.stop();
    let (stick, post) = (city.room("stick"), city.room("post"));
    std::fs::create_dir(&stick).unwrap();
    std::fs::create_dir(&post).unwrap();
    let folder = Route::Folder(stick.clone());
    let mut cases = Vec::new();
    for (psn_no, phone) in
        [(&town.cast.mover.psn_no, "13900000010"), (&town.cast.leaver.psn_no, "13900000011")]
    {
        let case = office.change(psn_no, phone);
        office.approve(&case);
        office.pass(&folder);
        cases.push(case);
    }
    office.change(&town.cast.inpatient.psn_no, "13900000012");
    assert_eq!(office.pass(&folder).sealed, 1);
    let sealed = files(&stick);
    assert_eq!((sealed.len(), office.outbox()), (3, sealed.clone()));

    // The same station and the same city twice over: one pair meets by wire, one by stick.
    let (home, twin_home) = (office.station.folder().to_owned(), city.room("twin"));
    drop(office);
    copy(&home, &twin_home);
    copy(&city.room("hub"), &city.room("hub-two"));
    let (office, twin) = (Office::open(&home), Office::open(&twin_home));
    city.start();
    assert_eq!(office.pass(&city.wire()).receipts, 3);

    // Out of order first: the second and third file wait for the first.
    let hub = open_hub(&city.room("hub-two")).unwrap();
    for (name, bytes) in &sealed[1..] {
        std::fs::write(post.join(name), bytes).unwrap();
    }
    let named = |index: usize| sealed[index].0.clone();
    assert_eq!(outcomes(&hub, &post), [(named(1), "gap"), (named(2), "gap")]);
    assert_eq!(hub.status().unwrap().operations, 0);
    let gap = Route::Folder(post.clone());
    let report = twin.pass(&gap);
    assert_eq!((report.receipts, report.receipted_through), (0, 0));
    assert_eq!(files(&post)[0].1, sealed[0].1);

    // Now the first is there too, with other people's things beside it.
    std::fs::write(post.join("readme.txt"), "x").unwrap();
    std::fs::write(post.join("TC01-1-1-2.cbm.exe"), "x").unwrap();
    std::fs::write(post.join("TC99-1-1-2.cbm"), "not a batch").unwrap();
    std::fs::write(post.join("TC01-1-900-901.cbm"), &sealed[0].1[..60]).unwrap();
    std::fs::create_dir(post.join("TC01-1-7-8.cbm")).unwrap();
    std::os::unix::fs::symlink(home.join("xiangbao.redb"), post.join("TC01-1-8-9.cbm")).unwrap();
    let all = [
        (named(0), "accepted"),
        (named(1), "accepted"),
        (named(2), "accepted"),
        ("TC01-1-900-901.cbm".to_owned(), "refused"),
        ("TC99-1-1-2.cbm".to_owned(), "refused"),
    ];
    assert_eq!(outcomes(&hub, &post), all);
    let first = files(&post);
    assert_eq!(outcomes(&hub, &post), all);
    assert_eq!(files(&post), first, "the same files, read twice, leave the same receipts");
    let report = twin.pass(&gap);
    assert_eq!((report.receipts, report.fault), (3, None));

    let (wire, stick) = (city.status(), hub.status().unwrap());
    assert_eq!(
        (wire.operations, wire.receipts, wire.returned),
        (stick.operations, stick.receipts, stick.returned)
    );
    let chain = |status: &xiangbao_hub::status::Status| {
        let station = &status.stations[0];
        (station.station.clone(), station.through, station.head.clone(), station.frozen)
    };
    assert_eq!(chain(&wire), chain(&stick));
    let told = |office: &Office| {
        let receipts = office.receipts().into_iter();
        receipts.map(|r| (r.receipt_no, r.verdict, r.accepted_through, r.head, r.results)).collect::<Vec<_>>()
    };
    assert_eq!(told(&office), told(&twin));
    assert_eq!(office.state(), twin.state());
    for case in &cases {
        assert_eq!(
            (office.reaches(case), twin.reaches(case)),
            (vec![Reach::Accepted; 5], vec![Reach::Accepted; 5])
        );
    }
    office.is_sound();
    twin.is_sound();
}

#[test]
fn a_stick_that_is_not_there_is_told_and_nothing_is_called_sent() {
    let city = City::new();
    let office = city.office("TC01");
    let report = office.pass(&Route::Folder(city.room("not-plugged-in")));
    let fault = report.fault.unwrap();
    assert_eq!((fault.class, fault.never_left, report.sent_through), (FaultClass::Network, true, 0));
    assert_eq!(office.state().sent, 0);
    assert!(!city.room("not-plugged-in").exists());
}
