//! Settled cases under a draft pack, and one settlement beside what it would be otherwise. The figures are those of
//! `money.rs`, worked out by hand from the seed's sample parameters: level 2 bears 300.00 and gets 75 %, the year 150,000.00.

use xiangbao::app::{ReplayPeriod, ReplayReport};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{Change, PolicyPack};

use super::desk::Office;
use super::money::{claim, settled};

const FOLDER: &str = "seed/policy/guangxi-2017";

/// The seed's pack with one text replaced by another, everywhere in the file of inpatients.
fn draft(old: &str, new: &str) -> PolicyPack {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut text = std::fs::read_to_string(&path).unwrap();
        if name == "settlement-inpatient.toml" {
            assert!(text.contains(old), "{old} is in the file");
            text = text.replace(old, new);
        }
        files.push((name, text));
    }
    PolicyPack::load(&files).unwrap()
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
