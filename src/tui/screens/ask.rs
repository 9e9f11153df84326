//! A few fields under a page, asked before something is done: an opinion, a reason with its article, the demands of a
//! notice. One explicit key, then yes or no; what was typed stays when one goes back. Knows fields; must not know what
//! follows.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::key::{Code, Key};
use crate::tui::keymap::{Action, Context, action};
use crate::tui::look::Look;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::put;
use crate::tui::widgets::confirm::{Confirm, ConfirmEvent};
use crate::tui::widgets::field::Field;
use crate::tui::widgets::form::{Form, FormEvent, FormField, Kind, Line};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::pick::{Choice, Pick, PickEvent};

/// Longest text of a field, characters.
const LONGEST: usize = 200;
/// Lines of a notice that show at once.
const NOTES: usize = 4;

/// What a key did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskEvent {
    /// Still open.
    Open,
    /// A key for the page behind: scroll.
    Scroll(Action),
    /// Closed; what was typed may be kept.
    Closed,
    /// The person wants to do it: check, then [`Ask::confirm`].
    Wanted,
    /// Said yes: do it.
    Confirmed,
    /// F7: take these fields as one item and ask for the next.
    Add,
    /// Take the last item away.
    Remove,
    /// A field was left: captions may follow.
    Left,
}

/// One field to ask for.
pub struct Question<'a> {
    /// Name by which its text is asked for.
    pub id: &'static str,
    /// Label.
    pub label: &'a str,
    /// Text to begin with.
    pub value: &'a str,
    /// Has a list to pick from (F4).
    pub code: bool,
}

/// An open question.
#[derive(Clone, Debug)]
pub struct Ask {
    title: String,
    hint: &'static str,
    /// Lines above the fields: what the notice says so far.
    pub notes: Vec<String>,
    form: Form,
    choices: Vec<Choice>,
    choices_title: &'static str,
    pick: Option<Pick>,
    confirm: Option<Confirm>,
    complaint: Option<Message>,
}

impl Ask {
    /// Asks for these fields.
    pub fn new(title: impl Into<String>, hint: &'static str, questions: &[Question<'_>]) -> Self {
        let fields: Vec<FormField> = questions
            .iter()
            .map(|q| {
                let (kind, cells) = if q.code { (Kind::Code, 4) } else { (Kind::Text, 50) };
                let mut field = FormField::new(q.id, q.label, kind, cells).with(q.value);
                field.field = Field::new(q.value).limited(LONGEST);
                field
            })
            .collect();
        let lines = (0..fields.len()).map(Line::Field).collect();
        Self {
            title: title.into(),
            hint,
            notes: Vec::new(),
            form: Form::new(fields, lines),
            choices: Vec::new(),
            choices_title: "",
            pick: None,
            confirm: None,
            complaint: None,
        }
    }

    /// Gives the list for the field with F4.
    pub fn with_choices(mut self, title: &'static str, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self.choices_title = title;
        self
    }

    /// The text of a field, trimmed.
    pub fn value(&self, id: &str) -> &str {
        self.form.value(id).trim()
    }

    /// Sets a field.
    pub fn set(&mut self, id: &str, value: &str) {
        self.form.set_value(id, value);
    }

    /// Puts words behind the field with F4.
    pub fn caption(&mut self, id: &str, words: &str) {
        let index = self.form.index_of(id);
        if let Some(field) = index.and_then(|index| self.form.field_mut(index)) {
            words.clone_into(&mut field.caption);
        }
    }

    /// The focus goes to the first field.
    pub fn restart(&mut self) {
        self.form.go_to(0);
    }

    /// Says on the message line what is missing, with the caret on the field that lacks it.
    pub fn complain(&mut self, id: &str, words: impl Into<String>) {
        if let Some(index) = self.form.index_of(id) {
            self.form.go_to(index);
        }
        self.complaint = Some(Message::warning(words));
    }

    /// Asks yes or no before it is done.
    pub fn confirm(&mut self, question: &str) {
        self.confirm = Some(Confirm::yes_no(question));
    }

    /// Which keys hold: for the key line.
    pub fn context(&self) -> Context {
        match (&self.pick, &self.confirm) {
            (Some(_), _) => Context::Picker,
            (None, Some(_)) => Context::Confirm,
            (None, None) => Context::Form,
        }
    }

    /// Whether the key line shows an action.
    pub fn offers(&self, action: Action) -> bool {
        let notice = !self.choices.is_empty();
        match self.context() {
            Context::Form => match action {
                Action::Submit => true,
                Action::Pick | Action::AddRow => notice,
                _ => false,
            },
            Context::Confirm => matches!(action, Action::Yes | Action::No),
            _ => true,
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> AskEvent {
        self.complaint = None;
        if let Some(pick) = &mut self.pick {
            return match pick.key(key) {
                PickEvent::Open => AskEvent::Open,
                PickEvent::Cancelled => self.picked(None),
                PickEvent::Chosen(index) => self.picked(Some(index)),
            };
        }
        if let Some(confirm) = &mut self.confirm {
            return match confirm.key(key) {
                ConfirmEvent::Open | ConfirmEvent::PickReason => AskEvent::Open,
                ConfirmEvent::No => {
                    self.confirm = None;
                    AskEvent::Open
                }
                ConfirmEvent::Yes(_) => {
                    self.confirm = None;
                    AskEvent::Confirmed
                }
            };
        }
        match action(Context::Form, key, self.form.key_focus()) {
            Some(Action::Back) => AskEvent::Closed,
            Some(Action::Submit) => AskEvent::Wanted,
            Some(Action::Pick) => self.open_pick(),
            Some(Action::AddRow) => AskEvent::Add,
            Some(Action::RemoveRow) => AskEvent::Remove,
            Some(wanted @ (Action::PageDown | Action::PageUp)) => AskEvent::Scroll(wanted),
            Some(wanted @ (Action::Accept | Action::Next | Action::Previous | Action::Undo)) => {
                match self.form.act(wanted, 80, 20) {
                    FormEvent::PastEnd { .. } => AskEvent::Wanted,
                    FormEvent::Left { .. } => AskEvent::Left,
                    FormEvent::Ignored | FormEvent::Moved => AskEvent::Open,
                }
            }
            // Signs that are commands elsewhere are text here; function keys mean nothing.
            Some(_) if !matches!(key.code, Code::Char(_)) || key.ctrl => AskEvent::Open,
            _ => {
                self.form.key(key);
                AskEvent::Open
            }
        }
    }

    /// Pastes into the focused field.
    pub fn paste(&mut self, text: &str) {
        match &mut self.pick {
            Some(pick) => pick.paste(text),
            None if self.confirm.is_none() => {
                self.form.paste(text);
            }
            None => {}
        }
    }

    fn open_pick(&mut self) -> AskEvent {
        let coded = self.form.focused().is_some_and(|field| field.kind == Kind::Code);
        if coded && !self.choices.is_empty() {
            let current = self.form.focused().map(FormField::value).unwrap_or_default().to_owned();
            self.pick = Some(Pick::new(self.choices_title, self.choices.clone(), &current));
        }
        AskEvent::Open
    }

    fn picked(&mut self, index: Option<usize>) -> AskEvent {
        self.pick = None;
        let Some(choice) = index.and_then(|index| self.choices.get(index)) else { return AskEvent::Open };
        let code = choice.code.clone();
        let id = self.form.focused().map(|field| field.id.clone()).unwrap_or_default();
        self.form.set_value(&id, &code);
        self.form.act(Action::Accept, 80, 20);
        AskEvent::Left
    }

    /// Rows that it takes under a page of `rows` rows.
    pub fn height(&self, rows: u16) -> u16 {
        let notes = self.notes.len().min(NOTES);
        let wanted = 2 + notes + self.form.fields().len();
        u16::try_from(wanted).unwrap_or(u16::MAX).min(rows)
    }

    /// Draws into the lower part of a body and answers the caret's cell.
    pub fn view(&self, buf: &mut Buffer, screen: Rect, area: Rect, look: &Look) -> Position {
        let heading = look.theme.style(Role::Heading);
        let muted = look.theme.style(Role::Muted);
        let end = put(buf, area.x + 1, area.y, &self.title, area.width.saturating_sub(2), heading, look) + 1;
        let rest = area.right().saturating_sub(end + 1);
        put(buf, end, area.y, &look.glyphs.rule().repeat(usize::from(rest)), rest, muted, look);
        let room = area.width.saturating_sub(5);
        let plain = look.theme.style(Role::Text);
        let mut y = area.y + 1;
        for note in self.notes.iter().skip(self.notes.len().saturating_sub(NOTES)) {
            put(buf, area.x + 4, y, note, room, plain, look);
            y += 1;
        }
        let foot = area.bottom().saturating_sub(1);
        let fields = Rect { y, height: foot.saturating_sub(y).max(1), ..area };
        let caret = self.form.view(buf, fields, look);
        put(buf, area.x + 4, foot, self.hint, room, muted, look);
        if let Some(complaint) = &self.complaint {
            let line = crate::tui::widgets::frame::message_line(screen);
            let style = look.theme.style(complaint.role);
            put(buf, line.x + 1, line.y, &complaint.text, line.width.saturating_sub(2), style, look);
        }
        match (&self.pick, &self.confirm) {
            (Some(pick), _) => pick.view(buf, crate::tui::widgets::frame::body(screen), look),
            (None, Some(confirm)) => confirm.view(buf, screen, look),
            (None, None) => caret,
        }
    }
}
