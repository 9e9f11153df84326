//! A second computation of a settlement, written from reference 4.5a and not from the engine: whole fen, ratios in
//! parts of ten thousand, and no shared code but the types of the question.

use rust_decimal::prelude::ToPrimitive;
use xiangbao_core::policy::{ItemClass, SettleInput};

use crate::properties::Law;

const WHOLE: i128 = 10_000;

/// The amounts to compare, fen.
#[derive(Debug, PartialEq, Eq)]
pub struct Figures {
    pub own: i64,
    pub over_limit: i64,
    pub first_paid: i64,
    pub in_scope: i64,
    pub deductible: i64,
    pub fund: i64,
    pub person: i64,
}

/// Half up: parts of ten thousand of a fen to fen.
fn half_up(parts: i128) -> i64 {
    i64::try_from((parts * 2 + WHOLE) / (WHOLE * 2)).unwrap()
}

pub fn compute(law: &Law, input: &SettleInput) -> Figures {
    let (mut own, mut over_limit, mut first_paid, mut total) = (0, 0, 0, 0);
    for line in &input.lines {
        total += line.amount.0;
        if line.class == ItemClass::C {
            own += line.amount.0;
            continue;
        }
        let class_share = if line.class == ItemClass::B { 1_000 } else { 0 };
        let share = line
            .first_paid
            .map_or(class_share, |share| (share * rust_decimal::Decimal::from(10_000)).to_i64().unwrap());
        over_limit += line.over_limit.0;
        first_paid += half_up(i128::from(line.amount.0 - line.over_limit.0) * i128::from(share));
    }
    let in_scope = total - own - over_limit - first_paid;

    let left = law.deductible_cap.map_or(i64::MAX, |limit| (limit - input.used.deductible_paid.0).max(0));
    let deductible = law.deductible.min(left).min(in_scope);

    // Ask of each band how much of the amount lies below its two ends; the deductible is not paid.
    let (from, to) = if law.absolute { (deductible, in_scope) } else { (0, in_scope - deductible) };
    let points = if input.referred { 0 } else { law.points };
    let mut low = 0;
    let mut parts: i128 = 0;
    for (index, ratio) in law.ratios.iter().take(law.bounds.len() + 1).enumerate() {
        let high = law.bounds.get(index).copied().unwrap_or(i64::MAX);
        let within = to.clamp(low, high) - from.clamp(low, high);
        parts += i128::from(within) * i128::from((ratio - points).max(0));
        low = high;
    }
    let left = law.cap.map_or(i64::MAX, |limit| (limit - input.used.fund_paid.0).max(0));
    let fund = half_up(parts).min(left);
    Figures { own, over_limit, first_paid, in_scope, deductible, fund, person: total - fund }
}
