//! An office for tests: a real station in a folder of its own with a small synthetic township, a clock that stands
//! still until it is moved, counted random bytes, and the accounts of four natural persons.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use xiangbao_core::form::{FieldPath, MaterialState};
use xiangbao_core::register::PersonField;
use xiangbao_core::role::{Actor, Role};

use crate::app::{Clock, Draft, Entropy, Founding, NewAccount, Station};
use crate::demo::township::{Township, township};
use crate::tui::desk::Desk;
use crate::tui::runtime::testing::{Habit, Rig};
use crate::tui::runtime::{Hello, Model as _};

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

const PIN: &str = "246810";

/// Account, natural person, name, roles. `p1` has two accounts.
const STAFF: [(&str, &str, &str, &[Role]); 5] = [
    ("c1", "p1", "黄经办", &[Role::Clerk]),
    ("c2", "p2", "韦初审", &[Role::Clerk]),
    ("r1", "p3", "陆复核", &[Role::Rechecker]),
    ("a1", "p4", "农审批", &[Role::Approver]),
    ("x1", "p1", "黄经办", &[Role::Rechecker, Role::Approver]),
];

/// The office.
pub(super) struct Office {
    pub(super) station: Arc<Station>,
    pub(super) town: Township,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

fn morning() -> Arc<AtomicI64> {
    let morning = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().and_hms_opt(1, 0, 0).unwrap();
    Arc::new(AtomicI64::new(morning.and_utc().timestamp_millis()))
}

impl Office {
    /// A new office on 2026-11-20, 09:00, with sixty households.
    pub(super) fn new() -> Self {
        // PINs are slow to hash on purpose: the same founded office is copied for each test.
        static FOUNDED: OnceLock<(Vec<u8>, Township)> = OnceLock::new();
        let (file, town) = FOUNDED.get_or_init(|| {
            let Self { station, town, folder, .. } = Self::named("TC");
            drop(station);
            (std::fs::read(folder.path().join(crate::store::FILE_NAME)).unwrap(), town)
        });
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(crate::store::FILE_NAME), file).unwrap();
        let store = crate::store::Store::open(folder.path()).unwrap();
        let library = crate::app::Library::load(None).unwrap();
        let clock = morning();
        let standing = Box::new(Standing(Arc::clone(&clock)));
        // Ids go on where no id of the founding can be met again.
        let entropy = Box::new(Counted(AtomicU64::new(1 << 32)));
        let station = Arc::new(Station::new(store, library, standing, entropy, folder.path()));
        Self { station, town: town.clone(), clock, folder }
    }

    /// The same under another station id: for two stations at one city.
    pub(super) fn named(id: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let founding = Founding {
            station: id.to_owned(),
            name: "桃城镇社保服务中心".to_owned(),
            township: "451424100000".to_owned(),
            seats: xiangbao_core::form::Seat::ALL.to_vec(),
        };
        let clock = morning();
        let standing = Box::new(Standing(Arc::clone(&clock)));
        let entropy = Box::new(Counted(AtomicU64::new(1)));
        let station = Arc::new(Station::found(folder.path(), &founding, standing, entropy).unwrap());
        for (account, person, name, roles) in STAFF {
            let new = NewAccount {
                account: account.to_owned(),
                person: person.to_owned(),
                name: name.to_owned(),
                certno: String::new(),
                roles: roles.to_vec(),
                villages: Vec::new(),
                pin: PIN.to_owned(),
            };
            station.put_account(&station.machine_actor(), new).unwrap();
        }
        let town = township(7, 60, station.today(), &station.library().policy).unwrap();
        station.load_register("期初", &town.changes, &mut |_, _| {}).unwrap();
        Self { station, town, clock, folder }
    }

    /// Where the station's files lie, for screens that name them.
    pub(super) fn folder(&self) -> String {
        self.folder.path().display().to_string()
    }

    /// Lets seconds pass.
    pub(super) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// A member of the staff, without a terminal.
    pub(super) fn actor(&self, account: &str) -> Actor {
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

    /// An auditor joins the staff: account `au`.
    pub(super) fn auditor(&self) -> Actor {
        let new = NewAccount {
            account: "au".to_owned(),
            person: "p5".to_owned(),
            name: "梁稽核".to_owned(),
            certno: String::new(),
            roles: vec![Role::Auditor],
            villages: Vec::new(),
            pin: PIN.to_owned(),
        };
        self.station.put_account(&self.station.machine_actor(), new).unwrap();
        let roles = [Role::Auditor].into();
        Actor { person: "p5".to_owned(), account: "au".to_owned(), roles, ..self.actor("c1") }
    }

    /// A terminal with this account signed in at home.
    pub(super) fn sit(&self, account: &str, cols: u16, rows: u16) -> Seat {
        self.sit_at(account, cols, rows, Habit::Narrow)
    }

    /// As [`Self::sit`], at a terminal that draws ambiguous characters in two cells.
    pub(super) fn sit_wide(&self, account: &str) -> Seat {
        self.sit_at(account, 80, 24, Habit::Wide)
    }

    fn sit_at(&self, account: &str, cols: u16, rows: u16, habit: Habit) -> Seat {
        let hello = Hello { account: Some(account.to_owned()), ..Hello::sized(cols, rows) };
        let mut rig = Rig::hello(Desk::new(Arc::clone(&self.station), &hello), &hello, habit);
        rig.type_keys(&format!("{PIN}<Enter>"));
        Seat { rig, folder: self.folder() }
    }

    /// An accepted change of telephone number, by the first clerk.
    pub(super) fn change(&self, psn_no: &str, phone: &str) -> [u8; 16] {
        self.hand_in(&self.change_draft(psn_no, phone))
    }

    /// The same, typed and not handed in.
    pub(super) fn drafted_change(&self, psn_no: &str, phone: &str) -> [u8; 16] {
        self.change_draft(psn_no, phone).case_id
    }

    fn change_draft(&self, psn_no: &str, phone: &str) -> Draft {
        let name = self.town.person(psn_no).unwrap().name().to_owned();
        let cell = |id: &str| FieldPath::cell("changes", 0, id);
        let mut values = vec![
            (cell("chg_item"), "08".to_owned()),
            (cell("after"), phone.to_owned()),
            (cell("chg_rea"), "换号".to_owned()),
        ];
        let old = self.town.person(psn_no).unwrap().get(PersonField::Phone).to_owned();
        values.push((cell("before"), old));
        values.extend(signed(&name));
        self.draft("change", Some(psn_no), &values, &["idcard"])
    }

    /// An accepted reimbursement of a stay in hospital, by the first clerk: the bill of the sample in `forms/samples`.
    pub(super) fn reimbursement(&self) -> [u8; 16] {
        let psn_no = self.town.cast.inpatient.psn_no.clone();
        let name = self.town.person(&psn_no).unwrap().name().to_owned();
        let sample = sample("reimbursement");
        let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
        let own = ["psn_no", "insutype", "psn_type", "acct_name", "sign_name", "sign_date"];
        let held: Vec<&str> = PersonField::ALL.iter().map(|field| field.id()).collect();
        let mut values = Vec::new();
        for (id, value) in sample["fields"].as_table().unwrap() {
            if !own.contains(&id.as_str()) && !held.contains(&id.as_str()) {
                values.push((FieldPath::single(id), text(value)));
            }
        }
        for (table, rows) in sample["tables"].as_table().unwrap() {
            for (index, row) in rows.as_array().unwrap().iter().enumerate() {
                for (id, value) in row.as_table().unwrap() {
                    values.push((FieldPath::cell(table, index, id), text(value)));
                }
            }
        }
        values.extend([
            (FieldPath::single("insutype"), "390".to_owned()),
            (FieldPath::single("acct_name"), name.clone()),
            (FieldPath::single("sign_name"), name),
            (FieldPath::single("sign_date"), "2026-11-20".to_owned()),
        ]);
        let papers: Vec<String> = sample["materials"].as_table().unwrap().keys().cloned().collect();
        let papers: Vec<&str> = papers.iter().map(String::as_str).collect();
        self.accept("reimbursement", Some(&psn_no), &values, &papers)
    }

    /// An accepted enrolment of the household of the sample in `forms/samples`, by the first clerk.
    pub(super) fn enrolment(&self) -> [u8; 16] {
        let sample = sample("enrolment");
        let mut values: Vec<(FieldPath, String)> = Vec::new();
        for (id, value) in sample["fields"].as_table().unwrap() {
            values.push((FieldPath::single(id), value.as_str().unwrap().to_owned()));
        }
        for (index, row) in sample["tables"]["members"].as_array().unwrap().iter().enumerate() {
            for (id, value) in row.as_table().unwrap() {
                values.push((FieldPath::cell("members", index, id), value.as_str().unwrap().to_owned()));
            }
        }
        let papers = sample["materials"].as_table().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
        self.accept("enrolment", None, &values, &papers)
    }

    /// Starts a city in this office's folder.
    pub(super) fn city(&self) -> xiangbao_hub::RunningHub {
        crate::demo::office::start_hub(self.folder.path()).unwrap()
    }

    /// Enrols this office at a city that `host` runs.
    pub(super) fn enrol(&self, host: &Self, city: &xiangbao_hub::RunningHub) {
        let codes = xiangbao_hub::serve::codes_of(&host.folder.path().join("hub"));
        let code = codes.make(xiangbao_hub::wall_clock()).unwrap();
        self.station.enrol_at_hub(&self.actor("c1"), &city.url(), &code).unwrap();
    }

    fn accept(
        &self,
        form: &str,
        psn_no: Option<&str>,
        values: &[(FieldPath, String)],
        papers: &[&str],
    ) -> [u8; 16] {
        self.hand_in(&self.draft(form, psn_no, values, papers))
    }

    fn hand_in(&self, draft: &Draft) -> [u8; 16] {
        self.station.accept(&self.actor("c1"), draft, self.station.new_id()).unwrap().case_id
    }

    fn draft(
        &self,
        form: &str,
        psn_no: Option<&str>,
        values: &[(FieldPath, String)],
        papers: &[&str],
    ) -> Draft {
        let clerk = self.actor("c1");
        let mut draft = self.station.open_draft(&clerk, form, psn_no).unwrap();
        for (path, value) in values {
            self.station.save_field(&mut draft, path, value).unwrap();
        }
        for paper in papers {
            self.station.save_material(&mut draft, paper, MaterialState::CopyKept).unwrap();
        }
        for finding in self.station.check_draft(&draft).unwrap() {
            self.station.answer_warning(&mut draft, &finding, "9").unwrap();
        }
        let left = self.station.check_draft(&draft).unwrap();
        assert!(left.is_empty(), "{left:?}");
        draft
    }

    /// Agrees at the next level as this account.
    pub(super) fn pass_level(&self, account: &str, case_id: &[u8; 16]) {
        let verdict = xiangbao_core::event::Verdict::Passed;
        let actor = self.actor(account);
        self.explain(account, case_id);
        self.station.review(&actor, case_id, verdict, "同意", self.station.new_id()).unwrap();
    }

    /// Answers every finding that this account's level has to answer.
    pub(super) fn explain(&self, account: &str, case_id: &[u8; 16]) {
        use xiangbao_core::findings::{Raised, Reply};
        let actor = self.actor(account);
        let doubts = self.station.open_review(&actor, case_id).unwrap().doubts;
        for doubt in doubts.into_iter().filter(|doubt| doubt.own && doubt.open) {
            let Raised { code, about, .. } = doubt.raised;
            let text = "核对过原件".to_owned();
            let replied = xiangbao_core::event::Replied { code, about, reply: Reply::Explained, text };
            self.station.answer_doubt(&actor, case_id, replied, self.station.new_id()).unwrap();
        }
    }

    /// The status word of a case.
    pub(super) fn status(&self, case_id: &[u8; 16]) -> &'static str {
        self.station.snapshot().unwrap().case(case_id).unwrap().unwrap().status.label()
    }
}

fn sample(form: &str) -> toml::Value {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("forms/samples");
    toml::from_str(&std::fs::read_to_string(folder.join(format!("{form}.toml"))).unwrap()).unwrap()
}

fn signed(name: &str) -> [(FieldPath, String); 5] {
    [
        (FieldPath::single("village_opinion"), "情况属实".to_owned()),
        (FieldPath::single("village_assistant"), "黄素梅".to_owned()),
        (FieldPath::single("village_date"), "2026-11-19".to_owned()),
        (FieldPath::single("sign_name"), name.to_owned()),
        (FieldPath::single("sign_date"), "2026-11-20".to_owned()),
    ]
}

/// A terminal.
pub(super) struct Seat {
    pub(super) rig: Rig<Desk>,
    folder: String,
}

impl Seat {
    /// Types a key script.
    pub(super) fn keys(&mut self, script: &str) -> &mut Self {
        self.rig.type_keys(script);
        self
    }

    /// Rows of text as a person sees them; the test's own folder reads `STATION`.
    pub(super) fn text(&self) -> String {
        self.rig.terminal.text().replace(&self.folder, "STATION")
    }

    /// Waits until work that runs aside has told its result.
    pub(super) fn until_done(&mut self) {
        // The test's minutes fly while the work runs: the terminal must not be locked meanwhile.
        self.rig.session.set_lock_after(std::time::Duration::from_secs(1_000_000));
        let patience = std::time::Instant::now();
        while self.rig.session.model().working() {
            assert!(patience.elapsed().as_secs() < 60, "{}", self.text());
            std::thread::yield_now();
            self.rig.wait(250);
        }
    }

    /// The screen says this.
    #[track_caller]
    pub(super) fn says(&self, words: &str) {
        let text = self.text();
        assert!(text.contains(words), "no {words:?} in\n{text}");
    }

    /// The screen does not say this.
    #[track_caller]
    pub(super) fn silent(&self, words: &str) {
        let text = self.text();
        assert!(!text.contains(words), "{words:?} in\n{text}");
    }
}
