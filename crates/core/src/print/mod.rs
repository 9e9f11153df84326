//! Paper as data: a template (millimetres, boxes, slots) and the values of a case become a page model of lines and
//! text in integer micrometres. Knows no font file, no PDF and no printer: whoever calls brings the widths of the
//! characters ([`Metrics`]) and turns the [`Document`] into bytes or, with [`preview_text`], into a screen.

mod adjust;
mod card;
mod layout;
mod load;
mod load_blocks;
mod page;
mod preview;
mod proof;
mod qr;
mod read;
mod template;
mod text;

use std::collections::BTreeMap;

pub use adjust::{Calibration, CalibrationError, OffPaper, adjust};
pub use card::{CARD_CROSS, card};
pub use layout::{How, LayoutError, layout, layout_as};
pub use page::{Document, Item, Page};
pub use preview::{Frames, preview_text};
pub use proof::{CheckCode, Proof, ProofError, Stamp};
pub use read::TemplateError;
pub use template::{
    Align, Block, BlockKind, Cell, Column, Content, Font, Footer, FreeBox, FreeRule, Grid, GridRow, Ink, On,
    PageSize, Paragraph, Piece, Side, SignatureBox, Signatures, Slots, Style, Table, Template, Tick,
    TickOption, VAlign,
};

/// Micrometres in one millimetre.
pub const MM: i32 = 1_000;

/// The widths of the characters of the two fonts. A character that a font lacks has no width.
pub trait Metrics {
    /// Font units in one em.
    fn units_per_em(&self, font: Font) -> i32;
    /// How far `character` moves the pen, in font units; `None` when the font has no such glyph.
    fn advance(&self, font: Font, character: char) -> Option<i32>;
}

/// What goes into the slots of one document: already formatted for paper (dates, money, labels instead of codes).
/// A missing key and an empty text both leave the slot blank, so empty data prints the blank form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrintData {
    /// Text by slot name.
    pub values: BTreeMap<String, String>,
    /// Rows by table name, each with its texts by slot name.
    pub tables: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

#[cfg(test)]
mod office_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
