//! 补正 with its clock, 不予受理, 退件, 撤回.

use xiangbao::app::{AppError, REFUSAL_NOTICE, REJECTION_NOTICE, SUPPLEMENT_NOTICE};
use xiangbao_core::case::Refusal;
use xiangbao_core::event::{Demand, Verdict};

use super::desk::{Office, cell};

fn returned(path: &str) -> Verdict {
    let demand = Demand {
        path: path.to_owned(),
        reason: "号码与登记的不符，请核对".to_owned(),
        article: "003 A14".to_owned(),
    };
    Verdict::Returned { demands: vec![demand] }
}

#[test]
fn a_supplement_stops_the_clock_and_keeps_the_place() {
    let office = Office::new();
    let first = office.accepted(&office.play("BG"));
    // 15 working days (003 A11) after Friday 11-20, which does not count: 11-23..27, 11-30..12-04, 12-07..12-11.
    assert_eq!(office.case(&first).promise.due, "2026-12-11");
    office.on("2026-11-23");
    let second = office.accepted(&office.play("ZX"));
    office.on("2026-11-25");
    office.decide("c2", &first, returned("changes[0].after")).unwrap();
    assert_eq!(office.status(&first), "补正中");
    let case = office.case(&first);
    assert_eq!(case.open_demands().len(), 1);
    assert_eq!(office.station.documents_of(&case).unwrap()[0].0, SUPPLEMENT_NOTICE);
    let home = office.station.home(&office.actor("c1")).unwrap();
    assert_eq!(home.returned.iter().map(|row| row.case_id).collect::<Vec<_>>(), [first]);
    // While it waits for the applicant, no clock runs and nobody can decide it.
    assert_eq!(home.returned[0].days_left(), None);
    let waiting = office.decide("c2", &first, Verdict::Passed).unwrap_err();
    assert!(matches!(waiting, AppError::Refused(Refusal::WrongStatus(_))));
    // The applicant comes back on Wednesday 12-02: five working days stood still (11-26, 27, 30, 12-01, 02).
    office.on("2026-12-02");
    let clerk = office.actor("c1");
    let mut draft = office.station.open_correction(&clerk, &first).unwrap();
    assert_eq!(draft.caret, "changes[0].after");
    office.station.save_field(&mut draft, &cell("changes", 0, "after"), "13800000077").unwrap();
    office.settle_papers(&mut draft);
    let accepted = office.accept(&clerk, &draft).unwrap();
    assert_eq!(accepted.number, case.number);
    // 12-11 and five working days more: 12-14..12-18.
    assert_eq!(accepted.promise.due, "2026-12-18");
    let again = office.case(&first);
    assert_eq!((again.round, again.promise.due.as_str(), again.status.label()), (2, "2026-12-18", "待初审"));
    // It stands where it stood: before the case that was accepted after it.
    let queue = office.station.review_queue(&office.actor("c2")).unwrap();
    assert_eq!(queue.iter().map(|row| row.case_id).collect::<Vec<_>>(), [first, second]);
    office.pass(&first, &["c2", "r1", "a1"]);
    assert_eq!(
        office.person(&office.town.cast.mover.psn_no).get(xiangbao_core::register::PersonField::Phone),
        "13800000077"
    );
    office.verified();
}

#[test]
fn a_refusal_names_its_reason_and_leaves_nothing_but_a_notice() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let draft = office.draft(&clerk, &office.play("ZX"));
    let refuse =
        |reason: &str| office.station.refuse(&clerk, &draft, reason, "003 A15", office.station.new_id());
    assert!(matches!(refuse(" "), Err(AppError::Refused(Refusal::NoReason))));
    let refused = refuse("死亡证明不全，且不愿补正").unwrap();
    let case = office.case(&refused.case_id);
    assert_eq!((case.status.label(), case.closing_reason.as_str()), ("不予受理", "死亡证明不全，且不愿补正"));
    assert!(case.promise.due.is_empty());
    let documents = office.station.documents_of(&case).unwrap();
    assert_eq!(documents[0].0, REFUSAL_NOTICE);
    assert!(documents.iter().all(|(id, _)| id != "receipt"));
    assert!(office.station.drafts(&clerk).unwrap().is_empty());
    assert_eq!(office.person(&office.town.cast.deceased.psn_no).rev, 1);
    // It is closed: no level, no withdrawal, no reversal.
    assert!(office.decide("c2", &refused.case_id, Verdict::Passed).is_err());
    assert!(office.station.withdraw(&clerk, &refused.case_id, "再来", office.station.new_id()).is_err());
    office.verified();
}

#[test]
fn a_rejection_at_any_level_closes_the_case() {
    let office = Office::new();
    let case_id = office.accepted(&office.play("ZX"));
    office.pass(&case_id, &["c2"]);
    let reject =
        |reason: &str| Verdict::Rejected { reason: reason.to_owned(), article: "003 A15".to_owned() };
    assert!(matches!(office.decide("r1", &case_id, reject("")), Err(AppError::Refused(Refusal::NoReason))));
    office.decide("r1", &case_id, reject("人还健在")).unwrap();
    let case = office.case(&case_id);
    assert_eq!((case.status.label(), case.closing_reason.as_str()), ("已退件", "人还健在"));
    assert_eq!(case.closing_article.as_deref(), Some("003 A15"));
    assert_eq!(office.station.documents_of(&case).unwrap()[0].0, REJECTION_NOTICE);
    assert!(office.decide("a1", &case_id, Verdict::Passed).is_err());
    assert_eq!(office.person(&office.town.cast.deceased.psn_no).rev, 1);
    // The same matter can be brought again.
    office.effective(&office.play("ZX"));
    office.verified();
}

#[test]
fn a_case_is_taken_back_before_effect_and_not_after() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let case_id = office.accepted(&office.play("ZY"));
    office.pass(&case_id, &["c2", "r1"]);
    let withdraw = |reason: &str| office.station.withdraw(&clerk, &case_id, reason, office.station.new_id());
    assert!(matches!(withdraw(""), Err(AppError::Refused(Refusal::NoReason))));
    withdraw("不去南宁了").unwrap();
    assert_eq!(office.status(&case_id), "已撤回");
    assert!(office.decide("a1", &case_id, Verdict::Passed).is_err());
    assert!(office.station.snapshot().unwrap().transfer(&office.town.cast.leaver.psn_no).unwrap().is_none());
    let effective = office.effective(&office.play("ZY"));
    let late = office.station.withdraw(&clerk, &effective, "晚了", office.station.new_id()).unwrap_err();
    assert!(late.zh().contains("已生效"), "{}", late.zh());
    office.verified();
}
