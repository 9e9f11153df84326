//! Reading one value in the shape that the schema demands. Knows each shape's own rules (order of bands, doubled
//! levels, ratios); knows neither dates nor sources.

use std::collections::BTreeSet;

use super::treatment;
use crate::policy::read::{Node, Table};
use crate::policy::schema::Shape;
use crate::policy::value::{
    AidAmount, AidClass, AidTable, ClassShare, Standard, Term, TermUnit, Value, Window,
};

/// The value of `node` as `shape`; mistakes are recorded at the node.
pub(super) fn read(shape: Shape, node: &Node<'_>) -> Option<Value> {
    match shape {
        Shape::Money => node.money().map(Value::Money),
        Shape::Amounts => treatment::amounts(node).map(Value::Amounts),
        Shape::Choice(names) => node.choice(names).map(|name| Value::Choice(name.to_owned())),
        Shape::Reading(reading) => node.choice(&reading.names()).map(|name| Value::Choice(name.to_owned())),
        Shape::Codes => codes(node).map(Value::Codes),
        Shape::Deductibles => treatment::deductibles(node).map(Value::Deductibles),
        Shape::Bands => treatment::bands(node).map(Value::Bands),
        Shape::Points => treatment::points(node).map(Value::Points),
        Shape::Guarantee => treatment::guarantee(node).map(Value::Guarantee),
        Shape::Quotas => treatment::quotas(node).map(Value::Quotas),
        Shape::Count => treatment::count(node).map(Value::Count),
        Shape::Who => treatment::who(node).map(Value::Who),
        Shape::Labels => treatment::labels(node).map(Value::Labels),
        Shape::FirstPaid => first_paid(node).map(Value::FirstPaid),
        Shape::Standard => standard(node).map(Value::Standard),
        Shape::Aid => aid(node).map(Value::Aid),
        Shape::Window => window(node).map(Value::Window),
        Shape::Term => term(node).map(Value::Term),
    }
}

/// Reads every element of a list as a table; `None` if any failed, after all were read.
pub(super) fn each<'a, T>(node: &Node<'a>, read: impl Fn(&mut Table<'a>) -> Option<T>) -> Option<Vec<T>> {
    let items: Vec<Option<T>> = node.list()?.iter().map(|item| one(item, &read)).collect();
    items.into_iter().collect()
}

pub(super) fn one<'a, T>(node: &Node<'a>, read: impl Fn(&mut Table<'a>) -> Option<T>) -> Option<T> {
    let mut table = node.table()?;
    let value = read(&mut table);
    table.finish();
    value
}

/// A code: digits, letters, `-` or `_`.
pub(super) fn code(node: &Node<'_>) -> Option<String> {
    let text = node.filled()?;
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        return Some(text.to_owned());
    }
    node.error(format!("{text:?} is not a code"), "write the code alone, like \"2101\"");
    None
}

fn codes(node: &Node<'_>) -> Option<Vec<String>> {
    let mut list = Vec::new();
    for item in node.list()? {
        let value = code(&item)?;
        if list.contains(&value) {
            item.error(format!("{value:?} is written twice"), "remove one");
        }
        list.push(value);
    }
    Some(list)
}

fn first_paid(node: &Node<'_>) -> Option<Vec<ClassShare>> {
    let rows = each(node, |table| {
        let class = table.need("class").and_then(|node| node.choice(&["01", "02", "03"]));
        let ratio = table.need("ratio").and_then(|node| node.ratio());
        Some(ClassShare { class: class?.to_owned(), ratio: ratio? })
    })?;
    no_doubles(node, rows.iter().map(|row| row.class.as_str()));
    for class in ["01", "02", "03"] {
        if !rows.iter().any(|row| row.class == class) {
            node.error(format!("class {class:?} is missing"), "write a row each for 01, 02 and 03");
        }
    }
    Some(rows)
}

pub(super) fn no_doubles<'a>(node: &Node<'_>, keys: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            node.error(format!("{key:?} is written twice"), "remove one");
        }
    }
}

fn standard(node: &Node<'_>) -> Option<Standard> {
    one(node, |table| {
        let year = table.need("standard_year").and_then(|node| node.int(2003..=2100));
        let personal = table.need("personal").and_then(|node| node.money());
        let subsidy = table.need("subsidy").and_then(|node| node.money());
        Some(Standard { standard_year: i32::try_from(year?).ok()?, personal: personal?, subsidy: subsidy? })
    })
}

fn aid(node: &Node<'_>) -> Option<AidTable> {
    one(node, |table| {
        let payout = table.need("payout").and_then(|node| node.choice(&["to_account", "reduces"]));
        let list = table.need("classes");
        let classes = list.as_ref().and_then(|list| {
            each(list, |table| {
                let code = table.need("code").and_then(|node| code(&node));
                let label = table.need("label").and_then(|node| node.filled());
                let amount = table.need("amount").and_then(|node| match node.text()? {
                    "unknown" => Some(AidAmount::Unknown),
                    _ => node.money().map(AidAmount::Known),
                });
                Some(AidClass { code: code?, label: label?.to_owned(), amount: amount? })
            })
        });
        if let (Some(list), Some(classes)) = (&list, &classes) {
            no_doubles(list, classes.iter().map(|class| class.code.as_str()));
        }
        Some(AidTable { to_account: payout? == "to_account", classes: classes? })
    })
}

fn window(node: &Node<'_>) -> Option<Window> {
    let window = one(node, |table| {
        let opens = table.need("opens").and_then(|node| node.month_day());
        let closes = table.need("closes").and_then(|node| node.month_day());
        Some(Window { opens: opens?, closes: closes? })
    })?;
    if window.closes.on(2017) < window.opens.on(2017) {
        node.error("closes before it opens", "a window lies within one year: correct opens or closes");
    }
    Some(window)
}

fn term(node: &Node<'_>) -> Option<Term> {
    one(node, |table| {
        let count = table.need("count").and_then(|node| node.int(1..=400));
        let unit = table.need("unit").and_then(|node| node.choice(&["month", "day"]));
        let unit = if unit? == "month" { TermUnit::Month } else { TermUnit::Day };
        Some(Term { count: u32::try_from(count?).ok()?, unit })
    })
}
