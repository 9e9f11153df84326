//! Bank accounts for deduction and payment (003 A7, A23): card numbers and book numbers; reference: section
//! 6.5.

use super::Note;
use super::error::{IdentityError, Problem};
use super::text::clean_code;

/// Judges an account by its kind, a code of the local table `acct_kind` (1 social-security card, 2 debit
/// card, 3 bank book); returns the digits. Cards have 16 to 19 digits and fulfil Luhn; books have 15 to 22
/// and do not.
pub fn check_account(acct_kind: &str, text: &str) -> Result<String, IdentityError> {
    let digits: String = clean_code(text)?.chars().filter(|found| *found != '-').collect();
    if digits.is_empty() {
        return Err(Problem::Empty.into());
    }
    if digits.contains(['E', 'e']) && digits.contains('.') {
        return Err(Problem::SpreadsheetExponent.into());
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::Form("数字").into());
    }
    let book = acct_kind == "3";
    let (range, expected) =
        if book { (15..=22, "15至22位（存折）") } else { (16..=19, "16至19位（卡）") };
    if !range.contains(&digits.len()) {
        return Err(Problem::Length { found: digits.len(), expected }.into());
    }
    if book || luhn_fits(&digits) { Ok(digits) } else { Err(Problem::Luhn.into()) }
}

/// A book's account that looks like a card: 62, the length of a card and Luhn fulfilled.
pub(super) fn book_note(digits: &str) -> Option<Note> {
    let card = digits.starts_with("62") && (16..=19).contains(&digits.len()) && luhn_fits(digits);
    card.then_some(Note::LooksLikeCard)
}

/// Luhn: every second digit from the right doubled, digit sums added, a multiple of ten.
pub(super) fn luhn_fits(digits: &str) -> bool {
    let values = digits.bytes().rev().map(|byte| u32::from(byte.wrapping_sub(b'0')));
    let sum: u32 = values
        .enumerate()
        .map(|(index, value)| match (index % 2, value * 2) {
            (0, _) => value,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// reference 6.5.
    #[test]
    fn cards_fulfil_luhn_and_books_need_not() {
        for card in ["6228480000000000000", "6210980000000000003", "6221880000000000019"] {
            assert_eq!(check_account("2", card).as_deref(), Ok(card));
        }
        let wrong = "6228480000000000001";
        let error = check_account("1", wrong).unwrap_err();
        assert_eq!(error.code(), "ID-LUHN");
        assert!(error.is_overridable());
        assert_eq!(check_account("3", wrong).as_deref(), Ok(wrong));
        assert_eq!(book_note(wrong), None);
        assert_eq!(book_note("6228480000000000000"), Some(Note::LooksLikeCard));
    }

    #[test]
    fn other_texts_are_refused_by_kind() {
        for (kind, text, code) in [
            ("2", "", "ID-EMPTY"),
            ("2", "622848", "ID-LENGTH"),
            ("3", "12345678901234567890123", "ID-LENGTH"),
            ("2", "62284800000A0000000", "ID-FORM"),
            ("2", "6.22848E+18", "ID-EXPONENT"),
        ] {
            assert_eq!(check_account(kind, text).map_err(|error| error.code()), Err(code), "{text}");
        }
        assert_eq!(check_account("2", "6228 4800 0000 0000 000").as_deref(), Ok("6228480000000000000"));
    }
}
