//! A real sshd on loopback, set up word for word as docs/ssh-door.md says, and a counter on its wire. Knows OpenSSH;
//! must not know what the door shows.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::office::{Office, PROGRAM, Ran, command, until};

/// The guide of the door.
const GUIDE: &str = include_str!("../../docs/ssh-door.md");

/// The one block of the guide with this mark.
pub fn guide(mark: &str) -> &'static str {
    let begin = format!("\n```{mark}\n");
    let (_, rest) = GUIDE.split_once(&begin).unwrap_or_else(|| panic!("the guide has no block {mark}"));
    rest.split_once("```").unwrap().0
}

/// The user who runs this test: it takes the part of the door.
pub fn me() -> String {
    Ran::of(command("id").arg("-un")).out.trim().to_owned()
}

/// A door: sshd, its keys, and the counter before it.
pub struct Sshd {
    child: Child,
    folder: PathBuf,
    port: u16,
    wire: Arc<AtomicU64>,
}

impl Sshd {
    /// Opens the door of an office whose daemon listens on `socket`.
    pub fn open(office: &Office, socket: &Path) -> Self {
        let folder = office.folder().join("ssh");
        fs::create_dir(&folder).unwrap();
        let at = folder.display();
        let key = |name: &str, line: &str| {
            let made = Ran::of(command("sh").current_dir(&folder).args(["-c", line]));
            assert_eq!(made.code, 0, "{made:?}");
            fs::read_to_string(folder.join(format!("{name}.pub"))).unwrap().trim().to_owned()
        };
        let clerk = key("xiangbao_c1", guide("sh key"));
        let host = key("host", "ssh-keygen -q -t ed25519 -f host -N ''");
        key("stranger", "ssh-keygen -q -t ed25519 -f stranger -N ''");
        let line = guide("authorized_keys")
            .replace("\"xiangbao ", &format!("\"{PROGRAM} "))
            .replace("/run/xiangbao/station.sock", &socket.display().to_string())
            .replace("KEY", &clerk);
        fs::write(folder.join("authorized_keys"), line).unwrap();

        let inside = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "Port {inside}\nListenAddress 127.0.0.1\nHostKey {at}/host\nPidFile none\nStrictModes no\n\
             AuthorizedKeysFile {at}/authorized_keys\n{}",
            guide("sshd_config").replace("xbdoor", &me()),
        );
        fs::write(folder.join("sshd_config"), config).unwrap();
        if rustix::process::geteuid().is_root() {
            fs::create_dir_all("/run/sshd").unwrap();
        }
        let child = command("/usr/sbin/sshd")
            .args(["-D", "-e", "-f"])
            .arg(folder.join("sshd_config"))
            .stdin(Stdio::null())
            .stderr(fs::File::create(folder.join("log")).unwrap())
            .spawn()
            .unwrap_or_else(|error| panic!("sshd: {error}; tests/run installs it"));
        until("sshd listens", || TcpStream::connect(("127.0.0.1", inside)).ok());
        let (port, wire) = counted(inside);
        fs::write(folder.join("known"), format!("[127.0.0.1]:{port} {host}\n")).unwrap();
        Self { child, folder, port, wire }
    }

    /// The client's arguments: strict about the host, this key only, nothing of the person's own settings.
    pub fn client(&self, key: &str, options: &str) -> String {
        let at = self.folder.display();
        format!(
            "ssh -F /dev/null -i {at}/{key} -p {} -o IdentitiesOnly=yes -o BatchMode=yes \
             -o StrictHostKeyChecking=yes -o UserKnownHostsFile={at}/known {options} {}@127.0.0.1",
            self.port,
            me(),
        )
    }

    /// Runs a client to its end.
    pub fn run(&self, key: &str, options: &str, remote: &str) -> Ran {
        Ran::of(command("sh").arg("-c").arg(format!("{} {remote}", self.client(key, options))))
    }

    /// Bytes on the wire so far, both ways.
    pub fn wire(&self) -> u64 {
        self.wire.load(Ordering::Acquire)
    }

    /// What sshd has to say.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port before another one that counts what passes.
fn counted(inside: u16) -> (u16, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let wire = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&wire);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(("127.0.0.1", inside)) else { return };
            for (from, to) in [(&client, &server), (&server, &client)] {
                let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                let counter = Arc::clone(&counter);
                std::thread::spawn(move || copy(from, to, &counter));
            }
        }
    });
    (port, wire)
}

fn copy(mut from: TcpStream, mut to: TcpStream, counter: &AtomicU64) {
    let _ = to.set_nodelay(true);
    let mut buffer = [0; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        counter.fetch_add(u64::try_from(n).unwrap(), Ordering::AcqRel);
        if to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
