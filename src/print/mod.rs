//! From the page model to the printer: the two embedded fonts, their widths for the layout, the PDF, and the queues.
//! Knows the core's page model only; no store, no screen, no case.

mod fonts;
mod narrow;
mod pdf;
mod spool;

/// Print templates and fonts as built in. An office's data folder may replace templates.
pub static TEMPLATES: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/print-templates");

pub use fonts::{glyphs, metrics};
pub use pdf::{Book, PdfInfo, PrintError, render};
pub use spool::{SpoolError, queue_name, queues, send};

#[cfg(test)]
mod tests;
