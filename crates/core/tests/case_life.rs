//! The life of a case, asked from outside: a table of what is possible where (003 A11, A35, A74, A121), and random
//! lives against an independent reading of "three levels, three persons".
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use xiangbao_core::case::{Case, Command, Effect, Refusal, Status, Step, decide};
use xiangbao_core::event::{Demand, Event, Filing, Level, Listing, Promise, Verdict};
use xiangbao_core::form::{FormData, Seat};
use xiangbao_core::role::{Actor, Role};

/// The three levels of 003 A74.
const LEVELS: [Level; 3] = [Level::Initial, Level::Recheck, Level::Approval];

fn actor(person: &str) -> Actor {
    Actor {
        person: person.to_owned(),
        account: format!("account-{person}"),
        name: person.to_owned(),
        roles: Role::ALL.into_iter().collect(),
        certno: format!("cert-{person}"),
        villages: BTreeSet::new(),
        session: "s".to_owned(),
    }
}

fn filing(subjects: &[&str]) -> Filing {
    Filing {
        form: "change".to_owned(),
        form_version: 1,
        form_hash: "0".to_owned(),
        levels: LEVELS.to_vec(),
        data: FormData::default(),
        title: "甲".to_owned(),
        village: "451424100201".to_owned(),
        subjects: subjects.iter().map(|s| (*s).to_owned()).collect(),
        persons: Vec::new(),
        seats: Vec::new(),
        templates: None,
        received_ms: None,
        two_hands: false,
        findings: None,
    }
}

fn promise() -> Promise {
    Promise { working_days: 15, due: "2026-12-11".to_owned(), provisional: false, from: None }
}

fn accept() -> Command {
    Command::Accept { number: "BG1-1-000001".to_owned(), filing: filing(&[]), promise: promise() }
}

fn verdict(level: Level, verdict: Verdict) -> Command {
    let effect = Some(Effect::default());
    Command::Review { level, verdict, opinion: "同意".to_owned(), effect, own: Seat::Township }
}

fn returned() -> Verdict {
    let demand = Demand { path: "mob".into(), reason: "电话少一位".into(), article: "003 A11".into() };
    Verdict::Returned { demands: vec![demand] }
}

fn rejected() -> Verdict {
    Verdict::Rejected { reason: "不属本统筹区".into(), article: "003 A6".into() }
}

fn resubmit() -> Command {
    let listing = Listing {
        title: "乙".into(),
        village: "451424100202".into(),
        persons: vec!["7".into()],
        ..Listing::default()
    };
    Command::Resubmit { data: FormData::default(), promise: promise(), subjects: Vec::new(), listing }
}

/// A life so far: the case and how many operations it took.
#[derive(Default)]
struct Life {
    case: Option<Case>,
    seq: u64,
    events: Vec<(Event, String)>,
}

impl Life {
    fn ask(&mut self, person: &str, command: Command) -> Result<(), Refusal> {
        for event in decide(self.case.as_ref(), command, &actor(person))? {
            self.seq += 1;
            let by = Step {
                seq: self.seq,
                wall_ms: i64::try_from(self.seq).unwrap(),
                person: person.to_owned(),
                account: format!("account-{person}"),
            };
            match &mut self.case {
                Some(case) => case.apply(&event, &by),
                None => self.case = Case::open(&event, &by),
            }
            self.events.push((event, person.to_owned()));
        }
        Ok(())
    }

    fn status(&self) -> Status {
        self.case.as_ref().unwrap().status
    }
}

/// A life led to a status by the straight way.
fn led_to(status: Status) -> Life {
    let mut life = Life::default();
    if status == Status::Refused {
        let command = Command::Refuse {
            number: "n".into(),
            filing: filing(&[]),
            reason: "不属本统筹区".into(),
            article: "003 A6".into(),
        };
        life.ask("clerk", command).unwrap();
        return life;
    }
    life.ask("clerk", accept()).unwrap();
    let way: Vec<(&str, Command)> = match status {
        Status::Review(Level::Initial) | Status::Refused => vec![],
        Status::Supplement => vec![("clerk", verdict(Level::Initial, returned()))],
        Status::Rejected => vec![("clerk", verdict(Level::Initial, rejected()))],
        Status::Withdrawn => vec![("clerk", Command::Withdraw { reason: "申请人撤回".into() })],
        Status::Review(Level::Recheck) => vec![("clerk", verdict(Level::Initial, Verdict::Passed))],
        _ => vec![
            ("clerk", verdict(Level::Initial, Verdict::Passed)),
            ("checker", verdict(Level::Recheck, Verdict::Passed)),
        ],
    };
    for (person, command) in way {
        life.ask(person, command).unwrap();
    }
    let effective = matches!(status, Status::InEffect | Status::Reversing(_) | Status::Reversed);
    if effective {
        life.ask("chief", verdict(Level::Approval, Verdict::Passed)).unwrap();
    }
    if matches!(status, Status::Reversing(_) | Status::Reversed) {
        life.ask("clerk", Command::ProposeReversal { reason: "录错".into() }).unwrap();
    }
    if matches!(status, Status::Reversing(Level::Approval) | Status::Reversed) {
        life.ask("checker", verdict(Level::Recheck, Verdict::Passed)).unwrap();
    }
    if status == Status::Reversed {
        life.ask("chief", verdict(Level::Approval, Verdict::Passed)).unwrap();
    }
    assert_eq!(life.status(), status);
    life
}

const STATUSES: [Status; 11] = [
    Status::Review(Level::Initial),
    Status::Review(Level::Recheck),
    Status::Review(Level::Approval),
    Status::Supplement,
    Status::Refused,
    Status::Rejected,
    Status::Withdrawn,
    Status::InEffect,
    Status::Reversing(Level::Recheck),
    Status::Reversing(Level::Approval),
    Status::Reversed,
];

/// What the office may do where, written from the issue and the articles: one row a status, one letter a command.
/// `1` `2` `3` `4` a decision at that level, `b` back from a supplement, `w` withdraw, `r` ask for a reversal.
fn possible(status: Status) -> &'static str {
    match status {
        Status::Review(Level::Initial) => "1w",
        Status::Review(Level::Recheck) => "2w",
        Status::Review(Level::Approval) => "3w",
        Status::Review(Level::Finance) => "4w",
        Status::Supplement => "bw",
        Status::InEffect => "r",
        Status::Reversing(Level::Recheck) => "2",
        Status::Reversing(_) => "3",
        Status::Correcting(Level::Initial) => "1",
        Status::Correcting(Level::Recheck) => "2",
        Status::Correcting(Level::Approval) => "3",
        Status::Correcting(Level::Finance) => "4",
        Status::Refused | Status::Rejected | Status::Withdrawn | Status::Reversed | Status::Decided => "",
    }
}

#[test]
fn each_status_allows_exactly_what_the_table_says() {
    for status in STATUSES {
        for letter in "1234bwr".chars() {
            let command = match letter {
                '1' => verdict(Level::Initial, Verdict::Passed),
                '2' => verdict(Level::Recheck, Verdict::Passed),
                '3' => verdict(Level::Approval, Verdict::Passed),
                '4' => verdict(Level::Finance, Verdict::Passed),
                'b' => resubmit(),
                'w' => Command::Withdraw { reason: "申请人撤回".into() },
                _ => Command::ProposeReversal { reason: "录错".into() },
            };
            // A person who never touched the case: only the status can stand in the way.
            let answer = led_to(status).ask("stranger", command);
            assert_eq!(answer.is_ok(), possible(status).contains(letter), "{status:?} {letter}: {answer:?}");
        }
        assert!(matches!(led_to(status).ask("stranger", accept()), Err(Refusal::Exists)), "{status:?}");
    }
}

#[test]
fn a_reason_is_never_optional() {
    let mut life = led_to(Status::Review(Level::Initial));
    for command in [
        Command::Withdraw { reason: "  ".into() },
        verdict(Level::Initial, Verdict::Rejected { reason: String::new(), article: "003 A6".into() }),
    ] {
        assert_eq!(life.ask("clerk", command), Err(Refusal::NoReason));
    }
    let empty = verdict(Level::Initial, Verdict::Returned { demands: Vec::new() });
    assert_eq!(life.ask("clerk", empty), Err(Refusal::NoDemand));
    let mut effective = led_to(Status::InEffect);
    let silent = Command::ProposeReversal { reason: String::new() };
    assert_eq!(effective.ask("clerk", silent), Err(Refusal::NoReason));
}

#[test]
fn nobody_decides_a_case_of_their_own() {
    let mut life = Life::default();
    let own = Command::Accept { number: "n".into(), filing: filing(&["cert-checker"]), promise: promise() };
    assert_eq!(life.ask("checker", own.clone()), Err(Refusal::Concerned));
    life.ask("clerk", own).unwrap();
    life.ask("clerk", verdict(Level::Initial, Verdict::Passed)).unwrap();
    assert_eq!(life.ask("checker", verdict(Level::Recheck, Verdict::Passed)), Err(Refusal::Concerned));
}

#[test]
fn nobody_takes_their_name_off_the_form_to_hand_it_in_again() {
    let mut life = Life::default();
    let own = Command::Accept { number: "n".into(), filing: filing(&["cert-helper"]), promise: promise() };
    life.ask("clerk", own).unwrap();
    life.ask("clerk", verdict(Level::Initial, returned())).unwrap();
    assert_eq!(life.ask("helper", resubmit()), Err(Refusal::Concerned));
    life.ask("clerk", resubmit()).unwrap();
}

#[test]
fn who_typed_the_data_cannot_recheck_it() {
    let mut life = Life::default();
    life.ask("clerk", accept()).unwrap();
    life.ask("helper", verdict(Level::Initial, Verdict::Passed)).unwrap();
    let refused = life.ask("clerk", verdict(Level::Recheck, Verdict::Passed));
    assert!(matches!(refused, Err(Refusal::SamePerson { level: Level::Initial, .. })), "{refused:?}");
}

#[test]
fn a_supplement_starts_again_at_the_first_level_and_keeps_its_acceptance() {
    let mut life = led_to(Status::Review(Level::Approval));
    let accepted = life.case.as_ref().unwrap().accepted.clone();
    life.ask("chief", verdict(Level::Approval, returned())).unwrap();
    assert_eq!(life.status(), Status::Supplement);
    assert_eq!(life.case.as_ref().unwrap().open_demands().len(), 1);
    life.ask("clerk", resubmit()).unwrap();
    let case = life.case.as_ref().unwrap();
    assert_eq!((case.status, case.round), (Status::Review(Level::Initial), 2));
    assert_eq!(case.accepted, accepted);
    assert!(case.agreement(Level::Initial).is_none(), "the agreement of the first round is not of this data");
}

#[test]
fn a_refused_reversal_leaves_the_effect() {
    let mut life = led_to(Status::Reversing(Level::Recheck));
    life.ask("checker", verdict(Level::Recheck, rejected())).unwrap();
    assert_eq!(life.status(), Status::InEffect);
    life.ask("clerk", Command::ProposeReversal { reason: "确属录错".into() }).unwrap();
    let own = life.ask("clerk", verdict(Level::Recheck, Verdict::Passed));
    assert_eq!(own, Err(Refusal::OwnProposal("clerk".into())));
}

#[derive(Clone, Debug)]
enum Wish {
    Decide(Level, u8),
    Resubmit,
    Withdraw,
    Reverse,
}

fn wish() -> impl Strategy<Value = (usize, Wish)> {
    let level = prop_oneof![Just(Level::Initial), Just(Level::Recheck), Just(Level::Approval)];
    let wish = prop_oneof![
        12 => (level, 0..8u8).prop_map(|(level, kind)| Wish::Decide(level, kind)),
        3 => Just(Wish::Resubmit),
        1 => Just(Wish::Withdraw),
        2 => Just(Wish::Reverse),
    ];
    (0..5usize, wish)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// Whatever five people try in whatever order: over the whole life no natural person decides at two levels,
    /// whoever typed never rechecks or approves, and the effect happens once.
    #[test]
    fn three_levels_are_three_persons(wishes in prop::collection::vec(wish(), 0..60)) {
        let people = ["a", "b", "c", "d", "e"];
        let mut life = Life::default();
        life.ask("a", accept()).unwrap();
        for (who, wish) in wishes {
            let command = match wish {
                Wish::Decide(level, 0) => verdict(level, returned()),
                Wish::Decide(level, 1) => verdict(level, rejected()),
                Wish::Decide(level, _) => verdict(level, Verdict::Passed),
                Wish::Resubmit => resubmit(),
                Wish::Withdraw => Command::Withdraw { reason: "r".into() },
                Wish::Reverse => Command::ProposeReversal { reason: "r".into() },
            };
            let _ = life.ask(people[who], command);
        }
        // The oracle reads the events alone.
        let mut levels: BTreeMap<&str, BTreeSet<Level>> = BTreeMap::new();
        let mut reversal: BTreeMap<&str, BTreeSet<Level>> = BTreeMap::new();
        let mut effects = 0;
        let mut proposer = "";
        for (event, person) in &life.events {
            match event {
                Event::CaseAccepted { .. } | Event::Resubmitted { .. } => {
                    levels.entry(person).or_default().insert(Level::Initial);
                }
                Event::Reviewed { level, .. } if effects == 0 => {
                    levels.entry(person).or_default().insert(*level);
                }
                Event::Reviewed { level, .. } => {
                    prop_assert_ne!(person, proposer);
                    reversal.entry(person).or_default().insert(*level);
                }
                Event::TookEffect { .. } => effects += 1,
                Event::ReversalProposed { .. } => proposer = person,
                _ => {}
            }
        }
        prop_assert!(effects <= 1);
        for (person, acted) in levels.iter().chain(&reversal) {
            prop_assert!(acted.len() == 1, "{} acted at {:?}", person, acted);
        }
        if effects == 1 {
            prop_assert_eq!(levels.values().flatten().collect::<BTreeSet<_>>().len(), 3);
            prop_assert!(levels.len() >= 3);
        }
    }

    /// Events read back exactly as written, and foreign bytes never panic.
    #[test]
    fn events_read_back_and_noise_is_refused(kind in 0..40u16, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for (event, _) in &led_to(Status::Reversed).events {
            prop_assert_eq!(&Event::decode(event.kind(), &event.encode()).unwrap(), event);
            prop_assert!(Event::decode(event.kind() + 1, &event.encode()).is_err());
        }
        let _ = Event::decode(kind, &bytes);
    }
}

/// A supplement that puts a name or a village right: lists, rights of villages and the person's own cases follow it.
#[test]
fn a_resubmitted_case_is_listed_under_what_it_says_now() {
    let mut life = led_to(Status::Supplement);
    life.ask("clerk", resubmit()).unwrap();
    let filing = &life.case.as_ref().unwrap().filing;
    let listed = (filing.title.as_str(), filing.village.as_str(), filing.persons.join(","));
    assert_eq!(listed, ("乙", "451424100202", "7".to_owned()));
}
