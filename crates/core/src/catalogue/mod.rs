//! The three catalogues (三大目录: drugs, treatment, facilities and material; 003 A60, A85): what an item is, in which
//! class, with which first-paid share and price limit, from when to when; and how it is found by code, name or pinyin.
//!
//! Knows items; knows no form, no file format and no date of today. What a bill line took from here stays with the
//! line: a changed catalogue never re-judges an old case.

mod keys;
mod read;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::identity::pinyin::{label_sounds, sounds_match};
use crate::identity::text::narrow;

pub use read::{COLUMNS, CatalogueFault, Column, Initials, MAX_ITEMS, RawRow, parse_decimal};

/// Class 甲 of `chrgitm_lv`.
pub const CLASS_A: &str = "01";
/// Class 乙.
pub const CLASS_B: &str = "02";
/// Class 丙: fully paid by the patient.
pub const CLASS_C: &str = "03";

/// Longest query that is looked at, in characters.
const MAX_QUERY: usize = 40;

/// One item of the catalogues, under the names of the national interface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// `med_list_codg`: the code.
    pub code: String,
    /// `hilist_name`: the name.
    pub name: String,
    /// `spec`: strength and package; empty where the item has none.
    pub spec: String,
    /// `chrgitm_lv`: 01 甲, 02 乙, 03 丙.
    pub class: String,
    /// `med_chrgitm_type`: kind of charge.
    pub kind: String,
    /// `selfpay_prop`: first-paid share as `0.1500`; empty where the policy's share of the class holds.
    pub first_paid: String,
    /// `pric_uplmt_amt`: price limit of one unit in yuan, up to six decimals; empty without one.
    pub limit: String,
    /// `pric`: usual price of one unit in yuan; empty without one.
    pub price: String,
    /// Unit of counting.
    pub unit: String,
    /// A high-price item in the sense of 003 A51 and A88.
    pub expensive: bool,
    /// First day of validity.
    pub from: NaiveDate,
    /// Last day of validity; `None` until further notice.
    pub to: Option<NaiveDate>,
    /// The document the row comes from; 示例 for samples.
    pub source: String,
    /// Pinyin initials of the name, each way to read it, separated by spaces.
    pub pinyin: String,
}

impl Item {
    /// Whether the item may be charged on that day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Name and package, as a list shows them.
    pub fn label(&self) -> String {
        if self.spec.is_empty() { self.name.clone() } else { format!("{} {}", self.name, self.spec) }
    }

    /// The row as the installed file holds it, in the order of [`COLUMNS`].
    pub fn row(&self) -> [String; 14] {
        [
            self.code.clone(),
            self.name.clone(),
            self.spec.clone(),
            self.class.clone(),
            self.kind.clone(),
            self.first_paid.clone(),
            self.limit.clone(),
            self.price.clone(),
            self.unit.clone(),
            if self.expensive { "1".to_owned() } else { String::new() },
            self.from.to_string(),
            self.to.map(|to| to.to_string()).unwrap_or_default(),
            self.source.clone(),
            self.pinyin.clone(),
        ]
    }

    /// What a choice writes into the columns of a bill line, by national name; empty texts empty the column.
    pub fn cells(&self) -> [(&'static str, &str); 9] {
        [
            ("med_list_codg", &self.code),
            ("item_name", &self.name),
            ("chrgitm_lv", &self.class),
            ("med_chrgitm_type", &self.kind),
            ("selfpay_prop", &self.first_paid),
            ("pric_uplmt_amt", &self.limit),
            ("pric", &self.price),
            ("unit", &self.unit),
            ("expensive", if self.expensive { "1" } else { "" }),
        ]
    }
}

/// What a search says of one item: how well it answers (smaller is better).
type Ranked<'c> = (u8, usize, &'c Item);

/// All items of a station.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    items: Vec<Item>,
    /// Rows of a code, by first day.
    by_code: BTreeMap<String, Vec<usize>>,
    /// Rows by the plain name.
    by_name: BTreeMap<String, Vec<usize>>,
    /// Name and package of each row as they are compared, and the bytes of the name.
    texts: Vec<(String, usize)>,
}

impl Catalogue {
    /// The items in the order of the file.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// How many items there are, those that are no longer or not yet valid among them.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// No catalogue was installed.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The item of a code on a day; case and full-width forms do not matter.
    pub fn by_code(&self, code: &str, on: NaiveDate) -> Option<&Item> {
        let rows = self.by_code.get(&plain_code(code))?;
        rows.iter().filter_map(|row| self.items.get(*row)).find(|item| item.is_valid_on(on))
    }

    /// All items on a day that bear exactly this name, or name and package; blanks, case and full-width forms do not
    /// matter.
    pub fn by_name(&self, name: &str, on: NaiveDate) -> Vec<&Item> {
        let rows = self.by_name.get(&plain(name)).map(Vec::as_slice).unwrap_or_default();
        let found = rows.iter().filter_map(|row| self.items.get(*row));
        found.filter(|item| item.is_valid_on(on)).collect()
    }

    /// Up to `limit` items of a day that answer a query, best first: the code itself, the beginning of a code, the name
    /// itself, the beginning of a name, pinyin from the beginning (initials in each way to read them, syllables, mixed),
    /// inside the name, initials from inside (two letters and more). An empty query finds the first items.
    pub fn search(&self, query: &str, on: NaiveDate, limit: usize) -> Vec<&Item> {
        let wanted: String = plain(query).chars().take(MAX_QUERY).collect();
        let letters = !wanted.is_empty() && wanted.bytes().all(|b| b.is_ascii_alphanumeric());
        let query = Query { text: &wanted, code: plain_code(&wanted), letters };
        let valid = self.items.iter().enumerate().filter(|(_, item)| item.is_valid_on(on));
        let ranked = |at: usize, item| {
            let (text, name) = self.texts.get(at)?;
            Some((query.rank(item, text, text.get(..*name)?)?, at, item))
        };
        let mut found: Vec<Ranked<'_>> = valid.filter_map(|(at, item)| ranked(at, item)).collect();
        // Among equals the shorter name is nearer, then the order of the file.
        found.sort_by_cached_key(|(rank, at, item)| (*rank, item.name.chars().count(), *at));
        found.into_iter().take(limit).map(|(.., item)| item).collect()
    }

    /// First and last day on which anything begins or ends, for people who ask how new the table is.
    pub fn span(&self) -> Option<(NaiveDate, NaiveDate)> {
        let first = self.items.iter().map(|item| item.from).min()?;
        let last = self.items.iter().map(|item| item.to.unwrap_or(item.from).max(item.from)).max()?;
        Some((first, last))
    }
}

/// A query, prepared once for all items.
struct Query<'q> {
    text: &'q str,
    code: String,
    letters: bool,
}

impl Query<'_> {
    fn rank(&self, item: &Item, text: &str, name: &str) -> Option<u8> {
        if self.text.is_empty() {
            return Some(0);
        }
        if item.code.eq_ignore_ascii_case(&self.code) {
            return Some(0);
        }
        if name == self.text {
            return Some(1);
        }
        let begins = item.code.get(..self.code.len());
        if !self.code.is_empty() && begins.is_some_and(|begins| begins.eq_ignore_ascii_case(&self.code)) {
            return Some(2);
        }
        if name.starts_with(self.text) {
            return Some(3);
        }
        if self.sounds(item, name) {
            return Some(4);
        }
        if text.contains(self.text) {
            return Some(5);
        }
        let inside = || item.pinyin.split(' ').any(|key| key.contains(self.text));
        (self.letters && self.text.len() > 1 && inside()).then_some(6)
    }

    /// From the beginning of the name. Readings are looked up only where the first letter can be right.
    fn sounds(&self, item: &Item, name: &str) -> bool {
        if self.letters && item.pinyin.split(' ').any(|key| key.starts_with(self.text)) {
            return true;
        }
        let Some(first) = self.text.chars().next() else { return false };
        let may = if first.is_ascii() {
            item.pinyin.split(' ').any(|key| key.starts_with(first))
        } else {
            name.starts_with(first)
        };
        may && sounds_match(self.text, &label_sounds(&item.name))
    }
}

/// A name as it is compared: half-width, lower case, without blanks and the marks that lists put before names.
pub(crate) fn plain(name: &str) -> String {
    let kept = narrow(name);
    let marks = |c: char| matches!(c, '*' | '★' | '☆' | '▲' | '△' | '◆' | '#');
    let kept = kept.trim_start_matches(|c: char| c.is_whitespace() || marks(c));
    kept.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// A code as it is compared.
fn plain_code(code: &str) -> String {
    narrow(code).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase()
}
