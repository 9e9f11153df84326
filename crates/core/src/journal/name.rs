//! File names of batches and receipts. No personal data stands in them, and no other name is ever opened.

use std::fmt;

use super::is_station_id;

/// Longest accepted file name, in bytes.
const MAX_NAME_BYTES: usize = 96;

/// `<station>-<epoch>-<first>-<last>`: the stem of a batch file (`.cbm`) and of the receipt beside it (`.cbr`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchName {
    /// The station.
    pub station: String,
    /// Its epoch.
    pub epoch: u32,
    /// First record.
    pub first: u64,
    /// Last record.
    pub last: u64,
}

impl BatchName {
    /// Name of the batch file.
    pub fn batch_file(&self) -> String {
        format!("{self}.cbm")
    }

    /// Name of the receipt file.
    pub fn receipt_file(&self) -> String {
        format!("{self}.cbr")
    }

    /// Reads the name of a batch file; none for any other name.
    pub fn parse_batch(name: &str) -> Option<Self> {
        Self::parse(name, ".cbm")
    }

    /// Reads the name of a receipt file; none for any other name.
    pub fn parse_receipt(name: &str) -> Option<Self> {
        Self::parse(name, ".cbr")
    }

    fn parse(name: &str, suffix: &str) -> Option<Self> {
        if name.len() > MAX_NAME_BYTES {
            return None;
        }
        let stem = name.strip_suffix(suffix)?;
        let mut parts = stem.rsplitn(4, '-');
        let (last, first, epoch, station) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let parsed = Self {
            station: station.to_owned(),
            epoch: epoch.parse().ok()?,
            first: first.parse().ok()?,
            last: last.parse().ok()?,
        };
        let sound = is_station_id(station) && parsed.first >= 1 && parsed.last >= parsed.first;
        // The same name has one spelling: no signs, no leading zeros.
        (sound && parsed.to_string() == stem).then_some(parsed)
    }
}

impl fmt::Display for BatchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}-{}", self.station, self.epoch, self.first, self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_nothing_else_is_read() {
        let name = BatchName { station: "451425101-01".into(), epoch: 2, first: 1, last: 20 };
        assert_eq!(name.batch_file(), "451425101-01-2-1-20.cbm");
        assert_eq!(BatchName::parse_batch(&name.batch_file()), Some(name.clone()));
        assert_eq!(BatchName::parse_receipt(&name.receipt_file()), Some(name));
        let hostile = [
            "",
            ".cbm",
            "a.cbm",
            "a-1-1.cbm",
            "-1-1-1.cbm",
            "../a-1-1-1.cbm",
            "/a-1-1-1.cbm",
            "a/b-1-1-1.cbm",
            "a\\b-1-1-1.cbm",
            "a-01-1-1.cbm",
            "a-1-+1-1.cbm",
            "a-1-1-1.CBM",
            "a-1-1-1.cbm.exe",
            "a-1-1-1.cbr",
            "a-1-2-1.cbm",
            "a-1-0-1.cbm",
            "a-1-1-99999999999999999999.cbm",
            "a-4294967296-1-1.cbm",
            "a-1-1-1.cbm\n",
            "a\0-1-1-1.cbm",
            "桃城-1-1-1.cbm",
            "a-1-1- 1.cbm",
            "--help-1-1-1.cbm",
            ".a-1-1-1.cbm",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1-1-1.cbm",
        ];
        for name in hostile {
            assert_eq!(BatchName::parse_batch(name), None, "{name:?}");
        }
    }
}
