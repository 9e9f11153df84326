//! Find a person (CX): one box for whatever is known, in any order; the list is masked. Opens the person, or begins
//! the form it was asked for. Knows the search use case; must not know how the search works.

use std::borrow::Cow;
use std::cell::Cell;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::places::Places;
use crate::app::{AppError, MAX_ROWS, PersonRow};
use crate::tui::key::{Key, half_width};
use crate::tui::keymap::{Action, Context, Focus, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{put, width};
use crate::tui::widgets::field::{Edit, Field};
use crate::tui::widgets::list::{Column, List, ListState};
use crate::tui::widgets::status::empty;

/// Cells of the box.
const BOX_CELLS: u16 = 36;

const COLUMNS: [Column; 7] = [
    Column::text(text::FIND_COLUMNS[0], 10),
    Column::text(text::FIND_COLUMNS[1], 18),
    Column::text(text::FIND_COLUMNS[2], 4),
    Column::text(text::FIND_COLUMNS[3], 10),
    Column::text(text::FIND_COLUMNS[4], 0),
    Column::text(text::FIND_COLUMNS[5], 11),
    Column::text(text::FIND_COLUMNS[6], 10),
];

/// The search screen.
pub struct Find {
    field: Field,
    /// What the rows answer; none before the first search.
    searched: Option<String>,
    rows: Vec<PersonRow>,
    list: ListState,
    /// The form that the person found is wanted for.
    purpose: Option<String>,
    /// Short name of that form.
    purpose_name: String,
    places: Places,
    height: Cell<u16>,
}

/// The search screen, with nothing searched yet.
pub fn open(room: Room<'_>) -> Box<dyn Screen> {
    Box::new(Find::new(None, room))
}

/// The search screen with the purpose of beginning this form (by screen code) for the person found.
pub fn open_for(form_code: &str, room: Room<'_>) -> Box<dyn Screen> {
    Box::new(Find::new(Some(form_code.to_owned()), room))
}

impl Find {
    fn new(purpose: Option<String>, room: Room<'_>) -> Self {
        let form = purpose.as_ref().and_then(|code| room.station.library().form(code));
        Self {
            field: Field::default().limited(60),
            searched: None,
            rows: Vec::new(),
            list: ListState::default(),
            purpose_name: form.map(|form| form.def.name.clone()).unwrap_or_default(),
            purpose,
            places: Places::of(room),
            height: Cell::new(10),
        }
    }

    /// What is typed, as it is searched.
    fn query(&self) -> String {
        let ascii: String = self.field.value().chars().map(half_width).collect();
        ascii.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn search(&mut self, room: Room<'_>) -> Step {
        let query = self.query();
        if query.is_empty() {
            self.searched = None;
            self.rows.clear();
            return Step::Changed;
        }
        match room.station.find_persons(room.actor, &query) {
            Ok(rows) => {
                self.rows = rows;
                self.list = ListState::default();
                self.searched = Some(query);
                Step::Changed
            }
            Err(error) => Step::failed(&error),
        }
    }

    fn take(&self, room: Room<'_>) -> Step {
        let Some(row) = self.rows.get(self.list.selected()) else { return Step::Still };
        let opened: Result<Step, AppError> = match &self.purpose {
            Some(code) => super::open_form(code, Some(&row.psn_no), room).map(Step::Replace),
            None => super::person::open(&row.psn_no, room).map(Step::Open),
        };
        opened.unwrap_or_else(|error| Step::failed(&error))
    }

    /// Somebody who is not in the register: the form begins empty.
    fn begin_empty(&self, room: Room<'_>) -> Step {
        let code = self.purpose.as_deref().unwrap_or_default();
        let opened = super::open_form(code, None, room).map(Step::Replace);
        opened.unwrap_or_else(|error| Step::failed(&error))
    }

    /// The form as empty paper, for people who fill it by hand.
    fn print_blank(&self, room: Room<'_>) -> Step {
        let forms = &room.station.library().forms;
        let form = forms.values().find(|form| Some(&form.def.code) == self.purpose.as_ref());
        let Some(form) = form else { return Step::Unhandled };
        match room.station.prepare_blank(&form.def.id) {
            Ok(prepared) => Step::Open(super::preview::open_prepared(prepared, room)),
            Err(error) => Step::failed(&error),
        }
    }

    fn begin_view(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let muted = look.theme.style(Role::Muted);
        let plain = look.theme.style(Role::Text);
        let y = area.y + area.height.saturating_sub(9) / 3;
        put(buf, area.x + 6, y, text::FIND_BEGIN, area.width.saturating_sub(7), plain, look);
        for ((example, meaning), y) in text::FIND_EXAMPLES.iter().zip(y + 2..area.bottom()) {
            put(buf, area.x + 6, y, example, 18, plain, look);
            put(buf, area.x + 26, y, meaning, area.width.saturating_sub(27), muted, look);
        }
        let foot = y + 3 + u16::try_from(text::FIND_EXAMPLES.len()).unwrap_or_default();
        if self.purpose.is_some() && foot < area.bottom() {
            put(buf, area.x + 6, foot, text::FORM_FIND_EMPTY, area.width.saturating_sub(7), muted, look);
        }
    }

    fn rows_view(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let list = List {
            columns: &COLUMNS,
            len: self.rows.len(),
            cell: &|row, column| {
                let Some(row) = self.rows.get(row) else { return Cow::Borrowed("") };
                Cow::Borrowed(match column {
                    0 => row.name.as_str(),
                    1 => &row.certno,
                    2 => &row.sex,
                    3 => &row.birth,
                    4 => self.places.short(&row.village),
                    5 => &row.phone,
                    _ => &row.standing,
                })
            },
            role: &|_| Role::Text,
            prefix: false,
        };
        // The caret stays in the box, for the input method; the chosen row is in reverse video.
        list.view(&self.list, buf, area, look);
    }
}

impl Screen for Find {
    fn code(&self) -> &str {
        ScreenCode::Find.code()
    }

    fn title(&self) -> &str {
        ScreenCode::Find.label()
    }

    fn subject(&self) -> String {
        let Some(code) = &self.purpose else { return String::new() };
        text::find_for(code, &self.purpose_name)
    }

    fn context(&self) -> Context {
        Context::List
    }

    fn focus(&self) -> Focus {
        // Nobody searches for a sign: `=` leads away at any time.
        Focus::EmptyField
    }

    fn offers(&self, action: Action) -> bool {
        action == Action::Accept || (action == Action::Print && self.purpose.is_some())
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        match action {
            Action::Accept if self.searched.as_deref() == Some(self.query().as_str()) => self.take(room),
            Action::Accept if self.query().is_empty() && self.purpose.is_some() => self.begin_empty(room),
            Action::Accept => self.search(room),
            Action::Print => self.print_blank(room),
            action if self.list.act(action, self.rows.len(), self.height.get()) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, key: Key, _room: Room<'_>) -> Step {
        match self.field.key(key) {
            Edit::Ignored => Step::Still,
            Edit::Moved | Edit::Changed => Step::Changed,
        }
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        self.field.paste(text);
        Step::Changed
    }

    fn refresh(&mut self, room: Room<'_>) {
        // What the screen above changed shows in the list; the choice stays where it was.
        let chosen = self.list.clone();
        if self.searched.as_deref() == Some(self.query().as_str()) {
            self.search(room);
            self.list = chosen;
            self.list.clamp(self.rows.len());
        }
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let buf = frame.buffer_mut();
        let muted = look.theme.style(Role::Muted);
        let accent = look.theme.style(Role::Accent);
        let x = put(buf, body.x + 1, body.y, text::FIND_LABEL, 8, accent, look) + 1;
        let field = Rect { x, y: body.y, width: BOX_CELLS, height: 1 };
        let caret = self.field.view(buf, field, look, Role::Focus);
        let hint_at = field.right() + 2;
        let room = body.right().saturating_sub(hint_at);
        put(buf, hint_at, body.y, text::FIND_KEYS, room, muted, look);
        let area = Rect { y: body.y + 2, height: body.height.saturating_sub(3), ..body };
        self.height.set(area.height);
        let Some(query) = &self.searched else {
            self.begin_view(buf, area, look);
            return caret;
        };
        if self.rows.is_empty() {
            empty(buf, area, &text::find_nothing(query), text::FIND_NOTHING_HINT, look);
            return caret;
        }
        self.rows_view(buf, area, look);
        let count = text::find_count(self.rows.len(), MAX_ROWS);
        let cells = u16::try_from(width(&count)).unwrap_or(body.width);
        let foot = body.bottom().saturating_sub(1);
        put(buf, body.right().saturating_sub(cells + 1), foot, &count, cells, muted, look);
        caret
    }
}
