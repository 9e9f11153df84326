//! What would come out if one circumstance were another: the same bill, referred or not, at another level, elsewhere, with
//! another identity. For the clerk who explains a figure to the person it concerns. Knows the question of settlement and
//! asks it again; knows no rules of its own.

use super::gap::PolicyGap;
use super::pack::PolicyPack;
use super::settle::{SettleInput, Settlement, settle};
use super::value::Place;

/// Codes of `dedc_hosp_lv` that rules tell apart.
const LEVELS: [&str; 3] = ["1", "2", "3"];

/// One circumstance that is changed, the others stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Referral or outside treatment filed as prescribed, or not.
    Referred(bool),
    /// At a hospital of this level (`dedc_hosp_lv`).
    Level(String),
    /// In this place.
    Place(Place),
    /// With this special identity (`psn_idet_type`) besides those held.
    With(String),
    /// Without this special identity.
    Without(String),
}

/// What came out under one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The change.
    pub change: Change,
    /// The settlement under it, or why there is none.
    pub result: Result<Settlement, PolicyGap>,
}

/// The same bill under every change that makes sense. `identities` are codes of special identity to ask about: what the
/// person holds is asked without, what not is asked with. Left out is what nobody could compare: a level, place or
/// identity for which the area has no other rule than for the bill as it is.
///
/// # Errors
/// [`PolicyGap`] if the bill as it is cannot be settled.
pub fn what_if(
    pack: &PolicyPack,
    input: &SettleInput,
    identities: &[&str],
) -> Result<Vec<Variant>, PolicyGap> {
    let base = settle(pack, input)?;
    let levels = LEVELS.into_iter().filter(|level| *level != input.hospital_level);
    let places = Place::ALL.into_iter().filter(|place| *place != input.place);
    let held = |code: &str| input.identities.iter().any(|held| held == code);
    let persons = identities.iter().map(|code| match held(code) {
        true => Change::Without((*code).to_owned()),
        false => Change::With((*code).to_owned()),
    });
    let changes = std::iter::once(Change::Referred(!input.referred))
        .chain(levels.map(|level| Change::Level(level.to_owned())))
        .chain(places.map(Change::Place))
        .chain(persons);
    let variants = changes.map(|change| Variant { result: settle(pack, &changed(input, &change)), change });
    Ok(variants.filter(|variant| variant.is_of_use(&base)).collect())
}

impl Variant {
    /// Referral and level are always answered, even with "no difference": that is what people ask first.
    fn is_of_use(&self, base: &Settlement) -> bool {
        match (&self.change, &self.result) {
            (_, Err(PolicyGap::NotCovered { .. })) => false,
            (_, Err(_)) | (Change::Referred(_) | Change::Level(_), Ok(_)) => true,
            (_, Ok(settled)) => settled.fund_pay_sumamt != base.fund_pay_sumamt,
        }
    }
}

fn changed(input: &SettleInput, change: &Change) -> SettleInput {
    let mut input = input.clone();
    match change {
        Change::Referred(referred) => input.referred = *referred,
        Change::Level(level) => input.hospital_level.clone_from(level),
        Change::Place(place) => input.place = *place,
        Change::With(code) => input.identities.push(code.clone()),
        Change::Without(code) => input.identities.retain(|held| held != code),
    }
    input
}
