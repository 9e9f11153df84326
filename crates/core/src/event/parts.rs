//! Parts of events that have no chapter of their own: accounts, the promise about time, the city's answer, and what can be
//! wrong with a payload. Knows values; must not know what happens to them.

use chrono::NaiveDate;

use crate::calendar::Term;
use crate::role::Role;

/// An account as the journal knows it; secrets are kept apart.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Account {
    /// Sign-in name.
    #[n(0)]
    pub account: String,
    /// Identifier of the natural person behind it.
    #[n(1)]
    pub person: String,
    /// Name on screen and paper.
    #[n(2)]
    pub name: String,
    /// The person's certificate number, for recusal; may be empty.
    #[n(3)]
    pub certno: String,
    /// Roles.
    #[n(4)]
    pub roles: Vec<Role>,
    /// Villages the account is limited to; empty means the township.
    #[n(5)]
    pub villages: Vec<String>,
    /// Closed accounts cannot sign in.
    #[n(6)]
    pub closed: bool,
}

/// The promise about time that is printed on the receipt.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Promise {
    /// Working days of the clock (003 A11: 15, A74: 20).
    #[n(0)]
    pub working_days: u16,
    /// Last day, `YYYY-MM-DD`.
    #[n(1)]
    pub due: String,
    /// The calendar of that year was not published yet.
    #[n(2)]
    pub provisional: bool,
    /// The day the term starts on and does not count, `YYYY-MM-DD`; none in journals that are older than this field: the
    /// day of receipt.
    #[n(3)]
    pub from: Option<String>,
}

impl Promise {
    /// No promise: the case was not accepted.
    pub fn none() -> Self {
        Self { working_days: 0, due: String::new(), provisional: false, from: None }
    }

    /// The term that was promised.
    pub fn term(&self) -> Term {
        match self.working_days {
            0 => Term::SameDay,
            days => Term::WorkingDays(u32::from(days)),
        }
    }

    /// The day the term starts on, where it is recorded.
    pub fn start(&self) -> Option<NaiveDate> {
        self.from.as_ref()?.parse().ok()
    }
}

/// What the city answered to one operation.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct CityResult {
    /// Operation concerned.
    #[n(0)]
    pub seq: u64,
    /// Code, as in the receipt.
    #[n(1)]
    pub code: String,
    /// Sentence for the clerk.
    #[n(2)]
    pub detail: String,
}

/// The payload cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Not the encoding of any known event.
    #[error("operation kind {kind}: payload cannot be read: {message}")]
    Unreadable {
        /// Kind from the envelope.
        kind: u16,
        /// What the decoder says.
        message: String,
    },
    /// The envelope names another kind than the payload.
    #[error("operation kind {kind} carries an event of kind {actual}")]
    KindMismatch {
        /// Kind from the envelope.
        kind: u16,
        /// Kind of the payload.
        actual: u16,
    },
}
