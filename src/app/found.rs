//! Setting up a station: the data folder, the identity in the chain, the office's name, the records taken over.

use std::path::Path;

use xiangbao_core::event::Event;
use xiangbao_core::form::Seat;
use xiangbao_core::register::Change;

use super::error::AppError;
use super::library::{Library, LibraryError};
use super::station::{Clock, Entropy, Station};
use crate::store::{Identity, Store, StoreError};

/// Records of one operation when a register is taken over: small enough for the journal's payload limit.
const LOAD_CHUNK: usize = 400;

/// A station cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A definition is broken.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The data file cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The first operation cannot be written.
    #[error(transparent)]
    App(#[from] AppError),
}

/// What a new station is called.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Station id in the chain and in printed numbers: letters and digits.
    pub station: String,
    /// Name of the office.
    pub name: String,
    /// Township, 12-digit division code.
    pub township: String,
    /// Seats whose levels this station decides: the township alone for an office, more where one office does it all.
    pub seats: Vec<Seat>,
}

impl Station {
    /// Makes a new station in an empty folder.
    ///
    /// # Errors
    /// When there is one already, a definition is broken, or the disk refuses.
    pub fn found(
        folder: &Path,
        founding: &Founding,
        clock: Box<dyn Clock>,
        entropy: Box<dyn Entropy>,
    ) -> Result<Self, OpenError> {
        let library = Library::load(Some(folder))?;
        let township = library.codes.label("divisions", &founding.township);
        if township.is_none() {
            let message = format!("区划代码 {} 不在区划表中，请核对 12 位代码。", founding.township);
            return Err(AppError::Input(message).into());
        }
        let mut instance = [0; 16];
        let mut signing_seed = [0; 32];
        entropy.fill(&mut instance);
        entropy.fill(&mut signing_seed);
        let identity = Identity { station: founding.station.clone(), epoch: 1, instance, signing_seed };
        let store = Store::create(folder, &identity)?;
        let station = Self::new(store, library, clock, entropy, folder);
        let event = Event::StationFounded {
            name: super::wording::worded(&founding.name)?,
            township: founding.township.clone(),
            seats: founding.seats.clone(),
        };
        let actor = station.machine_actor();
        station.append(&actor, None, station.new_id(), vec![event])?;
        station.keep_definitions()?;
        Ok(station)
    }

    /// Takes over records from elsewhere (期初数据), in durable steps; `progress` hears how many of how many.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn load_register(
        &self,
        origin: &str,
        changes: &[Change],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<(), AppError> {
        let actor = self.machine_actor();
        for (index, chunk) in changes.chunks(LOAD_CHUNK).enumerate() {
            let event = Event::RegisterLoaded { origin: origin.to_owned(), changes: chunk.to_vec() };
            self.append(&actor, None, self.new_id(), vec![event])?;
            progress((index * LOAD_CHUNK + chunk.len()).min(changes.len()), changes.len());
        }
        Ok(())
    }
}
