//! What is to be paid (FK): cases whose money is due, failed, in correction, in a list, with the bank or to be claimed back.
//! Marked with F they become a payment list for a bank. Knows rows and words; must not know who may pay what.

use std::borrow::Cow;
use std::cell::Cell;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::money::Fen;
use xiangbao_core::role::{self, Subject};

use super::Target;
use super::filter::{Column as Sort, Filtered, Sought, nothing};
use crate::app::{AppError, PayableRow};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::confirm::{Confirm, ConfirmEvent};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::headed::Headed;
use crate::tui::widgets::list::{Column, List};
use crate::tui::widgets::pick::{Choice, Pick, PickEvent};

const COLUMNS: [Column; 7] = [
    Column::text(text::PAY_COLUMNS[0], 15),
    Column::text(text::PAY_COLUMNS[1], 4),
    Column::text(text::PAY_COLUMNS[2], 8),
    Column::text(text::PAY_COLUMNS[3], 8),
    Column { title: text::PAY_COLUMNS[4], cells: 15, right: true },
    Column::text(text::PAY_COLUMNS[5], 12),
    Column::text(text::PAY_COLUMNS[6], 0),
];

/// What is asked before a list is made.
enum Asking {
    /// Which bank's layout.
    Bank(Pick),
    /// Whether to make it, for this layout.
    Sure(String, Confirm),
}

struct Payments {
    rows: Vec<PayableRow>,
    filtered: Filtered,
    asking: Option<Asking>,
    /// Cases that the open question is about.
    chosen: Vec<[u8; 16]>,
    may_make: bool,
    may_open: bool,
    height: Cell<u16>,
}

/// Opens the screen.
///
/// # Errors
/// When the person at the desk may not see payments, or the store cannot be read.
pub fn open(room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let roles = &room.station.library().roles;
    let may = |action| roles.authorize(room.actor, action, &Subject::none()).is_ok();
    let mut payments = Payments {
        rows: room.station.payables(room.actor, false)?,
        filtered: Filtered::default(),
        asking: None,
        chosen: Vec::new(),
        may_make: may(role::Action::MakePayment),
        may_open: may(role::Action::ViewCases),
        height: Cell::new(10),
    };
    payments.apply();
    Ok(Box::new(payments))
}

impl Sought for &PayableRow {
    fn cell(&self, column: Sort) -> &str {
        match column {
            Sort::Village => &self.village,
            Sort::Status => &self.standing,
            // A printed number begins with the form's code.
            Sort::Business => self.number.get(..2).unwrap_or_default(),
            Sort::Name => &self.psn_name,
            Sort::Number => &self.number,
            Sort::City => "",
            Sort::Bank => &self.bank,
        }
    }
}

impl Payments {
    fn apply(&mut self) {
        self.filtered.apply(self.rows.iter());
    }

    fn read(&mut self, room: Room<'_>) -> Result<(), AppError> {
        self.rows = room.station.payables(room.actor, false)?;
        self.filtered.list.clear_marks();
        self.apply();
        Ok(())
    }

    /// The row that stands at this place of the list.
    fn at(&self, place: usize) -> Option<&PayableRow> {
        self.filtered.shown.get(place).and_then(|index| self.rows.get(*index))
    }

    fn row(&self) -> Option<&PayableRow> {
        self.at(self.filtered.list.selected())
    }

    /// The rows that the list shows.
    fn shown(&self) -> impl Iterator<Item = &PayableRow> {
        (0..self.filtered.shown.len()).filter_map(|place| self.at(place))
    }

    /// The marked rows; without marks all of the list that this person can pay, of the money that the chosen row is.
    fn wanted(&self) -> Vec<&PayableRow> {
        let marked: Vec<&PayableRow> =
            self.filtered.list.marks().keys().filter_map(|place| self.at(*place)).collect();
        if marked.is_empty() {
            let open = || self.shown().filter(|row| row.due && row.bar.is_empty());
            let kind = self.row().filter(|row| row.due).or_else(|| open().next()).map(|row| row.kind);
            open().filter(|row| Some(row.kind) == kind).collect()
        } else {
            marked
        }
    }

    fn ask_bank(&mut self, room: Room<'_>) -> Step {
        let wanted = self.wanted();
        if wanted.is_empty() {
            return Step::Say(Message::warning(text::PAY_NOTHING));
        }
        self.chosen = wanted.iter().map(|row| row.case_id).collect();
        let banks = room.station.library().banks.values();
        let choices =
            banks.map(|bank| Choice { code: bank.layout.id.clone(), label: bank.layout.name.clone() });
        self.asking = Some(Asking::Bank(Pick::new(text::PAY_WHICH_BANK, choices.collect(), "")));
        Step::Changed
    }

    fn make(&mut self, layout: &str, room: Room<'_>) -> Step {
        let id = room.station.new_id();
        match room.station.make_payment_list(room.actor, &self.chosen, layout, id) {
            Ok(row) => {
                // A failure shows where the person acts next; the list stays as it was.
                let _ = self.read(room);
                Step::Say(Message::good(text::pay_made(&row.no, row.count, &row.sum.to_grouped())))
            }
            Err(error) => Step::failed(&error),
        }
    }

    fn asked(&mut self, key: Key, room: Room<'_>) -> Step {
        match self.asking.take() {
            None => return Step::Still,
            Some(Asking::Bank(mut pick)) => match pick.key(key) {
                PickEvent::Open => self.asking = Some(Asking::Bank(pick)),
                PickEvent::Cancelled => {}
                PickEvent::Chosen(at) => {
                    let layout = pick.choices().get(at).map(|choice| choice.code.clone()).unwrap_or_default();
                    let own = self.rows.iter().filter(|row| self.chosen.contains(&row.case_id));
                    let sum = own.clone().fold(0_i64, |sum, row| sum.saturating_add(row.amount.0));
                    let kind = own.clone().next().map_or("", |row| text::pay_kind(row.kind));
                    let samples = own.clone().filter(|row| row.sample).count();
                    let sum = Fen(sum).to_grouped();
                    let words = text::pay_sure(kind, self.chosen.len(), &sum, samples, &layout);
                    self.asking = Some(Asking::Sure(layout, Confirm::yes_no(&words)));
                }
            },
            Some(Asking::Sure(layout, mut confirm)) => match confirm.key(key) {
                ConfirmEvent::Open | ConfirmEvent::PickReason => {
                    self.asking = Some(Asking::Sure(layout, confirm));
                }
                ConfirmEvent::No => {}
                ConfirmEvent::Yes(_) => return self.make(&layout, room),
            },
        }
        Step::Changed
    }

    fn head(&self) -> String {
        let due: Vec<&PayableRow> = self.shown().filter(|row| row.due).collect();
        let sum = due.iter().fold(0_i64, |sum, row| sum.saturating_add(row.amount.0));
        text::pay_head(due.len(), &Fen(sum).to_grouped(), self.filtered.shown.len() - due.len())
    }

    /// What stands in the way of the chosen row, else what the bank said of it.
    fn note(&self) -> String {
        match self.row() {
            Some(row) if !row.bar.is_empty() => row.bar.clone(),
            Some(row) if !row.reason.is_empty() => text::pay_reason(&row.list, &row.reason),
            Some(row) if !row.list.is_empty() => text::pay_in_list(&row.list),
            _ => String::new(),
        }
    }
}

impl Screen for Payments {
    fn code(&self) -> &str {
        ScreenCode::Payments.code()
    }

    fn title(&self) -> &str {
        ScreenCode::Payments.label()
    }

    fn subject(&self) -> String {
        match self.filtered.typed() {
            "" => String::new(),
            typed => text::filter_shown(typed, self.filtered.shown.len(), self.rows.len()),
        }
    }

    fn context(&self) -> Context {
        match &self.asking {
            None => Context::Payments,
            Some(Asking::Bank(_)) => Context::Picker,
            Some(Asking::Sure(..)) => Context::Confirm,
        }
    }

    fn offers(&self, action: Action) -> bool {
        match action {
            _ if self.asking.is_some() => true,
            Action::MakeList => self.may_make && self.shown().any(|row| row.due),
            Action::Accept | Action::Timeline => self.may_open && self.row().is_some(),
            Action::Filter => !self.rows.is_empty(),
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.asking.is_some() || self.filtered.prompt.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        let chosen = self.row().map(|row| row.case_id);
        match (action, chosen) {
            (Action::MakeList, _) if self.may_make => self.ask_bank(room),
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

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        if self.asking.is_some() {
            return self.asked(key, room);
        }
        if self.filtered.prompt.is_some() {
            let step = self.filtered.take(key);
            self.apply();
            return step;
        }
        let due = self.row().is_some_and(|row| row.due);
        let unmark = matches!(key.code, crate::tui::key::Code::Backspace | crate::tui::key::Code::Char(' '));
        if !self.may_make || !(due || unmark) {
            return Step::Still;
        }
        let marked = self.filtered.list.mark(key, text::PAY_LETTERS, self.filtered.shown.len());
        if marked { Step::Changed } else { Step::Still }
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

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let list = List {
            columns: &COLUMNS,
            len: self.filtered.shown.len(),
            cell: &|place, column| {
                let Some(row) = self.at(place) else { return Cow::Borrowed("") };
                match column {
                    0 => Cow::Borrowed(row.number.as_str()),
                    1 => Cow::Borrowed(text::pay_kind(row.kind)),
                    2 => Cow::Borrowed(&row.psn_name),
                    3 => Cow::Borrowed(&row.payee),
                    4 => Cow::Owned(text::pay_amount(&row.amount.to_grouped(), row.sample)),
                    5 => Cow::Borrowed(&row.standing),
                    _ => Cow::Owned(format!("{} {}", tail(&row.bankacct), row.bank)),
                }
            },
            role: &|place| match self.at(place) {
                Some(row) if row.due && !row.bar.is_empty() => Role::Warning,
                Some(row) if !row.due => Role::Muted,
                _ => Role::Text,
            },
            prefix: self.may_make,
        };
        let page = Headed {
            head: &[(&self.head(), Role::Text), (text::PAY_HINT, Role::Muted)],
            list,
            empty: nothing(
                self.rows.is_empty(),
                (text::PAY_EMPTY, text::PAY_EMPTY_HINT),
                text::PAY_FILTER_HINT,
            ),
            notes: &[self.note()],
            foot: 4,
        };
        let cursor = page.view(&self.filtered.list, &self.height, buf, body, look);
        match &self.asking {
            Some(Asking::Bank(pick)) => pick.view(buf, body, look),
            Some(Asking::Sure(_, confirm)) => confirm.view(buf, screen, look),
            None => self.filtered.prompt.as_ref().map_or(cursor, |prompt| prompt.view(buf, screen, look)),
        }
    }
}

/// The last figures of a masked account, as a list has room for.
fn tail(masked: &str) -> String {
    let stars = masked.chars().count().saturating_sub(4);
    let figures: String = masked.chars().skip(stars).collect();
    format!("*{figures}")
}
