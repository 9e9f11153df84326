//! How the payment of a case stands, and the correction of its bank account after effect: states as folds of events, and
//! what they forbid. Knows one case; must not know lists or banks' files.

use super::fold::{Case, Status, Step};
use super::refusal::Refusal;
use crate::event::{ACCOUNT_FIELDS, AccountCorrection, Event, Level, PayKind, PaymentSheet, Verdict};
use crate::form::FieldPath;
use crate::money::Fen;

/// Where the money of a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum PayState {
    /// In a list that nobody approved yet.
    #[n(1)]
    Listed,
    /// In an approved list.
    #[n(2)]
    Approved,
    /// In a file that the bank has or may have.
    #[n(3)]
    Exported,
    /// The bank paid.
    #[n(4)]
    Paid,
    /// The bank did not pay: due again.
    #[n(5)]
    Failed,
    /// Its list was given up: due again.
    #[n(6)]
    Free,
    /// Paid and then reversed: to be claimed back.
    #[n(7)]
    Reclaim,
    /// Claimed back in full.
    #[n(8)]
    Recovered,
}

impl PayState {
    /// The word on screen and paper.
    pub fn label(self) -> &'static str {
        match self {
            Self::Listed => "已列单待复核",
            Self::Approved => "已复核待报盘",
            Self::Exported => "已报盘待回盘",
            Self::Paid => "已支付",
            Self::Failed => "付款失败",
            Self::Free => "待付款",
            Self::Reclaim => "待追回",
            Self::Recovered => "已追回",
        }
    }

    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Approved => "approved",
            Self::Exported => "exported",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Free => "due",
            Self::Reclaim => "reclaim",
            Self::Recovered => "recovered",
        }
    }
}

/// The payment of one case so far.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct CasePayment {
    /// Where the money is.
    #[n(0)]
    pub state: PayState,
    /// The last list it was in.
    #[n(1)]
    pub list: String,
    /// Its line there.
    #[n(2)]
    pub seq: u32,
    /// How many lists it was in.
    #[n(3)]
    pub run: u16,
    /// Amount.
    #[n(4)]
    pub amount: Fen,
    /// Why the bank did not pay; empty otherwise.
    #[n(5)]
    pub reason: String,
    /// The account must be put right before another attempt.
    #[n(6)]
    pub correct: bool,
    /// The bank's day of the payment.
    #[n(7)]
    pub day: String,
    /// What came back after a reversal.
    #[n(8)]
    pub recovered: Fen,
}

/// Why money stands in the way of a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyRefusal {
    /// The case is in a list whose file is not written yet.
    #[error("the case is in payment list {0}")]
    InList(String),
    /// The bank has the file and did not answer yet.
    #[error("the bank has not answered list {0}")]
    UnderWay(String),
    /// The money was paid: there is no account to correct.
    #[error("the case is paid")]
    Paid,
    /// The case pays nothing, or not yet.
    #[error("the case has nothing to pay")]
    NothingDue,
    /// The person edited the bank account of the case.
    #[error("person {0} edited the bank account of this case")]
    EditedAccount(String),
    /// Nothing of the account is different.
    #[error("the account is the same")]
    SameAccount,
}

impl MoneyRefusal {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::InList(no) => {
                format!("本件已列入付款单 {no}，尚未报盘。请先由财务退回该付款单（FK），再办这一步。")
            }
            Self::UnderWay(no) => format!(
                "付款单 {no} 已报送银行，尚未回盘，不知是否已付。请等回盘导入后再办：已付的冲正后追回，未付的直接办理。"
            ),
            Self::Paid => "本件已支付，账户不必更正。付错的请办冲正，款项追回。".to_owned(),
            Self::NothingDue => "本件没有待付的款项。请核对办件状态。".to_owned(),
            Self::EditedAccount(_) => {
                "本件的银行账户由您改过，您不能再审核或支付本件（账户改动从初审重新办理）。请交另一位同事。"
                    .to_owned()
            }
            Self::SameAccount => "账户各项与原来一样，没有要更正的。请核对后再提交。".to_owned(),
        }
    }
}

impl Case {
    /// What the case pays by its effect, whatever became of it since: the fund's part of the settlement, or what is given
    /// back of a contribution.
    pub fn owed(&self) -> Option<Fen> {
        self.refund.or_else(|| Some(self.settlement.as_ref()?.fund_pay_sumamt))
    }

    /// Whether what it pays rests on figures that nobody verified (示例): to be said wherever the amount stands.
    pub fn owes_on_samples(&self) -> bool {
        self.refund.is_none() && self.settlement.as_ref().is_some_and(|settled| settled.sample)
    }

    /// What the money of this case is.
    pub fn pay_kind(&self) -> PayKind {
        if self.refund.is_some() { PayKind::Refund } else { PayKind::Benefit }
    }

    /// What is owed for this case now, in or out of a list; none for what is not in effect here, or pays nothing.
    pub fn payable(&self) -> Option<Fen> {
        let owed = self.owed()?;
        (self.origin.is_none() && self.status == Status::InEffect && owed > Fen::ZERO).then_some(owed)
    }

    /// Whether it may be put into a list: owed, and not in one already.
    pub fn is_due(&self) -> bool {
        let free = |pay: &CasePayment| matches!(pay.state, PayState::Failed | PayState::Free);
        self.payable().is_some() && self.payment.as_ref().is_none_or(free)
    }

    /// How the payment stands, in a word; empty where there is nothing to pay.
    pub fn pay_word(&self) -> &'static str {
        match (&self.payment, self.payable()) {
            (Some(pay), _) => pay.state.label(),
            (None, Some(_)) => PayState::Free.label(),
            (None, None) => "",
        }
    }

    /// The correction of the account that waits for a level.
    fn correct(&mut self, correction: &AccountCorrection, by: &Step) {
        self.account_editors.push(by.person.clone());
        self.correction = Some((by.clone(), correction.clone()));
        if let Some(first) = self.filing.levels.first() {
            self.status = Status::Correcting(*first);
        }
    }

    /// Who changes the account of an open case is noted: a later level is not theirs.
    pub(super) fn note_editor(&mut self, data: &crate::form::FormData, by: &Step) {
        let differs = |id: &&str| self.filing.data.field(id) != data.field(id);
        if ACCOUNT_FIELDS.iter().any(differs) {
            self.account_editors.push(by.person.clone());
        }
    }

    /// A level decided about the correction: on, or back to where the case was.
    pub(super) fn correction_reviewed(&mut self, level: Level, verdict: &Verdict) {
        self.status = match (verdict, self.next_level(level)) {
            (Verdict::Passed, Some(next)) => Status::Correcting(next),
            // The account itself comes with its own event.
            (Verdict::Passed, None) => self.status,
            (Verdict::Returned { .. } | Verdict::Rejected { .. }, _) => {
                self.correction = None;
                Status::InEffect
            }
        };
    }

    /// Takes in what happened to the money or to the account.
    pub(super) fn pay(&mut self, event: &Event, by: &Step) {
        match event {
            Event::AccountCorrected { correction } => self.correct(correction, by),
            Event::AccountTaken => self.account_taken(),
            Event::PaymentListMade { sheet } => self.listed(sheet),
            _ => {
                if let Some(pay) = &mut self.payment {
                    pay.moved(event);
                }
            }
        }
    }

    /// Its line stands in a new list.
    fn listed(&mut self, sheet: &PaymentSheet) {
        let Some(entry) = sheet.entries.iter().find(|entry| entry.number == self.number) else { return };
        self.payment = Some(CasePayment {
            state: PayState::Listed,
            list: sheet.no.clone(),
            seq: entry.seq,
            run: entry.run,
            amount: entry.amount,
            reason: String::new(),
            correct: false,
            day: String::new(),
            recovered: Fen::ZERO,
        });
    }

    /// Every level agreed to the other account.
    fn account_taken(&mut self) {
        if let Some((_, correction)) = self.correction.take() {
            for (id, value) in &correction.values {
                self.filing.data.set(&FieldPath::single(id), value);
            }
        }
        self.status = Status::InEffect;
        if let Some(pay) = &mut self.payment {
            pay.correct = false;
        }
    }

    /// Reversed: what was paid is to be claimed back; where nothing was paid nothing is owed any more.
    pub(super) fn money_reversed(&mut self) {
        match &mut self.payment {
            Some(pay) if pay.state == PayState::Paid => pay.state = PayState::Reclaim,
            _ => self.payment = None,
        }
    }
}

impl CasePayment {
    fn moved(&mut self, event: &Event) {
        match event {
            Event::PaymentListApproved { no } if *no == self.list => self.state = PayState::Approved,
            Event::PaymentListClosed { no, .. } if *no == self.list => self.state = PayState::Free,
            Event::PaymentExported { no, .. } if *no == self.list => self.state = PayState::Exported,
            Event::PaymentReturned { no, taken } if *no == self.list => {
                let Some(result) = taken.results.iter().find(|result| result.seq == self.seq) else { return };
                self.state = if result.done { PayState::Paid } else { PayState::Failed };
                self.reason.clone_from(&result.reason);
                self.day.clone_from(&result.day);
                self.correct = result.correct;
            }
            Event::PaymentRecovered { recovery } => {
                self.recovered = self.recovered.checked_add(recovery.amount).unwrap_or(self.recovered);
                if self.recovered >= self.amount {
                    self.state = PayState::Recovered;
                }
            }
            // Of another list: the case was in it once, or never. Which events come here the fold says, one by one.
            _ => {}
        }
    }
}

/// Whether the money lets a case be reversed: not while a list holds it, not while the bank may be paying. Paid money is
/// claimed back after the reversal. The station asks it before a reversal is proposed and before it is done, and the city
/// asks it again of both.
///
/// # Errors
/// Which list stands in the way.
pub fn may_reverse(case: &Case) -> Result<(), MoneyRefusal> {
    match &case.payment {
        Some(pay) if matches!(pay.state, PayState::Listed | PayState::Approved) => {
            Err(MoneyRefusal::InList(pay.list.clone()))
        }
        Some(pay) if pay.state == PayState::Exported => Err(MoneyRefusal::UnderWay(pay.list.clone())),
        _ => Ok(()),
    }
}

/// Whether this correction of the account can be asked for now.
pub(super) fn may_correct(case: &Case, correction: &AccountCorrection) -> Result<(), Refusal> {
    if case.status != Status::InEffect {
        return Err(Refusal::WrongStatus(case.status));
    }
    may_reverse(case)?;
    if case.payment.as_ref().is_some_and(|pay| pay.state == PayState::Paid) {
        return Err(MoneyRefusal::Paid.into());
    }
    if !case.is_due() {
        return Err(MoneyRefusal::NothingDue.into());
    }
    let known = |id: &str| ACCOUNT_FIELDS.contains(&id);
    let differs = correction.values.iter().any(|(id, value)| case.filing.data.field(id) != value.as_str());
    if !differs || !correction.values.keys().all(|id| known(id)) {
        return Err(MoneyRefusal::SameAccount.into());
    }
    Ok(())
}
