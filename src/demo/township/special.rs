//! Special identities (003 A8): which households and persons have one, and the number of the paper that proves it.
//! Knows codes of `psn_idet_type`; knows nothing of aid.

use super::dice::Dice;
use super::family::{Seat, Tie};

/// What a whole household has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing: single members may still have something of their own.
    Usual,
    /// Every member has this code.
    All(&'static str),
}

/// Minimum living allowance, listed poor household, the destitute (特困, 五保), one child, two daughters.
const ALLOWANCE: &str = "2303";
const LISTED: &str = "2302";
const DESTITUTE: &str = "2304";
const FIVE_GUARANTEES: &str = "2307";
const DISABLED: &str = "2308";
const LOW_INCOME: &str = "2305";
const TWO_DAUGHTERS: &str = "32";
const ONE_CHILD: &str = "36";

/// Draws for a household; `ages` in the order of the seats.
pub(super) fn standing(seats: &[Seat], ages: &[u32], dice: &mut Dice) -> Standing {
    let children: Vec<&Seat> = seats.iter().filter(|seat| seat.tie == Tie::Child).collect();
    let alone = seats.len() == 1 && ages.first().is_some_and(|age| *age >= 60);
    if alone && dice.chance(120) {
        return Standing::All(FIVE_GUARANTEES);
    }
    if alone && dice.chance(30) {
        return Standing::All(DESTITUTE);
    }
    if dice.chance(28) {
        return Standing::All(ALLOWANCE);
    }
    if dice.chance(22) {
        return Standing::All(LISTED);
    }
    match children.as_slice() {
        [_] if dice.chance(14) => Standing::All(ONE_CHILD),
        [first, second] if !first.male && !second.male && dice.chance(50) => Standing::All(TWO_DAUGHTERS),
        _ => Standing::Usual,
    }
}

/// Code and number of the paper of one person; `household` is the household's serial.
pub(super) fn identity(
    standing: Standing,
    age: u32,
    certno: &str,
    household: u64,
    dice: &mut Dice,
) -> Option<(&'static str, String)> {
    let paper = |code: &'static str| {
        let letters = match code {
            ALLOWANCE => "DB",
            LISTED => "FP",
            DESTITUTE | FIVE_GUARANTEES => "TK",
            LOW_INCOME => "DSR",
            TWO_DAUGHTERS => "SN",
            _ => "DZ",
        };
        (code, format!("{letters}451424{household:06}"))
    };
    // Both are drawn in any case: what one household is given must not move the chance of the next person.
    let (disabled, low) = (dice.chance(14), dice.chance(7));
    let (kind, grade) = (dice.between(1, 4), dice.between(1, 2));
    match standing {
        Standing::All(code) => Some(paper(code)),
        // The number of a disability certificate is the ID number, the kind and the grade.
        Standing::Usual if disabled && age >= 8 && certno.len() == 18 => {
            Some((DISABLED, format!("{certno}{kind}{grade}")))
        }
        Standing::Usual if low && !(18..60).contains(&age) => Some(paper(LOW_INCOME)),
        Standing::Usual => None,
    }
}
