//! What a bank's file looks like: cells in their order, widths in bytes of the file's encoding, totals. Knows shapes; must
//! not know how they are loaded or filled.

use xiangbao_core::event::PayKind;

/// How characters become bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub enum Encoding {
    /// GB18030: every character, rare ones in four bytes.
    #[serde(rename = "gb18030")]
    Gb18030,
    /// GBK: about 21,000 characters in two bytes; others cannot be written.
    #[serde(rename = "gbk")]
    Gbk,
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
}

impl Encoding {
    /// The name in layouts and messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Gb18030 => "GB18030",
            Self::Gbk => "GBK",
            Self::Utf8 => "UTF-8",
        }
    }
}

/// Cells side by side in fixed widths, or separated by a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Each cell has its width in bytes.
    Fixed,
    /// Cells between separators.
    Separated {
        /// The sign.
        separator: char,
        /// Texts with the sign in them stand in quotes (RFC 4180); without, such a text is refused.
        quoted: bool,
    },
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Payments, to the bank.
    Pay,
    /// What became of them.
    PayResult,
    /// Deductions, to the bank.
    Deduct,
    /// What became of them.
    DeductResult,
}

impl Use {
    /// The table of the layout.
    pub fn id(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::PayResult => "pay_result",
            Self::Deduct => "deduct",
            Self::DeductResult => "deduct_result",
        }
    }

    /// Whether the office reads it.
    pub fn is_result(self) -> bool {
        matches!(self, Self::PayResult | Self::DeductResult)
    }
}

/// What a cell holds, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Characters.
    Text,
    /// A whole number.
    Count,
    /// Money.
    Amount,
    /// A day.
    Day,
}

macro_rules! fields {
    ($($variant:ident = $id:literal, $label:literal, $kind:ident, $doc:literal;)*) => {
        /// The closed list of what a cell can be.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field {
            $(#[doc = $doc] $variant,)*
        }

        impl Field {
            /// Every field.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in layouts.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// What people call it.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            /// What it holds.
            pub fn kind(self) -> FieldKind {
                match self { $(Self::$variant => FieldKind::$kind,)* }
            }
        }
    };
}

fields! {
    Constant = "text", "固定内容", Text, "The same text in every file.";
    Blank = "blank", "空白", Text, "Nothing; not looked at when read.";
    ListNo = "list_no", "批次号", Text, "Number of the list.";
    Date = "date", "日期", Day, "The day the file was made, or the bank's day.";
    Count = "count", "总笔数", Count, "Lines of the file.";
    Sum = "sum", "总金额", Amount, "Sum of the lines.";
    DoneCount = "done_count", "成功笔数", Count, "Lines that the bank did.";
    DoneSum = "done_sum", "成功金额", Amount, "Their sum.";
    PayerName = "payer_name", "付款单位", Text, "Name of the office's account.";
    PayerAccount = "payer_account", "付款账号", Text, "The office's account.";
    Seq = "seq", "序号", Count, "Number of the line within the list.";
    AcctName = "acct_name", "户名", Text, "Name on the account, as the bank writes it.";
    BankAcct = "bankacct", "账号", Text, "The account.";
    AcctKind = "acct_kind", "账户种类", Text, "Local table acct_kind.";
    BankCode = "bank_type_code", "开户银行代码", Text, "Table bank_type_code.";
    BankName = "bank_name", "开户行", Text, "Branch.";
    Amount = "amount", "金额", Amount, "Money of the line.";
    Purpose = "purpose", "用途", Text, "What it is for.";
    Number = "number", "业务编号", Text, "Number of the case or of the agreement.";
    Code = "code", "结果代码", Text, "What became of the line.";
    Reason = "reason", "失败原因", Text, "The bank's own words.";
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellSpec {
    /// What it holds.
    pub field: Field,
    /// The text of a [`Field::Constant`].
    pub text: String,
    /// Bytes: exactly so many in a fixed file, at most so many in a separated one; 0 when a separated file sets no limit.
    pub width: usize,
    /// Content stands at the right, the filling at the left.
    pub right: bool,
    /// The filling: one ASCII character.
    pub pad: u8,
    /// Amounts in whole fen; else in yuan with two decimals.
    pub fen: bool,
    /// Days as 20261120; else as 2026-11-20.
    pub compact: bool,
    /// Title of the column, in a separated file with titles.
    pub title: String,
}

/// What a result code means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// As the bank writes it.
    pub code: String,
    /// In words.
    pub label: String,
    /// The money moved.
    pub done: bool,
    /// The account must be put right before another attempt.
    pub correct: bool,
}

/// One kind of file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name of the file: `{list}` and `{date}` are replaced.
    pub file: String,
    /// The first line; empty when there is none.
    pub header: Vec<CellSpec>,
    /// Each line.
    pub line: Vec<CellSpec>,
    /// The last line; empty when there is none.
    pub trailer: Vec<CellSpec>,
    /// A row of titles stands before the lines.
    pub titles: bool,
    /// Result codes.
    pub codes: Vec<Code>,
}

impl Part {
    /// Whether a cell of any line holds this.
    pub fn has(&self, field: Field) -> bool {
        self.rows().any(|row| row.iter().any(|cell| cell.field == field))
    }

    /// Header, line, trailer.
    pub fn rows(&self) -> impl Iterator<Item = &Vec<CellSpec>> {
        [&self.header, &self.line, &self.trailer].into_iter()
    }
}

/// The files of one bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Identifier, the name of the file.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// No bank has confirmed it (示例).
    pub sample: bool,
    /// Where it comes from.
    pub source: String,
    /// Codes of the banks whose accounts it takes for deductions; empty: all.
    pub banks: Vec<String>,
    /// Encoding.
    pub encoding: Encoding,
    /// Shape.
    pub shape: Shape,
    /// Lines end with CR LF; else with LF.
    pub crlf: bool,
    /// A UTF-8 file begins with a mark.
    pub bom: bool,
    /// Out of which account benefits are paid, and what for.
    pub payer: Payer,
    /// The same of refunds of contributions; none while the office has not named it: no source says which account it is.
    pub refund: Option<Payer>,
    /// Its files.
    pub parts: std::collections::BTreeMap<Use, Part>,
}

/// An account of the office, and what is paid out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payer {
    /// Name of the office's account.
    pub name: String,
    /// The office's account.
    pub account: String,
    /// What payments are for.
    pub purpose: String,
}

impl Layout {
    /// Out of which account a kind of money is paid.
    pub fn payer_of(&self, kind: PayKind) -> Option<&Payer> {
        match kind {
            PayKind::Benefit => Some(&self.payer),
            PayKind::Refund => self.refund.as_ref(),
        }
    }

    /// The part for a use.
    pub fn part(&self, wanted: Use) -> Option<&Part> {
        self.parts.get(&wanted)
    }
}
