//! The daemon's socket: made for its owner only, stale ones removed, one thread a connection. Knows the path; must not
//! know sessions.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::admit::Admission;
use super::client::Desk;
use super::clock::Clock;
use super::factory::{Limits, SessionFactory};
use super::registry::Registry;

/// Connections at once, those not yet admitted included.
const CONNECTIONS: usize = 256;

/// Why a station cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another daemon answers on the socket.
    #[error("a station already listens on {0}; attach to it, or stop it first")]
    Running(PathBuf),
    /// Something that is not a socket stands at the path.
    #[error("{0} is not a socket; give another path or remove it")]
    NotASocket(PathBuf),
    /// The socket could not be made.
    #[error("cannot listen on {path}: {source}")]
    Io {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// A listening station.
pub struct Server<F: SessionFactory> {
    listener: UnixListener,
    path: PathBuf,
    desk: Arc<Desk<F>>,
    stop: Arc<AtomicBool>,
}

/// Stops a running [`Server`] from another thread.
#[derive(Clone, Debug)]
pub struct Stopper {
    path: PathBuf,
    stop: Arc<AtomicBool>,
}

impl Stopper {
    /// Asks the server to stop: it ends every session with a sentence and removes its socket.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        // Wakes the listener; if that fails there is none.
        let _ = UnixStream::connect(&self.path);
    }
}

impl<F: SessionFactory> Server<F> {
    /// Listens on `path`. Its folder is made with mode 0700 and the socket with 0600 (0711 and 0666 where other users
    /// are admitted: the kernel's credentials decide then).
    ///
    /// # Errors
    /// Another station listens there, or the socket cannot be made.
    pub fn bind(
        path: &Path,
        admission: Admission,
        limits: Limits,
        factory: Arc<F>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ServeError> {
        let io = |source| ServeError::Io { path: path.to_owned(), source };
        let (folder_mode, socket_mode) = if admission.shared() { (0o711, 0o666) } else { (0o700, 0o600) };
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty() && !f.exists()) {
            fs::DirBuilder::new().recursive(true).mode(folder_mode).create(folder).map_err(io)?;
            // A strict umask would shut the door's user out.
            fs::set_permissions(folder, fs::Permissions::from_mode(folder_mode)).map_err(io)?;
        }
        clear_stale(path)?;
        let listener = UnixListener::bind(path).map_err(io)?;
        fs::set_permissions(path, fs::Permissions::from_mode(socket_mode)).map_err(io)?;
        let registry = Registry::new(Arc::clone(&factory), Arc::clone(&clock), limits);
        let desk = Arc::new(Desk { factory, clock, limits, admission, registry });
        Ok(Self { listener, path: path.to_owned(), desk, stop: Arc::new(AtomicBool::new(false)) })
    }

    /// Stops this server from another thread.
    pub fn stopper(&self) -> Stopper {
        Stopper { path: self.path.clone(), stop: Arc::clone(&self.stop) }
    }

    /// Serves until stopped.
    pub fn run(self) {
        let open = Arc::new(AtomicUsize::new(0));
        for stream in self.listener.incoming() {
            if self.stop.load(Ordering::Acquire) {
                break;
            }
            let Ok(stream) = stream else {
                // Out of descriptors: wait until some client goes.
                std::thread::sleep(std::time::Duration::from_millis(100));
                continue;
            };
            if open.load(Ordering::Acquire) >= CONNECTIONS {
                continue;
            }
            open.fetch_add(1, Ordering::AcqRel);
            let (desk, counted) = (Arc::clone(&self.desk), Arc::clone(&open));
            let spawned = std::thread::Builder::new().name("door".to_owned()).spawn(move || {
                desk.serve(stream);
                counted.fetch_sub(1, Ordering::AcqRel);
            });
            if spawned.is_err() {
                open.fetch_sub(1, Ordering::AcqRel);
            }
        }
        self.desk.registry.stop();
        let _ = fs::remove_file(&self.path);
    }

    /// Number of sessions alive, waiting ones included.
    pub fn sessions(&self) -> usize {
        self.desk.registry.len()
    }
}

/// Removes the socket of a daemon that died; refuses to touch one that answers, or anything that is no socket.
fn clear_stale(path: &Path) -> Result<(), ServeError> {
    let Ok(found) = fs::symlink_metadata(path) else { return Ok(()) };
    if !found.file_type().is_socket() {
        return Err(ServeError::NotASocket(path.to_owned()));
    }
    if UnixStream::connect(path).is_ok() {
        return Err(ServeError::Running(path.to_owned()));
    }
    fs::remove_file(path).map_err(|source| ServeError::Io { path: path.to_owned(), source })
}
