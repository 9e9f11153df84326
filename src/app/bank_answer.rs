//! A bank's answer (回盘), whatever it answers: the file's door, a file that was seen before, the list that it is for, its
//! lines against those that were sent. Knows layouts and lists by what they have in common; must not know what follows from
//! an answer.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};
use xiangbao_core::event::{LineFinding, LineResult};
use xiangbao_core::money::Fen;
use xiangbao_core::payment::{Matched, Said, Sent, matched};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::Station;
use crate::exchange::MAX_FILE;
use crate::exchange::bank::{Back, Field, Layout, ReadFault, Use, read_back};
use crate::store::Snapshot;

/// What came of a returned file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReturnReport {
    /// Number of the list.
    pub no: String,
    /// Lines and sum that the bank did.
    pub done: (usize, Fen),
    /// Lines that it did not, with the reasons.
    pub failed: Vec<(u32, String, String)>,
    /// Their sum.
    pub failed_sum: Fen,
    /// Lines that were not taken.
    pub findings: Vec<LineFinding>,
    /// Lines that said again what was known.
    pub known: usize,
    /// Lines of the list that the bank has not answered yet.
    pub open: usize,
    /// The same file was taken in before: nothing changed.
    pub again: bool,
    /// What a person should look into beside that.
    pub notes: Vec<String>,
}

/// A list that was sent to a bank and waits for its answer.
pub(super) trait Awaiting: Clone {
    /// Part of the layout that describes the answer.
    const USE: Use;
    /// Right to take it in.
    const RIGHT: Action;
    /// What the list does, before 单 and 回盘.
    const WORD: &'static str;
    /// The same of the other kind of list.
    const OTHER: &'static str;

    /// One by its number.
    fn one(station: &Station, snapshot: &Snapshot, no: &str) -> Result<Self, AppError>;
    /// All of them, newest first.
    fn all(snapshot: &Snapshot) -> Result<Vec<Self>, AppError>;
    /// Its number.
    fn no(&self) -> &str;
    /// Id of its layout.
    fn layout(&self) -> &str;
    /// SHA-256 of the file that went to the bank; none while there is none.
    fn sent_file(&self) -> Option<[u8; 32]>;
    /// Its lines as they were sent, with what was answered.
    fn sent(&self) -> BTreeMap<u32, Sent>;
    /// What a line is about, and its amount.
    fn line(&self, seq: u32) -> Option<(String, Fen)>;
}

/// An answer that was read.
pub(super) struct Answer<L> {
    /// The list that it is for.
    pub(super) list: L,
    /// SHA-256 of the file.
    pub(super) digest: [u8; 32],
    /// What is to be taken of it, findings by line.
    pub(super) matched: Matched,
    /// What to tell.
    pub(super) report: ReturnReport,
}

/// What a returned file is to this office.
pub(super) enum Taken<L> {
    /// It was seen before: nothing is to be done.
    Before(ReturnReport),
    /// A new answer.
    New(Box<Answer<L>>),
}

impl Station {
    /// A file that somebody brought, for those who may take it in: its name as it may be stored and shown, and its bytes.
    pub(super) fn answer_file<L: Awaiting>(
        &self,
        actor: &Actor,
        path: &Path,
    ) -> Result<(String, Vec<u8>), AppError> {
        self.authorize(actor, L::RIGHT, &Subject::none())?;
        let bytes = self.read_named(path, MAX_FILE)?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok((xiangbao_core::identity::text::display_safe(&name).chars().take(80).collect(), bytes))
    }

    /// Reads a returned file for a list; without a number, the file says which.
    ///
    /// # Errors
    /// When no list fits, or the file as a whole cannot be read. Findings of lines are no error.
    pub(super) fn read_answer<L: Awaiting>(
        &self,
        snapshot: &Snapshot,
        no: Option<&str>,
        bytes: &[u8],
    ) -> Result<Taken<L>, AppError> {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        if let Some(no) = snapshot.bank_file_seen(&digest)? {
            return self.seen_before::<L>(snapshot, &no, &digest).map(Taken::Before);
        }
        let (list, back) = match no {
            Some(no) => self.named_list::<L>(snapshot, no, bytes)?,
            None => self.answered_list::<L>(snapshot, bytes)?,
        };
        let layout = &self.library.bank(list.layout())?.layout;
        let (said, unknown) = said_of(layout, L::USE, &back);
        let sent = list.sent();
        let mut matched = matched(&sent, &said);
        matched.findings.extend(unknown);
        matched.findings.sort_by_key(|finding| finding.line);
        let mut report = report_of(list.no(), &matched, &|seq| list.line(seq));
        report.open = open_of(&sent).saturating_sub(matched.results.len());
        Ok(Taken::New(Box::new(Answer { list, digest, matched, report })))
    }

    /// A file that was written for a bank or taken in from one before.
    fn seen_before<L: Awaiting>(
        &self,
        snapshot: &Snapshot,
        no: &str,
        digest: &[u8; 32],
    ) -> Result<ReturnReport, AppError> {
        let list = L::one(self, snapshot, no).map_err(|error| match error {
            AppError::NotFound(_) => {
                AppError::Input(format!("这是{}单 {no} 的文件，不是{}回盘文件。", L::OTHER, L::WORD))
            }
            other => other,
        })?;
        if list.sent_file() == Some(*digest) {
            return Err(AppError::Input(format!(
                "这是{}单 {no} 的报盘文件，不是银行的回盘文件。请重新选择。",
                L::WORD
            )));
        }
        let open = open_of(&list.sent());
        Ok(ReturnReport { no: no.to_owned(), again: true, open, ..ReturnReport::default() })
    }

    /// The list that a person named, with what the file says; a file for another list is not taken.
    fn named_list<L: Awaiting>(
        &self,
        snapshot: &Snapshot,
        no: &str,
        bytes: &[u8],
    ) -> Result<(L, Back), AppError> {
        let list = L::one(self, snapshot, no)?;
        let back = read_back(&self.library.bank(list.layout())?.layout, L::USE, bytes)?;
        match &back.list_no {
            Some(said) if said != list.no() => Err(AppError::Input(format!(
                "文件写的批次号是 {said}，不是{}单 {}：没有采用。请核对选的是哪张单。",
                L::WORD,
                list.no()
            ))),
            _ => Ok((list, back)),
        }
    }

    /// The list that a file names, read by each layout that a list was sent by.
    fn answered_list<L: Awaiting>(&self, snapshot: &Snapshot, bytes: &[u8]) -> Result<(L, Back), AppError> {
        let lists: Vec<L> = L::all(snapshot)?.into_iter().filter(|list| list.sent_file().is_some()).collect();
        let (mut fault, mut named): (Option<ReadFault>, Option<String>) = (None, None);
        let mut tried: Vec<&str> = Vec::new();
        for list in &lists {
            if tried.contains(&list.layout()) {
                continue;
            }
            tried.push(list.layout());
            match read_back(&self.library.bank(list.layout())?.layout, L::USE, bytes) {
                Ok(back) => {
                    let said = back.list_no.clone().unwrap_or_default();
                    let own = |list: &&L| list.no() == said && tried.last() == Some(&list.layout());
                    if let Some(list) = lists.iter().find(own) {
                        return Ok((list.clone(), back));
                    }
                    named.get_or_insert(said);
                }
                Err(found) => {
                    fault.get_or_insert(found);
                }
            }
        }
        Err(match (named, fault) {
            (Some(said), _) => AppError::NotFound(format!("批次号 {said} 的已报盘{}单", L::WORD)),
            (None, Some(fault)) => fault.into(),
            (None, None) => AppError::NotFound(format!("已报盘、等待回盘的{}单", L::WORD)),
        })
    }
}

/// Lines that the bank has not answered yet.
fn open_of(sent: &BTreeMap<u32, Sent>) -> usize {
    sent.values().filter(|line| line.answered.is_none()).count()
}

/// What the lines say, by the layout's codes; a code that the layout does not know is a finding.
fn said_of(layout: &Layout, wanted: Use, back: &Back) -> (Vec<Said>, Vec<LineFinding>) {
    let (mut said, mut unknown) = (Vec::new(), Vec::new());
    let codes = layout.part(wanted).map(|part| part.codes.as_slice()).unwrap_or_default();
    for line in &back.lines {
        let code = line.texts.get(&Field::Code).map_or("", String::as_str);
        let Some(known) = codes.iter().find(|known| known.code == code) else {
            let text = format!(
                "序号 {} 的结果代码【{code}】不在银行版式 {} 中：没有采用。请管理员补录代码后重新导入。",
                line.seq, layout.id
            );
            unknown.push(LineFinding { line: line.line, text });
            continue;
        };
        let own = line.texts.get(&Field::Reason).filter(|words| !words.is_empty() && **words != known.label);
        let reason = match (known.done, own) {
            (true, _) => String::new(),
            (false, Some(words)) => format!("{}：{words}", known.label),
            (false, None) => known.label.clone(),
        };
        said.push(Said {
            line: line.line,
            seq: line.seq,
            bankacct: line.texts.get(&Field::BankAcct).cloned(),
            name: line.texts.get(&Field::AcctName).cloned(),
            amount: line.amount,
            done: known.done,
            code: known.code.clone(),
            reason,
            day: line.day.to_string(),
            correct: known.correct,
        });
    }
    (said, unknown)
}

/// Counts of what was taken; `of` names a line and its amount.
fn report_of(no: &str, matched: &Matched, of: &dyn Fn(u32) -> Option<(String, Fen)>) -> ReturnReport {
    let mut report = ReturnReport { no: no.to_owned(), known: matched.known, ..ReturnReport::default() };
    report.findings.clone_from(&matched.findings);
    for LineResult { seq, done, reason, .. } in &matched.results {
        let (what, amount) = of(*seq).unwrap_or_default();
        let sum = if *done { &mut report.done.1 } else { &mut report.failed_sum };
        *sum = sum.checked_add(amount).unwrap_or(*sum);
        match done {
            true => report.done.0 += 1,
            false => report.failed.push((*seq, what, reason.clone())),
        }
    }
    report
}
