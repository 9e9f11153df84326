//! What stands behind one finding: the rule, the facts, the other case, what the levels answered; and the answer in one
//! line. Opening it is the look that an answer needs. Knows the page of a finding; must not know the rules.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::event::Replied;
use xiangbao_core::findings::{Raised, Reply, Weight};

use super::content;
use crate::app::{AppError, DoubtPage};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::screens::ask::{Ask, AskEvent, Question};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::page::{Entry, Page};

const TEXT: &str = "text";

struct Evidence {
    case_id: [u8; 16],
    behind: DoubtPage,
    page: Page,
    asking: Option<(Reply, Ask)>,
    /// What was typed and left with Esc.
    kept: Vec<(Reply, Ask)>,
}

/// Opens what stands behind a finding; the look is recorded.
///
/// # Errors
/// When the person at the desk may not see the case, or there is no such finding any more.
pub(super) fn open(case_id: &[u8; 16], raised: &Raised, room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let behind = room.station.open_doubt(room.actor, case_id, &raised.code, &raised.about)?;
    let page = Page::new(entries(&behind));
    Ok(Box::new(Evidence { case_id: *case_id, behind, page, asking: None, kept: Vec::new() }))
}

fn entries(behind: &DoubtPage) -> Vec<Entry> {
    let raised = &behind.doubt.raised;
    let standing = match (behind.doubt.open, behind.doubt.fresh) {
        (_, true) => text::DOUBT_FRESH,
        (true, false) => text::DOUBT_OPEN,
        (false, false) => "",
    };
    let mut entries =
        vec![Entry::Heading(text::doubt_row(&raised.code, &raised.title, raised.weight, standing))];
    entries.push(Entry::marked("", text::DOUBT_FOUND, &raised.sentence, Role::Accent));
    let basis = text::doubt_basis(&raised.article, &raised.document, raised.sample);
    entries.push(Entry::value(text::DOUBT_BASIS, basis));
    if !raised.todo.is_empty() {
        entries.push(Entry::value(text::DOUBT_HOW, &raised.todo));
    }
    if !raised.evidence.is_empty() {
        entries.push(Entry::Heading(text::DOUBT_FACTS.to_owned()));
        entries.extend(raised.evidence.iter().map(|fact| Entry::value(&fact.label, &fact.value)));
    }
    if let Some(other) = &behind.other {
        entries.push(Entry::Heading(text::DOUBT_OTHER.to_owned()));
        let head = [other.number.as_str(), &other.title, &other.standing].join("  ");
        entries.push(Entry::text(head, Role::Accent));
        entries.extend(other.values.iter().map(|(label, value)| Entry::value(label, value)));
    } else if !raised.case_no.is_empty() {
        entries.push(Entry::Heading(text::DOUBT_OTHER.to_owned()));
        entries.push(Entry::text(text::DOUBT_OTHER_AWAY, Role::Muted));
    }
    entries.push(Entry::Heading(text::DOUBT_ANSWERS.to_owned()));
    if behind.doubt.answers.is_empty() {
        entries.push(Entry::text(text::DOUBT_NO_ANSWER, Role::Muted));
    }
    entries.extend(content::answers(&behind.doubt));
    entries
}

impl Evidence {
    fn ask(&mut self, reply: Reply) -> Step {
        if self.behind.doubt.raised.weight != Weight::Answer {
            return Step::Say(Message::plain(text::DOUBT_NO_NEED));
        }
        if !self.behind.doubt.own {
            return Step::Say(Message::error(text::DOUBT_NOT_YOURS));
        }
        let kept = self.kept.iter().position(|(kept, _)| *kept == reply);
        self.asking = Some(match kept {
            Some(at) => self.kept.remove(at),
            None => {
                let question = Question { id: TEXT, label: text::DOUBT_TEXT, value: "", code: false };
                let title = text::doubt_ask(&self.behind.doubt.raised.code, reply);
                (reply, Ask::new(title, text::DOUBT_HINT, &[question]))
            }
        });
        Step::Changed
    }

    fn answer(&mut self, room: Room<'_>) -> Step {
        let Some((reply, ask)) = &mut self.asking else { return Step::Still };
        let said = ask.value(TEXT).to_owned();
        if said.is_empty() {
            ask.complain(TEXT, text::DOUBT_NEEDS_TEXT);
            return Step::Changed;
        }
        let raised = &self.behind.doubt.raised;
        let replied =
            Replied { code: raised.code.clone(), about: raised.about.clone(), reply: *reply, text: said };
        let done = room.station.answer_doubt(room.actor, &self.case_id, replied, room.station.new_id());
        if let Err(error) = done {
            return Step::failed(&error);
        }
        let left = room.station.open_doubts(room.actor, &self.case_id).unwrap_or_default();
        Step::Close(Some(Message::good(text::doubt_stored(&raised.code, *reply, left))))
    }
}

impl Screen for Evidence {
    fn code(&self) -> &str {
        // A page behind a case: no code leads here.
        ""
    }

    fn title(&self) -> &str {
        text::DOUBT
    }

    fn subject(&self) -> String {
        format!("{} {}", self.behind.doubt.raised.code, self.behind.number)
    }

    fn context(&self) -> Context {
        self.asking.as_ref().map_or(Context::Page, |(_, ask)| ask.context())
    }

    fn offers(&self, action: Action) -> bool {
        match &self.asking {
            Some((_, ask)) => ask.offers(action),
            None => matches!(action, Action::Clear | Action::Sustain) && self.behind.doubt.own,
        }
    }

    fn modal(&self) -> bool {
        self.asking.is_some()
    }

    fn act(&mut self, action: Action, _room: Room<'_>) -> Step {
        match action {
            Action::Clear => self.ask(Reply::Explained),
            Action::Sustain => self.ask(Reply::Sustained),
            action if self.page.act(action) => Step::Changed,
            _ => Step::Unhandled,
        }
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        let Some((_, ask)) = &mut self.asking else { return Step::Still };
        match ask.key(key) {
            AskEvent::Wanted | AskEvent::Confirmed => return self.answer(room),
            AskEvent::Closed => self.kept.extend(self.asking.take()),
            AskEvent::Scroll(action) => {
                self.page.act(action);
            }
            AskEvent::Open | AskEvent::Add | AskEvent::Remove | AskEvent::Left => {}
        }
        Step::Changed
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        match &mut self.asking {
            Some((_, ask)) => {
                ask.paste(text);
                Step::Changed
            }
            None => Step::Still,
        }
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let Some((_, ask)) = &self.asking else {
            let area = Rect { height: body.height.saturating_sub(1), ..body };
            return self.page.view(buf, area, look);
        };
        let height = ask.height(body.height / 2 + 1);
        let upper = Rect { height: body.height.saturating_sub(height + 1), ..body };
        self.page.view(buf, upper, look);
        let lower = Rect { y: body.bottom().saturating_sub(height), height, ..body };
        ask.view(buf, screen, lower, look)
    }
}
