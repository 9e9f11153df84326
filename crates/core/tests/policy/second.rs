//! A second computation of a settlement, written from reference 4.5a and not from the engine: whole fen, ratios in
//! parts of ten thousand, tables looked up from the narrowest key, and no shared code but the types of the question.

use rust_decimal::prelude::ToPrimitive;
use xiangbao_core::policy::{ItemClass, LayerUse, SettleInput};

use crate::law::{Benefit, ByOne, Due, Ladder, Law, Layer, Limit, PLACES, Table};

const WHOLE: i128 = 10_000;

/// The amounts to compare, fen.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub own: i64,
    pub over_limit: i64,
    pub first_paid: i64,
    pub in_scope: i64,
    pub deductible: i64,
    pub guarantee: i64,
    pub basic: i64,
    pub over_cap: i64,
    pub big_illness: i64,
    pub supplement: i64,
    pub assistance: i64,
    pub person: i64,
    /// Base and payment that the bill adds to the four layers.
    pub layers: [(i64, i64); 4],
    pub quota: i64,
    pub admissions: u32,
}

/// Half up: parts of ten thousand of a fen to fen.
fn half_up(parts: i128) -> i64 {
    i64::try_from((parts * 2 + WHOLE).div_euclid(WHOLE * 2)).unwrap()
}

/// The case in words, in the order of the tables' keys; the last word is the identity asked for.
fn words(input: &SettleInput, identity: &str) -> [String; 5] {
    let place = PLACES[input.place as usize];
    let referred = if input.referred { "yes" } else { "no" };
    [&input.hospital_level, place, referred, &input.psn_type, identity].map(str::to_owned)
}

/// Every identity of the person, or the one empty word.
fn identities(input: &SettleInput) -> Vec<&str> {
    if input.identities.is_empty() {
        return vec![""];
    }
    input.identities.iter().map(String::as_str).collect()
}

/// The longest key that the case begins with.
fn find<'a, V>(table: &'a Table<V>, words: &[String; 5]) -> &'a V {
    let narrowest = (1..=5).rev().find_map(|length| {
        table.iter().find(|(key, _)| key.len() == length && key.iter().zip(words).all(|(a, b)| a == b))
    });
    narrowest.unwrap().1
}

fn by_one(table: &ByOne<i64>, words: &[String; 5]) -> Option<i64> {
    table.rows.get(words[table.dimension].as_str()).copied()
}

fn due(law: &Law, due: Due, plain: Option<Due>) -> i64 {
    match due {
        Due::Fen(fen) => fen,
        Due::Wage(share) => {
            let (_, unit, down) = law.wage_rounding;
            let parts = i128::from(law.wage) * i128::from(share);
            let unit_parts = i128::from(unit) * WHOLE;
            let units = if down { parts / unit_parts } else { (parts + unit_parts / 2) / unit_parts };
            i64::try_from(units).unwrap() * unit
        }
        Due::Factor(factor) => half_up(i128::from(self::due(law, plain.unwrap(), None)) * i128::from(factor)),
    }
}

/// Parts of ten thousand of a fen that the ladder gives for what lies between `from` and `to`.
fn ladder(ladder: &Ladder, from: i64, to: i64, change: i64) -> i128 {
    let mut parts = 0;
    let mut low = 0;
    for (up_to, ratio) in ladder {
        let high = up_to.unwrap_or(i64::MAX);
        let within = to.clamp(low, high) - from.clamp(low, high);
        parts += i128::from(within) * i128::from((ratio + change).clamp(0, 10_000));
        low = high;
    }
    parts
}

/// The best limit that one of the identities gives.
fn limit(limit: &Limit, input: &SettleInput) -> i64 {
    let of = |identity: &str| limit.identities.get(identity).copied().unwrap_or(limit.plain);
    identities(input).into_iter().map(|identity| of(identity).unwrap_or(i64::MAX)).max().unwrap()
}

fn left(limit: i64, used: i64) -> i64 {
    if limit == i64::MAX { limit } else { (limit - used).max(0) }
}

/// Largest of what the identities win (or least of what they lose); none counts as nothing.
fn points(table: &ByOne<i64>, input: &SettleInput, most: bool) -> i64 {
    let found = identities(input).into_iter().filter_map(|identity| by_one(table, &words(input, identity)));
    if most { found.max().unwrap_or(0) } else { found.min().unwrap_or(0) }
}

struct Bill {
    total: i64,
    own: i64,
    over_limit: i64,
    first_paid: i64,
}

fn bill(law: &Law, input: &SettleInput) -> Bill {
    let mut bill = Bill { total: 0, own: 0, over_limit: 0, first_paid: 0 };
    let extra = points(&law.outside, input, false);
    for line in &input.lines {
        bill.total += line.amount.0;
        let class_share = match line.class {
            ItemClass::A => 0,
            ItemClass::B => law.class_b,
            ItemClass::C => law.class_c,
        };
        if class_share == 10_000 {
            bill.own += line.amount.0;
            continue;
        }
        let item =
            line.first_paid.map(|share| (share * rust_decimal::Decimal::from(10_000)).to_i64().unwrap());
        let share = (item.unwrap_or(class_share) + extra).min(10_000);
        bill.over_limit += line.over_limit.0;
        bill.first_paid += half_up(i128::from(line.amount.0 - line.over_limit.0) * i128::from(share));
    }
    bill
}

fn deductible(law: &Law, benefit: &Benefit, input: &SettleInput, in_scope: i64) -> i64 {
    let reached = |identity: &str| {
        let steps = find(&benefit.deductible, &words(input, identity));
        let mut reached = None;
        for (admission, due) in steps {
            if *admission <= input.admission_no {
                reached = Some(*due);
            }
        }
        reached.unwrap()
    };
    let standard = identities(input).into_iter().map(|one| due(law, reached(one), Some(reached("")))).min();
    let mut standard = standard.unwrap();
    if let Some(paid) = input.continued {
        standard = if benefit.continued_rest { (standard - paid.0).max(0) } else { 0 };
    }
    let rest = benefit.deductible_cap.map_or(i64::MAX, |cap| (cap - input.used.deductible_paid.0).max(0));
    standard.min(rest).min(in_scope)
}

fn bands(benefit: &Benefit, input: &SettleInput, in_scope: i64, deductible: i64) -> i64 {
    let lost = if input.referred { 0 } else { points(&benefit.unreferred, input, false) };
    let change = points(&benefit.bonus, input, true) - lost;
    let (from, to) = if benefit.absolute { (deductible, in_scope) } else { (0, in_scope - deductible) };
    let gives = |one: &str| ladder(find(&benefit.bands, &words(input, one)), from, to, change);
    half_up(identities(input).into_iter().map(gives).max().unwrap())
}

fn quota_left(benefit: &Benefit, input: &SettleInput) -> i64 {
    use chrono::Datelike;
    let Some(quotas) = &benefit.quotas else { return i64::MAX };
    let (quarter, year) = quotas[input.dise_codg.as_str()];
    let now = u8::try_from(input.end_date.month().div_ceil(3)).unwrap();
    let (mut in_quarter, mut in_year) = (0, 0);
    for used in input.used.quotas.iter().filter(|used| used.dise_codg == input.dise_codg) {
        in_year += used.amount.0;
        if used.quarter == now {
            in_quarter += used.amount.0;
        }
    }
    left(quarter.unwrap_or(i64::MAX), in_quarter).min(left(year.unwrap_or(i64::MAX), in_year))
}

/// Deductible, guarantee, before the caps, paid.
fn basic(law: &Law, benefit: &Benefit, input: &SettleInput, total: i64, in_scope: i64) -> [i64; 4] {
    let (mut due, mut guarantee) = (0, 0);
    let before = match benefit.fixed.get(input.med_type.as_str()) {
        Some(fixed) => in_scope.min(*fixed),
        None => {
            due = deductible(law, benefit, input, in_scope);
            let given = bands(benefit, input, in_scope, due);
            if let Some((scope, rows)) = &benefit.guarantee
                && let Some(ratio) = by_one(rows, &words(input, ""))
            {
                let base = [in_scope, in_scope - due, total][*scope];
                let least = half_up(i128::from(base) * i128::from(ratio)).min(in_scope);
                guarantee = (least - given).max(0);
            }
            given + guarantee
        }
    };
    let used = if benefit.whole_year { input.used.basic_paid.0 } else { input.used.fund_paid.0 };
    let stay = benefit.stay_cap.as_ref().map_or(i64::MAX, |cap| limit(cap, input));
    let paid =
        before.min(quota_left(benefit, input)).min(stay).min(left(limit(&benefit.year_cap, input), used));
    [due, guarantee, before, paid]
}

/// What one layer adds to its base and pays, of `rest`.
fn layer(
    law: &Law,
    layer: &Layer,
    benefit: &str,
    input: &SettleInput,
    rest: i64,
    used: LayerUse,
) -> (i64, i64) {
    let covered = layer
        .who
        .as_ref()
        .is_none_or(|who| input.identities.iter().any(|identity| who.contains(&identity.as_str())));
    if !covered || !layer.counts.contains(&benefit) {
        return (0, 0);
    }
    let before = if layer.by_year { used.base.0 } else { 0 };
    let (plain, by) = &layer.threshold;
    let threshold =
        |one: &str| by.get(one).map_or(*plain, |amount| due(law, *amount, Some(Due::Fen(*plain))));
    let threshold = identities(input).into_iter().map(threshold).min().unwrap();
    let (mut from, mut to) = (before.max(threshold), (before + rest).max(threshold));
    if !layer.absolute {
        from -= threshold;
        to -= threshold;
    }
    let won = points(&layer.bonus, input, true);
    let (ladders, special) = &layer.bands;
    let gives = |one: &str| ladder(special.get(one).unwrap_or(ladders), from, to, won);
    let given = half_up(identities(input).into_iter().map(gives).max().unwrap());
    let stay = layer.stay_cap.as_ref().map_or(i64::MAX, |cap| limit(cap, input));
    (rest, given.min(stay).min(left(limit(&layer.year_cap, input), used.paid.0)))
}

pub fn compute(law: &Law, input: &SettleInput) -> Figures {
    let benefit = law.benefits.iter().find(|one| one.med_types.contains(&input.med_type.as_str())).unwrap();
    let bill = bill(law, input);
    let in_scope = bill.total - bill.own - bill.over_limit - bill.first_paid;
    let [deductible, guarantee, before, paid] = basic(law, benefit, input, bill.total, in_scope);
    let mut found = Figures {
        own: bill.own,
        over_limit: bill.over_limit,
        first_paid: bill.first_paid,
        in_scope,
        deductible,
        guarantee,
        basic: paid,
        over_cap: before - paid,
        quota: if benefit.quotas.is_some() { paid } else { 0 },
        admissions: u32::from(benefit.counts && input.continued.is_none()),
        ..Figures::default()
    };
    let mut rest = in_scope - paid;
    let year = &input.used;
    for (slot, (topic, used)) in [
        ("big-illness", year.big_illness),
        ("supplement", year.supplement),
        ("assistance", year.assistance),
        ("assistance-tilt", year.tilt),
    ]
    .into_iter()
    .enumerate()
    {
        let Some(law_of) = law.layers.iter().find(|layer| layer.topic == topic) else { continue };
        let (base, pays) = layer(law, law_of, benefit.name, input, rest, used);
        rest -= pays;
        found.layers[slot] = (base, pays);
        match slot {
            0 => found.big_illness = pays,
            1 => found.supplement = pays,
            _ => found.assistance += pays,
        }
    }
    found.person = bill.total - in_scope + rest;
    found
}
