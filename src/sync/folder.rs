//! A folder or stick as the carrier: the sealed file goes in, the hub's receipt lies beside it later.
//!
//! Writing is tmp → fsync → read back → rename → fsync of the folder, so that a stick that is pulled out holds whole
//! files only. Nothing is deleted, no link is followed, no name comes from a file's content.

use std::fs::{File, Metadata};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use xiangbao_core::journal::{BatchName, Limits, MAX_RECEIPT_BYTES};

use super::transport::{FaultClass, Transport, TransportFault};

/// A folder that is carried, or shared with whoever carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderTransport {
    folder: PathBuf,
}

impl FolderTransport {
    /// An existing folder. It is not made here: a missing stick must not become a folder on the disk.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl Transport for FolderTransport {
    fn send(&self, name: &BatchName, bytes: &[u8]) -> Result<Vec<u8>, TransportFault> {
        let medium = |fault: std::io::Error| TransportFault::at_home(FaultClass::Network, fault);
        let target = self.folder.join(name.batch_file());
        match read_bounded(&target, Limits::V1.sealed_bytes) {
            Ok(found) if found == bytes => (),
            // A file of ours is written once; what lies there under its name is something else.
            Ok(_) => {
                let detail = format!("{} holds other content", target.display());
                return Err(TransportFault::at_home(FaultClass::Refused, detail));
            }
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {
                write_whole(&self.folder, &target, bytes).map_err(medium)?;
            }
            Err(fault) => return Err(medium(fault)),
        }
        match read_bounded(&self.folder.join(name.receipt_file()), MAX_RECEIPT_BYTES) {
            Ok(receipt) => Ok(receipt),
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {
                Err(TransportFault::new(FaultClass::NoReceiptYet, "no receipt beside the file yet"))
            }
            Err(fault) => Err(TransportFault::new(FaultClass::BadReceipt, fault)),
        }
    }
}

/// Reads a regular file of at most `limit` bytes; what was looked at and what is opened must be the same file.
///
/// # Errors
/// When it is no such file, is exchanged meanwhile, or cannot be read.
pub fn read_bounded(path: &Path, limit: usize) -> std::io::Result<Vec<u8>> {
    let seen = std::fs::symlink_metadata(path)?;
    if !seen.is_file() || seen.len() > limit as u64 {
        return Err(std::io::Error::other("not a regular file of a possible size"));
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
fn same_file(seen: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    opened.is_file() && (seen.dev(), seen.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn same_file(_seen: &Metadata, opened: &Metadata) -> bool {
    opened.is_file()
}

/// Writes a file into an existing folder: whole under its name or not at all, and read back.
///
/// # Errors
/// When the medium refuses or gives back something else.
pub fn write_whole(folder: &Path, target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let fresh = target.with_file_name(name);
    match std::fs::remove_file(&fresh) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(fault),
        _ => (),
    }
    let mut file = File::options().write(true).create_new(true).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    if read_bounded(&fresh, bytes.len())? != bytes {
        return Err(std::io::Error::other("what was written reads back otherwise: a bad medium"));
    }
    std::fs::rename(&fresh, target)?;
    File::open(folder)?.sync_all()
}
