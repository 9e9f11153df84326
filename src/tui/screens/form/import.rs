//! A school's file into the form: asks for the path, shows what is wrong cell by cell, takes everything or, when asked,
//! the good rows. Knows the use case; must not know file formats.

use std::path::Path;

use super::ask::{Deed, Question};
use super::{FormScreen, Side};
use crate::app::{AppError, ImportOrder, ImportReport, ROSTER_FORM};
use crate::tui::screen::{Room, Step};
use crate::tui::text;
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::prompt::Prompt;
use crate::tui::widgets::reader::Reader;

/// Faults that are shown; the rest is counted.
const SHOWN: usize = 100;

impl FormScreen {
    /// Whether the form takes a file.
    pub(super) fn imports(&self) -> bool {
        self.sums.is_some() || (self.draft.form == ROSTER_FORM && !self.draft.correcting)
    }

    /// Asks for the file.
    pub(super) fn ask_import(&mut self, room: Room<'_>) -> Step {
        if !self.imports() {
            return Step::Say(Message::plain(text::FORM_IMPORT_NOT_HERE));
        }
        if let Some(message) = self.save_here(room).filter(|_| self.unsaved) {
            return Step::Say(message);
        }
        self.question = Some(Question::File(Prompt::long(text::FORM_IMPORT_PATH, "")));
        Step::Changed
    }

    /// What the file is follows from the form.
    pub(super) fn import_file(&mut self, path: &str, room: Room<'_>) -> Step {
        if self.sums.is_some() { self.preview_bill(path, room) } else { self.import(path, false, room) }
    }

    /// Reads the file into this draft; further classes become drafts of their own.
    pub(super) fn import(&mut self, path: &str, keep_good: bool, room: Room<'_>) -> Step {
        let order = ImportOrder { keep_good, into: Some(self.draft.case_id), ..ImportOrder::default() };
        match room.station.import_roster_file(room.actor, Path::new(path.trim()), order) {
            Ok(report) if report.imported => self.imported(&report, room),
            Ok(report) => self.not_imported(&report, path),
            Err(error) => Step::failed(&error),
        }
    }

    fn imported(&mut self, report: &ImportReport, room: Room<'_>) -> Step {
        self.remember();
        self.side = Side::Fields;
        let loaded = room.station.drafts(room.actor).and_then(|drafts| {
            let own = drafts.into_iter().find(|draft| draft.case_id == self.draft.case_id);
            own.ok_or_else(|| AppError::NotFound(self.name.clone()))
        });
        let shown = loaded.and_then(|draft| {
            self.draft = draft;
            self.rebuild(room)
        });
        match shown {
            Ok(()) => Step::Say(Message::good(text::form_imported(report.good, report.classes.len()))),
            Err(error) => Step::failed(&error),
        }
    }

    fn not_imported(&mut self, report: &ImportReport, path: &str) -> Step {
        let mut lines = vec![text::form_import_faults(report.rows, report.good)];
        lines.extend(report.faults.iter().take(SHOWN).map(|fault| format!("· {}", fault.line())));
        let hidden = report.faults.len().saturating_sub(SHOWN) + report.more;
        if hidden > 0 {
            lines.push(text::form_import_more(hidden));
        }
        let reader = Reader::new(text::FORM_IMPORT_TITLE, &lines.join("\n"));
        let good = (report.good > 0).then(|| path.to_owned());
        self.question = Some(Question::Faults(reader, good, report.good));
        Step::Changed
    }

    /// After the faults were read: the good rows alone?
    pub(super) fn ask_good_rows(&mut self, path: Option<String>, good: usize) -> Step {
        if let Some(path) = path {
            let question = text::form_import_good(good);
            self.question = Some(Question::sure(&question, Deed::ImportGood { path }));
        }
        Step::Changed
    }
}
