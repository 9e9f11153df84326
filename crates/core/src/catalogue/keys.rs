//! The pinyin initials of an item's name: what an office writes as 拼音码 in its catalogues. Knows readings; must not
//! know items.

use crate::identity::pinyin::label_sounds;

/// Most ways to read one name that are kept.
const MAX_WAYS: usize = 8;
/// Most letters of one key.
const MAX_LETTERS: usize = 40;

/// Initials of the name in each way to read it, best first, separated by spaces: 丹参滴丸 is `dcdw dsdw`. Characters
/// without reading are left out; empty for a name that has none.
pub(super) fn initials(name: &str) -> String {
    let mut ways: Vec<String> = vec![String::new()];
    for sound in label_sounds(name).iter().take(MAX_LETTERS) {
        let mut letters: Vec<char> =
            sound.readings.iter().filter_map(|reading| reading.chars().next()).collect();
        letters.dedup();
        if letters.is_empty() {
            continue;
        }
        let longer = letters.iter().flat_map(|letter| ways.iter().map(move |way| format!("{way}{letter}")));
        let longer: Vec<String> = longer.take(MAX_WAYS).collect();
        ways = longer;
    }
    let mut kept: Vec<String> = Vec::new();
    for way in ways.into_iter().filter(|way| !way.is_empty()) {
        if !kept.contains(&way) {
            kept.push(way);
        }
    }
    kept.join(" ")
}
