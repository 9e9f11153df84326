//! A settled case read without what asking it again does not need, against the whole case.

use std::collections::BTreeMap;

use xiangbao_core::case::{Case, SettledCase, Step};
use xiangbao_core::event::{Event, Filing, Level, Promise};
use xiangbao_core::form::{FormData, Row};
use xiangbao_core::policy::{FeeLine, SettleInput, Settlement, YearToDate, settle};

use crate::bills::bill;
use crate::law::{Law, Rng};

const CLAIMANT: &str = "451424000001";

fn row(line: &FeeLine) -> Row {
    let cells = [
        ("chrgitm_lv", line.class.code().to_owned()),
        ("det_item_fee_sumamt", line.amount.to_yuan()),
        ("item_name", line.name.clone()),
        ("med_chrgitm_type", line.kind.clone()),
        ("overlmt_amt", line.over_limit.to_yuan()),
        ("selfpay_prop", line.first_paid.map(|share| share.to_string()).unwrap_or_default()),
        ("memo", "不在结算之列".to_owned()),
    ];
    cells.into_iter().map(|(id, value)| (id.to_owned(), value)).collect()
}

fn step(seq: u64) -> Step {
    Step { seq, wall_ms: 1_700_000_000_000, person: "p".to_owned(), account: "a".to_owned() }
}

/// A case whose form has the lines of the bill, in effect with the settlement.
fn case(input: &SettleInput, settlement: Option<Settlement>) -> Case {
    let data = FormData {
        fields: BTreeMap::from([
            ("endtime".to_owned(), input.end_date.to_string()),
            ("psn_no".to_owned(), CLAIMANT.to_owned()),
            ("psn_name".to_owned(), "甲".to_owned()),
        ]),
        tables: BTreeMap::from([
            ("fees".to_owned(), input.lines.iter().map(row).collect()),
            ("invoices".to_owned(), vec![Row::from([("invo_no".to_owned(), "1".to_owned())])]),
        ]),
        ..FormData::default()
    };
    let filing = Filing {
        form: "reimbursement".to_owned(),
        form_version: 1,
        form_hash: String::new(),
        levels: vec![Level::Initial],
        data,
        title: "甲".to_owned(),
        village: "451424100201".to_owned(),
        subjects: Vec::new(),
        persons: vec![CLAIMANT.to_owned()],
        seats: Vec::new(),
        templates: None,
        received_ms: None,
        two_hands: false,
        findings: None,
    };
    let accepted = Event::CaseAccepted { number: "BX-1".to_owned(), filing, promise: Promise::none() };
    let mut case = Case::open(&accepted, &step(1)).unwrap();
    case.apply(&Event::TookEffect { changes: Vec::new(), settlement, refund: None }, &step(2));
    case
}

fn read(case: &Case, psn_no: &str) -> Option<SettledCase> {
    SettledCase::read(&minicbor::to_vec(case).unwrap(), psn_no).unwrap()
}

#[test]
fn both_readings_of_a_case_ask_the_same_question() {
    for seed in 0..40 {
        let mut rng = Rng(seed);
        let law = Law::generate(&mut rng);
        let pack = law.pack();
        let input = bill(&mut rng);
        let settlement = settle(&pack, &input).unwrap();
        let case = case(&input, Some(settlement.clone()));
        let found = read(&case, CLAIMANT).unwrap();
        // The form gives the lines, the settlement the rest; what was used before is for the replay to say.
        let lines = SettleInput::from_form(&case.filing.data, input.settle_date, YearToDate::default());
        let whole = SettleInput::again(&settlement, lines.unwrap().lines).unwrap();
        let unused = |input| SettleInput { used: YearToDate::default(), ..input };
        assert_eq!(unused(whole.clone()), unused(input), "seed {seed}");
        assert_eq!(found.question, Some(Ok(unused(whole))));
        assert_eq!((found.number.as_str(), found.village.as_str()), ("BX-1", "451424100201"));
        assert_eq!((found.seq, found.wall_ms), (2, 1_700_000_000_000));
        assert_eq!(found.benefit, settlement.benefit);
        assert_eq!(found.fund_pay_sumamt, settlement.fund_pay_sumamt);
        assert_eq!(read(&case, "451424000002"), None, "another person's bill");
    }
}

#[test]
fn what_cannot_be_asked_again_says_so() {
    let mut rng = Rng(7);
    let pack = Law::generate(&mut rng).pack();
    let input = bill(&mut rng);
    let settlement = settle(&pack, &input).unwrap();
    let old = Settlement { facts: None, ..settlement.clone() };
    assert_eq!(read(&case(&input, Some(old)), CLAIMANT).unwrap().question, None);
    assert_eq!(read(&case(&input, None), CLAIMANT), None, "not settled");
    let mut reversed = case(&input, Some(settlement.clone()));
    reversed.apply(&Event::Reversed { changes: Vec::new(), settlement: None }, &step(3));
    assert_eq!(read(&reversed, CLAIMANT), None);
    let mut unread = case(&input, Some(settlement));
    let fees = unread.filing.data.tables.get_mut("fees").unwrap();
    fees[0].insert("det_item_fee_sumamt".to_owned(), "一百".to_owned());
    let gap = read(&unread, CLAIMANT).unwrap().question.unwrap().unwrap_err().to_string();
    assert!(gap.contains("fees.0.det_item_fee_sumamt"), "{gap}");
    assert!(SettledCase::read(b"no case", CLAIMANT).is_err());
}
