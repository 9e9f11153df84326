//! What was handed in: the filing that fixes a case at acceptance, what follows from its values, and what of a parcel was
//! not taken in. Knows values; must not know what happens to them.

use std::collections::BTreeMap;

use super::Level;
use crate::findings::Pinned;
use crate::form::{FormData, Seat};

/// Everything that fixes a case when it is accepted: what was handed in, under which definitions.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Filing {
    /// Form id.
    #[n(0)]
    pub form: String,
    /// Version of the form: a changed form never re-judges this case.
    #[n(1)]
    pub form_version: u32,
    /// SHA-256 of the form file, hex, first 16 digits.
    #[n(2)]
    pub form_hash: String,
    /// Levels this case goes through, in order.
    #[n(3)]
    pub levels: Vec<Level>,
    /// Values and materials.
    #[n(4)]
    pub data: FormData,
    /// Name the case is listed under (applicant or householder).
    #[n(5)]
    pub title: String,
    /// Village of the person or household.
    #[n(6)]
    pub village: String,
    /// Certificate numbers of everyone concerned: nobody reviews their own case.
    #[n(7)]
    pub subjects: Vec<String>,
    /// Person numbers concerned, as far as they are in the register.
    #[n(8)]
    pub persons: Vec<String>,
    /// Where each level sits, in the order of `levels`; what is missing sits in the township.
    #[n(9)]
    #[cbor(default)]
    pub seats: Vec<Seat>,
    /// Print templates this case's papers are printed with: id to SHA-256 of the file, hex, first 16 digits; none in
    /// journals that are older than this field.
    #[n(10)]
    pub templates: Option<BTreeMap<String, String>>,
    /// When the papers really came, milliseconds since 1970, for a case taken in during a noticed outage and entered
    /// later (002); none: when it was entered.
    #[n(11)]
    pub received_ms: Option<i64>,
    /// Whoever typed it does not judge it at its first level either: an audit is the work of two (003 A117(2)).
    #[n(12)]
    #[cbor(default)]
    pub two_hands: bool,
    /// What was found in the claim when it was handed in, and by which rules; none for other forms, and in journals that
    /// are older than this field: such a case is never judged by these rules.
    #[n(13)]
    pub findings: Option<Pinned>,
}

impl Filing {
    /// Where a level of this case, or of its reversal, sits.
    pub fn seat(&self, level: Level) -> Seat {
        match self.levels.iter().position(|each| *each == level) {
            Some(at) => self.seats.get(at).copied().unwrap_or_default(),
            // A level of a reversal that the form does not name sits where the last word about the case was.
            None => self.seats.last().copied().unwrap_or_default(),
        }
    }
}

/// What follows from the values of a filing: where a case is listed and found.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Listing {
    /// Name the case is listed under.
    #[n(0)]
    pub title: String,
    /// Village of the person or household.
    #[n(1)]
    pub village: String,
    /// Person numbers concerned, as far as they are in the register.
    #[n(2)]
    pub persons: Vec<String>,
    /// Levels that hold with these values: a supplement that raises an amount does not keep the shorter way. Empty in
    /// journals that are older than this field: the levels stay.
    #[n(3)]
    #[cbor(default)]
    pub levels: Vec<Level>,
    /// Where they sit, in the order of `levels`.
    #[n(4)]
    #[cbor(default)]
    pub seats: Vec<Seat>,
    /// What was found in the values now, and by which rules.
    #[n(5)]
    pub findings: Option<Pinned>,
}

/// A case or answer of a parcel that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Quarantined {
    /// Printed number.
    #[n(0)]
    pub number: String,
    /// Why, as a sentence.
    #[n(1)]
    pub reason: String,
}
