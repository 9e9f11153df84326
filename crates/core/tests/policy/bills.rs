//! A hundred thousand generated bills under generated law: the engine against the second computation without one
//! difference; and a year of stays, refunded again. `XIANGBAO_BILLS` sets how many (CI: 100,000).

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{
    FeeLine, ItemClass, LayerUse, Place, PolicyPack, QuotaUse, SettleInput, Settlement, YearToDate, settle,
};

use crate::law::{DISEASES, IDENTITIES, LEVELS, Law, PERSONS, Rng};
use crate::second::{self, Figures};
use crate::support::day;

/// Bills under one law: reading a law costs as much as many bills.
const BILLS_OF_A_LAW: u64 = 250;

fn wanted() -> u64 {
    std::env::var("XIANGBAO_BILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000)
}

fn line(rng: &mut Rng) -> FeeLine {
    let top = rng.pick(&[100, 50_000, 3_000_000]);
    let amount = rng.range(0, top);
    FeeLine {
        kind: format!("{:02}", rng.range(1, 14)),
        name: "试验项目".to_owned(),
        class: rng.pick(&[ItemClass::A, ItemClass::A, ItemClass::B, ItemClass::C]),
        amount: Fen(amount),
        first_paid: rng.maybe(20, |rng| Decimal::new(rng.range(0, 10_000), 4)),
        over_limit: if rng.chance(20) { Fen(rng.range(0, amount)) } else { Fen::ZERO },
    }
}

pub fn lines(rng: &mut Rng) -> Vec<FeeLine> {
    let count = rng.range(1, 8);
    (0..count).map(|_| line(rng)).collect()
}

fn layer_use(rng: &mut Rng) -> LayerUse {
    if rng.chance(50) {
        return LayerUse::default();
    }
    LayerUse { base: Fen(rng.range(0, 10_000_000)), paid: Fen(rng.range(0, 6_000_000)) }
}

fn used(rng: &mut Rng) -> YearToDate {
    let fund_paid = Fen(if rng.chance(50) { 0 } else { rng.range(0, 20_000_000) });
    let quotas = (0..rng.range(0, 2)).map(|_| QuotaUse {
        dise_codg: rng.pick(&DISEASES).to_owned(),
        quarter: u8::try_from(rng.range(1, 4)).unwrap(),
        amount: Fen(rng.range(1, 300_000)),
    });
    let quotas = quotas.collect();
    YearToDate {
        fund_paid,
        deductible_paid: Fen(rng.range(0, 300_000)),
        admissions: u32::try_from(rng.range(0, 4)).unwrap(),
        basic_paid: Fen(fund_paid.0 + rng.range(0, 3_000_000)),
        big_illness: layer_use(rng),
        supplement: layer_use(rng),
        assistance: layer_use(rng),
        tilt: layer_use(rng),
        quotas,
    }
}

pub fn bill(rng: &mut Rng) -> SettleInput {
    let end_date = day("2018-01-01").checked_add_days(Days::new(rng.next() % 365)).unwrap();
    let used = used(rng);
    let mut identities: Vec<String> = IDENTITIES.iter().map(|code| (*code).to_owned()).collect();
    identities.retain(|_| rng.chance(25));
    SettleInput {
        lines: lines(rng),
        hospital_level: rng.pick(&LEVELS).to_owned(),
        med_type: rng.pick(&["2101", "2101", "14", "2106", "52"]).to_owned(),
        admission_no: used.admissions + 1,
        end_date,
        settle_date: end_date,
        used,
        referred: rng.chance(70),
        place: rng.pick(&Place::ALL),
        psn_type: rng.pick(&PERSONS).to_owned(),
        identities,
        dise_codg: rng.pick(&DISEASES).to_owned(),
        diseases: Vec::new(),
        continued: rng.maybe(5, |rng| Fen(rng.range(0, 100_000))),
    }
}

fn figures(found: &Settlement) -> Figures {
    let own = &found.year_own;
    let layer = |used: LayerUse| (used.base.0, used.paid.0);
    Figures {
        own: found.fulamt_ownpay_amt.0,
        over_limit: found.overlmt_selfpay.0,
        first_paid: found.preselfpay_amt.0,
        in_scope: found.inscp_scp_amt.0,
        deductible: found.act_pay_dedc.0,
        guarantee: found.guarantee_amt.0,
        basic: found.hifp_pay.0,
        over_cap: found.over_cap_amt.0,
        big_illness: found.hifmi_pay.0,
        supplement: found.oth_pay.0,
        assistance: found.maf_pay.0,
        person: found.psn_part_amt.0,
        layers: [own.big_illness, own.supplement, own.assistance, own.tilt].map(layer),
        quota: own.quotas.iter().map(|quota| quota.amount.0).sum(),
        admissions: own.admissions,
    }
}

/// The two computations agree; what each fund pays, what the minimum adds and what the caps keep back.
fn compare(law: &Law, pack: &PolicyPack, input: &SettleInput, seed: u64) -> [i64; 6] {
    let found = settle(pack, input).unwrap_or_else(|gap| panic!("seed {seed}: {gap}\n{input:#?}"));
    let expected = second::compute(law, input);
    assert_eq!(figures(&found), expected, "seed {seed}\n{input:#?}\n{law:#?}\n{:#?}", found.trace);
    let Figures { basic, big_illness, supplement, assistance, guarantee, over_cap, .. } = expected;
    [basic, big_illness, supplement, assistance, guarantee, over_cap]
}

/// Runs `work` on the numbers below `count`, on all processors.
fn spread(count: u64, work: impl Fn(u64) + Sync) {
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    std::thread::scope(|scope| {
        for first in 0..threads {
            let work = &work;
            scope.spawn(move || (first..count).step_by(usize::try_from(threads).unwrap()).for_each(work));
        }
    });
}

#[test]
fn a_second_computation_agrees_on_every_bill() {
    let bills = wanted();
    // How many bills each fund pays something of: a comparison of nothing with nothing shows nothing.
    let paid: [AtomicU64; 6] = Default::default();
    spread(bills.div_ceil(BILLS_OF_A_LAW), |seed| {
        let mut rng = Rng(seed);
        let law = Law::generate(&mut rng);
        let pack = law.pack();
        for _ in 0..BILLS_OF_A_LAW.min(bills) {
            for (count, amount) in paid.iter().zip(compare(&law, &pack, &bill(&mut rng), seed)) {
                count.fetch_add(u64::from(amount > 0), Ordering::Relaxed);
            }
        }
    });
    for (count, fund) in
        paid.iter().zip(["basic", "big illness", "supplement", "assistance", "minimum", "cap"])
    {
        assert!(count.load(Ordering::Relaxed) > bills / 50, "{fund}: {count:?} of {bills}");
    }
}

/// The next stay of a person whose circumstances stay the same: the year so far comes from the stays before.
fn next(rng: &mut Rng, person: &SettleInput, year: &Year, date: NaiveDate) -> SettleInput {
    let input = bill(rng);
    let used = year.of(&input.med_type);
    SettleInput {
        admission_no: used.admissions + 1,
        used,
        identities: person.identities.clone(),
        psn_type: person.psn_type.clone(),
        end_date: date,
        settle_date: date,
        continued: None,
        ..input
    }
}

/// What each benefit has used, as the register keeps it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Year(std::collections::BTreeMap<String, YearToDate>);

impl Year {
    fn benefit(med_type: &str) -> &'static str {
        match med_type {
            "2101" => "inpatient",
            "14" => "chronic",
            _ => "birth",
        }
    }

    fn of(&self, med_type: &str) -> YearToDate {
        let whole = self.0.values().fold(YearToDate::default(), |sum, one| sum.plus(one).unwrap());
        let own = self.0.get(Self::benefit(med_type)).cloned().unwrap_or_default();
        YearToDate {
            fund_paid: own.fund_paid,
            deductible_paid: own.deductible_paid,
            admissions: own.admissions,
            ..whole
        }
    }

    fn add(&mut self, found: &Settlement) {
        let slot = self.0.entry(found.benefit.clone()).or_default();
        *slot = slot.plus(&found.year_own).unwrap();
    }

    fn take(&mut self, found: &Settlement) {
        let slot = self.0.entry(found.benefit.clone()).or_default();
        *slot = slot.minus(&found.year_own).unwrap();
    }
}

/// No limit is exceeded over a year of stays, and refunding them one by one goes back the same way, to the fen.
#[test]
fn a_year_of_stays_keeps_its_limits_and_goes_back_exactly() {
    spread(wanted().div_ceil(500), |seed| {
        let mut rng = Rng(seed ^ 0x5eed);
        let law = Law::generate(&mut rng);
        let pack = law.pack();
        let person = bill(&mut rng);
        let (mut year, mut stays) = (Year::default(), Vec::new());
        for month in 0..10_u64 {
            let date = day("2018-01-05").checked_add_days(Days::new(month * 33)).unwrap();
            let input = next(&mut rng, &person, &year, date);
            let found = settle(&pack, &input).unwrap();
            assert_eq!(found.year_after, input.used.plus(&found.year_own).unwrap());
            stays.push((found.clone(), year.clone(), input.med_type.clone()));
            year.add(&found);
        }
        check_limits(&law, &person, &stays);
        while let Some((found, before, med_type)) = stays.pop() {
            let refund = found.reversed(&year.of(&med_type)).unwrap();
            assert_eq!(refund.check(), Ok(()));
            assert_eq!(refund.fund_pay_sumamt.0 + found.fund_pay_sumamt.0, 0);
            assert_eq!(refund.psn_part_amt.0 + found.psn_part_amt.0, 0);
            year.take(&found);
            for med_type in ["2101", "14", "52"] {
                assert_eq!(year.of(med_type), before.of(med_type), "seed {seed}");
            }
        }
    });
}

fn check_limits(law: &Law, person: &SettleInput, stays: &[(Settlement, Year, String)]) {
    let best = |limit: &crate::law::Limit| {
        let of = |identity: &str| limit.identities.get(identity).copied().unwrap_or(limit.plain);
        let named: Vec<&str> = person.identities.iter().map(String::as_str).collect();
        let all = if named.is_empty() { vec![""] } else { named };
        all.into_iter().map(|identity| of(identity).unwrap_or(i64::MAX)).max().unwrap()
    };
    for benefit in &law.benefits {
        let of = || stays.iter().filter(|(found, _, _)| found.benefit == benefit.name);
        let paid: i64 = of().map(|(found, _, _)| found.hifp_pay.0).sum();
        assert!(paid <= best(&benefit.year_cap), "{} {paid}", benefit.name);
        let borne: i64 = of().map(|(found, _, _)| found.act_pay_dedc.0).sum();
        assert!(borne <= benefit.deductible_cap.unwrap_or(i64::MAX));
        for (disease, (quarter, year)) in benefit.quotas.iter().flatten() {
            let quotas = of().flat_map(|(found, _, _)| &found.year_own.quotas);
            let of_disease = || quotas.clone().filter(|quota| quota.dise_codg == *disease);
            assert!(of_disease().map(|quota| quota.amount.0).sum::<i64>() <= year.unwrap_or(i64::MAX));
            for number in 1..=4 {
                let in_quarter = of_disease().filter(|quota| quota.quarter == number);
                assert!(in_quarter.map(|quota| quota.amount.0).sum::<i64>() <= quarter.unwrap_or(i64::MAX));
            }
        }
    }
    for layer in &law.layers {
        let rows =
            stays.iter().flat_map(|(found, _, _)| &found.layers).filter(|row| row.topic == layer.topic);
        let paid: i64 = rows.map(|row| row.paid.0).sum();
        assert!(paid <= best(&layer.year_cap), "{} {paid}", layer.topic);
    }
}

/// A larger bill never takes from fund or person, and the order of its lines does not matter.
#[test]
fn bills_grow_without_a_loss_and_their_lines_may_change_places() {
    spread(wanted().div_ceil(1_000), |seed| {
        let mut rng = Rng(seed ^ 0xb111);
        let pack = Law::generate(&mut rng).pack();
        for _ in 0..20 {
            let input = bill(&mut rng);
            let found = settle(&pack, &input).unwrap();
            let mut turned = input.clone();
            turned.lines.reverse();
            let middle = turned.lines.len() / 2;
            turned.lines.rotate_left(middle);
            assert_eq!(settle(&pack, &turned).unwrap(), found, "seed {seed}");
            let mut larger = input;
            let at = usize::try_from(rng.range(0, i64::try_from(larger.lines.len()).unwrap() - 1)).unwrap();
            larger.lines[at].amount.0 += rng.range(1, 100_000);
            let more = settle(&pack, &larger).unwrap();
            assert!(more.fund_pay_sumamt >= found.fund_pay_sumamt, "seed {seed}: {larger:#?}");
            assert!(more.psn_part_amt >= found.psn_part_amt, "seed {seed}: {larger:#?}");
        }
    });
}
