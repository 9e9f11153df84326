//! A form on the screen: fields in the paper's order, findings beside them, tables of rows, undo. Positions are fixed:
//! pages depend on the window only, so a field always stands where it stood (product 2.4). Knows fields and focus; must
//! not know form definitions, cases or storage.

mod layout;
mod view;

use std::ops::Range;

use super::field::{Edit, Field};
use crate::tui::key::{Code, Key, half_width};
use crate::tui::keymap::{Action, Focus};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Must be mended before submitting.
    Error,
    /// Needs one key and a reason.
    Warning,
    /// A remark.
    Note,
}

/// What validation says of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub level: Level,
    /// What is wrong and how to mend it.
    pub text: String,
}

/// What may be typed into a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    #[default]
    Text,
    /// Digits, codes, dates, amounts, document numbers: full-width forms become ASCII, `+` accepts.
    Number,
    /// A code with a pick list; as [`Kind::Number`].
    Code,
    /// Shown as stars.
    Secret,
    /// Filled by the program; the focus passes over it.
    ReadOnly,
}

/// One field of a form.
#[derive(Clone, Debug, Default)]
pub struct FormField {
    /// The field's path as text (`psn_name`, `members.0.psn_name`).
    pub id: String,
    /// Label of the paper form, or column head.
    pub label: String,
    /// What may be typed.
    pub kind: Kind,
    /// The paper demands it.
    pub required: bool,
    /// Cells of the value on the screen.
    pub cells: u16,
    /// The editor.
    pub field: Field,
    /// Shown behind the value: a code's label, a unit.
    pub caption: String,
    /// The worst finding.
    pub finding: Option<Finding>,
    /// Copied from the previous record (`=`).
    pub carried: bool,
}

impl FormField {
    /// A field with id, label, kind and cells; empty.
    pub fn new(id: &str, label: &str, kind: Kind, cells: u16) -> Self {
        let field = if kind == Kind::Secret { Field::default().masked() } else { Field::default() };
        Self { id: id.to_owned(), label: label.to_owned(), kind, cells, field, ..Self::default() }
    }

    /// The same, demanded by the paper.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same with a value.
    pub fn with(mut self, value: &str) -> Self {
        self.field.set(value);
        self
    }

    /// Its text.
    pub fn value(&self) -> &str {
        self.field.value()
    }
}

/// One line of the paper, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A heading over a group of fields.
    Heading(String),
    /// A field, by its index.
    Field(usize),
    /// Column heads of a table; `columns` are the fields of one row (its labels and cells are taken).
    TableHead(Range<usize>),
    /// A row of a table.
    Row {
        /// The row's number from 1.
        number: usize,
        /// Its fields.
        fields: Range<usize>,
    },
    /// Text between fields: a total, a remark, an empty table.
    Text(String),
}

/// What a key or an action did to a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormEvent {
    /// Not for the form.
    Ignored,
    /// Only the screen changed (caret, text in the field).
    Moved,
    /// The focus left this field: time to save the draft and to validate. `changed` says whether its text did.
    Left {
        /// Index of the field left.
        field: usize,
        /// Its text is not what it was when the focus came.
        changed: bool,
    },
    /// Enter on the last field: open the review page. Never submits (product 2.3).
    PastEnd {
        /// Index of the field left.
        field: usize,
        /// Its text changed.
        changed: bool,
    },
}

/// A form with its focus.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<FormField>,
    lines: Vec<Line>,
    focus: usize,
    before: String,
    undo: Vec<(String, String)>,
}

impl Form {
    /// A form of these fields and lines; the focus is on the first field that can be filled.
    pub fn new(fields: Vec<FormField>, lines: Vec<Line>) -> Self {
        let mut form = Self { fields, lines, ..Self::default() };
        form.focus = form.step(0, true, true).unwrap_or(0);
        form.enter();
        form
    }

    /// Replaces fields and lines (a row was added, the definition reads values anew). The focus stays on the field of
    /// the same id with its caret, or goes to the field that has its place.
    pub fn replace(&mut self, fields: Vec<FormField>, lines: Vec<Line>) {
        let id = self.focused().map(|f| f.id.clone()).unwrap_or_default();
        let caret = self.focused().map(|f| f.field.clone());
        self.fields = fields;
        self.lines = lines;
        let at = self.index_of(&id).unwrap_or_else(|| self.focus.min(self.fields.len().saturating_sub(1)));
        self.focus = self.step(at, true, true).or_else(|| self.step(at, false, true)).unwrap_or(0);
        self.enter();
        if let (Some(editor), Some(now)) = (caret, self.focused_mut())
            && now.id == id
            && now.value() == editor.value()
        {
            now.field = editor;
        }
    }

    /// The fields in focus order.
    pub fn fields(&self) -> &[FormField] {
        &self.fields
    }

    /// A field, to set a caption, a finding or a value.
    pub fn field_mut(&mut self, index: usize) -> Option<&mut FormField> {
        self.fields.get_mut(index)
    }

    /// The index of an id.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.id == id)
    }

    /// The text of an id; empty where there is no such field.
    pub fn value(&self, id: &str) -> &str {
        self.index_of(id).and_then(|i| self.fields.get(i)).map_or("", FormField::value)
    }

    /// Sets the text of an id and remembers the old one for [`Form::undo`]. Answers whether the field exists.
    pub fn set_value(&mut self, id: &str, value: &str) -> bool {
        let Some(index) = self.index_of(id) else { return false };
        if let Some(field) = self.fields.get_mut(index) {
            let old = field.value().to_owned();
            field.field.set(value);
            if old != field.value() {
                self.undo.push((id.to_owned(), old));
            }
        }
        true
    }

    /// Puts findings beside their fields; fields not named lose theirs. Each field shows its worst.
    pub fn set_findings<'a>(&mut self, findings: impl IntoIterator<Item = (&'a str, Finding)>) {
        for field in &mut self.fields {
            field.finding = None;
        }
        for (id, finding) in findings {
            if let Some(field) = self.index_of(id).and_then(|i| self.fields.get_mut(i))
                && field.finding.as_ref().is_none_or(|old| finding.level < old.level)
            {
                field.finding = Some(finding);
            }
        }
    }

    /// The index of the focused field.
    pub fn focus(&self) -> usize {
        self.focus
    }

    /// The focused field.
    pub fn focused(&self) -> Option<&FormField> {
        self.fields.get(self.focus)
    }

    /// The focused field.
    pub fn focused_mut(&mut self) -> Option<&mut FormField> {
        self.fields.get_mut(self.focus)
    }

    /// What the keymap must know of the focus.
    pub fn key_focus(&self) -> Focus {
        match self.focused() {
            None => Focus::None,
            Some(f) => match (f.kind, f.field.is_empty()) {
                (Kind::Number | Kind::Code, true) => Focus::EmptyNumber,
                (Kind::Number | Kind::Code, false) => Focus::Number,
                (_, true) => Focus::EmptyField,
                (_, false) => Focus::Field,
            },
        }
    }

    /// Goes to a field (for `^` and number, count from 1 = index 0), if it can be filled.
    pub fn go_to(&mut self, index: usize) -> FormEvent {
        match self.fields.get(index) {
            Some(f) if f.kind != Kind::ReadOnly => self.move_to(index),
            _ => FormEvent::Ignored,
        }
    }

    /// Types a key into the focused field.
    pub fn key(&mut self, key: Key) -> FormEvent {
        let Some(field) = self.fields.get_mut(self.focus) else { return FormEvent::Ignored };
        let key = match (field.kind, key.code) {
            (Kind::Number | Kind::Code, Code::Char(c)) if !key.ctrl => Key::char(half_width(c)),
            _ => key,
        };
        match field.field.key(key) {
            Edit::Ignored => FormEvent::Ignored,
            Edit::Moved => FormEvent::Moved,
            Edit::Changed => {
                field.carried = false;
                FormEvent::Moved
            }
        }
    }

    /// Pastes into the focused field only; it never leaves the field and never submits.
    pub fn paste(&mut self, text: &str) -> FormEvent {
        let Some(field) = self.fields.get_mut(self.focus) else { return FormEvent::Ignored };
        let text: String = match field.kind {
            Kind::Number | Kind::Code => text.chars().map(half_width).collect(),
            _ => text.to_owned(),
        };
        if field.field.paste(&text) == Edit::Changed {
            field.carried = false;
        }
        FormEvent::Moved
    }

    /// Moves the focus or undoes. `page` is the number of rows of the body, for the page keys.
    pub fn act(&mut self, action: Action, cols: u16, page: u16) -> FormEvent {
        let next = self.step(self.focus + 1, true, true);
        match action {
            Action::Accept => match next {
                Some(next) => self.move_to(next),
                None => FormEvent::PastEnd { field: self.focus, changed: self.leave() },
            },
            Action::Next => self.below().map_or(FormEvent::Moved, |at| self.move_to(at)),
            Action::Previous => self.above().map_or(FormEvent::Moved, |at| self.move_to(at)),
            Action::PageDown | Action::PageUp => {
                let to = self.page_target(action == Action::PageDown, cols, page);
                to.map_or(FormEvent::Moved, |at| self.move_to(at))
            }
            Action::First => self.step(0, true, true).map_or(FormEvent::Moved, |at| self.move_to(at)),
            Action::Last => {
                let last = self.fields.len().saturating_sub(1);
                self.step(last, false, true).map_or(FormEvent::Moved, |at| self.move_to(at))
            }
            Action::Undo => self.undo(),
            _ => FormEvent::Ignored,
        }
    }

    /// Takes back the last change: the text being typed, else the last field left.
    pub fn undo(&mut self) -> FormEvent {
        let before = self.before.clone();
        if let Some(field) = self.focused_mut()
            && field.value() != before
        {
            field.field.set(&before);
            return FormEvent::Moved;
        }
        let Some((id, old)) = self.undo.pop() else { return FormEvent::Moved };
        let Some(index) = self.index_of(&id) else { return FormEvent::Moved };
        if let Some(field) = self.fields.get_mut(index) {
            field.field.set(&old);
        }
        self.focus = index;
        self.enter();
        FormEvent::Left { field: index, changed: true }
    }

    fn move_to(&mut self, index: usize) -> FormEvent {
        if index == self.focus {
            return FormEvent::Moved;
        }
        let event = FormEvent::Left { field: self.focus, changed: self.leave() };
        self.focus = index;
        self.enter();
        event
    }

    fn leave(&mut self) -> bool {
        let Some(field) = self.fields.get(self.focus) else { return false };
        if field.value() == self.before {
            return false;
        }
        self.undo.push((field.id.clone(), std::mem::take(&mut self.before)));
        self.before = field.value().to_owned();
        true
    }

    fn enter(&mut self) {
        self.before = self.focused().map(|f| f.value().to_owned()).unwrap_or_default();
        if let Some(field) = self.focused_mut() {
            field.field.to_end();
        }
    }

    /// The nearest field from `at` (itself counts with `inclusive`) that can be filled.
    fn step(&self, at: usize, forward: bool, inclusive: bool) -> Option<usize> {
        let fills = |i: &usize| self.fields.get(*i).is_some_and(|f| f.kind != Kind::ReadOnly);
        if forward {
            (at + usize::from(!inclusive)..self.fields.len()).find(fills)
        } else {
            (0..(at + usize::from(inclusive)).min(self.fields.len())).rev().find(fills)
        }
    }
}
