//! Certificates of Hong Kong, Macau and Taiwan residents and of foreigners (reference: sections 6.2 and 6.3).
//!
//! Knows shapes only; the inner structure of most of these numbers is not published.

use chrono::NaiveDate;

use super::error::{IdentityError, Problem};
use super::{Certificate, Note, resident_id};

/// Travel permit or SAR passport of a Hong Kong (`H`) or Macau (`M`) resident: letter and 8 digits, older
/// cards two more digits for the issue count.
pub(super) fn hong_kong_macau(text: &str, own: char) -> Result<Certificate, IdentityError> {
    let certificate = Certificate::plain(text);
    let (letters, digits) = letters_then_digits(text);
    let other = match own {
        'H' => ("M", "05"),
        _ => ("H", "04"),
    };
    let permit = letters.len() == 1 && (digits == 8 || digits == 10);
    if permit && letters.starts_with(own) {
        return Ok(certificate);
    }
    if permit && letters == other.0 {
        return Err(IdentityError::with_reading(Problem::OtherType(other.1), certificate));
    }
    let passport = matches!(letters.len(), 1 | 2) && matches!(digits, 7 | 8);
    if passport {
        return Ok(certificate);
    }
    Err(Problem::Form("通行证为1位字母加8位（旧证10位）数字，特区护照为1至2位字母加7至8位数字").into())
}

/// Travel permit of a Taiwan resident: 8 digits; older cards 10 digits, with a letter in brackets or without.
pub(super) fn taiwan(text: &str) -> Result<Certificate, IdentityError> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let tail = text.get(digits..).unwrap_or("");
    let bracketed = |tail: &str| {
        let inner = tail.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        inner.is_some_and(|letter| letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_uppercase()))
    };
    match (digits, tail) {
        (8 | 10, "") => Ok(Certificate::plain(text)),
        (10, tail) if bracketed(tail) => Ok(Certificate::plain(text)),
        _ => Err(Problem::Form("8位数字（旧证10位数字，可带括号字母）").into()),
    }
}

/// Residence permit of Hong Kong (81), Macau (82) and Taiwan (83) residents: shaped like a resident ID.
pub(super) fn residence_permit(text: &str, today: NaiveDate) -> Result<Certificate, IdentityError> {
    let (number, notes) = resident_id::shape(text)?;
    let certificate = resident_id::numbered(number, notes, today)?;
    let division = certificate.normal.get(..6).unwrap_or("").to_owned();
    let own = matches!(division.as_str(), "810000" | "820000" | "830000");
    if own {
        return resident_id::judge_check(certificate);
    }
    let other = if certificate.normal.starts_with('9') { "07" } else { "01" };
    Err(IdentityError::with_reading(Problem::OtherType(other), certificate))
}

/// Permanent residence of foreigners: since 2023-12-01 18 characters that begin with 9, before 3 letters and
/// 12 digits. Of the old form only the shape is judged. The country is the three letters of the old form and digits 4
/// to 6 of the new one (9, two digits of the province of issue, three of the country: general knowledge, unverified).
pub(super) fn permanent_residence(text: &str, today: NaiveDate) -> Result<Certificate, IdentityError> {
    let (letters, digits) = letters_then_digits(text);
    if letters.len() == 3 && digits == 12 {
        return Ok(Certificate { country: Some(letters.to_owned()), ..Certificate::plain(text) });
    }
    if text.chars().count() != 18 {
        return Err(Problem::Form("18位（2023年12月起）或3位字母加12位数字").into());
    }
    let (number, notes) = resident_id::shape(text)?;
    let mut certificate = resident_id::numbered(number, notes, today)?;
    match certificate.normal.get(..2) {
        Some(first) if first.starts_with('9') => {
            certificate.country = certificate.normal.get(3..6).map(str::to_owned);
            resident_id::judge_check(certificate)
        }
        Some("81" | "82" | "83") => Err(IdentityError::with_reading(Problem::OtherType("17"), certificate)),
        _ => Err(IdentityError::with_reading(Problem::OtherType("01"), certificate)),
    }
}

/// Passport: 5 to 20 Latin capitals and digits.
pub(super) fn passport(text: &str) -> Result<Certificate, IdentityError> {
    let fits = (5..=20).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_digit());
    if fits {
        Ok(Certificate::plain(text))
    } else {
        Err(Problem::Form("5至20位大写字母和数字").into())
    }
}

/// Birth certificate of a newborn without ID number (003 A7, A26): one letter and nine digits; other forms of
/// single provinces pass with a note.
pub(super) fn birth_certificate(text: &str) -> Result<Certificate, IdentityError> {
    let mut certificate = free(text)?;
    let (letters, digits) = letters_then_digits(text);
    if letters.len() != 1 || digits != 9 {
        certificate.notes.push(Note::UnusualForm("1位字母加9位数字"));
    }
    Ok(certificate)
}

/// Certificates without a published form: 1 to 50 characters.
pub(super) fn free(text: &str) -> Result<Certificate, IdentityError> {
    let found = text.chars().count();
    if found > 50 {
        return Err(Problem::Length { found, expected: "50位以内" }.into());
    }
    Ok(Certificate::plain(text))
}

/// Leading capitals, and the number of digits when only digits follow them (0 otherwise).
fn letters_then_digits(text: &str) -> (&str, usize) {
    let count = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let (letters, rest) = (text.get(..count).unwrap_or(""), text.get(count..).unwrap_or(""));
    let digits = if rest.bytes().all(|byte| byte.is_ascii_digit()) { rest.len() } else { 0 };
    (letters, digits)
}
