//! Contributions: the shipped standards (reference 4.2), and the aid of Huaibei 2021 (reference 4.3, seed 004 Q2).

use xiangbao_core::money::Fen;
use xiangbao_core::policy::{CollectionStanding, Contribution, Identity, PolicyGap, contribution};

use crate::support::{day, guangxi, huaibei, yuan};

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
    let found = contribution(&guangxi(), 2018, &held(&["2303", "2304"]), day("2017-10-01")).unwrap();
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

/// Identities whose proofs name no days.
fn held(codes: &[&str]) -> Vec<Identity> {
    codes.iter().map(|code| Identity::of(code)).collect()
}

fn pays(codes: &[&str]) -> Result<Contribution, PolicyGap> {
    contribution(&huaibei(), 2022, &held(codes), day("2021-11-01"))
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
        (&["2302"], "0", "320"),
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

/// Reference 4.3: the identity must be valid on the payment day; a later one gives no refund (003 A28).
#[test]
fn an_identity_counts_only_while_its_proof_holds() {
    let paid = day("2021-11-01");
    let until = |to: &str| vec![Identity::until("2303", to)];
    let from = |from: &str| vec![Identity { from: Some(day(from)), ..Identity::of("2303") }];
    for (identities, personal, words) in [
        (until("2021-11-01"), "40", ""),
        (until("2021-10-31"), "320", "缴费日 2021-11-01 已失效"),
        (from("2021-11-01"), "40", ""),
        (from("2021-11-02"), "320", "尚未生效"),
    ] {
        let found = contribution(&huaibei(), 2022, &identities, paid).unwrap();
        assert_eq!(found.personal, yuan(personal), "{identities:?}");
        let said = found.steps.iter().find(|step| step.label == "资格证明");
        assert_eq!(said.is_some(), !words.is_empty());
        assert!(said.is_none_or(|step| step.formula.contains(words)), "{said:?}");
    }
    // An expired one does not hide a weaker one that holds.
    let both = [Identity::until("2303", "2021-10-31"), Identity::of("2360")];
    assert_eq!(contribution(&huaibei(), 2022, &both, paid).unwrap().personal, yuan("160"));
}

/// Reference 4.2, trap: the year of the standard, the time of collection and the insurance year are three things.
#[test]
fn standard_year_collection_and_insurance_year_are_three_things() {
    for (paid, standing) in [
        ("2021-08-31", CollectionStanding::Before),
        ("2021-09-01", CollectionStanding::Open),
        ("2021-12-31", CollectionStanding::Open),
        ("2022-01-01", CollectionStanding::Grace),
        ("2022-02-28", CollectionStanding::Grace),
        ("2022-03-01", CollectionStanding::Late),
        ("2023-01-01", CollectionStanding::Over),
    ] {
        let found = contribution(&huaibei(), 2022, &[], day(paid)).unwrap();
        assert_eq!((found.standard_year, found.insu_year), (2021, 2022));
        let collection = found.collection.unwrap();
        assert_eq!(collection.standing, standing, "{paid}");
        assert_eq!((collection.opens.as_str(), collection.closes.as_str()), ("2021-09-01", "2021-12-31"));
        assert_eq!(collection.grace_closes, "2022-02-28");
    }
}

/// 003 A28 in Guangxi; the text of Huaibei says nothing of refunds.
#[test]
fn the_rule_on_refunds_stands_beside_the_amount() {
    let step = |found: Contribution| found.steps.into_iter().find(|step| step.label == "退费规定").unwrap();
    let guangxi = step(contribution(&guangxi(), 2018, &[], day("2017-10-01")).unwrap());
    assert!(guangxi.formula.contains("不予退还") && guangxi.article == "第二十八条", "{guangxi:?}");
    let huaibei = step(pays(&[]).unwrap());
    assert!(huaibei.formula.contains("没有写退费"), "{huaibei:?}");
}
