//! Printers of an office: three numbers per printer and form in `printers.toml`, the test card, the queues, and sending
//! a printed file to one. Knows files and queues; must not know cases.

use std::path::Path;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use serde::{Deserialize, Serialize};
use xiangbao_core::print::{Calibration, LayoutError, OffPaper, card};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::files::write_durably;
use super::station::Station;
use crate::print::{PdfInfo, SpoolError, metrics, queue_name, queues, render, send};

/// The name that stands for the PDF in `prints/`, printed by other means.
pub const DEFAULT_PRINTER: &str = "default";
/// The file in the data folder.
const FILE: &str = "printers.toml";
/// Largest file that is read, bytes.
const LARGEST: u64 = 256 * 1024;
/// A4, micrometres.
const A4: (i32, i32) = (210_000, 297_000);
/// What the file says about itself.
const HEAD: &str = "# 套打校准：每台打印机、每种文书三个数。printer 为打印队列名，default 表示不经队列、由 PDF 打印。\n\
# x 向右、y 向下，单位毫米，0.1 毫米一档，负数向左、向上；scale 为千分比，980 到 1020，1000 为不缩放。\n\
# 本文件由 xiangbao print calibrate 或打印预览中的“校准”写入，也可手改。\n";

/// The three numbers of one printer and one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calibrated {
    /// Queue, or [`DEFAULT_PRINTER`].
    pub printer: String,
    /// Template id.
    pub document: String,
    /// The three numbers.
    pub numbers: Calibration,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(default)]
    calibration: Vec<Row>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Row {
    printer: String,
    document: String,
    x: toml::Value,
    y: toml::Value,
    scale: i64,
}

/// A file on its way to a queue.
pub struct Spooling {
    answer: Receiver<Result<String, SpoolError>>,
}

impl Spooling {
    /// What the printing system said, once it did.
    pub fn poll(&self) -> Option<Result<String, AppError>> {
        match self.answer.try_recv() {
            Ok(answer) => Some(answer.map_err(AppError::from)),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(SpoolError::Missing.into())),
        }
    }
}

impl Station {
    /// All calibrations, by printer and document.
    ///
    /// # Errors
    /// When the file cannot be read or a row is wrong: named by its printer and document.
    pub fn calibrations(&self) -> Result<Vec<Calibrated>, AppError> {
        let path = self.folder().join(FILE);
        let fault = |source| AppError::File { path: path.clone(), source };
        let text = match std::fs::metadata(&path) {
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(fault(source)),
            Ok(about) if about.len() > LARGEST => return Err(wrong(&path, "文件太大。")),
            Ok(_) => std::fs::read_to_string(&path).map_err(fault)?,
        };
        let stored: Stored = toml::from_str(&text).map_err(|error| wrong(&path, &error.to_string()))?;
        let mut rows: Vec<Calibrated> = Vec::new();
        for row in stored.calibration {
            let here = format!("{} / {}：", row.printer, row.document);
            let said = |words: &str| wrong(&path, &format!("{here}{words}"));
            queue_name(&row.printer).map_err(|fault| said(&fault.zh()))?;
            let numbers = Calibration::parse(&row.x.to_string(), &row.y.to_string(), &row.scale.to_string())
                .map_err(|fault| said(&fault.zh()))?;
            if rows.iter().any(|other| other.printer == row.printer && other.document == row.document) {
                return Err(said("写了两次，请删去一处。"));
            }
            rows.push(Calibrated { printer: row.printer, document: row.document, numbers });
        }
        rows.sort_by(|a, b| (&a.printer, &a.document).cmp(&(&b.printer, &b.document)));
        Ok(rows)
    }

    /// The three numbers of a printer (empty: [`DEFAULT_PRINTER`]) and a template; no shift when none were set.
    ///
    /// # Errors
    /// As [`Self::calibrations`].
    pub fn calibration(&self, printer: &str, document: &str) -> Result<Calibration, AppError> {
        let printer = if printer.is_empty() { DEFAULT_PRINTER } else { printer };
        let rows = self.calibrations()?;
        let row = rows.into_iter().find(|row| row.printer == printer && row.document == document);
        Ok(row.map(|row| row.numbers).unwrap_or_default())
    }

    /// Sets the three numbers of a printer (empty: [`DEFAULT_PRINTER`]) and a template, durably.
    ///
    /// # Errors
    /// When the actor may not print, the template or the name of the printer is wrong, or the file cannot be written.
    pub fn calibrate(
        &self,
        actor: &Actor,
        printer: &str,
        document: &str,
        numbers: Calibration,
    ) -> Result<(), AppError> {
        self.authorize(actor, Action::PrintCase, &Subject::none())?;
        let printer = if printer.is_empty() { DEFAULT_PRINTER } else { printer };
        queue_name(printer)?;
        if !self.library.templates.contains_key(document) {
            return Err(AppError::NotFound(format!("打印模板 {document}")));
        }
        let _turn = self.store.turn();
        let mut rows = self.calibrations()?;
        rows.retain(|row| row.printer != printer || row.document != document);
        rows.push(Calibrated { printer: printer.to_owned(), document: document.to_owned(), numbers });
        rows.sort_by(|a, b| (&a.printer, &a.document).cmp(&(&b.printer, &b.document)));
        let mut text = HEAD.to_owned();
        for row in rows {
            let [x, y, scale] = row.numbers.written();
            let (printer, document) = (toml::Value::String(row.printer), toml::Value::String(row.document));
            text.push_str(&format!(
                "\n[[calibration]]\nprinter = {printer}\ndocument = {document}\nx = {x}\ny = {y}\nscale = {scale}\n"
            ));
        }
        let path = self.folder().join(FILE);
        write_durably(self.folder(), FILE, text.as_bytes())
            .map_err(|source| AppError::File { path: path.clone(), source })
    }

    /// The test card as a PDF in `prints/`: rulers at known millimetres, to lay on the stock.
    ///
    /// # Errors
    /// When the name of the printer is wrong, or the disk refuses.
    pub fn test_card(&self, printer: &str) -> Result<std::path::PathBuf, AppError> {
        let printer = if printer.is_empty() { DEFAULT_PRINTER } else { printer };
        queue_name(printer)?;
        let title = format!("试印卡  打印机 {printer}");
        let lines = [
            "1. 用要套打的打印机把本页印在白纸上（不缩放，100%）。",
            "2. 与预印表格叠齐左上角，对着光看：十字标尺的刻度是离纸边的毫米数。",
            "3. 表格上应在某刻度的线，在卡上偏右几毫米 x 就填几，偏下几毫米 y 就填几；偏左、偏上填负数。",
            "4. 量左右两个十字的距离，应为 170 毫米：每少 1 毫米，比例约加 6（千分）。",
            "5. 三个数在打印预览按 K 填，或用 xiangbao print calibrate。",
        ];
        let lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
        let document = card(A4, &title, &lines, metrics());
        let info = PdfInfo { title, subject: String::new(), created: super::station::local(0) };
        self.write_print(&format!("card-{printer}.pdf"), &render(&document, &info)?)
    }

    /// The names of the printer queues of this machine; none where there is no printing system.
    ///
    /// # Errors
    /// When the printing system does not answer.
    pub fn printers(&self) -> Result<Vec<String>, AppError> {
        Ok(queues()?)
    }

    /// Sends a printed file to a queue and waits for what the printing system says.
    ///
    /// # Errors
    /// In a sentence for the clerk; the file stays where it is.
    pub fn spool(&self, queue: &str, file: &Path) -> Result<String, AppError> {
        Ok(send(queue, file)?)
    }

    /// Sends a printed file to a queue aside.
    pub fn start_spool(&self, queue: &str, file: &Path) -> Spooling {
        let (sender, answer) = channel();
        let (queue, file) = (queue.to_owned(), file.to_owned());
        std::thread::spawn(move || {
            // Nobody may be waiting any more: the file is with the printer all the same.
            let _ = sender.send(send(&queue, &file));
        });
        Spooling { answer }
    }
}

fn wrong(path: &Path, words: &str) -> AppError {
    AppError::Input(format!("{} 有错：{words}", path.display()))
}

/// Why a text cannot be printed, for the clerk.
pub(super) fn unprintable(title: &str, fault: &LayoutError) -> AppError {
    AppError::Input(match fault {
        LayoutError::MissingGlyph { slot, character, .. } => format!(
            "{title}：{slot} 里的“{character}”（U+{:04X}）字体里没有，不能打印。请核对该字，或改用常用写法并注明。",
            u32::from(*character)
        ),
        LayoutError::DoesNotFit { slot, text, .. } => format!(
            "{title}：{slot} 的内容太长，最小字号也放不下：{text}。请缩写，或请管理员把模板里的格子改大。"
        ),
        LayoutError::NotAnOption { slot, value, .. } => {
            format!("{title}：{slot} 的值 {value} 不在表上的选项里。请核对，或请管理员在模板里加上这一项。")
        }
    })
}

/// What would leave the paper, for the clerk.
pub(super) fn off_paper(off: &OffPaper) -> AppError {
    let millimetres = off.by.div_euclid(1_000) + 1;
    AppError::Input(format!(
        "按现在的校准，第 {} 页的 {} 会印到纸外（约 {millimetres} 毫米）。请改小偏移或比例。",
        off.page, off.slot
    ))
}
