//! Paying as two finance persons do it: payables, a list, the second person, the bank's file, its answer; and deductions.

use xiangbao_core::role::Role;

use super::SIZES;
use super::office::Office;
use crate::app::NewAccount;

const PIN: &str = "246810";

/// An office with two finance persons and a reimbursement in effect.
fn office() -> Office {
    let office = Office::new();
    for (account, person, name) in [("f1", "p11", "韦财四"), ("f2", "p12", "何财八")] {
        let new = NewAccount {
            account: account.to_owned(),
            person: person.to_owned(),
            name: name.to_owned(),
            certno: String::new(),
            roles: vec![Role::Finance],
            villages: Vec::new(),
            pin: PIN.to_owned(),
        };
        office.station.put_account(&office.station.machine_actor(), new).unwrap();
    }
    office
}

fn settled(office: &Office) -> [u8; 16] {
    let case_id = office.reimbursement();
    for account in ["c2", "r1", "a1"] {
        office.pass_level(account, &case_id);
    }
    case_id
}

/// The bank's answer to a list of one line: the layout of the sample, every width as described there.
fn answer(no: &str, account: &str, name: &str, fen: i64, code: &str) -> Vec<u8> {
    let done = i64::from(code == "00");
    let mut bytes = format!("H{no:<24}20261121{:06}{fen:015}{done:06}{:015}\r\n", 1, done * fen).into_bytes();
    bytes.extend(format!("D000001{account:<32}").into_bytes());
    let mut written = encoding_rs::GB18030.encode(name).0.into_owned();
    written.resize(40, b' ');
    bytes.extend(written);
    bytes.extend(format!("{fen:013}{code}{:40}\r\n", "").into_bytes());
    bytes
}

#[test]
fn a_list_goes_from_key_to_paid_by_two_persons() {
    let office = office();
    let case_id = settled(&office);
    for (cols, rows) in SIZES {
        let mut seat = office.sit("f1", cols, rows);
        seat.keys("=FK<Enter>");
        insta::assert_snapshot!(format!("payments_{cols}x{rows}"), seat.text());
    }
    // What the list does not show is not paid.
    let mut picky = office.sit("f1", 80, 24);
    picky.keys("=FK<Enter>/状态=失败<Enter>").says("没有符合筛选的件");
    picky.silent("F9 制单");
    picky.keys("/<Ctrl-u>银行=没有这家<Enter><F9>").says("没有可以列入付款单的办件");
    picky.keys("/<Ctrl-u>银行=中国 业务=BX<Enter>").says("1/1");
    insta::assert_snapshot!("payments_filter_80x24", picky.text());
    let mut maker = office.sit("f1", 80, 24);
    maker.keys("=FK<Enter>F<F9>");
    insta::assert_snapshot!("payments_bank_80x24", maker.text());
    maker.keys("<Down><Enter>").says("[Y/N]");
    maker.keys("y").says("已存：付款单 FKTC-1-000001");
    maker.says("已列单待复核");
    // The maker's own list: the key is not offered, and says why.
    maker.keys("=FD<Enter><Enter>").silent("F9 通过");
    maker.keys("<F9>").says("须由另一位财务人员复核");
    let mut checker = office.sit("f2", 80, 24);
    checker.keys("=FD<Enter><Enter>").says("F9 通过");
    let mut picky = office.sit("f2", 80, 24);
    picky.keys("=FD<Enter>/状态=已付<Enter>").says("没有符合筛选的件");
    picky.keys("/<Ctrl-u>待复核<Enter>").says("1/1");
    picky.says("FKTC-1-000001");
    for (cols, rows) in SIZES {
        let mut seat = office.sit("f2", cols, rows);
        seat.keys("=FD<Enter>");
        insta::assert_snapshot!(format!("payment_lists_{cols}x{rows}"), seat.text());
        seat.keys("<Enter>");
        insta::assert_snapshot!(format!("payment_list_{cols}x{rows}"), seat.text());
    }
    checker.keys("<F9>").says("[Y/N]");
    checker.keys("y").says("已复核，可以报盘");
    checker.keys("<F4>").says("写出后不能再退回");
    checker.keys("y").says("已报盘：STATION/bank/FKTC-1-000001.txt");
    checker.keys("<F6>").says("payment-list-FKTC-1-000001");
    let case = office.station.snapshot().unwrap().case(&case_id).unwrap().unwrap();
    let (name, fen) = (case.filing.title.clone(), case.settlement.unwrap().fund_pay_sumamt.0);
    let account = case.filing.data.field("bankacct").to_owned();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("back.txt");
    std::fs::write(&path, answer("FKTC-1-000001", &account, &name, fen, "00")).unwrap();
    checker.keys("<F7>").keys(&format!("{}<Enter>", path.display())).says("成功 1 笔");
    checker.says("已回盘");
    checker.keys("<F7>").keys(&format!("{}<Enter>", path.display())).says("没有任何改变");
    maker.keys("<Esc>=FK<Enter>").says("没有待付款");
    // Who asks at the window sees it on the person's card and in the case's timeline.
    let mut clerk = office.sit("c1", 80, 24);
    clerk.keys("=BJ<Enter><Enter>").says("已支付");
    clerk.keys("<F7>");
    insta::assert_snapshot!("paid_timeline_80x24", clerk.text());
    clerk.keys("<Esc><Esc><Esc><F3>").keys(&format!("{name}<Enter><Enter>")).keys("<PgDn>");
    clerk.says("已支付");
}

#[test]
fn a_failed_payment_shows_why_and_its_account_is_corrected_from_level_one() {
    let office = office();
    let case_id = settled(&office);
    let mut maker = office.sit("f1", 80, 24);
    maker.keys("=FK<Enter><F9><Down><Enter>y");
    let mut checker = office.sit("f2", 80, 24);
    checker.keys("=FD<Enter><Enter><F9>y<F4>y");
    let case = office.station.snapshot().unwrap().case(&case_id).unwrap().unwrap();
    let (name, fen) = (case.filing.title.clone(), case.settlement.unwrap().fund_pay_sumamt.0);
    let account = case.filing.data.field("bankacct").to_owned();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("back.txt");
    std::fs::write(&path, answer("FKTC-1-000001", &account, &name, fen, "02")).unwrap();
    checker.keys("<F7>").keys(&format!("{}<Enter>", path.display())).says("失败 1");
    for (cols, rows) in SIZES {
        let mut seat = office.sit("f1", cols, rows);
        seat.keys("=FK<Enter>").says("付款失败");
        insta::assert_snapshot!(format!("payments_failed_{cols}x{rows}"), seat.text());
    }
    // The clerk asks for another account on the case's page.
    let mut clerk = office.sit("c1", 80, 24);
    clerk.keys("=BJ<Enter><Enter>Z");
    insta::assert_snapshot!("account_asked_80x24", clerk.text());
    clerk.keys("<Enter><Enter><Enter><Enter><Ctrl-e><Ctrl-u>6221880000000000019<Enter>");
    clerk.keys("见卡原件<F9>").says("[Y/N]");
    clerk.keys("y").says("账户更正待初审");
    // Its editor cannot judge it; another clerk sees old and new beside each other.
    clerk.keys("=SH<Enter><Enter>").says("您改过");
    let mut other = office.sit("c2", 80, 24);
    other.keys("=SH<Enter><Enter>");
    insta::assert_snapshot!("account_review_80x24", other.text());
    other.keys("<F9><F9>y").says("账户更正待复核");
    for account in ["r1", "a1"] {
        let mut seat = office.sit(account, 80, 24);
        seat.keys("=SH<Enter><Enter><F9><F9>y");
    }
    maker.keys("<Esc>=FK<Enter><F9><Down><Enter>y").says("FKTC-1-000002");
}

#[test]
fn empty_screens_say_what_to_do_and_only_finance_has_them() {
    let office = office();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("f1", cols, rows);
        seat.keys("=FK<Enter>");
        insta::assert_snapshot!(format!("payments_empty_{cols}x{rows}"), seat.text());
        seat.keys("=FD<Enter>").says("还没有付款单");
        seat.keys("=KK<Enter>");
        insta::assert_snapshot!(format!("deductions_empty_{cols}x{rows}"), seat.text());
    }
    let mut clerk = office.sit("c1", 80, 24);
    clerk.keys("=FK<Enter>").says("没有这项权限");
    clerk.keys("=KK<Enter>").says("还没有代扣单");
    // Who has not paid for next year: everybody insured now, masked.
    clerk.keys("<F6>").says("催缴年度");
    clerk.keys("<Enter>").says("call-list-2027");
}
