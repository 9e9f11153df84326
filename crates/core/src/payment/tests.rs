//! Random histories of payment lists against the two sentences that matter: nobody makes and approves one list, and nothing is
//! paid twice. Commands are asked of the table, events go through the folds, as at a station.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::case::{self, Case, PayState, Step};
use crate::event::{
    BankAccount, BankFile, Event, Filing, Level, Payee, PayeeKind, Promise, Recovery, Verdict,
};
use crate::form::FormData;
use crate::money::Fen;
use crate::policy::{Settlement, YearToDate};
use crate::role::Actor;

fn settlement(fen: i64) -> Settlement {
    Settlement {
        facts: None,
        medfee_sumamt: Fen(fen),
        fulamt_ownpay_amt: Fen::ZERO,
        overlmt_selfpay: Fen::ZERO,
        preselfpay_amt: Fen::ZERO,
        inscp_scp_amt: Fen(fen),
        act_pay_dedc: Fen::ZERO,
        hifp_pay: Fen(fen),
        fund_pay_sumamt: Fen(fen),
        psn_part_amt: Fen::ZERO,
        crt_payb_lmt_amt: None,
        over_cap_amt: Fen::ZERO,
        bands: Vec::new(),
        fee_kinds: Vec::new(),
        year_after: YearToDate::default(),
        year_own: YearToDate::default(),
        year: 2026,
        rule_date: "2026-11-01".to_owned(),
        benefit: "inpatient".to_owned(),
        area: "test".to_owned(),
        pack_hash: String::new(),
        sample: false,
        trace: Vec::new(),
        hifmi_pay: Fen::ZERO,
        oth_pay: Fen::ZERO,
        maf_pay: Fen::ZERO,
        guarantee_amt: Fen::ZERO,
        layers: Vec::new(),
        absent: Vec::new(),
        refd_setl_flag: false,
    }
}

fn step(seq: u64, person: &str) -> Step {
    Step { seq, wall_ms: 0, person: person.to_owned(), account: person.to_owned() }
}

/// A case in effect: typed by p0, decided by p1, p2, p3; the fund pays 100 yuan and as many fen as its number.
fn effective(number: usize) -> Case {
    let filing = Filing {
        form: "reimbursement".to_owned(),
        form_version: 1,
        form_hash: String::new(),
        levels: vec![Level::Initial, Level::Recheck, Level::Approval],
        data: FormData::default(),
        title: "甲".to_owned(),
        village: String::new(),
        subjects: vec![format!("insured-{number}")],
        persons: Vec::new(),
        seats: Vec::new(),
        templates: None,
        received_ms: None,
        two_hands: false,
        findings: None,
    };
    let promise = Promise::none();
    let accepted = Event::CaseAccepted { number: format!("BX-{number}"), filing, promise };
    let mut case = Case::open(&accepted, &step(1, "p0")).unwrap();
    for (level, person) in [(Level::Initial, "p1"), (Level::Recheck, "p2"), (Level::Approval, "p3")] {
        let event = Event::Reviewed { level, verdict: Verdict::Passed, opinion: String::new() };
        case.apply(&event, &step(2, person));
    }
    let fen = 10_000 + i64::try_from(number).unwrap();
    // Every third gives back a contribution: other money, other lists.
    let (settlement, refund) =
        if number % 3 == 2 { (None, Some(Fen(fen))) } else { (Some(settlement(fen)), None) };
    let effect = Event::TookEffect { changes: Vec::new(), settlement, refund };
    case.apply(&effect, &step(3, "p3"));
    case
}

fn actor(person: &str) -> Actor {
    Actor {
        person: person.to_owned(),
        account: format!("account-{person}"),
        name: person.to_owned(),
        roles: BTreeSet::new(),
        certno: format!("cert-{person}"),
        villages: BTreeSet::new(),
        session: String::new(),
    }
}

/// Everybody's certificate; p7 has a second entry in the staff list, p8.
fn staff() -> Staff {
    let mut staff: Staff = (0..8).map(|n| (format!("p{n}"), format!("cert-p{n}"))).collect();
    staff.insert("p8".to_owned(), "cert-p7".to_owned());
    staff
}

fn person(n: usize) -> Actor {
    let certno = if n == 8 { "cert-p7".to_owned() } else { format!("cert-p{n}") };
    Actor { certno, ..actor(&format!("p{n}")) }
}

/// The natural person behind an entry.
fn natural(person: &str) -> &str {
    if person == "p8" { "p7" } else { person }
}

/// A station's money: cases and lists.
struct World {
    cases: Vec<Case>,
    lists: Vec<PaymentList>,
    /// How often the bank paid each case.
    paid: BTreeMap<usize, u32>,
    seq: u64,
}

#[derive(Clone, Debug)]
enum Act {
    Make(usize, Vec<usize>),
    Approve(usize, usize),
    Close(usize, usize),
    Export(usize, usize),
    /// A returned file: list, and what it says of each line.
    Return(usize, Vec<Option<bool>>),
    Reverse(usize),
    Recover(usize, i64),
}

fn acts() -> impl Strategy<Value = Act> {
    let who = 0_usize..9;
    let which = 0_usize..6;
    prop_oneof![
        4 => (who.clone(), proptest::collection::vec(which.clone(), 0..4)).prop_map(|(w, c)| Act::Make(w, c)),
        4 => (who.clone(), which.clone()).prop_map(|(w, l)| Act::Approve(w, l)),
        1 => (who.clone(), which.clone()).prop_map(|(w, l)| Act::Close(w, l)),
        4 => (who, which.clone()).prop_map(|(w, l)| Act::Export(w, l)),
        4 => (which.clone(), proptest::collection::vec(proptest::option::of(any::<bool>()), 4))
            .prop_map(|(l, said)| Act::Return(l, said)),
        1 => which.clone().prop_map(Act::Reverse),
        1 => (which, 1_i64..12_000).prop_map(|(c, fen)| Act::Recover(c, fen)),
    ]
}

impl World {
    fn new() -> Self {
        Self { cases: (0..5).map(effective).collect(), lists: Vec::new(), paid: BTreeMap::new(), seq: 10 }
    }

    fn candidate(&self, at: usize) -> Option<Candidate> {
        let case = self.cases.get(at)?.clone();
        let mut case_id = [0; 16];
        case_id[0] = u8::try_from(at).unwrap();
        let account = BankAccount { name: "甲".to_owned(), ..BankAccount::default() };
        let certno = format!("insured-{at}");
        let payee = Payee { kind: PayeeKind::Insured, account, certno: certno.clone(), link: 0 };
        Some(Candidate {
            case_id,
            case,
            payee: Ok(payee),
            psn_no: at.to_string(),
            psn_name: "甲".to_owned(),
            concerned: BTreeSet::from([certno]),
        })
    }

    fn take(&mut self, event: &Event, person: &str) {
        self.seq += 1;
        let by = step(self.seq, person);
        match event {
            Event::PaymentListMade { .. } => self.lists.extend(PaymentList::open(event, &by)),
            _ => self.lists.iter_mut().for_each(|list| list.apply(event, &by)),
        }
        for case in &mut self.cases {
            case.apply(event, &by);
        }
    }

    fn ask(&mut self, act: Act) {
        let staff = staff();
        let decided = match act {
            Act::Make(who, cases) => {
                let candidates: Option<Vec<Candidate>> = cases.iter().map(|at| self.candidate(*at)).collect();
                let no = format!("FK{}", self.lists.len());
                let Some(candidates) = candidates else { return };
                make(&no, ("bank", "hash"), &candidates, &person(who), &staff).map(|event| (event, who))
            }
            Act::Approve(who, at) => {
                let Some(list) = self.lists.get(at) else { return };
                let all: Vec<Candidate> = (0..5).filter_map(|at| self.candidate(at)).collect();
                approve(list, &all, &person(who), &staff).map(|event| (event, who))
            }
            Act::Close(who, at) => match self.lists.get(at) {
                Some(list) => close(list, "核对").map(|event| (event, who)),
                None => return,
            },
            Act::Export(who, at) => {
                let Some(list) = self.lists.get(at) else { return };
                let lines = u32::try_from(list.sheet.entries.len()).unwrap();
                let (name, day) = ("f".to_owned(), "2026-11-20".to_owned());
                let file = BankFile { name, digest: [0; 32], lines, sum: list.sheet.sum, day };
                export(list, file).map(|event| (event, who))
            }
            Act::Return(at, said) => return self.bank_says(at, &said),
            Act::Reverse(at) => return self.reverse(at),
            Act::Recover(at, fen) => {
                let Some(case) = self.cases.get_mut(at) else { return };
                let (day, voucher) = ("2026-11-20".to_owned(), "回单".to_owned());
                if let Ok(event) = recover(case, Recovery { amount: Fen(fen), day, voucher }) {
                    case.apply(&event, &step(self.seq, "p4"));
                }
                return;
            }
        };
        if let Ok((event, who)) = decided {
            self.take(&event, &format!("p{who}"));
        }
    }

    fn bank_says(&mut self, at: usize, words: &[Option<bool>]) {
        let Some(list) = self.lists.get(at).cloned() else { return };
        let sent = list.sheet.entries.iter().map(|entry| {
            let answered = list.results.get(&entry.seq).cloned();
            let (bankacct, name) = (String::new(), "甲".to_owned());
            (entry.seq, Sent { bankacct, name, amount: entry.amount, answered })
        });
        let said: Vec<Said> = list
            .sheet
            .entries
            .iter()
            .zip(words)
            .filter_map(|(entry, done)| {
                Some(Said {
                    line: entry.seq,
                    seq: entry.seq,
                    bankacct: None,
                    name: None,
                    amount: entry.amount,
                    done: (*done)?,
                    code: String::new(),
                    reason: String::new(),
                    day: "2026-11-21".to_owned(),
                    correct: false,
                })
            })
            .collect();
        let matched = matched(&sent.collect(), &said);
        let exported = list.exported.is_some();
        for result in matched.results.iter().filter(|result| result.done && exported) {
            let number = &list.entry(result.seq).unwrap().number;
            let at = self.cases.iter().position(|case| case.number == *number).unwrap();
            *self.paid.entry(at).or_default() += 1;
        }
        if let Ok(event) = take_return(&list, ("back", [1; 32]), matched) {
            self.take(&event, "p4");
        }
    }

    /// A reversal by persons who did nothing else.
    fn reverse(&mut self, at: usize) {
        let Some(case) = self.cases.get_mut(at) else { return };
        let command = case::Command::ProposeReversal { reason: "错".to_owned() };
        let Ok(events) = case::decide(Some(case), command, &actor("r0")) else { return };
        for event in &events {
            case.apply(event, &step(self.seq, "r0"));
        }
        case.apply(&Event::Reversed { changes: Vec::new(), settlement: None }, &step(self.seq, "r2"));
    }

    fn check(&self) {
        for list in &self.lists {
            // Totals: the list is the sum of its settlements.
            let sum = Fen::checked_sum(list.sheet.entries.iter().map(|entry| entry.amount));
            assert_eq!(sum, Some(list.sheet.sum));
            for entry in &list.sheet.entries {
                let case = self.cases.iter().find(|case| case.number == entry.number).unwrap();
                assert_eq!(case.owed(), Some(entry.amount));
                assert_eq!(case.pay_kind(), list.sheet.pays(), "{} mixes two kinds of money", list.sheet.no);
            }
            let maker = natural(&list.made.person);
            assert!(!["p0", "p1", "p2", "p3"].contains(&maker), "{maker} acted on the cases");
            if let Some(checker) = &list.approved {
                let checker = natural(&checker.person);
                assert_ne!(maker, checker, "one person made and approved {}", list.sheet.no);
                assert!(!["p0", "p1", "p2", "p3"].contains(&checker), "{checker} acted on the cases");
            }
            assert!(list.exported.is_none() || list.approved.is_some());
        }
        for (at, times) in &self.paid {
            assert_eq!(*times, 1, "case {at} was paid {times} times");
        }
        for (at, case) in self.cases.iter().enumerate() {
            let paid = self.paid.contains_key(&at);
            let says = case.payment.as_ref().map(|pay| pay.state);
            let settled = matches!(says, Some(PayState::Paid | PayState::Reclaim | PayState::Recovered));
            assert_eq!(paid, settled, "case {at}: {says:?}");
            // In one open list at most.
            let open = self.lists.iter().filter(|list| {
                let here = list.sheet.entries.iter().find(|entry| entry.number == case.number);
                here.is_some_and(|entry| {
                    list.status != ListStatus::Closed && !list.results.contains_key(&entry.seq)
                })
            });
            assert!(open.count() <= 1, "case {at} is in two lists");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn two_persons_a_list_and_nothing_is_paid_twice(acts in proptest::collection::vec(acts(), 1..60)) {
        let mut world = World::new();
        for act in acts {
            world.ask(act);
            world.check();
        }
    }
}

#[test]
fn a_list_of_the_random_world_can_be_paid() {
    let mut world = World::new();
    for act in [
        Act::Make(4, vec![0, 1]),
        Act::Approve(5, 0),
        Act::Export(4, 0),
        Act::Return(0, vec![Some(true), Some(false)]),
        Act::Make(5, vec![1]),
        Act::Approve(4, 1),
        Act::Export(5, 1),
        Act::Return(1, vec![Some(true)]),
    ] {
        world.ask(act);
        world.check();
    }
    assert_eq!(world.paid, BTreeMap::from([(0, 1), (1, 1)]), "the property above is not empty");
    // A second entry of the maker in the staff list is the maker.
    world.ask(Act::Make(7, vec![2]));
    world.ask(Act::Approve(8, 2));
    assert_eq!(world.lists[2].status, ListStatus::Made);
}
