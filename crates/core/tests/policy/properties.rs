//! What must hold for any bill under any parameters.

use proptest::prelude::*;
use rust_decimal::Decimal;
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{
    Amount, FeeLine, ItemClass, PolicyPack, SettleInput, Settlement, YearToDate, settle,
};

use crate::support::{Figures, stay};

fn any_line() -> impl Strategy<Value = FeeLine> {
    let class = prop_oneof![Just(ItemClass::A), Just(ItemClass::B), Just(ItemClass::C)];
    let share = proptest::option::of((0i64..=10_000).prop_map(|points| Decimal::new(points, 4)));
    (class, 0i64..=5_000_000, share, 0i64..=100, 1u8..=14).prop_map(
        |(class, amount, first_paid, over, kind)| FeeLine {
            kind: format!("{kind:02}"),
            name: "试验项目".to_owned(),
            class,
            amount: Fen(amount),
            first_paid,
            over_limit: Fen(amount * over / 100),
        },
    )
}

fn any_lines() -> impl Strategy<Value = Vec<FeeLine>> {
    proptest::collection::vec(any_line(), 1..20)
}

/// Parameters of a small area as whole numbers: fen, and ratios in parts of ten thousand.
#[derive(Clone, Debug)]
struct Law {
    bounds: Vec<i64>,
    ratios: Vec<i64>,
    deductible: i64,
    absolute: bool,
    cap: Option<i64>,
    deductible_cap: Option<i64>,
    points: i64,
}

impl Law {
    fn pack(&self) -> PolicyPack {
        let bounds = self.bounds.iter().map(|bound| Some(Fen(*bound).to_yuan())).chain([None]);
        let ratio = |ratio: &i64| Decimal::new(*ratio, 4).to_string();
        let rows: Vec<_> = bounds.zip(self.ratios.iter().map(ratio)).collect();
        let origin = if self.absolute { "absolute" } else { "above_deductible" };
        let mut figures = Figures::new(&Fen(self.deductible).to_yuan(), origin, &rows);
        let text =
            |limit: Option<i64>| format!("\"{}\"", limit.map_or("none".to_owned(), |fen| Fen(fen).to_yuan()));
        figures.cap = text(self.cap);
        figures.deductible_year_cap = text(self.deductible_cap);
        figures.unreferred = format!("[{{ level = \"1\", points = \"{}\" }}]", Decimal::new(self.points, 4));
        figures.pack()
    }
}

fn any_law() -> impl Strategy<Value = Law> {
    let bounds = proptest::collection::btree_set(1i64..=10_000_000, 0..5);
    let ratios = proptest::collection::vec(0i64..=10_000, 6);
    let limit = || proptest::option::of(0i64..=20_000_000);
    (bounds, ratios, 0i64..=200_000, any::<bool>(), limit(), limit(), 0i64..=10_000).prop_map(
        |(bounds, ratios, deductible, absolute, cap, deductible_cap, points)| Law {
            bounds: bounds.into_iter().collect(),
            ratios,
            deductible,
            absolute,
            cap,
            deductible_cap,
            points,
        },
    )
}

fn any_pack() -> impl Strategy<Value = PolicyPack> {
    any_law().prop_map(|law| law.pack())
}

fn any_used() -> impl Strategy<Value = YearToDate> {
    (0i64..=20_000_000, 0i64..=400_000, 0u32..5).prop_map(|(fund, deductible, admissions)| YearToDate {
        fund_paid: Fen(fund),
        deductible_paid: Fen(deductible),
        admissions,
        ..YearToDate::default()
    })
}

fn input(lines: Vec<FeeLine>, used: &YearToDate, referred: bool) -> SettleInput {
    SettleInput { used: used.clone(), referred, admission_no: used.admissions + 1, ..stay(lines) }
}

/// The same result apart from the wording: everything but the trace.
fn figures(settlement: &Settlement) -> Settlement {
    Settlement { trace: Vec::new(), ..settlement.clone() }
}

proptest! {
    #[test]
    fn parts_sum_to_the_total(pack in any_pack(), lines in any_lines(), used in any_used(), referred: bool) {
        let found = settle(&pack, &input(lines.clone(), &used, referred)).unwrap();
        let total: i64 = lines.iter().map(|line| line.amount.0).sum();
        prop_assert_eq!(found.medfee_sumamt, Fen(total));
        let parts = [found.fulamt_ownpay_amt, found.overlmt_selfpay, found.preselfpay_amt, found.inscp_scp_amt];
        prop_assert_eq!(parts.iter().map(|part| part.0).sum::<i64>(), total);
        prop_assert_eq!(found.fund_pay_sumamt.0 + found.psn_part_amt.0, total);
        prop_assert!(found.psn_part_amt >= Fen::ZERO && found.fund_pay_sumamt >= Fen::ZERO);
        prop_assert_eq!(found.fee_kinds.iter().map(|kind| kind.amount.0).sum::<i64>(), total);
        prop_assert_eq!(found.check(), Ok(()));
    }

    #[test]
    fn the_fund_never_pays_more_than_is_left(pack in any_pack(), lines in any_lines(), used in any_used()) {
        let found = settle(&pack, &input(lines, &used, true)).unwrap();
        if let Some(left) = found.crt_payb_lmt_amt {
            prop_assert!(found.hifp_pay <= left);
        }
        prop_assert!(found.hifp_pay.0 + found.act_pay_dedc.0 <= found.inscp_scp_amt.0);
    }

    #[test]
    fn a_larger_bill_never_pays_less(
        pack in any_pack(), lines in any_lines(), used in any_used(), more in 0i64..=100_000, at in 0usize..20,
    ) {
        let smaller = settle(&pack, &input(lines.clone(), &used, true)).unwrap();
        let mut larger = lines;
        let at = at % larger.len();
        larger[at].amount.0 += more;
        let larger = settle(&pack, &input(larger, &used, true)).unwrap();
        prop_assert!(larger.fund_pay_sumamt >= smaller.fund_pay_sumamt);
        prop_assert!(larger.psn_part_amt >= smaller.psn_part_amt);
    }

    #[test]
    fn the_order_of_lines_does_not_matter(
        pack in any_pack(), lines in any_lines(), used in any_used(), turn in 0usize..20,
    ) {
        let found = settle(&pack, &input(lines.clone(), &used, true)).unwrap();
        let mut turned = lines;
        let turn = turn % turned.len();
        turned.rotate_left(turn);
        turned.reverse();
        let again = settle(&pack, &input(turned, &used, true)).unwrap();
        prop_assert_eq!(figures(&found), figures(&again));
        prop_assert_eq!(found.trace, again.trace);
    }

    #[test]
    fn a_filed_referral_never_pays_less(pack in any_pack(), lines in any_lines(), used in any_used()) {
        let with = settle(&pack, &input(lines.clone(), &used, true)).unwrap();
        let without = settle(&pack, &input(lines, &used, false)).unwrap();
        prop_assert!(with.hifp_pay >= without.hifp_pay);
    }

    #[test]
    fn limits_hold_over_a_year_of_stays(pack in any_pack(), stays in proptest::collection::vec(any_lines(), 1..12)) {
        let mut used = YearToDate::default();
        let (mut fund, mut deductibles) = (0, 0);
        for lines in stays {
            let found = settle(&pack, &input(lines, &used, true)).unwrap();
            fund += found.hifp_pay.0;
            deductibles += found.act_pay_dedc.0;
            used = found.year_after;
            prop_assert_eq!((used.fund_paid, used.deductible_paid), (Fen(fund), Fen(deductibles)));
        }
        let limit = |id: &str| match pack.at(id, crate::support::day("2018-05-03")).unwrap().value {
            xiangbao_core::policy::Value::Amounts(ref matrix) => match matrix.cells[0].value {
                Amount::Money(limit) => limit.0,
                _ => i64::MAX,
            },
            ref other => panic!("not a limit: {other:?}"),
        };
        prop_assert!(fund <= limit("settlement-inpatient.fund_year_cap"));
        prop_assert!(deductibles <= limit("settlement-inpatient.deductible_year_cap"));
    }
}
