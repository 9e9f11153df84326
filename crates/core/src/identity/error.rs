//! What can be wrong with a certificate, a name, a credit code or a bank account, and what to tell the clerk.
//!
//! A wrong check character is common on genuine papers (reference: section 6.1, trap 2): such problems can be
//! overridden by a person in charge with a reason; a text that cannot be such a number at all cannot.

use chrono::NaiveDate;

use super::Certificate;
use super::text::TextError;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nothing was written.
    #[error("empty")]
    Empty,
    /// A character that no field accepts.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The certificate kind is not in table `psn_cert_type`.
    #[error("unknown certificate type {0:?}")]
    UnknownType(String),
    /// Wrong number of characters.
    #[error("{found} characters, expected {expected}")]
    Length {
        /// Characters found.
        found: usize,
        /// What is expected, in Chinese.
        expected: &'static str,
    },
    /// Characters or order that this kind never has.
    #[error("does not have the form: {0}")]
    Form(&'static str),
    /// The number carries a date that does not exist.
    #[error("{0} is no date")]
    ImpossibleDate(String),
    /// The number carries a birth date in the future.
    #[error("birth date {0} is in the future")]
    FutureBirth(NaiveDate),
    /// The number makes the person older than 120 years.
    #[error("birth date {0} is more than 120 years ago")]
    TooOld(NaiveDate),
    /// The number begins with no province.
    #[error("no province has the code {0}")]
    Province(String),
    /// The number is a good one of another kind.
    #[error("the number belongs to certificate type {0}")]
    OtherType(&'static str),
    /// The check character does not fit.
    #[error("check character does not fit")]
    CheckCharacter,
    /// A card number does not fulfil Luhn.
    #[error("the card number does not fulfil Luhn")]
    Luhn,
    /// A spreadsheet kept 15 digits and turned the rest into zeros.
    #[error("rounded by a spreadsheet: the last three digits are zeros and the check fails")]
    SpreadsheetRounded,
    /// A spreadsheet wrote the number with an exponent.
    #[error("written by a spreadsheet with an exponent")]
    SpreadsheetExponent,
    /// A character was lost on the way (`?`, `□`, U+FFFD).
    #[error("a lost character stands as {0:?}")]
    LostCharacter(char),
    /// The name holds a character that names do not have.
    #[error("names do not hold {0:?}")]
    NameCharacter(char),
    /// The middle dot stands at an end or twice.
    #[error("the middle dot must stand singly between two parts of the name")]
    MiddleDot,
}

/// A text that is not a good certificate number, name, credit code or account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct IdentityError {
    problem: Problem,
    reading: Option<Box<Certificate>>,
}

impl From<Problem> for IdentityError {
    fn from(problem: Problem) -> Self {
        Self { problem, reading: None }
    }
}

impl From<TextError> for IdentityError {
    fn from(error: TextError) -> Self {
        Problem::Text(error).into()
    }
}

impl IdentityError {
    /// A problem with a number that can be read all the same.
    pub(super) fn with_reading(problem: Problem, reading: Certificate) -> Self {
        Self { problem, reading: Some(Box::new(reading)) }
    }

    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// What the number says if a person in charge lets it pass; only with problems that can be overridden,
    /// and only for certificates.
    pub fn reading(&self) -> Option<&Certificate> {
        self.reading.as_deref().filter(|_| self.is_overridable())
    }

    /// Whether a person in charge may let it pass with a reason.
    pub fn is_overridable(&self) -> bool {
        matches!(
            self.problem,
            Problem::CheckCharacter
                | Problem::Luhn
                | Problem::SpreadsheetRounded
                | Problem::Province(_)
                | Problem::TooOld(_)
                | Problem::OtherType(_)
        )
    }

    /// A stable short code for findings and tests.
    pub fn code(&self) -> &'static str {
        match &self.problem {
            Problem::Empty => "ID-EMPTY",
            Problem::Text(error) => error.code(),
            Problem::UnknownType(_) => "ID-TYPE",
            Problem::Length { .. } => "ID-LENGTH",
            Problem::Form(_) => "ID-FORM",
            Problem::ImpossibleDate(_) => "ID-DATE",
            Problem::FutureBirth(_) => "ID-FUTURE",
            Problem::TooOld(_) => "ID-AGE",
            Problem::Province(_) => "ID-PROVINCE",
            Problem::OtherType(_) => "ID-OTHER-TYPE",
            Problem::CheckCharacter => "ID-CHECK",
            Problem::Luhn => "ID-LUHN",
            Problem::SpreadsheetRounded => "ID-ROUNDED",
            Problem::SpreadsheetExponent => "ID-EXPONENT",
            Problem::LostCharacter(_) => "NAME-LOST",
            Problem::NameCharacter(_) => "NAME-CHARACTER",
            Problem::MiddleDot => "NAME-DOT",
        }
    }

    /// What is wrong and what to do, for the screen. The right check character is never told: the mistake is
    /// usually in another place, and fitting the last character to it would hide it.
    pub fn zh(&self) -> String {
        match &self.problem {
            Problem::Empty => "未填，请按证件录入。".to_owned(),
            Problem::Text(error) => error.zh(),
            Problem::UnknownType(code) => format!("证件类型“{code}”不在代码表中，请按 F4 选择。"),
            Problem::Length { found, expected } => {
                format!("现为{found}位，应为{expected}，请对照证件补正。")
            }
            Problem::Form(expected) => format!("格式不符：应为{expected}，请对照证件重录。"),
            Problem::ImpossibleDate(date) => format!("号码中的日期 {date} 不存在，请核对出生年月日。"),
            Problem::FutureBirth(date) => format!("出生日期 {date} 晚于今天，请核对出生年月日。"),
            Problem::TooOld(date) => {
                format!("出生日期 {date}，已超过120岁，请核对；确实无误的由负责人说明理由后放行。")
            }
            Problem::Province(code) => {
                format!("前两位 {code} 不是省级代码，请核对；证件确为此号的由负责人说明理由后放行。")
            }
            Problem::OtherType(code) => {
                format!("号码属于“{}”，请核对证件类型。", type_name(code))
            }
            Problem::CheckCharacter => {
                "校验位不符，号码中可能有一位录错，请对照证件重录；证件确为此号的由负责人说明理由后放行。"
                    .to_owned()
            }
            Problem::Luhn => {
                "卡号校验位不符，可能有一位录错，请对照银行卡重录；如是存折账号，账户类型请选“存折”。"
                    .to_owned()
            }
            Problem::SpreadsheetRounded => {
                "末三位为000且校验不符，疑为电子表格存成数字后丢失，请按证件原件补录末三位。".to_owned()
            }
            Problem::SpreadsheetExponent => {
                "号码被电子表格写成科学记数，末几位已丢失，请按证件原件录入。".to_owned()
            }
            Problem::LostCharacter(_) => {
                "姓名中有丢失的字（显示为问号或方框），请按证件补录该字。".to_owned()
            }
            Problem::NameCharacter(found) => {
                format!("姓名中不能有“{found}”，请按证件录入。")
            }
            Problem::MiddleDot => "间隔号“·”只能单个用在两部分名字之间，请核对姓名。".to_owned(),
        }
    }
}

/// Code and name of the certificate types that numbers are mistaken for (table `psn_cert_type`).
pub(super) fn type_name(code: &'static str) -> &'static str {
    match code {
        "01" => "01 居民身份证",
        "04" => "04 香港居民通行证",
        "05" => "05 澳门居民通行证",
        "07" => "07 外国人永久居留证",
        "17" => "17 港澳台居民居住证",
        other => other,
    }
}
