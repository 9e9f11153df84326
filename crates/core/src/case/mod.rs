//! The life of a case (办件): its state is the fold of its events, and `decide` is the one table of who may do what
//! next. Knows nothing of storage, screens or clocks: time comes in as text and milliseconds.

pub mod decide;
pub mod fold;

pub use decide::{Command, Effect, Refusal, decide};
pub use fold::{Case, Review, Status, Step};
