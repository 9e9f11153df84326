//! Special chronic outpatient diseases (003 A65, A66): no payment without a filing, the quota of the disease, the one hospital
//! of the year. The figures are those of `chronic-policy.toml` beside this file: 70 %, 300.00 a quarter for high blood
//! pressure, one disease at most.

use std::path::Path;

use xiangbao::app::{AppError, Library};
use xiangbao::demo::plays::Play;
use xiangbao_core::findings::Weight;
use xiangbao_core::money::Fen;
use xiangbao_core::register::EffectRefusal;

use super::desk::{Office, cell, field, own_file, with};
use super::filings::sample;
use super::money::settled;

const POLICY: &str = include_str!("chronic-policy.toml");
const FILE: &str = "seed/policy/guangxi-2017/settlement-chronic.toml";
const HOSPITAL: &str = "桃城示例卫生院";

fn office() -> Office {
    Office::furnished("2026-11-20", |folder: &Path| own_file(folder, FILE, POLICY))
}

/// A bill of one drug for a disease, at the hospital of the sample filing.
fn visit(office: &Office, disease: &str, day: &str, invoice: &str, yuan: &str) -> Play {
    let mut play = office.play("BX");
    play.values
        .retain(|(path, _)| path.row.as_ref().is_none_or(|(_, index)| *index == 0) && path.field != "adm_no");
    with(
        play,
        &[
            (field("med_type"), "14"),
            (field("dise_codg"), disease),
            (field("fixmedins_name"), HOSPITAL),
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

/// Files a disease for the patient, recognised on a day.
fn filed(office: &Office, disease: &str, recognised: &str) -> [u8; 16] {
    let play = sample(office, "chronic", "MB", &office.play("BX").psn_no);
    let play = with(play, &[(field("opsp_dise_code"), disease), (field("hosp_ide_date"), recognised)]);
    let case_id = office.accepted(&play);
    office.pass(&case_id, &["c2", "a1"]);
    assert_eq!(office.status(&case_id), "已生效");
    case_id
}

#[test]
fn a_disease_is_paid_once_it_is_filed_and_up_to_its_quota() {
    let office = office();
    let clerk = office.actor("c1");
    let bill = visit(&office, "01", "2026-11-20", "00881001", "500.00");
    let draft = office.draft(&clerk, &bill);
    // Said on the page before handing in, and at the answer: where to go first, under which article.
    let refused = office.accept(&clerk, &draft).unwrap_err();
    let AppError::Effect(EffectRefusal::NotFiled { disease, date, .. }) = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!((disease.as_str(), date.as_str()), ("高血压（示例）", "2026-11-20"));
    assert!(refused.zh().contains("003 A65、A66") && refused.zh().contains("MB"), "{}", refused.zh());
    assert_eq!(office.station.obstacle(&draft).unwrap(), Some(refused.zh()));

    let filing = filed(&office, "01", "2026-11-12");
    // 500.00 × 70 % = 350.00, above the quarter's 300.00.
    let (first, settlement) = settled(&office, &bill);
    assert_eq!((settlement.hifp_pay, settlement.over_cap_amt), (Fen(30_000), Fen(5_000)));
    assert_eq!((settlement.act_pay_dedc, settlement.psn_part_amt), (Fen(0), Fen(20_000)));
    let facts = settlement.facts.as_ref().unwrap();
    assert_eq!((facts.dise_codg.as_str(), facts.diseases.as_slice()), ("01", &["01".to_owned()][..]));
    // Taken back, the quota is whole again: 200.00 × 70 % = 140.00, then 210.00 of which 160.00 are left.
    office.on("2026-12-01");
    office.reversed(&first);
    let (_, one) = settled(&office, &visit(&office, "01", "2026-11-23", "00881002", "200.00"));
    let (_, two) = settled(&office, &visit(&office, "01", "2026-11-25", "00881003", "300.00"));
    assert_eq!((one.hifp_pay, two.hifp_pay), (Fen(14_000), Fen(16_000)));
    assert_eq!(two.year_after.quotas[0].amount, Fen(30_000));
    // The next year's treatment rests on the next year's filing.
    let late = visit(&office, "01", "2026-11-19", "00881004", "100.00");
    assert!(matches!(
        office.accept(&clerk, &office.draft(&clerk, &late)),
        Err(AppError::Effect(EffectRefusal::NotFiled { date, .. })) if date == "2026-11-19"
    ));
    // A filing that is taken back carries nothing any more.
    office.reversed(&filing);
    let after = visit(&office, "01", "2026-11-26", "00881005", "100.00");
    assert!(matches!(
        office.accept(&clerk, &office.draft(&clerk, &after)),
        Err(AppError::Effect(EffectRefusal::NotFiled { .. }))
    ));
    office.verified();
}

/// The diseases stand in the order in which the hospital recognised them, not in that of the filings.
#[test]
fn a_disease_beyond_the_number_that_counts_is_a_question_to_the_county() {
    let office = office();
    filed(&office, "01", "2026-11-12");
    filed(&office, "02", "2026-11-02");
    let clerk = office.actor("c1");
    let refused = |disease: &str| {
        let play = visit(&office, disease, "2026-11-20", "00882001", "100.00");
        office.accept(&clerk, &office.draft(&clerk, &play)).map_err(|error| error.zh())
    };
    assert!(refused("01").unwrap_err().contains("第 2 个病种，最多 1 个"));
    assert!(refused("02").is_ok());
}

#[test]
fn another_hospital_than_the_one_filed_is_answered_for() {
    let office = office();
    filed(&office, "01", "2026-11-12");
    let play = visit(&office, "01", "2026-11-20", "00883001", "100.00");
    let play = with(play, &[(field("fixmedins_name"), "大新县示例医院"), (field("manl_reim_rea"), "04")]);
    let case_id = office.accepted(&play);
    let [doubt] = &office.doubts("c2", &case_id)[..] else { panic!() };
    // A66 knows no exception for emergencies.
    assert_eq!((doubt.raised.code.as_str(), doubt.raised.weight), ("MB01", Weight::Answer));
    assert_eq!(doubt.raised.article, "003 A66");
    for hospital in [HOSPITAL, "大新县示例医院", "高血压"] {
        assert!(doubt.raised.sentence.contains(hospital), "{}", doubt.raised.sentence);
    }
    let evidence = |label: &str| {
        let fact = doubt.raised.evidence.iter().find(|fact| fact.label == label);
        fact.map(|fact| fact.value.clone())
    };
    assert_eq!(evidence("不在备案的定点就医").as_deref(), Some("是"));
    office.pass(&case_id, &["c2", "r1", "a1"]);
    assert_eq!(office.status(&case_id), "已生效");
}

/// Without figures for the disease nothing is estimated: the pack that is shipped has none.
#[test]
fn without_parameters_the_county_is_asked() {
    let office = Office::new();
    filed(&office, "01", "2026-11-12");
    let clerk = office.actor("c1");
    let play = visit(&office, "01", "2026-11-20", "00884001", "100.00");
    let refused = office.accept(&clerk, &office.draft(&clerk, &play)).unwrap_err();
    assert!(matches!(refused, AppError::Policy(_)) && refused.zh().contains("请示"), "{}", refused.zh());
}

#[test]
fn quotas_name_diseases_that_can_be_filed() {
    let folder = tempfile::tempdir().unwrap();
    own_file(folder.path(), FILE, &POLICY.replacen("disease = \"02\"", "disease = \"M02\"", 1));
    let Err(error) = Library::load(Some(folder.path())) else { panic!("loaded") };
    let [fault] = &error.0[..] else { panic!("{error}") };
    let line = POLICY.lines().position(|line| line == "[[quotas.rows]]").unwrap() + 1;
    assert_eq!((fault.file.as_str(), fault.line, fault.key.as_str()), (FILE, line, "quotas"));
    assert!(fault.message.contains("\"M02\" is not in the list opsp_dise_code"), "{fault}");
}
