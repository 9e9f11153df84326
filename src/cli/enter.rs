//! `xiangbao` without a command: the screens. A running daemon is attached to; otherwise this process opens the data
//! and runs the same session itself.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;

use super::factory::socket_of;
use super::output::{Exit, complain, not_open, say};
use crate::app::Station;
use crate::station::{LocalError, Surroundings, SystemClock, run_local};
use crate::tui::desk::Desk;

/// Enters the screens of a data folder.
pub fn enter(folder: &Path) -> Exit {
    let socket = socket_of(folder, None);
    if UnixStream::connect(&socket).is_ok() {
        return match crate::station::attach(&socket, None, &Surroundings::of_process()) {
            Ok(farewell) => super::attach::parted(&farewell),
            Err(error) => super::attach::refused(&error),
        };
    }
    match Station::open(folder) {
        Ok(station) => local(&Arc::new(station), None),
        Err(error) => not_open(&error),
    }
}

/// The screens on this process's terminal, over a station that is open already.
pub fn local(station: &Arc<Station>, account: Option<&str>) -> Exit {
    let open = |hello: &crate::tui::runtime::Hello, _now| Ok(Desk::new(Arc::clone(station), hello));
    finish(run_local(open, account, &Surroundings::of_process(), &SystemClock::start()))
}

fn finish(result: Result<String, LocalError>) -> Exit {
    match result {
        Ok(sentence) => {
            say(sentence);
            Exit::Done
        }
        Err(LocalError::Refused(sentence)) => {
            complain(sentence);
            Exit::Refused
        }
        Err(error) => {
            complain(error);
            Exit::Fault
        }
    }
}

/// The demo's screens: the clerk is signed in, and the first steps lie on top.
pub fn demo(station: &Arc<Station>, login: &crate::demo::office::Login, steps: &[String]) -> Exit {
    let actor = match station.sign_in(login.account, login.pin) {
        Ok(actor) => actor,
        Err(error) => return super::output::failed(&error),
    };
    let open = |hello: &crate::tui::runtime::Hello, _now| {
        Ok(Desk::welcoming(Arc::clone(station), hello, actor.clone(), steps))
    };
    finish(run_local(open, Some(login.account), &Surroundings::of_process(), &SystemClock::start()))
}
