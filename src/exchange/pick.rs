//! Which reader a file takes, by its first bytes and never by its name. Knows the readers; must not know forms.

use super::fault::FileFault;
use super::grid::{MAX_FILE, Sheet};
use super::{csv_text, workbook};

/// First bytes of a zip, which an xlsx is.
const ZIP: &[u8] = b"PK\x03\x04";
/// First bytes of an old compound file: xls, or an encrypted xlsx.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0";

/// The sheets of a file, of at most `most` rows each.
pub(super) fn sheets(bytes: &[u8], most: u32) -> Result<Vec<Sheet>, FileFault> {
    if bytes.len() as u64 > MAX_FILE {
        return Err(FileFault::TooLarge);
    }
    if bytes.starts_with(ZIP) {
        workbook::read(bytes, most)
    } else if bytes.starts_with(COMPOUND) {
        Err(FileFault::OldOrLocked)
    } else {
        csv_text::read(bytes, most)
    }
}
