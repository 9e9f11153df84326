//! The review page of a case: everything a reviewer must see, and the decision. What it may not do is said by the use
//! case, in its own sentence. Knows the page and the questions; must not know the transition table.

mod asking;
mod content;
mod evidence;
mod settled;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::case::{Refusal, Status};
use xiangbao_core::role::{self, Subject};

use self::asking::{Asking, Outcome, Purpose};
use crate::app::{AppError, ReviewPage};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::page::Page;

/// What the roles of the person at the desk allow, for the key line; the use cases ask again.
#[derive(Clone, Copy)]
struct May {
    withdraw: bool,
    reverse: bool,
    correct: bool,
    account: bool,
}

impl May {
    fn of(review: &ReviewPage, room: Room<'_>) -> Self {
        let subject = Subject::in_village(&review.case.filing.village);
        let roles = &room.station.library().roles;
        let may = |action| roles.authorize(room.actor, action, &subject).is_ok();
        let status = review.case.status;
        Self {
            withdraw: matches!(status, Status::Review(_) | Status::Supplement)
                && may(role::Action::WithdrawCase),
            reverse: status == Status::InEffect && may(role::Action::ProposeReversal),
            correct: status == Status::Supplement && may(role::Action::AcceptCase),
            account: review.case.is_due() && may(role::Action::CorrectAccount),
        }
    }
}

/// The review page.
struct Review {
    review: ReviewPage,
    may: May,
    page: Page,
    asking: Option<Asking>,
    /// What was typed and left with Esc: nothing typed is lost while the page is open.
    kept: Vec<Asking>,
}

/// Opens the review page of a case; the look is recorded.
///
/// # Errors
/// When the person at the desk may not see it, or it does not exist.
pub fn open(case_id: &[u8; 16], room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let review = room.station.open_review(room.actor, case_id)?;
    let page = Page::new(content::entries(&review, room.station)?);
    let may = May::of(&review, room);
    Ok(Box::new(Review { review, may, page, asking: None, kept: Vec::new() }))
}

impl Review {
    fn read(&mut self, room: Room<'_>) -> Result<(), AppError> {
        self.review = room.station.open_review(room.actor, &self.review.case_id)?;
        self.may = May::of(&self.review, room);
        self.page.set(content::entries(&self.review, room.station)?);
        Ok(())
    }

    fn deciding(&self) -> bool {
        self.review.level.is_some() && self.review.bar.is_empty()
    }

    fn reversing(&self) -> bool {
        matches!(self.review.case.status, Status::Reversing(_))
    }

    fn correcting(&self) -> bool {
        matches!(self.review.case.status, Status::Correcting(_))
    }

    /// Opens a question, or says why it makes no sense here.
    fn ask(&mut self, purpose: Purpose, room: Room<'_>) -> Step {
        let status = self.review.case.status;
        let bar = match purpose {
            Purpose::Return if self.reversing() || self.correcting() => Some(text::NOT_RETURNABLE.to_owned()),
            Purpose::Pass | Purpose::Return | Purpose::Reject => match self.review.level {
                None => Some(text::not_deciding(status.label())),
                Some(_) => Some(self.review.bar.clone()).filter(|bar| !bar.is_empty()),
            },
            Purpose::Withdraw if !matches!(status, Status::Review(_) | Status::Supplement) => {
                Some(text::NOT_WITHDRAWABLE.to_owned())
            }
            Purpose::Reverse if status != Status::InEffect => Some(text::NOT_REVERSIBLE.to_owned()),
            Purpose::Account if !self.may.account => Some(text::NOT_CORRECTABLE.to_owned()),
            // Whole numbers are shown to be corrected: the look is recorded first.
            Purpose::Account => {
                room.station.account_of_case(room.actor, &self.review.case_id).err().map(|error| error.zh())
            }
            Purpose::Withdraw | Purpose::Reverse => None,
        };
        if let Some(bar) = bar {
            return Step::Say(Message::error(bar));
        }
        let open = self.review.doubts.iter().filter(|doubt| doubt.open && doubt.own).count();
        if purpose == Purpose::Pass && open > 0 {
            self.page.go_to_heading(text::DOUBTS);
            return Step::Say(Message::warning(text::doubts_open(open)));
        }
        if let Some(bar) = self.held().filter(|_| purpose == Purpose::Pass) {
            self.page.go_to_heading(text::DOUBTS);
            return Step::Say(Message::error(bar));
        }
        let before = self.kept.iter().position(|kept| kept.purpose() == purpose);
        self.asking = Some(match before {
            Some(at) => self.kept.remove(at),
            None => Asking::new(purpose, &self.review, room.station),
        });
        Step::Changed
    }

    /// Carries out what was confirmed. The command id belongs to this confirmation alone.
    fn carry_out(&mut self, room: Room<'_>) -> Step {
        let Some(asking) = self.asking.take() else { return Step::Still };
        let id = self.review.case_id;
        let command = room.station.new_id();
        let (what, done) = match asking.purpose() {
            Purpose::Withdraw => (
                text::DONE_WITHDRAWN.to_owned(),
                room.station.withdraw(room.actor, &id, asking.reason(), command),
            ),
            Purpose::Reverse => (
                text::DONE_REVERSAL.to_owned(),
                room.station.propose_reversal(room.actor, &id, asking.reason(), command),
            ),
            Purpose::Account => {
                let (account, reason) = (asking.account(), asking.reason());
                let done = room.station.correct_account(room.actor, &id, &account, reason, command);
                (text::DONE_ACCOUNT.to_owned(), done)
            }
            Purpose::Pass | Purpose::Return | Purpose::Reject => {
                let level = self.review.level.map_or("", |level| level.label());
                let verdict = asking.verdict();
                let reversal = if self.reversing() { text::REVERSAL } else { "" };
                let what = format!("{reversal}{level}{}", content::verdict_word(&verdict));
                (what, room.station.review_seen(room.actor, &self.review, verdict, asking.opinion(), command))
            }
        };
        match done {
            Ok(_) => {
                let status = self.status_now(room);
                let message = text::review_stored(&self.review.case.number, &what, status);
                Step::Close(Some(Message::good(message)))
            }
            Err(error) => {
                self.kept.push(asking);
                // Somebody else may have decided in the meantime: the page shows how it stands now.
                let _ = self.read(room);
                Step::failed(&error)
            }
        }
    }

    fn status_now(&self, room: Room<'_>) -> &'static str {
        let case = room.station.snapshot().ok().and_then(|now| now.case(&self.review.case_id).ok().flatten());
        case.map_or("", |case| case.status.label())
    }

    fn asked(&mut self, outcome: Outcome, room: Room<'_>) -> Step {
        match outcome {
            Outcome::Open => {}
            Outcome::Scroll(action) => {
                self.page.act(action);
            }
            Outcome::Closed => {
                if let Some(asking) = self.asking.take() {
                    self.kept.push(asking);
                }
            }
            Outcome::Do => return self.carry_out(room),
        }
        Step::Changed
    }

    /// What this level holds to be true, as a sentence; it does not agree then.
    fn held(&self) -> Option<String> {
        let Status::Review(level) = self.review.case.status else { return None };
        let held = self.review.case.sustained(level);
        let codes: Vec<String> = held.iter().map(|raised| raised.code.clone()).collect();
        (!codes.is_empty()).then(|| Refusal::FindingsHold(codes).zh())
    }

    /// What stands behind the chosen finding.
    fn visit(&self, room: Room<'_>) -> Step {
        let chosen = self.page.chosen().and_then(|index| self.review.doubts.get(index));
        match chosen {
            Some(doubt) => Step::opened(evidence::open(&self.review.case_id, &doubt.raised, room)),
            None => Step::Say(Message::plain(text::DOUBT_NOTHING)),
        }
    }

    fn open_correction(&self, room: Room<'_>) -> Step {
        match self.review.case.status {
            Status::Supplement => super::open_target(super::Target::Correction(self.review.case_id), room),
            _ => Step::Still,
        }
    }
}

impl Screen for Review {
    fn code(&self) -> &str {
        ScreenCode::Review.code()
    }

    fn title(&self) -> &str {
        &self.review.form_name
    }

    fn subject(&self) -> String {
        format!("{} {}", self.review.case.filing.title, self.review.case.number)
    }

    fn context(&self) -> Context {
        self.asking.as_ref().map_or(Context::Page, Asking::context)
    }

    fn offers(&self, action: Action) -> bool {
        if let Some(asking) = &self.asking {
            return asking.offers(action);
        }
        match action {
            Action::Approve | Action::Reject => self.deciding(),
            Action::Return => self.deciding() && !self.reversing() && !self.correcting(),
            Action::Withdraw => self.may.withdraw,
            Action::Reverse => self.may.reverse,
            Action::Account => self.may.account,
            Action::Accept => self.may.correct,
            Action::Compare => self.review.settlement.is_some(),
            Action::Visit => !self.review.doubts.is_empty(),
            Action::Materials | Action::Timeline | Action::Print => true,
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.asking.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        let opened = match action {
            Action::Approve => return self.ask(Purpose::Pass, room),
            Action::Return => return self.ask(Purpose::Return, room),
            Action::Reject => return self.ask(Purpose::Reject, room),
            Action::Withdraw => return self.ask(Purpose::Withdraw, room),
            Action::Reverse => return self.ask(Purpose::Reverse, room),
            Action::Account => return self.ask(Purpose::Account, room),
            Action::Accept if self.may.correct => return self.open_correction(room),
            Action::Accept | Action::Visit => return self.visit(room),
            Action::Materials => {
                self.page.go_to_heading(text::REVIEW_MATERIALS);
                return Step::Changed;
            }
            Action::Compare if self.review.settlement.is_some() => {
                super::compare::open(&self.review.case_id, room)
            }
            Action::Timeline => super::timeline::open(&self.review.case_id, room),
            Action::Print => super::preview::open(&self.review.case_id, None, room),
            action if self.page.act(action) => return Step::Changed,
            _ => return Step::Unhandled,
        };
        opened.map_or_else(|error| Step::failed(&error), Step::Open)
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        let Some(asking) = &mut self.asking else { return Step::Still };
        let outcome = asking.key(key, &self.review);
        self.asked(outcome, room)
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        match &mut self.asking {
            Some(asking) => {
                asking.paste(text);
                Step::Changed
            }
            None => Step::Still,
        }
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows when the person decides; the page stays as it was.
        let _ = self.read(room);
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        let Some(asking) = &self.asking else {
            let area = Rect { height: body.height.saturating_sub(1), ..body };
            return self.page.view(buf, area, look);
        };
        let height = asking.height(body.height / 2 + 1);
        let upper = Rect { height: body.height.saturating_sub(height + 1), ..body };
        self.page.view(buf, upper, look);
        let lower = Rect { y: body.bottom().saturating_sub(height), height, ..body };
        asking.view(buf, screen, lower, look)
    }
}
