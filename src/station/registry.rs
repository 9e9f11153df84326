//! The running sessions by account: one for each, so that a terminal finds its session again. Knows how to start a
//! session's thread; must not know sockets beyond handing them on.

use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::clock::Clock;
use super::factory::{Limits, SessionFactory};
use super::runner::{ClientId, Command, Runner};
use crate::tui::runtime::Hello;

/// Commands that wait for a session; beyond it the client's reader waits, and with it the client.
const QUEUE: usize = 64;

struct Entry {
    commands: SyncSender<Command>,
    attached: Arc<AtomicBool>,
    /// Answers the writer of its last words.
    thread: JoinHandle<Option<JoinHandle<()>>>,
}

/// All sessions of a station.
pub(super) struct Registry<F: SessionFactory> {
    factory: Arc<F>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    sessions: Mutex<BTreeMap<String, Entry>>,
    next: AtomicU64,
}

/// As many sessions as allowed are running, or no thread could be had.
#[derive(Debug)]
pub(super) struct Full;

impl<F: SessionFactory> Registry<F> {
    pub(super) fn new(factory: Arc<F>, clock: Arc<dyn Clock>, limits: Limits) -> Self {
        Self { factory, clock, limits, sessions: Mutex::default(), next: AtomicU64::new(1) }
    }

    /// Is another terminal using this account's session now?
    pub(super) fn attached(&self, account: &str) -> bool {
        self.lock()
            .get(account)
            .is_some_and(|e| !e.thread.is_finished() && e.attached.load(Ordering::Acquire))
    }

    /// Number of sessions alive.
    pub(super) fn len(&self) -> usize {
        let mut sessions = self.lock();
        sessions.retain(|_, entry| !entry.thread.is_finished());
        sessions.len()
    }

    /// Hands a terminal to the session of an account, which is started if it does not run. Answers where the client's
    /// bytes go.
    pub(super) fn join(
        &self,
        account: &str,
        hello: &Hello,
        stream: &UnixStream,
    ) -> Result<(ClientId, SyncSender<Command>), Full> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut sessions = self.lock();
        sessions.retain(|_, entry| !entry.thread.is_finished());
        let attach = |commands: &SyncSender<Command>| {
            let stream = stream.try_clone().map_err(|_| Full)?;
            commands.send(Command::Attach { id, hello: hello.clone(), stream }).map_err(|_| Full)
        };
        if let Some(entry) = sessions.get(account) {
            // The session may be ending at this very moment: then a new one begins.
            if attach(&entry.commands).is_ok() {
                return Ok((id, entry.commands.clone()));
            }
        }
        if sessions.len() >= self.limits.sessions {
            return Err(Full);
        }
        let entry = self.start(account)?;
        attach(&entry.commands)?;
        let commands = entry.commands.clone();
        sessions.insert(account.to_owned(), entry);
        Ok((id, commands))
    }

    fn start(&self, account: &str) -> Result<Entry, Full> {
        let (commands, receiver) = sync_channel(QUEUE);
        let attached = Arc::new(AtomicBool::new(false));
        let runner = Runner {
            account: account.to_owned(),
            factory: Arc::clone(&self.factory),
            clock: Arc::clone(&self.clock),
            limits: self.limits,
            commands: receiver,
            back: commands.clone(),
            attached: Arc::clone(&attached),
        };
        let thread = std::thread::Builder::new()
            .name(format!("session-{account}"))
            .spawn(move || runner.run())
            .map_err(|_| Full)?;
        Ok(Entry { commands, attached, thread })
    }

    /// Ends every session and waits until the last words are out: the process may end then.
    pub(super) fn stop(&self) {
        let sessions = std::mem::take(&mut *self.lock());
        for entry in sessions.values() {
            let _ = entry.commands.send(Command::Stop);
        }
        for entry in sessions.into_values() {
            if let Ok(Some(writer)) = entry.thread.join() {
                let _ = writer.join();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
