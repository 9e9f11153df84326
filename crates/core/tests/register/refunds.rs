//! A contribution paid twice is given back once (the exception to 003 A28): what the register marks, what stands against
//! it, and how it is undone.

use xiangbao_core::form::{Effect, FormData, RecordSpec};
use xiangbao_core::money::Fen;
use xiangbao_core::register::{
    Accumulation, Change, EffectRefusal, Enrolment, EnrolmentStatus, PersonStatus, RecordKey, RegisterView,
    reverse,
};

use super::{Register, apply_with, day, enrolled, form, person};

/// Somebody who paid 400.00 for 2027.
fn paid() -> Register {
    let mut record = enrolled("1", 2027);
    if let Change::Enrolment { record, .. } = &mut record {
        record.personal = Fen(40_000);
    }
    Register::with(vec![
        person("1", "甲", "C1", PersonStatus::Active),
        record,
        person("2", "乙", "C2", PersonStatus::Active),
    ])
}

fn request(kind: &str, receipt: &str, amount: &str) -> FormData {
    form(&[
        ("psn_no", "1"),
        ("insu_year", "2027"),
        ("refund_kind", kind),
        ("receipt_no", receipt),
        ("refund_amt", amount),
        ("sign_date", "2026-10-10"),
    ])
}

fn give_back(data: &FormData, register: &Register) -> Result<Vec<Change>, EffectRefusal> {
    let spec = RecordSpec {
        from: Some("sign_date".to_owned()),
        unique: Some(vec!["receipt_no".to_owned()]),
        keep: vec!["refund_amt".to_owned()],
        ..RecordSpec::default()
    };
    apply_with(Effect::Refund, Some(&spec), data, register)
}

fn enrolment(register: &Register) -> Enrolment {
    match register.current(&RecordKey::Enrolment("1".to_owned(), 2027)).unwrap() {
        Some(Change::Enrolment { record, .. }) => record,
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_two_payments_here_one_is_given_back_and_the_enrolment_stays() {
    let mut register = paid();
    let made = give_back(&request("1", "R1", "400.00"), &register).unwrap();
    register.play(&made);
    let now = enrolment(&register);
    assert_eq!((now.status, now.refunded), (EnrolmentStatus::Normal, Some(Fen(40_000))));
    assert_eq!(now.entitled_from, "2027-01-01");
    assert_eq!(register.filings("1", "test").unwrap()[0].value("receipt_no"), "R1");
    // Paid three times: the third payment has a receipt of its own.
    register.play(&give_back(&request("1", "R2", "400.00"), &register).unwrap());
    assert_eq!(enrolment(&register).refunded, Some(Fen(80_000)));
}

#[test]
fn one_receipt_is_given_back_once_in_the_whole_register() {
    let mut register = paid();
    let made = give_back(&request("1", "R1", "400.00"), &register).unwrap();
    register.play(&made);
    let again = give_back(&request("1", "R1", "400.00"), &register).unwrap_err();
    assert_eq!(again, EffectRefusal::Refunded("R1".to_owned()));
    assert!(again.zh().contains("不能退两次"));
    // Nor for another person.
    let mut other = enrolled("2", 2027);
    if let Change::Enrolment { record, .. } = &mut other {
        record.personal = Fen(40_000);
    }
    register.play(&[other]);
    let mut stolen = request("1", "R1", "400.00");
    stolen.set(&xiangbao_core::form::FieldPath::single("psn_no"), "2");
    assert_eq!(give_back(&stolen, &register), Err(EffectRefusal::Refunded("R1".to_owned())));
    // A reversal gives the receipt free again, and takes the mark away.
    let undone = reverse(&made, day("2026-10-11"), &register).unwrap();
    register.play(&undone);
    assert_eq!(enrolment(&register).refunded, None);
    assert!(give_back(&request("1", "R1", "400.00"), &register).is_ok());
}

#[test]
fn who_is_insured_elsewhere_gets_the_money_and_loses_the_cover() {
    for (kind, reason) in [("2", "9"), ("3", "5")] {
        let mut register = paid();
        register.play(&give_back(&request(kind, "R1", "400.00"), &register).unwrap());
        let now = enrolment(&register);
        assert_eq!((now.status, now.end_reason.as_str()), (EnrolmentStatus::Ended, reason));
        assert_eq!((now.entitled_from.as_str(), now.entitled_to.as_str()), ("", ""));
        let over = give_back(&request(kind, "R2", "400.00"), &register).unwrap_err();
        assert!(matches!(over, EffectRefusal::NotEnrolled { year: 2027, .. }), "{over:?}");
    }
}

/// 003 A28: what was used was not paid for nothing.
#[test]
fn nothing_is_given_back_after_the_fund_has_paid() {
    let mut register = paid();
    let record = Accumulation { rev: 1, fund_paid: Fen(1), ..Accumulation::empty("1", 2027, "inpatient") };
    register.play(&[Change::Accumulation { effective: "2027-02-01".to_owned(), record }]);
    let refused = give_back(&request("2", "R1", "400.00"), &register).unwrap_err();
    assert!(matches!(refused, EffectRefusal::RefundAfterUse { .. }), "{refused:?}");
    // The second of two payments here bought nothing all the same.
    assert!(give_back(&request("1", "R1", "400.00"), &register).is_ok());
}

#[test]
fn more_than_was_paid_and_years_without_enrolment_are_refused() {
    let register = paid();
    for amount in ["400.01", "0.00", "-1.00", "x"] {
        assert!(give_back(&request("1", "R1", amount), &register).is_err(), "{amount}");
    }
    let mut other_year = request("1", "R1", "400.00");
    other_year.set(&xiangbao_core::form::FieldPath::single("insu_year"), "2026");
    let refused = give_back(&other_year, &register).unwrap_err();
    assert!(refused.zh().contains("没有可退的缴费"), "{refused:?}");
}
