//! The real `xiangbao` binary from outside: exit codes, answers for people and for scripts, sentences that say what is
//! wrong and what to do, and what it leaves on the disk. Each test works on its own copy of one office.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "cli/answers.rs"]
mod answers;
#[path = "cli/bench.rs"]
mod bench;
#[path = "cli/catalogue.rs"]
mod catalogue;
#[path = "cli/dates.rs"]
mod dates;
#[path = "office/drafted.rs"]
mod drafted;
#[path = "cli/library.rs"]
mod library;
#[path = "cli/look.rs"]
mod look;
#[path = "cli/page.rs"]
mod page;
#[path = "cli/paper.rs"]
mod paper;
#[path = "cli/pipe.rs"]
mod pipe;
#[path = "cli/policy.rs"]
mod policy;
#[path = "cli/replay.rs"]
mod replay;
#[path = "cli/settle.rs"]
mod settle;
#[path = "cli/setup.rs"]
mod setup;
#[path = "cli/whole.rs"]
mod whole;
