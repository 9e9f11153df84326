//! One payment list: every line with its payee, who made and approved it, what the bank said; to approve, give back, write for
//! the bank, take the answer in, print. Knows the page and words; must not know who may do what.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::payment::ListStatus;
use xiangbao_core::role::{self, Subject};

use super::ask::{Ask, AskEvent, Question};
use super::payment_lists::take_answer;
use crate::app::{AppError, PaymentListPage};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context, Screen as ScreenCode};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::confirm::{Confirm, ConfirmEvent};
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::page::{Entry, Page, columns};
use crate::tui::widgets::prompt::{Prompt, PromptEvent};

const REASON: &str = "reason";

/// What is asked.
enum Asking {
    /// Whether to approve.
    Approve(Confirm),
    /// Whether to write the file: from then on the bank may have it.
    Export(Confirm),
    /// Why it is given back.
    Close(Box<Ask>),
    /// Where the bank's answer lies.
    Answer(Prompt),
}

struct OneList {
    content: PaymentListPage,
    page: Page,
    asking: Option<Asking>,
    may_make: bool,
    may_approve: bool,
}

/// Opens a list; the look is recorded.
///
/// # Errors
/// When the person at the desk may not see it, or it does not exist.
pub fn open(no: &str, room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let content = room.station.payment_list(room.actor, no)?;
    let roles = &room.station.library().roles;
    let may = |action| roles.authorize(room.actor, action, &Subject::none()).is_ok();
    let page = Page::new(entries(&content));
    let (may_make, may_approve) = (may(role::Action::MakePayment), may(role::Action::ApprovePayment));
    Ok(Box::new(OneList { content, page, asking: None, may_make, may_approve }))
}

fn entries(content: &PaymentListPage) -> Vec<Entry> {
    let (row, list) = (&content.row, &content.list);
    let mut entries = vec![Entry::Heading(text::ONE_STANDING.to_owned())];
    entries.push(Entry::marked("", text::ONE_STATUS, row.status.label(), Role::Accent));
    entries.push(Entry::value(text::ONE_KIND, row.kind.label()));
    let sum = text::one_sum(row.count, &row.sum.to_grouped(), row.samples);
    let role = if row.samples > 0 { Role::Warning } else { Role::Text };
    entries.push(Entry::marked("", text::ONE_SUM, sum, role));
    entries.push(Entry::value(text::ONE_BANK, row.bank.as_str()));
    entries.push(Entry::value(text::ONE_MAKER, format!("{}  {}", row.maker, row.made)));
    entries.push(Entry::value(text::ONE_CHECKER, row.checker.as_str()));
    if let Some((_, file)) = &list.exported {
        entries.push(Entry::value(text::ONE_FILE, format!("{}  {}", file.name, file.day)));
        let result = text::one_result(row.paid, row.failed, row.count);
        entries.push(Entry::value(text::ONE_RESULT, result));
    }
    if let Some((_, reason)) = &list.closed {
        entries.push(Entry::marked("", text::ONE_CLOSED, reason.as_str(), Role::Warning));
    }
    if !content.bar.is_empty() {
        entries.push(Entry::text(content.bar.as_str(), Role::Warning));
    }
    entries.push(Entry::Heading(text::ONE_LINES.to_owned()));
    let [seq, number, who, account, amount, result] = text::ONE_HEAD;
    let head = [(seq, -3), (number, 15), (who, 18), (account, 5), (amount, -15), (result, 25)];
    entries.push(Entry::row(columns(&head), Role::Muted, false));
    for entry in &list.sheet.entries {
        let said = list.results.get(&entry.seq);
        let result = match said {
            Some(result) if result.done => text::one_paid(&result.day),
            Some(result) => result.reason.clone(),
            None => String::new(),
        };
        let account: String = entry.payee.account.bankacct.chars().rev().take(4).collect();
        let account: String = account.chars().rev().collect();
        let who = if entry.payee.link > 0 {
            text::one_guardian(&entry.psn_name, &entry.payee.account.name)
        } else {
            entry.psn_name.clone()
        };
        let cells = columns(&[
            (&entry.seq.to_string(), -3),
            (&entry.number, 15),
            (&who, 18),
            (&format!("*{account}"), 5),
            (&text::pay_amount(&entry.amount.to_grouped(), entry.sample == Some(true)), -15),
            (&result, 25),
        ]);
        let failed = said.is_some_and(|result| !result.done);
        entries.push(Entry::row(cells, if failed { Role::Warning } else { Role::Text }, false));
    }
    if !list.findings.is_empty() {
        entries.push(Entry::Heading(text::ONE_FINDINGS.to_owned()));
        for (_, finding) in &list.findings {
            entries.push(Entry::text(text::one_finding(finding.line, &finding.text), Role::Warning));
        }
    }
    entries
}

impl OneList {
    fn read(&mut self, room: Room<'_>) -> Result<(), AppError> {
        self.content = room.station.payment_list(room.actor, &self.content.row.no)?;
        self.page.set(entries(&self.content));
        Ok(())
    }

    fn status(&self) -> ListStatus {
        self.content.row.status
    }

    fn open_for_close(&self) -> bool {
        self.may_make && matches!(self.status(), ListStatus::Made | ListStatus::Approved)
    }

    fn open_for_answer(&self) -> bool {
        self.may_make && self.content.list.exported.is_some()
    }

    fn may_write(&self) -> bool {
        self.may_make && (self.status() == ListStatus::Approved || self.content.list.exported.is_some())
    }

    fn done(&mut self, done: Result<Message, AppError>, room: Room<'_>) -> Step {
        // A failure shows where the person acts next; the page stays as it was.
        let _ = self.read(room);
        done.map_or_else(|error| Step::failed(&error), Step::Say)
    }

    fn approve(&mut self, room: Room<'_>) -> Step {
        let (no, id) = (self.content.row.no.clone(), room.station.new_id());
        let done = room.station.approve_payment_list(room.actor, &no, id);
        self.done(done.map(|_| Message::good(text::one_approved(&no))), room)
    }

    fn write(&mut self, room: Room<'_>) -> Step {
        let (no, id) = (self.content.row.no.clone(), room.station.new_id());
        let done = room.station.export_payment(room.actor, &no, None, id);
        let words =
            done.map(|file| Message::good(text::one_written(&file.path.display().to_string(), file.again)));
        self.done(words, room)
    }

    fn close_list(&mut self, reason: &str, room: Room<'_>) -> Step {
        let (no, id) = (self.content.row.no.clone(), room.station.new_id());
        let done = room.station.close_payment_list(room.actor, &no, reason, id);
        self.done(done.map(|_| Message::good(text::one_given_back(&no))), room)
    }

    fn asked(&mut self, key: Key, room: Room<'_>) -> Step {
        match self.asking.take() {
            None => return Step::Still,
            Some(Asking::Approve(mut confirm)) => match confirm.key(key) {
                ConfirmEvent::Yes(_) => return self.approve(room),
                ConfirmEvent::No => {}
                _ => self.asking = Some(Asking::Approve(confirm)),
            },
            Some(Asking::Export(mut confirm)) => match confirm.key(key) {
                ConfirmEvent::Yes(_) => return self.write(room),
                ConfirmEvent::No => {}
                _ => self.asking = Some(Asking::Export(confirm)),
            },
            Some(Asking::Answer(mut prompt)) => match prompt.key(key) {
                PromptEvent::Open => self.asking = Some(Asking::Answer(prompt)),
                PromptEvent::Cancelled => {}
                PromptEvent::Answer(path) => {
                    let done = take_answer(&path, Some(&self.content.row.no), room);
                    return self.done(done, room);
                }
            },
            Some(Asking::Close(mut ask)) => {
                match ask.key(key) {
                    AskEvent::Closed => return Step::Changed,
                    AskEvent::Confirmed => {
                        let reason = ask.value(REASON).to_owned();
                        return self.close_list(&reason, room);
                    }
                    AskEvent::Wanted if ask.value(REASON).is_empty() => {
                        ask.complain(REASON, text::ASK_NEEDS_REASON);
                    }
                    AskEvent::Wanted => ask.confirm(&text::one_close_sure(&self.content.row.no)),
                    AskEvent::Scroll(action) => {
                        self.page.act(action);
                    }
                    AskEvent::Open | AskEvent::Add | AskEvent::Remove | AskEvent::Left => {}
                }
                self.asking = Some(Asking::Close(ask));
            }
        }
        Step::Changed
    }
}

impl Screen for OneList {
    fn code(&self) -> &str {
        ScreenCode::PaymentLists.code()
    }

    fn title(&self) -> &str {
        ScreenCode::PaymentLists.label()
    }

    fn subject(&self) -> String {
        self.content.row.no.clone()
    }

    fn context(&self) -> Context {
        match &self.asking {
            None => Context::PaymentList,
            Some(Asking::Approve(_) | Asking::Export(_)) => Context::Confirm,
            Some(Asking::Close(ask)) => ask.context(),
            Some(Asking::Answer(_)) => Context::PaymentList,
        }
    }

    fn offers(&self, action: Action) -> bool {
        match (&self.asking, action) {
            (Some(Asking::Close(ask)), action) => ask.offers(action),
            (Some(_), _) => true,
            (None, Action::Approve) => {
                self.may_approve && self.status() == ListStatus::Made && self.content.bar.is_empty()
            }
            (None, Action::Return) => self.open_for_close(),
            (None, Action::BankFile) => self.may_write(),
            (None, Action::BankAnswer) => self.open_for_answer(),
            (None, Action::Print) => true,
            _ => false,
        }
    }

    fn modal(&self) -> bool {
        self.asking.is_some()
    }

    fn act(&mut self, action: Action, room: Room<'_>) -> Step {
        let row = &self.content.row;
        match action {
            Action::Approve if !self.content.bar.is_empty() => {
                return Step::Say(Message::error(self.content.bar.clone()));
            }
            Action::Approve if self.may_approve && self.status() == ListStatus::Made => {
                let words = text::one_approve_sure(&row.no, row.count, &row.sum.to_grouped(), row.samples);
                self.asking = Some(Asking::Approve(Confirm::yes_no(&words)));
            }
            Action::Return if self.open_for_close() => {
                let field = Question { id: REASON, label: text::ASK_REASON, value: "", code: false };
                self.asking =
                    Some(Asking::Close(Box::new(Ask::new(text::ONE_GIVE_BACK, text::ASK_HINT, &[field]))));
            }
            Action::BankFile if self.content.list.exported.is_some() && self.may_make => {
                return self.write(room);
            }
            Action::BankFile if self.may_write() => {
                let words = text::one_export_sure(row.count, &row.sum.to_grouped());
                self.asking = Some(Asking::Export(Confirm::yes_no(&words)));
            }
            Action::BankAnswer if self.open_for_answer() => {
                self.asking = Some(Asking::Answer(Prompt::long(text::ANSWER_PATH, "")));
            }
            Action::Print => {
                return match room.station.print_payment_list(room.actor, &row.no) {
                    Ok(path) => Step::Say(Message::good(text::one_printed(&path.display().to_string()))),
                    Err(error) => Step::failed(&error),
                };
            }
            action if self.page.act(action) => {}
            _ => return Step::Unhandled,
        }
        Step::Changed
    }

    fn key(&mut self, key: Key, room: Room<'_>) -> Step {
        self.asked(key, room)
    }

    fn paste(&mut self, text: &str, _room: Room<'_>) -> Step {
        match &mut self.asking {
            Some(Asking::Answer(prompt)) => prompt.paste(text),
            Some(Asking::Close(ask)) => ask.paste(text),
            _ => return Step::Still,
        }
        Step::Changed
    }

    fn refresh(&mut self, room: Room<'_>) {
        // A failure shows where the person acts next; the page stays as it was.
        let _ = self.read(room);
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let screen = frame.area();
        let buf = frame.buffer_mut();
        if let Some(Asking::Close(ask)) = &self.asking {
            let height = ask.height(body.height / 2 + 1);
            let upper = Rect { height: body.height.saturating_sub(height + 1), ..body };
            self.page.view(buf, upper, look);
            let lower = Rect { y: body.bottom().saturating_sub(height), height, ..body };
            return ask.view(buf, screen, lower, look);
        }
        let area = Rect { height: body.height.saturating_sub(1), ..body };
        let cursor = self.page.view(buf, area, look);
        match &self.asking {
            Some(Asking::Approve(confirm) | Asking::Export(confirm)) => confirm.view(buf, screen, look),
            Some(Asking::Answer(prompt)) => prompt.view(buf, screen, look),
            _ => cursor,
        }
    }
}
