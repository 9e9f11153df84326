//! The commands as real processes: a station without a screen, a hub that is ended by a signal, a stick between them.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

const LINE: &str = "XIANGBAO_TEST_HUB_LINE";

/// The hub's command line, in this process.
fn hub(line: &[&str]) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = xiangbao_hub::cli::obey_line(line, &mut out, &mut err);
    (code, String::from_utf8([out, err].concat()).unwrap())
}

/// Does nothing in a run of the tests. Started again by the test below, with a line of words, it is the hub.
#[test]
fn a_hub_when_asked() {
    let Ok(line) = std::env::var(LINE) else { return };
    let words: Vec<&str> = line.split('\n').collect();
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    assert_eq!(xiangbao_hub::cli::obey_line(&words, &mut out, &mut err), 0);
}

struct Serving {
    child: Child,
    /// Held open: nobody likes to talk into a closed pipe.
    _says: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl Serving {
    fn start(data: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["process::a_hub_when_asked", "--exact", "--nocapture"])
            .env(LINE, ["serve", "--data", data, "--listen", "127.0.0.1:0"].join("\n"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("listening at ").map(|(_, url)| url.trim().to_owned()))
            .unwrap();
        Self { child, _says: lines, url }
    }

    fn stop(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Gone already where the test went well.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn xiangbao(data: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xiangbao"))
        .arg("--data")
        .arg(data)
        .args(words)
        .env("XIANGBAO_PIN", "246810")
        .output()
        .unwrap()
}

#[track_caller]
fn told(output: &Output, code: i32) -> serde_json::Value {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}{err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn station_and_hub_meet_by_wire_and_by_stick() {
    let folder = tempfile::tempdir().unwrap();
    let (data, city, stick) =
        (folder.path().join("station"), folder.path().join("hub"), folder.path().join("stick"));
    let city = city.to_str().unwrap();
    std::fs::create_dir(&stick).unwrap();
    let founded =
        xiangbao(&data, &["init", "--station", "TC01", "--name", "桃城镇", "--township", "451424100000"]);
    assert!(founded.status.success());
    assert!(!xiangbao(&data, &["sync"]).status.success());

    assert_eq!(hub(&["init", "--data", city]).0, 0);
    let serving = Serving::start(city);
    let (code, letters) = hub(&["enrol-code", "--data", city]);
    assert_eq!(code, 0);
    let wire = xiangbao(&data, &["sync", "--hub", &serving.url, "--enrol", letters.trim(), "--json"]);
    let first = told(&wire, 0);
    assert_eq!((&first["stored"], &first["received"], &first["receipts"]), (&1.into(), &1.into(), &1.into()));
    // Enrolled once, the address is known.
    assert_eq!(told(&xiangbao(&data, &["sync", "--json"]), 0)["sent"], 1);
    let clone = folder.path().join("clone");
    super::office::copy(&data, &clone);
    // The city's files are in use by the serving process.
    assert_eq!(hub(&["status", "--data", city]).0, 4);
    serving.stop();

    assert!(
        xiangbao(&data, &["user", "add", "nongmm", "--name", "农某某", "--role", "clerk"]).status.success()
    );
    let alone = told(&xiangbao(&data, &["sync", "--json"]), 4);
    assert_eq!(
        (&alone["fault"], &alone["sent"], &alone["received"]),
        (&"Network".into(), &1.into(), &1.into())
    );
    let by_stick = ["sync", "--json", "--folder", stick.to_str().unwrap()];
    let handed = told(&xiangbao(&data, &by_stick), 0);
    assert_eq!((&handed["fault"], &handed["sent"]), (&"NoReceiptYet".into(), &3.into()));
    let (code, said) = hub(&["import", "--data", city, stick.to_str().unwrap()]);
    assert_eq!((code, said.as_str()), (0, "accepted TC01-1-2-3.cbm\n"));
    let back = told(&xiangbao(&data, &by_stick), 0);
    assert_eq!((&back["received"], &back["fault"]), (&3.into(), &serde_json::Value::Null));

    let (code, status) = hub(&["status", "--data", city, "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!((code, &status["operations"], &status["stations"][0]["through"]), (0, &3.into(), &3.into()));
    // A copy of the station from earlier is told what it is, and that nothing is sent.
    let serving = Serving::start(city);
    let elsewhere = xiangbao(&clone, &["sync", "--hub", &serving.url]);
    assert_eq!(elsewhere.status.code(), Some(4), "personal data goes to the enrolled address alone");
    let copied = told(&xiangbao(&clone, &["sync", "--json", "--moved", "--hub", &serving.url]), 1);
    assert_eq!((&copied["fault"], &copied["phase"]), (&"Fork".into(), &"FrozenFork".into()));
    assert!(copied["message"].as_str().unwrap().contains("已停止报送"));
    serving.stop();
    assert!(xiangbao(&data, &["verify"]).status.success());
    assert_eq!(hub(&["init", "--data", city]).0, 1);
}
