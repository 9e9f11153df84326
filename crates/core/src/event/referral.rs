//! What two stations hand each other about a case: the township's referral to an upper seat (送审) and the upper seat's
//! answer (审批结果). Knows persons, decisions and values; must not know files, signatures or who is allowed to decide.

use super::{AccountCorrection, Filing, Level, Promise, Replied, Verdict};
use crate::form::Seat;
use crate::identity::text::is_refused;
use crate::policy::Settlement;
use crate::register::Change;

/// Most cases and answers in one parcel.
pub const MAX_PARCEL_ENTRIES: usize = 200;
/// Longest text in a parcel, bytes.
const MAX_TEXT: usize = 8 * 1024;

/// A natural person at a station, as the other one must know them: for separation (003 A74), recusal (003 A117), and
/// the name on paper.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Who {
    /// Station; empty for the one that holds the record.
    #[n(0)]
    pub station: String,
    /// Identifier of the natural person within that station.
    #[n(1)]
    pub person: String,
    /// Account.
    #[n(2)]
    pub account: String,
    /// Name on screen and paper.
    #[n(3)]
    pub name: String,
    /// Certificate number: the same number at two stations is the same natural person.
    #[n(4)]
    pub certno: String,
}

impl Who {
    /// Identifier of the person among the persons of all stations: no person of this station is ever called so.
    pub fn person_id(&self) -> String {
        self.qualified(&self.person)
    }

    /// The same for the account.
    pub fn account_id(&self) -> String {
        self.qualified(&self.account)
    }

    fn qualified(&self, id: &str) -> String {
        // Neither station ids nor persons contain a slash.
        if self.station.is_empty() { id.to_owned() } else { format!("{}/{id}", self.station) }
    }
}

/// One decision of one level, with who, when and where.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Decision {
    /// Who decided.
    #[n(0)]
    pub by: Who,
    /// When: milliseconds since 1970 by that station's clock.
    #[n(1)]
    pub wall_ms: i64,
    /// Where the level sits.
    #[n(2)]
    pub seat: Seat,
    /// Level.
    #[n(3)]
    pub level: Level,
    /// Verdict.
    #[n(4)]
    pub verdict: Verdict,
    /// Opinion, as printed.
    #[n(5)]
    pub opinion: String,
    /// Round of the case.
    #[n(6)]
    pub round: u16,
    /// The decision was about a reversal.
    #[n(7)]
    pub reversal: bool,
    /// What the person answered to the findings of the case before deciding.
    #[n(8)]
    #[cbor(default)]
    pub answers: Vec<Replied>,
    /// The decision was about another bank account; none where it was not, as in every decision from before corrections
    /// went to upper seats.
    #[n(9)]
    pub account: Option<bool>,
}

impl Decision {
    /// Whether it was about another bank account.
    pub fn is_account(&self) -> bool {
        self.account == Some(true)
    }
}

/// Another bank account that waits for an upper seat (reliability 10).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct CorrectionAsked {
    /// Who asked for it.
    #[n(0)]
    pub by: Who,
    /// When, milliseconds since 1970.
    #[n(1)]
    pub wall_ms: i64,
    /// The account.
    #[n(2)]
    pub correction: AccountCorrection,
}

/// A proposed reversal (冲正) that waits for an upper seat.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Proposal {
    /// Who asked for it.
    #[n(0)]
    pub by: Who,
    /// When, milliseconds since 1970.
    #[n(1)]
    pub wall_ms: i64,
    /// Reason.
    #[n(2)]
    pub reason: String,
    /// What would be undone.
    #[n(3)]
    pub changes: Vec<Change>,
}

/// What the register holds beside a value of the form.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Held {
    /// Field path.
    #[n(0)]
    pub path: String,
    /// Value as people read it.
    #[n(1)]
    pub value: String,
}

/// A case on its way up, complete in itself: the upper seat has no other register to look into.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Referral {
    /// Case id at the township.
    #[n(0)]
    pub case_id: [u8; 16],
    /// Printed number.
    #[n(1)]
    pub number: String,
    /// What was handed in, with form id, version, hash, levels and seats.
    #[n(2)]
    pub filing: Filing,
    /// Promised day.
    #[n(3)]
    pub promise: Promise,
    /// When it was accepted, milliseconds since 1970.
    #[n(4)]
    pub accepted_ms: i64,
    /// Round of the case, from 1.
    #[n(5)]
    pub round: u16,
    /// The level that it waits for.
    #[n(6)]
    pub level: Level,
    /// Everybody who typed its data: first-level work.
    #[n(7)]
    pub entered_by: Vec<Who>,
    /// All decisions so far, of all rounds and stations.
    #[n(8)]
    pub decisions: Vec<Decision>,
    /// The reversal that is asked for, if that is what waits.
    #[n(9)]
    pub reversal: Option<Proposal>,
    /// Register values beside the form's.
    #[n(10)]
    pub before: Vec<Held>,
    /// Settlement, rehearsed when it was sent, or fixed for a reversal.
    #[n(11)]
    pub settlement: Option<Settlement>,
    /// Why it could not take effect when it was sent, as a sentence; empty when it could.
    #[n(12)]
    pub obstacle: String,
    /// What came of an earlier answer, when it is sent once more; empty otherwise.
    #[n(13)]
    pub note: String,
    /// The other bank account that is asked for, if that is what waits.
    #[n(14)]
    pub correction: Option<CorrectionAsked>,
    /// Persons who changed the bank account of the case so far: they decide nothing of it any more.
    #[n(15)]
    #[cbor(default)]
    pub editors: Vec<Who>,
}

/// What the upper seat decided about one referral.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Answer {
    /// Case id at the township.
    #[n(0)]
    pub case_id: [u8; 16],
    /// Printed number.
    #[n(1)]
    pub number: String,
    /// The parcel that brought the case.
    #[n(2)]
    pub no: u64,
    /// Round that was decided.
    #[n(3)]
    pub round: u16,
    /// The decisions made there, in order.
    #[n(4)]
    pub decisions: Vec<Decision>,
    /// Why the case was not taken in at all, as a sentence; empty when it was decided.
    #[n(5)]
    pub declined: String,
}

/// What one parcel holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct ParcelBody {
    /// Cases on their way up.
    #[n(0)]
    pub referrals: Vec<Referral>,
    /// Answers on their way back.
    #[n(1)]
    pub answers: Vec<Answer>,
}

/// The content of a parcel is not to be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParcelBodyFault {
    /// Not the encoding of a body.
    #[error("the content cannot be read: {0}")]
    Unreadable(String),
    /// A text is too long or holds characters that no field accepts.
    #[error("a text is too long or holds control characters")]
    Text,
    /// More entries than one parcel may hold.
    #[error("{0} entries are more than a parcel may hold")]
    TooMany(usize),
}

impl ParcelBody {
    /// Canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads a body that a peer wrote. Every text in it, wherever it stands, is checked before anything is used: nothing
    /// that a peer typed reaches a terminal or a paper unfiltered.
    ///
    /// # Errors
    /// When it is no body, has a tail, holds too much, or a text is not to be shown.
    pub fn decode(bytes: &[u8]) -> Result<Self, ParcelBodyFault> {
        let unreadable = |fault: minicbor::decode::Error| ParcelBodyFault::Unreadable(fault.to_string());
        let mut decoder = minicbor::Decoder::new(bytes);
        let body: Self = decoder.decode().map_err(unreadable)?;
        if decoder.position() != bytes.len() {
            return Err(ParcelBodyFault::Unreadable("bytes after the content".to_owned()));
        }
        let entries = body.referrals.len().saturating_add(body.answers.len());
        if entries > MAX_PARCEL_ENTRIES {
            return Err(ParcelBodyFault::TooMany(entries));
        }
        check_texts(bytes).map_err(unreadable)?.then_some(()).ok_or(ParcelBodyFault::Text)?;
        Ok(body)
    }
}

/// Walks the items of an encoding one after the other; whether every text may be shown.
fn check_texts(bytes: &[u8]) -> Result<bool, minicbor::decode::Error> {
    use minicbor::data::Type;
    let mut decoder = minicbor::Decoder::new(bytes);
    while decoder.position() < bytes.len() {
        match decoder.datatype()? {
            // Entering a container and not skipping it is what makes the walk reach everything.
            Type::Array => drop(decoder.array()?),
            Type::Map => drop(decoder.map()?),
            Type::Tag => drop(decoder.tag()?),
            Type::String if !is_sober(decoder.str()?) => return Ok(false),
            Type::String => {}
            // This program writes no open-ended items.
            Type::StringIndef | Type::ArrayIndef | Type::MapIndef | Type::BytesIndef => return Ok(false),
            _ => decoder.skip()?,
        }
    }
    Ok(true)
}

fn is_sober(text: &str) -> bool {
    // Opinions and addresses may have several lines.
    text.len() <= MAX_TEXT && !text.chars().any(|found| found != '\n' && is_refused(found))
}

impl Referral {
    /// Why the township's own part of the case is not as it must be, as a sentence; none when it is: levels in order,
    /// each earlier one agreed in this round, all by different natural persons whose certificate numbers are known
    /// (003 A74, A121).
    pub fn fault(&self) -> Option<String> {
        let levels = &self.filing.levels;
        let reversal = self.reversal.is_some();
        let named = levels.contains(&self.level) || (reversal && self.level != Level::Initial);
        if levels.is_empty() || !levels.is_sorted_by(|a, b| a < b) || !named {
            return Some("送审件的审核级次不完整".to_owned());
        }
        let persons = self.entered_by.iter().chain(self.decisions.iter().map(|decision| &decision.by));
        let persons = persons.chain(self.reversal.iter().map(|proposal| &proposal.by));
        let persons = persons.chain(self.correction.iter().map(|asked| &asked.by)).chain(&self.editors);
        if self.entered_by.is_empty() || persons.clone().any(|who| who.certno.is_empty()) {
            return Some("经办或审核人员没有登记证件号，无法核对是否为不同的人（003 A74）".to_owned());
        }
        if persons.clone().any(|who| self.filing.subjects.contains(&who.certno)) {
            return Some("经办或审核人员与本件有利害关系（003 A117）".to_owned());
        }
        let own: Vec<&Decision> = self.decisions.iter().filter(|d| d.reversal == reversal).collect();
        let mixed = own.iter().enumerate().any(|(at, one)| {
            own.iter().skip(at + 1).any(|two| one.level != two.level && one.by.certno == two.by.certno)
        });
        let typed = |decision: &&Decision| {
            !reversal
                && (decision.level != Level::Initial || self.filing.two_hands)
                && self.entered_by.iter().any(|who| who.certno == decision.by.certno)
        };
        let proposed = |decision: &&Decision| {
            self.reversal.as_ref().is_some_and(|proposal| proposal.by.certno == decision.by.certno)
        };
        // Who changed the account agrees to no account (reliability 10).
        let edited = |decision: &&Decision| {
            decision.is_account() && self.editors.iter().any(|who| who.certno == decision.by.certno)
        };
        if mixed || own.iter().any(typed) || own.iter().any(proposed) || own.iter().any(edited) {
            return Some("同一人办理了本件的两个级次（003 A74、A121）".to_owned());
        }
        let agreed = |level: Level| {
            let about = |d: &Decision| d.is_account() == self.correction.is_some();
            let last = own.iter().rev().find(|d| d.level == level && d.round == self.round && about(d));
            last.is_some_and(|decision| decision.verdict == Verdict::Passed)
        };
        let earlier = if reversal { vec![Level::Recheck] } else { levels.clone() };
        let missing = earlier.into_iter().find(|level| *level < self.level && !agreed(*level));
        missing.map(|level| format!("缺少{}意见", level.label()))
    }
}
