//! Codes at the fingertips: what a pick list offers first, and which code a typed label or pinyin means. Knows code
//! tables; must not know fields or storage.

use chrono::NaiveDate;
use xiangbao_core::code::{CodeBook, CodeEntry, CodeTable, DIVISIONS, Level};
use xiangbao_core::form::{FieldPath, FormData, FormDef, Kind};

use crate::tui::text;
use crate::tui::widgets::pick::Choice;

/// Digits of a division code that name its township.
const TOWNSHIP_DIGITS: usize = 9;
/// Digits that name its county.
const COUNTY_DIGITS: usize = 6;

/// Where and when codes are chosen.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    /// All tables.
    pub(super) codes: &'a CodeBook,
    /// Codes that are not valid on this day are not offered.
    pub(super) today: NaiveDate,
    /// Division code of the own township: its villages come first.
    pub(super) township: &'a str,
}

impl Desk<'_> {
    /// May the code be chosen today? Of the divisions only villages.
    fn offered(&self, table: &str, entry: &CodeEntry) -> bool {
        entry.is_valid_on(self.today) && (table != DIVISIONS || entry.level == Some(Level::Village))
    }

    /// How near a village is: the own township, the own county, elsewhere; other codes are all equally near.
    fn distance(&self, table: &str, entry: &CodeEntry) -> u8 {
        let shares = |digits: usize| {
            self.township.get(..digits).is_some_and(|own| !own.is_empty() && entry.code.starts_with(own))
        };
        match () {
            () if table != DIVISIONS || shares(TOWNSHIP_DIGITS) => 0,
            () if shares(COUNTY_DIGITS) => 1,
            () => 2,
        }
    }

    /// The choices of a table: those used lately first, then the common ones, then the order of the table.
    pub(super) fn choices(&self, table: &str, lately: &[String]) -> Vec<Choice> {
        let Some(found) = self.codes.table(table) else { return Vec::new() };
        let mut entries = found.search("", usize::MAX, |entry| self.offered(table, entry));
        let rank = |entry: &CodeEntry| {
            let recent = lately.iter().position(|code| *code == entry.code).unwrap_or(usize::MAX);
            (recent, self.distance(table, entry))
        };
        entries.sort_by_key(|entry| rank(entry));
        entries.into_iter().map(choice).collect()
    }

    /// The code that was meant: the code itself, or a label or pinyin that means one code only (for villages, one in the
    /// own township, else one anywhere). What means several or none stays as it was typed, and the check says so.
    pub(super) fn resolve(&self, table: &str, raw: &str) -> String {
        let typed = raw.trim();
        let half: String = typed.chars().map(crate::tui::key::half_width).collect();
        let Some(found) = self.codes.table(table) else { return typed.to_owned() };
        let is_code = found.get(&half).is_some() || half.chars().all(|c| c.is_ascii_digit());
        if is_code || half.is_empty() {
            return half;
        }
        let near = self.only(found, table, &half, 0).or_else(|| self.only(found, table, &half, u8::MAX));
        near.map_or_else(|| typed.to_owned(), str::to_owned)
    }

    fn only<'t>(&self, found: &'t CodeTable, table: &str, query: &str, reach: u8) -> Option<&'t str> {
        let keep = |entry: &CodeEntry| self.offered(table, entry) && self.distance(table, entry) <= reach;
        let answers = found.search(query, 2, keep);
        let exact = |entry: &CodeEntry| entry.label == query || entry.name == query;
        match answers.as_slice() {
            [one] => Some(&one.code),
            [first, second] if exact(first) && !exact(second) => Some(&first.code),
            _ => None,
        }
    }
}

fn choice(entry: &CodeEntry) -> Choice {
    Choice { code: entry.code.clone(), label: entry.label.clone() }
}

/// Yes and no, as a pick list.
pub(super) fn flag_choices() -> Vec<Choice> {
    let choice = |code: &str, label: &str| Choice { code: code.to_owned(), label: label.to_owned() };
    vec![choice("1", text::FORM_YES), choice("0", text::FORM_NO)]
}

/// Codes of a table that stand elsewhere in this form, the nearest above first.
pub(super) fn used_here(def: &FormDef, data: &FormData, table: &str, at: &FieldPath) -> Vec<String> {
    let mut lately: Vec<String> = Vec::new();
    let order = def.field_order(data);
    let here = order.iter().position(|path| path == at).unwrap_or(order.len());
    for path in order.iter().take(here).rev() {
        let same = def
            .kind_at(data, path)
            .is_some_and(|spec| spec.kind == Kind::Code && spec.codes.as_deref() == Some(table));
        let code = data.get(path);
        if same && !code.is_empty() && !lately.iter().any(|seen| seen == code) {
            lately.push(code.to_owned());
        }
    }
    lately
}
