//! Money at the city: lists by two persons who did nothing else, refunds by their form, and reversals that take back exactly
//! what was settled and never while money is under way. What breaks a rule is returned; what follows goes on.

use xiangbao_core::case::{Case, Step};
use xiangbao_core::event::{
    BankAccount, BankFile, Event, Filing, Level, LineResult, PayEntry, PayKind, Payee, PayeeKind,
    PaymentSheet, Recovery, ReturnTaken,
};
use xiangbao_core::form::FieldPath;
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{Band, FeeKind, Settlement, YearToDate};
use xiangbao_core::register::{Accumulation, Change};

use super::city::{filing, passed, promise};
use super::{TestHub, TestStation, codes};

const CLAIM: [u8; 16] = [7; 16];
const REFUND: [u8; 16] = [8; 16];

/// 1,000.00 in scope, deductible 300.00, 700.00 × 75 % = 525.00 by the pool.
fn settlement() -> Settlement {
    let own = YearToDate {
        fund_paid: Fen(52_500),
        deductible_paid: Fen(30_000),
        admissions: 1,
        basic_paid: Fen(52_500),
        ..YearToDate::default()
    };
    let base = Fen(70_000);
    let band = Band { label: String::new(), base, ratio: "0.75".to_owned(), amount: Fen(52_500) };
    let kind = FeeKind {
        kind: "09".to_owned(),
        amount: Fen(100_000),
        class_a: Fen(100_000),
        first_paid: Fen::ZERO,
        own: Fen::ZERO,
    };
    Settlement {
        medfee_sumamt: Fen(100_000),
        fulamt_ownpay_amt: Fen::ZERO,
        overlmt_selfpay: Fen::ZERO,
        preselfpay_amt: Fen::ZERO,
        inscp_scp_amt: Fen(100_000),
        act_pay_dedc: Fen(30_000),
        hifp_pay: Fen(52_500),
        fund_pay_sumamt: Fen(52_500),
        psn_part_amt: Fen(47_500),
        crt_payb_lmt_amt: None,
        over_cap_amt: Fen::ZERO,
        bands: vec![band],
        fee_kinds: vec![kind],
        year_after: own.clone(),
        year_own: own,
        year: 2026,
        rule_date: "2026-11-01".to_owned(),
        benefit: "inpatient".to_owned(),
        area: "test".to_owned(),
        pack_hash: String::new(),
        sample: true,
        trace: Vec::new(),
        hifmi_pay: Fen::ZERO,
        oth_pay: Fen::ZERO,
        maf_pay: Fen::ZERO,
        guarantee_amt: Fen::ZERO,
        layers: Vec::new(),
        absent: Vec::new(),
        refd_setl_flag: false,
        facts: None,
    }
}

/// What the year of the insured holds, and under which revision.
fn year(used: YearToDate, rev: u32) -> Change {
    let record = Accumulation { rev, ..Accumulation::empty("P1", 2026, "inpatient") }.holding(used);
    Change::Accumulation { effective: "2026-11-20".to_owned(), record }
}

fn negative() -> Settlement {
    let settled = settlement();
    settled.reversed(&settled.year_after).unwrap()
}

/// A case that took effect: typed, decided and settled by three persons after the typist.
fn case_in_effect(station: &mut TestStation, id: [u8; 16], number: &str, effect: Event) {
    let mut own: Filing = filing(&[]);
    own.data.set(&FieldPath::single("refund_amt"), "400.00");
    let accepted = Event::CaseAccepted { number: number.to_owned(), filing: own, promise: promise() };
    station.event(&accepted, Some(id), "typist");
    for (level, person) in [(Level::Initial, "one"), (Level::Recheck, "two"), (Level::Approval, "three")] {
        station.event(&passed(level), Some(id), person);
    }
    station.event(&effect, Some(id), "three");
}

fn settled(station: &mut TestStation) {
    let settlement = settlement();
    let changes = vec![year(settlement.year_own.clone(), 1)];
    let effect = Event::TookEffect { changes, settlement: Some(settlement), refund: None };
    case_in_effect(station, CLAIM, "BX1", effect);
}

fn refunded(station: &mut TestStation, fen: i64) {
    let effect = Event::TookEffect { changes: Vec::new(), settlement: None, refund: Some(Fen(fen)) };
    case_in_effect(station, REFUND, "TF1", effect);
}

fn entry(seq: u32, case_id: [u8; 16], number: &str, fen: i64) -> PayEntry {
    let payee = Payee {
        kind: PayeeKind::Insured,
        account: BankAccount { name: "某人".to_owned(), ..BankAccount::default() },
        certno: String::new(),
        link: 0,
    };
    let (psn_no, psn_name) = ("P1".to_owned(), "某人".to_owned());
    let number = number.to_owned();
    PayEntry { seq, case_id, number, psn_no, psn_name, payee, amount: Fen(fen), run: 1, sample: None }
}

fn list(no: &str, entries: Vec<PayEntry>, kind: Option<PayKind>) -> Event {
    let sum = Fen(entries.iter().map(|entry| entry.amount.0).sum());
    let (layout, layout_hash) = ("sample".to_owned(), "0".to_owned());
    let sheet = PaymentSheet { no: no.to_owned(), layout, layout_hash, entries, sum, kind };
    Event::PaymentListMade { sheet: Box::new(sheet) }
}

fn claims(no: &str) -> Event {
    list(no, vec![entry(1, CLAIM, "BX1", 52_500)], None)
}

fn approved(no: &str) -> Event {
    Event::PaymentListApproved { no: no.to_owned() }
}

fn exported(no: &str, fen: i64) -> Event {
    let (name, day) = ("f".to_owned(), "2026-11-21".to_owned());
    let file = BankFile { name, digest: [1; 32], lines: 1, sum: Fen(fen), day };
    Event::PaymentExported { no: no.to_owned(), file }
}

fn answered(no: &str, done: bool) -> Event {
    let day = "2026-11-21".to_owned();
    let (code, reason) = ("0".to_owned(), String::new());
    let result = LineResult { seq: 1, line: 1, done, code, reason, day, correct: false };
    let taken =
        ReturnTaken { name: "b".to_owned(), digest: [2; 32], results: vec![result], findings: Vec::new() };
    Event::PaymentReturned { no: no.to_owned(), taken }
}

fn proposed() -> Event {
    Event::ReversalProposed { reason: "错".to_owned() }
}

fn reversal(station: &mut TestStation, negative: Option<Settlement>, back: YearToDate) {
    station.event(&proposed(), Some(CLAIM), "typist");
    station.event(&passed(Level::Recheck), Some(CLAIM), "two");
    station.event(&passed(Level::Approval), Some(CLAIM), "three");
    let reversed = Event::Reversed { changes: vec![year(back, 2)], settlement: negative };
    station.event(&reversed, Some(CLAIM), "three");
}

/// What the hub says to everything after a claim and a refund took effect.
fn after(play: impl FnOnce(&mut TestStation)) -> Vec<String> {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    for (person, certno) in [("typist", "T"), ("one", "A"), ("two", "B"), ("three", "C"), ("f1", "F")] {
        station.account(person, certno);
    }
    // The same natural person under another name in the staff list.
    station.account("f9", "F");
    station.account("f2", "G");
    settled(&mut station);
    refunded(&mut station, 40_000);
    assert!(codes(&hub.send(&mut station)).iter().all(|code| code == "OK"));
    play(&mut station);
    codes(&hub.send(&mut station))
}

/// A line may be silent about figures that nobody verified, as lists once were; it may not say otherwise than the settlement.
#[test]
fn a_list_does_not_hide_that_its_amounts_rest_on_samples() {
    let with = |sample| {
        let line = PayEntry { sample, ..entry(1, CLAIM, "BX1", 52_500) };
        after(|station| station.event(&list("L1", vec![line], None), None, "f1"))
    };
    let truth = settlement().sample;
    assert_eq!(with(None), ["OK"]);
    assert_eq!(with(Some(truth)), ["OK"]);
    assert_eq!(with(Some(!truth)), ["REJECTED(payment)"]);
}

#[test]
fn two_persons_pay_who_did_nothing_else() {
    let whole = after(|station| {
        station.event(&claims("L1"), None, "f1");
        station.event(&approved("L1"), None, "f2");
        station.event(&exported("L1", 52_500), None, "f1");
        station.event(&answered("L1", true), None, "f1");
    });
    assert_eq!(whole, ["OK"; 4]);
    // Who decided a level makes no list; nor does the same person under another name approve one's own.
    for maker in ["typist", "one", "two", "three"] {
        assert_eq!(after(|station| station.event(&claims("L1"), None, maker)), ["REJECTED(payment)"]);
    }
    let own = after(|station| {
        station.event(&claims("L1"), None, "f1");
        station.event(&approved("L1"), None, "f9");
        // Not blocked: another person approves.
        station.event(&approved("L1"), None, "f2");
    });
    assert_eq!(own, ["OK", "REJECTED(payment)", "OK"]);
    // Twice in two lists; another amount; a file with another sum.
    let wrong = after(|station| {
        station.event(&claims("L1"), None, "f1");
        station.event(&claims("L2"), None, "f1");
        station.event(&approved("L1"), None, "f2");
        station.event(&exported("L1", 52_501), None, "f1");
    });
    assert_eq!(wrong, ["OK", "REJECTED(payment)", "OK", "REJECTED(payment)"]);
    let more = list("L1", vec![entry(1, CLAIM, "BX1", 52_501)], None);
    assert_eq!(after(|station| station.event(&more, None, "f1")), ["REJECTED(payment)"]);
}

/// 003 A23, A84: benefits and contributions are other money; what is given back is what the form says.
#[test]
fn a_refund_is_what_its_form_says_and_stands_in_lists_of_its_own() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    refunded(&mut station, 50_000);
    assert_eq!(codes(&hub.send(&mut station)), ["OK", "OK", "OK", "OK", "REJECTED(money)"]);
    let line = || entry(1, REFUND, "TF1", 40_000);
    let paid = after(|station| {
        station.event(&list("L1", vec![line()], Some(PayKind::Refund)), None, "f1");
        station.event(&approved("L1"), None, "f2");
        station.event(&exported("L1", 40_000), None, "f1");
        station.event(&answered("L1", true), None, "f1");
    });
    assert_eq!(paid, ["OK"; 4]);
    // As a benefit, or beside one.
    let mixed = vec![entry(1, CLAIM, "BX1", 52_500), entry(2, REFUND, "TF1", 40_000)];
    for wrong in [list("L1", vec![line()], None), list("L1", mixed, None)] {
        assert_eq!(after(|station| station.event(&wrong, None, "f1")), ["REJECTED(payment)"]);
    }
}

/// The money is in a list, or with the bank: neither the proposal nor the reversal itself is taken; what follows is.
#[test]
fn nothing_is_reversed_while_its_money_is_under_way() {
    for steps in 1..=3_usize {
        let said = after(|station| {
            let way = [(claims("L1"), "f1"), (approved("L1"), "f2"), (exported("L1", 52_500), "f1")];
            for (event, person) in way.into_iter().take(steps) {
                station.event(&event, None, person);
            }
            station.event(&proposed(), Some(CLAIM), "typist");
            station.work(1);
        });
        assert_eq!(said.get(steps).map(String::as_str), Some("REJECTED(payment)"), "{said:?}");
        assert_eq!(said.last().map(String::as_str), Some("OK"), "the chain goes on");
    }
    // Not paid: reversed, and nothing is owed. Paid: reversed, and claimed back up to what was paid.
    for done in [false, true] {
        let recovery = |fen: i64| {
            let (day, voucher) = ("2026-11-25".to_owned(), "回单 1".to_owned());
            Event::PaymentRecovered { recovery: Recovery { amount: Fen(fen), day, voucher } }
        };
        let said = after(|station| {
            station.event(&claims("L1"), None, "f1");
            station.event(&approved("L1"), None, "f2");
            station.event(&exported("L1", 52_500), None, "f1");
            station.event(&answered("L1", done), None, "f1");
            reversal(station, Some(negative()), YearToDate::default());
            station.event(&recovery(52_501), Some(CLAIM), "f1");
            station.event(&recovery(52_500), Some(CLAIM), "f1");
        });
        assert_eq!(said[..8], ["OK"; 8]);
        let last = if done { ["REJECTED(payment)", "OK"] } else { ["REJECTED(payment)"; 2] };
        assert_eq!(said[8..], last);
    }
}

/// The negative is computed here again from the settlement that the city holds, and the year must go back by it.
#[test]
fn a_reversal_takes_back_exactly_what_was_settled() {
    let back = YearToDate::default;
    assert_eq!(after(|station| reversal(station, Some(negative()), back())), ["OK"; 4]);
    // A journal from before negatives were written.
    assert_eq!(after(|station| reversal(station, None, back())), ["OK"; 4]);
    let less = Settlement { fund_pay_sumamt: Fen(-52_400), ..negative() };
    let same = settlement();
    for wrong in [less, same] {
        let said = after(|station| reversal(station, Some(wrong), back()));
        assert_eq!(said, ["OK", "OK", "OK", "REJECTED(money)"]);
    }
    let kept = YearToDate { admissions: 1, ..back() };
    let said = after(|station| reversal(station, Some(negative()), kept));
    assert_eq!(said, ["OK", "OK", "OK", "REJECTED(money)"]);
}

/// The fold keeps both; together they are nothing in every field.
#[test]
fn settlement_and_refund_are_nothing_together() {
    let by = Step { seq: 1, wall_ms: 0, person: "p".to_owned(), account: "p".to_owned() };
    let accepted = Event::CaseAccepted { number: "BX1".to_owned(), filing: filing(&[]), promise: promise() };
    let mut case = Case::open(&accepted, &by).unwrap();
    let settlement = Some(settlement());
    case.apply(&Event::TookEffect { changes: Vec::new(), settlement, refund: None }, &by);
    case.apply(&Event::Reversed { changes: Vec::new(), settlement: Some(negative()) }, &by);
    let (settled, back) = (case.settlement.unwrap(), case.negative.unwrap());
    for ((field, _, one), (_, _, two)) in settled.amounts().zip(back.amounts()) {
        assert_eq!(one.0 + two.0, 0, "{field}");
    }
    assert_eq!(back.year_after, YearToDate::default());
}
