//! Papers about a person out of the register, by keys and by use case (003 A18-A19).

use xiangbao_core::role::Role;

use super::desk::{Bench, FARMER};
use crate::app::{AppError, PROOF, PaperWish, Purpose, RECORD};

fn wish(document: &str, purpose: Purpose, backing: &str) -> PaperWish {
    PaperWish {
        psn_no: FARMER.to_owned(),
        document: document.to_owned(),
        purpose,
        backing: backing.to_owned(),
        unmasked: false,
    }
}

#[test]
fn the_card_gives_out_a_proof_with_its_purpose() {
    let mut bench = Bench::new(80, 24);
    bench.keys("<F3>45142419680312001x<Enter><Enter><F6>").shows("出具哪一种");
    bench.keys("<Enter>").shows("用途");
    bench.keys("2<Enter>").shows("授权书");
    bench.keys("农志强，授权书<Enter>").shows("印完整的");
    bench.keys("n").shows("未参保");
    // Masked, and not a number before it is given out.
    bench.shows("出具时编号");
    assert!(!bench.text().contains("45142419680312001X"));
    bench.keys("<F6>").shows("已出具");
    let papers = bench.station.snapshot().unwrap().papers_of_person(FARMER).unwrap();
    let (_, paper) = &papers[0];
    assert_eq!((papers.len(), paper.purpose.as_str(), paper.unmasked), (1, "agent", false));
    assert_eq!((paper.valid_to.as_str(), paper.backing.as_str()), ("2026-12-20", "农志强，授权书"));
    bench.keys("<F6>").shows("返回人员卡片");
    assert_eq!(bench.station.snapshot().unwrap().papers_of_person(FARMER).unwrap().len(), 1);
}

#[test]
fn each_paper_is_another_number_and_a_repeated_command_is_the_same() {
    let bench = Bench::new(80, 24);
    let station = &bench.station;
    let once = station.new_id();
    let asked = wish(RECORD, Purpose::Person, "");
    let first = station.issue_person_paper(&bench.actor, &asked, once).unwrap();
    assert_eq!(station.issue_person_paper(&bench.actor, &asked, once).unwrap(), first);
    let second = station.issue_person_paper(&bench.actor, &asked, station.new_id()).unwrap();
    assert!(first.path.exists() && second.path.exists() && first.paper.number != second.paper.number);
    assert_ne!(first.paper.code, second.paper.code);
    assert_eq!((first.paper.copy, second.paper.copy), (1, 2));
}

#[test]
fn a_purpose_needs_its_backing_and_its_role() {
    let bench = Bench::new(80, 24);
    let issue = |actor, purpose, backing| {
        bench.station.issue_person_paper(actor, &wish(PROOF, purpose, backing), bench.station.new_id())
    };
    for purpose in [Purpose::Agent, Purpose::Handling, Purpose::Authority] {
        assert!(matches!(issue(&bench.actor, purpose, " "), Err(AppError::Input(_))), "{purpose:?}");
    }
    assert!(matches!(issue(&bench.actor, Purpose::Audit, "JH1"), Err(AppError::Denied(_))));
    let auditor = bench.colleague("x1", Role::Auditor);
    assert!(issue(&auditor, Purpose::Audit, "JHTC-1-000001").is_ok());
    let rechecker = bench.colleague("r1", Role::Rechecker);
    assert!(matches!(issue(&rechecker, Purpose::Person, ""), Err(AppError::Denied(_))));
}
