//! The page model: what stands where on the paper, in integer micrometres from the upper left corner. Pure data,
//! compared in tests and turned into PDF by the station.

use super::template::Font;

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
}
