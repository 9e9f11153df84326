//! A contribution paid twice from the form to the register (the exception to 003 A28), and what the page says before
//! money is taken (003 A22, A28).

use std::collections::BTreeMap;

use xiangbao::app::AppError;
use xiangbao::demo::plays::Play;
use xiangbao_core::case::PayState;
use xiangbao_core::event::PayKind;
use xiangbao_core::money::Fen;
use xiangbao_core::payment::PayRefusal;
use xiangbao_core::register::{EffectRefusal, EnrolmentStatus, PersonField as F};

use super::desk::{Office, cell, field, with};
use super::payment::{self, answer, approve, due, export, finance, make, refused, take};

/// The request of somebody of the family for the second of two payments for 2027.
fn request(office: &Office, psn_no: &str, receipt: &str) -> Play {
    let person = office.person(psn_no);
    let name = person.name().to_owned();
    let values = [
        ("insu_year", "2027"),
        ("refund_kind", "1"),
        ("receipt_no", receipt),
        ("pay_date", "2026-11-18"),
        ("refund_amt", "400.00"),
        ("not_used", "1"),
        ("kept_receipt_no", "GX0001"),
        ("mob", "13900000017"),
        ("brdy", person.get(F::Birth)),
        ("bank_type_code", "402"),
        ("bank_name", "桃城信用社"),
        ("acct_name", &name),
        ("acct_kind", "3"),
        ("bankacct", "2045010001234567"),
        ("sign_name", &name),
        ("sign_date", "2026-11-20"),
    ];
    let values = values.into_iter().map(|(id, value)| (field(id), value.to_owned())).collect();
    Play { code: "TF", title: "重复缴费退费", psn_no: psn_no.to_owned(), values }
}

#[test]
fn one_payment_is_given_back_once_and_by_four_levels() {
    let office = Office::new();
    let who = office.town.cast.family.members[0].clone();
    office.effective(&office.play("DJ"));
    let case_id = office.accepted(&request(&office, &who, "GX0002"));
    office.pass(&case_id, &["c2", "r1", "a1"]);
    assert_ne!(office.status(&case_id), "已生效", "finance is the fourth level");
    office.pass(&case_id, &["fa"]);
    assert_eq!(office.status(&case_id), "已生效");
    let held = office.station.snapshot().unwrap().enrolment(&who, 2027).unwrap().unwrap();
    assert_eq!((held.status, held.refunded), (EnrolmentStatus::Normal, Some(Fen(40_000))));
    // The same receipt again: said on the page before submitting, refused at the counter.
    let clerk = office.actor("c1");
    let draft = office.draft(&clerk, &request(&office, &who, "GX0002"));
    let obstacle = office.station.obstacle(&draft).unwrap().unwrap();
    assert!(obstacle.contains("不能退两次"), "{obstacle}");
    let refused = office.accept(&clerk, &draft).unwrap_err();
    assert!(matches!(refused, AppError::Effect(EffectRefusal::Refunded(_))), "{refused:?}");
    // Undone, it may be asked for again.
    office.reversed(&case_id);
    let held = office.station.snapshot().unwrap().enrolment(&who, 2027).unwrap().unwrap();
    assert_eq!(held.refunded, None);
    assert_eq!(office.station.obstacle(&draft).unwrap(), None);
    office.verified();
}

/// 003 A22 p4, A28: in December the current year buys nothing; both the page and the counter say so before money is taken.
#[test]
fn a_payment_that_buys_nothing_is_said_and_not_taken() {
    let office = Office::new();
    office.on("2026-12-04");
    let play = with(office.play("DJ"), &[(field("insu_year"), "2026"), (field("sign_date"), "2026-12-04")]);
    let clerk = office.actor("c1");
    let draft = office.draft(&clerk, &play);
    let outlooks = office.station.outlook(&draft).unwrap();
    let alarms: Vec<&str> = outlooks
        .iter()
        .flat_map(|outlook| &outlook.lines)
        .filter(|line| line.alarm)
        .map(|line| line.text.as_str())
        .collect();
    assert!(
        alarms.iter().any(|text| text.contains("买不到任何一天待遇") && text.contains("缴后不退")),
        "{alarms:?}"
    );
    let obstacle = office.station.obstacle(&draft).unwrap();
    assert!(obstacle.is_some(), "already enrolled, or void");
}

/// The days of cover stand on the page before submitting, with the article; the register's history is held against the
/// kind that was typed.
#[test]
fn the_page_says_from_when_the_payment_covers() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let draft = office.draft(&clerk, &office.play("DJ"));
    let outlooks = office.station.outlook(&draft).unwrap();
    let said = |words: &str| {
        outlooks.iter().flat_map(|outlook| &outlook.lines).any(|line| line.text.contains(words))
    };
    assert!(
        said("2027-01-01 至 2027-12-31") && said("第二十二条第一款") && said("缴费后不予退还"),
        "{outlooks:?}"
    );
    let kinds: Vec<_> = (0..4).map(|row| (cell("members", row, "enrol_kind"), "1")).collect();
    let draft = office.draft(&clerk, &with(office.play("DJ"), &kinds));
    let outlooks = office.station.outlook(&draft).unwrap();
    let alarm = outlooks
        .iter()
        .flat_map(|outlook| &outlook.lines)
        .any(|line| line.alarm && line.text.contains("应为“连续参保”，表上是“初次参保”"));
    assert!(alarm, "{outlooks:?}");
    // Other forms have none.
    let change = office.draft(&clerk, &office.play("BG"));
    assert!(office.station.outlook(&change).unwrap().is_empty());
}

/// 003 A23, A28, A93-A97: what came in twice goes back by the bank, out of the account that the layout names for it, in lists of
/// its own; the account that the bank refused is corrected from the first level on; a reversal after payment is claimed back.
#[test]
fn a_refund_is_paid_by_list_returned_paid_again_and_claimed_back() {
    let office = payment::office();
    let who = office.town.cast.family.members[0].clone();
    office.effective(&office.play("DJ"));
    let refund = office.accepted(&request(&office, &who, "GX0002"));
    assert_eq!(due(&office), Vec::new(), "nothing before the last level");
    office.pass(&refund, &["c2", "r1", "a1", "fa"]);
    let claim = office.effective(&office.play("BX"));
    let rows = due(&office);
    let row = rows.iter().find(|row| row.case_id == refund).unwrap();
    assert_eq!((row.kind, row.amount, row.standing.as_str()), (PayKind::Refund, Fen(40_000), "待付款"));
    assert_eq!(row.bar, "");
    // Finance decided the last level of it: somebody else pays. Benefits stand in other lists.
    let own = office.station.make_payment_list(
        &office.actor("fa"),
        &[refund],
        "sample-fixed",
        office.station.new_id(),
    );
    assert!(matches!(refused(own.unwrap_err()), PayRefusal::Acted { .. }));
    let mixed = refused(make(&office, "f1", &[refund, claim]).unwrap_err());
    assert!(matches!(&mixed, PayRefusal::Mixed(_)), "{mixed}");
    assert!(mixed.zh().contains("分两张付款单"));
    let no = make(&office, "f1", &[refund]).unwrap();
    approve(&office, "f2", &no).unwrap();
    let file = encoding_rs::GB18030.decode(&export(&office, &no)).0.into_owned();
    for words in ["居民医保费退费", "示例居民医保缴费退费户", "4500000000000000026", "0000000040000"]
    {
        assert!(file.contains(words), "{words}: {file}");
    }
    assert!(!file.contains("医保零星报销"));
    let page = office.station.payment_list(&finance("f1"), &no).unwrap();
    assert_eq!(page.row.kind, PayKind::Refund);
    // Another name on the account: the bank sends it back.
    let name = office.person(&who).name().to_owned();
    take(&office, &answer(&no, &[(1, "2045010001234567", &name, 40_000, "02")])).unwrap();
    assert!(matches!(refused(make(&office, "f1", &[refund]).unwrap_err()), PayRefusal::NotCorrected { .. }));
    let typed = BTreeMap::from([("bankacct".to_owned(), "2045010001234568".to_owned())]);
    let id = office.station.new_id();
    office.station.correct_account(&office.actor("c1"), &refund, &typed, "存折原件", id).unwrap();
    office.pass(&refund, &["c2", "r1", "a1", "fa"]);
    let again = make(&office, "f1", &[refund]).unwrap();
    approve(&office, "f2", &again).unwrap();
    export(&office, &again);
    take(&office, &answer(&again, &[(1, "2045010001234568", &name, 40_000, "00")])).unwrap();
    let pay = office.case(&refund).payment.unwrap();
    assert_eq!((pay.state, pay.run, pay.amount), (PayState::Paid, 2, Fen(40_000)));
    // Reversed after payment: claimed back until the voucher is there.
    office.reversed(&refund);
    assert_eq!(office.case(&refund).pay_word(), "待追回");
    let back = ("400.00", "2026-11-20", "回单 8");
    office.station.recover_payment(&finance("f1"), &refund, back, office.station.new_id()).unwrap();
    assert_eq!(office.case(&refund).pay_word(), "已追回");
    let held = office.station.snapshot().unwrap().enrolment(&who, 2027).unwrap().unwrap();
    assert_eq!(held.refunded, None);
    office.verified();
}
