//! The SSH door: a screen for the right key, one sentence for everything else (reliability 9.1).

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use rustix::process::Signal;

use super::office::{Office, PIN, PROGRAM, Ran, command, until};
use super::sshd::{Sshd, guide, me};
use super::tmux::{FORM, Terminal};

/// Most bytes of one key in a field, and of a whole screen (product 2.7).
const KEY_BYTES: usize = 400;
const SCREEN_BYTES: usize = 4096;

/// An office with its daemon and door as the guide says.
fn with_door() -> (Office, super::office::Daemon, Sshd) {
    let office = Office::new();
    let socket = office.folder().join("run").join("station.sock");
    let uid = Ran::of(command("sh").args(["-c", &format!("id -u {}", me())])).out;
    assert!(guide("sh serve").contains("serve --socket /run/xiangbao/station.sock --door-uid"));
    let daemon = office.serve_with(&["--socket", &socket.display().to_string(), "--door-uid", uid.trim()]);
    let sshd = Sshd::open(&office, &socket);
    (office, daemon, sshd)
}

#[test]
fn the_guide_founds_a_station() {
    let folder = tempfile::Builder::new().prefix("xb").tempdir_in("/tmp").unwrap();
    let data = folder.path().join("d");
    let script = guide("sh station")
        .replace("xiangbao --data /var/lib/xiangbao", &format!("{PROGRAM} --data {}", data.display()));
    let ran = Ran::of(command("sh").args(["-ec", &script]));
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn the_door_shows_the_screens_and_costs_little() {
    let (office, daemon, sshd) = with_door();
    let socket = office.folder().join("run").join("station.sock");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&socket), mode(&office.folder().join("run"))), (0o666, 0o711));
    assert_eq!(mode(&office.data().join("xiangbao.redb")), 0o600);

    let line = sshd.client("xiangbao_c1", "-t");
    let terminal = Terminal::open(&office, (80, 24), &line);
    let screen = terminal.wait("签到");
    assert!(screen.contains("c1"), "the account of the key stands there:\n{screen}");
    terminal.enter(PIN);
    terminal.wait("首页");
    terminal.enter("=DJ");
    terminal.wait(FORM);
    terminal.press(&["Down"]);
    terminal.wait_cursor((24, 3));

    // One character at a time, as from an input method; then a caret key, a field exit, a whole screen.
    let measure = |what: &str, at: (u16, u16), act: &dyn Fn()| {
        let (bytes, wire) = (terminal.bytes().len(), sshd.wire());
        act();
        let cost = terminal.cost(bytes, at);
        println!("{what}: {cost} bytes to the terminal, {} on the wire", sshd.wire() - wire);
        cost
    };
    let mut most = 0;
    for (index, text) in ["桃", "城", "镇", "7"].iter().enumerate() {
        let column = 24 + 2 * u16::try_from(index + 1).unwrap() - u16::from(*text == "7");
        most = most.max(measure(text, (column, 3), &|| terminal.write(text)));
    }
    most = most.max(measure("Left", (30, 3), &|| terminal.press(&["Left"])));
    most = most.max(measure("Enter", (24, 4), &|| terminal.press(&["Enter"])));
    assert!(most <= KEY_BYTES, "{most}");
    let whole = measure("Ctrl-L", (24, 4), &|| terminal.press(&["C-l"]));
    assert!(whole <= SCREEN_BYTES, "{whole}");

    // The line is cut in the middle, the session is not.
    terminal.write("半");
    terminal.wait_cursor((26, 4));
    terminal.cut();
    let again = Terminal::open(&office, (120, 40), &line);
    again.wait_for("locked, or asked to take over", |screen| {
        if screen.contains("按 Y 接管") {
            again.press(&["Y"]);
        }
        screen.contains("已锁定")
    });
    again.enter(PIN);
    again.wait("桃城镇7");
    again.wait_cursor((26, 4));
    assert_eq!(daemon.end(Signal::TERM).0, Some(0));
    let left = again.left();
    assert_eq!(left.code, 4, "{left:?}");
    assert!(left.screen.contains("工作站正在停止"), "{left:?}");
}

#[test]
fn the_door_opens_nothing_but_the_screens() {
    let (office, _daemon, sshd) = with_door();
    let no_command = "此入口只提供工作站画面，不执行命令，也不传送文件。";
    for (options, remote) in [("", "ls"), ("-tt", "sh"), ("-T", "'cat /etc/passwd'")] {
        let ran = sshd.run("xiangbao_c1", options, remote);
        let said = format!("{}{}", ran.out, ran.err);
        assert_eq!(ran.code, 3, "{options} {remote}: {ran:?}\n{}", sshd.log());
        assert!(said.contains(no_command) && !said.contains("root:"), "{ran:?}");
    }
    let pipe = sshd.run("xiangbao_c1", "-T", "");
    assert_eq!((pipe.code, pipe.err.trim()), (3, "需要一个终端（tty）。请用 ssh -t，或在终端窗口中运行。"));
    for options in ["-W 127.0.0.1:9", "-N -o ExitOnForwardFailure=yes -R 0:127.0.0.1:9", "-T -s"] {
        let ran = sshd.run("xiangbao_c1", options, if options.ends_with("-s") { "sftp" } else { "" });
        assert_eq!(ran.code, 255, "{options}: {ran:?}");
    }
    let stranger = sshd.run("stranger", "-tt", "");
    assert_eq!(stranger.code, 255, "{stranger:?}");
    assert!(stranger.err.contains("Permission denied"), "{stranger:?}");

    // No colour, by the one name that sshd lets through.
    let line = sshd.client("xiangbao_c1", "-t -o SendEnv=LC_XIANGBAO_COLOR");
    let plain = Terminal::open(&office, (80, 24), &format!("LC_XIANGBAO_COLOR=none {line}"));
    plain.wait("签到");
    plain.enter(PIN);
    plain.wait("首页");
    assert_eq!(super::colour::colours(&plain.bytes()), Vec::<u32>::new());
}

/// Other users of the machine are known by the kernel. Only root can play them.
#[test]
fn the_socket_believes_the_kernel() {
    if !rustix::process::geteuid().is_root() {
        println!("left out: only root can take another user's part");
        return;
    }
    let office = Office::new();
    let socket = office.folder().join("run").join("station.sock").display().to_string();
    let program = office.folder().join("xiangbao").display().to_string();
    fs::copy(PROGRAM, &program).unwrap();
    let _daemon = office.serve_with(&["--socket", &socket, "--door-uid", "65534"]);
    let as_user = |uid: u32, rest: &str| {
        let user = format!("setpriv --reuid={uid} --regid={uid} --clear-groups");
        Terminal::open(&office, (80, 24), &format!("{user} {program} attach --socket {socket} {rest}"))
    };
    let door = as_user(65534, "--as c1");
    door.wait("签到");
    for (uid, rest, sentence) in [
        (65534, "", "此入口没有给出账号"),
        (65533, "--as c1", "本机账户没有登记为工作站账号"),
        (65533, "", "本机账户没有登记为工作站账号"),
    ] {
        let left = as_user(uid, rest).left();
        assert_eq!(left.code, 3, "{left:?}");
        assert!(left.screen.contains(sentence), "{left:?}");
    }
    door.press(&["Escape"]);
    door.wait("再按一次 Esc");
    door.press(&["Escape"]);
    until("the door leaves", || (door.left().code == 0).then_some(()));
}
