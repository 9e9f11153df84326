//! Resident ID numbers of GB 11643: 18 characters, or 15 digits from before 2013 (reference: section 6.1).
//!
//! Knows the shape, the province digits and MOD 11-2; the list of divisions is not asked, because the first
//! six digits are the place of first registration, with codes that were abolished long ago (Daxin was
//! 452130).

use chrono::{Datelike, NaiveDate};

use super::error::{IdentityError, Problem};
use super::{Certificate, Note};

/// Weights of the first 17 digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// Check characters by remainder.
const CHECKS: &[u8; 11] = b"10X98765432";

/// Provinces by the first two digits (GB/T 2260).
const PROVINCES: [(&str, &str); 34] = [
    ("11", "北京市"),
    ("12", "天津市"),
    ("13", "河北省"),
    ("14", "山西省"),
    ("15", "内蒙古自治区"),
    ("21", "辽宁省"),
    ("22", "吉林省"),
    ("23", "黑龙江省"),
    ("31", "上海市"),
    ("32", "江苏省"),
    ("33", "浙江省"),
    ("34", "安徽省"),
    ("35", "福建省"),
    ("36", "江西省"),
    ("37", "山东省"),
    ("41", "河南省"),
    ("42", "湖北省"),
    ("43", "湖南省"),
    ("44", "广东省"),
    ("45", "广西壮族自治区"),
    ("46", "海南省"),
    ("50", "重庆市"),
    ("51", "四川省"),
    ("52", "贵州省"),
    ("53", "云南省"),
    ("54", "西藏自治区"),
    ("61", "陕西省"),
    ("62", "甘肃省"),
    ("63", "青海省"),
    ("64", "宁夏回族自治区"),
    ("65", "新疆维吾尔自治区"),
    ("71", "台湾省"),
    ("81", "香港特别行政区"),
    ("82", "澳门特别行政区"),
];

/// The province that a division code begins with (GB/T 2260); `None` where no province has these digits.
pub fn province_name(division: &str) -> Option<&'static str> {
    let digits = division.get(..2)?;
    PROVINCES.iter().find(|(code, _)| *code == digits).map(|(_, name)| *name)
}

/// Oldest age taken without asking, in years.
const MAX_AGE: i32 = 120;

/// Birth years before this are slips of the pen, not old people.
const FIRST_YEAR: i32 = 1850;

/// The check character for the first 17 digits (MOD 11-2 of ISO 7064); `None` unless there are exactly 17
/// digits.
pub fn check_character(first17: &str) -> Option<char> {
    if first17.len() != 17 {
        return None;
    }
    let mut sum = 0;
    for (digit, weight) in first17.chars().zip(WEIGHTS) {
        sum += digit.to_digit(10)? * weight;
    }
    let remainder = usize::try_from(sum % 11).ok()?;
    CHECKS.get(remainder).map(|check| char::from(*check))
}

/// The 18-character form of a 15-digit number: century 19 put in, check character added. The serials 996-999
/// were given to people born before 1900 (reference: section 6.1, trap 7), so those get century 18.
pub fn from_15(text: &str) -> Option<String> {
    if text.len() != 15 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (division, rest) = (text.get(..6)?, text.get(6..)?);
    let century = if text.get(12..)? >= "996" { "18" } else { "19" };
    let first17 = format!("{division}{century}{rest}");
    let check = check_character(&first17)?;
    Some(format!("{first17}{check}"))
}

/// Reads a narrowed, trimmed number. Judges form, date, province and check character, in this order.
pub(super) fn read(text: &str, today: NaiveDate) -> Result<Certificate, IdentityError> {
    let (number, notes) = shape(text)?;
    let mut certificate = numbered(number, notes, today)?;
    let province = certificate.normal.get(..2).unwrap_or("").to_owned();
    match province.as_str() {
        "83" => certificate.notes.push(Note::BelongsToType("17")),
        "81" | "82" if certificate.normal.get(2..6) == Some("0000") => {
            certificate.notes.push(Note::BelongsToType("17"));
        }
        known if province_name(known).is_some() => {}
        first if first.starts_with('9') => certificate.notes.push(Note::BelongsToType("07")),
        _ => return Err(IdentityError::with_reading(Problem::Province(province), certificate)),
    }
    judge_check(certificate)
}

/// Eighteen characters with birth date, sex and division, not judging province and check character: shared with
/// permits.
pub(super) fn numbered(
    number: String,
    mut notes: Vec<Note>,
    today: NaiveDate,
) -> Result<Certificate, IdentityError> {
    let date_text = number.get(6..14).unwrap_or("").to_owned();
    let birth = NaiveDate::parse_from_str(&date_text, "%Y%m%d").ok();
    let Some(birth) = birth.filter(|birth| birth.year() >= FIRST_YEAR) else {
        return Err(Problem::ImpossibleDate(date_text).into());
    };
    if birth > today {
        return Err(Problem::FutureBirth(birth).into());
    }
    let sex = number.chars().nth(16).and_then(|digit| digit.to_digit(10)).unwrap_or(0);
    if number.ends_with("000") {
        notes.push(Note::EndsInZeros);
    }
    let sex_code = Some(if sex % 2 == 1 { "1" } else { "2" });
    let division = number.get(..6).filter(|code| !code.starts_with('9')).map(str::to_owned);
    let certificate =
        Certificate { birth: Some(birth), sex_code, division, notes, ..Certificate::plain(&number) };
    let limit = (birth.year() + MAX_AGE, birth.month(), birth.day());
    if limit < (today.year(), today.month(), today.day()) {
        return Err(IdentityError::with_reading(Problem::TooOld(birth), certificate));
    }
    Ok(certificate)
}

/// The certificate when its check character fits.
pub(super) fn judge_check(certificate: Certificate) -> Result<Certificate, IdentityError> {
    let number = certificate.normal.as_str();
    let expected = number.get(..17).and_then(check_character);
    if number.chars().nth(17) == expected {
        return Ok(certificate);
    }
    let rounded = certificate.notes.contains(&Note::EndsInZeros);
    let problem = if rounded { Problem::SpreadsheetRounded } else { Problem::CheckCharacter };
    Err(IdentityError::with_reading(problem, certificate))
}

/// Eighteen characters of the right kind: look-alikes replaced, 15 digits converted.
pub(super) fn shape(text: &str) -> Result<(String, Vec<Note>), IdentityError> {
    // Spreadsheets put an apostrophe before digits that are text, and `.0` behind a number.
    let text = text.trim_start_matches(['\'', '‘', '’', '`']);
    let text = text.strip_suffix(".0").or_else(|| text.strip_suffix(".00")).unwrap_or(text);
    if text.is_empty() {
        return Err(Problem::Empty.into());
    }
    if is_exponent(text) {
        return Err(Problem::SpreadsheetExponent.into());
    }
    let found = text.chars().count();
    if found != 18 && found != 15 {
        return Err(Problem::Length { found, expected: "18位（旧证15位）" }.into());
    }
    let mut notes = Vec::new();
    let mut number = String::with_capacity(18);
    for (index, original) in text.chars().enumerate() {
        let meant = if index == 17 { as_check(original) } else { as_digit(original) };
        let meant = meant.ok_or(Problem::Form("17位数字加1位数字或X"))?;
        if meant != original && original != 'x' && !notes.contains(&Note::LookAlike) {
            notes.push(Note::LookAlike);
        }
        number.push(meant);
    }
    if found == 15 {
        number = from_15(&number).ok_or(Problem::Form("15位数字"))?;
        notes.push(Note::ConvertedFrom15);
    }
    Ok((number, notes))
}

/// `4.51424E+17` and the like.
fn is_exponent(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    upper.split_once('E').is_some_and(|(mantissa, power)| {
        let power = power.strip_prefix('+').unwrap_or(power);
        mantissa.contains('.')
            && mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && !power.is_empty()
            && power.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The digit that is meant: letters O and I (Latin, Cyrillic) are common in typed lists.
fn as_digit(found: char) -> Option<char> {
    match found {
        '0'..='9' => Some(found),
        'O' | 'o' | 'О' | 'о' => Some('0'),
        'I' | 'l' => Some('1'),
        _ => None,
    }
}

/// The check character that is meant: any X.
fn as_check(found: char) -> Option<char> {
    match found {
        'X' | 'x' | 'Х' | 'х' | '×' | 'Ⅹ' | 'ⅹ' | 'Χ' | 'χ' => Some('X'),
        _ => as_digit(found),
    }
}
