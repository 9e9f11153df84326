//! Deductions through banks (KK): lists that were sent, what was collected and what not; to make one for a year, take the bank's
//! answer in, print who has not paid. Knows rows and words; must not know rosters or layouts.

use std::borrow::Cow;
use std::cell::Cell;
use std::path::Path;

use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::role::{self, Subject};

use super::payment_lists::said;
use crate::app::{AppError, CallOrder, DeductionRow, RosterOrder};
use crate::tui::key::{Key, half_width};
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::headed::Headed;
use crate::tui::widgets::list::{Column, List, ListState};
use crate::tui::widgets::pick::{Choice, Pick, PickEvent};
use crate::tui::widgets::prompt::{Prompt, PromptEvent};

const COLUMNS: [Column; 7] = [
    Column::text(text::DEDUCT_COLUMNS[0], 16),
    Column::text(text::DEDUCT_COLUMNS[1], 6),
    Column::text(text::DEDUCT_COLUMNS[2], 10),
    Column { title: text::DEDUCT_COLUMNS[3], cells: 4, right: true },
    Column { title: text::DEDUCT_COLUMNS[4], cells: 12, right: true },
    Column::text(text::DEDUCT_COLUMNS[5], 8),
    Column::text(text::DEDUCT_COLUMNS[6], 0),
];

/// What is asked.
enum Asking {
    /// For which year a file is made.
    Year(Prompt),
    /// By which layout, for this year.
    Bank(u16, Pick),
    /// Where the bank's answer lies.
    Answer(Prompt),
    /// For which year and village the call list is.
    Calls(Prompt),
}

struct Deductions {
    rows: Vec<DeductionRow>,
    list: ListState,
    asking: Option<Asking>,
    /// Who was left out of the file made last.
    left_out: Vec<String>,
    may_call: bool,
    height: Cell<u16>,
}

/// Opens the screen.
///
/// # Errors
/// When the person at the desk may not deduct, or the store cannot be read.
pub fn open(room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let roles = &room.station.library().roles;
    let may_call = roles.authorize(room.actor, role::Action::CallList, &Subject::none()).is_ok();
    Ok(Box::new(Deductions {
        rows: room.station.deductions(room.actor)?,
        list: ListState::default(),
        asking: None,
        left_out: Vec::new(),
        may_call,
        height: Cell::new(10),
    }))
}

fn year_of(typed: &str) -> Option<u16> {
    let digits: String = typed.chars().map(half_width).collect();
    digits.trim().parse().ok().filter(|year| (2000..2200).contains(year))
}

impl Deductions {
    fn bank(&mut self, typed: &str, room: Room<'_>) -> Step {
        let Some(year) = year_of(typed) else { return Step::Say(Message::warning(text::ROSTER_NO_YEAR)) };
        let banks = room.station.library().banks.values();
        let choices =
            banks.map(|bank| Choice { code: bank.layout.id.clone(), label: bank.layout.name.clone() });
        self.asking = Some(Asking::Bank(year, Pick::new(text::PAY_WHICH_BANK, choices.collect(), "")));
        Step::Changed
    }

    fn make(&mut self, year: u16, layout: &str, room: Room<'_>) -> Step {
        let order = RosterOrder { year, ..RosterOrder::default() };
        let id = room.station.new_id();
        let made = room.station.make_deduction(room.actor, &order, layout, None, id);
        self.refresh(room);
        match made {
            Ok(made) => {
                let file = made.file;
                let path = file.path.display().to_string();
                let words = text::deduct_made(&file.no, file.lines, &file.sum.to_grouped(), &path);
                self.left_out = made.left_out;
                let plain = self.left_out.is_empty();
                Step::Say(if plain { Message::good(words) } else { Message::warning(words) })
            }
            Err(error) => Step::failed(&error),
        }
    }

    fn take(&mut self, path: &str, room: Room<'_>) -> Step {
        let id = room.station.new_id();
        let done = room.station.take_deduction_return_file(room.actor, None, Path::new(path.trim()), id);
        self.refresh(room);
        match done {
            Ok(report) => Step::Say(said(&report)),
            Err(error) => Step::failed(&error),
        }
    }

    fn asked(&mut self, key: Key, room: Room<'_>) -> Step {
        match self.asking.take() {
            None => return Step::Still,
            Some(Asking::Bank(year, mut pick)) => match pick.key(key) {
                PickEvent::Open => self.asking = Some(Asking::Bank(year, pick)),
                PickEvent::Cancelled => {}
                PickEvent::Chosen(at) => {
                    let layout = pick.choices().get(at).map(|choice| choice.code.clone()).unwrap_or_default();
                    return self.make(year, &layout, room);
                }
            },
            Some(Asking::Year(mut prompt)) => match prompt.key(key) {
                PromptEvent::Open => self.asking = Some(Asking::Year(prompt)),
                PromptEvent::Cancelled => {}
                PromptEvent::Answer(typed) => return self.bank(&typed, room),
            },
            Some(Asking::Answer(mut prompt)) => match prompt.key(key) {
                PromptEvent::Open => self.asking = Some(Asking::Answer(prompt)),
                PromptEvent::Cancelled => {}
                PromptEvent::Answer(path) => return self.take(&path, room),
            },
            Some(Asking::Calls(mut prompt)) => match prompt.key(key) {
                PromptEvent::Open => self.asking = Some(Asking::Calls(prompt)),
                PromptEvent::Cancelled => {}
                PromptEvent::Answer(typed) => return print_calls(&typed, room),
            },
        }
        Step::Changed
    }
}

/// Prints who has not paid: a year, and a village's code behind it where only one is wanted.
fn print_calls(typed: &str, room: Room<'_>) -> Step {
    let typed: String = typed.chars().map(half_width).collect();
    let mut words = typed.split_whitespace();
    let Some(year) = words.next().and_then(year_of) else {
        return Step::Say(Message::warning(text::ROSTER_NO_YEAR));
    };
    let order = CallOrder { year, village: words.next().map(str::to_owned), purpose: None };
    match room.station.print_call_list(room.actor, &order) {
        Ok((list, path)) => {
            let path = path.display().to_string();
            Step::Say(Message::good(text::calls_printed(list.rows.len(), &list.sum().to_grouped(), &path)))
        }
        Err(error) => Step::failed(&error),
    }
}

impl Screen for Deductions {
    fn code(&self) -> &str {
        ScreenCode::Deductions.code()
    }

    fn title(&self) -> &str {
        ScreenCode::Deductions.label()
    }

    fn context(&self) -> Context {
        if matches!(self.asking, Some(Asking::Bank(..))) { Context::Picker } else { Context::Deductions }
    }

    fn offers(&self, action: Action) -> bool {
        match action {
            _ if self.asking.is_some() => true,
            Action::BankFile | Action::BankAnswer => true,
            Action::CallList => self.may_call,
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.asking.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        let next = (room.station.today().year() + 1).to_string();
        self.asking = Some(match action {
            Action::BankFile => Asking::Year(Prompt::new(text::DEDUCT_YEAR, &next)),
            Action::BankAnswer => Asking::Answer(Prompt::long(text::ANSWER_PATH, "")),
            Action::CallList if self.may_call => Asking::Calls(Prompt::new(text::CALLS_YEAR, &next)),
            action if self.list.act(action, self.rows.len(), self.height.get()) => return Step::Changed,
            _ => return Step::Unhandled,
        });
        Step::Changed
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        self.asked(key, room)
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        match &mut self.asking {
            Some(Asking::Year(prompt) | Asking::Answer(prompt) | Asking::Calls(prompt)) => prompt.paste(text),
            Some(Asking::Bank(_, pick)) => pick.paste(text),
            None => return Step::Still,
        }
        Step::Changed
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the list stays as it was.
        if let Ok(rows) = room.station.deductions(room.actor) {
            self.rows = rows;
            self.list.clamp(self.rows.len());
        }
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let open: usize = self.rows.iter().map(|row| row.open).sum();
        let list = List {
            columns: &COLUMNS,
            len: self.rows.len(),
            cell: &|row, column| {
                let Some(row) = self.rows.get(row) else { return Cow::Borrowed("") };
                match column {
                    0 => Cow::Borrowed(row.no.as_str()),
                    1 => Cow::Owned(row.year.to_string()),
                    2 => Cow::Borrowed(&row.made),
                    3 => Cow::Owned(row.count.to_string()),
                    4 => Cow::Owned(row.sum.to_grouped()),
                    5 => Cow::Borrowed(&row.maker),
                    _ => Cow::Owned(text::deduct_result(row.done.0, row.failed.0, row.open)),
                }
            },
            role: &|row| match self.rows.get(row) {
                Some(row) if row.failed.0 > 0 => Role::Warning,
                _ => Role::Text,
            },
            prefix: false,
        };
        let page = Headed {
            head: &[(&text::deduct_head(self.rows.len(), open), Role::Text)],
            list,
            empty: (text::DEDUCT_EMPTY, text::DEDUCT_EMPTY_HINT),
            notes: &self.left_out,
            foot: 5,
        };
        let cursor = page.view(&self.list, &self.height, buf, body, look);
        match &self.asking {
            Some(Asking::Year(prompt) | Asking::Answer(prompt) | Asking::Calls(prompt)) => {
                prompt.view(buf, screen, look)
            }
            Some(Asking::Bank(_, pick)) => pick.view(buf, body, look),
            None => cursor,
        }
    }
}
