//! Reading treatment parameters: rows with conditions, amounts, bands, quotas. Knows each shape's own rules (order of
//! bands, one way to state an amount); which rows meet each other is judged in `matrix`.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::matrix;
use super::shape::{code, each, no_doubles, one};
use crate::policy::read::{Node, Table};
use crate::policy::value::{
    Amount, BandOrigin, BandRow, BandTable, Cell, Condition, DeductibleStep, Guarantee, GuaranteeScope,
    Label, Matrix, Place, Quota, QuotaPeriod, Who,
};

/// A row of a table by condition, with the line that it stands in.
pub(super) struct Row<T> {
    pub(super) when: Condition,
    pub(super) value: T,
    pub(super) line: usize,
}

fn rows<'a, T>(node: &Node<'a>, read: impl Fn(&mut Table<'a>) -> Option<T>) -> Option<Vec<Row<T>>> {
    each(node, |table| {
        let line = table.line;
        let when = condition(table);
        let value = read(table);
        Some(Row { when: when?, value: value?, line })
    })
}

/// Rows of the same condition together, in the order of their first row.
fn grouped<T>(rows: Vec<Row<T>>) -> Vec<Row<Vec<T>>> {
    let mut groups: Vec<Row<Vec<T>>> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|group| group.when == row.when) {
            Some(group) => group.value.push(row.value),
            None => groups.push(Row { when: row.when, value: vec![row.value], line: row.line }),
        }
    }
    groups
}

fn cells<T>(rows: Vec<Row<T>>) -> Matrix<T> {
    Matrix { cells: rows.into_iter().map(|row| Cell { when: row.when, value: row.value }).collect() }
}

/// The conditions of a row: absent keys speak for all. Codes are written alone or as a list.
fn condition(table: &mut Table<'_>) -> Option<Condition> {
    let mut codes = |key| table.take(key).map_or(Some(Vec::new()), |node| names(&node));
    let levels = codes("level");
    let persons = codes("person");
    let identities = codes("identity");
    let med_types = codes("med_type");
    let diseases = codes("disease");
    let places = table.take("place").map_or(Some(Vec::new()), |node| places(&node));
    let referred = match table.take("referred") {
        None => Some(None),
        Some(node) => node.choice(&["yes", "no"]).map(|word| Some(word == "yes")),
    };
    Some(Condition {
        levels: levels?,
        places: places?,
        referred: referred?,
        persons: persons?,
        identities: identities?,
        med_types: med_types?,
        diseases: diseases?,
    })
}

fn names(node: &Node<'_>) -> Option<Vec<String>> {
    if !node.is_list() {
        return code(node).map(|one| vec![one]);
    }
    let mut list: Vec<String> = node.list()?.iter().map(code).collect::<Option<_>>()?;
    no_doubles(node, list.iter().map(String::as_str));
    if list.is_empty() {
        node.error("is empty", "name a code, or leave the key out to speak for all");
    }
    list.sort_unstable();
    Some(list)
}

fn places(node: &Node<'_>) -> Option<Vec<Place>> {
    let all = Place::ALL.map(Place::name);
    let nodes = if node.is_list() { node.list()? } else { vec![] };
    let named: Option<Vec<&str>> = if node.is_list() {
        nodes.iter().map(|item| item.choice(&all)).collect()
    } else {
        node.choice(&all).map(|one| vec![one])
    };
    let mut list: Vec<Place> = named?.into_iter().filter_map(Place::from_name).collect();
    list.sort_unstable();
    Some(list)
}

/// Where amounts may stand, and what may stand there.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    /// A deductible or threshold: "none" would be read as nothing to pay.
    Due,
    /// A limit: "none" is no limit.
    Limit,
}

/// Exactly one of `amount`, `wage_share`, `incomes`, `factor`.
fn amount(table: &mut Table<'_>, kind: Use) -> Option<Amount> {
    let plain = table.take("amount");
    let share = table.take("wage_share");
    let incomes = table.take("incomes");
    let factor = table.take("factor");
    let ways = [plain.is_some(), share.is_some(), incomes.is_some(), factor.is_some()];
    if ways.iter().filter(|given| **given).count() != 1 {
        table.error(
            "the amount must be stated in exactly one way",
            "write one of amount, wage_share, incomes, factor",
        );
        return None;
    }
    if let Some(node) = plain {
        return scalar(&node, kind);
    }
    if let Some(node) = share {
        return node.ratio().map(Amount::WageShare);
    }
    if let Some(node) = incomes {
        return node.times().map(Amount::Incomes);
    }
    factor.and_then(|node| node.ratio()).map(Amount::Factor)
}

fn scalar(node: &Node<'_>, kind: Use) -> Option<Amount> {
    match node.text()? {
        "unknown" => Some(Amount::Unknown),
        "none" if kind == Use::Limit => Some(Amount::None),
        "none" => {
            node.error(
                "\"none\" is no deductible",
                "write \"0.00\", or \"unknown\" if the figure is not at hand",
            );
            None
        }
        _ => node.money().map(Amount::Money),
    }
}

/// A factor is a part of what holds without an identity: without one it would be a part of itself.
fn check_factors<'a>(node: &Node<'_>, amounts: impl Iterator<Item = (&'a Condition, &'a Amount, usize)>) {
    for (when, amount, line) in amounts {
        if matches!(amount, Amount::Factor(_)) && when.identities.is_empty() {
            node.error_at(
                line,
                "a factor needs an identity to differ from",
                "add identity = [ … ], or state the amount",
            );
        }
    }
}

/// One amount for all, or rows by condition, which must speak for every case ("none" speaks too).
pub(super) fn amounts(node: &Node<'_>) -> Option<Matrix<Amount>> {
    if !node.is_list() {
        let value = match node.is_table() {
            true => one(node, |table| amount(table, Use::Limit)),
            false => scalar(node, Use::Limit),
        };
        return Some(Matrix { cells: vec![Cell { when: Condition::default(), value: value? }] });
    }
    let rows = rows(node, |table| amount(table, Use::Limit))?;
    check_factors(node, rows.iter().map(|row| (&row.when, &row.value, row.line)));
    matrix::check(node, &rows, true);
    Some(cells(rows))
}

pub(super) fn deductibles(node: &Node<'_>) -> Option<Matrix<Vec<DeductibleStep>>> {
    let rows = rows(node, |table| {
        let admission = table.need("admission").and_then(|node| node.int(1..=99));
        let amount = amount(table, Use::Due);
        Some(DeductibleStep { admission: u32::try_from(admission?).ok()?, amount: amount? })
    })?;
    check_factors(node, rows.iter().map(|row| (&row.when, &row.value.amount, row.line)));
    let groups = grouped(rows);
    for group in &groups {
        let name = matrix::words(&group.when);
        let mut seen = BTreeSet::new();
        for step in &group.value {
            if !seen.insert(step.admission) {
                node.error(format!("{name}, admission {} is written twice", step.admission), "remove one");
            }
        }
        if !seen.contains(&1) {
            node.error(format!("{name} lacks the first admission"), "add a row with admission = 1");
        }
    }
    matrix::check(node, &groups, true);
    Some(cells(groups))
}

pub(super) fn bands(node: &Node<'_>) -> Option<BandTable> {
    let mut table = node.table()?;
    let origin = table.need("origin").and_then(|node| node.choice(&["absolute", "above_deductible"]));
    let groups = table.need("rows").and_then(|list| {
        rows(&list, |table| {
            let up_to = table.take("up_to").map(|node| node.money());
            let ratio = table.need("ratio").and_then(|node| match node.text()? {
                "unknown" => Some(None),
                _ => node.ratio().map(Some),
            });
            let up_to = match up_to {
                Some(bound) => Some(bound?),
                None => None,
            };
            Some(BandRow { up_to, ratio: ratio? })
        })
    });
    table.finish();
    let groups = grouped(groups?);
    check_bands(node, &groups);
    matrix::check(node, &groups, true);
    let origin = if origin? == "absolute" { BandOrigin::Absolute } else { BandOrigin::AboveDeductible };
    Some(BandTable { origin, ladders: cells(groups) })
}

/// For each condition: bounds rise, and only the last band is open.
fn check_bands(node: &Node<'_>, groups: &[Row<Vec<BandRow>>]) {
    if groups.is_empty() {
        node.error("no band", "write at least one");
    }
    for group in groups {
        let name = matrix::words(&group.when);
        let bounds: Vec<_> = group.value.iter().map(|row| row.up_to).collect();
        let rising = bounds.windows(2).all(|pair| match pair {
            [Some(low), Some(high)] => low < high,
            [Some(_), None] => true,
            _ => false,
        });
        if !rising {
            node.error(
                format!("bands of {name} are out of order"),
                "let up_to rise, and leave it out in the last band",
            );
        } else if bounds.last().is_some_and(Option::is_some) {
            node.error(
                format!("the last band of {name} has an end, nothing is said above it"),
                "leave up_to out in the last band",
            );
        }
    }
}

/// Points by condition; a case without a row loses or wins nothing.
pub(super) fn points(node: &Node<'_>) -> Option<Matrix<Decimal>> {
    let rows = rows(node, |table| table.need("points").and_then(|node| node.ratio()))?;
    matrix::check(node, &rows, false);
    Some(cells(rows))
}

pub(super) fn guarantee(node: &Node<'_>) -> Option<Guarantee> {
    let mut table = node.table()?;
    let scope = table.need("scope").and_then(|node| node.choice(&["in_scope", "above_deductible", "total"]));
    let list = table.need("rows");
    let ratios = list.as_ref().and_then(|list| {
        let rows = rows(list, |table| table.need("ratio").and_then(|node| node.ratio()))?;
        matrix::check(list, &rows, false);
        Some(cells(rows))
    });
    table.finish();
    let scope = match scope? {
        "in_scope" => GuaranteeScope::InScope,
        "above_deductible" => GuaranteeScope::AboveDeductible,
        _ => GuaranteeScope::Total,
    };
    Some(Guarantee { scope, ratios: ratios? })
}

pub(super) fn quotas(node: &Node<'_>) -> Option<Vec<Quota>> {
    let quotas = each(node, |table| {
        let disease = table.need("disease").and_then(|node| code(&node));
        let label = table.need("label").and_then(|node| node.filled());
        let period = table.need("period").and_then(|node| node.choice(&["quarter", "year"]));
        let amount = amount(table, Use::Limit);
        let period = if period? == "quarter" { QuotaPeriod::Quarter } else { QuotaPeriod::Year };
        Some(Quota { disease: disease?, label: label?.to_owned(), period, amount: amount? })
    })?;
    let mut seen = BTreeSet::new();
    for quota in &quotas {
        if !seen.insert((quota.disease.as_str(), quota.period == QuotaPeriod::Year)) {
            node.error(format!("disease {:?} has two quotas for one period", quota.disease), "remove one");
        }
        if matches!(quota.amount, Amount::Factor(_)) {
            node.error(format!("the quota of {:?} is a factor", quota.disease), "state the amount");
        }
    }
    Some(quotas)
}

pub(super) fn who(node: &Node<'_>) -> Option<Who> {
    if node.is_list() {
        return names(node).map(Who::Identities);
    }
    node.choice(&["all"]).map(|_| Who::All)
}

pub(super) fn labels(node: &Node<'_>) -> Option<Vec<Label>> {
    let labels = each(node, |table| {
        let code = table.need("code").and_then(|node| code(&node));
        let label = table.need("label").and_then(|node| node.filled());
        Some(Label { code: code?, label: label?.to_owned() })
    })?;
    no_doubles(node, labels.iter().map(|label| label.code.as_str()));
    Some(labels)
}

/// A number of things from 1.
pub(super) fn count(node: &Node<'_>) -> Option<u32> {
    node.int(1..=99).and_then(|count| u32::try_from(count).ok())
}
