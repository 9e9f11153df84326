//! The filter of a list: words that must occur, and `村=三合 状态=补正 期限<3d`. Knows rows and words; must
//! not know what a screen does with them.

use xiangbao_core::identity::pinyin::label_initials;

use crate::app::QueueRow;
use crate::tui::key::{Key, half_width};
use crate::tui::keymap::Action;
use crate::tui::screen::Step;
use crate::tui::text;
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::list::ListState;
use crate::tui::widgets::prompt::{Prompt, PromptEvent};

/// What a filter may ask for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Village.
    Village,
    /// Standing.
    Status,
    /// Code of the form.
    Business,
    /// Name of the person.
    Name,
    /// Printed number.
    Number,
    /// Standing in the exchange with the city.
    City,
    /// Bank.
    Bank,
}

impl Column {
    /// All but the name, which is also found by its initials.
    const PLAIN: [Self; 6] =
        [Self::Number, Self::Business, Self::Village, Self::Status, Self::City, Self::Bank];
}

/// A row as a filter sees it.
pub trait Sought {
    /// What stands in a column; empty where the list has none.
    fn cell(&self, column: Column) -> &str;

    /// Working days left of its term.
    fn days_left(&self) -> Option<i64> {
        None
    }
}

/// A case, with its standing in the exchange where the list shows it.
impl Sought for (&QueueRow, &str) {
    fn cell(&self, column: Column) -> &str {
        let (row, city) = self;
        match column {
            Column::Village => &row.village,
            Column::Status => row.standing.as_str(),
            Column::Business => &row.code,
            Column::Name => &row.title,
            Column::Number => &row.number,
            Column::City => city,
            Column::Bank => "",
        }
    }

    fn days_left(&self) -> Option<i64> {
        self.0.days_left()
    }
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    /// Occurs in any column; ASCII also as initials of the name.
    Anywhere(String),
    /// Occurs in this column.
    In(Column, String),
    /// Working days left, at least and at most.
    Days(i64, i64),
}

/// All conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

impl Filter {
    /// Reads a filter; full-width signs count as ASCII.
    ///
    /// # Errors
    /// The sentence for the person, naming the term that cannot be read.
    pub fn read(typed: &str) -> Result<Self, String> {
        let typed: String = typed.chars().map(half_width).collect();
        let terms = typed.split_whitespace().map(|term| read_term(term).ok_or(term));
        let terms: Result<Vec<Term>, &str> = terms.collect();
        terms.map(|terms| Self { terms }).map_err(text::filter_unknown)
    }

    /// Does a row fit?
    pub fn fits(&self, row: &impl Sought) -> bool {
        self.terms.iter().all(|term| fits(term, row))
    }
}

fn read_term(term: &str) -> Option<Term> {
    let Some(at) = term.find(['=', '<', '>']) else { return Some(Term::Anywhere(term.to_lowercase())) };
    let (name, rest) = term.split_at_checked(at)?;
    if name == text::FILTER_DAYS {
        return read_days(rest);
    }
    let value = rest.strip_prefix('=')?.to_lowercase();
    let column = match name {
        text::FILTER_VILLAGE => Column::Village,
        text::FILTER_STATUS => Column::Status,
        text::FILTER_BUSINESS => Column::Business,
        text::FILTER_NAME => Column::Name,
        text::FILTER_NUMBER => Column::Number,
        text::FILTER_CITY => Column::City,
        text::FILTER_BANK => Column::Bank,
        _ => return None,
    };
    Some(Term::In(column, value))
}

fn read_days(rest: &str) -> Option<Term> {
    let figures = rest.trim_start_matches(['=', '<', '>']);
    let sign = rest.strip_suffix(figures)?;
    let days: i64 = figures.trim_end_matches(['d', 'D', text::FILTER_DAY_MARK]).parse().ok()?;
    Some(match sign {
        "<" => Term::Days(i64::MIN, days.checked_sub(1)?),
        "<=" => Term::Days(i64::MIN, days),
        ">" => Term::Days(days.checked_add(1)?, i64::MAX),
        ">=" => Term::Days(days, i64::MAX),
        "=" => Term::Days(days, days),
        _ => return None,
    })
}

fn fits(term: &Term, row: &impl Sought) -> bool {
    let holds = |column: Column, wanted: &str| row.cell(column).to_lowercase().contains(wanted);
    let name = |wanted: &str| {
        let named = row.cell(Column::Name);
        holds(Column::Name, wanted) || (wanted.is_ascii() && label_initials(named).starts_with(wanted))
    };
    match term {
        Term::Days(from, to) => row.days_left().is_some_and(|left| (*from..=*to).contains(&left)),
        Term::In(Column::Name, wanted) => name(wanted),
        Term::In(column, wanted) => holds(*column, wanted),
        Term::Anywhere(wanted) => {
            Column::PLAIN.into_iter().any(|column| holds(column, wanted)) || name(wanted)
        }
    }
}

/// What stands where no row shows: that there is none at all (`empty`: what there is not, and what to do), or that none
/// fits, and how the list's filter is written.
pub fn nothing<'w>(none: bool, empty: (&'w str, &'w str), hint: &'w str) -> (&'w str, &'w str) {
    if none { empty } else { (text::FILTER_NOTHING, hint) }
}

/// A list with a filter: which rows show, which one is chosen, and the question for the filter while it is open.
#[derive(Clone, Debug, Default)]
pub struct Filtered {
    typed: String,
    before: String,
    unread: String,
    /// The open question for a filter.
    pub prompt: Option<Prompt>,
    /// Indexes of the rows that fit, in their order.
    pub shown: Vec<usize>,
    /// Choice and marks among the rows that fit.
    pub list: ListState,
}

impl Filtered {
    /// The filter in force; empty when all rows show.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The chosen row's index, if any row shows.
    pub fn chosen(&self) -> Option<usize> {
        self.shown.get(self.list.selected()).copied()
    }

    /// Asks for a filter.
    pub fn ask(&mut self) {
        self.before.clone_from(&self.typed);
        let unread = std::mem::take(&mut self.unread);
        let typed = if unread.is_empty() { &self.typed } else { &unread };
        self.prompt = Some(Prompt::new(text::FILTER_PROMPT, typed));
    }

    /// Takes a key for the screen whose list this is, and says what to draw; the rows are then to be found anew.
    pub fn take(&mut self, key: Key) -> Step {
        if self.prompt.is_none() {
            return Step::Still;
        }
        self.key(key).map_or(Step::Changed, |words| Step::Say(Message::warning(words)))
    }

    /// Takes a key while the question is open; the list follows what is typed. Answers the complaint about a filter
    /// that cannot be read once it is entered.
    fn key(&mut self, key: Key) -> Option<String> {
        let prompt = self.prompt.as_mut()?;
        match prompt.key(key) {
            PromptEvent::Open => {
                let typed = prompt.value().to_owned();
                if Filter::read(&typed).is_ok() {
                    self.set(typed);
                }
                None
            }
            PromptEvent::Cancelled => {
                self.prompt = None;
                self.set(self.before.clone());
                None
            }
            PromptEvent::Answer(typed) => match Filter::read(&typed) {
                Ok(_) => {
                    self.prompt = None;
                    self.set(typed.trim().to_owned());
                    None
                }
                Err(complaint) => {
                    // The list stays as it was; what was typed is there again when the question opens.
                    self.prompt = None;
                    self.set(self.before.clone());
                    self.unread = typed;
                    Some(complaint)
                }
            },
        }
    }

    /// Pastes into the open question, and says what to draw.
    pub fn paste(&mut self, text: &str) -> Step {
        let Some(prompt) = &mut self.prompt else { return Step::Still };
        prompt.paste(text);
        let typed = prompt.value().to_owned();
        if Filter::read(&typed).is_ok() {
            self.set(typed);
        }
        Step::Changed
    }

    fn set(&mut self, typed: String) {
        if typed != self.typed {
            self.typed = typed;
            self.list = ListState::default();
        }
    }

    /// Finds anew which rows show.
    pub fn apply<R: Sought>(&mut self, rows: impl Iterator<Item = R>) {
        let filter = Filter::read(&self.typed).unwrap_or_default();
        self.shown = rows.enumerate().filter(|(_, row)| filter.fits(row)).map(|(index, _)| index).collect();
        self.list.clamp(self.shown.len());
    }

    /// Moves the choice; answers false where the action is not a move.
    pub fn act(&mut self, action: Action, page: u16) -> bool {
        self.list.act(action, self.shown.len(), page)
    }
}
