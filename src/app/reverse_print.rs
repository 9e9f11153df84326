//! The slip of a refund settlement (退费结算单): each amount of the settlement beside its negative, the year before and after,
//! who agreed to the reversal, and what becomes of the money. Knows cases and settlements; must not know layouts.

use std::collections::BTreeMap;

use xiangbao_core::case::{Case, PayState, Review};
use xiangbao_core::event::{Level, Verdict};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::Settlement;

use super::error::AppError;
use super::print_data::{Sheet, day, row};
use super::reverse_case::setl_id;

impl Sheet<'_> {
    /// Fills the slots of a refund settlement.
    pub(super) fn negative(
        &mut self,
        case: &Case,
        settled: &Settlement,
        negative: &Settlement,
    ) -> Result<(), AppError> {
        self.set("neg.number", &setl_id(case, true));
        self.set("neg.original", &setl_id(case, false));
        self.set("neg.effect", &case.effect.as_ref().map(day).unwrap_or_default());
        self.set("neg.year", &settled.year.to_string());
        self.set("neg.capital", &negative.fund_pay_sumamt.capitals());
        self.set("neg.fund", &negative.fund_pay_sumamt.to_grouped());
        self.set("neg.money", &money(case));
        self.set("setl.sample", if settled.sample { "示例参数，未经核实" } else { "" });
        if let Some((by, reason)) = &case.reversal {
            self.set("neg.reason", reason);
            let proposer = self.name_of(by)?;
            self.set("neg.proposer", &proposer);
            self.set("neg.proposed", &day(by));
        }
        for level in [Level::Recheck, Level::Approval] {
            let Some(review) = agreed(case, level) else { continue };
            let name = match &review.elsewhere {
                Some(who) => who.name.clone(),
                None => self.name_of(&review.by)?,
            };
            self.set(&format!("neg.{}.person", level.id()), &name);
            self.set(&format!("neg.{}.date", level.id()), &day(&review.by));
            self.set(&format!("neg.{}.text", level.id()), &review.opinion);
        }
        self.table("neg_amounts", amounts(settled, negative));
        self.table("neg_year", year(negative));
        Ok(())
    }
}

/// The last agreement of a level to the reversal.
fn agreed(case: &Case, level: Level) -> Option<&Review> {
    let own =
        |review: &&Review| review.reversal && review.level == level && review.verdict == Verdict::Passed;
    case.reviews.iter().rfind(own)
}

fn amounts(settled: &Settlement, negative: &Settlement) -> Vec<BTreeMap<String, String>> {
    let pairs = settled.amounts().zip(negative.amounts());
    let rows = pairs.map(|((_, label, original), (_, _, negative))| {
        let left = original.checked_add(negative).unwrap_or(original);
        row(&[
            ("label", label),
            ("original", &original.to_grouped()),
            ("negative", &negative.to_grouped()),
            ("left", &left.to_grouped()),
        ])
    });
    rows.collect()
}

fn year(negative: &Settlement) -> Vec<BTreeMap<String, String>> {
    let (own, after) = (&negative.year_own, &negative.year_after);
    let line = |label: &str, own: Fen, after: Fen| {
        let before = after.checked_add(own).unwrap_or(after);
        row(&[
            ("label", label),
            ("before", &before.to_grouped()),
            ("own", &own.to_grouped()),
            ("after", &after.to_grouped()),
        ])
    };
    vec![
        row(&[
            ("label", "住院次数"),
            ("before", &after.admissions.saturating_add(own.admissions).to_string()),
            ("own", &own.admissions.to_string()),
            ("after", &after.admissions.to_string()),
        ]),
        line("基金支付", own.fund_paid, after.fund_paid),
        line("起付线", own.deductible_paid, after.deductible_paid),
        line("大病保险基数", own.big_illness.base, after.big_illness.base),
    ]
}

/// What becomes of the money.
fn money(case: &Case) -> String {
    match &case.payment {
        Some(pay) if pay.state == PayState::Reclaim => {
            let left = pay.amount.checked_sub(pay.recovered).unwrap_or(pay.amount);
            format!(
                "已支付 {} 元，已追回 {} 元，待追回 {} 元（经银行，不收现金，003 A94）。",
                pay.amount.to_grouped(),
                pay.recovered.to_grouped(),
                left.to_grouped()
            )
        }
        Some(pay) if pay.state == PayState::Recovered => {
            format!("已支付 {} 元，已全部追回。", pay.amount.to_grouped())
        }
        _ => "没有支付，不再支付。".to_owned(),
    }
}
