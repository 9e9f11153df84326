//! The draw of cases for a second look (003 A120: 随机抽取): a pure function of a recorded seed, so that an auditor draws
//! the same cases again with any program that knows SHA-256.
//!
//! Generator `sha256-order-v1`:
//! * random share: every case has the ticket SHA-256(`seed:random:number`); the cases with the smallest tickets are drawn,
//!   `ceil(share × cases)` of them. Any set of that size is as likely as any other.
//! * weighted by value (systematic sampling with probability proportional to size): the cases stand in the order of
//!   their numbers, each as long as what the fund paid, in fen; T is their sum, n the number of points. With
//!   s = SHA-256(`seed:weighted`) (first 16 bytes, big-endian) mod T, the points lie at (s + j·T) / n for j = 0..n-1; a
//!   case on whose length a point falls is drawn. Each fen is hit with probability n / T, so a case of x fen is drawn
//!   with probability min(1, x·n / T).
//!
//! Knows numbers and amounts; must not know what a case is.

use sha2::{Digest, Sha256};

use crate::money::Fen;

/// Name of the generator, recorded with each draw.
pub const GENERATOR: &str = "sha256-order-v1";

/// One case that can be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Printed number.
    pub number: String,
    /// What the fund paid.
    pub value: Fen,
}

/// Why a case was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Why {
    /// By chance alone.
    #[n(0)]
    Random,
    /// By its value.
    #[n(1)]
    Weighted,
    /// Both ways.
    #[n(2)]
    Both,
}

impl Why {
    /// Identifier for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Weighted => "weighted",
            Self::Both => "both",
        }
    }

    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Random => "随机",
            Self::Weighted => "按金额",
            Self::Both => "随机且按金额",
        }
    }
}

/// One drawn case.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Drawn {
    /// Printed number.
    #[n(0)]
    pub number: String,
    /// How it was drawn.
    #[n(1)]
    pub why: Why,
    /// What the fund paid when it was drawn.
    #[n(2)]
    pub value: Fen,
}

/// Draws: `share` in ten-thousandths of the cases by chance, and `points` points by value. The answer stands in the order
/// of the numbers; the order of `units` does not matter, and of two units with one number one counts.
pub fn draw(units: &[Unit], share: u32, points: u32, seed: &str) -> Vec<Drawn> {
    let mut units: Vec<&Unit> = units.iter().collect();
    units.sort_by(|a, b| a.number.cmp(&b.number));
    units.dedup_by(|a, b| a.number == b.number);
    let chance = random(&units, share, seed);
    let value = weighted(&units, points, seed);
    let drawn = units.iter().zip(chance).zip(value).filter_map(|((unit, chance), value)| {
        let why = match (chance, value) {
            (true, true) => Why::Both,
            (true, false) => Why::Random,
            (false, true) => Why::Weighted,
            (false, false) => return None,
        };
        Some(Drawn { number: unit.number.clone(), why, value: unit.value })
    });
    drawn.collect()
}

/// SHA-256 over the numbers and amounts of all units, lower-case hexadecimal: shows later that the same cases could be
/// drawn. Each unit is the line `number fen\n`, in the order of the numbers.
pub fn population(units: &[Unit]) -> String {
    let mut lines: Vec<String> =
        units.iter().map(|unit| format!("{} {}\n", unit.number, unit.value.0)).collect();
    lines.sort();
    lines.dedup();
    Sha256::digest(lines.concat().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random(units: &[&Unit], share: u32, seed: &str) -> Vec<bool> {
    let wanted = (units.len() as u128 * u128::from(share.min(10_000))).div_ceil(10_000);
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    let ticket = |unit: &Unit| -> [u8; 32] {
        Sha256::digest(format!("{seed}:random:{}", unit.number).as_bytes()).into()
    };
    let mut order: Vec<(usize, [u8; 32])> =
        units.iter().enumerate().map(|(index, unit)| (index, ticket(unit))).collect();
    order.sort_by_key(|(_, ticket)| *ticket);
    let mut drawn = vec![false; units.len()];
    for (index, _) in order.into_iter().take(wanted) {
        if let Some(flag) = drawn.get_mut(index) {
            *flag = true;
        }
    }
    drawn
}

fn weighted(units: &[&Unit], points: u32, seed: &str) -> Vec<bool> {
    let total = total(units);
    let digest: [u8; 32] = Sha256::digest(format!("{seed}:weighted").as_bytes()).into();
    let start = digest.iter().take(16).fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    hit(units, points, start.checked_rem(total).unwrap_or(0))
}

fn length(unit: &Unit) -> u128 {
    u128::try_from(unit.value.0).unwrap_or(0)
}

fn total(units: &[&Unit]) -> u128 {
    units.iter().map(|unit| length(unit)).sum()
}

/// The units on which a point falls, for a start from 0 to T - 1.
fn hit(units: &[&Unit], points: u32, start: u128) -> Vec<bool> {
    let (total, points) = (total(units), u128::from(points));
    let mut before = 0_u128;
    let hit = units.iter().map(|unit| {
        let from = before.saturating_mul(points);
        before += length(unit);
        let to = before.saturating_mul(points);
        if total == 0 || from == to {
            return false;
        }
        // The first j with start + j·T >= from.
        let j = from.saturating_sub(start).div_ceil(total);
        j < points && start + j * total < to
    });
    hit.collect()
}

#[cfg(test)]
mod tests;
