//! Settled cases under a draft pack, and one settlement beside what it would be otherwise. The figures are those of
//! `money.rs`, worked out by hand from the seed's sample parameters: level 2 bears 300.00 and gets 75 %, the year 150,000.00.

use std::num::NonZeroUsize;

use xiangbao::app::{ReplayPeriod, ReplayReport};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{Change, PolicyPack};

use super::desk::Office;
use super::drafted::drafted;
use super::many::settle_many;
use super::money::{claim, settled};

/// The seed's pack with one text replaced by another, everywhere in the file of inpatients.
fn draft(old: &str, new: &str) -> PolicyPack {
    PolicyPack::load(&drafted(old, new)).unwrap()
}

fn replay(office: &Office, draft: &PolicyPack) -> ReplayReport {
    let (clerk, all) = (office.actor("c1"), ReplayPeriod::default());
    office.station.replay(&clerk, draft, all, &mut |_, _| true).unwrap()
}

fn differences(report: &ReplayReport) -> Vec<i64> {
    let rows = report.losses.iter().chain(&report.gains);
    rows.map(|row| row.more().unwrap().0).collect()
}

#[test]
fn a_draft_is_tried_on_the_year_as_it_was_lived() {
    let office = Office::new();
    let (_, first) = settled(&office, &office.play("BX"));
    let (second_id, second) = settled(&office, &claim(&office, "2", "00345681", "4000.00"));
    assert_eq!((first.fund_pay_sumamt, second.fund_pay_sumamt), (Fen(618_750), Fen(277_500)));

    let same = replay(&office, &draft("75", "75"));
    assert_eq!((same.asked, same.same, same.before, same.after), (2, 2, Fen(896_250), Fen(896_250)));
    assert_eq!(same.pack_hash, office.station.library().policy.hash());

    // 80 %: 8,250.00 × 5 % = 412.50 and 3,700.00 × 5 % = 185.00 more.
    let better = replay(&office, &draft(r#"level = "2", ratio = "0.75""#, r#"level = "2", ratio = "0.80""#));
    assert_eq!(differences(&better), [18_500, 41_250]);
    assert_eq!(better.after, Fen(896_250 + 18_500 + 41_250));

    // A year of 7,000.00: the first bill takes 6,187.50, the second finds 812.50 and loses 1,962.50.
    let short = replay(&office, &draft(r#""150000.00""#, r#""7000.00""#));
    assert_eq!((differences(&short), short.same), (vec![-196_250], 1));
    assert_eq!(short.losses[0].number, office.case(&second_id).number);

    // Nothing is said of ordinary stays any more: no guess.
    let silent = replay(&office, &draft(r#""2101", "#, ""));
    assert_eq!((silent.unanswered.len(), silent.asked), (2, 2));
    assert!(silent.unanswered[0].after.as_ref().unwrap_err().contains("2101"), "{silent:?}");

    // Nothing is changed by asking; a reversed case is not asked.
    office.reversed(&second_id);
    assert_eq!(replay(&office, &draft("75", "75")).asked, 1);
    office.verified();
}

#[test]
fn a_replay_stops_when_it_is_told_to() {
    let office = Office::new();
    settled(&office, &office.play("BX"));
    let (clerk, all) = (office.actor("c1"), ReplayPeriod::default());
    let report = office.station.replay(&clerk, &draft("75", "75"), all, &mut |_, _| false).unwrap();
    assert!(report.stopped && report.asked == 0, "{report:?}");
    let later = ReplayPeriod { since: Some("2099-01-01".parse().unwrap()), until: None };
    let report = office.station.replay(&clerk, &draft("75", "75"), later, &mut |_, _| true).unwrap();
    assert_eq!((report.asked, report.stopped), (0, false));
}

/// 150 persons with two bills each, and one whose bill is under way.
fn many() -> Office {
    let office = Office::new();
    let pattern = office.case(&office.accepted(&office.play("BX"))).filing;
    settle_many(&office.station, &pattern, 150, 2);
    office
}

fn on(office: &Office, threads: usize, draft: &PolicyPack) -> ReplayReport {
    let (clerk, all) = (office.actor("c1"), ReplayPeriod::default());
    let mut told = Vec::new();
    let mut progress = |done: u64, total: u64| {
        told.push(done);
        assert_eq!(total, 151);
        true
    };
    let threads = NonZeroUsize::new(threads).unwrap();
    let report = office.station.replay_on(threads, &clerk, draft, all, &mut progress).unwrap();
    assert!(told.is_sorted() && told.first() == Some(&0) && told.last() == Some(&151), "{told:?}");
    report
}

#[test]
fn the_report_is_the_same_whichever_thread_came_first() {
    let office = many();
    // A lower cap: some lose. The same law: nobody does. Nothing said of ordinary stays: no answer.
    for (old, new) in [(r#""150000.00""#, r#""7000.00""#), ("75", "75"), (r#""2101", "#, "")] {
        let draft = draft(old, new);
        let alone = on(&office, 1, &draft);
        assert_eq!((alone.asked, alone.stopped), (300, false));
        let counted = alone.losses.len() + alone.gains.len() + alone.unanswered.len();
        assert_eq!(counted as u64 + alone.same, 300);
        for threads in [2, 3, 8, 100] {
            assert_eq!(on(&office, threads, &draft), alone, "{threads} threads, {new}");
        }
    }
}

#[test]
fn a_replay_that_is_stopped_on_its_way_speaks_of_the_persons_until_then() {
    let office = many();
    let (clerk, all) = (office.actor("c1"), ReplayPeriod::default());
    for threads in [1, 4] {
        let mut told = 0;
        let mut progress = |done: u64, _| {
            told = done;
            done < 60
        };
        let threads = NonZeroUsize::new(threads).unwrap();
        let draft = draft("75", "75");
        let report = office.station.replay_on(threads, &clerk, &draft, all, &mut progress).unwrap();
        assert!(report.stopped && (60..151).contains(&told), "{told} of 151");
        // One of the persons may be the one whose bill is not settled.
        assert!([told * 2, told * 2 - 2].contains(&report.asked), "{} of {told} persons", report.asked);
        assert_eq!(report.same, report.asked);
    }
}

#[test]
fn a_settlement_stands_beside_what_it_would_be_otherwise() {
    let office = Office::new();
    let (case_id, given) = settled(&office, &office.play("BX"));
    let found = office.station.compare_settlement(&office.actor("a1"), &case_id).unwrap();
    assert!(found.fixed);
    assert_eq!(found.base.fund_pay_sumamt, given.fund_pay_sumamt);
    let at = |change: &Change| {
        let variant = found.variants.iter().find(|variant| variant.change == *change);
        variant.unwrap_or_else(|| panic!("{change:?} in {found:?}")).result.as_ref().unwrap()
    };
    // 8,550.00 in scope. Level 1: (8,550.00 - 100.00) × 90 % = 7,605.00; level 3 without a filed referral loses 10
    // points: (8,550.00 - 600.00) × 50 % = 3,975.00. At level 2 a referral makes no difference.
    assert_eq!(at(&Change::Level("1".to_owned())).hifp_pay, Fen(760_500));
    assert_eq!(at(&Change::Level("3".to_owned())).hifp_pay, Fen(397_500));
    assert_eq!(at(&Change::Referred(true)).hifp_pay, given.hifp_pay);
    // A bill of a clerk who knows no more than the number of a case of another kind.
    let other = office.accepted(&office.play("BG"));
    let refused = office.station.compare_settlement(&office.actor("a1"), &other).unwrap_err();
    assert!(refused.zh().contains("没有费用结算"), "{}", refused.zh());
}
