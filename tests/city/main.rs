//! The exchange with the city, from outside: real stations with real files, a real hub on loopback, real processes.
//! What goes wrong on the way is played here; nobody looks behind the public face of station and hub.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod conflict;
mod folder;
mod fork;
mod invoices;
mod office;
mod offline;
mod process;
mod route;
