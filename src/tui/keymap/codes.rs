//! Codes that are typed after `=`: those of screens and those of forms. Knows codes and names; must not know keys.

use crate::tui::text;

/// A screen and its code. Codes never change their meaning (product 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Screen {
    /// What is due, returned, to review.
    Home,
    /// Find a person.
    Find,
    /// Enrolment of a household.
    Enrolment,
    /// Change of information.
    Change,
    /// Cancellation.
    Cancellation,
    /// Transfer.
    Transfer,
    /// Manual reimbursement.
    Reimbursement,
    /// Every kind of case there is.
    Business,
    /// The review queue.
    Review,
    /// What breaks first.
    Due,
    /// All cases.
    Cases,
    /// Sync with the city.
    Sync,
    /// Parcels to and from other stations.
    Parcels,
    /// What is to be paid.
    Payments,
    /// Payment lists.
    PaymentLists,
    /// Deductions through banks.
    Deductions,
    /// Cases drawn for a second look.
    Samples,
}

impl Screen {
    /// Every screen, in the order of the menu.
    pub const ALL: [Self; 17] = [
        Self::Home,
        Self::Find,
        Self::Enrolment,
        Self::Change,
        Self::Cancellation,
        Self::Transfer,
        Self::Reimbursement,
        Self::Business,
        Self::Review,
        Self::Due,
        Self::Cases,
        Self::Sync,
        Self::Parcels,
        Self::Payments,
        Self::PaymentLists,
        Self::Deductions,
        Self::Samples,
    ];

    /// The code typed after `=`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Home => "00",
            Self::Find => "CX",
            Self::Enrolment => "DJ",
            Self::Change => "BG",
            Self::Cancellation => "ZX",
            Self::Transfer => "ZY",
            Self::Reimbursement => "BX",
            Self::Business => "YW",
            Self::Review => "SH",
            Self::Due => "QX",
            Self::Cases => "BJ",
            Self::Sync => "TB",
            Self::Parcels => "SS",
            Self::Payments => "FK",
            Self::PaymentLists => "FD",
            Self::Deductions => "KK",
            Self::Samples => "CJ",
        }
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        text::screen(self)
    }

    /// The screen of a typed code; case and full-width forms do not matter.
    pub fn of_code(code: &str) -> Option<Self> {
        let code = typed_code(code);
        Self::ALL.into_iter().find(|screen| screen.code() == code)
    }
}

/// The two letters of a form: what is typed after `=` to begin it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormCode([u8; 2]);

impl FormCode {
    /// The code in a text; case and full-width forms do not matter.
    pub fn of(text: &str) -> Option<Self> {
        let typed: Vec<u8> = typed_code(text).bytes().collect();
        let letters: [u8; 2] = typed.try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }

    /// The two letters.
    pub fn text(self) -> String {
        self.0.iter().copied().map(char::from).collect()
    }
}

/// A code as it is compared: half-width capitals.
fn typed_code(text: &str) -> String {
    text.trim().chars().map(crate::tui::key::half_width).map(|c| c.to_ascii_uppercase()).collect()
}
