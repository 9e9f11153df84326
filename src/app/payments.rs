//! What the use cases of payment share: the cases with the facts around them, the rows that screens and scripts show, the
//! file of a list. Account numbers are masked wherever they are shown. Knows cases, register and layouts; must not know
//! screens.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use xiangbao_core::case::{PayState, Refusal};
use xiangbao_core::event::{PayEntry, PayKind, PaymentSheet};
use xiangbao_core::identity::masked_account;
use xiangbao_core::money::Fen;
use xiangbao_core::payment::{
    Candidate, GUARDIAN_FORM, ListStatus, PayeeFault, PaymentList, Staff, check_person, payee_of,
};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::library_banks::Bank;
use super::station::{Station, local};
use crate::exchange::bank::{Field, FileFacts, LineFacts, Use, write_file};
use crate::store::Snapshot;

/// A case whose money is due, under way or to be claimed back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayableRow {
    /// Case id.
    pub case_id: [u8; 16],
    /// Printed number.
    pub number: String,
    /// The insured.
    pub psn_name: String,
    /// Village, as a word.
    pub village: String,
    /// What the money is.
    pub kind: PayKind,
    /// Who is paid, with 监护人 where it is one; empty when nobody may be.
    pub payee: String,
    /// Bank, as a word.
    pub bank: String,
    /// Account, masked.
    pub bankacct: String,
    /// Amount; what is left where it is claimed back.
    pub amount: Fen,
    /// The amount rests on figures that nobody verified (示例).
    pub sample: bool,
    /// How it stands, in a word.
    pub standing: String,
    /// The same for programs.
    pub state: &'static str,
    /// Attempts so far.
    pub run: u16,
    /// The list that it is or was in.
    pub list: String,
    /// What the bank said when it did not pay.
    pub reason: String,
    /// May stand in a list now, as far as the case itself goes.
    pub due: bool,
    /// Why this person cannot put it into a list, as a sentence; empty when nothing stands in the way.
    pub bar: String,
}

/// A payment list in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentListRow {
    /// Number.
    pub no: String,
    /// Day it was made.
    pub made: String,
    /// Who made it.
    pub maker: String,
    /// Who approved it; empty while nobody did.
    pub checker: String,
    /// Layout, in words.
    pub bank: String,
    /// What the money is.
    pub kind: PayKind,
    /// Cases.
    pub count: usize,
    /// Sum.
    pub sum: Fen,
    /// Cases whose amount rests on figures that nobody verified (示例).
    pub samples: usize,
    /// Standing.
    pub status: ListStatus,
    /// Cases and sum that the bank paid.
    pub paid: (usize, Fen),
    /// Cases and sum that it did not pay.
    pub failed: (usize, Fen),
}

/// A payment list with everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentListPage {
    /// In short.
    pub row: PaymentListRow,
    /// The list; account numbers are masked.
    pub list: PaymentList,
    /// Why this person cannot approve it, as a sentence; empty when nothing stands in the way.
    pub bar: String,
}

impl Station {
    /// A case that is to be paid, with the facts around it.
    pub(super) fn candidate(&self, snapshot: &Snapshot, case_id: &[u8; 16]) -> Result<Candidate, AppError> {
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        let data = &case.filing.data;
        let mut concerned: BTreeSet<String> = case.filing.subjects.iter().cloned().collect();
        let psn_no = data.field("psn_no").to_owned();
        let person = snapshot.person(&psn_no)?;
        let guardians = snapshot.filings_of(&psn_no, Some(GUARDIAN_FORM))?;
        concerned.extend(guardians.iter().map(|filing| filing.value("agnter_certno").to_owned()));
        let payee = match &person {
            Some(person) => {
                concerned.insert(person.certno().to_owned());
                for member in snapshot.members(&person.household_no)? {
                    concerned.insert(member.certno().to_owned());
                }
                payee_of(data, person, &guardians, self.today())
            }
            None => Err(PayeeFault::Missing("个人编号")),
        };
        if let Ok(payee) = &payee {
            concerned.insert(payee.certno.clone());
        }
        concerned.remove("");
        let psn_name = person.map_or_else(|| case.filing.title.clone(), |person| person.name().to_owned());
        Ok(Candidate { case_id: *case_id, case, payee, psn_no, psn_name, concerned })
    }

    /// Certificate numbers of this station's persons.
    pub(super) fn staff_certnos(&self, snapshot: &Snapshot) -> Result<Staff, AppError> {
        let accounts = snapshot.accounts()?.into_iter();
        let known = accounts.filter(|account| !account.certno.is_empty());
        Ok(known.map(|account| (account.person, account.certno)).collect())
    }

    /// Whoever acts on money acts under the certificate number that the staff list holds.
    pub(super) fn with_certno(&self, staff: &Staff, actor: &Actor) -> Actor {
        let certno = if actor.certno.is_empty() { staff.get(&actor.person).cloned() } else { None };
        Actor { certno: certno.unwrap_or_else(|| actor.certno.clone()), ..actor.clone() }
    }

    /// A list by its number.
    pub(super) fn list_of(&self, snapshot: &Snapshot, no: &str) -> Result<PaymentList, AppError> {
        let found = snapshot.payment_list(no.trim())?;
        found.ok_or_else(|| AppError::NotFound(format!("付款单 {no}")))
    }

    /// What is due, under way or to be claimed back; paid cases too where `settled` asks for them.
    ///
    /// # Errors
    /// When the actor may not see payments, or the store cannot be read.
    pub fn payables(&self, actor: &Actor, settled: bool) -> Result<Vec<PayableRow>, AppError> {
        self.authorize(actor, Action::ViewPayments, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let staff = self.staff_certnos(&snapshot)?;
        let actor = self.with_certno(&staff, actor);
        let mut rows = Vec::new();
        for (case_id, case) in snapshot.cases_with_money(settled)? {
            if actor.serves(&case.filing.village) {
                let candidate = self.candidate(&snapshot, &case_id)?;
                rows.push(self.payable_row(&candidate, &actor, &staff));
            }
        }
        Ok(rows)
    }

    fn payable_row(&self, candidate: &Candidate, actor: &Actor, staff: &Staff) -> PayableRow {
        let case = &candidate.case;
        let data = &case.filing.data;
        let codes = &self.library.codes;
        let pay = case.payment.as_ref();
        let due = case.is_due();
        let bar = match &candidate.payee {
            _ if !due => String::new(),
            Err(fault) => fault.zh(),
            Ok(_) if pay.is_some_and(|pay| pay.correct) => {
                let reason = pay.map_or("", |pay| pay.reason.as_str());
                format!("上次付款失败（{reason}）：请经办先更正账户（办件页按 Z），审核后再付。")
            }
            Ok(_) => {
                check_person(candidate, actor, staff).err().map(|refusal| refusal.zh()).unwrap_or_default()
            }
        };
        let amount = match pay {
            Some(pay) if pay.state == PayState::Reclaim => {
                pay.amount.checked_sub(pay.recovered).unwrap_or(pay.amount)
            }
            Some(pay) if !due => pay.amount,
            _ => case.owed().unwrap_or_default(),
        };
        let correcting = case.correction.is_some();
        let bank = data.field("bank_type_code");
        PayableRow {
            case_id: candidate.case_id,
            number: case.number.clone(),
            psn_name: candidate.psn_name.clone(),
            village: codes.label("divisions", &case.filing.village).unwrap_or_default().to_owned(),
            kind: case.pay_kind(),
            payee: payee_word(candidate),
            bank: codes.label("bank_type_code", bank).unwrap_or(bank).to_owned(),
            bankacct: masked_account(data.field("bankacct")),
            amount,
            sample: case.owes_on_samples(),
            standing: if correcting { case.status.label() } else { case.pay_word() }.to_owned(),
            state: match pay {
                _ if correcting => "correcting",
                Some(pay) => pay.state.id(),
                None => PayState::Free.id(),
            },
            run: pay.map_or(0, |pay| pay.run),
            list: pay.map(|pay| pay.list.clone()).unwrap_or_default(),
            reason: pay.map(|pay| pay.reason.clone()).unwrap_or_default(),
            due,
            bar,
        }
    }

    /// All payment lists, newest first.
    ///
    /// # Errors
    /// When the actor may not see payments, or the store cannot be read.
    pub fn payment_lists(&self, actor: &Actor) -> Result<Vec<PaymentListRow>, AppError> {
        self.authorize(actor, Action::ViewPayments, &Subject::none())?;
        let snapshot = self.snapshot()?;
        snapshot.payment_lists()?.iter().map(|list| self.list_row(&snapshot, list)).collect()
    }

    pub(super) fn list_row(
        &self,
        snapshot: &Snapshot,
        list: &PaymentList,
    ) -> Result<PaymentListRow, AppError> {
        let name = |account: &str| -> Result<String, AppError> {
            Ok(snapshot.account(account)?.map_or_else(|| account.to_owned(), |account| account.name))
        };
        let layout = &list.sheet.layout;
        let bank = self.library.banks.get(layout).map_or(layout.as_str(), |bank| bank.layout.name.as_str());
        Ok(PaymentListRow {
            no: list.sheet.no.clone(),
            made: local(list.made.wall_ms).format("%Y-%m-%d").to_string(),
            maker: name(&list.made.account)?,
            checker: match &list.approved {
                Some(step) => name(&step.account)?,
                None => String::new(),
            },
            bank: bank.to_owned(),
            kind: list.sheet.pays(),
            count: list.sheet.entries.len(),
            sum: list.sheet.sum,
            samples: list.sheet.samples(),
            status: list.status,
            paid: list.paid(),
            failed: list.failed(),
        })
    }

    /// One payment list, account numbers masked; the look is recorded.
    ///
    /// # Errors
    /// When the actor may not see payments, there is no such list, or the store cannot be read.
    pub fn payment_list(&self, actor: &Actor, no: &str) -> Result<PaymentListPage, AppError> {
        self.authorize(actor, Action::ViewPayments, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let mut list = self.list_of(&snapshot, no)?;
        self.looked(actor, "view_payment_list", &list.sheet.no)?;
        let bar = match list.status {
            ListStatus::Made => self.approval_bar(&snapshot, &list, actor)?,
            _ => String::new(),
        };
        let row = self.list_row(&snapshot, &list)?;
        for entry in &mut list.sheet.entries {
            entry.payee.account.bankacct = masked_account(&entry.payee.account.bankacct);
        }
        Ok(PaymentListPage { row, list, bar })
    }

    /// The file of a list for a day, with its name.
    pub(super) fn payment_bytes(
        &self,
        bank: &Bank,
        sheet: &PaymentSheet,
        day: NaiveDate,
    ) -> Result<(String, Vec<u8>), AppError> {
        let layout = &bank.layout;
        let payer = layout.payer_of(sheet.pays()).ok_or_else(|| {
            AppError::Input(format!(
                "银行版式 {} 没有写明退费从哪个账户付出：请管理员按县里的规定在版式中加 [refund]（payer_name、payer_account、purpose），再制退费单。",
                layout.id
            ))
        })?;
        let lines = sheet.entries.iter().map(line_of).collect();
        let facts = FileFacts { list_no: sheet.no.clone(), day, payer: payer.clone(), lines };
        write_file(layout, Use::Pay, &facts).map_err(|(seq, fault)| {
            let own = sheet.entries.iter().find(|entry| entry.seq == seq);
            let what =
                own.map_or_else(|| sheet.no.clone(), |entry| format!("{} {}", entry.number, entry.psn_name));
            AppError::BankText { what, fault }
        })
    }

    /// The layout that a list was made for, as it was then.
    pub(super) fn pinned_bank(&self, layout: &str, hash: &str) -> Result<&Bank, AppError> {
        let bank = self.library.bank(layout)?;
        if bank.hash == hash {
            return Ok(bank);
        }
        Err(AppError::Input(format!(
            "银行版式 {layout} 在制单后改过，不能按新版式报盘。请退回付款单重新制单，或请管理员恢复原版式。"
        )))
    }
}

fn payee_word(candidate: &Candidate) -> String {
    match &candidate.payee {
        Ok(payee) if payee.link > 0 => format!("{}（{}）", payee.account.name, payee.kind.label()),
        Ok(payee) => payee.account.name.clone(),
        Err(_) => String::new(),
    }
}

fn line_of(entry: &PayEntry) -> LineFacts {
    let account = &entry.payee.account;
    let texts = BTreeMap::from([
        (Field::AcctName, account.name.clone()),
        (Field::BankAcct, account.bankacct.clone()),
        (Field::AcctKind, account.acct_kind.clone()),
        (Field::BankCode, account.bank_type_code.clone()),
        (Field::BankName, account.bank_name.clone()),
        (Field::Number, entry.number.clone()),
    ]);
    LineFacts { seq: entry.seq, amount: entry.amount, texts }
}
