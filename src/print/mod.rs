//! From the page model to bytes for the printer: the two embedded fonts, their widths for the layout, and the PDF.
//! Knows the core's page model only; no store, no screen, no case.

mod fonts;
mod narrow;
mod pdf;

/// Print templates and fonts as built in. An office's data folder may replace templates.
pub static TEMPLATES: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/print-templates");

pub use fonts::{glyphs, metrics};
pub use pdf::{PdfInfo, PrintError, render, render_all};

#[cfg(test)]
mod tests;
