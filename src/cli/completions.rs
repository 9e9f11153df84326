//! `completions`: a script for the user's shell.

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Cli;
use super::output::{Exit, raw};

/// Writes the script.
pub fn completions(shell: Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "xiangbao", &mut script);
    raw(&String::from_utf8_lossy(&script));
    Exit::Done
}
