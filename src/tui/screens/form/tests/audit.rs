//! A paper of the audit from the first key to the printer: two auditors, then the approver (003 A117); and who must
//! keep away.

use xiangbao_core::case::{Refusal, Status};
use xiangbao_core::event::Verdict;
use xiangbao_core::form::FieldPath;
use xiangbao_core::role::{Actor, Role};

use super::desk::Bench;
use crate::app::{AppError, NewAccount};

fn agree(bench: &Bench, actor: &Actor) -> Result<(), AppError> {
    let station = &bench.station;
    station.review(actor, &bench.case_id(), Verdict::Passed, "同意", station.new_id()).map(|_| ())
}

fn standing(bench: &Bench) -> Status {
    bench.station.snapshot().unwrap().case(&bench.case_id()).unwrap().unwrap().status
}

fn hand_in(bench: &mut Bench, form: &str, change: impl FnOnce(&mut xiangbao_core::form::FormData)) {
    bench.become_auditor();
    bench.open_sample(form, change);
    bench.keys("<F9>y").shows("已受理");
}

#[test]
fn two_auditors_and_the_approver_make_a_notice() {
    let mut bench = Bench::new(80, 24);
    hand_in(&mut bench, "audit_notice", |_| {});
    let first = bench.actor.clone();
    // The first auditor sees the paper wait, and why: a second one is needed.
    let refusal = agree(&bench, &first).unwrap_err();
    assert!(matches!(refusal, AppError::Refused(Refusal::SecondNeeded(_))), "{refusal:?}");
    bench.keys("=SH<Enter>").shows("稽核须由两名以上人员共同进行");
    // Nobody at the window has a say in it.
    let clerk = bench.colleague("c9", Role::Clerk);
    assert!(bench.station.review_queue(&clerk).unwrap().is_empty());
    assert!(matches!(agree(&bench, &clerk), Err(AppError::Denied(_))));
    let withdrawn =
        bench.station.withdraw(&clerk, &bench.case_id(), "误填", bench.station.new_id()).unwrap_err();
    assert!(matches!(withdrawn, AppError::Denied(_)), "{withdrawn:?}");
    // By keys: the second auditor signs, the approver issues and prints.
    bench.give_seat("x2", Role::Auditor).keys("=SH<Enter><Enter><F9><F9>y").shows("已存");
    assert_eq!(standing(&bench), Status::Review(xiangbao_core::event::Level::Approval));
    bench.give_seat("a1", Role::Approver).keys("=SH<Enter><Enter><F9><F9>y").shows("已存");
    assert_eq!(standing(&bench), Status::InEffect);
    bench.keys("=BJ<Enter><Enter><F6>").shows("社会保险稽核通知书");
    bench.keys("<F6>").shows("已存：社会保险稽核通知书");
    let printed = bench.station.snapshot().unwrap().case(&bench.case_id()).unwrap().unwrap();
    assert_eq!(printed.copies.get("audit-notice"), Some(&1));
    let papers = bench.station.documents_of(&printed).unwrap();
    let ids: Vec<&str> = papers.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["audit-notice", "service-return"]);
}

#[test]
fn before_approval_the_paper_says_that_it_must_not_be_served() {
    let mut bench = Bench::new(80, 24);
    hand_in(&mut bench, "audit_notice", |_| {});
    bench.keys("=BJ<Enter><Enter><F6><End>").shows("未批准不得送达");
}

#[test]
fn a_serious_order_goes_on_to_the_head() {
    for (serious, levels) in [("0", 2), ("1", 3)] {
        let mut bench = Bench::new(80, 24);
        hand_in(&mut bench, "correction_order", |data| data.set(&FieldPath::single("serious"), serious));
        let case = bench.station.snapshot().unwrap().case(&bench.case_id()).unwrap().unwrap();
        assert_eq!(case.filing.levels.len(), levels, "003 A117(4)");
        let second = bench.colleague("x2", Role::Auditor);
        agree(&bench, &second).unwrap();
        for account in ["a1", "a2"].into_iter().take(levels - 1) {
            let leader = bench.colleague(account, Role::Approver);
            agree(&bench, &leader).unwrap();
        }
        assert_eq!(standing(&bench), Status::InEffect, "serious {serious}");
    }
}

/// 003 A117(1)5: neither as auditor named on the paper nor as the one who signs it.
#[test]
fn who_lives_with_the_audited_person_keeps_away() {
    const AUDITED: &str = "45142419680312001X";
    let mut bench = Bench::new(80, 24);
    bench.become_auditor();
    bench.open_sample("audit_notice", |data| {
        data.set(&FieldPath::cell("auditors", 1, "auditor_certno"), AUDITED);
    });
    bench.keys("<F9>").shows("应当回避");
    let mut bench = Bench::new(80, 24);
    hand_in(&mut bench, "audit_notice", |_| {});
    let relative = NewAccount {
        account: "x3".to_owned(),
        person: "p-x3".to_owned(),
        name: "农回避".to_owned(),
        certno: AUDITED.to_owned(),
        roles: vec![Role::Auditor],
        villages: Vec::new(),
        pin: "135790".to_owned(),
    };
    bench.station.put_account(&bench.station.machine_actor(), relative).unwrap();
    let relative = bench.station.sign_in("x3", "135790").unwrap();
    assert!(matches!(agree(&bench, &relative), Err(AppError::Refused(Refusal::Concerned))));
}
