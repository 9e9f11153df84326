//! Findings through the use cases: said at the counter, answered by each level, shown to the next, kept in the timeline;
//! and what the register of doctors and the filings make of them.

use xiangbao::app::AppError;
use xiangbao::demo::plays::Play;
use xiangbao_core::case::Refusal;
use xiangbao_core::event::{Demand, Verdict};
use xiangbao_core::findings::{Reply, Weight};
use xiangbao_core::register::{Change, Enrolment};

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

/// 003 A54: what a suspended doctor charges is not paid, unless it was an emergency.
#[test]
fn a_claim_of_a_suspended_doctor_is_answered_at_every_level_or_not_paid() {
    let office = Office::new();
    let list = "机构编码,机构名称,医师编码,医师姓名,状态,开始日期,结束日期,依据\n\
        H45142400001,大新县示例医院,D451424000009,示例医师戊,在册,2017-07-01,2026-10-31,示例\n\
        H45142400001,大新县示例医院,D451424000009,示例医师戊,暂停,2026-11-01,2027-04-30,示例\n";
    let done = office.station.import_doctors(&office.actor("a1"), "名单.csv", list.as_bytes()).unwrap();
    assert_eq!((done.stored, done.faults.len()), (2, 0));
    let of =
        |play: Play| with(play, &[(field("atddr_no"), "D451424000009"), (field("atddr_name"), "示例医师戊")]);
    // Before the suspension: nothing is found.
    let before = office.accepted(&of(visit(&office, "2026-10-20", "00777101", "80.00")));
    assert_eq!(codes(&office, "c2", &before), [""; 0]);
    // The stay of 2026-11-06 to 2026-11-15 lies within it. The counter says so and takes the claim in.
    let clerk = office.actor("c1");
    let draft = office.draft(&clerk, &of(office.play("BX")));
    let told = office.station.draft_findings(&draft).unwrap();
    assert_eq!(told.iter().map(|raised| raised.code.as_str()).collect::<Vec<_>>(), ["YS02"]);
    assert!(told[0].sentence.contains("示例医师戊") && told[0].article.contains("A54"), "{told:?}");
    let case_id = office.accept(&clerk, &draft).unwrap().case_id;
    assert_eq!(codes(&office, "c2", &case_id), ["YS02"]);
    // Agreed to by nobody who has not answered.
    assert!(matches!(
        office.decide("c2", &case_id, Verdict::Passed),
        Err(AppError::Refused(Refusal::FindingsOpen(codes))) if codes == ["YS02"]
    ));
    office.explain("c2", &case_id);
    office.decide("c2", &case_id, Verdict::Passed).unwrap();
    // The second level holds it to be true: not paid, and closed with the article.
    let doubts = office.doubts("r1", &case_id);
    office.answer("r1", &case_id, &doubts[0].raised, Reply::Sustained).unwrap();
    assert!(matches!(
        office.decide("r1", &case_id, Verdict::Passed),
        Err(AppError::Refused(Refusal::FindingsHold(codes))) if codes == ["YS02"]
    ));
    let reason = "医师暂停服务期间的费用，基金不予支付".to_owned();
    office.decide("r1", &case_id, Verdict::Rejected { reason, article: "003 A54".to_owned() }).unwrap();
    assert_eq!((office.status(&case_id), office.case(&case_id).settlement), ("已退件", None));
    // An emergency is excepted, whoever treated it.
    let emergency = with(
        of(visit(&office, "2026-11-10", "00777102", "80.00")),
        &[(field("med_type"), "13"), (field("manl_reim_rea"), "04")],
    );
    let emergency = office.accepted(&emergency);
    assert_eq!(codes(&office, "c2", &emergency), [""; 0]);
    office.pass(&emergency, &["c2", "r1", "a1"]);
    assert_eq!(office.status(&emergency), "已生效");
    office.verified();
}

/// The cover of the cast's patient begins on this day: another version of the year's enrolment.
fn covered_from(office: &Office, day: &str) {
    let patient = &office.town.cast.inpatient.psn_no;
    let now = office.station.snapshot().unwrap().enrolment(patient, 2026).unwrap().unwrap();
    let record = Enrolment { rev: now.rev + 1, entitled_from: day.to_owned(), ..now };
    let change = Change::Enrolment { effective: day.to_owned(), record };
    office.station.load_register("待遇起始日期", &[change], &mut |_, _| {}).unwrap();
}

/// Reference 5.1: the stay of the play is 2026-11-06 to 2026-11-15, ten days.
#[test]
fn a_stay_that_straddles_the_beginning_of_cover_is_told_and_one_without_cover_is_not_paid() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let told = |office: &Office| {
        let draft = office.draft(&clerk, &office.play("BX"));
        office.station.draft_findings(&draft).unwrap()
    };
    assert_eq!(told(&office), Vec::new(), "covered from its first day to its last");
    covered_from(&office, "2026-11-10");
    let found = told(&office);
    assert_eq!(found.iter().map(|raised| raised.code.as_str()).collect::<Vec<_>>(), ["DY01"]);
    // 6, 7, 8 and 9 November.
    assert!(found[0].sentence.contains("有 4 天没有待遇"), "{}", found[0].sentence);
    assert!(found[0].sentence.contains("2026-11-10 至 2026-11-15"), "{}", found[0].sentence);
    // Looked at by every level, it is paid.
    let case_id = office.effective(&office.play("BX"));
    assert!(office.case(&case_id).answers().iter().all(|answered| answered.replied.code == "DY01"));
    assert_eq!(office.case(&case_id).answers().len(), 3);

    // No day of it is covered: the counter does not take it.
    let bare = Office::new();
    covered_from(&bare, "2026-11-16");
    assert_eq!(told(&bare), Vec::new(), "nothing is partly covered");
    let refused = bare.accept(&clerk, &bare.draft(&clerk, &bare.play("BX"))).unwrap_err();
    assert!(matches!(refused, AppError::Effect(_)), "{refused:?}");
    assert!(refused.zh().contains("待遇"), "{}", refused.zh());
    office.verified();
    bare.verified();
}
