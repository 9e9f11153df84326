//! What waits to go up, what is up there since when, what came back, what other stations sent here; and whom this station
//! believes. Read only. Knows cases and peers; must not know parcels' content.

use xiangbao_core::case::{Case, Status};
use xiangbao_core::event::Quarantined;
use xiangbao_core::form::Seat;
use xiangbao_core::journal::hex;
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::levels_of::highest;
use super::station::{Station, local};

/// Where a case stands on its way to another station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteGroup {
    /// An answer had no effect: it goes up again.
    Held,
    /// Waits to go up.
    Waiting,
    /// An upper station has it.
    Above,
    /// An upper station's answer was taken in.
    CameBack,
    /// Another station's, waits for a level here.
    ToDecide,
    /// Another station's, decided here, the answer waits to go back.
    ToAnswer,
    /// Another station's, answered.
    Answered,
}

impl RouteGroup {
    /// Every group, in the order of the list.
    pub const ALL: [Self; 7] = [
        Self::Held,
        Self::Waiting,
        Self::Above,
        Self::CameBack,
        Self::ToDecide,
        Self::ToAnswer,
        Self::Answered,
    ];

    /// The word on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Held => "须再送",
            Self::Waiting => "待送审",
            Self::Above => "已送审",
            Self::CameBack => "已返回",
            Self::ToDecide => "下级送来",
            Self::ToAnswer => "待回送",
            Self::Answered => "已回送",
        }
    }

    /// Identifier in `--json`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Waiting => "waiting",
            Self::Above => "above",
            Self::CameBack => "came_back",
            Self::ToDecide => "to_decide",
            Self::ToAnswer => "to_answer",
            Self::Answered => "answered",
        }
    }
}

/// One case on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRow {
    /// Case id here.
    pub case_id: [u8; 16],
    /// Group.
    pub group: RouteGroup,
    /// Printed number.
    pub number: String,
    /// Name the case is listed under.
    pub title: String,
    /// Standing in full.
    pub standing: String,
    /// The other station; empty when it is not known yet.
    pub station: String,
    /// Since when, office time.
    pub since: String,
    /// What stands in the way, or what was said.
    pub note: String,
}

/// Another station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerState {
    /// Station.
    pub station: String,
    /// Its key, hexadecimal.
    pub key: String,
    /// Its seats.
    pub seats: Vec<Seat>,
    /// Last parcel made for it.
    pub sent: u64,
    /// Last parcel that it took in, as far as it said so.
    pub acked: u64,
    /// Last parcel taken in from it.
    pub taken: u64,
}

/// The state of the exchange with other stations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouteStatus {
    /// This station.
    pub station: String,
    /// Its key, hexadecimal.
    pub key: String,
    /// Its seats.
    pub seats: Vec<Seat>,
    /// Stations that it believes.
    pub peers: Vec<PeerState>,
    /// Cases, by group and then by age.
    pub rows: Vec<RouteRow>,
    /// What was not taken in: station, number of the parcel, and what.
    pub quarantined: Vec<(String, u64, Quarantined)>,
}

impl Station {
    /// The state of the exchange with other stations.
    ///
    /// # Errors
    /// When the actor may not see it, or the store cannot be read.
    pub fn route_status(&self, actor: &Actor) -> Result<RouteStatus, AppError> {
        self.authorize(actor, Action::ViewSync, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let peers = snapshot.peers()?;
        let own = highest(&snapshot.seats()?);
        let mut rows = Vec::new();
        // Names are for those who may see cases; the administrator of the machine sees numbers.
        let names = self.library.roles.authorize(actor, Action::ViewCases, &Subject::none()).is_ok();
        for (case_id, case) in snapshot.all_cases(usize::MAX)? {
            let Some((group, station, since)) = group_of(&case, own) else { continue };
            if !actor.serves(&case.filing.village) {
                continue;
            }
            let note = match group {
                RouteGroup::Waiting => self.why_stuck(&snapshot, &peers, case_id, &case)?.unwrap_or_default(),
                RouteGroup::Held => case.held.clone().unwrap_or_default(),
                _ => String::new(),
            };
            rows.push(RouteRow {
                case_id,
                group,
                number: case.number.clone(),
                title: if names { case.filing.title.clone() } else { String::new() },
                standing: case.standing(),
                station,
                since: local(since).format("%m-%d %H:%M").to_string(),
                note,
            });
        }
        rows.sort_by_key(|row| row.group);
        let states = peers.into_iter().map(|peer| {
            let (sent, taken, acked) = snapshot.parcels(&peer.station)?;
            Ok(PeerState {
                key: hex(&peer.key),
                station: peer.station,
                seats: peer.seats,
                sent,
                acked,
                taken,
            })
        });
        Ok(RouteStatus {
            station: self.store.identity().station.clone(),
            key: self.public_key(),
            seats: snapshot.seats()?,
            peers: states.collect::<Result<_, AppError>>()?,
            rows,
            quarantined: snapshot.quarantined()?,
        })
    }
}

/// The group of a case, the other station, and since when it stands there.
fn group_of(case: &Case, own: Seat) -> Option<(RouteGroup, String, i64)> {
    if let Some(origin) = &case.origin {
        let group = match (case.status, origin.answered) {
            (Status::Decided, false) => RouteGroup::ToAnswer,
            (Status::Decided, true) => RouteGroup::Answered,
            _ => RouteGroup::ToDecide,
        };
        return Some((group, origin.station.clone(), case.last.wall_ms));
    }
    if let Some(up) = &case.up {
        return Some((RouteGroup::Above, up.to.clone(), up.by.wall_ms));
    }
    if case.waits_at().is_some_and(|seat| seat > own) {
        let group = if case.held.is_some() { RouteGroup::Held } else { RouteGroup::Waiting };
        return Some((group, String::new(), case.last.wall_ms));
    }
    let above = case.reviews.iter().rev().find_map(|review| review.elsewhere.as_ref())?;
    Some((RouteGroup::CameBack, above.station.clone(), case.last.wall_ms))
}
