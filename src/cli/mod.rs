//! The command line: arguments, exit codes, output for people and for scripts. One file per command. The only place
//! that prints and that reads the environment; knows every other module and is known by none.

mod accounts;
mod args;
mod attach;
mod audit;
mod calendar;
mod catalogue;
mod case;
mod check;
mod codes;
mod completions;
mod deduct;
mod demo;
mod doctor;
mod enter;
mod factory;
mod identity;
mod export;
mod import;
mod init;
mod output;
mod paper;
mod pay;
mod person;
mod policy;
mod print;
mod roster;
mod route;
mod run;
mod serve;
mod sign_in;
mod sync;
mod verify;

pub use args::Cli;
pub use output::Exit;
pub use run::run;
