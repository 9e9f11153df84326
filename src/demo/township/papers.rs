//! Numbers on papers: ID numbers, birth certificates, telephones, accounts, each once in the township. Knows shapes
//! and check digits; knows no household.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use xiangbao_core::identity::check_character;

use super::dice::Dice;
use super::tables::{Account, Tables};

/// What was given out.
#[derive(Default)]
pub(super) struct Papers {
    numbers: BTreeSet<String>,
}

/// Draws before giving up on a free number; the space is so much larger than a township that the second draw is rare.
const DRAWS: u32 = 10_000;

impl Papers {
    /// A number that was not given out before. After [`DRAWS`] vain draws the last one is taken all the same.
    fn fresh(&mut self, mut draw: impl FnMut() -> String) -> String {
        let mut number = draw();
        for _ in 0..DRAWS {
            if self.numbers.insert(number.clone()) {
                break;
            }
            number = draw();
        }
        number
    }

    /// An ID number of GB 11643: division, birth, an odd serial for men, check character.
    pub(super) fn resident_id(
        &mut self,
        division: &str,
        birth: NaiveDate,
        male: bool,
        dice: &mut Dice,
    ) -> String {
        self.fresh(|| {
            // 996 to 999 were for people born before 1900, and a round number looks like a spreadsheet's.
            let serial = dice.below(497) * 2 + u32::from(male);
            let serial = if serial.is_multiple_of(100) { serial + 2 } else { serial };
            let first17 = format!("{division}{}{serial:03}", birth.format("%Y%m%d"));
            let check = check_character(&first17).map_or_else(String::new, String::from);
            first17 + &check
        })
    }

    /// A birth certificate: a letter by the year of the edition and nine digits, the first two the region's.
    pub(super) fn birth_certificate(&mut self, birth: NaiveDate, dice: &mut Dice) -> String {
        let letter = char::from(b'A' + u8::try_from(birth.year().rem_euclid(26)).unwrap_or(0));
        self.fresh(|| format!("{letter}45{}", dice.digits(7)))
    }

    /// A mobile number under the beginning of the table.
    pub(super) fn phone(&mut self, tables: &Tables, dice: &mut Dice) -> String {
        let prefix = &tables.town.phone.prefix;
        let digits = 11_usize.saturating_sub(prefix.len());
        self.fresh(|| format!("{prefix}{}", dice.digits(digits)))
    }

    /// An account of some sort; cards (every kind but 3, the bank book) end in a Luhn digit.
    pub(super) fn account<'a>(
        &mut self,
        tables: &'a Tables,
        dice: &mut Dice,
    ) -> Option<(&'a Account, String)> {
        let sort = dice.weighted(&tables.town.accounts, |sort| sort.weight)?;
        let card = sort.kind != "3";
        let free = sort.digits.saturating_sub(sort.prefix.len() + usize::from(card));
        let number = self.fresh(|| {
            let mut number = format!("{}{}", sort.prefix, dice.digits(free));
            if card {
                let check = luhn(&number);
                number.push(check);
            }
            number
        });
        Some((sort, number))
    }
}

/// The Luhn digit of a number still without it.
fn luhn(digits: &str) -> char {
    let values = digits.chars().rev().filter_map(|digit| digit.to_digit(10)).enumerate();
    let sum: u32 = values
        .map(|(place, digit)| if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}
