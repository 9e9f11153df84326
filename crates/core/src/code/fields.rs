//! The national field names (`seed/fields.csv`): what an export calls a datum, how long it may be there, which
//! transactions carry it. Knows names; must not know forms or values.

use std::collections::BTreeMap;

/// One name of the national interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldName {
    /// The name, e.g. `psn_name`.
    pub id: String,
    /// What the interface calls it in Chinese.
    pub label: String,
    /// What a value is there.
    pub kind: FieldKind,
    /// Greatest length as written in the interface: characters, or digits and decimals (`16,2`).
    pub length: String,
    /// Transactions that carry it.
    pub transactions: Vec<String>,
}

/// What a value is in the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// 字符型
    Text,
    /// 数值型
    Number,
    /// 日期型
    Date,
    /// 日期时间型
    Moment,
}

impl FieldName {
    /// Greatest number of characters of a text.
    pub fn max_chars(&self) -> Option<usize> {
        if self.kind == FieldKind::Text { self.length.parse().ok() } else { None }
    }
}

/// All national names that the product uses.
#[derive(Clone, Debug, Default)]
pub struct FieldBook {
    names: BTreeMap<String, FieldName>,
}

/// The file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file} line {line}: {problem}")]
pub struct FieldBookError {
    /// File as given.
    pub file: String,
    /// Line, from 1; 0 when unknown.
    pub line: u64,
    /// What is wrong.
    pub problem: String,
}

impl FieldBook {
    /// Reads the file: columns `field`, `label`, `type`, `length`, `transactions`.
    ///
    /// # Errors
    /// The first line that cannot be read, a missing column, an unknown type, a name that stands twice.
    pub fn from_csv(file: &str, text: &str) -> Result<Self, FieldBookError> {
        let error = |line, problem: String| FieldBookError { file: file.to_owned(), line, problem };
        let broken =
            |fault: csv::Error| error(fault.position().map_or(0, csv::Position::line), fault.to_string());
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(broken)?.clone();
        let column = |wanted: &str| {
            let found = header.iter().position(|title| title == wanted);
            found.ok_or_else(|| error(1, format!("the column {wanted} is missing")))
        };
        let at =
            [column("field")?, column("label")?, column("type")?, column("length")?, column("transactions")?];
        let mut names = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(broken)?;
            let line = record.position().map_or(0, csv::Position::line);
            let [id, label, kind, length, transactions] =
                at.map(|index| record.get(index).unwrap_or_default().to_owned());
            let kind = match kind.as_str() {
                "字符型" => FieldKind::Text,
                "数值型" => FieldKind::Number,
                "日期型" => FieldKind::Date,
                "日期时间型" => FieldKind::Moment,
                other => return Err(error(line, format!("{other:?} is no type of the interface"))),
            };
            let transactions = transactions.split_whitespace().map(str::to_owned).collect();
            let name = FieldName { id: id.clone(), label, kind, length, transactions };
            if id.is_empty() || names.insert(id.clone(), name).is_some() {
                return Err(error(line, format!("the name {id:?} is empty or stands twice")));
            }
        }
        Ok(Self { names })
    }

    /// The name, if the interface has it.
    pub fn get(&self, id: &str) -> Option<&FieldName> {
        self.names.get(id)
    }

    /// All names, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldName> {
        self.names.values()
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldBook, FieldKind};

    #[test]
    fn names_are_read_and_faults_have_a_line() {
        let head = "field,label,type,length,transactions,source\n";
        let book = FieldBook::from_csv("f.csv", &format!("{head}psn_name,人员姓名,字符型,50,1101 2501,x\n"))
            .unwrap();
        let name = book.get("psn_name").unwrap();
        assert_eq!((name.kind, name.max_chars(), name.transactions.len()), (FieldKind::Text, Some(50), 2));
        for (rows, words) in [
            ("psn_name,人员姓名,文本,50,1101,x\n", "f.csv line 2: \"文本\" is no type of the interface"),
            ("a,b,字符型,1,1,x\na,b,字符型,1,1,x\n", "f.csv line 3: the name \"a\" is empty or stands twice"),
        ] {
            let fault = FieldBook::from_csv("f.csv", &format!("{head}{rows}")).unwrap_err();
            assert_eq!(fault.to_string(), words);
        }
        assert_eq!(FieldBook::from_csv("f.csv", "field,label\n").unwrap_err().line, 1);
    }
}
