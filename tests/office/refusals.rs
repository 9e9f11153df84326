//! What is refused, where, and with which sentence: nothing is written then.

use xiangbao::app::AppError;
use xiangbao_core::case::Refusal;
use xiangbao_core::event::{Level, Verdict};
use xiangbao_core::form::MaterialState;
use xiangbao_core::register::EffectRefusal;

use super::desk::{Office, cell, field, with};

#[test]
fn nobody_handles_a_case_of_the_own_household() {
    let office = Office::new();
    let play = office.play("DJ");
    let spouse = office.town.person(&office.town.cast.family.members[1]).unwrap().certno().to_owned();
    // 003 A117: not at the counter, and not at any level.
    let draft = office.draft(&office.actor("c1"), &play);
    let refused = office.accept(&office.known("c1", &spouse), &draft).unwrap_err();
    assert!(matches!(refused, AppError::Refused(Refusal::Concerned)), "{refused:?}");
    assert!(refused.zh().contains("003 A117"));
    let case_id = office.accept(&office.actor("c1"), &draft).unwrap().case_id;
    let concerned = office.known("c2", &spouse);
    let page = office.station.open_review(&concerned, &case_id).unwrap();
    assert!(page.bar.contains("回避"), "{}", page.bar);
    let refused = office.station.review(&concerned, &case_id, Verdict::Passed, "", office.station.new_id());
    assert!(matches!(refused.unwrap_err(), AppError::Refused(Refusal::Concerned)));
    office.pass(&case_id, &["c2"]);
    office.verified();
}

#[test]
fn one_natural_person_is_one_level_whatever_the_accounts() {
    let office = Office::new();
    let case_id = office.accepted(&office.play("BG"));
    office.pass(&case_id, &["c2"]);
    // x1 is the clerk who took it in, under another account with the second level's role.
    let refused = office.decide("x1", &case_id, Verdict::Passed).unwrap_err();
    let AppError::Refused(Refusal::SamePerson { level, .. }) = &refused else { panic!("{refused:?}") };
    assert_eq!(*level, Level::Initial);
    office.pass(&case_id, &["r1"]);
    // x3 is the rechecker under another account with the third level's role.
    let refused = office.decide("x3", &case_id, Verdict::Passed).unwrap_err();
    let AppError::Refused(Refusal::SamePerson { level, .. }) = &refused else { panic!("{refused:?}") };
    assert_eq!(*level, Level::Recheck);
    assert!(refused.zh().contains("三人"));
    // A role that is not of this level does not come so far.
    assert!(matches!(office.decide("c1", &case_id, Verdict::Passed), Err(AppError::Denied(_))));
    assert_eq!(office.status(&case_id), "待审批");
    office.pass(&case_id, &["a1"]);
    office.verified();
}

#[test]
fn a_used_invoice_is_found_at_the_counter() {
    let office = Office::new();
    office.effective(&office.play("BX"));
    let clerk = office.actor("c1");
    // Another admission, other papers, but one of the invoices was claimed before.
    let again =
        with(office.play("BX"), &[(field("adm_no"), "2"), (cell("invoices", 0, "invo_no"), "00345673")]);
    let draft = office.draft(&clerk, &again);
    let refused = office.accept(&clerk, &draft).unwrap_err();
    assert!(matches!(&refused, AppError::Effect(EffectRefusal::InvoiceUsed(number)) if number == "00345672"));
    assert!(refused.zh().contains("00345672") && refused.zh().contains("003 A88"), "{}", refused.zh());
    // The draft is kept: with the right number it goes through.
    assert_eq!(office.station.drafts(&clerk).unwrap().len(), 1);
    office.verified();
}

#[test]
fn an_invoice_of_a_claim_under_way_is_found_at_the_counter() {
    let office = Office::new();
    let first = office.accepted(&office.play("BX"));
    let number = office.case(&first).number;
    let clerk = office.actor("c1");
    let draft = office.draft(&clerk, &with(office.play("BX"), &[(field("adm_no"), "2")]));
    // Neither took effect yet: the number of the other claim is named, and what to do.
    let refused = office.accept(&clerk, &draft).unwrap_err();
    let AppError::Blocked(found) = &refused else { panic!("{refused:?}") };
    assert!(found.iter().all(|raised| raised.code == "PJ01"), "{found:?}");
    for words in ["00345671", number.as_str(), "003 A74", "核对票据原件"] {
        assert!(refused.zh().contains(words), "no {words:?} in {}", refused.zh());
    }
    assert_eq!(office.station.obstacle(&draft).unwrap().as_deref(), Some(refused.zh().as_str()));
    // The first is withdrawn: its papers are free.
    office.station.withdraw(&clerk, &first, "申请人撤回", office.station.new_id()).unwrap();
    office.accept(&clerk, &draft).unwrap();
    office.verified();
}

#[test]
fn a_second_enrolment_is_found_at_the_counter() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let draft = office.draft(&clerk, &office.play("DJ"));
    office.effective(&office.play("DJ"));
    let refused = office.accept(&clerk, &draft).unwrap_err();
    assert!(
        matches!(&refused, AppError::Effect(EffectRefusal::AlreadyEnrolled { year: 2027, .. })),
        "{refused:?}"
    );
    assert!(refused.zh().contains("2027 年度已参保"));
    office.verified();
}

#[test]
fn a_stay_without_cover_is_not_paid() {
    let office = Office::new();
    let clerk = office.actor("c1");
    // The man leaves the insurance; a stay that begins the day after is not covered, one before is.
    let leave = office.play("ZY");
    office.effective(&leave);
    let stay = |begin: &str, end: &str| {
        let mut play = office.play("BX");
        play.psn_no.clone_from(&leave.psn_no);
        let name = office.town.person(&leave.psn_no).unwrap().name().to_owned();
        let values = [
            (field("begntime"), begin),
            (field("endtime"), end),
            (cell("invoices", 0, "invo_date"), end),
            (cell("invoices", 1, "invo_date"), begin),
            (field("acct_name"), &name),
            (field("sign_name"), &name),
        ];
        office.draft(&clerk, &with(play, &values))
    };
    office.on("2026-12-01");
    let refused = office.accept(&clerk, &stay("2026-11-21", "2026-11-25")).unwrap_err();
    let AppError::Effect(EffectRefusal::NotCovered { date, .. }) = &refused else { panic!("{refused:?}") };
    assert_eq!(date, "2026-11-21");
    assert!(refused.zh().contains("003 A22"));
    office.accept(&clerk, &stay("2026-11-20", "2026-11-25")).unwrap();
    office.verified();
}

#[test]
fn a_cancelled_relation_is_not_changed_again() {
    let office = Office::new();
    office.effective(&office.play("ZX"));
    let clerk = office.actor("c1");
    let again = office.accept(&clerk, &office.draft(&clerk, &office.play("ZX"))).unwrap_err();
    assert!(matches!(again, AppError::Effect(EffectRefusal::Cancelled(_))), "{again:?}");
    assert!(again.zh().contains("冲正"));
    office.verified();
}

#[test]
fn papers_that_are_missing_are_all_named_at_once() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let mut draft = office.draft(&clerk, &office.play("BX"));
    for id in ["invoices", "diagnosis"] {
        office.station.save_material(&mut draft, id, MaterialState::Missing).unwrap();
    }
    let AppError::Materials(missing) = office.accept(&clerk, &draft).unwrap_err() else { panic!() };
    assert_eq!(missing, ["医疗费用票据原件", "疾病诊断证明"]);
    office.verified();
}
