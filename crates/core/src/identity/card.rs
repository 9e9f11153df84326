//! The social-security card (reference: section 6.5): the number printed on it is the ID number of its holder, its
//! bank side is a debit card, and many places give the card a short number of their own. Knows shapes only.

use chrono::NaiveDate;

use super::bank::luhn_fits;
use super::error::{IdentityError, Problem};
use super::kind::needed;
use super::text::clean_code;
use super::{Certificate, Note, resident_id};

/// Length of a card identification code (`card_sn` of the interface).
const SN_LENGTH: usize = 32;

/// Judges a number of a social-security card.
///
/// Sixteen to nineteen digits that begin with 62 and fulfil Luhn are the bank side; 18 characters are otherwise the ID
/// number (social-security number); a letter and 8 digits, or 9 digits, are a card number of places that give one;
/// other forms pass with a note, because card numbers are not uniform.
pub(super) fn check(text: &str, today: NaiveDate) -> Result<Certificate, IdentityError> {
    let typed = clean_code(text)?;
    let upper = needed(&typed)?.to_ascii_uppercase();
    let digits = upper.bytes().all(|byte| byte.is_ascii_digit());
    let length = upper.chars().count();
    if digits && upper.starts_with("62") && matches!(length, 16 | 17 | 19) {
        let fits = luhn_fits(&upper);
        return if fits { Ok(Certificate::plain(&upper)) } else { Err(Problem::Luhn.into()) };
    }
    if length == 18 {
        let read = resident_id::read(&typed, today);
        // Gansu's ID numbers begin with 62 as well: the ID number is asked first.
        return match read {
            Err(_) if digits && upper.starts_with("62") && luhn_fits(&upper) => {
                Ok(Certificate::plain(&upper))
            }
            other => other,
        };
    }
    if length > 50 {
        return Err(Problem::Length { found: length, expected: "50位以内" }.into());
    }
    let mut card = Certificate::plain(&upper);
    let rest = upper.strip_prefix(|first: char| first.is_ascii_uppercase());
    let figures = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let short = rest.is_some_and(|rest| rest.len() == 8 && figures(rest)) || (length == 9 && digits);
    if !short {
        card.notes.push(Note::UnusualForm("1位字母加8位数字或9位数字"));
    }
    Ok(card)
}

/// Judges a card identification code: 32 digits and letters A to F.
pub(super) fn check_sn(text: &str) -> Result<Certificate, IdentityError> {
    let code = clean_code(text)?.to_ascii_uppercase();
    let found = needed(&code)?.chars().count();
    if found != SN_LENGTH {
        return Err(Problem::Length { found, expected: "32位" }.into());
    }
    if !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Problem::Form("32位数字和字母A至F").into());
    }
    Ok(Certificate::plain(&code))
}
