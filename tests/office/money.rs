//! Several claims of one person in one year: what was used before counts, up to the cap, and a reversal gives it back.

use xiangbao::demo::plays::Play;
use xiangbao_core::event::Verdict;
use xiangbao_core::money::Fen;
use xiangbao_core::policy::Settlement;
use xiangbao_core::register::{Change, RecordKey};

use super::desk::{Office, cell, field, with};
use super::payment;

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

/// Reference 4.5a step 9 and 5203 `refd_setl_flag`: the refund is the exact negative, the year after it is the year before.
#[test]
fn a_reversal_writes_the_negative_and_leaves_nothing_of_the_settlement() {
    let office = Office::new();
    let (_, first) = settled(&office, &office.play("BX"));
    let (case_id, second) = settled(&office, &claim(&office, "2", "00345681", "4000.00"));
    office.reversed(&case_id);
    let case = office.case(&case_id);
    let back = *case.negative.clone().unwrap();
    // 4,000.00 in all, 300.00 deductible, 2,775.00 by the pool, 1,225.00 by the person.
    assert_eq!(
        (back.medfee_sumamt, back.act_pay_dedc, back.fund_pay_sumamt, back.psn_part_amt),
        (Fen(-400_000), Fen(-30_000), Fen(-277_500), Fen(-122_500))
    );
    for ((field, _, one), (_, _, two)) in second.amounts().zip(back.amounts()) {
        assert_eq!(one.0 + two.0, 0, "{field}");
    }
    let funds = second.setldetail().into_iter().zip(back.setldetail());
    assert!(funds.into_iter().all(|(one, two)| one.fund_payamt.0 + two.fund_payamt.0 == 0));
    assert_eq!(back.year_after, first.year_after, "the year as the first left it");
    assert!(back.refd_setl_flag && back.check().is_ok());
    assert_eq!(case.settlement, Some(second), "the original stands beside it");
    let (_, steps) = office.station.timeline(&office.actor("c1"), &case_id).unwrap();
    let last = steps.last().unwrap();
    assert!(last.what == "冲正" && last.detail.contains("退费结算：基金支付 -2,775.00"), "{last:?}");
    // The slip names the original and stands beside it; every amount with its opposite.
    let documents = office.station.documents_of(&case).unwrap();
    let ids: Vec<&str> = documents.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids[..2], ["refund-slip", "settlement-slip"]);
    let wish = xiangbao::app::Wish::default();
    let slip = office.station.prepare_print(&office.actor("c1"), &case_id, "refund-slip", &wish).unwrap();
    let page = format!("{:?}", slip.document);
    for words in ["-2,775.00", "2,775.00", "负贰仟柒佰柒拾伍元整", "录错了人", "没有支付，不再支付"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains(&format!("{}-CZ", case.number)) && page.contains(&case.number));
    office.verified();
}

/// 003 A130 and the interface's names (2304, 5203): settlements and refund settlements leave together, one line each.
#[test]
fn settlements_leave_under_national_names_with_their_refunds() {
    let office = Office::new();
    let (kept, _) = settled(&office, &office.play("BX"));
    let (undone, _) = settled(&office, &claim(&office, "2", "00345681", "4000.00"));
    office.reversed(&undone);
    let table = |name: &str| {
        let filter = xiangbao::app::CaseFilter {
            form: "BX".to_owned(),
            table: Some(name.to_owned()),
            ..Default::default()
        };
        office.station.export_cases(&office.actor("c1"), &filter, None).unwrap()
    };
    let info = table("setlinfo");
    let at = |field: &str| info.columns.iter().position(|column| column.field == field).unwrap();
    let cell = |row: &[String], field: &str| row[at(field)].clone();
    let (kept, undone) = (office.case(&kept).number, office.case(&undone).number);
    let told: Vec<_> = info
        .rows
        .iter()
        .map(|row| {
            let amount = cell(row, "fund_pay_sumamt");
            (cell(row, "setl_id"), cell(row, "init_setl_id"), cell(row, "refd_setl_flag"), amount)
        })
        .collect();
    let row = |id: &str, of: &str, flag: &str, amount: &str| {
        (id.to_owned(), of.to_owned(), flag.to_owned(), amount.to_owned())
    };
    assert_eq!(
        told,
        [
            row(&kept, "", "0", "6187.50"),
            row(&undone, "", "0", "2775.00"),
            row(&format!("{undone}-CZ"), &undone, "1", "-2775.00"),
        ]
    );
    assert!(info.columns[at("setl_id")].national && info.columns[at("hifp_pay")].national);
    assert!(cell(&info.rows[0], "certno").contains('*'), "masked without a purpose");
    let detail = table("setldetail");
    let paid = detail.columns.iter().position(|column| column.field == "fund_payamt").unwrap();
    let sum: i64 = detail.rows.iter().map(|row| row[paid].replace('.', "").parse::<i64>().unwrap()).sum();
    assert_eq!(sum, 618_750, "each fund of what stands, and nothing of what was taken back");
}

/// reliability 10: not while a list or the bank holds the money; paid, then reversed, the slip says what is claimed back.
#[test]
fn the_refund_slip_says_what_becomes_of_the_money() {
    let office = payment::office();
    let (case_id, settled) = settled(&office, &office.play("BX"));
    let name = office.case(&case_id).filing.title.clone();
    let no = payment::make(&office, "f1", &[case_id]).unwrap();
    let early = office.station.propose_reversal(&office.actor("c1"), &case_id, "错", office.station.new_id());
    assert!(early.unwrap_err().zh().contains(&no));
    payment::approve(&office, "f2", &no).unwrap();
    payment::export(&office, &no);
    payment::take(&office, &payment::answer(&no, &[(1, payment::CARD, &name, 618_750, "00")])).unwrap();
    office.reversed(&case_id);
    let wish = xiangbao::app::Wish::default();
    let slip = office.station.prepare_print(&office.actor("c1"), &case_id, "refund-slip", &wish).unwrap();
    let page = format!("{:?}", slip.document);
    assert!(page.contains("已支付 6,187.50 元，已追回 0.00 元，待追回 6,187.50 元"), "{page}");
    assert_eq!(office.case(&case_id).negative.unwrap().fund_pay_sumamt.0, -settled.fund_pay_sumamt.0);
    office.verified();
}
