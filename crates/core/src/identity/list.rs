//! A list of numbers and names as CSV, as villages and schools hand them in. Knows columns and lines; judges nothing.

use super::text::clean;

/// Most lines of one list.
pub const MOST_LINES: usize = 100_000;

/// One line of a list; what stands in it is judged elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Line in the file, from 1.
    pub line: u64,
    /// Number; empty where the list has none.
    pub number: String,
    /// Kind of number; empty where the list has none.
    pub kind: String,
    /// Name; empty where the list has none.
    pub name: String,
}

/// Why a list cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Not CSV.
    #[error("line {line}: {problem}")]
    Csv {
        /// Line from 1; 0 where unknown.
        line: u64,
        /// What the reader says.
        problem: String,
    },
    /// Neither a column of numbers nor one of names.
    #[error("the header has no column of numbers or names")]
    Columns,
    /// Longer than [`MOST_LINES`].
    #[error("more than {MOST_LINES} lines")]
    TooLong,
}

impl ListError {
    /// What is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::Csv { line, problem } => format!("第{line}行不是CSV（{problem}），请修复后再核对。"),
            Self::Columns => {
                "首行要有列名：证件号码（certno）或姓名（psn_name），可另有证件类型（psn_cert_type）。"
                    .to_owned()
            }
            Self::TooLong => format!("超过{MOST_LINES}行，请分成几个文件。"),
        }
    }
}

/// Reads a list; the first line names the columns, by their national names or in Chinese, in any order, other columns are
/// passed over.
///
/// # Errors
/// [`ListError`]; a wrong number is no error here.
pub fn read_list(text: &str) -> Result<Vec<Listed>, ListError> {
    let csv_error = |error: csv::Error| ListError::Csv {
        line: error.position().map_or(0, csv::Position::line),
        problem: error.to_string(),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(csv_error)?.clone();
    let column = |names: [&str; 4]| {
        header.iter().position(|title| clean(title).is_ok_and(|title| names.contains(&title.as_str())))
    };
    let number = column(["certno", "number", "证件号码", "号码"]);
    let kind = column(["psn_cert_type", "kind", "证件类型", "种类"]);
    let name = column(["psn_name", "name", "姓名", "名称"]);
    if number.is_none() && name.is_none() {
        return Err(ListError::Columns);
    }
    let mut list = Vec::new();
    for record in reader.records() {
        let record = record.map_err(csv_error)?;
        if list.len() >= MOST_LINES {
            return Err(ListError::TooLong);
        }
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or("").to_owned();
        let line = record.position().map_or(0, csv::Position::line);
        let listed =
            Listed { line, number: cell(number), kind: cell(kind).trim().to_owned(), name: cell(name) };
        if !record.iter().all(|cell| cell.trim().is_empty()) {
            list.push(listed);
        }
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let list =
            read_list("\u{feff}序号,姓名,证件号码\n1,覃小芳,451424199001010015\n,,\n2,\"李,䶮\"\n").unwrap();
        let row = |line, name: &str, number: &str| Listed {
            line,
            name: name.to_owned(),
            number: number.to_owned(),
            ..Listed::default()
        };
        assert_eq!(list, [row(2, "覃小芳", "451424199001010015"), row(4, "李,䶮", "")]);
        let kinds = read_list("kind,number\nuscc,114514240000000192\n").unwrap();
        assert_eq!(kinds.first().map(|row| row.kind.as_str()), Some("uscc"));
    }

    #[test]
    fn what_is_no_list_is_said() {
        assert_eq!(read_list("a,b\n1,2\n"), Err(ListError::Columns));
        assert_eq!(read_list(""), Err(ListError::Columns));
        let long = format!("certno\n{}", "1\n".repeat(MOST_LINES + 1));
        assert_eq!(read_list(&long), Err(ListError::TooLong));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            if let Err(error) = read_list(&text) {
                prop_assert!(!error.zh().is_empty());
            }
        }
    }
}
