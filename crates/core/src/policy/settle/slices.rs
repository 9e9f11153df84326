//! Cutting an amount into bands and paying each: slices, not steps (reference 4.5a). Knows bounds and ratios; knows
//! neither deductibles nor caps.
//!
//! Rounding: half up once on the running total, so that the bands add up to the rounded sum exactly.

use rust_decimal::Decimal;

use super::Band;
use super::lines::percent;
use super::run::Run;
use crate::money::Fen;
use crate::policy::gap::PolicyGap;
use crate::policy::pack::Used;
use crate::policy::value::{BandOrigin, BandRow, BandTable};

/// What part of an amount is cut, and how the reasoning calls it.
pub(super) struct Cut {
    /// Lower end, fen from the origin of the bounds.
    pub(super) from: Fen,
    /// Upper end.
    pub(super) to: Fen,
    /// Put before each step's label, for example `大病保险`.
    pub(super) name: &'static str,
    /// Points taken from each ratio.
    pub(super) lost: Decimal,
    /// Points added to each ratio.
    pub(super) won: Decimal,
}

/// The bands as applied with their rounded sum.
pub(super) struct Paid {
    pub(super) bands: Vec<Band>,
    pub(super) amount: Fen,
}

/// Pays `cut` by the ladder of this case that gives most; notes each band.
pub(super) fn pay<'a>(
    run: &mut Run<'a>,
    table: &Used<'a, &'a BandTable>,
    cut: &Cut,
) -> Result<Paid, PolicyGap> {
    let mut best: Option<(Decimal, &'a [BandRow])> = None;
    for cell in run.candidates(&table.value.ladders) {
        let exact = worth(run, table, &cell.value, cut)?;
        if best.is_none_or(|(most, _)| exact > most) {
            best = Some((exact, &cell.value));
        }
    }
    let Some((_, ladder)) = best else {
        return Err(table.lacks(format!("{}的支付比例", run.case_words())));
    };
    let unit = match (table.value.origin, cut.name.is_empty()) {
        (BandOrigin::Absolute, _) => "",
        (BandOrigin::AboveDeductible, true) => "起付线以上 ",
        (BandOrigin::AboveDeductible, false) => "起付标准以上 ",
    };
    let (mut running, mut rounded) = (Decimal::ZERO, Fen::ZERO);
    let mut bands = Vec::new();
    for (low, row, base) in slices(ladder, cut) {
        let ratio = ratio(row.ratio.unwrap_or_default(), cut);
        let exact = share(base, ratio).and_then(|exact| running.checked_add(exact));
        running = exact.ok_or_else(|| PolicyGap::too_large("medfee_sumamt"))?;
        let total = Fen::from_decimal_yuan(running).map_err(|_| PolicyGap::too_large("medfee_sumamt"))?;
        let amount = super::run::minus(total, rounded)?;
        rounded = total;
        let label = label(unit, low, row.up_to);
        let formula = format!("{} × {}", base.to_grouped(), percent(ratio));
        run.step(&format!("{}分段：{label}", cut.name), formula, amount, table);
        bands.push(Band { label, base, ratio: ratio.to_string(), amount });
    }
    Ok(Paid { bands, amount: rounded })
}

/// The exact worth of a ladder in yuan; an unknown ratio that is needed is a gap.
fn worth<'a>(
    run: &Run<'a>,
    table: &Used<'a, &'a BandTable>,
    ladder: &[BandRow],
    cut: &Cut,
) -> Result<Decimal, PolicyGap> {
    let mut sum = Decimal::ZERO;
    for (_, row, base) in slices(ladder, cut) {
        let Some(stated) = row.ratio else {
            return Err(table.lacks(format!("{}的支付比例（文件未查到）", run.case_words())));
        };
        let more = share(base, ratio(stated, cut)).and_then(|exact| sum.checked_add(exact));
        sum = more.ok_or_else(|| PolicyGap::too_large("medfee_sumamt"))?;
    }
    Ok(sum)
}

fn share(base: Fen, ratio: Decimal) -> Option<Decimal> {
    base.to_decimal_yuan().checked_mul(ratio)
}

fn ratio(stated: Decimal, cut: &Cut) -> Decimal {
    (stated - cut.lost + cut.won).clamp(Decimal::ZERO, Decimal::ONE).normalize()
}

/// The bands that hold some of the cut: lower bound, row, amount within.
fn slices<'r>(ladder: &'r [BandRow], cut: &Cut) -> impl Iterator<Item = (Fen, &'r BandRow, Fen)> {
    let (from, to) = (cut.from, cut.to);
    let mut low = Fen::ZERO;
    ladder.iter().filter_map(move |row| {
        let under = low;
        low = row.up_to.unwrap_or(low);
        let high = row.up_to.unwrap_or(to).min(to);
        let base = high.checked_sub(under.max(from)).filter(|base| *base > Fen::ZERO)?;
        Some((under, row, base))
    })
}

fn label(unit: &str, low: Fen, up_to: Option<Fen>) -> String {
    match (low, up_to) {
        (Fen::ZERO, None) => format!("{unit}不分段"),
        (_, None) => format!("{unit}{} 以上", low.to_grouped()),
        (Fen::ZERO, Some(up_to)) => format!("{unit}{} 以下", up_to.to_grouped()),
        (_, Some(up_to)) => format!("{unit}{} 至 {}", low.to_grouped(), up_to.to_grouped()),
    }
}
