//! Reads code files: code lists (`table,...,code,label,...`) and the division list
//! (`code,name,level,parent_code`), told apart by their headers.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{CodeBook, CodeEntry, CodeTable, DIVISIONS, Level};
use crate::identity::pinyin::label_sounds;
use crate::identity::text::is_refused;

/// Why a code file cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file} line {line}: {problem}")]
pub struct CodeError {
    /// File name as given.
    pub file: String,
    /// Line from one; 0 where unknown.
    pub line: u64,
    /// What is wrong.
    pub problem: CodeProblem,
}

/// What is wrong in a code file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeProblem {
    /// Not CSV.
    #[error("{0}; repair the CSV line")]
    Csv(String),
    /// A needed column is missing.
    #[error("the header lacks the column `{0}`")]
    Column(&'static str),
    /// A cell that must hold something is empty.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// A cell holds a control or invisible character.
    #[error("`{0}` holds a control or invisible character; remove it")]
    Character(&'static str),
    /// The code stands twice in its table.
    #[error("code {code} stands twice in table `{table}`; keep one row")]
    Twice {
        /// Table id.
        table: String,
        /// The code.
        code: String,
    },
    /// A date cannot be read.
    #[error("`{column}` is {value:?} (write YYYY-MM-DD or leave it empty)")]
    Date {
        /// Column name.
        column: &'static str,
        /// What stands there.
        value: String,
    },
    /// The mark is neither 0 nor 1.
    #[error("`common` is {0:?} (write 1 or 0)")]
    Common(String),
    /// The level is unknown.
    #[error("`level` is {0:?} (write province, prefecture, county, township or village)")]
    Level(String),
    /// A division code is not 12 digits.
    #[error("division code {0:?} is not 12 digits")]
    DivisionCode(String),
    /// The division above is missing or not higher.
    #[error("parent {0:?} is not a division of a higher level in this list")]
    Parent(String),
}

/// A record with its place.
struct Line<'a> {
    file: &'a str,
    number: u64,
    record: &'a csv::StringRecord,
    header: &'a csv::StringRecord,
}

impl CodeBook {
    /// Reads files given as (name, text). Rows of one table may stand in several files; a code stands once.
    pub fn from_csv(files: &[(&str, &str)]) -> Result<Self, CodeError> {
        let mut book = Self::default();
        for (file, text) in files {
            book.read_file(file, text)?;
        }
        Ok(book)
    }

    /// One file of either kind.
    fn read_file(&mut self, file: &str, text: &str) -> Result<(), CodeError> {
        let at = |line: u64, problem: CodeProblem| CodeError { file: file.to_owned(), line, problem };
        let csv_error = |error: csv::Error| {
            at(error.position().map_or(0, csv::Position::line), CodeProblem::Csv(error.to_string()))
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(csv_error)?.clone();
        let divisions = !header.iter().any(|title| title == "table");
        let needed: &[&'static str] =
            if divisions { &["code", "name", "level", "parent_code"] } else { &["code", "label"] };
        for &column in needed {
            if !header.iter().any(|title| title == column) {
                return Err(at(1, CodeProblem::Column(column)));
            }
        }
        let mut places = Vec::new();
        for record in reader.records() {
            let record = record.map_err(csv_error)?;
            let number = record.position().map_or(0, csv::Position::line);
            let line = Line { file, number, record: &record, header: &header };
            let (table, name, entry) = if divisions { line.division()? } else { line.code_entry()? };
            places.push((entry.code.clone(), number));
            let target = self.tables.entry(table.clone()).or_insert_with(|| CodeTable {
                id: table.clone(),
                name,
                ..CodeTable::default()
            });
            let code = entry.code.clone();
            if !target.add(entry) {
                return Err(line.error(CodeProblem::Twice { table, code }));
            }
        }
        if divisions && let Some(table) = self.tables.get_mut(DIVISIONS) {
            let places: BTreeMap<String, u64> = places.into_iter().collect();
            table.link().map_err(|(code, problem)| at(places.get(&code).copied().unwrap_or(0), problem))?;
        }
        Ok(())
    }
}

impl CodeTable {
    /// Adds an entry; false when its code is there already.
    fn add(&mut self, entry: CodeEntry) -> bool {
        let new = self.by_code.insert(entry.code.clone(), self.entries.len()).is_none();
        self.entries.push(entry);
        new
    }

    /// Checks each division's parent and gives it its label; an error names the division's code.
    fn link(&mut self) -> Result<(), (String, CodeProblem)> {
        let mut labels = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let above = entry.parent.as_deref().map(|parent| (parent, self.get(parent)));
            let above = match above {
                None => None,
                Some((_, Some(above))) if above.level < entry.level => Some(above),
                Some((parent, _)) => {
                    return Err((entry.code.clone(), CodeProblem::Parent(parent.to_owned())));
                }
            };
            labels.push(division_label(entry, above));
        }
        for (entry, label) in self.entries.iter_mut().zip(labels) {
            entry.set_label(label);
        }
        Ok(())
    }
}

impl CodeEntry {
    /// Sets the label with what is derived from it.
    fn set_label(&mut self, label: String) {
        self.label_sounds = label_sounds(&label);
        self.label = label;
    }
}

impl Line<'_> {
    /// An error at this line.
    fn error(&self, problem: CodeProblem) -> CodeError {
        CodeError { file: self.file.to_owned(), line: self.number, problem }
    }

    /// A cell by column name; empty where the column is absent. Refuses control characters.
    fn cell(&self, column: &'static str) -> Result<&str, CodeError> {
        let found = self.header.iter().position(|title| title == column);
        let value = found.and_then(|index| self.record.get(index)).unwrap_or("");
        if value.chars().any(is_refused) {
            return Err(self.error(CodeProblem::Character(column)));
        }
        Ok(value)
    }

    /// A cell that must not be empty.
    fn filled(&self, column: &'static str) -> Result<String, CodeError> {
        match self.cell(column)? {
            "" => Err(self.error(CodeProblem::Empty(column))),
            value => Ok(value.to_owned()),
        }
    }

    /// An optional date.
    fn date(&self, column: &'static str) -> Result<Option<NaiveDate>, CodeError> {
        let value = self.cell(column)?;
        if value.is_empty() {
            return Ok(None);
        }
        let date = NaiveDate::parse_from_str(value, "%Y-%m-%d");
        date.map(Some).map_err(|_| self.error(CodeProblem::Date { column, value: value.to_owned() }))
    }

    /// A row of a code list: table id, table name, entry.
    fn code_entry(&self) -> Result<(String, String, CodeEntry), CodeError> {
        let label = self.filled("label")?;
        let common = match self.cell("common")? {
            "1" => true,
            "0" | "" => false,
            other => return Err(self.error(CodeProblem::Common(other.to_owned()))),
        };
        let mut entry = blank(self.filled("code")?, &label);
        entry.common = common;
        entry.valid_from = self.date("valid_from")?;
        entry.valid_to = self.date("valid_to")?;
        entry.source = self.cell("source")?.to_owned();
        entry.set_label(label);
        Ok((self.filled("table")?, self.cell("table_name_cn")?.to_owned(), entry))
    }

    /// A row of the division list; the label is made when all are read.
    fn division(&self) -> Result<(String, String, CodeEntry), CodeError> {
        let code = self.filled("code")?;
        if code.len() != 12 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.error(CodeProblem::DivisionCode(code)));
        }
        let level = match self.cell("level")? {
            "province" => Level::Province,
            "prefecture" => Level::Prefecture,
            "county" => Level::County,
            "township" => Level::Township,
            "village" => Level::Village,
            other => return Err(self.error(CodeProblem::Level(other.to_owned()))),
        };
        let mut entry = blank(code, &self.filled("name")?);
        entry.level = Some(level);
        entry.common = level == Level::Village;
        entry.parent = Some(self.cell("parent_code")?.to_owned()).filter(|parent| !parent.is_empty());
        entry.valid_from = self.date("valid_from")?;
        entry.valid_to = self.date("valid_to")?;
        Ok((DIVISIONS.to_owned(), "行政区划".to_owned(), entry))
    }
}

/// An entry with code and own name only.
fn blank(code: String, name: &str) -> CodeEntry {
    CodeEntry {
        code,
        label: String::new(),
        name: name.to_owned(),
        parent: None,
        level: None,
        common: false,
        valid_from: None,
        valid_to: None,
        source: String::new(),
        label_sounds: Vec::new(),
        name_sounds: label_sounds(name),
    }
}

/// The path of names that a window uses: 桃城镇新城社区 for a village, 崇左市大新县 for a county, else the name.
fn division_label(entry: &CodeEntry, above: Option<&CodeEntry>) -> String {
    let above_name = above.map_or("", |above| above.name.as_str());
    match entry.level {
        Some(Level::County) => format!("{above_name}{}", entry.name),
        Some(Level::Village) => {
            let short = village_name(&entry.name);
            // A farm's own settlements repeat the farm's name.
            let repeated = above.is_some_and(|above| above.level != Some(Level::Township));
            if repeated || short.starts_with(above_name) { short } else { format!("{above_name}{short}") }
        }
        _ => entry.name.clone(),
    }
}

/// The name of the place that a committee stands for: 北三村民委员会 is 北三村, 新城社区居委会 is 新城社区.
fn village_name(committee: &str) -> String {
    if let Some(village) = committee.strip_suffix("村民委员会").or_else(|| committee.strip_suffix("村委会"))
    {
        return format!("{village}村");
    }
    let community = committee.strip_suffix("居民委员会").or_else(|| committee.strip_suffix("居委会"));
    community.unwrap_or(committee).to_owned()
}
