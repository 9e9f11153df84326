//! What a carrier does: takes a sealed file, brings a receipt file. Nothing it brings is believed before its signature
//! was checked, and that is not the carrier's work.

use xiangbao_core::journal::BatchName;
use xiangbao_core::sync::Phase;

/// Asks for the receipts of this station from a number on, signed by the station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptQuery {
    /// The station.
    pub station: String,
    /// The first receipt wanted.
    pub from_no: u64,
    /// Signature over `journal::receipt_query`.
    pub signature: [u8; 64],
}

/// Why a carrier brought no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultClass {
    /// The file lies where it will be carried on; the receipt comes later. Not a failure.
    NoReceiptYet,
    /// No connection, no answer in time, or the medium is not there.
    Network,
    /// Something else than a hub answered: a sign-in page, a proxy.
    CaptivePortal,
    /// The hub takes no file of this size.
    TooLarge,
    /// The hub refuses this file or this station; people have to look.
    Refused,
    /// The hub does not speak this version any more.
    Upgrade,
    /// The hub has trouble of its own; it will pass.
    Server,
    /// What came back is not a receipt of the pinned hub.
    BadReceipt,
    /// This carrier cannot do that.
    Unsupported,
    /// The city has another history of this station: a copy or an old image of its data is at work.
    Fork,
    /// The city contradicts what it signed before.
    HubSuspect,
}

/// Why a carrier brought no receipt, with what it saw.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{class:?}: {detail}")]
pub struct TransportFault {
    /// The kind of fault.
    pub class: FaultClass,
    /// What was seen, for the log; never shown raw on a screen.
    pub detail: String,
    /// The file certainly did not leave this machine: nobody may call it sent.
    pub never_left: bool,
}

impl TransportFault {
    /// A fault of a kind.
    pub fn new(class: FaultClass, detail: impl ToString) -> Self {
        Self { class, detail: detail.to_string(), never_left: false }
    }

    /// A fault before the first byte left this machine.
    pub fn at_home(class: FaultClass, detail: impl ToString) -> Self {
        Self { never_left: true, ..Self::new(class, detail) }
    }

    /// What stands in the way in a phase; nothing in normal work.
    pub fn of_phase(phase: Phase) -> Option<Self> {
        let class = match phase {
            Phase::Working => return None,
            Phase::FrozenFork => FaultClass::Fork,
            Phase::UpgradeRequired => FaultClass::Upgrade,
            Phase::HubSuspect => FaultClass::HubSuspect,
        };
        Some(Self::at_home(class, "stopped by an earlier answer"))
    }

    /// The sentence for the sync page.
    pub fn zh(&self) -> &'static str {
        match self.class {
            FaultClass::NoReceiptYet => "已交出，等市级回执。",
            FaultClass::Network => "连不上市级中心，业务照常办理，稍后自动再送。",
            FaultClass::CaptivePortal => {
                "网络要求先登录（不是市级中心在回答），请联系网络管理员；业务照常办理。"
            }
            FaultClass::TooLarge => "市级中心不收这么大的批次，请联系系统管理员。",
            FaultClass::Refused => "市级中心不认可本站或这一批次，请联系市级管理员。",
            FaultClass::Upgrade => "市级中心要求升级本站程序；升级前业务照常办理，暂不报送。",
            FaultClass::Server => "市级中心暂时有故障，稍后自动再送。",
            FaultClass::BadReceipt => "收到的回执不是市级中心签发的，未采用，请联系市级管理员。",
            FaultClass::Unsupported => "这种传送方式不能查询回执。",
            FaultClass::Fork => {
                "市级中心另有一份本站日志（数据被复制过，或恢复了旧备份），已停止报送。业务可照常办理、打印；请勿再复制或恢复数据，立即联系市级管理员核对后重新登记。"
            }
            FaultClass::HubSuspect => {
                "市级中心的回执与它先前签发的不一致，已停止报送并留存两份回执为证。业务可照常办理、打印；请联系市级管理员核查。"
            }
        }
    }
}

/// Carries sealed files to the city and receipts back.
pub trait Transport {
    /// Hands a sealed file over and brings its receipt file.
    ///
    /// # Errors
    /// [`TransportFault`]; the same bytes may always be handed over again.
    fn send(&self, name: &BatchName, bytes: &[u8]) -> Result<Vec<u8>, TransportFault>;

    /// Brings receipts that were issued before, in order, as many as fit one answer.
    ///
    /// # Errors
    /// [`TransportFault`]; `Unsupported` where a carrier has no way to ask.
    fn receipts(&self, query: &ReceiptQuery) -> Result<Vec<Vec<u8>>, TransportFault> {
        let _ = query;
        Err(TransportFault::new(FaultClass::Unsupported, "no way to ask"))
    }
}
