//! The `xiangbao-hub` command: what each word does, and with which exit code it ends. Only this file prints.

use std::ffi::OsString;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde::Serialize;

use crate::embedded::OpenError;
use crate::import::import_folder;
use crate::serve::{NewHub, ServeError, codes_of, init, open_hub, serve_hub};
use crate::wall_clock;

/// Everything was done.
const DONE: u8 = 0;
/// It failed; the message says why.
const FAILED: u8 = 1;
/// The command line is not understood.
const WRONG_USAGE: u8 = 2;
/// Some files were refused; the others were taken.
const SOME_REFUSED: u8 = 3;
/// Another process has the database.
const IN_USE: u8 = 4;

/// 市级中心: takes batches from stations, answers with receipts.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some files refused, 4 database in use.
#[derive(Debug, Parser)]
#[command(name = "xiangbao-hub", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a new hub in a folder.
    Init {
        /// The data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Name of the hub, as stations show it.
        #[arg(long, default_value = "市医疗保障中心")]
        name: String,
        /// Division code of the city.
        #[arg(long, default_value = "451400")]
        city: String,
    },
    /// Listen for stations until told to stop.
    Serve {
        /// The data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8470")]
        listen: SocketAddr,
    },
    /// Make a code that enrols one station; good for seven days. Works while the hub runs.
    EnrolCode {
        /// The data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// Show stations, counts and incidents.
    Status {
        /// The data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Take batch files from a folder or stick and write receipts beside them.
    Import {
        /// The data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder with `.cbm` files.
        folder: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr().lock());
    ExitCode::from(obey_line(&arguments, &mut out, &mut err))
}

/// Runs a command line, without the program's name in front, and gives the exit code.
pub fn obey_line<T>(arguments: &[T], out: &mut dyn Write, err: &mut dyn Write) -> u8
where
    T: Clone + Into<OsString>,
{
    let name = OsString::from("xiangbao-hub");
    let line = std::iter::once(name).chain(arguments.iter().cloned().map(Into::into));
    match Arguments::try_parse_from(line) {
        Ok(arguments) => obey(arguments.command, out, err),
        Err(asked) => {
            // Help and version are answers, everything else is wrong usage.
            let said = asked.render();
            if asked.use_stderr() {
                write!(err, "{said}").ok();
                return WRONG_USAGE;
            }
            write!(out, "{said}").ok();
            DONE
        }
    }
}

fn obey(command: Command, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let done = match command {
        Command::Init { data, name, city } => {
            init(&data, &NewHub { name, city }).map_err(Failure::from).and_then(|()| {
                say(out, &format!("hub made in {}", data.display()))?;
                Ok(DONE)
            })
        }
        Command::Serve { data, listen } => serve(&data, listen, out),
        Command::EnrolCode { data } => {
            codes_of(&data).make(wall_clock()).map_err(Failure::from).and_then(|code| {
                say(out, &code)?;
                Ok(DONE)
            })
        }
        Command::Status { data, json } => status(&data, json, out),
        Command::Import { data, folder, json } => import(&data, &folder, json, out),
    };
    match done {
        Ok(code) => code,
        Err(Failure { code, message }) => {
            // Nobody is left to tell when the error stream is closed.
            writeln!(err, "xiangbao-hub: {message}").ok();
            code
        }
    }
}

struct Failure {
    code: u8,
    message: String,
}

impl From<ServeError> for Failure {
    fn from(fault: ServeError) -> Self {
        let code = if matches!(fault, ServeError::Open(OpenError::InUse)) { IN_USE } else { FAILED };
        Self { code, message: fault.to_string() }
    }
}

impl From<std::io::Error> for Failure {
    fn from(fault: std::io::Error) -> Self {
        Self { code: FAILED, message: fault.to_string() }
    }
}

fn say(out: &mut dyn Write, line: &str) -> Result<(), Failure> {
    Ok(writeln!(out, "{line}")?)
}

fn say_json<T: Serialize>(out: &mut dyn Write, value: &T) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|fault| Failure { code: FAILED, message: fault.to_string() })?;
    say(out, &text)
}

fn serve(data: &std::path::Path, listen: SocketAddr, out: &mut dyn Write) -> Result<u8, Failure> {
    let running = serve_hub(open_hub(data)?, listen, true)?;
    say(out, &format!("listening at {}", running.url()))?;
    out.flush()?;
    running.wait();
    Ok(DONE)
}

fn status(data: &std::path::Path, json: bool, out: &mut dyn Write) -> Result<u8, Failure> {
    let hub = open_hub(data)?;
    let status = hub.status().map_err(|fault| Failure { code: FAILED, message: fault.to_string() })?;
    if json {
        say_json(out, &status)?;
        return Ok(DONE);
    }
    say(out, &format!("{} ({}), key {}", status.hub, status.city, status.key_id))?;
    let (operations, returned) = (status.operations, status.returned);
    say(out, &format!("operations {operations}, returned {returned}, receipts {}", status.receipts))?;
    for station in &status.stations {
        let frozen = if station.frozen { "  FROZEN" } else { "" };
        let line = format!(
            "station {} epoch {} through {} head {}{frozen}  {}",
            station.station, station.epoch, station.through, station.head, station.name
        );
        say(out, &line)?;
    }
    for incident in &status.incidents {
        let line = format!(
            "incident {}: station {} epoch {} record {}",
            incident.kind, incident.station, incident.epoch, incident.seq
        );
        say(out, &line)?;
    }
    Ok(DONE)
}

fn import(
    data: &std::path::Path,
    folder: &std::path::Path,
    json: bool,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let hub = open_hub(data)?;
    let files = import_folder(&hub, folder)?;
    if json {
        say_json(out, &files)?;
    } else {
        for file in &files {
            let reason = if file.reason.is_empty() { String::new() } else { format!(": {}", file.reason) };
            say(out, &format!("{} {}{reason}", file.outcome, file.file))?;
        }
    }
    let refused = files.iter().any(|file| file.outcome != "accepted");
    Ok(if refused { SOME_REFUSED } else { DONE })
}
