//! What a form files about a person and what stands against it: cover, agreement, fields that stay, days (003 A66-A73).

use std::collections::BTreeMap;

use xiangbao_core::form::{Effect, FormData, RecordSpec};
use xiangbao_core::register::{Change, EffectRefusal, FilingRecord, FilingStanding, PersonStatus};

use super::{Register, apply_with, enrolled, form, person};

/// Files what `[record]` of a form says, on 2026-10-10.
fn file(record: &RecordSpec, data: &FormData, register: &Register) -> Result<Vec<Change>, EffectRefusal> {
    apply_with(Effect::File, Some(record), data, register)
}

fn fields(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// Somebody insured in 2026, and what a form wants to file about them.
fn filing(from: &str, to: &str, hospital: &str) -> (Register, FormData) {
    let register = Register::with(vec![person("1", "甲", "C1", PersonStatus::Active), enrolled("1", 2026)]);
    let filled = [("psn_no", "1"), ("begndate", from), ("enddate", to), ("fixmedins_code", hospital)];
    (register, form(&filled))
}

/// 003 A72: the filing is for somebody insured and entitled on its first day.
#[test]
fn a_filing_that_needs_cover_is_refused_without_it() {
    let spec = RecordSpec {
        from: Some("begndate".to_owned()),
        to: Some("enddate".to_owned()),
        needs_cover: true,
        ..RecordSpec::default()
    };
    for (from, covered) in
        [("2025-12-31", false), ("2026-01-01", true), ("2026-12-31", true), ("2027-01-01", false)]
    {
        let (register, data) = filing(from, "2027-03-31", "H1");
        let made = file(&spec, &data, &register);
        match covered {
            true => assert!(
                matches!(made.unwrap().as_slice(), [Change::Filing { record, .. }] if record.from == from)
            ),
            false => assert_eq!(
                made,
                Err(EffectRefusal::NotCovered { name: "甲".to_owned(), date: from.to_owned() })
            ),
        }
    }
    let (register, data) = filing("2025-12-31", "", "H1");
    assert!(
        file(&RecordSpec { needs_cover: false, ..spec }, &data, &register).is_ok(),
        "a card needs no cover"
    );
}

/// 003 A69: the agency agrees, then the bed is opened; the day of the agreement itself will do.
#[test]
fn what_waits_for_the_agreement_does_not_begin_before_it() {
    let spec = RecordSpec { from: Some("begndate".to_owned()), agreed_first: true, ..RecordSpec::default() };
    for (from, early) in [("2026-10-09", true), ("2026-10-10", false), ("2026-11-01", false)] {
        let (register, data) = filing(from, "", "H1");
        let refused = matches!(file(&spec, &data, &register), Err(EffectRefusal::BeforeAgreement { .. }));
        assert_eq!(refused, early, "{from}");
    }
}

/// 003 A66: one hospital for the year, no change meanwhile, whatever the disease; free again afterwards.
#[test]
fn a_fixed_field_stays_until_the_open_filing_ends() {
    let spec = RecordSpec {
        from: Some("begndate".to_owned()),
        to: Some("enddate".to_owned()),
        fixed: fields(&["fixmedins_code"]),
        ..RecordSpec::default()
    };
    let (mut register, data) = filing("2026-02-01", "2026-12-31", "H1");
    let first = file(&spec, &data, &register).unwrap();
    assert!(
        matches!(first.as_slice(), [Change::Filing { record, .. }] if record.value("fixmedins_code") == "H1")
    );
    register.play(&first);
    let (_, other) = filing("2026-06-01", "2026-12-31", "H2");
    let refused = file(&spec, &other, &register);
    assert!(
        matches!(&refused, Err(EffectRefusal::FiledOtherwise { before, .. }) if before == "H1"),
        "{refused:?}"
    );
    let (_, same) = filing("2026-06-01", "2026-12-31", "H1");
    assert!(file(&spec, &same, &register).is_ok());
    let (_, next_year) = filing("2027-01-01", "2027-12-31", "H2");
    assert!(file(&spec, &next_year, &register).is_ok());
}

/// A filing ends with its last day (003 A73(2)); a reversed one counts for nothing.
#[test]
fn a_filing_stands_from_its_first_day_to_its_last() {
    let mut record = FilingRecord {
        psn_no: "1".to_owned(),
        kind: "referral".to_owned(),
        serial: 1,
        rev: 1,
        from: "2026-11-20".to_owned(),
        to: "2027-02-20".to_owned(),
        values: BTreeMap::new(),
        void: false,
    };
    for (day, standing) in [
        ("2026-11-19", FilingStanding::Ahead),
        ("2026-11-20", FilingStanding::Valid),
        ("2027-02-20", FilingStanding::Valid),
        ("2027-02-21", FilingStanding::Expired),
    ] {
        assert_eq!(record.standing(day), standing, "{day}");
    }
    record.void = true;
    assert_eq!(record.standing("2026-12-01"), FilingStanding::Void);
}
