//! The seam between the chain and its meaning: how an operation is judged as business, and what it may look up.
//!
//! Knows nothing of stores, receipts or of any particular kind of operation.

use xiangbao_core::journal::{Operation, Related, ResultCode};

use crate::store::StoreError;

/// A part of the city's registry. Its keys and values belong to the `Business` that writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// Cases as the city folds them.
    Cases,
    /// Accounts of the stations' staff.
    Accounts,
    /// Who holds the enrolment of a person in a year.
    Enrolments,
    /// Seats of the stations, and whose answers they believe.
    Stations,
    /// Payment lists as the city folds them.
    Payments,
    /// Which claims stand with an invoice.
    Invoices,
}

impl Space {
    /// The number that stands in front of its keys in a store; never reused.
    pub fn number(self) -> u8 {
        match self {
            Self::Cases => 1,
            Self::Accounts => 2,
            Self::Enrolments => 3,
            Self::Stations => 4,
            Self::Payments => 5,
            Self::Invoices => 6,
        }
    }
}

/// The registry as it stands within the running transaction: earlier operations of the same batch are seen.
pub trait RegistryView {
    /// The value under a key.
    ///
    /// # Errors
    /// When the store fails; the whole batch is then not taken.
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
}

/// One change of the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryWrite {
    /// Which part.
    pub space: Space,
    /// The key.
    pub key: Vec<u8>,
    /// The new value; none removes it.
    pub value: Option<Vec<u8>>,
}

/// What the city makes of one operation. The operation is in the chain whatever is said here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The answer.
    pub code: ResultCode,
    /// A sentence for the clerk, in Chinese; empty where all is well. Cut to what a receipt may carry.
    pub detail: String,
    /// The record it collides with.
    pub related: Option<Related>,
    /// What changes in the registry.
    pub writes: Vec<RegistryWrite>,
}

impl Assessment {
    /// Taken over, with these changes.
    pub fn ok(writes: Vec<RegistryWrite>) -> Self {
        Self { code: ResultCode::Ok, detail: String::new(), related: None, writes }
    }

    /// Breaks a rule; nothing changes.
    pub fn rejected(rule: &str, detail: String) -> Self {
        Self { code: ResultCode::Rejected(rule.to_owned()), detail, related: None, writes: Vec::new() }
    }

    /// Cannot be judged; people look at it, nothing changes.
    pub fn quarantined(detail: String) -> Self {
        Self { code: ResultCode::Quarantined, detail, related: None, writes: Vec::new() }
    }
}

/// What operations mean to the city.
pub trait Business: Send + Sync {
    /// Judges one operation whose place in the chain is already settled. It never blocks the chain: whatever it
    /// cannot judge is quarantined.
    ///
    /// # Errors
    /// Only when the store fails.
    fn assess(&self, operation: &Operation, registry: &dyn RegistryView) -> Result<Assessment, StoreError>;
}
