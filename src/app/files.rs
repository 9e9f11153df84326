//! Files beside the data file: sealed batches and printed documents. Whole or not at all, and closed to others from
//! the first byte on: they hold identity and health data. And the files that a person names for reading. Knows nothing of
//! their content.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::error::AppError;
use super::station::Station;
use crate::store::private_folder;

impl Station {
    /// The bytes of a file that somebody at a screen named, at most one more than `limit`: whoever judges the size sees
    /// that there are too many. The station reads with its own rights, not with those of the person at the screen:
    /// keys, data file and printed papers in the data folder are no files to import, and a pipe would never end.
    ///
    /// # Errors
    /// When it is no file, lies in the data folder, or cannot be read.
    pub(super) fn read_named(&self, path: &Path, limit: u64) -> Result<Vec<u8>, AppError> {
        let fault = |source| AppError::File { path: path.to_owned(), source };
        let real = path.canonicalize().map_err(fault)?;
        if self.folder().canonicalize().is_ok_and(|own| real.starts_with(own)) {
            return Err(AppError::Input(format!(
                "{} 在本机数据文件夹内，不能读取。请把文件放到别处（如 U 盘）再选。",
                path.display()
            )));
        }
        if !real.metadata().map_err(fault)?.is_file() {
            return Err(AppError::Input(format!("{} 不是文件，请写出文件的完整路径。", path.display())));
        }
        let mut bytes = Vec::new();
        let file = File::open(&real).map_err(fault)?;
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(fault)?;
        Ok(bytes)
    }
}

/// Written under another name, synced, renamed, folder synced: a crash leaves the whole file or none.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write_durably(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    private_folder(folder)?;
    write_whole(folder, name, bytes)
}

/// The same at a place that somebody chose, whose folder stays as it is.
///
/// # Errors
/// When the path names no file, or the disk refuses.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = path.file_name().ok_or_else(|| std::io::Error::from(std::io::ErrorKind::InvalidInput))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    write_whole(folder, &name.to_string_lossy(), bytes)
}

/// A file named on the command line, read with the rights of who runs it; at most one byte more than `most`: whoever
/// judges the size sees that there are too many.
///
/// # Errors
/// When it is no file, or cannot be read.
pub(super) fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, AppError> {
    let fault = |source| AppError::File { path: path.to_owned(), source };
    let file = File::open(path).map_err(fault)?;
    if !file.metadata().map_err(fault)?.is_file() {
        return Err(AppError::Input(format!("{} 不是文件，请写出文件的完整路径。", path.display())));
    }
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(fault)?;
    Ok(bytes)
}

fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let fresh = folder.join(format!("{name}.tmp"));
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&fresh, folder.join(name))?;
    File::open(folder)?.sync_all()
}
