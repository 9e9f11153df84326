//! Fields that are typed and never reach a paper. Knows what the papers print; knows no layout.

use crate::form::def::FormDef;
use crate::form::error::FormError;

impl FormDef {
    /// Complains about every field that none of the form's own papers prints (`printed` is asked with the table of a
    /// column, and the field) and that gives no reason for it, and about reasons of fields that are printed.
    pub fn check_printed(&self, printed: impl Fn(Option<&str>, &str) -> bool) -> Vec<FormError> {
        let mut found = Vec::new();
        for section in &self.sections {
            let table = section.table.as_ref().map(|t| t.id.as_str());
            for field in &section.fields {
                let (key, message, fix) = match (printed(table, &field.id), field.unprinted.is_empty()) {
                    (false, true) => (
                        "id",
                        format!("no paper of the form prints {:?}", field.id),
                        "give it a place in a template, or say why not: unprinted = \"...\"",
                    ),
                    (true, false) => {
                        let message = format!("{:?} is printed, the reason is out of date", field.id);
                        ("unprinted", message, "remove unprinted")
                    }
                    _ => continue,
                };
                found.push(field.place.mistake(&self.file, key, message, fix));
            }
        }
        found
    }
}
