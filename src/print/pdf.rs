//! The page model as PDF: same pages and information, same bytes. Each font is embedded once, with the glyphs of the
//! document only. Pages are written one by one, so that a village's thousand forms never lie in memory as pages. No
//! clock, no links, no actions, no attachments. Knows no template and no case.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat};
use printpdf::{
    FontId, Mm, OffsetDateTime, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions,
    Point, Pt, TextItem,
};
use sha2::{Digest, Sha256};
use xiangbao_core::print::{Document, Font, Item, Page};

use super::fonts::{UsedGlyphs, face};

/// What the PDF says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfInfo {
    /// Title of the document.
    pub title: String,
    /// The case number.
    pub subject: String,
    /// When the printed operation happened: from the journal, never from the clock.
    pub created: DateTime<FixedOffset>,
}

/// Why no PDF could be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// The font of a text has no glyph for one of its characters.
    #[error("{slot}: no glyph for {character:?} (U+{code_point:04X})")]
    MissingGlyph {
        /// The character.
        character: char,
        /// Its code point.
        code_point: u32,
        /// Slot the text comes from.
        slot: String,
    },
    /// An embedded font cannot be read: the build is damaged.
    #[error("embedded font: {0}")]
    Font(String),
    /// The PDF could not be written.
    #[error("writing the PDF: {0}")]
    Write(String),
}

/// One document as PDF.
///
/// # Errors
/// [`PrintError::MissingGlyph`] names character and slot; the others mean a damaged build.
pub fn render(document: &Document, info: &PdfInfo) -> Result<Vec<u8>, PrintError> {
    let mut book = Book::new(info.clone());
    book.add(document)?;
    book.finish()
}

/// A PDF in the making: documents go in one after the other and are not kept, only their written pages are.
pub struct Book {
    info: PdfInfo,
    fonts: BTreeMap<Font, UsedGlyphs>,
    pages: Vec<Written>,
}

/// A page as it will stand in the file.
struct Written {
    w: i32,
    h: i32,
    content: Stream,
}

impl Book {
    /// An empty PDF.
    pub fn new(info: PdfInfo) -> Self {
        Self { info, fonts: BTreeMap::new(), pages: Vec::new() }
    }

    /// Adds the pages of a document.
    ///
    /// # Errors
    /// [`PrintError::MissingGlyph`] names character and slot.
    pub fn add(&mut self, document: &Document) -> Result<(), PrintError> {
        let written = self.written(document)?;
        self.pages.extend(written);
        Ok(())
    }

    /// Puts the pages of a document before all others: a cover that knows what follows.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn add_before(&mut self, document: &Document) -> Result<(), PrintError> {
        let written = self.written(document)?;
        self.pages.splice(..0, written);
        Ok(())
    }

    fn written(&mut self, document: &Document) -> Result<Vec<Written>, PrintError> {
        let mut written = Vec::new();
        for page in &document.pages {
            let operations = self.operations(page)?;
            let bytes = Content { operations }.encode().map_err(failed)?;
            let mut content = Stream::new(Dictionary::new(), bytes);
            content.compress().map_err(failed)?;
            written.push(Written { w: page.w, h: page.h, content });
        }
        Ok(written)
    }

    /// Pages so far.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// The file.
    ///
    /// # Errors
    /// When the build is damaged.
    pub fn finish(self) -> Result<Vec<u8>, PrintError> {
        let mut document = self.frame()?;
        let root =
            document.catalog().and_then(|catalog| catalog.get(b"Pages")).and_then(Object::as_reference);
        let root = root.map_err(failed)?;
        let model = document.page_iter().next().ok_or_else(|| failed("no page"))?;
        let mut dictionary = document.get_dictionary(model).map_err(failed)?.clone();
        let unused = dictionary.get(b"Contents").and_then(Object::as_reference).map_err(failed)?;
        document.delete_object(unused);
        document.delete_object(model);
        dictionary.remove(b"Annots");
        let mut kids = Vec::new();
        for written in self.pages {
            let edges: Vec<Object> = [0, 0, written.w, written.h].into_iter().map(number).collect();
            for edge in ["MediaBox", "TrimBox", "CropBox"] {
                dictionary.set(edge, edges.clone());
            }
            dictionary.set("Contents", document.add_object(written.content));
            kids.push(Object::Reference(document.add_object(dictionary.clone())));
        }
        let tree: ObjectId = root;
        let tree = document.get_dictionary_mut(tree).map_err(failed)?;
        tree.set("Count", i64::try_from(kids.len()).unwrap_or(i64::MAX));
        tree.set("Kids", kids);
        save(document)
    }

    /// Fonts, resources and information, with one page that uses every character and is replaced by the real ones.
    fn frame(&self) -> Result<lopdf::Document, PrintError> {
        let info = &self.info;
        let mut pdf = PdfDocument::new(&info.title);
        pdf.metadata.info.subject = info.subject.clone();
        pdf.metadata.info.creator = "xiangbao".to_owned();
        pdf.metadata.info.producer = "xiangbao".to_owned();
        let created = OffsetDateTime::from_unix_timestamp(info.created.timestamp()).map_err(failed)?;
        pdf.metadata.info.creation_date = created;
        pdf.metadata.info.modification_date = created;
        pdf.metadata.info.metadata_date = created;
        let mut ops = vec![Op::StartTextSection, Op::SetTextCursor { pos: Point { x: Pt(0.0), y: Pt(0.0) } }];
        for (font, glyphs) in &self.fonts {
            let bytes = face(*font)?.subset(glyphs)?;
            let mut parsed = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new())
                .ok_or_else(|| PrintError::Font("the subset cannot be read".to_owned()))?;
            // Six letters and a plus mark a subset (ISO 32000-1, 9.6.4).
            parsed.font_name = Some(format!("XIANGB+{}", name(*font)));
            pdf.resources.fonts.map.insert(id(*font), PdfFont::new(parsed));
            ops.push(Op::SetFont { font: PdfFontHandle::External(id(*font)), size: Pt(1.0) });
            ops.push(Op::ShowText { items: vec![TextItem::Text(glyphs.characters())] });
        }
        ops.push(Op::EndTextSection);
        pdf.pages.push(PdfPage::new(Mm(1.0), Mm(1.0), ops));
        let options = PdfSaveOptions { subset_fonts: false, ..PdfSaveOptions::default() };
        Ok(pdf.to_lopdf_document(&options, &mut Vec::new()))
    }

    /// What draws a page: lines and boxes, then filled boxes, then texts.
    fn operations(&mut self, page: &Page) -> Result<Vec<Operation>, PrintError> {
        let mut ops = Vec::new();
        let mut put = |name: &str, operands: Vec<Object>| ops.push(Operation::new(name, operands));
        let mut thickness = None;
        for item in &page.items {
            let width = match item {
                Item::Line { width, .. } | Item::Rect { width, .. } => *width,
                Item::Fill { .. } | Item::Text { .. } => continue,
            };
            if thickness.replace(width) != Some(width) {
                put("w", vec![number(width)]);
            }
            match *item {
                Item::Line { x1, y1, x2, y2, .. } => {
                    put("m", vec![number(x1), number(page.h - y1)]);
                    put("l", vec![number(x2), number(page.h - y2)]);
                }
                Item::Rect { x, y, w, h, .. } => put("re", corners(page, (x, y, w, h))),
                Item::Fill { .. } | Item::Text { .. } => {}
            }
            put("S", Vec::new());
        }
        let mut filled = false;
        for item in &page.items {
            if let Item::Fill { x, y, w, h } = *item {
                put("re", corners(page, (x, y, w, h)));
                filled = true;
            }
        }
        if filled {
            put("f", Vec::new());
        }
        put("BT", Vec::new());
        let mut set = None;
        for item in &page.items {
            let Item::Text { x, y, font, size, text, slot, .. } = item else { continue };
            if set.replace((*font, *size)) != Some((*font, *size)) {
                put("Tf", vec![Object::Name(name(*font).into()), number(*size)]);
            }
            let (one, none) = (Object::Integer(1), Object::Integer(0));
            let turn = [one.clone(), none.clone(), none, one];
            put("Tm", turn.into_iter().chain([number(*x), number(page.h - y)]).collect());
            let glyphs = self.fonts.entry(*font).or_default();
            let mut bytes = Vec::with_capacity(text.len());
            for character in text.chars() {
                let glyph = glyphs.glyph(face(*font)?, character).ok_or_else(|| {
                    let (code_point, slot) = (u32::from(character), slot.clone());
                    PrintError::MissingGlyph { character, code_point, slot }
                })?;
                bytes.extend(glyph.to_be_bytes());
            }
            put("Tj", vec![Object::String(bytes, StringFormat::Hexadecimal)]);
        }
        put("ET", Vec::new());
        Ok(ops)
    }
}

fn corners(page: &Page, (x, y, w, h): (i32, i32, i32, i32)) -> Vec<Object> {
    vec![number(x), number(page.h - y - h), number(w), number(h)]
}

fn name(font: Font) -> &'static str {
    match font {
        Font::Song => "Song",
        Font::Hei => "Hei",
    }
}

fn id(font: Font) -> FontId {
    FontId(name(font).to_owned())
}

fn failed(error: impl std::fmt::Display) -> PrintError {
    PrintError::Write(error.to_string())
}

/// Writes the file twice: the first writing gives the hash that replaces the random document id in the second.
fn save(mut document: lopdf::Document) -> Result<Vec<u8>, PrintError> {
    // The library always names the PDF/X version, empty as it is here, and readers then believe the file claims one.
    let information = document.trailer.get(b"Info").and_then(|info| info.as_reference());
    let information = information.and_then(|id| document.get_dictionary_mut(id)).map_err(failed)?;
    for key in ["GTS_PDFXVersion", "Identifier", "Keywords", "Author"] {
        information.remove(key.as_bytes());
    }
    document.compress();
    let mut hash = "0".repeat(32);
    let mut bytes = Vec::new();
    for _ in 0..2 {
        let ids = document.trailer.get_mut(b"ID").and_then(|ids| ids.as_array_mut());
        for id in ids.map_err(failed)? {
            let text = id.as_str_mut().map_err(failed)?;
            *text = hash.clone().into_bytes();
        }
        bytes.clear();
        document.save_to(&mut bytes).map_err(failed)?;
        hash.clear();
        for byte in Sha256::digest(&bytes).iter().take(16) {
            let _ = write!(hash, "{byte:02x}");
        }
    }
    Ok(bytes)
}

#[expect(
    clippy::float_arithmetic,
    reason = "the PDF library takes lengths as f32; thousandths of a point are exact"
)]
fn number(micrometres: i32) -> Object {
    let thousandths = (i64::from(micrometres) * 72_000 + 12_700).div_euclid(25_400);
    Object::Real(thousandths as f32 / 1_000.0)
}
