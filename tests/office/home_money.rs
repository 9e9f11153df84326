//! What the home screen says about money: finance sees what to list, to approve and to fetch from the bank; the clerk sees
//! the account that the bank refused; who has no part in it sees nothing.

use std::collections::BTreeMap;

use xiangbao::app::HomeMoney;
use xiangbao_core::money::Fen;
use xiangbao_core::payment::ListStatus;
use xiangbao_core::role::Actor;

use super::desk::Office;
use super::payment::{CARD, answer, approve, claim, export, finance, make, office, take};

fn money(office: &Office, actor: &Actor) -> HomeMoney {
    office.station.home(actor).unwrap().money
}

fn waiting(office: &Office, account: &str) -> Vec<(String, ListStatus)> {
    let lists = money(office, &finance(account)).lists;
    lists.into_iter().map(|row| (row.no, row.status)).collect()
}

#[test]
fn each_finance_person_sees_the_step_that_waits_for_him() {
    let office = office();
    let first = office.effective(&office.play("BX"));
    let second = office.effective(&claim(&office, "2", "00345681", "4000.00"));
    let both = Some((2, Fen(618_750 + 277_500)));
    assert_eq!(money(&office, &finance("f1")).to_list, both);
    // The treatment figures of the shipped area are 示例, and so is what rests on them, up to the bank.
    assert!(money(&office, &finance("f1")).samples);
    assert!(office.station.payables(&finance("f1"), false).unwrap().iter().all(|row| row.sample));
    // Who rechecked the cases can list neither: they are not his to do.
    assert_eq!(money(&office, &finance("fr")).to_list, None);
    let clerk = money(&office, &office.actor("c1"));
    assert!(clerk.to_list.is_none() && clerk.lists.is_empty() && clerk.wrong_account.is_empty());

    let no = make(&office, "f1", &[first, second]).unwrap();
    assert_eq!(money(&office, &finance("f1")).to_list, None);
    assert_eq!(waiting(&office, "f1"), Vec::new(), "the maker approves nothing");
    assert_eq!(waiting(&office, "f9"), Vec::new(), "nor does his second account");
    assert_eq!(waiting(&office, "f2"), [(no.clone(), ListStatus::Made)]);
    assert_eq!(office.station.payment_list(&finance("f2"), &no).unwrap().row.samples, 2);
    approve(&office, "f2", &no).unwrap();
    assert_eq!(waiting(&office, "f1"), [(no.clone(), ListStatus::Approved)]);
    export(&office, &no);
    assert_eq!(waiting(&office, "f2"), [(no.clone(), ListStatus::Exported)]);

    // The bank refuses the first account: the clerk sees it with the bank's reason, finance does not count it.
    let name = office.case(&first).filing.title.clone();
    let lines = [(1, CARD, name.as_str(), 618_750, "02"), (2, CARD, name.as_str(), 277_500, "00")];
    take(&office, &answer(&no, &lines)).unwrap();
    assert_eq!(waiting(&office, "f1"), Vec::new(), "every line is answered");
    assert_eq!(money(&office, &finance("f1")).to_list, None);
    let clerk = office.actor("c1");
    let wrong = money(&office, &clerk).wrong_account;
    assert_eq!(wrong.len(), 1);
    assert_eq!((wrong[0].case_id, wrong[0].bar.as_str()), (first, "户名不符"));

    // Once corrected it waits for the levels, not for the clerk; after them it is to be listed again.
    let values = BTreeMap::from([("bankacct".to_owned(), "6221880000000000019".to_owned())]);
    let id = office.station.new_id();
    office.station.correct_account(&clerk, &first, &values, "见存折原件", id).unwrap();
    assert!(money(&office, &clerk).wrong_account.is_empty());
    office.pass(&first, &["c2", "r1", "a1"]);
    assert_eq!(money(&office, &finance("f1")).to_list, Some((1, Fen(618_750))));
    office.verified();
}
