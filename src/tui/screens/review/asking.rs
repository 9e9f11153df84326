//! What is asked before a decision: the opinion, the demands of one complete notice (003 A35), a reason with its
//! article. Knows the fields of each question; must not know how the decision is carried out.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use xiangbao_core::case::{Case, Status};
use xiangbao_core::event::{ACCOUNT_FIELDS, Demand, Verdict};
use xiangbao_core::form;

use crate::app::{ReviewPage, Station};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context};
use crate::tui::look::Look;
use crate::tui::screens::ask::{Ask, AskEvent, Question};
use crate::tui::text;
use crate::tui::widgets::pick::Choice;

const OPINION: &str = "opinion";
const ITEM: &str = "item";
const REASON: &str = "reason";
const ARTICLE: &str = "article";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// An opinion, to agree.
    Pass,
    /// Demands, to return.
    Return,
    /// A reason, to reject.
    Reject,
    /// A reason, to withdraw.
    Withdraw,
    /// A reason, to ask for a reversal.
    Reverse,
    /// Another bank account, with a reason.
    Account,
}

/// What came of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Still asking.
    Open,
    /// Scroll the page behind.
    Scroll(Action),
    /// Left; what was typed is kept.
    Closed,
    /// Confirmed: carry it out.
    Do,
}

/// Something that can be demanded.
struct Item {
    path: String,
    label: String,
    article: String,
}

/// An open question about a case.
pub(super) struct Asking {
    purpose: Purpose,
    ask: Ask,
    items: Vec<Item>,
    demands: Vec<Demand>,
    /// The article that an item proposed, to tell it from one that was typed.
    proposed: String,
    /// The case, as it stands.
    case: Case,
}

impl Asking {
    /// Opens the question.
    pub(super) fn new(purpose: Purpose, review: &ReviewPage, station: &Station) -> Self {
        let plain = |id, label, value| Question { id, label, value, code: false };
        let article = station.form_of(&review.case).map(|def| def.source.clone()).unwrap_or_default();
        let mut items = Vec::new();
        let ask = match purpose {
            Purpose::Pass => {
                let level = review.level.map_or("", |level| level.label());
                let fields = [plain(OPINION, text::ASK_OPINION, text::ASK_AGREED)];
                let what = if reversing(review) { text::REVERSAL } else { "" };
                Ask::new(format!("{what}{}", text::ask_pass(level)), text::ASK_HINT, &fields)
            }
            Purpose::Return => {
                items = items_of(review, station);
                let fields = [
                    Question { id: ITEM, label: text::ASK_ITEM, value: "", code: true },
                    plain(REASON, text::ASK_REASON, ""),
                    plain(ARTICLE, text::ASK_ARTICLE, &article),
                ];
                Ask::new(text::ASK_RETURN, text::ASK_NOTICE_HINT, &fields)
                    .with_choices(text::ASK_ITEMS, choices(&items))
            }
            Purpose::Reject => {
                let fields =
                    [plain(REASON, text::ASK_REASON, ""), plain(ARTICLE, text::ASK_ARTICLE, &article)];
                let title = if reversing(review) { text::ASK_NO_REVERSAL } else { text::ASK_REJECT };
                Ask::new(title, text::ASK_HINT, &fields)
            }
            Purpose::Withdraw => {
                Ask::new(text::ASK_WITHDRAW, text::ASK_HINT, &[plain(REASON, text::ASK_REASON, "")])
            }
            Purpose::Account => {
                let data = &review.case.filing.data;
                let def = station.form_of(&review.case).ok();
                let labelled = ACCOUNT_FIELDS.into_iter().filter_map(|id| {
                    let field = def?.field(&form::FieldPath::single(id)).filter(|field| !field.readonly)?;
                    Some(plain(id, field.label.as_str(), data.field(id)))
                });
                let reason = plain(REASON, text::ASK_ACCOUNT_REASON, "");
                let fields: Vec<Question<'_>> = labelled.chain([reason]).collect();
                Ask::new(text::ASK_ACCOUNT, text::ASK_HINT, &fields)
            }
            Purpose::Reverse => {
                Ask::new(text::ASK_REVERSE, text::ASK_HINT, &[plain(REASON, text::ASK_REASON, "")])
            }
        };
        let case = review.case.clone();
        let mut asking = Self { purpose, ask, items, demands: Vec::new(), proposed: article, case };
        asking.follow();
        asking
    }

    /// What is asked for.
    pub(super) fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The reason typed.
    pub(super) fn reason(&self) -> &str {
        self.ask.value(REASON)
    }

    /// The opinion that goes with the verdict.
    pub(super) fn opinion(&self) -> &str {
        self.ask.value(OPINION)
    }

    /// The verdict that was confirmed.
    pub(super) fn verdict(&self) -> Verdict {
        match self.purpose {
            Purpose::Return => Verdict::Returned { demands: self.demands.clone() },
            Purpose::Reject => Verdict::Rejected {
                reason: self.ask.value(REASON).to_owned(),
                article: self.ask.value(ARTICLE).to_owned(),
            },
            Purpose::Pass | Purpose::Withdraw | Purpose::Reverse | Purpose::Account => Verdict::Passed,
        }
    }

    /// The account fields as typed.
    pub(super) fn account(&self) -> BTreeMap<String, String> {
        let held = &self.case.filing.data;
        let typed = ACCOUNT_FIELDS.into_iter().map(|id| (id, self.ask.value(id)));
        let changed = typed.filter(|(id, value)| !value.is_empty() && held.field(id) != *value);
        changed.map(|(id, value)| (id.to_owned(), value.to_owned())).collect()
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key, review: &ReviewPage) -> Outcome {
        match self.ask.key(key) {
            AskEvent::Open => {}
            AskEvent::Scroll(action) => return Outcome::Scroll(action),
            AskEvent::Closed => return Outcome::Closed,
            AskEvent::Confirmed => return Outcome::Do,
            AskEvent::Left => self.follow(),
            AskEvent::Add if self.purpose == Purpose::Return => {
                self.take_demand();
            }
            AskEvent::Remove => {
                self.demands.pop();
                self.ask.notes.pop();
            }
            AskEvent::Add => {}
            AskEvent::Wanted => self.wanted(review),
        }
        Outcome::Open
    }

    /// Pastes into the focused field.
    pub(super) fn paste(&mut self, text: &str) {
        self.ask.paste(text);
    }

    /// Checks what was typed and asks yes or no.
    fn wanted(&mut self, review: &ReviewPage) {
        let number = &review.case.number;
        let level = review.level.map_or("", |level| level.label());
        match self.purpose {
            Purpose::Pass if self.opinion().is_empty() => self.ask.complain(OPINION, text::ASK_NEEDS_OPINION),
            Purpose::Pass => {
                let question = text::question_pass(level, number, self.opinion());
                self.ask.confirm(&question);
            }
            Purpose::Return => {
                let typed = !self.ask.value(ITEM).is_empty() || !self.reason().is_empty();
                if (typed || self.demands.is_empty()) && !self.take_demand() {
                    return;
                }
                self.ask.confirm(&text::question_return(number, self.demands.len()));
            }
            _ if self.reason().is_empty() => self.ask.complain(REASON, text::ASK_NEEDS_REASON),
            Purpose::Reject if reversing(review) => self.ask.confirm(&text::question_no_reversal(number)),
            Purpose::Reject => self.ask.confirm(&text::question_reject(number)),
            Purpose::Withdraw => self.ask.confirm(&text::question_withdraw(number)),
            Purpose::Account => self.ask.confirm(&text::question_account(number)),
            Purpose::Reverse => self.ask.confirm(&text::question_reverse(number)),
        }
    }

    /// The item in the field: none where the number is unknown, the whole case where it is empty.
    fn item(&self) -> Option<(&str, &str, &str)> {
        let code = self.ask.value(ITEM);
        if code.is_empty() {
            return Some(("", text::ASK_WHOLE, ""));
        }
        let at = code.parse::<usize>().ok()?.checked_sub(1)?;
        self.items.get(at).map(|item| (item.path.as_str(), item.label.as_str(), item.article.as_str()))
    }

    /// Caption and article follow the item, unless the person wrote an article.
    fn follow(&mut self) {
        if self.purpose != Purpose::Return {
            return;
        }
        let (label, article) = match self.item() {
            Some((_, label, article)) => (label.to_owned(), article.to_owned()),
            None => (String::new(), String::new()),
        };
        self.ask.caption(ITEM, &label);
        if !article.is_empty() && self.ask.value(ARTICLE) == self.proposed {
            self.ask.set(ARTICLE, &article);
            self.proposed = article;
        }
    }

    /// Takes the fields as one demand; says what is missing.
    fn take_demand(&mut self) -> bool {
        let Some((path, label, _)) = self.item() else {
            self.ask.complain(ITEM, text::ASK_NO_ITEM);
            return false;
        };
        let (reason, article) = (self.ask.value(REASON), self.ask.value(ARTICLE));
        if reason.is_empty() {
            self.ask.complain(REASON, text::ASK_NEEDS_REASON);
            return false;
        }
        let note = text::demand_line(self.demands.len() + 1, label, reason, article);
        let demand = Demand { path: path.to_owned(), reason: reason.to_owned(), article: article.to_owned() };
        // Not on the first notice: the reviewer reads it now, the supervisor later (003 A35).
        let late = if self.case.would_be_late(&demand.path) { text::LATE_DEMAND_NOTE } else { "" };
        self.demands.push(demand);
        self.ask.notes.push(format!("{note}{late}"));
        self.ask.set(ITEM, "");
        self.ask.set(REASON, "");
        self.ask.restart();
        self.follow();
        true
    }

    /// Which keys hold.
    pub(super) fn context(&self) -> Context {
        self.ask.context()
    }

    /// Whether the key line shows an action.
    pub(super) fn offers(&self, action: Action) -> bool {
        self.ask.offers(action)
    }

    /// Rows under the page.
    pub(super) fn height(&self, rows: u16) -> u16 {
        self.ask.height(rows)
    }

    /// Draws the question.
    pub(super) fn view(&self, buf: &mut Buffer, screen: Rect, area: Rect, look: &Look) -> Position {
        self.ask.view(buf, screen, area, look)
    }
}

fn reversing(review: &ReviewPage) -> bool {
    matches!(review.case.status, Status::Reversing(_))
}

/// Every field of the form, filled or not, then the materials.
fn items_of(review: &ReviewPage, station: &Station) -> Vec<Item> {
    let Ok(def) = station.form_of(&review.case) else { return Vec::new() };
    let data = &review.case.filing.data;
    let mut items = Vec::new();
    for path in def.field_order(data) {
        let Some(field) = def.field(&path) else { continue };
        let value = form::display_value(def, data, &path, &station.library().codes);
        let row = path.row.as_ref().map(|(_, index)| text::review_row(index + 1)).unwrap_or_default();
        items.push(Item {
            path: path.to_string(),
            label: format!("{row} {} {value}", field.label).trim().to_owned(),
            article: field.article.clone(),
        });
    }
    items.extend(def.materials.iter().map(|material| Item {
        path: format!("mat.{}", material.id),
        label: format!("{} {}", text::ASK_MATERIAL, material.label),
        article: material.article.clone(),
    }));
    items
}

fn choices(items: &[Item]) -> Vec<Choice> {
    items
        .iter()
        .enumerate()
        .map(|(index, item)| Choice { code: (index + 1).to_string(), label: item.label.clone() })
        .collect()
}
