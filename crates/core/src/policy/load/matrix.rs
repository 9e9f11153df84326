//! Judging a table of rows with conditions: does each case that the table speaks of have exactly one narrowest row?
//! Knows conditions; knows no values.

use super::treatment::Row;
use crate::policy::read::Node;
use crate::policy::value::{Condition, Facts, Place};

/// More cases than this are not a table that anybody can check by hand.
const MOST_CASES: usize = 20_000;

/// What a table distinguishes: for each dimension the named values; `None` is any other value.
struct Cases<'a> {
    levels: Vec<Option<&'a str>>,
    places: Vec<Place>,
    referred: Vec<bool>,
    persons: Vec<Option<&'a str>>,
    identities: Vec<Option<&'a str>>,
    med_types: Vec<Option<&'a str>>,
    diseases: Vec<Option<&'a str>>,
}

/// Every value that some row names. With `other`, also any value that no row names; without, only if nobody names one.
fn named<T>(rows: &[Row<T>], of: fn(&Condition) -> &[String], other: bool) -> Vec<Option<&str>> {
    let mut values: Vec<Option<&str>> =
        rows.iter().flat_map(|row| of(&row.when)).map(|code| Some(code.as_str())).collect();
    values.sort_unstable();
    values.dedup();
    if other || values.is_empty() {
        values.push(None);
    }
    values
}

impl<'a> Cases<'a> {
    /// Levels, treatment kinds and diseases that no row names are the area's silence, and an answer of their own when
    /// they are met; persons, identities, places and referral always are one or the other.
    fn of<T>(rows: &'a [Row<T>]) -> Self {
        let places = rows.iter().any(|row| !row.when.places.is_empty());
        let referral = rows.iter().any(|row| row.when.referred.is_some());
        Self {
            levels: named(rows, |when| &when.levels, false),
            places: if places { Place::ALL.to_vec() } else { vec![Place::Inside] },
            referred: if referral { vec![true, false] } else { vec![true] },
            persons: named(rows, |when| &when.persons, true),
            identities: named(rows, |when| &when.identities, true),
            med_types: named(rows, |when| &when.med_types, false),
            diseases: named(rows, |when| &when.diseases, false),
        }
    }

    fn count(&self) -> usize {
        let counts = [
            self.levels.len(),
            self.places.len(),
            self.referred.len(),
            self.persons.len(),
            self.identities.len(),
            self.med_types.len(),
            self.diseases.len(),
        ];
        counts.into_iter().fold(1, usize::saturating_mul)
    }

    /// Case number `index` of `count`.
    fn at(&self, mut index: usize) -> Option<Facts<'a>> {
        let mut next = |len: usize| {
            let place = index.checked_rem(len)?;
            index = index.checked_div(len)?;
            Some(place)
        };
        Some(Facts {
            level: self.levels.get(next(self.levels.len())?)?.unwrap_or_default(),
            place: *self.places.get(next(self.places.len())?)?,
            referred: *self.referred.get(next(self.referred.len())?)?,
            person: self.persons.get(next(self.persons.len())?)?.unwrap_or_default(),
            identity: *self.identities.get(next(self.identities.len())?)?,
            med_type: self.med_types.get(next(self.med_types.len())?)?.unwrap_or_default(),
            disease: self.diseases.get(next(self.diseases.len())?)?.unwrap_or_default(),
        })
    }
}

/// Two rows that speak for one case, neither the narrower, are an error; with `complete`, so is a case without a row.
pub(super) fn check<T>(node: &Node<'_>, rows: &[Row<T>], complete: bool) {
    let cases = Cases::of(rows);
    let count = cases.count();
    if count > MOST_CASES {
        node.error(format!("the rows distinguish {count} cases"), "split the parameter, name fewer codes");
        return;
    }
    for facts in (0..count).filter_map(|index| cases.at(index)) {
        let meeting: Vec<&Row<T>> = rows.iter().filter(|row| row.when.holds(&facts)).collect();
        let narrowest =
            meeting.iter().filter(|row| meeting.iter().all(|other| row.when.within(&other.when))).count();
        let case = case_words(&facts);
        if meeting.is_empty() && complete {
            node.error(
                format!("no row speaks for {case}"),
                "add a row for it, or one without conditions; write \"unknown\" if the figure is not at hand",
            );
            return;
        }
        if narrowest != 1 && !meeting.is_empty() {
            let lines: Vec<String> = meeting.iter().map(|row| row.line.to_string()).collect();
            node.error_at(
                meeting.last().map_or(0, |row| row.line),
                format!("the rows at lines {} all speak for {case}", lines.join(", ")),
                "remove one, or add a row for just this case",
            );
            return;
        }
    }
}

fn case_words(facts: &Facts<'_>) -> String {
    let mut words = vec![facts.place.name().to_owned()];
    words.push(if facts.referred { "referred".to_owned() } else { "not referred".to_owned() });
    for (name, code) in [
        ("level", facts.level),
        ("person", facts.person),
        ("identity", facts.identity.unwrap_or_default()),
        ("med_type", facts.med_type),
        ("disease", facts.disease),
    ] {
        if !code.is_empty() {
            words.push(format!("{name} {code:?}"));
        }
    }
    words.join(", ")
}

/// The condition as an error names it.
pub(super) fn words(when: &Condition) -> String {
    let mut words = Vec::new();
    for (name, codes) in [
        ("level", &when.levels),
        ("person", &when.persons),
        ("identity", &when.identities),
        ("med_type", &when.med_types),
        ("disease", &when.diseases),
    ] {
        if !codes.is_empty() {
            words.push(format!("{name} {:?}", codes.join(", ")));
        }
    }
    words.extend(when.places.iter().map(|place| place.name().to_owned()));
    words
        .extend(when.referred.map(|yes| if yes { "referred".to_owned() } else { "not referred".to_owned() }));
    if words.is_empty() { "all cases".to_owned() } else { words.join(", ") }
}
