//! What was found in a claim, as it is journalled with the case, and how a reviewer can answer it. Knows texts; must not
//! know the rules that gave them: a changed rule never re-judges a case.

/// What a finding asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Weight {
    /// The claim is not taken in, and not agreed to, while it holds.
    #[n(0)]
    Block,
    /// Each level looks at it and answers before it agrees.
    #[n(1)]
    Answer,
    /// Said, and no more.
    #[n(2)]
    Inform,
}

impl Weight {
    /// Every weight.
    pub const ALL: [Self; 3] = [Self::Block, Self::Answer, Self::Inform];

    /// Identifier in data files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Answer => "answer",
            Self::Inform => "inform",
        }
    }

    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Block => "不能办理",
            Self::Answer => "须答复",
            Self::Inform => "提示",
        }
    }
}

/// A reviewer's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Reply {
    /// 已查明: looked at, and nothing stands in the way of paying.
    #[n(0)]
    Explained,
    /// 属实: the doubt holds; who says so cannot agree, but returns or rejects.
    #[n(1)]
    Sustained,
}

impl Reply {
    /// Identifier for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Explained => "explained",
            Self::Sustained => "sustained",
        }
    }

    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Explained => "已查明",
            Self::Sustained => "属实",
        }
    }
}

/// One fact that the finding rests on, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Evidence {
    /// What it is.
    #[n(0)]
    pub label: String,
    /// The fact.
    #[n(1)]
    pub value: String,
}

/// One finding about one claim, complete in itself: it is read at another station too.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Raised {
    /// Reason code, e.g. `PJ02`.
    #[n(0)]
    pub code: String,
    /// What it is about, when a rule can find several things in one claim: an invoice, another case. With the code it
    /// tells two findings apart.
    #[n(1)]
    pub about: String,
    /// Short name.
    #[n(2)]
    pub title: String,
    /// The sentence.
    #[n(3)]
    pub sentence: String,
    /// What to do; may be empty.
    #[n(4)]
    pub todo: String,
    /// Article.
    #[n(5)]
    pub article: String,
    /// Document.
    #[n(6)]
    pub document: String,
    /// The rule, or a figure in it, is only a sample (示例).
    #[n(7)]
    pub sample: bool,
    /// What it asks for.
    #[n(8)]
    pub weight: Weight,
    /// Identifiers of the levels that answer it; empty: every level.
    #[n(9)]
    pub levels: Vec<String>,
    /// The facts it rests on.
    #[n(10)]
    pub evidence: Vec<Evidence>,
    /// Printed number of the other case it points at; empty when it points at none.
    #[n(11)]
    pub case_no: String,
}

impl Raised {
    /// Whether it is the same finding as one with this code and subject.
    pub fn is(&self, code: &str, about: &str) -> bool {
        self.code == code && self.about == about
    }

    /// Whether the level with this identifier answers it.
    pub fn asks(&self, level: &str) -> bool {
        self.weight == Weight::Answer && (self.levels.is_empty() || self.levels.iter().any(|id| id == level))
    }
}

/// What was found when a case was handed in, and by which rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Pinned {
    /// Fingerprint of the rules: other rules say nothing about this case later.
    #[n(0)]
    pub pack: String,
    /// The findings.
    #[n(1)]
    pub list: Vec<Raised>,
}
