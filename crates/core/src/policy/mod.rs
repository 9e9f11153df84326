//! Policy as dated data: what a person pays, from when a person is covered, what the fund pays, and why.
//!
//! A [`PolicyPack`] is the law of one area as parameters with validity, document, article and a mark
//! "verified" or "sample" (示例). The questions are pure functions over it: [`contribution`],
//! [`entitlement`], [`status`] and [`settle`]; [`ask`] takes the second and third as people put them. Each answer carries the rows it used; each silence of the text is a
//! [`PolicyGap`] of its own, never a guess. Knows money and the values of a form; knows no case, no register,
//! no screen, no file and no clock: the caller brings texts and dates.

mod ask;
mod casebook;
mod compare;
mod contribution;
mod coverage;
mod describe;
mod entitlement;
mod gap;
mod guangxi;
mod huaibei;
mod law;
mod load;
mod pack;
mod read;
mod replay;
mod schema;
mod settle;
mod status;
mod trace;
mod value;
mod what_if;

pub use ask::{Answer, Question, ask};
pub use casebook::{Compared, Expectation, PolicyCase};
pub use compare::{Difference, differences};
pub use contribution::{Collection, CollectionStanding, Contribution, Identity, contribution, refund};
pub use coverage::{Asked, Span, Standing, coverage};
pub use entitlement::{
    Alternative, Cover, Entitlement, EntitlementQuery, Facts, Gap, PayerKind, entitlement, readings_of,
};
pub use gap::PolicyGap;
pub use law::Reading;
pub use load::PolicyError;
pub use pack::{Dated, Param, PolicyPack, Status};
pub use replay::Replay;
pub use settle::{
    Band, FeeKind, FeeLine, FundDetail, ItemClass, LayerPay, LayerUse, QuotaUse, SettleFacts, SettleInput,
    Settlement, YearToDate, benefit_of, settle, settlement_year,
};
pub use status::{RecordKind, StatusDecision, StatusQuery, status};
pub use trace::TraceStep;
pub use value::{
    AidAmount, AidClass, AidTable, Amount, BandOrigin, BandRow, BandTable, Cell, ClassShare, Condition,
    DeductibleStep, Guarantee, GuaranteeScope, Label, Matrix, MonthDay, Place, Quota, QuotaPeriod, Standard,
    Term, TermUnit, Value, Who, Window,
};
pub use what_if::{Change, Variant, what_if};
