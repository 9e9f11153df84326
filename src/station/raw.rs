//! The process's own terminal, lent to a session: raw while it lasts, given back whatever happens. Knows the terminal,
//! its size and the client's environment; must not know sessions.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::crossterm::terminal::{disable_raw_mode, enable_raw_mode, size};

use crate::tui::runtime::{Hello, LEAVE};
use crate::tui::text;

static RAW: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// What the client finds around it. Read once, in the client's process, never in the daemon's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// `SSH_ORIGINAL_COMMAND`, where not empty.
    pub command: Option<String>,
    /// Input and output are a terminal.
    pub terminal: bool,
    /// `TERM`.
    pub term: String,
    /// `NO_COLOR` is set to something, or `LC_XIANGBAO_COLOR` is `none` (ssh passes only `LC_` names).
    pub no_color: bool,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            command: text("SSH_ORIGINAL_COMMAND"),
            terminal: io::stdin().is_terminal() && io::stdout().is_terminal(),
            term: text("TERM").unwrap_or_default(),
            no_color: text("NO_COLOR").is_some() || text("LC_XIANGBAO_COLOR").as_deref() == Some("none"),
        }
    }

    /// The hello of a client with these surroundings.
    pub fn hello(&self, account: Option<&str>) -> Hello {
        let (cols, rows) = window();
        let term = self.term.chars().filter(char::is_ascii_graphic).take(64).collect();
        // Linux consoles and old terminals print parts of the query for synchronized output.
        let sync_output = self.term.starts_with("xterm") || self.term.starts_with("tmux");
        Hello { cols, rows, term, no_color: self.no_color, account: account.map(str::to_owned), sync_output }
    }
}

/// The sentence with which a client refuses to run here, if it does.
pub fn refusal(around: &Surroundings) -> Option<&'static str> {
    if around.command.is_some() {
        return Some(text::NO_COMMANDS);
    }
    (!around.terminal).then_some(text::NO_TERMINAL)
}

/// Columns and rows of the window; 80 by 24 where the terminal does not say.
pub(super) fn window() -> (u16, u16) {
    size().ok().filter(|(cols, rows)| *cols > 0 && *rows > 0).unwrap_or((80, 24))
}

/// The terminal in raw mode, until dropped.
pub(super) struct RawTerminal(());

impl RawTerminal {
    pub(super) fn enter() -> io::Result<Self> {
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                restore();
                before(info);
            }));
        });
        enable_raw_mode()?;
        RAW.store(true, Ordering::Release);
        Ok(Self(()))
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        restore();
    }
}

fn restore() {
    if RAW.swap(false, Ordering::AcqRel) {
        let mut out = io::stdout();
        let _ = out.write_all(LEAVE);
        let _ = out.flush();
        let _ = disable_raw_mode();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_pipes_are_refused_with_a_sentence() {
        let fine = Surroundings { terminal: true, ..Surroundings::default() };
        assert_eq!(refusal(&fine), None);
        let command = Surroundings { command: Some("ls".into()), ..fine.clone() };
        assert_eq!(refusal(&command), Some(text::NO_COMMANDS));
        assert_eq!(refusal(&Surroundings::default()), Some(text::NO_TERMINAL));
    }
}
