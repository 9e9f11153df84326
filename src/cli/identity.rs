//! `id check`: a number of any kind and a name, with the reason and with what they say. Knows how an answer is written;
//! the judgement is the core's.

use std::path::Path;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use xiangbao_core::code::CodeBook;
use xiangbao_core::identity::{
    Certificate, Name, NumberKind, check_name, check_number, is_newborn_name, other_kinds, read_list,
    with_rare_named,
};

use super::output::{Exit, complain, json as answer, say};
use crate::app::{Clock, Library, SystemClock, local};
use crate::print::glyphs;

/// Largest list, in bytes.
const MOST_BYTES: u64 = 16 << 20;

/// What is asked.
pub struct Question<'a> {
    /// A number of the kind.
    pub number: Option<&'a str>,
    /// Code of `psn_cert_type`, or a name of [`NumberKind::NAMES`].
    pub kind: &'a str,
    /// A name.
    pub name: Option<&'a str>,
}

/// Checks a number, a name, or both; negative when either is wrong.
pub fn check(folder: &Path, question: &Question<'_>, as_json: bool) -> Exit {
    let codes = match Library::codes(Some(folder)) {
        Ok(codes) => codes,
        Err(faults) => {
            faults.0.iter().for_each(complain);
            return Exit::Negative;
        }
    };
    let part = judge(question, today(), &codes);
    if as_json {
        answer(&Value::Object(part.fields));
    } else {
        part.lines.iter().for_each(say);
    }
    if part.good { Exit::Done } else { Exit::Negative }
}

/// Checks a list, line by line; people read only the lines with something to say, machines get every line. Negative when
/// one is wrong.
pub fn check_file(folder: &Path, file: &Path, kind: &str, as_json: bool) -> Exit {
    let list = match std::fs::metadata(file).map(|about| about.len()) {
        Ok(length) if length > MOST_BYTES => {
            complain(format!("{}：超过 {} MB，请分成几个文件。", file.display(), MOST_BYTES >> 20));
            return Exit::Negative;
        }
        _ => std::fs::read_to_string(file),
    };
    let (codes, text) = match (Library::codes(Some(folder)), list) {
        (Ok(codes), Ok(text)) => (codes, text),
        (_, Err(error)) if error.kind() == std::io::ErrorKind::InvalidData => {
            complain(format!("{}：不是 UTF-8 文本，请在表格软件中另存为“CSV UTF-8”。", file.display()));
            return Exit::Negative;
        }
        (_, Err(error)) => {
            complain(format!("{}：{error}", file.display()));
            return Exit::Fault;
        }
        (Err(faults), _) => {
            faults.0.iter().for_each(complain);
            return Exit::Negative;
        }
    };
    let list = match read_list(&text) {
        Ok(list) => list,
        Err(error) => {
            complain(format!("{}：{}", file.display(), error.zh()));
            return Exit::Negative;
        }
    };
    let today = today();
    let (mut wrong, mut noted) = (0, 0);
    for row in &list {
        let filled = |text: &'_ str| !text.is_empty();
        let question = Question {
            // A line without a name must have a number.
            number: Some(row.number.as_str()).filter(|number| filled(number) || row.name.is_empty()),
            kind: if row.kind.is_empty() { kind } else { &row.kind },
            name: Some(row.name.as_str()).filter(|name| filled(name)),
        };
        let mut part = judge(&question, today, &codes);
        wrong += usize::from(!part.good);
        noted += usize::from(part.good && !part.remarks.is_empty());
        if as_json {
            part.set("line", row.line);
            answer(&Value::Object(part.fields));
        } else {
            part.remarks.iter().for_each(|remark| say(format!("第{}行：{remark}", row.line)));
        }
    }
    if !as_json {
        say(format!("共{}行，{wrong}行有错，{noted}行请核对。", list.len()));
    }
    if wrong == 0 { Exit::Done } else { Exit::Negative }
}

pub(super) fn today() -> NaiveDate {
    local(SystemClock.now_ms()).date_naive()
}

/// Number and name in one answer.
fn judge(question: &Question<'_>, today: NaiveDate, codes: &CodeBook) -> Part {
    let mut whole = Part::new(true);
    if let Some(number) = question.number {
        whole = judge_number(number, question.kind, today, codes);
    }
    if let Some(name) = question.name {
        let part = judge_name(name, question.kind);
        whole.good &= part.good;
        whole.lines.extend(part.lines);
        whole.remarks.extend(part.remarks);
        whole.set("name", Value::Object(part.fields));
    }
    whole.set("ok", whole.good);
    whole
}

/// One judgement, for machines and for people.
struct Part {
    good: bool,
    fields: Map<String, Value>,
    /// Everything there is to say, for people.
    lines: Vec<String>,
    /// What is wrong or worth a look.
    remarks: Vec<String>,
}

impl Part {
    fn new(good: bool) -> Self {
        Self { good, fields: Map::new(), lines: Vec::new(), remarks: Vec::new() }
    }

    fn remark(&mut self, sentence: String) {
        self.lines.push(sentence.clone());
        self.remarks.push(sentence);
    }

    /// Notes, each with its code.
    fn note(&mut self, notes: Vec<Value>) {
        let sentences = notes.iter().filter_map(|note| note.get("message")?.as_str().map(str::to_owned));
        sentences.for_each(|sentence| self.remark(sentence));
        self.set("notes", notes);
    }

    fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.fields.insert(key.to_owned(), value.into());
    }
}

fn judge_number(number: &str, word: &str, today: NaiveDate, codes: &CodeBook) -> Part {
    let kind = NumberKind::of(word);
    let label = kind.label().or_else(|| codes.label("psn_cert_type", word)).unwrap_or("");
    let mut part = match check_number(kind, number, today) {
        Ok(read) => {
            let mut part = Part::new(true);
            part.lines.push(format!("正确：{}", read.normal));
            says(&read, codes, &mut part);
            part
        }
        Err(error) => {
            let mut part = Part::new(false);
            part.remark(error.zh());
            part.set("code", error.code());
            part.set("message", error.zh());
            part.set("overridable", error.is_overridable());
            let others = other_kinds(kind, number, today);
            if !others.is_empty() {
                part.remark(format!("按{}核对是对的：请核对种类。", others.join("、")));
            }
            part.set("fits_instead", others);
            if let Some(read) = error.reading() {
                let mut inner = Part::new(true);
                says(read, codes, &mut inner);
                part.set("if_let_pass", Value::Object(inner.fields));
            }
            part
        }
    };
    part.set("kind", json!({ "code": word, "label": label }));
    part
}

/// What the number says: normal form, birth, sex, place as of its time, country, inner organisation, notes.
fn says(read: &Certificate, codes: &CodeBook, part: &mut Part) {
    part.set("normal", read.normal.as_str());
    part.set("brdy", json!(read.birth));
    part.set("gend", json!(read.sex_code));
    if let Some(birth) = read.birth {
        let sex = read.sex_code.and_then(|code| codes.label("gend", code)).unwrap_or("");
        part.lines.push(format!("出生日期 {birth}，{sex}"));
    }
    let region = read.division.as_deref().and_then(|division| codes.id_region(division));
    let mut notes: Vec<Value> =
        read.notes.iter().map(|note| json!({ "code": note.code(), "message": note.zh() })).collect();
    part.set("division", json!(read.division));
    part.set(
        "region",
        json!(region.as_ref().map(|region| json!({
            "name": region.name, "standing": region.standing_code(), "text": region.zh(),
        }))),
    );
    if let Some(region) = &region {
        part.lines.push(format!("地址码 {}：{}", region.code, region.zh()));
        if let Some(doubt) = region.doubt(read.birth) {
            notes.push(json!({ "code": "NOTE-REGION", "message": doubt }));
        }
    }
    for (key, label, value) in
        [("country", "国籍代码", &read.country), ("organisation", "组织机构代码", &read.organisation)]
    {
        part.set(key, json!(value));
        if let Some(value) = value {
            part.lines.push(format!("{label} {value}"));
        }
    }
    part.note(notes);
}

fn judge_name(typed: &str, kind: &str) -> Part {
    match check_name(typed) {
        Ok(name) => named(&name, kind),
        Err(error) => {
            let mut part = Part::new(false);
            part.remark(format!("姓名：{}", error.zh()));
            part.set("code", error.code());
            part.set("message", error.zh());
            part
        }
    }
}

/// A name that is one: how it is stored, and whether the paper can show it.
fn named(name: &Name, kind: &str) -> Part {
    let fonts = glyphs();
    let missing: Vec<char> =
        name.normal.chars().filter(|found| !found.is_whitespace() && !fonts.has(*found)).collect();
    let mut part = Part::new(missing.is_empty());
    part.lines.push(format!("姓名 {}", with_rare_named(&name.normal)));
    let mut notes: Vec<Value> =
        name.notes.iter().map(|note| json!({ "code": note.code(), "message": note.zh() })).collect();
    if is_newborn_name(&name.normal) && kind != "990201" {
        let message = "像是未取名的新生儿：应凭出生医学证明（证件类型 990201）登记。";
        notes.push(json!({ "code": "NOTE-NEWBORN", "message": message }));
    }
    part.note(notes);
    for found in &missing {
        part.remark(format!(
            "“{found}”（U+{:04X}）不在打印字库中，纸上印不出：请核对是否为证件上的字。",
            u32::from(*found)
        ));
    }
    let points: Vec<String> = missing.iter().map(|found| format!("U+{:04X}", u32::from(*found))).collect();
    part.set("normal", name.normal.as_str());
    part.set("shown", with_rare_named(&name.normal).into_owned());
    part.set("not_printable", points);
    part
}
