//! Money, exact to the fen: reading, writing, the one rounding rule, the Chinese capital amount.
//!
//! Knows nothing of contributions or settlements. There is no other place where yuan text becomes a number,
//! and no other rounding of money in the program.

use std::borrow::Cow;
use std::fmt;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// The largest amount that a single value may hold, in fen (ten thousand million yuan), either sign.
pub const LIMIT_FEN: i64 = 1_000_000_000_000;

/// An amount of money in fen (1 yuan = 100 fen). Negative amounts are reversals.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Fen(#[n(0)] pub i64);

/// Why a text or a number is not an amount of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing was written.
    #[error("the amount is empty")]
    Empty,
    /// Not digits with an optional sign, thousands commas and decimals.
    #[error("{0:?} is not an amount in yuan (write it like 1234.50)")]
    NotANumber(String),
    /// A part of a fen was written.
    #[error("{0:?} has more than two decimals (the smallest unit is 0.01 yuan)")]
    TooPrecise(String),
    /// Beyond [`LIMIT_FEN`].
    #[error("{0:?} is beyond the limit of 10,000,000,000.00 yuan")]
    TooLarge(String),
}

impl MoneyError {
    /// What is wrong and what to do, for the screen.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "未填金额，请按元填写，如 1234.50。".to_owned(),
            Self::NotANumber(_) => "不是金额，请只填数字和小数点，如 1234.50。".to_owned(),
            Self::TooPrecise(_) => "金额最多两位小数（到分），请核对后重填。".to_owned(),
            Self::TooLarge(_) => "金额超出上限一百亿元，请核对小数点和位数。".to_owned(),
        }
    }

    /// A stable short code for findings and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "MONEY-EMPTY",
            Self::NotANumber(_) => "MONEY-FORM",
            Self::TooPrecise(_) => "MONEY-DECIMALS",
            Self::TooLarge(_) => "MONEY-LIMIT",
        }
    }
}

/// Reads an amount in yuan: `1234.5`, `1,234.50`, `-0.01`, with at most two decimals and within
/// [`LIMIT_FEN`].
///
/// Full-width digits are narrowed before (see [`crate::identity::text`]). Commas must stand between groups of
/// three digits, so that a slipped comma is an error and not another amount.
pub fn parse_yuan(text: &str) -> Result<Fen, MoneyError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(MoneyError::Empty);
    }
    let bad = || MoneyError::NotANumber(text.to_owned());
    let (negative, unsigned) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let (whole, decimals) = match unsigned.split_once('.') {
        Some((_, "")) => return Err(bad()),
        Some((whole, decimals)) => (whole, decimals),
        None => (unsigned, ""),
    };
    let digits = ungroup(whole).ok_or_else(bad)?;
    if !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad());
    }
    if decimals.len() > 2 {
        return Err(MoneyError::TooPrecise(text.to_owned()));
    }
    let too_large = || MoneyError::TooLarge(text.to_owned());
    let yuan: i64 = digits.parse().map_err(|_| too_large())?;
    let digit = |at: usize| decimals.as_bytes().get(at).map_or(0, |byte| i64::from(byte - b'0'));
    let rest = digit(0) * 10 + digit(1);
    let fen = yuan.checked_mul(100).and_then(|fen| fen.checked_add(rest)).ok_or_else(too_large)?;
    if fen > LIMIT_FEN {
        return Err(too_large());
    }
    Ok(Fen(if negative { -fen } else { fen }))
}

/// The digits of the whole part without its commas; `None` when it is not digits or a comma is misplaced.
fn ungroup(whole: &str) -> Option<Cow<'_, str>> {
    // Stored amounts have no commas, and rules read them by the thousand.
    if !whole.contains(',') {
        let plain = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
        return plain.then_some(Cow::Borrowed(whole));
    }
    let groups: Vec<&str> = whole.split(',').collect();
    let digits = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let (first, rest) = groups.split_first()?;
    let well_grouped = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    (groups.iter().all(digits) && well_grouped).then(|| Cow::Owned(groups.concat()))
}

impl Fen {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// The amount in yuan with two decimals, as it is stored in forms: `1234.50`.
    pub fn to_yuan(self) -> String {
        let (sign, yuan, rest) = self.parts();
        format!("{sign}{yuan}.{rest:02}")
    }

    /// The amount in yuan with thousands commas, as it stands on screens and paper: `1,234.50`.
    pub fn to_grouped(self) -> String {
        let (sign, yuan, rest) = self.parts();
        let digits = yuan.to_string();
        let mut grouped = String::with_capacity(digits.len() + 8);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{sign}{grouped}.{rest:02}")
    }

    /// The amount in Chinese capitals (中国人民银行《支付结算办法》附一, 正确填写票据和结算凭证的基本规定), without the word 人民币. 整 is
    /// written after yuan and jiao, never after fen; a reversal begins with 负. Where the rule leaves a
    /// choice, the form printed first in it is written: 零 after 元 when the yuan digit is zero and jiao
    /// follows, no 零 between 万 and a following thousand.
    pub fn capitals(self) -> String {
        let cents = self.0.unsigned_abs();
        let (yuan, jiao, fen) = (cents / 100, cents / 10 % 10, cents % 10);
        let mut text = String::new();
        if self.0 < 0 {
            text.push('负');
        }
        if yuan > 0 || cents == 0 {
            text.push_str(&capital_integer(yuan));
            text.push('元');
        }
        let zero_after_yuan = yuan > 0 && ((jiao == 0 && fen > 0) || (jiao > 0 && yuan % 10 == 0));
        if zero_after_yuan {
            text.push('零');
        }
        if jiao > 0 {
            text.push(capital_digit(jiao));
            text.push('角');
        }
        if fen > 0 {
            text.push(capital_digit(fen));
            text.push('分');
        } else {
            text.push('整');
        }
        text
    }

    /// The sum, `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, `None` on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The sum of many amounts, `None` on overflow.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The amount times a ratio, rounded half up to 0.01 yuan (0.5 fen goes away from zero): the one rounding
    /// rule of the program. Ratios are pure numbers (0.85, not 85); a product beyond 64 bits, which no amount
    /// within [`LIMIT_FEN`] reaches with a ratio below a million, stays at the end of the range.
    pub fn mul_ratio_half_up(self, ratio: Decimal) -> Self {
        let end = if (self.0 < 0) == ratio.is_sign_negative() { i64::MAX } else { i64::MIN };
        Decimal::from(self.0).checked_mul(ratio).and_then(round_to_i64).map_or(Self(end), Self)
    }

    /// An amount from decimal yuan, rounded half up to 0.01 yuan.
    pub fn from_decimal_yuan(yuan: Decimal) -> Result<Self, MoneyError> {
        let fen = yuan.checked_mul(Decimal::ONE_HUNDRED).and_then(round_to_i64);
        match fen {
            Some(fen) if fen.abs() <= LIMIT_FEN => Ok(Self(fen)),
            _ => Err(MoneyError::TooLarge(yuan.to_string())),
        }
    }

    /// The amount as decimal yuan with two decimals.
    pub fn to_decimal_yuan(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// Sign, whole yuan, and the fen below one yuan.
    fn parts(self) -> (&'static str, u64, u64) {
        let cents = self.0.unsigned_abs();
        (if self.0 < 0 { "-" } else { "" }, cents / 100, cents % 100)
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_yuan())
    }
}

/// Half up to a whole number, away from zero; `None` beyond 64 bits.
fn round_to_i64(value: Decimal) -> Option<i64> {
    value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}

/// A whole number in capitals: 10^8 and more is the number of 亿 followed by the rest.
fn capital_integer(number: u64) -> String {
    const UNITS: [(u64, char); 2] = [(100_000_000, '亿'), (10_000, '万')];
    for (unit, name) in UNITS {
        if number >= unit {
            let (high, low) = (number / unit, number % unit);
            let mut text = capital_integer(high);
            text.push(name);
            if low > 0 {
                if low < unit / 10 {
                    text.push('零');
                }
                text.push_str(&capital_integer(low));
            }
            return text;
        }
    }
    capital_section(number)
}

/// One to four digits in capitals, a single 零 for zeros between digits.
fn capital_section(number: u64) -> String {
    if number == 0 {
        return "零".to_owned();
    }
    let mut text = String::new();
    let mut zero_pending = false;
    for (unit, name) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            zero_pending = !text.is_empty();
            continue;
        }
        if zero_pending {
            text.push('零');
            zero_pending = false;
        }
        text.push(capital_digit(digit));
        text.push_str(name);
    }
    text
}

/// The capital form of a digit; zero for anything above nine, which the callers never pass.
fn capital_digit(digit: u64) -> char {
    match digit {
        1 => '壹',
        2 => '贰',
        3 => '叁',
        4 => '肆',
        5 => '伍',
        6 => '陆',
        7 => '柒',
        8 => '捌',
        9 => '玖',
        _ => '零',
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn yuan_texts_are_read_exactly() {
        for (text, fen) in [
            ("0", 0),
            ("-0", 0),
            ("1234.5", 123_450),
            ("1,234.50", 123_450),
            ("1,234,567.89", 123_456_789),
            (" 150 ", 15_000),
            ("-0.01", -1),
            ("+2.30", 230),
            ("10000000000", LIMIT_FEN),
            ("-10,000,000,000.00", -LIMIT_FEN),
        ] {
            assert_eq!(parse_yuan(text), Ok(Fen(fen)), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_amount_is_refused_by_kind() {
        for (text, code) in [
            ("", "MONEY-EMPTY"),
            ("  ", "MONEY-EMPTY"),
            ("abc", "MONEY-FORM"),
            ("1.", "MONEY-FORM"),
            (".5", "MONEY-FORM"),
            ("1..2", "MONEY-FORM"),
            ("1.2.3", "MONEY-FORM"),
            ("--1", "MONEY-FORM"),
            ("12,34", "MONEY-FORM"),
            ("1234,567", "MONEY-FORM"),
            (",123", "MONEY-FORM"),
            ("1e3", "MONEY-FORM"),
            ("１", "MONEY-FORM"),
            ("1.234", "MONEY-DECIMALS"),
            ("10000000000.01", "MONEY-LIMIT"),
            ("99999999999999999999999", "MONEY-LIMIT"),
        ] {
            assert_eq!(parse_yuan(text).map_err(|error| error.code()), Err(code), "{text}");
        }
    }

    #[test]
    fn grouping_stands_every_three_digits() {
        for (fen, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (99_999, "999.99"),
            (123_450, "1,234.50"),
            (-100_000_000, "-1,000,000.00"),
            (i64::MIN, "-92,233,720,368,547,758.08"),
        ] {
            assert_eq!(Fen(fen).to_grouped(), text);
        }
    }

    /// The first six come from the annex of the 《支付结算办法》 itself, the rest applies its rules.
    #[test]
    fn capitals_follow_the_bank_rule() {
        for (yuan, capitals) in [
            ("1409.50", "壹仟肆佰零玖元伍角整"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
            ("107000.53", "壹拾万柒仟元零伍角叁分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("0", "零元整"),
            ("0.05", "伍分"),
            ("0.50", "伍角整"),
            ("0.53", "伍角叁分"),
            ("10", "壹拾元整"),
            ("10.05", "壹拾元零伍分"),
            ("10.50", "壹拾元零伍角整"),
            ("15", "壹拾伍元整"),
            ("100", "壹佰元整"),
            ("1001", "壹仟零壹元整"),
            ("1010", "壹仟零壹拾元整"),
            ("10001", "壹万零壹元整"),
            ("10500", "壹万零伍佰元整"),
            ("100500", "壹拾万零伍佰元整"),
            ("1000000", "壹佰万元整"),
            ("20001000", "贰仟万壹仟元整"),
            ("100000000", "壹亿元整"),
            ("100000500", "壹亿零伍佰元整"),
            ("100001000", "壹亿零壹仟元整"),
            ("100010000", "壹亿零壹万元整"),
            ("110000000", "壹亿壹仟万元整"),
            ("10000000000", "壹佰亿元整"),
            ("-1409.50", "负壹仟肆佰零玖元伍角整"),
        ] {
            assert_eq!(parse_yuan(yuan).unwrap().capitals(), capitals, "{yuan}");
        }
    }

    #[test]
    fn half_a_fen_goes_away_from_zero() {
        let ratio = |text: &str| text.parse::<Decimal>().unwrap();
        for (fen, by, expected) in [
            (1, "0.5", 1),
            (-1, "0.5", -1),
            (3, "0.5", 2),
            (1, "0.4999", 0),
            (10_001, "0.85", 8_501),
            (33_333, "0.15", 5_000),
            (LIMIT_FEN, "1", LIMIT_FEN),
            (0, "0.9", 0),
        ] {
            assert_eq!(Fen(fen).mul_ratio_half_up(ratio(by)), Fen(expected), "{fen} x {by}");
        }
        assert_eq!(Fen::from_decimal_yuan(ratio("12.345")), Ok(Fen(1_235)));
        assert_eq!(Fen::from_decimal_yuan(ratio("-12.345")), Ok(Fen(-1_235)));
        assert!(Fen::from_decimal_yuan(ratio("10000000000.01")).is_err());
        assert_eq!(Fen(1_235).to_decimal_yuan(), ratio("12.35"));
        assert_eq!(Fen(i64::MAX).mul_ratio_half_up(Decimal::MAX), Fen(i64::MAX));
        assert_eq!(Fen(i64::MIN).mul_ratio_half_up(Decimal::MAX), Fen(i64::MIN));
    }

    #[test]
    fn sums_find_overflow() {
        assert_eq!(Fen::checked_sum([Fen(1), Fen(2), Fen(-4)]), Some(Fen(-1)));
        assert_eq!(Fen(i64::MAX).checked_add(Fen(1)), None);
        assert_eq!(Fen(i64::MIN).checked_sub(Fen(1)), None);
    }

    #[test]
    fn stored_and_exchanged_as_a_bare_integer() {
        assert_eq!(serde_json::to_string(&Fen(123_450)).unwrap(), "123450");
        assert_eq!(serde_json::from_str::<Fen>("-5").unwrap(), Fen(-5));
        let bytes = minicbor::to_vec(Fen(500)).unwrap();
        assert_eq!(bytes, minicbor::to_vec(500_i64).unwrap());
        assert_eq!(minicbor::decode::<Fen>(&bytes).unwrap(), Fen(500));
    }

    proptest! {
        #[test]
        fn written_amounts_read_back(fen in -LIMIT_FEN..=LIMIT_FEN) {
            prop_assert_eq!(parse_yuan(&Fen(fen).to_yuan()), Ok(Fen(fen)));
            prop_assert_eq!(parse_yuan(&Fen(fen).to_grouped()), Ok(Fen(fen)));
            prop_assert_eq!(Fen::from_decimal_yuan(Fen(fen).to_decimal_yuan()), Ok(Fen(fen)));
        }

        #[test]
        fn capitals_never_double_a_zero(fen in any::<i64>()) {
            let text = Fen(fen).capitals();
            prop_assert!(!text.contains("零零"), "{}", text);
            prop_assert!(fen == 0 || !text.contains("零元"), "{}", text);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}") {
            if let Ok(fen) = parse_yuan(&text) {
                prop_assert!(fen.0.abs() <= LIMIT_FEN);
            }
        }
    }
}
