//! What happens to the register, as data: the journal stores these, the store plays them, a reversal is their
//! opposite. Knows nothing of cases.

use super::{Accumulation, Contribution, Enrolment, FilingRecord, Household, Person, TransferRecord};

/// One change of the register: always the whole new version of a record, so that replaying needs no old code.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub enum Change {
    /// New version of a person.
    #[n(0)]
    Person {
        /// Day from which it is true, `YYYY-MM-DD`.
        #[n(0)]
        effective: String,
        /// The record.
        #[n(1)]
        record: Person,
    },
    /// New version of a household.
    #[n(1)]
    Household {
        /// Day from which it is true.
        #[n(0)]
        effective: String,
        /// The record.
        #[n(1)]
        record: Household,
    },
    /// New version of an enrolment.
    #[n(2)]
    Enrolment {
        /// Day from which it is true.
        #[n(0)]
        effective: String,
        /// The record.
        #[n(1)]
        record: Enrolment,
    },
    /// New version of a yearly accumulation.
    #[n(3)]
    Accumulation {
        /// Day from which it is true.
        #[n(0)]
        effective: String,
        /// The record.
        #[n(1)]
        record: Accumulation,
    },
    /// New version of a transfer record.
    #[n(4)]
    Transfer {
        /// Day from which it is true.
        #[n(0)]
        effective: String,
        /// The record.
        #[n(1)]
        record: TransferRecord,
    },
    /// An invoice number was used for a claim, or given free again by a reversal. The second claim with the same paper
    /// is a duplicate; two hospitals may have given out one number.
    #[n(5)]
    Invoice {
        /// Number on the paper.
        #[n(0)]
        invo_no: String,
        /// Whose claim.
        #[n(1)]
        psn_no: String,
        /// Used (true) or free again (false).
        #[n(2)]
        used: bool,
        /// Revision, from 1.
        #[n(3)]
        rev: u32,
        /// The hospital: a number is used once at each; none in journals that are older than this field.
        #[n(4)]
        place: Option<String>,
    },
    /// New version of a filing: a filing for treatment, a card, an agreement, a commitment.
    #[n(6)]
    Filing {
        /// Day from which it is true.
        #[n(0)]
        effective: String,
        /// The record.
        #[n(1)]
        record: FilingRecord,
    },
    /// New version of a contribution.
    #[n(20)]
    Contribution {
        /// Day from which it is true.
        #[n(0)]
        effective: String,
        /// The record.
        #[n(1)]
        record: Contribution,
    },
}

/// Which record a change touches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKey {
    /// By person number.
    Person(String),
    /// By household number.
    Household(String),
    /// By person number and insurance year.
    Enrolment(String, u16),
    /// By person number, settlement year and benefit.
    Accumulation(String, u16, String),
    /// By person number.
    Transfer(String),
    /// By invoice number and hospital; an empty hospital where none is recorded.
    Invoice(String, String),
    /// By person number, form and serial number from 1.
    Filing(String, String, u16),
    /// By person number and insurance year.
    Contribution(String, u16),
}

impl Change {
    /// The record it touches.
    pub fn key(&self) -> RecordKey {
        match self {
            Self::Person { record, .. } => RecordKey::Person(record.psn_no.clone()),
            Self::Household { record, .. } => RecordKey::Household(record.household_no.clone()),
            Self::Enrolment { record, .. } => RecordKey::Enrolment(record.psn_no.clone(), record.insu_year),
            Self::Accumulation { record, .. } => {
                RecordKey::Accumulation(record.psn_no.clone(), record.year, record.benefit.clone())
            }
            Self::Transfer { record, .. } => RecordKey::Transfer(record.psn_no.clone()),
            Self::Invoice { invo_no, place, .. } => {
                RecordKey::Invoice(invo_no.clone(), place.clone().unwrap_or_default())
            }
            Self::Filing { record, .. } => {
                RecordKey::Filing(record.psn_no.clone(), record.kind.clone(), record.serial)
            }
            Self::Contribution { record, .. } => {
                RecordKey::Contribution(record.psn_no.clone(), record.insu_year)
            }
        }
    }

    /// The revision it brings the record to.
    pub fn rev(&self) -> u32 {
        match self {
            Self::Person { record, .. } => record.rev,
            Self::Household { record, .. } => record.rev,
            Self::Enrolment { record, .. } => record.rev,
            Self::Accumulation { record, .. } => record.rev,
            Self::Transfer { record, .. } => record.rev,
            Self::Invoice { rev, .. } => *rev,
            Self::Filing { record, .. } => record.rev,
            Self::Contribution { record, .. } => record.rev,
        }
    }
}
