//! Findings through the use cases: said at the counter, answered by each level, shown to the next, kept in the timeline;
//! and what the register of doctors and the filings make of them.

use xiangbao::app::AppError;
use xiangbao::demo::plays::Play;
use xiangbao_core::case::Refusal;
use xiangbao_core::event::{Demand, Verdict};
use xiangbao_core::findings::{Reply, Weight};

use super::desk::{Office, cell, field, with};

/// Another claim of the same patient: outpatient, one invoice, days as given.
fn visit(office: &Office, day: &str, invoice: &str, yuan: &str) -> Play {
    let mut play = office.play("BX");
    play.values
        .retain(|(path, _)| path.row.as_ref().is_none_or(|(_, index)| *index == 0) && path.field != "adm_no");
    with(
        play,
        &[
            (field("med_type"), "11"),
            (field("dedc_hosp_lv"), "1"),
            (field("begntime"), day),
            (field("endtime"), day),
            (cell("invoices", 0, "invo_no"), invoice),
            (cell("invoices", 0, "invo_date"), day),
            (cell("invoices", 0, "invo_amt"), yuan),
            (cell("fees", 0, "det_item_fee_sumamt"), yuan),
        ],
    )
}

fn codes(office: &Office, account: &str, case_id: &[u8; 16]) -> Vec<String> {
    office.doubts(account, case_id).into_iter().map(|doubt| doubt.raised.code).collect()
}

#[test]
fn every_level_looks_answers_and_reads_the_others() {
    let office = Office::new();
    office.accepted(&office.play("BX"));
    // An outpatient bill in the middle of that stay, above the figure for a visit.
    let play = visit(&office, "2026-11-10", "00777001", "650.00");
    let clerk = office.actor("c1");
    let draft = office.draft(&clerk, &play);
    let told: Vec<(String, Weight)> =
        office.station.draft_findings(&draft).unwrap().into_iter().map(|r| (r.code, r.weight)).collect();
    assert_eq!(told, [("SJ02".to_owned(), Weight::Answer), ("ZB01".to_owned(), Weight::Answer)]);
    let case_id = office.accept(&clerk, &draft).unwrap().case_id;
    assert_eq!(codes(&office, "c2", &case_id), ["SJ02", "ZB01"]);

    // Not without answers; an answer for one is none for the other.
    let refused = office.decide("c2", &case_id, Verdict::Passed).unwrap_err();
    assert!(refused.zh().contains("SJ02、ZB01") && refused.zh().ends_with('。'), "{}", refused.zh());
    let doubts = office.doubts("c2", &case_id);
    let other = office.station.open_doubt(&office.actor("c2"), &case_id, "SJ02", &doubts[0].raised.about);
    let other = other.unwrap().other.unwrap();
    assert!(other.values.iter().any(|(label, value)| label.contains("票据号码") && value == "00345671"));
    office.answer("c2", &case_id, &doubts[0].raised, Reply::Explained).unwrap();
    assert!(matches!(
        office.decide("c2", &case_id, Verdict::Passed),
        Err(AppError::Refused(Refusal::FindingsOpen(codes))) if codes == ["ZB01"]
    ));
    // The clerk who typed the case does not answer for the first level's role at another one.
    office.answer("c2", &case_id, &doubts[1].raised, Reply::Explained).unwrap();
    office.decide("c2", &case_id, Verdict::Passed).unwrap();
    let refused = office.answer("x1", &case_id, &doubts[0].raised, Reply::Explained).unwrap_err();
    assert!(matches!(refused, AppError::Refused(Refusal::SamePerson { .. })), "{refused:?}");

    // The second level reads the first one's answers and holds a doubt to be true: no agreement.
    let seen = office.doubts("r1", &case_id);
    assert!(seen.iter().all(|doubt| doubt.open && doubt.answers.len() == 1));
    assert_eq!((seen[0].answers[0].who.as_str(), seen[0].answers[0].reply), ("韦初审", Reply::Explained));
    office.answer("r1", &case_id, &seen[0].raised, Reply::Sustained).unwrap();
    office.answer("r1", &case_id, &seen[1].raised, Reply::Explained).unwrap();
    assert!(matches!(
        office.decide("r1", &case_id, Verdict::Passed),
        Err(AppError::Refused(Refusal::FindingsHold(codes))) if codes == ["SJ02"]
    ));
    let demand =
        Demand {
            path: String::new(), reason: "住院期间的门诊费用".into(), article: "003 A74".into()
        };
    office.decide("r1", &case_id, Verdict::Returned { demands: vec![demand] }).unwrap();

    // Put right: another day, another bill. The new list counts, the old answers stay to be read.
    let mut draft = office.station.open_correction(&clerk, &case_id).unwrap();
    for (path, value) in visit(&office, "2026-11-19", "00777001", "650.00").values {
        office.station.save_field(&mut draft, &path, &value).unwrap();
    }
    office.settle_papers(&mut draft);
    office.accept(&clerk, &draft).unwrap();
    let doubts = office.doubts("c2", &case_id);
    assert_eq!(doubts.iter().map(|doubt| doubt.raised.code.as_str()).collect::<Vec<_>>(), ["ZB01"]);
    assert!(doubts[0].open && doubts[0].answers.iter().all(|answer| !answer.now));
    office.pass(&case_id, &["c2", "r1", "a1"]);
    assert_eq!(office.status(&case_id), "已生效");
    // ZB01 asks the first two levels; the third agreed without it.
    assert!(office.case(&case_id).answers().iter().all(|answered| answered.level.id() != "approval"));
    let (_, steps) = office.station.timeline(&clerk, &case_id).unwrap();
    let answered = steps.iter().filter(|step| step.what == "核查答复");
    assert!(answered.clone().count() == 6 && answered.clone().any(|step| step.detail.contains("属实")));
    office.verified();
}

#[test]
fn a_number_of_another_hospital_is_paid_after_it_was_looked_at() {
    let office = Office::new();
    office.effective(&office.play("BX"));
    let mut play = visit(&office, "2026-11-19", "00345671", "80.00");
    play = with(play, &[(field("fixmedins_name"), "桃城镇示例卫生院")]);
    let case_id = office.accepted(&play);
    assert_eq!(codes(&office, "c2", &case_id), ["PJ02"]);
    office.pass(&case_id, &["c2", "r1", "a1"]);
    assert_eq!(office.status(&case_id), "已生效");
    // Each hospital's number is used once: the same again is refused at the counter.
    let again = with(
        play,
        &[(cell("invoices", 0, "invo_amt"), "81.00"), (cell("fees", 0, "det_item_fee_sumamt"), "81.00")],
    );
    let clerk = office.actor("c1");
    assert!(office.accept(&clerk, &office.draft(&clerk, &again)).is_err());
    office.verified();
}

#[test]
fn suspended_doctors_are_found_while_they_are_suspended() {
    let office = Office::new();
    let (name, bytes) = xiangbao::app::Station::sample_doctors();
    let refused = office.station.import_doctors(&office.actor("c1"), name, bytes);
    assert!(matches!(refused, Err(AppError::Denied(_))));
    let done = office.station.import_doctors(&office.actor("a1"), name, bytes).unwrap();
    assert_eq!((done.read, done.stored, done.faults.len()), (5, 5, 0));
    let again = office.station.import_doctors(&office.actor("a1"), name, bytes).unwrap();
    assert_eq!((again.read, again.stored), (5, 0));
    let list = office.station.list_doctors(&office.actor("au"), "医师乙").unwrap();
    assert_eq!(list.iter().map(|doctor| doctor.state.label()).collect::<Vec<_>>(), ["在册", "暂停"]);
    // One bad cell and nothing is taken, with its place.
    let bad = String::from_utf8(bytes.to_vec()).unwrap().replace(",停止,", ",走了,");
    let done = office.station.import_doctors(&office.actor("a1"), "名单.csv", bad.as_bytes()).unwrap();
    assert_eq!((done.stored, done.faults.len()), (0, 1));
    assert_eq!(done.faults[0].line(), "名单.csv E5 状态【走了】：没有这种状态。改法：填 在册、暂停 或 停止");
    office.verified();
}

#[test]
fn a_stay_that_straddles_the_beginning_of_cover_is_told_and_one_without_cover_is_not_paid() {
    let office = Office::new();
    // Cover ends with the year of the cast's patient; the stay of the play lies within it.
    let case_id = office.accepted(&office.play("BX"));
    assert_eq!(codes(&office, "c2", &case_id), [""; 0]);
    let leave = office.play("ZY");
    office.effective(&leave);
    let mut play = visit(&office, "2026-11-19", "00777009", "80.00");
    play.psn_no.clone_from(&leave.psn_no);
    let name = office.person(&leave.psn_no).name().to_owned();
    play = with(
        play,
        &[(field("acct_name"), &name), (field("sign_name"), &name), (field("endtime"), "2026-11-20")],
    );
    let draft = office.draft(&office.actor("c1"), &play);
    let found = office.station.draft_findings(&draft).unwrap();
    let codes: Vec<&str> = found.iter().map(|raised| raised.code.as_str()).collect();
    // The transfer ended the cover on its day: both days before it are covered, or the claim is refused elsewhere.
    assert!(codes.is_empty() || codes == ["DY01"], "{codes:?}");
    office.verified();
}
