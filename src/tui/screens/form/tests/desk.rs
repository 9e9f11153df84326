//! A desk for tests: a real station in a folder of its own, a fixed clock, counted random bytes, one clerk, the synthetic
//! household of the samples in the register.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xiangbao_core::form::{FieldPath, FormData, MaterialState};
use xiangbao_core::register::{Change, Household, Person, PersonField, PersonStatus};
use xiangbao_core::role::{Actor, Role};

use crate::app::{Clock, Entropy, Founding, NewAccount, Station};
use crate::tui::desk::Desk;
use crate::tui::runtime::Hello;
use crate::tui::runtime::testing::{Habit, Rig};

/// 2026-11-20 09:00 in the office, and one millisecond more with every look.
struct Fixed(AtomicU64);

impl Clock for Fixed {
    fn now_ms(&self) -> i64 {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().and_hms_opt(1, 0, 0).unwrap();
        let looks = self.0.fetch_add(1, Ordering::Relaxed);
        day.and_utc().timestamp_millis() + i64::try_from(looks).unwrap()
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

/// A terminal with the clerk signed in at home.
pub(super) struct Bench {
    pub(super) station: Arc<Station>,
    pub(super) actor: Actor,
    pub(super) rig: Rig<Desk>,
    size: (u16, u16),
    _folder: tempfile::TempDir,
}

pub(super) const HOUSEHOLD: &str = "4514241000010017";
pub(super) const FARMER: &str = "45142400000000000017";

impl Bench {
    pub(super) fn new(cols: u16, rows: u16) -> Self {
        Self::of("", cols, rows)
    }

    /// As [`Self::new`], in an office with these settings (`office.toml`).
    pub(super) fn of(settings: &str, cols: u16, rows: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        if !settings.is_empty() {
            std::fs::write(folder.path().join(crate::app::OFFICE_FILE), settings).unwrap();
        }
        let founding = Founding {
            station: "TC".to_owned(),
            name: "桃城镇社保服务中心".to_owned(),
            township: "451424100000".to_owned(),
            seats: xiangbao_core::form::Seat::ALL.to_vec(),
        };
        let (clock, entropy) = (Box::new(Fixed(AtomicU64::new(0))), Box::new(Counted(AtomicU64::new(1))));
        let station = Arc::new(Station::found(folder.path(), &founding, clock, entropy).unwrap());
        let clerk = NewAccount {
            account: "c1".to_owned(),
            person: "p1".to_owned(),
            name: "黄经办".to_owned(),
            certno: String::new(),
            roles: vec![Role::Clerk],
            villages: Vec::new(),
            pin: "246810".to_owned(),
        };
        station.put_account(&station.machine_actor(), clerk).unwrap();
        station.load_register("test", &register(), &mut |_, _| {}).unwrap();
        let actor = station.sign_in("c1", "246810").unwrap();
        let hello = Hello { account: Some("c1".to_owned()), ..Hello::sized(cols, rows) };
        let mut rig = Rig::hello(Desk::new(Arc::clone(&station), &hello), &hello, Habit::Narrow);
        rig.type_keys("246810<Enter>");
        Self { station, actor, rig, size: (cols, rows), _folder: folder }
    }

    /// Another person of the office, signed in elsewhere.
    pub(super) fn colleague(&self, account: &str, role: Role) -> Actor {
        let colleague = NewAccount {
            account: account.to_owned(),
            person: format!("person-{account}"),
            name: "农复核".to_owned(),
            certno: String::new(),
            roles: vec![role],
            villages: Vec::new(),
            pin: "135790".to_owned(),
        };
        self.station.put_account(&self.station.machine_actor(), colleague).unwrap();
        self.station.sign_in(account, "135790").unwrap()
    }

    /// The clerk leaves the seat to an auditor.
    pub(super) fn become_auditor(&mut self) {
        self.give_seat("x1", Role::Auditor);
    }

    /// A new colleague sits down at this terminal.
    pub(super) fn give_seat(&mut self, account: &str, role: Role) -> &mut Self {
        self.actor = self.colleague(account, role);
        let hello = Hello { account: Some(account.to_owned()), ..Hello::sized(self.size.0, self.size.1) };
        self.rig = Rig::hello(Desk::new(Arc::clone(&self.station), &hello), &hello, Habit::Narrow);
        self.keys("135790<Enter>")
    }

    /// The id of the one case there is.
    pub(super) fn case_id(&self) -> [u8; 16] {
        let cases = self.station.snapshot().unwrap().all_cases(9).unwrap();
        assert_eq!(cases.len(), 1);
        cases[0].0
    }

    /// The screen says this somewhere.
    pub(super) fn shows(&self, words: &str) -> &Self {
        let text = self.text();
        assert!(text.contains(words), "{words:?} is not on\n{text}");
        self
    }

    pub(super) fn keys(&mut self, script: &str) -> &mut Self {
        self.rig.type_keys(script);
        self
    }

    pub(super) fn text(&self) -> String {
        self.rig.terminal.text()
    }

    /// A block as a terminal with bracketed paste sends it.
    pub(super) fn paste(&mut self, block: &str) {
        let bytes = format!("\x1b[200~{block}\x1b[201~");
        let _ = self.rig.session.feed(bytes.as_bytes(), self.rig.now);
        self.rig.wait(50);
    }

    /// The one draft of the clerk.
    pub(super) fn draft(&self) -> crate::app::Draft {
        let drafts = self.station.drafts(&self.actor).unwrap();
        assert_eq!(drafts.len(), 1, "{drafts:?}");
        drafts.into_iter().next().unwrap()
    }

    /// Opens a draft that holds a sample, from the home screen.
    pub(super) fn open_sample(&mut self, form: &str, change: impl FnOnce(&mut FormData)) -> &mut Self {
        let mut draft = self.station.open_draft(&self.actor, form, None).unwrap();
        draft.data = sample(form);
        change(&mut draft.data);
        self.station.touch(&mut draft).unwrap();
        self.keys("=00<Enter><Enter>")
    }
}

/// A sample of `forms/samples`, as form data.
pub(super) fn sample(form: &str) -> FormData {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("forms/samples").join(format!("{form}.toml"));
    let sample: toml::Value = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
    let mut data = FormData::default();
    for (id, value) in sample["fields"].as_table().unwrap() {
        data.set(&FieldPath::single(id), &text(value));
    }
    for (table, rows) in sample.get("tables").and_then(toml::Value::as_table).into_iter().flatten() {
        for (index, row) in rows.as_array().unwrap().iter().enumerate() {
            for (id, value) in row.as_table().unwrap() {
                data.set(&FieldPath::cell(table, index, id), &text(value));
            }
        }
    }
    for (id, state) in sample.get("materials").and_then(toml::Value::as_table).into_iter().flatten() {
        let state = match state.as_str().unwrap() {
            "copy_kept" => MaterialState::CopyKept,
            "original_seen" => MaterialState::OriginalSeen,
            _ => MaterialState::Missing,
        };
        data.materials.insert(id.clone(), state);
    }
    data
}

fn register() -> Vec<Change> {
    let mut farmer = Person {
        psn_no: FARMER.to_owned(),
        rev: 1,
        household_no: HOUSEHOLD.to_owned(),
        status: PersonStatus::Active,
        values: std::collections::BTreeMap::new(),
    };
    let sample = sample("reimbursement");
    for field in PersonField::ALL {
        let value = sample.field(field.id());
        if !value.is_empty() && !matches!(field, PersonField::BankAccount | PersonField::BankCode) {
            farmer.set(field, value);
        }
    }
    let household = Household {
        household_no: HOUSEHOLD.to_owned(),
        rev: 1,
        resdbook_no: "451424100200317".to_owned(),
        head_psn_no: FARMER.to_owned(),
        head_name: farmer.name().to_owned(),
        admdvs12: "451424100001".to_owned(),
        group_no: "三组".to_owned(),
        address: "大新县桃城镇新城社区三组17号".to_owned(),
        void: false,
    };
    let effective = "2026-01-01".to_owned();
    vec![
        Change::Household { effective: effective.clone(), record: household },
        Change::Person { effective, record: farmer },
    ]
}
