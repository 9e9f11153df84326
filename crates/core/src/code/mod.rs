//! Code tables: national lists, local lists and administrative divisions, loaded as data.
//!
//! Knows codes, labels and how a pick list is searched; knows no form, no date of today and no person. A code
//! keeps its meaning for ever: files end codes, they never delete them, so labels of old cases can always be
//! shown.

pub mod fields;
mod load;
mod region;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;

pub use load::{CodeError, CodeProblem};
pub use region::{AREAS, Distance, ID_REGIONS, Region, Standing, area_province};

use crate::identity::pinyin::{Sound, sounds_match};
use crate::identity::text::narrow;

/// Id of the table that holds the administrative divisions.
pub const DIVISIONS: &str = "divisions";

/// Worst rank of an answer that is the code or label itself.
const EXACT: u8 = 1;

/// All code tables of a station.
#[derive(Clone, Debug, Default)]
pub struct CodeBook {
    tables: BTreeMap<String, CodeTable>,
}

/// One table, in the order of its files.
#[derive(Clone, Debug, Default)]
pub struct CodeTable {
    id: String,
    name: String,
    entries: Vec<CodeEntry>,
    by_code: BTreeMap<String, usize>,
}

/// One code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeEntry {
    /// The code as stored and sent; 12 digits for divisions.
    pub code: String,
    /// What stands on screen and paper; for divisions the path below the county (桃城镇新城社区), for counties with
    /// their prefecture (崇左市大新县).
    pub label: String,
    /// The full own name (新城社区居委会); equals the label outside the divisions.
    pub name: String,
    /// Code of the division above; `None` outside the divisions.
    pub parent: Option<String>,
    /// Level of a division; `None` outside the divisions.
    pub level: Option<Level>,
    /// Shown first in pick lists: what a Guangxi window sees mostly; villages among the divisions.
    pub common: bool,
    /// First day of validity; `None` without limit.
    pub valid_from: Option<NaiveDate>,
    /// Last day of validity; `None` without limit.
    pub valid_to: Option<NaiveDate>,
    /// Where the row comes from (article, standard); empty for divisions.
    pub source: String,
    /// Readings of the label.
    label_sounds: Vec<Sound>,
    /// Readings of the own name.
    name_sounds: Vec<Sound>,
}

/// Level of an administrative division, highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 省、自治区
    Province,
    /// 地级市
    Prefecture,
    /// 县、市、区
    County,
    /// 乡、镇、街道, and farms with a code of their own
    Township,
    /// 村、社区
    Village,
}

impl CodeEntry {
    /// Whether the code may be chosen on that day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// How well the entry answers a query (smaller is better); `None` when it does not. Order: the code
    /// itself, the label itself (both [`EXACT`]), code beginning, label beginning, pinyin from the start,
    /// inside the label, pinyin from inside.
    fn rank(&self, query: &str) -> Option<u8> {
        let texts = [&self.label, &self.name];
        let any = |test: fn(&str, &str) -> bool| texts.iter().any(|text| test(text, query));
        if self.code.eq_ignore_ascii_case(query) {
            Some(0)
        } else if any(|text, query| text == query) {
            Some(1)
        } else if starts_with_ignoring_case(&self.code, query) {
            Some(2)
        } else if any(|text, query| text.starts_with(query)) {
            Some(3)
        } else if sounds_match(query, &self.name_sounds) || sounds_match(query, &self.label_sounds) {
            Some(4)
        } else if any(|text, query| text.contains(query)) {
            Some(5)
        } else if query.chars().nth(1).is_some() && self.sounds_inside(query) {
            Some(6)
        } else {
            None
        }
    }

    /// Whether pinyin finds the entry from a character after its first.
    fn sounds_inside(&self, query: &str) -> bool {
        let starts = 1..self.label_sounds.len();
        starts.filter_map(|start| self.label_sounds.get(start..)).any(|rest| sounds_match(query, rest))
    }
}

impl CodeTable {
    /// Table id: the national field name (`naty`, `psn_cert_type`) or a local one.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Chinese name of the table.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All entries, in the order of the files.
    pub fn entries(&self) -> &[CodeEntry] {
        &self.entries
    }

    /// The entry of a code, also of one that is no longer valid.
    pub fn get(&self, code: &str) -> Option<&CodeEntry> {
        self.by_code.get(code).and_then(|index| self.entries.get(*index))
    }

    /// The divisions directly below a division, in code order; nothing in other tables.
    pub fn children(&self, parent: &str) -> Vec<&CodeEntry> {
        self.entries.iter().filter(|entry| entry.parent.as_deref() == Some(parent)).collect()
    }

    /// Up to `limit` entries that answer a query by code, label or pinyin: exact ones, then common ones, each
    /// best first; an empty query gives the table from its common entries on. `keep` narrows the choice
    /// beforehand: a level, a day of validity.
    pub fn search(&self, query: &str, limit: usize, keep: impl Fn(&CodeEntry) -> bool) -> Vec<&CodeEntry> {
        let query = narrow(query);
        let query = query.trim();
        let rank = |entry: &CodeEntry| if query.is_empty() { Some(0) } else { entry.rank(query) };
        let kept = self.entries.iter().filter(|entry| keep(entry));
        let mut found: Vec<(u8, &CodeEntry)> = kept.filter_map(|entry| Some((rank(entry)?, entry))).collect();
        // What is meant exactly, then the common ones (nyyh is 中国农业银行 before 农业银行电汇), then by rank.
        found.sort_by_key(|(rank, entry)| (*rank > EXACT, !entry.common, *rank));
        found.into_iter().take(limit).map(|(_, entry)| entry).collect()
    }
}

impl CodeBook {
    /// The table with that id.
    pub fn table(&self, id: &str) -> Option<&CodeTable> {
        self.tables.get(id)
    }

    /// All tables by id.
    pub fn tables(&self) -> impl Iterator<Item = &CodeTable> {
        self.tables.values()
    }

    /// The entry of a code in a table.
    pub fn entry(&self, table: &str, code: &str) -> Option<&CodeEntry> {
        self.table(table)?.get(code)
    }

    /// The label of a code in a table, also of a code that is no longer valid.
    pub fn label(&self, table: &str, code: &str) -> Option<&str> {
        self.entry(table, code).map(|entry| entry.label.as_str())
    }

    /// Up to `limit` entries of a table that answer a query (see [`CodeTable::search`]); nothing for an
    /// unknown table.
    pub fn search(&self, table: &str, query: &str, limit: usize) -> Vec<&CodeEntry> {
        self.table(table).map_or_else(Vec::new, |table| table.search(query, limit, |_| true))
    }
}

/// Prefix test for codes, whose letters may be typed small.
fn starts_with_ignoring_case(code: &str, query: &str) -> bool {
    code.get(..query.len()).is_some_and(|head| head.eq_ignore_ascii_case(query))
}
