//! Answers to findings, the list of doctors, and the draw for a second look, as the journal stores them. Knows values; must
//! not know who may give them.

use crate::findings::sample::Drawn;
use crate::findings::{Raised, Reply};

/// What a reviewer said to one finding.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Replied {
    /// Reason code of the finding.
    #[n(0)]
    pub code: String,
    /// What the finding is about.
    #[n(1)]
    pub about: String,
    /// The answer.
    #[n(2)]
    pub reply: Reply,
    /// In words.
    #[n(3)]
    pub text: String,
}

impl Replied {
    /// Whether it answers this finding.
    pub fn is_to(&self, raised: &Raised) -> bool {
        raised.is(&self.code, &self.about)
    }
}

/// A draw of cases for a second look (003 A120): everything that another program needs to draw the same again.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Draw {
    /// Name of the generator.
    #[n(0)]
    pub generator: String,
    /// Month of the effect, `YYYY-MM`.
    #[n(1)]
    pub period: String,
    /// Seed.
    #[n(2)]
    pub seed: String,
    /// Share drawn by chance, ten-thousandths.
    #[n(3)]
    pub share: u32,
    /// Points by value.
    #[n(4)]
    pub points: u32,
    /// Cases that could be drawn.
    #[n(5)]
    pub cases: u32,
    /// What the fund paid for them, fen.
    #[n(6)]
    pub total: crate::money::Fen,
    /// SHA-256 over their numbers and amounts, hexadecimal.
    #[n(7)]
    pub population: String,
    /// The drawn cases, in the order of their numbers.
    #[n(8)]
    pub drawn: Vec<Drawn>,
}
