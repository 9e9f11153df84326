//! Steps 1 and 2 of the order of calculation: each line of the bill into its four parts, and their sums. Knows the
//! classes of the catalogue; knows no deductible, band or cap.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{FeeKind, FeeLine};
use crate::money::Fen;
use crate::policy::gap::PolicyGap;
use crate::policy::pack::Used;
use crate::policy::trace::TraceStep;
use crate::policy::value::ClassShare;

/// Sums over the lines of a bill.
#[derive(Default)]
pub(super) struct Sums {
    pub(super) total: Fen,
    pub(super) own: Fen,
    pub(super) over_limit: Fen,
    pub(super) first_paid: Fen,
    pub(super) in_scope: Fen,
    kinds: BTreeMap<String, FeeKind>,
    /// By first-paid share: number of lines, base, first-paid amount. For the trace only.
    shares: BTreeMap<Decimal, (usize, Fen, Fen)>,
    own_lines: usize,
}

/// One line in its four parts.
struct Parts {
    own: Fen,
    over_limit: Fen,
    first_paid: Fen,
    in_scope: Fen,
    share: Option<Decimal>,
}

/// Splits every line and adds up. `extra` is added to each first-paid share, up to the whole.
pub(super) fn sum_lines(lines: &[FeeLine], shares: &[ClassShare], extra: Decimal) -> Result<Sums, PolicyGap> {
    if lines.is_empty() {
        return Err(PolicyGap::input("fees", "没有费用明细，请先录入费用清单"));
    }
    let mut sums = Sums::default();
    for line in lines {
        let parts = split(line, shares, extra)?;
        sums.add(line, &parts).ok_or_else(|| PolicyGap::too_large("fees"))?;
    }
    Ok(sums)
}

fn split(line: &FeeLine, shares: &[ClassShare], extra: Decimal) -> Result<Parts, PolicyGap> {
    if line.amount < Fen::ZERO {
        return Err(bad(line, "金额不能为负，退费请在原项目中冲减后录入"));
    }
    if line.over_limit < Fen::ZERO || line.over_limit > line.amount {
        return Err(bad(line, "超限价金额应在 0 到本行金额之间"));
    }
    if line.first_paid.is_some_and(|share| share < Decimal::ZERO || share > Decimal::ONE) {
        return Err(bad(line, "先行自付比例应在 0 到 1 之间，如 0.15"));
    }
    let class_share = shares.iter().find(|row| row.class == line.class.code()).map(|row| row.ratio);
    let Some(class_share) = class_share else {
        return Err(bad(line, "目录类别没有先行自付比例，请报县医保经办机构"));
    };
    if class_share == Decimal::ONE {
        let zero = Fen::ZERO;
        return Ok(Parts {
            own: line.amount,
            over_limit: zero,
            first_paid: zero,
            in_scope: zero,
            share: None,
        });
    }
    let share = (line.first_paid.unwrap_or(class_share) + extra).min(Decimal::ONE).normalize();
    let base = line.amount.checked_sub(line.over_limit).ok_or_else(|| PolicyGap::too_large("fees"))?;
    let first_paid = base.mul_ratio_half_up(share);
    let in_scope = base.checked_sub(first_paid).ok_or_else(|| PolicyGap::too_large("fees"))?;
    Ok(Parts { own: Fen::ZERO, over_limit: line.over_limit, first_paid, in_scope, share: Some(share) })
}

fn bad(line: &FeeLine, problem: &str) -> PolicyGap {
    PolicyGap::input("fees", format!("费用“{}”{}：{problem}", line.name, line.amount.to_grouped()))
}

impl Sums {
    /// `None` on overflow.
    fn add(&mut self, line: &FeeLine, parts: &Parts) -> Option<()> {
        let plus = |sum: &mut Fen, amount: Fen| sum.checked_add(amount).map(|new| *sum = new);
        plus(&mut self.total, line.amount)?;
        plus(&mut self.own, parts.own)?;
        plus(&mut self.over_limit, parts.over_limit)?;
        plus(&mut self.first_paid, parts.first_paid)?;
        plus(&mut self.in_scope, parts.in_scope)?;
        if !self.kinds.contains_key(&line.kind) {
            let [amount, class_a, first_paid, own] = [Fen::ZERO; 4];
            let kind = FeeKind { kind: line.kind.clone(), amount, class_a, first_paid, own };
            self.kinds.insert(line.kind.clone(), kind);
        }
        let kind = self.kinds.get_mut(&line.kind)?;
        plus(&mut kind.amount, line.amount)?;
        if line.class == super::ItemClass::A {
            plus(&mut kind.class_a, line.amount)?;
        }
        plus(&mut kind.first_paid, parts.first_paid)?;
        plus(&mut kind.own, parts.own)?;
        plus(&mut kind.own, parts.over_limit)?;
        match parts.share {
            None => self.own_lines = self.own_lines.saturating_add(1),
            Some(share) if share.is_zero() => {}
            Some(share) => {
                let (count, base, paid) = self.shares.entry(share).or_default();
                *count = count.saturating_add(1);
                plus(base, parts.first_paid.checked_add(parts.in_scope)?)?;
                plus(paid, parts.first_paid)?;
            }
        }
        Some(())
    }

    /// Sums by kind of cost, in order of code.
    pub(super) fn kinds(&mut self) -> Vec<FeeKind> {
        std::mem::take(&mut self.kinds).into_values().collect()
    }

    /// The reasoning of steps 1 and 2, without the total.
    pub(super) fn explain(&self, used: &Used<'_, &[ClassShare]>) -> Vec<TraceStep> {
        let shares: Vec<String> = self
            .shares
            .iter()
            .map(|(share, (count, base, paid))| {
                format!("{count} 行共 {} × {} = {}", base.to_grouped(), percent(*share), paid.to_grouped())
            })
            .collect();
        let first_paid = if shares.is_empty() {
            "没有需先行自付的项目".to_owned()
        } else {
            format!("逐行（金额-超限价）×先行自付比例，每行四舍五入到分：{}", shares.join("；"))
        };
        let scope = format!(
            "{} - 全自费 {} - 超限价 {} - 先行自付 {}",
            self.total.to_grouped(),
            self.own.to_grouped(),
            self.over_limit.to_grouped(),
            self.first_paid.to_grouped()
        );
        vec![
            TraceStep::of("全自费", format!("全自费项目 {} 行相加", self.own_lines), self.own, used),
            TraceStep::of("超限价自费", "各行超过限价的部分相加".to_owned(), self.over_limit, used),
            TraceStep::of("先行自付", first_paid, self.first_paid, used),
            TraceStep::of("政策范围内金额", scope, self.in_scope, used),
        ]
    }
}

/// A ratio for people: `0.75` is `75%`.
pub(super) fn percent(ratio: Decimal) -> String {
    format!("{}%", points_text(ratio))
}

/// A difference of ratios for people, in percentage points: `0.1` is `10`.
pub(super) fn points_text(ratio: Decimal) -> String {
    ratio.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(ratio).normalize().to_string()
}
