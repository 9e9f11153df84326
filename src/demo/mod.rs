//! The demo: a synthetic township, a station with one account a role, a hub on loopback, and a driver that walks the
//! real screens by keys. Knows use cases, screens and the hub's library; nothing of the product knows the demo.

pub mod drive;
pub mod office;
pub mod plays;
pub mod report;
pub mod township;
mod pay;
pub mod walk;
