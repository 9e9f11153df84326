//! What lies over the form: pick lists, questions, the text of an article, the room for several lines. Knows which answer
//! belongs to which question; the work is done in the files beside this one.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::form::{FieldPath, Finding, FormDef, Kind};

use super::codes::{flag_choices, used_here};
use super::{FormScreen, Side};
use crate::app::BillPreview;
use crate::tui::key::Key;
use crate::tui::keymap::{self, Action, Context, Focus};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::area::Area;
use crate::tui::widgets::cells::put;
use crate::tui::widgets::confirm::{Confirm, ConfirmEvent};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::overlay;
use crate::tui::widgets::pick::{Choice, Pick, PickEvent};
use crate::tui::widgets::prompt::{Prompt, PromptEvent};
use crate::tui::widgets::reader::Reader;

/// What yes means.
pub(super) enum Deed {
    /// 受理, or the corrected case again.
    Accept,
    /// 不予受理.
    Refuse { reason: String, article: String },
    /// The draft goes.
    Discard,
    /// The rows of the file without faults.
    ImportGood { path: String },
    /// The lines of a hospital's list.
    TakeBill(Box<BillPreview>),
    /// A row goes.
    RemoveRow { table: String, index: usize },
}

/// What is asked.
pub(super) enum Question {
    /// Read and close.
    Article(Reader),
    /// A code for this field.
    Code(Pick, FieldPath),
    /// An item of the catalogues for this line.
    Item(Pick, FieldPath),
    /// What a hospital's list would put into the bill.
    Bill(Reader, Box<BillPreview>),
    /// A reason for this doubt.
    Reason(Confirm, Finding),
    /// The list of reasons.
    Reasons(Pick, Finding),
    /// The number of a field.
    Number(Prompt),
    /// Several lines for this field.
    Lines(Box<Area>, FieldPath, String),
    /// Why the case is not accepted.
    RefusalReason(Prompt),
    /// When the papers came, while an outage is noticed.
    Received(Prompt),
    /// On which article.
    RefusalArticle(Prompt, String),
    /// Which file.
    File(Prompt),
    /// What is wrong with it; then, for this file, how many rows could be taken.
    Faults(Reader, Option<String>, usize),
    /// Yes or no.
    Sure(Confirm, Deed),
}

impl Question {
    /// A text to read.
    pub(super) fn read(title: &str, body: &str) -> Self {
        Self::Article(Reader::new(title, body))
    }

    /// Yes or no.
    pub(super) fn sure(question: &str, deed: Deed) -> Self {
        Self::Sure(Confirm::yes_no(question), deed)
    }

    /// Draws over the form; answers the caret's cell.
    pub(super) fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        match self {
            Self::Article(reader) | Self::Faults(reader, ..) | Self::Bill(reader, _) => {
                reader.view(frame.buffer_mut(), body, look)
            }
            Self::Code(pick, _) | Self::Item(pick, _) | Self::Reasons(pick, _) => {
                pick.view(frame.buffer_mut(), body, look)
            }
            Self::Reason(confirm, _) | Self::Sure(confirm, _) => {
                confirm.view(frame.buffer_mut(), screen, look)
            }
            Self::Number(prompt)
            | Self::File(prompt)
            | Self::RefusalReason(prompt)
            | Self::Received(prompt)
            | Self::RefusalArticle(prompt, _) => prompt.view(frame.buffer_mut(), screen, look),
            Self::Lines(area, _, title) => {
                let room = overlay::boxed(frame.buffer_mut(), body, 72, 12, title, look);
                let foot = room.bottom().saturating_sub(1);
                let style = look.theme.style(Role::Muted);
                put(frame.buffer_mut(), room.x, foot, text::FORM_LINES_HINT, room.width, style, look);
                let inner = Rect { height: room.height.saturating_sub(1), ..room };
                area.view(frame, inner, look)
            }
        }
    }
}

impl FormScreen {
    /// A key for the open question.
    pub(super) fn answer(&mut self, key: Key, room: Room<'_>) -> Step {
        let Some(question) = self.question.take() else { return Step::Still };
        match question {
            Question::Article(mut reader) => {
                if reader.key(key) {
                    self.question = Some(Question::Article(reader));
                }
                Step::Changed
            }
            Question::Faults(mut reader, path, good) => match reader.key(key) {
                true => self.keep_open(Question::Faults(reader, path, good)),
                false => self.ask_good_rows(path, good),
            },
            Question::Bill(mut reader, preview) => match reader.key(key) {
                true => self.keep_open(Question::Bill(reader, preview)),
                false => self.ask_take_bill(preview),
            },
            Question::Item(pick, path) => self.item_key(key, pick, path, room),
            Question::Code(mut pick, path) => match pick.key(key) {
                PickEvent::Open => self.keep_open(Question::Code(pick, path)),
                PickEvent::Cancelled => Step::Changed,
                PickEvent::Chosen(index) => {
                    let code = pick.choices().get(index).map(|choice| choice.code.clone());
                    let said = code.and_then(|code| self.store(&path, &code, false, room));
                    self.look_here(room);
                    said.map_or(Step::Changed, Step::Say)
                }
            },
            Question::Reason(mut confirm, finding) => match confirm.key(key) {
                ConfirmEvent::Open => self.keep_open(Question::Reason(confirm, finding)),
                ConfirmEvent::No => Step::Changed,
                ConfirmEvent::PickReason => self.pick_reason(finding, room),
                ConfirmEvent::Yes(code) => self.give_reason(finding, &code, room),
            },
            Question::Reasons(mut pick, finding) => match pick.key(key) {
                PickEvent::Open => self.keep_open(Question::Reasons(pick, finding)),
                PickEvent::Cancelled => self.ask_reason(),
                PickEvent::Chosen(index) => {
                    let code = pick.choices().get(index).map(|choice| choice.code.clone());
                    self.give_reason(finding, &code.unwrap_or_default(), room)
                }
            },
            Question::Lines(area, path, title) => self.lines_key(key, area, path, title, room),
            Question::Sure(mut confirm, deed) => match confirm.key(key) {
                ConfirmEvent::Yes(_) => self.do_it(deed, room),
                ConfirmEvent::No => Step::Changed,
                ConfirmEvent::Open | ConfirmEvent::PickReason => {
                    self.keep_open(Question::Sure(confirm, deed))
                }
            },
            prompt => self.prompt_key(key, prompt, room),
        }
    }

    pub(super) fn keep_open(&mut self, question: Question) -> Step {
        self.question = Some(question);
        Step::Changed
    }

    fn prompt_key(&mut self, key: Key, question: Question, room: Room<'_>) -> Step {
        match question {
            Question::Number(mut prompt) => match prompt.key(key) {
                PromptEvent::Open => self.keep_open(Question::Number(prompt)),
                PromptEvent::Cancelled => Step::Changed,
                PromptEvent::Answer(number) => self.jump(&number, room),
            },
            Question::Received(mut prompt) => match prompt.key(key) {
                PromptEvent::Open => self.keep_open(Question::Received(prompt)),
                PromptEvent::Cancelled => Step::Changed,
                PromptEvent::Answer(typed) => self.received(&typed, room),
            },
            Question::File(mut prompt) => match prompt.key(key) {
                PromptEvent::Open => self.keep_open(Question::File(prompt)),
                PromptEvent::Answer(path) if !path.trim().is_empty() => self.import_file(&path, room),
                PromptEvent::Answer(_) | PromptEvent::Cancelled => Step::Changed,
            },
            Question::RefusalReason(mut prompt) => match prompt.key(key) {
                PromptEvent::Open => self.keep_open(Question::RefusalReason(prompt)),
                PromptEvent::Cancelled => Step::Changed,
                PromptEvent::Answer(reason) if reason.trim().is_empty() => {
                    Step::Say(Message::warning(text::FORM_REFUSAL_EMPTY))
                }
                PromptEvent::Answer(reason) => {
                    let source = room.station.form_of_draft(&self.draft).map(|def| def.source.clone());
                    let prompt = Prompt::new(text::FORM_REFUSAL_ARTICLE, &source.unwrap_or_default());
                    self.keep_open(Question::RefusalArticle(prompt, reason))
                }
            },
            Question::RefusalArticle(mut prompt, reason) => match prompt.key(key) {
                PromptEvent::Open => self.keep_open(Question::RefusalArticle(prompt, reason)),
                PromptEvent::Cancelled => Step::Changed,
                PromptEvent::Answer(article) if article.trim().is_empty() => {
                    Step::Say(Message::warning(text::FORM_REFUSAL_EMPTY))
                }
                PromptEvent::Answer(article) => self.ask_refusal_sure(reason, article),
            },
            _ => Step::Still,
        }
    }

    fn lines_key(
        &mut self,
        key: Key,
        mut area: Box<Area>,
        path: FieldPath,
        title: String,
        room: Room<'_>,
    ) -> Step {
        let done = matches!(
            keymap::action(Context::TextArea, key, Focus::Field),
            Some(Action::Submit | Action::Back | Action::Next | Action::Previous)
        );
        if !done {
            area.key(key);
            return self.keep_open(Question::Lines(area, path, title));
        }
        // Esc too keeps what was typed: one level up loses nothing, and Ctrl-Z takes it back.
        let lines = area.text();
        let said =
            if lines == self.draft.data.get(&path) { None } else { self.store(&path, &lines, false, room) };
        self.look_here(room);
        said.map_or(Step::Changed, Step::Say)
    }

    /// A block pasted while a question is open goes into its field and answers nothing.
    pub(super) fn paste_answer(&mut self, block: &str, room: Room<'_>) -> Step {
        match &mut self.question {
            Some(Question::Code(pick, _) | Question::Reasons(pick, _)) => pick.paste(block),
            Some(Question::Item(..)) => return self.paste_item(block, room),
            Some(
                Question::Number(prompt)
                | Question::File(prompt)
                | Question::RefusalReason(prompt)
                | Question::Received(prompt)
                | Question::RefusalArticle(prompt, _),
            ) => prompt.paste(block),
            Some(Question::Lines(area, ..)) => {
                area.paste(block);
            }
            Some(
                Question::Article(_)
                | Question::Faults(..)
                | Question::Bill(..)
                | Question::Reason(..)
                | Question::Sure(..),
            )
            | None => {
                return Step::Still;
            }
        }
        Step::Changed
    }

    /// F4: the codes of the field, yes and no, or the room for several lines.
    pub(super) fn pick(&mut self, room: Room<'_>) -> Step {
        let (Some(path), Ok(def)) = (self.path_here(), room.station.form_of_draft(&self.draft)) else {
            return Step::Still;
        };
        let (Some(spec), Some(field)) = (def.kind_at(&self.draft.data, &path), def.field(&path)) else {
            return Step::Still;
        };
        let typed = self.form.focused().map(|field| field.value().to_owned()).unwrap_or_default();
        match (spec.kind, spec.codes.as_deref()) {
            _ if field.search.is_some() => self.open_items(&field.label, path, &typed, room),
            (Kind::Code, Some(table)) => {
                let choices = self.choices(def, table, &path, room);
                let known = choices.iter().any(|choice| choice.code == typed);
                let mut pick = Pick::new(&field.label, choices, &typed);
                if !known && !typed.is_empty() {
                    // What was typed and means no code is what one is looking for.
                    pick.paste(&typed);
                }
                self.keep_open(Question::Code(pick, path))
            }
            (Kind::Flag, _) => {
                let pick = Pick::new(&field.label, flag_choices(), &typed);
                self.keep_open(Question::Code(pick, path))
            }
            (Kind::Note, _) => {
                let stored = self.draft.data.get(&path);
                let begin = if stored.contains('\n') { stored.to_owned() } else { typed };
                let area = Box::new(Area::new(&begin, field.max));
                self.keep_open(Question::Lines(area, path, field.label.clone()))
            }
            _ => Step::Say(Message::plain(text::FORM_NO_CODES)),
        }
    }

    fn choices(&self, def: &FormDef, table: &str, path: &FieldPath, room: Room<'_>) -> Vec<Choice> {
        let mut lately = used_here(def, &self.draft.data, table, path);
        if let Ok(Some(before)) = room.station.carry_over(&self.draft, path)
            && !lately.contains(&before)
        {
            lately.push(before);
        }
        self.desk(room).choices(table, &lately)
    }

    /// A doubt passes with a reason: the question stands on the message line.
    pub(super) fn ask_reason(&mut self) -> Step {
        let Some(finding) = self.doubt_here() else {
            return Step::Say(Message::plain(text::FORM_NO_DOUBT));
        };
        let question = text::form_doubt(&finding.message);
        self.keep_open(Question::Reason(Confirm::with_reason(&question), finding))
    }

    fn pick_reason(&mut self, finding: Finding, room: Room<'_>) -> Step {
        let Ok(def) = room.station.form_of_draft(&self.draft) else { return Step::Still };
        let choices = def
            .reasons_for(&finding.rule)
            .into_iter()
            .map(|reason| Choice { code: reason.code.clone(), label: reason.label.clone() });
        let pick = Pick::new(text::FORM_REASONS, choices.collect(), "");
        self.keep_open(Question::Reasons(pick, finding))
    }

    fn give_reason(&mut self, finding: Finding, code: &str, room: Room<'_>) -> Step {
        let Ok(def) = room.station.form_of_draft(&self.draft) else { return Step::Still };
        let reason = def.reasons_for(&finding.rule).into_iter().find(|reason| reason.code == code).cloned();
        let Some(reason) = reason else { return self.pick_reason(finding, room) };
        self.remember();
        let answered = room.station.answer_warning(&mut self.draft, &finding, &reason.code);
        self.unsaved = answered.is_err();
        let shown = match &self.side {
            Side::Check(_) => self.show_check(room),
            _ => self.rebuild(room),
        };
        match answered.and(shown) {
            Ok(()) => Step::Say(Message::good(text::form_reason_given(&reason.label))),
            Err(error) => Step::failed(&error),
        }
    }

    pub(super) fn ask_remove_row(&mut self) -> Step {
        let Some((table, index)) = self.path_here().and_then(|path| path.row) else {
            return Step::Say(Message::plain(text::FORM_NOT_IN_ROW));
        };
        let question = text::form_remove_row(index + 1);
        self.keep_open(Question::sure(&question, Deed::RemoveRow { table, index }))
    }

    pub(super) fn ask_discard(&mut self) -> Step {
        self.keep_open(Question::sure(text::FORM_DISCARD, Deed::Discard))
    }
}
