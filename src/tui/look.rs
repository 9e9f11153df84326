//! How this session looks on this terminal: palette and glyph set, measured, never guessed. Knows which characters
//! terminals disagree about; must not know screens.

use unicode_width::UnicodeWidthChar;

use crate::tui::theme::Theme;

/// Which glyphs may be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyphs {
    /// Characters of ambiguous width are unsafe or unknown: ASCII lines, data is transliterated.
    Ascii,
    /// A clean probe: ambiguous characters take one cell.
    Line,
}

/// Palette and glyphs for one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Styles by meaning.
    pub theme: Theme,
    /// Glyph set.
    pub glyphs: Glyphs,
}

impl Glyphs {
    /// A horizontal rule.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Ascii => "-",
            Self::Line => "\u{2500}",
        }
    }

    /// A vertical rule.
    pub fn bar(self) -> &'static str {
        match self {
            Self::Ascii => "|",
            Self::Line => "\u{2502}",
        }
    }

    /// Corners of a box: top left, top right, bottom left, bottom right.
    pub fn corners(self) -> [&'static str; 4] {
        match self {
            Self::Ascii => ["+", "+", "+", "+"],
            Self::Line => ["\u{250c}", "\u{2510}", "\u{2514}", "\u{2518}"],
        }
    }

    /// The mark of text cut at the end of its room.
    pub fn cut(self) -> &'static str {
        match self {
            Self::Ascii => "~",
            Self::Line => "\u{2026}",
        }
    }

    /// Done and still to do, in a progress bar.
    pub fn progress(self) -> (&'static str, &'static str) {
        match self {
            Self::Ascii => ("#", "."),
            Self::Line => ("\u{2588}", "\u{2500}"),
        }
    }
}

/// Is the character one that some terminals draw in one cell and others in two? Class A of the Unicode table of East
/// Asian widths. `unicode-width` counts letters of that class as narrow, Chinese terminals do not, so they stand here.
pub fn ambiguous(c: char) -> bool {
    if c.is_ascii() || c.width() != Some(1) {
        return false;
    }
    c.width_cjk() == Some(2)
        || matches!(c,
            '\u{391}'..='\u{3a9}' | '\u{3b1}'..='\u{3c9}' | '\u{401}' | '\u{410}'..='\u{44f}' | '\u{451}')
        || plain_letter(c).is_some()
}

/// The ASCII letter under the tone or accent of a Latin letter of class A (those of pinyin and their neighbours).
fn plain_letter(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{e0}' | '\u{e1}' | '\u{e6}' | '\u{101}' | '\u{1ce}' | '\u{251}' => "a",
        '\u{e8}'..='\u{ea}' | '\u{113}' | '\u{11b}' => "e",
        '\u{ec}' | '\u{ed}' | '\u{12b}' | '\u{131}' | '\u{1d0}' => "i",
        '\u{f2}' | '\u{f3}' | '\u{f8}' | '\u{14d}' | '\u{1d2}' => "o",
        '\u{f9}' | '\u{fa}' | '\u{16b}' | '\u{1d4}' => "u",
        '\u{fc}' | '\u{1d6}' | '\u{1d8}' | '\u{1da}' | '\u{1dc}' => "v",
        '\u{144}' | '\u{148}' => "n",
        '\u{261}' => "g",
        _ => return None,
    })
}

/// An ASCII spelling of a character of ambiguous width, for terminals where it is unsafe. `None`: leave it alone.
pub fn ascii_spelling(c: char) -> Option<&'static str> {
    if !ambiguous(c) {
        return None;
    }
    if let Some(letter) = plain_letter(c) {
        return Some(letter);
    }
    Some(match c {
        '\u{b7}' | '\u{2022}' | '\u{2027}' => ".",
        '\u{2026}' => "...",
        '\u{2013}' | '\u{2014}' | '\u{2015}' | '\u{2500}' | '\u{2501}' | '\u{2010}' => "-",
        '\u{2502}' | '\u{2503}' => "|",
        '\u{2504}'..='\u{257f}' => "+",
        '\u{2190}' => "<-",
        '\u{2192}' => "->",
        '\u{2191}' => "^",
        '\u{2193}' => "v",
        '\u{201c}' | '\u{201d}' => "\"",
        '\u{2018}' | '\u{2019}' => "'",
        '\u{d7}' => "x",
        '\u{f7}' => "/",
        '\u{b1}' => "+-",
        '\u{b0}' => "deg",
        '\u{2103}' => "degC",
        '\u{2264}' | '\u{2266}' => "<=",
        '\u{2265}' | '\u{2267}' => ">=",
        '\u{2260}' => "!=",
        '\u{2116}' => "No",
        '\u{2030}' => "0/00",
        '\u{25a0}' | '\u{25c6}' | '\u{25cf}' | '\u{2588}' => "#",
        '\u{25a1}' | '\u{25c7}' | '\u{25cb}' => "o",
        '\u{2605}' | '\u{2606}' | '\u{203b}' => "*",
        '\u{3b1}' => "alpha",
        '\u{3b2}' => "beta",
        '\u{3b3}' => "gamma",
        '\u{3b4}' => "delta",
        '\u{3bc}' => "u",
        '\u{2160}' => "I",
        '\u{2161}' => "II",
        '\u{2162}' => "III",
        '\u{2163}' => "IV",
        '\u{2164}' => "V",
        '\u{2165}' => "VI",
        '\u{2166}' => "VII",
        '\u{2167}' => "VIII",
        '\u{2168}' => "IX",
        '\u{2169}' => "X",
        '\u{2460}' => "(1)",
        '\u{2461}' => "(2)",
        '\u{2462}' => "(3)",
        '\u{2463}' => "(4)",
        '\u{2464}' => "(5)",
        '\u{2465}' => "(6)",
        '\u{2466}' => "(7)",
        '\u{2467}' => "(8)",
        '\u{2468}' => "(9)",
        '\u{2469}' => "(10)",
        _ => "?",
    })
}
