//! Many rows of the queue with one Enter: one confirmation, then each row alone through its use case, each with an id
//! of its own. Knows letters and results; must not know why a row is refused.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use xiangbao_core::event::{Demand, Verdict};

use super::Done;
use crate::app::{AppError, Wish};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context};
use crate::tui::look::Look;
use crate::tui::screen::Room;
use crate::tui::screens::ask::{Ask, AskEvent, Question};
use crate::tui::text;
use crate::tui::widgets::confirm::{Confirm, ConfirmEvent};

const REASON: &str = "reason";
const ARTICLE: &str = "article";
/// The article of one complete notice.
const NOTICE_ARTICLE: &str = "003 A35";

/// What a letter does to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// A: agree.
    Pass,
    /// T: return for supplement.
    Return,
    /// P: print the document that is wanted most.
    Print,
}

impl Work {
    /// The work of a letter in the prefix column.
    pub(super) fn of_letter(letter: char) -> Option<Self> {
        match letter {
            'A' => Some(Self::Pass),
            'T' => Some(Self::Return),
            'P' => Some(Self::Print),
            _ => None,
        }
    }
}

/// What came of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Still asking.
    Open,
    /// Left; the marks stay.
    Closed,
    /// Confirmed.
    Do,
}

/// What is asked now.
enum Asking {
    /// The common reason of the rows to return.
    Reason(Box<Ask>),
    /// Yes or no.
    Sure(Confirm),
}

/// The marked rows and the question about them.
pub(super) struct Batch {
    rows: Vec<(Work, [u8; 16])>,
    reason: String,
    article: String,
    asking: Asking,
}

impl Batch {
    /// Asks about these rows.
    pub(super) fn new(rows: Vec<(Work, [u8; 16])>) -> Self {
        let returned = rows.iter().filter(|(work, _)| *work == Work::Return).count();
        let asking = if returned == 0 {
            Asking::Sure(Confirm::yes_no(&question(&rows)))
        } else {
            let plain = |id, label, value| Question { id, label, value, code: false };
            let fields =
                [plain(REASON, text::ASK_REASON, ""), plain(ARTICLE, text::ASK_ARTICLE, NOTICE_ARTICLE)];
            Asking::Reason(Box::new(Ask::new(text::queue_return_title(returned), text::ASK_HINT, &fields)))
        };
        Self { rows, reason: String::new(), article: String::new(), asking }
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match &mut self.asking {
            Asking::Sure(confirm) => match confirm.key(key) {
                ConfirmEvent::Open | ConfirmEvent::PickReason => Outcome::Open,
                ConfirmEvent::No => Outcome::Closed,
                ConfirmEvent::Yes(_) => Outcome::Do,
            },
            Asking::Reason(ask) => match ask.key(key) {
                AskEvent::Closed => Outcome::Closed,
                AskEvent::Wanted if ask.value(REASON).is_empty() => {
                    ask.complain(REASON, text::ASK_NEEDS_REASON);
                    Outcome::Open
                }
                AskEvent::Wanted => {
                    self.reason = ask.value(REASON).to_owned();
                    self.article = ask.value(ARTICLE).to_owned();
                    ask.confirm(&question(&self.rows));
                    Outcome::Open
                }
                AskEvent::Confirmed => Outcome::Do,
                _ => Outcome::Open,
            },
        }
    }

    /// Pastes into the reason.
    pub(super) fn paste(&mut self, text: &str) {
        if let Asking::Reason(ask) = &mut self.asking {
            ask.paste(text);
        }
    }

    /// Does each row; what one row is refused for stops no other.
    pub(super) fn carry_out(&self, room: Room<'_>) -> BTreeMap<[u8; 16], Done> {
        let each = self.rows.iter().map(|(work, case_id)| {
            let done = match self.one(*work, case_id, room) {
                Ok(words) => Done { good: true, words },
                Err(error) => Done { good: false, words: error.zh() },
            };
            (*case_id, done)
        });
        each.collect()
    }

    fn one(&self, work: Work, case_id: &[u8; 16], room: Room<'_>) -> Result<String, AppError> {
        let station = room.station;
        let command = station.new_id();
        let (verdict, opinion) = match work {
            Work::Print => return print(case_id, command, room),
            Work::Pass => (Verdict::Passed, text::ASK_AGREED),
            Work::Return => {
                let (reason, article) = (self.reason.clone(), self.article.clone());
                (Verdict::Returned { demands: vec![Demand { path: String::new(), reason, article }] }, "")
            }
        };
        station.review(room.actor, case_id, verdict, opinion, command)?;
        let status = station.snapshot()?.case(case_id)?.map_or("", |case| case.status.label());
        Ok(text::row_moved(status))
    }

    /// Which keys hold.
    pub(super) fn context(&self) -> Context {
        match &self.asking {
            Asking::Sure(_) => Context::Confirm,
            Asking::Reason(ask) => ask.context(),
        }
    }

    /// Whether the key line shows an action.
    pub(super) fn offers(&self, action: Action) -> bool {
        match &self.asking {
            Asking::Sure(_) => matches!(action, Action::Yes | Action::No),
            Asking::Reason(ask) => ask.offers(action),
        }
    }

    /// Rows it takes under the list.
    pub(super) fn height(&self) -> u16 {
        match &self.asking {
            Asking::Sure(_) => 0,
            Asking::Reason(ask) => ask.height(8),
        }
    }

    /// Draws the question; `cursor` is the list's.
    pub(super) fn view(
        &self,
        buf: &mut Buffer,
        screen: Rect,
        area: Rect,
        look: &Look,
        cursor: Position,
    ) -> Position {
        match &self.asking {
            Asking::Sure(confirm) => {
                confirm.view(buf, screen, look);
                cursor
            }
            Asking::Reason(ask) => ask.view(buf, screen, area, look),
        }
    }
}

fn question(rows: &[(Work, [u8; 16])]) -> String {
    let count = |wanted| rows.iter().filter(|(work, _)| *work == wanted).count();
    text::queue_question(count(Work::Pass), count(Work::Return), count(Work::Print))
}

fn print(case_id: &[u8; 16], command: [u8; 16], room: Room<'_>) -> Result<String, AppError> {
    let case = room.station.snapshot()?.case(case_id)?.ok_or(xiangbao_core::case::Refusal::Unknown)?;
    let documents = room.station.documents_of(&case)?;
    let Some((template, _)) = documents.first() else {
        return Err(AppError::NotFound(text::PREVIEW_NONE.to_owned()));
    };
    let printed = room.station.print(room.actor, case_id, template, &Wish::default(), command)?;
    Ok(text::row_printed(&printed.title, printed.copy, &printed.path.display().to_string()))
}
