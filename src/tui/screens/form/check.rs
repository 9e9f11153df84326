//! The page before submitting: what stands in the way, what happens next, the settlement as it would be, and all values
//! as people read them. Knows what to show; must not know how it is decided.

use std::collections::BTreeMap;

use xiangbao_core::findings::{Raised, Weight};
use xiangbao_core::form::{
    Effect, EvalContext, FieldPath, Finding, FormDef, Severity, display_value, missing_materials,
    shown_fields,
};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{PolicyGap, Settlement};

use super::leaf::Leaf;
use super::{FormScreen, Side};
use crate::app::AppError;
use crate::tui::screen::{Room, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{fit, fit_right};
use crate::tui::widgets::frame::Message;

/// Cells of an amount.
const AMOUNT: usize = 14;

impl FormScreen {
    /// F8, or Enter on the last field.
    pub(super) fn open_check(&mut self, room: Room<'_>) -> Step {
        let said = self.save_here(room);
        if self.unsaved {
            return said.map_or(Step::Changed, Step::Say);
        }
        self.strict = true;
        match self.show_check(room) {
            Ok(()) => Step::Changed,
            Err(error) => Step::failed(&error),
        }
    }

    /// Writes the page anew.
    pub(super) fn show_check(&mut self, room: Room<'_>) -> Result<(), AppError> {
        self.rebuild(room)?;
        let leaf = self.check_page(room)?;
        self.side = Side::Check(leaf);
        self.look_here(room);
        Ok(())
    }

    /// Back to the fields, where the caret was.
    pub(super) fn back_to_fields(&mut self, room: Room<'_>) -> Step {
        self.side = Side::Fields;
        match self.rebuild(room) {
            Ok(()) => self.remark_here().map_or(Step::Changed, Step::Say),
            Err(error) => Step::failed(&error),
        }
    }

    /// Enter: to the first field that stands in the way, else to the materials, else nothing is left to do but F9.
    pub(super) fn go_to_first_finding(&mut self, room: Room<'_>) -> Step {
        if let Some(finding) = self.findings.first().cloned() {
            return self.go_to_finding(&finding, room);
        }
        let Ok(def) = room.station.form_of_draft(&self.draft) else { return Step::Still };
        if missing_materials(def, &self.draft.data, &room.station.eval_context()).is_empty() {
            return match room.station.obstacle(&self.draft) {
                Ok(None) => Step::Say(Message::plain(text::FORM_READY)),
                Ok(Some(obstacle)) => Step::Say(Message::error(obstacle)),
                Err(error) => Step::failed(&error),
            };
        }
        self.open_materials(room)
    }

    /// To the field of a finding, with its sentence.
    pub(super) fn go_to_finding(&mut self, finding: &Finding, room: Room<'_>) -> Step {
        self.side = Side::Fields;
        let _ = self.rebuild(room);
        self.go_to_path(&finding.path.to_string());
        self.look_here(room);
        let said = self.remark_at(&finding.path);
        Step::Say(said.unwrap_or_else(|| Message::error(finding.message.clone())))
    }

    fn check_page(&self, room: Room<'_>) -> Result<Leaf, AppError> {
        let def = room.station.form_of_draft(&self.draft)?;
        let context = room.station.eval_context();
        let mut leaf = Leaf::default();
        let obstacle = room.station.obstacle(&self.draft)?;
        self.standing(&mut leaf, def, &context, obstacle.as_deref());
        self.doubts(&mut leaf, obstacle.as_deref(), room)?;
        self.next(&mut leaf, def, room)?;
        if def.effect == Effect::Reimburse {
            let snapshot = room.station.snapshot()?;
            leaf.heading(text::FORM_SETTLEMENT);
            match room.station.settle(&snapshot, &self.draft.data) {
                Ok(settled) => settlement(&mut leaf, &settled),
                // What the bill lacks stands above, field by field.
                Err(AppError::Policy(PolicyGap::Input { .. })) if !self.findings.is_empty() => {
                    leaf.say(Role::Muted, text::FORM_SETTLE_LATER);
                }
                Err(error) => leaf.say(Role::Warning, &error.zh()),
            }
        }
        let outlooks = room.station.outlook(&self.draft)?;
        if !outlooks.is_empty() {
            leaf.heading(text::FORM_OUTLOOK);
        }
        for outlook in outlooks {
            leaf.say(Role::Text, &outlook.who);
            for line in outlook.lines {
                leaf.under(if line.alarm { Role::Warning } else { Role::Muted }, &line.text);
            }
        }
        self.values(&mut leaf, def, &context);
        Ok(leaf)
    }

    /// What stands in the way.
    fn standing(&self, leaf: &mut Leaf, def: &FormDef, context: &EvalContext<'_>, obstacle: Option<&str>) {
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let doubts = self.findings.len() - errors;
        let missing = missing_materials(def, &self.draft.data, context);
        leaf.heading(text::FORM_STANDING);
        if let Some(obstacle) = obstacle {
            leaf.say(Role::Error, obstacle);
        }
        if errors + doubts + missing.len() == 0 {
            if obstacle.is_none() {
                leaf.say(Role::Good, text::FORM_READY);
            }
        } else {
            leaf.say(Role::Warning, &text::form_standing(errors, doubts, missing.len()));
        }
        for finding in &self.findings {
            let remark = super::paper::remark(finding);
            let place = self.place(def, &finding.path);
            let words = text::form_finding(remark.word(), &place, &remark.text, &finding.article);
            leaf.say(remark.role(), &words);
        }
        for material in missing {
            leaf.say(
                Role::Warning,
                &text::form_missing(
                    &material.label,
                    material.copy,
                    material.group.is_some(),
                    &material.article,
                ),
            );
        }
        for (key, code) in &self.draft.answers {
            let path = key.split_once('@').and_then(|(_, path)| path.parse::<FieldPath>().ok());
            let label = def.reasons.iter().find(|reason| reason.code == *code).map_or("", |r| &r.label);
            let place = path.map(|path| self.place(def, &path)).unwrap_or_default();
            leaf.say(Role::Muted, &text::form_explained(&place, code, label));
        }
    }

    /// What the reviewers will have to look at, and what does not let the claim in.
    fn doubts(&self, leaf: &mut Leaf, obstacle: Option<&str>, room: Room<'_>) -> Result<(), AppError> {
        if self.findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Ok(());
        }
        let found = room.station.draft_findings(&self.draft)?;
        let told = |raised: &&Raised| {
            raised.weight == Weight::Block && obstacle.is_some_and(|words| words.contains(&raised.sentence))
        };
        let found: Vec<&Raised> = found.iter().filter(|raised| !told(raised)).collect();
        if found.is_empty() {
            return Ok(());
        }
        leaf.heading(text::DOUBTS);
        if found.iter().any(|raised| raised.weight == Weight::Answer) {
            leaf.say(Role::Muted, text::DOUBTS_AT_COUNTER);
        }
        for raised in found {
            let role = match raised.weight {
                Weight::Block => Role::Error,
                Weight::Answer => Role::Warning,
                Weight::Inform => Role::Text,
            };
            let words = text::doubt_line(&raised.code, &raised.sentence, &raised.article, raised.weight);
            leaf.say(role, &words);
            if !raised.todo.is_empty() {
                leaf.under(Role::Muted, &raised.todo);
            }
        }
        Ok(())
    }

    /// Number and label of a field, as one finds it on the screen and on paper.
    fn place(&self, def: &FormDef, path: &FieldPath) -> String {
        let label = def.field(path).map_or(path.field.as_str(), |field| field.label.as_str());
        let number = self.form.index_of(&path.to_string()).map(|index| index + 1);
        text::form_place(number, path.row.as_ref().map(|(_, row)| row + 1), label)
    }

    /// What happens when it is handed in.
    fn next(&self, leaf: &mut Leaf, def: &FormDef, room: Room<'_>) -> Result<(), AppError> {
        leaf.heading(text::FORM_NEXT);
        if self.draft.correcting {
            leaf.say(Role::Text, &text::form_next_correction(&self.number));
        } else {
            // What cannot be promised now is said when it is handed in.
            if let Ok(promise) = room.station.promise_of(&self.draft) {
                let (days, due) = (promise.working_days, &promise.due);
                let words = text::form_next(days, due, promise.provisional, &def.clock.source);
                leaf.say(Role::Text, &words);
            }
        }
        let levels = room.station.levels_of(&self.draft)?;
        leaf.say(Role::Text, &text::form_levels(&levels.words()));
        if let Some(notice) = levels.notice() {
            leaf.say(Role::Warning, &notice);
        }
        Ok(())
    }

    /// All values, in the paper's order; a row of a table in one paragraph.
    fn values(&self, leaf: &mut Leaf, def: &FormDef, context: &EvalContext<'_>) {
        let data = &self.draft.data;
        let shown = shown_fields(def, data, context);
        for section in &def.sections {
            let here: Vec<&FieldPath> = shown
                .iter()
                .filter(|path| {
                    path.row.as_ref().map(|(table, _)| table) == section.table.as_ref().map(|t| &t.id)
                })
                .filter(|path| section.field(&path.field).is_some() && !data.get(path).is_empty())
                .collect();
            if here.is_empty() {
                continue;
            }
            leaf.heading(&section.title);
            let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
            for path in here {
                let Some(field) = section.field(&path.field) else { continue };
                let value = display_value(def, data, path, context.codes);
                match &path.row {
                    None => leaf.pair(Role::Text, &field.label, &value),
                    Some((_, row)) => {
                        rows.entry(*row).or_default().push(text::form_cell(&field.label, &value));
                    }
                }
            }
            for (row, cells) in rows {
                leaf.row(row + 1, &cells.join(text::FORM_CELL_GAP));
            }
        }
    }
}

/// The settlement as it would be today, with the reason of every amount.
fn settlement(leaf: &mut Leaf, settled: &Settlement) {
    if settled.sample {
        leaf.say(Role::Warning, text::FORM_SAMPLE);
    }
    let amount = |fen: Fen| fit_right(&fen.to_grouped(), AMOUNT, "");
    let sums = [
        settled.medfee_sumamt,
        settled.fulamt_ownpay_amt,
        settled.overlmt_selfpay,
        settled.preselfpay_amt,
        settled.inscp_scp_amt,
        settled.act_pay_dedc,
        settled.hifp_pay,
        settled.hifmi_pay,
        settled.oth_pay,
        settled.maf_pay,
        settled.fund_pay_sumamt,
        settled.psn_part_amt,
    ];
    for (label, sum) in text::FORM_SUMS.iter().zip(sums) {
        leaf.figure(label, &sum.to_grouped());
    }
    leaf.pair(Role::Text, text::FORM_CAPITALS, &settled.fund_pay_sumamt.capitals());
    if !settled.absent.is_empty() {
        leaf.say(Role::Warning, &text::settlement_absent(&settled.absent));
    }
    for band in settled.bands.iter().chain(settled.layers.iter().flat_map(|layer| &layer.bands)) {
        let line =
            text::form_band(&fit(&band.label, 24, ""), &amount(band.base), &band.ratio, &amount(band.amount));
        leaf.say(Role::Text, &line);
    }
    leaf.heading(text::FORM_TRACE);
    for step in &settled.trace {
        let words = text::form_trace(&step.formula, &step.document, &step.article, step.sample);
        leaf.figure(&step.label, &step.amount.to_grouped());
        leaf.under(Role::Muted, &words);
    }
}
