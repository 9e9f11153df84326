//! What can be wrong with a file, and with one cell of it: where, which rule, how to put it right. Knows no format.

/// One cell that cannot be taken, or should be looked at.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CellFault {
    /// Sheet, as the file names it; the file's own name for csv.
    pub sheet: String,
    /// Row as the spreadsheet counts, from 1; 0 when the whole file is meant.
    pub row: u32,
    /// Column letter; empty when the file has no such column.
    pub column: String,
    /// Title of the column, or the label of the field that is missing.
    pub title: String,
    /// What stands in the cell.
    pub value: String,
    /// Stable id: a rule of the form, or a check of the reading (`cell.*`, `file.*`, `register.*`).
    pub rule: String,
    /// What is wrong.
    pub message: String,
    /// How to put it right.
    pub fix: String,
}

impl CellFault {
    /// One line for people: where, what, how to put it right.
    pub fn line(&self) -> String {
        let place = match (self.row, self.column.as_str()) {
            (0, _) => self.sheet.clone(),
            (row, "") => format!("{} 第{row}行 {}", self.sheet, self.title),
            (row, column) => format!("{} {column}{row} {}", self.sheet, self.title),
        };
        let value = if self.value.is_empty() { String::new() } else { format!("【{}】", self.value) };
        format!("{place}{value}：{}。改法：{}", self.message.trim_end_matches('。'), self.fix)
    }
}

/// A file that cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// Larger than [`super::MAX_FILE`], packed or unpacked.
    #[error("the file is too large")]
    TooLarge,
    /// A sheet has too many rows.
    #[error("sheet {sheet} has more than {max} rows")]
    TooLong {
        /// Sheet.
        sheet: String,
        /// Most rows.
        max: u32,
    },
    /// A sheet has too many columns.
    #[error("row {row} of sheet {sheet} has more than {max} columns")]
    TooWide {
        /// Sheet.
        sheet: String,
        /// Row, from 1.
        row: u32,
        /// Most columns.
        max: usize,
    },
    /// An old workbook (xls), or one with a password.
    #[error("an old or encrypted workbook")]
    OldOrLocked,
    /// Not a workbook, or a damaged one.
    #[error("the workbook cannot be read: {0}")]
    Damaged(String),
    /// Neither UTF-8, UTF-16 nor GB18030.
    #[error("the text is neither UTF-8 nor GB18030")]
    Encoding,
    /// No row holds the titles.
    #[error("no row with the titles of the columns")]
    NoTitles,
    /// No row holds the titles that this sort of file must have.
    #[error("no row with the titles {0}")]
    Titles(&'static str),
    /// Two columns have the same title.
    #[error("sheet {sheet}: columns {first} and {second} are both {title}")]
    TitleTwice {
        /// Sheet.
        sheet: String,
        /// Title.
        title: String,
        /// Letter of the first column.
        first: String,
        /// Letter of the second.
        second: String,
    },
    /// Titles, and nothing below them.
    #[error("no rows below the titles")]
    Empty,
    /// The same in a file that is no roster.
    #[error("no rows below the titles")]
    NoRows,
}

impl FileFault {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::TooLarge => "文件太大（上限 50 MB）。请删去图片和无关工作表，或分成几个文件。".to_owned(),
            Self::TooLong { sheet, max } => {
                format!("工作表【{sheet}】超过 {max} 行。请分成几个文件导入。")
            }
            Self::TooWide { sheet, row, max } => {
                format!("工作表【{sheet}】第 {row} 行超过 {max} 列。请删去多余的列后再导入。")
            }
            Self::OldOrLocked => {
                "这是旧版（xls）或加了密码的工作簿。请在表格软件中去掉密码，另存为 xlsx 或 csv。".to_owned()
            }
            Self::Damaged(why) => format!("文件读不出来（{why}）。请在表格软件中打开后另存为 xlsx 再试。"),
            Self::Encoding => {
                "文件的文字编码无法识别。请另存为 UTF-8 或 GB18030 的 csv，或存为 xlsx。".to_owned()
            }
            Self::NoTitles => {
                "没有找到标题行。请在数据上方写一行标题，至少有“姓名”和“证件号码”；可先导出空白模板。"
                    .to_owned()
            }
            Self::Titles(least) => {
                format!("没有找到标题行。请在数据上方写一行标题，至少有{least}。")
            }
            Self::TitleTwice { sheet, title, first, second } => {
                format!(
                    "工作表【{sheet}】的 {first} 列和 {second} 列都是“{title}”。请留一列，另一列改名或删去。"
                )
            }
            Self::NoRows => "标题下面没有内容。请核对是否选对了文件和工作表。".to_owned(),
            Self::Empty => "标题下面没有学生。请核对是否选对了文件。".to_owned(),
        }
    }
}
