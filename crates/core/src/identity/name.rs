//! Names of persons as they are stored (reference: section 6.6; form field `psn_name`).
//!
//! Rare characters of every plane pass; what was lost on the way (`?`, boxes) is refused, what other systems
//! show otherwise is noted.

use super::Note;
use super::error::{IdentityError, Problem};
use super::rare::with_code_points;
use super::text::{clean, is_private_use};

/// Longest name, in characters (`psn_name` of the interface).
const MAX_CHARACTERS: usize = 50;

/// The middle dot of minority and foreign names, U+00B7.
const DOT: char = '·';

/// A name as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Composed, one middle dot form, no spaces between Chinese characters.
    pub normal: String,
    /// What the clerk should look at.
    pub notes: Vec<Note>,
}

/// Judges and normalises a name: Chinese characters and other letters, the middle dot in any of its forms
/// (stored as U+00B7), apostrophe and hyphen in Latin names; no digits, no other signs, at most 50
/// characters. A character may be typed by its code point (`U+4DAE`, see [`with_code_points`]).
pub fn check_name(text: &str) -> Result<Name, IdentityError> {
    let text = clean(&with_code_points(&clean(text)?))?;
    if text.is_empty() {
        return Err(Problem::Empty.into());
    }
    // A stop may come to stand beside a character only when the blank between them is gone.
    let normal = one_spacing(&one_dot(&one_spacing(&text)));
    let found = normal.chars().count();
    if found > MAX_CHARACTERS {
        return Err(Problem::Length { found, expected: "50字以内" }.into());
    }
    let latin = normal.chars().any(|found| found.is_ascii_alphabetic());
    for found in normal.chars() {
        judge(found, latin)?;
    }
    if normal.starts_with(DOT) || normal.ends_with(DOT) || normal.contains("··") {
        return Err(Problem::MiddleDot.into());
    }
    let private = normal.chars().find(|found| is_private_use(*found)).map(Note::PrivateUse);
    let mixed = latin && normal.chars().any(is_chinese);
    let notes = private.into_iter().chain(mixed.then_some(Note::LatinInName)).collect();
    Ok(Name { normal, notes })
}

/// Whether a name stands for a newborn who has none yet: 覃小芳之子, 覃小芳之女. Such a person is enrolled by the birth
/// certificate (003 A7, A26; type 990201) and gets name and ID number by a change later.
pub fn is_newborn_name(name: &str) -> bool {
    let parent = ["之子", "之女", "之婴"].into_iter().find_map(|end| name.strip_suffix(end));
    parent.is_some_and(|parent| parent.chars().count() >= 2)
}

/// One character of a name.
fn judge(found: char, latin: bool) -> Result<(), IdentityError> {
    let lost = matches!(found, '?' | '？' | '\u{fffd}' | '□' | '〓' | '■' | '▯' | '☐');
    let variation = matches!(u32::from(found), 0xfe00..=0xfe0f | 0xe_0100..=0xe_01ef);
    let latin_sign = latin && matches!(found, ' ' | '\'' | '’' | '-' | '.' | ',');
    let iteration = matches!(found, '々' | '〇');
    if lost {
        return Err(Problem::LostCharacter(found).into());
    }
    let passes = found == DOT || variation || iteration || latin_sign || is_private_use(found);
    let letter = found.is_alphabetic() && !found.is_numeric();
    if passes || letter || is_chinese(found) { Ok(()) } else { Err(Problem::NameCharacter(found).into()) }
}

/// Every form of the middle dot as U+00B7. The full stop is one only next to a Chinese character.
fn one_dot(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let chinese_at = |index: Option<usize>| {
        index.and_then(|index| characters.get(index)).is_some_and(|found| is_chinese(*found))
    };
    let dotted = characters.iter().enumerate().map(|(index, found)| match found {
        '・' | '•' | '．' | '‧' | '･' | '∙' | '⋅' | '●' | '\u{387}' => DOT,
        '.' if chinese_at(index.checked_sub(1)) || chinese_at(Some(index + 1)) => DOT,
        other => *other,
    });
    dotted.collect()
}

/// No spaces beside Chinese characters and dots (two-character names are often padded), single ones
/// elsewhere.
fn one_spacing(text: &str) -> String {
    let close = |found: char| is_chinese(found) || found == DOT;
    let mut normal = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let joins = normal.chars().next_back().is_some_and(close) || word.chars().next().is_some_and(close);
        if !normal.is_empty() && !joins {
            normal.push(' ');
        }
        normal.push_str(word);
    }
    normal
}

/// Unified ideographs of all planes, with the compatibility block.
pub(super) fn is_chinese(found: char) -> bool {
    matches!(u32::from(found), 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        check_name(text).unwrap().normal
    }

    #[test]
    fn names_get_one_form() {
        for (text, expected) in [
            ("覃小芳", "覃小芳"),
            ("  韦　明 ", "韦明"),
            ("韦 明", "韦明"),
            ("古丽.买买提", "古丽·买买提"),
            ("古丽 . 买买提", "古丽·买买提"),
            ("古丽.买买提", "古丽·买买提"),
            ("古丽 . 买买提", "古丽·买买提"),
            ("古丽.买买提", "古丽·买买提"),
            ("古丽 . 买买提", "古丽·买买提"),
            ("古丽.买买提", "古丽·买买提"),
            ("古丽 . 买买提", "古丽·买买提"),
            ("古丽 · 买买提", "古丽·买买提"),
            ("古丽.买买提", "古丽·买买提"),
            ("古丽 . 买买提", "古丽·买买提"),
            ("NGUYEN  VAN AN", "NGUYEN VAN AN"),
            ("Jean-Luc O'Neil Jr.", "Jean-Luc O'Neil Jr."),
            ("李䶮", "李䶮"),
            ("韦𬱖", "韦𬱖"),
            ("𠮷", "𠮷"),
            ("李U+4DAE", "李䶮"),
            ("覃小芳之女", "覃小芳之女"),
        ] {
            assert_eq!(normal(text), expected, "{text}");
            assert!(check_name(text).unwrap().notes.is_empty(), "{text}");
        }
    }

    #[test]
    fn wrong_names_are_refused_by_kind() {
        for (text, code) in [
            ("", "ID-EMPTY"),
            ("张3", "NAME-CHARACTER"),
            ("张３", "NAME-CHARACTER"),
            ("张(三)", "NAME-CHARACTER"),
            ("张-三", "NAME-CHARACTER"),
            ("张?", "NAME-LOST"),
            ("张\u{fffd}", "NAME-LOST"),
            ("张□", "NAME-LOST"),
            ("·张", "NAME-DOT"),
            ("古丽··买提", "NAME-DOT"),
            ("古丽·", "NAME-DOT"),
            ("张\u{1b}三", "TEXT-CHARACTER"),
        ] {
            assert_eq!(check_name(text).map_err(|error| error.code()), Err(code), "{text:?}");
        }
        assert_eq!(check_name(&"长".repeat(51)).unwrap_err().code(), "ID-LENGTH");
    }

    /// 003 A7, A26: a newborn is enrolled before it has a name.
    #[test]
    fn a_newborn_without_a_name_is_recognised() {
        for (name, newborn) in [
            ("覃小芳之女", true),
            ("韦明之子", true),
            ("韦明之婴", true),
            ("王之子", false),
            ("之子", false),
            ("覃小芳", false),
        ] {
            assert_eq!(is_newborn_name(name), newborn, "{name}");
        }
    }

    #[test]
    fn what_other_systems_show_otherwise_is_noted() {
        assert_eq!(check_name("张\u{e863}").unwrap().notes, [Note::PrivateUse('\u{e863}')]);
        assert_eq!(check_name("张YAN").unwrap().notes, [Note::LatinInName]);
    }
}
