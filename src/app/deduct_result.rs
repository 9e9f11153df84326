//! The bank's answer about deductions (代扣回盘): what was collected becomes contributions of the register with the bank's day,
//! by the same rules as any other payment; the rest keeps its reasons. Knows deductions; must not know screens.

use std::collections::BTreeMap;
use std::path::Path;

use xiangbao_core::event::{Event, LineFinding, LineResult, ReturnTaken};
use xiangbao_core::money::Fen;
use xiangbao_core::payment::{DeductionList, Sent};
use xiangbao_core::register::{BY_BANK, Change, Collected, book};
use xiangbao_core::role::{Action, Actor, Subject};

use super::bank_answer::{Answer, Awaiting, ReturnReport, Taken};
use super::error::AppError;
use super::station::Station;
use crate::exchange::bank::Use;
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
        self.authorize(actor, DeductionList::RIGHT, &Subject::none())?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let answer = match self.read_answer::<DeductionList>(&snapshot, no, bytes)? {
            Taken::Before(report) => return Ok(report),
            Taken::New(answer) => *answer,
        };
        let Answer { list, digest, mut matched, mut report } = answer;
        let mut changes = Vec::new();
        for result in matched.results.iter().filter(|result| result.done) {
            let (booked, problems, notes) = self.booked(&snapshot, &list, result);
            changes.extend(booked);
            matched.findings.extend(problems);
            report.notes.extend(notes);
        }
        matched.findings.sort_by_key(|finding| finding.line);
        report.findings.clone_from(&matched.findings);
        let taken = ReturnTaken {
            name: name.to_owned(),
            digest,
            results: matched.results,
            findings: matched.findings,
        };
        let event = Event::DeductionReturned { no: list.sheet.no, taken, changes };
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
        let (name, bytes) = self.answer_file::<DeductionList>(actor, path)?;
        self.take_deduction_return(actor, no, (&name, &bytes), command_id)
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
                way: BY_BANK.to_owned(),
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

impl Awaiting for DeductionList {
    const USE: Use = Use::DeductResult;
    const RIGHT: Action = Action::Deduct;
    const WORD: &'static str = "代扣";
    const OTHER: &'static str = "付款";

    fn one(station: &Station, snapshot: &Snapshot, no: &str) -> Result<Self, AppError> {
        station.deduction(snapshot, no)
    }

    fn all(snapshot: &Snapshot) -> Result<Vec<Self>, AppError> {
        Ok(snapshot.deduction_lists()?)
    }

    fn no(&self) -> &str {
        &self.sheet.no
    }

    fn layout(&self) -> &str {
        &self.sheet.layout
    }

    fn sent_file(&self) -> Option<[u8; 32]> {
        Some(self.sheet.file.digest)
    }

    fn sent(&self) -> BTreeMap<u32, Sent> {
        let sent = self.sheet.entries.iter().map(|entry| {
            let sent = Sent {
                bankacct: entry.account.bankacct.clone(),
                name: entry.account.name.clone(),
                amount: entry.amount,
                answered: self.results.get(&entry.seq).cloned(),
            };
            (entry.seq, sent)
        });
        sent.collect()
    }

    fn line(&self, seq: u32) -> Option<(String, Fen)> {
        let entry = self.entry(seq)?;
        Some((format!("{} {}", entry.agre_no, entry.payer), entry.amount))
    }
}
