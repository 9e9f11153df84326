//! Why a command about a case was refused, with the sentence for the clerk. Knows what can stand in the way; must not know
//! how it is decided.

use super::fold::Status;
use super::pay::MoneyRefusal;
use crate::event::Level;
use crate::form::Seat;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The case exists already.
    #[error("the case exists already")]
    Exists,
    /// There is no such case.
    #[error("there is no such case")]
    Unknown,
    /// The case is not where this command needs it.
    #[error("the case is {}: this is not possible now", .0.label())]
    WrongStatus(Status),
    /// The same natural person already acted at another level of this case.
    #[error("person {person} already acted at level {}", .level.label())]
    SamePerson {
        /// The person.
        person: String,
        /// The level at which the person acted.
        level: Level,
    },
    /// The person typed the case, and a second one must judge it from the first level on.
    #[error("person {0} typed this case: a second person is needed")]
    SecondNeeded(String),
    /// The person proposed the reversal and cannot agree to it.
    #[error("person {0} proposed this reversal")]
    OwnProposal(String),
    /// The person is concerned by the case.
    #[error("the reviewer is concerned by the case")]
    Concerned,
    /// A reason is missing.
    #[error("a reason is missing")]
    NoReason,
    /// A return without demands.
    #[error("a return names no demand")]
    NoDemand,
    /// The form names no review level.
    #[error("the form names no review level")]
    NoLevels,
    /// The last level agreed, but nobody computed the effect.
    #[error("the effect of the case is missing")]
    NoEffect,
    /// The level sits at an upper seat.
    #[error("this level sits at the seat {}", .0.id())]
    Elsewhere(Seat),
    /// The case belongs to another station: only its levels are decided here.
    #[error("the case belongs to another station")]
    NotOurs,
    /// The answering station does not have this case (any more), or has an older round of it.
    #[error("the case is not at station {0}")]
    NotThere(String),
    /// A person decides across stations without a recorded certificate number.
    #[error("the certificate number of the reviewer is not recorded")]
    NoCertificate,
    /// Findings that this level has to answer before it agrees, by reason code.
    #[error("findings are not answered: {0:?}")]
    FindingsOpen(Vec<String>),
    /// Findings that this level holds to be true, by reason code.
    #[error("findings are held to be true: {0:?}")]
    FindingsHold(Vec<String>),
    /// The case has no such finding, or this level does not answer it.
    #[error("there is no such finding to answer")]
    NoFinding,
    /// The settlement of a reversal is not the exact negative of the one that it takes back.
    #[error("the refund settlement is not the negative of the settlement: {0}")]
    NotNegative(String),
    /// What the other station sent does not hold together.
    #[error("{0}")]
    Unsound(String),
    /// Money stands in the way.
    #[error(transparent)]
    Money(#[from] MoneyRefusal),
}

impl Refusal {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::Exists => "这件业务已经受理过，不会重复受理。请按办件号查看。".to_owned(),
            Self::Unknown => "没有这件业务。请核对办件号。".to_owned(),
            Self::WrongStatus(status) => {
                format!("这件业务现在是【{}】，不能这样办理。请看办件经过。", status.label())
            }
            Self::SamePerson { level, .. } => format!(
                "您在本件中已办过{}，初审、复核、审批须由三人分别办理（003 A74、A121）。请交另一位同事。",
                level.label()
            ),
            Self::SecondNeeded(_) => {
                "稽核须由两名以上人员共同进行（003 A117）：本件由您填写，请交另一名稽核人员核签。".to_owned()
            }
            Self::OwnProposal(_) => "冲正由您提出，须由其他人复核、审批（003 A121）。".to_owned(),
            Self::Concerned => {
                "本件涉及您本人或您填报的家庭成员，应当回避（003 A117）。请交另一位同事。".to_owned()
            }
            Self::NoReason => "请写明理由：要告知申请人（003 A11）。".to_owned(),
            Self::NoDemand => "请写明需补正的内容，一次告知完整（003 A35）。".to_owned(),
            Self::NoLevels => "表单没有规定审核级次，不能受理。请管理员检查表单文件。".to_owned(),
            Self::NoEffect => "没有算出办理结果，不能生效。请退回本页重试。".to_owned(),
            Self::Elsewhere(seat) => {
                format!("这一级在{}办理。请在【送审 SS】导出送审包，等上级结果导入。", seat.label())
            }
            Self::NotOurs => {
                "这是下级送审的办件，本站只办理本级审核；撤回、补正、冲正由送审的站办理。".to_owned()
            }
            Self::NotThere(station) => {
                format!("这件业务现在不在 {station} 站审核（已办结、已撤回或已重新送审），结果没有采用。")
            }
            Self::NoCertificate => {
                "审核人账号没有登记证件号，无法核对与下级经办人是否为同一人（003 A74）。请管理员补登后再办。"
                    .to_owned()
            }
            Self::Money(refusal) => refusal.zh(),
            Self::FindingsOpen(codes) => format!(
                "还有 {} 项核查问题没有答复（{}）。请逐项查证、答复后再同意。",
                codes.len(),
                codes.join("、")
            ),
            Self::FindingsHold(codes) => format!(
                "您已认定核查问题属实（{}），不能同意：请退回补正或退件；另有查明的，先改答复。",
                codes.join("、")
            ),
            Self::NoFinding => "本件没有这项须由本级答复的核查问题。请返回审核页重看。".to_owned(),
            Self::NotNegative(reason) => {
                format!("退费结算与原结算不能逐项相抵（{reason}），没有冲正。请报市级系统管理员。")
            }
            Self::Unsound(reason) => format!("送审内容不合规：{reason}。没有收下，请送审的站核对后重送。"),
        }
    }
}
