//! What the journal keeps of money that goes to a bank and comes from it: payment lists, deduction lists, the files that
//! were written, what the bank answered line by line. Knows values; must not know who may do what with them.

use std::collections::BTreeMap;

use crate::money::Fen;

/// Most lines of one list: an operation stays well below the journal's bound.
pub const MAX_LINES: usize = 1_000;

/// What the money of a list is. The two never stand in one list: a benefit is paid out of the fund by the settlement (003
/// A84, A97), a refund gives back a contribution that came in twice (003 A23, A28), is booked against the income (003 A95)
/// and goes out of the account that the bank's layout names for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum PayKind {
    /// 待遇.
    #[default]
    #[n(1)]
    Benefit,
    /// 重复缴费退费.
    #[n(2)]
    Refund,
}

impl PayKind {
    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Benefit => "待遇支付",
            Self::Refund => "重复缴费退费",
        }
    }

    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Benefit => "benefit",
            Self::Refund => "refund",
        }
    }
}

/// Whose account a payment goes to (003 A74(1)3, A84: the insured person).
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum PayeeKind {
    /// 本人.
    #[n(1)]
    Insured,
    /// 登记的监护人.
    #[n(2)]
    Guardian,
}

impl PayeeKind {
    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Insured => "本人",
            Self::Guardian => "监护人",
        }
    }
}

/// Where money goes, or where it is taken from.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct BankAccount {
    /// Name on the account as the bank writes it: what must stand in a file.
    #[n(0)]
    pub name: String,
    /// Code of the bank, table `bank_type_code`.
    #[n(1)]
    pub bank_type_code: String,
    /// Branch.
    #[n(2)]
    pub bank_name: String,
    /// Kind, local table `acct_kind`: 1 social-security card, 2 debit card, 3 bank book.
    #[n(3)]
    pub acct_kind: String,
    /// Number, digits alone.
    #[n(4)]
    pub bankacct: String,
}

/// Who is paid.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Payee {
    /// The insured or the registered guardian.
    #[n(0)]
    pub kind: PayeeKind,
    /// The account.
    #[n(1)]
    pub account: BankAccount,
    /// Certificate number of the payee; empty when not recorded.
    #[n(2)]
    pub certno: String,
    /// The register's record that makes a guardian one (监护人登记, serial number); 0 for the insured.
    #[n(3)]
    pub link: u16,
}

/// One line of a payment list.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct PayEntry {
    /// Number within the list, from 1: with the list's number the reference that the bank gives back.
    #[n(0)]
    pub seq: u32,
    /// Case.
    #[n(1)]
    pub case_id: [u8; 16],
    /// Its printed number.
    #[n(2)]
    pub number: String,
    /// Person number of the insured.
    #[n(3)]
    pub psn_no: String,
    /// Name of the insured.
    #[n(4)]
    pub psn_name: String,
    /// Who is paid.
    #[n(5)]
    pub payee: Payee,
    /// What the settlement says the fund pays, or what is given back.
    #[n(6)]
    pub amount: Fen,
    /// Which attempt this is, from 1.
    #[n(7)]
    pub run: u16,
    /// The settlement rests on figures that nobody verified (示例); none: not known, as in lists from before it was kept.
    #[n(8)]
    pub sample: Option<bool>,
}

/// A payment list as it was made (付款单).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct PaymentSheet {
    /// Printed number.
    #[n(0)]
    pub no: String,
    /// Layout of the bank's file, `seed/banks/<id>.toml`.
    #[n(1)]
    pub layout: String,
    /// SHA-256 of the layout, hex, first 16 digits: the file is written by the layout that the list was made for.
    #[n(2)]
    pub layout_hash: String,
    /// Lines.
    #[n(3)]
    pub entries: Vec<PayEntry>,
    /// Sum of the lines.
    #[n(4)]
    pub sum: Fen,
    /// What the money is; none: benefits, as in every list from before refunds were paid by list.
    #[n(5)]
    pub kind: Option<PayKind>,
}

impl PaymentSheet {
    /// What the money is.
    pub fn pays(&self) -> PayKind {
        self.kind.unwrap_or_default()
    }

    /// Lines whose amount rests on figures that nobody verified (示例).
    pub fn samples(&self) -> usize {
        self.entries.iter().filter(|entry| entry.sample == Some(true)).count()
    }
}

/// A file that was written for a bank: the same bytes whenever it is written again.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct BankFile {
    /// Name.
    #[n(0)]
    pub name: String,
    /// SHA-256.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub digest: [u8; 32],
    /// Lines with money.
    #[n(2)]
    pub lines: u32,
    /// Their sum.
    #[n(3)]
    pub sum: Fen,
    /// The day that stands in it, `YYYY-MM-DD`.
    #[n(4)]
    pub day: String,
}

/// What the bank said of one line.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct LineResult {
    /// Number within the list.
    #[n(0)]
    pub seq: u32,
    /// Line of the returned file, from 1.
    #[n(1)]
    pub line: u32,
    /// The money moved.
    #[n(2)]
    pub done: bool,
    /// The bank's code.
    #[n(3)]
    pub code: String,
    /// What it means; empty when done.
    #[n(4)]
    pub reason: String,
    /// The bank's day, `YYYY-MM-DD`.
    #[n(5)]
    pub day: String,
    /// The account must be put right before another attempt.
    #[n(6)]
    pub correct: bool,
}

/// A line of a returned file that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct LineFinding {
    /// Line, from 1; 0 when the whole file is meant.
    #[n(0)]
    pub line: u32,
    /// What is wrong and what to do.
    #[n(1)]
    pub text: String,
}

/// A returned file as it was taken in.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct ReturnTaken {
    /// Name of the file.
    #[n(0)]
    pub name: String,
    /// SHA-256: the same file changes nothing a second time.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub digest: [u8; 32],
    /// Lines that were taken.
    #[n(2)]
    pub results: Vec<LineResult>,
    /// Lines that were not.
    #[n(3)]
    pub findings: Vec<LineFinding>,
}

/// Money that came back after a reversal (追回): always by a bank, never in cash (003 A94-A95).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Recovery {
    /// What came back.
    #[n(0)]
    pub amount: Fen,
    /// Day on which the bank booked it, `YYYY-MM-DD`.
    #[n(1)]
    pub day: String,
    /// The bank's voucher.
    #[n(2)]
    pub voucher: String,
}

/// A person whose contribution is part of a deduction.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct DeductPerson {
    /// Person number.
    #[n(0)]
    pub psn_no: String,
    /// Contribution of the year.
    #[n(1)]
    pub amount: Fen,
}

/// One account of a deduction list: a household pays for its members (003 A23).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct DeductEntry {
    /// Number within the list, from 1.
    #[n(0)]
    pub seq: u32,
    /// Number of the three-party agreement.
    #[n(1)]
    pub agre_no: String,
    /// Who pays.
    #[n(2)]
    pub payer: String,
    /// The payer's certificate number.
    #[n(3)]
    pub certno: String,
    /// Village, 12-digit code.
    #[n(4)]
    pub admdvs12: String,
    /// Number of the household booklet.
    #[n(5)]
    pub resdbook_no: String,
    /// The account.
    #[n(6)]
    pub account: BankAccount,
    /// For whom.
    #[n(7)]
    pub persons: Vec<DeductPerson>,
    /// What is taken.
    #[n(8)]
    pub amount: Fen,
}

/// A deduction list with the file that was made of it (003 A23: the agency tells the bank to collect by household).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct DeductionSheet {
    /// Printed number.
    #[n(0)]
    pub no: String,
    /// Insurance year.
    #[n(1)]
    pub year: u16,
    /// Layout of the bank's file.
    #[n(2)]
    pub layout: String,
    /// SHA-256 of the layout, hex, first 16 digits.
    #[n(3)]
    pub layout_hash: String,
    /// Lines.
    #[n(4)]
    pub entries: Vec<DeductEntry>,
    /// Sum of the lines.
    #[n(5)]
    pub sum: Fen,
    /// The file.
    #[n(6)]
    pub file: BankFile,
}

/// A corrected bank account of a settled case: the bank fields of the form, as they shall stand.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct AccountCorrection {
    /// Values by field id.
    #[n(0)]
    pub values: BTreeMap<String, String>,
    /// Why, and which paper was seen.
    #[n(1)]
    pub reason: String,
}

/// Fields of a form that say where money goes: a change of one of them is a change of the account (reliability 10).
pub const ACCOUNT_FIELDS: [&str; 6] =
    ["bank_type_code", "bank_name", "acct_name", "acct_name_alias", "acct_kind", "bankacct"];
