//! The inside of one box: a text set at the size that fits, placed by its alignment. Knows no page and no template.

use super::LayoutError;
use crate::print::Metrics;
use crate::print::page::{ASCENT, Item};
use crate::print::template::{Align, Style, VAlign};
use crate::print::text::{self, Bound, Lines, PAD_LEVEL, Unset, fit};

/// A box on the page, with the space its text keeps from the left and right edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) w: i32,
    pub(super) h: i32,
    pub(super) pad: i32,
}

impl Frame {
    /// The height a text may use: between rules it keeps a little distance.
    fn inner_height(&self) -> i32 {
        if self.pad > 0 { self.h - 2 * PAD_LEVEL } else { self.h }
    }
}

fn set(
    template: &str,
    frame: Frame,
    text: &str,
    slot: &str,
    style: &Style,
    metrics: &dyn Metrics,
) -> Result<Lines, LayoutError> {
    fit(text, style, frame.w - 2 * frame.pad, frame.inner_height(), metrics).map_err(|unset| {
        let (template, slot) = (template.to_owned(), slot.to_owned());
        match unset {
            Unset::Missing(character) => LayoutError::MissingGlyph { template, slot, character },
            Unset::TooLong => LayoutError::DoesNotFit { template, slot, text: text.to_owned() },
        }
    })
}

/// How high the text of a paragraph becomes in a box as wide as `frame` and at most as high.
pub(super) fn height(
    template: &str,
    frame: Frame,
    text: &str,
    slot: &str,
    style: &Style,
    metrics: &dyn Metrics,
) -> Result<i32, LayoutError> {
    let lines = set(template, frame, text, slot, style, metrics)?;
    Ok(if text.is_empty() { 0 } else { lines.height() + lines.pitch() - lines.size })
}

/// How high a box that may grow must become: its own height when the text fits there, shrunk if need be; otherwise
/// what the text takes at the smallest size, at most `most`.
pub(super) fn grown(
    template: &str,
    frame: Frame,
    text: &str,
    slot: &str,
    style: &Style,
    most: i32,
    metrics: &dyn Metrics,
) -> Result<i32, LayoutError> {
    match set(template, frame, text, slot, style, metrics) {
        Ok(_) => Ok(frame.h),
        Err(LayoutError::DoesNotFit { .. }) if style.wrap => {
            let smallest = Style { size: style.min_size, ..*style };
            let lines = set(template, Frame { h: most, ..frame }, text, slot, &smallest, metrics)?;
            Ok(lines.height() + 2 * PAD_LEVEL)
        }
        Err(error) => Err(error),
    }
}

/// The lines of a text as items. With `values_only`, for pre-printed stock, only the runs that come from the data, at
/// the places that they have in the whole text.
pub(super) fn place(
    template: &str,
    frame: Frame,
    (bound, values_only): (&Bound, bool),
    slot: &str,
    style: &Style,
    metrics: &dyn Metrics,
) -> Result<Vec<Item>, LayoutError> {
    if bound.text.is_empty() {
        return Ok(Vec::new());
    }
    let lines = set(template, frame, &bound.text, slot, style, metrics)?;
    let free = (frame.h - lines.height()).max(0);
    let top = frame.y
        + match style.valign {
            VAlign::Top => free.min(lines.size * 30 / 100),
            VAlign::Middle => free / 2,
            VAlign::Bottom => free,
        };
    let mut y = top + lines.size * ASCENT / 100;
    let mut items = Vec::new();
    let mut source = Source::new(bound);
    for (text, width) in &lines.lines {
        let slack = (frame.w - 2 * frame.pad - width).max(0);
        let shift = match style.align {
            Align::Left => 0,
            Align::Center => slack / 2,
            Align::Right => slack,
        };
        let left = frame.x + frame.pad + shift;
        let runs = if values_only { source.runs(text) } else { vec![(String::new(), text.clone())] };
        for (before, text) in runs {
            if !text.trim().is_empty() {
                let measure = |text: &str| text::width(text, lines.font, lines.size, metrics);
                let whole = before.is_empty() && !values_only;
                items.push(Item::Text {
                    x: left + if before.is_empty() { 0 } else { measure(&before) },
                    y,
                    width: if whole { *width } else { measure(&text) },
                    font: lines.font,
                    size: lines.size,
                    text,
                    slot: slot.to_owned(),
                });
            }
        }
        y += lines.pitch();
    }
    Ok(items)
}

/// Where the characters of set lines come from. Setting drops white space and line feeds at the ends of lines and
/// nothing else, so that the lines can be followed through the text.
struct Source<'b> {
    rest: std::iter::Zip<std::str::Chars<'b>, std::iter::Copied<std::slice::Iter<'b, bool>>>,
}

impl<'b> Source<'b> {
    fn new(bound: &'b Bound) -> Self {
        Self { rest: bound.text.chars().zip(bound.filled.iter().copied()) }
    }

    /// The runs of a line that come from the data, each with what stands before it on the line.
    fn runs(&mut self, line: &str) -> Vec<(String, String)> {
        let mut runs: Vec<(String, String)> = Vec::new();
        let (mut before, mut in_run) = (String::new(), false);
        for c in line.chars() {
            let filled = self.rest.by_ref().find(|(from, _)| *from == c).is_some_and(|(_, filled)| filled);
            match runs.last_mut() {
                Some((_, run)) if filled && in_run => run.push(c),
                _ if filled => runs.push((before.clone(), c.to_string())),
                _ => {}
            }
            in_run = filled;
            before.push(c);
        }
        runs
    }
}
