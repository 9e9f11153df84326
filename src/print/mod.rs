//! From the page model to bytes for the printer: the two embedded fonts, their widths for the layout, and the PDF.
//! Knows the core's page model only; no store, no screen, no case.

mod fonts;
mod pdf;

pub use fonts::metrics;
pub use pdf::{PdfInfo, PrintError, render, render_all};

#[cfg(test)]
mod tests;
