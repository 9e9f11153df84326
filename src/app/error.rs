//! Why a use case did not happen, with the sentence for the clerk. Sources are kept.

use xiangbao_core::case::Refusal;
use xiangbao_core::findings::Raised;
use xiangbao_core::form::Finding;
use xiangbao_core::payment::PayRefusal;
use xiangbao_core::policy::PolicyGap;
use xiangbao_core::register::EffectRefusal;
use xiangbao_core::role::Denied;

use crate::exchange::bank::{ReadFault, TextFault};
use crate::print::{PrintError, SpoolError};
use crate::store::StoreError;

/// A refused or failed use case.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The role table says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The transition table says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The register says no.
    #[error(transparent)]
    Effect(#[from] EffectRefusal),
    /// The policy has no answer.
    #[error("policy: {0}")]
    Policy(PolicyGap),
    /// The form has errors.
    #[error("{} findings stand in the way", .0.len())]
    Findings(Vec<Finding>),
    /// What was found in the claim does not let it through (003 A74).
    #[error("{} findings block the claim", .0.len())]
    Blocked(Vec<Raised>),
    /// Papers are missing.
    #[error("{} materials are missing", .0.len())]
    Materials(Vec<String>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The document cannot be made.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// The file did not reach a printer.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// Wrong account or PIN.
    #[error("wrong account or PIN")]
    BadPin,
    /// Too many wrong PINs.
    #[error("too many wrong PINs: wait {0} seconds")]
    Locked(u64),
    /// What was asked for is not there.
    #[error("not found: {0}")]
    NotFound(String),
    /// The input cannot be used.
    #[error("{0}")]
    Input(String),
    /// A file cannot be written or read.
    #[error("{path}: {source}")]
    File {
        /// File or folder.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that somebody brought cannot be read.
    #[error(transparent)]
    Import(#[from] crate::exchange::FileFault),
    /// The table of payments says no.
    #[error(transparent)]
    Pay(#[from] PayRefusal),
    /// A text does not fit a bank's file.
    #[error("{what}: {fault}")]
    BankText {
        /// The line: case and person.
        what: String,
        /// What does not fit.
        fault: TextFault,
    },
    /// A bank's file cannot be taken.
    #[error(transparent)]
    BankFile(#[from] ReadFault),
    /// The city said no, or cannot be used.
    #[error("{0}")]
    City(String),
    /// A parcel of another station was refused.
    #[error(transparent)]
    Route(#[from] super::route_import::RouteFault),
    /// The exchange with the city failed.
    #[error(transparent)]
    Sync(#[from] crate::sync::SyncError),
}

impl AppError {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::Denied(denied) => denied.zh(),
            Self::Refused(refusal) => refusal.zh(),
            Self::Effect(refusal) => refusal.zh(),
            Self::Policy(gap) => gap.to_string(),
            Self::Findings(findings) => match findings.first() {
                Some(first) => format!("还有 {} 处需要改正：{}", findings.len(), first.message),
                None => "还有内容需要改正。".to_owned(),
            },
            Self::Blocked(found) => blocked_zh(found),
            Self::Materials(missing) => {
                format!(
                    "材料不齐：{}。请补齐后受理，或打印一次性告知书交申请人（003 A35）。",
                    missing.join("、")
                )
            }
            Self::Store(error) => error.zh(),
            Self::Print(error) => print_zh(error),
            Self::Spool(error) => error.zh(),
            Self::BadPin => "账号或口令不对，请重新输入。".to_owned(),
            Self::Locked(seconds) => format!("口令连续输错，请 {seconds} 秒后再试，或请管理员协助。"),
            Self::NotFound(what) => format!("没有找到 {what}。请核对后再试。"),
            Self::Input(message) => message.clone(),
            Self::Import(fault) => fault.zh(),
            Self::Pay(refusal) => refusal.zh(),
            Self::BankText { what, fault } => format!("{what}：{}", fault.zh()),
            Self::BankFile(fault) => fault.zh(),
            Self::City(message) => message.clone(),
            Self::Route(fault) => fault.zh(),
            Self::Sync(crate::sync::SyncError::NotEnrolled) => {
                "本站还没有在市级中心登记。请管理员执行 xiangbao sync --hub 地址 --enrol 登记码。".to_owned()
            }
            Self::Sync(error) => format!("交换没有进行：{error}。请通知管理员；业务照常办理。"),
            Self::File { path, source } => {
                format!("文件 {} 无法读写（{source}）。请检查磁盘和权限。", path.display())
            }
        }
    }
}

impl From<PolicyGap> for AppError {
    fn from(gap: PolicyGap) -> Self {
        Self::Policy(gap)
    }
}

/// The first thing that blocks a claim, with what to do.
fn blocked_zh(found: &[Raised]) -> String {
    let Some(first) = found.first() else { return "核查没有通过，请重新核对。".to_owned() };
    let more = if found.len() > 1 { format!("（另有 {} 项）", found.len() - 1) } else { String::new() };
    format!("{} {}（{}）：{}。{more}", first.code, first.sentence, first.article, first.todo)
}

fn print_zh(error: &PrintError) -> String {
    match error {
        PrintError::MissingGlyph { character, code_point, slot } => format!(
            "字库中没有【{character}】（U+{code_point:04X}，{slot}），不能打印空框。请核对用字，或登记替代写法后再打印。"
        ),
        other => format!("打印失败：{other}。请通知管理员。"),
    }
}
