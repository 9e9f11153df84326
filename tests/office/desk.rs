//! A real station in a folder of its own with sixty synthetic households, a clock that stands until it is moved, and
//! the staff: five natural persons, two of them with a second account.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use xiangbao::app::{
    AREA, Accepted, AppError, Clock, Doubt, Draft, Entropy, Founding, Library, NewAccount, Station,
};
use xiangbao::demo::plays::{Play, plays};
use xiangbao::demo::township::{Township, township};
use xiangbao_core::case::Case;
use xiangbao_core::event::{Replied, Verdict};
use xiangbao_core::findings::{Raised, Reply};
use xiangbao_core::form::{FieldPath, MaterialState, Severity};
use xiangbao_core::register::{Person, PersonField};
use xiangbao_core::role::{Actor, Role};

struct Standing(Arc<AtomicI64>);

impl Clock for Standing {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Counted(AtomicU64);

impl Entropy for Counted {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            chunk.copy_from_slice(&next[8 - chunk.len()..]);
        }
    }
}

/// Account, natural person, name, roles.
const STAFF: [(&str, &str, &str, &[Role]); 8] = [
    ("c1", "p1", "黄经办", &[Role::Clerk]),
    ("c2", "p2", "韦初审", &[Role::Clerk]),
    ("r1", "p3", "陆复核", &[Role::Rechecker]),
    ("a1", "p4", "农审批", &[Role::Approver]),
    // Second accounts of the clerk and of the rechecker: other roles, the same natural persons.
    ("x1", "p1", "黄经办", &[Role::Rechecker, Role::Approver]),
    ("x3", "p3", "陆复核", &[Role::Approver]),
    ("au", "p5", "梁稽核", &[Role::Auditor]),
    ("fa", "p6", "闭财务", &[Role::Finance]),
];

/// The office.
pub struct Office {
    pub station: Station,
    pub town: Township,
    clock: Arc<AtomicI64>,
    pub folder: tempfile::TempDir,
}

/// 09:00 of a day in the office, milliseconds since 1970. China is eight hours ahead.
pub fn morning(day: &str) -> i64 {
    let day: chrono::NaiveDate = day.parse().unwrap();
    day.and_hms_opt(1, 0, 0).unwrap().and_utc().timestamp_millis()
}

impl Office {
    /// A new office on Friday 2026-11-20, 09:00.
    pub fn new() -> Self {
        Self::furnished("2026-11-20", |_| {})
    }

    /// A new office on a day, whose data folder somebody put files into before.
    pub fn furnished(day: &str, furnish: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        furnish(folder.path());
        let founding = Founding {
            station: "TC".to_owned(),
            name: "桃城镇社保服务中心".to_owned(),
            township: "451424100000".to_owned(),
            seats: xiangbao_core::form::Seat::ALL.to_vec(),
        };
        let clock = Arc::new(AtomicI64::new(morning(day)));
        let standing = Box::new(Standing(Arc::clone(&clock)));
        let entropy = Box::new(Counted(AtomicU64::new(1)));
        let station = Station::found(folder.path(), &founding, standing, entropy).unwrap();
        for (account, person, name, roles) in STAFF {
            let new = NewAccount {
                account: account.to_owned(),
                person: person.to_owned(),
                name: name.to_owned(),
                certno: String::new(),
                roles: roles.to_vec(),
                villages: Vec::new(),
                pin: "246810".to_owned(),
            };
            station.put_account(&station.machine_actor(), new).unwrap();
        }
        // The people are those of the region, whatever law the office follows.
        let own = &station.library().policy;
        let town = match own.area() {
            AREA => township(7, 60, station.today(), own),
            _ => township(7, 60, station.today(), &Library::load(None).unwrap().policy),
        };
        let town = town.unwrap();
        station.load_register("期初", &town.changes, &mut |_, _| {}).unwrap();
        Self { station, town, clock, folder }
    }

    /// The same office after the program was ended and started again.
    pub fn reopened(self) -> Self {
        let Self { station, town, clock, folder } = self;
        drop(station);
        // Ids of the first run must not come again.
        let entropy = Box::new(Counted(AtomicU64::new(u64::from(u32::MAX))));
        let standing = Box::new(Standing(Arc::clone(&clock)));
        let station = Station::open_with(folder.path(), standing, entropy).unwrap();
        Self { station, town, clock, folder }
    }

    /// Moves the clock to 09:00 of a day.
    pub fn on(&self, day: &str) -> &Self {
        self.clock.store(morning(day), Ordering::Relaxed);
        self
    }

    /// Lets a minute pass.
    pub fn minute(&self) {
        self.clock.fetch_add(60_000, Ordering::Relaxed);
    }

    /// Now, milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    /// A member of the staff.
    pub fn actor(&self, account: &str) -> Actor {
        let (account, person, name, roles) = STAFF.into_iter().find(|(id, ..)| *id == account).unwrap();
        Actor {
            person: person.to_owned(),
            account: account.to_owned(),
            name: name.to_owned(),
            roles: roles.iter().copied().collect(),
            certno: String::new(),
            villages: BTreeSet::new(),
            session: "test".to_owned(),
        }
    }

    /// A member of the staff whose own certificate number is recorded.
    pub fn known(&self, account: &str, certno: &str) -> Actor {
        Actor { certno: certno.to_owned(), ..self.actor(account) }
    }

    pub fn person(&self, psn_no: &str) -> Person {
        self.station.snapshot().unwrap().person(psn_no).unwrap().unwrap()
    }

    pub fn case(&self, case_id: &[u8; 16]) -> Case {
        self.station.snapshot().unwrap().case(case_id).unwrap().unwrap()
    }

    /// The status word of a case.
    pub fn status(&self, case_id: &[u8; 16]) -> &'static str {
        self.case(case_id).status.label()
    }

    /// What the demo's clerk types for a kind of case.
    pub fn play(&self, code: &str) -> Play {
        let get = |psn_no: &str, field: PersonField| {
            self.town.person(psn_no).map(|person| person.get(field).to_owned()).unwrap_or_default()
        };
        let today = "2026-11-20".parse().unwrap();
        plays(&self.town.cast, today, &get).into_iter().find(|play| play.code == code).unwrap()
    }

    /// Types a play and sees all its papers; nothing is left to find.
    pub fn draft(&self, clerk: &Actor, play: &Play) -> Draft {
        let mut draft = self.station.open_draft(clerk, play.code, Some(&play.psn_no)).unwrap();
        for (path, value) in &play.values {
            self.station.save_field(&mut draft, path, value).unwrap();
            self.station.follow_register(clerk, &mut draft, path).unwrap();
        }
        self.settle_papers(&mut draft);
        draft
    }

    /// Sees all papers and answers all warnings.
    pub fn settle_papers(&self, draft: &mut Draft) {
        let due: Vec<String> = self
            .station
            .materials_due(draft)
            .unwrap()
            .into_iter()
            .map(|material| material.id.clone())
            .collect();
        for id in due {
            self.station.save_material(draft, &id, MaterialState::CopyKept).unwrap();
        }
        for finding in self.station.check_draft(draft).unwrap() {
            if finding.severity == Severity::Warning {
                self.station.answer_warning(draft, &finding, "09").unwrap();
            }
        }
    }

    /// Hands a draft in under a new command id.
    pub fn accept(&self, clerk: &Actor, draft: &Draft) -> Result<Accepted, AppError> {
        self.station.accept(clerk, draft, self.station.new_id())
    }

    /// A play accepted by the first clerk.
    pub fn accepted(&self, play: &Play) -> [u8; 16] {
        let clerk = self.actor("c1");
        self.accept(&clerk, &self.draft(&clerk, play)).unwrap().case_id
    }

    /// Decides as this account.
    pub fn decide(&self, account: &str, case_id: &[u8; 16], verdict: Verdict) -> Result<(), AppError> {
        let actor = self.actor(account);
        self.station.review(&actor, case_id, verdict, "意见", self.station.new_id()).map(|_| ())
    }

    /// Agrees as these accounts, one after the other, a minute between.
    pub fn pass(&self, case_id: &[u8; 16], accounts: &[&str]) {
        for account in accounts {
            self.minute();
            self.explain(account, case_id);
            self.decide(account, case_id, Verdict::Passed).unwrap();
        }
    }

    /// Looks at every finding that this account answers, and answers it.
    pub fn explain(&self, account: &str, case_id: &[u8; 16]) {
        for doubt in self.doubts(account, case_id).into_iter().filter(|doubt| doubt.own && doubt.open) {
            self.answer(account, case_id, &doubt.raised, Reply::Explained).unwrap();
        }
    }

    /// The findings of a case as this account sees them.
    pub fn doubts(&self, account: &str, case_id: &[u8; 16]) -> Vec<Doubt> {
        self.station.open_review(&self.actor(account), case_id).unwrap().doubts
    }

    /// Answers one finding.
    pub fn answer(
        &self,
        account: &str,
        case_id: &[u8; 16],
        raised: &Raised,
        reply: Reply,
    ) -> Result<(), AppError> {
        let (code, about) = (raised.code.clone(), raised.about.clone());
        let replied = Replied { code, about, reply, text: "核对过原件".to_owned() };
        let actor = self.actor(account);
        self.station.answer_doubt(&actor, case_id, replied, self.station.new_id()).map(|_| ())
    }

    /// A play all the way to its effect.
    pub fn effective(&self, play: &Play) -> [u8; 16] {
        let case_id = self.accepted(play);
        self.pass(&case_id, &["c2", "r1", "a1"]);
        assert_eq!(self.status(&case_id), "已生效");
        case_id
    }

    /// A reversal all the way.
    pub fn reversed(&self, case_id: &[u8; 16]) {
        self.propose_reversal(case_id);
        self.pass(case_id, &["r1", "a1"]);
        assert_eq!(self.status(case_id), "已冲正");
    }

    /// Asks for a reversal as the first clerk.
    pub fn propose_reversal(&self, case_id: &[u8; 16]) {
        self.minute();
        let (clerk, id) = (self.actor("c1"), self.station.new_id());
        self.station.propose_reversal(&clerk, case_id, "录错了人", id).unwrap();
    }

    /// The journal is whole and every projection follows from it.
    pub fn verified(&self) {
        let verdict = self.station.verify(&self.actor("au"), &mut |_, _| true).unwrap().unwrap();
        assert_eq!(verdict.findings, Vec::new());
        assert!(verdict.operations > 8 && verdict.records > 100);
    }
}

/// A play with some values changed; a path that the play does not have is added.
pub fn with(mut play: Play, changes: &[(FieldPath, &str)]) -> Play {
    for (path, value) in changes {
        match play.values.iter_mut().find(|(at, _)| at == path) {
            Some((_, old)) => (*value).clone_into(old),
            None => play.values.push((path.clone(), (*value).to_owned())),
        }
    }
    play
}

/// Puts a file of the office's own into a data folder's library.
pub fn own_file(folder: &Path, name: &str, text: &str) {
    let path = folder.join("library").join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

pub fn field(id: &str) -> FieldPath {
    FieldPath::single(id)
}

pub fn cell(table: &str, row: usize, id: &str) -> FieldPath {
    FieldPath::cell(table, row, id)
}
