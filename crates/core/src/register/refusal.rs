//! Why an approved form cannot change the register, with the sentence for the clerk. Knows the records' keys; must not
//! know how an effect is computed.

use super::{NotContinued, RecordKey};
use crate::money::Fen;

/// Why a case cannot take effect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EffectRefusal {
    /// The person has a normal enrolment of that year already (003 A6, A12: no second enrolment).
    #[error("{name} is enrolled in {year} already")]
    AlreadyEnrolled {
        /// Name on the form.
        name: String,
        /// Insurance year.
        year: u16,
    },
    /// The form names a person who is not in the register.
    #[error("{name} is not in the register")]
    NotInRegister {
        /// Name on the form.
        name: String,
    },
    /// A number on the form names another person of the register.
    #[error("certificate number {certno} belongs to {other} in the register")]
    OtherPerson {
        /// Certificate number.
        certno: String,
        /// Name in the register.
        other: String,
    },
    /// The invoice was claimed already.
    #[error("invoice {0} was claimed already")]
    InvoiceUsed(String),
    /// No enrolment covers the treatment.
    #[error("no enrolment of {name} covers {date}")]
    NotCovered {
        /// Name.
        name: String,
        /// First day of the treatment.
        date: String,
    },
    /// The relation was cancelled: nothing can be changed, cancelled or transferred any more.
    #[error("the relation of {0} is cancelled")]
    Cancelled(String),
    /// An open filing of the same kind exists.
    #[error("{name} has an open filing from {from} to {to}")]
    FiledAlready {
        /// Name.
        name: String,
        /// First day of the open one.
        from: String,
        /// Its last day; empty when open-ended.
        to: String,
    },
    /// An open filing of the same kind says otherwise in a field that must not change meanwhile (003 A66).
    #[error("{name} filed {before:?} until {to}, not {now:?}")]
    FiledOtherwise {
        /// Name.
        name: String,
        /// What the open filing says.
        before: String,
        /// What this form says.
        now: String,
        /// Last day of the open filing; empty when open-ended.
        to: String,
    },
    /// What must begin after the agreement begins before it (003 A69).
    #[error("begins on {from}, before the decision of {today}")]
    BeforeAgreement {
        /// First day on the form.
        from: String,
        /// Day of the decision.
        today: String,
    },
    /// One person or invoice stands twice on the form.
    #[error("{0} stands twice on the form")]
    Twice(String),
    /// A later case changed the same record: reverse that one first.
    #[error("a later change stands on {0:?}")]
    LaterChange(RecordKey),
    /// A value of the form cannot be read, although the form's rules let it pass.
    #[error("value of {0} cannot be read")]
    BadValue(String),
    /// There is no normal enrolment of that year whose contribution could be given back.
    #[error("{name} has no normal enrolment in {year}")]
    NotEnrolled {
        /// Name.
        name: String,
        /// Insurance year.
        year: u16,
    },
    /// The receipt was given back already.
    #[error("receipt {0} was refunded already")]
    Refunded(String),
    /// More would be given back than the person paid.
    #[error("{name} paid {paid:?} for {year}")]
    RefundTooMuch {
        /// Name.
        name: String,
        /// Insurance year.
        year: u16,
        /// What the register says was paid.
        paid: Fen,
    },
    /// The fund has paid on this enrolment: it was used.
    #[error("the fund has paid for {name} in {year}")]
    RefundAfterUse {
        /// Name.
        name: String,
        /// Insurance year.
        year: u16,
    },
    /// The chronic disease of the bill is not filed for the day of treatment (003 A65, A66).
    #[error("{disease} of {name} is not filed for {date}")]
    NotFiled {
        /// Name.
        name: String,
        /// Disease, as people call it.
        disease: String,
        /// A day of the treatment.
        date: String,
    },
    /// The stay does not go on from the settlement that the form names (seed 002).
    #[error("does not go on from {number}: {why:?}")]
    NotContinued {
        /// Number of the earlier settlement, as typed.
        number: String,
        /// Why not.
        why: NotContinued,
    },
    /// A later part of the stay was settled on this one: reverse that one first.
    #[error("{0} goes on from this stay")]
    GoesOn(String),
    /// A contribution of that year is booked already: the money came in twice.
    #[error("{name} paid for {year} on {day} ({voucher})")]
    PaidAlready {
        /// Name.
        name: String,
        /// Insurance year.
        year: u16,
        /// Day of the booked one.
        day: String,
        /// What it rests on.
        voucher: String,
    },
    /// The policy has no answer.
    #[error("{0}")]
    Policy(String),
    /// The store cannot be read.
    #[error("the register cannot be read: {0}")]
    Store(String),
}

impl EffectRefusal {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::AlreadyEnrolled { name, year } => {
                format!(
                    "{name} 在 {year} 年度已参保，不能重复参保（003 A6、A12）。请从表中去掉，或先核对参保记录。"
                )
            }
            Self::NotInRegister { name } => {
                format!("参保库中没有 {name}。请先按证件号查人（CX），确认后再办理。")
            }
            Self::OtherPerson { other, .. } => {
                format!(
                    "这个证件号在参保库中属于【{other}】，姓名不一致。请核对证件原件，必要时先办信息变更。"
                )
            }
            Self::InvoiceUsed(number) => {
                format!("票据 {number} 已报销过，不能重复报销（003 A88）。请核对票据原件。")
            }
            Self::NotCovered { name, date } => {
                format!("{name} 在 {date} 没有待遇享受资格（003 A22、A80）。请核对参保年度和缴费日期。")
            }
            Self::Cancelled(name) => {
                format!("{name} 的参保关系已注销，不能再办这项业务。注销有误的，请先冲正注销那一件。")
            }
            Self::FiledAlready { name, from, to } => {
                let until = if to.is_empty() { "长期有效" } else { to };
                format!(
                    "{name} 已有一件同类业务有效（{from} 至 {until}），不能重复办理。请先核对，需要改办的先冲正或待其到期。"
                )
            }
            Self::FiledOtherwise { name, before, now, to } => {
                let until = if to.is_empty() { "长期" } else { to };
                format!(
                    "{name} 已备案为 {before}（至 {until}），期间不予变更，本表为 {now}（003 A66）。请改为与已备案的一致，或待其到期。"
                )
            }
            Self::BeforeAgreement { from, today } => format!(
                "开始日期 {from} 早于同意之日 {today}：须先经同意方可开始（003 A69）。请退回补正，改为 {today} 或以后。"
            ),
            Self::Twice(what) => format!("{what} 在表中出现不止一次。请核对原件，去掉重复的一行。"),
            Self::LaterChange(_) => "同一记录之后又办过业务。请先冲正后办的那一件。".to_owned(),
            Self::BadValue(field) => format!("字段 {field} 的内容无法识别。请退回补正。"),
            Self::NotEnrolled { name, year } => {
                format!("参保库中没有 {name} {year} 年度的正常参保记录，没有可退的缴费。请核对年度和证件号。")
            }
            Self::Refunded(receipt) => {
                format!("缴费票据 {receipt} 已办过退费，同一笔缴费不能退两次。请核对票据原件。")
            }
            Self::RefundTooMuch { name, year, paid } => format!(
                "{name} {year} 年度个人缴费为 {} 元，退费金额须大于 0、不超过这个数。请改正金额。",
                paid.to_grouped()
            ),
            Self::RefundAfterUse { name, year } => format!(
                "{name} {year} 年度基金已支付过费用，已享受待遇的缴费不退（003 A28）。误享受的，先冲正那一件报销。"
            ),
            Self::NotFiled { name, disease, date } => format!(
                "{name} 在 {date} 没有“{disease}”的有效门诊特殊慢性病备案，不能按慢特病结算（003 A65、A66）。请先办慢特病备案（MB）；不是慢特病费用的，改医疗类别。"
            ),
            Self::NotContinued { number, why } => why.zh(number),
            Self::GoesOn(number) => {
                format!("续住 {number} 用了本件的起付线，先冲正那一件，再冲正本件。")
            }
            Self::PaidAlready { name, year, day, voucher } => format!(
                "{name} {year} 年度已于 {day} 缴费（凭据 {voucher}），再来的一笔是重复缴费，不入账。没有收款的不要再收；已收的，请参保人凭两张票据办理重复缴费退费（=TF，003 A28）。"
            ),
            Self::Policy(message) => message.clone(),
            Self::Store(message) => format!("参保库读取失败：{message}。请稍后重试。"),
        }
    }
}

impl From<String> for EffectRefusal {
    fn from(message: String) -> Self {
        Self::Store(message)
    }
}
