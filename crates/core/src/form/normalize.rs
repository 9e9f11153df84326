//! Turns what was typed into canonical text. Never loses text: what it cannot read stays as it was typed (without
//! control characters), and the kind check judges it. Does not look up codes by label or pinyin.

use chrono::{Datelike, Days, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use crate::identity::text::{is_refused, narrow};
use crate::identity::{check_certificate, check_name, with_code_points};
use crate::money::parse_yuan;

use super::check::sort_beside;
use super::data::{FieldPath, FormData};
use super::def::{FormDef, Kind};
use super::value::{date, decimal, month, ratio};

/// Canonical text of `raw` as typed into the field at `path` (`data` decides where a kind varies).
///
/// Full-width letters and digits become ASCII. Names and texts take a character by its code point (`U+4DAE`). Dates take `8.3` (3 August of this year), `-3` (three days ago),
/// `20260803`, `2026.8.3`, `2026年8月3日`; money takes `1,234.5`; shares take `15%`; flags take 是/否/y/n.
pub fn normalize_field(
    def: &FormDef,
    data: &FormData,
    path: &FieldPath,
    raw: &str,
    today: NaiveDate,
) -> String {
    let kind = def.kind_at(data, path).map_or(Kind::Text, |spec| spec.kind);
    let text = normalize(kind, raw, today);
    match (kind, def.field(path).and_then(|field| sort_beside(data, path, field))) {
        (Kind::Certificate, Some(sort)) => {
            match check_certificate(sort, &text, today) {
                Ok(read) => read.normal,
                // Irregular and readable: a foreign X or a letter O is a slip of the keyboard all the same.
                Err(problem) => problem.reading().map_or(text, |read| read.normal.clone()),
            }
        }
        _ => text,
    }
}

fn normalize(kind: Kind, raw: &str, today: NaiveDate) -> String {
    let clean: String = raw.nfc().filter(|c| !is_refused(*c) || (kind == Kind::Note && *c == '\n')).collect();
    let clean = clean.trim().to_owned();
    let plain = ascii(&clean);
    let read = match kind {
        Kind::Text | Kind::Note => Some(narrow_letters(&with_code_points(&clean))),
        Kind::Name => check_name(&clean).ok().map(|name| name.normal),
        Kind::Date => day(&plain, today).map(|d| d.to_string()),
        Kind::Month => year_month(&plain),
        Kind::Money => amount(&plain),
        Kind::Int => whole(&plain),
        Kind::Ratio => share(&plain),
        Kind::Decimal => quantity(&plain),
        Kind::Flag => flag(&plain),
        Kind::Code => Some(plain),
        Kind::Certificate => Some(without_spaces(&plain).to_uppercase()),
        Kind::Phone => Some(without_spaces(&plain)),
        Kind::Bank => Some(without_spaces(&plain).replace('-', "")),
    };
    read.unwrap_or(clean)
}

/// Full-width forms and Chinese stops as ASCII.
fn ascii(text: &str) -> String {
    let plain = |c: char| match c {
        '。' => '.',
        '—' | '–' | '−' => '-',
        _ => c,
    };
    narrow(text).chars().map(plain).collect::<String>().trim().to_owned()
}

/// Only letters and digits become ASCII: Chinese punctuation belongs to Chinese text.
fn narrow_letters(text: &str) -> String {
    let letter = |c: char| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    text.chars()
        .map(|c| if letter(c) { narrow(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c) } else { c })
        .collect()
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    if let Some(count) = text.strip_prefix('-').and_then(few_days) {
        return today.checked_sub_days(count);
    }
    if let Some(count) = text.strip_prefix('+').and_then(few_days) {
        return today.checked_add_days(count);
    }
    let found = match parts(text).as_slice() {
        [whole] if whole.len() == 8 => {
            let (year, month, day) = (whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?);
            format!("{year}-{month}-{day}")
        }
        [month, day] if month.len() <= 2 && day.len() <= 2 => {
            format!("{:04}-{month:0>2}-{day:0>2}", today.year())
        }
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            format!("{year}-{month:0>2}-{day:0>2}")
        }
        _ => return None,
    };
    date(&found)
}

fn few_days(text: &str) -> Option<Days> {
    let good = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if good { text.parse().ok().map(Days::new) } else { None }
}

/// The groups of digits of a date; nothing where anything else stands in it.
fn parts(text: &str) -> Vec<String> {
    let separator = |c: char| matches!(c, '.' | '-' | '/' | '年' | '月' | '日' | '号' | ' ');
    let parts: Vec<String> = text.split(separator).filter(|p| !p.is_empty()).map(str::to_owned).collect();
    if parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit())) { parts } else { Vec::new() }
}

fn year_month(text: &str) -> Option<String> {
    let found = match parts(text).as_slice() {
        [whole] if whole.len() == 6 => format!("{}-{}", whole.get(..4)?, whole.get(4..)?),
        [year, month] if year.len() == 4 && month.len() <= 2 => format!("{year}-{month:0>2}"),
        _ => return None,
    };
    month(&found).map(|_| found)
}

/// Yuan as stored; a slipped comma or a third decimal is no amount.
fn amount(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '¥' | '￥' | '元')).collect();
    parse_yuan(&bare).ok().filter(|fen| fen.0 >= 0).map(|fen| fen.to_yuan())
}

fn whole(text: &str) -> Option<String> {
    let bare = without_spaces(text);
    if bare.is_empty() || !bare.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let trimmed = bare.trim_start_matches('0');
    Some(if trimmed.is_empty() { "0".to_owned() } else { trimmed.to_owned() })
}

/// A number without grouping, leading zeros and idle decimals: `1,234.50` is `1234.5`.
fn quantity(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '¥' | '￥' | '元')).collect();
    let (whole, fraction) = bare.split_once('.').map_or((bare.as_str(), None), |(w, f)| (w, Some(f)));
    // The commas of an amount, and nothing else of it.
    let whole =
        if whole.contains(',') { amount(whole)?.strip_suffix(".00")?.to_owned() } else { whole.to_owned() };
    let plain = fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}"));
    let millionths = decimal(&plain)?;
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

fn share(text: &str) -> Option<String> {
    let bare = without_spaces(text);
    let ten_thousandths = match bare.strip_suffix('%') {
        Some(percent) => {
            let (whole, fraction) = percent.split_once('.').unwrap_or((percent, ""));
            let good = (1..=3).contains(&whole.len()) && fraction.len() <= 2;
            let digits = format!("{whole}{fraction:0<2}");
            let share: i64 =
                digits.parse().ok().filter(|_| good && digits.bytes().all(|b| b.is_ascii_digit()))?;
            (share <= 10_000).then_some(share)?
        }
        None => ratio(&bare)?,
    };
    Some(format!("{}.{:04}", ten_thousandths / 10_000, ten_thousandths % 10_000))
}

fn flag(text: &str) -> Option<String> {
    match text {
        "1" | "是" | "有" | "y" | "Y" | "√" => Some("1".to_owned()),
        "0" | "否" | "无" | "n" | "N" => Some("0".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(kind: Kind, raw: &str) -> String {
        normalize(kind, raw, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap())
    }

    #[test]
    fn dates_as_a_clerk_types_them() {
        for (raw, canonical) in [
            ("8.3", "2026-08-03"),
            ("８．３", "2026-08-03"),
            ("8。3", "2026-08-03"),
            ("8月3日", "2026-08-03"),
            ("-3", "2026-11-17"),
            ("－３", "2026-11-17"),
            ("+1", "2026-11-21"),
            ("20260803", "2026-08-03"),
            ("2026.8.3", "2026-08-03"),
            ("2026年8月3日", "2026-08-03"),
            ("2026-08-03", "2026-08-03"),
            ("2.29", "2.29"),
            ("20261301", "20261301"),
            ("昨天", "昨天"),
            ("", ""),
        ] {
            assert_eq!(typed(Kind::Date, raw), canonical, "{raw}");
        }
        assert_eq!(typed(Kind::Month, "202608"), "2026-08");
        assert_eq!(typed(Kind::Month, "2026年8月"), "2026-08");
    }

    #[test]
    fn amounts_and_shares() {
        for (raw, canonical) in [
            ("1,234.5", "1234.50"),
            ("１２３４．５", "1234.50"),
            ("¥1，234", "1234.00"),
            ("007", "7.00"),
            ("0", "0.00"),
            ("12.345", "12.345"),
            ("12,34", "12,34"),
            ("-5", "-5"),
            ("五元", "五元"),
        ] {
            assert_eq!(typed(Kind::Money, raw), canonical, "{raw}");
        }
        for (raw, canonical) in [
            ("1,234.50", "1234.5"),
            ("０２", "2"),
            ("0.0833", "0.0833"),
            ("10", "10"),
            ("0", "0"),
            ("12,34", "12,34"),
            ("-2", "-2"),
            ("1e3", "1e3"),
            ("2.", "2."),
        ] {
            assert_eq!(typed(Kind::Decimal, raw), canonical, "{raw}");
        }
        for (raw, canonical) in [("15%", "0.1500"), ("0.15", "0.1500"), ("12.5%", "0.1250"), ("150%", "150%")]
        {
            assert_eq!(typed(Kind::Ratio, raw), canonical, "{raw}");
        }
    }

    #[test]
    fn numbers_names_and_flags() {
        assert_eq!(typed(Kind::Certificate, "45142419900101004x"), "45142419900101004X");
        assert_eq!(typed(Kind::Certificate, "４５１４２４ 19900101 004ｘ"), "45142419900101004X");
        assert_eq!(typed(Kind::Bank, "6228 4800 0000 0000 000"), "6228480000000000000");
        assert_eq!(typed(Kind::Name, " 农 小芳 "), "农小芳");
        assert_eq!(typed(Kind::Name, "买买提•艾力"), "买买提·艾力");
        assert_eq!(typed(Kind::Name, "Nguyen Van An"), "Nguyen Van An");
        assert_eq!(typed(Kind::Text, "三合村５组，Ａ座"), "三合村5组，A座");
        assert_eq!(typed(Kind::Name, "李U+4DAE"), "李䶮");
        assert_eq!(typed(Kind::Name, "李u4dae"), "李䶮");
        assert_eq!(typed(Kind::Text, "u5498村Ｕ＋３Ｆ０６巷"), "咘村㼆巷");
        assert_eq!(typed(Kind::Text, "U+200B"), "U+200B");
        assert_eq!(typed(Kind::Certificate, "U+4DAE"), "U+4DAE");
        assert_eq!(typed(Kind::Flag, "是"), "1");
        assert_eq!(typed(Kind::Flag, "也许"), "也许");
        assert_eq!(typed(Kind::Int, "０07"), "7");
        assert_eq!(typed(Kind::Text, "a\u{1b}[31mb\n"), "a[31mb");
        assert_eq!(typed(Kind::Note, "一\n二"), "一\n二");
    }
}
