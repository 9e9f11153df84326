//! The register of insurance doctors (003 A50-A54): who is registered with which hospital from when, and what that says
//! about a treatment. Knows records and days; must not know where the list comes from.

use chrono::NaiveDate;

/// How a doctor stands with the insurance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum DoctorState {
    /// 登记备案.
    #[n(0)]
    Registered,
    /// 暂停医保服务.
    #[n(1)]
    Suspended,
    /// 停止医保服务, 退休, 离岗, 注销.
    #[n(2)]
    Stopped,
}

impl DoctorState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Registered, Self::Suspended, Self::Stopped];

    /// Identifier in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Suspended => "suspended",
            Self::Stopped => "stopped",
        }
    }

    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Registered => "在册",
            Self::Suspended => "暂停",
            Self::Stopped => "停止",
        }
    }

    /// The state of an identifier or of the Chinese word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.id() == word || state.label() == word)
    }
}

/// One doctor at one hospital in one state for a time. Another state is another record.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Doctor {
    /// Code of the hospital.
    #[n(0)]
    pub fixmedins_code: String,
    /// Name of the hospital.
    #[n(1)]
    pub fixmedins_name: String,
    /// Code of the doctor (`atddr_no`).
    #[n(2)]
    pub dr_codg: String,
    /// Name.
    #[n(3)]
    pub name: String,
    /// State.
    #[n(4)]
    pub state: DoctorState,
    /// First day, `YYYY-MM-DD`.
    #[n(5)]
    pub from: String,
    /// Last day, counted; empty: until further notice.
    #[n(6)]
    pub to: String,
    /// Document behind it.
    #[n(7)]
    pub basis: String,
}

impl Doctor {
    /// Whether it holds on any day of a span (days as `YYYY-MM-DD`).
    fn meets(&self, begin: &str, end: &str) -> bool {
        self.from.as_str() <= end && (self.to.is_empty() || self.to.as_str() >= begin)
    }
}

/// What the register says about the doctor of a treatment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoctorStanding {
    /// No doctor is named, or the hospital has no list here: nothing can be said.
    Silent,
    /// The hospital has a list and the doctor is not on it in that time.
    Unknown,
    /// Registered the whole time.
    Registered,
    /// Suspended on a day of the treatment.
    Suspended,
    /// Stopped on a day of the treatment.
    Stopped,
}

impl DoctorStanding {
    /// The word for conditions.
    pub fn id(self) -> &'static str {
        match self {
            Self::Silent => "",
            Self::Unknown => "unknown",
            Self::Registered => "registered",
            Self::Suspended => "suspended",
            Self::Stopped => "stopped",
        }
    }

    /// How a doctor stood from one day to another. `rows`: the list of the hospital; the doctor is found by code, or by
    /// name where no code is given. The worst state of the span counts (003 A54).
    pub fn of(rows: &[Doctor], code: &str, name: &str, span: Option<(NaiveDate, NaiveDate)>) -> Self {
        let (Some((begin, end)), false) = (span, rows.is_empty() || (code.is_empty() && name.is_empty()))
        else {
            return Self::Silent;
        };
        let (begin, end) = (begin.to_string(), end.to_string());
        let own =
            rows.iter().filter(|row| if code.is_empty() { row.name == name } else { row.dr_codg == code });
        match own.filter(|row| row.meets(&begin, &end)).map(|row| row.state).max() {
            None => Self::Unknown,
            Some(DoctorState::Registered) => Self::Registered,
            Some(DoctorState::Suspended) => Self::Suspended,
            Some(DoctorState::Stopped) => Self::Stopped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(state: DoctorState, from: &str, to: &str) -> Doctor {
        Doctor {
            fixmedins_code: "H1".to_owned(),
            fixmedins_name: "示例医院".to_owned(),
            dr_codg: "D1".to_owned(),
            name: "示例医师".to_owned(),
            state,
            from: from.to_owned(),
            to: to.to_owned(),
            basis: "示例".to_owned(),
        }
    }

    /// 003 A54: not registered, suspended or stopped on the day of the treatment.
    #[test]
    fn the_worst_state_of_the_treatment_counts() {
        let rows = [
            row(DoctorState::Registered, "2026-01-01", "2026-05-31"),
            row(DoctorState::Suspended, "2026-06-01", "2026-08-31"),
            row(DoctorState::Registered, "2026-09-01", ""),
        ];
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let on = |begin: &str, end: &str| DoctorStanding::of(&rows, "D1", "", Some((day(begin), day(end))));
        assert_eq!(on("2026-05-31", "2026-05-31"), DoctorStanding::Registered);
        assert_eq!(on("2026-05-31", "2026-06-01"), DoctorStanding::Suspended);
        assert_eq!(on("2026-09-01", "2027-01-01"), DoctorStanding::Registered);
        assert_eq!(on("2025-12-30", "2025-12-31"), DoctorStanding::Unknown);
        let span = Some((day("2026-02-01"), day("2026-02-01")));
        assert_eq!(DoctorStanding::of(&rows, "D2", "", span), DoctorStanding::Unknown);
        assert_eq!(DoctorStanding::of(&rows, "", "示例医师", span), DoctorStanding::Registered);
        assert_eq!(DoctorStanding::of(&rows, "", "", span), DoctorStanding::Silent);
        assert_eq!(DoctorStanding::of(&[], "D1", "", span), DoctorStanding::Silent);
    }
}
