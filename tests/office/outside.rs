//! Treatment outside the pooling area: the division code of the place decides (GB/T 2260), what is read follows from it.
//! Figures: inpatient samples of guangxi-2017 (level 3: 600.00, 60 %, 10 points less without a filed referral), and ten
//! points of first-paid share in other provinces, which this file adds.

use std::path::Path;

use xiangbao::demo::plays::Play;
use xiangbao_core::money::Fen;
use xiangbao_core::policy::Place;

use super::desk::{Office, cell, field, own_file, with};
use super::money::settled;

const CATALOGUE: &str = include_str!("../../seed/policy/guangxi-2017/catalogue.toml");
const OUTSIDE: &str = r#"
[outside_first_paid]
unit = "比例"

[[outside_first_paid.rows]]
from = "2017-07-01"
document = "测试"
article = "测试"
status = "sample"
checked = { by = "测试", on = "2026-11-22" }
value = [{ place = "cross_province", points = "0.10" }]
"#;

fn office() -> Office {
    Office::furnished("2026-11-20", |folder: &Path| {
        own_file(folder, "seed/policy/guangxi-2017/catalogue.toml", &format!("{CATALOGUE}{OUTSIDE}"));
    })
}

/// One line of class 甲 of 10,000.00 in a hospital of level 3, at a place.
fn claim(office: &Office, reason: &str, place: &str, invoice: &str) -> Play {
    let mut play = office.play("BX");
    play.values.retain(|(path, _)| path.row.as_ref().is_none_or(|(_, index)| *index == 0));
    with(
        play,
        &[
            (field("manl_reim_rea"), reason),
            (field("fixmedins_name"), "示例大学附属医院"),
            (field("dedc_hosp_lv"), "3"),
            (field("mdtrtarea_admdvs"), place),
            (cell("invoices", 0, "invo_no"), invoice),
            (cell("invoices", 0, "invo_amt"), "10000.00"),
            (cell("fees", 0, "det_item_fee_sumamt"), "10000.00"),
        ],
    )
}

#[test]
fn a_place_in_another_province_costs_its_points_and_is_looked_at() {
    let office = office();
    let play = claim(&office, "03", "440106", "00991001");
    let draft = office.draft(&office.actor("c1"), &play);
    let shown = |id: &str| draft.data.field(id).to_owned();
    assert_eq!((shown("mdtrt_place"), shown("mdtrtarea")), ("3".to_owned(), "广东省".to_owned()));
    let found = office.station.draft_findings(&draft).unwrap();
    let codes: Vec<&str> = found.iter().map(|raised| raised.code.as_str()).collect();
    assert_eq!(codes, ["YD01"]);
    assert!(found[0].sentence.contains("跨省异地 广东省"), "{}", found[0].sentence);
    let (_, settlement) = settled(&office, &play);
    // 10,000.00 × 10 % = 1,000.00 first; (9,000.00 - 600.00) × (60 % - 10 %) = 4,200.00.
    assert_eq!((settlement.preselfpay_amt, settlement.inscp_scp_amt), (Fen(100_000), Fen(900_000)));
    assert_eq!((settlement.act_pay_dedc, settlement.hifp_pay), (Fen(60_000), Fen(420_000)));
    assert_eq!(settlement.facts.as_ref().unwrap().place, Place::CrossProvince);
    office.verified();
}

#[test]
fn the_three_places_are_told_apart_and_empty_is_at_home() {
    let office = office();
    // (10,000.00 - 600.00) × 50 % = 4,700.00 in the own province; Chongzuo and an empty code are at home.
    for (reason, place, shown, name, found, pays) in [
        ("02", "", "1", "", Place::Inside, 470_000),
        ("02", "451402", "1", "广西崇左市江州区", Place::Inside, 470_000),
        ("05", "450103", "2", "广西南宁市青秀区", Place::InProvince, 470_000),
        ("05", "510000", "3", "四川省", Place::CrossProvince, 420_000),
    ] {
        let mut play = claim(&office, reason, place, "00991002");
        play.values.retain(|(_, value)| !value.is_empty());
        let draft = office.draft(&office.actor("c1"), &play);
        assert_eq!(draft.data.field("mdtrt_place"), shown, "{place}");
        assert_eq!(draft.data.field("mdtrtarea"), name, "{place}");
        let settlement = office.station.settle(&office.station.snapshot().unwrap(), &draft.data).unwrap();
        assert_eq!(settlement.facts.as_ref().unwrap().place, found, "{place}");
        assert_eq!(settlement.hifp_pay, Fen(pays), "{place}");
    }
}

/// The name of the place is never typed: it cannot say otherwise than the code.
#[test]
fn what_is_read_follows_the_code() {
    let office = office();
    let clerk = office.actor("c1");
    let mut draft = office.draft(&clerk, &claim(&office, "03", "440106", "00991003"));
    office.station.save_field(&mut draft, &field("mdtrtarea"), "大新县").unwrap();
    assert_eq!(draft.data.field("mdtrtarea"), "广东省");
    office.station.save_field(&mut draft, &field("mdtrtarea_admdvs"), "450103").unwrap();
    assert_eq!((draft.data.field("mdtrtarea"), draft.data.field("mdtrt_place")), ("广西南宁市青秀区", "2"));
    // Outside by the reason, at home by the code.
    let saved = office.station.save_field(&mut draft, &field("mdtrtarea_admdvs"), "451424").unwrap();
    let rules: Vec<&str> = saved.findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, ["elsewhere_is_outside"]);
}
