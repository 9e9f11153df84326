//! The notice of an outage (seed 002: who, from, to, document) as the journal keeps it. Knows the notice; must not know
//! clocks.

/// Which limits an outage moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum OutageScope {
    /// Every clock that runs in it stands still.
    #[default]
    #[n(0)]
    Running,
    /// Only limits that run out in it are moved (002: 时限到期的, 予以顺延).
    #[n(1)]
    Expiring,
}

/// A noticed outage of the systems that the office works with (002).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Outage {
    /// Document number or name of the notice: two notices with the same one are one, the later corrects the earlier.
    #[n(0)]
    pub document: String,
    /// Who issued it.
    #[n(1)]
    pub issuer: String,
    /// Screen codes of the business that stops; empty: all.
    #[n(2)]
    pub families: Vec<String>,
    /// When it begins, milliseconds since 1970.
    #[n(3)]
    pub from_ms: i64,
    /// When it ends; none while that is not known.
    #[n(4)]
    pub to_ms: Option<i64>,
    /// Which limits it moves.
    #[n(5)]
    pub scope: OutageScope,
    /// What it says.
    #[n(6)]
    pub text: String,
}
