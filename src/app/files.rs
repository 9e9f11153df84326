//! Files beside the data file: sealed batches and printed documents. Whole or not at all, and closed to others from
//! the first byte on: they hold identity and health data. Knows nothing of their content.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::store::private_folder;

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

fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let fresh = folder.join(format!("{name}.tmp"));
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&fresh, folder.join(name))?;
    File::open(folder)?.sync_all()
}
