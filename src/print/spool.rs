//! Printers: the queues of CUPS and sending a file to one, through `lp` and `lpstat` where they exist. Never through a
//! shell, never longer than a deadline. Knows files; must not know what is printed.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long listing the queues may take.
const LISTING: Duration = Duration::from_secs(4);
/// How long handing over a file may take.
const SENDING: Duration = Duration::from_secs(30);
/// How often a waiting call looks.
const TICK: Duration = Duration::from_millis(20);
/// Most that is read of what a program says, bytes.
const SAID: u64 = 64 * 1024;
/// Longest name of a queue (CUPS: 127).
const LONGEST: usize = 127;

/// Why a file did not reach a printer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpoolError {
    /// No `lp` on this machine.
    #[error("no printing system (lp) on this machine")]
    Missing,
    /// The queue's name cannot be one.
    #[error("{0:?} is no name of a printer queue")]
    Name(String),
    /// No answer in time.
    #[error("the printing system did not answer within {0} seconds")]
    Slow(u64),
    /// The program refused.
    #[error("{0}")]
    Said(String),
}

impl SpoolError {
    /// The sentence for the clerk.
    pub fn zh(&self) -> String {
        match self {
            Self::Missing => "这台机器没有打印系统（lp）。PDF 已存在 prints/，可拷到别处打印。".to_owned(),
            Self::Name(name) => format!("打印机名 {name:?} 不能用：只能有字母、数字和 . _ - @ +。"),
            Self::Slow(seconds) => {
                format!("打印系统 {seconds} 秒没有应答。请检查打印机和网线；PDF 已存在 prints/。")
            }
            Self::Said(words) => format!("打印系统没有接收：{words}。PDF 已存在 prints/。"),
        }
    }
}

/// Whether a text can be the name of a queue.
///
/// # Errors
/// [`SpoolError::Name`].
pub fn queue_name(name: &str) -> Result<&str, SpoolError> {
    let fits = |c: char| c.is_alphanumeric() || "._-@+".contains(c);
    let good = !name.is_empty() && name.len() <= LONGEST && !name.starts_with('-') && name.chars().all(fits);
    if good { Ok(name) } else { Err(SpoolError::Name(name.chars().take(LONGEST).collect())) }
}

/// The names of the queues; none where there is no printing system.
///
/// # Errors
/// When the printing system does not answer.
pub fn queues() -> Result<Vec<String>, SpoolError> {
    match run(Command::new("lpstat").arg("-e"), LISTING) {
        Ok(said) => Ok(said
            .lines()
            .map(str::trim)
            .filter(|name| queue_name(name).is_ok())
            .map(str::to_owned)
            .collect()),
        Err(SpoolError::Missing) => Ok(Vec::new()),
        // `lpstat -e` fails when there is not a single queue.
        Err(SpoolError::Said(_)) => Ok(Vec::new()),
        Err(slow) => Err(slow),
    }
}

/// Hands a PDF to a queue, unscaled on A4, and answers what the printing system said (the number of the job).
///
/// # Errors
/// When there is no printing system, it refuses, or it does not answer.
pub fn send(queue: &str, file: &Path) -> Result<String, SpoolError> {
    let mut command = Command::new("lp");
    command.args(["-d", queue_name(queue)?, "-o", "media=A4", "-o", "print-scaling=none", "--"]).arg(file);
    run(&mut command, SENDING)
}

/// Runs a program to its end or to the deadline.
fn run(command: &mut Command, most: Duration) -> Result<String, SpoolError> {
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().map_err(|fault| match fault.kind() {
        std::io::ErrorKind::NotFound => SpoolError::Missing,
        _ => SpoolError::Said(fault.to_string()),
    })?;
    let (out, err) = (listen(child.stdout.take()), listen(child.stderr.take()));
    let status = wait(&mut child, most)?;
    let words = |said: std::thread::JoinHandle<String>| clean(&said.join().unwrap_or_default());
    let (out, err) = (words(out), words(err));
    if status {
        return Ok(out);
    }
    let said = if err.trim().is_empty() { out } else { err };
    Err(SpoolError::Said(said.trim().replace('\n', " ").chars().take(300).collect()))
}

/// Waits for the end; a program that outlives the deadline is stopped.
fn wait(child: &mut Child, most: Duration) -> Result<bool, SpoolError> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if began.elapsed() < most => std::thread::sleep(TICK),
            Ok(None) => {
                // Both fail only when it ended meanwhile.
                let _ = child.kill();
                let _ = child.wait();
                return Err(SpoolError::Slow(most.as_secs()));
            }
            Err(fault) => return Err(SpoolError::Said(fault.to_string())),
        }
    }
}

/// Reads aside what a program says, so that a full pipe cannot stop it.
fn listen(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What was read before a fault is enough to say what happened.
            let _ = pipe.take(SAID).read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Without control characters: what a program says may reach a terminal.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_queues_reach_the_program() {
        for name in ["Office_1", "laser-2.local", "针式打印机"] {
            assert_eq!(queue_name(name), Ok(name));
        }
        for name in ["", "-o", "a b", "a;b", "a/b", "a\u{1b}", "$(id)"] {
            assert!(queue_name(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_program_that_hangs_is_stopped_and_one_that_fails_is_quoted() {
        let slow = run(Command::new("sleep").arg("30"), Duration::from_millis(60));
        assert_eq!(slow, Err(SpoolError::Slow(0)));
        assert_eq!(run(&mut Command::new("no-such-program-here"), LISTING), Err(SpoolError::Missing));
        let failed = run(Command::new("ls").arg("/no/such/folder"), LISTING);
        assert!(matches!(failed, Err(SpoolError::Said(words)) if words.contains("/no/such/folder")));
        assert_eq!(
            run(Command::new("echo").arg("request id is Q-7"), LISTING).unwrap().trim(),
            "request id is Q-7"
        );
    }
}
