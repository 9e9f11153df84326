//! The bank's file of what is to be deducted (代扣报盘, 003 A23): from the open agreements and the year's enrolments, by
//! household, without those whose money came already or is under way, and without money that would buy nothing (003 A28).
//! Knows the roster and layouts; must not know screens.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use xiangbao_core::event::{
    BankAccount, BankFile, DeductEntry, DeductPerson, DeductionSheet, Event, MAX_LINES,
};
use xiangbao_core::identity::check_account;
use xiangbao_core::money::Fen;
use xiangbao_core::payment::DeductionList;
use xiangbao_core::register::{BY_BANK, Collected, book};
use xiangbao_core::role::{Action, Actor, Subject};

use super::deduction_roster::{RosterOrder, RosterRow};
use super::error::AppError;
use super::library_banks::Bank;
use super::pay_export::WrittenFile;
use super::station::Station;
use crate::exchange::bank::{Field, FileFacts, LineFacts, Use, write_file};
use crate::store::{DEDUCTION_LISTS, Snapshot};

/// A deduction file that was written, with what was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeductionWritten {
    /// The file.
    pub file: WrittenFile,
    /// Who was left out and why, as sentences.
    pub left_out: Vec<String>,
}

/// A deduction list in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeductionRow {
    /// Number.
    pub no: String,
    /// Insurance year.
    pub year: u16,
    /// Day it was made.
    pub made: String,
    /// Who made it.
    pub maker: String,
    /// Layout, in words.
    pub bank: String,
    /// Accounts.
    pub count: usize,
    /// Sum.
    pub sum: Fen,
    /// Accounts and sum that were collected.
    pub done: (usize, Fen),
    /// Accounts and sum that were not.
    pub failed: (usize, Fen),
    /// Accounts that the bank has not answered yet.
    pub open: usize,
}

impl Station {
    /// Makes a deduction list and writes its file, into a folder that somebody names, else into `bank/` of the data folder.
    ///
    /// # Errors
    /// When the actor may not, nothing is to be deducted, a text does not fit, or the disk refuses.
    pub fn make_deduction(
        &self,
        actor: &Actor,
        order: &RosterOrder,
        layout: &str,
        folder: Option<&Path>,
        command_id: [u8; 16],
    ) -> Result<DeductionWritten, AppError> {
        self.authorize(actor, Action::Deduct, &Subject::none())?;
        let bank = self.library.bank(layout)?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        if let Some(no) = self.deduction_of_command(&snapshot, &command_id)? {
            return self.written_again(actor, &snapshot, &no, folder);
        }
        let now = self.now_ms();
        let today = super::station::local(now).date_naive();
        let (mut entries, left_out) = self.due_entries(actor, &snapshot, order, bank)?;
        let identity = self.store.identity();
        let next = snapshot.counter(DEDUCTION_LISTS)?.saturating_add(1);
        let no = format!("KK{}-{}-{next:06}", identity.station, identity.epoch);
        if entries.is_empty() {
            let more = left_out.first().map_or_else(String::new, |first| format!("：{first}"));
            return Err(AppError::NotFound(format!("{} 年度可以代扣的户{more}", order.year)));
        }
        if entries.len() > MAX_LINES {
            return Err(AppError::Input(format!("超过 {MAX_LINES} 户，请按村分几次报盘。")));
        }
        for (entry, seq) in entries.iter_mut().zip(1_u32..) {
            entry.seq = seq;
        }
        let sum = Fen::checked_sum(entries.iter().map(|entry| entry.amount));
        let sum = sum.ok_or_else(|| AppError::Input("合计金额超出上限，请按村分几次报盘。".to_owned()))?;
        let (name, bytes) = deduction_bytes(bank, &no, &entries, today)?;
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let lines = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let file = BankFile { name: name.clone(), digest, lines, sum, day: today.to_string() };
        let sheet = DeductionSheet {
            no: no.clone(),
            year: order.year,
            layout: layout.to_owned(),
            layout_hash: bank.hash.clone(),
            entries,
            sum,
            file,
        };
        self.looked(actor, "deduct_file", &no)?;
        self.append_at(actor, None, command_id, now, vec![Event::DeductionMade { sheet: Box::new(sheet) }])?;
        let path = self.write_bank_file(folder, &name, &bytes)?;
        let digest = xiangbao_core::journal::hex(&digest);
        let file = WrittenFile { path, no, digest, lines, sum, again: false };
        Ok(DeductionWritten { file, left_out })
    }

    /// Writes the file of a deduction list again: the same bytes.
    ///
    /// # Errors
    /// When there is no such list, its layout changed, or the disk refuses.
    pub fn rewrite_deduction(
        &self,
        actor: &Actor,
        no: &str,
        folder: Option<&Path>,
    ) -> Result<DeductionWritten, AppError> {
        self.authorize(actor, Action::Deduct, &Subject::none())?;
        self.written_again(actor, &self.snapshot()?, no, folder)
    }

    fn written_again(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
        no: &str,
        folder: Option<&Path>,
    ) -> Result<DeductionWritten, AppError> {
        let sheet = self.deduction(snapshot, no)?.sheet;
        let bank = self.pinned_bank(&sheet.layout, &sheet.layout_hash)?;
        let day = sheet.file.day.parse().unwrap_or_else(|_| self.today());
        let (name, bytes) = deduction_bytes(bank, &sheet.no, &sheet.entries, day)?;
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        if digest != sheet.file.digest {
            return Err(AppError::Input(format!(
                "代扣单 {no} 重新生成的文件与原来不一致，没有写出。请通知管理员。"
            )));
        }
        self.looked(actor, "deduct_file", no)?;
        let path = self.write_bank_file(folder, &name, &bytes)?;
        let digest = xiangbao_core::journal::hex(&digest);
        let (lines, sum) = (sheet.file.lines, sheet.sum);
        let file = WrittenFile { path, no: sheet.no, digest, lines, sum, again: true };
        Ok(DeductionWritten { file, left_out: Vec::new() })
    }

    pub(super) fn deduction(&self, snapshot: &Snapshot, no: &str) -> Result<DeductionList, AppError> {
        let found = snapshot.deduction_list(no.trim())?;
        found.ok_or_else(|| AppError::NotFound(format!("代扣单 {no}")))
    }

    /// All deduction lists, newest first.
    ///
    /// # Errors
    /// When the actor may not, or the store cannot be read.
    pub fn deductions(&self, actor: &Actor) -> Result<Vec<DeductionRow>, AppError> {
        self.authorize(actor, Action::Deduct, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let mut rows = Vec::new();
        for list in snapshot.deduction_lists()? {
            let maker = snapshot.account(&list.made.account)?.map(|account| account.name);
            let bank = self.library.banks.get(&list.sheet.layout).map(|bank| bank.layout.name.clone());
            rows.push(DeductionRow {
                no: list.sheet.no.clone(),
                year: list.sheet.year,
                made: super::station::local(list.made.wall_ms).format("%Y-%m-%d").to_string(),
                maker: maker.unwrap_or_else(|| list.made.account.clone()),
                bank: bank.unwrap_or_else(|| list.sheet.layout.clone()),
                count: list.sheet.entries.len(),
                sum: list.sheet.sum,
                done: list.counted(true),
                failed: list.counted(false),
                open: list.sheet.entries.len().saturating_sub(list.results.len()),
            });
        }
        Ok(rows)
    }

    fn deduction_of_command(
        &self,
        snapshot: &Snapshot,
        command_id: &[u8; 16],
    ) -> Result<Option<String>, AppError> {
        let Some(stored) = snapshot.command(command_id)? else { return Ok(None) };
        let reused = || AppError::Store(crate::store::StoreError::CommandReused);
        let operation = snapshot.operations(stored.first, 1)?.into_iter().next().ok_or_else(reused)?;
        match Event::decode(operation.kind, &operation.payload) {
            Ok(Event::DeductionMade { sheet }) => Ok(Some(sheet.no)),
            _ => Err(reused()),
        }
    }

    /// What is to be deducted now, and who was left out.
    fn due_entries(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
        order: &RosterOrder,
        bank: &Bank,
    ) -> Result<(Vec<DeductEntry>, Vec<String>), AppError> {
        let under_way = under_way(snapshot, order.year)?;
        let (mut entries, mut left_out) = (Vec::new(), Vec::new());
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let takes = &bank.layout.banks;
        for row in self.whole_roster(actor, snapshot, order)?.rows {
            if !takes.is_empty() && !takes.contains(&row.bank_type_code) {
                continue;
            }
            let mut persons = Vec::new();
            for (psn_no, amount) in &row.persons {
                if under_way.contains(psn_no) || !taken.insert(psn_no.clone()) {
                    continue;
                }
                match self.buys(snapshot, psn_no, order.year, *amount)? {
                    None => persons.push(DeductPerson { psn_no: psn_no.clone(), amount: *amount }),
                    Some(why) => left_out.push(why),
                }
            }
            if persons.is_empty() {
                continue;
            }
            match check_account(&row.acct_kind, &row.bankacct) {
                Ok(bankacct) => entries.push(entry_of(row, bankacct, persons)),
                Err(fault) => left_out.push(format!("{} 户的账号不对：{}", row.payer, fault.zh())),
            }
        }
        Ok((entries, left_out))
    }

    /// Why money collected today would buy nothing for a person; none when it buys cover.
    fn buys(
        &self,
        snapshot: &Snapshot,
        psn_no: &str,
        year: u16,
        amount: Fen,
    ) -> Result<Option<String>, AppError> {
        let (day, way) = (self.today(), BY_BANK.to_owned());
        let money = Collected { psn_no: psn_no.to_owned(), year, amount, day, way, source: String::new() };
        Ok(match book(&money, snapshot, &self.library.policy) {
            Ok(booking) => booking.notes.into_iter().next().map(|note| format!("未列入：{note}")),
            Err(refusal) => Some(format!("未列入：{}", refusal.zh())),
        })
    }
}

/// Persons of a year whose deduction the bank has not answered yet.
pub(super) fn under_way(snapshot: &Snapshot, year: u16) -> Result<BTreeSet<String>, AppError> {
    let mut persons = BTreeSet::new();
    for list in snapshot.deduction_lists()?.into_iter().filter(|list| list.sheet.year == year) {
        let open = list.sheet.entries.iter().filter(|entry| !list.results.contains_key(&entry.seq));
        persons.extend(open.flat_map(|entry| entry.persons.iter().map(|person| person.psn_no.clone())));
    }
    Ok(persons)
}

fn entry_of(row: RosterRow, bankacct: String, persons: Vec<DeductPerson>) -> DeductEntry {
    let amount = persons.iter().fold(0_i64, |sum, person| sum.saturating_add(person.amount.0));
    DeductEntry {
        seq: 0,
        agre_no: row.agre_no,
        payer: row.payer,
        certno: row.certno,
        admdvs12: row.admdvs12,
        resdbook_no: row.resdbook_no,
        account: BankAccount {
            name: row.acct_name,
            bank_type_code: row.bank_type_code,
            bank_name: row.branch,
            acct_kind: row.acct_kind,
            bankacct,
        },
        persons,
        amount: Fen(amount),
    }
}

fn deduction_bytes(
    bank: &Bank,
    no: &str,
    entries: &[DeductEntry],
    day: NaiveDate,
) -> Result<(String, Vec<u8>), AppError> {
    let line = |entry: &DeductEntry| LineFacts {
        seq: entry.seq,
        amount: entry.amount,
        texts: BTreeMap::from([
            (Field::AcctName, entry.account.name.clone()),
            (Field::BankAcct, entry.account.bankacct.clone()),
            (Field::AcctKind, entry.account.acct_kind.clone()),
            (Field::BankCode, entry.account.bank_type_code.clone()),
            (Field::BankName, entry.account.bank_name.clone()),
            (Field::Number, entry.agre_no.clone()),
            (Field::Purpose, "城乡居民医保费".to_owned()),
        ]),
    };
    let (payer, lines) = (bank.layout.payer.clone(), entries.iter().map(line).collect());
    let facts = FileFacts { list_no: no.to_owned(), day, payer, lines };
    write_file(&bank.layout, Use::Deduct, &facts).map_err(|(seq, fault)| {
        let own = entries.iter().find(|entry| entry.seq == seq);
        let what = own.map_or_else(|| no.to_owned(), |entry| format!("{} {}", entry.agre_no, entry.payer));
        AppError::BankText { what, fault }
    })
}
