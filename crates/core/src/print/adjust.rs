//! Fitting a laid-out document to a printer: three numbers per printer and form move and scale the page, in integer
//! micrometres. Nothing may leave the paper. Knows the page model only.

use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::page::{Document, Item, Page};

/// Largest offset, micrometres: beyond it the paper lies wrong in the tray.
const FARTHEST: i32 = 30_000;
/// Smallest and largest scale, per mille.
const SCALES: std::ops::RangeInclusive<i32> = 980..=1_020;

/// How one printer prints one form beside where it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calibration {
    x: i32,
    y: i32,
    scale: i32,
}

/// Why three numbers are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalibrationError {
    /// No number of the kind that is asked for.
    #[error(
        "{0:?} is no number: offsets in millimetres with one decimal (1.5, -0.8), the scale in whole per mille"
    )]
    Text(String),
    /// An offset beyond 30 mm.
    #[error("offset of {0} µm: must be within -30 and 30 mm, in steps of 0.1 mm")]
    Offset(i32),
    /// A scale outside 980 to 1020.
    #[error("scale of {0} per mille: must be within 980 and 1020")]
    Scale(i32),
}

impl CalibrationError {
    /// The sentence for the clerk.
    pub fn zh(&self) -> String {
        match self {
            Self::Text(text) => {
                format!("{text:?} 不是数。横向、纵向写毫米（如 1.5、-0.8），比例写千分数（如 1003）。")
            }
            Self::Offset(_) => {
                "偏移应在 -30 到 30 毫米之间，以 0.1 毫米为一档。更大的偏移请先放正纸张。".to_owned()
            }
            Self::Scale(scale) => format!("比例 {scale} 不行：应在 980 到 1020 千分之间，1000 为不缩放。"),
        }
    }
}

impl Default for Calibration {
    fn default() -> Self {
        Self { x: 0, y: 0, scale: 1_000 }
    }
}

impl Calibration {
    /// From offsets in micrometres (to the right, downwards; steps of 0.1 mm) and a scale per mille.
    ///
    /// # Errors
    /// Numbers that no printer in order needs.
    pub fn new(x: i32, y: i32, scale: i32) -> Result<Self, CalibrationError> {
        let wrong = |offset: &i32| !(-FARTHEST..=FARTHEST).contains(offset) || offset % 100 != 0;
        if let Some(offset) = [x, y].into_iter().find(wrong) {
            return Err(CalibrationError::Offset(offset));
        }
        if !SCALES.contains(&scale) {
            return Err(CalibrationError::Scale(scale));
        }
        Ok(Self { x, y, scale })
    }

    /// From what people write: offsets in millimetres with at most one decimal (`1.5`, `-0.8`) and the scale per mille.
    ///
    /// # Errors
    /// Text that is no such number, or numbers that no printer in order needs.
    pub fn parse(x: &str, y: &str, scale: &str) -> Result<Self, CalibrationError> {
        let thousandths = |text: &str| {
            let wrong = || CalibrationError::Text(text.to_owned());
            let number = Decimal::from_str(text.trim()).map_err(|_| wrong())?;
            let micrometres =
                number.checked_mul(Decimal::ONE_THOUSAND).filter(|number| number.fract().is_zero());
            micrometres.and_then(|number| number.to_i32()).ok_or_else(wrong)
        };
        let scale: i32 = scale.trim().parse().map_err(|_| CalibrationError::Text(scale.to_owned()))?;
        Self::new(thousandths(x)?, thousandths(y)?, scale)
    }

    /// The two offsets in millimetres and the scale per mille, as [`Self::parse`] reads them.
    pub fn written(&self) -> [String; 3] {
        let millimetres = |length: i32| Decimal::new(i64::from(length / 100), 1).to_string();
        [millimetres(self.x), millimetres(self.y), self.scale.to_string()]
    }

    /// Offset to the right, micrometres.
    pub fn x(&self) -> i32 {
        self.x
    }

    /// Offset downwards, micrometres.
    pub fn y(&self) -> i32 {
        self.y
    }

    /// Scale, per mille.
    pub fn scale(&self) -> i32 {
        self.scale
    }

    /// A length scaled, rounded to the nearest micrometre.
    fn length(self, length: i32) -> i32 {
        let scaled = i64::from(length) * i64::from(self.scale);
        i32::try_from((scaled + 500).div_euclid(1_000)).unwrap_or(i32::MAX)
    }

    fn across(self, x: i32) -> i32 {
        self.length(x).saturating_add(self.x)
    }

    fn down(self, y: i32) -> i32 {
        self.length(y).saturating_add(self.y)
    }
}

/// Something would stand beyond the edge of the paper.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{template}: page {page}: {slot} would leave the paper by {by} µm; make the offset smaller")]
pub struct OffPaper {
    /// Template id.
    pub template: String,
    /// Page, from 1.
    pub page: usize,
    /// The slot that would be cut, or what kind of line.
    pub slot: String,
    /// By how much, micrometres.
    pub by: i32,
}

/// Moves and scales every item of a document about the upper left corner of the paper.
///
/// # Errors
/// [`OffPaper`] names the first slot that would leave the paper.
pub fn adjust(document: &Document, calibration: Calibration) -> Result<Document, OffPaper> {
    let mut moved = document.clone();
    if calibration == Calibration::default() {
        return Ok(moved);
    }
    for (index, page) in moved.pages.iter_mut().enumerate() {
        let Page { w, h, items } = page;
        for item in items {
            shift(item, calibration);
            let (left, top, right, bottom) = item.bounds();
            let by = (-left).max(-top).max(right - *w).max(bottom - *h);
            if by > 0 {
                return Err(OffPaper {
                    template: document.template.clone(),
                    page: index + 1,
                    slot: item.name().to_owned(),
                    by,
                });
            }
        }
    }
    Ok(moved)
}

fn shift(item: &mut Item, by: Calibration) {
    match item {
        Item::Line { x1, y1, x2, y2, width } => {
            (*x1, *x2) = (by.across(*x1), by.across(*x2));
            (*y1, *y2) = (by.down(*y1), by.down(*y2));
            *width = by.length(*width);
        }
        Item::Rect { x, y, w, h, width } => {
            boxed((x, y, w, h), by);
            *width = by.length(*width);
        }
        Item::Fill { x, y, w, h } => boxed((x, y, w, h), by),
        Item::Text { x, y, width, size, .. } => {
            (*x, *y) = (by.across(*x), by.down(*y));
            (*width, *size) = (by.length(*width), by.length(*size));
        }
    }
}

/// Moves the edges, so that neighbours that touched still touch.
fn boxed((x, y, w, h): (&mut i32, &mut i32, &mut i32, &mut i32), by: Calibration) {
    let (right, bottom) = (by.across(*x + *w), by.down(*y + *h));
    (*x, *y) = (by.across(*x), by.down(*y));
    (*w, *h) = (right - *x, bottom - *y);
}
