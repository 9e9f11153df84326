//! What stands at fixed places of each page once the number of pages is known: free boxes and rules, the footer, and on
//! a counted copy the line of the print and the QR code in the lower right corner. Knows no block and no font file.

use super::cell::{Frame, place};
use super::{Flow, LayoutError};
use crate::print::page::{Item, Page};
use crate::print::proof::{Proof, Stamp};
use crate::print::qr;
use crate::print::template::{Align, Content, Font, Footer, FreeRule, On, Style, VAlign};
use crate::print::text::{self, Bound, PAD};

/// Sizes of the QR code and distances from the edges of the paper, micrometres, best first. Laser printers leave about
/// 4.2 mm at the edges white.
const CORNERS: [(i32, i32); 9] = [
    (16_000, 5_000),
    (15_000, 5_000),
    (14_000, 5_000),
    (13_000, 5_000),
    (12_000, 5_000),
    (11_000, 5_000),
    (10_000, 5_000),
    (10_000, 4_300),
    (9_000, 4_300),
];
/// White space that a reader needs around the code, micrometres.
const QUIET: i32 = 1_500;
/// Where the line of the print stands when the template has no footer: from the lower edge, micrometres.
const FOOT: i32 = 8_000;
/// How the line of the print is set: 6.5 points, shrinking to 4.
const LINE: Style = Style {
    font: Font::Song,
    size: 2_293,
    min_size: 1_411,
    align: Align::Left,
    valign: VAlign::Top,
    wrap: false,
};

/// The square of a QR code.
#[derive(Clone, Copy, Debug)]
struct Corner {
    x: i32,
    y: i32,
    size: i32,
}

impl Flow<'_> {
    /// Free boxes, rules and the footer of every page, and what makes a page a counted copy.
    pub(super) fn fixed_parts(&mut self, proof: Option<&Proof>) -> Result<(), LayoutError> {
        let total = self.pages.len();
        for index in 0..total {
            let items = self.free_parts((index, total))?;
            if let Some(page) = self.pages.get_mut(index) {
                page.items.extend(items);
            }
        }
        let corner = proof.map(|_| corner(&self.pages));
        let modules = match (proof, corner) {
            (Some(proof), Some(Corner { x, y, size })) => qr::modules(&proof.to_string(), (x, y), size),
            _ => Vec::new(),
        };
        for index in 0..total {
            let mut items = Vec::new();
            let footer = self.template.footer.as_ref();
            if let Some(footer) = footer.filter(|_| !(self.how.values_only && proof.is_some())) {
                items.extend(self.footer(footer, (index, total), corner)?);
            }
            if let (Some(stamp), Some(proof), Some(corner)) = (self.how.stamp, proof, corner) {
                items.extend(self.line(stamp, proof, (index, total), corner)?);
            }
            items.extend(modules.iter().cloned());
            if let Some(page) = self.pages.get_mut(index) {
                page.items.extend(items);
            }
        }
        Ok(())
    }

    fn free_parts(&self, (index, total): (usize, usize)) -> Result<Vec<Item>, LayoutError> {
        let mut items = Vec::new();
        let here = |on| match on {
            On::First => index == 0,
            On::Last => index + 1 == total,
            On::All => true,
        };
        let ruled = !self.how.values_only;
        for rule in self.template.rules.iter().filter(|rule| ruled && here(rule.on)) {
            let FreeRule { x1, y1, x2, y2, width, .. } = *rule;
            items.push(Item::Line { x1, y1, x2, y2, width });
        }
        for free in self.template.boxes.iter().filter(|free| here(free.on)) {
            if free.frame && ruled {
                let (x, y, w, h) = (free.x, free.y, free.w, free.h);
                items.push(Item::Rect { x, y, w, h, width: self.template.inner });
            }
            let pad = if free.frame { PAD } else { 0 };
            let frame = Frame { x: free.x, y: free.y, w: free.w, h: free.h, pad };
            items.extend(self.fixed_text(
                &free.id,
                frame,
                &free.ink.content,
                &free.ink.style,
                (index, total),
            )?);
        }
        Ok(items)
    }

    fn fixed_text(
        &self,
        id: &str,
        frame: Frame,
        content: &Content,
        style: &Style,
        (index, total): (usize, usize),
    ) -> Result<Vec<Item>, LayoutError> {
        let value = |name: &str| match name {
            "page.no" => (index + 1).to_string(),
            "page.total" => total.to_string(),
            _ => text::single(self.data, name),
        };
        let (text, slot) = self.bound_with(id, content, &value)?;
        place(&self.template.id, frame, (&text, self.how.values_only), &slot, style, self.metrics)
    }

    fn footer(
        &self,
        footer: &Footer,
        number: (usize, usize),
        corner: Option<Corner>,
    ) -> Result<Vec<Item>, LayoutError> {
        let h = footer.style.size * 150 / 100;
        let (x, w) = (self.left(), self.foot_width(corner));
        let frame = |x, w| Frame { x, y: self.template.page.height - footer.from_edge - h, w, h, pad: 0 };
        let side = w * 42 / 100;
        let mut items = Vec::new();
        for (frame, content, align) in [
            (frame(x, side), &footer.left, Align::Left),
            (frame(x + side, w - 2 * side), &footer.center, Align::Center),
            (frame(x + w - side, side), &footer.right, Align::Right),
        ] {
            let style = Style { align, ..footer.style };
            items.extend(self.fixed_text("footer", frame, content, &style, number)?);
        }
        Ok(items)
    }

    /// The width of what stands at the foot: between the margins, and clear of the QR code.
    fn foot_width(&self, corner: Option<Corner>) -> i32 {
        let right = corner.map_or(self.right(), |corner| self.right().min(corner.x - QUIET));
        right - self.left()
    }

    /// The line of the print below the footer: when, who, which copy, for whom, and what the QR code says. Stock has
    /// its own footer or none, so that there the line also counts the pages.
    fn line(
        &self,
        stamp: &Stamp,
        proof: &Proof,
        (index, total): (usize, usize),
        corner: Corner,
    ) -> Result<Vec<Item>, LayoutError> {
        let from_edge = self.template.footer.as_ref().map_or(FOOT, |footer| footer.from_edge);
        let pages =
            if self.how.values_only { format!("第 {}/{total} 页　", index + 1) } else { String::new() };
        let words = text::printable(&format!("{pages}{}　{proof}", stamp.words()));
        let frame = Frame {
            x: self.left(),
            y: self.template.page.height - from_edge + 300,
            w: self.foot_width(Some(corner)),
            h: LINE.size + 200,
            pad: 0,
        };
        place(&self.template.id, frame, (&Bound::fixed(&words), false), "print.stamp", &LINE, self.metrics)
    }
}

/// Where the code fits on every page without touching what stands there; the smallest place when none is free.
fn corner(pages: &[Page]) -> Corner {
    let place = |(size, edge): (i32, i32)| {
        let page = pages.first().map_or((0, 0), |page| (page.w, page.h));
        Corner { x: page.0 - edge - size, y: page.1 - edge - size, size }
    };
    let free = |corner: &Corner| {
        pages.iter().flat_map(|page| &page.items).all(|item| {
            let (_, _, right, bottom) = item.bounds();
            right <= corner.x - QUIET || bottom <= corner.y - QUIET
        })
    };
    let [.., last] = CORNERS;
    CORNERS.into_iter().map(place).find(free).unwrap_or_else(|| place(last))
}
