//! The question whether paper can show a character. The core asks it at entry; the fonts that answer belong to the
//! station.

/// Answers which characters the embedded fonts can print.
pub trait Glyphs {
    /// Whether a paper can show the character.
    fn has(&self, character: char) -> bool;
}

/// Fonts that can show everything: for tools and tests that print nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct EveryGlyph;

impl Glyphs for EveryGlyph {
    fn has(&self, _character: char) -> bool {
        true
    }
}
