//! The checklist of papers: what is due, what was seen of each, what goes on the one-time notice. One key a paper. Knows
//! the draft's use cases; must not know which form it is.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use xiangbao_core::form::{MaterialState, missing_materials, missing_names};

use crate::app::{AppError, Draft, material_word};
use crate::tui::key::{Code, Key};
use crate::tui::keymap::Action;
use crate::tui::look::Look;
use crate::tui::screen::{Room, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{put, wrap};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::list::{Column, List, ListState};
use crate::tui::widgets::prompt::{Prompt, PromptEvent};
use crate::tui::widgets::status::empty;

/// Rows below the list: the paper in focus and what is still missing.
const FOOT: u16 = 6;

/// Most pages of one paper.
const MOST_PAGES: u16 = 999;

const COLUMNS: [Column; 4] = [
    Column::text(text::MATERIAL_COLUMNS[0], 20),
    Column::text(text::MATERIAL_COLUMNS[1], 0),
    Column::text(text::MATERIAL_COLUMNS[2], 14),
    Column::text(text::MATERIAL_COLUMNS[3], 10),
];

/// One paper.
struct Paper {
    id: String,
    label: String,
    copy: bool,
    /// The word for its state.
    word: &'static str,
    /// Any one of the same group is enough.
    group: Option<String>,
    article: String,
    hint: String,
    state: MaterialState,
    missing: bool,
    /// What a reviewer said of it.
    wanted: Option<String>,
    /// Pages and scan, in words.
    note: String,
}

/// What is asked about a paper.
enum Asked {
    /// How many pages there are.
    Pages(Prompt),
    /// Where the scan lies.
    Scan(Prompt),
}

/// The checklist of one draft.
pub(super) struct Materials {
    papers: Vec<Paper>,
    list: ListState,
    /// What is missing, as one asks for it.
    lacking: Vec<String>,
    asked: Option<Asked>,
}

impl Materials {
    /// The papers that are due now; `wanted` are those a reviewer asked for, with the reason.
    ///
    /// # Errors
    /// When the form is unknown.
    pub(super) fn open(draft: &Draft, wanted: &[(String, String)], room: Room<'_>) -> Result<Self, AppError> {
        let due = room.station.materials_due(draft)?;
        let papers = due.into_iter().map(|material| Paper {
            id: material.id.clone(),
            label: material.label.clone(),
            copy: material.copy,
            group: material.group.clone(),
            article: material.article.clone(),
            hint: material.hint.clone(),
            state: MaterialState::Missing,
            word: "",
            missing: false,
            note: String::new(),
            wanted: wanted.iter().find(|(id, _)| *id == material.id).map(|(_, reason)| reason.clone()),
        });
        let mut materials =
            Self { papers: papers.collect(), list: ListState::default(), lacking: Vec::new(), asked: None };
        materials.read(draft, room)?;
        let first = materials.papers.iter().position(|paper| paper.missing || paper.wanted.is_some());
        materials.list.select(first.unwrap_or_default());
        Ok(materials)
    }

    fn read(&mut self, draft: &Draft, room: Room<'_>) -> Result<(), AppError> {
        let def = room.station.form_of_draft(draft)?;
        let missing = missing_materials(def, &draft.data, &room.station.eval_context());
        for paper in &mut self.papers {
            let state = draft.data.materials.get(&paper.id);
            paper.state = state.copied().unwrap_or(MaterialState::Missing);
            paper.word = def.material(&paper.id).map_or("", |material| material_word(material, paper.state));
            let note = draft.data.papers.get(&paper.id).cloned().unwrap_or_default();
            let scan = note.scan.as_ref().map(|scan| (scan.bytes, scan.sha256.get(..12).unwrap_or_default()));
            paper.note = text::material_note(note.pages, scan);
            paper.missing = missing.iter().any(|material| material.id == paper.id);
        }
        self.lacking = missing_names(&missing);
        Ok(())
    }

    /// Moves.
    pub(super) fn act(&mut self, action: Action) -> Step {
        let action = if action == Action::Accept { Action::Next } else { action };
        if self.list.act(action, self.papers.len(), 12) { Step::Changed } else { Step::Unhandled }
    }

    /// A question about a paper is open and takes every key.
    pub(super) fn asking(&self) -> bool {
        self.asked.is_some()
    }

    /// Pastes into the open question.
    pub(super) fn paste(&mut self, block: &str) {
        if let Some(Asked::Pages(prompt) | Asked::Scan(prompt)) = &mut self.asked {
            prompt.paste(block);
        }
    }

    fn answer(&mut self, key: Key, draft: &mut Draft, room: Room<'_>) -> Result<Step, AppError> {
        let Some(asked) = &mut self.asked else { return Ok(Step::Still) };
        let (Asked::Pages(prompt) | Asked::Scan(prompt)) = asked;
        let answer = match prompt.key(key) {
            PromptEvent::Open => return Ok(Step::Changed),
            PromptEvent::Cancelled => None,
            PromptEvent::Answer(answer) => Some(answer),
        };
        let scan = matches!(asked, Asked::Scan(_));
        let Some(id) = self.papers.get(self.list.selected()).map(|paper| paper.id.clone()) else {
            return Ok(Step::Still);
        };
        match answer {
            None => self.asked = None,
            Some(path) if scan => {
                room.station.attach_scan(draft, &id, &path)?;
                self.asked = None;
            }
            Some(pages) => match pages.trim().parse::<u16>() {
                Ok(pages) if pages <= MOST_PAGES => {
                    room.station.count_pages(draft, &id, pages)?;
                    self.asked = None;
                }
                _ => return Ok(Step::Say(Message::warning(text::MATERIAL_PAGES_RANGE))),
            },
        }
        self.read(draft, room)?;
        Ok(Step::Changed)
    }

    /// 1 the original was seen, 2 a copy is kept, 0 not there: and on to the next paper; space goes round; P counts its
    /// pages, S names its scan.
    pub(super) fn key(&mut self, key: Key, draft: &mut Draft, room: Room<'_>) -> Result<Step, AppError> {
        if self.asked.is_some() {
            return self.answer(key, draft, room);
        }
        let at = self.list.selected();
        let Some(paper) = self.papers.get(at) else { return Ok(Step::Still) };
        let (state, on) = match key.as_command().code {
            Code::Char('1') => (MaterialState::OriginalSeen, true),
            Code::Char('2') => (MaterialState::CopyKept, true),
            Code::Char('0') => (MaterialState::Missing, true),
            Code::Char(' ') => (round(paper.state), false),
            Code::Char('p' | 'P') => {
                self.asked = Some(Asked::Pages(Prompt::new(text::MATERIAL_PAGES, "")));
                return Ok(Step::Changed);
            }
            Code::Char('s' | 'S') => {
                self.asked = Some(Asked::Scan(Prompt::long(text::MATERIAL_SCAN, "")));
                return Ok(Step::Changed);
            }
            _ => return Ok(Step::Still),
        };
        let id = paper.id.clone();
        room.station.save_material(draft, &id, state)?;
        self.read(draft, room)?;
        if on {
            self.list.act(Action::Next, self.papers.len(), 1);
        }
        Ok(Step::Changed)
    }

    fn requirement(&self, paper: &Paper) -> &'static str {
        match (&paper.group, paper.copy) {
            (Some(_), _) => text::MATERIAL_ONE_OF,
            (None, true) => text::MATERIAL_COPY,
            (None, false) => text::MATERIAL_ORIGINAL,
        }
    }

    /// Draws the checklist; answers the caret's cell, in the chosen row.
    pub(super) fn view(&self, buf: &mut Buffer, (body, screen): (Rect, Rect), look: &Look) -> Position {
        if self.papers.is_empty() {
            empty(buf, body, text::MATERIALS_NONE, text::MATERIALS_NONE_HINT, look);
            return Position { x: body.x, y: body.y };
        }
        let list = List {
            columns: &COLUMNS,
            len: self.papers.len(),
            cell: &|row, column| {
                let Some(paper) = self.papers.get(row) else { return Cow::Borrowed("") };
                match column {
                    0 => Cow::Borrowed(paper.word),
                    1 => Cow::Borrowed(paper.label.as_str()),
                    2 => Cow::Borrowed(self.requirement(paper)),
                    _ => Cow::Borrowed(paper.article.as_str()),
                }
            },
            role: &|row| match self.papers.get(row) {
                Some(paper) if paper.missing => Role::Warning,
                _ => Role::Text,
            },
            prefix: false,
        };
        let area = Rect { height: body.height.saturating_sub(FOOT), ..body };
        let caret = list.view(&self.list, buf, area, look);
        self.foot(buf, Rect { y: area.bottom(), height: FOOT.min(body.height), ..body }, look);
        match &self.asked {
            Some(Asked::Pages(prompt) | Asked::Scan(prompt)) => prompt.view(buf, screen, look),
            None => caret,
        }
    }

    /// The paper in focus, the keys, and what is missing.
    fn foot(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let room = usize::from(area.width.saturating_sub(2));
        let mut lines: Vec<(Role, String)> = Vec::new();
        if let Some(paper) = self.papers.get(self.list.selected()) {
            let wanted = paper.wanted.iter().map(|reason| (Role::Warning, text::material_wanted(reason)));
            lines.extend(wanted);
            let hint = text::material_hint(&paper.label, &paper.hint, &paper.article);
            lines.push((Role::Text, format!("{hint}{}", paper.note)));
        }
        lines.push(if self.lacking.is_empty() {
            (Role::Good, text::MATERIALS_COMPLETE.to_owned())
        } else {
            (Role::Warning, text::materials_missing(&self.lacking))
        });
        lines.push((Role::Muted, text::MATERIAL_KEYS.to_owned()));
        let wrapped = lines
            .into_iter()
            .flat_map(|(role, line)| wrap(&line, room).into_iter().map(move |part| (role, part)));
        for ((role, line), y) in wrapped.zip(area.y + 1..area.bottom()) {
            put(buf, area.x + 1, y, &line, area.width.saturating_sub(2), look.theme.style(role), look);
        }
    }
}

/// The next state of a paper.
fn round(state: MaterialState) -> MaterialState {
    match state {
        MaterialState::Missing => MaterialState::OriginalSeen,
        MaterialState::OriginalSeen => MaterialState::CopyKept,
        MaterialState::CopyKept => MaterialState::Missing,
    }
}
