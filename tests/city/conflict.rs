//! Taken into the chain is not accepted as business: what the city returns, whom it tells, and that it blocks nothing.

use xiangbao::app::Reach;
use xiangbao::store::Append;
use xiangbao_core::event::{Event, Level, Verdict};
use xiangbao_core::journal;

use super::office::{City, Office, actor};

/// A person who has other tools than the program writes into the journal.
pub fn forge(office: &Office, case_id: Option<[u8; 16]>, person: &str, events: Vec<Event>) {
    let append = Append {
        command: office.station.new_id(),
        case_id,
        actor: journal::Actor {
            person: person.to_owned(),
            account: person.to_owned(),
            role: "clerk".to_owned(),
            session: "forged".to_owned(),
        },
        wall_ms: office.station.now_ms(),
        salts: events.iter().map(|_| office.station.random()).collect(),
        events,
        local: Vec::new(),
    };
    office.station.store().append(&append).unwrap();
}

fn agreed(level: Level) -> Event {
    Event::Reviewed { level, verdict: Verdict::Passed, opinion: "同意".to_owned() }
}

#[test]
fn a_household_enrolled_at_two_stations_comes_back_to_the_second() {
    let city = City::new();
    let (one, two) = (city.office("TC01"), city.office("TC02"));
    let town = two.settle_in();
    let first = one.enrolment();
    one.approve(&first);
    let second = two.enrolment();
    two.approve(&second);
    let other = two.change(&town.cast.mover.psn_no, "13900000010");
    two.approve(&other);

    assert_eq!(one.pass(&city.wire()).returned, []);
    let report = two.pass(&city.wire());
    let codes: Vec<String> = report.returned.iter().map(|result| result.code.to_string()).collect();
    assert_eq!(codes, ["CONFLICT(dup_enrol)"]);
    assert_eq!(report.receipted_through, city.status().stations[1].through);

    // The clerk of the second station sees what, who has it, and what to do.
    let listed = two.listed(&second);
    assert_eq!((listed.reach, listed.reach.label()), (Reach::Returned, "已退"));
    for words in ["重复参保", "2027 年度", "TC01", "请", "003 A6"] {
        assert!(listed.city.contains(words), "no {words:?} in {}", listed.city);
    }
    assert!(listed.city.ends_with('。') && !listed.city.contains("45142419680312001X"), "{}", listed.city);
    assert_eq!(two.came_back(), [(second, listed.city.clone())]);
    let state = two.state();
    assert_eq!((state.returned, state.open), (1, 0));
    // Only the operation that collides is returned; acceptance and reviews before it are fine.
    let reaches = two.reaches(&second);
    assert_eq!(reaches.iter().filter(|reach| **reach == Reach::Returned).count(), 1);
    assert_eq!(reaches.last(), Some(&Reach::Returned));
    // Nothing else waits for it, and the first station hears nothing bad.
    assert_eq!(two.listed(&other).reach, Reach::Accepted);
    assert_eq!((one.listed(&first).reach, one.came_back()), (Reach::Accepted, Vec::new()));

    // The second station takes its enrolment back: nothing is left to do.
    two.station.propose_reversal(&actor("c1"), &second, "重复参保", two.station.new_id()).unwrap();
    two.agree(&second, &["r1", "a1"]);
    let report = two.pass(&city.wire());
    assert_eq!((report.returned, report.fault), (Vec::new(), None));
    assert_eq!(two.came_back(), []);
    two.is_sound();
    one.is_sound();
}

#[test]
fn a_register_taken_over_twice_is_told_though_it_belongs_to_no_case() {
    let city = City::new();
    let (one, two) = (city.office("TC01"), city.office("TC02"));
    one.settle_in();
    two.settle_in();
    assert_eq!(one.pass(&city.wire()).returned, []);
    assert_eq!(one.state().elsewhere, [""; 0]);
    let report = two.pass(&city.wire());
    let state = two.state();
    assert_eq!((report.returned.len(), state.returned, state.elsewhere.len()), (1, 1, 1));
    for words in ["期初数据", "重复参保", "TC01"] {
        assert!(state.elsewhere[0].contains(words), "no {words:?} in {}", state.elsewhere[0]);
    }
    two.desk("c1").keys("=TB<Enter>").unwrap().sees("重复参保").unwrap();
}

#[test]
fn a_forged_second_level_is_kept_in_the_chain_and_refused_as_business() {
    let city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    let forged = office.change(&town.cast.mover.psn_no, "13900000010");
    let before = office.state().stored;
    let changes = Vec::new();
    forge(&office, Some(forged), "c2", vec![agreed(Level::Initial)]);
    forge(&office, Some(forged), "c2", vec![agreed(Level::Recheck)]);
    let effect = Event::TookEffect { changes, settlement: None, refund: None };
    forge(&office, Some(forged), "a1", vec![agreed(Level::Approval), effect]);
    let honest = office.change(&town.cast.leaver.psn_no, "13900000011");
    office.approve(&honest);

    let report = office.pass(&city.wire());
    let returned: Vec<(u64, String)> =
        report.returned.iter().map(|result| (result.seq - before, result.code.to_string())).collect();
    let expected = [(2, "REJECTED(separation)"), (3, "REJECTED(order)"), (4, "REJECTED(levels)")]
        .map(|(n, c)| (n, c.to_owned()));
    assert_eq!(returned, expected);
    assert_eq!(report.receipted_through, city.status().operations);
    assert_eq!(city.status().returned, 3);
    assert_eq!(office.listed(&honest).reach, Reach::Accepted);
    let (case, said) = office.came_back().remove(0);
    assert_eq!(case, forged);
    assert!(said.contains("003 A74") && said.ends_with('。'), "{said}");
    office.is_sound();

    // And the next day's work goes on as well.
    office.next_day();
    let later = office.change(&town.cast.inpatient.psn_no, "13900000012");
    office.approve(&later);
    assert_eq!(office.pass(&city.wire()).returned, []);
    assert_eq!(office.listed(&later).reach, Reach::Accepted);
}

#[test]
fn what_the_city_cannot_judge_is_received_and_neither_accepted_nor_returned() {
    let city = City::new();
    let office = city.office("TC01");
    forge(&office, None, "c1", vec![Event::Withdrawn { reason: "无".to_owned() }]);
    let report = office.pass(&city.wire());
    assert_eq!((report.returned.len(), report.fault), (0, None));
    let result = office.station.snapshot().unwrap().city_result(report.receipted_through).unwrap().unwrap();
    assert_eq!(result.code, "QUARANTINED");
    assert!(result.detail.contains("已转人工"), "{}", result.detail);
    assert_eq!((office.state().returned, office.state().open), (0, 0));
    office.is_sound();
}
