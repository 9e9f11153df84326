//! The page model: what stands where on the paper, in integer micrometres from the upper left corner. Pure data,
//! compared in tests and turned into PDF by the station.

use super::proof::Proof;
use super::template::Font;

/// Share of the size that stands above the baseline, in hundredths (both fonts: 880 of 1000 units).
pub(super) const ASCENT: i32 = 88;

/// One thing on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A straight line.
    Line {
        /// Start, from the left.
        x1: i32,
        /// Start, from the top.
        y1: i32,
        /// End, from the left.
        x2: i32,
        /// End, from the top.
        y2: i32,
        /// Thickness.
        width: i32,
    },
    /// The outline of a box.
    Rect {
        /// Left edge.
        x: i32,
        /// Upper edge.
        y: i32,
        /// Width of the box.
        w: i32,
        /// Height of the box.
        h: i32,
        /// Thickness of the outline.
        width: i32,
    },
    /// A box filled with black: the modules of the QR code.
    Fill {
        /// Left edge.
        x: i32,
        /// Upper edge.
        y: i32,
        /// Width of the box.
        w: i32,
        /// Height of the box.
        h: i32,
    },
    /// One line of text.
    Text {
        /// Left end of the text.
        x: i32,
        /// Baseline.
        y: i32,
        /// How wide the text is.
        width: i32,
        /// Font.
        font: Font,
        /// Size.
        size: i32,
        /// The characters; never empty, never with control characters.
        text: String,
        /// Slot or block the text comes from, for error messages.
        slot: String,
    },
}

impl Item {
    /// Left, upper, right and lower edge.
    pub fn bounds(&self) -> (i32, i32, i32, i32) {
        match *self {
            Self::Line { x1, y1, x2, y2, .. } => (x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)),
            Self::Rect { x, y, w, h, .. } | Self::Fill { x, y, w, h } => (x, y, x + w, y + h),
            Self::Text { x, y, width, size, .. } => {
                let ascent = size * ASCENT / 100;
                (x, y - ascent, x + width, y - ascent + size)
            }
        }
    }

    /// What an error calls it: the slot of a text, or what kind of line.
    pub fn name(&self) -> &str {
        match self {
            Self::Text { slot, .. } => slot,
            Self::Line { .. } | Self::Rect { .. } => "line",
            Self::Fill { .. } => "QR code",
        }
    }
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Width of the paper.
    pub w: i32,
    /// Height of the paper.
    pub h: i32,
    /// What stands on it, in drawing order.
    pub items: Vec<Item>,
}

/// A document ready to be drawn. The same template and data always give the same document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Id of the template.
    pub template: String,
    /// Version of the template.
    pub version: u32,
    /// The pages.
    pub pages: Vec<Page>,
    /// What the QR code of each page says; none on blank forms and drafts, which prove nothing.
    pub proof: Option<Proof>,
}
