//! The daemon over a real socket: resume, takeover, slow clients, failures. Every wait ends by what comes over the
//! socket, none by a clock.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::local::{LocalEvent, drive};
use super::wire::{End, Frame};
use super::*;
use crate::tui::runtime::testing::{Demo, Habit, Terminal};
use crate::tui::runtime::{Hello, Now, Session, keys};
use crate::tui::text;

#[derive(Default)]
struct Office {
    notes: Mutex<Vec<Note>>,
}

impl SessionFactory for Office {
    type Model = Demo;

    fn open(&self, account: &str, _hello: &Hello, _now: Now) -> Result<Demo, String> {
        if account == "closed" { Err("no such account".to_owned()) } else { Ok(Demo::new()) }
    }

    fn note(&self, note: &Note, _now: Now) {
        self.notes.lock().unwrap().push(note.clone());
    }
}

struct Station {
    folder: tempfile::TempDir,
    office: Arc<Office>,
    stopper: Stopper,
    thread: Option<JoinHandle<()>>,
}

impl Station {
    fn with(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let office = Arc::new(Office::default());
        let uid = std::fs::metadata(folder.path()).unwrap().uid();
        let socket = folder.path().join("run/station.sock");
        let clock = Arc::new(SystemClock::start());
        let server = Server::bind(&socket, Admission::own(uid), limits, Arc::clone(&office), clock).unwrap();
        let stopper = server.stopper();
        let thread = Some(std::thread::spawn(move || server.run()));
        Self { folder, office, stopper, thread }
    }

    fn new() -> Self {
        Self::with(Limits::default())
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("run/station.sock")
    }

    fn notes(&self) -> Vec<Note> {
        self.office.notes.lock().unwrap().clone()
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.stopper.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Client {
    stream: UnixStream,
    terminal: Terminal,
    ended: Option<String>,
    received: usize,
}

impl Client {
    fn new(socket: &Path, account: &str) -> Self {
        let mut stream = UnixStream::connect(socket).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let hello = Hello { account: Some(account.to_owned()), ..Hello::sized(80, 24) };
        Frame::Hello(hello).write(&mut stream).unwrap();
        Self { stream, terminal: Terminal::new(80, 24, Habit::Narrow), ended: None, received: 0 }
    }

    /// Attached, measured, first frame drawn.
    fn attached(socket: &Path, account: &str) -> Self {
        let mut client = Self::new(socket, account);
        client.until(|t| t.contains("F1"));
        client
    }

    /// Attached anew after a session ended: until its thread is gone, the door asks about taking it over.
    fn anew(socket: &Path, account: &str) -> Self {
        loop {
            let mut client = Self::new(socket, account);
            client.until(|t| t.contains("F1") || t.contains('Y'));
            if client.terminal.text().contains("F1") {
                return client;
            }
            client.send(b"n");
            std::thread::yield_now();
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        Frame::Bytes(bytes.to_vec()).write(&mut self.stream).unwrap();
    }

    fn type_keys(&mut self, script: &str) {
        for key in keys(script).unwrap() {
            self.send(&key);
        }
    }

    /// Takes one frame; false at the end.
    fn take(&mut self) -> bool {
        match Frame::read(&mut self.stream).unwrap_or(None) {
            Some(Frame::Output(bytes)) => {
                self.received += bytes.len();
                let replies = self.terminal.take(&bytes);
                if !replies.is_empty() {
                    self.send(&replies);
                }
                true
            }
            Some(Frame::Ended(_, sentence)) => {
                self.ended = Some(sentence);
                false
            }
            _ => false,
        }
    }

    fn until(&mut self, seen: impl Fn(&str) -> bool) {
        while !seen(&self.terminal.text()) {
            assert!(self.take(), "ended with {:?} at\n{}", self.ended, self.terminal.text());
        }
    }

    fn last_words(mut self) -> String {
        while self.take() {}
        self.ended.unwrap_or_default()
    }
}

#[test]
fn a_cut_terminal_resumes_at_the_same_caret() {
    let station = Station::new();
    let mut first = Client::attached(&station.socket(), "qin01");
    first.type_keys("qin<Left>\u{8983}");
    first.until(|t| t.contains("qi\u{8983}n"));
    let (screen, caret) = (first.terminal.text(), first.terminal.screen().cursor_position());
    drop(first);
    while !station.notes().contains(&Note::Detached { account: "qin01".into() }) {
        std::thread::yield_now();
    }
    let mut second = Client::attached(&station.socket(), "qin01");
    second.until(|t| t == screen);
    assert_eq!(second.terminal.screen().cursor_position(), caret);
    second.type_keys("x");
    second.until(|t| t.contains("qi\u{8983}xn"));
    assert!(station.notes().contains(&Note::Resumed { account: "qin01".into() }));
}

#[test]
fn two_accounts_have_two_sessions() {
    let station = Station::new();
    let mut one = Client::attached(&station.socket(), "qin01");
    let mut two = Client::attached(&station.socket(), "lu02");
    one.type_keys("one");
    two.type_keys("two");
    one.until(|t| t.contains("one"));
    two.until(|t| t.contains("two") && !t.contains("one"));
}

#[test]
fn a_takeover_is_asked_and_noted() {
    let station = Station::new();
    let mut first = Client::attached(&station.socket(), "qin01");
    first.type_keys("abc");
    first.until(|t| t.contains("abc"));
    let mut second = Client::new(&station.socket(), "qin01");
    second.until(|t| t.contains('Y'));
    second.send(b"n");
    assert_eq!(second.last_words(), text::NOT_TAKEN);
    first.type_keys("d");
    first.until(|t| t.contains("abcd"));
    let mut third = Client::new(&station.socket(), "qin01");
    third.until(|t| t.contains('Y'));
    third.send("\u{ff39}".as_bytes());
    third.until(|t| t.contains("abcd"));
    assert_eq!(first.last_words(), text::TAKEN_OVER);
    let taken = |n: &Note| matches!(n, Note::TakenOver { account, .. } if account == "qin01");
    assert_eq!(station.notes().iter().filter(|n| taken(n)).count(), 1);
}

#[test]
fn a_slow_client_loses_frames_and_never_keys() {
    let station = Station::new();
    let mut client = Client::attached(&station.socket(), "qin01");
    let before = client.received;
    let mut frame = 0;
    client.type_keys("<Ctrl-L>");
    while frame == 0 {
        client.take();
        frame = client.received - before;
    }
    // Nothing is read now, for as many full screens as no socket holds.
    let many = 4_000_000 / frame;
    for _ in 0..many {
        client.send(b"\x0c");
    }
    client.type_keys("abcdefgh");
    client.until(|t| t.contains("abcdefgh"));
    let received = client.received - before;
    assert!(received < frame * many / 2, "{received} bytes of {}", frame * many);
}

#[test]
fn a_panic_ends_one_session() {
    let station = Station::new();
    let mut healthy = Client::attached(&station.socket(), "lu02");
    let mut failing = Client::attached(&station.socket(), "qin01");
    failing.type_keys("a<Enter>panic<Enter>");
    assert_eq!(failing.last_words(), text::SESSION_FAILED);
    healthy.type_keys("fine");
    healthy.until(|t| t.contains("fine"));
    let mut again = Client::anew(&station.socket(), "qin01");
    again.type_keys("new");
    again.until(|t| t.contains("new"));
    assert!(station.notes().iter().any(|n| matches!(n, Note::Failed { account, .. } if account == "qin01")));
}

#[test]
fn leaving_ends_the_session_with_a_sentence() {
    let station = Station::new();
    let mut client = Client::attached(&station.socket(), "qin01");
    client.type_keys("abc<Esc>");
    assert_eq!(client.last_words(), text::GOOD_BYE);
    let mut client = Client::anew(&station.socket(), "qin01");
    client.type_keys("x");
    client.until(|t| t.contains('x') && !t.contains("abc"));
    let station_end = station;
    drop(station_end);
    assert_eq!(client.last_words(), text::STATION_STOPS);
}

#[test]
fn there_is_an_end_to_sessions_and_a_word_for_it() {
    let station = Station::with(Limits { sessions: 1, ..Limits::default() });
    let _one = Client::attached(&station.socket(), "qin01");
    assert_eq!(Client::new(&station.socket(), "lu02").last_words(), text::TOO_MANY);
    let station = Station::new();
    assert_eq!(Client::new(&station.socket(), "closed").last_words(), "no such account");
}

#[test]
fn an_idle_terminal_is_closed_and_its_session_waits() {
    let limits = Limits { close_after: Duration::from_millis(600), ..Limits::default() };
    let station = Station::with(limits);
    let mut client = Client::attached(&station.socket(), "qin01");
    client.type_keys("abc");
    client.until(|t| t.contains("abc"));
    assert_eq!(client.last_words(), text::IDLE_CLOSED);
    Client::anew(&station.socket(), "qin01").until(|t| t.contains("abc"));
}

#[test]
fn strangers_and_noise_are_sent_away() {
    let station = Station::new();
    let mut stream = UnixStream::connect(station.socket()).unwrap();
    Frame::Bytes(b"GET / HTTP/1.1".to_vec()).write(&mut stream).unwrap();
    assert_eq!(
        Frame::read(&mut stream).unwrap(),
        Some(Frame::Ended(End::Refused, text::OTHER_VERSION.to_owned()))
    );
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("station.sock");
    let admission = Admission { own_uid: u32::MAX, door_uid: None, accounts: BTreeMap::new() };
    let clock = Arc::new(SystemClock::start());
    let server =
        Server::bind(&socket, admission, Limits::default(), Arc::new(Office::default()), clock).unwrap();
    let stopper = server.stopper();
    let thread = std::thread::spawn(move || server.run());
    assert_eq!(Client::new(&socket, "qin01").last_words(), text::NOT_ADMITTED);
    stopper.stop();
    thread.join().unwrap();
    assert!(!socket.exists(), "the socket goes with its server");
}

#[test]
fn the_socket_is_private_and_a_stale_one_is_replaced() {
    let station = Station::new();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&station.socket()), 0o600);
    assert_eq!(mode(station.socket().parent().unwrap()), 0o700);
    let bind = |path: &Path| {
        let clock = Arc::new(SystemClock::start());
        Server::bind(path, Admission::own(0), Limits::default(), Arc::new(Office::default()), clock).map(drop)
    };
    assert!(matches!(bind(&station.socket()), Err(ServeError::Running(_))));
    let stale = station.folder.path().join("stale.sock");
    drop(std::os::unix::net::UnixListener::bind(&stale).unwrap());
    assert!(bind(&stale).is_ok());
    let file = station.folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    assert!(matches!(bind(&file), Err(ServeError::NotASocket(_))));
    assert!(file.exists());
}

#[test]
fn the_local_terminal_takes_the_same_way() {
    let clock = SystemClock::start();
    let (events, receiver) = sync_channel(16);
    let mut session = Session::new(Demo::new(), &Hello::sized(80, 24), clock.now());
    events.send(LocalEvent::Bytes(b"qin01".to_vec())).unwrap();
    events.send(LocalEvent::Resize(100, 30)).unwrap();
    events.send(LocalEvent::Bytes(b"\r12\x1b".to_vec())).unwrap();
    let mut out = Vec::new();
    drive(&mut session, &receiver, &mut out, &clock).unwrap();
    assert!(session.ended());
    assert_eq!(session.size(), (100, 30));
    assert!(session.screen_text().contains("qin01"));
}
