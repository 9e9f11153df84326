//! The city side: takes signed batches from stations, keeps one copy of each station's chain, judges operations
//! across stations, and answers with signed, chained receipts.
//!
//! Reading order: `business` and `city` (what an operation means to the city), `routing`
//! (levels that sit at other stations), `store` and `embedded` (what is kept),
//! `identity` and `enrol` (who is who), `ingest` (one batch, one transaction, one receipt), then the doors: `router`
//! and `serve` (the wire), `import` (the stick), `cli`.

pub mod business;
pub mod city;
pub mod cli;
pub mod embedded;
pub mod enrol;
pub mod identity;
pub mod import;
pub mod ingest;
mod invoices;
mod money;
pub mod router;
mod payment;
mod routing;
pub mod serve;
pub mod status;
pub mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use business::{Assessment, Business, RegistryView};
pub use identity::HubIdentity;
pub use ingest::IngestRefusal;
pub use serve::{HubConfig, NewHub, RunningHub, ServeError, serve_in_background};
pub use store::{Store, StoreError};

/// One hub: everything that a door needs.
pub struct Hub {
    /// What is kept.
    pub store: Box<dyn Store>,
    /// Who signs.
    pub identity: HubIdentity,
    /// What an operation means.
    pub business: Box<dyn Business>,
    /// Where enrolment codes lie.
    pub codes: enrol::CodeFolder,
    /// Milliseconds since 1970-01-01 UTC.
    pub clock: fn() -> i64,
}

/// A hub shared by the doors.
pub type SharedHub = Arc<Hub>;

/// The wall clock of this computer, milliseconds since 1970-01-01 UTC.
pub fn wall_clock() -> i64 {
    chrono::Utc::now().timestamp_millis()
}
