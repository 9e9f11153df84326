//! A settlement on the review page: the amounts, and for each the reasoning with rule, article and document. Knows
//! how a settlement reads; must not know how it is computed.

use xiangbao_core::policy::Settlement;

use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::fit_right;
use crate::tui::widgets::page::{Entry, columns};

/// The entries of a settlement; `fixed` once the last level agreed.
pub(super) fn entries(settlement: &Settlement, fixed: bool, entries: &mut Vec<Entry>) {
    let heading = if fixed { text::REVIEW_SETTLEMENT } else { text::REVIEW_SETTLEMENT_TODAY };
    entries.push(Entry::Heading(heading.to_owned()));
    if settlement.sample {
        let mark = text::SAMPLE;
        entries.push(Entry::Text { mark, text: text::REVIEW_SAMPLE.to_owned(), role: Role::Warning });
    }
    let amounts = [
        settlement.medfee_sumamt,
        settlement.fulamt_ownpay_amt,
        settlement.overlmt_selfpay,
        settlement.preselfpay_amt,
        settlement.inscp_scp_amt,
        settlement.act_pay_dedc,
        settlement.hifp_pay,
        settlement.over_cap_amt,
        settlement.guarantee_amt,
        settlement.hifmi_pay,
        settlement.oth_pay,
        settlement.maf_pay,
        settlement.fund_pay_sumamt,
        settlement.psn_part_amt,
    ];
    let cells: Vec<(&str, String)> =
        text::SETTLEMENT_LABELS.into_iter().zip(amounts.iter().map(|amount| amount.to_grouped())).collect();
    for pair in cells.chunks(2) {
        let mut line = Vec::new();
        for (label, amount) in pair {
            line.extend([(*label, 14), (amount.as_str(), -14), ("", 2)]);
        }
        entries.push(Entry::row(columns(&line), Role::Text, false));
    }
    if !settlement.absent.is_empty() {
        let text = text::settlement_absent(&settlement.absent);
        entries.push(Entry::Text { mark: "", text, role: Role::Warning });
    }
    entries.push(Entry::Heading(text::REVIEW_TRACE.to_owned()));
    for step in &settlement.trace {
        let mark = if step.sample { text::SAMPLE } else { "" };
        let words = format!("{}  {}", fit_right(&step.amount.to_grouped(), 12, "~"), step.formula);
        entries.push(Entry::marked(mark, &step.label, words, Role::Text));
        let source = text::trace_source(&step.rule, &step.article, &step.document);
        entries.push(Entry::marked("", "", source, Role::Muted));
    }
}

/// The refund settlement of a reversal: what it takes back, and the year without it.
pub(super) fn refund(original: &Settlement, negative: &Settlement, entries: &mut Vec<Entry>) {
    entries.push(Entry::Heading(text::REVIEW_NEGATIVE.to_owned()));
    let wanted = ["medfee_sumamt", "inscp_scp_amt", "act_pay_dedc", "fund_pay_sumamt", "psn_part_amt"];
    let pairs = original.amounts().zip(negative.amounts());
    for ((field, label, before), (_, _, back)) in pairs {
        if wanted.contains(&field) {
            let words = text::review_negative(&before.to_grouped(), &back.to_grouped());
            entries.push(Entry::marked("", label, words, Role::Warning));
        }
    }
    let after = text::review_year_after(
        negative.year,
        negative.year_after.admissions,
        &negative.year_after.fund_paid.to_grouped(),
    );
    entries.push(Entry::value(text::REVIEW_YEAR_AFTER, after));
}
