//! Printing, and what an exit code means. The one place of the program that writes to standard output and error. Nobody
//! listening to the answer stops no work: what a command began it finishes, and then ends as a filter does.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use signal_hook::consts::SIGPIPE;
use signal_hook::low_level::emulate_default_handler;

use crate::app::{AppError, OpenError};
use crate::print::SpoolError;
use crate::store::StoreError;
use crate::sync::SyncError;

/// Exit codes, as documented in the help and the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// A negative answer: faults found, nothing found.
    Negative = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A rule or a role says no.
    Refused = 3,
    /// The data is in use, or the other side cannot be reached.
    Busy = 4,
    /// A file or the database failed.
    Fault = 5,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why the answer could not be written; nothing more is written after that.
static UNHEARD: OnceLock<ErrorKind> = OnceLock::new();

/// A line of the answer.
pub fn say(line: impl Display) {
    write(|out| writeln!(out, "{line}"));
}

/// A line of an error. Who closed the other end does not want to hear it.
pub fn complain(line: impl Display) {
    drop(writeln!(io::stderr(), "{line}"));
}

/// A JSON answer on one line.
pub fn json(value: &serde_json::Value) {
    say(value);
}

/// A whole text, as it is.
pub fn raw(text: &str) {
    write(|out| out.write_all(text.as_bytes()));
}

fn write(line: impl FnOnce(&mut io::StdoutLock<'static>) -> io::Result<()>) {
    if UNHEARD.get().is_some() {
        return;
    }
    if let Err(fault) = line(&mut io::stdout().lock()) {
        UNHEARD.get_or_init(|| fault.kind());
    }
}

/// The last word of the program: an answer into a pipe that was closed (`| head`) ends it by the signal of a closed pipe,
/// as it ends any filter; one that could not be written for another reason is a fault.
pub fn ended(exit: Exit) -> Exit {
    write(|out| out.flush());
    match UNHEARD.get() {
        None => exit,
        Some(ErrorKind::BrokenPipe) => {
            // Comes back only where the signal cannot be raised.
            drop(emulate_default_handler(SIGPIPE));
            exit
        }
        Some(fault) => {
            complain(format!("结果没有写完：{fault}。请检查输出文件所在的磁盘，再运行一次。"));
            Exit::Fault
        }
    }
}

/// Says why a use case did not happen, and which exit code that is.
pub fn failed(error: &AppError) -> Exit {
    complain(error.zh());
    exit_of(error)
}

/// The exit code of a use case that did not happen.
pub fn exit_of(error: &AppError) -> Exit {
    match error {
        AppError::Denied(_)
        | AppError::Refused(_)
        | AppError::Effect(_)
        | AppError::Policy(_)
        | AppError::Findings(_)
        | AppError::Blocked(_)
        | AppError::Materials(_)
        | AppError::BadPin
        | AppError::Locked(_)
        | AppError::Route(_)
        | AppError::Pay(_)
        | AppError::BankText { .. }
        | AppError::Sync(SyncError::NotEnrolled) => Exit::Refused,
        AppError::NotFound(_) | AppError::Import(_) | AppError::BankFile(_) => Exit::Negative,
        AppError::Input(_) => Exit::Usage,
        AppError::Store(StoreError::InUse) => Exit::Busy,
        AppError::Spool(SpoolError::Name(_)) => Exit::Usage,
        AppError::City(_) | AppError::Spool(_) => Exit::Busy,
        AppError::Store(_) | AppError::Print(_) | AppError::File { .. } | AppError::Sync(_) => Exit::Fault,
    }
}

/// Says why a station does not open, and which exit code that is.
pub fn not_open(error: &OpenError) -> Exit {
    match error {
        OpenError::Library(faults) => {
            for fault in &faults.0 {
                complain(fault);
            }
            Exit::Negative
        }
        OpenError::Store(StoreError::InUse) => {
            complain(StoreError::InUse.zh());
            Exit::Busy
        }
        OpenError::Store(error @ (StoreError::Missing(_) | StoreError::Exists(_))) => {
            complain(error.zh());
            Exit::Negative
        }
        OpenError::Store(error) => {
            complain(error.zh());
            Exit::Fault
        }
        OpenError::App(error) => failed(error),
    }
}
