//! Treatment beyond one deductible and one ratio: places, classes, fixed sums, quotas, guarantees, the layers above the
//! basic pool, continued stays, the turn of the year, refunds. Expectations are computed by hand beside each case from
//! the figures of reference 4.4, or from those that the test writes down.

use xiangbao_core::money::Fen;
use xiangbao_core::policy::{
    ItemClass, LayerUse, Place, PolicyGap, PolicyPack, QuotaUse, SettleInput, Settlement, YearToDate, settle,
};

use crate::support::{day, guangxi, huaibei, jiamusi, line, luoyang, stay, topic, yuan};

/// A stay of one class 甲 line at `level`.
fn bill(level: &str, amount: &str) -> SettleInput {
    SettleInput { hospital_level: level.to_owned(), ..stay(vec![line(ItemClass::A, yuan(amount))]) }
}

fn at(pack: &PolicyPack, input: &SettleInput) -> Settlement {
    settle(pack, input).unwrap()
}

fn lacks(pack: &PolicyPack, input: &SettleInput) -> String {
    match settle(pack, input) {
        Err(gap @ (PolicyGap::NotCovered { .. } | PolicyGap::NoParameter { .. })) => gap.to_string(),
        other => panic!("no gap: {other:?}"),
    }
}

#[test]
fn jiamusi_pays_by_level_place_and_filing() {
    let pack = jiamusi();
    // (10,000 - 200) × 90 %, - 300 × 80 %, - 400 × 75 %, - 700 × 65 %.
    for (level, pays) in [("4", "8820"), ("1", "7760"), ("2", "7200"), ("3", "6045")] {
        assert_eq!(at(&pack, &bill(level, "10000")).hifp_pay, yuan(pays), "level {level}");
    }
    for (place, referred, pays) in [
        (Place::InProvince, true, "5400"),    // (10,000 - 1,000) × 60 %
        (Place::CrossProvince, true, "4250"), // (10,000 - 1,500) × 50 %
        (Place::InProvince, false, "3400"),   // (10,000 - 1,500) × 40 %
        (Place::CrossProvince, false, "3400"),
    ] {
        let input = SettleInput { place, referred, ..bill("3", "10000") };
        assert_eq!(at(&pack, &input).hifp_pay, yuan(pays), "{place:?} {referred}");
    }
    assert!(at(&pack, &bill("1", "1")).sample);
}

/// Level 3, 100,000.00: (100,000 - 700) × 65 % = 64,545.00, left 35,455.00. Big illness: 25,455 × 50 % = 12,727.50. A
/// poor person: threshold 5,000, 55 %: 30,455 × 55 % = 16,750.25.
#[test]
fn the_poor_have_half_the_threshold_and_five_points_more() {
    let pack = jiamusi();
    let plain = at(&pack, &bill("3", "100000"));
    assert_eq!((plain.hifp_pay, plain.hifmi_pay), (yuan("64545"), yuan("12727.50")));
    assert_eq!(plain.psn_part_amt, yuan("22727.50"));
    assert_eq!(
        plain.absent,
        ["补充保险", "医疗救助"],
        "what has no parameters is said, not taken for nothing"
    );
    let poor = SettleInput { identities: vec!["2308".to_owned(), "2303".to_owned()], ..bill("3", "100000") };
    let poor = at(&pack, &poor);
    assert_eq!((poor.hifmi_pay, poor.psn_part_amt), (yuan("16750.25"), yuan("18704.75")));
    let threshold = poor.trace.iter().find(|step| step.label == "大病保险起付标准").unwrap();
    assert!(threshold.formula.contains("一般标准 10,000.00 × 50%"), "{}", threshold.formula);
    assert_eq!(poor.year_own.big_illness, LayerUse { base: yuan("35455"), paid: yuan("16750.25") });
}

/// Two stays that each stay below the threshold pass it together: base 6,000 + 7,000 = 13,000; 3,000 × 50 % = 1,500.
#[test]
fn big_illness_counts_over_the_year_in_slices() {
    let pack = jiamusi();
    // (24,700 - 700) × 65 % = 15,600; left 9,100, below 10,000.
    let first = at(&pack, &bill("3", "24700"));
    assert_eq!((first.hifp_pay, first.hifmi_pay), (yuan("15600"), Fen::ZERO));
    // (2,700 - 700) × 65 % = 1,300; left 1,400; together 10,500: 500 × 50 % = 250.
    let second = SettleInput { used: first.year_after.clone(), admission_no: 2, ..bill("3", "2700") };
    let second = at(&pack, &second);
    assert_eq!((second.hifp_pay, second.hifmi_pay), (yuan("1300"), yuan("250")));
    assert_eq!(second.year_after.big_illness, LayerUse { base: yuan("10500"), paid: yuan("250") });
    // 199,900 are paid: 100 are left of 200,000. (100,700 - 700) × 65 % = 65,000; left 35,700 × 50 % is far more.
    let used = YearToDate {
        big_illness: LayerUse { base: yuan("409800"), paid: yuan("199900") },
        ..YearToDate::default()
    };
    let last = at(&pack, &SettleInput { used, ..bill("3", "100700") });
    assert_eq!((last.hifmi_pay, last.layers[0].limit), (yuan("100"), Some(yuan("100"))));
    assert_eq!(last.layers[0].over_cap, yuan("17750"));
}

#[test]
fn birth_is_paid_by_a_fixed_sum_within_the_amount_in_scope() {
    let pack = jiamusi();
    let birth = |kind: &str, amount: &str| SettleInput { med_type: kind.to_owned(), ..bill("2", amount) };
    for (kind, amount, pays) in [("2106", "3000", "1100"), ("2107", "3000", "1500"), ("2106", "800", "800")] {
        let found = at(&pack, &birth(kind, amount));
        assert_eq!((found.hifp_pay, found.act_pay_dedc), (yuan(pays), Fen::ZERO));
        assert_eq!(found.benefit, "birth");
        assert_eq!(found.hifmi_pay, Fen::ZERO, "births do not count for big illness");
    }
    assert!(lacks(&pack, &birth("52", "3000")).contains("定额支付"));
}

/// County hospital 400: 63 % to 1,500, then 83 %: 1,100 × 63 % + 3,500 × 83 % = 3,598.00. Hospitals of the province:
/// 5,000 × 50 % + 3,000 × 68 % = 4,540.00. What the report does not say has no figure.
#[test]
fn luoyang_pays_by_bands_and_says_what_it_does_not_know() {
    let pack = luoyang();
    let dated = |input: SettleInput| SettleInput {
        end_date: day("2024-03-01"),
        settle_date: day("2024-03-01"),
        ..input
    };
    assert_eq!(at(&pack, &dated(bill("2", "5000"))).hifp_pay, yuan("3598"));
    assert_eq!(at(&pack, &dated(bill("1", "5000"))).hifp_pay, yuan("4410"));
    let province = SettleInput { place: Place::InProvince, ..bill("3", "10000") };
    assert_eq!(at(&pack, &dated(province)).hifp_pay, yuan("4540"));
    assert!(lacks(&pack, &dated(bill("3", "10000"))).contains("文件未查到"));
    // Within the deductible no ratio is asked for.
    assert_eq!(at(&pack, &dated(bill("3", "1200"))).hifp_pay, Fen::ZERO);
    let far = SettleInput { place: Place::CrossProvince, ..bill("2", "5000") };
    assert!(lacks(&pack, &dated(far)).contains("跨省异地"));
    assert!(lacks(&pack, &bill("2", "5000")).contains("2018-05-03"), "before the first day of the pack");
}

/// Example 1 of the reference as a layer: 300,000.00 at level 2 meet the cap of 150,000.00; of the 150,000.00 left big
/// illness gives 18,000 × 60 % + 70,000 × 65 % + 50,000 × 75 % = 93,800.00; assistance 70 % of the rest, 39,340.00, is
/// cut to its limit of 30,000.00.
#[test]
fn all_layers_are_settled_at_once() {
    let pack = guangxi();
    let plain = at(&pack, &bill("2", "300000"));
    assert_eq!((plain.hifp_pay, plain.hifmi_pay, plain.maf_pay), (yuan("150000"), yuan("93800"), Fen::ZERO));
    assert_eq!(plain.psn_part_amt, yuan("56200"));
    assert_eq!(plain.absent, ["补充保险"]);
    let poor = SettleInput { identities: vec!["2304".to_owned()], ..bill("2", "300000") };
    let poor = at(&pack, &poor);
    assert_eq!((poor.maf_pay, poor.fund_pay_sumamt), (yuan("30000"), yuan("273800")));
    assert_eq!((poor.psn_part_amt, poor.psn_cash_pay()), (yuan("26200"), yuan("26200")));
    assert_eq!(poor.pool_prop_selfpay().to_string(), "0.5000", "a share of the fund, whatever its name says");
    let funds: Vec<(&str, Fen)> =
        poor.setldetail().iter().map(|row| (row.fund_pay_type, row.fund_payamt)).collect();
    let expected = [("390100", yuan("150000")), ("390200", yuan("93800")), ("610100", yuan("30000"))];
    assert_eq!(funds, expected);
    assert!(poor.sample && poor.check().is_ok());
}

/// Key, unit and value of a parameter.
type Written<'a> = (&'a str, &'a str, &'a str);

/// A small area in which every part can be set.
fn area(settlement: &[Written<'_>], more: &[(&str, &[Written<'_>])]) -> PolicyPack {
    let base: [Written<'_>; 8] = [
        ("med_types", "代码", "[\"2101\", \"14\"]"),
        ("rule_date", "选项", "\"discharge\""),
        ("counts_admission", "选项", "\"yes\""),
        ("deductible", "元", "[{ admission = 1, amount = \"300\" }]"),
        ("deductible_year_cap", "元", "\"none\""),
        ("bands", "比例", "{ origin = \"absolute\", rows = [{ ratio = \"0.5\" }] }"),
        ("fund_year_cap", "元", "\"none\""),
        ("rounding", "选项", "\"half_up_per_fund\""),
    ];
    let kept = base.iter().filter(|(key, _, _)| settlement.iter().all(|(other, _, _)| other != key));
    let params: Vec<Written<'_>> = kept.chain(settlement).copied().collect();
    let shares = "[{ class = \"01\", ratio = \"0\" }, { class = \"02\", ratio = \"0.1\" }, \
                  { class = \"03\", ratio = \"1\" }]";
    let mut catalogue = vec![("first_paid", "比例", shares)];
    let mut files = vec![("settlement-inpatient.toml".to_owned(), topic("settlement-inpatient", &params))];
    for (name, params) in more {
        if *name == "catalogue" {
            catalogue.extend_from_slice(params);
        } else {
            files.push((format!("{name}.toml"), topic(name, params)));
        }
    }
    files.push(("catalogue.toml".to_owned(), topic("catalogue", &catalogue)));
    PolicyPack::load(&files).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// 002: a stay that goes on after the switch of systems bears no second deductible and is no new admission.
#[test]
fn a_continued_stay_bears_no_second_deductible() {
    let none = area(&[("continued_stay", "选项", "\"none\"")], &[]);
    let first = at(&none, &bill("1", "200"));
    assert_eq!((first.act_pay_dedc, first.hifp_pay), (yuan("200"), Fen::ZERO));
    let on = |paid: &str| SettleInput {
        continued: Some(yuan(paid)),
        used: first.year_after.clone(),
        ..bill("1", "1000")
    };
    let second = at(&none, &on("200"));
    assert_eq!((second.act_pay_dedc, second.hifp_pay), (Fen::ZERO, yuan("500")));
    assert_eq!(second.year_after.admissions, 1);
    // An area that collects what the first part left of the standard: 300 - 200 = 100; (1,000 - 100) × 50 % = 450.
    let rest = at(&area(&[("continued_stay", "选项", "\"rest\"")], &[]), &on("200"));
    assert_eq!((rest.act_pay_dedc, rest.hifp_pay), (yuan("100"), yuan("450")));
    // An area whose text says nothing is asked, not guessed.
    assert!(lacks(&area(&[], &[]), &on("200")).contains("续住"));
}

/// A stay from December to January belongs to one year, as the area's rule date says; the year's caps and admissions
/// begin anew.
#[test]
fn two_stays_across_the_year_end_are_two_years() {
    let settled = |rule: &str, ends: &str, settles: &str, used: YearToDate| {
        let pack = area(&[("rule_date", "选项", rule), ("fund_year_cap", "元", "\"1000\"")], &[]);
        let (end_date, settle_date) = (day(ends), day(settles));
        let admission_no = used.admissions + 1;
        at(&pack, &SettleInput { end_date, settle_date, used, admission_no, ..bill("1", "2000") })
    };
    for (rule, years) in [("\"discharge\"", [2018, 2019]), ("\"settlement\"", [2019, 2019])] {
        let first = settled(rule, "2018-12-28", "2019-01-03", YearToDate::default());
        // (2,000 - 300) × 50 % = 850.
        assert_eq!((first.year, first.hifp_pay), (years[0], yuan("850")));
        let same = years[0] == years[1];
        let used = if same { first.year_after.clone() } else { YearToDate::default() };
        let second = settled(rule, "2019-01-20", "2019-01-20", used);
        let pays = if same { "150" } else { "850" };
        assert_eq!((second.year, second.hifp_pay), (years[1], yuan(pays)), "{rule}");
        assert_eq!(second.year_after.admissions, if same { 2 } else { 1 });
    }
}

#[test]
fn a_refund_is_the_exact_negative() {
    let pack = guangxi();
    let first = at(&pack, &bill("2", "4000.01"));
    let input = SettleInput {
        used: first.year_after.clone(),
        admission_no: 2,
        identities: vec!["2304".to_owned()],
        ..bill("3", "123456.79")
    };
    let second = at(&pack, &input);
    let refund = second.reversed(&second.year_after).unwrap();
    assert!(refund.refd_setl_flag && refund.check().is_ok());
    for (one, other) in [
        (second.medfee_sumamt, refund.medfee_sumamt),
        (second.inscp_scp_amt, refund.inscp_scp_amt),
        (second.act_pay_dedc, refund.act_pay_dedc),
        (second.hifp_pay, refund.hifp_pay),
        (second.hifmi_pay, refund.hifmi_pay),
        (second.maf_pay, refund.maf_pay),
        (second.fund_pay_sumamt, refund.fund_pay_sumamt),
        (second.psn_part_amt, refund.psn_part_amt),
        (second.fee_kinds[0].amount, refund.fee_kinds[0].amount),
        (second.bands[0].amount, refund.bands[0].amount),
        (second.layers[0].paid, refund.layers[0].paid),
    ] {
        assert_eq!(one.0, -other.0);
    }
    assert_eq!(refund.year_after, first.year_after, "the year is as before the second stay");
    let stored: Settlement = minicbor::decode(&minicbor::to_vec(&refund).unwrap()).unwrap();
    assert_eq!(stored, refund);
    let mut spoiled = refund.clone();
    spoiled.maf_pay.0 -= 1;
    assert!(matches!(spoiled.check(), Err(PolicyGap::Broken { .. })));
    assert!(refund.reversed(&second.year_after).is_err(), "a refund is not refunded");
    assert!(second.reversed(&first.year_own).is_err(), "the year does not hold the second stay");
}

/// Examples 7-8: a deductible as a share of the average wage, here 9.5 % of 60,123.00 = 5,711.685; each named rounding.
#[test]
fn a_share_of_the_wage_is_rounded_as_named() {
    for (rounding, due) in [
        ("fen_half_up", "5711.69"),
        ("yuan_half_up", "5712"),
        ("ten_yuan_half_up", "5710"),
        ("hundred_yuan_half_up", "5700"),
        ("hundred_yuan_down", "5700"),
    ] {
        let rounding = format!("\"{rounding}\"");
        let averages: &[Written<'_>] = &[
            ("wage", "元", "\"60123.00\""),
            ("wage_rounding", "选项", &rounding),
            ("income", "元", "\"10000.50\""),
        ];
        let deductible = ("deductible", "元", "[{ admission = 1, wage_share = \"0.095\" }]");
        let cap = ("fund_year_cap", "元", "{ incomes = \"1.5\" }");
        let pack = area(&[deductible, cap], &[("averages", averages)]);
        let found = at(&pack, &bill("1", "100000"));
        assert_eq!(found.act_pay_dedc, yuan(due), "{rounding}");
        // 1.5 × 10,000.50 = 15,000.75.
        assert_eq!(found.hifp_pay, yuan("15000.75"));
    }
}

/// Bengbu: at least 45 % in the province, 40 % outside, here of the amount in scope.
#[test]
fn a_guaranteed_minimum_fills_up() {
    let rows = "{ scope = \"in_scope\", rows = [{ place = \"in_province\", ratio = \"0.45\" }, \
                { place = \"cross_province\", ratio = \"0.4\" }] }";
    let bands = "{ origin = \"above_deductible\", rows = [{ ratio = \"0.3\" }] }";
    let pack = area(&[("guarantee", "比例", rows), ("bands", "比例", bands)], &[]);
    // (10,300 - 300) × 30 % = 3,000; 10,300 × 45 % = 4,635; × 40 % = 4,120.
    for (place, pays, more) in [
        (Place::Inside, "3000", "0"),
        (Place::InProvince, "4635", "1635"),
        (Place::CrossProvince, "4120", "1120"),
    ] {
        let found = at(&pack, &SettleInput { place, ..bill("1", "10300") });
        assert_eq!((found.hifp_pay, found.guarantee_amt), (yuan(pays), yuan(more)));
    }
}

/// Lianyungang: minors get 10 points more; a ratio never passes 100 %.
#[test]
fn classes_of_persons_win_points() {
    let bonus = "[{ person = [\"1402\", \"1403\", \"1405\"], points = \"0.1\" }, { identity = \"2304\", points = \"0.6\" }]";
    let loaded = std::panic::catch_unwind(|| area(&[("bonus", "比例", bonus)], &[]));
    assert!(loaded.is_err(), "a pupil with the identity would have two rows");
    let bonus = "[{ person = [\"1402\", \"1403\", \"1405\"], points = \"0.1\" }]";
    let pack = area(&[("bonus", "比例", bonus)], &[]);
    let of = |psn_type: &str| SettleInput { psn_type: psn_type.to_owned(), ..bill("1", "1300") };
    assert_eq!(at(&pack, &of("1403")).hifp_pay, yuan("600"));
    assert_eq!(at(&pack, &of("15")).hifp_pay, yuan("500"));
    let pack = area(&[("bonus", "比例", "[{ identity = \"2304\", points = \"0.6\" }]")], &[]);
    let poor = SettleInput { identities: vec!["2304".to_owned()], ..bill("1", "1300") };
    assert_eq!(at(&pack, &poor).hifp_pay, yuan("1000"));
}

/// Chronic outpatients (003 A65-A66): 300 a quarter, 800 a year, at most one disease; 50 % without a deductible.
#[test]
fn chronic_diseases_have_quotas_by_quarter_and_year() {
    let quotas = "[{ disease = \"M01\", label = \"高血压\", period = \"quarter\", amount = \"300\" }, \
                  { disease = \"M01\", label = \"高血压\", period = \"year\", amount = \"800\" }, \
                  { disease = \"M02\", label = \"糖尿病\", period = \"year\", amount = \"500\" }]";
    let pack = area(
        &[
            ("quotas", "元", quotas),
            ("diseases_max", "个", "1"),
            ("deductible", "元", "[{ admission = 1, amount = \"0\" }]"),
        ],
        &[],
    );
    let visit = |date: &str, used: &YearToDate| SettleInput {
        end_date: day(date),
        settle_date: day(date),
        used: used.clone(),
        dise_codg: "M01".to_owned(),
        ..bill("1", "500")
    };
    let mut used = YearToDate::default();
    // 250 each visit: the second of a quarter finds 50, the fourth quarter 200 of the year.
    for (date, pays) in [
        ("2018-01-31", "250"),
        ("2018-03-31", "50"),
        ("2018-04-01", "250"),
        ("2018-07-01", "250"),
        ("2018-10-01", "0"),
    ] {
        let found = at(&pack, &visit(date, &used));
        assert_eq!(found.hifp_pay, yuan(pays), "{date}");
        used = found.year_after;
    }
    assert_eq!(used.quotas[0], QuotaUse { dise_codg: "M01".to_owned(), quarter: 1, amount: yuan("300") });
    let unnamed = SettleInput { dise_codg: String::new(), ..visit("2018-01-31", &YearToDate::default()) };
    assert!(matches!(settle(&pack, &unnamed), Err(PolicyGap::Input { .. })));
    let other = |code: &str, diseases: &[&str]| SettleInput {
        dise_codg: code.to_owned(),
        diseases: diseases.iter().map(|code| (*code).to_owned()).collect(),
        ..visit("2018-01-31", &YearToDate::default())
    };
    assert!(lacks(&pack, &other("M09", &[])).contains("M09"));
    assert!(lacks(&pack, &other("M02", &["M01", "M02"])).contains("第 2 个病种，最多 1 个"));
    assert!(matches!(settle(&pack, &other("M02", &["M01"])), Err(PolicyGap::Input { .. })));
    assert_eq!(at(&pack, &other("M02", &["M02"])).hifp_pay, yuan("250"));
}

/// A cap for one stay, a yearly cap that some identities do not have, and one that runs over all benefits.
#[test]
fn caps_bind_by_stay_identity_and_year() {
    let cap = "[{ amount = \"1000\" }, { identity = \"2304\", amount = \"none\" }]";
    let pack = area(&[("fund_stay_cap", "元", "\"800\""), ("fund_year_cap", "元", cap)], &[]);
    let found = at(&pack, &bill("1", "5300"));
    assert_eq!((found.hifp_pay, found.over_cap_amt), (yuan("800"), yuan("1700")));
    let again = SettleInput { used: found.year_after.clone(), admission_no: 2, ..bill("1", "5300") };
    assert_eq!(at(&pack, &again).hifp_pay, yuan("200"));
    let poor = SettleInput { identities: vec!["2304".to_owned()], ..again.clone() };
    assert_eq!(at(&pack, &poor).hifp_pay, yuan("800"));
    let over_all = area(&[("fund_year_cap", "元", "\"1000\""), ("fund_cap_scope", "选项", "\"year\"")], &[]);
    let elsewhere = YearToDate { basic_paid: yuan("700"), ..YearToDate::default() };
    assert_eq!(at(&over_all, &SettleInput { used: elsewhere, ..bill("1", "5300") }).hifp_pay, yuan("300"));
}

/// Treatment outside adds 10 points to each first share: 甲 10 % of 1,000, 乙 20 % of 1,000, both on the line.
#[test]
fn treatment_elsewhere_raises_the_first_share() {
    let outside: &[Written<'_>] = &[(
        "outside_first_paid",
        "比例",
        "[{ place = [\"in_province\", \"cross_province\"], points = \"0.1\" }]",
    )];
    let pack = area(&[], &[("catalogue", outside)]);
    let lines = vec![line(ItemClass::A, yuan("1000")), line(ItemClass::B, yuan("1000"))];
    let home = stay(lines);
    assert_eq!(at(&pack, &home).preselfpay_amt, yuan("100"));
    let away = SettleInput { place: Place::CrossProvince, ..home };
    assert_eq!(at(&pack, &away).preselfpay_amt, yuan("300"));
}

/// Assistance 70 % of what is left above 1,000 a year, 5,000 at most; then a tilt of 50 % above 3,000 for the rest.
#[test]
fn assistance_and_its_tilt_are_one_fund() {
    let layer = |threshold: &'static str, ratio: &'static str, cap: &'static str| -> [Written<'static>; 7] {
        [
            ("who", "代码", "[\"2303\"]"),
            ("counts", "代码", "[\"inpatient\"]"),
            ("period", "选项", "\"year\""),
            ("threshold", "元", threshold),
            ("bands", "比例", ratio),
            ("year_cap", "元", cap),
            ("rounding", "选项", "\"half_up_per_fund\""),
        ]
    };
    let first = layer("\"1000\"", "{ origin = \"absolute\", rows = [{ ratio = \"0.7\" }] }", "\"5000\"");
    let tilt = layer("\"3000\"", "{ origin = \"absolute\", rows = [{ ratio = \"0.5\" }] }", "\"none\"");
    let pack = area(&[], &[("assistance", &first), ("assistance-tilt", &tilt)]);
    let poor = |input: SettleInput| SettleInput { identities: vec!["2303".to_owned()], ..input };
    // (20,300 - 300) × 50 % = 10,000; left 10,300: (10,300 - 1,000) × 70 % = 6,510, cut to 5,000; left 5,300:
    // (5,300 - 3,000) × 50 % = 1,150.
    let found = at(&pack, &poor(bill("1", "20300")));
    assert_eq!((found.maf_pay, found.psn_part_amt), (yuan("6150"), yuan("4150")));
    assert_eq!(found.absent, ["大病保险", "补充保险"]);
    assert_eq!(found.year_own.tilt, LayerUse { base: yuan("5300"), paid: yuan("1150") });
    // The next stay: assistance is used up; the tilt goes on above what the year has reached.
    let next = SettleInput { used: found.year_after.clone(), admission_no: 2, ..bill("1", "2300") };
    // (2,300 - 300) × 50 % = 1,000; left 1,300 × 50 % = 650.
    assert_eq!(at(&pack, &poor(next)).maf_pay, yuan("650"));
    assert_eq!(at(&pack, &bill("1", "20300")).maf_pay, Fen::ZERO);
}

#[test]
fn a_pack_without_settlement_says_so() {
    assert!(lacks(&huaibei(), &bill("1", "100")).contains("huaibei-2021"));
}

/// A stored settlement can be asked again, under its own law and under another.
#[test]
fn a_settlement_keeps_what_it_was_asked() {
    let input = SettleInput {
        identities: vec!["2303".to_owned()],
        place: Place::InProvince,
        referred: false,
        used: at(&jiamusi(), &bill("2", "4000")).year_after,
        admission_no: 2,
        ..bill("3", "100000")
    };
    let found = at(&jiamusi(), &input);
    let stored: Settlement = minicbor::decode(&minicbor::to_vec(&found).unwrap()).unwrap();
    let again = SettleInput::again(&stored, input.lines.clone()).unwrap();
    assert_eq!(again, input);
    assert_eq!(at(&jiamusi(), &again), found);
    assert_ne!(at(&guangxi(), &again).hifp_pay, found.hifp_pay);
    let refund = found.reversed(&found.year_after).unwrap();
    assert_eq!(SettleInput::again(&refund, input.lines.clone()), None);
}

/// The published tables of big illness (examples 1, 2 and 15) come out of the layer as they do of the basic pool.
#[test]
fn published_tiers_come_out_of_a_layer_too() {
    let tiers = |threshold: &'static str, bands: &'static str| {
        let layer: [Written<'_>; 7] = [
            ("who", "代码", "\"all\""),
            ("counts", "代码", "[\"inpatient\"]"),
            ("period", "选项", "\"year\""),
            ("threshold", "元", threshold),
            ("bands", "比例", bands),
            ("year_cap", "元", "\"none\""),
            ("rounding", "选项", "\"half_up_per_fund\""),
        ];
        let none = ("bands", "比例", "{ origin = \"absolute\", rows = [{ ratio = \"0\" }] }");
        area(&[none], &[("big-illness", &layer)])
    };
    let first = "{ origin = \"absolute\", rows = [{ up_to = \"30000\", ratio = \"0.6\" }, \
                 { up_to = \"100000\", ratio = \"0.65\" }, { ratio = \"0.75\" }] }";
    let second = "{ origin = \"absolute\", rows = [{ up_to = \"50000\", ratio = \"0.5\" }, \
                  { up_to = \"100000\", ratio = \"0.6\" }, { ratio = \"0.7\" }] }";
    let above = "{ origin = \"above_deductible\", rows = [{ up_to = \"20000\", ratio = \"0.3\" }, \
                 { up_to = \"50000\", ratio = \"0.4\" }, { ratio = \"0.5\" }] }";
    for (threshold, bands, amount, pays) in [
        ("\"12000\"", first, "150000", "93800"),
        ("\"8000\"", second, "50000", "21000"),
        ("\"8000\"", second, "80000", "39000"),
        ("\"8000\"", second, "120000", "65000"), // published as 53,000: reference, example 2c
        ("\"20000\"", above, "50000", "10000"),
    ] {
        let pack = tiers(threshold, bands);
        assert_eq!(at(&pack, &bill("1", amount)).hifmi_pay, yuan(pays), "{amount}");
        // In two bills of the year it is the same, whatever the bills are: slices, not steps.
        let half = at(&pack, &bill("1", "30000.01"));
        let rest = Fen(yuan(amount).0 - yuan("30000.01").0).to_yuan();
        let rest = at(&pack, &SettleInput { used: half.year_after, ..bill("1", &rest) });
        let sum = half.hifmi_pay.0 + rest.hifmi_pay.0;
        assert!((sum - yuan(pays).0).abs() <= 1, "half a fen of rounding for each bill: {sum}");
    }
}
