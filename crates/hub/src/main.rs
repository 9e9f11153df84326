//! The `xiangbao-hub` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    xiangbao_hub::cli::run()
}
