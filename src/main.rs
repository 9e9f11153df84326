//! The `xiangbao` command.

fn main() -> std::process::ExitCode {
    xiangbao::cli::run()
}
