//! The bank's answer about deductions (代扣回盘): what was collected becomes contributions of the register with the bank's day,
//! by the same rules as any other payment; the rest keeps its reasons. Knows deductions; must not know screens.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};
use xiangbao_core::event::{Event, LineFinding, LineResult, ReturnTaken};
use xiangbao_core::payment::{DeductionList, Sent, matched};
use xiangbao_core::register::{Change, Collected, book};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::pay_return::{ReturnReport, name_of, report_of, said_of};
use super::station::Station;
use crate::exchange::MAX_FILE;
use crate::exchange::bank::{ReadFault, Use, read_back};
use crate::store::Snapshot;

impl Station {
    /// Takes in a returned file about deductions; without a number, the file says which list.
    ///
    /// # Errors
    /// When the actor may not, no list fits, or the file as a whole cannot be read.
    pub fn take_deduction_return(
        &self,
        actor: &Actor,
        no: Option<&str>,
        (name, bytes): (&str, &[u8]),
        command_id: [u8; 16],
    ) -> Result<ReturnReport, AppError> {
        self.authorize(actor, Action::Deduct, &Subject::none())?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        if let Some(no) = snapshot.bank_file_seen(&digest)? {
            return self.deduction_again(&snapshot, &no, &digest);
        }
        let list = self.answered_deduction(&snapshot, no, bytes)?;
        let layout = &self.library.bank(&list.sheet.layout)?.layout;
        let back = read_back(layout, Use::DeductResult, bytes)?;
        let (said, unknown) = said_of(layout, Use::DeductResult, &back);
        let mut matched = matched(&sent_of(&list), &said);
        matched.findings.extend(unknown);
        let mut report = report_of(&list.sheet.no, &matched, &|seq| {
            let entry = list.entry(seq)?;
            Some((format!("{} {}", entry.agre_no, entry.payer), entry.amount))
        });
        let mut changes = Vec::new();
        for result in matched.results.iter().filter(|result| result.done) {
            let (booked, problems, notes) = self.booked(&snapshot, &list, result);
            changes.extend(booked);
            matched.findings.extend(problems);
            report.notes.extend(notes);
        }
        matched.findings.sort_by_key(|finding| finding.line);
        report.findings.clone_from(&matched.findings);
        report.open = list.sheet.entries.len().saturating_sub(list.results.len() + matched.results.len());
        let taken = ReturnTaken {
            name: name.to_owned(),
            digest,
            results: matched.results,
            findings: matched.findings,
        };
        let event = Event::DeductionReturned { no: list.sheet.no.clone(), taken, changes };
        self.append(actor, None, command_id, vec![event])?;
        Ok(report)
    }

    /// As [`Self::take_deduction_return`], of a file on this machine.
    ///
    /// # Errors
    /// When it cannot be read, too.
    pub fn take_deduction_return_file(
        &self,
        actor: &Actor,
        no: Option<&str>,
        path: &Path,
        command_id: [u8; 16],
    ) -> Result<ReturnReport, AppError> {
        self.authorize(actor, Action::Deduct, &Subject::none())?;
        let bytes = self.read_named(path, MAX_FILE)?;
        let name = name_of(path);
        self.take_deduction_return(actor, no, (&name, &bytes), command_id)
    }

    fn deduction_again(
        &self,
        snapshot: &Snapshot,
        no: &str,
        digest: &[u8; 32],
    ) -> Result<ReturnReport, AppError> {
        let Some(list) = snapshot.deduction_list(no)? else {
            return Err(AppError::Input(format!("这是付款单 {no} 的文件，不是代扣回盘文件。")));
        };
        if list.sheet.file.digest == *digest {
            return Err(AppError::Input(format!(
                "这是代扣单 {no} 的报盘文件，不是银行的回盘文件。请重新选择。"
            )));
        }
        let open = list.sheet.entries.len().saturating_sub(list.results.len());
        Ok(ReturnReport { no: no.to_owned(), again: true, open, ..ReturnReport::default() })
    }

    /// The list that a returned file answers.
    fn answered_deduction(
        &self,
        snapshot: &Snapshot,
        no: Option<&str>,
        bytes: &[u8],
    ) -> Result<DeductionList, AppError> {
        let lists = match no {
            Some(no) => vec![self.deduction(snapshot, no)?],
            None => snapshot.deduction_lists()?,
        };
        let mut fault: Option<ReadFault> = None;
        for list in &lists {
            match read_back(&self.library.bank(&list.sheet.layout)?.layout, Use::DeductResult, bytes) {
                Ok(back) if back.list_no.as_ref() == Some(&list.sheet.no) => return Ok(list.clone()),
                Ok(back) if no.is_some() => {
                    let said = back.list_no.unwrap_or_default();
                    return Err(AppError::Input(format!(
                        "文件写的批次号是 {said}，不是代扣单 {}：没有采用。请核对选的是哪张单。",
                        list.sheet.no
                    )));
                }
                Ok(_) => {}
                Err(found) => {
                    fault.get_or_insert(found);
                }
            }
        }
        Err(fault.map_or_else(|| AppError::NotFound("文件所说的代扣单".to_owned()), AppError::from))
    }

    /// What one collected line does to the register: changes, what could not be booked, what to look into.
    fn booked(
        &self,
        snapshot: &Snapshot,
        list: &DeductionList,
        result: &LineResult,
    ) -> (Vec<Change>, Vec<LineFinding>, Vec<String>) {
        let (mut changes, mut problems, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        let day = result.day.parse().unwrap_or_else(|_| self.today());
        for person in list.entry(result.seq).into_iter().flat_map(|entry| &entry.persons) {
            let money = Collected {
                psn_no: person.psn_no.clone(),
                year: list.sheet.year,
                amount: person.amount,
                day,
                source: list.sheet.no.clone(),
            };
            match book(&money, snapshot, &self.library.policy) {
                Ok(booking) => {
                    changes.extend(booking.changes);
                    notes.extend(booking.notes);
                }
                Err(refusal) => problems.push(LineFinding {
                    line: result.line,
                    text: format!(
                        "序号 {} 已扣款，但 {} 没有入账：{}请核对后人工处理。",
                        result.seq,
                        person.psn_no,
                        refusal.zh()
                    ),
                }),
            }
        }
        (changes, problems, notes)
    }
}

fn sent_of(list: &DeductionList) -> BTreeMap<u32, Sent> {
    let sent = list.sheet.entries.iter().map(|entry| {
        let sent = Sent {
            bankacct: entry.account.bankacct.clone(),
            name: entry.account.name.clone(),
            amount: entry.amount,
            answered: list.results.get(&entry.seq).cloned(),
        };
        (entry.seq, sent)
    });
    sent.collect()
}
