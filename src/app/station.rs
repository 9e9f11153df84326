//! What every use case stands on: the store, the library of definitions, the clock and the source of random ids.
//! The one place where a command becomes operations. Knows nothing of screens.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone};
use xiangbao_core::case::{Case, Command, decide};
use xiangbao_core::event::Event;
use xiangbao_core::journal;
use xiangbao_core::role::{Action, Actor, Subject};

use super::definitions::Definitions;
use super::error::AppError;
use super::library::Library;
use crate::store::{Access, Append, LocalWrite, Snapshot, Store, StoreError, Stored};

/// China has one time zone, and an office's papers carry its time.
const CHINA_SECONDS: i32 = 8 * 3600;

/// The only source of time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        chrono::Utc::now().timestamp_millis()
    }
}

/// The only source of random bytes.
pub trait Entropy: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The machine's random source.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        // Without random bytes ids could collide: a machine without a random source must not work at all, and the
        // system call only fails on such machines. Time still makes the ids differ there.
        if getrandom::fill(buffer).is_err() {
            let now = chrono::Utc::now().timestamp_nanos_opt().unwrap_or_default().to_be_bytes();
            for (slot, byte) in buffer.iter_mut().zip(now.iter().cycle()) {
                *slot = *byte;
            }
        }
    }
}

/// Failed sign-ins of an account.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Failures {
    pub(super) count: u32,
    pub(super) last_ms: i64,
}

/// A running station.
pub struct Station {
    pub(super) store: Store,
    pub(super) library: Library,
    pub(super) definitions: Definitions,
    clock: Box<dyn Clock>,
    entropy: Box<dyn Entropy>,
    pub(super) failures: Mutex<BTreeMap<String, Failures>>,
    /// Held by the exchange with the city while a pass is under way.
    pub(super) exchange: Mutex<()>,
    access_serial: AtomicU64,
    folder: PathBuf,
}

impl Station {
    /// Puts a station together.
    pub fn new(
        store: Store,
        library: Library,
        clock: Box<dyn Clock>,
        entropy: Box<dyn Entropy>,
        folder: &Path,
    ) -> Self {
        Self {
            store,
            library,
            definitions: Definitions::default(),
            clock,
            entropy,
            failures: Mutex::new(BTreeMap::new()),
            exchange: Mutex::new(()),
            access_serial: AtomicU64::new(0),
            folder: folder.to_owned(),
        }
    }

    /// Opens the station of a data folder with the machine's clock and random source, for work.
    ///
    /// # Errors
    /// When there is no station, another process owns it, a definition is broken, or the end of the journal does not
    /// hold together.
    pub fn open(folder: &Path) -> Result<Self, super::OpenError> {
        Self::open_with(folder, Box::new(SystemClock), Box::new(SystemEntropy))
    }

    /// As [`Self::open`], with another clock and another source of random ids.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(
        folder: &Path,
        clock: Box<dyn Clock>,
        entropy: Box<dyn Entropy>,
    ) -> Result<Self, super::OpenError> {
        let station = Self::assembled(folder, clock, entropy)?;
        crate::store::verify::check_tail(&station.store.snapshot()?)?;
        station.keep_definitions()?;
        Ok(station)
    }

    /// Opens a station whatever its journal looks like: to walk it and name what is wrong, not to work.
    ///
    /// # Errors
    /// As [`Self::open`], but for the journal.
    pub fn inspect(folder: &Path) -> Result<Self, super::OpenError> {
        Self::assembled(folder, Box::new(SystemClock), Box::new(SystemEntropy))
    }

    fn assembled(
        folder: &Path,
        clock: Box<dyn Clock>,
        entropy: Box<dyn Entropy>,
    ) -> Result<Self, super::OpenError> {
        let library = Library::load(Some(folder))?;
        let store = Store::open(folder)?;
        let mut station = Self::new(store, library, clock, entropy, folder);
        station.recall_definitions()?;
        Ok(station)
    }

    /// Forms, templates, codes, calendar, roles and policy.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The data file.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Now, as the office's wall clock shows it.
    pub fn now(&self) -> DateTime<FixedOffset> {
        local(self.clock.now_ms())
    }

    /// Today in the office.
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// A consistent view of everything stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn snapshot(&self) -> Result<Snapshot, AppError> {
        Ok(self.store.snapshot()?)
    }

    /// A new id: milliseconds first, then random, the last two bytes zero (they count operations).
    pub fn new_id(&self) -> [u8; 16] {
        let mut id = [0; 16];
        self.entropy.fill(&mut id);
        let now = self.clock.now_ms().max(0).to_be_bytes();
        id[..6].copy_from_slice(&now[2..]);
        id[14] = 0;
        id[15] = 0;
        id
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// Asks the role table; a refusal is recorded.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn authorize(&self, actor: &Actor, action: Action, subject: &Subject) -> Result<(), AppError> {
        self.library.roles.authorize(actor, action, subject).map_err(|denied| {
            let noted = self.looked(actor, "denied", &format!("{action:?}"));
            match noted {
                Ok(()) => AppError::Denied(denied),
                Err(fault) => fault,
            }
        })
    }

    /// Records a look at personal data, durably, before the data is shown.
    pub(super) fn looked(&self, actor: &Actor, what: &str, subject: &str) -> Result<(), AppError> {
        let access = Access {
            wall_ms: self.now_ms(),
            person: actor.person.clone(),
            account: actor.account.clone(),
            what: what.to_owned(),
            subject: subject.to_owned(),
        };
        let serial = self.access_serial.fetch_add(1, Ordering::Relaxed);
        Ok(self.store.record_access(&access, serial)?)
    }

    /// Records what happened at the door: sessions opened, taken over, refused.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn note_session(&self, account: &str, what: &str, detail: &str) -> Result<(), AppError> {
        let actor = Actor { account: account.to_owned(), ..self.machine_actor() };
        self.looked(&actor, what, detail)
    }

    /// Decides a command about a case and stores what follows. The caller holds the store's turn.
    pub(super) fn commit(
        &self,
        actor: &Actor,
        case_id: [u8; 16],
        case: Option<&Case>,
        command_id: [u8; 16],
        command: Command,
    ) -> Result<Stored, AppError> {
        self.commit_with(actor, case_id, case, command_id, command, Vec::new())
    }

    /// The same, with local writes in the same transaction.
    pub(super) fn commit_with(
        &self,
        actor: &Actor,
        case_id: [u8; 16],
        case: Option<&Case>,
        command_id: [u8; 16],
        mut command: Command,
        local: Vec<LocalWrite>,
    ) -> Result<Stored, AppError> {
        super::wording::settle_words(&mut command)?;
        let events = decide(case, command, actor)?;
        Ok(self.append_with(actor, Some(case_id), command_id, events, local)?)
    }

    /// What this command stored when it comes a second time (an answer was lost, a key pressed twice): the same
    /// receipt, and nothing happens again.
    ///
    /// # Errors
    /// When the id was used for another case or by another person.
    pub(super) fn repeated(
        &self,
        snapshot: &Snapshot,
        actor: &Actor,
        case_id: &[u8; 16],
        command: &[u8; 16],
    ) -> Result<Option<Stored>, AppError> {
        let Some(stored) = snapshot.command(command)? else { return Ok(None) };
        let same = snapshot.operations(stored.first, 1)?.first().is_some_and(|operation| {
            operation.case_id == Some(*case_id) && operation.actor.person == actor.person
        });
        if same { Ok(Some(stored)) } else { Err(StoreError::CommandReused.into()) }
    }

    /// Stores events under a command id.
    pub(super) fn append(
        &self,
        actor: &Actor,
        case_id: Option<[u8; 16]>,
        command: [u8; 16],
        events: Vec<Event>,
    ) -> Result<Stored, AppError> {
        Ok(self.append_with(actor, case_id, command, events, Vec::new())?)
    }

    /// Stores events under a command id, with local writes in the same transaction.
    pub(super) fn append_with(
        &self,
        actor: &Actor,
        case_id: Option<[u8; 16]>,
        command: [u8; 16],
        events: Vec<Event>,
        local: Vec<LocalWrite>,
    ) -> Result<Stored, StoreError> {
        self.store.append(&self.envelope(actor, case_id, command, events, local))
    }

    /// Stores events that carry their own moment: what is printed on a paper and what the journal says must agree.
    pub(super) fn append_at(
        &self,
        actor: &Actor,
        case_id: Option<[u8; 16]>,
        command: [u8; 16],
        wall_ms: i64,
        events: Vec<Event>,
    ) -> Result<Stored, StoreError> {
        let append = self.envelope(actor, case_id, command, events, Vec::new());
        self.store.append(&Append { wall_ms, ..append })
    }

    fn envelope(
        &self,
        actor: &Actor,
        case_id: Option<[u8; 16]>,
        command: [u8; 16],
        events: Vec<Event>,
        local: Vec<LocalWrite>,
    ) -> Append {
        let salts = events.iter().map(|_| self.random()).collect();
        let roles: Vec<&str> = actor.roles.iter().map(|role| role.id()).collect();
        Append {
            command,
            case_id,
            actor: journal::Actor {
                person: actor.person.clone(),
                account: actor.account.clone(),
                role: roles.join(","),
                session: actor.session.clone(),
            },
            wall_ms: self.now_ms(),
            salts,
            events,
            local,
        }
    }
}

/// A moment as the office's wall clock shows it.
pub fn local(wall_ms: i64) -> DateTime<FixedOffset> {
    let utc = DateTime::from_timestamp_millis(wall_ms).unwrap_or_default();
    match FixedOffset::east_opt(CHINA_SECONDS) {
        Some(zone) => zone.from_utc_datetime(&utc.naive_utc()),
        None => utc.fixed_offset(),
    }
}
