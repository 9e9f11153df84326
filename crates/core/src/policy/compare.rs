//! Two laws side by side: two packs, or two days of one. Knows parameters and rows; knows no rule.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::pack::{Dated, PolicyPack};
use super::schema;

/// A parameter that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference<'a> {
    /// `topic.key`.
    pub id: String,
    /// Chinese name.
    pub label: &'static str,
    /// The row in force on the one side; `None` if there is none.
    pub before: Option<&'a Dated>,
    /// The row in force on the other side.
    pub after: Option<&'a Dated>,
}

/// The parameters whose value in `before` on `from` is not that in `after` on `to`; without a day, on the day on which
/// the pack last changes. A row that only names another source is no difference.
pub fn differences<'a>(
    (before, from): (&'a PolicyPack, NaiveDate),
    (after, to): (&'a PolicyPack, NaiveDate),
) -> Vec<Difference<'a>> {
    let ids: BTreeSet<&str> = before.params().chain(after.params()).map(|param| param.id.as_str()).collect();
    let mut found = Vec::new();
    for id in ids {
        let (one, other) = (before.at(id, from).ok(), after.at(id, to).ok());
        let same = match (one, other) {
            (Some(one), Some(other)) => one.value == other.value && one.status == other.status,
            (None, None) => true,
            _ => false,
        };
        if !same {
            found.push(Difference { id: id.to_owned(), label: schema::label(id), before: one, after: other });
        }
    }
    found
}
