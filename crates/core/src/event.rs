//! What can happen, as the journal stores it: the meaning of an operation's payload. Closed and versioned: numbers
//! are never reused, fields are only added. The journal itself does not look inside. Knows nothing of decisions
//! (that is `case`) or of storage.

mod codec;
mod filing;
mod findings;
mod level;
mod outage;
mod papers;
mod parts;
mod payment;
mod referral;

pub use filing::{Filing, Listing, Quarantined};
pub use findings::{Draw, Replied};
pub use level::Level;
pub use outage::{Outage, OutageScope};
pub use papers::{Collector, PersonPaper, Relation};
pub use parts::{Account, CityResult, EventError, Promise};
pub use payment::{
    ACCOUNT_FIELDS, AccountCorrection, BankAccount, BankFile, DeductEntry, DeductPerson, DeductionSheet,
    LineFinding, LineResult, MAX_LINES, PayEntry, PayKind, Payee, PayeeKind, PaymentSheet, Recovery,
    ReturnTaken,
};
pub use referral::{
    Answer, CorrectionAsked, Decision, Held, MAX_PARCEL_ENTRIES, ParcelBody, ParcelBodyFault, Proposal,
    Referral, Who,
};

use crate::findings::{Doctor, Raised};
use crate::form::{FormData, Seat};
use crate::money::Fen;
use crate::policy::Settlement;
use crate::register::Change;

/// One thing the applicant must put right (补正): where, why, by which article.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Demand {
    /// Field path or `mat.<id>` of a material; empty when it concerns the whole case.
    #[n(0)]
    pub path: String,
    /// What is wrong and what to bring.
    #[n(1)]
    pub reason: String,
    /// Article the demand rests on.
    #[n(2)]
    pub article: String,
}

/// What a reviewer decided.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub enum Verdict {
    /// Agreed: the case goes to the next level, or takes effect.
    #[n(0)]
    Passed,
    /// Sent back for supplement (补正).
    #[n(1)]
    Returned {
        /// One complete notice: everything at once (003 A35).
        #[n(0)]
        demands: Vec<Demand>,
    },
    /// Closed without effect (退件).
    #[n(2)]
    Rejected {
        /// Reason told to the applicant (003 A11).
        #[n(0)]
        reason: String,
        /// Article.
        #[n(1)]
        article: String,
    },
}

/// Kind of [`Event::CityAnswered`]: alone in the journal it is no reason to send anything.
pub const CITY_ANSWERED: u16 = 30;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub enum Event {
    /// The station was set up.
    #[n(0)]
    StationFounded {
        /// Name of the office.
        #[n(0)]
        name: String,
        /// Township, 9-digit division code padded to 12.
        #[n(1)]
        township: String,
        /// Seats whose levels this station decides; empty means the township alone.
        #[n(2)]
        #[cbor(default)]
        seats: Vec<Seat>,
    },
    /// An account was added, or changed: the whole new record.
    #[n(1)]
    AccountPut {
        /// The record.
        #[n(0)]
        account: Account,
    },
    /// Records taken over from the predecessor system (期初数据).
    #[n(2)]
    RegisterLoaded {
        /// Where they come from.
        #[n(0)]
        origin: String,
        /// The records.
        #[n(1)]
        changes: Vec<Change>,
    },
    /// The station decides for these seats from now on.
    #[n(3)]
    SeatsSet {
        /// Seats.
        #[n(0)]
        seats: Vec<Seat>,
    },
    /// Parcels of another station are believed from now on; no seats: no more.
    #[n(4)]
    PeerTrusted {
        /// Station.
        #[n(0)]
        station: String,
        /// Its Ed25519 key.
        #[n(1)]
        #[cbor(with = "minicbor::bytes")]
        key: [u8; 32],
        /// Seats that it decides for.
        #[n(2)]
        seats: Vec<Seat>,
    },
    /// A parcel for another station was made: referrals up, answers back.
    #[n(5)]
    ParcelSent {
        /// Station it is for.
        #[n(0)]
        to: String,
        /// Number among the parcels for that station, from 1.
        #[n(1)]
        no: u64,
        /// SHA-256 of the file.
        #[n(2)]
        #[cbor(with = "minicbor::bytes")]
        digest: [u8; 32],
        /// Cases in it, by their ids here.
        #[n(3)]
        cases: Vec<[u8; 16]>,
    },
    /// A parcel of another station was taken in.
    #[n(6)]
    ParcelTaken {
        /// Station it comes from.
        #[n(0)]
        from: String,
        /// Its number.
        #[n(1)]
        no: u64,
        /// SHA-256 of the file.
        #[n(2)]
        #[cbor(with = "minicbor::bytes")]
        digest: [u8; 32],
        /// The last parcel of ours that the other station has taken in.
        #[n(3)]
        acked: u64,
        /// What was not taken in, with the reason.
        #[n(4)]
        quarantined: Vec<Quarantined>,
    },
    /// 受理.
    #[n(10)]
    CaseAccepted {
        /// Printed number.
        #[n(0)]
        number: String,
        /// What was handed in.
        #[n(1)]
        filing: Filing,
        /// Promised day.
        #[n(2)]
        promise: Promise,
    },
    /// 不予受理.
    #[n(11)]
    CaseRefused {
        /// Printed number.
        #[n(0)]
        number: String,
        /// What was handed in.
        #[n(1)]
        filing: Filing,
        /// Reason told to the applicant.
        #[n(2)]
        reason: String,
        /// Article.
        #[n(3)]
        article: String,
    },
    /// A level decided.
    #[n(12)]
    Reviewed {
        /// Which level.
        #[n(0)]
        level: Level,
        /// What it decided.
        #[n(1)]
        verdict: Verdict,
        /// Opinion, as printed.
        #[n(2)]
        opinion: String,
    },
    /// Handed in again after a supplement.
    #[n(13)]
    Resubmitted {
        /// Values and materials now.
        #[n(0)]
        data: FormData,
        /// New promise: the days left when the clock stopped, counted from the resubmission.
        #[n(1)]
        promise: Promise,
        /// Certificate numbers of everyone concerned now.
        #[n(2)]
        subjects: Vec<String>,
        /// What the case is listed under now; none in journals that are older than this field.
        #[n(3)]
        listing: Option<Listing>,
    },
    /// 撤回, before effect.
    #[n(14)]
    Withdrawn {
        /// Reason.
        #[n(0)]
        reason: String,
    },
    /// The case takes effect: the register changes, the settlement is fixed.
    #[n(15)]
    TookEffect {
        /// Changes of the register.
        #[n(0)]
        changes: Vec<Change>,
        /// Settlement, for a reimbursement.
        #[n(1)]
        settlement: Option<Settlement>,
        /// What is given back of a contribution that was paid twice (the exception to 003 A28), fen: paid through a list;
        /// none in journals that are older than this field, whose refunds went another way.
        #[n(2)]
        refund: Option<Fen>,
    },
    /// 冲正 asked for, after effect.
    #[n(16)]
    ReversalProposed {
        /// Reason.
        #[n(0)]
        reason: String,
    },
    /// 冲正 done: the opposite changes.
    #[n(17)]
    Reversed {
        /// Changes that undo the effect.
        #[n(0)]
        changes: Vec<Change>,
        /// The exact negative of the settlement that the effect fixed (退费结算); none where there was no settlement, and in
        /// journals that are older than this field.
        #[n(1)]
        settlement: Option<Settlement>,
    },
    /// A case of another station came in for the levels that sit here (接收送审).
    #[n(18)]
    CaseReferred {
        /// Station that sent it.
        #[n(0)]
        station: String,
        /// Number of the parcel that brought it.
        #[n(1)]
        no: u64,
        /// The last level that is decided here.
        #[n(2)]
        last: Level,
        /// The case.
        #[n(3)]
        referral: Box<Referral>,
    },
    /// A level decided at an upper station (上级审核); its answer came back.
    #[n(19)]
    DecidedAbove {
        /// What was decided, by whom, when and where.
        #[n(0)]
        decision: Decision,
    },
    /// The answer of the upper station had no effect: the register says no by now, or the case was not taken in there. It
    /// goes up again with this reason.
    #[n(22)]
    AnswerHeld {
        /// Why, as a sentence.
        #[n(0)]
        reason: String,
    },
    /// A document left the printer or was saved.
    #[n(20)]
    Printed {
        /// Template id.
        #[n(0)]
        document: String,
        /// Template version.
        #[n(1)]
        version: u32,
        /// SHA-256 of the PDF, hex.
        #[n(2)]
        hash: String,
        /// Pages.
        #[n(3)]
        pages: u32,
        /// Which copy: 1 is the original, later ones are marked 补打.
        #[n(4)]
        copy: u32,
        /// The check code in the copy's QR code; none before copies carried one.
        #[n(5)]
        code: Option<String>,
        /// Who took the paper: recorded for every copy after the original.
        #[n(6)]
        collector: Option<Collector>,
        /// Only the values were printed, on pre-printed stock (套打).
        #[n(7)]
        #[cbor(default)]
        values_only: bool,
    },
    /// A paper about a person was given out of the register, without a case (003 A19).
    #[n(21)]
    PersonPaperIssued {
        /// The paper.
        #[n(0)]
        paper: PersonPaper,
    },
    /// The city took a range of this journal and decided about its operations.
    #[n(30)]
    CityAnswered {
        /// Receipt identifier.
        #[n(0)]
        receipt: String,
        /// Everything up to this operation is in the city's copy of the chain.
        #[n(1)]
        through: u64,
        /// Operations that were not simply accepted.
        #[n(2)]
        results: Vec<CityResult>,
    },
    /// An outage was noticed, or an earlier notice with the same document corrected (002).
    #[n(40)]
    OutageNoticed {
        /// The notice.
        #[n(0)]
        outage: Outage,
    },
    /// The outage of a notice is over.
    #[n(41)]
    OutageEnded {
        /// Document of the notice.
        #[n(0)]
        document: String,
        /// When it ended, milliseconds since 1970.
        #[n(1)]
        to_ms: i64,
    },
    /// A payment list was made (付款单); its cases are in it.
    #[n(50)]
    PaymentListMade {
        /// The list.
        #[n(0)]
        sheet: Box<PaymentSheet>,
    },
    /// A second finance person approved it (003 A97).
    #[n(51)]
    PaymentListApproved {
        /// Number of the list.
        #[n(0)]
        no: String,
    },
    /// It was given up before its file was written: its cases are due again.
    #[n(52)]
    PaymentListClosed {
        /// Number of the list.
        #[n(0)]
        no: String,
        /// Reason.
        #[n(1)]
        reason: String,
    },
    /// Its file for the bank was written.
    #[n(53)]
    PaymentExported {
        /// Number of the list.
        #[n(0)]
        no: String,
        /// The file.
        #[n(1)]
        file: BankFile,
    },
    /// The bank's answer was taken in, whole or in part.
    #[n(54)]
    PaymentReturned {
        /// Number of the list.
        #[n(0)]
        no: String,
        /// What it said.
        #[n(1)]
        taken: ReturnTaken,
    },
    /// Money of a reversed case came back.
    #[n(55)]
    PaymentRecovered {
        /// How much, when, by which voucher.
        #[n(0)]
        recovery: Recovery,
    },
    /// Another bank account is asked for, after effect: reviewed from the first level on (reliability 10).
    #[n(56)]
    AccountCorrected {
        /// The account.
        #[n(0)]
        correction: AccountCorrection,
    },
    /// Every level agreed to the other account.
    #[n(57)]
    AccountTaken,
    /// A deduction list was made and its file written.
    #[n(60)]
    DeductionMade {
        /// The list.
        #[n(0)]
        sheet: Box<DeductionSheet>,
    },
    /// The bank's answer about deductions was taken in: what was booked is in the register.
    #[n(61)]
    DeductionReturned {
        /// Number of the list.
        #[n(0)]
        no: String,
        /// What it said.
        #[n(1)]
        taken: ReturnTaken,
        /// Contributions and entitlements that follow.
        #[n(2)]
        changes: Vec<Change>,
    },
    /// Contributions that came another way than by deduction were booked by their voucher (003 A23-A25, A95).
    #[n(62)]
    ContributionsBooked {
        /// Number of the voucher.
        #[n(0)]
        voucher: String,
        /// Contributions and entitlements that follow.
        #[n(1)]
        changes: Vec<Change>,
        /// Money that came in twice and was not booked, as sentences.
        #[n(2)]
        findings: Vec<String>,
    },
    /// Something more was found in a claim that was taken in already.
    #[n(70)]
    FindingsRaised {
        /// The findings.
        #[n(0)]
        findings: Vec<Raised>,
    },
    /// A reviewer looked at a finding and answered it.
    #[n(71)]
    FindingAnswered {
        /// For which level.
        #[n(0)]
        level: Level,
        /// Which finding, and the answer.
        #[n(1)]
        replied: Replied,
    },
    /// Doctors of the insurance were listed (003 A54, A56): each replaces the record of the same hospital, doctor and day.
    #[n(72)]
    DoctorsListed {
        /// The file they come from.
        #[n(0)]
        origin: String,
        /// The records.
        #[n(1)]
        doctors: Vec<Doctor>,
    },
    /// Cases were drawn for a second look (003 A120).
    #[n(73)]
    SampleDrawn {
        /// The draw.
        #[n(0)]
        draw: Draw,
    },
}

impl Event {
    /// The number that the envelope carries.
    pub fn kind(&self) -> u16 {
        match self {
            Self::StationFounded { .. } => 0,
            Self::AccountPut { .. } => 1,
            Self::RegisterLoaded { .. } => 2,
            Self::SeatsSet { .. } => 3,
            Self::PeerTrusted { .. } => 4,
            Self::ParcelSent { .. } => 5,
            Self::ParcelTaken { .. } => 6,
            Self::CaseAccepted { .. } => 10,
            Self::CaseRefused { .. } => 11,
            Self::Reviewed { .. } => 12,
            Self::Resubmitted { .. } => 13,
            Self::Withdrawn { .. } => 14,
            Self::TookEffect { .. } => 15,
            Self::ReversalProposed { .. } => 16,
            Self::Reversed { .. } => 17,
            Self::CaseReferred { .. } => 18,
            Self::DecidedAbove { .. } => 19,
            Self::Printed { .. } => 20,
            Self::PersonPaperIssued { .. } => 21,
            Self::AnswerHeld { .. } => 22,
            Self::CityAnswered { .. } => CITY_ANSWERED,
            Self::OutageNoticed { .. } => 40,
            Self::OutageEnded { .. } => 41,
            Self::PaymentListMade { .. } => 50,
            Self::PaymentListApproved { .. } => 51,
            Self::PaymentListClosed { .. } => 52,
            Self::PaymentExported { .. } => 53,
            Self::PaymentReturned { .. } => 54,
            Self::PaymentRecovered { .. } => 55,
            Self::AccountCorrected { .. } => 56,
            Self::AccountTaken => 57,
            Self::DeductionMade { .. } => 60,
            Self::DeductionReturned { .. } => 61,
            Self::ContributionsBooked { .. } => 62,
            Self::FindingsRaised { .. } => 70,
            Self::FindingAnswered { .. } => 71,
            Self::DoctorsListed { .. } => 72,
            Self::SampleDrawn { .. } => 73,
        }
    }

    /// What the timeline calls it.
    pub fn label(&self) -> &'static str {
        match self {
            Self::StationFounded { .. } => "建站",
            Self::AccountPut { .. } => "账号",
            Self::RegisterLoaded { .. } => "期初数据",
            Self::SeatsSet { .. } => "审核层级",
            Self::PeerTrusted { .. } => "信任站点",
            Self::ParcelSent { .. } => "送审件发出",
            Self::ParcelTaken { .. } => "送审件收到",
            Self::CaseAccepted { .. } => "受理",
            Self::CaseRefused { .. } => "不予受理",
            Self::Reviewed { level, .. } => level.label(),
            Self::Resubmitted { .. } => "补正再交",
            Self::Withdrawn { .. } => "撤回",
            Self::TookEffect { .. } => "生效",
            Self::ReversalProposed { .. } => "申请冲正",
            Self::Reversed { .. } => "冲正",
            Self::CaseReferred { .. } => "接收送审",
            Self::DecidedAbove { decision } => decision.level.label(),
            Self::AnswerHeld { .. } => "未生效待再送审",
            Self::Printed { .. } => "打印",
            Self::PersonPaperIssued { .. } => "出具证明",
            Self::CityAnswered { .. } => "市级回执",
            Self::OutageNoticed { .. } => "停机通知",
            Self::OutageEnded { .. } => "停机恢复",
            Self::PaymentListMade { .. } => "列入付款单",
            Self::PaymentListApproved { .. } => "付款单复核",
            Self::PaymentListClosed { .. } => "退出付款单",
            Self::PaymentExported { .. } => "报盘",
            Self::PaymentReturned { .. } => "银行回盘",
            Self::PaymentRecovered { .. } => "追回到账",
            Self::AccountCorrected { .. } => "更正账户",
            Self::AccountTaken => "账户更正生效",
            Self::DeductionMade { .. } => "代扣报盘",
            Self::DeductionReturned { .. } => "代扣回盘",
            Self::ContributionsBooked { .. } => "缴费入账",
            Self::FindingsRaised { .. } => "核查发现",
            Self::FindingAnswered { .. } => "核查答复",
            Self::DoctorsListed { .. } => "医师登记",
            Self::SampleDrawn { .. } => "抽样复查",
        }
    }
}
