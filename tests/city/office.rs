//! Offices and a city for these tests: stations in folders of their own with a clock that is moved by hand and the
//! accounts of four natural persons; a hub that can be stopped and started at the same address.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tempfile::TempDir;
use xiangbao::app::{
    CaseRow, Clock, Founding, Library, NewAccount, Reach, Route, Station, SyncState, SystemEntropy,
};
use xiangbao::demo::drive::Driver;
use xiangbao::demo::office::Login;
use xiangbao::demo::township::{Township, township};
use xiangbao::store::{Store, Table};
use xiangbao::sync::SyncReport;
use xiangbao_core::event::{Replied, Verdict};
use xiangbao_core::findings::{Raised, Reply};
use xiangbao_core::form::{FieldPath, MaterialState};
use xiangbao_core::journal::Receipt;
use xiangbao_core::register::PersonField;
use xiangbao_core::role::{Actor, Role};
use xiangbao_hub::status::Status;
use xiangbao_hub::{HubConfig, NewHub, RunningHub, serve_in_background};

/// 2026-11-20, 09:00 in the office.
const MORNING: i64 = 1_795_136_400_000;
const DAY: i64 = 86_400_000;

struct ByHand(Arc<AtomicI64>);

impl Clock for ByHand {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Account, which is also the natural person, and role.
const STAFF: [(&str, Role); 4] =
    [("c1", Role::Clerk), ("c2", Role::Clerk), ("r1", Role::Rechecker), ("a1", Role::Approver)];

/// A member of the staff.
pub fn actor(account: &str) -> Actor {
    let (account, role) = STAFF.into_iter().find(|(id, _)| *id == account).unwrap();
    actor_in(account, &[role])
}

/// Somebody with this account, which is also the natural person, and these roles.
pub fn actor_in(account: &str, roles: &[Role]) -> Actor {
    Actor {
        person: account.to_owned(),
        account: account.to_owned(),
        name: "某人".to_owned(),
        roles: roles.iter().copied().collect(),
        certno: String::new(),
        villages: [].into(),
        session: "test".to_owned(),
    }
}

/// A station.
pub struct Office {
    pub station: Arc<Station>,
    clock: Arc<AtomicI64>,
}

fn put_together(folder: &Path, clock: &Arc<AtomicI64>) -> Arc<Station> {
    let store = Store::open(folder).unwrap();
    let library = Library::load(Some(folder)).unwrap();
    let clock = Box::new(ByHand(Arc::clone(clock)));
    Arc::new(Station::new(store, library, clock, Box::new(SystemEntropy), folder))
}

impl Office {
    /// A new office with an empty register, that decides everything itself.
    pub fn found(folder: &Path, id: &str) -> Self {
        let staff: Vec<_> = STAFF.iter().map(|(account, role)| (*account, *role, String::new())).collect();
        Self::placed(folder, id, &xiangbao_core::form::Seat::ALL, &staff)
    }

    /// A new office with an empty register: its seats, and its staff with role and certificate number.
    pub fn placed(
        folder: &Path,
        id: &str,
        seats: &[xiangbao_core::form::Seat],
        staff: &[(&str, Role, String)],
    ) -> Self {
        let founding = Founding {
            station: id.to_owned(),
            name: "桃城镇社保服务中心".to_owned(),
            township: "451424100000".to_owned(),
            seats: seats.to_vec(),
        };
        let clock = Arc::new(AtomicI64::new(MORNING));
        let by_hand = Box::new(ByHand(Arc::clone(&clock)));
        let station = Station::found(folder, &founding, by_hand, Box::new(SystemEntropy)).unwrap();
        for (account, role, certno) in staff {
            let new = NewAccount {
                account: (*account).to_owned(),
                person: (*account).to_owned(),
                name: "某人".to_owned(),
                certno: certno.clone(),
                roles: vec![*role],
                villages: Vec::new(),
                pin: "246810".to_owned(),
            };
            station.put_account(&station.machine_actor(), new).unwrap();
        }
        Self { station: Arc::new(station), clock }
    }

    /// Takes over a small register and gives it.
    pub fn settle_in(&self) -> Township {
        let town = township(7, 6, self.station.today(), &self.station.library().policy).unwrap();
        self.station.load_register("期初", &town.changes, &mut |_, _| {}).unwrap();
        town
    }

    /// The same office after the end of its process, opened from another folder if that is asked for.
    pub fn moved_to(self, folder: Option<&Path>) -> Self {
        let Self { station, clock } = self;
        let folder = folder.map_or_else(|| station.folder().to_owned(), Path::to_owned);
        drop(station);
        Self { station: put_together(&folder, &clock), clock }
    }

    /// The office as it stands in a folder.
    pub fn open(folder: &Path) -> Self {
        let clock = Arc::new(AtomicI64::new(MORNING));
        Self { station: put_together(folder, &clock), clock }
    }

    /// The next morning.
    pub fn next_day(&self) {
        self.clock.fetch_add(DAY, Ordering::Relaxed);
    }

    /// A household is enrolled, accepted and no more: the sample of `forms/samples`.
    pub fn enrolment(&self) -> [u8; 16] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("forms/samples/enrolment.toml");
        let sample: toml::Value = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
        let mut values = Vec::new();
        for (id, value) in sample["fields"].as_table().unwrap() {
            values.push((FieldPath::single(id), text(value)));
        }
        for (table, rows) in sample["tables"].as_table().unwrap() {
            for (index, row) in rows.as_array().unwrap().iter().enumerate() {
                for (id, value) in row.as_table().unwrap() {
                    values.push((FieldPath::cell(table, index, id), text(value)));
                }
            }
        }
        let papers: Vec<String> = sample["materials"].as_table().unwrap().keys().cloned().collect();
        let papers: Vec<&str> = papers.iter().map(String::as_str).collect();
        self.accept("enrolment", None, &values, &papers)
    }

    /// A person of the register has a new telephone number, accepted and no more.
    pub fn change(&self, psn_no: &str, phone: &str) -> [u8; 16] {
        let person = self.station.snapshot().unwrap().person(psn_no).unwrap().unwrap();
        let cell = |id: &str| FieldPath::cell("changes", 0, id);
        let single = FieldPath::single;
        let values = [
            (cell("chg_item"), "08"),
            (cell("before"), person.get(PersonField::Phone)),
            (cell("after"), phone),
            (cell("chg_rea"), "换号"),
            (single("village_opinion"), "情况属实"),
            (single("village_assistant"), "黄素梅"),
            (single("village_date"), "2026-11-19"),
            (single("sign_name"), person.name()),
            (single("sign_date"), "2026-11-20"),
        ]
        .map(|(path, value)| (path, value.to_owned()));
        self.accept("change", Some(psn_no), &values, &["idcard"])
    }

    /// A stay in hospital is claimed with these invoices, accepted and no more: what the demo's clerk types.
    pub fn claim(&self, town: &Township, changes: &[(FieldPath, &str)]) -> [u8; 16] {
        let get = |psn_no: &str, field: PersonField| {
            town.person(psn_no).map(|person| person.get(field).to_owned()).unwrap_or_default()
        };
        let play = xiangbao::demo::plays::plays(&town.cast, self.station.today(), &get);
        let play = play.into_iter().find(|play| play.code == "BX").unwrap();
        let mut values = play.values;
        for (path, value) in changes {
            match values.iter_mut().find(|(at, _)| at == path) {
                Some((_, old)) => (*value).clone_into(old),
                None => values.push((path.clone(), (*value).to_owned())),
            }
        }
        let mut papers = vec!["id_card", "card", "bank_no", "invoices", "fee_list", "diagnosis", "discharge"];
        let referred = changes.iter().any(|(path, value)| path.field == "manl_reim_rea" && *value == "05");
        papers.extend(referred.then_some("referral"));
        self.accept("reimbursement", Some(&play.psn_no), &values, &papers)
    }

    fn accept(
        &self,
        form: &str,
        psn_no: Option<&str>,
        values: &[(FieldPath, String)],
        papers: &[&str],
    ) -> [u8; 16] {
        let clerk = actor("c1");
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
        self.station.accept(&clerk, &draft, self.station.new_id()).unwrap().case_id
    }

    /// Agrees as these persons, one after the other.
    pub fn agree(&self, case_id: &[u8; 16], accounts: &[&str]) {
        for account in accounts {
            self.explain(&actor(account), case_id);
            let (id, verdict) = (self.station.new_id(), Verdict::Passed);
            self.station.review(&actor(account), case_id, verdict, "同意", id).unwrap();
        }
    }

    /// Answers every finding that this person's level has to answer.
    pub fn explain(&self, actor: &Actor, case_id: &[u8; 16]) {
        let page = self.station.open_review(actor, case_id).unwrap();
        for doubt in page.doubts.into_iter().filter(|doubt| doubt.own && doubt.open) {
            let Raised { code, about, .. } = doubt.raised;
            let replied =
                Replied { code, about, reply: Reply::Explained, text: "核对过原件".to_owned() };
            self.station.answer_doubt(actor, case_id, replied, self.station.new_id()).unwrap();
        }
    }

    /// All three levels, by three persons.
    pub fn approve(&self, case_id: &[u8; 16]) {
        self.agree(case_id, &["c2", "r1", "a1"]);
    }

    /// One pass that a person asked for.
    pub fn pass(&self, route: &Route) -> SyncReport {
        self.station.sync(&actor("c1"), route).unwrap()
    }

    /// How far each operation of a case has come.
    pub fn reaches(&self, case_id: &[u8; 16]) -> Vec<Reach> {
        let (_, rows) = self.station.timeline(&actor("c1"), case_id).unwrap();
        rows.into_iter().map(|row| row.reach).collect()
    }

    /// A case in the list.
    pub fn listed(&self, case_id: &[u8; 16]) -> CaseRow {
        let rows = self.station.list_cases(&actor("c1"), "").unwrap();
        rows.into_iter().find(|case| case.row.case_id == *case_id).unwrap()
    }

    pub fn state(&self) -> SyncState {
        self.station.sync_state().unwrap()
    }

    /// What the home screen says about cases that came back.
    pub fn came_back(&self) -> Vec<([u8; 16], String)> {
        let home = self.station.home(&actor("c1")).unwrap();
        home.returned.into_iter().map(|row| (row.case_id, row.bar)).collect()
    }

    /// A terminal with this account signed in.
    pub fn desk(&self, account: &'static str) -> Driver {
        let mut desk = Driver::new(&self.station);
        let role = STAFF.into_iter().find(|(id, _)| *id == account).unwrap().1;
        desk.sign_in(&Login { account, name: "某人", role, pin: "246810" }).unwrap();
        desk
    }

    /// Walks the journal and rebuilds everything; all must be well.
    #[track_caller]
    pub fn is_sound(&self) {
        let machine = self.station.machine_actor();
        let verdict = self.station.verify(&machine, &mut |_, _| true).unwrap().unwrap();
        assert_eq!(verdict.findings, []);
        assert_eq!(verdict.operations, self.state().stored);
    }

    /// File names and contents of the outbox.
    pub fn outbox(&self) -> Vec<(String, Vec<u8>)> {
        files(&self.station.folder().join("outbox"))
    }

    /// The receipts kept, by their number.
    pub fn receipts(&self) -> Vec<Receipt> {
        let hub = self.station.hub().unwrap().unwrap();
        let key = ed25519_dalek::VerifyingKey::from_bytes(&hub.key).unwrap();
        let kept = self.station.snapshot().unwrap().scan(Table::Receipts, &[], usize::MAX).unwrap();
        kept.iter().map(|(_, bytes)| Receipt::open(bytes, &key).unwrap()).collect()
    }
}

/// Names and contents of the files in a folder, in order of the names.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    found.sort();
    found
}

/// Copies a folder with everything below it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A city with its hub, and room for stations beside it.
pub struct City {
    folder: TempDir,
    address: SocketAddr,
    hub: Option<RunningHub>,
}

impl City {
    /// A city whose hub runs.
    pub fn new() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut city = Self { folder: tempfile::tempdir().unwrap(), address: listen, hub: None };
        city.start();
        city.address = city.hub.as_ref().unwrap().addr();
        city
    }

    /// A folder beside the hub's.
    pub fn room(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// An office that is enrolled here.
    pub fn office(&self, id: &str) -> Office {
        self.enrolled(Office::found(&self.room(id), id))
    }

    /// Enrols an office here.
    pub fn enrolled(&self, office: Office) -> Office {
        let hub = self.hub.as_ref().unwrap().hub();
        let code = hub.codes.make((hub.clock)()).unwrap();
        office.station.enrol_at_hub(&actor("c1"), &self.url(), &code).unwrap();
        office
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn wire(&self) -> Route {
        Route::Wire(self.url())
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The hub's machine is switched off.
    pub fn stop(&mut self) {
        self.hub.take().unwrap().stop();
    }

    /// And on again, at the same address.
    pub fn start(&mut self) {
        let create = NewHub { name: "崇左市医疗保障中心".to_owned(), city: "451400".to_owned() };
        let data = self.room("hub");
        let config = HubConfig { data, listen: self.address, create: Some(create) };
        self.hub = Some(serve_in_background(&config).unwrap());
    }

    pub fn status(&self) -> Status {
        self.hub.as_ref().unwrap().hub().status().unwrap()
    }
}
