//! The bank's answer about a payment list: matched line by line, taken in once. Knows payments; must not know screens.

use std::collections::BTreeMap;
use std::path::Path;

use xiangbao_core::money::Fen;
use xiangbao_core::payment::{PaymentList, Sent, take_return};
use xiangbao_core::role::{Action, Actor, Subject};

use super::bank_answer::{Awaiting, ReturnReport, Taken};
use super::error::AppError;
use super::station::Station;
use crate::exchange::bank::Use;
use crate::store::Snapshot;

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
        self.authorize(actor, PaymentList::RIGHT, &Subject::none())?;
        let _turn = self.store.turn();
        let answer = match self.read_answer::<PaymentList>(&self.snapshot()?, no, bytes)? {
            Taken::Before(report) => return Ok(report),
            Taken::New(answer) => *answer,
        };
        let event = take_return(&answer.list, (name, answer.digest), answer.matched)?;
        self.append(actor, None, command_id, vec![event])?;
        Ok(answer.report)
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
        let (name, bytes) = self.answer_file::<PaymentList>(actor, path)?;
        self.take_payment_return(actor, no, (&name, &bytes), command_id)
    }
}

impl Awaiting for PaymentList {
    const USE: Use = Use::PayResult;
    const RIGHT: Action = Action::MakePayment;
    const WORD: &'static str = "付款";
    const OTHER: &'static str = "代扣";

    fn one(station: &Station, snapshot: &Snapshot, no: &str) -> Result<Self, AppError> {
        station.list_of(snapshot, no)
    }

    fn all(snapshot: &Snapshot) -> Result<Vec<Self>, AppError> {
        Ok(snapshot.payment_lists()?)
    }

    fn no(&self) -> &str {
        &self.sheet.no
    }

    fn layout(&self) -> &str {
        &self.sheet.layout
    }

    fn sent_file(&self) -> Option<[u8; 32]> {
        self.exported.as_ref().map(|(_, file)| file.digest)
    }

    fn sent(&self) -> BTreeMap<u32, Sent> {
        let sent = self.sheet.entries.iter().map(|entry| {
            let account = &entry.payee.account;
            let sent = Sent {
                bankacct: account.bankacct.clone(),
                name: account.name.clone(),
                amount: entry.amount,
                answered: self.results.get(&entry.seq).cloned(),
            };
            (entry.seq, sent)
        });
        sent.collect()
    }

    fn line(&self, seq: u32) -> Option<(String, Fen)> {
        let entry = self.entry(seq)?;
        Some((format!("{} {}", entry.number, entry.psn_name), entry.amount))
    }
}
