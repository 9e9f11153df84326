//! `serve`: the daemon that owns the data file, until it is told to stop.

use std::path::Path;
use std::sync::Arc;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::args::ServeArgs;
use super::factory::{Desks, socket_of};
use super::output::{Exit, complain, failed, not_open, say};
use crate::app::Station;
use crate::station::{Admission, Limits, Server, SystemClock};

/// Serves.
pub fn serve(folder: &Path, args: &ServeArgs) -> Exit {
    let station = match Station::open(folder) {
        Ok(station) => Arc::new(station),
        Err(error) => return not_open(&error),
    };
    let route = match args.hub.as_ref().map(|url| super::sync::wire_to(&station, url, false)).transpose() {
        Ok(route) => route,
        Err(error) => return failed(&error),
    };
    let socket = socket_of(folder, args.socket.as_ref());
    let admission =
        Admission { door_uid: args.door_uid, ..Admission::own(rustix::process::geteuid().as_raw()) };
    let factory = Arc::new(Desks { station: Arc::clone(&station) });
    let server =
        match Server::bind(&socket, admission, Limits::default(), factory, Arc::new(SystemClock::start())) {
            Ok(server) => server,
            Err(error) => {
                complain(error);
                return Exit::Busy;
            }
        };
    let stopper = server.stopper();
    let signals = match Signals::new([SIGINT, SIGTERM]) {
        Ok(signals) => signals,
        Err(error) => {
            complain(error);
            return Exit::Fault;
        }
    };
    std::thread::spawn(move || {
        let mut signals = signals;
        if signals.forever().next().is_some() {
            stopper.stop();
        }
    });
    let exchange = route.map(|route| super::sync::in_background(Arc::clone(&station), route));
    say(format!("工作站已启动：{}。连接：xiangbao attach；停止：Ctrl-C。", socket.display()));
    server.run();
    drop(exchange);
    say("工作站已停止，已存的内容都在。");
    Exit::Done
}
