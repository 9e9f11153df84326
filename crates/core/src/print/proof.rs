//! What a printed copy says about itself: the line at its foot, the check code over everything printed on it, and the
//! text of its QR code. Knows values and templates; must not know who keeps them.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::PrintData;
use super::template::Template;
use super::text::{printable, single};

/// First word of the QR code's text: which rule it follows.
const RULE: &str = "XB1";
/// The slot of the mark 正本 or 补打.
const MARK: &str = "print.mark";
/// Longest text that is looked at, characters.
const LONGEST: usize = 200;

/// Who printed a counted copy, when, for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Case number.
    pub number: String,
    /// Which copy: 1 is the original.
    pub copy: u32,
    /// The moment of the print as the office's clock shows it.
    pub printed: String,
    /// The name of the person who printed.
    pub by: String,
    /// 补打 with its number and who takes the paper; empty on an original.
    pub note: String,
}

impl Stamp {
    /// The line without the proof.
    pub(super) fn words(&self) -> String {
        let mut words = format!("打印 {} {}", self.printed, self.by);
        if !self.note.is_empty() {
            words.push('　');
            words.push_str(&self.note);
        }
        words
    }
}

/// The first 64 bits of the SHA-256 over what is printed: template, version, case, copy and every value. Sixteen
/// hexadecimal digits on paper. It cannot be the hash of the PDF, which contains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckCode(String);

impl CheckCode {
    /// The code of a document. Each text goes in with its length, so that no two documents read alike.
    pub(super) fn of(template: &Template, data: &PrintData, number: &str, copy: u32) -> Self {
        let mut hash = Sha256::new();
        let mut put = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        for text in [RULE, &template.id, &template.version.to_string(), number, &copy.to_string()] {
            put(text);
        }
        let slots = template.slots();
        // The mark of the copy says nothing that the copy's number does not, and differs between two originals.
        for name in slots.values.iter().filter(|name| *name != MARK) {
            put(name);
            put(&single(data, name));
        }
        for (table, columns) in &slots.tables {
            let rows = data.tables.get(table).map_or(&[][..], Vec::as_slice);
            put(table);
            put(&rows.len().to_string());
            for row in rows {
                for name in columns {
                    put(name);
                    put(&row.get(name).map_or_else(String::new, |text| printable(text.trim())));
                }
            }
        }
        let digits = hash.finalize().iter().take(8).map(|byte| format!("{byte:02X}")).collect();
        Self(digits)
    }

    /// The sixteen digits, capitals.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the QR code of a page says: `XB1:<case number>:<TEMPLATE>:<copy>:<check code>`. Upper case only, because a code
/// of capitals and digits is a third smaller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Case number.
    pub number: String,
    /// Template id.
    pub template: String,
    /// Which copy.
    pub copy: u32,
    /// The check code.
    pub code: CheckCode,
}

/// Why a text is no proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It does not have the five parts, or begins with another word.
    #[error("not XB1:<case number>:<TEMPLATE>:<copy>:<16 hexadecimal digits>; scan the code again")]
    Form,
    /// The copy is no number from 1.
    #[error("{0:?} is no number of a copy")]
    Copy(String),
    /// The check code is not sixteen hexadecimal digits.
    #[error("{0:?} is no check code: sixteen hexadecimal digits")]
    Code(String),
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let template = self.template.to_ascii_uppercase();
        write!(f, "{RULE}:{}:{template}:{}:{}", self.number, self.copy, self.code.0)
    }
}

impl FromStr for Proof {
    type Err = ProofError;

    fn from_str(text: &str) -> Result<Self, ProofError> {
        let text = text.trim();
        if text.chars().count() > LONGEST {
            return Err(ProofError::Form);
        }
        // Readers with a Chinese keyboard layout send full-width signs.
        let text: String = text
            .chars()
            .map(|c| match c {
                '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
                _ => c,
            })
            .collect();
        let parts: Vec<&str> = text.split(':').map(str::trim).collect();
        let [rule, number, template, copy, code] = parts.as_slice() else { return Err(ProofError::Form) };
        if !rule.eq_ignore_ascii_case(RULE) || number.is_empty() || template.is_empty() {
            return Err(ProofError::Form);
        }
        let wrong = || ProofError::Copy((*copy).to_owned());
        let copy = copy.parse::<u32>().ok().filter(|copy| *copy > 0).ok_or_else(wrong)?;
        if code.len() != 16 || !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ProofError::Code((*code).to_owned()));
        }
        Ok(Self {
            number: (*number).to_owned(),
            template: template.to_ascii_lowercase(),
            copy,
            code: CheckCode(code.to_ascii_uppercase()),
        })
    }
}
