//! 冲正: the register goes back, the history stays, and what stands on a later case waits for that one.

use xiangbao::app::AppError;
use xiangbao_core::case::Refusal;
use xiangbao_core::event::Verdict;
use xiangbao_core::register::{EffectRefusal, EnrolmentStatus, PersonField as F, PersonStatus, RecordKey};

use super::desk::{Office, cell, with};

#[test]
fn an_enrolment_is_undone_and_can_be_done_again() {
    let office = Office::new();
    let family = office.town.cast.family.clone();
    let case_id = office.effective(&office.play("DJ"));
    let effective = office.now();
    office.on("2026-11-23");
    office.reversed(&case_id);
    let snapshot = office.station.snapshot().unwrap();
    let head = &family.members[0];
    let enrolment = snapshot.enrolment(head, 2027).unwrap().unwrap();
    assert_eq!((enrolment.status, enrolment.rev), (EnrolmentStatus::Void, 2));
    let newborn = format!("{}{:08}", office.town.prefix, office.town.persons + 1);
    assert_eq!(office.person(&newborn).status, PersonStatus::Void);
    // A person who was there before is as before, under a new revision: 1 taken over, 2 the case, 3 the reversal.
    let (now, old) = (office.person(head), office.town.person(head).unwrap());
    assert_eq!((now.rev, &now.values, &now.household_no), (3, &old.values, &old.household_no));
    // What was known between the two days: the enrolment stood.
    let known = snapshot.known_at(&RecordKey::Enrolment(head.clone(), 2027), effective).unwrap().unwrap();
    assert_eq!(known.change.rev(), 1);
    office.effective(&office.play("DJ"));
    let snapshot = office.station.snapshot().unwrap();
    assert_eq!(snapshot.enrolment(head, 2027).unwrap().unwrap().status, EnrolmentStatus::Normal);
    office.verified();
}

#[test]
fn a_later_case_on_the_same_record_is_undone_first() {
    let office = Office::new();
    let mover = office.town.cast.mover.clone();
    let old = office.town.person(&mover.psn_no).unwrap().get(F::Phone).to_owned();
    let first = office.effective(&office.play("BG"));
    let mut later = with(office.play("BG"), &[(cell("changes", 0, "after"), "13800000099")]);
    later.values.retain(|(path, _)| path.row != Some(("changes".to_owned(), 1)));
    let second = office.effective(&later);
    office.propose_reversal(&first);
    office.pass(&first, &["r1"]);
    let refused = office.decide("a1", &first, Verdict::Passed).unwrap_err();
    assert!(
        matches!(&refused, AppError::Effect(EffectRefusal::LaterChange(RecordKey::Person(_)))),
        "{refused:?}"
    );
    assert!(refused.zh().contains("先冲正后办的那一件"));
    assert_eq!(office.status(&first), "冲正待审批");
    // The sentence holds: once the later one is undone, the earlier one can be.
    office.reversed(&second);
    assert_eq!(office.person(&mover.psn_no).get(F::Phone), mover.phone);
    office.pass(&first, &["a1"]);
    assert_eq!(office.person(&mover.psn_no).get(F::Phone), old);
    let snapshot = office.station.snapshot().unwrap();
    let history = snapshot.history(&RecordKey::Person(mover.psn_no)).unwrap();
    assert_eq!(history.iter().map(|version| version.change.rev()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    office.verified();
}

#[test]
fn a_reversal_needs_three_persons_too_and_may_be_refused() {
    let office = Office::new();
    let case_id = office.effective(&office.play("ZX"));
    // Proposed by the person behind r1, under no account of the levels: p1 proposes, p1's other account may not agree.
    office.propose_reversal(&case_id);
    let own = office.decide("x1", &case_id, Verdict::Passed).unwrap_err();
    assert!(matches!(own, AppError::Refused(Refusal::OwnProposal(_))), "{own:?}");
    let reason = Verdict::Rejected { reason: "死亡证明属实".to_owned(), article: "003 A15".to_owned() };
    office.decide("r1", &case_id, reason).unwrap();
    // The effect stays, and the reversal may be asked for again.
    assert_eq!(office.status(&case_id), "已生效");
    assert_eq!(office.person(&office.town.cast.deceased.psn_no).status, PersonStatus::Cancelled);
    office.reversed(&case_id);
    assert_eq!(office.person(&office.town.cast.deceased.psn_no).status, PersonStatus::Active);
    // Once undone, nothing more happens to it.
    let (clerk, id) = (office.actor("c1"), office.station.new_id());
    assert!(office.station.propose_reversal(&clerk, &case_id, "再冲", id).is_err());
    office.verified();
}
