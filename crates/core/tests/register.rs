//! What approved forms do to the register and how that is undone, asked from outside: people who are there already,
//! relations that ended, numbers that are taken, years that turn (003 A6, A12, A15, A88, A121).
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "register/filings.rs"]
mod filings;
#[path = "register/refunds.rs"]
mod refunds;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use xiangbao_core::form::{Effect, FieldPath, FormData, RecordSpec};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{LayerUse, PolicyPack, QuotaUse, YearToDate};
use xiangbao_core::register::{
    Accumulation, Change, EffectContext, EffectRefusal, Enrolment, EnrolmentStatus, FilingRecord, Person,
    PersonField, PersonStatus, RecordKey, RegisterView, TransferRecord, effects_of, reverse,
};

const ENTITLEMENT: &str = include_str!("../../../seed/policy/guangxi-2017/entitlement.toml");

#[derive(Default)]
struct Register {
    versions: BTreeMap<RecordKey, Vec<Change>>,
    serials: (u64, u64),
}

impl Register {
    fn with(changes: Vec<Change>) -> Self {
        let mut register = Self::default();
        register.play(&changes);
        register
    }

    fn play(&mut self, changes: &[Change]) {
        for change in changes {
            self.versions.entry(change.key()).or_default().push(change.clone());
        }
    }

    fn persons(&self) -> Vec<&Person> {
        let newest = self.versions.values().filter_map(|versions| versions.last());
        newest
            .filter_map(|change| match change {
                Change::Person { record, .. } => Some(record),
                _ => None,
            })
            .collect()
    }
}

impl RegisterView for Register {
    fn current(&self, key: &RecordKey) -> Result<Option<Change>, String> {
        Ok(self.versions.get(key).and_then(|versions| versions.last()).cloned())
    }

    fn version(&self, key: &RecordKey, rev: u32) -> Result<Option<Change>, String> {
        Ok(self.versions.get(key).into_iter().flatten().find(|change| change.rev() == rev).cloned())
    }

    fn persons_by_certno(&self, certno: &str) -> Result<Vec<String>, String> {
        let bears = |person: &&Person| {
            person.certno() == certno || person.get(PersonField::BirthCertificate) == certno
        };
        Ok(self.persons().into_iter().filter(bears).map(|person| person.psn_no.clone()).collect())
    }

    fn household_by_book(&self, _: &str, _: &str) -> Result<Option<String>, String> {
        Ok(None)
    }

    fn serials(&self) -> Result<(u64, u64), String> {
        Ok(self.serials)
    }

    fn filings(&self, psn_no: &str, kind: &str) -> Result<Vec<FilingRecord>, String> {
        let newest = self.versions.values().filter_map(|versions| versions.last());
        let filings = newest.filter_map(|change| match change {
            Change::Filing { record, .. } if record.psn_no == psn_no && record.kind == kind => {
                Some(record.clone())
            }
            _ => None,
        });
        Ok(filings.collect())
    }

    fn fund_paid(&self, psn_no: &str, year: u16) -> Result<bool, String> {
        Ok(self.versions.values().filter_map(|versions| versions.last()).any(|change| {
            matches!(change, Change::Accumulation { record, .. }
                if record.psn_no == psn_no && record.year == year && record.fund_paid > Fen(0))
        }))
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn person(psn_no: &str, name: &str, certno: &str, status: PersonStatus) -> Change {
    let mut record = Person {
        psn_no: psn_no.to_owned(),
        rev: 1,
        household_no: String::new(),
        status,
        values: BTreeMap::new(),
    };
    record.set(PersonField::Name, name);
    record.set(PersonField::CertNo, certno);
    Change::Person { effective: "2026-01-01".to_owned(), record }
}

fn enrolled(psn_no: &str, year: u16) -> Change {
    let record = Enrolment {
        psn_no: psn_no.to_owned(),
        insu_year: year,
        rev: 1,
        status: EnrolmentStatus::Normal,
        enrol_kind: "2".to_owned(),
        psn_type: String::new(),
        psn_idet_type: String::new(),
        standard: Fen(0),
        aid: Fen(0),
        personal: Fen(0),
        entitled_from: format!("{year}-01-01"),
        entitled_to: format!("{year}-12-31"),
        entitlement_rule: "G1".to_owned(),
        sample: false,
        end_reason: String::new(),
        certno: String::new(),
        unit: None,
        refunded: None,
        elsewhere: None,
    };
    Change::Enrolment { effective: "2026-01-01".to_owned(), record }
}

fn form(fields: &[(&str, &str)]) -> FormData {
    let mut data = FormData::default();
    for (id, value) in fields {
        data.set(&FieldPath::single(id), value);
    }
    data
}

fn apply(effect: Effect, data: &FormData, register: &Register) -> Result<Vec<Change>, EffectRefusal> {
    apply_with(effect, None, data, register)
}

fn apply_with(
    effect: Effect,
    record: Option<&RecordSpec>,
    data: &FormData,
    register: &Register,
) -> Result<Vec<Change>, EffectRefusal> {
    let policy = PolicyPack::load(&[("entitlement.toml", ENTITLEMENT)]).unwrap();
    let context = EffectContext {
        effect,
        form: "test",
        record,
        today: day("2026-10-10"),
        prefix: "451424100",
        policy: &policy,
    };
    effects_of(data, None, register, &context)
}

#[test]
fn a_death_told_late_ends_every_year_enrolled_since() {
    let mut changes = vec![person("1", "甲", "C1", PersonStatus::Active)];
    changes.extend([2025, 2026, 2027].map(|year| enrolled("1", year)));
    let data = form(&[("psn_no", "1"), ("event_date", "2025-10-01"), ("cancel_rea", "1")]);
    let made = apply(Effect::CancelEnrolment, &data, &Register::with(changes)).unwrap();
    let ended: Vec<u16> = made
        .iter()
        .filter_map(|change| match change {
            Change::Enrolment { record, .. } if record.status == EnrolmentStatus::Ended => {
                Some(record.insu_year)
            }
            _ => None,
        })
        .collect();
    assert_eq!(ended, [2025, 2026, 2027], "enrolment for 2027 opened in September 2026 (003 A22)");
}

#[test]
fn an_ended_relation_is_not_ended_again() {
    let data =
        form(&[("psn_no", "1"), ("event_date", "2026-10-01"), ("cancel_rea", "1"), ("trans_kind", "1")]);
    for effect in [Effect::CancelEnrolment, Effect::Transfer] {
        let cancelled = Register::with(vec![person("1", "甲", "C1", PersonStatus::Cancelled)]);
        assert!(matches!(apply(effect, &data, &cancelled), Err(EffectRefusal::Cancelled { .. })));
        let void = Register::with(vec![person("1", "甲", "C1", PersonStatus::Void)]);
        assert!(matches!(apply(effect, &data, &void), Err(EffectRefusal::NotInRegister { .. })));
    }
}

/// A supplement that corrects the certificate number leaves the person number of the one before on the form.
#[test]
fn a_form_never_acts_on_another_person_than_it_names() {
    let register = Register::with(vec![
        person("1", "甲", "C1", PersonStatus::Active),
        person("2", "乙", "C2", PersonStatus::Active),
    ]);
    let mut data = form(&[("psn_no", "1"), ("certno", "C2"), ("event_date", "2026-10-01")]);
    let refused = apply(Effect::CancelEnrolment, &data, &register);
    assert!(matches!(refused, Err(EffectRefusal::OtherPerson { .. })), "{refused:?}");
    data.set(&FieldPath::single("certno"), "C1");
    assert!(apply(Effect::CancelEnrolment, &data, &register).is_ok());
    data.set(&FieldPath::single("psn_name"), "乙");
    assert!(matches!(
        apply(Effect::CancelEnrolment, &data, &register),
        Err(EffectRefusal::OtherPerson { .. })
    ));
}

fn household(members: &[(&str, &str, &str)]) -> FormData {
    let mut data = form(&[("insu_year", "2027"), ("sign_date", "2026-10-10"), ("householder_name", "甲")]);
    for (index, (name, certno, birth)) in members.iter().enumerate() {
        for (field, value) in
            [("psn_name", *name), ("certno", certno), ("birth_cert_no", birth), ("enrol_kind", "2")]
        {
            data.set(&FieldPath::cell("members", index, field), value);
        }
    }
    data
}

#[test]
fn one_person_stands_once_on_a_form_and_keeps_the_number() {
    let twice = household(&[("甲", "C1", ""), ("甲", "C1", "")]);
    let refused = apply(Effect::EnrolHousehold, &twice, &Register::default());
    assert!(matches!(refused, Err(EffectRefusal::Twice(_))), "{refused:?}");
    // A newborn who was registered with the birth certificate comes back with a certificate of their own.
    let newborn = Register::with(vec![person("7", "甲小", "B450001", PersonStatus::Active)]);
    let made = apply(Effect::EnrolHousehold, &household(&[("甲小", "C9", "B450001")]), &newborn).unwrap();
    assert!(made.iter().any(|c| c.key() == RecordKey::Person("7".into()) && c.rev() == 2), "{made:?}");
}

#[test]
fn a_new_number_is_never_one_that_was_taken_over() {
    let mut register = Register::with(vec![person("45142410000000002", "乙", "C2", PersonStatus::Active)]);
    register.serials = (1, 0);
    let made = apply(Effect::EnrolHousehold, &household(&[("甲", "C1", "")]), &register).unwrap();
    assert!(made.iter().any(|c| c.key() == RecordKey::Person("45142410000000003".into())), "{made:?}");
}

#[test]
fn what_was_void_before_is_void_after_a_second_reversal() {
    let transfer = |rev| {
        let record = TransferRecord {
            psn_no: "1".to_owned(),
            rev,
            kind: "2".to_owned(),
            old_area: String::new(),
            new_area: String::new(),
            date: "2026-10-10".to_owned(),
            periods: Vec::new(),
            void: false,
        };
        Change::Transfer { effective: "2026-10-10".to_owned(), record }
    };
    let mut register = Register::with(vec![transfer(1)]);
    let first = reverse(&[transfer(1)], day("2026-10-11"), &register).unwrap();
    register.play(&first);
    register.play(&[transfer(3)]);
    let second = reverse(&[transfer(3)], day("2026-10-12"), &register).unwrap();
    assert!(matches!(&second[..], [Change::Transfer { record, .. }] if record.void && record.rev == 4));
}

#[test]
fn an_enrolment_that_the_fund_paid_on_is_not_taken_back_before_the_claim() {
    let case = [person("1", "甲", "C1", PersonStatus::Active), enrolled("1", 2026)];
    let mut register = Register::with(case.to_vec());
    let used = |rev, fen| Change::Accumulation {
        effective: "2026-09-01".to_owned(),
        record: Accumulation {
            rev,
            fund_paid: Fen(fen),
            admissions: 1,
            ..Accumulation::empty("1", 2026, "inpatient")
        },
    };
    register.play(&[used(1, 618_750)]);
    let refused = reverse(&case, day("2026-10-10"), &register).unwrap_err();
    assert_eq!(refused, EffectRefusal::LaterChange(RecordKey::Enrolment("1".to_owned(), 2026)));
    // The claim was reversed: nothing is used any more.
    register.play(&[used(2, 0)]);
    assert_eq!(reverse(&case, day("2026-10-10"), &register).unwrap().len(), 2);
}

fn changes(rows: &[(&str, &str)]) -> FormData {
    let mut data = form(&[("psn_no", "1")]);
    for (index, (item, after)) in rows.iter().enumerate() {
        data.set(&FieldPath::cell("changes", index, "chg_item"), item);
        data.set(&FieldPath::cell("changes", index, "after"), after);
    }
    data
}

fn changed(rows: &[(&str, &str)], before: Change) -> Person {
    let made = apply(Effect::ChangePerson, &changes(rows), &Register::with(vec![before])).unwrap();
    match made.as_slice() {
        [Change::Person { record, .. }] => record.clone(),
        other => panic!("{other:?}"),
    }
}

/// Reference 6.6: the bank's spelling is recorded beside the name, and goes again when the bank has corrected it.
#[test]
fn the_banks_spelling_of_a_name_is_recorded_and_removed() {
    let spelled = changed(&[("10", "李YAN")], person("1", "李䶮", "C1", PersonStatus::Active));
    assert_eq!(spelled.get(PersonField::AccountNameAlias), "李YAN");
    assert_eq!(spelled.name(), "李䶮");
    let before = Change::Person { effective: "2026-02-01".to_owned(), record: spelled };
    let corrected = changed(&[("10", "")], before);
    assert_eq!(corrected.get(PersonField::AccountNameAlias), "");
}

/// 003 A7, A26: a newborn enrolled by its birth certificate gets its ID number later; the kind of certificate and the
/// birth follow the number, and the certificate it began with stays known.
#[test]
fn a_newborns_id_number_replaces_its_birth_certificate() {
    let Change::Person { effective, mut record } =
        person("1", "覃小芳之女", "U450123456", PersonStatus::Active)
    else {
        panic!("a person");
    };
    record.set(PersonField::CertType, "990201");
    record.set(PersonField::Birth, "2026-10-01");
    let named =
        changed(&[("01", "覃明月"), ("04", "451424202610020045")], Change::Person { effective, record });
    assert_eq!(named.name(), "覃明月");
    assert_eq!(named.get(PersonField::CertType), "01");
    assert_eq!(named.certno(), "451424202610020045");
    assert_eq!(named.get(PersonField::Birth), "2026-10-02");
    assert_eq!(named.get(PersonField::BirthCertificate), "U450123456");
}

fn roster(students: &[(&str, &str, &str)]) -> FormData {
    let mut data = form(&[("insu_year", "2027"), ("sign_date", "2026-10-10"), ("school_name", "桃城一小")]);
    for (index, (name, certno, village)) in students.iter().enumerate() {
        for (field, value) in [
            ("psn_name", *name),
            ("certno", certno),
            ("enrolled_in_village", village),
            ("enrol_kind", "1"),
            ("psn_type", "1403"),
            ("resd_loc_admdvs", "451424100000"),
            ("guardian_tel", "13900000017"),
            ("psn_clct_amt", "400.00"),
        ] {
            data.set(&FieldPath::cell("students", index, field), value);
        }
    }
    data
}

/// 003 A6, A9: a school registers each pupil once, without a household, and none that a village registered.
#[test]
fn a_school_registers_its_pupils_once_and_without_a_household() {
    let made =
        apply(Effect::EnrolStudents, &roster(&[("甲", "C1", "0"), ("乙", "C2", "0")]), &Register::default())
            .unwrap();
    let enrolments: Vec<&Enrolment> = made
        .iter()
        .filter_map(|change| match change {
            Change::Enrolment { record, .. } => Some(record),
            _ => None,
        })
        .collect();
    assert_eq!(enrolments.len(), 2);
    // Paid between 1 September and 31 December: the whole next year (A22).
    for record in enrolments {
        assert_eq!(record.unit.as_deref(), Some("桃城一小"));
        assert_eq!(
            (record.entitled_from.as_str(), record.entitled_to.as_str()),
            ("2027-01-01", "2027-12-31")
        );
        assert_eq!(record.personal, Fen(40_000));
    }
    let household = made.iter().find(|change| matches!(change, Change::Household { .. }));
    assert_eq!((made.len(), household), (4, None));
    let Some(Change::Person { record, .. }) = made.first() else { panic!("{made:?}") };
    assert_eq!((record.household_no.as_str(), record.get(PersonField::Phone)), ("", "13900000017"));
    assert_eq!(record.get(PersonField::Village), "451424100000");
    for (roster, known, refusal) in [
        (roster(&[("甲", "C1", "0"), ("甲", "C1", "0")]), None, "twice"),
        (roster(&[("甲", "C1", "1")]), None, "enrolled"),
        (roster(&[("甲", "C1", "0")]), Some(enrolled("1", 2027)), "enrolled"),
    ] {
        let mut register = Register::with(vec![person("1", "甲", "C1", PersonStatus::Active)]);
        register.play(known.as_slice());
        let said = apply(Effect::EnrolStudents, &roster, &register).unwrap_err().to_string();
        assert!(said.contains(refusal), "{said}");
    }
}

/// A pupil whom the register knows keeps household and village; a roster that names a village wins.
#[test]
fn a_known_pupil_keeps_the_household() {
    let Change::Person { effective, mut record } = person("1", "甲", "C1", PersonStatus::Active) else {
        panic!("a person");
    };
    record.household_no = "H1".to_owned();
    record.set(PersonField::Village, "451424100001");
    let register = Register::with(vec![Change::Person { effective, record }]);
    let made = apply(Effect::EnrolStudents, &roster(&[("甲", "C1", "0")]), &register).unwrap();
    let Some(Change::Person { record, .. }) = made.first() else { panic!("{made:?}") };
    assert_eq!((record.household_no.as_str(), record.rev), ("H1", 2));
    assert_eq!(record.get(PersonField::Village), "451424100001", "a township is less than a village");
}

/// A rule of the whole year counts all benefits, a rule of the benefit its own; a record from before layers has none.
#[test]
fn a_year_is_put_together_from_its_benefits() {
    let layer = |base, paid| LayerUse { base: Fen(base), paid: Fen(paid) };
    let stays = Accumulation {
        fund_paid: Fen(500),
        deductible_paid: Fen(30),
        admissions: 2,
        big_illness: layer(900, 40),
        ..Accumulation::empty("1", 2026, "inpatient")
    };
    let quotas = vec![QuotaUse { dise_codg: "M01".to_owned(), quarter: 2, amount: Fen(70) }];
    let chronic = Accumulation {
        fund_paid: Fen(70),
        big_illness: layer(100, 0),
        quotas: quotas.clone(),
        ..Accumulation::empty("1", 2026, "chronic")
    };
    let records = [stays.clone(), chronic];
    let seen = Accumulation::year_to_date(&records, "inpatient").unwrap();
    assert_eq!((seen.fund_paid, seen.deductible_paid, seen.admissions), (Fen(500), Fen(30), 2));
    assert_eq!((seen.basic_paid, seen.big_illness, &seen.quotas), (Fen(570), layer(1_000, 40), &quotas));
    let other = Accumulation::year_to_date(&records, "outpatient").unwrap();
    assert_eq!((other.fund_paid, other.basic_paid, other.admissions), (Fen(0), Fen(570), 0));
    assert_eq!(Accumulation::year_to_date(&[], "inpatient"), Some(YearToDate::default()));
    let empty = Accumulation::empty("1", 2026, "inpatient");
    assert_eq!(empty.clone().holding(stays.used()), Accumulation { rev: 0, ..stays });
    assert!(!empty.paid());
}

/// A record as it was written before there were layers and quotas.
#[derive(minicbor::Encode)]
#[cbor(map)]
struct OldAccumulation<'a> {
    #[n(0)]
    psn_no: &'a str,
    #[n(1)]
    year: u16,
    #[n(2)]
    rev: u32,
    #[n(3)]
    fund_paid: Fen,
    #[n(4)]
    deductible_paid: Fen,
    #[n(5)]
    admissions: u32,
    #[n(6)]
    benefit: &'a str,
}

#[test]
fn a_year_from_before_the_layers_is_read_with_nothing_in_them() {
    let old = OldAccumulation {
        psn_no: "1",
        year: 2026,
        rev: 3,
        fund_paid: Fen(618_750),
        deductible_paid: Fen(30_000),
        admissions: 1,
        benefit: "inpatient",
    };
    let read: Accumulation = minicbor::decode(&minicbor::to_vec(&old).unwrap()).unwrap();
    let expected = Accumulation {
        rev: 3,
        fund_paid: Fen(618_750),
        deductible_paid: Fen(30_000),
        admissions: 1,
        ..Accumulation::empty("1", 2026, "inpatient")
    };
    assert_eq!(read, expected);
    assert_eq!(read.used().basic_paid, Fen(618_750), "it counts where a rule runs over all benefits");
}
