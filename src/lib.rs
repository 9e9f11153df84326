//! The station: the service-window workstation of a township. A library, so that the binary, the tests and the
//! headless demo drive the very same code. Who may know whom: `app` knows store, print, sync and exchange; `tui` knows app;
//! `station` knows tui; `cli` knows all; nobody looks back (`tests/tidy.rs` reads the edges).

pub mod app;
pub mod cli;
pub mod demo;
pub mod exchange;
pub mod print;
pub mod station;
pub mod store;
pub mod sync;
pub mod tui;
