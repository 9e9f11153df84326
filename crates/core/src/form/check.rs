//! The built-in checks: does a value fit its kind, exist in its code table, keep its length. Knows nothing of rules
//! between fields.

use chrono::NaiveDate;

use super::data::{FieldPath, FormData};
use super::def::{Field, FormDef, Kind, Severity};
use super::eval::EvalContext;
use super::value::{date, readable};

/// What a built-in check has against a value.
pub(super) struct Objection {
    pub(super) rule: &'static str,
    pub(super) severity: Severity,
    pub(super) message: String,
}

fn error(rule: &'static str, message: impl Into<String>) -> Objection {
    Objection { rule, severity: Severity::Error, message: message.into() }
}

fn warning(rule: &'static str, message: impl Into<String>) -> Objection {
    Objection { rule, severity: Severity::Warning, message: message.into() }
}

/// Judges one filled value.
pub(super) fn objections(
    def: &FormDef,
    data: &FormData,
    path: &FieldPath,
    field: &Field,
    context: &EvalContext<'_>,
) -> Vec<Objection> {
    let text = data.get(path);
    let Some(spec) = def.kind_at(data, path) else { return Vec::new() };
    let mut found = Vec::new();
    let broken_line = spec.kind != Kind::Note && text.contains('\n');
    if broken_line || text.chars().any(|c| c.is_control() && c != '\n') {
        found.push(error("kind.control", "含有看不见的控制字符，请重新输入"));
    }
    let length = text.chars().count();
    if length > field.max {
        found.push(error("length", format!("共 {length} 个字，最多 {} 个字，请缩短", field.max)));
    }
    found.extend(by_kind(spec.kind, text, &sort_beside(data, path, field)));
    if let Some(table) = spec.codes.as_deref().filter(|table| context.codes.label(table, text).is_none()) {
        let shown: String = text.chars().take(20).collect();
        found.push(error("kind.code", format!("代码“{shown}”不在代码表（{table}）中，按 F4 选择")));
    }
    found
}

/// The value of the field that tells the sort of a certificate or account: in the same row, else of the form.
fn sort_beside(data: &FormData, path: &FieldPath, field: &Field) -> String {
    let Some(beside) = &field.beside else { return String::new() };
    let near = data.get(&FieldPath { row: path.row.clone(), field: beside.clone() });
    if near.is_empty() { data.field(beside).to_owned() } else { near.to_owned() }
}

fn by_kind(kind: Kind, text: &str, sort: &str) -> Option<Objection> {
    match kind {
        _ if !readable(kind, text) => Some(unreadable(kind)),
        Kind::Name => name(text),
        Kind::Phone => (!is_phone(text))
            .then(|| error("kind.phone", "不是电话号码：手机为 1 开头的 11 位数字，座机为 区号-号码")),
        Kind::Bank => bank(text, sort),
        Kind::Certificate => certificate(text, sort),
        _ => None,
    }
}

fn unreadable(kind: Kind) -> Objection {
    match kind {
        Kind::Date => error("kind.date", "日期不存在或写法不对，应为 2026-08-03，也可键入 8.3 或 20260803"),
        Kind::Month => error("kind.month", "年月写法不对，应为 2026-08，也可键入 202608"),
        Kind::Money => error("kind.money", "金额写法不对，应为不带负号、最多两位小数的数字，如 1234.50"),
        Kind::Int => error("kind.int", "应为整数，最多 9 位"),
        Kind::Ratio => error("kind.ratio", "比例应在 0 与 1 之间，最多四位小数，如 0.15，也可键入 15%"),
        _ => error("kind.flag", "应为“是”(1) 或“否”(0)"),
    }
}

fn name(text: &str) -> Option<Objection> {
    let bad = |c: &char| c.is_numeric() || (c.is_ascii_punctuation() && !matches!(c, '.' | '\'' | '-'));
    if let Some(found) = text.chars().find(bad) {
        return Some(error("kind.name", format!("姓名中不应有“{found}”，请按证件重新输入")));
    }
    if text.trim() != text {
        return Some(error("kind.name", "姓名前后有空格，请删去"));
    }
    let private = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}');
    text.chars().any(private).then(|| {
        warning("kind.name.private", "姓名中有自造字（私有区字符），别处可能显示不出，请尽量改用标准字")
    })
}

/// A mobile number, or a fixed line with area code.
pub(super) fn is_phone(text: &str) -> bool {
    let digits = |part: &str, least: usize, most: usize| {
        (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    let mobile =
        digits(text, 11, 11) && text.starts_with('1') && !matches!(text.as_bytes().get(1), Some(b'0'..=b'2'));
    let fixed = match text.split_once('-') {
        Some((area, number)) => area.starts_with('0') && digits(area, 3, 4) && digits(number, 7, 8),
        None => text.starts_with('0') && digits(text, 10, 12),
    };
    mobile || fixed
}

/// Bank cards obey Luhn, bank books do not (reference 6.5).
fn bank(text: &str, sort: &str) -> Option<Objection> {
    let numeric = text.bytes().all(|b| b.is_ascii_digit());
    let book = sort == "3";
    let (least, most) = if matches!(sort, "1" | "2") { (16, 19) } else { (12, 22) };
    if !numeric || !(least..=most).contains(&text.len()) {
        let what = if book || sort.is_empty() { "账号" } else { "卡号" };
        return Some(error("kind.bank", format!("{what}应为 {least} 至 {most} 位数字，请核对")));
    }
    (matches!(sort, "1" | "2") && !luhn(text))
        .then(|| error("kind.bank", "卡号校验不符，请逐位核对；如为存折，账户种类选“存折”"))
}

fn luhn(digits: &str) -> bool {
    let values = digits.bytes().rev().map(|b| u32::from(b.wrapping_sub(b'0')));
    let total: u32 = values
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => digit,
            _ => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    total.is_multiple_of(10)
}

fn certificate(text: &str, sort: &str) -> Option<Objection> {
    if !matches!(sort, "" | "01" | "17") {
        let good =
            (4..=30).contains(&text.chars().count()) && text.chars().all(|c| c.is_alphanumeric() || c == '-');
        return (!good).then(|| error("kind.certificate", "证件号码应为 4 至 30 位字母或数字，请核对"));
    }
    if text.len() != 18 || !text.bytes().take(17).all(|b| b.is_ascii_digit()) {
        return Some(error("kind.certificate", "身份证号码应为 18 位，末位可为 X，请核对"));
    }
    if resident_birth(text).is_none() {
        return Some(error("kind.certificate", "身份证号码中的出生日期不存在，请核对"));
    }
    (!whole_certificate("01", text)).then(|| {
        warning("kind.certificate.check", "身份证号码校验位不符，请逐位核对；证件确是如此的，注明理由")
    })
}

/// Birth date in a resident number (GB 11643).
pub(super) fn resident_birth(certno: &str) -> Option<NaiveDate> {
    let digits = certno.get(6..14).filter(|_| certno.len() == 18)?;
    date(&format!("{}-{}-{}", digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?))
}

/// Sex code in a resident number: `1` male, `2` female.
pub(super) fn resident_sex(certno: &str) -> Option<&'static str> {
    resident_birth(certno)?;
    let digit = certno.as_bytes().get(16).filter(|b| b.is_ascii_digit())?;
    Some(if digit % 2 == 1 { "1" } else { "2" })
}

/// Whether a certificate number is whole in every respect, check character included.
pub(super) fn whole_certificate(sort: &str, certno: &str) -> bool {
    if !matches!(sort, "" | "01" | "17") {
        return certificate(certno, sort).is_none();
    }
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let bytes = certno.as_bytes();
    if bytes.len() != 18 || !bytes.iter().take(17).all(u8::is_ascii_digit) || resident_birth(certno).is_none()
    {
        return false;
    }
    let total: u32 = bytes.iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    bytes.last() == b"10X98765432".iter().nth(usize::try_from(total % 11).unwrap_or(0))
}
