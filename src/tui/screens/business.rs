//! Every kind of case (YW): the forms that the office has, its own among them, to begin one, for nobody yet or for a
//! person. Knows the definitions' heads; must not know any one form.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::list::{Column, List, ListState};
use crate::tui::widgets::status::empty;

const COLUMNS: [Column; 5] = [
    Column::text(text::BUSINESS_COLUMNS[0], 4),
    Column::text(text::BUSINESS_COLUMNS[1], 16),
    Column::text(text::BUSINESS_COLUMNS[2], 8),
    Column::text(text::BUSINESS_COLUMNS[3], 12),
    Column::text(text::BUSINESS_COLUMNS[4], 0),
];

/// Rows turned by a page key.
const PAGE: u16 = 15;

struct Business {
    rows: Vec<[String; 5]>,
    list: ListState,
    /// Number and name of the person the form is for.
    person: Option<(String, String)>,
}

/// Opens the list; with a person (number and name), the form is filled from the register.
pub fn open(person: Option<(String, String)>, room: Room<'_>) -> Box<dyn Screen> {
    let mut forms: Vec<_> = room.station.library().forms.values().map(|form| &form.def).collect();
    forms.retain(|def| super::may_fill(def, room) && (person.is_none() || super::about_one_person(def)));
    // The annexes in their order first, then what belongs to none.
    let rank = |annex: &str| {
        annex.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u16>().unwrap_or(u16::MAX)
    };
    forms.sort_by_key(|def| (rank(&def.annex), def.code.clone()));
    let rows = forms.into_iter().map(|def| {
        let days = def.clock.term.working_days().and_then(|days| u16::try_from(days).ok());
        let term = days.map(text::term).unwrap_or_default();
        [def.code.clone(), def.name.clone(), def.annex.clone(), term, def.title.clone()]
    });
    Box::new(Business { rows: rows.collect(), list: ListState::default(), person })
}

impl Screen for Business {
    fn code(&self) -> &str {
        ScreenCode::Business.code()
    }

    fn title(&self) -> &str {
        ScreenCode::Business.label()
    }

    fn subject(&self) -> String {
        self.person.as_ref().map(|(_, name)| text::business_for(name)).unwrap_or_default()
    }

    fn context(&self) -> Context {
        Context::List
    }

    fn offers(&self, action: Action) -> bool {
        matches!(action, Action::Accept) && !self.rows.is_empty()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        if action != Action::Accept {
            let moved = self.list.act(action, self.rows.len(), PAGE);
            return if moved { Step::Changed } else { Step::Unhandled };
        }
        let Some([code, ..]) = self.rows.get(self.list.selected()) else { return Step::Still };
        let opened = match &self.person {
            Some((psn_no, _)) => super::open_form(code, Some(psn_no), room),
            None => super::begin(code, room),
        };
        match opened {
            Ok(screen) => Step::Replace(screen),
            Err(error) => Step::failed(&error),
        }
    }

    fn key(&mut self, _key: Key, _room: Room<'_>) -> Step {
        Step::Still
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let buf = frame.buffer_mut();
        if self.rows.is_empty() {
            empty(buf, body, text::BUSINESS_EMPTY, text::BUSINESS_EMPTY_HINT, look);
            return Position { x: body.x, y: body.y };
        }
        let list = List {
            columns: &COLUMNS,
            len: self.rows.len(),
            cell: &|row, column| {
                Cow::Borrowed(self.rows.get(row).and_then(|row| row.get(column)).map_or("", String::as_str))
            },
            role: &|_| Role::Text,
            prefix: false,
        };
        list.view(&self.list, buf, body, look)
    }
}
