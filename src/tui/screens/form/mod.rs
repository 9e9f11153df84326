//! The form (DJ BG BX …): one screen for every form definition. Fields in the paper's order, a draft saved at each
//! field exit, findings beside the fields, then the page before submitting, then 受理. Knows use cases and definitions;
//! must not know any one form.

mod act;
mod ask;
mod bill;
mod block;
mod check;
mod codes;
mod entry;
mod import;
mod leaf;
mod paper;
mod submit;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::form::{FieldPath, Finding, FormData, Kind, Severity};

use super::materials::Materials;
use crate::app::{AppError, BillSums, Draft};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Focus};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::widgets::form::Form;
use ask::Question;
use leaf::Leaf;
use paper::{Sheet, Wanted};
use submit::{Done, Errand};

/// Steps that can be undone.
const HISTORY: usize = 100;

/// What the form shows.
enum Side {
    /// The fields.
    Fields,
    /// Everything once more, before it is handed in.
    Check(Leaf),
    /// The checklist of papers.
    Materials(Materials),
    /// Handed in: number and day.
    Done(Done),
}

/// How it was before a change.
struct Before {
    data: FormData,
    answers: BTreeMap<String, String>,
    caret: String,
}

/// What the key line may need to know of the focused field.
#[derive(Clone, Copy, Default)]
struct Here {
    kind: Option<Kind>,
    /// What is typed here is looked up in the catalogues.
    search: bool,
    doubt: bool,
}

/// The screen of one draft.
pub struct FormScreen {
    code: String,
    name: String,
    draft: Draft,
    form: Form,
    side: Side,
    /// The checklist was opened from the page before submitting, and leads back there.
    over_check: bool,
    question: Option<Question>,
    wanted: Vec<Wanted>,
    /// Printed number of the case that is put right.
    number: String,
    /// Everything that stands against the form now.
    findings: Vec<Finding>,
    /// Empty required fields are findings: after the first look at the page before submitting.
    strict: bool,
    history: Vec<Before>,
    carried: BTreeSet<String>,
    /// What a new draft began with: nothing typed, nothing to keep.
    blank: Option<FormData>,
    /// The store refused the last save; the next exit tries again.
    unsaved: bool,
    /// The field left last: a doubt about it can be answered at once, though the caret has gone on.
    lately: Option<FieldPath>,
    /// What the value stored last says about itself, until it was shown.
    spoken: Option<String>,
    /// The field whose line of help was shown last.
    helped: Option<String>,
    /// A time of receipt that was not taken: there again when it is asked for once more.
    untaken: Option<String>,
    /// Made once a confirmation, kept for a retry.
    command: Option<(Errand, [u8; 16])>,
    township: String,
    /// Sums of the bill; none on other forms.
    sums: Option<BillSums>,
    here: Here,
    body: Cell<Rect>,
}

/// Opens a new draft of a form, by id or screen code; with a person, filled from the register.
///
/// # Errors
/// When the person may not, there is no such form or person, or the store refuses.
pub fn open_new(form: &str, psn_no: Option<&str>, room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let library = room.station.library();
    let found = library.forms.values().find(|each| each.def.id == form || each.def.code == form);
    let id = found.map(|each| each.def.id.clone()).ok_or_else(|| AppError::Input(text::no_form(form)))?;
    let draft = room.station.open_draft(room.actor, &id, psn_no)?;
    let blank = draft.data.clone();
    let mut screen = FormScreen::of(draft, room)?;
    screen.blank = Some(blank);
    Ok(Box::new(screen))
}

/// Opens a draft where its caret stood.
///
/// # Errors
/// When there is no such draft of this account, or the store cannot be read.
pub fn open_draft(case_id: &[u8; 16], room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let drafts = room.station.drafts(room.actor)?;
    let draft = drafts.into_iter().find(|draft| draft.case_id == *case_id);
    let draft = draft.ok_or_else(|| AppError::NotFound(text::FORM_DRAFT.to_owned()))?;
    Ok(Box::new(FormScreen::of(draft, room)?))
}

/// Opens the correction of a returned case, at the first thing that was asked for.
///
/// # Errors
/// When the person may not, or the case does not wait for a supplement.
pub fn open_correction(case_id: &[u8; 16], room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let draft = room.station.open_correction(room.actor, case_id)?;
    Ok(Box::new(FormScreen::of(draft, room)?))
}

impl FormScreen {
    fn of(draft: Draft, room: Room<'_>) -> Result<Self, AppError> {
        let def = room.station.form_of_draft(&draft)?;
        let name = def.name.clone();
        let snapshot = room.station.snapshot()?;
        let mut number = String::new();
        let mut wanted = Vec::new();
        if draft.correcting
            && let Some(case) = snapshot.case(&draft.case_id)?
        {
            wanted = case
                .open_demands()
                .iter()
                .map(|demand| Wanted {
                    path: demand.path.clone(),
                    label: room.station.demand_label(def, demand),
                    reason: demand.reason.clone(),
                    article: demand.article.clone(),
                })
                .collect();
            number = case.number;
        }
        let mut screen = Self {
            code: def.code.clone(),
            name,
            form: Form::default(),
            side: Side::Fields,
            over_check: false,
            question: None,
            wanted,
            number,
            findings: Vec::new(),
            strict: draft.correcting,
            history: Vec::new(),
            carried: BTreeSet::new(),
            blank: None,
            unsaved: false,
            lately: None,
            spoken: None,
            helped: None,
            untaken: None,
            command: None,
            township: snapshot.station()?.township,
            sums: None,
            here: Here::default(),
            body: Cell::new(Rect::new(0, 1, 80, 21)),
            draft,
        };
        screen.rebuild(room)?;
        screen.go_to_path(&screen.draft.caret.clone());
        screen.look_here(room);
        Ok(screen)
    }

    /// Judges the draft anew and lays the fields out anew; the focus stays on its field.
    fn rebuild(&mut self, room: Room<'_>) -> Result<(), AppError> {
        let def = room.station.form_of_draft(&self.draft)?;
        let mut findings = room.station.check_draft(&self.draft)?;
        if !self.strict {
            findings.retain(|finding| !is_gap(finding));
        }
        self.findings = findings;
        self.sums = room.station.bill_sums(&self.draft);
        let sheet = Sheet {
            def,
            data: &self.draft.data,
            context: room.station.eval_context(),
            findings: &self.findings,
            wanted: &self.wanted,
            carried: &self.carried,
        };
        let (fields, lines) = sheet.lay_out();
        if self.form.fields().is_empty() {
            self.form = Form::new(fields, lines);
        } else {
            self.form.replace(fields, lines);
        }
        self.look_here(room);
        Ok(())
    }

    /// Notes what the focused field is, for the key line and for questions about it.
    fn look_here(&mut self, room: Room<'_>) {
        let path = self.path_here();
        let def = room.station.form_of_draft(&self.draft).ok();
        let field = def.zip(path.as_ref());
        let kind = field.and_then(|(def, path)| def.kind_at(&self.draft.data, path)).map(|spec| spec.kind);
        let search =
            field.and_then(|(def, path)| def.field(path)).is_some_and(|field| field.search.is_some());
        self.here = Here { kind, search, doubt: self.doubt_here().is_some() };
    }

    fn path_here(&self) -> Option<FieldPath> {
        self.form.focused().and_then(|field| field.id.parse().ok())
    }

    /// The doubt that a reason would let pass: on the fields the one beside the focus, else of the field left last; on
    /// the page before submitting the first one.
    fn doubt_here(&self) -> Option<Finding> {
        let doubts = || self.findings.iter().filter(|finding| finding.severity == Severity::Warning);
        if matches!(self.side, Side::Check(_)) {
            return doubts().next().cloned();
        }
        let at = |path: Option<&FieldPath>| doubts().find(|finding| Some(&finding.path) == path).cloned();
        at(self.path_here().as_ref()).or_else(|| at(self.lately.as_ref()))
    }

    fn go_to_path(&mut self, path: &str) -> bool {
        let exact = self.form.index_of(path);
        // A demand about a whole table, or a hidden field: the first field of the same table.
        let table = path.split('.').next().unwrap_or_default();
        let near = || {
            let begins = |id: &str| !table.is_empty() && id.split('.').next() == Some(table);
            self.form.fields().iter().position(|field| begins(&field.id))
        };
        match exact.or_else(near) {
            Some(index) => {
                let _ = self.form.go_to(index);
                true
            }
            None => false,
        }
    }

    /// The name the draft is known by on line 1.
    fn who(&self) -> &str {
        let names = ["psn_name", "householder_name"].map(|id| self.draft.data.field(id));
        names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
    }
}

/// Something is not there yet: no fault of what was typed.
fn is_gap(finding: &Finding) -> bool {
    matches!(finding.rule.as_str(), "required" | "rows.min")
}

impl Screen for FormScreen {
    fn put_by(&mut self, room: Room<'_>) {
        // A failed save is tried again at the next field exit; the characters stay in the field until then.
        let _ = self.save_here(room);
    }

    fn code(&self) -> &str {
        &self.code
    }

    fn title(&self) -> &str {
        &self.name
    }

    fn subject(&self) -> String {
        let area = self.body.get();
        let place = match &self.side {
            Side::Fields => {
                let (page, pages) = self.form.page(area);
                text::form_page(page, pages)
            }
            Side::Check(_) => text::FORM_CHECK.to_owned(),
            Side::Materials(_) => text::MATERIALS.to_owned(),
            Side::Done(_) => return self.who().to_owned(),
        };
        let saved = if self.unsaved {
            text::FORM_UNSAVED.to_owned()
        } else {
            text::form_saved(&crate::app::local(self.draft.saved_ms).format("%H:%M").to_string())
        };
        [self.who(), &self.number, &saved, &place].into_iter().filter(|part| !part.is_empty()).fold(
            String::new(),
            |line, part| if line.is_empty() { part.to_owned() } else { format!("{line} {part}") },
        )
    }

    fn context(&self) -> Context {
        match &self.side {
            Side::Materials(_) => Context::List,
            Side::Fields | Side::Check(_) | Side::Done(_) => Context::Form,
        }
    }

    fn focus(&self) -> Focus {
        match &self.side {
            Side::Fields => self.form.key_focus(),
            _ => Focus::None,
        }
    }

    fn offers(&self, action: Action) -> bool {
        self.has(action)
    }

    fn modal(&self) -> bool {
        self.question.is_some() || matches!(&self.side, Side::Materials(materials) if materials.asking())
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        self.take(action, room)
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        if self.question.is_some() {
            return self.answer(key, room);
        }
        self.helped = None;
        self.type_key(key, room)
    }

    fn paste(&mut self, block: &str, room: Room<'_>) -> Step {
        if self.question.is_some() {
            return self.paste_answer(block, room);
        }
        match &mut self.side {
            Side::Fields => self.paste_block(block, room),
            Side::Materials(materials) => {
                materials.paste(block);
                Step::Changed
            }
            _ => Step::Still,
        }
    }

    fn refresh(&mut self, room: Room<'_>) {
        // What the notice asked for was noted while its preview lay on top.
        if let Ok(Some(stored)) = room
            .station
            .snapshot()
            .and_then(|snapshot| Ok(snapshot.draft(&self.draft.account, &self.draft.case_id)?))
        {
            self.draft.data.noticed = stored.data.noticed;
        }
        // A failure shows where the person acts next; what was typed stays.
        if matches!(self.side, Side::Fields) {
            self.look_here(room);
        }
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        // The sums of a bill stand below its fields on every page, so that no field ever moves.
        let fields = Rect { height: body.height.saturating_sub(self.foot_rows()), ..body };
        self.body.set(fields);
        let caret = match &self.side {
            Side::Fields => {
                self.view_sums(frame.buffer_mut(), body, look);
                self.form.view(frame.buffer_mut(), fields, look)
            }
            Side::Check(leaf) => leaf.view(frame.buffer_mut(), body, look),
            Side::Materials(materials) => materials.view(frame.buffer_mut(), (body, screen), look),
            Side::Done(done) => done.leaf.view(frame.buffer_mut(), body, look),
        };
        match &self.question {
            Some(question) => question.view(frame, body, look),
            None => caret,
        }
    }
}
