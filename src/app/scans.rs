//! Scanned papers: taken over from a file, kept under their hash in the data folder's `scans/`, named in the draft. The
//! bytes are opaque: never decoded, never shown, only compared. Knows files; must not know forms or screens.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use xiangbao_core::form::Scan;
use xiangbao_core::identity::text::is_refused;
use xiangbao_core::journal::hex;
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::files::write_durably;
use super::station::Station;
use crate::store::Draft;

/// Largest scan, in bytes.
const MAX_SCAN: u64 = 20 * 1024 * 1024;
/// Longest file name kept.
const MAX_NAME: usize = 80;

/// A scan that is not what the case says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanFault {
    /// Printed number of the case.
    pub number: String,
    /// Material.
    pub material: String,
    /// The file is there, but with other bytes.
    pub altered: bool,
}

impl Station {
    /// Takes a scan over for a material of a draft, and saves the draft. An empty path takes the scan off again.
    ///
    /// # Errors
    /// When the file cannot be read, is too large or no file, or the store refuses.
    pub fn attach_scan(&self, draft: &mut Draft, material: &str, path: &str) -> Result<(), AppError> {
        let path = path.trim();
        let scan = if path.is_empty() { None } else { Some(self.take_over(Path::new(path))?) };
        draft.data.papers.entry(material.to_owned()).or_default().scan = scan;
        self.touch(draft)
    }

    /// Notes how many pages of a material were handed in, and saves the draft.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn count_pages(&self, draft: &mut Draft, material: &str, pages: u16) -> Result<(), AppError> {
        draft.data.papers.entry(material.to_owned()).or_default().pages = pages;
        self.touch(draft)
    }

    fn take_over(&self, path: &Path) -> Result<Scan, AppError> {
        let bytes = self.read_named(path, MAX_SCAN)?;
        let size = bytes.len() as u64;
        if size == 0 || size > MAX_SCAN {
            let most = MAX_SCAN / 1024 / 1024;
            return Err(AppError::Input(format!("扫描件为空或超过 {most} MB，请重新扫描。")));
        }
        let sha256 = hex(&Sha256::digest(&bytes));
        let folder = self.scans();
        if !folder.join(&sha256).exists() {
            write_durably(&folder, &sha256, &bytes)
                .map_err(|source| AppError::File { path: folder.join(&sha256), source })?;
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.chars().filter(|c| !is_refused(*c)).take(MAX_NAME).collect();
        Ok(Scan { sha256, bytes: size, name, wall_ms: self.now_ms() })
    }

    fn scans(&self) -> PathBuf {
        self.folder().join("scans")
    }

    /// Compares every scan that a case names with the file in the data folder. `progress` answers whether to go on.
    ///
    /// # Errors
    /// When the actor may not, or the store cannot be read.
    pub fn check_scans(
        &self,
        actor: &Actor,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Vec<ScanFault>, AppError> {
        self.authorize(actor, Action::VerifyJournal, &Subject::none())?;
        let cases = self.snapshot()?.all_cases(usize::MAX)?;
        let total = cases.len() as u64;
        let mut faults = Vec::new();
        for (done, (_, case)) in cases.iter().enumerate() {
            if !progress(done as u64, total) {
                break;
            }
            for (material, note) in &case.filing.data.papers {
                let Some(scan) = &note.scan else { continue };
                let held = self.held(scan);
                if held == Held::Same {
                    continue;
                }
                faults.push(ScanFault {
                    number: case.number.clone(),
                    material: material.clone(),
                    altered: held == Held::Other,
                });
            }
        }
        Ok(faults)
    }

    fn held(&self, scan: &Scan) -> Held {
        // The name comes from our own journal, but a journal can be another station's: only a hash is a file name here.
        let is_hash = scan.sha256.len() == 64 && scan.sha256.bytes().all(|b| b.is_ascii_hexdigit());
        let file = if is_hash { std::fs::File::open(self.scans().join(&scan.sha256)).ok() } else { None };
        let Some(file) = file else { return Held::Gone };
        let mut bytes = Vec::new();
        match file.take(MAX_SCAN + 1).read_to_end(&mut bytes) {
            Ok(_) if hex(&Sha256::digest(&bytes)) == scan.sha256 => Held::Same,
            Ok(_) => Held::Other,
            Err(_) => Held::Gone,
        }
    }
}

/// What lies in the folder for a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Same,
    Other,
    Gone,
}
