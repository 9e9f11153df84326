//! All papers of one village in one PDF with a cover list: laid out one after the other, then filed and journalled
//! together. Long work: it reports how far it is and can be stopped until the first print is journalled.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use xiangbao_core::case::{Case, Refusal};
use xiangbao_core::event::{Collector, Event};
use xiangbao_core::identity::masked_name;
use xiangbao_core::journal::hex;
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::print_case::{Wish, checked_collector, laid_out, next_copy, printed_event};
use super::print_data::Sheet;
use super::station::{Station, local};
use crate::print::{Book, PdfInfo};
use crate::store::Snapshot;

/// Template of the cover list.
pub const VILLAGE_COVER: &str = "village-cover";
/// Most documents in one PDF.
const MOST: usize = 5_000;

/// Which papers of a village are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VillageWish {
    /// The village: division code of 12 digits, or its name.
    pub village: String,
    /// Template id; without one, each case's most wanted document.
    pub document: Option<String>,
    /// Only cases accepted on this day or later.
    pub since: Option<NaiveDate>,
    /// Who takes the stack. Without one only originals are printed, and what was printed before is left out.
    pub collector: Option<Collector>,
}

/// What was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VillagePrinted {
    /// Where the PDF lies.
    pub path: PathBuf,
    /// Documents in it, without the cover.
    pub documents: usize,
    /// Pages, with the cover.
    pub pages: usize,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub hash: String,
    /// Documents left out because they were printed before.
    pub left_out: usize,
}

/// A case of the village and the template that is wanted of it.
type Wanted = ([u8; 16], Case, String);

/// One paper of the stack.
struct Paper {
    case_id: [u8; 16],
    number: String,
    copy: u32,
    event: Event,
    row: BTreeMap<String, String>,
}

impl Station {
    /// Prints the wanted documents of a village into one PDF. `progress` is told how many of how many steps are done and
    /// answers whether to go on; after a no nothing is filed and nothing journalled, and the answer is `None`.
    ///
    /// # Errors
    /// When the actor may not print for this village, nothing is wanted, a text does not fit (named with its case), or
    /// somebody printed one of the papers meanwhile.
    pub fn print_village(
        &self,
        actor: &Actor,
        wish: &VillageWish,
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Option<VillagePrinted>, AppError> {
        let (village, name) = self.division(&wish.village)?;
        let wish = &VillageWish { village, ..wish.clone() };
        self.authorize(actor, Action::PrintCase, &Subject::in_village(&wish.village))?;
        let collector = wish.collector.as_ref().map(checked_collector).transpose()?;
        let snapshot = self.snapshot()?;
        let (wanted, left_out) = self.wanted(&snapshot, wish, collector.is_some())?;
        if wanted.is_empty() {
            let printed = match left_out {
                0 => String::new(),
                count => format!("（{count} 份都已打印过，补打请写明领取人）"),
            };
            return Err(AppError::NotFound(format!("{name}要打印的文书{printed}")));
        }
        if wanted.len() > MOST {
            let words = format!("{name}有 {} 份，一次最多 {MOST} 份。请用受理日期分批。", wanted.len());
            return Err(AppError::Input(words));
        }
        self.looked(actor, "print_village", &wish.village)?;
        let at = self.now_ms();
        let total = wanted.len() * 2;
        let created = local(at);
        let title = format!("{name} {} 份", wanted.len());
        let mut book = Book::new(PdfInfo { title, subject: wish.village.clone(), created });
        let paper_wish = Wish { collector, ..Wish::default() };
        let mut papers = Vec::new();
        for (index, (case_id, case, template)) in wanted.into_iter().enumerate() {
            if !progress(index, total) {
                return Ok(None);
            }
            papers.push(self.bound(
                &snapshot,
                actor,
                (case_id, &case, &template),
                &paper_wish,
                at,
                &mut book,
            )?);
        }
        self.cover(&snapshot, (actor, &wish.village, &name, at), &papers, &mut book)?;
        let (pages, bytes) = (book.pages(), book.finish()?);
        if !progress(papers.len(), total) {
            return Ok(None);
        }
        let hash = hex(&Sha256::digest(&bytes));
        let file = format!("village-{}-{}.pdf", wish.village, created.format("%Y%m%d-%H%M%S"));
        let documents = papers.len();
        let path = self.file_stack(actor, papers, (&file, &bytes, &hash), at, progress)?;
        Ok(Some(VillagePrinted { path, documents, pages, bytes: bytes.len() as u64, hash, left_out }))
    }

    /// Code and name of a village that was given by either; a name may leave out the township.
    fn division(&self, given: &str) -> Result<(String, String), AppError> {
        let unknown = || AppError::NotFound(format!("村（社区）{given}"));
        let station = self.snapshot()?.station()?;
        let codes = &self.library.codes;
        let township = codes.label("divisions", &station.township).unwrap_or_default();
        let table = codes.table("divisions").ok_or_else(unknown)?;
        let given = given.trim();
        let found = table.entries().iter().find(|entry| {
            let short = entry.label.strip_prefix(township).unwrap_or(&entry.label);
            entry.code == given || (entry.code.len() == 12 && (entry.label == given || short == given))
        });
        found.map(|entry| (entry.code.clone(), entry.label.clone())).ok_or_else(unknown)
    }

    /// The cases of the village with the template that is wanted of each, by number, and how many were left out.
    fn wanted(
        &self,
        snapshot: &Snapshot,
        wish: &VillageWish,
        again: bool,
    ) -> Result<(Vec<Wanted>, usize), AppError> {
        let (mut wanted, mut left_out) = (Vec::new(), 0);
        for (case_id, case) in snapshot.all_cases(usize::MAX)? {
            let early = wish.since.is_some_and(|since| local(case.accepted.wall_ms).date_naive() < since);
            if case.filing.village != wish.village || early {
                continue;
            }
            let documents = self.documents_of(&case)?;
            let template = match &wish.document {
                Some(document) => documents.into_iter().map(|(id, _)| id).find(|id| id == document),
                None => documents.into_iter().map(|(id, _)| id).next(),
            };
            let Some(template) = template else { continue };
            if next_copy(&case, &template) > 1 && !again {
                left_out += 1;
                continue;
            }
            wanted.push((case_id, case, template));
        }
        wanted.sort_by(|a, b| a.1.number.cmp(&b.1.number));
        Ok((wanted, left_out))
    }

    /// Adds one paper to the book.
    fn bound(
        &self,
        snapshot: &Snapshot,
        actor: &Actor,
        (case_id, case, template): ([u8; 16], &Case, &str),
        wish: &Wish,
        at: i64,
        book: &mut Book,
    ) -> Result<Paper, AppError> {
        let named = |error: AppError| match error {
            AppError::Input(words) => AppError::Input(format!("{}：{words}", case.number)),
            other => other,
        };
        let prepared = self.prepare_at(snapshot, actor, case, template, wish, at).map_err(named)?;
        book.add(&prepared.document)?;
        let pages = prepared.document.pages.len();
        let person = super::print_case::applicant(&case.filing.data);
        let row = [
            ("number", case.number.clone()),
            ("name", masked_name(person)),
            ("title", prepared.title.clone()),
            ("copy", if prepared.copy > 1 { format!("补打{}", prepared.copy) } else { "正本".to_owned() }),
            ("pages", pages.to_string()),
        ];
        let row = row.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let pages = u32::try_from(pages).unwrap_or(u32::MAX);
        let event = printed_event(&prepared, String::new(), pages, wish.collector.clone());
        Ok(Paper { case_id, number: case.number.clone(), copy: prepared.copy, event, row })
    }

    /// The cover list, put before the papers.
    fn cover(
        &self,
        snapshot: &Snapshot,
        (actor, village, name, at): (&Actor, &str, &str, i64),
        papers: &[Paper],
        book: &mut Book,
    ) -> Result<(), AppError> {
        let mut sheet = Sheet::new(self, snapshot)?;
        sheet.set("village.name", name);
        sheet.set("village.code", village);
        sheet.set("village.count", &papers.len().to_string());
        sheet.set("village.pages", &book.pages().to_string());
        sheet.set("case.clerk", &actor.name);
        sheet.set("print.time", &local(at).format("%Y-%m-%d %H:%M").to_string());
        sheet.set("print.mark", "清单");
        let mut data = sheet.done();
        data.tables.insert("papers".to_owned(), papers.iter().map(|paper| paper.row.clone()).collect());
        let cover = laid_out(self.template(VILLAGE_COVER)?, &data, "", at)?;
        Ok(book.add_before(&cover.document)?)
    }

    /// Writes the file and journals each print. Others may work while the pages are laid out; what one of them printed
    /// meanwhile would be counted twice, so that then nothing is filed.
    fn file_stack(
        &self,
        actor: &Actor,
        papers: Vec<Paper>,
        (file, bytes, hash): (&str, &[u8], &str),
        at: i64,
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<PathBuf, AppError> {
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        for paper in &papers {
            let case = snapshot.case(&paper.case_id)?.ok_or(Refusal::Unknown)?;
            if matches!(&paper.event, Event::Printed { document, .. } if next_copy(&case, document) != paper.copy)
            {
                let words = format!("{} 刚才有人打印了，份数已变。请再打一次。", paper.number);
                return Err(AppError::Input(words));
            }
        }
        let path = self.write_print(file, bytes)?;
        let count = papers.len();
        for (index, paper) in papers.into_iter().enumerate() {
            let mut event = paper.event;
            if let Event::Printed { hash: stored, .. } = &mut event {
                hash.clone_into(stored);
            }
            self.append_at(actor, Some(paper.case_id), self.new_id(), at, vec![event])?;
            // From the first journalled print on the stack is whole or not at all.
            let _ = progress(count + index + 1, count * 2);
        }
        Ok(path)
    }

    /// The same aside, for a screen.
    pub fn start_village(self: &Arc<Self>, actor: &Actor, wish: VillageWish) -> RunningVillage {
        let (sender, answer) = channel();
        let shared = Arc::new(Shared::default());
        let (station, actor, told) = (Arc::clone(self), actor.clone(), Arc::clone(&shared));
        std::thread::spawn(move || {
            let result = station.print_village(&actor, &wish, &mut |done, total| {
                told.done.store(done, Ordering::Relaxed);
                told.total.store(total, Ordering::Relaxed);
                !told.stop.load(Ordering::Relaxed)
            });
            // Nobody may be waiting any more: what was journalled stands all the same.
            let _ = sender.send(result);
        });
        RunningVillage { shared, answer }
    }
}

#[derive(Default)]
struct Shared {
    done: AtomicUsize,
    total: AtomicUsize,
    stop: AtomicBool,
}

/// A village's print that runs aside.
pub struct RunningVillage {
    shared: Arc<Shared>,
    answer: Receiver<Result<Option<VillagePrinted>, AppError>>,
}

impl RunningVillage {
    /// Steps done, of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.shared.done.load(Ordering::Relaxed), self.shared.total.load(Ordering::Relaxed))
    }

    /// Asks it to stop before anything is journalled.
    pub fn stop(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }

    /// The answer, once it is there; `None` inside after a stop.
    pub fn poll(&self) -> Option<Result<Option<VillagePrinted>, AppError>> {
        match self.answer.try_recv() {
            Ok(answer) => Some(answer),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some(Err(AppError::Input("整村打印没有完成，请再试一次。已存的内容都在。".to_owned())))
            }
        }
    }
}
