//! Settlement of one bill: the question (`input`), the answer with its sum rules (`result`), and the order of
//! calculation between them (`engine`: lines, basic pool, layers). Knows the national names of the amounts
//! (transactions 2304 and 5203).

mod basic;
mod engine;
mod input;
mod intake;
mod layers;
mod lines;
mod result;
mod run;
mod slices;
mod year;

pub use engine::{benefit_of, settle, settlement_year};
pub use input::{FeeLine, ItemClass, SettleFacts, SettleInput};
pub use result::{Band, FeeKind, FundDetail, LayerPay, Settlement};
pub use year::{LayerUse, QuotaUse, YearToDate};
