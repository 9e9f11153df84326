//! The stick does the same job as the wire.

use std::path::Path;

use xiangbao::app::{Reach, Route};
use xiangbao::sync::FaultClass;
use xiangbao_hub::import::import_folder;
use xiangbao_hub::serve::open_hub;
use xiangbao_hub::status::Status;

use super::office::{City, Office, copy, files};

fn outcomes(hub: &xiangbao_hub::Hub, folder: &Path) -> Vec<(String, &'static str)> {
    import_folder(hub, folder).unwrap().into_iter().map(|each| (each.file, each.outcome)).collect()
}

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

/// Three sealed files on a stick, that no hub has seen, and the station they are of.
fn three_files(city: &mut City) -> (Office, Vec<[u8; 16]>, Files) {
    let office = city.office("TC01");
    let town = office.settle_in();
    city.stop();
    let stick = city.room("stick");
    std::fs::create_dir(&stick).unwrap();
    let folder = Route::Folder(stick.clone());
    let persons = [&town.cast.mover.psn_no, &town.cast.leaver.psn_no, &town.cast.inpatient.psn_no];
    let mut cases = Vec::new();
    for (number, psn_no) in persons.into_iter().enumerate() {
        let case = office.change(psn_no, &format!("1390000001{number}"));
        office.approve(&case);
        assert_eq!(office.pass(&folder).sealed, 1);
        cases.push(case);
    }
    let sealed = files(&stick);
    assert_eq!((sealed.len(), office.outbox()), (3, sealed.clone()));
    (office, cases, sealed)
}

/// Other people's things, and worse, among the files.
fn litter(post: &Path, office: &Path, piece: &[u8]) {
    std::fs::write(post.join("readme.txt"), "x").unwrap();
    std::fs::write(post.join("TC01-1-1-2.cbm.exe"), "x").unwrap();
    std::fs::write(post.join("TC99-1-1-2.cbm"), "not a batch").unwrap();
    std::fs::write(post.join("TC01-1-900-901.cbm"), &piece[..60]).unwrap();
    std::fs::create_dir(post.join("TC01-1-7-8.cbm")).unwrap();
    std::os::unix::fs::symlink(office.join("xiangbao.redb"), post.join("TC01-1-8-9.cbm")).unwrap();
}

/// The same city and the same station, from the hub's side and from the station's.
#[track_caller]
fn same(wire: (&Status, &Office), stick: (&Status, &Office)) {
    let counts = |status: &Status| (status.operations, status.receipts, status.returned);
    assert_eq!(counts(wire.0), counts(stick.0));
    let chain = |status: &Status| {
        let station = &status.stations[0];
        (station.station.clone(), station.through, station.head.clone(), station.frozen)
    };
    assert_eq!(chain(wire.0), chain(stick.0));
    let told = |office: &Office| {
        let receipts = office.receipts().into_iter();
        receipts.map(|r| (r.receipt_no, r.verdict, r.accepted_through, r.head, r.results)).collect::<Vec<_>>()
    };
    assert_eq!(told(wire.1), told(stick.1));
    assert_eq!(wire.1.state(), stick.1.state());
    wire.1.is_sound();
    stick.1.is_sound();
}

#[test]
fn a_folder_gives_the_same_city_and_the_same_receipts_as_the_wire() {
    let mut city = City::new();
    let (office, cases, sealed) = three_files(&mut city);
    // The same station and the same city twice over: one pair meets by wire, one by stick.
    let (home, twin_home, post) = (office.station.folder().to_owned(), city.room("twin"), city.room("post"));
    drop(office);
    copy(&home, &twin_home);
    copy(&city.room("hub"), &city.room("hub-two"));
    std::fs::create_dir(&post).unwrap();
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
    let folder = Route::Folder(post.clone());
    let report = twin.pass(&folder);
    assert_eq!((report.receipts, report.receipted_through), (0, 0));
    assert_eq!(files(&post)[0], sealed[0]);

    // Now the first is there too, with litter beside it.
    litter(&post, &home, &sealed[0].1);
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
    let report = twin.pass(&folder);
    assert_eq!((report.receipts, report.fault), (3, None));

    same((&city.status(), &office), (&hub.status().unwrap(), &twin));
    for case in &cases {
        assert_eq!(
            (office.reaches(case), twin.reaches(case)),
            (vec![Reach::Accepted; 5], vec![Reach::Accepted; 5])
        );
    }
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
