//! What a carrier does: takes a sealed file, brings a receipt file. Nothing it brings is believed before its signature
//! was checked, and that is not the carrier's work.

use xiangbao_core::journal::BatchName;

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
}

/// Why a carrier brought no receipt, with what it saw.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{class:?}: {detail}")]
pub struct TransportFault {
    /// The kind of fault.
    pub class: FaultClass,
    /// What was seen, for the log; never shown raw on a screen.
    pub detail: String,
}

impl TransportFault {
    /// A fault of a kind.
    pub fn new(class: FaultClass, detail: impl ToString) -> Self {
        Self { class, detail: detail.to_string() }
    }

    /// The sentence for the sync page.
    pub fn zh(&self) -> &'static str {
        match self.class {
            FaultClass::NoReceiptYet => "已交出,等市级回执。",
            FaultClass::Network => "连不上市级中心,业务照常办理,稍后自动再送。",
            FaultClass::CaptivePortal => "网络要求先登录(不是市级中心在回答),请联系网络管理员;业务照常办理。",
            FaultClass::TooLarge => "市级中心不收这么大的批次,请联系系统管理员。",
            FaultClass::Refused => "市级中心不认可本站或这一批次,请联系市级管理员。",
            FaultClass::Upgrade => "市级中心要求升级本站程序;升级前业务照常办理,暂不报送。",
            FaultClass::Server => "市级中心暂时有故障,稍后自动再送。",
            FaultClass::BadReceipt => "收到的回执不是市级中心签发的,未采用,请联系市级管理员。",
            FaultClass::Unsupported => "这种传送方式不能查询回执。",
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
