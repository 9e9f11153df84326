//! The one table of who may do what with a payment list (003 A74(1)3, A84, A97; reliability 10): one person makes it,
//! another approves it, neither has decided a level of a case in it, typed one, edited its account, or is concerned by one.
//! Nothing is paid twice. Pure: the caller brings the facts.

use std::collections::{BTreeMap, BTreeSet};

use super::list::{ListStatus, PaymentList};
use super::matching::Matched;
use super::payee::PayeeFault;
use crate::case::{Case, PayState};
use crate::event::{
    BankFile, Event, MAX_LINES, PayEntry, PayKind, Payee, PaymentSheet, Recovery, ReturnTaken,
};
use crate::money::Fen;
use crate::role::Actor;

/// A case that is to be paid, with the facts around it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Case id.
    pub case_id: [u8; 16],
    /// The case.
    pub case: Case,
    /// Who is paid by what the case and the register say today, or why nobody may be.
    pub payee: Result<Payee, PayeeFault>,
    /// Person number of the insured.
    pub psn_no: String,
    /// Name of the insured.
    pub psn_name: String,
    /// Certificate numbers of everyone concerned: the insured, the payee, the household, registered relatives.
    pub concerned: BTreeSet<String>,
}

/// Certificate numbers of this station's persons by their identifier: two entries in the staff list with one certificate
/// are one natural person.
pub type Staff = BTreeMap<String, String>;

/// Why a command about payments was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayRefusal {
    /// No case was chosen.
    #[error("no case is chosen")]
    Empty,
    /// More cases than a list holds.
    #[error("more than {MAX_LINES} cases")]
    TooMany,
    /// A case stands twice.
    #[error("case {0} stands twice")]
    Twice(String),
    /// The case is not due: not in effect, nothing to pay, or in another list.
    #[error("case {number} is not due: {standing}")]
    NotDue {
        /// Printed number.
        number: String,
        /// How it stands.
        standing: String,
    },
    /// Benefits and refunds of contributions stand in lists of their own.
    #[error("case {0} is of the other kind of payment")]
    Mixed(String),
    /// The bank refused the account, and it was not corrected since.
    #[error("the account of case {number} is not corrected: {reason}")]
    NotCorrected {
        /// Printed number.
        number: String,
        /// What the bank said.
        reason: String,
    },
    /// Nobody may be paid.
    #[error("case {number}: {fault}")]
    Payee {
        /// Printed number.
        number: String,
        /// Why.
        fault: PayeeFault,
    },
    /// The case or its account changed since the list was made.
    #[error("case {0} changed since the list was made")]
    Changed(String),
    /// The person already acted on a case of the list.
    #[error("person {person} acted on case {number}: {act}")]
    Acted {
        /// Person.
        person: String,
        /// Printed number.
        number: String,
        /// What the person did.
        act: String,
    },
    /// The person is concerned by a case of the list.
    #[error("the person is concerned by case {0}")]
    Concerned(String),
    /// Who made the list does not approve it.
    #[error("person {0} made this list")]
    OwnList(String),
    /// The list is not where this command needs it.
    #[error("list {no} is {}", .status.label())]
    WrongStatus {
        /// List.
        no: String,
        /// Standing.
        status: ListStatus,
    },
    /// A reason is missing.
    #[error("a reason is missing")]
    NoReason,
    /// The file does not say what the list says.
    #[error("the file has {lines} lines and {sum}, the list other ones")]
    FileDiffers {
        /// Lines of the file.
        lines: u32,
        /// Sum of the file.
        sum: String,
    },
    /// Nothing is to be claimed back, or more came back than was paid.
    #[error("case {0} has no such claim")]
    NoClaim(String),
}

impl PayRefusal {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "没有选中任何一件。请先选中要付款的办件。".to_owned(),
            Self::TooMany => format!("一张付款单最多 {MAX_LINES} 件。请分成几张。"),
            Self::Twice(number) => format!("{number} 选了两次。请去掉一次。"),
            Self::NotDue { number, standing } => {
                format!("{number} 现在不能列入付款单（{standing}）。请刷新列表，去掉这一件。")
            }
            Self::Mixed(number) => format!(
                "{number} 与其他各件不是同一种款项：待遇支付和重复缴费退费要分开制单（待遇从基金支出，退费冲减缴费收入，003 A84、A95）。请分两张付款单。"
            ),
            Self::NotCorrected { number, reason } => format!(
                "{number} 上次付款失败（{reason}），账户还没有更正。请经办在办件页按 Z 更正账户，审核后再付。"
            ),
            Self::Payee { number, fault } => format!("{number}：{}", fault.zh()),
            Self::Changed(number) => {
                format!("{number} 在制单后有变动。请退回这张付款单，重新制单。")
            }
            Self::Acted { number, act, .. } => format!(
                "您办过 {number} 的{act}，不能再付这一件：初审、复核、审批、付款制单、付款复核须由五人分别办理（003 A97、A121）。请交另一位财务人员，或去掉这一件。"
            ),
            Self::Concerned(number) => format!(
                "{number} 涉及您本人、您的家庭成员或您是收款人，应当回避（003 A117）。请交另一位财务人员，或去掉这一件。"
            ),
            Self::OwnList(_) => "付款单由您制单，须由另一位财务人员复核（003 A97）。".to_owned(),
            Self::WrongStatus { no, status } => {
                format!("付款单 {no} 现在是【{}】，不能这样办理。", status.label())
            }
            Self::NoReason => "请写明退回的理由。".to_owned(),
            Self::FileDiffers { lines, sum } => format!(
                "生成的文件为 {lines} 笔、{sum} 元，与付款单不一致，没有报盘。请通知管理员检查银行版式。"
            ),
            Self::NoClaim(number) => {
                format!("{number} 没有这样一笔待追回的款项，或金额超过待追回的。请核对银行凭证。")
            }
        }
    }
}

/// Makes a list of these cases.
///
/// # Errors
/// The first reason why not; nothing has happened then.
pub fn make(
    no: &str,
    (layout, layout_hash): (&str, &str),
    candidates: &[Candidate],
    actor: &Actor,
    staff: &Staff,
) -> Result<Event, PayRefusal> {
    if candidates.is_empty() {
        return Err(PayRefusal::Empty);
    }
    if candidates.len() > MAX_LINES {
        return Err(PayRefusal::TooMany);
    }
    let kind = candidates.first().map(|candidate| candidate.case.pay_kind()).unwrap_or_default();
    let mut entries: Vec<PayEntry> = Vec::with_capacity(candidates.len());
    for (candidate, seq) in candidates.iter().zip(1_u32..) {
        let entry = entry_of(candidate, seq)?;
        if entries.iter().any(|other| other.case_id == entry.case_id || other.number == entry.number) {
            return Err(PayRefusal::Twice(entry.number));
        }
        if candidate.case.pay_kind() != kind {
            return Err(PayRefusal::Mixed(entry.number));
        }
        check_person(candidate, actor, staff)?;
        entries.push(entry);
    }
    let sum = Fen::checked_sum(entries.iter().map(|entry| entry.amount)).ok_or(PayRefusal::TooMany)?;
    let sheet = PaymentSheet {
        no: no.to_owned(),
        layout: layout.to_owned(),
        layout_hash: layout_hash.to_owned(),
        entries,
        sum,
        // As lists always were written: a benefit needs no word.
        kind: Some(kind).filter(|kind| *kind != PayKind::Benefit),
    };
    Ok(Event::PaymentListMade { sheet: Box::new(sheet) })
}

fn entry_of(candidate: &Candidate, seq: u32) -> Result<PayEntry, PayRefusal> {
    let case = &candidate.case;
    let number = case.number.clone();
    let Some(amount) = case.payable().filter(|_| case.is_due()) else {
        let standing = match case.pay_word() {
            "" => case.status.label(),
            word => word,
        };
        return Err(PayRefusal::NotDue { number, standing: standing.to_owned() });
    };
    if let Some(pay) = case.payment.as_ref().filter(|pay| pay.correct) {
        return Err(PayRefusal::NotCorrected { number, reason: pay.reason.clone() });
    }
    let payee = match &candidate.payee {
        Ok(payee) => payee.clone(),
        Err(fault) => return Err(PayRefusal::Payee { number, fault: fault.clone() }),
    };
    Ok(PayEntry {
        seq,
        case_id: candidate.case_id,
        number,
        psn_no: candidate.psn_no.clone(),
        psn_name: candidate.psn_name.clone(),
        payee,
        amount,
        run: case.payment.as_ref().map_or(0, |pay| pay.run).saturating_add(1),
        sample: Some(case.owes_on_samples()),
    })
}

/// Whether this natural person may make or approve the payment of a case: five different persons a case (reliability 10).
///
/// # Errors
/// What the person did already, or that the case concerns the person.
pub fn check_person(candidate: &Candidate, actor: &Actor, staff: &Staff) -> Result<(), PayRefusal> {
    let case = &candidate.case;
    let same = |person: &str| same_person(case, person, actor, staff);
    let acted =
        |act: String| PayRefusal::Acted { person: actor.person.clone(), number: case.number.clone(), act };
    if let Some(review) = case.reviews.iter().find(|review| same(&review.by.person)) {
        return Err(acted(review.level.label().to_owned()));
    }
    if case.account_editors.iter().any(|person| same(person)) {
        return Err(acted("账户更正".to_owned()));
    }
    if case.entered_by.iter().any(|person| same(person)) {
        return Err(acted("受理录入".to_owned()));
    }
    let concerned =
        candidate.concerned.contains(&actor.certno) || case.filing.subjects.contains(&actor.certno);
    if !actor.certno.is_empty() && concerned {
        return Err(PayRefusal::Concerned(case.number.clone()));
    }
    Ok(())
}

fn same_person(case: &Case, person: &str, actor: &Actor, staff: &Staff) -> bool {
    let certno = case.certno_of(person).or_else(|| staff.get(person).map(String::as_str));
    person == actor.person || (!actor.certno.is_empty() && certno == Some(actor.certno.as_str()))
}

/// Approves a list. Every case is judged anew: what changed since it was made is not agreed to unseen.
///
/// # Errors
/// The first reason why not.
pub fn approve(
    list: &PaymentList,
    candidates: &[Candidate],
    actor: &Actor,
    staff: &Staff,
) -> Result<Event, PayRefusal> {
    if list.status != ListStatus::Made {
        return Err(wrong(list));
    }
    let maker = staff.get(&list.made.person).map(String::as_str);
    let own = list.made.person == actor.person
        || (!actor.certno.is_empty() && maker == Some(actor.certno.as_str()));
    if own {
        return Err(PayRefusal::OwnList(actor.person.clone()));
    }
    for entry in &list.sheet.entries {
        let changed = || PayRefusal::Changed(entry.number.clone());
        let candidate = candidates.iter().find(|c| c.case_id == entry.case_id).ok_or_else(changed)?;
        let held = candidate.case.payment.as_ref();
        let here = held.is_some_and(|pay| pay.list == list.sheet.no && pay.state == PayState::Listed);
        if !here
            || candidate.case.payable() != Some(entry.amount)
            || candidate.payee.as_ref() != Ok(&entry.payee)
        {
            return Err(changed());
        }
        check_person(candidate, actor, staff)?;
    }
    Ok(Event::PaymentListApproved { no: list.sheet.no.clone() })
}

/// Gives a list up before its file is written; its cases are due again.
///
/// # Errors
/// When its file is written, or no reason is given.
pub fn close(list: &PaymentList, reason: &str) -> Result<Event, PayRefusal> {
    if !matches!(list.status, ListStatus::Made | ListStatus::Approved) {
        return Err(wrong(list));
    }
    if reason.trim().is_empty() {
        return Err(PayRefusal::NoReason);
    }
    Ok(Event::PaymentListClosed { no: list.sheet.no.clone(), reason: reason.trim().to_owned() })
}

/// Notes the file that was made of an approved list. Totals of the file are totals of the list, asserted here.
///
/// # Errors
/// When the list is not approved, or the file says something else.
pub fn export(list: &PaymentList, file: BankFile) -> Result<Event, PayRefusal> {
    if list.status != ListStatus::Approved {
        return Err(wrong(list));
    }
    if usize::try_from(file.lines) != Ok(list.sheet.entries.len()) || file.sum != list.sheet.sum {
        return Err(PayRefusal::FileDiffers { lines: file.lines, sum: file.sum.to_grouped() });
    }
    Ok(Event::PaymentExported { no: list.sheet.no.clone(), file })
}

/// Takes in what the bank said of a list whose file was written.
///
/// # Errors
/// When no file was written.
pub fn take_return(
    list: &PaymentList,
    (name, digest): (&str, [u8; 32]),
    matched: Matched,
) -> Result<Event, PayRefusal> {
    if !matches!(list.status, ListStatus::Exported | ListStatus::Partly | ListStatus::Done) {
        return Err(wrong(list));
    }
    let Matched { results, findings, .. } = matched;
    let taken = ReturnTaken { name: name.to_owned(), digest, results, findings };
    Ok(Event::PaymentReturned { no: list.sheet.no.clone(), taken })
}

/// Notes money of a reversed case that came back to the account (003 A95: by the bank's voucher).
///
/// # Errors
/// When the case owes nothing, or less.
pub fn recover(case: &Case, recovery: Recovery) -> Result<Event, PayRefusal> {
    let refused = || PayRefusal::NoClaim(case.number.clone());
    let pay = case.payment.as_ref().filter(|pay| pay.state == PayState::Reclaim).ok_or_else(refused)?;
    let left = pay.amount.checked_sub(pay.recovered).ok_or_else(refused)?;
    if recovery.voucher.trim().is_empty() || recovery.amount <= Fen::ZERO || recovery.amount > left {
        return Err(refused());
    }
    Ok(Event::PaymentRecovered { recovery })
}

fn wrong(list: &PaymentList) -> PayRefusal {
    PayRefusal::WrongStatus { no: list.sheet.no.clone(), status: list.status }
}
