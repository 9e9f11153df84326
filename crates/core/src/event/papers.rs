//! What the journal keeps of paper that people carry away. Knows texts and numbers; must not know layout or files.

/// Who takes a printed copy from the window.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Collector {
    /// Name.
    #[n(0)]
    pub name: String,
    /// For whom.
    #[n(1)]
    pub relation: Relation,
}

/// Whether the person of the case or somebody for them stands at the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Relation {
    /// 本人.
    #[n(1)]
    Person,
    /// 代办人.
    #[n(2)]
    Agent,
}

impl Relation {
    /// Both, in the order of pick lists.
    pub const ALL: [Self; 2] = [Self::Person, Self::Agent];

    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Person => "本人",
            Self::Agent => "代办人",
        }
    }

    /// The word in commands and files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Agent => "agent",
        }
    }
}

/// A paper about a person, as it was given out: what proves it later (003 A18-A19; 人社部令第14号).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct PersonPaper {
    /// Person number.
    #[n(0)]
    pub psn_no: String,
    /// Template id.
    #[n(1)]
    pub document: String,
    /// Template version.
    #[n(2)]
    pub version: u32,
    /// Printed number.
    #[n(3)]
    pub number: String,
    /// Verification code over the content, as printed.
    #[n(4)]
    pub code: String,
    /// What for: a code of the closed list of purposes.
    #[n(5)]
    pub purpose: String,
    /// What backs the purpose: who, which letter of authority, which document number; may be empty for the person.
    #[n(6)]
    pub backing: String,
    /// Last day it may be relied on, `YYYY-MM-DD`.
    #[n(7)]
    pub valid_to: String,
    /// Numbers stand in full on it.
    #[n(8)]
    pub unmasked: bool,
    /// SHA-256 of the PDF, hex.
    #[n(9)]
    pub hash: String,
    /// Pages.
    #[n(10)]
    pub pages: u32,
    /// How many of this kind the person has been given, this one included.
    #[n(11)]
    pub copy: u32,
}
