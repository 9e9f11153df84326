//! Policy as dated data: what a person pays, from when a person is covered, what the fund pays, and why.
//!
//! A [`PolicyPack`] is the law of one area as parameters with validity, document, article and a mark
//! "verified" or "sample" (示例). The three questions are pure functions over it: [`contribution`],
//! [`entitlement`] and [`settle`]. Each answer carries the rows it used; each silence of the text is a
//! [`PolicyGap`] of its own, never a guess. Knows money and the values of a form; knows no case, no register,
//! no screen, no file and no clock: the caller brings texts and dates.

mod contribution;
mod entitlement;
mod gap;
mod guangxi;
mod load;
mod pack;
mod read;
mod schema;
mod settle;
mod trace;
mod value;

pub use contribution::{Contribution, contribution};
pub use entitlement::{Alternative, Cover, Entitlement, EntitlementQuery, PayerKind, entitlement};
pub use gap::PolicyGap;
pub use load::PolicyError;
pub use pack::{Dated, Param, PolicyPack, Status};
pub use settle::{
    Band, FeeKind, FeeLine, FundDetail, ItemClass, LayerPay, LayerUse, QuotaUse, SettleInput, Settlement,
    YearToDate, benefit_of, settle,
};
pub use trace::TraceStep;
pub use value::{
    AidAmount, AidClass, AidTable, Amount, BandOrigin, BandRow, BandTable, Cell, ClassShare, Condition,
    DeductibleStep, Guarantee, GuaranteeScope, Label, Matrix, MonthDay, Place, Quota, QuotaPeriod, Standard,
    Term, TermUnit, Value, Who, Window,
};
