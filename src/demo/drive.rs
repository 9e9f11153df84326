//! A clerk's hands: types keys into a real session and reads the screen that comes back, bytes in and bytes out as on
//! any terminal. Knows sessions and forms; must not reach around the screens.

use std::sync::Arc;
use std::time::Duration;

use xiangbao_core::form::{self, FieldPath, FormDef};
use xiangbao_core::role::Actor;

use super::office::{DemoError, Login};
use super::plays::Play;
use crate::app::{Draft, Station};
use crate::tui::desk::Desk;
use crate::tui::runtime::{Hello, Now, Session, keys};

/// Columns and rows of the clerk's terminal: the smallest that every screen is made for.
const SIZE: (u16, u16) = (80, 24);
/// Between two keys.
const KEYSTROKE: Duration = Duration::from_millis(50);
/// How often a screen is looked at while it works.
const LOOK: Duration = Duration::from_millis(20);
/// How often at most: half a minute.
const LOOKS: u32 = 1_500;

/// A session and where it stands.
pub struct Driver {
    station: Arc<Station>,
    session: Session<Desk>,
    now: Now,
    /// Keys typed so far.
    pub keystrokes: u64,
}

impl Driver {
    /// A terminal at the sign-in screen.
    pub fn new(station: &Arc<Station>) -> Self {
        let hello = Hello::sized(SIZE.0, SIZE.1);
        let now = Now { mono: Duration::from_secs(1), wall: station.now().naive_local() };
        let desk = Desk::new(Arc::clone(station), &hello);
        let mut driver = Self {
            station: Arc::clone(station),
            session: Session::new(desk, &hello, now),
            now,
            keystrokes: 0,
        };
        // A terminal that does not answer the probe: the screens choose ASCII frames, which a log shows everywhere.
        driver.pass(Duration::from_millis(400));
        driver
    }

    fn pass(&mut self, time: Duration) {
        self.now = self.now.after(time);
        let _ = self.session.tick(self.now);
        // The frames go nowhere; the screen is read as text.
        let _ = self.session.take_output(self.now);
    }

    /// Types a key script, a frame after each key.
    ///
    /// # Errors
    /// A key without a name.
    pub fn keys(&mut self, script: &str) -> Result<&mut Self, DemoError> {
        for key in keys(script).map_err(|fault| DemoError::Result(fault.to_string()))? {
            let _ = self.session.feed(&key, self.now);
            self.pass(KEYSTROKE);
            self.keystrokes += 1;
        }
        Ok(self)
    }

    /// Types a text as it stands.
    ///
    /// # Errors
    /// As [`Self::keys`].
    pub fn text(&mut self, text: &str) -> Result<&mut Self, DemoError> {
        self.keys(&text.replace('<', "<lt>"))
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        self.session.screen_text()
    }

    /// Demands that the screen shows a text.
    ///
    /// # Errors
    /// The screen, when it does not.
    pub fn sees(&mut self, text: &str) -> Result<&mut Self, DemoError> {
        if self.screen().contains(text) {
            return Ok(self);
        }
        Err(self.astray(&format!("画面上应有【{text}】")))
    }

    /// Waits until the screen shows a text.
    ///
    /// # Errors
    /// The screen, when it does not within half a minute.
    pub fn waits_for(&mut self, text: &str) -> Result<&mut Self, DemoError> {
        for _ in 0..LOOKS {
            if self.screen().contains(text) {
                return Ok(self);
            }
            std::thread::sleep(LOOK);
            self.pass(KEYSTROKE);
        }
        Err(self.astray(&format!("等不到【{text}】")))
    }

    /// The walk went wrong here.
    pub fn astray(&self, what: &str) -> DemoError {
        DemoError::Screen { what: what.to_owned(), screen: self.screen() }
    }

    /// Signs in at the sign-in screen.
    ///
    /// # Errors
    /// The screen, when home does not come.
    pub fn sign_in(&mut self, login: &Login) -> Result<&mut Self, DemoError> {
        self.text(login.account)?.keys("<Enter>")?.text(login.pin)?.keys("<Enter>")?.sees(login.name)
    }

    /// Locks, and leaves the desk to the next person.
    ///
    /// # Errors
    /// As [`Self::keys`].
    pub fn sign_out(&mut self) -> Result<&mut Self, DemoError> {
        self.keys("<Ctrl-x><Esc>")
    }

    /// Finds a person by certificate number and opens the card.
    ///
    /// # Errors
    /// The screen, when the person is not found.
    pub fn find(&mut self, certno: &str, name: &str) -> Result<&mut Self, DemoError> {
        self.keys("<F3>")?.text(certno)?.keys("<Enter>")?.sees(name)?.keys("<Enter>")?.sees(name)
    }

    /// Types a play into the form that is open, field by field in the paper's order. Answers the draft as stored.
    ///
    /// # Errors
    /// When the screens go astray, or the stored draft does not hold what was typed.
    pub fn fill(&mut self, play: &Play, actor: &Actor) -> Result<Draft, DemoError> {
        let station = Arc::clone(&self.station);
        let mut draft = self.draft(actor)?;
        let def = station.form_of_draft(&draft)?;
        let mut here = focus_order(&station, def, &draft, None).into_iter().next();
        while let Some(path) = here {
            if let Some((_, value)) = play.values.iter().find(|(at, _)| *at == path) {
                self.keys("<Ctrl-e><Ctrl-u>")?.text(value)?;
            }
            let row = next_row(&station, def, &draft, play, &path);
            self.keys(if row.is_some() { "<F7>" } else { "<Enter>" })?;
            draft = self.draft(actor)?;
            let order = focus_order(&station, def, &draft, Some(&path));
            here = match row {
                Some((table, index)) => order.into_iter().find(|at| at.row == Some((table.clone(), index))),
                None => order.into_iter().skip_while(|at| *at != path).nth(1),
            };
            // Enter at the end of a bill begins a new line; in that empty line it leaves the bill.
            if here.as_ref().is_some_and(|at| beyond(play, at)) {
                self.keys("<Enter>")?;
                draft = self.draft(actor)?;
                let order = focus_order(&station, def, &draft, Some(&path));
                here = order.into_iter().skip_while(|at| *at != path).nth(1);
            }
        }
        for (path, value) in &play.values {
            if draft.data.get(path) != value {
                let stored = draft.data.get(path);
                return Err(self.astray(&format!("{path}：键入【{value}】，草稿中是【{stored}】")));
            }
        }
        Ok(draft)
    }

    fn draft(&self, actor: &Actor) -> Result<Draft, DemoError> {
        let newest = self.station.drafts(actor)?.pop();
        newest.ok_or_else(|| self.astray("没有草稿"))
    }
}

/// The fields that take the focus, in the order of the paper: in a bill Enter passes over what a line has already, unless
/// the caret stands there.
fn focus_order(station: &Station, def: &FormDef, draft: &Draft, here: Option<&FieldPath>) -> Vec<FieldPath> {
    let context = station.eval_context();
    let passed = |path: &FieldPath| path.row.is_some() && form::passed(def, &draft.data, path, &context);
    let shown = form::shown_fields(def, &draft.data, &context).into_iter();
    let open = shown.filter(|path| def.field(path).is_some_and(|field| !field.readonly));
    open.filter(|path| Some(path) == here || !passed(path)).collect()
}

/// A row that the play does not have.
fn beyond(play: &Play, at: &FieldPath) -> bool {
    at.row.is_some() && !play.values.iter().any(|(path, _)| path.row == at.row)
}

/// The row to be added now: the focus stands on the last field of a table's last row and the play has one more, or on
/// the last field before a table that is still empty.
fn next_row(
    station: &Station,
    def: &FormDef,
    draft: &Draft,
    play: &Play,
    path: &FieldPath,
) -> Option<(String, usize)> {
    let Some((table, index)) = path.row.clone() else {
        return first_row(station, def, draft, play, path);
    };
    let last = index + 1 == draft.data.rows(&table).len();
    let wanted = play.values.iter().any(|(at, _)| at.row == Some((table.clone(), index + 1)));
    let order = focus_order(station, def, draft, Some(path));
    let end = order.iter().rev().find(|at| at.row == path.row) == Some(path);
    (last && wanted && end).then_some((table, index + 1))
}

/// The first row of an empty table that follows this field.
fn first_row(
    station: &Station,
    def: &FormDef,
    draft: &Draft,
    play: &Play,
    path: &FieldPath,
) -> Option<(String, usize)> {
    let section_of = |at: &FieldPath| match &at.row {
        Some((table, _)) => {
            def.sections.iter().position(|s| s.table.as_ref().is_some_and(|t| t.id == *table))
        }
        None => def.sections.iter().position(|s| s.table.is_none() && s.field(&at.field).is_some()),
    };
    let here = section_of(path)?;
    let order = focus_order(station, def, draft, Some(path));
    let next = order.iter().skip_while(|at| *at != path).nth(1).and_then(section_of);
    let end = next.unwrap_or(def.sections.len());
    let tables = def.sections.get(here + 1..end)?.iter().filter_map(|section| section.table.as_ref());
    let mut empty = tables.map(|table| table.id.clone()).filter(|id| draft.data.rows(id).is_empty());
    let wanted = |id: &String| play.values.iter().any(|(at, _)| at.row == Some((id.clone(), 0)));
    empty.find(wanted).map(|id| (id, 0))
}
