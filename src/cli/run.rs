//! From the arguments to the command.

use std::path::PathBuf;

use clap::Parser;
use directories::ProjectDirs;

use super::args::{
    CalendarCommand, CaseCommand, Cli, Command, IdCommand, ImportCommand, PersonCommand, UserCommand,
};
use super::output::{Exit, ended, not_open};
use super::{
    accounts, calendar, case, catalogue, check, codes, completions, identity, init, person, print, verify,
};
use crate::app::Station;

/// Runs the program; the answer is the exit code.
pub fn run() -> std::process::ExitCode {
    let cli = Cli::parse();
    let folder = cli.data.clone().unwrap_or_else(default_folder);
    ended(dispatch(cli, folder)).into()
}

/// The platform's folder for a user's data.
fn default_folder() -> PathBuf {
    ProjectDirs::from("", "", "xiangbao")
        .map_or_else(|| PathBuf::from("xiangbao-data"), |dirs| dirs.data_dir().to_owned())
}

fn dispatch(cli: Cli, folder: PathBuf) -> Exit {
    let Some(command) = cli.command else {
        return super::enter::enter(&folder);
    };
    match command {
        Command::Completions { shell } => completions::completions(shell),
        Command::Id(IdCommand::Check { number, kind, name, file, json }) => match file {
            Some(file) => identity::check_file(&folder, &file, &kind, json),
            None => {
                let question =
                    identity::Question { number: number.as_deref(), kind: &kind, name: name.as_deref() };
                identity::check(&folder, &question, json)
            }
        },
        Command::Calendar(CalendarCommand::Due(args)) => calendar::due(&folder, &args),
        Command::Calendar(CalendarCommand::Explain(args)) => calendar::explain(&folder, &args),
        Command::Calendar(CalendarCommand::Report(args)) => calendar::report(&folder, &args),
        Command::Policy(command) => super::policy::policy(&folder, &command),
        Command::Check(args) => check::check(&folder, args.json),
        Command::Catalogue(command) => catalogue::catalogue(&folder, &command),
        Command::Codes { table, query, json } => codes::codes(&folder, table.as_deref(), &query, json),
        Command::Init(args) => init::init(&folder, &args),
        Command::Demo(args) => super::demo::demo(&args),
        Command::Attach(args) => super::attach::attach(&folder, &args),
        Command::Serve(args) => super::serve::serve(&folder, &args),
        Command::Verify(args) => match Station::inspect(&folder) {
            Ok(station) => verify::verify(&station, args.json),
            Err(error) => not_open(&error),
        },
        Command::Import(ImportCommand::Students(ref args)) if args.template.is_some() => {
            args.template.as_deref().map_or(Exit::Usage, |path| super::import::template(&folder, path))
        }
        other => match Station::open(&folder) {
            Ok(station) => with_station(&station, other),
            Err(error) => not_open(&error),
        },
    }
}

/// Commands that open the data file themselves.
fn with_station(station: &Station, command: Command) -> Exit {
    match command {
        Command::Case(CaseCommand::List { filter, who }) => case::list(station, &filter, &who),
        Command::Case(CaseCommand::Show { number, unmask, who }) => {
            case::show(station, &number, unmask, &who)
        }
        Command::Person(PersonCommand::Find { query, who }) => person::find(station, &query.join(" "), &who),
        Command::Person(PersonCommand::Show { psn_no, unmask, who }) => {
            person::show(station, &psn_no, unmask, &who)
        }
        Command::Calendar(CalendarCommand::Outage(command)) => calendar::outage(station, &command),
        Command::Person(PersonCommand::Paper { psn_no, document, purpose, backing, unmask, who }) => {
            person::paper(station, person::Wanted { psn_no, document, purpose, backing, unmask }, &who)
        }
        Command::Print(args) => print::print(station, &args),
        Command::Import(ImportCommand::Students(args)) => super::import::students(station, &args),
        Command::Roster(args) => super::roster::roster(station, &args),
        Command::Pay(command) => super::pay::pay(station, command),
        Command::Deduct(command) => super::deduct::deduct(station, &command),
        Command::Export(args) => super::export::export(station, &args),
        Command::Sync(args) => super::sync::sync(station, &args),
        Command::Route(command) => super::route::route(station, &command),
        Command::Doctor(command) => super::doctor::doctor(station, &command),
        Command::Audit(command) => super::audit::audit(station, &command),
        Command::User(UserCommand::Certno { account, certno }) => {
            accounts::record_certno(station, &account, &certno)
        }
        Command::User(UserCommand::List(args)) => accounts::list(station, args.json),
        Command::User(UserCommand::Add { account, name, person, roles, certno, villages }) => {
            accounts::add(station, accounts::Wanted { account, name, person, roles, certno, villages })
        }
        Command::Completions { .. }
        | Command::Verify(_)
        | Command::Id(_)
        | Command::Calendar(_)
        | Command::Policy(_)
        | Command::Check(_)
        | Command::Catalogue(_)
        | Command::Codes { .. }
        | Command::Init(_)
        | Command::Demo(_)
        | Command::Attach(_)
        | Command::Serve(_) => Exit::Usage,
    }
}
