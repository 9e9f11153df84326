//! What a reviewer must look at before agreeing to a reimbursement (003 A54, A68, A72-A74, A82, A88): rules as dated and
//! cited data, the facts around a claim, and what the rules find in them. Also the draw of cases for a second look
//! (003 A120). Pure: the station brings history, filings, doctors and days. Knows nothing of who reviews.

pub mod doctor;
pub mod sample;

mod facts;
mod gather;
mod judge;
mod load;
mod pack;
mod raised;

pub use doctor::{Doctor, DoctorStanding, DoctorState};
pub use facts::{FACT_TABLES, FACTS};
pub use gather::{Around, Claim, ClaimInvoice, gather};
pub use judge::judge;
pub use pack::{FindingRule, FindingsPack, RuleParam, RuleParamRow, Source};
pub use raised::{Evidence, Pinned, Raised, Reply, Weight};
