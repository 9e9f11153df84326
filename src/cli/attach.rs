//! `attach`: this terminal for a session of the daemon. Over SSH it is the forced command of a key.

use std::path::Path;

use super::args::AttachArgs;
use super::factory::socket_of;
use super::output::{Exit, complain, say};
use crate::station::{AttachError, End, Farewell, Surroundings};

/// Attaches until the session or the connection ends.
pub fn attach(folder: &Path, args: &AttachArgs) -> Exit {
    let socket = socket_of(folder, args.socket.as_ref());
    match crate::station::attach(&socket, args.account.as_deref(), &Surroundings::of_process()) {
        Ok(farewell) => parted(&farewell),
        Err(error) => refused(&error),
    }
}

/// Says the last words, and which exit code they are.
pub fn parted(farewell: &Farewell) -> Exit {
    match farewell.end {
        End::Left => {
            say(&farewell.sentence);
            Exit::Done
        }
        End::Refused => {
            complain(&farewell.sentence);
            Exit::Refused
        }
        End::Cut => {
            complain(&farewell.sentence);
            Exit::Busy
        }
    }
}

/// Says why not, and which exit code that is.
pub fn refused(error: &AttachError) -> Exit {
    match error {
        AttachError::Refused(sentence) => {
            complain(sentence);
            Exit::Refused
        }
        AttachError::NoStation { path, .. } => {
            complain(format!(
                "{} 没有工作站在服务。请先执行 xiangbao serve，或直接执行 xiangbao。",
                path.display()
            ));
            Exit::Busy
        }
        AttachError::Terminal(error) => {
            complain(format!("终端无法使用：{error}"));
            Exit::Fault
        }
    }
}
