//! The life of a case (办件): its state is the fold of its events, `decide` is the one table of who may do what next, and
//! `clock` reads its term. Knows nothing of storage or screens: time comes in as text and milliseconds.

mod above;
mod answers;
pub mod clock;
pub mod decide;
pub mod escalation;
pub mod fold;
mod outage;
mod pay;
mod refusal;
mod settled;
pub mod staff;

pub use above::{Origin, Up, awaits};
pub use answers::Answered;
pub use clock::{Extension, Left, Life, Reading, Rules, Standing};
pub use decide::{Command, Effect, decide};
pub use escalation::{Escalation, EscalationError, EscalationStep};
pub use fold::{Case, Pause, Review, Status, Step};
pub use outage::{OutageFault, ReceiptRefusal, receipt_allowed};
pub use pay::{CasePayment, MoneyRefusal, PayState, may_reverse};
pub use refusal::Refusal;
pub use settled::SettledCase;
pub use staff::{Candidate, Staffing, staff};
