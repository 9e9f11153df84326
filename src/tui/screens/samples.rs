//! Cases drawn for a second look (CJ, 003 A120): newest draw first, with how often an auditor has looked. Knows rows; must
//! not know how they were drawn.

use std::borrow::Cow;
use std::cell::Cell;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::Target;
use crate::app::{AppError, SampleRow, SampleView};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{put, wrap};
use crate::tui::widgets::list::{Column, List, ListState};
use crate::tui::widgets::status::empty;

const COLUMNS: [Column; 7] = [
    Column::text(text::SAMPLE_COLUMNS[0], 7),
    Column::text(text::SAMPLE_COLUMNS[1], 18),
    Column::text(text::SAMPLE_COLUMNS[2], 8),
    Column::text(text::SAMPLE_COLUMNS[3], 12),
    Column::text(text::SAMPLE_COLUMNS[4], 12),
    Column::text(text::SAMPLE_COLUMNS[5], 0),
    Column::text(text::SAMPLE_COLUMNS[6], 4),
];
/// Rows under the list: a gap and what was drawn how.
const FOOT: u16 = 4;

struct Samples {
    views: Vec<SampleView>,
    list: ListState,
    height: Cell<u16>,
}

/// Opens the drawn cases.
///
/// # Errors
/// When the person at the desk may not see draws, or the store cannot be read.
pub fn open(room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let views = room.station.samples(room.actor)?;
    Ok(Box::new(Samples { views, list: ListState::default(), height: Cell::new(10) }))
}

impl Samples {
    fn rows(&self) -> impl Iterator<Item = (&SampleView, &SampleRow)> {
        self.views.iter().flat_map(|view| view.rows.iter().map(move |row| (view, row)))
    }

    fn chosen(&self) -> Option<(&SampleView, &SampleRow)> {
        self.rows().nth(self.list.selected())
    }
}

impl Screen for Samples {
    fn code(&self) -> &str {
        ScreenCode::Samples.code()
    }

    fn title(&self) -> &str {
        ScreenCode::Samples.label()
    }

    fn context(&self) -> Context {
        Context::List
    }

    fn offers(&self, action: Action) -> bool {
        matches!(action, Action::Accept) && self.chosen().is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        let count = self.rows().count();
        match (action, self.chosen().map(|(_, row)| row.case_id)) {
            (Action::Accept, Some(case_id)) => super::open_target(Target::Case(case_id), room),
            (Action::Timeline, Some(case_id)) => Step::opened(super::timeline::open(&case_id, room)),
            (action, _) if self.list.act(action, count, self.height.get()) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, _key: Key, _room: Room<'_>) -> Step {
        Step::Still
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the rows stay as they were.
        if let Ok(views) = room.station.samples(room.actor) {
            self.views = views;
        }
        let count = self.rows().count();
        self.list.clamp(count);
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let buf = frame.buffer_mut();
        let rows: Vec<(&SampleView, &SampleRow)> = self.rows().collect();
        if rows.is_empty() {
            empty(buf, body, text::SAMPLES_EMPTY, text::SAMPLES_EMPTY_HINT, look);
            return Position { x: body.x, y: body.y };
        }
        let area = Rect { height: body.height.saturating_sub(FOOT), ..body };
        self.height.set(area.height);
        let amounts: Vec<String> = rows.iter().map(|(_, row)| row.drawn.value.to_grouped()).collect();
        let list = List {
            columns: &COLUMNS,
            len: rows.len(),
            cell: &|at, column| {
                let Some((view, row)) = rows.get(at) else { return Cow::Borrowed("") };
                match column {
                    0 => Cow::Borrowed(view.draw.period.as_str()),
                    1 => Cow::Borrowed(row.drawn.number.as_str()),
                    2 => Cow::Borrowed(row.title.as_str()),
                    3 => Cow::Borrowed(row.drawn.why.label()),
                    4 => Cow::Borrowed(amounts.get(at).map_or("", String::as_str)),
                    5 => Cow::Borrowed(row.standing.as_str()),
                    _ => Cow::Owned(row.looks.to_string()),
                }
            },
            role: &|at| match rows.get(at) {
                Some((_, row)) if row.looks > 0 => Role::Muted,
                _ => Role::Text,
            },
            prefix: false,
        };
        let cursor = list.view(&self.list, buf, area, look);
        if let Some((view, _)) = self.chosen() {
            let room = body.width.saturating_sub(2);
            let words = text::sample_line(&view.time, &view.draw);
            let style = look.theme.style(Role::Muted);
            for (line, y) in wrap(&words, usize::from(room)).iter().zip(area.bottom() + 1..body.bottom()) {
                put(buf, body.x + 1, y, line, room, style, look);
            }
        }
        cursor
    }
}
