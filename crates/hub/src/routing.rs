//! Levels that sit at other stations, as the city sees them: which seats a station has, whose answers it believes, and
//! whether an answer may stand for a level (003 A74, A84). Knows the fold of a case; must not know parcels' files.

use xiangbao_core::case::{Case, awaits};
use xiangbao_core::event::{Decision, Event};
use xiangbao_core::form::Seat;
use xiangbao_core::journal::Operation;

use crate::business::{Assessment, RegistryView, Space};
use crate::city::{Judged, object_findings, object_person, objection, read, station_key, write};
use crate::store::StoreError;

/// What the city knows of a station's place.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub(crate) struct Facts {
    /// Seats; empty for the township alone.
    #[n(0)]
    seats: Vec<Seat>,
    /// Stations whose answers it believes, with their seats.
    #[n(1)]
    peers: Vec<(String, Vec<Seat>)>,
}

impl Facts {
    /// The highest seat whose levels the station decides.
    pub(crate) fn highest(&self) -> Seat {
        self.seats.iter().copied().max().unwrap_or_default()
    }
}

/// What the city knows of the station of an operation.
pub(crate) fn facts_of(operation: &Operation, registry: &dyn RegistryView) -> Result<Facts, StoreError> {
    Ok(read(registry, Space::Stations, &station_key(operation, b""))?.unwrap_or_default())
}

/// Takes note of a station's seats and peers; parcels themselves change nothing in the city.
pub(crate) fn note(
    operation: &Operation,
    event: &Event,
    registry: &dyn RegistryView,
) -> Result<Assessment, StoreError> {
    let mut facts = facts_of(operation, registry)?;
    match event {
        Event::StationFounded { seats, .. } | Event::SeatsSet { seats } => facts.seats.clone_from(seats),
        Event::PeerTrusted { station, seats, .. } => {
            facts.peers.retain(|(peer, _)| peer != station);
            if !seats.is_empty() {
                facts.peers.push((station.clone(), seats.clone()));
            }
        }
        _ => return Ok(Assessment::ok(Vec::new())),
    }
    Ok(Assessment::ok(vec![write(Space::Stations, station_key(operation, b""), &facts)]))
}

/// Whether the answer of an upper station may stand for this level of a case.
pub(crate) fn object_above(
    operation: &Operation,
    decision: &Decision,
    case: &Case,
    registry: &dyn RegistryView,
) -> Result<Judged, StoreError> {
    let Decision { by, level, reversal, .. } = decision;
    if !awaits(case.status, decision) {
        let detail = format!("这件业务在市级是【{}】，不能办理{}。", case.status.label(), level.label());
        return Ok(objection("order", detail));
    }
    if let Err(objection) = object_findings(case, *level, &decision.verdict, &decision.answers) {
        return Ok(Err(objection));
    }
    let facts = facts_of(operation, registry)?;
    let seat = case.filing.seat(*level);
    let believed = facts
        .peers
        .iter()
        .any(|(peer, seats)| *peer == by.station && seats.iter().copied().max().unwrap_or_default() >= seat);
    if !believed || seat <= facts.highest() || by.station == operation.station {
        let detail = format!("{}不由 {} 站办理，市级不认可。", level.label(), by.station);
        return Ok(objection("seat", detail));
    }
    if by.certno.is_empty() {
        return Ok(objection("certificate", "审核人没有登记证件号，无法核对是否为不同的人（003 A74）。"));
    }
    if case.filing.subjects.contains(&by.certno) {
        return Ok(objection("recusal", "办理人与本件有利害关系，应当回避（003 A117）。"));
    }
    object_person(operation, case, (*level, *reversal), (&by.person_id(), &by.certno), registry)
}
