//! Rare characters: entering one by its code point (`U+4DAE`), and writing one so that it can be told where a screen
//! has no glyph for it (`〔䶮 U+4DAE〕`). Knows characters only; whether paper can show one is asked elsewhere
//! (product: section 2.6; reference: section 6.6).

use std::borrow::Cow;

use super::text::{is_private_use, is_refused, narrow};

/// Digits of a code point, at least and at most.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=6;

/// Whether common systems are likely to show a box: Chinese characters outside the block of 1993 (extensions A to J,
/// compatibility forms, what was added to the first block later) and private-use characters.
pub fn is_rare(found: char) -> bool {
    let code = u32::from(found);
    is_private_use(found)
        || matches!(code, 0x3400..=0x4dbf | 0x9fa6..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

/// The text with each rare character named: `李〔䶮 U+4DAE〕`. Three to five times as wide: only for places with room.
pub fn with_rare_named(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_rare) {
        return Cow::Borrowed(text);
    }
    let mut named = String::with_capacity(text.len() + 16);
    for found in text.chars() {
        if is_rare(found) {
            named.push_str(&format!("〔{found} U+{:04X}〕", u32::from(found)));
        } else {
            named.push(found);
        }
    }
    Cow::Owned(named)
}

/// The text with every typed code point as its character: `李U+4DAE` is 李䶮.
///
/// `U+` and four to six hexadecimal digits give any character that a field accepts beyond ASCII. Without the plus
/// (`u4dae`) the digits must hold a figure, give a Chinese character and stand free of Latin letters, so that no Latin
/// name is taken for one. What gives no such character stays as it was typed. Full-width letters count as letters.
pub fn with_code_points(text: &str) -> Cow<'_, str> {
    if !text.contains(['U', 'u', '\u{ff35}', '\u{ff55}']) {
        return Cow::Borrowed(text);
    }
    let typed: Vec<char> = text.chars().collect();
    let plain: Vec<char> = narrow(text).chars().collect();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut entered) = (0, 0);
    while let Some(found) = typed.get(at) {
        let free = at == entered || plain.get(at - 1).is_none_or(|before| !before.is_ascii_alphanumeric());
        match plain.get(at..).filter(|_| free).and_then(code_point) {
            Some((character, length)) => {
                out.push(character);
                at += length;
                entered = at;
            }
            None => {
                out.push(*found);
                at += 1;
            }
        }
    }
    Cow::Owned(out)
}

/// The character that a text begins to name, and how many characters name it.
fn code_point(text: &[char]) -> Option<(char, usize)> {
    text.first().filter(|found| found.eq_ignore_ascii_case(&'u'))?;
    let head = if text.get(1) == Some(&'+') { 2 } else { 1 };
    let digits: String = text.get(head..)?.iter().take_while(|found| found.is_ascii_hexdigit()).collect();
    if !DIGITS.contains(&digits.len()) {
        return None;
    }
    let after = text.get(head + digits.len());
    let character = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)?;
    let fits = if head == 2 {
        !character.is_ascii() && !is_refused(character) && !character.is_whitespace()
    } else {
        let closed = after.is_none_or(|after| !after.is_ascii_alphanumeric());
        closed && digits.bytes().any(|byte| byte.is_ascii_digit()) && super::name::is_chinese(character)
    };
    fits.then_some((character, head + digits.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::identity::text::clean;

    /// product 2.6: the six test characters.
    #[test]
    fn a_character_is_entered_by_its_code_point() {
        for (typed, meant) in [
            ("李U+4DAE", "李䶮"),
            ("李u4dae", "李䶮"),
            ("U+4DAE小芳", "䶮小芳"),
            ("覃Ｕ＋３Ｆ０６", "覃㼆"),
            ("韦U+2CC56", "韦𬱖"),
            ("u5f67", "彧"),
            ("U+9814", "頔"),
            ("U+20BB7田", "𠮷田"),
            ("U+4DAEU+3F06", "䶮㼆"),
            ("韦u20bb7", "韦𠮷"),
            ("U+E863", "\u{e863}"),
            ("U+00B7", "·"),
        ] {
            assert_eq!(with_code_points(typed), meant, "{typed}");
        }
    }

    #[test]
    fn what_names_no_character_stays_as_typed() {
        for typed in [
            "覃小芳",
            "Ubeda",
            "Uface",
            "U+4D",
            "U+D800",
            "U+0041",
            "U+200B",
            "U+0020",
            "u4daez",
            "Lu4dae",
            "u1234",
            "U+FFFF",
            "U+1100000",
            "U",
            "",
            "路u路",
            "NGUYEN",
            "Ｕ",
        ] {
            assert_eq!(with_code_points(typed), typed);
        }
    }

    #[test]
    fn a_rare_character_is_named_where_there_is_room() {
        assert_eq!(with_rare_named("李䶮"), "李〔䶮 U+4DAE〕");
        assert_eq!(with_rare_named("𠮷"), "〔𠮷 U+20BB7〕");
        assert_eq!(with_rare_named("张\u{e863}"), "张〔\u{e863} U+E863〕");
        // Every GBK screen shows these (reference 6.6: the cases 頔 and 韡).
        for common in ["覃小芳", "頔", "彧", "韡", "咘", "买买提·艾力"] {
            assert!(matches!(with_rare_named(common), Cow::Borrowed(_)), "{common}");
        }
    }

    proptest! {
        #[test]
        fn every_chinese_character_can_be_entered(code in prop_oneof![0x3400_u32..0x4dc0, 0x4e00_u32..0x9fff, 0x2_0000_u32..0x3_3479], plus in any::<bool>()) {
            let character = char::from_u32(code).unwrap();
            let typed = if plus { format!("U+{code:04X}") } else { format!("韦u{code:x}") };
            let digits = format!("{code:x}").bytes().any(|byte| byte.is_ascii_digit());
            prop_assume!(plus || digits);
            let expected = if plus { character.to_string() } else { format!("韦{character}") };
            prop_assert_eq!(with_code_points(&typed), expected);
        }

        #[test]
        fn entering_adds_nothing_that_a_field_refuses(text in "[ uU+0-9a-fA-F一Ｕ]{0,24}") {
            let entered = with_code_points(&text);
            prop_assert!(clean(&entered).is_ok());
            prop_assert!(entered.chars().count() <= text.chars().count());
        }
    }
}
