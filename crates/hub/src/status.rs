//! What a hub's keeper wants to know at a glance; no personal data in it.

use serde::Serialize;
use xiangbao_core::journal::hex;

use crate::Hub;
use crate::store::StoreError;

/// Incidents shown at most.
const SHOWN_INCIDENTS: usize = 50;

/// A hub at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Name of the hub.
    pub hub: String,
    /// Division code of the city.
    pub city: String,
    /// Short name of its key, hexadecimal.
    pub key_id: String,
    /// Operations in all chains.
    pub operations: u64,
    /// Operations returned to stations.
    pub returned: u64,
    /// Accepting receipts.
    pub receipts: u64,
    /// The stations.
    pub stations: Vec<StationStatus>,
    /// What people have to look at, newest first.
    pub incidents: Vec<IncidentStatus>,
}

/// A station at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StationStatus {
    /// Identifier.
    pub station: String,
    /// Name of the office.
    pub name: String,
    /// Epoch.
    pub epoch: u32,
    /// Last record in its chain here.
    pub through: u64,
    /// Hash of it, the first 20 hexadecimal digits, as on the day-closing sheet.
    pub head: String,
    /// Frozen by a fork, or closed.
    pub frozen: bool,
    /// When its newest batch was taken, hub time in milliseconds; 0 for never.
    pub last_batch_ms: i64,
}

/// An incident at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncidentStatus {
    /// What.
    pub kind: String,
    /// Station.
    pub station: String,
    /// Epoch.
    pub epoch: u32,
    /// Record.
    pub seq: u64,
    /// Hub time, milliseconds.
    pub time_ms: i64,
}

impl Hub {
    /// The hub at a glance, from one snapshot.
    ///
    /// # Errors
    /// When the store fails.
    pub fn status(&self) -> Result<Status, StoreError> {
        let (mut stations, mut incidents, mut counters) = (Vec::new(), Vec::new(), None);
        self.store.read(&mut |tables| {
            stations = tables.stations()?;
            incidents = tables.incidents(SHOWN_INCIDENTS)?;
            counters = Some(tables.counters()?);
            Ok(())
        })?;
        let counters = counters.unwrap_or_default();
        let station = |row: crate::store::StationRow| StationStatus {
            through: row.head.seq,
            head: hex(row.head.hash.get(..10).unwrap_or_default()),
            station: row.station,
            name: row.name,
            epoch: row.epoch,
            frozen: row.frozen,
            last_batch_ms: row.last_batch_ms,
        };
        let incident = |found: crate::store::Incident| IncidentStatus {
            kind: found.kind,
            station: found.station,
            epoch: found.epoch,
            seq: found.seq,
            time_ms: found.time_ms,
        };
        Ok(Status {
            hub: self.identity.name.clone(),
            city: self.identity.city.clone(),
            key_id: hex(&self.identity.key_id()),
            operations: counters.operations,
            returned: counters.returned,
            receipts: counters.hub_seq,
            stations: stations.into_iter().map(station).collect(),
            incidents: incidents.into_iter().map(incident).collect(),
        })
    }
}
