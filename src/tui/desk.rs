//! The desk of one session: signing in and locking, the stack of screens, and what works everywhere (help, keys,
//! palette, jump by code). Esc goes one level up and loses nothing. Knows screens by their face; must not know what
//! any of them does.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Position;
use xiangbao_core::role::Actor;

use crate::app::Station;
use crate::tui::key::Key;
use crate::tui::keymap::{
    self, Action, Context, Focus, FormCode, PaletteTarget, Screen as ScreenCode, key_line,
};
use crate::tui::look::Look;
use crate::tui::runtime::{Event, Flow, Hello, Model, Now};
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::screens;
use crate::tui::screens::sign_in::{SignIn, SignInEvent};
use crate::tui::text;
use crate::tui::widgets::frame::{Chrome, Message, unfold};
use crate::tui::widgets::pick::{Choice, Pick, PickEvent};
use crate::tui::widgets::prompt::{Prompt, PromptEvent};
use crate::tui::widgets::reader::Reader;

/// What lies over the screens.
enum Overlay {
    /// The page of keys.
    Keys(Reader),
    /// The palette, with what each line does.
    Palette(Pick, Vec<PaletteTarget>),
    /// The code of a screen is asked for.
    Jump(Prompt),
}

/// Who sits at the desk.
enum Seat {
    /// Nobody: account and PIN are asked for.
    Empty(SignIn),
    /// This person.
    Taken(Actor),
    /// This person, but the terminal was left: the PIN is asked for.
    Locked(Actor, SignIn),
}

/// The model of a session.
pub struct Desk {
    station: Arc<Station>,
    seat: Seat,
    screens: Vec<Box<dyn Screen>>,
    overlay: Option<Overlay>,
    message: Option<Message>,
    state: String,
    office: String,
    /// Esc was pressed at sign-in: the next one leaves.
    leaving: bool,
}

impl Desk {
    /// An empty desk; the account may be known from the door.
    pub fn new(station: Arc<Station>, hello: &Hello) -> Self {
        let info = station.snapshot().and_then(|snapshot| Ok(snapshot.station()?));
        let office = info.map(|info| info.name).unwrap_or_default();
        let mut sign_in = SignIn::new(hello.account.as_deref());
        sign_in.state.clone_from(&office);
        Self {
            station,
            seat: Seat::Empty(sign_in),
            screens: Vec::new(),
            overlay: None,
            message: None,
            state: String::new(),
            office,
            leaving: false,
        }
    }

    /// A desk where this person sits already, with a text laid on top: how the demo begins.
    pub fn welcoming(station: Arc<Station>, hello: &Hello, actor: Actor, lines: &[String]) -> Self {
        let mut desk = Self::new(station, hello);
        desk.sit_down(actor);
        desk.overlay = Some(Overlay::Keys(Reader::lines(text::WELCOME, lines)));
        desk
    }

    fn sign_in_key(&mut self, key: Key) -> Flow {
        let may_leave = std::mem::take(&mut self.leaving) || matches!(self.seat, Seat::Locked(..));
        let (Seat::Empty(sign_in) | Seat::Locked(_, sign_in)) = &mut self.seat else { return Flow::Still };
        match sign_in.key(key) {
            SignInEvent::Still => Flow::Still,
            SignInEvent::Changed => Flow::Changed,
            SignInEvent::Leave if !may_leave => {
                // A buffered Esc too many must not end the session.
                self.leaving = true;
                sign_in.refuse(Message::plain(text::LEAVE_AGAIN));
                Flow::Changed
            }
            SignInEvent::Leave => self.leave(),
            SignInEvent::Enter { account, pin } => {
                match self.station.sign_in(&account, &pin) {
                    Ok(actor) => self.sit_down(actor),
                    Err(error) => sign_in.refuse(Message::error(error.zh())),
                }
                Flow::Changed
            }
        }
    }

    /// Signed in: the same person goes on where the work stopped, another begins at home.
    fn sit_down(&mut self, actor: Actor) {
        let same = matches!(&self.seat, Seat::Locked(before, _) if before.account == actor.account);
        self.seat = Seat::Taken(actor);
        if same {
            self.refresh();
        } else {
            self.screens.clear();
            self.go(ScreenCode::Home);
        }
    }

    /// Esc at sign-in ends the session; at a locked terminal it makes room for another person.
    fn leave(&mut self) -> Flow {
        match &self.seat {
            Seat::Locked(actor, _) => {
                // What the first person typed lies in drafts; the screens themselves are closed.
                let _ = self.station.sign_out(actor);
                self.screens.clear();
                self.overlay = None;
                self.empty_seat();
                Flow::Changed
            }
            Seat::Empty(_) | Seat::Taken(_) => Flow::Quit,
        }
    }

    fn empty_seat(&mut self) {
        let mut sign_in = SignIn::new(None);
        sign_in.state.clone_from(&self.office);
        self.seat = Seat::Empty(sign_in);
        self.message = None;
    }

    fn lock(&mut self) -> Flow {
        let actor = match &mut self.seat {
            Seat::Taken(actor) => actor,
            Seat::Empty(sign_in) | Seat::Locked(_, sign_in) => {
                sign_in.forget_pin();
                return Flow::Changed;
            }
        };
        let room = Room { station: &self.station, actor };
        for screen in &mut self.screens {
            screen.put_by(room);
        }
        let mut sign_in = SignIn::locked(&actor.account);
        sign_in.state.clone_from(&self.office);
        self.seat = Seat::Locked(actor.clone(), sign_in);
        Flow::Changed
    }

    /// Reads the title line's state and the top screen anew.
    fn refresh(&mut self) {
        let Seat::Taken(actor) = &self.seat else { return };
        let room = Room { station: &self.station, actor };
        if let Some(top) = self.screens.last_mut() {
            top.refresh(room);
        }
        self.state = match self.station.sync_state() {
            Ok(sync) => text::desk_state(&actor.name, sync.open, &sync.oldest, !sync.trouble.is_empty()),
            Err(error) => error.zh(),
        };
    }

    fn go(&mut self, code: ScreenCode) {
        let Seat::Taken(actor) = &self.seat else { return };
        let room = Room { station: &self.station, actor };
        match screens::open(code, room) {
            Ok(screen) => {
                if code == ScreenCode::Home {
                    self.screens.clear();
                }
                self.screens.push(screen);
            }
            Err(error) => self.message = Some(Message::error(error.zh())),
        }
        self.refresh_state_only();
    }

    fn refresh_state_only(&mut self) {
        if let (Seat::Taken(actor), Ok(sync)) = (&self.seat, self.station.sync_state()) {
            self.state = text::desk_state(&actor.name, sync.open, &sync.oldest, !sync.trouble.is_empty());
        }
    }

    fn take(&mut self, step: Step) -> Flow {
        match step {
            Step::Unhandled | Step::Still => return Flow::Still,
            Step::Changed => {}
            Step::Say(message) => {
                self.message = Some(message);
                self.refresh_state_only();
            }
            Step::Open(screen) => self.screens.push(screen),
            Step::Replace(screen) => {
                self.screens.pop();
                self.screens.push(screen);
                self.refresh_state_only();
            }
            Step::Close(message) => {
                self.message = message;
                return self.close();
            }
            Step::Go(code) => self.go(code),
        }
        Flow::Changed
    }

    /// One level up; home is the lowest, and only its own key locks.
    fn close(&mut self) -> Flow {
        if self.screens.len() > 1 {
            self.screens.pop();
            self.refresh();
        } else {
            self.message = Some(Message::plain(text::HOME_IS_LOWEST));
        }
        Flow::Changed
    }

    fn key(&mut self, key: Key) -> Flow {
        if !matches!(self.seat, Seat::Taken(_)) {
            return self.sign_in_key(key);
        }
        self.message = None;
        // Who leaves the seat in the middle of a question locks it just the same.
        let asked = self.overlay.is_some() || self.screens.last().is_some_and(|top| top.modal());
        if asked && keymap::action(Context::Global, key, Focus::Field) == Some(Action::Lock) {
            self.overlay = None;
            return self.lock();
        }
        if self.overlay.is_some() {
            return self.overlay_key(key);
        }
        let Seat::Taken(actor) = &self.seat else { return Flow::Still };
        let room = Room { station: &self.station, actor };
        let Some(top) = self.screens.last_mut() else { return Flow::Still };
        if top.modal() {
            let step = top.key(key, room);
            return self.take(step).and(Flow::Changed);
        }
        let step = match keymap::action(top.context(), key, top.focus()) {
            Some(action) => match top.act(action, room) {
                Step::Unhandled => return self.anywhere(action),
                step => step,
            },
            None => top.key(key, room),
        };
        // The message of the key before is gone: the line is drawn anew in any case.
        self.take(step).and(Flow::Changed)
    }

    /// What a key means on every screen.
    fn anywhere(&mut self, action: Action) -> Flow {
        let context = self.screens.last().map_or(Context::Page, |top| top.context());
        match action {
            Action::Back => return self.close(),
            Action::Lock => return self.lock(),
            Action::Help | Action::Keys => {
                let lines = keymap::help_page(context);
                self.overlay = Some(Overlay::Keys(Reader::lines(text::HELP_TITLE, &lines)));
            }
            Action::Palette => {
                let (pick, targets) = palette(context, &self.station);
                self.overlay = Some(Overlay::Palette(pick, targets));
            }
            Action::Jump => self.overlay = Some(Overlay::Jump(Prompt::new(text::JUMP_PROMPT, ""))),
            Action::FindPerson => self.go(ScreenCode::Find),
            _ => return Flow::Still,
        }
        Flow::Changed
    }

    fn overlay_key(&mut self, key: Key) -> Flow {
        let Some(overlay) = &mut self.overlay else { return Flow::Still };
        match overlay {
            Overlay::Keys(reader) => {
                if !reader.key(key) {
                    self.overlay = None;
                }
            }
            Overlay::Palette(pick, targets) => match pick.key(key) {
                PickEvent::Open => {}
                PickEvent::Cancelled => self.overlay = None,
                PickEvent::Chosen(index) => {
                    let target = targets.get(index).copied();
                    self.overlay = None;
                    return self.palette_target(target);
                }
            },
            Overlay::Jump(prompt) => match prompt.key(key) {
                PromptEvent::Open => {}
                PromptEvent::Cancelled => self.overlay = None,
                PromptEvent::Answer(code) => {
                    self.overlay = None;
                    self.jump(&code);
                }
            },
        }
        Flow::Changed
    }

    /// To a typed code: a screen, or a form that this office has.
    fn jump(&mut self, code: &str) {
        let form = FormCode::of(code).filter(|code| self.station.library().form(&code.text()).is_some());
        match (ScreenCode::of_code(code), form) {
            (Some(screen), _) => self.go(screen),
            (None, Some(form)) => self.begin(form),
            (None, None) => self.message = Some(Message::warning(text::JUMP_UNKNOWN)),
        }
    }

    fn begin(&mut self, form: FormCode) {
        let Seat::Taken(actor) = &self.seat else { return };
        let room = Room { station: &self.station, actor };
        match screens::begin(&form.text(), room) {
            Ok(screen) => self.screens.push(screen),
            Err(error) => self.message = Some(Message::error(error.zh())),
        }
        self.refresh_state_only();
    }

    fn palette_target(&mut self, target: Option<PaletteTarget>) -> Flow {
        match target {
            None => Flow::Changed,
            Some(PaletteTarget::Screen(code)) => {
                self.go(code);
                Flow::Changed
            }
            Some(PaletteTarget::Form(code)) => {
                self.begin(code);
                Flow::Changed
            }
            Some(PaletteTarget::Action(action)) => {
                let Seat::Taken(actor) = &self.seat else { return Flow::Still };
                let room = Room { station: &self.station, actor };
                let Some(top) = self.screens.last_mut() else { return Flow::Still };
                match top.act(action, room) {
                    Step::Unhandled => self.anywhere(action),
                    step => self.take(step).and(Flow::Changed),
                }
            }
        }
    }

    fn paste(&mut self, block: &str) -> Flow {
        match (&mut self.seat, &mut self.overlay) {
            (Seat::Empty(sign_in) | Seat::Locked(_, sign_in), _) => sign_in.paste(block),
            (Seat::Taken(_), Some(Overlay::Palette(pick, _))) => pick.paste(block),
            (Seat::Taken(_), Some(Overlay::Jump(prompt))) => prompt.paste(block),
            (Seat::Taken(_), Some(Overlay::Keys(_))) => {}
            (Seat::Taken(actor), None) => {
                let room = Room { station: &self.station, actor };
                if let Some(top) = self.screens.last_mut() {
                    let step = top.paste(block, room);
                    return self.take(step).and(Flow::Changed);
                }
            }
        }
        Flow::Changed
    }

    fn notice(&mut self, message: Message) {
        match &mut self.seat {
            Seat::Empty(sign_in) | Seat::Locked(_, sign_in) => sign_in.refuse(message),
            Seat::Taken(_) => self.message = Some(message),
        }
    }
}

fn palette(context: Context, station: &Station) -> (Pick, Vec<PaletteTarget>) {
    let entry = |code: &str, label: &str, doc: &str| Choice {
        code: code.to_owned(),
        label: format!("{label} {doc}"),
    };
    let mut lines: Vec<(Choice, PaletteTarget)> = keymap::palette(context)
        .iter()
        .map(|line| (entry(&line.code, line.label, line.doc), line.target))
        .collect();
    // Forms that have no screen code of their own: all but the five that the menu names.
    for def in station.library().forms.values().map(|form| &form.def) {
        let code = FormCode::of(&def.code).filter(|_| ScreenCode::of_code(&def.code).is_none());
        if let Some(code) = code {
            lines.push((entry(&def.code, &def.name, &def.title), PaletteTarget::Form(code)));
        }
    }
    let (choices, targets) = lines.into_iter().unzip();
    (Pick::new(text::PALETTE_TITLE, choices, ""), targets)
}

impl Model for Desk {
    fn update(&mut self, event: Event, _now: Now) -> Flow {
        match event {
            Event::Key(key) => self.key(key),
            Event::Paste(block) => self.paste(&block),
            Event::Notice(notice) => {
                self.notice(Message::warning(text::notice(notice)));
                Flow::Changed
            }
            Event::Lock => self.lock(),
            Event::Resumed => {
                self.refresh();
                Flow::Changed
            }
        }
    }

    fn view(&self, frame: &mut Frame<'_>, look: &Look) -> Position {
        if let Seat::Empty(sign_in) | Seat::Locked(_, sign_in) = &self.seat {
            return sign_in.view(frame, look);
        }
        let Some(top) = self.screens.last() else { return Position::ORIGIN };
        let area = frame.area();
        let subject = top.subject();
        let context = top.context();
        let chrome = Chrome {
            code: top.code(),
            title: top.title(),
            subject: &subject,
            state: &self.state,
            message: self.message.as_ref(),
            hints: key_line(context, area.width, |action| top.offers(action)),
        };
        let body = chrome.draw(frame.buffer_mut(), area, look);
        let caret = top.view(frame, body, look);
        let buf = frame.buffer_mut();
        match &self.overlay {
            None => {
                if let Some(message) = &self.message {
                    unfold(message, buf, area, caret, look);
                }
                caret
            }
            Some(Overlay::Keys(reader)) => reader.view(buf, body, look),
            Some(Overlay::Palette(pick, _)) => pick.view(buf, body, look),
            Some(Overlay::Jump(prompt)) => prompt.view(buf, area, look),
        }
    }

    fn poll(&mut self, _now: Now) -> Flow {
        let Seat::Taken(actor) = &self.seat else { return Flow::Still };
        let room = Room { station: &self.station, actor };
        let Some(top) = self.screens.last_mut() else { return Flow::Still };
        let step = top.poll(room);
        self.take(step)
    }

    fn working(&self) -> bool {
        matches!(self.seat, Seat::Taken(_)) && self.screens.last().is_some_and(|top| top.working())
    }
}
