//! A view of a font in which only some characters are mapped. The subsetter walks the whole character map of a font
//! and searches each of its 30,000 entries among the wanted glyphs; with this view it walks only what is wanted, which
//! is most of a page's time. Knows the `cmap` table's format 12, and nothing else.

use std::borrow::Cow;

use allsorts::error::ParseError;
use allsorts::tables::FontTableProvider;
use allsorts::tag;

/// The tables of a font, with a character map of its own.
pub(super) struct Narrow<P> {
    tables: P,
    cmap: Vec<u8>,
}

impl<P> Narrow<P> {
    /// `mappings` are (character, glyph) in ascending order of the characters.
    pub(super) fn new(tables: P, mappings: &[(char, u16)]) -> Self {
        let groups = u32::try_from(mappings.len()).unwrap_or_default();
        let mut cmap = Vec::with_capacity(28 + mappings.len() * 12);
        // Version 0, one encoding record: Windows, full Unicode, at offset 12.
        for half in [0_u16, 1, 3, 10] {
            cmap.extend(half.to_be_bytes());
        }
        cmap.extend(12_u32.to_be_bytes());
        // Format 12, reserved; length, language, number of groups; then one group for each character.
        for half in [12_u16, 0] {
            cmap.extend(half.to_be_bytes());
        }
        for word in [16 + 12 * groups, 0, groups] {
            cmap.extend(word.to_be_bytes());
        }
        for (character, glyph) in mappings {
            for word in [u32::from(*character), u32::from(*character), u32::from(*glyph)] {
                cmap.extend(word.to_be_bytes());
            }
        }
        Self { tables, cmap }
    }
}

impl<P: FontTableProvider> FontTableProvider for Narrow<P> {
    fn table_data(&self, tag: u32) -> Result<Option<Cow<'_, [u8]>>, ParseError> {
        if tag == tag::CMAP { Ok(Some(Cow::Borrowed(&self.cmap))) } else { self.tables.table_data(tag) }
    }

    fn has_table(&self, tag: u32) -> bool {
        self.tables.has_table(tag)
    }

    fn table_tags(&self) -> Option<Vec<u32>> {
        self.tables.table_tags()
    }
}
