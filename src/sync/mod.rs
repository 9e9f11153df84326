//! The station's way to the city: a worker around `core::sync`, and two carriers for the same files, the wire and a
//! folder (a stick). Knows no database and no screen: what it needs of the store stands in [`SyncStore`].

mod enrol;
mod folder;
mod http;
mod transport;
mod worker;
#[cfg(test)]
mod tests;

pub use enrol::{EnrolFault, Enrolment, enrol};
pub use folder::{FolderTransport, read_bounded, write_whole};
pub use http::HttpTransport;
pub use transport::{FaultClass, ReceiptQuery, Transport, TransportFault};
pub use worker::{SealFacts, StoreFault, SyncError, SyncReport, SyncStore, SyncWorker, sync_once};
