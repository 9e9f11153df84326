//! The settlement of a case beside what it would be otherwise. Knows how figures stand beside each other; must not know how
//! they are computed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{Change, Settlement};

use crate::app::{AppError, Comparison};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context};
use crate::tui::look::Look;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::page::{Entry, Page, columns};

/// Cells of each column; negative stands to the right.
const CELLS: [i16; 5] = [18, -11, -11, -11, -11];

struct Compare {
    subject: String,
    page: Page,
}

/// Opens the comparison of a case; the look is recorded.
///
/// # Errors
/// When the person at the desk may not see the case, or its bill cannot be settled.
pub fn open(case_id: &[u8; 16], room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    let comparison = room.station.compare_settlement(room.actor, case_id)?;
    let page = Page::new(entries(&comparison));
    Ok(Box::new(Compare { subject: comparison.subject, page }))
}

fn entries(comparison: &Comparison) -> Vec<Entry> {
    let base = &comparison.base;
    let heading = if comparison.fixed { text::COMPARE_FIXED } else { text::COMPARE_TODAY };
    let mut entries = vec![Entry::Heading(heading.to_owned())];
    if base.sample {
        let (mark, text) = (text::SAMPLE, text::REVIEW_SAMPLE.to_owned());
        entries.push(Entry::Text { mark, text, role: Role::Warning });
    }
    let head: Vec<(&str, i16)> = text::COMPARE_COLUMNS.into_iter().zip(CELLS).collect();
    entries.push(Entry::row(columns(&head), Role::Muted, false));
    entries.push(Entry::row(line(text::COMPARE_BASE, base, ""), Role::Text, false));
    for variant in &comparison.variants {
        let label = text::change(&variant.change, identity(comparison, &variant.change));
        match &variant.result {
            Ok(settled) => {
                let more = settled.fund_pay_sumamt.checked_sub(base.fund_pay_sumamt).unwrap_or_default();
                let sign = if more > Fen::ZERO { "+" } else { "" };
                let row = line(&label, settled, &format!("{sign}{}", more.to_grouped()));
                let role = if more == Fen::ZERO { Role::Muted } else { Role::Text };
                entries.push(Entry::row(row, role, false));
            }
            Err(gap) => entries.push(Entry::marked("", label, gap.to_string(), Role::Muted)),
        }
    }
    entries.push(Entry::text(text::COMPARE_NOTE, Role::Muted));
    entries
}

fn line(label: &str, settled: &Settlement, more: &str) -> String {
    let others = Fen::checked_sum([settled.hifmi_pay, settled.oth_pay, settled.maf_pay]).unwrap_or_default();
    let amounts = [settled.hifp_pay, others, settled.psn_part_amt].map(Fen::to_grouped);
    let [pool, others, person] = &amounts;
    let cells: Vec<(&str, i16)> = [label, pool, others, person, more].into_iter().zip(CELLS).collect();
    columns(&cells)
}

fn identity<'a>(comparison: &'a Comparison, change: &Change) -> &'a str {
    let (Change::With(code) | Change::Without(code)) = change else { return "" };
    let named = comparison.identities.iter().find(|(known, _)| known == code);
    named.map_or("", |(_, name)| name.as_str())
}

impl Screen for Compare {
    fn code(&self) -> &str {
        // A page behind a case: no code leads here.
        ""
    }

    fn title(&self) -> &str {
        text::COMPARE
    }

    fn subject(&self) -> String {
        self.subject.clone()
    }

    fn context(&self) -> Context {
        Context::Page
    }

    fn offers(&self, _action: Action) -> bool {
        false
    }

    fn act(&mut self, action: Action, _room: Room<'_>) -> Step {
        if self.page.act(action) { Step::Changed } else { Step::Unhandled }
    }

    fn key(&mut self, _key: Key, _room: Room<'_>) -> Step {
        Step::Still
    }

    fn view(&self, frame: &mut Frame<'_>, body: Rect, look: &Look) -> Position {
        let area = Rect { height: body.height.saturating_sub(1), ..body };
        self.page.view(frame.buffer_mut(), area, look)
    }
}
