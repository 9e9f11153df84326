//! A station of a test: a data folder with three clerks, its daemon, one-shot commands. Knows processes and exit codes;
//! must not know terminals.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The PIN of every account.
pub const PIN: &str = "246810";
/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_xiangbao");
/// Nothing takes longer than this, on a busy machine neither.
const PATIENCE: Duration = Duration::from_secs(30);
/// What of the test's own environment would change what is tested.
const FOREIGN: [&str; 9] = [
    "TMUX",
    "NO_COLOR",
    "LC_ALL",
    "LC_XIANGBAO_COLOR",
    "SSH_ORIGINAL_COMMAND",
    "SSH_AUTH_SOCK",
    "XIANGBAO_DATA",
    "XIANGBAO_PIN",
    "LANGUAGE",
];

/// Looks until there is an answer.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(15));
    }
}

/// A command with a known environment.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for name in FOREIGN {
        command.env_remove(name);
    }
    command.env("LANG", "C.UTF-8");
    command
}

/// What came of a one-shot command.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Runs to the end, without input.
    pub fn of(command: &mut Command) -> Self {
        let output = command.stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}; tests/run installs it"));
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A data folder with three clerks.
pub struct Office {
    folder: TempDir,
}

impl Office {
    /// Founds a station. The folder is short: the path of a Unix socket is.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("xb").tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let office = Self { folder };
        let township = ["init", "--station", "TC01", "--name", "桃城镇", "--township", "451424100000"];
        assert_eq!(office.run(&township).code, 0);
        for (account, name) in [("c1", "农某甲"), ("c2", "陆某乙"), ("c3", "黄某丙")] {
            let added = office.run(&["user", "add", account, "--name", name, "--role", "clerk"]);
            assert_eq!(added.code, 0, "{added:?}");
        }
        office
    }

    /// The folder of this test, for anything it needs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder().join("d")
    }

    /// The daemon's socket.
    pub fn socket(&self) -> PathBuf {
        self.data().join("station.sock")
    }

    /// `xiangbao --data DIR ...` as a line for a shell.
    pub fn line(&self, rest: &str) -> String {
        format!("{PROGRAM} --data {} {rest}", self.data().display())
    }

    /// Runs a one-shot command; the PIN lies in the environment.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let mut program = command(PROGRAM);
        Ran::of(program.arg("--data").arg(self.data()).args(arguments).env("XIANGBAO_PIN", PIN))
    }

    /// `verify` finds the chain whole and the projections equal to it.
    pub fn verified(&self) {
        let ran = self.run(&["verify"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }

    /// The daemon, once it listens.
    pub fn serve(&self) -> Daemon {
        self.serve_with(&[])
    }

    /// The daemon with more arguments.
    pub fn serve_with(&self, arguments: &[&str]) -> Daemon {
        let mut child = command(PROGRAM)
            .arg("--data")
            .arg(self.data())
            .arg("serve")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert!(line.contains("工作站已启动"), "{line}");
        Daemon { child, out }
    }
}

/// A running daemon; it dies with the test.
pub struct Daemon {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Daemon {
    /// Memory in use, KiB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Sends a signal and waits for the end. Answers the exit code, if it ended by itself, and its last line.
    pub fn end(mut self, signal: Signal) -> (Option<i32>, String) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        let status = self.child.wait().unwrap();
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        (status.code(), line.trim_end().to_owned())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
