//! The domain of xiangbao: what a form, a case, a register, a figure, a page and an operation are.
//!
//! Pure by construction: this crate knows no clock, no random source, no file system, no environment, no
//! database, no terminal and no network. Whoever calls it brings time, identifiers and bytes. The modules below
//! stand in reading order, and a module only uses modules above it.

pub mod money;
pub mod calendar;
pub mod identity;
pub mod code;
pub mod catalogue;
pub mod form;
pub mod policy;
pub mod register;
pub mod findings;
pub mod role;
pub mod event;
pub mod case;
pub mod payment;
pub mod journal;
pub mod sync;
pub mod print;
