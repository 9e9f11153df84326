//! A running hub: opens the data folder, listens, stops cleanly.

use std::future::{Future, IntoFuture};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::city::CityBusiness;
use crate::embedded::{EmbeddedStore, OpenError};
use crate::enrol::CodeFolder;
use crate::identity::{HubIdentity, HubSecret};
use crate::{Hub, SharedHub, StoreError, wall_clock};

/// Name of the database in the data folder.
const DATABASE: &str = "hub.redb";

/// How long running requests may take when the hub is stopped.
const LAST_REQUESTS: std::time::Duration = std::time::Duration::from_secs(5);

/// Name and city of a hub that does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHub {
    /// Name, as stations show it.
    pub name: String,
    /// Division code of the city.
    pub city: String,
}

/// How to run a hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubConfig {
    /// The data folder.
    pub data: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Make the hub if the folder holds none.
    pub create: Option<NewHub>,
}

/// Why a hub does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database, later.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened at, or the runtime cannot start.
    #[error("listening at {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// No random numbers for a new key.
    #[error("no random numbers: {0}")]
    Random(String),
}

/// Makes a new hub in `data`.
///
/// # Errors
/// [`ServeError::Open`] when there is one already, or what the file system says.
pub fn init(data: &Path, new: &NewHub) -> Result<(), ServeError> {
    let secret =
        HubSecret::fresh(&new.name, &new.city).map_err(|fault| ServeError::Random(fault.to_string()))?;
    Ok(EmbeddedStore::create(&data.join(DATABASE), &secret)?)
}

/// Opens the hub in `data` without listening.
///
/// # Errors
/// [`ServeError`]
pub fn open_hub(data: &Path) -> Result<SharedHub, ServeError> {
    let store = EmbeddedStore::open(&data.join(DATABASE))?;
    let identity = HubIdentity::new(store.secret()?);
    Ok(Arc::new(Hub {
        store: Box::new(store),
        identity,
        business: Box::new(CityBusiness),
        codes: codes_of(data),
        clock: wall_clock,
    }))
}

/// The folder of enrolment codes in a data folder; may be written to while a hub runs.
pub fn codes_of(data: &Path) -> CodeFolder {
    CodeFolder(data.join("codes"))
}

/// A hub that runs on threads of its own. Dropping it stops it.
pub struct RunningHub {
    addr: SocketAddr,
    hub: SharedHub,
    quit: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl RunningHub {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// `http://<addr>`.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The hub itself: to make enrolment codes, to ask its status.
    pub fn hub(&self) -> &SharedHub {
        &self.hub
    }

    /// Stops listening, lets running requests end, and closes the database.
    pub fn stop(mut self) {
        self.end();
    }

    /// Waits until the hub ends by itself.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }

    fn end(&mut self) {
        if let Some(quit) = self.quit.take() {
            quit.send(()).ok();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Drop for RunningHub {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts a hub on threads of its own and returns once it listens.
///
/// # Errors
/// [`ServeError`]; nothing runs then.
pub fn serve_in_background(config: &HubConfig) -> Result<RunningHub, ServeError> {
    if let Some(new) = &config.create
        && !config.data.join(DATABASE).exists()
    {
        init(&config.data, new)?;
    }
    serve_hub(open_hub(&config.data)?, config.listen, false)
}

/// As [`serve_in_background`], for an opened hub; `signals` also ends it at Ctrl-C or a termination signal.
///
/// # Errors
/// [`ServeError::Listen`]
pub fn serve_hub(hub: SharedHub, listen: SocketAddr, signals: bool) -> Result<RunningHub, ServeError> {
    let failed = |fault| ServeError::Listen(listen, fault);
    let socket = std::net::TcpListener::bind(listen).map_err(failed)?;
    socket.set_nonblocking(true).map_err(failed)?;
    let addr = socket.local_addr().map_err(failed)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(16)
        .thread_name("hub")
        .enable_all()
        .build()
        .map_err(failed)?;
    let (quit, asked_to_quit) = oneshot::channel();
    let routes = crate::router::router(hub.clone());
    let thread = std::thread::Builder::new()
        .name("hub".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                listen_until(socket, routes, until_asked(asked_to_quit, signals)).await;
            });
            runtime.shutdown_timeout(LAST_REQUESTS);
        })
        .map_err(failed)?;
    Ok(RunningHub { addr, hub, quit: Some(quit), thread: Some(thread) })
}

/// Serves until `asked`; then running requests get a moment to end, and connections that stay open are cut.
async fn listen_until(
    socket: std::net::TcpListener,
    routes: axum::Router,
    asked: impl Future<Output = ()> + Send + 'static,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(socket) else { return };
    let (ending, ends) = oneshot::channel();
    let graceful = async move {
        asked.await;
        ending.send(()).ok();
    };
    let served = axum::serve(listener, routes).with_graceful_shutdown(graceful).into_future();
    let cut = async move {
        ends.await.ok();
        tokio::time::sleep(LAST_REQUESTS).await;
    };
    tokio::select! {
        _ = served => (),
        () = cut => (),
    }
}

async fn until_asked(asked: oneshot::Receiver<()>, signals: bool) {
    if signals {
        tokio::select! {
            _ = asked => (),
            () = a_signal() => (),
        }
    } else {
        asked.await.ok();
    }
}

#[cfg(unix)]
async fn a_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => (),
            _ = tokio::signal::ctrl_c() => (),
        },
        Err(_) => {
            tokio::signal::ctrl_c().await.ok();
        }
    }
}

#[cfg(not(unix))]
async fn a_signal() {
    tokio::signal::ctrl_c().await.ok();
}
