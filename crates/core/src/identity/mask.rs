//! What of a personal number may be shown on screens and papers that do not need all of it.
//!
//! Works on any text, also on wrong ones: it never shows more than its rule, whatever the length.

/// A certificate number with its last four characters: `**************123X`.
pub fn masked_certno(text: &str) -> String {
    masked(text, 0, 4)
}

/// A telephone number with the first three and the last four characters: `138****5678`.
pub fn masked_phone(text: &str) -> String {
    masked(text, 3, 4)
}

/// A bank account with its last four characters.
pub fn masked_account(text: &str) -> String {
    masked(text, 0, 4)
}

/// A name with its first character: `覃**`.
pub fn masked_name(text: &str) -> String {
    masked(text, 1, 0)
}

/// Stars for all but `head` first and `tail` last characters; all stars where those would show half or more
/// of a text of several characters.
fn masked(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    let (head, tail) = if head + tail >= count { (head.min(count / 2), 0) } else { (head, tail) };
    let shown = |index: usize| index < head || index >= count - tail;
    text.chars().enumerate().map(|(index, found)| if shown(index) { found } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_agreed_part_is_shown() {
        assert_eq!(masked_certno("45142419900101004X"), "**************004X");
        assert_eq!(masked_phone("13812345678"), "138****5678");
        assert_eq!(masked_account("6228480000000000000"), "***************0000");
        assert_eq!(masked_name("覃小芳"), "覃**");
        assert_eq!(masked_name("韦明"), "韦*");
    }

    #[test]
    fn short_and_empty_texts_show_nothing_more() {
        assert_eq!(masked_certno(""), "");
        assert_eq!(masked_certno("1234"), "****");
        assert_eq!(masked_phone("1234567"), "123****");
        assert_eq!(masked_name("覃"), "*");
    }
}
