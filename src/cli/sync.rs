//! `sync`: one exchange with the city over the wire or a folder; and the exchange that runs beside the daemon.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::args::SyncArgs;
use super::output::{Exit, complain, failed, json, say};
use crate::app::{AppError, Route, Station};
use crate::sync::{FaultClass, SyncReport, SyncWorker, TransportFault};

/// How often the daemon looks whether something is to be sent.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Enrols first where a code is given, then makes one pass.
pub fn sync(station: &Station, args: &SyncArgs) -> Exit {
    try_sync(station, args).unwrap_or_else(|error| failed(&error))
}

fn try_sync(station: &Station, args: &SyncArgs) -> Result<Exit, AppError> {
    let actor = station.machine_actor();
    if let Some(code) = &args.enrol {
        let Some(url) = &args.hub else {
            return Err(AppError::Input("登记时请用 --hub 给出市级中心地址。".to_owned()));
        };
        let hub = station.enrol_at_hub(&actor, url, code)?;
        if !args.json {
            say(format!("已在 {} 登记。", hub.name));
        }
    }
    let route = match (&args.folder, &args.hub) {
        (Some(folder), _) => Route::Folder(folder.clone()),
        (None, Some(url)) => wire_to(station, url, args.moved)?,
        (None, None) => match station.hub()? {
            Some(hub) => Route::Wire(hub.url),
            None => return Err(AppError::Sync(crate::sync::SyncError::NotEnrolled)),
        },
    };
    let report = station.sync(&actor, &route)?;
    tell(&report, args.json);
    Ok(match report.fault.map(|fault| fault.class) {
        None | Some(FaultClass::NoReceiptYet) => Exit::Done,
        Some(FaultClass::Fork | FaultClass::HubSuspect) => Exit::Negative,
        Some(_) => Exit::Busy,
    })
}

/// The way to the hub at this address. The journal holds personal data: it goes to the hub that this station is
/// enrolled at, and elsewhere only when somebody says that the hub has moved.
///
/// # Errors
/// When the station is not enrolled, or at another address.
pub fn wire_to(station: &Station, url: &str, moved: bool) -> Result<Route, AppError> {
    let hub = station.hub()?.ok_or(AppError::Sync(crate::sync::SyncError::NotEnrolled))?;
    if moved || hub.url.trim_end_matches('/') == url.trim_end_matches('/') {
        return Ok(Route::Wire(url.to_owned()));
    }
    let sentence = format!("本站登记在 {}，不向别的地址报送。确已换址的，请加 --moved。", hub.url);
    Err(AppError::City(sentence))
}

fn tell(report: &SyncReport, as_json: bool) {
    if as_json {
        let returned: Vec<_> = report
            .returned
            .iter()
            .map(|r| serde_json::json!({ "seq": r.seq, "code": r.code.to_string(), "detail": r.detail }))
            .collect();
        json(&serde_json::json!({
            "stored": report.local.seq, "sent": report.sent_through, "received": report.receipted_through,
            "sealed": report.sealed, "receipts": report.receipts, "returned": returned,
            "phase": format!("{:?}", report.phase),
            "fault": report.fault.as_ref().map(|fault| format!("{:?}", fault.class)),
            "message": report.fault.as_ref().map(TransportFault::zh),
        }));
        return;
    }
    say(format!(
        "已存 {}  已送 {}  市级已收 {}",
        report.local.seq, report.sent_through, report.receipted_through
    ));
    for result in &report.returned {
        say(format!("已退 第 {} 笔 {}：{}", result.seq, result.code, result.detail));
    }
    if let Some(fault) = &report.fault {
        complain(fault.zh());
    }
}

/// The exchange beside the daemon; dropping it stops it after the pass under way.
pub struct Background {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic of the exchange has been told already; the daemon ends cleanly all the same.
            let _ = thread.join();
        }
    }
}

/// Exchanges every few seconds with what there is to send, waiting longer after each failure.
pub fn in_background(station: Arc<Station>, route: Route) -> Background {
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let thread = std::thread::spawn(move || {
        let mut worker = SyncWorker::new();
        let mut last_fault = String::new();
        while !stopped.load(Ordering::Acquire) {
            let fault = match station.pass(&route, &mut worker, false) {
                Ok(report) => report.fault.map(|fault| fault.zh().to_owned()).unwrap_or_default(),
                Err(error) => error.zh(),
            };
            // The same trouble is told once, not every five seconds.
            if fault != last_fault && !fault.is_empty() {
                complain(&fault);
            }
            last_fault = fault;
            std::thread::park_timeout(LOOK_EVERY);
        }
    });
    Background { stop, thread: Some(thread) }
}
