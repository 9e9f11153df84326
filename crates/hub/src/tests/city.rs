//! Business at the city: separation by natural persons, complete levels, one enrolment of one person in one year.

use xiangbao_core::event::{Demand, Event, Filing, Level, Outage, OutageScope, Promise, Verdict};
use xiangbao_core::form::FormData;
use xiangbao_core::journal::ResultCode;
use xiangbao_core::money::Fen;
use xiangbao_core::register::{Change, Enrolment, EnrolmentStatus};

use super::{TestHub, TestStation, codes};

const CASE: Option<[u8; 16]> = Some([1; 16]);
/// Valid check characters by GB 11643; nobody's number.
const SOMEONE: &str = "11010119900307651X";
const OTHER: &str = "110101199003076632";

/// The three levels of 003 A74.
const LEVELS: [Level; 3] = [Level::Initial, Level::Recheck, Level::Approval];

pub(super) fn filing(subjects: &[&str]) -> Filing {
    Filing {
        form: "DJ".into(),
        form_version: 1,
        form_hash: String::new(),
        levels: LEVELS.to_vec(),
        seats: Vec::new(),
        templates: None,
        received_ms: None,
        two_hands: false,
        findings: None,
        data: FormData::default(),
        title: "某户".into(),
        village: String::new(),
        subjects: subjects.iter().map(|s| (*s).to_owned()).collect(),
        persons: Vec::new(),
    }
}

pub(super) fn promise() -> Promise {
    Promise { working_days: 15, due: "2026-12-31".into(), provisional: false, from: None }
}

fn accepted() -> Event {
    Event::CaseAccepted { number: "DJ1".into(), filing: filing(&[SOMEONE]), promise: promise() }
}

pub(super) fn passed(level: Level) -> Event {
    Event::Reviewed { level, verdict: Verdict::Passed, opinion: "同意".into() }
}

fn returned(level: Level) -> Event {
    let demand = Demand { path: String::new(), reason: "缺".into(), article: String::new() };
    Event::Reviewed { level, verdict: Verdict::Returned { demands: vec![demand] }, opinion: String::new() }
}

fn enrolled(certno: &str, year: u16, status: EnrolmentStatus) -> Change {
    let record = Enrolment {
        psn_no: "P1".into(),
        insu_year: year,
        rev: 1,
        status,
        enrol_kind: "1".into(),
        psn_type: String::new(),
        psn_idet_type: String::new(),
        standard: Fen(40_000),
        aid: Fen(0),
        personal: Fen(40_000),
        entitled_from: String::new(),
        entitled_to: String::new(),
        entitlement_rule: String::new(),
        sample: true,
        end_reason: String::new(),
        certno: certno.into(),
        unit: None,
        refunded: None,
        elsewhere: None,
    };
    Change::Enrolment { effective: "2026-01-01".into(), record }
}

fn effect(changes: Vec<Change>) -> Event {
    Event::TookEffect { changes, settlement: None, refund: None }
}

fn enrols(certno: &str) -> Event {
    effect(vec![enrolled(certno, 2026, EnrolmentStatus::Normal)])
}

/// A whole case, by three persons after the one who typed it.
fn whole_case(station: &mut TestStation, id: [u8; 16], effect: &Event) {
    let case = Some(id);
    station.event(&accepted(), case, "typist");
    station.event(&passed(Level::Initial), case, "one");
    station.event(&passed(Level::Recheck), case, "two");
    station.event(&passed(Level::Approval), case, "three");
    station.event(effect, case, "three");
}

fn play(steps: &[(Event, &str)]) -> Vec<String> {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    for (event, person) in steps {
        station.event(event, CASE, person);
    }
    codes(&hub.send(&mut station))
}

#[test]
fn three_persons_pass_a_case() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    whole_case(&mut station, [1; 16], &enrols(SOMEONE));
    assert_eq!(codes(&hub.send(&mut station)), ["OK"; 5]);
    // The typist may be the first level: both are first-level work.
    let steps = [(accepted(), "one"), (passed(Level::Initial), "one"), (passed(Level::Recheck), "two")];
    assert_eq!(play(&steps), ["OK"; 3]);
}

#[test]
fn one_person_at_two_levels_is_rejected_and_so_is_the_effect() {
    let pairs = [
        ("one", "one", "three", ["OK", "OK", "REJECTED(separation)", "REJECTED(order)", "REJECTED(levels)"]),
        ("one", "two", "two", ["OK", "OK", "OK", "REJECTED(separation)", "REJECTED(levels)"]),
        ("one", "two", "one", ["OK", "OK", "OK", "REJECTED(separation)", "REJECTED(levels)"]),
        ("one", "typist", "x", ["OK", "OK", "REJECTED(separation)", "REJECTED(order)", "REJECTED(levels)"]),
        ("one", "two", "typist", ["OK", "OK", "OK", "REJECTED(separation)", "REJECTED(levels)"]),
    ];
    for (initial, recheck, approval, expected) in pairs {
        let steps = [
            (accepted(), "typist"),
            (passed(Level::Initial), initial),
            (passed(Level::Recheck), recheck),
            (passed(Level::Approval), approval),
            (enrols(SOMEONE), approval),
        ];
        assert_eq!(play(&steps), expected, "{initial} {recheck} {approval}");
    }
}

#[test]
fn separation_holds_over_all_rounds_and_the_first_level_may_stay() {
    let again = Event::Resubmitted {
        data: FormData::default(),
        promise: promise(),
        subjects: Vec::new(),
        listing: None,
    };
    let steps = [
        (accepted(), "typist"),
        (passed(Level::Initial), "one"),
        (returned(Level::Recheck), "two"),
        (again, "typist"),
        (passed(Level::Initial), "one"),
        (passed(Level::Recheck), "one"),
        (passed(Level::Recheck), "two"),
        (passed(Level::Approval), "two"),
        (passed(Level::Approval), "three"),
        (enrols(SOMEONE), "three"),
    ];
    let expected =
        ["OK", "OK", "OK", "OK", "OK", "REJECTED(separation)", "OK", "REJECTED(separation)", "OK", "OK"];
    assert_eq!(play(&steps), expected);
}

#[test]
fn two_accounts_with_one_certificate_are_one_person() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.account("one", OTHER);
    station.account("two", OTHER);
    station.event(&accepted(), CASE, "typist");
    station.event(&passed(Level::Initial), CASE, "one");
    station.event(&passed(Level::Recheck), CASE, "two");
    assert_eq!(codes(&hub.send(&mut station)), ["OK", "OK", "OK", "OK", "REJECTED(separation)"]);
}

#[test]
fn an_account_is_not_handed_on_and_nobody_borrows_a_person() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.account("one", "");
    let Event::AccountPut { mut account } =
        Event::decode(station.journal[0].kind, &station.journal[0].payload).unwrap()
    else {
        panic!("not an account")
    };
    account.person = "another".into();
    station.event(&Event::AccountPut { account }, None, "admin");
    assert_eq!(codes(&hub.send(&mut station)), ["OK", "REJECTED(account_person)"]);
}

#[test]
fn nobody_decides_a_case_of_their_own() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.account("one", SOMEONE);
    station.event(&accepted(), CASE, "typist");
    station.event(&passed(Level::Initial), CASE, "one");
    assert_eq!(codes(&hub.send(&mut station)), ["OK", "OK", "REJECTED(recusal)"]);
}

#[test]
fn a_case_takes_effect_only_in_its_order() {
    assert_eq!(play(&[(enrols(SOMEONE), "x")]), ["REJECTED(unknown_case)"]);
    assert_eq!(play(&[(accepted(), "a"), (accepted(), "a")]), ["OK", "REJECTED(exists)"]);
    assert_eq!(play(&[(accepted(), "a"), (enrols(SOMEONE), "b")]), ["OK", "REJECTED(levels)"]);
    let skipped = [(accepted(), "a"), (passed(Level::Approval), "c")];
    assert_eq!(play(&skipped), ["OK", "REJECTED(order)"]);
    let withdrawn = Event::Withdrawn { reason: "本人要求".into() };
    let late = [(accepted(), "a"), (withdrawn.clone(), "a"), (withdrawn, "a"), (passed(Level::Initial), "b")];
    assert_eq!(play(&late), ["OK", "OK", "REJECTED(order)", "REJECTED(order)"]);
    let again = Event::Resubmitted {
        data: FormData::default(),
        promise: promise(),
        subjects: Vec::new(),
        listing: None,
    };
    assert_eq!(play(&[(accepted(), "a"), (again, "a")]), ["OK", "REJECTED(order)"]);
    let proposal = Event::ReversalProposed { reason: "错".into() };
    assert_eq!(play(&[(accepted(), "a"), (proposal, "a")]), ["OK", "REJECTED(order)"]);
}

#[test]
fn one_person_in_two_stations_is_a_conflict_for_the_second() {
    let hub = TestHub::new();
    let (mut one, mut two) = (hub.station("S1"), hub.station("S2"));
    whole_case(&mut one, [1; 16], &enrols(SOMEONE));
    whole_case(&mut two, [2; 16], &enrols(SOMEONE));
    assert_eq!(codes(&hub.send(&mut one)), ["OK"; 5]);
    let results = hub.send(&mut two);
    assert_eq!(codes(&results), ["OK", "OK", "OK", "OK", "CONFLICT(dup_enrol)"]);
    let conflict = &results[4];
    let related = conflict.related.as_ref().unwrap();
    assert_eq!((related.station.as_str(), related.seq, related.case_id), ("S1", 5, Some([1; 16])));
    assert!(conflict.detail.contains("651X") && !conflict.detail.contains("199003"), "{}", conflict.detail);
    assert!(conflict.detail.contains("2026"));
    // The same batch again, or the same operations in another batch: the conflict is still told.
    let again = hub.take(&two.batch(1, 5)).results;
    assert_eq!(again[4].code, ResultCode::Conflict("dup_enrol".into()));
    assert_eq!(hub.hub.status().unwrap().returned, 1);
}

#[test]
fn another_year_another_person_or_the_same_station_is_no_conflict() {
    let hub = TestHub::new();
    let (mut one, mut two) = (hub.station("S1"), hub.station("S2"));
    whole_case(&mut one, [1; 16], &enrols(SOMEONE));
    whole_case(&mut one, [3; 16], &enrols(SOMEONE));
    assert_eq!(codes(&hub.send(&mut one)), ["OK"; 10]);
    whole_case(&mut two, [2; 16], &effect(vec![enrolled(SOMEONE, 2027, EnrolmentStatus::Normal)]));
    whole_case(&mut two, [4; 16], &enrols(OTHER));
    whole_case(&mut two, [5; 16], &enrols(""));
    assert_eq!(codes(&hub.send(&mut two)), ["OK"; 15]);
}

#[test]
fn the_place_is_free_again_after_an_end_and_only_its_holder_frees_it() {
    let hub = TestHub::new();
    let (mut one, mut two) = (hub.station("S1"), hub.station("S2"));
    whole_case(&mut one, [1; 16], &enrols(SOMEONE));
    hub.send(&mut one);
    let ended = effect(vec![enrolled(SOMEONE, 2026, EnrolmentStatus::Ended)]);
    whole_case(&mut two, [2; 16], &ended);
    whole_case(&mut two, [3; 16], &enrols(SOMEONE));
    assert_eq!(codes(&hub.send(&mut two))[9], "CONFLICT(dup_enrol)");
    whole_case(&mut one, [4; 16], &ended);
    assert_eq!(codes(&hub.send(&mut one)), ["OK"; 5]);
    whole_case(&mut two, [5; 16], &enrols(SOMEONE));
    assert_eq!(codes(&hub.send(&mut two)), ["OK"; 5]);
}

#[test]
fn a_household_keeps_its_other_members_and_the_old_number_is_the_same_person() {
    let hub = TestHub::new();
    let (mut one, mut two, mut three) = (hub.station("S1"), hub.station("S2"), hub.station("S3"));
    // 15 digits of the first generation: the 18-digit number without century and check character.
    let old = "110101900307651";
    whole_case(&mut one, [1; 16], &enrols(old));
    hub.send(&mut one);
    let both = effect(vec![
        enrolled(SOMEONE, 2026, EnrolmentStatus::Normal),
        enrolled(OTHER, 2026, EnrolmentStatus::Normal),
    ]);
    whole_case(&mut two, [2; 16], &both);
    assert_eq!(codes(&hub.send(&mut two))[4], "CONFLICT(dup_enrol)");
    whole_case(&mut three, [3; 16], &enrols(OTHER));
    let results = hub.send(&mut three);
    assert_eq!(results[4].related.as_ref().map(|r| r.station.as_str()), Some("S2"));
}

#[test]
fn a_reversal_needs_two_others_and_frees_the_place() {
    let hub = TestHub::new();
    let (mut one, mut two) = (hub.station("S1"), hub.station("S2"));
    whole_case(&mut one, [1; 16], &enrols(SOMEONE));
    let proposal = Event::ReversalProposed { reason: "录错".into() };
    let changes = vec![enrolled(SOMEONE, 2026, EnrolmentStatus::Void)];
    let reversed = Event::Reversed { changes, settlement: None };
    one.event(&proposal, CASE, "typist");
    one.event(&reversed, CASE, "typist");
    one.event(&passed(Level::Recheck), CASE, "typist");
    one.event(&passed(Level::Recheck), CASE, "two");
    one.event(&passed(Level::Approval), CASE, "two");
    one.event(&passed(Level::Approval), CASE, "three");
    one.event(&reversed, CASE, "three");
    let expected =
        ["OK", "REJECTED(levels)", "REJECTED(separation)", "OK", "REJECTED(separation)", "OK", "OK"];
    assert_eq!(codes(&hub.send(&mut one))[5..], expected);
    whole_case(&mut two, [2; 16], &enrols(SOMEONE));
    assert_eq!(codes(&hub.send(&mut two)), ["OK"; 5]);
}

#[test]
fn the_opening_register_is_compared_too() {
    let hub = TestHub::new();
    let (mut one, mut two) = (hub.station("S1"), hub.station("S2"));
    let people: Vec<Change> =
        [SOMEONE, OTHER].iter().map(|c| enrolled(c, 2026, EnrolmentStatus::Normal)).collect();
    let loaded = Event::RegisterLoaded { origin: "旧系统".into(), changes: people };
    one.event(&loaded, None, "admin");
    two.event(&loaded, None, "admin");
    assert_eq!(codes(&hub.send(&mut one)), ["OK"]);
    let results = hub.send(&mut two);
    assert_eq!(codes(&results), ["CONFLICT(dup_enrol)"]);
    assert!(results[0].detail.contains("等 2 人"), "{}", results[0].detail);
}

#[test]
fn a_notice_of_an_outage_is_taken_without_a_case() {
    let outage = Outage {
        document: "停机公告".into(),
        issuer: "市医疗保障局".into(),
        families: vec!["DJ".into()],
        from_ms: 1_000,
        to_ms: None,
        scope: OutageScope::Running,
        text: String::new(),
    };
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    station.event(&Event::OutageNoticed { outage }, None, "approver");
    station.event(&Event::OutageEnded { document: "停机公告".into(), to_ms: 2_000 }, None, "approver");
    assert_eq!(codes(&hub.send(&mut station)), ["OK", "OK"]);
}

#[test]
fn a_blank_form_is_printed_without_a_case_and_an_answer_is_no_business() {
    let hub = TestHub::new();
    let mut station = hub.station("S1");
    let document = || "dj".to_owned();
    let printed = Event::Printed {
        document: document(),
        version: 1,
        hash: String::new(),
        pages: 1,
        copy: 1,
        code: None,
        collector: None,
        values_only: false,
    };
    station.event(&printed, None, "clerk");
    station.event(
        &Event::CityAnswered { receipt: String::new(), through: 0, results: Vec::new() },
        None,
        "hub",
    );
    station.event(&printed, CASE, "clerk");
    assert_eq!(codes(&hub.send(&mut station)), ["OK", "OK", "REJECTED(unknown_case)"]);
}
