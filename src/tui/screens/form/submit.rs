//! Handing in: 受理, 不予受理, throwing a draft away, and the page that says what became of it. Only an answered question
//! leads here. Knows the use cases of the counter; must not know how they decide.

use super::ask::{Deed, Question};
use super::leaf::Leaf;
use super::{FormScreen, Side};
use crate::app::{Accepted, AppError, REFUSAL_NOTICE, SUPPLEMENT_NOTICE};
use crate::tui::screen::{Room, Step};
use crate::tui::screens::materials::Materials;
use crate::tui::screens::preview;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::frame::Message;
use crate::tui::widgets::prompt::Prompt;

/// What a command id was made for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    /// 受理, or the corrected case again.
    Accept,
    /// 不予受理.
    Refuse,
}

/// What became of the draft.
pub(super) struct Done {
    /// What the clerk reads.
    pub(super) leaf: Leaf,
    /// The paper that goes to the applicant.
    template: String,
}

impl FormScreen {
    /// F9: looks once more, then asks. Nothing is handed in without the answer.
    pub(super) fn ask_submit(&mut self, room: Room<'_>) -> Step {
        let said = if matches!(self.side, Side::Fields) { self.save_here(room) } else { None };
        if self.unsaved {
            return said.map_or(Step::Changed, Step::Say);
        }
        self.strict = true;
        if let Err(error) = self.show_check(room) {
            return Step::failed(&error);
        }
        if let Some(first) = self.findings.first().cloned() {
            return self.go_to_finding(&first, room);
        }
        let Ok(def) = room.station.form_of_draft(&self.draft) else { return Step::Still };
        let context = room.station.eval_context();
        let missing = xiangbao_core::form::missing_materials(def, &self.draft.data, &context);
        if !missing.is_empty() {
            let words = AppError::Materials(missing.iter().map(|m| m.label.clone()).collect()).zh();
            let _ = self.open_materials(room);
            return Step::Say(Message::warning(words));
        }
        match room.station.obstacle(&self.draft) {
            Ok(None) => {}
            Ok(Some(obstacle)) => return Step::Say(Message::error(obstacle)),
            Err(error) => return Step::failed(&error),
        }
        if self.draft.correcting {
            self.question = Some(Question::sure(&text::form_ask_again(&self.number), Deed::Accept));
            return Step::Changed;
        }
        match room.station.receipt_outages(&self.draft) {
            Ok(outages) if outages.is_empty() => self.ask_accept(room),
            Ok(_) => {
                let noted = self.draft.received_ms.map(|ms| crate::app::local(ms).format("%Y-%m-%d %H:%M"));
                let noted = noted.map(|moment| moment.to_string());
                let typed = self.untaken.take().or(noted).unwrap_or_default();
                self.question = Some(Question::Received(Prompt::new(text::RECEIVED_PROMPT, &typed)));
                Step::Changed
            }
            Err(error) => Step::failed(&error),
        }
    }

    /// Yes or no, with the day that will be promised.
    fn ask_accept(&mut self, room: Room<'_>) -> Step {
        match room.station.promise_of(&self.draft) {
            Ok(promise) => {
                let question = text::form_ask_accept(self.who(), &self.name, &promise.due);
                // The clerk knows before handing in that the case goes up for want of persons.
                let question = match room.station.levels_of(&self.draft).map(|levels| levels.goes_up()) {
                    Ok(Some(notice)) => text::form_ask_short(&notice, &question),
                    Ok(None) => question,
                    Err(error) => return Step::failed(&error),
                };
                self.question = Some(Question::sure(&question, Deed::Accept));
                Step::Changed
            }
            Err(error) => Step::failed(&error),
        }
    }

    /// Takes the real time of receipt of what came in during an outage; a time that no notice covers is asked again.
    pub(super) fn received(&mut self, typed: &str, room: Room<'_>) -> Step {
        match room.station.set_received(&mut self.draft, typed) {
            Ok(()) => self.ask_accept(room),
            Err(error) => {
                // The sentence needs the line; what was typed is there when one submits again.
                self.untaken = Some(typed.to_owned());
                Step::failed(&error)
            }
        }
    }

    /// An answered question.
    pub(super) fn do_it(&mut self, deed: Deed, room: Room<'_>) -> Step {
        match deed {
            Deed::Accept => self.accept(room),
            Deed::Refuse { reason, article } => self.refuse(&reason, &article, room),
            Deed::Discard => match room.station.discard_draft(&self.draft) {
                Ok(()) => Step::Close(Some(Message::plain(text::FORM_DISCARDED))),
                Err(error) => Step::failed(&error),
            },
            Deed::TakeBill(preview) => self.take_bill(&preview, room),
            Deed::ImportGood { path } => self.import(&path, true, room),
            Deed::RemoveRow { table, index } => self.remove_row(&table, index, room),
        }
    }

    /// The id of this confirmation: the same again for a retry, so that one answer is one case.
    fn command(&mut self, errand: Errand, room: Room<'_>) -> [u8; 16] {
        match self.command {
            Some((same, id)) if same == errand => id,
            _ => {
                let id = room.station.new_id();
                self.command = Some((errand, id));
                id
            }
        }
    }

    fn accept(&mut self, room: Room<'_>) -> Step {
        let command = self.command(Errand::Accept, room);
        match room.station.accept(room.actor, &self.draft, command) {
            Ok(accepted) => self.accepted(&accepted, room),
            Err(AppError::Findings(findings)) => {
                let words = AppError::Findings(findings.clone()).zh();
                match findings.first() {
                    Some(first) => {
                        let _ = self.go_to_finding(first, room);
                        Step::Say(Message::error(words))
                    }
                    None => Step::Say(Message::error(words)),
                }
            }
            Err(AppError::Materials(missing)) => {
                let _ = self.open_materials(room);
                Step::Say(Message::warning(AppError::Materials(missing).zh()))
            }
            Err(error) => Step::failed(&error),
        }
    }

    fn accepted(&mut self, accepted: &Accepted, room: Room<'_>) -> Step {
        let mut leaf = Leaf::default();
        leaf.heading(if self.draft.correcting { text::FORM_RESUBMITTED } else { text::FORM_ACCEPTED });
        leaf.pair(Role::Text, text::FORM_NUMBER, &accepted.number);
        leaf.pair(Role::Text, text::FORM_WHO, self.who());
        let promise = &accepted.promise;
        leaf.pair(
            Role::Text,
            text::FORM_DUE,
            &text::form_due(&promise.due, promise.working_days, promise.provisional),
        );
        leaf.pair(Role::Text, text::FORM_THEN, &text::form_levels(&accepted.levels));
        leaf.heading(text::FORM_WHAT_NOW);
        leaf.say(Role::Text, text::FORM_WHAT_NOW_LINES);
        let template = room.station.form_of_draft(&self.draft).map(|def| def.receipt.clone());
        self.side = Side::Done(Done { leaf, template: template.unwrap_or_default() });
        Step::Say(Message::good(text::form_stored(&accepted.number)))
    }

    /// Ctrl-R.
    pub(super) fn ask_refuse(&mut self, room: Room<'_>) -> Step {
        if self.draft.correcting {
            return Step::Say(Message::plain(text::FORM_REFUSE_CORRECTION));
        }
        let said = if matches!(self.side, Side::Fields) { self.save_here(room) } else { None };
        if self.unsaved {
            return said.map_or(Step::Changed, Step::Say);
        }
        self.question = Some(Question::RefusalReason(Prompt::new(text::FORM_REFUSAL_REASON, "")));
        Step::Changed
    }

    pub(super) fn ask_refusal_sure(&mut self, reason: String, article: String) -> Step {
        let question = text::form_ask_refuse(self.who());
        self.question = Some(Question::sure(&question, Deed::Refuse { reason, article }));
        Step::Changed
    }

    fn refuse(&mut self, reason: &str, article: &str, room: Room<'_>) -> Step {
        let command = self.command(Errand::Refuse, room);
        match room.station.refuse(room.actor, &self.draft, reason, article, command) {
            Ok(refused) => {
                let mut leaf = Leaf::default();
                leaf.heading(text::FORM_REFUSED);
                leaf.pair(Role::Text, text::FORM_NUMBER, &refused.number);
                leaf.pair(Role::Text, text::FORM_WHO, self.who());
                leaf.pair(Role::Text, text::FORM_REFUSED_WHY, &text::form_because(reason, article));
                leaf.heading(text::FORM_WHAT_NOW);
                leaf.say(Role::Text, text::FORM_REFUSED_NOW);
                self.side = Side::Done(Done { leaf, template: REFUSAL_NOTICE.to_owned() });
                Step::Say(Message::good(text::form_stored(&refused.number)))
            }
            Err(error) => Step::failed(&error),
        }
    }

    /// F5.
    pub(super) fn open_materials(&mut self, room: Room<'_>) -> Step {
        let said = if matches!(self.side, Side::Fields) { self.save_here(room) } else { None };
        if self.unsaved {
            return said.map_or(Step::Changed, Step::Say);
        }
        match Materials::open(&self.draft, &self.wanted_papers(), room) {
            Ok(materials) => {
                self.over_check = matches!(self.side, Side::Check(_));
                self.side = Side::Materials(materials);
                Step::Changed
            }
            Err(error) => Step::failed(&error),
        }
    }

    /// F6 on the checklist: the one-time notice of everything that is missing (003 A35).
    pub(super) fn print_notice(&self, room: Room<'_>) -> Step {
        match room.station.prepare_draft(room.actor, &self.draft, SUPPLEMENT_NOTICE) {
            Ok(prepared) => Step::Open(preview::open_notice(self.draft.case_id, prepared, room)),
            Err(error) => Step::failed(&error),
        }
    }

    /// F6 on the form: the form as it stands, for signing.
    pub(super) fn print_form(&mut self, room: Room<'_>) -> Step {
        let said = if matches!(self.side, Side::Fields) { self.save_here(room) } else { None };
        if self.unsaved {
            return said.map_or(Step::Changed, Step::Say);
        }
        match room.station.form_of_draft(&self.draft) {
            Ok(def) => self.preview_draft(&def.template, room),
            Err(error) => Step::failed(&error),
        }
    }

    fn preview_draft(&self, template: &str, room: Room<'_>) -> Step {
        match room.station.prepare_draft(room.actor, &self.draft, template) {
            Ok(prepared) => Step::Open(preview::open_prepared(prepared, room)),
            Err(error) => Step::failed(&error),
        }
    }

    /// F6 when it is handed in: the paper for the applicant.
    pub(super) fn print_done(&self, room: Room<'_>) -> Step {
        let Side::Done(done) = &self.side else { return Step::Still };
        Step::opened(preview::open(&self.draft.case_id, Some(&done.template), room))
    }

    /// Papers that a reviewer asked for: id and reason.
    fn wanted_papers(&self) -> Vec<(String, String)> {
        let papers = self.wanted.iter().filter_map(|wanted| {
            let id = wanted.path.strip_prefix("mat.")?;
            Some((id.to_owned(), wanted.reason.clone()))
        });
        papers.collect()
    }
}
