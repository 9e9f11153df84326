//! Who a person is on paper: certificates, names, credit codes, bank accounts, and the text they are written
//! in.
//!
//! Knows the shapes of numbers and names, never a register: whether a person exists or is enrolled is asked
//! elsewhere. One door judges certificates: [`check_certificate`].

mod bank;
mod card;
mod credit;
mod error;
mod kind;
mod list;
mod mask;
mod name;
mod permits;
pub mod pinyin;
mod rare;
mod readings;
mod resident_id;
pub mod text;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use bank::check_account;
pub use credit::{check_credit_code, check_organisation_code};
pub use error::{IdentityError, Problem};
pub use kind::{NumberKind, check_number, other_kinds};
pub use list::{ListError, Listed, read_list};
pub use mask::{masked_account, masked_certno, masked_name, masked_phone};
pub use name::{Name, check_name, is_newborn_name};
pub use rare::{is_rare, with_code_points, with_rare_named};
pub use resident_id::{check_character, from_15, province_name};

/// A certificate number that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The number as it is stored and sent: narrow, capital, without spaces, 18 characters for resident IDs.
    pub normal: String,
    /// Birth date where the number carries one.
    pub birth: Option<NaiveDate>,
    /// Code of table `gend` where the number carries it: `1` or `2`.
    pub sex_code: Option<&'static str>,
    /// Six digits of a division: in resident IDs the place of first registration, possibly an abolished code (see
    /// [`crate::code::CodeBook::id_region`]).
    pub division: Option<String>,
    /// Nationality that the number carries: three letters (cards until 2023) or the three digits of ISO 3166.
    pub country: Option<String>,
    /// Organisation code inside a unified social credit code.
    pub organisation: Option<String>,
    /// What the clerk should look at; none of it forbids anything.
    pub notes: Vec<Note>,
}

impl Certificate {
    /// A number that says nothing about its holder.
    fn plain(text: &str) -> Self {
        Self {
            normal: text.to_owned(),
            birth: None,
            sex_code: None,
            division: None,
            country: None,
            organisation: None,
            notes: Vec::new(),
        }
    }
}

/// Something that was read and is worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// A 15-digit number was converted to 18 characters.
    ConvertedFrom15,
    /// A letter O, I or a foreign X stood for a digit or X.
    LookAlike,
    /// The number ends in 000, as spreadsheets leave it, but its check character fits.
    EndsInZeros,
    /// The number is one of another kind (code of `psn_cert_type`).
    BelongsToType(&'static str),
    /// Not the usual form of this kind.
    UnusualForm(&'static str),
    /// An account of a bank book that looks like a card number.
    LooksLikeCard,
    /// The name holds private-use characters that other systems show otherwise.
    PrivateUse(char),
    /// The name mixes Latin letters into Chinese characters, as banks do for characters they lack.
    LatinInName,
}

impl Note {
    /// A stable short code for answers and tests.
    pub fn code(self) -> &'static str {
        match self {
            Self::ConvertedFrom15 => "NOTE-15",
            Self::LookAlike => "NOTE-LOOKALIKE",
            Self::EndsInZeros => "NOTE-ZEROS",
            Self::BelongsToType(_) => "NOTE-OTHER-TYPE",
            Self::UnusualForm(_) => "NOTE-FORM",
            Self::LooksLikeCard => "NOTE-CARD",
            Self::PrivateUse(_) => "NOTE-PRIVATE-USE",
            Self::LatinInName => "NOTE-LATIN",
        }
    }

    /// What to look at, for the screen.
    pub fn zh(self) -> String {
        match self {
            Self::ConvertedFrom15 => "15位旧号已换算为18位，请与现证件核对。".to_owned(),
            Self::LookAlike => "已将形近字母换为数字或X，请对照证件核对。".to_owned(),
            Self::EndsInZeros => "末三位为000，如来自电子表格请对照证件核对。".to_owned(),
            Self::BelongsToType(code) => {
                format!("此号一般属于“{}”，请核对证件类型。", error::type_name(code))
            }
            Self::UnusualForm(usual) => format!("与常见格式（{usual}）不同，请对照证件核对。"),
            Self::LooksLikeCard => "看来是银行卡号：如是卡，账户类型请选卡，以便校验。".to_owned(),
            Self::PrivateUse(found) => {
                format!(
                    "“{}”是自造字（U+{:04X}），别的系统可能显示不同，请尽量改用标准字。",
                    found,
                    u32::from(found)
                )
            }
            Self::LatinInName => "姓名中混有拼音字母，如系生僻字代替写法，请按证件录入原字。".to_owned(),
        }
    }
}

/// Judges a certificate number by its kind, a code of table `psn_cert_type`; `today` bounds birth dates.
///
/// Errors that [`IdentityError::is_overridable`] names carry the reading, so that a person in charge can let
/// a genuine but irregular paper pass.
pub fn check_certificate(
    cert_type_code: &str,
    text: &str,
    today: NaiveDate,
) -> Result<Certificate, IdentityError> {
    let typed = text::clean_code(text)?;
    if typed.is_empty() {
        return Err(Problem::Empty.into());
    }
    let upper = typed.to_ascii_uppercase();
    match cert_type_code {
        "01" => resident_id::read(&typed, today),
        "04" => permits::hong_kong_macau(&upper, 'H'),
        "05" => permits::hong_kong_macau(&upper, 'M'),
        "06" => permits::taiwan(&upper),
        "07" => permits::permanent_residence(&upper, today),
        "08" | "16" => permits::passport(&upper),
        "17" => permits::residence_permit(&typed, today),
        "90" => card::check(&typed, today),
        "990201" => permits::birth_certificate(&upper),
        "02" | "03" | "09" | "10" | "11" | "12" | "13" | "14" | "15" | "99" | "990102" => {
            permits::free(&upper)
        }
        unknown => Err(Problem::UnknownType(unknown.to_owned()).into()),
    }
}
