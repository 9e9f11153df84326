//! Whether a station has the persons that a case needs (003 A74, A121): one natural person a level, so a matching. What
//! cannot be staffed here goes up; it is never done by fewer persons. Knows levels, seats and persons; must not know
//! accounts or why somebody is not a candidate.

use std::collections::BTreeSet;

use crate::event::Level;
use crate::form::Seat;

/// A natural person of the station with the levels that this person may decide in this case: recusal, villages, and that
/// whoever types decides only at the first level, are taken off already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Levels.
    pub levels: BTreeSet<Level>,
}

/// Where the levels of a case sit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staffing {
    /// A seat for each level, in the order of the levels.
    pub seats: Vec<Seat>,
    /// Levels that would be decided here by their form and for which persons are missing: they go up, where there is a
    /// higher seat.
    pub short: Vec<Level>,
}

/// Where the levels of a case sit, given who works here. `own` is the highest seat of this station. A case only goes up:
/// from the first level that cannot be staffed here on, all go to the next higher seat at least. Where there is no higher
/// one they wait here for persons: an application is accepted all the same, and nobody decides two levels of it.
pub fn staff(levels: &[(Level, Seat)], candidates: &[Candidate], own: Seat) -> Staffing {
    let here = levels.iter().take_while(|(_, seat)| *seat <= own).count();
    let wanted: Vec<Level> = levels.iter().take(here).map(|(level, _)| *level).collect();
    let staffed =
        (0..=here).rev().find(|count| wanted.get(..*count).is_some_and(|some| all_matched(some, candidates)));
    let staffed = staffed.unwrap_or_default();
    let next = own.above().unwrap_or(own);
    let goes_up = |at: usize| staffed < here && at >= staffed && next > own;
    let seats = levels.iter().enumerate();
    Staffing {
        seats: seats.map(|(at, (_, seat))| if goes_up(at) { (*seat).max(next) } else { *seat }).collect(),
        short: wanted.get(staffed..).unwrap_or_default().to_vec(),
    }
}

/// Whether each level finds a person of its own.
fn all_matched(levels: &[Level], candidates: &[Candidate]) -> bool {
    let mut taken: Vec<Option<Level>> = vec![None; candidates.len()];
    levels.iter().all(|level| augment(*level, candidates, &mut taken, &mut BTreeSet::new()))
}

/// Finds a person for a level, moving others to what else they may decide.
fn augment(
    level: Level,
    candidates: &[Candidate],
    taken: &mut Vec<Option<Level>>,
    seen: &mut BTreeSet<usize>,
) -> bool {
    for (at, candidate) in candidates.iter().enumerate() {
        if !candidate.levels.contains(&level) || !seen.insert(at) {
            continue;
        }
        let free = match taken.get(at).copied().flatten() {
            None => true,
            Some(other) => augment(other, candidates, taken, seen),
        };
        if free {
            if let Some(slot) = taken.get_mut(at) {
                *slot = Some(level);
            }
            return true;
        }
    }
    false
}
