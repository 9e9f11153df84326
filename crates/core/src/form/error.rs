//! The one error of a form file: where it stands, what is wrong, how to put it right. Written for whoever edits
//! the file (English); a clerk never sees it.

use std::fmt;

/// One mistake in a form definition file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct FormError {
    /// The file as the caller named it.
    pub file: String,
    /// Line, from one.
    pub line: usize,
    /// Dotted key, e.g. `sections[1].fields[0].kind`.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// How to put it right.
    pub fix: String,
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {} (fix: {})", self.file, self.line, self.key, self.message, self.fix)
    }
}
