//! The card of one person: data, household, enrolments, cases, history; from here one key begins a form. Numbers are
//! masked until asked for, and again half a minute later. Knows the card; must not know how it is kept.

mod card;
mod paper;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::register::PersonField;
use xiangbao_core::role::{self, Subject};

use self::paper::{Asked, Asking};
use crate::app::{AppError, PersonCard};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::put;
use crate::tui::widgets::confirm::{Confirm, ConfirmEvent};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::page::Page;

/// How long numbers stay in full, milliseconds.
const UNMASKED_MS: i64 = 30_000;

/// What a row of the card opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Another person, by number.
    Person(String),
    /// A case.
    Case([u8; 16]),
}

/// The card.
struct Person {
    psn_no: String,
    card: PersonCard,
    page: Page,
    links: Vec<Link>,
    question: Option<Confirm>,
    /// A paper that is asked for.
    asking: Option<Asking>,
    /// When the numbers were asked for.
    unmasked_ms: Option<i64>,
    /// What the roles allow, for the key line; the use cases ask again.
    may: May,
}

/// What the roles of the person at the desk allow here.
#[derive(Clone, Copy)]
struct May {
    /// Begin one of the window's forms.
    begin: bool,
    /// Begin some form, an audit's among them.
    pick: bool,
    unmask: bool,
    paper: bool,
}

/// Opens the card of a person; the look is recorded.
///
/// # Errors
/// When the person at the desk may not, or there is no such person.
pub fn open(psn_no: &str, room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let card = room.station.open_person(room.actor, psn_no, false)?;
    let subject = Subject::in_village(card.person.get(PersonField::Village));
    let roles = &room.station.library().roles;
    let may = |action| roles.authorize(room.actor, action, &subject).is_ok();
    let mut person = Person {
        psn_no: psn_no.to_owned(),
        card,
        page: Page::default(),
        links: Vec::new(),
        question: None,
        unmasked_ms: None,
        asking: None,
        may: May {
            begin: may(role::Action::DraftCase),
            pick: may(role::Action::DraftCase) || may(role::Action::FillAudit),
            unmask: may(role::Action::Unmask),
            paper: may(role::Action::IssuePaper),
        },
    };
    person.lay(room);
    Ok(Box::new(person))
}

impl Person {
    fn lay(&mut self, room: Room<'_>) {
        let (entries, links) = card::entries(&self.card, room.station.library());
        self.page.set(entries);
        self.links = links;
    }

    fn read(&mut self, unmask: bool, room: Room<'_>) -> Result<(), AppError> {
        self.card = room.station.open_person(room.actor, &self.psn_no, unmask)?;
        self.unmasked_ms = unmask.then(|| room.station.now_ms());
        self.lay(room);
        Ok(())
    }

    /// Masks what is on the screen; nothing new is looked at.
    fn mask(&mut self, room: Room<'_>) {
        self.card.unmasked = false;
        self.unmasked_ms = None;
        self.lay(room);
    }

    fn follow(&self, room: Room<'_>) -> Step {
        let Some(link) = self.page.chosen().and_then(|at| self.links.get(at)) else { return Step::Still };
        match link {
            Link::Case(case_id) => super::open_target(super::Target::Case(*case_id), room),
            Link::Person(number) if *number == self.psn_no => Step::Still,
            Link::Person(number) => match open(number, room) {
                Ok(screen) => Step::Replace(screen),
                Err(error) => Step::failed(&error),
            },
        }
    }
}

impl Screen for Person {
    fn code(&self) -> &str {
        ScreenCode::Find.code()
    }

    fn title(&self) -> &str {
        text::PERSON
    }

    fn subject(&self) -> String {
        self.card.person.name().to_owned()
    }

    fn context(&self) -> Context {
        match (&self.question, &self.asking) {
            (Some(_), _) => Context::Confirm,
            (None, Some(asking)) => asking.context(),
            (None, None) => Context::Person,
        }
    }

    fn offers(&self, action: Action) -> bool {
        match action {
            Action::Begin(_) => self.may.begin,
            Action::Pick => self.may.pick || self.asking.is_some(),
            Action::Print => self.may.paper,
            Action::Unmask => self.may.unmask && self.unmasked_ms.is_none(),
            Action::Accept => self.asking.is_some() || self.question.is_none() && !self.links.is_empty(),
            Action::Yes | Action::No => self.question.is_some(),
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.question.is_some() || self.asking.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        match action {
            Action::Begin(screen) => Step::opened(super::open_form(screen.code(), Some(&self.psn_no), room)),
            Action::Pick if self.may.pick => {
                let person = (self.psn_no.clone(), self.card.person.name().to_owned());
                Step::Open(super::business::open(Some(person), room))
            }
            Action::Unmask if self.unmasked_ms.is_none() => {
                self.question = Some(Confirm::yes_no(text::PERSON_UNMASK_QUESTION));
                Step::Changed
            }
            Action::Print if self.may.paper => {
                self.asking = Some(Asking::new(&self.psn_no, self.may.unmask, room));
                Step::Changed
            }
            Action::Accept => self.follow(room),
            action if self.page.act(action) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        if let Some(asking) = &mut self.asking {
            return match asking.key(key) {
                Asked::Open => Step::Changed,
                Asked::Dropped => {
                    self.asking = None;
                    Step::Changed
                }
                Asked::Wished(wish) => {
                    self.asking = None;
                    Step::opened(super::preview::open_paper(wish, self.card.person.name(), room))
                }
            };
        }
        let Some(question) = &mut self.question else { return Step::Still };
        match question.key(key) {
            ConfirmEvent::Open | ConfirmEvent::PickReason => return Step::Still,
            ConfirmEvent::No => self.question = None,
            ConfirmEvent::Yes(_) => {
                self.question = None;
                if let Err(error) = self.read(true, room) {
                    return Step::failed(&error);
                }
                return Step::Say(Message::warning(text::PERSON_UNMASKED));
            }
        }
        Step::Changed
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        match &mut self.asking {
            Some(asking) => {
                asking.paste(text);
                Step::Changed
            }
            None => Step::Still,
        }
    }

    fn refresh(&mut self, room: Room<'_>) {
        // Whatever was shown in full is masked again once the person was elsewhere; a failed reading keeps the card.
        if self.read(false, room).is_err() {
            self.mask(room);
        }
    }

    fn poll(&mut self, room: Room<'_>) -> Step {
        let Some(since) = self.unmasked_ms else { return Step::Still };
        if room.station.now_ms().saturating_sub(since) < UNMASKED_MS {
            return Step::Still;
        }
        self.mask(room);
        Step::Say(Message::plain(text::PERSON_MASKED))
    }

    fn working(&self) -> bool {
        self.unmasked_ms.is_some()
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let muted = look.theme.style(Role::Muted);
        put(buf, body.x + 1, body.y, text::PERSON_HINT, body.width.saturating_sub(2), muted, look);
        let area = Rect { y: body.y + 1, height: body.height.saturating_sub(2), ..body };
        let cursor = self.page.view(buf, area, look);
        match (&self.question, &self.asking) {
            (Some(question), _) => question.view(buf, screen, look),
            (None, Some(asking)) => asking.view(frame, look),
            (None, None) => cursor,
        }
    }
}
