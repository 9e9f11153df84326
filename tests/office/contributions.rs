//! Contributions whatever way they come (003 A23-A25, A95): named on the enrolment, booked by voucher afterwards, or deducted;
//! once, in one place that roster, call list and proof read, and twice is a finding that leads to TF.

use xiangbao::app::{CallOrder, PaidOrder, RosterOrder};
use xiangbao_core::money::{Fen, parse_yuan};

use super::desk::{Office, cell, field, with};
use super::roster::{CARD, YEAR, agreement, collected, due, family};

/// 003 A22: the year of the demo's family, and what its members pay together.
fn paid_at_the_counter(office: &Office, day: &str, voucher: &str) -> (xiangbao::demo::plays::Play, Fen) {
    let plain = office.play("DJ");
    let draft = office.draft(&office.actor("c1"), &plain);
    let rows = draft.data.rows("members");
    let sum: i64 = rows.iter().map(|row| parse_yuan(&row["psn_clct_amt"]).unwrap().0).sum();
    let values = [
        (field("clct_way"), "11"),
        (field("clct_date"), day),
        (field("clct_sumamt"), &Fen(sum).to_yuan()),
        (field("clct_voucher"), voucher),
    ];
    (with(plain, &values), Fen(sum))
}

#[test]
fn what_the_enrolment_names_is_booked_once_and_read_everywhere() {
    let office = Office::new();
    let (play, sum) = paid_at_the_counter(&office, "2026-11-18", "DS0001");
    let case_id = office.effective(&play);
    let members = office.town.cast.family.members.clone();
    let snapshot = office.station.snapshot().unwrap();
    let mut booked = 0;
    for psn_no in &members {
        let enrolled = snapshot.enrolment(psn_no, 2027).unwrap().unwrap();
        // 003 A22 p1: paid between September and December, the whole new year is covered.
        assert_eq!(
            (enrolled.entitled_from.as_str(), enrolled.entitled_to.as_str()),
            ("2027-01-01", "2027-12-31")
        );
        let paid = snapshot.contribution(psn_no, 2027).unwrap();
        assert_eq!(paid.is_some(), enrolled.personal > Fen::ZERO, "who owes nothing pays nothing");
        let Some(paid) = paid else { continue };
        assert_eq!(
            (paid.amount, paid.way.as_str(), paid.source.as_str()),
            (enrolled.personal, "11", "DS0001")
        );
        assert_eq!(paid.paid_on, "2026-11-18");
        booked += paid.amount.0;
    }
    assert!(booked > 0 && booked <= sum.0);
    // Nobody of the family is called on to pay.
    let clerk = office.actor("c1");
    let calls =
        office.station.call_list(&clerk, &CallOrder { year: 2027, village: None, purpose: None }).unwrap();
    let names: Vec<String> = members.iter().map(|psn_no| office.person(psn_no).name().to_owned()).collect();
    let head = office.person(&members[0]).household_no;
    let book = snapshot.household(&head).unwrap().unwrap().resdbook_no;
    assert!(!calls.rows.iter().any(|row| row.resdbook_no == book && names.contains(&row.psn_name)));
    // Undone, the money is not booked any more, and the same voucher may be named again.
    office.reversed(&case_id);
    let snapshot = office.station.snapshot().unwrap();
    assert_eq!(snapshot.contribution(&members[0], 2027).unwrap(), None);
    office.effective(&play);
    office.verified();
}

/// The deduction leaves out who paid otherwise; a voucher that comes after the bank's money is a finding that names TF.
#[test]
fn money_that_comes_twice_is_a_finding_that_leads_to_a_refund() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let (household, members) = family(&office);
    let case = office.accept(&clerk, &agreement(&office, &household, &members)).unwrap().case_id;
    office.pass(&case, &["c2", "r1"]);
    let order = RosterOrder { year: YEAR, ..RosterOrder::default() };
    let made = office.station.make_deduction(&clerk, &order, "sample-csv", None, office.station.new_id());
    let made = made.unwrap();
    // While the bank has the file one of them pays at the tax office.
    let payer =
        members.iter().find(|member| due(&office, &member.psn_no).is_some_and(|fen| fen > 0)).unwrap();
    let tax = PaidOrder {
        persons: vec![payer.certno().to_owned()],
        year: YEAR,
        day: "2026-11-20".to_owned(),
        way: "02".to_owned(),
        voucher: "SP20261120".to_owned(),
    };
    let report = office.station.book_paid(&clerk, &tax, office.station.new_id()).unwrap();
    assert_eq!((report.booked.len(), report.sum().0), (1, due(&office, &payer.psn_no).unwrap()));
    // The same voucher again changes nothing.
    let head = office.station.snapshot().unwrap().head().unwrap().seq;
    let again = office.station.book_paid(&clerk, &tax, office.station.new_id()).unwrap();
    assert_eq!((again.known, again.booked.len(), again.refused.len()), (1, 0, 0));
    assert_eq!(office.station.snapshot().unwrap().head().unwrap().seq, head);
    // The bank collects all the same: booked for the others, a finding for the one who paid already.
    let yuan = made.file.sum.to_yuan();
    let back = collected(&made.file.no, "2026-11-23", &[(1, CARD, &yuan, "成功")]);
    let id = office.station.new_id();
    let report = office.station.take_deduction_return(&clerk, None, ("back.csv", &back), id).unwrap();
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
    let words = &report.findings[0].text;
    for part in ["SP20261120", "重复缴费", "=TF", "003 A28"] {
        assert!(words.contains(part), "{words}");
    }
    let snapshot = office.station.snapshot().unwrap();
    let kept = snapshot.contribution(&payer.psn_no, YEAR).unwrap().unwrap();
    assert_eq!((kept.way.as_str(), kept.source.as_str()), ("02", "SP20261120"));
    let others = members.iter().filter(|member| member.psn_no != payer.psn_no);
    for member in others.filter(|member| due(&office, &member.psn_no).is_some_and(|fen| fen > 0)) {
        assert_eq!(snapshot.contribution(&member.psn_no, YEAR).unwrap().unwrap().source, made.file.no);
    }
    // Nobody owes anything: the bank's paper is empty, and no second file is made.
    assert!(office.station.deduction_roster(&clerk, &order).unwrap().rows.is_empty());
    // Another voucher for somebody whose money the bank brought: said, kept in the journal, not booked.
    let second = PaidOrder { voucher: "DS0009".to_owned(), way: "11".to_owned(), ..tax.clone() };
    let report = office.station.book_paid(&clerk, &second, office.station.new_id()).unwrap();
    assert!(report.booked.is_empty() && report.refused[0].contains("=TF"), "{:?}", report.refused);
    office.verified();
}

#[test]
fn a_voucher_is_described_whole_or_not_taken() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let (_, members) = family(&office);
    let good = PaidOrder {
        persons: vec![members[0].psn_no.clone()],
        year: YEAR,
        day: "2026-11-20".to_owned(),
        way: "11".to_owned(),
        voucher: "DS0001".to_owned(),
    };
    let refused = |order: PaidOrder| {
        office.station.book_paid(&clerk, &order, office.station.new_id()).unwrap_err().zh()
    };
    assert!(refused(PaidOrder { way: "01".to_owned(), ..good.clone() }).contains("由回盘入账"));
    assert!(refused(PaidOrder { way: "77".to_owned(), ..good.clone() }).contains("没有征收方式代码"));
    assert!(refused(PaidOrder { day: "2026-11-21".to_owned(), ..good.clone() }).contains("晚于今天"));
    assert!(refused(PaidOrder { voucher: String::new(), ..good.clone() }).contains("凭证号"));
    assert!(refused(PaidOrder { persons: vec!["没有".to_owned()], ..good.clone() }).contains("没有"));
    // Not enrolled for that year: said, nothing booked.
    let none = PaidOrder { year: YEAR + 2, ..good };
    let report = office.station.book_paid(&clerk, &none, office.station.new_id()).unwrap();
    assert!(report.booked.is_empty() && report.refused.len() == 1, "{report:?}");
}

/// 003 A24: the school collects and pays in one sum; the pupils stand booked from the day of arrival.
#[test]
fn what_a_school_collected_is_booked_with_the_class() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let text = include_str!("../../forms/samples/students.toml");
    let sample: toml::Table = text.parse().unwrap();
    let mut draft = office.station.open_draft(&clerk, "XS", None).unwrap();
    let mut put = |path: xiangbao_core::form::FieldPath, value: &str| {
        office.station.save_field(&mut draft, &path, value).unwrap();
    };
    for (id, value) in sample["fields"].as_table().unwrap() {
        put(field(id), value.as_str().unwrap());
    }
    for (index, row) in sample["tables"]["students"].as_array().unwrap().iter().enumerate() {
        for (id, value) in row.as_table().unwrap() {
            put(cell("students", index, id), value.as_str().unwrap());
        }
    }
    for (id, value) in [("pay_way", "1"), ("clct_date", "2026-11-19"), ("clct_voucher", "DS0007")] {
        put(field(id), value);
    }
    office.settle_papers(&mut draft);
    let year: u16 = draft.data.field("insu_year").parse().unwrap();
    let certnos: Vec<String> = draft.data.rows("students").iter().map(|row| row["certno"].clone()).collect();
    let case_id = office.accept(&clerk, &draft).unwrap().case_id;
    office.pass(&case_id, &["c2", "r1", "a1"]);
    assert_eq!(office.status(&case_id), "已生效");
    let snapshot = office.station.snapshot().unwrap();
    for certno in &certnos {
        let person = xiangbao::store::search::by_certificate(&snapshot, certno).unwrap().remove(0);
        let due = snapshot.enrolment(&person.psn_no, year).unwrap().unwrap().personal;
        let paid = snapshot.contribution(&person.psn_no, year).unwrap().unwrap();
        // CLCT_WAY 04: collected by a school (reference 3.5).
        assert_eq!((paid.way.as_str(), paid.amount, paid.paid_on.as_str()), ("04", due, "2026-11-19"));
    }
    office.verified();
}
