//! A pick list over the screen: filter as you type by code, pinyin or label. The palette is one too. Knows choices; must
//! not know what they stand for.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use xiangbao_core::identity::pinyin::{Sound, label_sounds, sounds_match};

use super::cells::{fit, put, put_fill, safe, width};
use super::field::{Edit, Field};
use super::list::ListState;
use super::{overlay, status};
use crate::tui::key::{Key, half_width};
use crate::tui::keymap::{Action, Context, Focus, action};
use crate::tui::look::Look;
use crate::tui::text;
use crate::tui::theme::Role;

/// One choice. The caller gives them most recent first, then in the table's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The code.
    pub code: String,
    /// The label.
    pub label: String,
}

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickEvent {
    /// Still open.
    Open,
    /// This choice was taken (index into the choices given).
    Chosen(usize),
    /// Closed without a choice.
    Cancelled,
}

/// An open pick list.
#[derive(Clone, Debug)]
pub struct Pick {
    title: String,
    choices: Vec<Choice>,
    /// Readings of the labels, for initials and whole syllables.
    sounds: Vec<Vec<Sound>>,
    filter: Field,
    found: Vec<usize>,
    state: ListState,
    /// The choices come from elsewhere, found by the filter; nothing is filtered here.
    fed: bool,
}

/// Rows of choices shown at once.
const ROWS: u16 = 12;

impl Pick {
    /// Opens with these choices; the one whose code is `current` is chosen.
    pub fn new(title: &str, choices: Vec<Choice>, current: &str) -> Self {
        let found: Vec<usize> = (0..choices.len()).collect();
        let mut state = ListState::default();
        if let Some(at) = choices.iter().position(|c| !current.is_empty() && c.code == current) {
            state.select(at);
        }
        let sounds = choices.iter().map(|choice| label_sounds(&choice.label)).collect();
        let filter = Field::default().limited(20);
        Self { title: title.to_owned(), choices, sounds, filter, found, state, fed: false }
    }

    /// Opens a list whose choices somebody else finds by the filter: of a table too long to be listed whole.
    pub fn fed(title: &str, filter: &str) -> Self {
        let mut pick = Self { fed: true, ..Self::new(title, Vec::new(), "") };
        pick.filter = Field::default().limited(40);
        pick.filter.paste(filter);
        pick
    }

    /// What stands in the filter.
    pub fn filter(&self) -> &str {
        self.filter.value()
    }

    /// Gives a fed list its choices, nearest first.
    pub fn feed(&mut self, choices: Vec<Choice>) {
        self.found = (0..choices.len()).collect();
        self.choices = choices;
        self.state.select(0);
    }

    /// The choices given.
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// Takes a key. Esc closes; Enter takes the chosen line; anything typed filters.
    pub fn key(&mut self, key: Key) -> PickEvent {
        match action(Context::Picker, key, Focus::Field) {
            Some(Action::Back) => return PickEvent::Cancelled,
            Some(Action::Accept) => {
                return match self.found.get(self.state.selected()) {
                    Some(index) => PickEvent::Chosen(*index),
                    None => PickEvent::Open,
                };
            }
            Some(action) if self.state.act(action, self.found.len(), ROWS) => return PickEvent::Open,
            _ => {}
        }
        if self.filter.key(key) == Edit::Changed {
            self.search();
        }
        PickEvent::Open
    }

    /// Pastes into the filter.
    pub fn paste(&mut self, text: &str) {
        if self.filter.paste(text) == Edit::Changed {
            self.search();
        }
    }

    fn search(&mut self) {
        if self.fed {
            return;
        }
        let wanted: String = self.filter.value().chars().map(half_width).collect::<String>().to_lowercase();
        // From a character inside the label only with two letters and more: one letter would find everything.
        let inside = |sounds: &[Sound]| {
            wanted.len() > 1 && (1..sounds.len()).any(|at| sounds_match(&wanted, &sounds[at..]))
        };
        let rank = |c: &Choice, sounds: &[Sound]| match () {
            () if wanted.is_empty() || c.code.to_lowercase() == wanted => Some(0),
            () if c.code.to_lowercase().starts_with(&wanted) => Some(1),
            () if sounds_match(&wanted, sounds) => Some(2),
            () if c.label.to_lowercase().contains(&wanted) => Some(3),
            () if inside(sounds) => Some(4),
            () => None,
        };
        let pairs = self.choices.iter().zip(&self.sounds).enumerate();
        let mut ranked: Vec<(u8, usize)> =
            pairs.filter_map(|(i, (choice, sounds))| rank(choice, sounds).map(|r| (r, i))).collect();
        ranked.sort_unstable();
        self.found = ranked.into_iter().map(|(_, i)| i).collect();
        self.state.select(0);
    }

    /// Draws the list over `area` and answers the caret's cell, in the filter.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Position {
        let codes = self.choices.iter().map(|c| width(&c.code)).max().unwrap_or(0).min(if self.fed {
            16
        } else {
            12
        });
        let labels = self.choices.iter().map(|c| width(&c.label)).max().unwrap_or(0);
        let cols = u16::try_from((codes + labels + 6).clamp(36, 64)).unwrap_or(64);
        // A fed list keeps its size while its choices come and go.
        let least = if self.fed { ROWS } else { 4 };
        let cols = if self.fed { 72 } else { cols };
        let rows = u16::try_from(self.choices.len()).unwrap_or(ROWS).clamp(least, ROWS) + 3;
        let room = overlay::boxed(buf, area, cols, rows, &self.title, look);
        let label = look.theme.style(Role::Muted);
        let x = put(buf, room.x, room.y, text::PICK_FILTER, room.width, label, look) + 1;
        let field = Rect { x, y: room.y, width: room.right().saturating_sub(x), height: 1 };
        let cursor = self.filter.view(buf, field, look, Role::Focus);
        let body = Rect { y: room.y + 1, height: room.height.saturating_sub(1), ..room };
        if self.found.is_empty() {
            status::empty(buf, body, "", text::PICK_NOTHING, look);
            return cursor;
        }
        let height = usize::from(body.height).max(1);
        let top = self.state.selected() / height * height;
        for (row, y) in (top..self.found.len().min(top + height)).zip(body.y..body.bottom()) {
            let Some(choice) = self.found.get(row).and_then(|i| self.choices.get(*i)) else { continue };
            let role = if row == self.state.selected() { Role::Selected } else { Role::Text };
            let code = fit(&safe(&choice.code, look.glyphs), codes, look.glyphs.cut());
            let line = format!("{code}  {}", choice.label);
            put_fill(buf, body.x, y, &line, body.width, look.theme.style(role), look);
        }
        cursor
    }
}
