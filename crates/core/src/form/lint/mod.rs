//! Checks of a form that loads: what can never be shown, asked or said, codes that no table holds, derivations that
//! go round, texts nobody uses. Knows the code tables; knows no values and no templates.
//!
//! Apart from loading, because a case is shown by the form it was opened with, even where that form would not pass
//! today's checks.

mod codes;
mod derive;
mod papers;
mod reach;
mod truth;

use super::def::FormDef;
use super::error::FormError;
use crate::code::CodeBook;

impl FormDef {
    /// Everything that is wrong with the meaning of the form, in the order of its lines.
    pub fn check(&self, codes: &CodeBook) -> Vec<FormError> {
        let mut found = self.unknown_tables(codes);
        found.extend(codes::check(self, codes));
        found.extend(reach::check(self, codes));
        found.extend(derive::check(self));
        found.extend(self.unused_articles());
        found.sort_by(|a, b| (a.line, &a.key, &a.message).cmp(&(b.line, &b.key, &b.message)));
        found.dedup();
        found
    }

    fn unknown_tables(&self, codes: &CodeBook) -> Vec<FormError> {
        let unknown = self.code_tables().into_iter().filter(|(_, table)| codes.table(table).is_none());
        let mistake = |(field, table): (&super::def::Field, &str)| {
            let fix = "name a table of seed/codes, or add the table there";
            field.place.mistake(&self.file, "codes", format!("unknown code table {table:?}"), fix)
        };
        unknown.map(mistake).collect()
    }

    fn unused_articles(&self) -> Vec<FormError> {
        let unused = self.article_places.iter().filter(|(reference, _)| !self.cited.contains(*reference));
        let mistake = |(reference, place): (&String, &super::reader::Place)| {
            let message = format!("nothing in the form names the article {reference:?}");
            place.mistake(&self.file, "text", message, "name it where it belongs, or remove its text")
        };
        unused.map(mistake).collect()
    }
}
