//! Before the data file is opened: does the folder lie on a file system that keeps what it acknowledges and knows
//! locks? Network shares and memory-stick formats do not, and silently lose what an office answers for.

use std::path::Path;

use super::error::StoreError;

/// Magic numbers of `statfs(2)` that are refused, with the name people know.
const REFUSED: [(u64, &str); 7] = [
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFE53_4D42, "SMB2"),
    (0xFF53_4D42, "CIFS"),
    (0x4D44, "FAT"),
    (0x2011_BAB0, "exFAT"),
    (0x0102_1997, "9P"),
];

/// Refuses a folder on a file system that cannot be trusted with the data file.
///
/// # Errors
/// [`StoreError::Medium`] with the file system's name. A folder that cannot be asked is left to the open itself.
pub(super) fn check(folder: &Path) -> Result<(), StoreError> {
    let Ok(facts) = rustix::fs::statfs(folder) else { return Ok(()) };
    // The kernel's type of this field differs by machine; the numbers fit 32 bits.
    let magic = u64::try_from(facts.f_type).unwrap_or_default() & 0xFFFF_FFFF;
    match REFUSED.iter().find(|(refused, _)| *refused == magic) {
        Some((_, name)) => Err(StoreError::Medium { path: folder.to_owned(), name }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_disk_is_accepted() {
        assert!(check(Path::new(env!("CARGO_MANIFEST_DIR"))).is_ok());
    }
}
