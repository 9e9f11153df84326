//! Outages as an office may note them (002): which notice is whole, which cases it concerns, and which work done while
//! the system was down may be entered later with its real time.
//!
//! Knows notices and moments; must not know screens or storage.

use crate::calendar::office_time;
use crate::event::Outage;

/// Longest text of a notice, characters.
const LONGEST: usize = 500;

/// Why a notice is not taken; each sentence says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutageFault {
    /// No document number.
    #[error("the document of the outage is missing")]
    NoDocument,
    /// No issuer.
    #[error("the issuer of the outage is missing")]
    NoIssuer,
    /// It ends before it begins.
    #[error("the outage ends before it begins")]
    Backwards,
    /// A text is too long or holds control characters.
    #[error("a text of the outage is too long or not plain text")]
    NotPlain,
    /// There is no such notice.
    #[error("there is no such outage notice")]
    Unknown,
}

impl OutageFault {
    /// The sentence for the supervisor.
    pub fn zh(self) -> &'static str {
        match self {
            Self::NoDocument => "请写明停机通知的文号或名称：顺延的依据要印在办件上。",
            Self::NoIssuer => "请写明停机通知的发文单位。",
            Self::Backwards => "恢复时间早于停机时间，请核对；还没有恢复的可以留空。",
            Self::NotPlain => "停机通知的文字过长或含有控制字符，请只录要点（500 字以内）。",
            Self::Unknown => "没有这个文号的停机通知。请按文号原样键入，或先登记该通知。",
        }
    }
}

/// Why a real time of receipt is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptRefusal {
    /// It lies in the future.
    #[error("the time of receipt lies in the future")]
    Future,
    /// No noticed outage covers it.
    #[error("no noticed outage covers the time of receipt")]
    NoOutage,
}

impl ReceiptRefusal {
    /// The sentence for the clerk.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Future => "实际收件时间晚于现在，请核对年月日和时分。",
            Self::NoOutage => {
                "这个时间没有登记停机通知，不能倒签收件时间；请按现在受理，或请审批人先在 =QX 登记停机通知（F8）。"
            }
        }
    }
}

impl Outage {
    /// Whether the notice is whole.
    ///
    /// # Errors
    /// What is missing or wrong.
    pub fn check(&self) -> Result<(), OutageFault> {
        if self.document.trim().is_empty() {
            return Err(OutageFault::NoDocument);
        }
        if self.issuer.trim().is_empty() {
            return Err(OutageFault::NoIssuer);
        }
        if self.to_ms.is_some_and(|to| to <= self.from_ms) {
            return Err(OutageFault::Backwards);
        }
        let texts = [&self.document, &self.issuer, &self.text];
        let plain = |text: &&String| text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
        if texts.iter().all(plain) { Ok(()) } else { Err(OutageFault::NotPlain) }
    }

    /// Whether it concerns cases with this screen code.
    pub fn concerns(&self, code: &str) -> bool {
        self.families.is_empty() || self.families.iter().any(|family| family == code)
    }

    /// Whether a moment (milliseconds since 1970) lies in it.
    pub fn covers(&self, moment_ms: i64) -> bool {
        self.from_ms <= moment_ms && self.to_ms.is_none_or(|to| moment_ms < to)
    }

    /// From when to when, for people.
    pub fn span_zh(&self) -> String {
        let minute = |ms: i64| office_time(ms).format("%Y-%m-%d %H:%M").to_string();
        match self.to_ms {
            Some(to) => format!("{} 至 {}", minute(self.from_ms), minute(to)),
            None => format!("{} 起，未恢复", minute(self.from_ms)),
        }
    }
}

/// Whether a case of this kind may be entered now as received at an earlier moment: only what was taken in while the
/// system was down, by a notice that is on record (002).
///
/// # Errors
/// Why not.
pub fn receipt_allowed(
    outages: &[Outage],
    code: &str,
    moment_ms: i64,
    now_ms: i64,
) -> Result<(), ReceiptRefusal> {
    if moment_ms > now_ms {
        return Err(ReceiptRefusal::Future);
    }
    let covered = outages.iter().any(|outage| outage.concerns(code) && outage.covers(moment_ms));
    if covered { Ok(()) } else { Err(ReceiptRefusal::NoOutage) }
}
