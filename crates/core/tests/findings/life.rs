//! Findings in the life of a case: nobody agrees past an open one, whatever is tried in whatever order (003 A88).

use std::collections::BTreeSet;

use proptest::prelude::*;
use xiangbao_core::case::{Case, Command, Effect, Refusal, Status, Step, decide};
use xiangbao_core::event::{Demand, Event, Filing, Level, Listing, Promise, Replied, Verdict};
use xiangbao_core::findings::{Pinned, Raised, Reply, Weight};
use xiangbao_core::form::{FormData, Seat};
use xiangbao_core::role::{Actor, Role};

const LEVELS: [Level; 3] = [Level::Initial, Level::Recheck, Level::Approval];
const PERSONS: [&str; 4] = ["clerk", "first", "second", "third"];

fn actor(person: &str) -> Actor {
    Actor {
        person: person.to_owned(),
        account: person.to_owned(),
        name: person.to_owned(),
        roles: Role::ALL.into_iter().collect(),
        certno: format!("cert-{person}"),
        villages: BTreeSet::new(),
        session: "s".to_owned(),
    }
}

fn raised(code: &str, weight: Weight, levels: &[&str]) -> Raised {
    Raised {
        code: code.to_owned(),
        about: "一".to_owned(),
        title: "示例".to_owned(),
        sentence: "示例".to_owned(),
        todo: String::new(),
        article: "003 A88".to_owned(),
        document: "示例".to_owned(),
        sample: true,
        weight,
        levels: levels.iter().map(|level| (*level).to_owned()).collect(),
        evidence: Vec::new(),
        case_no: String::new(),
    }
}

fn promise() -> Promise {
    Promise { working_days: 20, due: "2026-12-18".to_owned(), provisional: false, from: None }
}

fn accept(findings: Option<Vec<Raised>>) -> Command {
    let filing = Filing {
        form: "reimbursement".to_owned(),
        form_version: 1,
        form_hash: "0".to_owned(),
        levels: LEVELS.to_vec(),
        data: FormData::default(),
        title: "甲".to_owned(),
        village: "451424100201".to_owned(),
        subjects: Vec::new(),
        persons: Vec::new(),
        seats: Vec::new(),
        templates: None,
        received_ms: None,
        two_hands: false,
        findings: findings.map(|list| Pinned { pack: "p".to_owned(), list }),
    };
    Command::Accept { number: "BX1-1-000001".to_owned(), filing, promise: promise() }
}

fn pass(level: Level) -> Command {
    let effect = Some(Effect::default());
    Command::Review { level, verdict: Verdict::Passed, opinion: "同意".to_owned(), effect, own: Seat::City }
}

fn back(level: Level) -> Command {
    let demand = Demand { path: String::new(), reason: "缺清单".into(), article: "003 A74".into() };
    let verdict = Verdict::Returned { demands: vec![demand] };
    Command::Review { level, verdict, opinion: String::new(), effect: None, own: Seat::City }
}

fn reply(level: Level, code: &str, reply: Reply, text: &str) -> Command {
    let replied = Replied { code: code.to_owned(), about: "一".to_owned(), reply, text: text.to_owned() };
    Command::AnswerFinding { level, raised: None, replied, own: Seat::City }
}

#[derive(Default)]
struct Life {
    case: Option<Case>,
    seq: u64,
}

impl Life {
    fn with(findings: Option<Vec<Raised>>) -> Self {
        let mut life = Self::default();
        life.ask("clerk", accept(findings)).unwrap();
        life
    }

    fn ask(&mut self, person: &str, command: Command) -> Result<Vec<Event>, Refusal> {
        let events = decide(self.case.as_ref(), command, &actor(person))?;
        for event in &events {
            self.seq += 1;
            let wall_ms = i64::try_from(self.seq).unwrap();
            let by = Step { seq: self.seq, wall_ms, person: person.to_owned(), account: person.to_owned() };
            match &mut self.case {
                Some(case) => case.apply(event, &by),
                None => self.case = Case::open(event, &by),
            }
        }
        Ok(events)
    }

    fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }
}

#[test]
fn each_level_answers_for_itself_before_it_agrees() {
    let list = vec![
        raised("A1", Weight::Answer, &[]),
        raised("A2", Weight::Answer, &["recheck"]),
        raised("I1", Weight::Inform, &[]),
    ];
    let mut life = Life::with(Some(list));
    let open = |codes: &[&str]| Refusal::FindingsOpen(codes.iter().map(|code| (*code).to_owned()).collect());
    assert_eq!(life.ask("first", pass(Level::Initial)), Err(open(&["A1"])));
    // Not without words, not what asks nobody or another level, not what is not there.
    assert_eq!(life.ask("first", reply(Level::Initial, "A1", Reply::Explained, " ")), Err(Refusal::NoReason));
    for code in ["A2", "I1", "A9"] {
        let refused = life.ask("first", reply(Level::Initial, code, Reply::Explained, "看过"));
        assert_eq!(refused, Err(Refusal::NoFinding), "{code}");
    }
    life.ask("first", reply(Level::Initial, "A1", Reply::Explained, "看过原件")).unwrap();
    life.ask("first", pass(Level::Initial)).unwrap();
    // The next level has answers of its own to give; the first one's are there to read.
    assert_eq!(life.ask("second", pass(Level::Recheck)), Err(open(&["A1", "A2"])));
    assert_eq!(life.case().answers().len(), 1);
    for code in ["A1", "A2"] {
        life.ask("second", reply(Level::Recheck, code, Reply::Explained, "核对过")).unwrap();
    }
    life.ask("second", pass(Level::Recheck)).unwrap();
    life.ask("third", reply(Level::Approval, "A1", Reply::Explained, "同意说明")).unwrap();
    life.ask("third", pass(Level::Approval)).unwrap();
    assert_eq!(life.case().status, Status::InEffect);
}

#[test]
fn who_holds_a_doubt_to_be_true_returns_or_rejects() {
    let mut life = Life::with(Some(vec![raised("A1", Weight::Answer, &[])]));
    life.ask("first", reply(Level::Initial, "A1", Reply::Sustained, "两张是同一张")).unwrap();
    let hold = Refusal::FindingsHold(vec!["A1".to_owned()]);
    assert_eq!(life.ask("first", pass(Level::Initial)), Err(hold.clone()));
    assert!(hold.zh().contains("退回补正或退件") && hold.zh().ends_with('。'));
    // A later word counts.
    life.ask("first", reply(Level::Initial, "A1", Reply::Explained, "医院更正了号码")).unwrap();
    life.ask("first", reply(Level::Initial, "A1", Reply::Sustained, "仍是同一张")).unwrap();
    life.ask("first", back(Level::Initial)).unwrap();
    // Back from the applicant with other findings: what was answered before is kept and does not count.
    let listing = Listing {
        findings: Some(Pinned { pack: "p".to_owned(), list: vec![raised("A2", Weight::Answer, &[])] }),
        ..Listing::default()
    };
    let again =
        Command::Resubmit { data: FormData::default(), promise: promise(), subjects: Vec::new(), listing };
    life.ask("clerk", again).unwrap();
    assert_eq!(life.case().findings().len(), 1);
    assert_eq!(life.case().answers().len(), 3);
    assert!(matches!(life.ask("first", pass(Level::Initial)), Err(Refusal::FindingsOpen(_))));
    life.ask("first", reply(Level::Initial, "A2", Reply::Explained, "看过")).unwrap();
    life.ask("first", pass(Level::Initial)).unwrap();
}

#[test]
fn a_case_of_before_is_never_judged_and_a_new_finding_joins_with_its_answer() {
    // No list: nothing to answer, and nothing can be added.
    let mut old = Life::with(None);
    let late = |raised: Raised| {
        let replied =
            Replied {
                code: "A7".into(), about: "一".into(), reply: Reply::Explained, text: "看过".into()
            };
        let raised = Some(Box::new(raised));
        Command::AnswerFinding { level: Level::Initial, raised, replied, own: Seat::City }
    };
    let refused = old.ask("first", late(raised("A7", Weight::Answer, &[])));
    assert_eq!(refused, Err(Refusal::NoFinding));
    old.ask("first", pass(Level::Initial)).unwrap();
    // An empty list: judged, and clean; what arises later joins when it is answered.
    let mut new = Life::with(Some(Vec::new()));
    let events = new.ask("first", late(raised("A7", Weight::Answer, &[]))).unwrap();
    assert!(matches!(&events[..], [Event::FindingsRaised { .. }, Event::FindingAnswered { .. }]));
    assert_eq!(new.case().findings().len(), 1);
    new.ask("first", pass(Level::Initial)).unwrap();
    assert!(matches!(new.ask("second", pass(Level::Recheck)), Err(Refusal::FindingsOpen(_))));
    // Somebody else's finding does not slip in under an answer.
    let refused = Life::with(Some(Vec::new())).ask("first", late(raised("A8", Weight::Answer, &[])));
    assert_eq!(refused, Err(Refusal::NoFinding));
}

#[test]
fn what_is_answered_survives_the_journal() {
    for event in [
        Event::FindingsRaised { findings: vec![raised("A1", Weight::Answer, &["initial"])] },
        Event::FindingAnswered {
            level: Level::Recheck,
            replied: Replied {
                code: "A1".into(),
                about: "一".into(),
                reply: Reply::Sustained,
                text: "是".into(),
            },
        },
    ] {
        let bytes = event.encode();
        assert_eq!(Event::decode(event.kind(), &bytes).unwrap(), event);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is tried in whatever order: a level's agreement stands in the case only when each finding that asks this
    /// level was answered by it in this round, the last time with "explained".
    #[test]
    fn nobody_agrees_past_an_open_finding(
        asks in prop::collection::vec((0_usize..3, prop::collection::vec(0_usize..3, 0..3)), 0..5),
        steps in prop::collection::vec((0_usize..4, 0_usize..3, 0_usize..5, 0_u8..5), 0..40),
    ) {
        let list: Vec<Raised> = asks.iter().enumerate().map(|(index, (weight, levels))| {
            let levels: Vec<&str> = levels.iter().map(|level| LEVELS[*level].id()).collect();
            raised(&format!("A{index}"), Weight::ALL[*weight], &levels)
        }).collect();
        let mut life = Life::with(Some(list.clone()));
        // Told apart from the program's own reading: level, code, last reply of this round.
        let mut said: Vec<(Level, String, Reply)> = Vec::new();
        for (person, level, code, what) in steps {
            let (person, level) = (PERSONS[person], LEVELS[level]);
            let code = format!("A{code}");
            let command = match what {
                0 => reply(level, &code, Reply::Explained, "看过"),
                1 => reply(level, &code, Reply::Sustained, "属实"),
                2 | 3 => pass(level),
                _ => back(level),
            };
            let asked = life.case().status;
            let Ok(events) = life.ask(person, command) else { continue };
            for event in events {
                match event {
                    Event::FindingAnswered { level, replied } => said.push((level, replied.code, replied.reply)),
                    Event::Reviewed { level, verdict: Verdict::Passed, .. } => {
                        prop_assert_eq!(asked, Status::Review(level));
                        for found in list.iter().filter(|found| {
                            found.weight == Weight::Answer
                                && (found.levels.is_empty() || found.levels.iter().any(|id| id == level.id()))
                        }) {
                            let last = said.iter().rev().find(|(l, c, _)| *l == level && *c == found.code);
                            prop_assert_eq!(last.map(|(.., reply)| *reply), Some(Reply::Explained));
                        }
                    }
                    _ => {}
                }
            }
            if life.case().status == Status::Supplement {
                let listing = Listing {
                    findings: Some(Pinned { pack: "p".to_owned(), list: list.clone() }),
                    ..Listing::default()
                };
                let again = Command::Resubmit {
                    data: FormData::default(), promise: promise(), subjects: Vec::new(), listing,
                };
                life.ask("clerk", again).unwrap();
                said.clear();
            }
        }
    }
}
