//! Home (00): what is due, what came back, what waits for me, what I was typing; and how to begin something new.
//! Knows the home use case; must not know how any of it is decided.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::Target;
use crate::app::{AppError, Draft, Home as Content, HomeMoney, QueueRow};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::put;
use crate::tui::widgets::list::{Column, List, ListState};
use crate::tui::widgets::status::empty;

/// One line of the list.
struct Line {
    group: &'static str,
    role: Role,
    cells: [String; 6],
    target: Target,
}

/// The home screen.
pub struct Home {
    content: Content,
    lines: Vec<Line>,
    list: ListState,
    /// Screens that this person has a role for.
    menu: Vec<ScreenCode>,
}

const COLUMNS: [Column; 7] = [
    Column::text(text::HOME_COLUMNS[0], 4),
    Column::text(text::HOME_COLUMNS[1], 22),
    Column::text(text::HOME_COLUMNS[2], 4),
    Column::text(text::HOME_COLUMNS[3], 10),
    Column::text(text::HOME_COLUMNS[4], 0),
    Column::text(text::HOME_COLUMNS[5], 10),
    Column::text(text::HOME_COLUMNS[6], 8),
];

impl Home {
    /// Reads the home content.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open(room: Room<'_>) -> Result<Self, AppError> {
        let others = ScreenCode::ALL.into_iter().filter(|code| *code != ScreenCode::Home);
        let mut home = Self {
            content: Content::default(),
            lines: Vec::new(),
            list: ListState::default(),
            menu: others.filter(|code| super::serves(*code, room)).collect(),
        };
        home.read(room)?;
        Ok(home)
    }

    fn read(&mut self, room: Room<'_>) -> Result<(), AppError> {
        let content = room.station.home(room.actor)?;
        let mut lines: Vec<Line> = Vec::new();
        for row in &content.due {
            // What the escalation shows before the last day stands under its own word.
            let group = if row.is_due() { text::DUE } else { text::WATCHED };
            lines.push(line(group, Role::Warning, row, Target::Case(row.case_id)));
        }
        for row in &content.late {
            lines.push(line(text::LATE, Role::Warning, row, Target::Case(row.case_id)));
        }
        for row in &content.returned {
            lines.push(line(text::RETURNED, Role::Warning, row, Target::Correction(row.case_id)));
        }
        for row in &content.to_review {
            let role = if row.bar.is_empty() { Role::Text } else { Role::Muted };
            lines.push(line(text::TO_REVIEW, role, row, Target::Case(row.case_id)));
        }
        lines.extend(money_lines(&content.money));
        for draft in &content.village {
            lines.push(draft_line(text::VILLAGE, draft, Target::Village(draft.case_id), room));
        }
        for draft in &content.drafts {
            lines.push(draft_line(text::DRAFT, draft, Target::Draft(draft.case_id), room));
        }
        self.list.clamp(lines.len());
        self.lines = lines;
        self.content = content;
        Ok(())
    }

    fn open_selected(&self, room: Room<'_>) -> Step {
        match self.lines.get(self.list.selected()).map(|line| line.target.clone()) {
            None => Step::Still,
            Some(target) => super::open_target(target, room),
        }
    }
}

/// What money asks for: accounts that cannot be paid to come back to the clerk, lists and what is to be listed stand with
/// finance.
fn money_lines(money: &HomeMoney) -> Vec<Line> {
    let wrong = money.wrong_account.iter();
    let mut lines: Vec<Line> = wrong
        .map(|row| {
            let mut line = line(text::WRONG_ACCOUNT, Role::Warning, row, Target::Case(row.case_id));
            text::TO_CORRECT.clone_into(&mut line.cells[4]);
            line
        })
        .collect();
    lines.extend(money.lists.iter().map(|list| Line {
        group: text::PAYMENT,
        role: Role::Text,
        cells: [
            list.no.clone(),
            ScreenCode::PaymentLists.code().to_owned(),
            list.maker.clone(),
            text::count_and_sum(list.count, list.sum, list.samples > 0),
            list.status.label().to_owned(),
            list.made.get(5..).unwrap_or_default().to_owned(),
        ],
        target: Target::PaymentList(list.no.clone()),
    }));
    lines.extend(money.to_list.map(|(count, sum)| Line {
        group: text::PAYMENT,
        role: Role::Text,
        cells: [
            String::new(),
            ScreenCode::Payments.code().to_owned(),
            String::new(),
            text::count_and_sum(count, sum, money.samples),
            text::TO_PAY.to_owned(),
            String::new(),
        ],
        target: Target::Payments,
    }));
    lines
}

fn draft_line(group: &'static str, draft: &Draft, target: Target, room: Room<'_>) -> Line {
    let library = room.station.library();
    let names = ["psn_name", "householder_name"].map(|id| draft.data.field(id));
    let saved = crate::app::local(draft.saved_ms);
    // The hour for today, the day for what has lain longer.
    let today = saved.date_naive() == room.station.today();
    let village = library.codes.label("divisions", draft.data.field("admdvs12"));
    Line {
        group,
        role: Role::Text,
        cells: [
            String::new(),
            library.form(&draft.form).map(|form| form.def.code.clone()).unwrap_or_default(),
            names.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned(),
            village.unwrap_or_default().to_owned(),
            if draft.correcting { text::DRAFT_CORRECTING } else { text::DRAFT_OPEN }.to_owned(),
            saved.format(if today { "%H:%M" } else { "%m-%d" }).to_string(),
        ],
        target,
    }
}

fn line(group: &'static str, role: Role, row: &QueueRow, target: Target) -> Line {
    Line {
        group,
        role,
        cells: [
            row.number.clone(),
            row.code.clone(),
            row.title.clone(),
            row.village.clone(),
            row.standing.clone(),
            text::clock_left(row.clock.as_ref()),
        ],
        target,
    }
}

impl Screen for Home {
    fn code(&self) -> &str {
        ScreenCode::Home.code()
    }

    fn title(&self) -> &str {
        text::HOME
    }

    fn context(&self) -> Context {
        Context::List
    }

    fn offers(&self, action: Action) -> bool {
        match action {
            Action::Accept => !self.lines.is_empty(),
            Action::FindPerson => self.menu.contains(&ScreenCode::Find),
            Action::Lock => true,
            _ => false,
        }
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        match action {
            Action::Accept => self.open_selected(room),
            action if self.list.act(action, self.lines.len(), 10) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, _key: Key, _room: Room<'_>) -> Step {
        Step::Still
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the list stays as it was.
        let _ = self.read(room);
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let buf = frame.buffer_mut();
        let muted = look.theme.style(Role::Muted);
        let content = &self.content;
        let due = content.due.iter().filter(|row| row.is_due()).count();
        let counts = text::home_counts(
            due,
            content.due.len() - due,
            content.returned.len(),
            content.to_review.len(),
            content.drafts.len(),
            content.money.lists.len() + content.money.to_list.map_or(0, |(count, _)| count),
        );
        put(buf, body.x, body.y, &counts, body.width, look.theme.style(Role::Text), look);
        let sync = &content.sync;
        let exchange = text::home_sync(sync.stored, sync.sent, sync.received, sync.returned);
        let foot = body.bottom().saturating_sub(3);
        put(buf, body.x, foot, &exchange, body.width, muted, look);
        let menu: Vec<String> =
            self.menu.iter().map(|screen| text::menu_entry(screen.code(), screen.label())).collect();
        // Two lines: all codes stand on the smallest screen.
        let (upper, lower) = menu.split_at(menu.len().div_ceil(2));
        put(buf, body.x, foot + 1, &upper.join("  "), body.width, muted, look);
        put(buf, body.x, foot + 2, &lower.join("  "), body.width, muted, look);
        let area = Rect { y: body.y + 2, height: body.height.saturating_sub(6), ..body };
        if self.lines.is_empty() {
            let begins = self.menu.contains(&ScreenCode::Enrolment);
            let hint = if begins { text::HOME_EMPTY_HINT } else { text::HOME_EMPTY_OTHERS };
            empty(buf, area, text::HOME_EMPTY, hint, look);
            return Position { x: area.x, y: area.y };
        }
        let list = List {
            columns: &COLUMNS,
            len: self.lines.len(),
            cell: &|row, column| {
                let Some(line) = self.lines.get(row) else { return Cow::Borrowed("") };
                match column.checked_sub(1) {
                    None => Cow::Borrowed(line.group),
                    Some(index) => Cow::Borrowed(line.cells.get(index).map_or("", String::as_str)),
                }
            },
            role: &|row| self.lines.get(row).map_or(Role::Text, |line| line.role),
            prefix: false,
        };
        list.view(&self.list, buf, area, look)
    }
}
