//! Several claims of one person in one year: what was used before counts, up to the cap, and a reversal gives it back.

use xiangbao::demo::plays::Play;
use xiangbao_core::event::Verdict;
use xiangbao_core::money::Fen;
use xiangbao_core::policy::Settlement;
use xiangbao_core::register::{Change, RecordKey};

use super::desk::{Office, cell, field, with};

/// One line of class 甲, one invoice, the given admission of the year.
pub fn claim(office: &Office, admission: &str, invoice: &str, yuan: &str) -> Play {
    let mut play = office.play("BX");
    play.values.retain(|(path, _)| path.row.as_ref().is_none_or(|(_, index)| *index == 0));
    with(
        play,
        &[
            (field("adm_no"), admission),
            (cell("invoices", 0, "invo_no"), invoice),
            (cell("invoices", 0, "invo_amt"), yuan),
            (cell("fees", 0, "det_item_fee_sumamt"), yuan),
        ],
    )
}

pub fn settled(office: &Office, play: &Play) -> ([u8; 16], Settlement) {
    let case_id = office.effective(play);
    (case_id, office.case(&case_id).settlement.unwrap())
}

fn used(office: &Office, settlement: &Settlement) -> (Fen, Fen, u32) {
    let patient = &office.town.cast.inpatient.psn_no;
    let snapshot = office.station.snapshot().unwrap();
    let used = snapshot.accumulation(patient, 2026, &settlement.benefit).unwrap().unwrap();
    (used.fund_paid, used.deductible_paid, used.admissions)
}

#[test]
fn the_year_is_added_up_to_the_cap_and_given_back() {
    let office = Office::new();
    settled(&office, &office.play("BX"));
    // Second admission, level 2: (4,000.00 - 300.00) × 75 % = 2,775.00; the year: 6,187.50 + 2,775.00 = 8,962.50.
    let (_, second) = settled(&office, &claim(&office, "2", "00345681", "4000.00"));
    assert_eq!((second.act_pay_dedc, second.fund_pay_sumamt), (Fen(30_000), Fen(277_500)));
    let sum = second.trace.iter().find(|step| step.label == "本年基金累计支付").unwrap();
    assert_eq!((sum.formula.as_str(), sum.amount), ("本次前 6,187.50 + 本次 2,775.00", Fen(896_250)));
    let deductibles = second.trace.iter().find(|step| step.label == "本年起付线累计").unwrap();
    assert_eq!(deductibles.amount, Fen(60_000));
    assert_eq!(used(&office, &second), (Fen(896_250), Fen(60_000), 2));
    // Third: (300,000.00 - 300.00) × 75 % = 224,775.00, but 150,000.00 - 8,962.50 = 141,037.50 is left of the cap.
    let (third_id, third) = settled(&office, &claim(&office, "3", "00345691", "300000.00"));
    assert_eq!((third.hifp_pay, third.crt_payb_lmt_amt), (Fen(14_103_750), Some(Fen(14_103_750))));
    // 224,775.00 - 141,037.50 = 83,737.50 above the cap; 300,000.00 - 141,037.50 = 158,962.50 is left in scope.
    // 003 A128, big illness (sample 12,000; 60/65/75 %): base before (8,550.00 - 6,187.50) + (4,000.00 - 2,775.00) =
    // 3,587.50, with this bill 162,550.00: 18,000 × 60 % + 70,000 × 65 % + 62,550 × 75 % = 103,212.50.
    assert_eq!((third.over_cap_amt, third.hifmi_pay), (Fen(8_373_750), Fen(10_321_250)));
    // The patient bears 158,962.50 - 103,212.50 = 55,750.00.
    assert_eq!((third.fund_pay_sumamt, third.psn_part_amt), (Fen(24_425_000), Fen(5_575_000)));
    assert_eq!(used(&office, &third), (Fen(15_000_000), Fen(90_000), 3));
    // 冲正 of the third gives back what it used and frees its invoice; the same paper can be claimed again.
    office.reversed(&third_id);
    assert_eq!(used(&office, &third), (Fen(896_250), Fen(60_000), 2));
    let snapshot = office.station.snapshot().unwrap();
    let invoice =
        snapshot.record(&RecordKey::Invoice("00345691".to_owned(), "大新县示例医院".to_owned())).unwrap();
    assert!(matches!(invoice, Some(Change::Invoice { used: false, rev: 2, .. })), "{invoice:?}");
    let (_, again) = settled(&office, &claim(&office, "3", "00345691", "4000.00"));
    assert_eq!(again.fund_pay_sumamt, Fen(277_500));
    assert_eq!(used(&office, &again), (Fen(1_173_750), Fen(90_000), 3));
    office.verified();
}

#[test]
fn a_claim_under_way_is_settled_with_what_the_year_holds_at_its_approval() {
    let office = Office::new();
    let late = office.accepted(&claim(&office, "2", "00345681", "4000.00"));
    // Accepted second, approved first.
    settled(&office, &office.play("BX"));
    let page = office.station.open_review(&office.actor("c2"), &late).unwrap();
    assert_eq!(page.settlement.unwrap().year_after.fund_paid, Fen(896_250));
    office.pass(&late, &["c2", "r1", "a1"]);
    assert_eq!(office.case(&late).settlement.unwrap().year_after.fund_paid, Fen(896_250));
    office.verified();
}

#[test]
fn a_figure_that_changed_since_it_was_seen_is_not_agreed_to() {
    let office = Office::new();
    let first = office.accepted(&claim(&office, "1", "00345701", "300000.00"));
    let other = office.accepted(&claim(&office, "2", "00345702", "200000.00"));
    let clerk = office.actor("c2");
    let seen = office.station.open_review(&clerk, &first).unwrap();
    // (300,000.00 - 300.00) × 75 % is above the cap of 150,000.00.
    // 150,000.00 are left in scope; big illness (sample): 18,000 × 60 % + 70,000 × 65 % + 50,000 × 75 % = 93,800.00.
    assert_eq!(seen.settlement.as_ref().unwrap().fund_pay_sumamt, Fen(24_380_000));
    // (200,000.00 - 300.00) × 75 % = 149,775.00 takes effect in between: 225.00 are left of the year, and 50,225.00 are
    // in the base of big illness. 350,000.00 give 10,800.00 + 45,500.00 + 250,000 × 75 % = 243,800.00, of which
    // 18,000 × 60 % + 20,225 × 65 % = 23,946.25 lie below: 219,853.75, with the 225.00 it is 220,078.75.
    office.pass(&other, &["c2", "r1", "a1"]);
    // Two stays at one time: looked at and answered before anything is agreed to.
    office.explain("c2", &first);
    let agree =
        |page| office.station.review_seen(&clerk, page, Verdict::Passed, "同意", office.station.new_id());
    let refused = agree(&seen).unwrap_err();
    assert!(refused.zh().contains("已由 243,800.00 变为 220,078.75"), "{}", refused.zh());
    assert_eq!(office.status(&first), "待初审");
    agree(&office.station.open_review(&clerk, &first).unwrap()).unwrap();
    assert_eq!(office.status(&first), "待复核");
    office.verified();
}
