//! Scanned papers by their hash, and demands that were not on the first notice.

use xiangbao::app::ScanFault;
use xiangbao_core::event::{Demand, Verdict};
use xiangbao_core::form::MaterialState;

use super::desk::{Office, cell};

fn wanted(path: &str) -> Demand {
    Demand {
        path: path.to_owned(), reason: "看不清，请补交".to_owned(), article: "003 A14".to_owned()
    }
}

#[test]
fn a_scan_is_kept_by_its_hash_and_a_changed_file_is_found() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("身份证\u{202e}.jpg");
    std::fs::write(&file, b"\xff\xd8not a picture, and never read as one").unwrap();
    let mut draft = office.draft(&clerk, &office.play("BG"));
    office.station.attach_scan(&mut draft, "idcard", file.to_str().unwrap()).unwrap();
    office.station.count_pages(&mut draft, "idcard", 2).unwrap();
    let scan = draft.data.papers["idcard"].scan.clone().unwrap();
    // sha256sum of the bytes above.
    assert_eq!(scan.sha256, "7f4039e0090b984e1555d9d82d8ecaedc8ddf7a1a971bb80dbc9c7bc5ff422c8");
    assert_eq!(
        (scan.bytes, scan.name.as_str()),
        (38, "身份证.jpg"),
        "no control of direction stays in a name"
    );
    let refused = |path: &str| {
        let mut draft = draft.clone();
        office.station.attach_scan(&mut draft, "idcard", path).unwrap_err().zh()
    };
    assert!(refused(folder.path().to_str().unwrap()).contains("不是文件"));
    std::fs::write(folder.path().join("empty"), b"").unwrap();
    assert!(refused(folder.path().join("empty").to_str().unwrap()).contains("为空"));
    // The station's own files are no scans, by whatever way they are named.
    let own = office.station.folder().join("scans").join(&scan.sha256);
    assert!(refused(own.to_str().unwrap()).contains("数据文件夹"));
    let link = folder.path().join("link.jpg");
    std::os::unix::fs::symlink(&own, &link).unwrap();
    assert!(refused(link.to_str().unwrap()).contains("数据文件夹"));
    let case = office.accept(&clerk, &draft).unwrap();
    let faults = |station: &xiangbao::app::Station| {
        station.check_scans(&station.machine_actor(), &mut |_, _| true).unwrap()
    };
    assert_eq!(faults(&office.station), []);
    let kept = office.station.folder().join("scans").join(&scan.sha256);
    std::fs::write(&kept, b"another picture").unwrap();
    let fault = |altered| ScanFault { number: case.number.clone(), material: "idcard".to_owned(), altered };
    assert_eq!(faults(&office.station), [fault(true)]);
    std::fs::remove_file(&kept).unwrap();
    assert_eq!(faults(&office.station), [fault(false)]);
}

#[test]
fn what_the_first_notice_did_not_name_is_shown_to_the_supervisor() {
    let office = Office::new();
    let case = office.accepted(&office.play("BG"));
    office.decide("c2", &case, Verdict::Returned { demands: vec![wanted("mat.idcard")] }).unwrap();
    assert!(office.case(&case).late_demands().is_empty());
    let clerk = office.actor("c1");
    let again = |office: &Office| {
        let mut draft = office.station.open_correction(&clerk, &case).unwrap();
        office.station.save_field(&mut draft, &cell("changes", 0, "after"), "13800000077").unwrap();
        office.settle_papers(&mut draft);
        office.accept(&clerk, &draft).unwrap();
    };
    again(&office);
    assert!(!office.case(&case).would_be_late("mat.idcard") && office.case(&case).would_be_late("mob"));
    // The same paper again is no new demand; the telephone is.
    let demands = vec![wanted("mat.idcard"), wanted("changes.0.after")];
    office.decide("c2", &case, Verdict::Returned { demands }).unwrap();
    let now = office.case(&case);
    assert_eq!(now.late_demands(), [&wanted("changes.0.after")]);
    let late = |account: &str| {
        let home = office.station.home(&office.actor(account)).unwrap();
        home.late.iter().map(|row| row.case_id).collect::<Vec<_>>()
    };
    assert_eq!((late("a1"), late("c1")), (vec![case], vec![]), "the supervisor sees it, the window does not");
    again(&office);
    assert_eq!(office.case(&case).late_demands().len(), 1, "it stays on record");
}

#[test]
fn the_notice_at_the_counter_is_the_first_one() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let mut draft = office.draft(&clerk, &office.play("BG"));
    office.station.save_material(&mut draft, "idcard", MaterialState::Missing).unwrap();
    office.station.note_notice(&clerk, &draft.case_id).unwrap();
    let stored = office.station.snapshot().unwrap().draft("c1", &draft.case_id).unwrap().unwrap();
    assert_eq!(stored.data.noticed, ["mat.idcard"]);
    let mut draft = stored;
    office.settle_papers(&mut draft);
    let case = office.accept(&clerk, &draft).unwrap().case_id;
    let demands = vec![wanted("mat.idcard"), wanted("mob")];
    office.decide("c2", &case, Verdict::Returned { demands }).unwrap();
    assert_eq!(office.case(&case).late_demands(), [&wanted("mob")]);
}
