//! Unified social credit codes (GB 32100) and the organisation codes inside them (GB 11714); reference:
//! section 6.4.

use super::error::{IdentityError, Problem};
use super::text::clean_code;

/// The 31 characters of GB 32100, by value.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Weights of the first 17 characters: 3^n mod 31.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Weights of the first 8 characters of an organisation code.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Judges a unified social credit code of 18 characters; returns it in capitals. Both check characters count.
pub fn check_credit_code(text: &str) -> Result<String, IdentityError> {
    let code = narrow(text)?;
    let found = code.chars().count();
    if found != 18 {
        return Err(Problem::Length { found, expected: "18位" }.into());
    }
    let values: Vec<usize> = code.chars().filter_map(|found| ALPHABET.find(found)).collect();
    if values.len() != 18 {
        return Err(Problem::Form("18位数字和大写字母（不含I、O、S、V、Z）").into());
    }
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    let expected = (31 - sum % 31) % 31;
    let organisation = code.get(8..17).unwrap_or("");
    if values.last() != Some(&expected) || !organisation_fits(organisation) {
        return Err(Problem::CheckCharacter.into());
    }
    Ok(code)
}

/// Judges an organisation code of 9 characters, with or without the hyphen before its last; returns it
/// without.
pub fn check_organisation_code(text: &str) -> Result<String, IdentityError> {
    let code = narrow(text)?.replace('-', "");
    let found = code.chars().count();
    if found != 9 {
        return Err(Problem::Length { found, expected: "9位" }.into());
    }
    if !code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return Err(Problem::Form("9位数字和大写字母").into());
    }
    if organisation_fits(&code) { Ok(code) } else { Err(Problem::CheckCharacter.into()) }
}

/// Narrow capitals, not empty.
fn narrow(text: &str) -> Result<String, IdentityError> {
    let code = clean_code(text)?.to_ascii_uppercase();
    if code.is_empty() { Err(Problem::Empty.into()) } else { Ok(code) }
}

/// Whether the ninth character fits the first eight (digits count as themselves, letters from A = 10).
fn organisation_fits(code: &str) -> bool {
    let weighted = code.chars().zip(ORGANISATION_WEIGHTS);
    let sum: u32 = weighted.map(|(found, weight)| found.to_digit(36).unwrap_or(0) * weight).sum();
    let expected = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('?'),
    };
    code.chars().nth(8) == Some(expected)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// reference 6.4, verified synthetic examples.
    const VALID: [&str; 3] = ["114514240000000192", "12451424MB00000194", "91451424MA5K000127"];

    #[test]
    fn verified_codes_pass() {
        for code in VALID {
            assert_eq!(check_credit_code(code).as_deref(), Ok(code));
            let organisation = &code[8..17];
            assert_eq!(check_organisation_code(organisation).as_deref(), Ok(organisation));
        }
        assert_eq!(check_credit_code("１２451424mb00000194").as_deref(), Ok("12451424MB00000194"));
        assert_eq!(check_organisation_code("MB000001-9").as_deref(), Ok("MB0000019"));
    }

    #[test]
    fn wrong_codes_are_refused_by_kind() {
        for (text, code) in [
            ("", "ID-EMPTY"),
            ("1145142400000001", "ID-LENGTH"),
            ("11451424000000019I", "ID-FORM"),
            ("114514240000000193", "ID-CHECK"),
            ("11451424桃0000000192", "ID-LENGTH"),
        ] {
            assert_eq!(check_credit_code(text).map_err(|error| error.code()), Err(code), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_found(which in 0..3_usize, at in 0..18_usize, value in 0..31_usize) {
            let mut code: Vec<char> = VALID[which].chars().collect();
            let other = ALPHABET.chars().nth(value).unwrap();
            prop_assume!(code[at] != other);
            code[at] = other;
            let text: String = code.into_iter().collect();
            prop_assert!(check_credit_code(&text).is_err());
        }
    }
}
