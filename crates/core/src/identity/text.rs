//! The normaliser at every door: what text from keys, files and peers may hold, and how the rest is shown.
//!
//! Knows characters only; names, codes and certificates are judged by their own modules (reliability: section
//! 9.2).

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A text holds a character that no field accepts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("character {at} is U+{:04X}, which no field accepts", u32::from(*.found))]
pub struct TextError {
    /// The character.
    pub found: char,
    /// Its place, from one.
    pub at: usize,
}

impl TextError {
    /// What is wrong and what to do, for the screen.
    pub fn zh(&self) -> String {
        format!("第{}个字符不可用（{}），请删去后重新录入。", self.at, marker(self.found))
    }

    /// A stable short code for findings and tests.
    pub fn code(&self) -> &'static str {
        "TEXT-CHARACTER"
    }
}

/// One line of text in composed form (NFC) and without white space at its ends; refuses control characters,
/// line and paragraph separators, bidirectional controls, invisible format characters and noncharacters.
pub fn clean(text: &str) -> Result<String, TextError> {
    check(text, false)?;
    Ok(compose(text).trim().to_owned())
}

/// Several lines: as [`clean`], but line feeds stay. A carriage return before a line feed is dropped.
pub fn clean_lines(text: &str) -> Result<String, TextError> {
    let text = text.replace("\r\n", "\n");
    check(&text, true)?;
    Ok(compose(&text).trim().to_owned())
}

/// Codes, numbers and amounts: as [`clean`], then full-width forms become ASCII and white space goes.
///
/// Chinese input methods stay in full-width mode unseen, and spreadsheets pad numbers with spaces.
pub fn clean_code(text: &str) -> Result<String, TextError> {
    Ok(narrow(&clean(text)?).chars().filter(|found| !found.is_whitespace()).collect())
}

/// Full-width ASCII (`！`..`～`) and the ideographic space as their ASCII forms; everything else stays.
pub fn narrow(text: &str) -> String {
    text.chars()
        .map(|found| match found {
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(found) - 0xfee0).unwrap_or(found),
            _ => found,
        })
        .collect()
}

/// The text with every refused character as a visible marker, for screens, logs and error texts; borrowed
/// when there is nothing to replace. Never drops a character.
pub fn display_safe(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_refused) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for found in text.chars() {
        if is_refused(found) {
            safe.push_str(&marker(found));
        } else {
            safe.push(found);
        }
    }
    Cow::Owned(safe)
}

/// Whether the character is of private use: allowed, but systems disagree about what it shows.
pub fn is_private_use(found: char) -> bool {
    matches!(u32::from(found), 0xe000..=0xf8ff | 0xf_0000..=0xf_fffd | 0x10_0000..=0x10_fffd)
}

/// Whether no field accepts the character: C0, C1, DEL, separators, bidirectional controls, invisible format
/// characters, noncharacters.
pub fn is_refused(found: char) -> bool {
    let code = u32::from(found);
    let invisible = matches!(code,
        0xad | 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
        | 0xfeff | 0xfff9..=0xfffb | 0xe_0000..=0xe_007f);
    let noncharacter = matches!(code, 0xfdd0..=0xfdef) || code & 0xfffe == 0xfffe;
    found.is_control() || invisible || noncharacter
}

/// The first refused character is an error.
fn check(text: &str, lines: bool) -> Result<(), TextError> {
    let refused = |found: char| is_refused(found) && !(lines && found == '\n');
    match text.chars().enumerate().find(|(_, found)| refused(*found)) {
        Some((index, found)) => Err(TextError { found, at: index + 1 }),
        None => Ok(()),
    }
}

/// Composed form, without work where the text is composed already.
fn compose(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// A visible stand-in: control pictures where they exist, else the code point in brackets.
fn marker(found: char) -> String {
    match u32::from(found) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('?').to_string(),
        0x7f => '␡'.to_string(),
        code => format!("〔U+{code:04X}〕"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refused_characters_are_named_with_their_place() {
        for (text, at) in [
            ("a\u{1b}]52;c;x", 2),
            ("\u{0}", 1),
            ("张\u{7f}", 2),
            ("张\u{9b}31m", 2),
            ("张\u{2028}三", 2),
            ("\u{202e}txt", 1),
            ("张\u{2067}", 2),
            ("a\u{fffe}", 2),
            ("a\u{1ffff}", 2),
            ("a\u{fdd0}", 2),
            ("45\u{200b}14", 3),
            ("a\nb", 2),
            ("a\tb", 2),
        ] {
            assert_eq!(clean(text).unwrap_err().at, at, "{text:?}");
        }
        assert_eq!(clean("张\u{1b}").unwrap_err().zh(), "第2个字符不可用（␛），请删去后重新录入。");
    }

    #[test]
    fn rare_and_private_characters_pass() {
        for text in ["䶮", "㼆", "𬱖", "彧", "頔", "𠮷", "咘村", "\u{e000}", "葛\u{e0100}"] {
            assert_eq!(clean(text).as_deref(), Ok(text));
        }
        assert!(is_private_use('\u{e863}'));
        assert!(!is_private_use('䶮'));
    }

    #[test]
    fn text_is_composed_and_codes_are_narrowed() {
        assert_eq!(clean(" e\u{301} ").unwrap(), "é");
        assert_eq!(clean_code("　４５１４ ２４\u{a0}ｘ").unwrap(), "451424x");
        assert_eq!(narrow("（Ａ）～桃"), "(A)~桃");
        assert_eq!(clean_lines("一\r\n二\n").unwrap(), "一\n二");
    }

    #[test]
    fn whatever_is_refused_is_shown() {
        assert_eq!(display_safe("桃城镇"), Cow::Borrowed("桃城镇"));
        assert_eq!(display_safe("a\u{1b}[31m\u{7f}\u{202e}\n"), "a␛[31m␡〔U+202E〕␊");
    }

    proptest! {
        #[test]
        fn cleaned_text_is_stable_and_safe(text in any::<String>()) {
            prop_assert!(!display_safe(&text).chars().any(is_refused));
            if let Ok(cleaned) = clean(&text) {
                prop_assert_eq!(clean(&cleaned), Ok(cleaned.clone()));
                prop_assert!(matches!(display_safe(&cleaned), Cow::Borrowed(_)));
            }
        }
    }
}
