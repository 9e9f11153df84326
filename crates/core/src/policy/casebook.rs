//! Policy tests in the words of the people who apply the rule: one text file each, `键：值` on every line — article,
//! inputs, what must come out. Knows how a case is run and compared; the reading of the lines is below.

mod lines;
mod read;
mod settlement;

use chrono::NaiveDate;

use super::ask::{Answer, Question, ask};
use super::contribution::{Identity, contribution};
use super::entitlement::Cover;
use super::gap::PolicyGap;
use super::load::PolicyError;
use super::pack::PolicyPack;
use super::settle::{SettleInput, settle};

/// One test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyCase {
    /// File name as given.
    pub file: String,
    /// What it is about (名称).
    pub title: String,
    /// Article (条款).
    pub article: String,
    /// Area (地区).
    pub area: String,
    /// Remarks (说明).
    pub remarks: Vec<String>,
    /// What is asked (问), in Chinese.
    pub asks: &'static str,
    /// The inputs as written, in order.
    pub inputs: Vec<(String, String)>,
    /// What must come out, in order.
    pub expected: Vec<Expectation>,
    question: Asked,
}

/// One thing that must come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// What: a key (应得, 规则) or one amount (应得 个人负担).
    pub what: String,
    /// As written.
    pub value: String,
    /// Line, from 1.
    pub line: usize,
}

/// Expected and found, side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// What.
    pub what: String,
    /// As the file says.
    pub expected: String,
    /// As the program says; empty if it says nothing of it.
    pub got: String,
    /// Line of the expectation.
    pub line: usize,
}

impl Compared {
    /// True if both are the same.
    pub fn right(&self) -> bool {
        self.expected == self.got
    }
}

/// The question behind a case.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Answer(Question),
    Contribution { insu_year: i32, paid: NaiveDate, identities: Vec<Identity> },
    Settlement(Box<SettleInput>),
}

impl PolicyCase {
    /// Reads one test.
    ///
    /// # Errors
    /// Every unknown, missing or doubled key and every value that cannot be read, with file, line and what to write.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<PolicyError>> {
        read::case(file, text)
    }

    /// Runs it by the law of `pack`, which must be the pack of its area.
    pub fn run(&self, pack: &PolicyPack) -> Vec<Compared> {
        let found = match &self.question {
            Asked::Answer(question) => answered(pack, question),
            Asked::Contribution { insu_year, paid, identities } => {
                paid_by(pack, *insu_year, identities, *paid)
            }
            Asked::Settlement(input) => match settle(pack, input) {
                Ok(settled) => settlement::found(&settled),
                Err(gap) => silence(&gap),
            },
        };
        let compare = |expected: &Expectation| {
            let mut values = found.iter().filter(|(what, _)| *what == expected.what).map(|(_, value)| value);
            // Of several answers (other readings) the one that was expected, else the first.
            let got = values.clone().find(|value| **value == expected.value).or_else(|| values.next());
            Compared {
                what: expected.what.clone(),
                expected: expected.value.clone(),
                got: got.cloned().unwrap_or_default(),
                line: expected.line,
            }
        };
        self.expected.iter().map(compare).collect()
    }
}

/// What was found, by what it is.
type Found = Vec<(String, String)>;

fn pair(what: &str, value: impl Into<String>) -> (String, String) {
    (what.to_owned(), value.into())
}

/// The word for a cover, as the texts write it.
fn cover_word(cover: Cover) -> String {
    match cover {
        Cover::Days { start, end } => format!("{start} 至 {end}"),
        Cover::Void => "不能享受".to_owned(),
        Cover::Closed => "未到缴费期".to_owned(),
    }
}

fn answered(pack: &PolicyPack, question: &Question) -> Found {
    let answer = match ask(pack, question) {
        Ok(answer) => answer,
        Err(gap) => return silence(&gap),
    };
    let certain = pair("把握", if answer.certain() { "明确" } else { "推定" });
    match answer {
        Answer::Entitled(found) => {
            let mut all = vec![pair("应得", cover_word(found.cover)), pair("规则", found.rule), certain];
            all.extend(found.alternatives.iter().map(|other| pair("另一理解", cover_word(other.cover))));
            all
        }
        Answer::Status(found) => {
            let words = if found.statuses.is_empty() { "由本人选择".to_owned() } else { found.words() };
            let mut all = vec![pair("应得", words), pair("规则", found.rule), certain];
            if !found.needs.is_empty() {
                all.push(pair("先要", found.needs));
            }
            all
        }
    }
}

fn paid_by(pack: &PolicyPack, insu_year: i32, identities: &[Identity], paid: NaiveDate) -> Found {
    match contribution(pack, insu_year, identities, paid) {
        Ok(found) => {
            let mut all = vec![
                pair("应得 标准", found.standard.to_yuan()),
                pair("应得 补助", found.subsidy.to_yuan()),
                pair("应得 资助", found.aid.to_yuan()),
                pair("应得 个人", found.personal.to_yuan()),
                pair("应得 标准年度", found.standard_year.to_string()),
            ];
            if let Some(collection) = &found.collection {
                all.push(pair("应得 时间", collection.standing.label()));
            }
            all
        }
        Err(gap) => silence(&gap),
    }
}

/// Where there is no answer: the silence of the text, people who must prove something, a value that is not at hand.
fn silence(gap: &PolicyGap) -> Found {
    match gap {
        PolicyGap::Silent { rule, .. } => {
            vec![pair("应得", "没有规定"), pair("规则", rule.clone()), pair("把握", "推定")]
        }
        PolicyGap::Needs { rule, .. } => {
            vec![pair("应得", "须先核实身份"), pair("规则", rule.clone()), pair("把握", "推定")]
        }
        PolicyGap::NotCovered { .. } | PolicyGap::NoParameter { .. } => vec![pair("应得", "没有参数")],
        PolicyGap::Input { .. } | PolicyGap::Broken { .. } => vec![pair("应得", gap.to_string())],
    }
}
