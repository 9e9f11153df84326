//! The five kinds of case to their effect: which records change, how, and what was known before.

use xiangbao_core::money::Fen;
use xiangbao_core::register::{Change, EnrolmentStatus, PersonField as F, PersonStatus, RecordKey};

use super::desk::Office;

#[test]
fn an_enrolment_takes_in_the_family_and_gives_the_newborn_a_number() {
    let office = Office::new();
    let family = office.town.cast.family.clone();
    let before = office.now();
    let case_id = office.effective(&office.play("DJ"));
    let snapshot = office.station.snapshot().unwrap();
    // The window of 003 A22 is open in November: the year is the next one. 400 yuan is the sample standard.
    assert_eq!(family.insu_year, 2027);
    for psn_no in &family.members {
        let enrolment = snapshot.enrolment(psn_no, 2027).unwrap().unwrap();
        assert_eq!(enrolment.status, EnrolmentStatus::Normal);
        assert_eq!(
            (enrolment.entitled_from.as_str(), enrolment.entitled_to.as_str()),
            ("2027-01-01", "2027-12-31")
        );
        assert_eq!(
            (enrolment.standard, enrolment.aid, enrolment.personal),
            (Fen(40_000), Fen(0), Fen(40_000))
        );
        assert!(enrolment.sample);
        // What was known in the morning: nothing of 2027, the person as taken over.
        let key = RecordKey::Enrolment(psn_no.clone(), 2027);
        assert!(snapshot.known_at(&key, before).unwrap().is_none());
        let person = RecordKey::Person(psn_no.clone());
        let known = snapshot.known_at(&person, before).unwrap().unwrap();
        assert_eq!((known.change.rev(), known.case_id), (1, None));
        let history = snapshot.history(&person).unwrap();
        assert_eq!(history.iter().map(|version| version.change.rev()).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(history[1].case_id, Some(case_id));
    }
    // The newborn is the next number of the register, in the same household.
    let newborn = office.person(&format!("{}{:08}", office.town.prefix, office.town.persons + 1));
    assert_eq!(newborn.name(), family.newborn.name);
    assert_eq!(newborn.certno(), family.newborn.birth_certificate);
    assert_eq!((newborn.rev, newborn.household_no.as_str()), (1, family.household_no.as_str()));
    assert_eq!(snapshot.members(&family.household_no).unwrap().len(), 5);
    assert_eq!(snapshot.household(&family.household_no).unwrap().unwrap().rev, 2);
    // Found by every key at once.
    let clerk = office.actor("c1");
    for query in [newborn.name(), newborn.certno(), newborn.psn_no.as_str()] {
        let rows = office.station.find_persons(&clerk, query).unwrap();
        assert!(rows.iter().any(|row| row.psn_no == newborn.psn_no), "{query}");
    }
    office.verified();
}

#[test]
fn a_change_keeps_what_was_known_before() {
    let office = Office::new();
    let mover = office.town.cast.mover.clone();
    let old = office.town.person(&mover.psn_no).unwrap().clone();
    let before = office.now();
    office.effective(&office.play("BG"));
    let now = office.person(&mover.psn_no);
    assert_eq!(
        (now.rev, now.get(F::Phone), now.get(F::LivingAddress)),
        (2, mover.phone.as_str(), mover.address.as_str())
    );
    // Nothing else moved.
    for field in F::ALL.into_iter().filter(|field| !matches!(field, F::Phone | F::LivingAddress)) {
        assert_eq!(now.get(field), old.get(field), "{}", field.id());
    }
    let snapshot = office.station.snapshot().unwrap();
    let key = RecordKey::Person(mover.psn_no.clone());
    let known = snapshot.known_at(&key, before).unwrap().unwrap();
    let Change::Person { record, .. } = known.change else { panic!("{known:?}") };
    assert_eq!(record, old);
    assert!(snapshot.known_at(&key, before - 86_400_000).unwrap().is_none());
    // The old number finds nobody any more, the new one does.
    let clerk = office.actor("c1");
    let found = |query: &str| {
        let rows = office.station.find_persons(&clerk, query).unwrap();
        rows.iter().any(|row| row.psn_no == mover.psn_no)
    };
    assert!(found(&mover.phone) && !found(old.get(F::Phone)));
    office.verified();
}

#[test]
fn a_cancellation_ends_the_cover_on_the_day_of_death() {
    let office = Office::new();
    let elder = office.town.cast.deceased.clone();
    office.effective(&office.play("ZX"));
    assert_eq!(office.person(&elder.psn_no).status, PersonStatus::Cancelled);
    let snapshot = office.station.snapshot().unwrap();
    let ended = snapshot.enrolment(&elder.psn_no, 2026).unwrap().unwrap();
    // The day of death is the last covered day (reference 5.1); reason 1 is death.
    assert_eq!(
        (ended.status, ended.entitled_to.as_str()),
        (EnrolmentStatus::Ended, elder.died.to_string().as_str())
    );
    assert_eq!((ended.end_reason.as_str(), ended.rev), ("1", 2));
    // The year before is as it was.
    let before = snapshot.enrolment(&elder.psn_no, 2025).unwrap().unwrap();
    assert_eq!((before.status, before.rev), (EnrolmentStatus::Normal, 1));
    let rows = office.station.find_persons(&office.actor("c1"), &elder.psn_no).unwrap();
    assert_eq!(rows[0].standing, "已注销");
    office.verified();
}

#[test]
fn a_transfer_out_ends_the_relation_and_keeps_the_record() {
    let office = Office::new();
    let leaver = office.town.cast.leaver.psn_no.clone();
    office.effective(&office.play("ZY"));
    let snapshot = office.station.snapshot().unwrap();
    let record = snapshot.transfer(&leaver).unwrap().unwrap();
    assert_eq!(
        (record.kind.as_str(), record.old_area.as_str(), record.new_area.as_str()),
        ("1", "崇左市", "南宁市")
    );
    assert_eq!(record.date, "2026-11-20");
    let period = &record.periods[0];
    assert_eq!(
        (period.begin.as_str(), period.end.as_str(), period.insutype.as_str()),
        ("2025-01", "2025-12", "390")
    );
    let ended = snapshot.enrolment(&leaver, 2026).unwrap().unwrap();
    // 003 A15: transfer out is reason 3.
    assert_eq!((ended.status, ended.end_reason.as_str()), (EnrolmentStatus::Ended, "3"));
    assert_eq!(ended.entitled_to, "2026-11-20");
    assert_eq!(office.person(&leaver).status, PersonStatus::Cancelled);
    office.verified();
}

#[test]
fn a_reimbursement_fixes_amounts_invoices_and_the_year() {
    let office = Office::new();
    let patient = office.town.cast.inpatient.psn_no.clone();
    let case_id = office.effective(&office.play("BX"));
    let settled = office.case(&case_id).settlement.unwrap();
    // 10,000.00 = 6,000.00 甲 + 3,000.00 乙 + 1,000.00 丙. Samples: 乙 pays 15 % first = 450.00; 丙 is fully own.
    // In scope 6,000.00 + 2,550.00 = 8,550.00; level 2: 300.00 deductible, 75 %: 8,250.00 × 0.75 = 6,187.50.
    assert_eq!(settled.medfee_sumamt, Fen(1_000_000));
    assert_eq!((settled.fulamt_ownpay_amt, settled.preselfpay_amt), (Fen(100_000), Fen(45_000)));
    assert_eq!((settled.inscp_scp_amt, settled.act_pay_dedc), (Fen(855_000), Fen(30_000)));
    assert_eq!((settled.fund_pay_sumamt, settled.psn_part_amt), (Fen(618_750), Fen(381_250)));
    assert!(settled.sample && settled.trace.iter().any(|step| step.formula == "8,250.00 × 75%"));
    let snapshot = office.station.snapshot().unwrap();
    let used = snapshot.accumulation(&patient, 2026, &settled.benefit).unwrap().unwrap();
    assert_eq!((used.fund_paid, used.deductible_paid, used.admissions), (Fen(618_750), Fen(30_000), 1));
    for number in ["00345671", "00345672"] {
        let invoice =
            snapshot.record(&RecordKey::Invoice(number.to_owned(), "大新县示例医院".to_owned())).unwrap();
        assert!(matches!(invoice, Some(Change::Invoice { used: true, psn_no, .. }) if psn_no == patient));
    }
    // A reimbursement changes nothing about the person.
    assert_eq!(office.person(&patient).rev, 1);
    office.verified();
}
