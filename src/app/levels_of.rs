//! The review levels of one case: which hold with its values (003 A74, A84), where each sits, and what this station has
//! no persons for and therefore goes up. The one answer for the page before handing in, for the filing and for whoever
//! asks later. Knows accounts and forms; must not know how a level decides.

use std::collections::{BTreeMap, BTreeSet};

use xiangbao_core::case::{Candidate, Case, Staffing, staff};
use xiangbao_core::event::{Account, Level};
use xiangbao_core::form::{self, FormData, FormDef, Seat};
use xiangbao_core::role::Subject;

use super::audit;
use super::error::AppError;
use super::intake::{subjects_of, village_of};
use super::review::action_of;
use super::sign_in::actor_as;
use super::station::Station;
use crate::store::{Draft, Snapshot};

/// The levels that hold for a case, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelsDue {
    /// Level and where it sits.
    pub rows: Vec<(Level, Seat)>,
    /// Levels of this station for which it has no persons: they go up, where there is a higher seat.
    pub short: Vec<Level>,
    /// The highest seat of this station.
    pub own: Seat,
}

impl LevelsDue {
    /// The levels in words: 初审（乡镇）.
    pub fn words(&self) -> Vec<String> {
        self.rows.iter().map(|(level, seat)| level_at(*level, *seat)).collect()
    }

    /// What the clerk must know before handing in: that persons are missing here and where the case goes instead.
    pub fn notice(&self) -> Option<String> {
        let here =
            self.rows.iter().filter(|(level, at)| *at <= self.own && !self.short.contains(level)).count();
        let then = match self.goes_up() {
            Some(words) => words,
            None if self.short.is_empty() => return None,
            None => format!("{}须增加审核人员后办理", self.short_words()),
        };
        Some(format!("本站能分别办理各级的只有 {here} 人，{then}，不由同一人兼办（003 A74、A121）。"))
    }

    /// The same in few words, for the question: 审批转县级办理. None when nothing goes up for want of persons.
    pub fn goes_up(&self) -> Option<String> {
        let first = self.short.first()?;
        let (_, seat) = self.rows.iter().find(|(level, seat)| level == first && *seat > self.own)?;
        Some(format!("{}转{}办理", self.short_words(), seat.label()))
    }

    fn short_words(&self) -> String {
        self.short.iter().map(|level| level.label()).collect::<Vec<_>>().join("、")
    }
}

/// A level with its seat: 初审（乡镇）.
pub fn level_at(level: Level, seat: Seat) -> String {
    format!("{}（{}）", level.label(), seat.label())
}

impl Station {
    /// The highest seat whose levels this station decides.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn own_seat(&self) -> Result<Seat, AppError> {
        Ok(highest(&self.snapshot()?.seats()?))
    }

    /// The levels of a draft, for this very case.
    ///
    /// # Errors
    /// When form or store cannot be read.
    pub fn levels_of(&self, draft: &Draft) -> Result<LevelsDue, AppError> {
        let snapshot = self.snapshot()?;
        let def = self.form_of_draft(draft)?;
        let data = form::without_hidden(def, &draft.data, &self.eval_context());
        let typist = snapshot.account(&draft.account)?.map(|account| account.person);
        let case = if draft.correcting { snapshot.case(&draft.case_id)? } else { None };
        self.route_of(&snapshot, def, &data, typist.as_deref(), case.as_ref())
    }

    /// The levels of a case with these values, typed by this person; `case` when it is handed in again.
    pub(super) fn route_of(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        data: &FormData,
        typist: Option<&str>,
        case: Option<&Case>,
    ) -> Result<LevelsDue, AppError> {
        let named = form::levels_due(def, data, &self.eval_context()).into_iter();
        let due: Vec<(Level, &form::Level)> = named
            .filter_map(|row| Some((Level::ALL.into_iter().find(|level| level.id() == row.level)?, row)))
            .collect();
        let levels: Vec<(Level, Seat)> = due.iter().map(|(level, row)| (*level, row.seat)).collect();
        let own = highest(&snapshot.seats()?);
        let candidates = self.candidates(snapshot, (def, &due), data, typist, case)?;
        let Staffing { seats, short } = staff(&levels, &candidates, own);
        let rows = levels.into_iter().zip(seats).map(|((level, _), seat)| (level, seat)).collect();
        Ok(LevelsDue { rows, short, own })
    }

    /// Who could decide what: natural persons with an open account, not concerned, and each only at the level where they
    /// stand in this case already.
    fn candidates(
        &self,
        snapshot: &Snapshot,
        (def, due): (&FormDef, &[(Level, &form::Level)]),
        data: &FormData,
        typist: Option<&str>,
        case: Option<&Case>,
    ) -> Result<Vec<Candidate>, AppError> {
        let named = audit::subjects(snapshot, def, data, subjects_of(data))?;
        let mut subjects: BTreeSet<String> = named.into_iter().collect();
        subjects.extend(case.iter().flat_map(|case| case.filing.subjects.iter().cloned()));
        let village = Subject::in_village(&village_of(data));
        let mut persons: BTreeMap<String, BTreeSet<Level>> = BTreeMap::new();
        for account in snapshot.accounts()? {
            if account.closed || (!account.certno.is_empty() && subjects.contains(&account.certno)) {
                continue;
            }
            let levels = self.levels_open_to(&account, due, &village);
            persons.entry(account.person).or_default().extend(levels);
        }
        let typed = |person: &str| {
            typist == Some(person) || case.is_some_and(|case| case.entered_by.iter().any(|by| by == person))
        };
        let acted = |person: &str| {
            let reviews = case.iter().flat_map(|case| &case.reviews);
            let stood = reviews.filter(|review| !review.reversal && review.by.person == person);
            stood.map(|review| review.level).chain(typed(person).then_some(Level::Initial)).next()
        };
        let typed_audit = |person: &str| def.opened_by == form::Role::Auditor && typed(person);
        Ok(persons
            .into_iter()
            .map(|(person, mut levels)| {
                if let Some(only) = acted(&person) {
                    // Who types an audit judges it at no level (003 A117).
                    levels.retain(|level| *level == only && !typed_audit(&person));
                }
                Candidate { levels }
            })
            .collect())
    }

    /// The levels that an account may decide, by the role that the form names for each.
    fn levels_open_to(
        &self,
        account: &Account,
        due: &[(Level, &form::Level)],
        village: &Subject,
    ) -> Vec<Level> {
        let actor = actor_as(account, String::new());
        let may =
            |row: &form::Level| self.library.roles.authorize(&actor, action_of(row.role), village).is_ok();
        due.iter().filter(|(_, row)| may(row)).map(|(level, _)| *level).collect()
    }
}

/// The highest of some seats.
pub(super) fn highest(seats: &[Seat]) -> Seat {
    seats.iter().copied().max().unwrap_or_default()
}
