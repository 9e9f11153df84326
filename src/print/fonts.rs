//! The embedded fonts: which glyph a character has, how wide it is, and a font file with only the glyphs of one
//! document. Each font is read once per process. Knows no page and no PDF.

use std::collections::HashMap;
use std::sync::OnceLock;

use allsorts::binary::read::ReadScope;
use allsorts::font::read_cmap_subtable;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use allsorts::tables::cmap::Cmap;
use allsorts::tables::{FontTableProvider, HeadTable, HheaTable, HmtxTable, MaxpTable};
use allsorts::tag;
use xiangbao_core::form::Glyphs;
use xiangbao_core::print::{Font, Metrics};

use super::narrow::Narrow;
use super::pdf::PrintError;

/// 宋体: every character of the upstream font (`print-templates/fonts/README.md`).
const SONG: &str = "fonts/song.ttf";
/// 黑体: GB 2312, Latin and punctuation.
const HEI: &str = "fonts/hei.ttf";

/// One embedded font, read.
pub(super) struct Face {
    bytes: &'static [u8],
    units_per_em: i32,
    /// Glyph and advance by code point, sorted by code point.
    glyphs: Vec<(u32, u16, u16)>,
}

impl Face {
    fn glyph(&self, character: char) -> Option<(u16, u16)> {
        let code = u32::from(character);
        let index = self.glyphs.binary_search_by_key(&code, |glyph| glyph.0).ok()?;
        self.glyphs.get(index).map(|(_, glyph, advance)| (*glyph, *advance))
    }

    /// A font file with the collected glyphs only, numbered in the order in which they were met.
    ///
    /// # Errors
    /// [`PrintError::Font`] when the embedded font cannot be read: a fault of the build, not of the data.
    pub(super) fn subset(&self, used: &UsedGlyphs) -> Result<Vec<u8>, PrintError> {
        let mut mappings: Vec<(char, u16)> =
            used.met.iter().filter_map(|c| Some((*c, self.glyph(*c)?.0))).collect();
        mappings.sort_unstable();
        let glyphs: Vec<u16> = std::iter::once(0).chain(used.order.iter().copied()).collect();
        let file = ReadScope::new(self.bytes).read::<FontData<'_>>().map_err(broken)?;
        let provider = Narrow::new(file.table_provider(0).map_err(broken)?, &mappings);
        subset(&provider, &glyphs, &SubsetProfile::Minimal, CmapTarget::Unicode).map_err(broken)
    }
}

/// The glyphs of one font that a document uses, numbered from 1 as they are met: pages can be written before it is
/// known which glyphs come later.
#[derive(Default)]
pub(super) struct UsedGlyphs {
    /// Glyphs of the embedded font in the order of their new numbers.
    order: Vec<u16>,
    /// New number by glyph of the embedded font.
    numbers: HashMap<u16, u16>,
    /// Characters in the order in which they were met.
    met: Vec<char>,
    /// New number by character.
    known: HashMap<char, u16>,
}

impl UsedGlyphs {
    /// The new number of a character's glyph; `None` when the font lacks the character.
    pub(super) fn glyph(&mut self, face: &Face, character: char) -> Option<u16> {
        if let Some(number) = self.known.get(&character) {
            return Some(*number);
        }
        let (glyph, _) = face.glyph(character)?;
        let next = u16::try_from(self.order.len() + 1).ok()?;
        let number = *self.numbers.entry(glyph).or_insert(next);
        if number == next {
            self.order.push(glyph);
        }
        self.met.push(character);
        self.known.insert(character, number);
        Some(number)
    }

    /// All characters met.
    pub(super) fn characters(&self) -> String {
        self.met.iter().collect()
    }
}

fn broken(error: impl std::fmt::Display) -> PrintError {
    PrintError::Font(error.to_string())
}

fn read(bytes: &'static [u8]) -> Result<Face, PrintError> {
    let file = ReadScope::new(bytes).read::<FontData<'_>>().map_err(broken)?;
    let provider = file.table_provider(0).map_err(broken)?;
    let table = |tag| provider.read_table_data(tag).map_err(broken);
    let (head, maxp, hhea) = (table(tag::HEAD)?, table(tag::MAXP)?, table(tag::HHEA)?);
    let head = ReadScope::new(&head).read::<HeadTable>().map_err(broken)?;
    let maxp = ReadScope::new(&maxp).read::<MaxpTable>().map_err(broken)?;
    let hhea = ReadScope::new(&hhea).read::<HheaTable>().map_err(broken)?;
    let (hmtx, cmap) = (table(tag::HMTX)?, table(tag::CMAP)?);
    let counts = (usize::from(maxp.num_glyphs), usize::from(hhea.num_h_metrics));
    let hmtx = ReadScope::new(&hmtx).read_dep::<HmtxTable<'_>>(counts).map_err(broken)?;
    let cmap = ReadScope::new(&cmap).read::<Cmap<'_>>().map_err(broken)?;
    let (_, subtable) = read_cmap_subtable(&cmap)
        .map_err(broken)?
        .ok_or_else(|| PrintError::Font("no Unicode character map".to_owned()))?;
    let mut glyphs = Vec::new();
    let advance = |glyph| hmtx.horizontal_advance(glyph).unwrap_or(head.units_per_em);
    subtable.mappings_fn(|code, glyph| glyphs.push((code, glyph, advance(glyph)))).map_err(broken)?;
    glyphs.retain(|(_, glyph, _)| *glyph != 0);
    glyphs.sort_unstable();
    glyphs.dedup_by_key(|glyph| glyph.0);
    Ok(Face { bytes, units_per_em: i32::from(head.units_per_em), glyphs })
}

/// The font, read at its first use.
///
/// # Errors
/// [`PrintError::Font`] when the embedded font cannot be read.
pub(super) fn face(font: Font) -> Result<&'static Face, PrintError> {
    static FACES: [OnceLock<Result<Face, PrintError>>; 2] = [const { OnceLock::new() }; 2];
    let [song, hei] = &FACES;
    let (cell, name) = match font {
        Font::Song => (song, SONG),
        Font::Hei => (hei, HEI),
    };
    let open = || match super::TEMPLATES.get_file(name) {
        Some(file) => read(file.contents()),
        None => Err(PrintError::Font(format!("{name} is not built in"))),
    };
    cell.get_or_init(open).as_ref().map_err(Clone::clone)
}

struct Embedded;

impl Metrics for Embedded {
    fn units_per_em(&self, font: Font) -> i32 {
        face(font).map_or(1_000, |face| face.units_per_em)
    }

    fn advance(&self, font: Font, character: char) -> Option<i32> {
        face(font).ok()?.glyph(character).map(|(_, advance)| i32::from(advance))
    }
}

/// The widths of the embedded fonts, for the layout.
pub fn metrics() -> &'static dyn Metrics {
    &Embedded
}

impl Glyphs for Embedded {
    /// What Hei lacks is set in Song, so Song alone decides. A font that cannot be read is no fault of the text: the
    /// print says it.
    fn has(&self, character: char) -> bool {
        face(Font::Song).map_or(true, |face| face.glyph(character).is_some())
    }
}

/// Which characters a paper can show, for the check at entry.
pub fn glyphs() -> &'static dyn Glyphs {
    &Embedded
}
