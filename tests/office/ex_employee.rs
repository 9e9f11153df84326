//! Somebody who comes from employee insurance, under the rules of Huaibei (seed 004, question 4): what the form asks, the days
//! it gives, and those of a later booking. Days as in the policy texts 09 to 11 of `seed/policy/huaibei-2021/cases`.

use xiangbao::app::{AppError, Draft, Library};
use xiangbao_core::form::{FieldPath, shown_fields};
use xiangbao_core::money::Fen;
use xiangbao_core::register::{Collected, Enrolment, book};

use super::desk::{Office, cell, field};

/// An office that follows the policy of Huaibei, on a day of question 4.
fn office() -> Office {
    Office::furnished("2022-03-10", |folder| {
        std::fs::write(folder.join("office.toml"), "area = \"huaibei-2021\"\n").unwrap();
    })
}

/// A household of one, with what is said of the time before.
fn draft(office: &Office, before: &[(&str, &str)]) -> Draft {
    let clerk = office.actor("c1");
    let mut draft = office.station.open_draft(&clerk, "DJ", None).unwrap();
    let mut values: Vec<(FieldPath, &str)> = [
        ("admdvs12", "451424100001"),
        ("resdbook_no", "451424100299999"),
        ("householder_name", "农建国"),
        ("householder_cert_type", "01"),
        ("householder_certno", "45142419680312001X"),
        ("family_cnt", "1"),
        ("insured_cnt", "1"),
        ("hsreg_addr", "大新县桃城镇新城社区三组17号"),
        ("live_addr", "大新县桃城镇新城社区三组17号"),
        ("mob", "13900000017"),
        ("insu_year", "2022"),
        ("deduct_flag", "0"),
        ("village_opinion", "情况属实"),
        ("village_assistant", "李协六"),
        ("village_date", "2022-03-10"),
        ("sign_name", "农建国"),
        ("sign_date", "2022-03-10"),
    ]
    .map(|(id, value)| (field(id), value))
    .into();
    let member = [
        ("psn_name", "农建国"),
        ("psn_cert_type", "01"),
        ("certno", "45142419680312001X"),
        ("gend", "1"),
        ("naty", "08"),
        ("brdy", "1968-03-12"),
        ("patn_rlts", "02"),
        ("enrol_kind", "6"),
        ("psn_type", "15"),
    ];
    values.extend(member.iter().chain(before).map(|(id, value)| (cell("members", 0, id), *value)));
    for (path, value) in &values {
        office.station.save_field(&mut draft, path, value).unwrap();
    }
    office.settle_papers(&mut draft);
    draft
}

/// The enrolment that a draft becomes.
fn enrolled(office: &Office, before: &[(&str, &str)]) -> Enrolment {
    let case_id = office.accept(&office.actor("c1"), &draft(office, before)).unwrap().case_id;
    office.pass(&case_id, &["c2", "r1", "a1"]);
    assert_eq!(office.status(&case_id), "已生效");
    let snapshot = office.station.snapshot().unwrap();
    let person = office.case(&case_id).filing.persons.first().cloned();
    let known = office.station.find_persons(&office.actor("c1"), "45142419680312001X").unwrap();
    let psn_no = person.unwrap_or_else(|| known[0].psn_no.clone());
    snapshot.enrolment(&psn_no, 2022).unwrap().unwrap()
}

#[test]
fn a_short_gap_after_two_years_is_covered_at_once_and_a_later_booking_counts_anew() {
    let office = office();
    // The text 09: a gap of one month (February) after two years of service, paid on 10 March: H5, from that day.
    let enrolment = enrolled(&office, &[("last_covered", "2022-01-31"), ("service_years", "2")]);
    assert_eq!(
        (enrolment.entitled_from.as_str(), enrolment.entitled_to.as_str()),
        ("2022-03-10", "2022-12-31")
    );
    assert_eq!(enrolment.entitlement_rule, "H5");
    // The money comes later: in May three months lie between, in June four, and six months of waiting (H7) begin.
    let snapshot = office.station.snapshot().unwrap();
    let booked = |day: &str| {
        let money = Collected {
            psn_no: enrolment.psn_no.clone(),
            year: 2022,
            amount: Fen(32_000),
            day: day.parse().unwrap(),
            way: xiangbao_core::register::BY_BANK.to_owned(),
            source: "DK".to_owned(),
        };
        let booking = book(&money, &snapshot, &office.station.library().policy).unwrap();
        assert_eq!(booking.notes, Vec::<String>::new());
        let found = booking.changes.into_iter().find_map(|change| match change {
            xiangbao_core::register::Change::Enrolment { record, .. } => Some(record),
            _ => None,
        });
        found.map(|record| (record.entitled_from, record.entitlement_rule)).unwrap()
    };
    assert_eq!(booked("2022-05-10"), ("2022-05-10".to_owned(), "H5".to_owned()));
    assert_eq!(booked("2022-06-10"), ("2022-12-10".to_owned(), "H7".to_owned()));
    office.verified();
}

#[test]
fn a_long_gap_waits_six_months_and_a_short_service_is_a_question() {
    let office = office();
    // The text 11: two months, but only one year: the document is silent.
    let clerk = office.actor("c1");
    let short = draft(&office, &[("gap_months", "2"), ("service_years", "1")]);
    let refused = office.accept(&clerk, &short).unwrap_err();
    assert!(refused.zh().contains("请示"), "{}", refused.zh());
    office.station.discard_draft(&short).unwrap();
    // The text 10: four months, paid on 10 March: from 10 September.
    let enrolment = enrolled(&office, &[("gap_months", "4"), ("service_years", "5")]);
    assert_eq!((enrolment.entitled_from.as_str(), enrolment.entitlement_rule.as_str()), ("2022-09-10", "H7"));
}

#[test]
fn what_is_needed_is_asked_for_in_that_area_alone() {
    let office = office();
    let silent = draft(&office, &[]);
    let found = office.station.check_draft(&silent).unwrap();
    let at: Vec<String> = found.iter().map(|finding| finding.path.to_string()).collect();
    assert_eq!(at, ["members.0.last_covered"]);
    let refused = office.accept(&office.actor("c1"), &silent).unwrap_err();
    assert!(matches!(refused, AppError::Findings(_)), "{refused:?}");
    // What the payment buys is said at the window, with the day.
    let told = draft(&office, &[("last_covered", "2022-01-31"), ("service_years", "2")]);
    let outlook = office.station.outlook(&told).unwrap();
    let said = |words: &str| outlook.iter().flat_map(|one| &one.lines).any(|line| line.text.contains(words));
    assert!(said("2022-03-10 至 2022-12-31"), "{outlook:?}");

    let asked = |office: &Office| {
        let draft = draft(office, &[]);
        let def = &office.station.library().form("DJ").unwrap().def;
        let shown = shown_fields(def, &draft.data, &office.station.eval_context());
        let papers: Vec<String> =
            office.station.materials_due(&draft).unwrap().iter().map(|paper| paper.id.clone()).collect();
        let columns = ["last_covered", "gap_months", "service_years"];
        (
            columns.map(|id| shown.contains(&cell("members", 0, id))),
            papers.contains(&"employee_record".to_owned()),
        )
    };
    assert_eq!(asked(&office), ([true; 3], true));
    let guangxi = Office::furnished("2022-03-10", |_| {});
    assert_eq!(asked(&guangxi), ([false; 3], false));
}

/// A slip of the pen in the office's settings is named where it stands, not taken for the region's law.
#[test]
fn an_area_without_a_policy_is_no_area() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("office.toml"), "area = \"huaibei-2012\"\n").unwrap();
    let Err(error) = Library::load(Some(folder.path())) else { panic!("loaded") };
    let [fault] = &error.0[..] else { panic!("{error}") };
    assert!(fault.file == "office.toml" && fault.message.contains("huaibei-2012"), "{fault}");
    assert!(fault.fix.contains("policy list"), "{fault}");
}
