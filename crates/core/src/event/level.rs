//! The levels of review (003 A74, A84). Knows their names; must not know who decides them.

/// A review level (003 A74).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Level {
    /// 初审, in the township.
    #[n(1)]
    Initial,
    /// 复核.
    #[n(2)]
    Recheck,
    /// 审批.
    #[n(3)]
    Approval,
    /// 财务复核, where two levels and finance decide (003 A84, A97).
    #[n(4)]
    Finance,
}

impl Level {
    /// All levels in their order.
    pub const ALL: [Self; 4] = [Self::Initial, Self::Recheck, Self::Approval, Self::Finance];

    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Initial => "初审",
            Self::Recheck => "复核",
            Self::Approval => "审批",
            Self::Finance => "财务复核",
        }
    }

    /// Identifier in data files and slots.
    pub fn id(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Recheck => "recheck",
            Self::Approval => "approval",
            Self::Finance => "finance",
        }
    }
}
