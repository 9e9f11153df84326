//! Asking for a paper about the person on the card: which, what for, what backs it, numbers in full or masked. Knows the
//! questions; the use case decides.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::app::{PaperWish, Purpose};
use crate::tui::key::Key;
use crate::tui::keymap::Context;
use crate::tui::look::Look;
use crate::tui::screen::Room;
use crate::tui::text;
use crate::tui::widgets::confirm::{Confirm, ConfirmEvent};
use crate::tui::widgets::frame;
use crate::tui::widgets::pick::{Choice, Pick, PickEvent};
use crate::tui::widgets::prompt::{Prompt, PromptEvent};

/// Where the questions stand.
enum Stage {
    Document(Pick),
    Purpose(Pick),
    Backing(Prompt),
    Masked(Confirm),
}

/// What became of a key.
pub(super) enum Asked {
    /// Still asking.
    Open,
    /// Nothing is wanted.
    Dropped,
    /// This is wanted.
    Wished(PaperWish),
}

/// The questions, one after the other.
pub(super) struct Asking {
    stage: Stage,
    documents: Vec<String>,
    wish: PaperWish,
    may_unmask: bool,
}

fn choice(index: usize, label: &str) -> Choice {
    Choice { code: (index + 1).to_string(), label: label.to_owned() }
}

impl Asking {
    pub(super) fn new(psn_no: &str, may_unmask: bool, room: Room<'_>) -> Self {
        let papers = room.station.person_papers();
        let choices = papers.iter().enumerate().map(|(at, (_, title))| choice(at, title)).collect();
        let wish = PaperWish {
            psn_no: psn_no.to_owned(),
            document: String::new(),
            purpose: Purpose::Person,
            backing: String::new(),
            unmasked: false,
        };
        let stage = Stage::Document(Pick::new(text::PAPER_WHICH, choices, "1"));
        Self { stage, documents: papers.into_iter().map(|(id, _)| id).collect(), wish, may_unmask }
    }

    pub(super) fn context(&self) -> Context {
        match self.stage {
            Stage::Document(_) | Stage::Purpose(_) => Context::Picker,
            Stage::Backing(_) | Stage::Masked(_) => Context::Confirm,
        }
    }

    pub(super) fn key(&mut self, key: Key) -> Asked {
        match &mut self.stage {
            Stage::Document(pick) => match pick.key(key) {
                PickEvent::Open => {}
                PickEvent::Cancelled => return Asked::Dropped,
                PickEvent::Chosen(at) => {
                    self.wish.document = self.documents.get(at).cloned().unwrap_or_default();
                    let labels = Purpose::ALL.iter().enumerate();
                    let choices = labels.map(|(at, purpose)| choice(at, purpose.label())).collect();
                    self.stage = Stage::Purpose(Pick::new(text::PAPER_WHAT_FOR, choices, "1"));
                }
            },
            Stage::Purpose(pick) => match pick.key(key) {
                PickEvent::Open => {}
                PickEvent::Cancelled => return Asked::Dropped,
                PickEvent::Chosen(at) => {
                    self.wish.purpose = Purpose::ALL.get(at).copied().unwrap_or(Purpose::Person);
                    match self.wish.purpose.asks() {
                        Some(question) => self.stage = Stage::Backing(Prompt::new(question, "")),
                        None => return self.ask_masked(),
                    }
                }
            },
            Stage::Backing(prompt) => match prompt.key(key) {
                PromptEvent::Open => {}
                PromptEvent::Cancelled => return Asked::Dropped,
                PromptEvent::Answer(backing) => {
                    self.wish.backing = backing;
                    return self.ask_masked();
                }
            },
            Stage::Masked(confirm) => match confirm.key(key) {
                ConfirmEvent::Open | ConfirmEvent::PickReason => {}
                ConfirmEvent::No => return Asked::Wished(self.wish.clone()),
                ConfirmEvent::Yes(_) => {
                    self.wish.unmasked = true;
                    return Asked::Wished(self.wish.clone());
                }
            },
        }
        Asked::Open
    }

    fn ask_masked(&mut self) -> Asked {
        if !self.may_unmask {
            return Asked::Wished(self.wish.clone());
        }
        self.stage = Stage::Masked(Confirm::yes_no(text::PAPER_UNMASKED));
        Asked::Open
    }

    pub(super) fn paste(&mut self, block: &str) {
        match &mut self.stage {
            Stage::Document(pick) | Stage::Purpose(pick) => pick.paste(block),
            Stage::Backing(prompt) => prompt.paste(block),
            Stage::Masked(_) => {}
        }
    }

    pub(super) fn view(&self, frame: &mut Frame<'_>, look: &Look) -> Position {
        let screen: Rect = frame.area();
        let buf = frame.buffer_mut();
        match &self.stage {
            Stage::Document(pick) | Stage::Purpose(pick) => pick.view(buf, frame::body(screen), look),
            Stage::Backing(prompt) => prompt.view(buf, screen, look),
            Stage::Masked(confirm) => confirm.view(buf, screen, look),
        }
    }
}
