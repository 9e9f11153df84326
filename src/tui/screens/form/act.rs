//! Which action means what on the form and its pages. Knows actions; the work is done in the files beside this one.

use xiangbao_core::form::Kind;

use super::ask::Question;
use super::{FormScreen, Side};
use crate::tui::key::{Code, Key};
use crate::tui::keymap::{Action, Screen as ScreenCode};
use crate::tui::screen::{Room, Step};
use crate::tui::text;
use crate::tui::widgets::form::{FormEvent, Kind as Typed};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::prompt::Prompt;

impl FormScreen {
    /// Whether the action means something just now.
    pub(super) fn has(&self, action: Action) -> bool {
        match &self.side {
            Side::Fields => match action {
                Action::Pick => {
                    self.here.search || matches!(self.here.kind, Some(Kind::Code | Kind::Flag | Kind::Note))
                }
                Action::Explain => self.here.doubt,
                Action::AddRow => !self.draft.data.tables.is_empty(),
                Action::Import => self.imports(),
                Action::CopyField | Action::Materials | Action::Review | Action::Submit => true,
                _ => false,
            },
            Side::Check(_) => match action {
                Action::Explain => self.here.doubt,
                action => matches!(action, Action::Materials | Action::Submit | Action::Print),
            },
            Side::Materials(_) => matches!(action, Action::Submit | Action::Print),
            Side::Done(_) => action == Action::Print,
        }
    }

    pub(super) fn take(&mut self, action: Action, room: Room<'_>) -> Step {
        if action != Action::Help {
            self.helped = None;
        }
        match &self.side {
            Side::Fields => self.on_fields(action, room),
            Side::Check(_) => self.on_check(action, room),
            Side::Materials(_) => self.on_materials(action, room),
            Side::Done(_) => self.on_done(action, room),
        }
    }

    fn on_fields(&mut self, action: Action, room: Room<'_>) -> Step {
        match action {
            Action::Help => self.help(room),
            Action::Back => self.leave(room),
            Action::Accept
            | Action::Next
            | Action::Previous
            | Action::PageDown
            | Action::PageUp
            | Action::First
            | Action::Last => self.walk(action, room),
            Action::CopyField => self.copy_field(room),
            Action::CopyRest => self.copy_rest(room),
            Action::Pick => self.pick(room),
            Action::Undo => self.undo(room),
            Action::AddRow => self.add_row(None, room),
            Action::InsertRow => self.insert_row(room),
            Action::RemoveRow => self.ask_remove_row(),
            Action::JumpField => self.ask_field(),
            Action::Explain => self.ask_reason(),
            Action::Materials => self.open_materials(room),
            Action::Review => self.open_check(room),
            Action::Submit => self.ask_submit(room),
            Action::Refuse => self.ask_refuse(room),
            Action::Discard => self.ask_discard(),
            Action::Import => self.ask_import(room),
            Action::Print => self.print_form(room),
            // Another screen may open on top, or the terminal be locked: what stands in the field is saved first.
            Action::FindPerson | Action::Palette | Action::Jump | Action::Lock => {
                match self.save_here(room) {
                    Some(message) if self.unsaved => Step::Say(message),
                    _ => Step::Unhandled,
                }
            }
            _ => Step::Unhandled,
        }
    }

    fn on_check(&mut self, action: Action, room: Room<'_>) -> Step {
        match action {
            Action::Back | Action::Review => self.back_to_fields(room),
            Action::Accept => self.go_to_first_finding(room),
            Action::Explain => self.ask_reason(),
            Action::Materials => self.open_materials(room),
            Action::Submit => self.ask_submit(room),
            Action::JumpField => self.ask_field(),
            Action::Refuse => self.ask_refuse(room),
            Action::Discard => self.ask_discard(),
            Action::Print => self.print_form(room),
            action => match &mut self.side {
                Side::Check(leaf) => moved(leaf.act(action)),
                _ => Step::Unhandled,
            },
        }
    }

    fn on_materials(&mut self, action: Action, room: Room<'_>) -> Step {
        match action {
            Action::Back if self.over_check => self.open_check(room),
            Action::Back => self.back_to_fields(room),
            Action::Submit => self.ask_submit(room),
            Action::Print => self.print_notice(room),
            action => match &mut self.side {
                Side::Materials(materials) => materials.act(action),
                _ => Step::Unhandled,
            },
        }
    }

    fn on_done(&mut self, action: Action, room: Room<'_>) -> Step {
        match action {
            Action::Back | Action::Accept => Step::Go(ScreenCode::Home),
            Action::Print => self.print_done(room),
            action => match &mut self.side {
                Side::Done(done) => moved(done.leaf.act(action)),
                _ => Step::Unhandled,
            },
        }
    }

    /// A key that is no action.
    pub(super) fn type_key(&mut self, key: Key, room: Room<'_>) -> Step {
        match &mut self.side {
            Side::Materials(materials) => match materials.key(key, &mut self.draft, room) {
                Ok(step) => step,
                Err(error) => Step::failed(&error),
            },
            Side::Fields => {
                let empty = self.form.focused().is_some_and(|field| field.value().is_empty());
                if empty && matches!(key.as_command().code, Code::Char(' ')) && !key.ctrl {
                    // Space in an empty field: the one used last.
                    return self.copy_field(room);
                }
                if self.has_lines() && matches!(key.code, Code::Char(_) | Code::Backspace | Code::Delete) {
                    return self.pick(room);
                }
                match self.form.key(key) {
                    FormEvent::Ignored => Step::Still,
                    _ => Step::Changed,
                }
            }
            Side::Check(_) | Side::Done(_) => Step::Still,
        }
    }

    /// The focused field holds text of several lines: it is edited in its own room only.
    fn has_lines(&self) -> bool {
        self.path_here().is_some_and(|path| self.draft.data.get(&path).contains('\n'))
    }

    /// One line about the field; asked again, the article's text.
    fn help(&mut self, room: Room<'_>) -> Step {
        let Some(path) = self.path_here() else { return Step::Unhandled };
        let Ok(def) = room.station.form_of_draft(&self.draft) else { return Step::Unhandled };
        let Some(field) = def.field(&path) else { return Step::Unhandled };
        let id = path.to_string();
        if self.helped.as_deref() != Some(&id) {
            self.helped = Some(id);
            return Step::Say(Message::plain(text::form_help(&field.help, &field.article)));
        }
        let title = text::form_article(&field.article);
        let body = match def.article(&field.article) {
            Some(article) if article.restored => text::form_restored(&article.text),
            Some(article) => article.text.clone(),
            None => text::FORM_NO_ARTICLE.to_owned(),
        };
        self.question = Some(Question::read(&title, &body));
        Step::Changed
    }

    fn ask_field(&mut self) -> Step {
        self.question = Some(Question::Number(Prompt::new(text::FORM_JUMP, "")));
        Step::Changed
    }

    /// To the field with this number on the screen.
    pub(super) fn jump(&mut self, typed: &str, room: Room<'_>) -> Step {
        let digits: String = typed.chars().map(crate::tui::key::half_width).collect();
        let index = digits.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let fills =
            |at: &usize| self.form.fields().get(*at).is_some_and(|field| field.kind != Typed::ReadOnly);
        let Some(index) = index.filter(fills) else {
            return Step::Say(Message::warning(text::FORM_NO_FIELD));
        };
        let id = self.form.fields().get(index).map(|field| field.id.clone()).unwrap_or_default();
        let said = self.save_here(room);
        self.side = Side::Fields;
        self.go_to_path(&id);
        self.look_here(room);
        said.or_else(|| self.remark_here()).map_or(Step::Changed, Step::Say)
    }
}

fn moved(moved: bool) -> Step {
    if moved { Step::Changed } else { Step::Unhandled }
}
