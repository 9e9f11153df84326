//! Articles as a citizen must read them: the short marks of the forms (`003 A14`) written out with the title and the
//! number of the document. Knows the one document the marks stand for; must not know papers.

/// What `003` stands for: the handling rules of Guangxi, trial edition.
const RULES: &str = "《广西城乡居民基本医疗保险业务经办规程（试行）》（桂社保发〔2017〕8号）";

/// The basis in full: `003 A11 A35` becomes the title with 第十一条、第三十五条; anything else stays as it was written.
pub(super) fn in_full(mark: &str) -> String {
    articles(mark).map_or_else(|| mark.to_owned(), |articles| format!("{RULES}{articles}"))
}

/// The articles alone, for narrow columns: 第十一条、第三十五条.
pub(super) fn articles(mark: &str) -> Option<String> {
    let rest = mark.trim().strip_prefix("003")?;
    let words = rest.split([' ', '、', ',', '，']).filter(|word| !word.is_empty());
    let articles: Option<Vec<String>> = words.map(article).collect();
    articles.filter(|articles| !articles.is_empty()).map(|articles| articles.join("、"))
}

/// `A15(4)` as 第十五条第（四）项.
fn article(word: &str) -> Option<String> {
    let word = word.trim_start_matches(['A', 'a']);
    let (number, item) = match word.split_once(['(', '（']) {
        Some((number, rest)) => (number, Some(rest.trim_end_matches([')', '）']))),
        None => (word, None),
    };
    let article = format!("第{}条", numeral(number.parse().ok()?)?);
    match item {
        Some(item) => Some(format!("{article}第（{}）项", numeral(item.parse().ok()?)?)),
        None => Some(article),
    }
}

/// 1 to 199 in Chinese, as articles are numbered: 十四, 七十四, 一百零三, 一百一十七.
fn numeral(number: u16) -> Option<String> {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |value: u16| DIGITS.get(usize::from(value)).copied();
    let (hundreds, tens, ones) = (number / 100, number / 10 % 10, number % 10);
    let head = match hundreds {
        0 => "",
        1 => "一百",
        _ => return None,
    };
    let tens = match (hundreds, tens, ones) {
        (0, 0, 0) => return None,
        (1, 0, 1..) => "零".to_owned(),
        (_, 0, _) => String::new(),
        (0, 1, _) => "十".to_owned(),
        (_, tens, _) => format!("{}十", digit(tens)?),
    };
    Some(format!("{head}{tens}{}", digit(ones)?))
}

#[cfg(test)]
mod tests {
    use super::{articles, in_full};

    #[test]
    fn marks_are_written_out_as_the_document_numbers_its_articles() {
        for (mark, words) in [
            ("003 A7", "第七条"),
            ("003 A10", "第十条"),
            ("003 A14", "第十四条"),
            ("003 A20", "第二十条"),
            ("003 A74", "第七十四条"),
            ("003 A100", "第一百条"),
            ("003 A103", "第一百零三条"),
            ("003 A110", "第一百一十条"),
            ("003 A117", "第一百一十七条"),
            ("003 A11 A35", "第十一条、第三十五条"),
            ("003 A74、A121", "第七十四条、第一百二十一条"),
            ("003 A15(4)", "第十五条第（四）项"),
        ] {
            assert_eq!(articles(mark).as_deref(), Some(words), "{mark}");
        }
        assert_eq!(
            in_full("003 A14"),
            "《广西城乡居民基本医疗保险业务经办规程（试行）》（桂社保发〔2017〕8号）第十四条"
        );
    }

    #[test]
    fn what_is_no_mark_stays_as_it_was_written() {
        for text in ["GB 11643", "003", "003 A", "003 A0", "003 A14310001", "县社保机构通知", ""] {
            assert_eq!(in_full(text), text);
        }
    }
}
