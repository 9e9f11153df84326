//! Taking in a parcel of another station: who signed it, which number it has, then each case or answer on its own by the
//! same table that decides everything. What does not fit is kept apart with its reason; the rest is taken in. The same
//! file again changes nothing. Knows parcels and cases; must not know folders' layout.

use std::path::{Path, PathBuf};

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};
use xiangbao_core::case::{Case, Command, Effect, Refusal, Status};
use xiangbao_core::event::{Answer, Event, Level, ParcelBody, Quarantined, Referral, Verdict};
use xiangbao_core::form::Seat;
use xiangbao_core::identity::text::display_safe;
use xiangbao_core::journal::{Limits, OpenedParcel, PARCEL_EXTENSION, ParcelFault, open_parcel, peek_parcel};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::levels_of::highest;
use super::route_export::{declined_key, kept_removal};
use super::station::Station;
use crate::store::{Peer, Snapshot, local_write};
use crate::sync::read_bounded;

/// Why a parcel was not taken in at all.
#[derive(Debug, thiserror::Error)]
pub enum RouteFault {
    /// Not a parcel, or a program newer than this one made it.
    #[error("not a parcel: {0}")]
    NotAParcel(#[source] ParcelFault),
    /// It claims to come from a station that nobody pinned.
    #[error("station {0} is not trusted here")]
    UnknownSender(String),
    /// It was made here.
    #[error("the parcel was made here")]
    Own,
    /// It is for somebody else.
    #[error("the parcel is for station {0}")]
    NotForUs(String),
    /// Not signed by the pinned key, or altered since.
    #[error("parcel of {station}: {fault}")]
    Tampered {
        /// Claimed sender.
        station: String,
        /// What does not hold.
        #[source]
        fault: ParcelFault,
    },
    /// An earlier one is missing.
    #[error("parcel {found} of {station}: number {wanted} comes first")]
    Gap {
        /// Sender.
        station: String,
        /// The number that is missing.
        wanted: u64,
        /// The number of this one.
        found: u64,
    },
    /// Another one with this number was taken in.
    #[error("parcel {no} of {station} was taken in with other content")]
    OtherContent {
        /// Sender.
        station: String,
        /// Number.
        no: u64,
    },
    /// The content cannot be used.
    #[error("content of the parcel: {0}")]
    Content(String),
}

impl RouteFault {
    /// The sentence for the clerk.
    pub fn zh(&self) -> String {
        match self {
            Self::NotAParcel(_) => "这不是送审包，或文件不完整。请让对方重新导出。".to_owned(),
            Self::UnknownSender(station) => format!(
                "{station} 站没有登记，送审包没有收下。确认来源后请管理员执行 xiangbao route trust --station {station} --key 公钥。"
            ),
            Self::Own => "这是本站发出的送审包，请交给对方导入。".to_owned(),
            Self::NotForUs(to) => format!("这个送审包是给 {to} 站的，本站不收。"),
            Self::Tampered { station, .. } => {
                format!(
                    "送审包不是 {station} 站登记的公钥签的，或已被改动，没有收下。请让对方重新导出，并核对公钥。"
                )
            }
            Self::Gap { station, wanted, found } => {
                format!("{station} 站的第 {found} 号包来早了：请先导入第 {wanted} 号。")
            }
            Self::OtherContent { station, no } => {
                format!(
                    "{station} 站的第 {no} 号包已收过，内容与这个不同，没有收下。对方的数据可能回退过，请两站核对。"
                )
            }
            Self::Content(_) => "送审包的内容不能使用，没有收下。请两站核对程序版本。".to_owned(),
        }
    }
}

/// What came of a parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Sender.
    pub from: String,
    /// Its number.
    pub no: u64,
    /// It had been taken in before: nothing changed.
    pub repeated: bool,
    /// Cases taken in for review.
    pub referrals: usize,
    /// Answers taken in.
    pub answers: usize,
    /// What was kept apart, with the reason.
    pub quarantined: Vec<Quarantined>,
}

/// What became of one file of a folder.
pub type FileOutcome = (PathBuf, Result<Imported, RouteFault>);

impl Station {
    /// Takes in a parcel file.
    ///
    /// # Errors
    /// When the actor may not, the file is refused (nothing has happened then), or the store fails.
    pub fn route_import(&self, actor: &Actor, file: &Path) -> Result<Imported, AppError> {
        self.authorize(actor, Action::Sync, &Subject::none())?;
        let bytes = read_bounded(file, Limits::V1.sealed_bytes)
            .map_err(|source| AppError::File { path: file.to_owned(), source })?;
        let _turn = self.store.turn();
        let head = peek_parcel(&bytes).map_err(RouteFault::NotAParcel)?;
        let own = &self.store.identity().station;
        if head.from == *own {
            return Err(RouteFault::Own.into());
        }
        if head.to != *own {
            return Err(RouteFault::NotForUs(head.to).into());
        }
        let snapshot = self.snapshot()?;
        let peers = snapshot.peers()?;
        let Some(peer) = peers.into_iter().find(|peer| peer.station == head.from) else {
            return Err(RouteFault::UnknownSender(head.from).into());
        };
        let tampered = |fault| RouteFault::Tampered { station: peer.station.clone(), fault };
        let key =
            VerifyingKey::from_bytes(&peer.key).map_err(|fault| RouteFault::Content(fault.to_string()))?;
        let parcel = open_parcel(&bytes, &key).map_err(tampered)?;
        let no = parcel.header.no;
        let done = command_of(&parcel.digest, u32::MAX);
        if snapshot.command(&done)?.is_some() {
            return Ok(Imported { from: peer.station, no, repeated: true, ..Imported::default() });
        }
        let (_, taken, acked) = snapshot.parcels(&peer.station)?;
        if no <= taken {
            return Err(RouteFault::OtherContent { station: peer.station, no }.into());
        }
        if no > taken + 1 {
            return Err(RouteFault::Gap { station: peer.station, wanted: taken + 1, found: no }.into());
        }
        self.take_in(actor, &peer, &parcel, acked)
    }

    /// Takes in all parcels in a folder that are for this station, by their names' order; what is refused is told.
    ///
    /// # Errors
    /// When the actor may not, the folder cannot be read, or the store fails.
    pub fn route_import_folder(&self, actor: &Actor, folder: &Path) -> Result<Vec<FileOutcome>, AppError> {
        self.authorize(actor, Action::Sync, &Subject::none())?;
        let fault = |source| AppError::File { path: folder.to_owned(), source };
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
            .map_err(fault)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|end| end == PARCEL_EXTENSION) && path.is_file())
            .collect();
        files.sort();
        let mut outcomes = Vec::new();
        for file in files {
            match self.route_import(actor, &file) {
                Ok(imported) => outcomes.push((file, Ok(imported))),
                // A stick carries the parcels of both directions and of others.
                Err(AppError::Route(RouteFault::Own | RouteFault::NotForUs(_))) => {}
                Err(AppError::Route(fault)) => outcomes.push((file, Err(fault))),
                Err(other) => return Err(other),
            }
        }
        Ok(outcomes)
    }

    fn take_in(
        &self,
        actor: &Actor,
        peer: &Peer,
        parcel: &OpenedParcel,
        acked: u64,
    ) -> Result<Imported, AppError> {
        let body =
            ParcelBody::decode(&parcel.body).map_err(|fault| RouteFault::Content(fault.to_string()))?;
        let header = &parcel.header;
        let mut done = Imported { from: peer.station.clone(), no: header.no, ..Imported::default() };
        let mut declined =
            self.snapshot()?.local::<Vec<Answer>>(&declined_key(&peer.station))?.unwrap_or_default();
        // Each entry under an id of its own: a crash in between, and the same file takes in the rest.
        let ids = (0..u32::MAX).map(|index| command_of(&parcel.digest, index));
        let mut ids = ids.into_iter();
        for referral in body.referrals {
            let Some(command) = ids.next() else { break };
            let answer = |reason: &str| Answer {
                case_id: referral.case_id,
                number: referral.number.clone(),
                no: header.no,
                round: referral.round,
                decisions: Vec::new(),
                declined: reason.to_owned(),
            };
            match self.take_referral(actor, peer, header.no, &referral, command)? {
                None => done.referrals += 1,
                Some(reason) => {
                    declined.push(answer(&reason));
                    done.quarantined.push(Quarantined { number: referral.number.clone(), reason });
                }
            }
        }
        for answer in body.answers {
            let Some(command) = ids.next() else { break };
            match self.take_answer(actor, peer, &answer, command)? {
                None => done.answers += 1,
                Some(reason) => done.quarantined.push(Quarantined { number: answer.number, reason }),
            }
        }
        let event = Event::ParcelTaken {
            from: peer.station.clone(),
            no: header.no,
            digest: parcel.digest,
            acked: header.taken,
            quarantined: done.quarantined.clone(),
        };
        let arrived = acked + 1..=header.taken;
        let mut local: Vec<_> = arrived.map(|no| kept_removal(&peer.station, no)).collect();
        local.push(local_write(&declined_key(&peer.station), &declined));
        self.append_with(actor, None, command_of(&parcel.digest, u32::MAX), vec![event], local)?;
        Ok(done)
    }

    /// Takes in a case of a township; the reason when it is not.
    fn take_referral(
        &self,
        actor: &Actor,
        peer: &Peer,
        no: u64,
        referral: &Referral,
        command: [u8; 16],
    ) -> Result<Option<String>, AppError> {
        let snapshot = self.snapshot()?;
        if snapshot.command(&command)?.is_some() {
            return Ok(None);
        }
        let own = highest(&snapshot.seats()?);
        let filing = &referral.filing;
        let issued =
            referral.number.get(2..).is_some_and(|rest| rest.starts_with(&format!("{}-", peer.station)));
        if !issued {
            return Ok(Some("办件号不是送审站编的".to_owned()));
        }
        if self.library.form(&filing.form).is_none() {
            return Ok(Some(format!("本站没有表单 {}，请先更新程序", display_safe(&filing.form))));
        }
        let Some(last) = last_here(referral, own) else {
            return Ok(Some(format!("{}不在本站办理", referral.level.label())));
        };
        let case_id = local_id(&peer.station, &referral.case_id);
        let case = snapshot.case(&case_id)?;
        let refer =
            Command::Refer { station: peer.station.clone(), no, last, referral: Box::new(referral.clone()) };
        match self.commit(actor, case_id, case.as_ref(), command, refer) {
            Ok(_) => Ok(None),
            Err(AppError::Refused(refusal)) => Ok(Some(refusal.zh())),
            Err(other) => Err(other),
        }
    }

    /// Takes in an answer of an upper station; the reason when it is not.
    fn take_answer(
        &self,
        actor: &Actor,
        peer: &Peer,
        answer: &Answer,
        command: [u8; 16],
    ) -> Result<Option<String>, AppError> {
        let snapshot = self.snapshot()?;
        if snapshot.command(&command)?.is_some() {
            return Ok(None);
        }
        let case = snapshot.case(&answer.case_id)?.filter(|case| case.number == answer.number);
        let Some(case) = case else { return Ok(Some(Refusal::Unknown.zh())) };
        let certnos = snapshot.accounts()?.into_iter().map(|account| (account.person, account.certno));
        let take = Command::TakeAnswer {
            station: peer.station.clone(),
            seat: highest(&peer.seats),
            own: highest(&snapshot.seats()?),
            answer: answer.clone(),
            certnos: certnos.collect(),
            effect: self.effect_now(&snapshot, &case, answer)?,
        };
        match self.commit(actor, answer.case_id, Some(&case), command, take) {
            Ok(_) => Ok(None),
            Err(AppError::Refused(refusal)) => Ok(Some(refusal.zh())),
            Err(other) => Err(other),
        }
    }

    /// What the case does by the register as it is at this moment, when the answer's last word is an agreement.
    fn effect_now(
        &self,
        snapshot: &Snapshot,
        case: &Case,
        answer: &Answer,
    ) -> Result<Option<Result<Effect, String>>, AppError> {
        if answer.decisions.last().is_none_or(|decision| decision.verdict != Verdict::Passed) {
            return Ok(None);
        }
        let effect = match case.status {
            // The account is taken as it was asked for: the register has no word in it.
            Status::Correcting(_) => return Ok(None),
            Status::Reversing(_) => self.reversal_of(snapshot, case),
            _ => self.effect_of(snapshot, self.form_of(case)?, &case.filing.data),
        };
        match effect {
            Ok(effect) => Ok(Some(Ok(effect))),
            Err(refusal @ (AppError::Effect(_) | AppError::Policy(_))) => Ok(Some(Err(refusal.zh()))),
            Err(fault) => Err(fault),
        }
    }
}

/// The last level from the waiting one on that sits here; none when the waiting one does not.
fn last_here(referral: &Referral, own: Seat) -> Option<Level> {
    let levels = match referral.reversal {
        Some(_) => vec![Level::Recheck, Level::Approval],
        None => referral.filing.levels.clone(),
    };
    let mut from = levels.into_iter().skip_while(|level| *level != referral.level);
    let first = from.next().filter(|level| {
        let seat = referral.filing.seat(*level);
        seat > Seat::Township && seat <= own
    })?;
    Some(from.take_while(|level| referral.filing.seat(*level) <= own).last().unwrap_or(first))
}

/// The id of another station's case here: no station can name a case of somebody else's.
fn local_id(station: &str, case_id: &[u8; 16]) -> [u8; 16] {
    first_half(&[b"xiangbao referral\0", station.as_bytes(), b"\0", case_id])
}

/// The id of the command that takes in one entry of a parcel; its last two bytes count operations.
fn command_of(digest: &[u8; 32], index: u32) -> [u8; 16] {
    let mut id = first_half(&[b"xiangbao parcel\0", digest, &index.to_be_bytes()]);
    (id[14], id[15]) = (0, 0);
    id
}

fn first_half(parts: &[&[u8]]) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(parts.concat()).into();
    let (half, _) = digest.split_at(16);
    half.try_into().unwrap_or_default()
}
