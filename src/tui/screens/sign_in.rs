//! Sign-in by account and PIN, and the locked terminal. Knows two fields; must not know who may come in: the answer is
//! given by whoever takes the [`SignInEvent`].

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, action, key_line};
use crate::tui::look::Look;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::put;
use crate::tui::widgets::form::{Form, FormEvent, FormField, Kind, Line};
use crate::tui::widgets::frame::{Chrome, Message};

const ACCOUNT: &str = "account";
const PIN: &str = "pin";

/// What came of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInEvent {
    /// Nothing that shows.
    Still,
    /// Draw again.
    Changed,
    /// Account and PIN are entered. The PIN has left the screen.
    Enter {
        /// The account.
        account: String,
        /// The PIN.
        pin: String,
    },
    /// Esc: leave, or from a locked terminal back to sign-in.
    Leave,
}

/// The sign-in screen.
#[derive(Clone, Debug)]
pub struct SignIn {
    form: Form,
    locked: bool,
    message: Option<Message>,
    /// What stands right on line 1: the station's name.
    pub state: String,
}

impl SignIn {
    /// Asks for account and PIN; the account may be known from the door.
    pub fn new(account: Option<&str>) -> Self {
        Self::with(account, false)
    }

    /// Asks for the PIN of the person who was working here.
    pub fn locked(account: &str) -> Self {
        Self::with(Some(account), true)
    }

    fn with(account: Option<&str>, locked: bool) -> Self {
        let kind = if locked { Kind::ReadOnly } else { Kind::Number };
        let fields = vec![
            FormField::new(ACCOUNT, text::ACCOUNT, kind, 20).with(account.unwrap_or_default()),
            FormField::new(PIN, text::PIN, Kind::Secret, 20),
        ];
        let mut form = Form::new(fields, vec![Line::Field(0), Line::Field(1)]);
        if account.is_some() {
            form.go_to(1);
        }
        Self { form, locked, message: None, state: String::new() }
    }

    /// The PIN was wrong, the account is closed: says so and asks again.
    pub fn refuse(&mut self, message: Message) {
        self.message = Some(message);
    }

    /// The terminal was left: half a PIN is not kept for who comes next.
    pub fn forget_pin(&mut self) {
        self.form.set_value(PIN, "");
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> SignInEvent {
        self.message = None;
        match action(Context::SignIn, key, self.form.key_focus()) {
            Some(Action::Back) => SignInEvent::Leave,
            Some(Action::Accept) => self.accept(),
            Some(other) => {
                self.form.act(other, 80, 20);
                SignInEvent::Changed
            }
            None => match self.form.key(key) {
                FormEvent::Ignored => SignInEvent::Still,
                _ => SignInEvent::Changed,
            },
        }
    }

    /// Pastes into the field; never enters.
    pub fn paste(&mut self, text: &str) {
        self.form.paste(text);
    }

    fn accept(&mut self) -> SignInEvent {
        let account = self.form.value(ACCOUNT).trim().to_owned();
        if account.is_empty() {
            self.message = Some(Message::warning(text::ACCOUNT_MISSING));
            self.form.go_to(0);
            return SignInEvent::Changed;
        }
        if self.form.focus() == 0 {
            self.form.go_to(1);
            return SignInEvent::Changed;
        }
        let pin = self.form.focused_mut().map(|f| f.field.take()).unwrap_or_default();
        if pin.is_empty() {
            self.message = Some(Message::warning(text::PIN_MISSING));
            return SignInEvent::Changed;
        }
        SignInEvent::Enter { account, pin }
    }

    /// Draws the screen; answers the caret's cell.
    pub fn view(&self, frame: &mut Frame<'_>, look: &Look) -> Position {
        let area = frame.area();
        let buf = frame.buffer_mut();
        let title = if self.locked { text::LOCKED } else { text::SIGN_IN };
        let chrome = Chrome {
            title: text::PRODUCT,
            subject: title,
            state: &self.state,
            message: self.message.as_ref(),
            hints: key_line(Context::SignIn, area.width, |_| true),
            ..Chrome::default()
        };
        let body = chrome.draw(buf, area, look);
        let top = body.y + body.height / 3;
        let form = Rect { y: top, height: body.bottom().saturating_sub(top).min(6), ..body };
        let hint = if self.locked { text::LOCKED_HINT } else { text::SIGN_IN_HINT };
        let row = form.bottom();
        let style = look.theme.style(Role::Muted);
        for (line, y) in
            crate::tui::widgets::wrap(hint, usize::from(body.width.saturating_sub(8))).iter().zip(row..)
        {
            if y < body.bottom() {
                put(buf, body.x + 4, y, line, body.width.saturating_sub(8), style, look);
            }
        }
        self.form.view(buf, form, look)
    }
}
