//! The exchange with the city (TB): how much is stored, sent, received, returned, and how each case stands, returned
//! ones first with what the city said. Knows states; must not know batches or the wire.

use std::borrow::Cow;
use std::cell::Cell;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use xiangbao_core::role::{self, Subject};

use super::Target;
use super::filter::Filtered;
use crate::app::{AppError, CaseRow, Reach, Running, SyncState};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{put, width, wrap};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::list::{Column, List};
use crate::tui::widgets::status::empty;

const COLUMNS: [Column; 6] = [
    Column::text(text::SYNC_COLUMNS[0], 18),
    Column::text(text::SYNC_COLUMNS[1], 4),
    Column::text(text::SYNC_COLUMNS[2], 8),
    Column::text(text::SYNC_COLUMNS[3], 10),
    Column::text(text::SYNC_COLUMNS[4], 8),
    Column::text(text::SYNC_COLUMNS[5], 0),
];

/// In the order of what needs a person first.
const ORDER: [Reach; 5] = [Reach::Returned, Reach::Stored, Reach::Sent, Reach::Received, Reach::Accepted];

struct Sync {
    /// The pass that runs aside, while the person waits for it.
    running: Option<Running>,
    /// The roles allow to exchange; the use case asks again.
    may_send: bool,
    state: SyncState,
    rows: Vec<CaseRow>,
    filtered: Filtered,
    height: Cell<u16>,
}

/// Opens the exchange.
///
/// # Errors
/// When the person at the desk may not see cases, or the store cannot be read.
pub fn open(room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let roles = &room.station.library().roles;
    let mut sync = Sync {
        running: None,
        may_send: roles.authorize(room.actor, role::Action::Sync, &Subject::none()).is_ok(),
        state: SyncState::default(),
        rows: Vec::new(),
        filtered: Filtered::default(),
        height: Cell::new(10),
    };
    sync.read(room)?;
    Ok(Box::new(sync))
}

impl Sync {
    fn read(&mut self, room: Room<'_>) -> Result<(), AppError> {
        self.state = room.station.sync_state()?;
        self.rows = room.station.list_cases(room.actor, "")?;
        let rank = |reach: Reach| ORDER.iter().position(|each| *each == reach);
        self.rows.sort_by_key(|case| rank(case.reach));
        self.apply();
        Ok(())
    }

    fn apply(&mut self) {
        self.filtered.apply(self.rows.iter().map(|case| (&case.row, case.reach.label())));
    }

    /// Begins a pass aside; the screen goes on.
    fn start(&mut self, room: Room<'_>) -> Step {
        if self.running.is_some() {
            return Step::Still;
        }
        match room.station.start_sync(room.actor) {
            Ok(running) => {
                self.running = Some(running);
                Step::Changed
            }
            Err(error) => Step::failed(&error),
        }
    }

    fn chosen(&self) -> Option<&CaseRow> {
        self.filtered.chosen().and_then(|index| self.rows.get(index))
    }

    fn head(&self, buf: &mut Buffer, body: Rect, look: &Look) {
        let muted = look.theme.style(Role::Muted);
        let plain = look.theme.style(Role::Text);
        let state = &self.state;
        let mut x = body.x + 1;
        for (label, count) in text::sync_counts(state.stored, state.sent, state.received, state.returned) {
            x = put(buf, x, body.y, label, 10, muted, look) + 1;
            let role = if label == Reach::Returned.label() && state.returned > 0 {
                look.theme.style(Role::Warning)
            } else {
                plain
            };
            put(buf, x, body.y, &count, 10, role, look);
            x += u16::try_from(width(&count)).unwrap_or(10).max(8) + 3;
        }
        let room = body.width.saturating_sub(2);
        if !state.trouble.is_empty() {
            let style = look.theme.style(Role::Warning);
            let lines = wrap(&state.trouble, usize::from(room));
            for (line, y) in lines.iter().zip(body.y + 1..body.y + 4) {
                put(buf, body.x + 1, y, line, room, style, look);
            }
            return;
        }
        let oldest = text::sync_oldest(state.open, &state.oldest);
        put(buf, body.x + 1, body.y + 1, &oldest, room, plain, look);
        let counts: Vec<(&str, usize)> = ORDER
            .iter()
            .map(|reach| (reach.label(), self.rows.iter().filter(|case| case.reach == *reach).count()))
            .collect();
        let (words, style) = match self.running {
            Some(_) => (text::SYNC_RUNNING.to_owned(), look.theme.style(Role::Accent)),
            None => (text::sync_cases(&counts), muted),
        };
        put(buf, body.x + 1, body.y + 2, &words, room, style, look);
    }

    fn rows_view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Position {
        let at = |row: usize| self.filtered.shown.get(row).and_then(|index| self.rows.get(*index));
        let list = List {
            columns: &COLUMNS,
            len: self.filtered.shown.len(),
            cell: &|row, column| {
                let Some(CaseRow { row, reach, city, .. }) = at(row) else { return Cow::Borrowed("") };
                Cow::Borrowed(match column {
                    0 => row.number.as_str(),
                    1 => &row.code,
                    2 => &row.title,
                    3 => &row.standing,
                    4 => reach.label(),
                    _ => city,
                })
            },
            role: &|row| match at(row).map(|case| case.reach) {
                Some(Reach::Returned) => Role::Warning,
                Some(Reach::Accepted) => Role::Muted,
                _ => Role::Text,
            },
            prefix: false,
        };
        list.view(&self.filtered.list, buf, area, look)
    }
}

impl Screen for Sync {
    fn code(&self) -> &str {
        ScreenCode::Sync.code()
    }

    fn title(&self) -> &str {
        text::SYNC
    }

    fn subject(&self) -> String {
        match self.filtered.typed() {
            "" => String::new(),
            typed => text::filter_shown(typed, self.filtered.shown.len(), self.rows.len()),
        }
    }

    fn context(&self) -> Context {
        Context::Exchange
    }

    fn offers(&self, action: Action) -> bool {
        match action {
            Action::Send => self.may_send && self.running.is_none(),
            Action::Accept | Action::Filter => !self.rows.is_empty(),
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.filtered.prompt.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        let chosen = self.chosen().map(|case| case.row.case_id);
        match (action, chosen) {
            (Action::Send, _) => self.start(room),
            (Action::Back, _) if self.running.is_some() => {
                self.running = None;
                Step::Say(Message::plain(text::SYNC_LEFT))
            }
            (Action::Accept, Some(id)) => super::open_target(Target::Case(id), room),
            (Action::Timeline, Some(id)) => Step::opened(super::timeline::open(&id, room)),
            (Action::Filter, _) => {
                self.filtered.ask();
                Step::Changed
            }
            (action, _) if self.filtered.act(action, self.height.get()) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, key: Key, _room: Room<'_>) -> Step {
        let step = self.filtered.take(key);
        self.apply();
        step
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        let step = self.filtered.paste(text);
        self.apply();
        step
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the list stays as it was.
        let _ = self.read(room);
    }

    fn poll(&mut self, room: Room<'_>) -> Step {
        let Some(answer) = self.running.as_ref().and_then(Running::poll) else { return Step::Still };
        self.running = None;
        let report = match answer {
            Ok(report) => report,
            Err(error) => return Step::failed(&error),
        };
        if let Err(error) = self.read(room) {
            return Step::failed(&error);
        }
        if let Some(fault) = &report.fault {
            return Step::Say(Message::warning(fault.zh()));
        }
        let open = report.local.seq.saturating_sub(report.receipted_through);
        let words = text::sync_done(report.sent, report.receipts, open, report.returned.len());
        Step::Say(if report.returned.is_empty() { Message::good(words) } else { Message::warning(words) })
    }

    fn working(&self) -> bool {
        self.running.is_some()
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        self.head(buf, body, look);
        let area = Rect { y: body.y + 4, height: body.height.saturating_sub(7), ..body };
        self.height.set(area.height);
        let mut cursor = Position { x: body.x, y: body.y };
        if self.rows.is_empty() {
            empty(buf, area, text::SYNC_EMPTY, text::SYNC_EMPTY_HINT, look);
        } else if self.filtered.shown.is_empty() {
            empty(buf, area, text::FILTER_NOTHING, text::FILTER_HINT, look);
        } else {
            cursor = self.rows_view(buf, area, look);
        }
        let said = self.chosen().map(|case| &case.city).filter(|said| !said.is_empty());
        if let Some(said) = said.or(self.state.elsewhere.first()) {
            let room = body.width.saturating_sub(2);
            let style = look.theme.style(Role::Warning);
            let lines = wrap(said, usize::from(room));
            for (line, y) in lines.iter().zip(area.bottom() + 1..body.bottom()) {
                put(buf, body.x + 1, y, line, room, style, look);
            }
        }
        match &self.filtered.prompt {
            Some(prompt) => prompt.view(buf, screen, look),
            None => cursor,
        }
    }
}
