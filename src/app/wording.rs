//! The door for what people write outside forms: opinions, reasons, demands, names of accounts (reliability 9.2). The same
//! rules as for a field: composed, without control characters, code points as characters, and nothing that paper cannot
//! show, because all of it is printed. Knows no screen.

use xiangbao_core::case::Command;
use xiangbao_core::event::Verdict;
use xiangbao_core::identity::text::clean_lines;
use xiangbao_core::identity::with_code_points;

use super::error::AppError;

/// The text as it is stored and printed.
///
/// # Errors
/// [`AppError::Input`] names the character that no field accepts or no paper shows.
pub(super) fn worded(text: &str) -> Result<String, AppError> {
    let text = clean_lines(text).map_err(|error| AppError::Input(error.zh()))?;
    let text = with_code_points(&text).into_owned();
    let fonts = crate::print::glyphs();
    match text.chars().find(|found| !found.is_whitespace() && !fonts.has(*found)) {
        None => Ok(text),
        Some(missing) => Err(AppError::Input(format!(
            "“{missing}”（U+{:04X}）纸上印不出，请换一个写法。",
            u32::from(missing)
        ))),
    }
}

/// Puts the words of a command through the door; what stands in forms went through theirs.
///
/// # Errors
/// As [`worded`].
pub(super) fn settle_words(command: &mut Command) -> Result<(), AppError> {
    let mut words: Vec<&mut String> = Vec::new();
    match command {
        Command::Refuse { reason, article, .. } => words.extend([reason, article]),
        Command::Review { verdict, opinion, .. } => {
            words.push(opinion);
            match verdict {
                Verdict::Passed => {}
                Verdict::Returned { demands } => {
                    words.extend(demands.iter_mut().map(|demand| &mut demand.reason))
                }
                Verdict::Rejected { reason, article } => words.extend([reason, article]),
            }
        }
        Command::CorrectAccount { correction } => words.push(&mut correction.reason),
        Command::Withdraw { reason } | Command::ProposeReversal { reason } => words.push(reason),
        Command::AnswerFinding { replied, .. } => words.push(&mut replied.text),
        // What another station wrote passed its own door, and the check of the parcel.
        Command::Accept { .. }
        | Command::Resubmit { .. }
        | Command::Refer { .. }
        | Command::TakeAnswer { .. } => {}
    }
    for word in words {
        *word = worded(word)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use xiangbao_core::event::{Demand, Level};

    use super::*;

    #[test]
    fn words_are_stored_as_paper_shows_them() {
        assert_eq!(worded(" 同意\r\n覃u4dae已到场 ").unwrap(), "同意\n覃䶮已到场");
        for (text, said) in
            [("张\u{e863}", "U+E863"), ("同意\u{1b}[31m", "第3个字符"), ("\u{202e}同意", "第1个字符")]
        {
            let refused = worded(text).unwrap_err().zh();
            assert!(refused.contains(said), "{refused}");
        }
    }

    #[test]
    fn every_word_of_a_notice_goes_through_the_door() {
        let review = |verdict| Command::Review {
            level: Level::Initial,
            verdict,
            opinion: "同意".to_owned(),
            effect: None,
            own: xiangbao_core::form::Seat::Township,
        };
        let bad = || "缺\u{e863}".to_owned();
        let demand = Demand { path: String::new(), reason: bad(), article: "003 A35".to_owned() };
        for mut command in [
            Command::Withdraw { reason: bad() },
            Command::ProposeReversal { reason: bad() },
            review(Verdict::Returned { demands: vec![demand] }),
            review(Verdict::Rejected { reason: bad(), article: String::new() }),
        ] {
            assert!(matches!(settle_words(&mut command), Err(AppError::Input(_))), "{command:?}");
        }
        assert!(settle_words(&mut review(Verdict::Passed)).is_ok());
    }
}
