//! Where one operation is on its way to the city, in one word for the clerk.

use crate::journal::ResultCode;

/// Where one operation is on its way to the city.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OperationState {
    /// 已存: safe in the station's journal.
    Stored,
    /// 已送: in a batch that was handed to the wire or to a stick.
    Sent,
    /// 市级已收: in the city's copy of the chain; as business it is still being looked at.
    Received,
    /// 已核: taken over by the city.
    Accepted,
    /// 已退: returned by the city; there is something to do.
    Returned,
}

impl OperationState {
    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Stored => "已存",
            Self::Sent => "已送",
            Self::Received => "市级已收",
            Self::Accepted => "已核",
            Self::Returned => "已退",
        }
    }
}

/// The state of record `seq`, from the last record sent, the last record receipted, and its result if there is one.
pub fn operation_state(
    seq: u64,
    sent_through: u64,
    receipted_through: u64,
    result: Option<&ResultCode>,
) -> OperationState {
    match result {
        Some(ResultCode::Ok | ResultCode::Dup) => OperationState::Accepted,
        Some(ResultCode::Conflict(_) | ResultCode::Rejected(_)) => OperationState::Returned,
        Some(ResultCode::Quarantined) => OperationState::Received,
        None if seq <= receipted_through => OperationState::Received,
        None if seq <= sent_through => OperationState::Sent,
        None => OperationState::Stored,
    }
}
