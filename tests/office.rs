//! Journeys through the use cases of a station, beyond what the screens walk: what each kind does to the register
//! and what was known when, supplements and clocks, refusals, reversals, accumulations, papers. Expected figures are
//! worked out by hand from the seed's sample parameters; the walk at the end of each journey finds the journal whole.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "office/admission.rs"]
mod admission;
#[path = "office/bill.rs"]
mod bill;
#[path = "office/chronic.rs"]
mod chronic;
#[path = "office/clocks.rs"]
mod clocks;
#[path = "office/contributions.rs"]
mod contributions;
#[path = "office/desk.rs"]
mod desk;
#[path = "office/drafted.rs"]
mod drafted;
#[path = "office/ex_employee.rs"]
mod ex_employee;
#[path = "office/filings.rs"]
mod filings;
#[path = "office/findings.rs"]
mod findings;
#[path = "office/home_money.rs"]
mod home_money;
#[path = "office/kinds.rs"]
mod kinds;
#[path = "office/many.rs"]
mod many;
#[path = "office/money.rs"]
mod money;
#[path = "office/outside.rs"]
mod outside;
#[path = "office/paper.rs"]
mod paper;
#[path = "office/payment.rs"]
mod payment;
#[path = "office/pins.rs"]
mod pins;
#[path = "office/refunds.rs"]
mod refunds;
#[path = "office/refusals.rs"]
mod refusals;
#[path = "office/replay.rs"]
mod replay;
#[path = "office/reversal.rs"]
mod reversal;
#[path = "office/scans.rs"]
mod scans;
#[path = "office/roster.rs"]
mod roster;
#[path = "office/sampling.rs"]
mod sampling;
#[path = "office/stays.rs"]
mod stays;
#[path = "office/supplement.rs"]
mod supplement;
#[path = "office/village.rs"]
mod village;
