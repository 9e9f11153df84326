//! One office, made once through the use cases and copied for each test; and the binary, run with nothing of this
//! machine's environment.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;
use xiangbao::app::{Draft, Founding, NewAccount, Station, SystemClock, SystemEntropy};
use xiangbao::demo::office::{LOGINS, TOWNSHIP};
use xiangbao::demo::plays::{Play, plays};
use xiangbao::demo::township::{Cast, township};
use xiangbao_core::event::Verdict;
use xiangbao_core::form::{MaterialState, Severity};
use xiangbao_core::register::{Person, PersonField};
use xiangbao_core::role::Actor;

/// The office as it was made: where, who is in it, which cases.
pub struct Made {
    folder: TempDir,
    /// The man whose change of telephone waits for its first review.
    pub mover: Person,
    /// The man whose reimbursement took effect.
    pub patient: Person,
    /// The new telephone.
    pub phone: String,
    /// Number of the change.
    pub change: String,
    /// Number of the reimbursement.
    pub claim: String,
}

/// A copy for one test.
pub struct Bench {
    folder: TempDir,
    /// What is in it.
    pub made: &'static Made,
}

/// What a run answered.
#[derive(Debug)]
pub struct Answer {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Answer {
    /// Standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|fault| panic!("{fault}: {self:?}"))
    }

    /// The exit code, with everything said when it is another.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(make)
}

fn make() -> Made {
    let folder = tempfile::tempdir().unwrap();
    let founding = Founding {
        station: "TC01".to_owned(),
        name: "桃城镇社保服务中心".to_owned(),
        township: TOWNSHIP.to_owned(),
        seats: xiangbao_core::form::Seat::ALL.to_vec(),
    };
    let station =
        Station::found(folder.path(), &founding, Box::new(SystemClock), Box::new(SystemEntropy)).unwrap();
    let machine = station.machine_actor();
    for login in LOGINS {
        let new = NewAccount {
            account: login.account.to_owned(),
            person: login.account.to_owned(),
            name: login.name.to_owned(),
            certno: String::new(),
            roles: vec![login.role],
            villages: Vec::new(),
            pin: login.pin.to_owned(),
        };
        station.put_account(&machine, new).unwrap();
    }
    let town = township(3, 60, station.today(), &station.library().policy).unwrap();
    station.load_register("期初", &town.changes, &mut |_, _| {}).unwrap();
    let get = |psn_no: &str, field: PersonField| {
        town.person(psn_no).map(|person| person.get(field).to_owned()).unwrap_or_default()
    };
    let plays = plays(&town.cast, station.today(), &get);
    let play = |code: &str| plays.iter().find(|play| play.code == code).unwrap();
    let actor = |index: usize| station.sign_in(LOGINS[index].account, LOGINS[index].pin).unwrap();
    let (claim, number) = accept(&station, &actor(0), play("BX"));
    for level in 0..3 {
        station.review(&actor(level), &claim, Verdict::Passed, "同意", station.new_id()).unwrap();
    }
    let (_, change) = accept(&station, &actor(0), play("BG"));
    let Cast { mover, inpatient, .. } = &town.cast;
    Made {
        mover: town.person(&mover.psn_no).unwrap().clone(),
        patient: town.person(&inpatient.psn_no).unwrap().clone(),
        phone: mover.phone.clone(),
        change,
        claim: number,
        folder,
    }
}

fn accept(station: &Station, clerk: &Actor, play: &Play) -> ([u8; 16], String) {
    let mut draft = station.open_draft(clerk, play.code, Some(&play.psn_no)).unwrap();
    for (path, value) in &play.values {
        station.save_field(&mut draft, path, value).unwrap();
        station.follow_register(clerk, &mut draft, path).unwrap();
    }
    see_papers(station, &mut draft);
    let accepted = station.accept(clerk, &draft, station.new_id()).unwrap();
    (accepted.case_id, accepted.number)
}

/// Sees all papers of a draft and answers all warnings.
pub fn see_papers(station: &Station, draft: &mut Draft) {
    let due: Vec<String> = station.materials_due(draft).unwrap().iter().map(|m| m.id.clone()).collect();
    for id in due {
        station.save_material(draft, &id, MaterialState::CopyKept).unwrap();
    }
    for finding in station.check_draft(draft).unwrap() {
        if finding.severity == Severity::Warning {
            station.answer_warning(draft, &finding, "09").unwrap();
        }
    }
}

impl Bench {
    /// A copy of the office.
    pub fn new() -> Self {
        let made = made();
        let folder = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(made.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
            }
        }
        Self { folder, made }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs without a PIN.
    pub fn run(&self, args: &[&str]) -> Answer {
        run(self.folder(), args, None)
    }

    /// Runs as the clerk.
    pub fn clerk(&self, args: &[&str]) -> Answer {
        self.by("jb01", args)
    }

    /// Runs as an account of the demo, with its PIN.
    pub fn by(&self, account: &str, args: &[&str]) -> Answer {
        let login = LOGINS.iter().find(|login| login.account == account).unwrap();
        let mut all = args.to_vec();
        all.extend(["--as", account]);
        run(self.folder(), &all, Some(login.pin))
    }

    /// The same with further variables in the environment.
    pub fn by_with(&self, account: &str, args: &[&str], variables: &[(&str, &str)]) -> Answer {
        let login = LOGINS.iter().find(|login| login.account == account).unwrap();
        let mut all = args.to_vec();
        all.extend(["--as", account]);
        run_with(self.folder(), &all, Some(login.pin), variables)
    }

    /// Runs without a PIN, with further variables in the environment.
    pub fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Answer {
        run_with(self.folder(), args, None, variables)
    }

    /// Runs as the clerk, the answer going where the test says.
    pub fn clerk_into(&self, args: &[&str], out: impl Into<Stdio>) -> Answer {
        let login = LOGINS.iter().find(|login| login.account == "jb01").unwrap();
        let mut all = args.to_vec();
        all.extend(["--as", login.account]);
        answer(&command(self.folder(), &all, Some(login.pin), &[]).stdout(out).output().unwrap())
    }

    /// Runs without a PIN, the answer going where the test says.
    pub fn run_into(&self, args: &[&str], out: impl Into<Stdio>) -> Answer {
        answer(&command(self.folder(), args, None, &[]).stdout(out).output().unwrap())
    }

    /// Writes a file of the office's own library.
    pub fn replace(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder().join("library").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }
}

/// Runs the binary on a data folder; the PIN goes in by the environment.
pub fn run(folder: &Path, args: &[&str], pin: Option<&str>) -> Answer {
    run_with(folder, args, pin, &[])
}

fn run_with(folder: &Path, args: &[&str], pin: Option<&str>, variables: &[(&str, &str)]) -> Answer {
    answer(&command(folder, args, pin, variables).output().unwrap())
}

fn command(folder: &Path, args: &[&str], pin: Option<&str>, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiangbao"));
    command.env_clear().env("HOME", folder).env("XIANGBAO_DATA", folder).stdin(Stdio::null()).args(args);
    command.envs(variables.iter().copied());
    if let Some(pin) = pin {
        command.env("XIANGBAO_PIN", pin);
    }
    command
}

fn answer(output: &Output) -> Answer {
    Answer {
        // As a shell counts: a signal is 128 and its number.
        code: output.status.code().or(output.status.signal().map(|signal| 128 + signal)).unwrap_or(-1),
        out: String::from_utf8(output.stdout.clone()).unwrap(),
        err: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

/// Permission bits of a path.
pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The keys of a JSON object, sorted.
pub fn keys(value: &serde_json::Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}
