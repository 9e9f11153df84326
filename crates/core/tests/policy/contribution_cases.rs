//! Contributions: the shipped standards (reference 4.2), and aid as in Huaibei 2021 (reference 4.3, seed 004 Q2) on
//! a small test area.

use xiangbao_core::money::Fen;
use xiangbao_core::policy::{Contribution, PolicyGap, PolicyPack, contribution};

use crate::support::{day, guangxi, topic, yuan};

#[test]
fn standards_by_insurance_year() {
    let pack = guangxi();
    for (year, standard, personal, subsidy, sample) in [
        (2018, 2017, "180", "450", false),
        (2019, 2018, "220", "490", true),
        (2022, 2021, "320", "580", false),
        (2023, 2022, "350", "610", true),
    ] {
        let found = contribution(&pack, year, &[], day("2021-11-01")).unwrap();
        assert_eq!((found.standard_year, found.sample), (standard, sample), "{year}");
        assert_eq!((found.standard, found.subsidy), (yuan(personal), yuan(subsidy)), "{year}");
        assert_eq!((found.aid, found.personal), (Fen::ZERO, yuan(personal)), "{year}");
    }
}

/// 003 A27: the aid goes to the person's account; the seed gives no figure, so the full standard is collected.
#[test]
fn guangxi_aid_goes_to_the_account() {
    let found = contribution(&guangxi(), 2018, &["2303", "2304"], day("2017-10-01")).unwrap();
    assert_eq!((found.aid, found.personal, found.aid_to_account), (Fen::ZERO, yuan("180"), None));
    let step = found.steps.iter().find(|step| step.label == "个人缴费资助").unwrap();
    assert!(step.formula.contains("转入个人账户"), "{}", step.formula);
    assert!(step.article.contains("第二十七条"));
    assert!(found.steps.iter().any(|step| step.article == "第二十八条" && step.formula.contains("不予退还")));
}

#[test]
fn a_year_without_a_standard_is_a_gap() {
    let gap = contribution(&guangxi(), 2028, &[], day("2026-11-01")).unwrap_err();
    assert!(
        matches!(&gap, PolicyGap::NoParameter { param, .. } if param == "contribution.standard"),
        "{gap}"
    );
    assert!(gap.to_string().contains("报县医保经办机构"));
}

fn huaibei() -> PolicyPack {
    let aid = "{ payout = \"reduces\", classes = [\
        { code = \"2304\", label = \"特困人员\", amount = \"320\" }, \
        { code = \"2303\", label = \"低保对象\", amount = \"280\" }, \
        { code = \"2306\", label = \"返贫致贫人口\", amount = \"250\" }, \
        { code = \"2360\", label = \"监测人口\", amount = \"160\" }, \
        { code = \"21\", label = \"重点优抚对象\", amount = \"unknown\" }] }";
    let standard = "{ standard_year = 2021, personal = \"320\", subsidy = \"580\" }";
    let text = topic(
        "contribution",
        &[("standard", "元", standard), ("aid", "元", aid), ("refund", "选项", "\"none\"")],
    );
    PolicyPack::load(&[("contribution.toml", text)]).unwrap()
}

fn pays(codes: &[&str]) -> Result<Contribution, PolicyGap> {
    contribution(&huaibei(), 2022, codes, day("2021-11-01"))
}

#[test]
fn the_best_of_several_aids_counts() {
    for (codes, aid, personal) in [
        (&["2304"][..], "320", "0"),
        (&["2303"], "280", "40"),
        (&["2306"], "250", "70"),
        (&["2360"], "160", "160"),
        (&["2360", "2303", "2306"], "280", "40"),
        (&["34"], "0", "320"),
        (&[], "0", "320"),
        // A full aid cannot be beaten by one without a figure.
        (&["21", "2304"], "320", "0"),
    ] {
        let found = pays(codes).unwrap();
        assert_eq!((found.aid, found.personal), (yuan(aid), yuan(personal)), "{codes:?}");
    }
}

#[test]
fn an_unknown_reduction_is_a_gap_and_not_a_guess() {
    for codes in [&["21"][..], &["21", "2303"]] {
        let gap = pays(codes).unwrap_err();
        assert!(matches!(gap, PolicyGap::NotCovered { .. }), "{gap}");
        assert!(gap.to_string().contains("重点优抚对象"), "{gap}");
    }
}

#[test]
fn a_contribution_survives_storage() {
    let found = pays(&["2303"]).unwrap();
    let bytes = minicbor::to_vec(&found).unwrap();
    assert_eq!(minicbor::decode::<Contribution>(&bytes).unwrap(), found);
}
