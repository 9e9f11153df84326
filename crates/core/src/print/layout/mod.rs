//! Laying out: a template and its data become pages. The flow down the page is here, the inside of a box in `cell.rs`,
//! the repeating table in `table.rs`, what stands at fixed places in `fixed.rs`. Knows no font file and no PDF.

mod cell;
mod fixed;
mod table;

use super::page::{Document, Item, Page};
use super::proof::{CheckCode, Proof, Stamp};
use super::template::{
    Align, Block, BlockKind, Content, Grid, GridRow, Ink, Paragraph, Side, Signatures, Style, Template,
    VAlign,
};
use super::text::{self, Bound, PAD};
use super::{Metrics, PrintData};
use cell::{Frame, place};

/// Why a document cannot be printed. Never is a text cut or a character left out silently.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// Neither embedded font has the character.
    #[error("{template}: {slot}: no glyph for {character:?} (U+{:04X})", u32::from(*.character))]
    MissingGlyph {
        /// Template id.
        template: String,
        /// Slot, or block id for fixed text.
        slot: String,
        /// The character.
        character: char,
    },
    /// The text is too long for its box even at the smallest size.
    #[error("{template}: {slot}: {text:?} does not fit its box at the smallest size; make the box larger")]
    DoesNotFit {
        /// Template id.
        template: String,
        /// Slot, or block id for fixed text.
        slot: String,
        /// The text.
        text: String,
    },
    /// The value is none of the options of a tick list.
    #[error("{template}: {slot}: {value:?} is none of the printed options; add it to the template's options")]
    NotAnOption {
        /// Template id.
        template: String,
        /// Slot.
        slot: String,
        /// The value.
        value: String,
    },
}

/// How a document is laid out beyond its data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct How<'a> {
    /// For pre-printed stock (套打): only what comes from the data is printed, at the places it has on the whole form.
    pub values_only: bool,
    /// The line at the foot and the QR code of a counted copy.
    pub stamp: Option<&'a Stamp>,
}

/// Puts the data into the template and breaks the result into pages.
///
/// # Errors
/// [`LayoutError`] names the slot whose value cannot be printed.
pub fn layout(template: &Template, data: &PrintData, metrics: &dyn Metrics) -> Result<Document, LayoutError> {
    layout_as(template, data, How::default(), metrics)
}

/// The same, as a counted copy or for pre-printed stock.
///
/// # Errors
/// As [`layout`].
pub fn layout_as(
    template: &Template,
    data: &PrintData,
    how: How<'_>,
    metrics: &dyn Metrics,
) -> Result<Document, LayoutError> {
    let page = template.page;
    let proof = how.stamp.map(|stamp| Proof {
        number: stamp.number.clone(),
        template: template.id.clone(),
        copy: stamp.copy,
        code: CheckCode::of(template, data, &stamp.number, stamp.copy),
    });
    let mut flow = Flow { template, data, metrics, how, pages: Vec::new(), y: page.top, frame_top: None };
    flow.open_page();
    for block in &template.blocks {
        flow.block(block)?;
    }
    flow.close_frame();
    flow.fixed_parts(proof.as_ref())?;
    Ok(Document { template: template.id.clone(), version: template.version, pages: flow.pages, proof })
}

/// The pages so far and the place that is reached.
struct Flow<'a> {
    template: &'a Template,
    data: &'a PrintData,
    metrics: &'a dyn Metrics,
    how: How<'a>,
    pages: Vec<Page>,
    /// Where the next block begins.
    y: i32,
    /// Where the outer frame that is still open begins.
    frame_top: Option<i32>,
}

impl Flow<'_> {
    fn left(&self) -> i32 {
        self.template.page.left
    }

    fn right(&self) -> i32 {
        self.template.page.width - self.template.page.right
    }

    fn room(&self) -> i32 {
        self.template.page.height - self.template.page.bottom - self.y
    }

    fn open_page(&mut self) {
        let page = self.template.page;
        self.pages.push(Page { w: page.width, h: page.height, items: Vec::new() });
        self.y = page.top;
    }

    /// Adds a rule or a frame; pre-printed stock has them already.
    fn push(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut().filter(|_| !self.how.values_only) {
            page.items.push(item);
        }
    }

    fn rule(&mut self, x1: i32, y1: i32, x2: i32, y2: i32) {
        self.push(Item::Line { x1, y1, x2, y2, width: self.template.inner });
    }

    /// Begins a ruled part at the present place, or goes on inside the frame that is open.
    fn open_frame(&mut self) {
        self.frame_top.get_or_insert(self.y);
    }

    fn close_frame(&mut self) {
        if let Some(top) = self.frame_top.take()
            && top < self.y
        {
            let (x, w, width) = (self.left(), self.template.page.content_width(), self.template.outer);
            self.push(Item::Rect { x, y: top, w, h: self.y - top, width });
        }
    }

    fn next_page(&mut self) {
        self.close_frame();
        self.open_page();
    }

    /// Goes to the next page unless `height` fits here, or this page is still empty.
    fn ensure(&mut self, height: i32) {
        if height > self.room() && self.y > self.template.page.top {
            self.next_page();
        }
    }

    fn block(&mut self, block: &Block) -> Result<(), LayoutError> {
        if block.break_before && self.y > self.template.page.top {
            self.next_page();
        }
        if block.gap > 0 {
            self.close_frame();
            self.y += block.gap.min(self.room().max(0));
        }
        match &block.kind {
            BlockKind::Gap => Ok(()),
            BlockKind::Grid(grid) => self.grid(&block.id, grid),
            BlockKind::Table(table) => self.table(&block.id, table),
            BlockKind::Text(paragraph) => self.paragraph(&block.id, paragraph),
            BlockKind::Signatures(signatures) => self.signatures(&block.id, signatures),
        }
    }

    /// The text of a content bound to the single values, and the name errors give it.
    fn bound(&self, id: &str, content: &Content) -> Result<(Bound, String), LayoutError> {
        self.bound_with(id, content, &|name| text::single(self.data, name))
    }

    fn bound_with(
        &self,
        id: &str,
        content: &Content,
        value: &dyn Fn(&str) -> String,
    ) -> Result<(Bound, String), LayoutError> {
        let name = content.slots().first().map_or_else(|| id.to_owned(), |slot| (*slot).to_owned());
        let bound = text::bind(content, value).map_err(|(slot, value)| LayoutError::NotAnOption {
            template: self.template.id.clone(),
            slot,
            value,
        })?;
        Ok((bound, name))
    }

    /// Draws a text into a box.
    fn draw(&mut self, frame: Frame, text: &Bound, slot: &str, style: &Style) -> Result<(), LayoutError> {
        let text = (text, self.how.values_only);
        let items = place(&self.template.id, frame, text, slot, style, self.metrics)?;
        if let Some(page) = self.pages.last_mut() {
            page.items.extend(items);
        }
        Ok(())
    }

    fn draw_ink(&mut self, frame: Frame, id: &str, ink: &Ink) -> Result<(), LayoutError> {
        let (text, slot) = self.bound(id, &ink.content)?;
        self.draw(frame, &text, &slot, &ink.style)
    }

    /// The height of a box of the given width and height that may grow up to `most`.
    fn grown(
        &self,
        (w, h, most): (i32, i32, i32),
        text: &str,
        slot: &str,
        style: &Style,
    ) -> Result<i32, LayoutError> {
        let frame = Frame { x: 0, y: 0, w, h, pad: PAD };
        cell::grown(&self.template.id, frame, text, slot, style, most, self.metrics)
    }

    /// The height of a grid row: as written, or higher when it may grow and a text needs it.
    fn grid_row_height(&self, id: &str, row: &GridRow) -> Result<i32, LayoutError> {
        let most = self.template.page.content_height();
        let mut height = row.height;
        if row.grow {
            for cell in &row.cells {
                let (text, slot) = self.bound(id, &cell.ink.content)?;
                let size = (cell.width, height, most);
                height = height.max(self.grown(size, &text.text, &slot, &cell.ink.style)?);
            }
        }
        Ok(height)
    }

    fn grid(&mut self, id: &str, grid: &Grid) -> Result<(), LayoutError> {
        let heights: Result<Vec<i32>, LayoutError> =
            grid.rows.iter().map(|row| self.grid_row_height(id, row)).collect();
        let heights = heights?;
        let total: i32 = heights.iter().sum();
        if grid.keep && total <= self.template.page.content_height() {
            self.ensure(total);
        }
        if !grid.frame {
            self.close_frame();
        }
        let x0 = self.left() + grid.side.as_ref().map_or(0, |side| side.width);
        let mut top = self.y;
        for (row, height) in grid.rows.iter().zip(heights) {
            if height > self.room() && self.y > top {
                self.side(top, grid.side.as_ref())?;
                self.next_page();
                top = self.y;
            }
            if grid.frame {
                self.open_frame();
            }
            let mut x = x0;
            for (index, cell) in row.cells.iter().enumerate() {
                if grid.frame && index > 0 {
                    self.rule(x, self.y, x, self.y + height);
                }
                let frame =
                    Frame { x, y: self.y, w: cell.width, h: height, pad: if grid.frame { PAD } else { 0 } };
                self.draw_ink(frame, id, &cell.ink)?;
                x += cell.width;
            }
            self.y += height;
            if grid.frame {
                self.rule(x0, self.y, self.right(), self.y);
            }
        }
        self.side(top, grid.side.as_ref())
    }

    /// Draws the upright label beside the rows from `top` to the present place.
    fn side(&mut self, top: i32, side: Option<&Side>) -> Result<(), LayoutError> {
        let Some(side) = side else { return Ok(()) };
        let (left, height) = (self.left(), self.y - top);
        self.rule(left + side.width, top, left + side.width, self.y);
        self.rule(left, self.y, left + side.width, self.y);
        let upright: Vec<String> = side.text.chars().map(String::from).collect();
        let frame = Frame { x: left, y: top, w: side.width, h: height, pad: PAD / 2 };
        self.draw(frame, &Bound::fixed(&upright.join("\n")), &side.text, &side.style)
    }

    fn paragraph(&mut self, id: &str, paragraph: &Paragraph) -> Result<(), LayoutError> {
        self.close_frame();
        let (text, slot) = self.bound(id, &paragraph.ink.content)?;
        let (x, w) = (self.left() + paragraph.indent, self.template.page.content_width() - paragraph.indent);
        let tall = Frame { x, y: self.y, w, h: self.template.page.content_height(), pad: 0 };
        let style = &paragraph.ink.style;
        let height = cell::height(&self.template.id, tall, &text.text, &slot, style, self.metrics)?;
        self.ensure(height);
        self.draw(Frame { y: self.y, h: height, ..tall }, &text, &slot, style)?;
        self.y += height;
        Ok(())
    }

    fn signatures(&mut self, id: &str, signatures: &Signatures) -> Result<(), LayoutError> {
        let line = signatures.style.size * 160 / 100;
        let title_height = signatures.head_style.size * 190 / 100;
        let mut sign_height = line;
        let mut middle = signatures.height - title_height - 2 * line - PAD;
        if signatures.grow {
            let most = self.template.page.content_height() / 2;
            for part in &signatures.boxes {
                for (content, height) in [(&part.text, &mut middle), (&part.sign, &mut sign_height)] {
                    let (text, slot) = self.bound(id, content)?;
                    let size = (part.width, *height, most);
                    let grown = self.grown(size, &text.text, &slot, &signatures.style)?;
                    *height = grown.max(*height);
                }
            }
        }
        let rest = title_height + sign_height + line + PAD;
        let height = middle + rest;
        self.ensure(height);
        self.open_frame();
        let top = self.y;
        let sign_style = Style { valign: VAlign::Middle, ..signatures.style };
        let date_style = Style { align: Align::Right, ..sign_style };
        let mut x = self.left();
        for (index, part) in signatures.boxes.iter().enumerate() {
            if index > 0 {
                self.rule(x, top, x, top + height);
            }
            let frame = |y, h| Frame { x, y, w: part.width, h, pad: PAD };
            self.draw(frame(top, title_height), &Bound::fixed(&part.title), id, &signatures.head_style)?;
            let foot = top + height - PAD;
            for (y, h, content, style) in [
                (top + title_height, middle, &part.text, &signatures.style),
                (foot - line - sign_height, sign_height, &part.sign, &sign_style),
                (foot - line, line, &part.date, &date_style),
            ] {
                let (text, slot) = self.bound(id, content)?;
                self.draw(frame(y, h), &text, &slot, style)?;
            }
            x += part.width;
        }
        self.y += height;
        let (left, right) = (self.left(), self.right());
        self.rule(left, self.y, right, self.y);
        Ok(())
    }
}
