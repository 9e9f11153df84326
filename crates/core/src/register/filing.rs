//! What is filed about a person beside the enrolment: filings for treatment, cards, agreements, commitments. One shape for
//! all of them, since the form says what is kept. Knows nothing of forms or cases.

use std::collections::BTreeMap;

/// One filing of one person.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct FilingRecord {
    /// Person number.
    #[n(0)]
    pub psn_no: String,
    /// Id of the form that filed it, e.g. `referral`.
    #[n(1)]
    pub kind: String,
    /// Serial number among the person's filings of this kind, from 1.
    #[n(2)]
    pub serial: u16,
    /// Revision, from 1.
    #[n(3)]
    pub rev: u32,
    /// First day of validity, `YYYY-MM-DD`.
    #[n(4)]
    pub from: String,
    /// Last day of validity, counted; empty while open-ended.
    #[n(5)]
    pub to: String,
    /// The values kept, by field id, in canonical text.
    #[n(6)]
    pub values: BTreeMap<String, String>,
    /// The case that filed it was reversed.
    #[n(7)]
    pub void: bool,
}

/// How a filing stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilingStanding {
    /// Its first day is still to come.
    Ahead,
    /// It holds.
    Valid,
    /// Its last day is over.
    Expired,
    /// The case that filed it was reversed.
    Void,
}

impl FilingStanding {
    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ahead => "ahead",
            Self::Valid => "valid",
            Self::Expired => "expired",
            Self::Void => "void",
        }
    }

    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ahead => "尚未生效",
            Self::Valid => "有效",
            Self::Expired => "已过期",
            Self::Void => "已作废",
        }
    }
}

impl FilingRecord {
    /// How it stands on a day.
    pub fn standing(&self, day: &str) -> FilingStanding {
        if self.void {
            FilingStanding::Void
        } else if self.ended_before(day) {
            FilingStanding::Expired
        } else if self.holds_on(day) {
            FilingStanding::Valid
        } else {
            FilingStanding::Ahead
        }
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: &str) -> bool {
        !self.void && self.from.as_str() <= day && !self.ended_before(day)
    }

    /// Whether it is over by that day: its last day lies before.
    pub fn ended_before(&self, day: &str) -> bool {
        !self.to.is_empty() && self.to.as_str() < day
    }

    /// A kept value; empty where the form kept none.
    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }
}
