//! The seats of this station, the stations whose parcels it believes, and the numbers of the parcels between them, as
//! projections of the journal. Knows keys and records; must not know what a parcel holds.

use xiangbao_core::event::Quarantined;
use xiangbao_core::form::Seat;

use super::database::decode;
use super::error::StoreError;
use super::keys;
use super::projections::Peer;
use super::snapshot::Snapshot;
use super::tables::Table;

impl Snapshot {
    /// Seats whose levels this station decides: the township, unless it was founded or set otherwise.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn seats(&self) -> Result<Vec<Seat>, StoreError> {
        match self.get(Table::Station, b"seats")? {
            Some(bytes) => decode(Table::Station, &bytes),
            None => Ok(vec![Seat::Township]),
        }
    }

    /// Stations whose parcels are believed, by station.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn peers(&self) -> Result<Vec<Peer>, StoreError> {
        let pairs = self.scan(Table::Station, &keys::join(&[b"peer", &[]]), usize::MAX)?;
        pairs.iter().map(|(_, value)| decode(Table::Station, value)).collect()
    }

    /// Numbers of the last parcels exchanged with a station: sent there, taken in from there, taken in there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn parcels(&self, station: &str) -> Result<(u64, u64, u64), StoreError> {
        let count = |name: &str| self.counter(&format!("{name}\0{station}"));
        Ok((count("parcel_sent")?, count("parcel_taken")?, count("parcel_acked")?))
    }

    /// What parcels brought and was not taken in: station, number of the parcel, and what, by station and number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn quarantined(&self) -> Result<Vec<(String, u64, Quarantined)>, StoreError> {
        let mut found = Vec::new();
        for (_, value) in self.scan(Table::Station, &keys::join(&[b"quarantined", &[]]), usize::MAX)? {
            let (from, no, what): (String, u64, Vec<Quarantined>) = decode(Table::Station, &value)?;
            found.extend(what.into_iter().map(|each| (from.clone(), no, each)));
        }
        Ok(found)
    }
}
