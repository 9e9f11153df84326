//! Signing in: an account and a PIN prove the person. Wrong PINs slow down, and everything is recorded. PINs are
//! kept as Argon2id verifiers only.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHasher, Version};
use xiangbao_core::event::Account;
use xiangbao_core::role::Actor;

use super::error::AppError;
use super::station::Station;

/// Wrong PINs in a row before an account has to wait.
const MAX_FAILURES: u32 = 5;
/// How long it waits then, milliseconds.
const LOCK_MS: i64 = 5 * 60 * 1000;
/// Shortest PIN.
pub const MIN_PIN: usize = 6;

/// The memory of a PIN check (19 MiB). One check at a time: many sign-ins at once cost time and not memory, and no
/// session's thread keeps a piece of this size in its own part of the heap for ever.
static ROOM: Mutex<Vec<Block>> = Mutex::new(Vec::new());

impl Station {
    /// Checks account and PIN and answers the person who acts from now on.
    ///
    /// # Errors
    /// Wrong account or PIN (never told apart), or too many tries.
    pub fn sign_in(&self, account: &str, pin: &str) -> Result<Actor, AppError> {
        let account = account.trim();
        self.check_lock(account)?;
        let snapshot = self.snapshot()?;
        let known = snapshot.account(account)?.filter(|known| !known.closed);
        let verifier = snapshot.secret(account)?;
        let good = match (&known, &verifier) {
            (Some(_), Some(verifier)) => pin_fits(pin, verifier),
            // As long as a check: the time does not tell whether there is such an account.
            _ => {
                derive(&Argon2::default(), pin, &[0; 16], &mut [0; 32]);
                false
            }
        };
        let Some(known) = known.filter(|_| good) else {
            self.note_failure(account);
            // A name that is no account may be a PIN typed into the wrong field: it is not written down.
            let name = if verifier.is_some() { account } else { "unknown" };
            self.note_session(name, "sign_in_failed", "")?;
            return Err(AppError::BadPin);
        };
        self.forget_failures(account);
        let actor = self.actor_of(&known);
        self.looked(&actor, "sign_in", "")?;
        Ok(actor)
    }

    /// The person behind an account, with a new session id.
    pub(super) fn actor_of(&self, account: &Account) -> Actor {
        actor_as(account, xiangbao_core::journal::hex(&self.random::<8>()))
    }

    /// Records that a session ended.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn sign_out(&self, actor: &Actor) -> Result<(), AppError> {
        self.looked(actor, "sign_out", "")
    }

    fn check_lock(&self, account: &str) -> Result<(), AppError> {
        let failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(state) = failures.get(account) else { return Ok(()) };
        let until = state.last_ms + LOCK_MS;
        let left = until - self.now_ms();
        if state.count >= MAX_FAILURES && left > 0 {
            return Err(AppError::Locked(u64::try_from(left / 1000 + 1).unwrap_or(1)));
        }
        Ok(())
    }

    fn note_failure(&self, account: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // A made-up account name must not fill the memory.
        if failures.len() > 10_000 {
            failures.clear();
        }
        let now = self.now_ms();
        let state = failures.entry(account.to_owned()).or_default();
        if now - state.last_ms > LOCK_MS {
            state.count = 0;
        }
        state.count += 1;
        state.last_ms = now;
    }

    fn forget_failures(&self, account: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        failures.remove(account);
    }
}

/// The person behind an account, in this session.
pub(super) fn actor_as(account: &Account, session: String) -> Actor {
    Actor {
        person: account.person.clone(),
        account: account.account.clone(),
        name: account.name.clone(),
        roles: account.roles.iter().copied().collect(),
        certno: account.certno.clone(),
        villages: account.villages.iter().cloned().collect(),
        session,
    }
}

fn pin_fits(pin: &str, verifier: &str) -> bool {
    let Ok(hash) = PasswordHash::new(verifier) else { return false };
    let (Some(salt), Some(wanted)) = (&hash.salt, &hash.hash) else { return false };
    let algorithm = Algorithm::try_from(hash.algorithm.as_str());
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from);
    let (Ok(algorithm), Ok(version), Ok(params)) = (algorithm, version, Params::try_from(&hash)) else {
        return false;
    };
    let mut found = vec![0; wanted.as_bytes().len()];
    derive(&Argon2::new(algorithm, version, params), pin, salt, &mut found)
        // Compared in constant time.
        && Output::new(&found).is_ok_and(|found| found == *wanted)
}

/// Derives a PIN's key in the one room; false if it cannot be derived.
fn derive(argon: &Argon2<'_>, pin: &str, salt: &[u8], out: &mut [u8]) -> bool {
    let mut room = ROOM.lock().unwrap_or_else(PoisonError::into_inner);
    room.resize(argon.params().block_count(), Block::default());
    argon.hash_password_into_with_memory(pin.as_bytes(), salt, out, room.as_mut_slice()).is_ok()
}

/// The verifier of a PIN.
///
/// # Errors
/// When the PIN is too short to hash.
pub fn verifier_of(pin: &str, salt: &[u8; 16]) -> Result<String, AppError> {
    if pin.chars().count() < MIN_PIN {
        return Err(AppError::Input(format!("口令至少 {MIN_PIN} 位。")));
    }
    Argon2::default()
        .hash_password_with_salt(pin.as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(|fault| AppError::Input(format!("口令无法使用：{fault}")))
}
