//! The township against the product's own checks and against coarse expectations of a rural township.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use xiangbao_core::code::CodeBook;
use xiangbao_core::identity::{check_account, check_certificate, check_name};
use xiangbao_core::register::{Enrolment, PersonField as F};

use super::*;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn seed(name: &str) -> String {
    std::fs::read_to_string(format!("{}/seed/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

pub(super) fn policy() -> PolicyPack {
    let files: Vec<(String, String)> =
        ["catalogue", "contribution", "entitlement", "settlement-inpatient", "settlement-outpatient"]
            .map(|topic| (format!("{topic}.toml"), seed(&format!("policy/guangxi-2017/{topic}.toml"))))
            .into();
    PolicyPack::load(&files).unwrap()
}

pub(super) fn codes() -> CodeBook {
    let files = ["codes/national.csv", "codes/local.csv", "divisions/guangxi.csv"];
    let texts = files.map(|name| (name, seed(name)));
    CodeBook::from_csv(&texts.each_ref().map(|(name, text)| (*name, text.as_str()))).unwrap()
}

fn drawn(households: usize, today: &str) -> Township {
    township(SEED, households, day(today), &policy()).unwrap()
}

fn enrolments(town: &Township) -> impl Iterator<Item = &Enrolment> {
    town.changes.iter().filter_map(|change| match change {
        Change::Enrolment { record, .. } => Some(record),
        _ => None,
    })
}

fn enrolled<'a>(town: &'a Township, psn_no: &str, year: u16) -> Option<&'a Enrolment> {
    enrolments(town).find(|record| record.psn_no == psn_no && record.insu_year == year)
}

const TODAY: &str = "2026-11-21";

#[test]
fn every_person_passes_the_checks_of_the_product() {
    let (town, codes) = (drawn(300, TODAY), codes());
    for person in town.people() {
        let name = check_name(person.name()).unwrap();
        assert_eq!((name.normal.as_str(), name.notes.len()), (person.name(), 0));
        let paper = check_certificate(person.get(F::CertType), person.certno(), day(TODAY)).unwrap();
        assert_eq!((paper.normal.as_str(), paper.notes.len()), (person.certno(), 0));
        if person.get(F::CertType) == "01" {
            assert_eq!(paper.sex_code, Some(person.get(F::Sex)));
            assert_eq!(paper.birth.unwrap().to_string(), person.get(F::Birth));
        } else {
            assert_eq!(person.get(F::BirthCertificate), person.certno());
        }
        for field in [F::CertType, F::Sex, F::Ethnicity, F::HouseholdKind, F::Relation, F::Category] {
            assert!(codes.entry(field.id(), person.get(field)).is_some(), "{field:?} of {person:?}");
        }
        for field in [F::SpecialIdentity, F::BankCode, F::AccountKind] {
            let code = person.get(field);
            assert!(code.is_empty() || codes.entry(field.id(), code).is_some(), "{field:?} {code}");
        }
        assert_eq!(person.get(F::SpecialIdentity).is_empty(), person.get(F::SpecialCertificate).is_empty());
        let village = codes.entry("divisions", person.get(F::Village)).unwrap();
        assert_eq!(village.parent.as_deref(), Some("451424100000"));
        if !person.get(F::BankAccount).is_empty() {
            let account = check_account(person.get(F::AccountKind), person.get(F::BankAccount));
            assert_eq!(account.unwrap(), person.get(F::BankAccount));
            assert_eq!(person.get(F::AccountName), person.name());
        }
    }
    for record in enrolments(&town) {
        assert!(codes.entry("psn_type", &record.psn_type).is_some());
        assert!(codes.entry("enrol_kind", &record.enrol_kind).is_some());
    }
}

#[test]
fn numbers_continue_where_the_register_would_and_stand_once() {
    let town = drawn(300, TODAY);
    let mut seen = BTreeSet::new();
    for (index, person) in town.people().enumerate() {
        assert_eq!(person.psn_no, format!("451424100{:08}", index + 1));
        assert_eq!(person.rev, 1);
        for field in [F::CertNo, F::BankAccount, F::Phone] {
            let value = person.get(field);
            assert!(value.is_empty() || seen.insert(value.to_owned()), "{value} stands twice");
        }
        assert_eq!(town.household(&person.household_no).unwrap().admdvs12, person.get(F::Village));
    }
    let households: Vec<_> = town
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Household { record, .. } => Some(record),
            _ => None,
        })
        .collect();
    assert_eq!((town.households, households.len()), (300, 300));
    let books: BTreeSet<_> = households.iter().map(|home| &home.resdbook_no).collect();
    assert_eq!(books.len(), 300);
    for (index, home) in households.iter().enumerate() {
        assert_eq!(home.household_no, format!("H451424100{:07}", index + 1));
        let head = town.person(&home.head_psn_no).unwrap();
        assert_eq!((head.name(), head.get(F::Relation)), (home.head_name.as_str(), "02"));
    }
    let keys: BTreeSet<_> = town.changes.iter().map(Change::key).collect();
    assert_eq!(keys.len(), town.changes.len(), "no record has two first revisions");
}

#[test]
fn the_same_seed_gives_the_same_township_whatever_its_size() {
    let (small, large) = (drawn(40, TODAY), drawn(300, TODAY));
    assert_eq!(small.changes, drawn(40, TODAY).changes);
    assert_eq!(small.changes.as_slice(), &large.changes[..small.changes.len()]);
    assert_eq!(small.cast, large.cast);
    let other = township(SEED + 1, 40, day(TODAY), &policy()).unwrap();
    assert_ne!(other.changes, small.changes);
}

/// Coarse: what a rural township of Guangxi looks like, and the shares that the issue asks for.
#[test]
fn the_mix_is_that_of_a_rural_township() {
    let (town, today) = (drawn(HOUSEHOLDS, TODAY), day(TODAY));
    let all = town.people().count();
    assert!((9_300..11_700).contains(&all), "{all} persons");
    let share =
        |test: &dyn Fn(&Person) -> bool| town.people().filter(|person| test(person)).count() * 1000 / all;
    let age = |person: &Person| today.years_since(day(person.get(F::Birth))).unwrap();
    let mut shares = BTreeMap::new();
    let mut expect = |name, found: usize, range: std::ops::Range<usize>| {
        shares.insert(name, (found, range));
    };
    expect("elders", share(&|person| age(person) >= 60), 140..260);
    expect("minors", share(&|person| age(person) < 18), 200..330);
    expect("infants", share(&|person| age(person) == 0), 3..20);
    expect("without ID number", share(&|person| person.get(F::CertType) == "990201"), 1..8);
    expect("students", share(&|person| person.get(F::Category) == "1404"), 5..40);
    expect("men", share(&|person| person.get(F::Sex) == "1"), 480..540);
    expect("Zhuang", share(&|person| person.get(F::Ethnicity) == "08"), 880..960);
    expect("special", share(&|person| !person.get(F::SpecialIdentity).is_empty()), 40..120);
    expect("allowance", share(&|person| person.get(F::SpecialIdentity) == "2303"), 10..50);
    expect("five guarantees", share(&|person| person.get(F::SpecialIdentity) == "2307"), 1..10);
    expect("disabled", share(&|person| person.get(F::SpecialIdentity) == "2308"), 5..25);
    expect("commonest surname", share(&|person| person.name().starts_with('黄')), 100..180);
    let rare = |person: &Person| person.name().contains(['䶮', '㼆', '𬱖', '彧', '頔', '𠮷']);
    expect("rare characters", share(&rare), 2..10);
    expect("middle dots", share(&|person| person.name().contains('·')), 1..6);
    let year = u16::try_from(today.year()).unwrap();
    let paid = |year| enrolments(&town).filter(|record| record.insu_year == year).count();
    assert_eq!(paid(year), usize::try_from(town.enrolled).unwrap());
    expect("enrolled", paid(year) * 1000 / all, 905..935);
    expect("enrolled before", paid(year - 1) * 1000 / all, 860..930);
    for (name, (found, range)) in shares {
        assert!(range.contains(&found), "{name}: {found} per mille, expected {range:?}");
    }
    let households: BTreeMap<_, usize> = town.people().fold(BTreeMap::new(), |mut sizes, person| {
        *sizes.entry(&person.household_no).or_default() += 1;
        sizes
    });
    assert!(households.values().all(|size| (1..=12).contains(size)), "annex 1 has twelve rows");
}

/// Reference 6.1 trap 1: 452130 until the reform, other old divisions only with those who married in.
#[test]
fn old_people_have_old_divisions() {
    let town = drawn(300, TODAY);
    let (mut old, mut all) = (0, 0);
    for person in
        town.people().filter(|person| person.get(F::CertType) == "01" && !person.name().contains('·'))
    {
        let before = day(person.get(F::Birth)) < day("2003-01-01");
        let prefix = if before { "4521" } else { "4514" };
        assert!(person.certno().starts_with(prefix), "{}", person.certno());
        all += usize::from(before);
        old += usize::from(before && person.certno().starts_with("452130"));
    }
    assert!(old * 100 / all >= 85, "{old} of {all}");
}

#[test]
fn enrolments_follow_the_policy() {
    let town = drawn(300, TODAY);
    for record in enrolments(&town) {
        let year = record.insu_year;
        let birth = town.person(&record.psn_no).unwrap().get(F::Birth).to_owned();
        let newborn = record.enrol_kind == "4";
        assert_eq!(record.entitled_to, format!("{year}-12-31"));
        // 003 A22: 1 January for those who paid in the window, the birth for newborns.
        let from = if newborn { birth.clone() } else { format!("{year}-01-01") };
        assert_eq!(record.entitled_from, from, "{record:?}");
        assert_eq!(newborn, birth.starts_with(&year.to_string()));
        assert_eq!(record.rev, 1);
        // reference 4.2: both years are unverified (GK), 400 yuan; aid goes to the account (003 A27).
        assert_eq!((record.standard.0, record.aid.0, record.personal.0), (40_000, 0, 40_000));
        assert!(record.sample);
    }
    // The verified standard of 2017 pays for 2018: 180 yuan; the reading of a newborn's term is no sample either.
    let early = drawn(40, "2018-11-21");
    let verified = enrolments(&early).filter(|record| record.insu_year == 2018 && record.enrol_kind == "2");
    let amounts: BTreeSet<_> = verified.map(|record| (record.standard.0, record.sample)).collect();
    assert_eq!(amounts, BTreeSet::from([(18_000, false)]));
}

/// Nothing is true before a person is born or after today.
#[test]
fn days_are_in_order() {
    for today in ["2026-01-01", "2026-02-28", "2026-08-31", TODAY, "2028-02-29"] {
        let town = drawn(120, today);
        let births: BTreeMap<_, _> =
            town.people().map(|person| (person.psn_no.clone(), person.get(F::Birth).to_owned())).collect();
        for change in &town.changes {
            let (effective, psn_no) = match change {
                Change::Person { effective, record } => (effective, Some(&record.psn_no)),
                Change::Enrolment { effective, record } => (effective, Some(&record.psn_no)),
                Change::Household { effective, .. } => (effective, None),
                other => panic!("unexpected {other:?}"),
            };
            assert!(effective.as_str() <= today, "{change:?}");
            assert!(psn_no.is_none_or(|psn_no| births[psn_no] < *effective), "{change:?}");
        }
    }
}

#[test]
fn the_cast_can_play_on_any_day() {
    for today in ["2026-01-03", "2026-06-30", "2026-08-31", "2026-09-01", TODAY, "2027-12-31"] {
        for seed in [SEED, 1, 2, 3] {
            let town = township(seed, 0, day(today), &policy()).unwrap();
            plays(&town, day(today));
        }
    }
}

fn plays(town: &Township, today: NaiveDate) {
    let cast = &town.cast;
    let year = u16::try_from(today.year()).unwrap();
    let age = |psn_no: &str| today.years_since(day(town.person(psn_no).unwrap().get(F::Birth))).unwrap();
    let roles = [&cast.mover.psn_no, &cast.deceased.psn_no, &cast.leaver.psn_no, &cast.inpatient.psn_no];
    let distinct: BTreeSet<_> = roles.into_iter().chain(&cast.family.members).collect();
    assert_eq!(distinct.len(), 8);
    for psn_no in roles {
        assert!(enrolled(town, psn_no, year).is_some() && enrolled(town, psn_no, year - 1).is_some());
    }
    assert_eq!([45, 86, 26, 57].as_slice(), roles.map(|psn_no| age(psn_no)).as_slice());
    let due = if today.month() >= 9 { year + 1 } else { year };
    assert_eq!(cast.family.insu_year, due);
    assert_eq!(cast.family.members.len(), 4);
    assert_eq!(cast.family.members[0], cast.family.head);
    for psn_no in &cast.family.members {
        assert!(enrolled(town, psn_no, due).is_none());
        assert!(enrolled(town, psn_no, due - 1).is_some() && enrolled(town, psn_no, due - 2).is_some());
        assert_eq!(town.person(psn_no).unwrap().household_no, cast.family.household_no);
    }
    let newborn = &cast.family.newborn;
    assert!(check_certificate("990201", &newborn.birth_certificate, today).unwrap().notes.is_empty());
    assert_eq!((today - newborn.birth).num_days(), 24);
    let head = town.person(&cast.family.head).unwrap();
    assert_eq!(newborn.name.chars().next(), head.name().chars().next());
    assert!(town.people().all(|person| person.certno() != newborn.birth_certificate));
    assert_eq!(town.person(&cast.deceased.heir).unwrap().household_no, cast.deceased.household_no);
    for person in town.people().take(15).filter(|person| age(&person.psn_no) >= 16) {
        assert!(!person.get(F::BankAccount).is_empty() && !person.get(F::Phone).is_empty());
        assert!(person.get(F::SpecialIdentity).is_empty());
        assert!(person.name().chars().all(|found| ('\u{4e00}'..='\u{9fa5}').contains(&found)));
    }
}
