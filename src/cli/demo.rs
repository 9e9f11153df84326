//! `demo`: a station with a synthetic township in a folder of its own; with `--headless`, the walk through all of it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::args::DemoArgs;
use super::output::{Exit, complain, failed, not_open, say};
use crate::app::Route;
use crate::demo::office::{DemoError, LOGINS, Office, found};
use crate::demo::walk::{Witness, walk};

/// Runs the demo.
pub fn demo(args: &DemoArgs) -> Exit {
    let folder = match folder(args) {
        Ok(folder) => folder,
        Err(error) => {
            complain(error);
            return Exit::Fault;
        }
    };
    let households = usize::try_from(args.households).unwrap_or(usize::MAX);
    let result = found(&folder, households, &mut |line| say(line)).and_then(|office| {
        if args.headless { headless(office, &folder) } else { Ok(interactive(office, &folder)) }
    });
    result.unwrap_or_else(|error| match error {
        DemoError::Open(error) => not_open(&error),
        DemoError::App(error) => failed(&error),
        other => {
            complain(other);
            Exit::Fault
        }
    })
}

/// A folder of its own, new unless named.
fn folder(args: &DemoArgs) -> std::io::Result<PathBuf> {
    if let Some(folder) = &args.dir {
        std::fs::create_dir_all(folder)?;
        return Ok(folder.clone());
    }
    for number in 1..1_000 {
        let folder = std::env::temp_dir().join(format!("xiangbao-demo-{number}"));
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::Error::other("no free folder: name one with --dir"))
}

/// The accounts, then the clerk's home screen.
fn interactive(office: Office, folder: &Path) -> Exit {
    let Some(clerk) = LOGINS.first() else { return Exit::Fault };
    let lines = welcome(&office);
    for line in &lines {
        say(line);
    }
    let Office { station, hub, .. } = office;
    let exchange = super::sync::in_background(std::sync::Arc::clone(&station), Route::Wire(hub.url()));
    let exit = super::enter::demo(&station, clerk, &lines);
    drop(exchange);
    hub.stop();
    say(format!("演示数据留在 {}；再看：xiangbao --data {}/station", folder.display(), folder.display()));
    exit
}

/// Who there is, and what to do first.
fn welcome(office: &Office) -> Vec<String> {
    let mut lines = vec![
        format!("虚构乡镇 桃城镇：{} 户，{} 人。账号和口令：", office.size.1, office.size.0),
        String::new(),
    ];
    for login in LOGINS {
        lines.push(format!("  {}  {}  {}  {}", login.account, login.pin, login.role.label(), login.name));
    }
    let name = |psn_no: &str| {
        let person =
            office.station.snapshot().ok().and_then(|snapshot| snapshot.person(psn_no).ok().flatten());
        person.map(|person| person.name().to_owned()).unwrap_or_default()
    };
    lines.extend([
        String::new(),
        "先做这几步：".to_owned(),
        format!("  1. F3 查人，键入 {}，Enter，再 Enter 打开；", name(&office.cast.mover.psn_no)),
        "  2. 按 2 办信息变更；逐栏 Enter，F4 选代码，F1 看说明；".to_owned(),
        "  3. F5 核材料（按 2 留复印件），F9 受理；".to_owned(),
        "  4. =SH 初审；Ctrl-X 锁屏，Esc 换 fh01 复核、sp01 审批；".to_owned(),
        "  5. =BJ 看全部办件，F6 打印；=TB 看市级回执。任何地方按 ? 看按键。".to_owned(),
    ]);
    lines
}

struct Printer {
    began: Instant,
    lost: bool,
}

impl Witness for Printer {
    fn step(&mut self, what: &str) {
        say(format!("[{:>5.1?}] {what}", self.began.elapsed()));
    }

    fn screen(&mut self, title: &str, screen: &str) {
        say(format!("---- {title} {}", "-".repeat(60)));
        say(screen.trim_end());
        self.lost |= screen.trim().is_empty();
    }
}

/// Walks, prints the last table, and says whether all of it is so.
fn headless(office: Office, folder: &Path) -> Result<Exit, DemoError> {
    let mut printer = Printer { began: Instant::now(), lost: false };
    let report = walk(office, folder, &mut printer)?;
    say("=".repeat(78));
    for line in report.table() {
        say(line);
    }
    let faults = report.faults();
    for fault in &faults {
        complain(fault);
    }
    if faults.is_empty() && !printer.lost {
        say(format!("全部如上，用时 {:.1?}。数据在 {}", printer.began.elapsed(), folder.display()));
        return Ok(Exit::Done);
    }
    Ok(Exit::Negative)
}
