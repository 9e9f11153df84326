//! The bank's answer about a list (回盘): read by the layout, matched line by line, taken in once. Knows payments; must not know
//! screens.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};
use xiangbao_core::event::{LineFinding, LineResult};
use xiangbao_core::money::Fen;
use xiangbao_core::payment::{Matched, PaymentList, Said, Sent, matched, take_return};
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

impl Station {
    /// Takes in a returned file for a list; without a number, the file says which.
    ///
    /// # Errors
    /// When the actor may not, no list fits, or the file as a whole cannot be read. Findings of lines are no error.
    pub fn take_payment_return(
        &self,
        actor: &Actor,
        no: Option<&str>,
        (name, bytes): (&str, &[u8]),
        command_id: [u8; 16],
    ) -> Result<ReturnReport, AppError> {
        self.authorize(actor, Action::MakePayment, &Subject::none())?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        if let Some(no) = snapshot.bank_file_seen(&digest)? {
            return self.payment_again(&snapshot, &no, &digest);
        }
        let (list, back) = self.answered_list(&snapshot, no, bytes)?;
        let layout = &self.library.bank(&list.sheet.layout)?.layout;
        let (said, unknown) = said_of(layout, Use::PayResult, &back);
        let mut matched = matched(&sent_of(&list), &said);
        matched.findings.extend(unknown);
        matched.findings.sort_by_key(|finding| finding.line);
        let mut report = report_of(&list.sheet.no, &matched, &|seq| {
            let entry = list.entry(seq)?;
            Some((format!("{} {}", entry.number, entry.psn_name), entry.amount))
        });
        report.open = list.sheet.entries.len().saturating_sub(list.results.len() + matched.results.len());
        let event = take_return(&list, (name, digest), matched)?;
        self.append(actor, None, command_id, vec![event])?;
        Ok(report)
    }

    /// As [`Self::take_payment_return`], of a file on this machine.
    ///
    /// # Errors
    /// When it cannot be read, too.
    pub fn take_payment_return_file(
        &self,
        actor: &Actor,
        no: Option<&str>,
        path: &Path,
        command_id: [u8; 16],
    ) -> Result<ReturnReport, AppError> {
        self.authorize(actor, Action::MakePayment, &Subject::none())?;
        let bytes = self.read_named(path, MAX_FILE)?;
        let name = name_of(path);
        self.take_payment_return(actor, no, (&name, &bytes), command_id)
    }

    fn payment_again(
        &self,
        snapshot: &Snapshot,
        no: &str,
        digest: &[u8; 32],
    ) -> Result<ReturnReport, AppError> {
        let Some(list) = snapshot.payment_list(no)? else {
            return Err(AppError::Input(format!("这是代扣单 {no} 的文件，不是付款回盘文件。")));
        };
        if list.exported.as_ref().is_some_and(|(_, file)| file.digest == *digest) {
            return Err(AppError::Input(format!(
                "这是付款单 {no} 的报盘文件，不是银行的回盘文件。请重新选择。"
            )));
        }
        let open = list.sheet.entries.len().saturating_sub(list.results.len());
        Ok(ReturnReport { no: no.to_owned(), again: true, open, ..ReturnReport::default() })
    }

    /// The list that a returned file answers.
    fn answered_list(
        &self,
        snapshot: &Snapshot,
        no: Option<&str>,
        bytes: &[u8],
    ) -> Result<(PaymentList, Back), AppError> {
        if let Some(no) = no {
            let list = self.list_of(snapshot, no)?;
            let back = read_back(&self.library.bank(&list.sheet.layout)?.layout, Use::PayResult, bytes)?;
            return match &back.list_no {
                Some(said) if *said != list.sheet.no => Err(AppError::Input(format!(
                    "文件写的批次号是 {said}，不是付款单 {}：没有采用。请核对选的是哪张单。",
                    list.sheet.no
                ))),
                _ => Ok((list, back)),
            };
        }
        let mut fault: Option<ReadFault> = None;
        let lists = snapshot.payment_lists()?;
        let mut tried: Vec<&str> = Vec::new();
        for list in lists.iter().filter(|list| list.exported.is_some()) {
            if tried.contains(&list.sheet.layout.as_str()) {
                continue;
            }
            tried.push(&list.sheet.layout);
            match read_back(&self.library.bank(&list.sheet.layout)?.layout, Use::PayResult, bytes) {
                Ok(back) => {
                    let said = back.list_no.clone().unwrap_or_default();
                    let own = lists.iter().find(|list| list.sheet.no == said && list.exported.is_some());
                    return match own {
                        Some(list) => Ok((list.clone(), back)),
                        None => Err(AppError::NotFound(format!("批次号 {said} 的已报盘付款单"))),
                    };
                }
                Err(found) => {
                    fault.get_or_insert(found);
                }
            }
        }
        Err(fault.map_or_else(|| AppError::NotFound("已报盘、等待回盘的付款单".to_owned()), AppError::from))
    }
}

/// The name of a file that somebody brought, as it may be stored and shown.
pub(super) fn name_of(path: &Path) -> String {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    xiangbao_core::identity::text::display_safe(&name).chars().take(80).collect()
}

fn sent_of(list: &PaymentList) -> BTreeMap<u32, Sent> {
    let sent = list.sheet.entries.iter().map(|entry| {
        let account = &entry.payee.account;
        let sent = Sent {
            bankacct: account.bankacct.clone(),
            name: account.name.clone(),
            amount: entry.amount,
            answered: list.results.get(&entry.seq).cloned(),
        };
        (entry.seq, sent)
    });
    sent.collect()
}

/// What the lines say, by the layout's codes; a code that the layout does not know is a finding.
pub(super) fn said_of(layout: &Layout, wanted: Use, back: &Back) -> (Vec<Said>, Vec<LineFinding>) {
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
pub(super) fn report_of(
    no: &str,
    matched: &Matched,
    of: &dyn Fn(u32) -> Option<(String, Fen)>,
) -> ReturnReport {
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
