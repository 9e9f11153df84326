//! Recognises the titles of columns: the label of a field, its national name, or what schools write instead. Knows forms;
//! must not know rows.

use std::collections::BTreeMap;

use xiangbao_core::form::{FieldPath, FormDef, Section};

use super::fault::FileFault;
use super::grid::{Cell, Line, Sheet, letters};

/// Rows in which the titles are looked for.
const DEPTH: usize = 30;
/// Least number of recognised titles.
const LEAST: usize = 3;

/// What schools and their other programs call the fields of annex 2.
const ALIASES: &[(&str, &str)] = &[
    ("学生姓名", "psn_name"),
    ("身份证号", "certno"),
    ("身份证号码", "certno"),
    ("身份证件号", "certno"),
    ("身份证件号码", "certno"),
    ("公民身份号码", "certno"),
    ("学生身份证号", "certno"),
    ("身份证件类型", "psn_cert_type"),
    ("出生年月日", "brdy"),
    ("全国学籍号", "student_no"),
    ("学号", "student_no"),
    ("户籍", "resd_loc_admdvs"),
    ("户籍所在地", "resd_loc_admdvs"),
    ("户口所在地", "resd_loc_admdvs"),
    ("监护人", "guardian_name"),
    ("家长姓名", "guardian_name"),
    ("家长", "guardian_name"),
    ("家长电话", "guardian_tel"),
    ("监护人联系电话", "guardian_tel"),
    ("联系电话", "guardian_tel"),
    ("手机号", "guardian_tel"),
    ("是否特殊类型", "psn_idet_type"),
    ("特殊参保类型", "psn_idet_type"),
    ("特殊类型证号", "spec_cert_no"),
    ("是否已在村参保", "enrolled_in_village"),
    ("是否已在村社区参保", "enrolled_in_village"),
    ("已在村社区参保", "enrolled_in_village"),
    ("补助", "aid_amt"),
    ("个人缴费", "psn_clct_amt"),
    ("开户行", "bank_type_code"),
    ("银行", "bank_type_code"),
    ("账户名", "acct_name"),
    ("银行账号", "bankacct"),
    ("银行卡号", "bankacct"),
    ("账户类别", "acct_kind"),
];
/// Fields of the head that a file may hold row by row: they tell the classes apart.
const HEAD: [&str; 2] = ["grade", "class_name"];
/// Titles of columns that hold nothing of interest.
const IGNORED: [&str; 6] = ["序号", "编号", "本人监护人签名", "本人签名", "签名", "seq"];

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holds {
    /// A column of the table.
    Row(String),
    /// A field of the head.
    Head(String),
    /// Grade and class in one, such as 五年级1班.
    GradeAndClass,
    /// Nothing that is read.
    Nothing,
}

/// The titles of one sheet.
#[derive(Clone, Debug)]
pub(super) struct Titles {
    /// Index of their line among the sheet's lines.
    pub(super) line: usize,
    /// What each column holds.
    pub(super) columns: BTreeMap<usize, Holds>,
    /// Titles as written.
    pub(super) words: BTreeMap<usize, String>,
    /// Titles that nothing answers to, with the letter of their column.
    pub(super) unknown: Vec<String>,
}

/// Finds the titles of a sheet; none when no line has enough of them.
pub(super) fn find(sheet: &Sheet, def: &FormDef, section: &Section) -> Result<Option<Titles>, FileFault> {
    for (index, line) in sheet.lines.iter().take(DEPTH).enumerate() {
        let found = titles(index, line, def, section);
        let known = found.columns.values().filter(|holds| **holds != Holds::Nothing).count();
        let has = |id: &str| found.columns.values().any(|holds| *holds == Holds::Row(id.to_owned()));
        if known >= LEAST && has("psn_name") && has("certno") {
            once(sheet, &found)?;
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn titles(index: usize, line: &Line, def: &FormDef, section: &Section) -> Titles {
    let mut found =
        Titles { line: index, columns: BTreeMap::new(), words: BTreeMap::new(), unknown: Vec::new() };
    for (column, cell) in line.cells.iter().enumerate() {
        let Cell::Text(word) = cell else { continue };
        found.words.insert(column, word.clone());
        match holds(&plain(word), def, section) {
            Some(holds) => {
                found.columns.insert(column, holds);
            }
            None => found.unknown.push(format!("{} {word}", letters(column))),
        }
    }
    found
}

/// Two columns with the same content: which one is true, nobody can tell.
fn once(sheet: &Sheet, titles: &Titles) -> Result<(), FileFault> {
    let mut seen: BTreeMap<&Holds, usize> = BTreeMap::new();
    for (column, holds) in titles.columns.iter().filter(|(_, holds)| **holds != Holds::Nothing) {
        if let Some(first) = seen.insert(holds, *column) {
            return Err(FileFault::TitleTwice {
                sheet: sheet.name.clone(),
                title: titles.words.get(column).cloned().unwrap_or_default(),
                first: letters(first),
                second: letters(*column),
            });
        }
    }
    Ok(())
}

fn holds(word: &str, def: &FormDef, section: &Section) -> Option<Holds> {
    if IGNORED.contains(&word) {
        return Some(Holds::Nothing);
    }
    if matches!(word, "年级班级" | "年级及班级" | "班级全称") {
        return Some(Holds::GradeAndClass);
    }
    let own = section.fields.iter().find(|field| field.id == word || plain(&field.label) == word);
    if let Some(field) = own {
        return Some(Holds::Row(field.id.clone()));
    }
    let head = HEAD.iter().find(|id| {
        def.field(&FieldPath::single(id)).is_some_and(|field| field.id == word || plain(&field.label) == word)
    });
    if let Some(id) = head {
        return Some(Holds::Head((*id).to_owned()));
    }
    let (_, id) = ALIASES.iter().find(|(alias, _)| *alias == word)?;
    section.field(id).map(|field| Holds::Row(field.id.clone()))
}

/// A title without what is only decoration: blanks, line ends, stars, colons, brackets and what stands in them.
pub(super) fn plain(word: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for c in word.chars() {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth = depth.saturating_sub(1),
            '*' | '＊' | ':' | '：' | '、' | '/' => {}
            _ if depth > 0 || c.is_whitespace() => {}
            _ => kept.extend(c.to_lowercase()),
        }
    }
    kept
}
