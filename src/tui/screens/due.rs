//! The due board (QX): what breaks first on top, what waits for the applicant below, and the outage notices that move the
//! clocks. Knows rows and a small form; must not know how a clock is read.

use std::borrow::Cow;
use std::cell::Cell;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use xiangbao_core::case::Standing;
use xiangbao_core::event::Outage;
use xiangbao_core::role::{Action as Permission, Subject};

use super::Target;
use super::ask::{Ask, AskEvent, Question};
use super::filter::Filtered;
use super::places::Places;
use crate::app::{AppError, OutageInput, QueueRow};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{put, wrap};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::list::{Column, List};
use crate::tui::widgets::status::empty;

const COLUMNS: [Column; 8] = [
    Column::text(text::DUE_COLUMNS[0], 18),
    Column::text(text::DUE_COLUMNS[1], 4),
    Column::text(text::DUE_COLUMNS[2], 8),
    Column::text(text::DUE_COLUMNS[3], 0),
    Column::text(text::DUE_COLUMNS[4], 10),
    Column::text(text::DUE_COLUMNS[5], 10),
    Column::text(text::DUE_COLUMNS[6], 9),
    Column::text(text::DUE_COLUMNS[7], 4),
];
/// Lines under the list: a gap, the sentence about the chosen row, the newest notice.
const FOOT: u16 = 5;
const FIELDS: [&str; 7] = ["document", "issuer", "families", "from", "to", "scope", "text"];

/// The due board.
struct DueBoard {
    /// Running clocks, then paused ones.
    rows: Vec<QueueRow>,
    outages: Vec<Outage>,
    filtered: Filtered,
    places: Places,
    /// The form for a notice.
    ask: Option<Box<Ask>>,
    /// The command of the open form: the same again for a retry.
    command: [u8; 16],
    may_notice: bool,
    height: Cell<u16>,
}

/// Opens the due board.
///
/// # Errors
/// When the person at the desk may not see cases, or the store cannot be read.
pub fn open(room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let roles = &room.station.library().roles;
    let may_notice = roles.authorize(room.actor, Permission::NoticeOutage, &Subject::none()).is_ok();
    let mut board = DueBoard {
        rows: Vec::new(),
        outages: Vec::new(),
        filtered: Filtered::default(),
        places: Places::of(room),
        ask: None,
        command: [0; 16],
        may_notice,
        height: Cell::new(10),
    };
    board.read(room)?;
    Ok(Box::new(board))
}

impl DueBoard {
    fn read(&mut self, room: Room<'_>) -> Result<(), AppError> {
        let board = room.station.due_board(room.actor)?;
        self.rows = board.running;
        self.rows.extend(board.paused);
        self.outages = board.outages;
        self.apply();
        Ok(())
    }

    fn apply(&mut self) {
        self.filtered.apply(self.rows.iter().map(|row| (row, "")));
    }

    fn row(&self, at: usize) -> Option<&QueueRow> {
        self.filtered.shown.get(at).and_then(|index| self.rows.get(*index))
    }

    fn chosen(&self) -> Option<&QueueRow> {
        self.filtered.chosen().and_then(|index| self.rows.get(index))
    }

    /// The form for a notice; an outage that lasts is there to be ended.
    fn ask_outage(&mut self, room: Room<'_>) -> Step {
        if !self.may_notice {
            return Step::Unhandled;
        }
        let open = self.outages.iter().find(|outage| outage.to_ms.is_none());
        let moment = |ms: i64| crate::app::local(ms).format("%Y-%m-%d %H:%M").to_string();
        let values = match open {
            None => [const { String::new() }; 7],
            Some(outage) => [
                outage.document.clone(),
                outage.issuer.clone(),
                outage.families.join(" "),
                moment(outage.from_ms),
                String::new(),
                text::outage_scope(outage.scope).to_owned(),
                outage.text.clone(),
            ],
        };
        let questions: Vec<Question<'_>> = FIELDS
            .iter()
            .zip(text::OUTAGE_LABELS)
            .zip(&values)
            .map(|((id, label), value)| Question { id, label, value, code: false })
            .collect();
        self.command = room.station.new_id();
        self.ask = Some(Box::new(Ask::new(text::OUTAGE_TITLE, text::OUTAGE_HINT, &questions)));
        Step::Changed
    }

    fn ask_key(&mut self, key: Key, room: Room<'_>) -> Step {
        let Some(ask) = &mut self.ask else { return Step::Still };
        match ask.key(key) {
            AskEvent::Closed => self.ask = None,
            AskEvent::Wanted => {
                let scope = ask.value("scope");
                let needed = [(FIELDS[0], 0), (FIELDS[1], 1), (FIELDS[3], 3)];
                let missing = needed.into_iter().find(|(id, _)| ask.value(id).is_empty());
                if let Some((id, at)) = missing {
                    let label = text::OUTAGE_LABELS.get(at).copied().unwrap_or_default();
                    ask.complain(id, text::outage_missing(label));
                } else if !scope.is_empty() && scope != "1" && scope != text::OUTAGE_EXPIRING {
                    ask.complain("scope", text::OUTAGE_SCOPE_WRONG);
                } else {
                    let question = text::outage_question(ask.value("document"));
                    ask.confirm(&question);
                }
            }
            AskEvent::Confirmed => return self.notice(room),
            _ => {}
        }
        Step::Changed
    }

    fn notice(&mut self, room: Room<'_>) -> Step {
        let Some(ask) = &mut self.ask else { return Step::Still };
        let value = |id: &str| ask.value(id).to_owned();
        let input = OutageInput {
            document: value("document"),
            issuer: value("issuer"),
            families: value("families"),
            from: value("from"),
            to: value("to"),
            expiring: ask.value("scope") == text::OUTAGE_EXPIRING,
            text: value("text"),
        };
        match room.station.notice_outage(room.actor, &input, self.command) {
            Ok(_) => {
                self.ask = None;
                self.refresh(room);
                Step::Say(Message::good(text::outage_done(&input.document)))
            }
            Err(error) => {
                ask.complain("document", error.zh());
                Step::Changed
            }
        }
    }

    /// The word in the last column: the step of the escalation first, then why the day is not the promised one.
    fn hint(row: &QueueRow) -> Cow<'_, str> {
        match (&row.alert, &row.clock) {
            (Some(label), _) => Cow::Borrowed(label),
            (None, Some(clock)) if !clock.extended.is_empty() => Cow::Borrowed(text::DUE_EXTENDED),
            (None, Some(clock)) if clock.due.provisional => Cow::Borrowed(text::DUE_PROVISIONAL),
            _ => Cow::Borrowed(""),
        }
    }

    fn cell<'r>(&'r self, row: &'r QueueRow, column: usize) -> Cow<'r, str> {
        let clock = row.clock.as_ref();
        let paused = clock.and_then(|clock| clock.reminder);
        match (column, paused) {
            (0, _) => Cow::Borrowed(row.number.as_str()),
            (1, _) => Cow::Borrowed(row.code.as_str()),
            (2, _) => Cow::Borrowed(row.title.as_str()),
            (3, _) => Cow::Borrowed(self.places.short(&row.village)),
            (4, _) => Cow::Borrowed(row.status.label()),
            (5, Some((until, _))) => Cow::Owned(until.date.to_string()),
            (5, None) => Cow::Owned(row.due()),
            (6, _) => Cow::Owned(text::clock_left(clock)),
            _ => Self::hint(row),
        }
    }

    fn list(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Position {
        let list = List {
            columns: &COLUMNS,
            len: self.filtered.shown.len(),
            cell: &|at, column| self.row(at).map_or(Cow::Borrowed(""), |row| self.cell(row, column)),
            role: &|at| match self.row(at) {
                Some(row) if row.is_due() => Role::Error,
                Some(row) if row.alert.is_some() => Role::Warning,
                Some(row) if matches!(row.clock.as_ref().map(|c| c.standing), Some(Standing::Paused(_))) => {
                    Role::Muted
                }
                _ => Role::Text,
            },
            prefix: false,
        };
        list.view(&self.filtered.list, buf, area, look)
    }

    fn foot(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let room = area.width.saturating_sub(2);
        let mut lines: Vec<(Role, String)> = Vec::new();
        if let Some((row, clock)) = self.chosen().and_then(|row| Some((row, row.clock.as_ref()?))) {
            let words = text::clock_sentence(clock, &row.promised);
            let lower = wrap(&words, usize::from(room));
            lines.extend(lower.into_iter().take(usize::from(FOOT) - 2).map(|line| (Role::Text, line)));
        }
        if let Some(outage) = self.outages.first() {
            lines.push((Role::Muted, text::outage_line(outage)));
        }
        for ((role, line), y) in lines.iter().zip(area.y + 1..area.bottom()) {
            put(buf, area.x + 1, y, line, room, look.theme.style(*role), look);
        }
    }
}

impl Screen for DueBoard {
    fn code(&self) -> &str {
        ScreenCode::Due.code()
    }

    fn title(&self) -> &str {
        text::DUE_BOARD
    }

    fn subject(&self) -> String {
        match self.filtered.typed() {
            "" => String::new(),
            typed => text::filter_shown(typed, self.filtered.shown.len(), self.rows.len()),
        }
    }

    fn context(&self) -> Context {
        self.ask.as_ref().map_or(Context::List, |ask| ask.context())
    }

    fn offers(&self, action: Action) -> bool {
        if let Some(ask) = &self.ask {
            return ask.offers(action);
        }
        match action {
            Action::Accept => !self.filtered.shown.is_empty(),
            Action::Filter => !self.rows.is_empty(),
            Action::Outage => self.may_notice,
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.ask.is_some() || self.filtered.prompt.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        let chosen = self.chosen().map(|row| (row.case_id, row.status));
        match (action, chosen) {
            (Action::Accept, Some((id, _))) => super::open_target(Target::Case(id), room),
            (Action::Outage, _) => self.ask_outage(room),
            (Action::Filter, _) => {
                self.filtered.ask();
                Step::Changed
            }
            (Action::Timeline, Some((id, _))) => Step::opened(super::timeline::open(&id, room)),
            (action, _) if self.filtered.act(action, self.height.get()) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        if self.ask.is_some() {
            return self.ask_key(key, room);
        }
        let step = self.filtered.take(key);
        self.apply();
        step
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        if let Some(ask) = &mut self.ask {
            ask.paste(text);
            return Step::Changed;
        }
        let step = self.filtered.paste(text);
        self.apply();
        step
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the list stays as it was.
        let _ = self.read(room);
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let under = self.ask.as_ref().map_or(FOOT, |ask| ask.height(body.height.saturating_sub(4)).max(FOOT));
        let area = Rect { height: body.height.saturating_sub(under), ..body };
        let lower = Rect { y: area.bottom(), height: under, ..body };
        self.height.set(area.height);
        let mut cursor = Position { x: body.x, y: body.y };
        if self.rows.is_empty() {
            empty(buf, area, text::DUE_EMPTY, text::DUE_EMPTY_HINT, look);
        } else if self.filtered.shown.is_empty() {
            empty(buf, area, text::FILTER_NOTHING, text::FILTER_HINT, look);
        } else {
            cursor = self.list(buf, area, look);
        }
        if let Some(ask) = &self.ask {
            return ask.view(buf, screen, lower, look);
        }
        self.foot(buf, lower, look);
        match &self.filtered.prompt {
            Some(prompt) => prompt.view(buf, screen, look),
            None => cursor,
        }
    }
}
