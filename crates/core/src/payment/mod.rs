//! Paying and collecting through banks: who may be paid (`payee`), payment lists as folds with the one table of who may do
//! what with them (`list`, `decide`), deduction lists (`deduction`), and what a bank's answer means (`matching`). No cash,
//! ever (003 A94). Pure: knows cases and the register's records; must not know files, encodings, storage or screens.

mod decide;
mod deduction;
mod list;
mod matching;
mod payee;
#[cfg(test)]
mod tests;

pub use decide::{
    Candidate, PayRefusal, Staff, approve, check_person, close, export, make, recover, take_return,
};
pub use deduction::DeductionList;
pub use list::{ListStatus, PaymentList};
pub use matching::{Matched, Said, Sent, matched};
pub use payee::{GUARDIAN_FORM, PayeeFault, payee_of};
