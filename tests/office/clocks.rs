//! Outage notices and the clocks they move, work taken in while the system was down, the due board, and who is told
//! before a term breaks. Dates are counted by hand on the calendar of 2026.

use xiangbao::app::{AppError, OutageInput};
use xiangbao_core::case::{Left, Standing};
use xiangbao_core::event::{Demand, Verdict};

use super::desk::{Office, with};

fn notice(from: &str, to: &str, families: &str) -> OutageInput {
    OutageInput {
        document: "桂医保函〔2026〕示例3号".to_owned(),
        issuer: "自治区医疗保障局".to_owned(),
        families: families.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        expiring: false,
        text: "切换平台，暂停受理，期限顺延".to_owned(),
    }
}

fn note(office: &Office, account: &str, input: &OutageInput) -> Result<(), AppError> {
    office.station.notice_outage(&office.actor(account), input, office.station.new_id()).map(|_| ())
}

#[test]
fn one_notice_moves_every_running_clock_and_rewrites_no_receipt() {
    let office = Office::new();
    let change = office.accepted(&office.play("BG"));
    let claim = office.accepted(&office.play("BX"));
    let before = office.case(&change);
    assert_eq!(before.promise.due, "2026-12-11");
    office.on("2026-11-24");
    // A clerk cannot move the clocks; the approver can, with a document.
    let span = notice("2026-11-24 17:30", "2026-11-27 18:00", "BG");
    assert!(matches!(note(&office, "c1", &span), Err(AppError::Denied(_))));
    for broken in [
        OutageInput { document: String::new(), ..span.clone() },
        OutageInput { issuer: String::new(), ..span.clone() },
        OutageInput { to: "2026-11-24 08:00".to_owned(), ..span.clone() },
        OutageInput { from: "明天".to_owned(), ..span.clone() },
        OutageInput { families: "BG XX".to_owned(), ..span.clone() },
    ] {
        let refused = note(&office, "a1", &broken).unwrap_err();
        assert!(matches!(&refused, AppError::Input(words) if words.contains('请') || words.contains("可用")));
    }
    note(&office, "a1", &span).unwrap();
    assert!(matches!(note(&office, "a1", &span), Err(AppError::Input(_))), "nothing new in it");
    let board = office.station.due_board(&office.actor("r1")).unwrap();
    let row = |id: &[u8; 16]| board.running.iter().find(|row| row.case_id == *id).unwrap();
    // Wednesday, Thursday and Friday are lost: 12-14, 15, 16.
    let moved = row(&change).clock.clone().unwrap();
    assert_eq!((row(&change).due().as_str(), row(&change).promised.as_str()), ("2026-12-16", "2026-12-11"));
    assert_eq!(moved.extended[0].document, "桂医保函〔2026〕示例3号");
    // 003 A74: 20 working days from 11-20; another business does not move.
    assert_eq!(row(&claim).due(), "2026-12-18");
    assert_eq!(office.case(&change), before, "what was stored and printed stays as it was");
    // Corrected: all business; then its end, a day earlier than announced.
    note(&office, "a1", &notice("2026-11-24 17:30", "", "")).unwrap();
    office.on("2026-11-26");
    let open = office.station.due_board(&office.actor("a1")).unwrap();
    assert!(open.running.iter().all(|row| row.clock.as_ref().unwrap().is_open()));
    let approver = office.actor("a1");
    let end = |document: &str, to: &str| {
        office.station.end_outage(&approver, document, to, office.station.new_id()).map(|_| ())
    };
    assert!(end("没有这份", "2026-11-26 18:00").unwrap_err().zh().contains("没有这个文号"));
    assert!(end("桂医保函〔2026〕示例3号", "2026-11-20 18:00").unwrap_err().zh().contains("早于"));
    end("桂医保函〔2026〕示例3号", "2026-11-26 18:00").unwrap();
    let ended = office.station.due_board(&office.actor("a1")).unwrap();
    let dues: Vec<String> = ended.running.iter().map(|row| row.due()).collect();
    assert_eq!(dues, ["2026-12-15", "2026-12-22"], "two days, both kinds, what breaks first on top");
    assert_eq!(office.station.outages(&office.actor("c1")).unwrap().len(), 1);
    office.verified();
}

#[test]
fn what_was_taken_in_during_an_outage_counts_from_its_real_time() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let mut draft = office.draft(&clerk, &office.play("ZX"));
    let refused = office.station.set_received(&mut draft, "2026-11-18 10:00").unwrap_err();
    assert!(refused.zh().contains("不能倒签"), "{}", refused.zh());
    note(&office, "a1", &notice("2026-11-16 17:30", "2026-11-19 18:00", "")).unwrap();
    assert_eq!(office.station.receipt_outages(&draft).unwrap().len(), 1);
    for outside in ["2026-11-16 17:29", "2026-11-19 18:00", "2026-11-20 08:00"] {
        assert!(office.station.set_received(&mut draft, outside).is_err(), "{outside}");
    }
    assert!(
        office.station.set_received(&mut draft, "2026-12-18 10:00").unwrap_err().zh().contains("晚于现在")
    );
    assert!(office.station.set_received(&mut draft, "上周三").unwrap_err().zh().contains("不是时间"));
    office.station.set_received(&mut draft, "2026-11-18 10:00").unwrap();
    let accepted = office.accept(&clerk, &draft).unwrap();
    // The clock stood still until 11-19, which is not counted: 15 working days from 11-20 on.
    assert_eq!(accepted.promise.due, "2026-12-10");
    let case = office.case(&accepted.case_id);
    assert_eq!(xiangbao::app::local(case.received_ms()).format("%m-%d %H:%M").to_string(), "11-18 10:00");
    let (_, steps) = office.station.timeline(&clerk, &accepted.case_id).unwrap();
    assert!(steps[0].detail.contains("停机期间收件 2026-11-18 10:00"), "{}", steps[0].detail);
    let board = office.station.due_board(&clerk).unwrap();
    assert_eq!(
        (board.running[0].accepted.as_str(), board.running[0].due().as_str()),
        ("2026-11-18", "2026-12-10")
    );
    // A draft whose window is corrected away cannot be handed in with it any more.
    let mut late = office.draft(&clerk, &office.play("BG"));
    office.station.set_received(&mut late, "2026-11-18 10:00").unwrap();
    note(&office, "a1", &notice("2026-11-16 17:30", "2026-11-17 18:00", "")).unwrap();
    assert!(office.accept(&clerk, &late).unwrap_err().zh().contains("不能倒签"));
    office.station.set_received(&mut late, "").unwrap();
    assert_eq!(office.accept(&clerk, &late).unwrap().promise.due, "2026-12-11");
    office.verified();
}

#[test]
fn before_a_term_breaks_the_supervisors_see_it_and_then_everybody() {
    let office = Office::new();
    let case_id = office.accepted(&office.play("BG"));
    let due = |account: &str| office.station.home(&office.actor(account)).unwrap().due;
    // Due 2026-12-11. Nobody is told early.
    office.on("2026-12-07");
    assert!(due("r1").is_empty() && due("c1").is_empty());
    office.on("2026-12-08");
    assert_eq!(due("r1")[0].alert.as_deref(), Some("督办"));
    assert_eq!(due("a1")[0].case_id, case_id);
    assert!(due("c1").is_empty());
    office.on("2026-12-10");
    assert_eq!(due("c1")[0].alert.as_deref(), Some("紧急"));
    office.on("2026-12-14");
    let row = &due("c1")[0];
    assert_eq!((row.days_left(), row.clock.as_ref().unwrap().breached), (Some(-1), true));
}

#[test]
fn a_supplement_waits_below_with_its_reminder_and_nothing_closes() {
    let office = Office::new();
    let case_id = office.accepted(&office.play("BG"));
    office.on("2026-11-25");
    let demand = Demand {
        path: "changes[0].after".to_owned(),
        reason: "请核对".to_owned(),
        article: "003 A14".to_owned(),
    };
    office.decide("c2", &case_id, Verdict::Returned { demands: vec![demand] }).unwrap();
    office.on("2026-12-31");
    let board = office.station.due_board(&office.actor("c1")).unwrap();
    assert!(board.running.is_empty());
    let clock = board.paused[0].clock.clone().unwrap();
    assert_eq!(clock.standing, Standing::Paused("2026-11-25".parse().unwrap()));
    assert_eq!((clock.left, clock.breached), (Left::Days(12), false));
    // 15 working days after 11-25: 12-16.
    let (until, left) = clock.reminder.unwrap();
    assert_eq!((until.date.to_string().as_str(), left < 0), ("2026-12-16", true));
    assert_eq!(office.status(&case_id), "补正中");
}

#[test]
fn a_promise_into_an_unpublished_year_is_said_to_be_provisional() {
    let office = Office::new();
    office.on("2026-12-21");
    let case_id = office.accepted(&with(office.play("BG"), &[]));
    assert!(office.case(&case_id).promise.provisional);
    let board = office.station.due_board(&office.actor("c1")).unwrap();
    assert!(board.running[0].clock.as_ref().unwrap().due.provisional);
}
