//! What text may come in from a person: the door for typed and pasted text (reliability 9.2). Knows Unicode; must not
//! know fields.

use unicode_normalization::UnicodeNormalization;
use xiangbao_core::identity::text::is_refused;

/// Longest pasted block kept, in bytes.
pub const PASTE_CAP: usize = 32 * 1024;

/// May this character be typed or pasted into text? The core's one list decides, for every door alike.
pub fn allowed(c: char) -> bool {
    !is_refused(c)
}

/// One line of safe text: NFC, line ends and tabs become one space, what is not [`allowed`] is dropped.
pub fn clean_line(text: &str) -> String {
    text.trim_matches(['\r', '\n', '\t'])
        .replace("\r\n", "\n")
        .chars()
        .map(|c| if matches!(c, '\r' | '\n' | '\t') { ' ' } else { c })
        .filter(|c| allowed(*c))
        .nfc()
        .collect()
}

/// A pasted block after cleaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// Lines parted by `\n`, cells by `\t`, nothing else below U+0020.
    pub text: String,
    /// The block was longer than the cap and lost its end.
    pub cut: bool,
}

/// Cleans a pasted block and caps it at 32 KiB, at a character's border.
pub fn clean_paste(raw: &[u8]) -> Pasted {
    let cut = raw.len() > PASTE_CAP;
    let raw = raw.get(..PASTE_CAP).unwrap_or(raw);
    let valid = match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        // A character cut in two by the cap is not an error of the person.
        Err(e) if cut && e.error_len().is_none() => {
            String::from_utf8_lossy(raw.get(..e.valid_up_to()).unwrap_or_default()).into_owned()
        }
        Err(_) => String::from_utf8_lossy(raw).replace('\u{fffd}', "?"),
    };
    let text = valid
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || allowed(*c))
        .nfc()
        .collect();
    Pasted { text, cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paste_is_cleaned_and_capped_at_a_character() {
        let pasted = clean_paste("a\r\nb\u{1b}]52;c\u{7}\u{202e}e\u{301}".as_bytes());
        assert_eq!(pasted.text, "a\nb]52;c\u{e9}");
        let long = "\u{4f60}".repeat(20_000);
        let pasted = clean_paste(long.as_bytes());
        assert!(pasted.cut && pasted.text.len() <= PASTE_CAP && pasted.text.chars().all(|c| c == '\u{4f60}'));
    }

    #[test]
    fn one_line_has_no_line_end() {
        assert_eq!(clean_line("\u{8983}\u{67d0}\r\n\u{67d0}\t1\n"), "\u{8983}\u{67d0} \u{67d0} 1");
    }
}
