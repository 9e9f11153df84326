//! Typing: what happens when a field is left, when it is copied, undone, when rows come and go. Every change is stored
//! before the screen says so. Knows the draft's use cases; must not know how a case is decided.

use xiangbao_core::form::{FieldPath, Kind, Row};

use super::codes::Desk;
use super::paper::{in_one_line, remark, to_start};
use super::{Before, FormScreen, HISTORY};
use crate::app::AppError;
use crate::tui::keymap::Action;
use crate::tui::screen::{Room, Step};
use crate::tui::text;
use crate::tui::widgets::cells::width;
use crate::tui::widgets::form::{FormEvent, Kind as Typed};
use crate::tui::widgets::frame::Message;

impl FormScreen {
    /// Moves the focus; the field that is left is saved.
    pub(super) fn walk(&mut self, action: Action, room: Room<'_>) -> Step {
        let area = self.body.get();
        let from = self.form.focused().map(|field| field.id.clone()).unwrap_or_default();
        if action == Action::Accept
            && let Some(step) = self.look_up(room)
        {
            return step;
        }
        let event = self.form.act(action, area.width, area.height);
        let (left, past_end) = match event {
            FormEvent::Left { field, .. } => (field, false),
            FormEvent::PastEnd { field, .. } => (field, true),
            FormEvent::Moved => return Step::Changed,
            FormEvent::Ignored => return Step::Unhandled,
        };
        let shape = self.ids();
        self.spoken = None;
        self.lately = from.parse().ok();
        if let Some(field) = self.form.field_mut(left) {
            to_start(field);
        }
        let said = self.save_field(left, room);
        if action == Action::Accept && self.in_bill(&from, room) {
            let said = said.or_else(|| self.unknown_item(&from, room));
            return self.go_on_in_bill(&from, said, room);
        }
        if action == Action::Accept && (past_end || self.ids() != shape) {
            // What was typed showed or hid fields: the next one is the next one now.
            if !self.go_after(&from) && past_end && said.is_none() {
                return self.open_check(room);
            }
        }
        self.look_here(room);
        let spoken = self.spoken.take().map(Message::plain);
        said.or_else(|| self.remark_here())
            .or(spoken)
            .or_else(|| self.whisper(&from, room))
            .map_or(Step::Changed, Step::Say)
    }

    /// In a table of one line: the label of the code just left, or what a cell beside the focus is too narrow for.
    fn whisper(&self, left: &str, room: Room<'_>) -> Option<Message> {
        let def = room.station.form_of_draft(&self.draft).ok()?;
        let narrow = |id: &str| {
            let path: FieldPath = id.parse().ok()?;
            let (table, row) = path.row?;
            in_one_line(def, &table).then(|| format!("{table}.{row}."))
        };
        let fields = self.form.fields();
        let words = |label: &str, text: &str| Message::plain(text::form_whisper(label, text));
        if narrow(left).is_some()
            && let Some(field) = fields.iter().find(|field| field.id == left)
            && width(&field.caption) > usize::from(field.cells)
        {
            return Some(words(&field.label, &field.caption));
        }
        let row = narrow(&self.form.focused()?.id)?;
        let cut = fields.iter().find(|field| {
            field.id.starts_with(&row)
                && field.kind == Typed::ReadOnly
                && width(field.value()) > usize::from(field.cells)
        })?;
        Some(words(&cut.label, cut.value()))
    }

    fn ids(&self) -> Vec<String> {
        self.form.fields().iter().map(|field| field.id.clone()).collect()
    }

    /// To the field after this one; false where it is the last.
    pub(super) fn go_after(&mut self, id: &str) -> bool {
        let Some(at) = self.form.index_of(id) else { return false };
        let mut after = (at + 1..self.form.fields().len())
            .filter(|index| self.form.fields().get(*index).is_some_and(|f| f.kind != Typed::ReadOnly));
        match after.next() {
            Some(index) => {
                let _ = self.form.go_to(index);
                true
            }
            None => false,
        }
    }

    /// Saves the focused field; answers what there is to say.
    pub(super) fn save_here(&mut self, room: Room<'_>) -> Option<Message> {
        self.save_field(self.form.focus(), room)
    }

    /// Saves a field by its index, if its text is new (or the last save failed).
    fn save_field(&mut self, index: usize, room: Room<'_>) -> Option<Message> {
        let field = self.form.fields().get(index)?;
        let path: FieldPath = field.id.parse().ok()?;
        if field.kind == Typed::ReadOnly {
            return None;
        }
        let (typed, carried) = (field.value().to_owned(), field.carried);
        let stored = self.draft.data.get(&path);
        if typed == stored || typed == one_line(stored) {
            return self.unsaved.then(|| self.touch(room)).flatten();
        }
        self.store(&path, &typed, carried, room)
    }

    /// Stores a value, follows the register, judges anew; answers what there is to say.
    pub(super) fn store(
        &mut self,
        path: &FieldPath,
        typed: &str,
        carried: bool,
        room: Room<'_>,
    ) -> Option<Message> {
        match self.try_store(path, typed, carried, room) {
            Ok(said) => said.or_else(|| self.remark_at(path)),
            Err(error) => {
                self.unsaved = true;
                Some(Message::error(error.zh()))
            }
        }
    }

    fn try_store(
        &mut self,
        path: &FieldPath,
        typed: &str,
        carried: bool,
        room: Room<'_>,
    ) -> Result<Option<Message>, AppError> {
        self.remember();
        let id = path.to_string();
        if carried {
            self.carried.insert(id.clone());
        } else {
            self.carried.remove(&id);
        }
        // A reason was given for what stood here before, not for this.
        let at = format!("@{id}");
        self.draft.answers.retain(|key, _| !key.ends_with(&at));
        let value = self.meant(path, typed, room);
        let saved = room.station.save_field(&mut self.draft, path, &value);
        let followed = match saved {
            Ok(saved) => {
                self.unsaved = false;
                self.spoken = saved.remark;
                room.station.follow_register(room.actor, &mut self.draft, path)
            }
            Err(error) => Err(error),
        };
        self.rebuild(room)?;
        let followed = followed?;
        let person = followed.iter().any(|filled| filled.field == "psn_no" || filled.row.is_some())
            && path.row.is_none()
            && !self.who().is_empty();
        Ok(person.then(|| Message::good(text::form_followed(self.who()))))
    }

    /// The code that a typed label means; anything else as it was typed.
    pub(super) fn meant(&self, path: &FieldPath, typed: &str, room: Room<'_>) -> String {
        let def = room.station.form_of_draft(&self.draft).ok();
        let spec = def.and_then(|def| def.kind_at(&self.draft.data, path));
        match spec.and_then(|spec| spec.codes.as_deref().filter(|_| spec.kind == Kind::Code)) {
            Some(table) => self.desk(room).resolve(table, typed),
            None => typed.to_owned(),
        }
    }

    pub(super) fn desk<'a>(&'a self, room: Room<'a>) -> Desk<'a> {
        Desk { codes: &room.station.library().codes, today: room.station.today(), township: &self.township }
    }

    /// Keeps how it is now, for undo; a new confirmation is needed afterwards.
    pub(super) fn remember(&mut self) {
        self.command = None;
        self.blank = None;
        if self.history.len() >= HISTORY {
            self.history.remove(0);
        }
        self.history.push(Before {
            data: self.draft.data.clone(),
            answers: self.draft.answers.clone(),
            caret: self.form.focused().map(|field| field.id.clone()).unwrap_or_default(),
        });
    }

    /// Saves the draft as it stands; the caret's field with it.
    fn touch(&mut self, room: Room<'_>) -> Option<Message> {
        if let Some(field) = self.form.focused() {
            self.draft.caret.clone_from(&field.id);
        }
        match room.station.touch(&mut self.draft) {
            Ok(()) => {
                self.unsaved = false;
                None
            }
            Err(error) => {
                self.unsaved = true;
                Some(Message::error(error.zh()))
            }
        }
    }

    /// What stands against a field, as a sentence: the room beside a field is short.
    pub(super) fn remark_at(&self, path: &FieldPath) -> Option<Message> {
        let worst = self.findings.iter().filter(|f| f.path == *path).min_by_key(|f| f.severity)?;
        let remark = remark(worst);
        Some(Message { role: remark.role(), text: remark.sentence() })
    }

    /// The same of the focused field; of a field that a reviewer named, what was asked for.
    pub(super) fn remark_here(&self) -> Option<Message> {
        let path = self.path_here()?;
        let wanted = self.wanted.iter().find(|wanted| wanted.path == path.to_string());
        let asked =
            wanted.map(|wanted| Message::warning(text::form_wanted_here(&wanted.reason, &wanted.article)));
        self.remark_at(&path).or(asked)
    }

    /// F2: the value of the record before (in a table, of the row above), and on to the next field.
    pub(super) fn copy_field(&mut self, room: Room<'_>) -> Step {
        let Some(path) = self.path_here() else { return Step::Still };
        match room.station.carry_over(&self.draft, &path) {
            Err(error) => Step::failed(&error),
            Ok(None) => Step::Say(Message::plain(text::FORM_NOTHING_BEFORE)),
            Ok(Some(value)) => {
                let said = self.store(&path, &value, true, room);
                self.go_after(&path.to_string());
                self.look_here(room);
                said.map_or(Step::Changed, Step::Say)
            }
        }
    }

    /// Shift-F2: all carry fields from here on that are still empty, in one step; in a bill the line before this one.
    pub(super) fn copy_rest(&mut self, room: Room<'_>) -> Step {
        if let Some(path) = self.path_here()
            && self.in_bill(&path.to_string(), room)
        {
            return self.repeat_line(&path, room);
        }
        match self.try_copy_rest(room) {
            Ok(count) => {
                self.look_here(room);
                Step::Say(Message::plain(text::form_copied(count)))
            }
            Err(error) => Step::failed(&error),
        }
    }

    fn try_copy_rest(&mut self, room: Room<'_>) -> Result<usize, AppError> {
        if let Some(message) = self.save_here(room).filter(|_| self.unsaved) {
            return Err(AppError::Input(message.text));
        }
        let def = room.station.form_of_draft(&self.draft)?;
        let rest = self.form.fields().iter().skip(self.form.focus());
        let paths: Vec<FieldPath> = rest.filter_map(|field| field.id.parse().ok()).collect();
        let mut found = Vec::new();
        for path in paths {
            let carries = def.field(&path).is_some_and(|field| field.carry && !field.readonly);
            if carries && self.draft.data.get(&path).is_empty() {
                let value = room.station.carry_over(&self.draft, &path)?;
                found.extend(value.map(|value| (path, value)));
            }
        }
        let Some(((last, value), others)) = found.split_last() else { return Ok(0) };
        self.remember();
        for (path, value) in others {
            self.draft.data.set(path, value);
        }
        self.carried.extend(found.iter().map(|(path, _)| path.to_string()));
        self.keep(last, value, room)?;
        Ok(found.len())
    }

    /// Stores the last of several values set at once, and judges anew.
    pub(super) fn keep(&mut self, path: &FieldPath, value: &str, room: Room<'_>) -> Result<(), AppError> {
        let saved = room.station.save_field(&mut self.draft, path, value);
        self.unsaved = saved.is_err();
        self.rebuild(room)?;
        saved.map(|_| ())
    }

    /// Ctrl-Z: what is being typed, else the last change, stored like any other.
    pub(super) fn undo(&mut self, room: Room<'_>) -> Step {
        if let Some(path) = self.path_here() {
            let stored = one_line(self.draft.data.get(&path));
            if let Some(field) = self.form.focused_mut()
                && field.value() != stored
            {
                field.field.set(&stored);
                return Step::Changed;
            }
        }
        let Some(before) = self.history.pop() else {
            return Step::Say(Message::plain(text::FORM_NOTHING_TO_UNDO));
        };
        self.command = None;
        self.draft.answers = before.answers;
        self.draft.caret.clone_from(&before.caret);
        let restored = room.station.restore_draft(&mut self.draft, before.data);
        self.unsaved = restored.is_err();
        let rebuilt = self.rebuild(room);
        self.go_to_path(&before.caret);
        self.look_here(room);
        match restored.and(rebuilt) {
            Ok(()) => Step::Say(Message::plain(text::FORM_UNDONE)),
            Err(error) => Step::failed(&error),
        }
    }

    /// The table that F7 means: the one with the focus, else the next one below, else the last.
    fn table_here(&self, room: Room<'_>) -> Option<String> {
        let path = self.path_here()?;
        if let Some((table, _)) = path.row {
            return Some(table);
        }
        let def = room.station.form_of_draft(&self.draft).ok()?;
        let here = def.sections.iter().position(|s| s.table.is_none() && s.field(&path.field).is_some());
        let tables = || def.sections.iter().enumerate().filter_map(|(i, s)| Some((i, s.table.as_ref()?)));
        let below = tables().find(|(index, _)| here.is_some_and(|here| *index > here));
        below.or_else(|| tables().next_back()).map(|(_, table)| table.id.clone())
    }

    /// F7: a row at the end of the table; with an index, there.
    pub(super) fn add_row(&mut self, at: Option<usize>, room: Room<'_>) -> Step {
        self.put_row(at, Row::new(), room)
    }

    /// Puts a row into the table and goes to its first field.
    pub(super) fn put_row(&mut self, at: Option<usize>, row: Row, room: Room<'_>) -> Step {
        let Some(table) = self.table_here(room) else {
            return Step::Say(Message::plain(text::FORM_NO_TABLE));
        };
        let said = self.save_here(room);
        self.remember();
        if let Some(at) = at {
            self.forget_rows(&table, at);
        }
        let added = room.station.add_row(&mut self.draft, &table, at, row);
        if let Err(error) = self.rebuild(room) {
            return Step::failed(&error);
        }
        match added {
            Ok(index) => {
                let row = format!("{table}.{index}.");
                let first = self
                    .form
                    .fields()
                    .iter()
                    .position(|f| f.id.starts_with(&row) && f.kind != Typed::ReadOnly);
                if let Some(first) = first {
                    let _ = self.form.go_to(first);
                }
                self.look_here(room);
                said.map_or(Step::Changed, Step::Say)
            }
            Err(error) => {
                self.history.pop();
                Step::failed(&error)
            }
        }
    }

    /// Shift-F7, confirmed.
    pub(super) fn remove_row(&mut self, table: &str, index: usize, room: Room<'_>) -> Step {
        self.remember();
        self.forget_rows(table, index);
        let removed = room.station.remove_row(&mut self.draft, table, index);
        self.unsaved = removed.is_err();
        let rebuilt = self.rebuild(room);
        match removed.and(rebuilt) {
            Ok(()) => Step::Say(Message::plain(text::form_row_removed(index + 1))),
            Err(error) => Step::failed(&error),
        }
    }

    /// Reasons are kept by place: those of this row and of the rows that move no longer fit.
    fn forget_rows(&mut self, table: &str, index: usize) {
        self.draft.answers.retain(|key, _| {
            let path = key.split_once('@').and_then(|(_, path)| path.parse::<FieldPath>().ok());
            !path.and_then(|path| path.row).is_some_and(|(t, row)| t == table && row >= index)
        });
        self.carried.retain(|id| !id.starts_with(&format!("{table}.")));
    }

    /// Esc on the fields: the draft stays; one in which nothing was ever typed goes.
    pub(super) fn leave(&mut self, room: Room<'_>) -> Step {
        let said = self.save_here(room);
        if self.unsaved {
            return said.map_or(Step::Changed, Step::Say);
        }
        if self.blank.as_ref() == Some(&self.draft.data) {
            return match room.station.discard_draft(&self.draft) {
                Ok(()) => Step::Close(None),
                Err(error) => Step::failed(&error),
            };
        }
        match self.touch(room) {
            None => Step::Close(Some(Message::plain(text::FORM_KEPT))),
            Some(message) => Step::Say(message),
        }
    }
}

/// A text of several lines as its field shows it.
fn one_line(text: &str) -> String {
    crate::tui::runtime::clean_line(text)
}
