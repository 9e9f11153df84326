//! The clock of a case: pauses, outages (reference 5.8), breach, escalation; and what must hold for any life.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;
use xiangbao_core::calendar::{Calendar, CalendarLayer, LayerLevel, OfficeHours, Term};
use xiangbao_core::case::{
    Escalation, Left, Life, OutageFault, Reading, ReceiptRefusal, Rules, Standing, clock, receipt_allowed,
};
use xiangbao_core::event::{Outage, OutageScope};
use xiangbao_core::role::Role;

fn calendar() -> &'static Calendar {
    static CALENDAR: LazyLock<Calendar> = LazyLock::new(load);
    &CALENDAR
}

fn load() -> Calendar {
    let layer = |name, level, text| CalendarLayer { name, level, text };
    Calendar::from_csv(&[
        layer("national.csv", LayerLevel::National, include_str!("../../../seed/calendar/national.csv")),
        layer("guangxi.csv", LayerLevel::Regional, include_str!("../../../seed/calendar/guangxi.csv")),
    ])
    .unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

/// Milliseconds since 1970 of a moment on the office's clock.
fn ms(moment: NaiveDateTime) -> i64 {
    moment.and_utc().timestamp_millis() - 8 * 3_600_000
}

fn outage(document: &str, from: &str, to: Option<&str>, scope: OutageScope) -> Outage {
    Outage {
        document: document.to_owned(),
        issuer: "某市医疗保障局".to_owned(),
        families: Vec::new(),
        from_ms: ms(at(from)),
        to_ms: to.map(|to| ms(at(to))),
        scope,
        text: String::new(),
    }
}

fn life(term: Term, received: &str) -> Life {
    Life::begun(term, at(received), &OfficeHours::default(), calendar())
}

fn read(life: &Life, outages: &[Outage], now: &str) -> Reading {
    read_at(life, outages, at(now))
}

fn read_at(life: &Life, outages: &[Outage], now: NaiveDateTime) -> Reading {
    let (calendar, hours) = (calendar(), OfficeHours::default());
    let outages: Vec<&Outage> = outages.iter().collect();
    let rules = Rules { calendar, hours: &hours, outages: &outages, correct_within: 15 };
    clock::read(life, rules, now)
}

/// 003 A11: 15 working days after Friday 2026-11-20, which does not count.
#[test]
fn it_runs_from_the_day_after_the_receipt() {
    let reading = read(&life(Term::WorkingDays(15), "2026-11-20 09:00"), &[], "2026-11-20 09:00");
    assert_eq!((reading.standing, reading.due.date), (Standing::Running, day("2026-12-11")));
    assert_eq!((reading.left, reading.breached), (Left::Days(15), false));
    let late = read(&life(Term::WorkingDays(15), "2026-11-20 09:00"), &[], "2026-12-14 09:00");
    assert_eq!((late.left, late.breached), (Left::Days(-1), true));
    // A Saturday after the last day: no working day overdue yet, and over all the same.
    let weekend = read(&life(Term::WorkingDays(15), "2026-11-20 09:00"), &[], "2026-12-12 09:00");
    assert_eq!((weekend.left, weekend.breached), (Left::Days(0), true));
}

/// 003 A72(4): the same day, to midnight where the office has no hours.
#[test]
fn a_same_day_term_counts_by_the_minute() {
    let case = life(Term::SameDay, "2026-11-20 09:00");
    let reading = read(&case, &[], "2026-11-20 16:30");
    assert_eq!((reading.left, reading.due.provisional), (Left::Minutes(450), false));
    assert_eq!(reading.due_at, at("2026-11-21 00:00"));
    let over = read(&case, &[], "2026-11-21 08:00");
    assert!(over.breached);
    let hours = OfficeHours::load(
        "h",
        "source = \"本单位\"\ncloses = \"17:30\"\nlate_receipt = \"next_working_day\"\n",
    )
    .unwrap();
    let calendar = calendar();
    let rules = Rules { calendar, hours: &hours, outages: &[], correct_within: 15 };
    assert_eq!(clock::read(&case, rules, at("2026-11-20 16:30")).left, Left::Minutes(60));
    assert!(clock::read(&case, rules, at("2026-11-20 17:31")).breached);
    let evening = Life::begun(Term::SameDay, at("2026-11-20 18:00"), &hours, calendar);
    assert_eq!(clock::read(&evening, rules, at("2026-11-20 18:00")).due.date, day("2026-11-23"));
}

/// reference 5.8: E + (L - S) working days. Seed 002: from 2021-12-14 17:30 to 2021-12-31 23:00.
#[test]
fn a_limit_inside_an_outage_moves_to_its_end_and_what_was_left() {
    // 15 working days after 2021-12-01: L = 2021-12-22, six working days after S.
    let case = life(Term::WorkingDays(15), "2021-12-01 10:00");
    let stop = [outage("停机公告", "2021-12-14 17:30", Some("2021-12-31 23:00"), OutageScope::Expiring)];
    let reading = read(&case, &stop, "2021-12-20 09:00");
    // 01-04, 05, 06, 07, 10, 11: New Year takes 01-01 to 01-03.
    assert_eq!(reading.due.date, day("2022-01-11"));
    let [moved] = reading.extended.as_slice() else { panic!("{:?}", reading.extended) };
    assert_eq!((moved.before, moved.after, moved.open), (day("2021-12-22"), day("2022-01-11"), false));
    assert_eq!(moved.document, "停机公告");
    // L = S: at least E.
    let last = life(Term::WorkingDays(9), "2021-12-01 10:00");
    assert_eq!(read(&last, &stop, "2021-12-20 09:00").due.date, day("2021-12-31"));
    // A limit behind the outage: only the other scope moves it.
    let later = life(Term::WorkingDays(30), "2021-12-01 10:00");
    assert_eq!(read(&later, &stop, "2021-12-20 09:00").due.date, day("2022-01-13"));
    let all = [Outage { scope: OutageScope::Running, ..stop[0].clone() }];
    assert_eq!(read(&case, &all, "2021-12-20 09:00").due.date, day("2022-01-11"));
    assert!(read(&later, &all, "2021-12-20 09:00").due.date > day("2022-01-13"));
    // A limit that ran out before is not revived.
    let over = life(Term::WorkingDays(3), "2021-12-01 10:00");
    let reading = read(&over, &all, "2022-01-10 09:00");
    assert_eq!((reading.due.date, reading.breached), (day("2021-12-06"), true));
    assert!(reading.extended.is_empty());
}

#[test]
fn an_outage_that_lasts_moves_the_day_on_until_it_ends() {
    let case = life(Term::WorkingDays(15), "2021-12-01 10:00");
    let open = [outage("停机公告", "2021-12-14 17:30", None, OutageScope::Running)];
    let early = read(&case, &open, "2021-12-15 09:00");
    let later = read(&case, &open, "2021-12-20 09:00");
    assert!(early.is_open() && later.is_open() && early.due.date < later.due.date);
    assert!(!early.breached && !later.breached);
    let before = read(&case, &open, "2021-12-10 09:00");
    assert_eq!((before.due.date, before.is_open()), (day("2021-12-22"), false));
}

/// Work taken in while the system was down: the clock starts at the real time and stands still to the end.
#[test]
fn a_case_received_in_an_outage_has_its_whole_term_after_it() {
    let case = life(Term::WorkingDays(15), "2021-12-20 09:30");
    let stop = [outage("停机公告", "2021-12-14 17:30", Some("2021-12-31 23:00"), OutageScope::Running)];
    let reading = read(&case, &stop, "2022-01-04 09:00");
    assert_eq!(reading.due.date, calendar().add_working_days(day("2021-12-31"), 15).date);
    let now = ms(at("2022-01-04 09:00"));
    let allowed = |moment: &str| receipt_allowed(&stop, "DJ", ms(at(moment)), now);
    assert_eq!(allowed("2021-12-20 09:30"), Ok(()));
    assert_eq!(allowed("2021-12-14 17:29"), Err(ReceiptRefusal::NoOutage));
    assert_eq!(allowed("2021-12-31 23:00"), Err(ReceiptRefusal::NoOutage));
    assert_eq!(allowed("2022-01-05 09:00"), Err(ReceiptRefusal::Future));
    let other = [Outage { families: vec!["BX".to_owned()], ..stop[0].clone() }];
    assert_eq!(receipt_allowed(&other, "DJ", ms(at("2021-12-20 09:30")), now), Err(ReceiptRefusal::NoOutage));
}

#[test]
fn two_outages_add_up_and_overlapping_ones_count_once() {
    let case = life(Term::WorkingDays(15), "2026-11-02 09:00");
    let one = outage("甲", "2026-11-05 08:00", Some("2026-11-10 18:00"), OutageScope::Running);
    let two = outage("乙", "2026-11-16 08:00", Some("2026-11-18 18:00"), OutageScope::Running);
    let shift = |outages: &[Outage]| {
        let plain = read(&case, &[], "2026-11-02 09:00").due.date;
        calendar().working_days_between(plain, read(&case, outages, "2026-11-02 09:00").due.date)
    };
    // Thursday to Tuesday: 6, 9, 10; Monday to Wednesday: 17, 18 (the day a stop begins in has begun).
    assert_eq!((shift(std::slice::from_ref(&one)), shift(std::slice::from_ref(&two))), (3, 2));
    assert_eq!(shift(&[two.clone(), one.clone()]), 5);
    let inside = outage("丙", "2026-11-06 08:00", Some("2026-11-09 18:00"), OutageScope::Running);
    assert_eq!(shift(&[one.clone(), inside]), 3);
    let across = outage("丁", "2026-11-09 08:00", Some("2026-11-12 18:00"), OutageScope::Running);
    assert_eq!(shift(&[one, across]), 5);
}

#[test]
fn a_supplement_stops_it_with_a_reminder_that_closes_nothing() {
    let mut case = life(Term::WorkingDays(15), "2026-11-20 09:00");
    case.pauses = vec![(at("2026-11-25 10:00"), None)];
    let reading = read(&case, &[], "2026-12-20 10:00");
    assert_eq!(reading.standing, Standing::Paused(day("2026-11-25")));
    assert_eq!((reading.left, reading.breached), (Left::Days(12), false));
    // 15 working days after 11-25: 12-16; four days later two working days are over.
    let (until, left) = reading.reminder.unwrap();
    assert_eq!((until.date, left), (day("2026-12-16"), -2));
    // An outage while it stands still adds nothing.
    let stop = [outage("甲", "2026-11-26 00:00", Some("2026-11-30 00:00"), OutageScope::Running)];
    assert!(read(&case, &stop, "2026-12-01 10:00").extended.is_empty());
    case.pauses = vec![(at("2026-11-25 10:00"), Some(at("2026-12-02 09:00")))];
    assert_eq!(read(&case, &[], "2026-12-02 10:00").due.date, day("2026-12-18"));
    assert_eq!(read(&case, &stop, "2026-12-02 10:00").due.date, day("2026-12-18"));
    case.ended = Some(at("2026-12-21 10:00"));
    let done = read(&case, &[], "2027-02-01 10:00");
    assert_eq!((done.standing, done.breached), (Standing::Done(day("2026-12-21")), true));
}

#[test]
fn a_notice_is_whole_or_refused() {
    let good = outage("停机公告", "2021-12-14 17:30", None, OutageScope::Running);
    assert_eq!(good.check(), Ok(()));
    let faulty = [
        (Outage { document: " ".into(), ..good.clone() }, OutageFault::NoDocument),
        (Outage { issuer: String::new(), ..good.clone() }, OutageFault::NoIssuer),
        (Outage { to_ms: Some(good.from_ms), ..good.clone() }, OutageFault::Backwards),
        (Outage { text: "a\u{1b}[2J".into(), ..good.clone() }, OutageFault::NotPlain),
    ];
    for (outage, fault) in faulty {
        assert_eq!(outage.check(), Err(fault));
    }
}

#[test]
fn who_is_told_before_a_term_breaks_is_the_offices_own() {
    let file = include_str!("../../../seed/escalation.toml");
    let escalation = Escalation::load("escalation.toml", file).unwrap();
    let case = life(Term::WorkingDays(15), "2026-11-20 09:00");
    let told = |now: &str, role: Role| {
        let reading = read(&case, &[], now);
        escalation.told(&reading, &BTreeSet::from([role])).map(|step| step.label.clone())
    };
    // Due 2026-12-11: three working days left on 12-08, one on 12-10.
    assert_eq!(told("2026-12-07 09:00", Role::Approver), None);
    assert_eq!(told("2026-12-08 09:00", Role::Approver).as_deref(), Some("督办"));
    assert_eq!(told("2026-12-08 09:00", Role::Clerk), None);
    assert_eq!(told("2026-12-10 09:00", Role::Clerk).as_deref(), Some("紧急"));
    assert_eq!(told("2026-12-15 09:00", Role::Approver).as_deref(), Some("紧急"));
    // 20 % of a term of 20 working days are four.
    let claim = life(Term::WorkingDays(20), "2026-11-20 09:00");
    let reading = read(&claim, &[], "2026-12-14 09:00");
    assert_eq!(reading.left, Left::Days(4));
    assert!(escalation.reached(&reading).is_some());
    for (from, to) in [("left_percent = 20", "left_percent = 0"), ("\"approver\"]", "\"chief\"]")] {
        assert!(Escalation::load("x", &file.replacen(from, to, 1)).is_err(), "{to}");
    }
}

prop_compose! {
    fn moment()(minutes in 0_i64..3 * 366 * 24 * 60) -> NaiveDateTime {
        at("2023-06-01 00:00") + chrono::TimeDelta::minutes(minutes)
    }
}

fn any_term() -> impl Strategy<Value = Term> {
    prop_oneof![
        (1_u32..40).prop_map(Term::WorkingDays),
        Just(Term::SameDay),
        (1_u32..120).prop_map(Term::Days),
        (1_u32..6).prop_map(Term::Months),
    ]
}

fn any_outage() -> impl Strategy<Value = Outage> {
    (moment(), 1_i64..40 * 24 * 60, any::<bool>()).prop_map(|(from, minutes, expiring)| Outage {
        document: "文".to_owned(),
        issuer: "局".to_owned(),
        families: Vec::new(),
        from_ms: ms(from),
        to_ms: Some(ms(from + chrono::TimeDelta::minutes(minutes))),
        scope: if expiring { OutageScope::Expiring } else { OutageScope::Running },
        text: String::new(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_last_day_is_never_before_the_receipt_and_no_stop_brings_it_forward(
        term in any_term(),
        received in moment(),
        outages in prop::collection::vec(any_outage(), 0..5),
        pause in prop::option::of((0_i64..60 * 24 * 60, 1_i64..60 * 24 * 60)),
        later in 0_i64..400 * 24 * 60,
    ) {
        let mut life = Life::begun(term, received, &OfficeHours::default(), calendar());
        let plain = read_at(&life, &[], received).due.date;
        if let Some((after, long)) = pause {
            let from = received + chrono::TimeDelta::minutes(after);
            life.pauses = vec![(from, Some(from + chrono::TimeDelta::minutes(long)))];
        }
        let reading = read_at(&life, &outages, received + chrono::TimeDelta::minutes(later));
        prop_assert!(plain >= received.date());
        prop_assert!(reading.due.date >= plain);
    }

    #[test]
    fn a_pause_of_n_working_days_moves_the_last_day_by_n(
        days in 1_u32..40,
        received in moment(),
        stopped in 0_i64..60,
        long in 1_i64..60,
    ) {
        let calendar = calendar();
        let mut life = Life::begun(Term::WorkingDays(days), received, &OfficeHours::default(), calendar);
        let plain = read_at(&life, &[], received).due.date;
        let from = received + chrono::TimeDelta::days(stopped) + chrono::TimeDelta::seconds(1);
        let to = from + chrono::TimeDelta::days(long);
        prop_assume!(from.date() <= plain);
        life.pauses = vec![(from, Some(to))];
        let moved = read_at(&life, &[], to).due.date;
        let pause = calendar.working_days_between(from.date(), to.date());
        prop_assert_eq!(calendar.working_days_between(plain, moved), pause);
    }

    /// reference 5.8 for any limit inside any outage.
    #[test]
    fn an_outage_gives_its_end_and_what_was_left(days in 1_u32..40, stop in any_outage(), before in 0_i64..40) {
        let calendar = calendar();
        let (from, to) = (office(stop.from_ms), office(stop.to_ms.unwrap()));
        let received = from - chrono::TimeDelta::days(before) - chrono::TimeDelta::hours(1);
        let life = Life::begun(Term::WorkingDays(days), received, &OfficeHours::default(), calendar);
        let limit = read_at(&life, &[], received).due.date;
        let inside = from.date() <= limit && limit <= to.date();
        let moved = read_at(&life, std::slice::from_ref(&stop), to).due.date;
        if inside {
            let begun = (from - chrono::TimeDelta::seconds(1)).date().max(life.from);
            let left = u32::try_from(calendar.working_days_between(begun, limit)).unwrap();
            prop_assert_eq!(moved, calendar.add_working_days(to.date(), left).date.max(limit));
            prop_assert!(moved >= to.date());
        } else if stop.scope == OutageScope::Expiring {
            prop_assert_eq!(moved, limit);
        }
    }

    /// The order in which notices are read does not matter, and the same notice twice counts once.
    #[test]
    fn notices_are_a_set(received in moment(), outages in prop::collection::vec(any_outage(), 1..4)) {
        let life = Life::begun(Term::WorkingDays(15), received, &OfficeHours::default(), calendar());
        let now = received + chrono::TimeDelta::days(200);
        let running: Vec<Outage> =
            outages.into_iter().map(|outage| Outage { scope: OutageScope::Running, ..outage }).collect();
        let mut twice = running.clone();
        twice.extend(running.iter().rev().cloned());
        prop_assert_eq!(read_at(&life, &running, now).due, read_at(&life, &twice, now).due);
    }
}

fn office(ms: i64) -> NaiveDateTime {
    xiangbao_core::calendar::office_time(ms)
}
