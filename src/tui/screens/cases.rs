//! All cases (BJ), newest first, with a filter and their standing in the exchange; all papers of one village at once.
//! Knows rows; must not know how they are kept.

use std::borrow::Cow;
use std::cell::Cell;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Target;
use super::filter::Filtered;
use super::places::Places;
use crate::app::{AppError, CaseRow, Reach, RunningVillage, VillageWish};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::put;
use crate::tui::widgets::confirm::{Confirm, ConfirmEvent};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::list::{Column, List};
use crate::tui::widgets::status::empty;

const COLUMNS: [Column; 8] = [
    Column::text(text::CASES_COLUMNS[0], 18),
    Column::text(text::CASES_COLUMNS[1], 4),
    Column::text(text::CASES_COLUMNS[2], 8),
    Column::text(text::CASES_COLUMNS[3], 0),
    Column::text(text::CASES_COLUMNS[4], 10),
    Column::text(text::CASES_COLUMNS[5], 5),
    Column::figures(text::CASES_COLUMNS[6], 10),
    Column::text(text::CASES_COLUMNS[7], 8),
];

struct Cases {
    rows: Vec<CaseRow>,
    filtered: Filtered,
    places: Places,
    height: Cell<u16>,
    /// Whether to print all papers of this village.
    sure: Option<(Confirm, String)>,
    /// A village's papers, printed aside.
    running: Option<RunningVillage>,
}

/// Opens the list of all cases.
///
/// # Errors
/// When the person at the desk may not see cases, or the store cannot be read.
pub fn open(room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let rows = room.station.list_cases(room.actor, "")?;
    let mut cases = Cases {
        rows,
        filtered: Filtered::default(),
        places: Places::of(room),
        height: Cell::new(10),
        sure: None,
        running: None,
    };
    cases.apply();
    Ok(Box::new(cases))
}

impl Cases {
    fn apply(&mut self) {
        self.filtered.apply(self.rows.iter().map(|case| (&case.row, case.reach.label())));
    }

    fn chosen(&self) -> Option<&CaseRow> {
        self.filtered.chosen().and_then(|index| self.rows.get(index))
    }

    /// Asks before the papers of the chosen row's village are printed.
    fn ask_village(&mut self, room: Room<'_>) -> Step {
        let Some(chosen) = self.chosen().filter(|_| self.running.is_none()) else { return Step::Still };
        let question = Confirm::yes_no(&text::village_question(self.places.short(&chosen.row.village)));
        let case = room.station.snapshot().and_then(|now| Ok(now.case(&chosen.row.case_id)?));
        match case {
            Ok(Some(case)) => {
                self.sure = Some((question, case.filing.village));
                Step::Changed
            }
            Ok(None) => Step::Still,
            Err(error) => Step::failed(&error),
        }
    }

    fn sure(&mut self, key: Key, room: Room<'_>) -> Step {
        let Some((question, village)) = &mut self.sure else { return Step::Still };
        match question.key(key) {
            ConfirmEvent::Open | ConfirmEvent::PickReason => return Step::Still,
            ConfirmEvent::No => {}
            ConfirmEvent::Yes(_) => {
                let wish = VillageWish { village: village.clone(), ..VillageWish::default() };
                self.running = Some(room.station.start_village(room.actor, wish));
            }
        }
        self.sure = None;
        Step::Changed
    }

    fn rows_view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Position {
        let at = |row: usize| self.filtered.shown.get(row).and_then(|index| self.rows.get(*index));
        let list = List {
            columns: &COLUMNS,
            len: self.filtered.shown.len(),
            cell: &|row, column| {
                let Some(CaseRow { row, reach, paid, .. }) = at(row) else { return Cow::Borrowed("") };
                Cow::Borrowed(match column {
                    0 => row.number.as_str(),
                    1 => &row.code,
                    2 => &row.title,
                    3 => self.places.short(&row.village),
                    4 => &row.standing,
                    5 => row.accepted.get(5..).unwrap_or(&row.accepted),
                    6 => paid,
                    _ => reach.label(),
                })
            },
            role: &|row| match at(row).map(|case| case.reach) {
                Some(Reach::Returned) => Role::Warning,
                _ => Role::Text,
            },
            prefix: false,
        };
        list.view(&self.filtered.list, buf, area, look)
    }
}

impl Screen for Cases {
    fn code(&self) -> &str {
        ScreenCode::Cases.code()
    }

    fn title(&self) -> &str {
        ScreenCode::Cases.label()
    }

    fn subject(&self) -> String {
        match self.filtered.typed() {
            "" if self.rows.is_empty() => String::new(),
            "" => text::cases_count(self.rows.len()),
            typed => text::filter_shown(typed, self.filtered.shown.len(), self.rows.len()),
        }
    }

    fn context(&self) -> Context {
        if self.sure.is_some() { Context::Confirm } else { Context::List }
    }

    fn offers(&self, action: Action) -> bool {
        match action {
            Action::Accept | Action::Filter | Action::Print => !self.rows.is_empty() && self.sure.is_none(),
            Action::Village => !self.rows.is_empty() && self.sure.is_none() && self.running.is_none(),
            Action::Yes | Action::No => self.sure.is_some(),
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.filtered.prompt.is_some() || self.sure.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        let chosen = self.chosen().map(|case| case.row.case_id);
        let opened = match (action, chosen) {
            (Action::Accept, Some(id)) => return super::open_target(Target::Case(id), room),
            (Action::Filter, _) => {
                self.filtered.ask();
                return Step::Changed;
            }
            (Action::Back, _) if self.running.is_some() => {
                if let Some(running) = &self.running {
                    running.stop();
                }
                return Step::Changed;
            }
            (Action::Village, Some(_)) => return self.ask_village(room),
            (Action::Timeline, Some(id)) => super::timeline::open(&id, room),
            (Action::Print, Some(id)) => super::preview::open(&id, None, room),
            (action, _) if self.filtered.act(action, self.height.get()) => return Step::Changed,
            _ => return Step::Unhandled,
        };
        Step::opened(opened)
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        if self.sure.is_some() {
            return self.sure(key, room);
        }
        let step = self.filtered.take(key);
        self.apply();
        step
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        let step = self.filtered.paste(text);
        self.apply();
        step
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the list stays as it was.
        if let Ok(rows) = room.station.list_cases(room.actor, "") {
            self.rows = rows;
            self.apply();
        }
    }

    fn poll(&mut self, room: Room<'_>) -> Step {
        let Some(running) = &self.running else { return Step::Still };
        let Some(answer) = running.poll() else { return Step::Changed };
        self.running = None;
        self.refresh(room);
        match answer {
            Ok(Some(printed)) => {
                let path = printed.path.display().to_string();
                let words = text::village_done(printed.documents, printed.pages, printed.left_out, &path);
                Step::Say(Message::good(words))
            }
            Ok(None) => Step::Say(Message::plain(text::VILLAGE_STOPPED)),
            Err(error) => Step::failed(&error),
        }
    }

    fn working(&self) -> bool {
        self.running.is_some()
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let mut cursor = Position { x: body.x, y: body.y };
        let area = Rect { height: body.height.saturating_sub(2), ..body };
        self.height.set(area.height);
        if self.rows.is_empty() {
            empty(buf, body, text::CASES_EMPTY, text::CASES_EMPTY_HINT, look);
            return cursor;
        }
        if self.filtered.shown.is_empty() {
            empty(buf, area, text::FILTER_NOTHING, text::FILTER_HINT, look);
        } else {
            cursor = self.rows_view(buf, area, look);
        }
        let foot = body.bottom().saturating_sub(1);
        let progress = self.running.as_ref().map(RunningVillage::progress);
        let words = match (self.chosen(), progress) {
            (_, Some((done, total))) => (Cow::Owned(text::village_running(done, total)), Role::Accent),
            (Some(case), _) if !case.city.is_empty() => (Cow::Borrowed(case.city.as_str()), Role::Warning),
            _ => (Cow::Borrowed(text::FILTER_HINT), Role::Muted),
        };
        let style = look.theme.style(words.1);
        put(buf, body.x + 1, foot, &words.0, body.width.saturating_sub(2), style, look);
        if let Some((question, _)) = &self.sure {
            question.view(buf, screen, look);
        }
        match &self.filtered.prompt {
            Some(prompt) => prompt.view(buf, screen, look),
            None => cursor,
        }
    }
}
