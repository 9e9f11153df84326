//! A terminal with a program in it: a tmux server of its own, so that killing it cuts only this line. Knows tmux and
//! the screen; must not know what runs.

use std::fs;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::process::{Pid, Signal, kill_process};

use super::office::{Office, PIN, Ran, command, until};

static NEXT: AtomicU32 = AtomicU32::new(1);

/// Plain: no status line, no pause after Esc, a name the program knows as modern.
const CONFIG: &str = "set -g status off\nset -g escape-time 0\nset -g default-terminal tmux-256color\n\
    set -g default-shell /bin/sh\nset -g update-environment ''\n";

/// First heading of the enrolment form, on no other screen.
pub const FORM: &str = "家庭信息 ";

/// A terminal of a test.
pub struct Terminal {
    folder: PathBuf,
    size: (u16, u16),
}

/// How a program left its terminal.
#[derive(Debug)]
pub struct Left {
    /// Its exit code.
    pub code: i32,
    /// What stands on the screen then.
    pub screen: String,
}

impl Terminal {
    /// A window of this size in which `line` runs.
    pub fn open(office: &Office, size: (u16, u16), line: &str) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = office.folder().join(format!("t{number}"));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("tmux.conf"), CONFIG).unwrap();
        let at = folder.display();
        // The settings of the terminal before and after say whether it was given back as it was.
        let script = format!(
            "until [ -e {at}/go ]; do sleep 0.02; done\nstty -g > {at}/before\n{line}\ncode=$?\n\
             stty -g > {at}/after\necho $code > {at}/code.new\nmv {at}/code.new {at}/code\nexec sleep 600\n"
        );
        fs::write(folder.join("run.sh"), script).unwrap();
        let terminal = Self { folder, size };
        let (cols, rows) = (size.0.to_string(), size.1.to_string());
        let run = format!("exec sh {at}/run.sh", at = terminal.folder.display());
        terminal.tmux(&["new-session", "-d", "-s", "t", "-x", &cols, "-y", &rows, &run]);
        let log = format!("cat >> {}/bytes", terminal.folder.display());
        terminal.tmux(&["pipe-pane", "-O", "-t", "t", &log]);
        fs::write(terminal.folder.join("go"), "").unwrap();
        terminal
    }

    /// A terminal attached to the daemon as this account.
    pub fn attach(office: &Office, size: (u16, u16), account: &str) -> Self {
        Self::open(office, size, &office.line(&format!("attach --as {account}")))
    }

    /// The same, signed in, on the home screen.
    pub fn signed_in(office: &Office, size: (u16, u16), account: &str) -> Self {
        let terminal = Self::attach(office, size, account);
        terminal.wait("签到");
        terminal.enter(PIN);
        terminal.wait("首页");
        terminal
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let mut tmux = command("tmux");
        tmux.arg("-u").arg("-S").arg(self.folder.join("s")).arg("-f").arg(self.folder.join("tmux.conf"));
        let ran = Ran::of(tmux.args(arguments));
        assert_eq!(ran.code, 0, "tmux {arguments:?}: {}", ran.err);
        ran.out
    }

    /// Presses keys by tmux's names.
    pub fn press(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys", "-t", "t"], keys].concat());
    }

    /// Types text as it is.
    pub fn write(&self, text: &str) {
        self.tmux(&["send-keys", "-t", "t", "-l", text]);
    }

    /// Types text and presses Enter.
    pub fn enter(&self, text: &str) {
        self.write(text);
        self.press(&["Enter"]);
    }

    /// The screen, one line a row, ends trimmed.
    pub fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-t", "t"])
    }

    /// The screen cell by cell as an independent emulator reads the bytes: what stands there and how. The cursor
    /// stands at `at` then.
    pub fn cells(&self, at: (u16, u16)) -> Vec<(String, String)> {
        self.cost(0, at);
        let (cols, rows) = self.size;
        let size = |cells| NonZero::new(cells).unwrap();
        let mut emulator = vt100::Parser::new(size(rows), size(cols), 0);
        emulator.process(&self.bytes());
        let screen = emulator.screen();
        let places = (0..rows).flat_map(|row| (0..cols).map(move |col| (row, col)));
        let cells = places.filter_map(|(row, col)| screen.cell(row, col));
        let look = |cell: &vt100::Cell| {
            let text = cell.contents().trim().to_owned();
            // Of a blank only its ground is seen.
            let pen =
                if text.is_empty() { String::new() } else { format!("{:?} {}", cell.fgcolor(), cell.bold()) };
            (text, format!("{pen} {:?} {} {}", cell.bgcolor(), cell.underline(), cell.inverse()))
        };
        cells.map(look).collect()
    }

    /// The row that shows this text.
    pub fn row(&self, text: &str) -> String {
        self.screen().lines().find(|line| line.contains(text)).unwrap_or_default().to_owned()
    }

    /// Line 1: screen, person, state.
    pub fn title(&self) -> String {
        self.screen().lines().next().unwrap_or_default().to_owned()
    }

    /// Column and row of the cursor, from 0.
    pub fn cursor(&self) -> (u16, u16) {
        let answer = self.tmux(&["display-message", "-p", "-t", "t", "#{cursor_x} #{cursor_y}"]);
        let (x, y) = answer.trim().split_once(' ').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    }

    /// Waits until the screen is as wanted; answers it.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let mut last = String::new();
        let looked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            until(what, || {
                last = self.screen();
                wanted(&last).then(|| last.clone())
            })
        }));
        looked.unwrap_or_else(|_| panic!("waited in vain: {what}; the screen:\n{last}"))
    }

    /// Waits until the screen shows this text.
    pub fn wait(&self, text: &str) -> String {
        self.wait_for(text, |screen| screen.contains(text))
    }

    /// Waits until the cursor stands there.
    pub fn wait_cursor(&self, at: (u16, u16)) {
        until(&format!("cursor at {at:?}, is at {:?}", self.cursor()), || {
            (self.cursor() == at).then_some(())
        });
    }

    /// The window gets another size.
    pub fn resize(&self, size: (u16, u16)) {
        self.tmux(&["resize-window", "-t", "t", "-x", &size.0.to_string(), "-y", &size.1.to_string()]);
    }

    /// Every byte the program has written so far.
    pub fn bytes(&self) -> Vec<u8> {
        fs::read(self.folder.join("bytes")).unwrap_or_default()
    }

    /// Bytes written since `before`, once the cursor stands at `at`.
    pub fn cost(&self, before: usize, at: (u16, u16)) -> usize {
        self.wait_cursor(at);
        // The log is written by another process than the screen: it is read when it ends with the cursor's place.
        let place = format!("\x1b[{};{}H", at.1 + 1, at.0 + 1);
        until("the bytes of the frame", || {
            let bytes = self.bytes();
            (bytes.len() > before && bytes.ends_with(place.as_bytes())).then(|| bytes.len() - before)
        })
    }

    /// The process of the program.
    pub fn program(&self) -> Pid {
        let shell = self.tmux(&["display-message", "-p", "-t", "t", "#{pane_pid}"]).trim().to_owned();
        let listed = fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap();
        Pid::from_raw(listed.split_whitespace().next().unwrap().parse().unwrap()).unwrap()
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.program(), signal).unwrap();
    }

    /// Waits until the program has left; the terminal must be as it was before.
    pub fn left(&self) -> Left {
        let read = |name: &str| fs::read_to_string(self.folder.join(name)).ok();
        let code = until(&format!("the program leaves; the screen:\n{}", self.screen()), || read("code"));
        let code = code.trim().parse().unwrap();
        assert_eq!(read("after"), read("before"), "the terminal is not as it was");
        let alternate = self.tmux(&["display-message", "-p", "-t", "t", "#{alternate_on}"]);
        assert_eq!(alternate.trim(), "0", "the alternate screen is still there");
        // Bracketed paste is off as well.
        let bytes = self.bytes();
        let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark);
        assert!(last(b"\x1b[?2004h") <= last(b"\x1b[?2004l"), "bracketed paste is still on");
        Left { code, screen: self.screen() }
    }

    /// The terminal is gone, as when a line is cut or a window closed.
    pub fn cut(self) {
        drop(self);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let mut tmux = command("tmux");
        let _ = tmux.arg("-S").arg(self.folder.join("s")).arg("kill-server").output();
    }
}
