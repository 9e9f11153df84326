//! The kinds of values as words of a form file, with the lengths they have where the file names none. Knows no fields.

use super::def::Kind;

impl Kind {
    /// The word that names the kind in a form file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Note => "note",
            Self::Name => "name",
            Self::Date => "date",
            Self::Month => "month",
            Self::Money => "money",
            Self::Int => "int",
            Self::Ratio => "ratio",
            Self::Decimal => "decimal",
            Self::Code => "code",
            Self::Flag => "flag",
            Self::Certificate => "certificate",
            Self::Phone => "phone",
            Self::Bank => "bank",
        }
    }

    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::Text,
        Self::Note,
        Self::Name,
        Self::Date,
        Self::Month,
        Self::Money,
        Self::Int,
        Self::Ratio,
        Self::Decimal,
        Self::Code,
        Self::Flag,
        Self::Certificate,
        Self::Phone,
        Self::Bank,
    ];

    /// The kind a word of a form file names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }

    /// Greatest number of characters where the file names none (lengths of the national interface).
    pub fn default_max(self) -> usize {
        match self {
            Self::Text => 100,
            Self::Note => 500,
            Self::Name | Self::Certificate => 50,
            Self::Date | Self::Month => 10,
            Self::Money | Self::Decimal => 17,
            Self::Int => 9,
            Self::Ratio => 6,
            Self::Code => 20,
            Self::Flag => 1,
            Self::Phone => 20,
            Self::Bank => 32,
        }
    }
}
