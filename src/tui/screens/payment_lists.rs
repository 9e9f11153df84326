//! Payment lists (FD), newest first: how each stands, what the bank paid and what not. Knows rows and words; must not know
//! who may do what.

use std::borrow::Cow;
use std::cell::Cell;
use std::path::Path;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::payment::ListStatus;
use xiangbao_core::role::{self, Subject};

use super::filter::{Column as Sort, Filtered, Sought, nothing};
use crate::app::{AppError, PaymentListRow, ReturnReport};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::headed::Headed;
use crate::tui::widgets::list::{Column, List};
use crate::tui::widgets::prompt::{Prompt, PromptEvent};

const COLUMNS: [Column; 8] = [
    Column::text(text::LISTS_COLUMNS[0], 16),
    Column::text(text::LISTS_COLUMNS[1], 10),
    Column { title: text::LISTS_COLUMNS[2], cells: 4, right: true },
    Column { title: text::LISTS_COLUMNS[3], cells: 12, right: true },
    Column::text(text::LISTS_COLUMNS[4], 8),
    Column::text(text::LISTS_COLUMNS[5], 8),
    Column::text(text::LISTS_COLUMNS[6], 8),
    Column::text(text::LISTS_COLUMNS[7], 0),
];

struct PaymentLists {
    rows: Vec<PaymentListRow>,
    filtered: Filtered,
    /// Asks for the bank's file.
    path: Option<Prompt>,
    may_take: bool,
    height: Cell<u16>,
}

/// Opens the screen.
///
/// # Errors
/// When the person at the desk may not see payments, or the store cannot be read.
pub fn open(room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let roles = &room.station.library().roles;
    let may_take = roles.authorize(room.actor, role::Action::MakePayment, &Subject::none()).is_ok();
    let mut lists = PaymentLists {
        rows: room.station.payment_lists(room.actor)?,
        filtered: Filtered::default(),
        path: None,
        may_take,
        height: Cell::new(10),
    };
    lists.apply();
    Ok(Box::new(lists))
}

impl Sought for &PaymentListRow {
    fn cell(&self, column: Sort) -> &str {
        match column {
            Sort::Number => &self.no,
            Sort::Status => self.status.label(),
            Sort::Name => &self.maker,
            Sort::Bank => &self.bank,
            Sort::Village | Sort::Business | Sort::City => "",
        }
    }
}

impl PaymentLists {
    fn apply(&mut self) {
        self.filtered.apply(self.rows.iter());
    }

    /// The list that stands at this place.
    fn at(&self, place: usize) -> Option<&PaymentListRow> {
        self.filtered.shown.get(place).and_then(|index| self.rows.get(*index))
    }
}

/// Takes in the bank's file for a list, or for the one that the file names; answers what came of it.
pub(super) fn take_answer(path: &str, no: Option<&str>, room: Room<'_>) -> Result<Message, AppError> {
    let id = room.station.new_id();
    let report = room.station.take_payment_return_file(room.actor, no, Path::new(path.trim()), id)?;
    Ok(said(&report))
}

/// What came of a returned file, on the message line.
pub(super) fn said(report: &ReturnReport) -> Message {
    if report.again {
        return Message::plain(text::answer_again(&report.no));
    }
    let words = text::answer_taken(
        &report.no,
        (report.done.0, &report.done.1.to_grouped()),
        report.failed.len(),
        report.findings.len() + report.notes.len(),
        report.open,
    );
    match report.findings.first().map(|finding| finding.text.clone()).or(report.notes.first().cloned()) {
        Some(first) => Message::warning(format!("{words}{first}")),
        None if report.failed.is_empty() => Message::good(words),
        None => Message::warning(words),
    }
}

impl Screen for PaymentLists {
    fn code(&self) -> &str {
        ScreenCode::PaymentLists.code()
    }

    fn title(&self) -> &str {
        ScreenCode::PaymentLists.label()
    }

    fn subject(&self) -> String {
        match self.filtered.typed() {
            "" => String::new(),
            typed => text::filter_shown(typed, self.filtered.shown.len(), self.rows.len()),
        }
    }

    fn context(&self) -> Context {
        Context::PaymentLists
    }

    fn offers(&self, action: Action) -> bool {
        match action {
            Action::Accept => !self.filtered.shown.is_empty(),
            Action::Filter => !self.rows.is_empty(),
            Action::BankAnswer => self.may_take,
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.path.is_some() || self.filtered.prompt.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        match action {
            Action::Accept => match self.at(self.filtered.list.selected()) {
                None => Step::Still,
                Some(row) => Step::opened(super::payment_list::open(&row.no, room)),
            },
            Action::BankAnswer if self.may_take => {
                self.path = Some(Prompt::long(text::ANSWER_PATH, ""));
                Step::Changed
            }
            Action::Filter => {
                self.filtered.ask();
                Step::Changed
            }
            action if self.filtered.act(action, self.height.get()) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        let Some(prompt) = &mut self.path else {
            let step = self.filtered.take(key);
            self.apply();
            return step;
        };
        match prompt.key(key) {
            PromptEvent::Open => Step::Changed,
            PromptEvent::Cancelled => {
                self.path = None;
                Step::Changed
            }
            PromptEvent::Answer(path) => {
                self.path = None;
                let done = take_answer(&path, None, room);
                self.refresh(room);
                done.map_or_else(|error| Step::failed(&error), Step::Say)
            }
        }
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        match &mut self.path {
            Some(prompt) => {
                prompt.paste(text);
                Step::Changed
            }
            None => {
                let step = self.filtered.paste(text);
                self.apply();
                step
            }
        }
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the list stays as it was.
        if let Ok(rows) = room.station.payment_lists(room.actor) {
            self.rows = rows;
            self.apply();
        }
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let waiting = self.rows.iter().filter(|row| row.status == ListStatus::Made).count();
        let with_bank = self
            .rows
            .iter()
            .filter(|row| matches!(row.status, ListStatus::Exported | ListStatus::Partly))
            .count();
        let head = text::lists_head(self.rows.len(), waiting, with_bank);
        let list = List {
            columns: &COLUMNS,
            len: self.filtered.shown.len(),
            cell: &|place, column| {
                let Some(row) = self.at(place) else { return Cow::Borrowed("") };
                match column {
                    0 => Cow::Borrowed(row.no.as_str()),
                    1 => Cow::Borrowed(&row.made),
                    2 => Cow::Owned(row.count.to_string()),
                    3 => Cow::Owned(row.sum.to_grouped()),
                    4 => Cow::Borrowed(row.status.label()),
                    5 => Cow::Borrowed(&row.maker),
                    6 => Cow::Borrowed(&row.checker),
                    _ => Cow::Owned(text::lists_result(row.kind, row.paid.0, row.failed.0)),
                }
            },
            role: &|place| match self.at(place).map(|row| row.status) {
                Some(ListStatus::Done | ListStatus::Closed) => Role::Muted,
                _ => Role::Text,
            },
            prefix: false,
        };
        let page = Headed {
            head: &[(&head, Role::Text)],
            list,
            empty: nothing(
                self.rows.is_empty(),
                (text::LISTS_EMPTY, text::LISTS_EMPTY_HINT),
                text::LISTS_FILTER_HINT,
            ),
            notes: &[],
            foot: 1,
        };
        let cursor = page.view(&self.filtered.list, &self.height, buf, body, look);
        match self.path.as_ref().or(self.filtered.prompt.as_ref()) {
            Some(prompt) => prompt.view(buf, screen, look),
            None => cursor,
        }
    }
}
