//! `doctor import` and `doctor list`.

use super::args::{AsArgs, DoctorCommand};
use super::output::{Exit, complain, failed, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, Station};

/// Largest list, bytes.
const MAX_BYTES: u64 = 50 * 1024 * 1024;

/// Runs a `doctor` command.
pub fn doctor(station: &Station, command: &DoctorCommand) -> Exit {
    let done = match command {
        DoctorCommand::Import { file, who, .. } => import(station, file.as_deref(), who),
        DoctorCommand::List { filter, who } => list(station, filter, who),
    };
    done.unwrap_or_else(|error| failed(&error))
}

fn import(station: &Station, file: Option<&std::path::Path>, who: &AsArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &who.account)?;
    let (name, bytes) = match file {
        Some(path) => {
            let fault = |source| AppError::File { path: path.to_owned(), source };
            if std::fs::metadata(path).map_err(fault)?.len() > MAX_BYTES {
                return Err(AppError::Input("文件太大，医师名单不超过 50 MiB。".to_owned()));
            }
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            (name, std::fs::read(path).map_err(fault)?)
        }
        None => {
            let (name, bytes) = Station::sample_doctors();
            (name.to_owned(), bytes.to_vec())
        }
    };
    let done = station.import_doctors(&actor, &name, &bytes)?;
    let exit = if done.faults.is_empty() { Exit::Done } else { Exit::Negative };
    if who.json {
        json(&serde_json::json!({
            "file": name, "read": done.read, "stored": done.stored, "faults": done.faults,
        }));
        return Ok(exit);
    }
    for fault in &done.faults {
        complain(fault.line());
    }
    if done.faults.is_empty() {
        say(format!("已导入：{name} 共 {} 条，新增或变更 {} 条。", done.read, done.stored));
    } else {
        complain(format!("{name} 有 {} 处须改正，没有导入任何内容。", done.faults.len()));
    }
    Ok(exit)
}

fn list(station: &Station, filter: &str, who: &AsArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &who.account)?;
    let doctors = station.list_doctors(&actor, filter)?;
    let exit = if doctors.is_empty() { Exit::Negative } else { Exit::Done };
    if who.json {
        let row = |doctor: &xiangbao_core::findings::Doctor| {
            serde_json::json!({
                "fixmedins_code": doctor.fixmedins_code, "fixmedins_name": doctor.fixmedins_name,
                "dr_codg": doctor.dr_codg, "dr_name": doctor.name, "state": doctor.state.id(),
                "begndate": doctor.from, "enddate": doctor.to, "basis": doctor.basis,
            })
        };
        json(&doctors.iter().map(row).collect());
        return Ok(exit);
    }
    if doctors.is_empty() {
        say("没有符合的医保医师。名单用 xiangbao doctor import 导入。");
    }
    for doctor in &doctors {
        let to = if doctor.to.is_empty() { "长期" } else { &doctor.to };
        let cells = [
            doctor.fixmedins_code.as_str(),
            &doctor.fixmedins_name,
            &doctor.dr_codg,
            &doctor.name,
            doctor.state.label(),
            &doctor.from,
            to,
            &doctor.basis,
        ];
        say(cells.join("\t"));
    }
    Ok(exit)
}
