//! The built-in checks: does a value fit its kind, exist in its code table, keep its length. Knows nothing of rules
//! between fields.

use super::data::{FieldPath, FormData};
use super::def::{Field, FormDef, Kind, Severity};
use super::eval::EvalContext;
use super::value::readable;
use crate::identity::text::{is_private_use, is_refused};
use crate::identity::{check_account, check_certificate, check_name};

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
    if text.chars().any(|c| is_refused(c) && !(c == '\n' && spec.kind == Kind::Note)) {
        found.push(error("kind.control", "含有看不见的控制字符，请重新输入"));
    }
    if matches!(spec.kind, Kind::Name | Kind::Text | Kind::Note) {
        found.extend(unprintable(text, context));
    }
    let length = text.chars().count();
    if length > field.max {
        found.push(error("length", format!("共 {length} 个字，最多 {} 个字，请缩短", field.max)));
    }
    match (spec.kind, sort_beside(data, path, field)) {
        (kind, _) if !readable(kind, text) => found.push(unreadable(kind)),
        (Kind::Name, _) => found.extend(name(text)),
        (Kind::Phone, _) if !is_phone(text) => found.push(error("kind.phone", PHONE)),
        (Kind::Bank, sort) => found.extend(bank(text, sort)),
        (Kind::Certificate, Some(sort)) => found.extend(certificate(text, sort, context)),
        _ => {}
    }
    let unknown = spec.codes.as_deref().is_some_and(|table| context.codes.label(table, text).is_none());
    if unknown && !spec.is_open_for(text) {
        let shown: String = text.chars().take(20).collect();
        found.push(error("kind.code", format!("没有代码“{shown}”，按 F4 选择")));
    }
    found
}

/// The first character that no embedded font holds: the paper could not show it (product 2.6). Controls have been
/// complained about already.
fn unprintable(text: &str, context: &EvalContext<'_>) -> Option<Objection> {
    let lost = |c: &char| !c.is_whitespace() && !is_refused(*c) && !context.glyphs.has(*c);
    let missing = text.chars().find(lost)?;
    let code = u32::from(missing);
    let way = if is_private_use(missing) {
        "这是自造字，请按证件改用标准字（可键入 U+ 加码位）"
    } else {
        "请核对是否为证件上的字；确为此字的，请管理员更新打印字库"
    };
    Some(error("kind.glyph", format!("“{missing}”（U+{code:04X}）纸上印不出：{way}")))
}

const PHONE: &str = "不是电话号码：手机为 1 开头的 11 位数字，座机为 区号-号码";

/// The sort of a certificate or account: from the field beside it in the same row, else of the form. A certificate
/// with no field beside is a resident ID; nothing while the sort is not filled yet.
pub(super) fn sort_beside<'d>(data: &'d FormData, path: &FieldPath, field: &Field) -> Option<&'d str> {
    let Some(beside) = &field.beside else { return Some("01") };
    let near = data.get(&FieldPath { row: path.row.clone(), field: beside.clone() });
    let sort = if near.is_empty() { data.field(beside) } else { near };
    (!sort.is_empty()).then_some(sort)
}

fn unreadable(kind: Kind) -> Objection {
    match kind {
        Kind::Date => error("kind.date", "日期不存在或写法不对，应为 2026-08-03，也可键入 8.3 或 20260803"),
        Kind::Month => error("kind.month", "年月写法不对，应为 2026-08，也可键入 202608"),
        Kind::Money => error("kind.money", "金额写法不对，应为不带负号、最多两位小数的数字，如 1234.50"),
        Kind::Int => error("kind.int", "应为整数，最多 9 位"),
        Kind::Decimal => error("kind.decimal", "应为不带负号、最多六位小数的数，如 2 或 0.0833"),
        Kind::Ratio => error("kind.ratio", "比例应在 0 与 1 之间，最多四位小数，如 0.15，也可键入 15%"),
        _ => error("kind.flag", "应为“是”(1) 或“否”(0)"),
    }
}

fn name(text: &str) -> Vec<Objection> {
    match check_name(text) {
        Err(problem) => vec![error("kind.name", problem.zh())],
        Ok(name) if name.normal != text => vec![error("kind.name", format!("应写作“{}”", name.normal))],
        Ok(name) => name.notes.into_iter().map(|note| warning("kind.name.note", note.zh())).collect(),
    }
}

/// A mobile number, or a fixed line with area code.
fn is_phone(text: &str) -> bool {
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

/// Judged by the sort of account (1 and 2 cards, 3 bank book); without one, anything that can be an account.
fn bank(text: &str, sort: Option<&str>) -> Option<Objection> {
    match check_account(sort.filter(|s| matches!(*s, "1" | "2")).unwrap_or("3"), text) {
        Err(problem) => Some(error("kind.bank", problem.zh())),
        Ok(digits) if digits != text => Some(error("kind.bank", format!("应写作 {digits}"))),
        Ok(_) => None,
    }
}

/// A number that cannot be one is an error; one that is whole but for its check character may be genuine (reference
/// 6.1, trap 2) and passes with a reason.
fn certificate(text: &str, sort: &str, context: &EvalContext<'_>) -> Vec<Objection> {
    match check_certificate(sort, text, context.today) {
        Err(problem) if problem.is_overridable() => vec![warning("kind.certificate.check", problem.zh())],
        Err(problem) => vec![error("kind.certificate", problem.zh())],
        Ok(read) if read.normal != text => {
            vec![error("kind.certificate", format!("应写作 {}", read.normal))]
        }
        Ok(read) => read.notes.into_iter().map(|note| warning("kind.certificate.note", note.zh())).collect(),
    }
}
