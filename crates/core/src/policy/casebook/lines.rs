//! The lines of a policy test, `键：值`. Knows line numbers and which keys were asked for; knows no question.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::money::{Fen, parse_yuan};
use crate::policy::load::PolicyError;
use crate::policy::read::parse_date;

/// Lines of one file, at most.
const MAX_LINES: usize = 400;
/// Characters of one line, at most.
const MAX_CHARS: usize = 400;

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) key: String,
    pub(super) value: String,
}

/// The lines of one file and the mistakes found so far.
pub(super) struct Lines<'a> {
    file: &'a str,
    lines: Vec<Line>,
    asked: BTreeSet<&'static str>,
    errors: Vec<PolicyError>,
    last: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(file: &'a str, text: &str) -> Self {
        let mut all = Self { file, lines: Vec::new(), asked: BTreeSet::new(), errors: Vec::new(), last: 1 };
        for (index, line) in text.lines().enumerate() {
            let number = index.saturating_add(1);
            all.last = number;
            let line = line.trim();
            if number > MAX_LINES || line.chars().count() > MAX_CHARS {
                all.error(number, "", "文件或这一行太长", "一个用例写一个文件，一行不超过 400 字");
                break;
            }
            if line.chars().any(char::is_control) {
                all.error(number, "", "行中有控制字符", "删去，只写文字");
                continue;
            }
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once('：') {
                Some((key, value)) if !key.trim().is_empty() && !value.trim().is_empty() => {
                    let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
                    all.lines.push(Line { number, key, value });
                }
                Some((key, _)) => all.error(number, key, "没有内容", "冒号两边都要写，没有的整行删去"),
                None => all.error(number, line, "不是“键：值”", "写成 缴费日期：2018-06-30（全角冒号）"),
            }
        }
        all
    }

    pub(super) fn error(
        &mut self,
        line: usize,
        key: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.errors.push(PolicyError {
            file: self.file.to_owned(),
            line,
            key: key.to_owned(),
            message: message.into(),
            fix: fix.into(),
        });
    }

    /// Every line but those of the head and of the outcome: the inputs, as written.
    pub(super) fn others(&self, head: &[&str], outcome: &[&str]) -> Vec<(String, String)> {
        let own = |line: &&Line| !head.contains(&line.key.as_str()) && !outcome.contains(&line.key.as_str());
        self.lines.iter().filter(own).map(|line| (line.key.clone(), line.value.clone())).collect()
    }

    /// The mistakes found, where the rest cannot be judged.
    pub(super) fn broken(self) -> Vec<PolicyError> {
        self.errors
    }

    /// Every line with this key.
    pub(super) fn all(&mut self, key: &'static str) -> Vec<Line> {
        self.asked.insert(key);
        self.lines.iter().filter(|line| line.key == key).cloned().collect()
    }

    /// The line with this key, if any; a second one is a mistake.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Line> {
        let mut found = self.all(key).into_iter();
        let first = found.next();
        for more in found {
            self.error(more.number, key, "写了两次", "只留一行");
        }
        first
    }

    /// The line with this key; its absence is a mistake.
    pub(super) fn need(&mut self, key: &'static str) -> Option<Line> {
        let found = self.take(key);
        if found.is_none() {
            self.error(self.last, key, "缺少这一行", format!("写上 {key}：…"));
        }
        found
    }

    /// A mistake in the value of `line`; always `None`.
    pub(super) fn wrong<T>(&mut self, line: &Line, message: impl Into<String>, fix: &str) -> Option<T> {
        self.error(line.number, &line.key, message, fix);
        None
    }

    pub(super) fn date(&mut self, line: &Line) -> Option<NaiveDate> {
        let day = parse_date(&line.value);
        day.or_else(|| self.wrong(line, format!("“{}”不是日期", line.value), "写成 2018-06-30"))
    }

    pub(super) fn year(&mut self, line: &Line) -> Option<i32> {
        let year = line.value.parse().ok().filter(|year| (1990..=2200).contains(year));
        year.or_else(|| self.wrong(line, format!("“{}”不是年度", line.value), "写成 2018"))
    }

    pub(super) fn number(&mut self, line: &Line, text: &str) -> Option<u32> {
        let number = text.parse().ok();
        number.or_else(|| self.wrong(line, format!("“{text}”不是数字"), "写成 1"))
    }

    pub(super) fn money(&mut self, line: &Line, text: &str) -> Option<Fen> {
        let amount = parse_yuan(text).ok().filter(|amount| *amount >= Fen::ZERO);
        amount.or_else(|| self.wrong(line, format!("“{text}”不是金额"), "写成元，如 1234.50"))
    }

    /// Reports the keys that nobody asked for; the mistakes, if any.
    pub(super) fn finish(mut self) -> Vec<PolicyError> {
        let known = self.asked.iter().copied().collect::<Vec<_>>().join("、");
        let unknown: Vec<Line> =
            self.lines.iter().filter(|line| !self.asked.contains(line.key.as_str())).cloned().collect();
        for line in unknown {
            self.error(line.number, &line.key, "不认识的键", format!("删去，或改为：{known}"));
        }
        self.errors.sort_by_key(|error| error.line);
        self.errors
    }
}
