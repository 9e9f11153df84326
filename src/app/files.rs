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
    let fresh = folder.join(format!("{name}.tmp"));
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&fresh, folder.join(name))?;
    File::open(folder)?.sync_all()
}
