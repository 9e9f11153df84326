//! One stay, settled in parts (seed 002: settled before the change of system, no second deductible): the deductible once, the
//! admission once, no doubt about days that adjoin; and the way back. Figures: inpatient samples of guangxi-2017, level 2:
//! 300.00 and 75 %.

use xiangbao::app::AppError;
use xiangbao::demo::plays::Play;
use xiangbao_core::money::Fen;
use xiangbao_core::register::{EffectRefusal, NotContinued};

use super::desk::{Office, cell, field, with};
use super::money::{claim, settled};

/// A part of a stay from day to day, one line of class 甲.
fn part(office: &Office, days: (&str, &str), invoice: &str, yuan: &str) -> Play {
    let play = claim(office, "1", invoice, yuan);
    with(
        play,
        &[
            (field("begntime"), days.0),
            (field("endtime"), days.1),
            (cell("invoices", 0, "invo_date"), days.1),
        ],
    )
}

/// The same, going on from the settlement with this number.
fn going_on(play: Play, number: &str) -> Play {
    let mut play = with(play, &[(field("last_setl_no"), number)]);
    play.values.retain(|(path, _)| path.field != "adm_no");
    play
}

fn used(office: &Office) -> (Fen, Fen, u32) {
    let patient = &office.town.cast.inpatient.psn_no;
    let snapshot = office.station.snapshot().unwrap();
    let used = snapshot.accumulation(patient, 2026, "inpatient").unwrap().unwrap();
    (used.fund_paid, used.deductible_paid, used.admissions)
}

fn number(office: &Office, case_id: &[u8; 16]) -> String {
    office.case(case_id).number
}

const FIRST: (&str, &str) = ("2026-11-01", "2026-11-10");
const SECOND: (&str, &str) = ("2026-11-10", "2026-11-15");
const THIRD: (&str, &str) = ("2026-11-16", "2026-11-19");

#[test]
fn the_deductible_and_the_admission_count_once_and_are_given_back_in_turn() {
    let office = Office::new();
    // (4,000.00 - 300.00) × 75 % = 2,775.00.
    let (first, one) = settled(&office, &part(&office, FIRST, "00771001", "4000.00"));
    assert_eq!((one.act_pay_dedc, one.hifp_pay), (Fen(30_000), Fen(277_500)));
    assert_eq!(used(&office), (Fen(277_500), Fen(30_000), 1));

    // The number alone brings day, deductible and count; nothing is doubted; 2,000.00 × 75 % = 1,500.00.
    let clerk = office.actor("c1");
    let second_play =
        going_on(part(&office, SECOND, "00771002", "2000.00"), &number(&office, &first).to_lowercase());
    let draft = office.draft(&clerk, &second_play);
    let held = |id: &str| draft.data.field(id).to_owned();
    assert_eq!(held("last_setl_no"), number(&office, &first));
    assert_eq!((held("last_endtime"), held("last_dedc")), ("2026-11-10".to_owned(), "300.00".to_owned()));
    assert_eq!(held("adm_no"), "1");
    assert_eq!(office.station.draft_findings(&draft).unwrap(), []);
    let (second, two) = settled(&office, &second_play);
    assert_eq!((two.act_pay_dedc, two.hifp_pay), (Fen(0), Fen(150_000)));
    assert!(two.trace.iter().any(|step| step.label == "续住起付线" && step.amount == Fen::ZERO));
    assert_eq!(used(&office), (Fen(427_500), Fen(30_000), 1));

    // A third part goes on from the second; the first is no readmission either. 1,000.00 × 75 % = 750.00.
    let third_play = going_on(part(&office, THIRD, "00771003", "1000.00"), &number(&office, &second));
    let draft = office.draft(&clerk, &third_play);
    assert_eq!(draft.data.field("last_dedc"), "300.00", "what the first part bore");
    assert_eq!(office.station.draft_findings(&draft).unwrap(), []);
    let (third, three) = settled(&office, &third_play);
    assert_eq!((three.act_pay_dedc, three.hifp_pay), (Fen(0), Fen(75_000)));
    assert_eq!(used(&office), (Fen(502_500), Fen(30_000), 1));

    // Back from the last to the first: a part on which another rests stays.
    let refused =
        office.station.propose_reversal(&clerk, &first, "录错了人", office.station.new_id()).unwrap_err();
    assert!(
        matches!(&refused, AppError::Effect(EffectRefusal::GoesOn(by)) if *by == number(&office, &second))
    );
    assert!(refused.zh().contains(&number(&office, &second)), "{}", refused.zh());
    office.reversed(&third);
    assert_eq!(used(&office), (Fen(427_500), Fen(30_000), 1));
    office.reversed(&second);
    assert_eq!(used(&office), (Fen(277_500), Fen(30_000), 1));
    office.reversed(&first);
    assert_eq!(used(&office), (Fen(0), Fen(0), 0));
    office.verified();
}

#[test]
fn what_does_not_go_on_is_said_with_the_way_out() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let first = office.accepted(&part(&office, FIRST, "00772001", "4000.00"));
    let known = number(&office, &first);
    let refused = |from: &str, changes: &[(&str, &str)]| {
        let changes: Vec<_> = changes.iter().map(|(id, value)| (field(id), *value)).collect();
        let play = with(going_on(part(&office, SECOND, "00772002", "2000.00"), from), &changes);
        match office.accept(&clerk, &office.draft(&clerk, &play)) {
            Err(AppError::Effect(EffectRefusal::NotContinued { why, .. })) => why,
            other => panic!("{other:?}"),
        }
    };
    let typed = [("last_endtime", "2026-11-10"), ("last_dedc", "300.00"), ("adm_no", "1")];
    assert_eq!(refused("BXTC-1-000999", &typed), NotContinued::Unknown);
    assert_eq!(refused(&known, &typed), NotContinued::NotSettled("待初审".to_owned()));
    office.pass(&first, &["c2", "r1", "a1"]);
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let apart = [("begntime", "2026-11-12"), ("last_endtime", "2026-11-11")];
    assert_eq!(refused(&known, &apart), NotContinued::Apart(day("2026-11-10")));
    assert_eq!(
        refused(&known, &[("last_dedc", "200.00")]),
        NotContinued::OtherDeductible { typed: Fen(20_000), settled: Fen(30_000) }
    );
    assert_eq!(refused(&known, &[("adm_no", "2")]), NotContinued::OtherAdmission(1));
    let elsewhere = refused(&known, &[("fixmedins_name", "南宁示例医院")]);
    assert_eq!(elsewhere, NotContinued::OtherHospital("大新县示例医院".to_owned()));
    for why in [NotContinued::Unknown, elsewhere, NotContinued::OtherPerson, NotContinued::NoStay] {
        let sentence = why.zh(&known);
        assert!(sentence.contains(&known) && sentence.contains('请'), "{sentence}");
    }
    // A day between, said where it is typed.
    let play = going_on(part(&office, ("2026-11-13", "2026-11-15"), "00772003", "2000.00"), &known);
    let draft = office.draft(&clerk, &play);
    let found = office.station.check_draft(&draft).unwrap();
    assert_eq!(found.iter().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), ["continues_at_once"]);
    office.reversed(&first);
    assert_eq!(refused(&known, &typed), NotContinued::NotSettled("已冲正".to_owned()));
    office.verified();
}

#[test]
fn a_part_settled_elsewhere_is_believed_from_its_slip_and_looked_at() {
    let office = Office::new();
    let play = with(
        going_on(part(&office, SECOND, "00773001", "2000.00"), "45140020260017"),
        &[(field("last_endtime"), "2026-11-10"), (field("last_dedc"), "600.00"), (field("adm_no"), "1")],
    );
    let draft = office.draft(&office.actor("c1"), &play);
    let papers = office.station.materials_due(&draft).unwrap();
    assert!(papers.iter().any(|material| material.id == "last_slip"));
    let found = office.station.draft_findings(&draft).unwrap();
    assert_eq!(found.iter().map(|raised| raised.code.as_str()).collect::<Vec<_>>(), ["XZ01"]);
    assert!(found[0].sentence.contains("600.00") && found[0].sentence.contains("45140020260017"));
    let (_, settlement) = settled(&office, &play);
    assert_eq!((settlement.act_pay_dedc, settlement.hifp_pay), (Fen(0), Fen(150_000)));
    assert_eq!(settlement.facts.as_ref().unwrap().continued, Some(Fen(60_000)));
    assert_eq!(used(&office), (Fen(150_000), Fen(0), 0));
    office.verified();
}
