//! `print verify`, `print calibrate`, `print printers`, `print card`, and sending a file to a queue.

use std::path::Path;

use xiangbao_core::print::Calibration;

use super::args::PrintCommand;
use super::output::{Exit, complain, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, CopyFound, PaperAnswer, Station, Verdict};

/// Runs a command about paper.
///
/// # Errors
/// As its use case.
pub fn paper(station: &Station, command: &PrintCommand) -> Result<Exit, AppError> {
    match command {
        PrintCommand::Verify { payload, pdf, json } => {
            verify(station, payload.as_deref(), pdf.as_deref(), *json)
        }
        PrintCommand::Calibrate { printer, document, x, y, scale, who } => {
            let actor = sign_in(station, &who.account)?;
            let numbers = Calibration::parse(x, y, scale).map_err(|fault| AppError::Input(fault.zh()))?;
            station.calibrate(&actor, printer, document, numbers)?;
            let [x, y, scale] = numbers.written();
            if who.json {
                json(&serde_json::json!({
                    "printer": printer, "document": document, "x": x, "y": y, "scale": scale,
                }));
            } else {
                say(format!("已存：{printer} {document} 右 {x} 毫米 下 {y} 毫米 比例 {scale}‰"));
            }
            Ok(Exit::Done)
        }
        PrintCommand::Printers(args) => printers(station, args.json),
        PrintCommand::Card { printer, json: as_json } => {
            let path = station.test_card(printer.as_deref().unwrap_or_default())?;
            if *as_json {
                json(&serde_json::json!({ "path": path }));
            } else {
                say(format!("试印卡  {}", path.display()));
            }
            sent(station, printer.as_deref(), &path)
        }
    }
}

/// Sends a printed file to a queue when one was named; what the printing system says goes beside the answer.
///
/// # Errors
/// When it refuses; the file stays where it is.
pub fn sent(station: &Station, printer: Option<&str>, file: &Path) -> Result<Exit, AppError> {
    if let Some(printer) = printer {
        let said = station.spool(printer, file)?;
        complain(format!("{printer} 已接收  {}", said.trim()).trim_end());
    }
    Ok(Exit::Done)
}

fn printers(station: &Station, as_json: bool) -> Result<Exit, AppError> {
    let (queues, rows) = (station.printers()?, station.calibrations()?);
    if as_json {
        let rows: Vec<serde_json::Value> = rows
            .iter()
            .map(|row| {
                let [x, y, scale] = row.numbers.written();
                serde_json::json!({
                    "printer": row.printer, "document": row.document, "x": x, "y": y, "scale": scale,
                })
            })
            .collect();
        json(&serde_json::json!({ "queues": queues, "calibrations": rows }));
        return Ok(Exit::Done);
    }
    if queues.is_empty() {
        say("没有打印队列：PDF 存在数据文件夹的 prints/。");
    }
    for queue in queues {
        say(format!("打印机\t{queue}"));
    }
    for row in rows {
        let [x, y, scale] = row.numbers.written();
        say(format!("校准\t{}\t{}\t右 {x}\t下 {y}\t{scale}‰", row.printer, row.document));
    }
    Ok(Exit::Done)
}

fn verify(
    station: &Station,
    payload: Option<&str>,
    pdf: Option<&Path>,
    as_json: bool,
) -> Result<Exit, AppError> {
    let code = payload.map(|text| station.prove_code(text)).transpose()?;
    let file = pdf.map(|file| station.prove_pdf(file)).transpose()?;
    let answers: Vec<(&str, &PaperAnswer)> =
        code.iter().map(|answer| ("code", answer)).chain(file.iter().map(|answer| ("pdf", answer))).collect();
    let good = answers.iter().all(|(_, answer)| answer.verdict == Verdict::Genuine);
    if as_json {
        let parts: serde_json::Map<String, serde_json::Value> =
            answers.iter().map(|(what, answer)| ((*what).to_owned(), as_value(answer))).collect();
        json(&serde_json::Value::Object(parts));
    } else {
        for (what, answer) in answers {
            let what = if what == "pdf" { "PDF 文件" } else { "验真码" };
            say(format!("{what}：{}", answer.verdict.label()));
            for copy in &answer.copies {
                say(format!(
                    "  {}  {} 第{}份 {}页  {} 打印  {}  现为{}",
                    copy.number, copy.title, copy.copy, copy.pages, copy.printed, copy.by, copy.status
                ));
            }
        }
    }
    Ok(if good { Exit::Done } else { Exit::Negative })
}

fn as_value(answer: &PaperAnswer) -> serde_json::Value {
    let copy = |copy: &CopyFound| {
        serde_json::json!({
            "number": copy.number, "document": copy.document, "title": copy.title, "copy": copy.copy,
            "pages": copy.pages, "printed": copy.printed, "by": copy.by, "seq": copy.seq,
            "sha256": copy.sha256, "status": copy.status,
        })
    };
    serde_json::json!({
        "verdict": answer.verdict.id(), "copies": answer.copies.iter().map(copy).collect::<Vec<_>>(),
    })
}
