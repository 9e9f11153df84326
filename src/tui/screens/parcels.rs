//! What goes to other stations and comes from them (SS): what waits to go up, what is up there since when, what came back,
//! what a township sent here; export to and import from a folder. Knows groups and words; must not know parcels.

use std::borrow::Cow;
use std::cell::Cell;
use std::path::Path;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::role::{self, Subject};

use super::Target;
use crate::app::{AppError, RouteGroup, RouteRow, RouteStatus};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{put, wrap};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::list::{Column, List, ListState};
use crate::tui::widgets::prompt::{Prompt, PromptEvent};
use crate::tui::widgets::status::empty;

const COLUMNS: [Column; 5] = [
    Column::text(text::PARCELS_COLUMNS[0], 8),
    Column::text(text::PARCELS_COLUMNS[1], 18),
    Column::text(text::PARCELS_COLUMNS[2], 8),
    Column::text(text::PARCELS_COLUMNS[3], 11),
    Column::text(text::PARCELS_COLUMNS[4], 0),
];

/// What the open question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errand {
    Export,
    Import,
}

struct Parcels {
    status: RouteStatus,
    list: ListState,
    /// The roles allow to exchange; the use case asks again.
    may_send: bool,
    may_open: bool,
    asking: Option<(Errand, Prompt)>,
    /// The folder of the last time.
    folder: String,
    height: Cell<u16>,
}

/// Opens the screen.
///
/// # Errors
/// When the person at the desk may not see the exchange, or the store cannot be read.
pub fn open(room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let roles = &room.station.library().roles;
    let may = |action| roles.authorize(room.actor, action, &Subject::none()).is_ok();
    Ok(Box::new(Parcels {
        status: room.station.route_status(room.actor)?,
        list: ListState::default(),
        may_send: may(role::Action::Sync),
        may_open: may(role::Action::ViewCases),
        asking: None,
        folder: String::new(),
        height: Cell::new(10),
    }))
}

impl Parcels {
    fn read(&mut self, room: Room<'_>) -> Result<(), AppError> {
        self.status = room.station.route_status(room.actor)?;
        self.list.clamp(self.status.rows.len());
        Ok(())
    }

    fn chosen(&self) -> Option<&RouteRow> {
        self.status.rows.get(self.list.selected())
    }

    fn ask(&mut self, errand: Errand) -> Step {
        let label = match errand {
            Errand::Export => text::PARCELS_TO,
            Errand::Import => text::PARCELS_FROM,
        };
        self.asking = Some((errand, Prompt::new(label, &self.folder)));
        Step::Changed
    }

    fn carry_out(&mut self, errand: Errand, folder: &str, room: Room<'_>) -> Step {
        let folder = folder.trim();
        folder.clone_into(&mut self.folder);
        let said = match errand {
            Errand::Export => export(Path::new(folder), room),
            Errand::Import => import(Path::new(folder), room),
        };
        match said.and_then(|said| self.read(room).map(|()| said)) {
            Ok(said) => Step::Say(said),
            Err(error) => Step::failed(&error),
        }
    }

    fn head(&self) -> String {
        let status = &self.status;
        let seats: Vec<&str> = status.seats.iter().map(|seat| seat.label()).collect();
        let peers: Vec<String> = status
            .peers
            .iter()
            .map(|peer| {
                let seats: Vec<&str> = peer.seats.iter().map(|seat| seat.label()).collect();
                text::person_elsewhere(&peer.station, &text::listed(&seats))
            })
            .collect();
        match peers.is_empty() {
            true => text::PARCELS_NO_PEER.to_owned(),
            false => text::parcels_head(&status.station, &text::listed(&seats), &peers.join(" ")),
        }
    }

    fn counts(&self) -> String {
        let rows = &self.status.rows;
        let counts: Vec<(&str, usize)> = RouteGroup::ALL
            .iter()
            .map(|group| (group.label(), rows.iter().filter(|row| row.group == *group).count()))
            .collect();
        text::parcels_counts(&counts)
    }

    /// What stands in the way of the chosen case, else the newest that was not taken in.
    fn note(&self) -> String {
        match self.chosen().filter(|row| !row.note.is_empty()) {
            Some(row) => row.note.clone(),
            None => {
                let kept = self.status.quarantined.last();
                kept.map(|(_, _, what)| format!("{} {}", what.number, what.reason)).unwrap_or_default()
            }
        }
    }
}

fn export(folder: &Path, room: Room<'_>) -> Result<Message, AppError> {
    let done = room.station.route_export(room.actor, folder)?;
    Ok(match done.stuck.first() {
        Some(stuck) => Message::warning(text::parcels_stuck(done.stuck.len(), &stuck.reason)),
        None => Message::good(text::parcels_exported(done.referrals, done.answers, done.parcels.len())),
    })
}

fn import(folder: &Path, room: Room<'_>) -> Result<Message, AppError> {
    let outcomes = room.station.route_import_folder(room.actor, folder)?;
    let (mut referrals, mut answers, mut repeated) = (0, 0, 0);
    let mut trouble = None;
    for (_, outcome) in &outcomes {
        match outcome {
            Ok(imported) => {
                referrals += imported.referrals;
                answers += imported.answers;
                repeated += usize::from(imported.repeated);
                let kept = imported.quarantined.first();
                trouble = trouble.or(kept.map(|kept| format!("{} {}", kept.number, kept.reason)));
            }
            Err(fault) => trouble = trouble.or(Some(fault.zh())),
        }
    }
    let said = text::parcels_imported(outcomes.len(), referrals, answers, repeated);
    Ok(match trouble {
        Some(trouble) => Message::warning(format!("{said}{trouble}")),
        None => Message::good(said),
    })
}

impl Screen for Parcels {
    fn code(&self) -> &str {
        ScreenCode::Parcels.code()
    }

    fn title(&self) -> &str {
        text::PARCELS
    }

    fn context(&self) -> Context {
        Context::Parcels
    }

    fn offers(&self, action: Action) -> bool {
        match action {
            Action::Export | Action::TakeIn => self.may_send,
            Action::Accept | Action::Timeline => self.may_open && !self.status.rows.is_empty(),
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.asking.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        let chosen = self.chosen().map(|row| row.case_id);
        match (action, chosen) {
            (Action::Export, _) => self.ask(Errand::Export),
            (Action::TakeIn, _) => self.ask(Errand::Import),
            (Action::Accept, Some(id)) => super::open_target(Target::Case(id), room),
            (Action::Timeline, Some(id)) => Step::opened(super::timeline::open(&id, room)),
            (action, _) if self.list.act(action, self.status.rows.len(), self.height.get()) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        let Some((errand, prompt)) = &mut self.asking else { return Step::Still };
        let errand = *errand;
        match prompt.key(key) {
            PromptEvent::Open => Step::Changed,
            PromptEvent::Cancelled => {
                self.asking = None;
                Step::Changed
            }
            PromptEvent::Answer(folder) => {
                self.asking = None;
                self.carry_out(errand, &folder, room)
            }
        }
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        match &mut self.asking {
            Some((_, prompt)) => {
                prompt.paste(text);
                Step::Changed
            }
            None => Step::Still,
        }
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the list stays as it was.
        let _ = self.read(room);
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let room = body.width.saturating_sub(2);
        let (plain, muted) = (look.theme.style(Role::Text), look.theme.style(Role::Muted));
        put(buf, body.x + 1, body.y, &self.head(), room, muted, look);
        put(buf, body.x + 1, body.y + 1, &self.counts(), room, plain, look);
        let area = Rect { y: body.y + 3, height: body.height.saturating_sub(7), ..body };
        self.height.set(area.height);
        let mut cursor = Position { x: body.x, y: body.y };
        let rows = &self.status.rows;
        if rows.is_empty() {
            empty(buf, area, text::PARCELS_EMPTY, text::PARCELS_EMPTY_HINT, look);
        } else {
            let list = List {
                columns: &COLUMNS,
                len: rows.len(),
                cell: &|row, column| {
                    let Some(row) = rows.get(row) else { return Cow::Borrowed("") };
                    Cow::Borrowed(match column {
                        0 => row.group.label(),
                        1 => &row.number,
                        2 => &row.title,
                        3 => &row.since,
                        _ => &row.standing,
                    })
                },
                role: &|row| match rows.get(row).map(|row| row.group) {
                    Some(RouteGroup::Held) => Role::Warning,
                    Some(RouteGroup::CameBack | RouteGroup::Answered) => Role::Muted,
                    _ => Role::Text,
                },
                prefix: false,
            };
            cursor = list.view(&self.list, buf, area, look);
        }
        let warning = look.theme.style(Role::Warning);
        let note = wrap(&self.note(), usize::from(room));
        for (line, y) in note.iter().zip(area.bottom() + 1..body.bottom()) {
            put(buf, body.x + 1, y, line, room, warning, look);
        }
        match &self.asking {
            Some((_, prompt)) => prompt.view(buf, screen, look),
            None => cursor,
        }
    }
}
