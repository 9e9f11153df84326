//! Chance for the generator: whole numbers only, the same on every machine and for every version of the random
//! crates. Knows ChaCha and nothing of persons.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::Deserialize;

/// A stream of chance. Every household has its own, so that one household never depends on how many there are.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Stream `stream` of `seed`.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut chacha = ChaCha8Rng::seed_from_u64(seed);
        chacha.set_stream(stream);
        Self(chacha)
    }

    /// A number below `limit`; zero where `limit` is zero. The high half of a product, so that the result does not
    /// hang on how a library samples ranges.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        let product = u64::from(self.0.next_u32()) * u64::from(limit);
        u32::try_from(product >> 32).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u32::try_from(high.saturating_sub(low).saturating_add(1)).unwrap_or(0);
        low.saturating_add(i32::try_from(self.below(span)).unwrap_or(0))
    }

    /// True in `per_mille` of a thousand cases.
    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// `count` decimal digits.
    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).filter_map(|_| char::from_digit(self.below(10), 10)).collect()
    }

    /// One of the items; `None` of an empty list.
    pub(super) fn one<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = self.below(u32::try_from(items.len()).unwrap_or(u32::MAX));
        items.get(usize::try_from(index).unwrap_or(0))
    }

    /// Draws in proportion to the weights; `None` when they are all zero.
    pub(super) fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> u32) -> Option<&'a T> {
        let mut left = self.below(items.iter().map(&weight).sum());
        items.iter().find(|item| {
            let here = left < weight(item);
            left = left.saturating_sub(weight(item));
            here
        })
    }
}

/// Texts with weights, never empty.
#[derive(Debug, Deserialize)]
#[serde(try_from = "BTreeMap<String, u32>")]
pub(super) struct Bag(Vec<(String, u32)>);

impl TryFrom<BTreeMap<String, u32>> for Bag {
    type Error = &'static str;

    fn try_from(map: BTreeMap<String, u32>) -> Result<Self, Self::Error> {
        if map.values().any(|weight| *weight > 0) {
            Ok(Self(map.into_iter().collect()))
        } else {
            Err("expected at least one entry with a weight above zero")
        }
    }
}

impl Bag {
    /// Draws one.
    pub(super) fn draw(&self, dice: &mut Dice) -> &str {
        dice.weighted(&self.0, |(_, weight)| *weight).map_or("", |(text, _)| text)
    }

    /// The texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(text, _)| text.as_str())
    }
}

/// Characters to draw from, never empty; one that stands twice is drawn twice as often.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Letters(Vec<char>);

impl TryFrom<String> for Letters {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() {
            Err("expected at least one character")
        } else {
            Ok(Self(text.chars().collect()))
        }
    }
}

impl Letters {
    /// Draws one.
    pub(super) fn draw(&self, dice: &mut Dice) -> char {
        dice.one(&self.0).copied().unwrap_or('一')
    }

    /// The character at `index`, counted round and round.
    pub(super) fn around(&self, index: usize) -> char {
        self.0.get(index % self.0.len().max(1)).copied().unwrap_or('一')
    }
}
