//! The register (参保库): persons, households, enrolments and yearly accumulations, and what an approved case does
//! to them. Every record carries a revision, and every change carries the day it takes effect, so that the store
//! can answer both "what was so on that day" and "what was known on that day". Knows nothing of reviews, storage
//! or screens.

pub mod change;
pub mod continued;
mod contribution;
mod elsewhere;
pub mod effect;
pub mod enrolment;
mod file;
pub mod filing;
pub mod person;
mod place;
mod recognised;
mod refund;
pub mod refusal;
mod reimburse;
pub mod reverse;
mod students;

pub use change::{Change, RecordKey};
pub use continued::{Continued, NotContinued, PartBefore};
pub use contribution::{BY_BANK, Booking, Collected, Contribution, book};
pub use effect::{EffectContext, RegisterView, effects_of, entitlement_query, identity_of};
pub use elsewhere::Elsewhere;
pub use enrolment::{Accumulation, Enrolment, EnrolmentStatus, TransferPeriod, TransferRecord};
pub use filing::{FilingRecord, FilingStanding};
pub use person::{Household, Person, PersonField, PersonStatus};
pub use place::{place_of, same_place};
pub use recognised::{CHRONIC, filed_disease, recognised};
pub use refund::refund_amount;
pub use refusal::EffectRefusal;
pub use reverse::reverse;
