//! Sending up and answering back: what waits for another station becomes numbered, signed parcels, kept here until that
//! station says that it took them in, and written to a folder or stick as often as asked for. Knows parcels and cases;
//! must not know who decides what.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use xiangbao_core::case::{Case, Review, Status, Step};
use xiangbao_core::event::{
    Answer, CorrectionAsked, Decision, Event, Held, Level, MAX_PARCEL_ENTRIES, ParcelBody, Proposal,
    Referral, Who,
};
use xiangbao_core::form::Seat;
use xiangbao_core::journal::{ParcelContext, ParcelSealFault, parcel_digest, seal_parcel};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::levels_of::highest;
use super::station::Station;
use crate::store::{LocalWrite, Peer, Snapshot, Table, local_write};
use crate::sync::{read_bounded, write_whole};

/// A parcel that was written to the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelOut {
    /// Station it is for.
    pub to: String,
    /// Number.
    pub no: u64,
    /// File.
    pub file: PathBuf,
    /// It was made now; else it was made before and is not known to have arrived.
    pub fresh: bool,
}

/// A case that cannot go up, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Printed number.
    pub number: String,
    /// Sentence.
    pub reason: String,
}

/// What an export did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParcelsOut {
    /// Files in the folder, the oldest number first.
    pub parcels: Vec<ParcelOut>,
    /// Cases that went up with it.
    pub referrals: usize,
    /// Answers that went back with it.
    pub answers: usize,
    /// Cases that stay here.
    pub stuck: Vec<Stuck>,
}

/// One entry on its way, with the case's id here (none for one that was never taken in).
enum Entry {
    Up([u8; 16], Box<Referral>),
    Back(Option<[u8; 16]>, Answer),
}

/// A parcel on its way, as kept until the other station took it in.
#[derive(Clone, Debug, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
struct Kept {
    #[n(0)]
    name: String,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    bytes: Vec<u8>,
}

fn kept_key(to: &str, no: u64) -> String {
    format!("parcel_out\0{to}\0{no:010}")
}

/// Answers that say that a case was not taken in, until they go back.
pub(super) fn declined_key(station: &str) -> String {
    format!("parcel_declined\0{station}")
}

/// The write that forgets a parcel that has arrived.
pub(super) fn kept_removal(to: &str, no: u64) -> LocalWrite {
    (Table::Local, kept_key(to, no).into_bytes(), None)
}

impl Station {
    /// Makes parcels of everything that waits for another station and writes them to a folder, with those made before
    /// that are not known to have arrived. Doing it again writes the same files again.
    ///
    /// # Errors
    /// When the actor may not, there is no such folder, or disk or store refuse.
    pub fn route_export(&self, actor: &Actor, folder: &Path) -> Result<ParcelsOut, AppError> {
        self.authorize(actor, Action::Sync, &Subject::none())?;
        // A missing stick must not become a folder on the disk.
        if !folder.is_dir() {
            return Err(AppError::Input(format!("没有文件夹 {}。请插好 U 盘或核对路径。", folder.display())));
        }
        let mut done = ParcelsOut::default();
        {
            let _turn = self.store.turn();
            let peers = self.snapshot()?.peers()?;
            self.stuck(&peers, &mut done)?;
            for peer in &peers {
                while self.make_parcel(actor, peer, &peers, &mut done)? {}
            }
        }
        for peer in self.snapshot()?.peers()? {
            self.write_parcels(&peer, folder, &mut done)?;
        }
        Ok(done)
    }

    fn write_parcels(&self, peer: &Peer, folder: &Path, done: &mut ParcelsOut) -> Result<(), AppError> {
        let snapshot = self.snapshot()?;
        let (sent, _, acked) = snapshot.parcels(&peer.station)?;
        for no in acked + 1..=sent {
            let Some(kept) = snapshot.local::<Kept>(&kept_key(&peer.station, no))? else { continue };
            let file = folder.join(&kept.name);
            let fault = |source| AppError::File { path: file.clone(), source };
            match read_bounded(&file, kept.bytes.len()) {
                Ok(found) if found == kept.bytes => {}
                Err(gone) if gone.kind() == std::io::ErrorKind::NotFound => {
                    write_whole(folder, &file, &kept.bytes).map_err(fault)?;
                }
                // A parcel is written once; what lies there under its name is something else.
                Ok(_) | Err(_) => {
                    let other = std::io::Error::other("同名文件内容不同，请换一个文件夹");
                    return Err(fault(other));
                }
            }
            match done.parcels.iter_mut().find(|parcel| parcel.to == peer.station && parcel.no == no) {
                Some(parcel) => parcel.file = file,
                None => done.parcels.push(ParcelOut { to: peer.station.clone(), no, file, fresh: false }),
            }
        }
        Ok(())
    }

    /// One parcel for a station; false when nothing waits for it.
    fn make_parcel(
        &self,
        actor: &Actor,
        peer: &Peer,
        peers: &[Peer],
        done: &mut ParcelsOut,
    ) -> Result<bool, AppError> {
        let snapshot = self.snapshot()?;
        let mut entries = self.entries_for(&snapshot, peer, peers)?;
        entries.truncate(MAX_PARCEL_ENTRIES);
        if entries.is_empty() {
            return Ok(false);
        }
        let (sent, taken, _) = snapshot.parcels(&peer.station)?;
        let identity = self.store.identity();
        let context = ParcelContext {
            from: identity.station.clone(),
            epoch: identity.epoch,
            to: peer.station.clone(),
            no: sent + 1,
            taken,
            made_ms: self.now_ms(),
        };
        let key = SigningKey::from_bytes(&identity.signing_seed);
        let bytes = loop {
            match seal_parcel(&body_of(&entries).encode(), &context, &key) {
                Ok(bytes) => break bytes,
                Err(ParcelSealFault::TooMuch) if entries.len() > 1 => entries.truncate(entries.len() / 2),
                Err(fault) => return Err(AppError::Input(format!("送审包无法生成：{fault}"))),
            }
        };
        let cases = entries.iter().filter_map(|entry| match entry {
            Entry::Up(case_id, _) => Some(*case_id),
            Entry::Back(case_id, _) => *case_id,
        });
        let event = Event::ParcelSent {
            to: peer.station.clone(),
            no: context.no,
            digest: parcel_digest(&bytes),
            cases: cases.collect(),
        };
        // The bytes land with the event: a number is never used for other content, whatever fails in between.
        let mut local = vec![local_write(
            &kept_key(&peer.station, context.no),
            &Kept { name: context.file_name(), bytes },
        )];
        let declined = snapshot.local::<Vec<Answer>>(&declined_key(&peer.station))?.unwrap_or_default();
        let back: Vec<&Answer> = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Back(None, answer) => Some(answer),
                _ => None,
            })
            .collect();
        let left: Vec<&Answer> = declined.iter().filter(|answer| !back.contains(answer)).collect();
        if left.len() < declined.len() {
            local.push(local_write(&declined_key(&peer.station), &left));
        }
        self.append_with(actor, None, self.new_id(), vec![event], local)?;
        let up = entries.iter().filter(|entry| matches!(entry, Entry::Up(..))).count();
        done.referrals += up;
        done.answers += entries.len() - up;
        done.parcels.push(ParcelOut {
            to: peer.station.clone(),
            no: context.no,
            file: PathBuf::new(),
            fresh: true,
        });
        Ok(true)
    }

    /// Everything that waits for a station.
    fn entries_for(&self, snapshot: &Snapshot, peer: &Peer, peers: &[Peer]) -> Result<Vec<Entry>, AppError> {
        let own = highest(&snapshot.seats()?);
        let mut entries = Vec::new();
        for (case_id, case) in waiting_above(snapshot, own)? {
            let target = case.waits_at().and_then(|seat| upper(peers, seat));
            if target.is_some_and(|target| target.station == peer.station) {
                let referral = self.referral(snapshot, case_id, &case)?;
                if referral.fault().is_none() {
                    entries.push(Entry::Up(case_id, Box::new(referral)));
                }
            }
        }
        for (case_id, case) in snapshot.cases_in(Status::Decided, usize::MAX)? {
            let Some(origin) = &case.origin else { continue };
            if origin.station == peer.station && !origin.answered {
                let answer = Answer {
                    case_id: origin.case_id,
                    number: case.number.clone(),
                    no: origin.no,
                    round: case.round,
                    decisions: self.decisions(snapshot, &case, case.decided_here())?,
                    declined: String::new(),
                };
                entries.push(Entry::Back(Some(case_id), answer));
            }
        }
        let declined = snapshot.local::<Vec<Answer>>(&declined_key(&peer.station))?.unwrap_or_default();
        entries.extend(declined.into_iter().map(|answer| Entry::Back(None, answer)));
        Ok(entries)
    }

    /// Cases that should go up and cannot.
    fn stuck(&self, peers: &[Peer], done: &mut ParcelsOut) -> Result<(), AppError> {
        let snapshot = self.snapshot()?;
        let own = highest(&snapshot.seats()?);
        for (case_id, case) in waiting_above(&snapshot, own)? {
            if let Some(reason) = self.why_stuck(&snapshot, peers, case_id, &case)? {
                done.stuck.push(Stuck { number: case.number, reason });
            }
        }
        Ok(())
    }

    /// Why a case that waits for an upper seat cannot go there.
    pub(super) fn why_stuck(
        &self,
        snapshot: &Snapshot,
        peers: &[Peer],
        case_id: [u8; 16],
        case: &Case,
    ) -> Result<Option<String>, AppError> {
        let seat = case.waits_at().unwrap_or_default();
        if upper(peers, seat).is_none() {
            return Ok(Some(format!(
                "还没有登记{}站点，请管理员执行 xiangbao route trust --seat {}。",
                seat.label(),
                seat.id()
            )));
        }
        Ok(self
            .referral(snapshot, case_id, case)?
            .fault()
            .map(|fault| format!("{fault}。请管理员处理后再送审（证件号用 xiangbao user certno 补登）。")))
    }

    /// A case as the upper station must see it.
    fn referral(&self, snapshot: &Snapshot, case_id: [u8; 16], case: &Case) -> Result<Referral, AppError> {
        let def = self.form_of(case)?;
        let (level, reversing) = match case.status {
            Status::Reversing(level) => (level, true),
            Status::Review(level) | Status::Correcting(level) => (level, false),
            _ => (Level::Initial, false),
        };
        // What is settled is settled; another account or a reversal does not settle it anew.
        let (obstacle, settlement) = match case.status {
            Status::Review(_) => self.rehearse(snapshot, def, case),
            _ => (String::new(), case.settlement.clone()),
        };
        let before = self.review_values(snapshot, def, case)?.into_iter();
        let before =
            before.filter_map(|value| Some(Held { path: value.path.to_string(), value: value.before? }));
        let typists = case.entered_by.iter().map(|person| self.who_of_person(snapshot, case, person));
        let proposal = case.reversal.as_ref().filter(|_| reversing);
        Ok(Referral {
            case_id,
            number: case.number.clone(),
            filing: case.filing.clone(),
            promise: case.promise.clone(),
            accepted_ms: case.accepted.wall_ms,
            round: case.round,
            level,
            entered_by: typists.collect::<Result<_, _>>()?,
            decisions: self.decisions(snapshot, case, &case.reviews)?,
            reversal: match proposal {
                Some((by, reason)) => Some(Proposal {
                    by: self.who(snapshot, by)?,
                    wall_ms: by.wall_ms,
                    reason: reason.clone(),
                    changes: case.changes.clone(),
                }),
                None => None,
            },
            before: before.collect(),
            settlement,
            obstacle,
            note: case.held.clone().unwrap_or_default(),
            correction: match &case.correction {
                Some((by, correction)) => Some(CorrectionAsked {
                    by: self.who(snapshot, by)?,
                    wall_ms: by.wall_ms,
                    correction: correction.clone(),
                }),
                None => None,
            },
            editors: case
                .account_editors
                .iter()
                .map(|person| self.who_of_person(snapshot, case, person))
                .collect::<Result<_, _>>()?,
        })
    }

    fn decisions(
        &self,
        snapshot: &Snapshot,
        case: &Case,
        reviews: &[Review],
    ) -> Result<Vec<Decision>, AppError> {
        let decision = |review: &Review| {
            let by = match &review.elsewhere {
                Some(who) if !who.station.is_empty() => who.clone(),
                _ => self.who(snapshot, &review.by)?,
            };
            Ok(Decision {
                by,
                wall_ms: review.by.wall_ms,
                seat: case.filing.seat(review.level),
                level: review.level,
                verdict: review.verdict.clone(),
                opinion: review.opinion.clone(),
                round: review.round,
                reversal: review.reversal,
                answers: match review.reversal || review.account {
                    true => Vec::new(),
                    false => case.replies_of(review.level, review.round),
                },
                account: Some(true).filter(|_| review.account),
            })
        };
        reviews.iter().map(decision).collect()
    }

    /// A person of this station, as the other one must know them.
    fn who(&self, snapshot: &Snapshot, by: &Step) -> Result<Who, AppError> {
        let account = snapshot.account(&by.account)?;
        let (name, certno) = account.map(|account| (account.name, account.certno)).unwrap_or_default();
        Ok(Who {
            station: self.store.identity().station.clone(),
            person: by.person.clone(),
            account: by.account.clone(),
            name,
            certno,
        })
    }

    fn who_of_person(&self, snapshot: &Snapshot, case: &Case, person: &str) -> Result<Who, AppError> {
        let accounts = snapshot.accounts()?;
        let own = accounts.into_iter().find(|account| account.person == person);
        let account = own.map_or_else(|| person.to_owned(), |account| account.account);
        self.who(snapshot, &Step { person: person.to_owned(), account, ..case.accepted.clone() })
    }
}

/// Own cases that wait for a seat above this station and are not there yet, oldest acceptance first.
pub(super) fn waiting_above(snapshot: &Snapshot, own: Seat) -> Result<Vec<([u8; 16], Case)>, AppError> {
    let mut found = Vec::new();
    for level in Level::ALL {
        for status in [Status::Review(level), Status::Reversing(level), Status::Correcting(level)] {
            found.extend(snapshot.cases_in(status, usize::MAX)?.into_iter().filter(|(_, case)| {
                case.up.is_none() && case.origin.is_none() && case.filing.seat(level) > own
            }));
        }
    }
    found.sort_by_key(|(_, case)| case.accepted.seq);
    Ok(found)
}

/// The trusted station for a seat: the lowest that serves it.
fn upper(peers: &[Peer], seat: Seat) -> Option<&Peer> {
    let serves = |peer: &&Peer| highest(&peer.seats) >= seat;
    peers.iter().filter(serves).min_by_key(|peer| (highest(&peer.seats), peer.station.clone()))
}

fn body_of(entries: &[Entry]) -> ParcelBody {
    let mut body = ParcelBody::default();
    for entry in entries {
        match entry {
            Entry::Up(_, referral) => body.referrals.push(referral.as_ref().clone()),
            Entry::Back(_, answer) => body.answers.push(answer.clone()),
        }
    }
    body
}
