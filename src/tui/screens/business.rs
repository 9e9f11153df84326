//! Every kind of case (YW): the forms that the office has, its own among them, to begin one, for nobody yet or for a
//! person. Knows the definitions' heads; must not know any one form.

use std::borrow::Cow;

use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::app::{AGREEMENT_FORM, RosterOrder};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::list::{Column, List, ListState};
use crate::tui::widgets::prompt::{Prompt, PromptEvent};
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
    /// Code of the form whose agreements make the deduction roster.
    agreement: Option<String>,
    /// Asks for the year of the roster.
    year: Option<Prompt>,
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
    let agreement = room.station.library().form(AGREEMENT_FORM).map(|form| form.def.code.clone());
    Box::new(Business { rows: rows.collect(), list: ListState::default(), person, agreement, year: None })
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
        match action {
            Action::Accept => !self.rows.is_empty(),
            Action::Print => self.on_agreement(),
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.year.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        if action == Action::Print && self.on_agreement() {
            self.year = Some(Prompt::new(text::ROSTER_YEAR, &(room.station.today().year() + 1).to_string()));
            return Step::Changed;
        }
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

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        let Some(mut prompt) = self.year.take() else { return Step::Still };
        match prompt.key(key) {
            PromptEvent::Open => {
                self.year = Some(prompt);
                Step::Changed
            }
            PromptEvent::Cancelled => Step::Changed,
            PromptEvent::Answer(year) => print_roster(&year, room),
        }
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
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
        let cursor = list.view(&self.list, buf, body, look);
        match &self.year {
            Some(prompt) => prompt.view(buf, screen, look),
            None => cursor,
        }
    }
}

impl Business {
    /// The list stands on the agreement, for nobody in particular: F6 makes the roster of all agreements.
    fn on_agreement(&self) -> bool {
        let chosen = self.rows.get(self.list.selected()).map(|[code, ..]| code);
        self.person.is_none() && chosen.is_some() && chosen == self.agreement.as_ref()
    }
}

/// Makes the bank's paper of a year.
fn print_roster(year: &str, room: Room<'_>) -> Step {
    let digits: String = year.chars().map(crate::tui::key::half_width).collect();
    let Some(year) = digits.trim().parse().ok().filter(|year| (2000..2200).contains(year)) else {
        return Step::Say(Message::warning(text::ROSTER_NO_YEAR));
    };
    let order = RosterOrder { year, ..RosterOrder::default() };
    let made = room.station.deduction_roster(room.actor, &order).and_then(|roster| {
        let path = room.station.print_roster(room.actor, &order)?;
        let sum = roster.sum.to_grouped();
        Ok(text::roster_printed(roster.rows.len(), roster.count, &sum, &path.display().to_string()))
    });
    match made {
        Ok(words) => Step::Say(Message::good(words)),
        Err(error) => Step::failed(&error),
    }
}
