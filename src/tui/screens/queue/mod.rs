//! The review queue (SH): what waits for this person's level; pass, return and print many rows with one Enter. Knows
//! rows and marks; must not know who may decide: the use case says so, row by row.

mod batch;

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use xiangbao_core::case::Refusal;

use self::batch::{Batch, Outcome, Work};
use super::Target;
use super::filter::Filtered;
use super::places::Places;
use crate::app::{AppError, QueueRow};
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
    Column::text(text::QUEUE_COLUMNS[0], 18),
    Column::text(text::QUEUE_COLUMNS[1], 4),
    Column::text(text::QUEUE_COLUMNS[2], 8),
    Column::text(text::QUEUE_COLUMNS[3], 0),
    Column::text(text::QUEUE_COLUMNS[4], 10),
    Column::text(text::QUEUE_COLUMNS[5], 5),
    Column::text(text::QUEUE_COLUMNS[6], 8),
    Column::text(text::QUEUE_COLUMNS[7], 6),
];

/// What came of a row that was carried out.
#[derive(Clone, Debug)]
pub(super) struct Done {
    /// It is stored.
    pub(super) good: bool,
    /// What happened, or why not.
    pub(super) words: String,
}

/// The review queue.
struct Queue {
    rows: Vec<QueueRow>,
    filtered: Filtered,
    places: Places,
    batch: Option<Batch>,
    /// Results of the last batch; they stay on their rows until the list is read anew.
    done: BTreeMap<[u8; 16], Done>,
    height: Cell<u16>,
}

/// Opens the review queue.
///
/// # Errors
/// When the person at the desk may not see cases, or the store cannot be read.
pub fn open(room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let mut queue = Queue {
        rows: room.station.review_queue(room.actor)?,
        filtered: Filtered::default(),
        places: Places::of(room),
        batch: None,
        done: BTreeMap::new(),
        height: Cell::new(10),
    };
    queue.apply();
    Ok(Box::new(queue))
}

impl Queue {
    fn apply(&mut self) {
        self.filtered.apply(self.rows.iter().map(|row| (row, "")));
    }

    fn row(&self, at: usize) -> Option<&QueueRow> {
        self.filtered.shown.get(at).and_then(|index| self.rows.get(*index))
    }

    fn chosen(&self) -> Option<&QueueRow> {
        self.filtered.chosen().and_then(|index| self.rows.get(index))
    }

    /// The marked rows with what is to be done to them.
    fn marked(&self) -> Vec<(Work, [u8; 16])> {
        let marks = self.filtered.list.marks();
        marks
            .iter()
            .filter_map(|(at, letter)| Some((Work::of_letter(*letter)?, self.row(*at)?.case_id)))
            .collect()
    }

    fn enter(&mut self, room: Room<'_>) -> Step {
        let marked = self.marked();
        if marked.is_empty() {
            return match self.chosen() {
                Some(row) => super::open_target(Target::Case(row.case_id), room),
                None => Step::Still,
            };
        }
        self.batch = Some(Batch::new(marked));
        Step::Changed
    }

    fn batch_key(&mut self, key: Key, room: Room<'_>) -> Step {
        let Some(batch) = &mut self.batch else { return Step::Still };
        match batch.key(key) {
            Outcome::Open => Step::Changed,
            Outcome::Closed => {
                self.batch = None;
                Step::Changed
            }
            Outcome::Do => {
                let done = batch.carry_out(room);
                self.batch = None;
                self.report(done, room)
            }
        }
    }

    /// Every row keeps its place and tells what came of it.
    fn report(&mut self, done: BTreeMap<[u8; 16], Done>, room: Room<'_>) -> Step {
        let failed = done.values().filter(|done| !done.good).count();
        let message = text::queue_done(done.len() - failed, failed);
        if let Ok(fresh) = room.station.review_queue(room.actor) {
            for row in &mut self.rows {
                match fresh.iter().find(|now| now.case_id == row.case_id) {
                    Some(now) => row.clone_from(now),
                    None => moved(row, room),
                }
            }
        }
        self.done = done;
        self.filtered.list.clear_marks();
        Step::Say(if failed == 0 { Message::good(message) } else { Message::warning(message) })
    }

    /// The word in the last column: what came of the row, or what stands in the way.
    fn hint(&self, row: &QueueRow) -> &'static str {
        match self.done.get(&row.case_id) {
            Some(Done { good: true, .. }) => text::ROW_DONE,
            Some(_) => text::ROW_FAILED,
            None if row.bar.is_empty() => "",
            None if row.bar == Refusal::Concerned.zh() => text::BAR_CONCERNED,
            None => text::BAR_SAME,
        }
    }

    /// The sentence about the chosen row.
    fn sentence(&self) -> Option<(Role, &str)> {
        let row = self.chosen()?;
        match self.done.get(&row.case_id) {
            Some(done) => Some((if done.good { Role::Good } else { Role::Error }, &done.words)),
            None if row.bar.is_empty() => None,
            None => Some((Role::Warning, &row.bar)),
        }
    }

    fn rows_view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Position {
        let list = List {
            columns: &COLUMNS,
            len: self.filtered.shown.len(),
            cell: &|at, column| {
                let Some(row) = self.row(at) else { return Cow::Borrowed("") };
                match column {
                    0 => Cow::Borrowed(row.number.as_str()),
                    1 => Cow::Borrowed(row.code.as_str()),
                    2 => Cow::Borrowed(row.title.as_str()),
                    3 => Cow::Borrowed(self.places.short(&row.village)),
                    4 => Cow::Borrowed(&row.standing),
                    5 => Cow::Borrowed(row.accepted.get(5..).unwrap_or(&row.accepted)),
                    6 => Cow::Owned(text::clock_left(row.clock.as_ref())),
                    _ => Cow::Borrowed(self.hint(row)),
                }
            },
            role: &|at| {
                let row = self.row(at);
                match row.and_then(|row| self.done.get(&row.case_id)) {
                    Some(done) if done.good => Role::Good,
                    Some(_) => Role::Error,
                    None if row.is_some_and(|row| !row.bar.is_empty()) => Role::Muted,
                    None if row.is_some_and(QueueRow::is_due) => Role::Warning,
                    None => Role::Text,
                }
            },
            prefix: true,
        };
        list.view(&self.filtered.list, buf, area, look)
    }
}

/// A row that left the queue shows where it went.
fn moved(row: &mut QueueRow, room: Room<'_>) {
    let case = room.station.snapshot().ok().and_then(|now| now.case(&row.case_id).ok().flatten());
    if let Some(case) = case {
        row.status = case.status;
        row.standing = room.station.short_standing(&case);
        row.bar.clear();
    }
}

impl Screen for Queue {
    fn code(&self) -> &str {
        ScreenCode::Review.code()
    }

    fn title(&self) -> &str {
        text::QUEUE
    }

    fn subject(&self) -> String {
        match self.filtered.typed() {
            "" => String::new(),
            typed => text::filter_shown(typed, self.filtered.shown.len(), self.rows.len()),
        }
    }

    fn context(&self) -> Context {
        self.batch.as_ref().map_or(Context::List, Batch::context)
    }

    fn offers(&self, action: Action) -> bool {
        if let Some(batch) = &self.batch {
            return batch.offers(action);
        }
        match action {
            Action::Accept | Action::Print => !self.filtered.shown.is_empty(),
            Action::Filter => !self.rows.is_empty(),
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.batch.is_some() || self.filtered.prompt.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        let chosen = self.chosen().map(|row| row.case_id);
        match (action, chosen) {
            (Action::Accept, _) => self.enter(room),
            (Action::Filter, _) => {
                self.filtered.ask();
                Step::Changed
            }
            (Action::Print, Some(id)) => Step::opened(super::preview::open(&id, None, room)),
            (Action::Timeline, Some(id)) => Step::opened(super::timeline::open(&id, room)),
            (action, _) if self.filtered.act(action, self.height.get()) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        if self.batch.is_some() {
            return self.batch_key(key, room);
        }
        if self.filtered.prompt.is_some() {
            let step = self.filtered.take(key);
            self.apply();
            return step;
        }
        let len = self.filtered.shown.len();
        if self.filtered.list.mark(key, text::QUEUE_LETTERS, len) { Step::Changed } else { Step::Still }
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        if let Some(batch) = &mut self.batch {
            batch.paste(text);
            return Step::Changed;
        }
        let step = self.filtered.paste(text);
        self.apply();
        step
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the list stays as it was.
        if let Ok(rows) = room.station.review_queue(room.actor) {
            self.rows = rows;
            self.done.clear();
            self.filtered.list.clear_marks();
            self.apply();
        }
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let muted = look.theme.style(Role::Muted);
        if self.rows.is_empty() {
            empty(buf, body, text::QUEUE_EMPTY, text::QUEUE_EMPTY_HINT, look);
            return Position { x: body.x, y: body.y };
        }
        put(buf, body.x + 1, body.y, text::QUEUE_HINT, body.width.saturating_sub(2), muted, look);
        let under = self.batch.as_ref().map_or(3, |batch| batch.height().max(3));
        let area = Rect { y: body.y + 1, height: body.height.saturating_sub(under + 1), ..body };
        self.height.set(area.height);
        let mut cursor = Position { x: body.x, y: body.y };
        if self.filtered.shown.is_empty() {
            empty(buf, area, text::FILTER_NOTHING, text::FILTER_HINT, look);
        } else {
            cursor = self.rows_view(buf, area, look);
        }
        let lower = Rect { y: area.bottom(), height: body.bottom().saturating_sub(area.bottom()), ..body };
        if let Some(batch) = &self.batch {
            return batch.view(buf, screen, lower, look, cursor);
        }
        if let Some((role, sentence)) = self.sentence() {
            let room = lower.width.saturating_sub(4);
            for (line, y) in wrap(sentence, usize::from(room)).iter().zip(lower.y + 1..lower.bottom()) {
                put(buf, lower.x + 3, y, line, room, look.theme.style(role), look);
            }
        }
        match &self.filtered.prompt {
            Some(prompt) => prompt.view(buf, screen, look),
            None => cursor,
        }
    }
}
