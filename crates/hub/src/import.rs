//! The stick: batch files from a folder in, receipt files beside them.
//!
//! Reads regular files with the right name and size only, follows no link, deletes nothing. Does the same as the wire,
//! by the same function.

use std::fs::{DirEntry, File};
use std::io::{Read as _, Write as _};
use std::path::Path;

use serde::Serialize;
use xiangbao_core::journal::{BatchName, Limits, Receipt, Verdict};

use crate::Hub;

/// A folder with more entries is not a stick of ours.
const MAX_ENTRIES: usize = 10_000;

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Its name.
    pub file: String,
    /// `accepted`, `gap`, `fork`, `frozen`, or `refused`.
    pub outcome: &'static str,
    /// Why it was refused; empty otherwise.
    pub reason: String,
}

/// Takes all batch files of `folder`, in the order of their chains, and writes a receipt beside each.
///
/// # Errors
/// When the folder cannot be read, or holds too many entries.
pub fn import_folder(hub: &Hub, folder: &Path) -> std::io::Result<Vec<Imported>> {
    let mut names = Vec::new();
    for (index, entry) in std::fs::read_dir(folder)?.enumerate() {
        if index >= MAX_ENTRIES {
            return Err(std::io::Error::other(format!("more than {MAX_ENTRIES} entries in the folder")));
        }
        names.extend(batch_name(&entry?));
    }
    names.sort_unstable();
    Ok(names.iter().map(|name| import_file(hub, folder, name)).collect())
}

fn batch_name(entry: &DirEntry) -> Option<BatchName> {
    // The type of the entry itself: a link is a link, wherever it leads.
    let regular = entry.file_type().is_ok_and(|kind| kind.is_file());
    BatchName::parse_batch(entry.file_name().to_str()?).filter(|_| regular)
}

fn import_file(hub: &Hub, folder: &Path, name: &BatchName) -> Imported {
    let file = name.batch_file();
    let refused = |reason: String| Imported { file: file.clone(), outcome: "refused", reason };
    let bytes = match read_bounded(&folder.join(&file), Limits::V1.sealed_bytes) {
        Ok(bytes) => bytes,
        Err(fault) => return refused(fault.to_string()),
    };
    let receipt = match hub.take_batch(&bytes) {
        Ok(receipt) => receipt,
        Err(refusal) => return refused(refusal.to_string()),
    };
    if let Err(fault) = write_beside(&folder.join(name.receipt_file()), &receipt) {
        return refused(format!("taken, but the receipt could not be written: {fault}"));
    }
    let outcome = match Receipt::open(&receipt, &hub.identity.public()).map(|receipt| receipt.verdict) {
        Ok(Verdict::Accepted) => "accepted",
        Ok(Verdict::Gap) => "gap",
        Ok(Verdict::Fork(_)) => "fork",
        Ok(Verdict::Frozen) => "frozen",
        Err(fault) => return refused(fault.to_string()),
    };
    Imported { file, outcome, reason: String::new() }
}

/// Reads a regular file of at most `limit` bytes. What was looked at and what is opened must be the same file: a link
/// put in between is refused.
fn read_bounded(path: &Path, limit: usize) -> std::io::Result<Vec<u8>> {
    let seen = std::fs::symlink_metadata(path)?;
    if !seen.is_file() {
        return Err(std::io::Error::other("not a regular file"));
    }
    if seen.len() > limit as u64 {
        return Err(std::io::Error::other("larger than any batch"));
    }
    let file = File::open(path)?;
    if !same_file(&seen, &file.metadata()?) {
        return Err(std::io::Error::other("the file was exchanged while it was opened"));
    }
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(unix)]
fn same_file(seen: &std::fs::Metadata, opened: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    opened.is_file() && (seen.dev(), seen.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn same_file(_seen: &std::fs::Metadata, opened: &std::fs::Metadata) -> bool {
    opened.is_file()
}

/// tmp → fsync → read back → rename → fsync of the folder: a stick that is pulled out holds whole files only.
fn write_beside(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(std::io::Error::other("something else lies where the receipt should be"));
    }
    let fresh = path.with_extension("cbr.tmp");
    match std::fs::remove_file(&fresh) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(fault),
        _ => (),
    }
    let mut file = File::options().write(true).create_new(true).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    if read_bounded(&fresh, bytes.len())? != bytes {
        return Err(std::io::Error::other("what was written reads back otherwise"));
    }
    std::fs::rename(&fresh, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
