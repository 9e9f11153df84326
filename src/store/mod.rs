//! The data file of a station: journal, projections, drafts, in one redb database with one owner. Knows core's
//! types; must not know use cases, screens, printing or the network.

mod claims;
mod database;
mod definitions;
mod error;
mod keys;
mod kv;
mod local;
mod medium;
mod money;
mod money_read;
mod peers;
mod projections;
pub mod search;
mod settled;
mod snapshot;
mod tables;
pub mod verify;

pub use database::{Append, FILE_NAME, Identity, LocalWrite, Store, Stored, private_folder};
pub use definitions::{Definition, Sort};
pub use error::StoreError;
pub use local::{Access, BatchRecord, Draft, draft_removal, local_write, receipt_write, secret_write};
pub use money::{DEDUCTION_LISTS, PAYMENT_LISTS};
pub use projections::{Peer, StationInfo, Version};
pub use snapshot::Snapshot;
pub use tables::Table;
