//! The page model as PDF: same pages and information, same bytes. Each font is embedded once, with the glyphs of the
//! document only. No clock, no links, no actions, no attachments. Knows no template and no case.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset};
use printpdf::{
    FontId, Line, LinePoint, Mm, OffsetDateTime, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle,
    PdfPage, PdfSaveOptions, Point, Pt, TextItem, TextMatrix,
};
use sha2::{Digest, Sha256};
use xiangbao_core::print::{Document, Font, Item, Page};

use super::fonts::face;

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
    render_all(&[document], info)
}

/// Several documents in one PDF, sharing the embedded fonts: for printing many of one kind.
///
/// # Errors
/// As [`render`].
pub fn render_all(documents: &[&Document], info: &PdfInfo) -> Result<Vec<u8>, PrintError> {
    let pages: Vec<&Page> = documents.iter().flat_map(|document| &document.pages).collect();
    let mut pdf = PdfDocument::new(&info.title);
    pdf.metadata.info.subject = info.subject.clone();
    pdf.metadata.info.creator = "xiangbao".to_owned();
    pdf.metadata.info.producer = "xiangbao".to_owned();
    let created = OffsetDateTime::from_unix_timestamp(info.created.timestamp()).map_err(failed)?;
    pdf.metadata.info.creation_date = created;
    pdf.metadata.info.modification_date = created;
    pdf.metadata.info.metadata_date = created;
    for (font, characters) in characters(&pages)? {
        let bytes = face(font)?.subset(&characters)?;
        let mut parsed = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new())
            .ok_or_else(|| PrintError::Font("the subset cannot be read".to_owned()))?;
        // Six letters and a plus mark a subset (ISO 32000-1, 9.6.4).
        parsed.font_name = Some(format!("XIANGB+{}", name(font)));
        pdf.resources.fonts.map.insert(id(font), PdfFont::new(parsed));
    }
    pdf.pages = pages.into_iter().map(page).collect();
    save(&pdf)
}

/// The characters of each font, after checking that the font has them.
fn characters(pages: &[&Page]) -> Result<BTreeMap<Font, BTreeSet<char>>, PrintError> {
    let mut used: BTreeMap<Font, BTreeSet<char>> = BTreeMap::new();
    for item in pages.iter().flat_map(|page| &page.items) {
        let Item::Text { font, text, slot, .. } = item else { continue };
        let face = face(*font)?;
        if let Some(character) = text.chars().find(|c| !face.has(*c)) {
            let code_point = u32::from(character);
            return Err(PrintError::MissingGlyph { character, code_point, slot: slot.clone() });
        }
        used.entry(*font).or_default().extend(text.chars());
    }
    Ok(used)
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
fn save(pdf: &PdfDocument) -> Result<Vec<u8>, PrintError> {
    let options = PdfSaveOptions { subset_fonts: false, ..PdfSaveOptions::default() };
    let mut document = pdf.to_lopdf_document(&options, &mut Vec::new());
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

fn page(page: &Page) -> PdfPage {
    let mut ops = Vec::new();
    let mut thickness = None;
    for item in &page.items {
        let (points, width, is_closed) = match *item {
            Item::Line { x1, y1, x2, y2, width } => (vec![(x1, y1), (x2, y2)], width, false),
            Item::Rect { x, y, w, h, width } => {
                (vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h)], width, true)
            }
            Item::Text { .. } => continue,
        };
        if thickness.replace(width) != Some(width) {
            ops.push(Op::SetOutlineThickness { pt: points_of(width) });
        }
        let points = points
            .into_iter()
            .map(|(x, y)| LinePoint { p: Point { x: points_of(x), y: points_of(page.h - y) }, bezier: false })
            .collect();
        ops.push(Op::DrawLine { line: Line { points, is_closed } });
    }
    ops.push(Op::StartTextSection);
    let mut set = None;
    for item in &page.items {
        let Item::Text { x, y, font, size, text, .. } = item else { continue };
        if set.replace((*font, *size)) != Some((*font, *size)) {
            ops.push(Op::SetFont { font: PdfFontHandle::External(id(*font)), size: points_of(*size) });
        }
        let matrix = TextMatrix::Translate(points_of(*x), points_of(page.h - y));
        ops.push(Op::SetTextMatrix { matrix });
        ops.push(Op::ShowText { items: vec![TextItem::Text(text.clone())] });
    }
    ops.push(Op::EndTextSection);
    PdfPage::new(millimetres(page.w), millimetres(page.h), ops)
}

#[expect(
    clippy::float_arithmetic,
    reason = "the PDF library takes lengths as f32; thousandths of a point are exact"
)]
fn points_of(micrometres: i32) -> Pt {
    let thousandths = (i64::from(micrometres) * 72_000 + 12_700) / 25_400;
    Pt(thousandths as f32 / 1_000.0)
}

#[expect(clippy::float_arithmetic, reason = "the PDF library takes the size of the paper as f32")]
fn millimetres(micrometres: i32) -> Mm {
    Mm(micrometres as f32 / 1_000.0)
}
