//! What the preview asks: which document, which printer, three numbers of a calibration, who takes a further copy. Knows
//! the questions and what follows from an answer; must not know the page.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use xiangbao_core::event::{Collector, Relation};
use xiangbao_core::print::Calibration;

use super::{Paper, Preview};
use crate::app::{AppError, Wish};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Step};
use crate::tui::text;
use crate::tui::widgets::frame::{self, Message};
use crate::tui::widgets::pick::{Choice, Pick, PickEvent};
use crate::tui::widgets::prompt::{Prompt, PromptEvent};

/// A question laid over the preview.
pub(super) enum Asking {
    /// Which document of the case.
    Document(Pick),
    /// Which queue; the first line is none.
    Printer(Pick, Vec<String>),
    /// The three numbers.
    Numbers(Prompt),
    /// Who takes the copy.
    Collector(Prompt, Relation),
    /// For whom the named person takes it.
    Relation(Pick, String),
}

impl Asking {
    pub(super) fn context(&self) -> Context {
        match self {
            Self::Document(_) | Self::Printer(..) | Self::Relation(..) => Context::Picker,
            Self::Numbers(_) | Self::Collector(..) => Context::Page,
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        match self {
            Self::Document(pick) | Self::Printer(pick, _) | Self::Relation(pick, _) => pick.paste(text),
            Self::Numbers(prompt) | Self::Collector(prompt, _) => prompt.paste(text),
        }
    }

    pub(super) fn view(&self, buf: &mut Buffer, screen: Rect, look: &Look) -> Position {
        match self {
            Self::Document(pick) | Self::Printer(pick, _) | Self::Relation(pick, _) => {
                pick.view(buf, frame::body(screen), look)
            }
            Self::Numbers(prompt) | Self::Collector(prompt, _) => prompt.view(buf, screen, look),
        }
    }
}

/// Asks who takes a further copy, beginning with the likely one.
pub(super) fn collector(copy: u32, likely: Collector) -> Asking {
    Asking::Collector(Prompt::new(&text::preview_collector(copy), &likely.name), likely.relation)
}

fn choices<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<Choice> {
    let choice =
        |(index, label): (usize, &str)| Choice { code: (index + 1).to_string(), label: label.to_owned() };
    labels.enumerate().map(choice).collect()
}

impl Preview {
    /// Opens the question of an action.
    pub(super) fn ask(&mut self, action: Action, room: Room<'_>) -> Step {
        let opened = match action {
            Action::Pick => Ok(self.ask_document()),
            Action::Printer => self.ask_printer(room),
            Action::Calibrate => self.ask_numbers(room),
            _ => return self.card(room),
        };
        match opened {
            Ok(asking) => {
                self.asking = asking;
                Step::Changed
            }
            Err(error) => Step::failed(&error),
        }
    }

    fn ask_document(&self) -> Option<Asking> {
        let Paper::Case { documents, at, .. } = &self.paper else { return None };
        let titles = choices(documents.iter().map(|(_, title)| title.as_str()));
        Some(Asking::Document(Pick::new(text::PREVIEW_PICK, titles, &(at + 1).to_string())))
    }

    fn ask_printer(&self, room: Room<'_>) -> Result<Option<Asking>, AppError> {
        let mut queues = room.station.printers()?;
        queues.insert(0, String::new());
        let at = queues.iter().position(|queue| *queue == self.wish.printer).unwrap_or(0);
        let shown = queues.iter().map(|queue| if queue.is_empty() { text::PRINTER_NONE } else { queue });
        let pick = Pick::new(text::PRINTER_PICK, choices(shown), &(at + 1).to_string());
        Ok(Some(Asking::Printer(pick, queues)))
    }

    fn ask_numbers(&self, room: Room<'_>) -> Result<Option<Asking>, AppError> {
        let numbers = room.station.calibration(&self.wish.printer, &self.prepared.template)?;
        Ok(Some(Asking::Numbers(Prompt::new(text::CALIBRATE_ASK, &numbers.written().join(" ")))))
    }

    /// Files the test card, and sends it to the printer when one is chosen.
    fn card(&mut self, room: Room<'_>) -> Step {
        match room.station.test_card(&self.wish.printer) {
            Ok(path) => {
                let mut words = text::card_done(&path.display().to_string());
                if !self.wish.printer.is_empty() {
                    self.spooling = Some(room.station.start_spool(&self.wish.printer, &path));
                    words.push_str(&text::preview_spooling(&self.wish.printer));
                }
                Step::Say(Message::good(words))
            }
            Err(error) => Step::failed(&error),
        }
    }

    /// A key for the open question.
    pub(super) fn answer(&mut self, key: Key, room: Room<'_>) -> Step {
        match &mut self.asking {
            None => Step::Still,
            Some(Asking::Numbers(prompt) | Asking::Collector(prompt, _)) => {
                let event = prompt.key(key);
                self.written(event, room)
            }
            Some(Asking::Document(pick) | Asking::Printer(pick, _) | Asking::Relation(pick, _)) => {
                let event = pick.key(key);
                self.picked(event, room)
            }
        }
    }

    fn written(&mut self, event: PromptEvent, room: Room<'_>) -> Step {
        let answer = match event {
            PromptEvent::Open => return Step::Changed,
            PromptEvent::Cancelled => {
                self.asking = None;
                return Step::Changed;
            }
            PromptEvent::Answer(answer) => answer,
        };
        match self.asking.take() {
            Some(Asking::Collector(_, likely)) => {
                let at = Relation::ALL.iter().position(|relation| *relation == likely).unwrap_or(0);
                let labels = choices(Relation::ALL.iter().map(|relation| relation.label()));
                let pick = Pick::new(&text::preview_relation(&answer), labels, &(at + 1).to_string());
                self.asking = Some(Asking::Relation(pick, answer));
                Step::Changed
            }
            Some(Asking::Numbers(_)) => self.calibrate(&answer, room),
            _ => Step::Still,
        }
    }

    fn calibrate(&mut self, answer: &str, room: Room<'_>) -> Step {
        let parts: Vec<&str> = answer.split_whitespace().collect();
        let [x, y, scale] = parts.as_slice() else {
            return Step::Say(Message::warning(text::CALIBRATE_THREE));
        };
        let (printer, document) = (self.wish.printer.clone(), self.prepared.template.clone());
        let set = Calibration::parse(x, y, scale)
            .map_err(|fault| AppError::Input(fault.zh()))
            .and_then(|numbers| room.station.calibrate(room.actor, &printer, &document, numbers));
        if let Err(error) = set {
            return Step::failed(&error);
        }
        match self.change(self.wish.clone(), room) {
            Step::Changed => Step::Say(Message::good(text::calibrated(&printer, &self.prepared.title))),
            failed => failed,
        }
    }

    fn picked(&mut self, event: PickEvent, room: Room<'_>) -> Step {
        let index = match event {
            PickEvent::Open => return Step::Changed,
            PickEvent::Cancelled => {
                self.asking = None;
                return Step::Changed;
            }
            PickEvent::Chosen(index) => index,
        };
        match self.asking.take() {
            Some(Asking::Document(_)) => match self.show(index, room) {
                Ok(()) => Step::Changed,
                Err(error) => Step::failed(&error),
            },
            Some(Asking::Printer(_, queues)) => {
                let printer = queues.get(index).cloned().unwrap_or_default();
                self.change(Wish { printer, ..self.wish.clone() }, room)
            }
            Some(Asking::Relation(_, name)) => {
                let relation = Relation::ALL.get(index).copied().unwrap_or(Relation::Person);
                self.wish.collector = Some(Collector { name, relation });
                self.print(room)
            }
            _ => Step::Still,
        }
    }
}
