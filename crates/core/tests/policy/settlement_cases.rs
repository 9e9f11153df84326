//! Settlement on the shipped sample area and on small areas: the parts of a bill, limits, referral, rounding, and
//! the questions that have no answer. Expectations are computed by hand beside each case.

use rust_decimal::Decimal;
use xiangbao_core::form::data::{FormData, Row};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{
    FeeLine, ItemClass, PolicyGap, PolicyPack, SettleInput, Settlement, YearToDate, benefit_of, settle,
};

use crate::support::{Figures, GUANGXI, day, guangxi, line, stay, yuan};

fn one_band(deductible: &str, ratio: &str) -> Figures {
    Figures::new(deductible, "absolute", &[(None, ratio.to_owned())])
}

/// 甲 1,000.00; 乙 200.00 of which 20.00 above the limit, first share 15 % of 180.00 = 27.00; 丙 50.00.
/// In scope 1,000 + 153 = 1,153.00; level 1: (1,153 - 100) x 90 % = 947.70.
#[test]
fn the_parts_of_a_bill_on_the_shipped_area() {
    let mut class_b = line(ItemClass::B, yuan("200"));
    class_b.over_limit = yuan("20");
    class_b.kind = "08".to_owned();
    let lines = vec![line(ItemClass::A, yuan("1000")), class_b, line(ItemClass::C, yuan("50"))];
    let found = settle(&guangxi(), &stay(lines)).unwrap();
    assert_eq!(found.medfee_sumamt, yuan("1250"));
    assert_eq!(found.fulamt_ownpay_amt, yuan("50"));
    assert_eq!(found.overlmt_selfpay, yuan("20"));
    assert_eq!(found.preselfpay_amt, yuan("27"));
    assert_eq!(found.inscp_scp_amt, yuan("1153"));
    assert_eq!(found.act_pay_dedc, yuan("100"));
    assert_eq!(found.hifp_pay, yuan("947.70"));
    assert_eq!(found.fund_pay_sumamt, yuan("947.70"));
    assert_eq!(found.psn_part_amt, yuan("302.30"));
    assert_eq!(found.crt_payb_lmt_amt, Some(yuan("150000")));
    assert_eq!((found.rule_date.as_str(), found.benefit.as_str()), ("2018-05-03", "inpatient"));
    let after = &found.year_after;
    assert_eq!((after.fund_paid, after.deductible_paid, after.admissions), (yuan("947.70"), yuan("100"), 1));
    assert_eq!((found.year, &found.year_own), (2018, after));
    assert!(found.sample, "the Guangxi figures are samples and must say so");
    let kinds: Vec<_> =
        found.fee_kinds.iter().map(|kind| (kind.kind.as_str(), kind.amount, kind.own)).collect();
    assert_eq!(kinds, [("08", yuan("200"), yuan("20")), ("09", yuan("1050"), yuan("50"))]);
}

#[test]
fn every_amount_has_its_step_with_a_source() {
    let found = settle(&guangxi(), &stay(vec![line(ItemClass::B, yuan("5000"))])).unwrap();
    for (label, amount) in [
        ("医疗费总额", found.medfee_sumamt),
        ("全自费", found.fulamt_ownpay_amt),
        ("超限价自费", found.overlmt_selfpay),
        ("先行自付", found.preselfpay_amt),
        ("政策范围内金额", found.inscp_scp_amt),
        ("实际支付起付线", found.act_pay_dedc),
        ("统筹基金支付", found.hifp_pay),
        ("基金支付总额", found.fund_pay_sumamt),
        ("个人负担", found.psn_part_amt),
        ("本年基金累计支付", found.year_after.fund_paid),
        ("本年起付线累计", found.year_after.deductible_paid),
    ] {
        let step =
            found.trace.iter().find(|step| step.label == label).unwrap_or_else(|| panic!("no step {label}"));
        assert_eq!(step.amount, amount, "{label}");
    }
    assert!(found.trace.iter().all(|step| !step.formula.is_empty() && step.rule.contains('@')));
    assert!(found.trace.iter().all(|step| !step.article.is_empty() && !step.document.is_empty()));
    let band = found.trace.iter().find(|step| step.label.starts_with("分段")).unwrap();
    assert_eq!(band.formula, "4,150.00 × 90%");
}

/// Level 3 with 10 points less: (10,000 - 600) x 50 % = 4,700.00 instead of x 60 % = 5,640.00.
#[test]
fn without_a_filed_referral_the_ratio_is_lower() {
    let mut input =
        SettleInput { hospital_level: "3".to_owned(), ..stay(vec![line(ItemClass::A, yuan("10000"))]) };
    assert_eq!(settle(&guangxi(), &input).unwrap().hifp_pay, yuan("5640"));
    input.referred = false;
    let found = settle(&guangxi(), &input).unwrap();
    assert_eq!((found.hifp_pay, found.bands[0].ratio.as_str()), (yuan("4700"), "0.5"));
    let lost = found.trace.iter().find(|step| step.label == "转诊").unwrap();
    assert!(lost.formula.contains("降低 10 个百分点"), "{}", lost.formula);
}

/// 60 % of 1,000.00 is 600.00, but 200.00 a year less 150.00 used leaves 50.00.
#[test]
fn the_yearly_cap_leaves_the_rest_to_the_person() {
    let used = YearToDate { fund_paid: yuan("150"), ..YearToDate::default() };
    let lines = vec![line(ItemClass::A, yuan("1000"))];
    let input = SettleInput { med_type: "11".to_owned(), used: used.clone(), ..stay(lines) };
    let found = settle(&guangxi(), &input).unwrap();
    assert_eq!((found.hifp_pay, found.over_cap_amt), (yuan("50"), yuan("550")));
    assert_eq!(found.psn_part_amt, yuan("950"));
    assert_eq!((found.year_after.fund_paid, found.year_after.admissions), (yuan("200"), 0));
    assert_eq!(found.benefit, "outpatient");
    assert_eq!(found.year_after.minus(&found.year_own), Some(used));
    assert_eq!(YearToDate::default().minus(&found.year_own), None);
}

/// Examples 9-14 of the reference: 400 / 280 / 200 by admission of the year.
#[test]
fn the_deductible_falls_with_the_admission() {
    let mut figures = one_band("400", "0.5");
    figures.deductible = "[{ level = \"1\", admission = 1, amount = \"400\" }, \
        { level = \"1\", admission = 3, amount = \"200\" }, { level = \"1\", admission = 2, amount = \"280\" }]"
        .to_owned();
    let pack = figures.pack();
    for (admission, due) in [(1, "400"), (2, "280"), (3, "200"), (7, "200")] {
        let input = SettleInput { admission_no: admission, ..stay(vec![line(ItemClass::A, yuan("1000"))]) };
        assert_eq!(settle(&pack, &input).unwrap().act_pay_dedc, yuan(due), "admission {admission}");
    }
}

#[test]
fn a_bill_below_the_deductible_pays_nothing() {
    let found =
        settle(&one_band("400", "0.5").pack(), &stay(vec![line(ItemClass::A, yuan("399.99"))])).unwrap();
    assert_eq!((found.act_pay_dedc, found.hifp_pay), (yuan("399.99"), Fen::ZERO));
    assert_eq!(found.psn_part_amt, yuan("399.99"));
    assert!(found.bands.is_empty());
}

/// Two bands of 0.01 at 50 %: 0.005 + 0.005 is one fen, rounded once, not twice half a fen up.
#[test]
fn the_fund_is_rounded_half_up_once() {
    let bands = [(Some("0.01".to_owned()), "0.5".to_owned()), (None, "0.5".to_owned())];
    let pack = Figures::new("0", "absolute", &bands).pack();
    let pays = |amount: &str| settle(&pack, &stay(vec![line(ItemClass::A, yuan(amount))])).unwrap();
    assert_eq!(pays("0.01").hifp_pay, yuan("0.01"));
    assert_eq!(pays("0.02").hifp_pay, yuan("0.01"));
    assert_eq!(pays("0.03").hifp_pay, yuan("0.02"));
    let amounts: Vec<Fen> = pays("0.03").bands.iter().map(|band| band.amount).collect();
    assert_eq!(amounts, [yuan("0.01"), yuan("0.01")]);
}

#[test]
fn an_items_own_first_share_beats_the_class_but_not_fully_own() {
    let pack = one_band("0", "1").pack();
    let pays = |class, share: &str| {
        let item =
            FeeLine { first_paid: Some(share.parse::<Decimal>().unwrap()), ..line(class, yuan("100")) };
        settle(&pack, &stay(vec![item])).unwrap().hifp_pay
    };
    assert_eq!(pays(ItemClass::A, "0.03"), yuan("97"));
    assert_eq!(pays(ItemClass::B, "0"), yuan("100"));
    assert_eq!(pays(ItemClass::C, "0"), Fen::ZERO);
}

/// A stay that ends in December and is settled in January: the area says which day decides.
#[test]
fn the_rule_date_is_a_parameter() {
    let mut text = GUANGXI.map(|(name, text)| (name, text.to_owned()));
    let across = SettleInput {
        end_date: day("2018-12-30"),
        settle_date: day("2019-01-08"),
        ..stay(vec![line(ItemClass::A, yuan("1000"))])
    };
    assert_eq!(settle(&guangxi(), &across).unwrap().rule_date, "2018-12-30");
    for (_, text) in &mut text {
        *text = text.replace("value = \"discharge\"", "value = \"settlement\"");
    }
    let pack = PolicyPack::load(&text).unwrap();
    let found = settle(&pack, &across).unwrap();
    assert_eq!(found.rule_date, "2019-01-08");
    assert!(found.trace[0].formula.contains("按结算日期 2019-01-08"), "{}", found.trace[0].formula);
}

#[test]
fn what_the_pack_does_not_say_is_a_gap() {
    let pack = guangxi();
    let lines = || vec![line(ItemClass::A, yuan("100"))];
    let unrated = SettleInput { hospital_level: "9".to_owned(), ..stay(lines()) };
    let gap = settle(&pack, &unrated).unwrap_err();
    assert!(matches!(&gap, PolicyGap::NotCovered { what, .. } if what.contains("未定级")), "{gap}");
    let birth = SettleInput { med_type: "52".to_owned(), ..stay(lines()) };
    let gap = settle(&pack, &birth).unwrap_err();
    assert!(matches!(&gap, PolicyGap::NotCovered { what, .. } if what.contains("52")), "{gap}");
    let early = SettleInput { end_date: day("2017-06-30"), ..stay(lines()) };
    let gap = settle(&pack, &early).unwrap_err();
    assert!(matches!(gap, PolicyGap::NoParameter { .. }), "{gap}");
    assert_eq!(benefit_of(&pack, "13", day("2018-01-01")).unwrap(), "outpatient");
}

#[test]
fn a_bill_that_cannot_be_settled_is_refused() {
    let pack = guangxi();
    let item = || line(ItemClass::B, yuan("100"));
    let bad_lines = [
        vec![],
        vec![FeeLine { amount: Fen(-1), ..item() }],
        vec![FeeLine { over_limit: Fen(-1), ..item() }],
        vec![FeeLine { over_limit: yuan("100.01"), ..item() }],
        vec![FeeLine { first_paid: Some(Decimal::TWO), ..item() }],
        vec![FeeLine { amount: Fen(i64::MAX), ..line(ItemClass::A, Fen::ZERO) }; 2],
        vec![FeeLine { amount: Fen(i64::MAX), ..line(ItemClass::A, Fen::ZERO) }],
    ];
    let mut inputs: Vec<SettleInput> = bad_lines.into_iter().map(stay).collect();
    inputs.push(SettleInput { admission_no: 0, ..stay(vec![item()]) });
    inputs.push(SettleInput { settle_date: day("2018-05-02"), ..stay(vec![item()]) });
    let used = YearToDate { fund_paid: Fen(-1), ..YearToDate::default() };
    inputs.push(SettleInput { used, ..stay(vec![item()]) });
    for input in inputs {
        let gap = settle(&pack, &input).unwrap_err();
        assert!(matches!(gap, PolicyGap::Input { .. }), "{gap}");
    }
}

#[test]
fn a_settlement_survives_storage_and_a_changed_one_is_found() {
    let found = settle(&guangxi(), &stay(vec![line(ItemClass::B, yuan("5000"))])).unwrap();
    let bytes = minicbor::to_vec(&found).unwrap();
    let mut stored: Settlement = minicbor::decode(&bytes).unwrap();
    assert_eq!(stored, found);
    assert_eq!(stored.check(), Ok(()));
    stored.hifp_pay = stored.hifp_pay.checked_add(Fen(1)).unwrap();
    assert!(matches!(stored.check(), Err(PolicyGap::Broken { .. })));
}

fn row(cells: &[(&str, &str)]) -> Row {
    cells.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_reimbursement_form_becomes_the_question() {
    let fields = row(&[
        ("med_type", "2101"),
        ("dedc_hosp_lv", "2"),
        ("endtime", "2018-05-03"),
        ("adm_no", "2"),
        ("refl_no", "ZZ2018001"),
    ]);
    let item = row(&[
        ("med_chrgitm_type", "09"),
        ("item_name", "试验药"),
        ("chrgitm_lv", "02"),
        ("det_item_fee_sumamt", "100.00"),
        ("selfpay_prop", "0.1500"),
        ("overlmt_amt", ""),
    ]);
    let mut data = FormData { fields, ..FormData::default() };
    data.tables.insert("fees".to_owned(), vec![item]);
    let input = SettleInput::from_form(&data, day("2018-05-20"), YearToDate::default()).unwrap();
    assert_eq!((input.hospital_level.as_str(), input.admission_no, input.referred), ("2", 2, true));
    assert_eq!(input.lines[0].first_paid, Some("0.15".parse().unwrap()));
    assert_eq!((input.lines[0].amount, input.lines[0].over_limit), (yuan("100"), Fen::ZERO));

    for (key, value) in [("chrgitm_lv", "04"), ("det_item_fee_sumamt", "x"), ("selfpay_prop", "15")] {
        let mut bad = data.clone();
        bad.tables.get_mut("fees").unwrap()[0].insert(key.to_owned(), value.to_owned());
        let gap = SettleInput::from_form(&bad, day("2018-05-20"), YearToDate::default()).unwrap_err();
        assert!(matches!(&gap, PolicyGap::Input { field, .. } if *field == format!("fees.0.{key}")), "{gap}");
    }
}
