//! What canonical text means: as money, number, date. Knows kinds, not fields.

use chrono::{Datelike, NaiveDate};

use super::def::Kind;
use crate::money::parse_yuan;

/// A canonical value as the rule language sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held<'a> {
    Text(&'a str),
    Number(i64),
    Flag(bool),
}

/// How the rule language sees a value. What does not fit its kind counts as not filled: the kind check complains
/// about it, and rules that read it are not judged.
pub(super) fn held(kind: Kind, text: &str) -> Held<'_> {
    match kind {
        Kind::Money => Held::Number(money(text).unwrap_or(0)),
        Kind::Int => Held::Number(int(text).unwrap_or(0)),
        Kind::Flag => Held::Flag(text == "1"),
        _ => Held::Text(text),
    }
}

/// Whether the text can be read as its kind at all. Codes, certificates, accounts, telephones and names are judged
/// by [`super::check`], not here.
pub(super) fn readable(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Date => date(text).is_some(),
        Kind::Month => month(text).is_some(),
        Kind::Money => money(text).is_some(),
        Kind::Int => int(text).is_some(),
        Kind::Ratio => ratio(text).is_some(),
        Kind::Decimal => decimal(text).is_some(),
        Kind::Flag => matches!(text, "0" | "1"),
        _ => true,
    }
}

/// `YYYY-MM-DD`, years 1850 to 2200.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    if text.len() != 10 || !text.is_ascii() {
        return None;
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    ((1850..=2200).contains(&date.year()) && date.to_string() == text).then_some(date)
}

/// `YYYY-MM` as the first day of that month.
pub(super) fn month(text: &str) -> Option<NaiveDate> {
    date(&format!("{text}-01"))
}

/// Canonical money as fen: plain digits, at most two decimals, not negative.
pub(super) fn money(text: &str) -> Option<i64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(',');
    parse_yuan(text).ok().filter(|_| plain).map(|fen| fen.0)
}

/// A whole number of up to nine digits.
pub(super) fn int(text: &str) -> Option<i64> {
    if !(1..=9).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// A share between 0 and 1 in ten-thousandths: `0.1500` is 1500.
pub(crate) fn ratio(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !matches!(whole, "0" | "1") || !(1..=4).contains(&fraction.len()) {
        return None;
    }
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let share: i64 = format!("{whole}{fraction:0<4}").parse().ok()?;
    (share <= 10_000).then_some(share)
}

/// Decimals of a quantity or unit price (the interface writes prices with six).
const DECIMALS: usize = 6;

/// A number that is not negative, with up to six decimals and ten digits before them, in millionths: `0.5` is 500000.
pub(super) fn decimal(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() > 10 || fraction.len() > DECIMALS || !digits(whole) || !digits(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<6}").parse().ok()
}

/// The product of two numbers in fen, half a fen rounded up: the one rounding rule of the program. `None` beyond what
/// an amount can be.
pub(super) fn product(count: &str, price: &str) -> Option<i64> {
    // Millionths times millionths are 10^-12 yuan, of which 10^10 are a fen.
    const FEN: i128 = 10_000_000_000;
    let product = i128::from(decimal(count)?) * i128::from(decimal(price)?);
    i64::try_from((product + FEN / 2) / FEN).ok().filter(|fen| *fen <= crate::money::LIMIT_FEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact_and_bounded() {
        for (text, fen) in [("0", 0), ("0.5", 50), ("1234.50", 123_450), ("9999999999.99", 999_999_999_999)] {
            assert_eq!(money(text), Some(fen), "{text}");
        }
        for text in ["", "-1", "1.", ".5", "1.234", "1,234.50", "12345678901234567", "１２", "1e3", "1.5x"]
        {
            assert_eq!(money(text), None, "{text}");
        }
    }

    #[test]
    fn ratios_are_ten_thousandths() {
        assert_eq!(ratio("0.1500"), Some(1500));
        assert_eq!(ratio("0.15"), Some(1500));
        assert_eq!(ratio("1"), Some(10_000));
        assert_eq!(ratio("0"), Some(0));
        for text in ["1.0001", "2", "0.12345", ".15", "-0.1", "15%", ""] {
            assert_eq!(ratio(text), None, "{text}");
        }
    }

    #[test]
    fn a_quantity_times_a_price_is_exact() {
        for (count, price, fen) in [
            ("28", "0.0833", Some(233)),
            ("1", "0.005", Some(1)),
            ("1", "0.004999", Some(0)),
            ("3", "33.335", Some(10_001)),
            ("0.5", "0.01", Some(1)),
            ("9999999999", "9999999999", None),
            ("-1", "2", None),
            ("1.0000001", "2", None),
            ("", "2", None),
            ("1.", "2", None),
        ] {
            assert_eq!(product(count, price), fen, "{count} {price}");
        }
    }

    #[test]
    fn dates_must_exist() {
        assert!(date("2024-02-29").is_some());
        for text in ["2023-02-29", "2023-2-9", "20230209", "0001-01-01", "2023-02-0９", ""] {
            assert_eq!(date(text), None, "{text}");
        }
        assert!(month("2026-08").is_some());
        assert!(month("2026-13").is_none());
    }
}
