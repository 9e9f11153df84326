//! The sync protocol, pure: what a station does next, and what a hub decides about a batch.
//!
//! No clock, no network, no store: messages come in, a new state and actions go out, so that a million faults can be
//! played through in a test. Batches and receipts arrive here already verified. No decision uses a station's clock.

mod hub;
mod state;
mod station;
#[cfg(test)]
mod tests;

pub use hub::{Decision, HubEpoch, ingest};
pub use state::{OperationState, operation_state};
pub use station::{
    Action, FailureClass, Message, Phase, SealedBatch, StationFacts, StationState, SuspectReason, step,
};
