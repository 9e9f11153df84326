//! The life of a case whose levels sit at two stations, and the persons a station needs: random lives and random staffs
//! against an independent reading of "each level another natural person" (003 A74, A84, A121).
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use xiangbao_core::case::{Candidate, Case, Command, Effect, Refusal, Status, Step, decide, staff};
use xiangbao_core::event::{
    Answer, Decision, Demand, Event, Filing, Level, Listing, ParcelBody, ParcelBodyFault, Promise, Referral,
    Verdict, Who,
};
use xiangbao_core::form::{FormData, Seat};
use xiangbao_core::role::Actor;

const HOME: &str = "XN01";
const ABOVE: &str = "XQ01";

/// Whoever it is: a letter is a person at home, `u` and a letter one above. `ua` and `a` are one natural person.
fn certno(person: &str) -> String {
    format!("cert-{}", person.trim_start_matches('u'))
}

fn actor(person: &str) -> Actor {
    Actor {
        person: person.to_owned(),
        account: person.to_owned(),
        name: person.to_owned(),
        roles: BTreeSet::new(),
        certno: certno(person),
        villages: BTreeSet::new(),
        session: String::new(),
    }
}

fn who(station: &str, person: &str) -> Who {
    Who {
        station: station.to_owned(),
        person: person.to_owned(),
        account: person.to_owned(),
        name: person.to_owned(),
        certno: certno(person),
    }
}

fn promise() -> Promise {
    Promise { working_days: 15, due: "2026-12-11".to_owned(), provisional: false, from: None }
}

fn filing(levels: &[(Level, Seat)]) -> Filing {
    Filing {
        form: "change".to_owned(),
        form_version: 1,
        form_hash: "0".to_owned(),
        levels: levels.iter().map(|(level, _)| *level).collect(),
        data: FormData::default(),
        title: "甲".to_owned(),
        village: "451424100201".to_owned(),
        subjects: vec!["cert-e".to_owned()],
        persons: Vec::new(),
        seats: levels.iter().map(|(_, seat)| *seat).collect(),
        templates: None,
        received_ms: None,
        two_hands: false,
        findings: None,
    }
}

/// Both stations' view of one case, with the parcels between them.
struct Lives {
    home: Option<Case>,
    above: Option<Case>,
    seq: u64,
    parcels: u64,
    events: Vec<Event>,
    /// Who did each event at home.
    by: Vec<String>,
}

impl Lives {
    fn new(levels: &[(Level, Seat)]) -> Self {
        let mut lives =
            Self { home: None, above: None, seq: 0, parcels: 0, events: Vec::new(), by: Vec::new() };
        let accept =
            Command::Accept { number: "BGXN01-1-000001".into(), filing: filing(levels), promise: promise() };
        lives.at_home("a", accept).unwrap();
        lives
    }

    fn step(&mut self, person: &str) -> Step {
        self.seq += 1;
        Step {
            seq: self.seq,
            wall_ms: i64::try_from(self.seq).unwrap(),
            person: person.to_owned(),
            account: person.to_owned(),
        }
    }

    fn at_home(&mut self, person: &str, command: Command) -> Result<(), Refusal> {
        for event in decide(self.home.as_ref(), command, &actor(person))? {
            let by = self.step(person);
            match &mut self.home {
                Some(case) => case.apply(&event, &by),
                None => self.home = Case::open(&event, &by),
            }
            self.events.push(event);
            self.by.push(person.to_owned());
        }
        Ok(())
    }

    fn at_above(&mut self, person: &str, command: Command) -> Result<(), Refusal> {
        for event in decide(self.above.as_ref(), command, &actor(person))? {
            let by = self.step(person);
            match &mut self.above {
                Some(case) => case.apply(&event, &by),
                None => self.above = Case::open(&event, &by),
            }
        }
        Ok(())
    }

    /// The case as the township would send it now, if it waits for an upper level.
    fn referral(&self) -> Option<Referral> {
        let case = self.home.as_ref()?;
        let Status::Review(level) = case.status else { return None };
        if case.filing.seat(level) == Seat::Township || case.up.is_some() {
            return None;
        }
        let decisions = case.reviews.iter().map(|review| Decision {
            by: review.elsewhere.clone().unwrap_or_else(|| who(HOME, &review.by.person)),
            wall_ms: review.by.wall_ms,
            seat: case.filing.seat(review.level),
            level: review.level,
            verdict: review.verdict.clone(),
            opinion: review.opinion.clone(),
            round: review.round,
            reversal: review.reversal,
            answers: case.replies_of(review.level, review.round),
            account: Some(true).filter(|_| review.account),
        });
        Some(Referral {
            case_id: [7; 16],
            number: case.number.clone(),
            filing: case.filing.clone(),
            promise: case.promise.clone(),
            accepted_ms: 1,
            round: case.round,
            level,
            entered_by: case.entered_by.iter().map(|person| who(HOME, person)).collect(),
            decisions: decisions.collect(),
            reversal: None,
            before: Vec::new(),
            settlement: None,
            obstacle: String::new(),
            note: String::new(),
            correction: None,
            editors: Vec::new(),
        })
    }

    fn send(&mut self) -> Option<()> {
        let referral = self.referral()?;
        self.parcels += 1;
        let sent =
            Event::ParcelSent { to: ABOVE.into(), no: self.parcels, digest: [0; 32], cases: vec![[7; 16]] };
        let by = self.step("a");
        self.home.as_mut()?.apply(&sent, &by);
        let last = *referral.filing.levels.last()?;
        let refer =
            Command::Refer { station: HOME.into(), no: self.parcels, last, referral: Box::new(referral) };
        self.at_above("ua", refer).unwrap();
        Some(())
    }

    fn answer(&mut self, fits: bool) -> Option<Result<(), Refusal>> {
        let case = self.above.clone()?;
        let origin = case.origin.clone()?;
        if case.status != Status::Decided || origin.answered {
            return None;
        }
        let decisions = case.decided_here().iter().map(|review| Decision {
            by: who(ABOVE, &review.by.person),
            wall_ms: review.by.wall_ms,
            seat: Seat::County,
            level: review.level,
            verdict: review.verdict.clone(),
            opinion: review.opinion.clone(),
            round: review.round,
            reversal: review.reversal,
            answers: case.replies_of(review.level, review.round),
            account: Some(true).filter(|_| review.account),
        });
        let answer = Answer {
            case_id: [7; 16],
            number: case.number.clone(),
            no: origin.no,
            round: case.round,
            decisions: decisions.collect(),
            declined: String::new(),
        };
        let by = self.step("ua");
        let sent = Event::ParcelSent { to: HOME.into(), no: 1, digest: [0; 32], cases: vec![[7; 16]] };
        self.above.as_mut()?.apply(&sent, &by);
        let effect = Effect::default();
        let take = Command::TakeAnswer {
            station: ABOVE.into(),
            seat: Seat::County,
            own: Seat::Township,
            answer,
            certnos: ["a", "b", "c", "d", "e"].map(|p| (p.to_owned(), certno(p))).into(),
            effect: Some(if fits { Ok(effect) } else { Err("已注销".to_owned()) }),
        };
        Some(self.at_home("a", take))
    }
}

fn verdict(kind: u8) -> Verdict {
    match kind {
        0 => Verdict::Returned {
            demands: vec![Demand {
                path: "mob".into(), reason: "少一位".into(), article: "003 A11".into()
            }],
        },
        1 => Verdict::Rejected { reason: "不属本统筹区".into(), article: "003 A6".into() },
        _ => Verdict::Passed,
    }
}

fn review(level: Level, verdict: Verdict, own: Seat) -> Command {
    let effect = Some(Effect::default());
    Command::Review { level, verdict, opinion: "同意".into(), effect, own }
}

#[derive(Clone, Debug)]
enum Wish {
    Home(usize, Level, u8),
    Above(usize, Level, u8),
    Send,
    Answer(bool),
    Resubmit(usize),
}

fn level() -> impl Strategy<Value = Level> {
    prop::sample::select(Level::ALL.to_vec())
}

fn wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        8 => (0..5usize, level(), 0..9u8).prop_map(|(who, level, kind)| Wish::Home(who, level, kind)),
        8 => (0..5usize, level(), 0..9u8).prop_map(|(who, level, kind)| Wish::Above(who, level, kind)),
        3 => Just(Wish::Send),
        3 => (0..4u8).prop_map(|fits| Wish::Answer(fits > 0)),
        2 => (0..5usize).prop_map(Wish::Resubmit),
    ]
}

/// The ways that the articles know: three levels (A74), two and finance (A84), all four; from some level on above.
fn way() -> impl Strategy<Value = Vec<(Level, Seat)>> {
    let levels = prop::sample::select(vec![
        vec![Level::Initial, Level::Recheck, Level::Approval],
        vec![Level::Initial, Level::Recheck, Level::Finance],
        Level::ALL.to_vec(),
    ]);
    (levels, 1..4usize).prop_map(|(levels, from)| {
        let seat = |at: usize| if at < from { Seat::Township } else { Seat::County };
        levels.into_iter().enumerate().map(|(at, level)| (level, seat(at))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// Whatever five people in the township and five at the county try, two of them being one natural person at both:
    /// no natural person stands at two levels, each level is decided where it sits, and the effect needs all of them.
    #[test]
    fn each_level_is_another_natural_person_at_whatever_station(
        way in way(),
        wishes in prop::collection::vec(wish(), 0..80),
    ) {
        let below = ["a", "b", "c", "d", "e"];
        let over = ["ua", "ub", "uf", "ug", "ue"];
        let mut lives = Lives::new(&way);
        for wish in wishes {
            match wish {
                Wish::Home(who, level, kind) => {
                    let _ = lives.at_home(below[who], review(level, verdict(kind), Seat::Township));
                }
                Wish::Above(who, level, kind) if lives.above.is_some() => {
                    let _ = lives.at_above(over[who], review(level, verdict(kind), Seat::County));
                }
                Wish::Above(..) => {}
                Wish::Send => drop(lives.send()),
                Wish::Answer(fits) => {
                    if let Some(taken) = lives.answer(fits) {
                        // Whatever the county's table let through, the township's lets through.
                        prop_assert_eq!(taken, Ok(()));
                    }
                }
                Wish::Resubmit(who) => {
                    let again = Command::Resubmit {
                        data: FormData::default(),
                        promise: promise(),
                        subjects: vec!["cert-e".into()],
                        listing: Listing::default(),
                    };
                    let _ = lives.at_home(below[who], again);
                }
            }
        }
        // The oracle reads the township's events alone.
        let seats: BTreeMap<Level, Seat> = way.iter().copied().collect();
        let mut stood: BTreeMap<String, BTreeSet<Level>> = BTreeMap::new();
        let mut agreed: BTreeSet<Level> = BTreeSet::new();
        let mut effects = 0;
        for (event, by) in lives.events.iter().zip(&lives.by) {
            match event {
                Event::CaseAccepted { .. } | Event::Resubmitted { .. } => {
                    stood.entry(certno(by)).or_default().insert(Level::Initial);
                    agreed.clear();
                }
                Event::Reviewed { level, verdict, .. } => {
                    prop_assert_eq!(seats[level], Seat::Township);
                    stood.entry(certno(by)).or_default().insert(*level);
                    if *verdict == Verdict::Passed {
                        agreed.insert(*level);
                    }
                }
                Event::DecidedAbove { decision } => {
                    prop_assert_eq!(seats[&decision.level], Seat::County);
                    prop_assert_eq!(decision.by.station.as_str(), ABOVE);
                    stood.entry(decision.by.certno.clone()).or_default().insert(decision.level);
                    if decision.verdict == Verdict::Passed {
                        agreed.insert(decision.level);
                    }
                }
                Event::TookEffect { .. } => {
                    effects += 1;
                    prop_assert_eq!(&agreed, &seats.keys().copied().collect::<BTreeSet<_>>());
                }
                _ => {}
            }
        }
        prop_assert!(effects <= 1);
        prop_assert!(!stood.contains_key("cert-e"), "nobody decides a case of their own");
        for (person, levels) in &stood {
            prop_assert!(levels.len() == 1, "{} stood at {:?}", person, levels);
        }
    }

    /// Staffing against trying every choice of persons: what stays here can be done by different persons, one level more
    /// could not, and what goes up goes to a higher seat; nothing is ever left out.
    #[test]
    fn what_cannot_be_staffed_goes_up_and_never_less_than_that(
        way in way(),
        persons in prop::collection::vec(prop::collection::btree_set(level(), 0..4), 0..5),
        own in prop::sample::select(Seat::ALL.to_vec()),
    ) {
        let candidates: Vec<Candidate> =
            persons.iter().map(|levels| Candidate { levels: levels.clone() }).collect();
        let here = way.iter().take_while(|(_, seat)| *seat <= own).count();
        let possible = |count: usize| {
            let levels: Vec<Level> = way[..count].iter().map(|(level, _)| *level).collect();
            assignable(&levels, &persons, &mut vec![false; persons.len()])
        };
        let most = (0..=here).rev().find(|count| possible(*count)).unwrap();
        let staffing = staff(&way, &candidates, own);
        prop_assert_eq!(staffing.seats.len(), way.len());
        prop_assert_eq!(staffing.short.len(), here - most);
        prop_assert!(staffing.seats.is_sorted());
        for (at, ((_, asked), given)) in way.iter().zip(&staffing.seats).enumerate() {
            prop_assert!(given >= asked);
            // Above the city there is nothing: the level waits for persons there.
            prop_assert_eq!(*given <= own, at < most || own == Seat::City);
        }
    }

    /// A body reads back as it was written, and noise never panics.
    #[test]
    fn parcel_bodies_read_back_and_noise_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = ParcelBody::decode(&bytes);
    }
}

/// Tries everything.
fn assignable(levels: &[Level], persons: &[BTreeSet<Level>], used: &mut Vec<bool>) -> bool {
    let Some((first, rest)) = levels.split_first() else { return true };
    (0..persons.len()).any(|at| {
        if used[at] || !persons[at].contains(first) {
            return false;
        }
        used[at] = true;
        let fits = assignable(rest, persons, used);
        used[at] = false;
        fits
    })
}

const A74: [(Level, Seat); 3] =
    [(Level::Initial, Seat::Township), (Level::Recheck, Seat::Township), (Level::Approval, Seat::County)];

fn sent() -> Lives {
    let mut lives = Lives::new(&A74);
    lives.at_home("a", review(Level::Initial, Verdict::Passed, Seat::Township)).unwrap();
    lives.at_home("b", review(Level::Recheck, Verdict::Passed, Seat::Township)).unwrap();
    lives.send().unwrap();
    lives
}

#[test]
fn what_a_peer_typed_is_checked_wherever_it_stands() {
    let mut body = ParcelBody::default();
    let mut lives = Lives::new(&A74);
    lives.at_home("a", review(Level::Initial, Verdict::Passed, Seat::Township)).unwrap();
    lives.at_home("b", review(Level::Recheck, Verdict::Passed, Seat::Township)).unwrap();
    let good = lives.referral().unwrap();
    body.referrals = vec![good.clone()];
    assert_eq!(ParcelBody::decode(&body.encode()).unwrap(), body);
    let spoil: [fn(&mut Referral, String); 5] = [
        |referral, bad| referral.number = bad,
        |referral, bad| referral.decisions[0].opinion = bad,
        |referral, bad| referral.filing.title = bad,
        |referral, bad| drop(referral.filing.data.fields.insert("mob".into(), bad)),
        |referral, bad| referral.entered_by[0].name = bad,
    ];
    for spoil in spoil {
        for bad in ["\u{1b}]52;c;x\u{7}", "\u{202e}abc", "\u{0}", &"长".repeat(5_000)] {
            let mut referral = good.clone();
            spoil(&mut referral, bad.to_owned());
            let body = ParcelBody { referrals: vec![referral], answers: Vec::new() };
            assert_eq!(ParcelBody::decode(&body.encode()), Err(ParcelBodyFault::Text), "{bad:?}");
        }
    }
}

#[test]
fn a_referral_that_hides_who_acted_is_not_taken_in() {
    let lives = {
        let mut lives = Lives::new(&A74);
        lives.at_home("a", review(Level::Initial, Verdict::Passed, Seat::Township)).unwrap();
        lives.at_home("b", review(Level::Recheck, Verdict::Passed, Seat::Township)).unwrap();
        lives
    };
    let good = lives.referral().unwrap();
    assert_eq!(good.fault(), None);
    let forge: [fn(&mut Referral); 6] = [
        |referral| referral.decisions.clear(),
        |referral| referral.decisions[1].by = referral.entered_by[0].clone(),
        |referral| referral.decisions[0].by.certno.clear(),
        |referral| referral.entered_by.clear(),
        |referral| referral.filing.subjects.push("cert-b".into()),
        |referral| referral.filing.levels.reverse(),
    ];
    for (index, forge) in forge.into_iter().enumerate() {
        let mut forged = good.clone();
        forge(&mut forged);
        let refer =
            Command::Refer { station: HOME.into(), no: 1, last: Level::Approval, referral: Box::new(forged) };
        let answer = decide(None, refer, &actor("ua"));
        assert!(matches!(answer, Err(Refusal::Unsound(_))), "{index}: {answer:?}");
    }
}

#[test]
fn an_answer_counts_only_from_where_the_case_is() {
    let lives = sent();
    let decision = |by: Who, level: Level| Decision {
        by,
        wall_ms: 1,
        seat: Seat::County,
        level,
        verdict: Verdict::Passed,
        opinion: String::new(),
        round: 1,
        reversal: false,
        answers: Vec::new(),
        account: None,
    };
    let take = |station: &str, no: u64, round: u16, by: Who, level: Level| {
        let answer = Answer {
            case_id: [7; 16],
            number: "BGXN01-1-000001".into(),
            no,
            round,
            decisions: vec![decision(by, level)],
            declined: String::new(),
        };
        let command = Command::TakeAnswer {
            station: station.into(),
            seat: Seat::County,
            own: Seat::Township,
            answer,
            certnos: ["a", "b"].map(|p| (p.to_owned(), certno(p))).into(),
            effect: Some(Ok(Effect::default())),
        };
        decide(lives.home.as_ref(), command, &actor("a"))
    };
    let chief = || who(ABOVE, "uf");
    assert!(take(ABOVE, 1, 1, chief(), Level::Approval).is_ok());
    let not_there = Err(Refusal::NotThere(ABOVE.into()));
    assert_eq!(take("XQ02", 1, 1, who("XQ02", "uf"), Level::Approval), Err(Refusal::NotThere("XQ02".into())));
    assert_eq!(take(ABOVE, 2, 1, chief(), Level::Approval), not_there);
    assert_eq!(take(ABOVE, 1, 2, chief(), Level::Approval), not_there);
    // Another level, somebody of a third station, the township's own natural person, one concerned, one unknown.
    assert!(take(ABOVE, 1, 1, chief(), Level::Recheck).is_err());
    assert!(matches!(take(ABOVE, 1, 1, who("XQ02", "uf"), Level::Approval), Err(Refusal::Unsound(_))));
    assert!(matches!(take(ABOVE, 1, 1, who(ABOVE, "ub"), Level::Approval), Err(Refusal::SamePerson { .. })));
    assert_eq!(take(ABOVE, 1, 1, who(ABOVE, "ue"), Level::Approval), Err(Refusal::Concerned));
    let unknown = Who { certno: String::new(), ..chief() };
    assert_eq!(take(ABOVE, 1, 1, unknown, Level::Approval), Err(Refusal::NoCertificate));
}
