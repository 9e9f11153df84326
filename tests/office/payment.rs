//! Payment, end to end, on a real station: due, made, approved by another person, written for the bank, answered, paid; and
//! what must not happen on the way.

use std::collections::BTreeMap;

use xiangbao::app::{AppError, NewAccount, PayableRow};
use xiangbao::demo::plays::Play;
use xiangbao_core::case::{MoneyRefusal, PayState, Refusal};
use xiangbao_core::event::Verdict;
use xiangbao_core::money::Fen;
use xiangbao_core::payment::{ListStatus, PayRefusal};
use xiangbao_core::role::{Actor, Role};

use super::desk::{Office, cell, field, with};

/// Two finance persons, the first of them with a second account, and one who also rechecks.
const FINANCE: [(&str, &str, &str, &[Role]); 4] = [
    ("f1", "p11", "韦财四", &[Role::Finance]),
    ("f2", "p12", "何财八", &[Role::Finance]),
    ("f9", "p11", "韦财四", &[Role::Finance]),
    ("fr", "p3", "陆复核", &[Role::Finance]),
];

pub fn office() -> Office {
    let office = Office::new();
    for (account, person, name, roles) in FINANCE {
        let new = NewAccount {
            account: account.to_owned(),
            person: person.to_owned(),
            name: name.to_owned(),
            certno: String::new(),
            roles: roles.to_vec(),
            villages: Vec::new(),
            pin: "246810".to_owned(),
        };
        office.station.put_account(&office.station.machine_actor(), new).unwrap();
    }
    office
}

pub fn finance(account: &str) -> Actor {
    let (account, person, name, roles) = FINANCE.into_iter().find(|(id, ..)| *id == account).unwrap();
    Actor {
        person: person.to_owned(),
        account: account.to_owned(),
        name: name.to_owned(),
        roles: roles.iter().copied().collect(),
        certno: String::new(),
        villages: std::collections::BTreeSet::new(),
        session: "test".to_owned(),
    }
}

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

pub fn due(office: &Office) -> Vec<PayableRow> {
    office.station.payables(&finance("f1"), false).unwrap()
}

pub fn make(office: &Office, account: &str, cases: &[[u8; 16]]) -> Result<String, AppError> {
    let made =
        office.station.make_payment_list(&finance(account), cases, "sample-fixed", office.station.new_id());
    made.map(|row| row.no)
}

pub fn approve(office: &Office, account: &str, no: &str) -> Result<(), AppError> {
    office.station.approve_payment_list(&finance(account), no, office.station.new_id()).map(drop)
}

pub fn export(office: &Office, no: &str) -> Vec<u8> {
    let file = office.station.export_payment(&finance("f1"), no, None, office.station.new_id()).unwrap();
    std::fs::read(file.path).unwrap()
}

/// The bank's answer by the layout of the sample: `(line number in the list, account, name, fen, code)`.
pub fn answer(no: &str, lines: &[(u32, &str, &str, i64, &str)]) -> Vec<u8> {
    let gb = |text: &str, width: usize| {
        let mut bytes = encoding_rs::GB18030.encode(text).0.into_owned();
        assert!(bytes.len() <= width);
        bytes.resize(width, b' ');
        bytes
    };
    let sum: i64 = lines.iter().map(|line| line.3).sum();
    let done: Vec<_> = lines.iter().filter(|line| line.4 == "00").collect();
    let done_sum: i64 = done.iter().map(|line| line.3).sum();
    let mut out = format!("H{no:<24}20261121{:06}{sum:015}{:06}{done_sum:015}\r\n", lines.len(), done.len());
    let mut bytes = std::mem::take(&mut out).into_bytes();
    for (seq, account, name, fen, code) in lines {
        bytes.extend(format!("D{seq:06}{account:<32}").into_bytes());
        bytes.extend(gb(name, 40));
        bytes.extend(format!("{fen:013}{code}").into_bytes());
        bytes.extend(gb("", 40));
        bytes.extend(b"\r\n");
    }
    bytes
}

pub fn take(office: &Office, bytes: &[u8]) -> Result<xiangbao::app::ReturnReport, AppError> {
    let id = office.station.new_id();
    office.station.take_payment_return(&finance("f1"), None, ("back.txt", bytes), id)
}

pub const CARD: &str = "6228480000000000000";

pub fn refused(error: AppError) -> PayRefusal {
    match error {
        AppError::Pay(refusal) => refusal,
        other => panic!("{other}"),
    }
}

#[test]
fn a_settled_case_is_paid_by_two_persons_through_the_bank() {
    let office = office();
    let case_id = office.effective(&office.play("BX"));
    let name = office.case(&case_id).filing.title.clone();
    let rows = due(&office);
    // 10,000 in all: class C 1,000 own, class B 3,000 at 15 % first-paid, deductible 300, then 75 %.
    assert_eq!((rows.len(), rows[0].amount, rows[0].standing.as_str()), (1, Fen(618_750), "待付款"));
    assert_eq!((rows[0].bankacct.as_str(), rows[0].payee.as_str()), ("***************0000", name.as_str()));
    assert_eq!(rows[0].bar, "");
    let no = make(&office, "f1", &[case_id]).unwrap();
    assert_eq!(office.case(&case_id).pay_word(), "已列单待复核");
    // Neither the maker nor another account of the maker approves it.
    for own in ["f1", "f9"] {
        assert!(matches!(refused(approve(&office, own, &no).unwrap_err()), PayRefusal::OwnList(_)));
    }
    // No file before the second person.
    let early = office.station.export_payment(&finance("f1"), &no, None, office.station.new_id());
    assert!(matches!(refused(early.unwrap_err()), PayRefusal::WrongStatus { status: ListStatus::Made, .. }));
    approve(&office, "f2", &no).unwrap();
    let file = export(&office, &no);
    let text = encoding_rs::GB18030.decode(&file).0.into_owned();
    assert!(text.starts_with(&format!("H{no:<24}20261120{:06}{:015}", 1, 618_750)), "{text}");
    let report = take(&office, &answer(&no, &[(1, CARD, &name, 618_750, "00")])).unwrap();
    assert_eq!((report.done, report.open, report.findings.len()), ((1, Fen(618_750)), 0, 0));
    assert_eq!(office.case(&case_id).payment.unwrap().state, PayState::Paid);
    assert_eq!(due(&office), Vec::new());
    let page = office.station.payment_list(&finance("f2"), &no).unwrap();
    assert_eq!((page.row.status, page.row.paid), (ListStatus::Done, (1, Fen(618_750))));
    // The case's timeline tells all of it, with a masked account.
    let (_, steps) = office.station.timeline(&office.actor("c1"), &case_id).unwrap();
    let told: Vec<&str> = steps.iter().map(|step| step.what.as_str()).collect();
    assert!(told.ends_with(&["列入付款单", "付款单复核", "报盘", "银行回盘"]), "{told:?}");
    assert!(steps.iter().all(|step| !step.detail.contains(CARD)));
    assert!(steps.last().unwrap().detail.contains("2026-11-21 已支付"));
    // Paid is paid: it cannot be listed again.
    let again = refused(make(&office, "f1", &[case_id]).unwrap_err());
    assert!(matches!(again, PayRefusal::NotDue { .. }), "{again}");
    office.verified();
}

#[test]
fn the_same_file_twice_changes_nothing_and_a_second_file_gives_the_same_bytes() {
    let office = office();
    let case_id = office.effective(&office.play("BX"));
    let name = office.case(&case_id).filing.title.clone();
    let no = make(&office, "f1", &[case_id]).unwrap();
    approve(&office, "f2", &no).unwrap();
    let first = export(&office, &no);
    let head = office.station.snapshot().unwrap().head().unwrap().seq;
    // The journal knew of the file before it existed: what a crash lost is written again, on whatever day.
    std::fs::remove_file(office.folder.path().join("bank").join(format!("{no}.txt"))).unwrap();
    office.on("2026-11-25");
    assert_eq!(export(&office, &no), first);
    assert_eq!(office.station.snapshot().unwrap().head().unwrap().seq, head);
    // The office's own file is not the bank's answer.
    assert!(take(&office, &first).unwrap_err().zh().contains("报盘文件"));
    let back = answer(&no, &[(1, CARD, &name, 618_750, "00")]);
    assert!(!take(&office, &back).unwrap().again);
    let head = office.station.snapshot().unwrap().head().unwrap().seq;
    let again = take(&office, &back).unwrap();
    assert!(again.again);
    assert_eq!(office.station.snapshot().unwrap().head().unwrap().seq, head);
    let reopened = office.reopened();
    assert!(take(&reopened, &back).unwrap().again, "after a restart too");
    reopened.verified();
}

#[test]
fn nobody_pays_who_acted_on_the_case() {
    let office = office();
    let case_id = office.effective(&office.play("BX"));
    // The rechecker's other account is finance: the same natural person.
    let refusal = refused(make(&office, "fr", &[case_id]).unwrap_err());
    assert!(matches!(&refusal, PayRefusal::Acted { act, .. } if act == "复核"), "{refusal}");
    let no = make(&office, "f1", &[case_id]).unwrap();
    let refusal = refused(approve(&office, "fr", &no).unwrap_err());
    assert!(matches!(refusal, PayRefusal::Acted { .. }), "{refusal}");
    // A member of the household is concerned, by the certificate of the staff list.
    let patient = office.person(&office.town.cast.inpatient.psn_no);
    let kin = Actor { certno: patient.certno().to_owned(), ..finance("f2") };
    let concerned = office.station.approve_payment_list(&kin, &no, office.station.new_id());
    assert!(matches!(refused(concerned.unwrap_err()), PayRefusal::Concerned(_)));
    // A clerk has no such permission at all.
    let clerk = office.station.make_payment_list(
        &office.actor("c1"),
        &[case_id],
        "sample-fixed",
        office.station.new_id(),
    );
    assert!(matches!(clerk.unwrap_err(), AppError::Denied(_)));
    office.verified();
}

#[test]
fn what_the_bank_did_not_pay_goes_to_a_second_run_after_correction() {
    let office = office();
    let first = office.effective(&office.play("BX"));
    let second = office.effective(&claim(&office, "2", "00345681", "4000.00"));
    let name = office.case(&first).filing.title.clone();
    let no = make(&office, "f1", &[first, second]).unwrap();
    approve(&office, "f2", &no).unwrap();
    export(&office, &no);
    // One answered, one not yet: partial.
    let report = take(&office, &answer(&no, &[(1, CARD, &name, 618_750, "02")])).unwrap();
    assert_eq!((report.failed.len(), report.failed_sum, report.open), (1, Fen(618_750), 1));
    assert_eq!(report.failed[0].2, "户名不符");
    let rows = due(&office);
    let failed = rows.iter().find(|row| row.case_id == first).unwrap();
    assert_eq!((failed.state, failed.reason.as_str(), failed.due), ("failed", "户名不符", true));
    assert!(failed.bar.contains("更正账户"), "{}", failed.bar);
    assert!(matches!(refused(make(&office, "f1", &[first]).unwrap_err()), PayRefusal::NotCorrected { .. }));
    // The other is with the bank: neither listed again nor reversed.
    assert!(matches!(refused(make(&office, "f1", &[second]).unwrap_err()), PayRefusal::NotDue { .. }));
    let clerk = office.actor("c1");
    let reversal = office.station.propose_reversal(&clerk, &second, "重复", office.station.new_id());
    let Err(AppError::Refused(Refusal::Money(MoneyRefusal::UnderWay(list)))) = reversal else { panic!() };
    assert_eq!(list, no);
    // Another account restarts at level 1; its editor decides nothing, pays nothing.
    let values = BTreeMap::from([("bankacct".to_owned(), "6221880000000000019".to_owned())]);
    let id = office.station.new_id();
    office.station.correct_account(&clerk, &first, &values, "见存折原件", id).unwrap();
    assert_eq!(office.status(&first), "账户更正待初审");
    let own = office.decide("c1", &first, Verdict::Passed).unwrap_err();
    assert!(matches!(own, AppError::Refused(Refusal::Money(MoneyRefusal::EditedAccount(_)))), "{own}");
    office.pass(&first, &["c2", "r1", "a1"]);
    let case = office.case(&first);
    assert_eq!((case.status.label(), case.filing.data.field("bankacct")), ("已生效", "6221880000000000019"));
    assert_eq!(case.settlement.unwrap().fund_pay_sumamt, Fen(618_750), "the settlement stands");
    let again = make(&office, "f1", &[first]).unwrap();
    let page = office.station.payment_list(&finance("f1"), &again).unwrap();
    assert_eq!(page.list.sheet.entries[0].run, 2);
    approve(&office, "f2", &again).unwrap();
    let file = export(&office, &again);
    assert!(String::from_utf8_lossy(&file).contains("6221880000000000019"));
    take(&office, &answer(&again, &[(1, "6221880000000000019", &name, 618_750, "00")])).unwrap();
    take(&office, &answer(&no, &[(2, CARD, &name, 277_500, "00")])).unwrap();
    assert_eq!(due(&office), Vec::new());
    assert_eq!(office.station.payables(&finance("f1"), true).unwrap().len(), 2);
    office.verified();
}

#[test]
fn a_list_is_given_up_before_its_file_and_its_cases_are_due_again() {
    let office = office();
    let case_id = office.effective(&office.play("BX"));
    let no = make(&office, "f1", &[case_id]).unwrap();
    let clerk = office.actor("c1");
    let reversal = office.station.propose_reversal(&clerk, &case_id, "录错", office.station.new_id());
    assert!(matches!(reversal, Err(AppError::Refused(Refusal::Money(MoneyRefusal::InList(_))))));
    let empty = office.station.close_payment_list(&finance("f2"), &no, " ", office.station.new_id());
    assert!(matches!(refused(empty.unwrap_err()), PayRefusal::NoReason));
    office.station.close_payment_list(&finance("f2"), &no, "户名待核", office.station.new_id()).unwrap();
    assert!(matches!(refused(approve(&office, "f2", &no).unwrap_err()), PayRefusal::WrongStatus { .. }));
    assert_eq!(due(&office)[0].standing, "待付款");
    // Now it can be reversed, and is no payable any more.
    office.reversed(&case_id);
    assert_eq!(due(&office), Vec::new());
    office.verified();
}

#[test]
fn paid_money_of_a_reversed_case_is_claimed_back_by_the_bank() {
    let office = office();
    let case_id = office.effective(&office.play("BX"));
    let name = office.case(&case_id).filing.title.clone();
    let no = make(&office, "f1", &[case_id]).unwrap();
    approve(&office, "f2", &no).unwrap();
    export(&office, &no);
    take(&office, &answer(&no, &[(1, CARD, &name, 618_750, "00")])).unwrap();
    office.reversed(&case_id);
    let rows = due(&office);
    assert_eq!((rows[0].standing.as_str(), rows[0].amount), ("待追回", Fen(618_750)));
    let recover = |yuan: &str, day: &str| {
        let id = office.station.new_id();
        office.station.recover_payment(&finance("f1"), &case_id, (yuan, day, "银行回单 0017"), id)
    };
    assert!(matches!(refused(recover("6187.51", "2026-11-20").unwrap_err()), PayRefusal::NoClaim(_)));
    assert!(recover("10.00", "2026-11-21").unwrap_err().zh().contains("晚于今天"));
    recover("1187.50", "2026-11-20").unwrap();
    assert_eq!(due(&office)[0].amount, Fen(500_000));
    recover("5000.00", "2026-11-20").unwrap();
    assert_eq!(due(&office), Vec::new());
    assert_eq!(office.case(&case_id).payment.unwrap().state, PayState::Recovered);
    office.verified();
}

#[test]
fn lines_that_do_not_fit_are_findings_and_totals_that_do_not_fit_refuse_the_file() {
    let office = office();
    let first = office.effective(&office.play("BX"));
    let second = office.effective(&claim(&office, "2", "00345681", "4000.00"));
    let name = office.case(&first).filing.title.clone();
    let no = make(&office, "f1", &[first, second]).unwrap();
    approve(&office, "f2", &no).unwrap();
    export(&office, &no);
    let mut bent = answer(&no, &[(1, CARD, &name, 618_750, "00"), (2, CARD, &name, 277_500, "00")]);
    // One fen more in the control total.
    let at = 1 + 24 + 8 + 6 + 14;
    bent[at] += 1;
    let refused = take(&office, &bent).unwrap_err();
    assert!(refused.zh().contains("总金额不符"), "{}", refused.zh());
    let short = answer(&no, &[(1, CARD, &name, 618_750, "00")]);
    let cut = &short[..short.len() - 3];
    assert!(take(&office, cut).unwrap_err().zh().contains("字节"), "a cut line");
    assert_eq!(office.case(&first).pay_word(), "已报盘待回盘", "nothing of it was taken");
    // Wrong amount, a number outside the list, one line twice, an unknown code.
    let odd = answer(
        &no,
        &[
            (1, CARD, &name, 618_751, "00"),
            (7, CARD, &name, 100, "00"),
            (2, CARD, &name, 277_500, "00"),
            (2, CARD, &name, 277_500, "01"),
            (1, CARD, &name, 618_750, "88"),
        ],
    );
    let report = take(&office, &odd).unwrap();
    assert_eq!((report.done.0, report.failed.len(), report.findings.len()), (0, 0, 5), "{report:?}");
    for (finding, words) in
        report.findings.iter().zip(["金额", "不在本单", "不止一次", "不止一次", "结果代码"])
    {
        assert!(finding.text.contains(words), "{}", finding.text);
    }
    let page = office.station.payment_list(&finance("f1"), &no).unwrap();
    assert_eq!((page.list.findings.len(), page.row.status), (5, ListStatus::Exported));
    office.verified();
}

#[test]
fn only_the_insured_or_a_registered_guardian_is_paid() {
    let office = office();
    // The form lets another name pass with a reason; the payment does not.
    let play = with(claim(&office, "1", "00345690", "4000.00"), &[(field("acct_name"), "王路人")]);
    let case_id = office.effective(&play);
    let rows = due(&office);
    assert!(rows[0].bar.contains("003 A74(1)3"), "{}", rows[0].bar);
    let refusal = refused(make(&office, "f1", &[case_id]).unwrap_err());
    assert!(matches!(refusal, PayRefusal::Payee { .. }), "{refusal}");
    office.verified();
}

#[test]
fn a_name_that_the_file_cannot_hold_is_refused_when_the_list_is_made() {
    let office = office();
    // 42 bytes of GB18030 in a cell of 40.
    let long = "买买提明江阿卜杜热合曼阿卜杜克力木艾则孜江";
    let case_id = office.effective(&office.play("BX"));
    let patient = office.town.cast.inpatient.psn_no.clone();
    let mut person = office.person(&patient);
    person.rev += 1;
    person.set(xiangbao_core::register::PersonField::AccountNameAlias, long);
    let change =
        xiangbao_core::register::Change::Person { effective: "2026-11-20".to_owned(), record: person };
    office.station.load_register("银行用字", &[change], &mut |_, _| {}).unwrap();
    let refused = make(&office, "f1", &[case_id]).unwrap_err();
    let words = refused.zh();
    assert!(matches!(refused, AppError::BankText { .. }) && words.contains("42 字节"), "{words}");
    assert!(words.contains("不能截断") && words.contains("银行用字"), "{words}");
    assert_eq!(due(&office)[0].standing, "待付款", "nothing was made");
}

#[test]
fn a_registered_guardian_is_paid_while_the_filing_holds() {
    let office = office();
    let patient = office.town.cast.inpatient.psn_no.clone();
    let filing = |serial: u16, name: &str, to: &str| {
        let values = [("agnter_name", name), ("agnter_certno", "451424198806120049")];
        xiangbao_core::register::Change::Filing {
            effective: "2026-01-01".to_owned(),
            record: xiangbao_core::register::FilingRecord {
                psn_no: patient.clone(),
                kind: "guardian".to_owned(),
                serial,
                rev: 1,
                from: "2026-01-01".to_owned(),
                to: to.to_owned(),
                values: values.map(|(id, value)| (id.to_owned(), value.to_owned())).into(),
                void: false,
            },
        }
    };
    let links = [filing(1, "黄素梅", "2027-01-01"), filing(2, "农旧人", "2026-11-19")];
    office.station.load_register("监护人", &links, &mut |_, _| {}).unwrap();
    let over = with(claim(&office, "1", "00345690", "4000.00"), &[(field("acct_name"), "农旧人")]);
    office.effective(&over);
    assert!(due(&office)[0].bar.contains("不在有效期内"), "{}", due(&office)[0].bar);
    let play = with(claim(&office, "2", "00345691", "5000.00"), &[(field("acct_name"), "黄素梅")]);
    let case_id = office.effective(&play);
    let row = due(&office).into_iter().find(|row| row.case_id == case_id).unwrap();
    assert_eq!((row.payee.as_str(), row.bar.as_str()), ("黄素梅（监护人）", ""));
    let no = make(&office, "f1", &[case_id]).unwrap();
    let entry = &office.station.payment_list(&finance("f1"), &no).unwrap().list.sheet.entries[0];
    assert_eq!((entry.payee.account.name.as_str(), entry.payee.link), ("黄素梅", 1));
    // The guardian is concerned: as an employee of the office, not at this list.
    let guardian = Actor { certno: "451424198806120049".to_owned(), ..finance("f2") };
    let refusal = office.station.approve_payment_list(&guardian, &no, office.station.new_id()).unwrap_err();
    assert!(matches!(refused(refusal), PayRefusal::Concerned(_)));
    office.verified();
}
