//! Findings: the shipped rules against claims written from the articles, the strict loader, and what findings do to the
//! life of a case.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod corpus;
mod life;
mod loader;

use xiangbao_core::findings::FindingsPack;

/// The shipped rules.
const RULES: &str = include_str!("../../../../seed/findings/guangxi-2017.toml");

fn pack() -> FindingsPack {
    FindingsPack::load("guangxi-2017.toml", RULES).unwrap()
}
