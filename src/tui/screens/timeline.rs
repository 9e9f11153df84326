//! The timeline of a case: everything that happened, who did it, and how far it has come. Knows rows; must not know
//! operations.

use std::borrow::Cow;
use std::cell::Cell;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::app::{AppError, Reach, TimelineRow};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{put, wrap};
use crate::tui::widgets::list::{Column, List, ListState};

const COLUMNS: [Column; 5] = [
    Column::text(text::TIMELINE_COLUMNS[0], 11),
    Column::text(text::TIMELINE_COLUMNS[1], 14),
    Column::text(text::TIMELINE_COLUMNS[2], 14),
    Column::text(text::TIMELINE_COLUMNS[3], 0),
    Column::text(text::TIMELINE_COLUMNS[4], 8),
];

/// Rows under the list for the whole of the chosen line.
const DETAIL: u16 = 4;

struct Timeline {
    case_id: [u8; 16],
    subject: String,
    rows: Vec<TimelineRow>,
    list: ListState,
    height: Cell<u16>,
}

/// Opens the timeline of a case at its newest line; the look is recorded.
///
/// # Errors
/// When the person at the desk may not see it, or it does not exist.
pub fn open(case_id: &[u8; 16], room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let mut timeline = Timeline {
        case_id: *case_id,
        subject: String::new(),
        rows: Vec::new(),
        list: ListState::default(),
        height: Cell::new(10),
    };
    timeline.read(room)?;
    timeline.list.select(timeline.rows.len().saturating_sub(1));
    Ok(Box::new(timeline))
}

impl Timeline {
    fn read(&mut self, room: Room<'_>) -> Result<(), AppError> {
        let (case, rows) = room.station.timeline(room.actor, &self.case_id)?;
        self.subject = format!("{} {} {}", case.filing.title, case.number, case.standing());
        self.rows = rows;
        self.list.clamp(self.rows.len());
        Ok(())
    }
}

impl Screen for Timeline {
    fn code(&self) -> &str {
        // A page behind a case: no code leads here.
        ""
    }

    fn title(&self) -> &str {
        text::TIMELINE
    }

    fn subject(&self) -> String {
        self.subject.clone()
    }

    fn context(&self) -> Context {
        Context::List
    }

    fn offers(&self, action: Action) -> bool {
        matches!(action, Action::Print)
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        match action {
            Action::Print => Step::opened(super::preview::open(&self.case_id, None, room)),
            action if self.list.act(action, self.rows.len(), self.height.get()) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, _key: Key, _room: Room<'_>) -> Step {
        Step::Still
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the lines stay as they were.
        let _ = self.read(room);
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let buf = frame.buffer_mut();
        let area = Rect { height: body.height.saturating_sub(DETAIL), ..body };
        self.height.set(area.height);
        let list = List {
            columns: &COLUMNS,
            len: self.rows.len(),
            cell: &|row, column| {
                let Some(row) = self.rows.get(row) else { return Cow::Borrowed("") };
                Cow::Borrowed(match column {
                    0 => row.time.as_str(),
                    1 => &row.what,
                    2 => &row.who,
                    3 => &row.detail,
                    _ => row.reach.label(),
                })
            },
            role: &|row| match self.rows.get(row).map(|row| row.reach) {
                Some(Reach::Returned) => Role::Warning,
                _ => Role::Text,
            },
            prefix: false,
        };
        let cursor = list.view(&self.list, buf, area, look);
        if let Some(row) = self.rows.get(self.list.selected()) {
            let room = body.width.saturating_sub(2);
            let words = format!("{}  {}  {}", row.what, row.who, row.detail);
            let style = look.theme.style(Role::Muted);
            for (line, y) in wrap(&words, usize::from(room)).iter().zip(area.bottom() + 1..body.bottom()) {
                put(buf, body.x + 1, y, line, room, style, look);
            }
        }
        cursor
    }
}
