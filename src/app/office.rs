//! What the office says about itself, from `office.toml` in the data folder: telephones and address for its papers (what is
//! not said there is left blank, to be written by hand), and the area whose policy it follows. Knows the file; must not
//! know papers or policies.

use std::path::Path;

use serde::Deserialize;

use super::error::AppError;
use super::files::write_durably;
use super::library::{AREA, Fault};

/// The file in the data folder.
pub const OFFICE_FILE: &str = "office.toml";
/// Longest file read, bytes.
const MAX_BYTES: u64 = 16 * 1024;
/// Longest value, characters.
const MAX_CHARS: usize = 60;

/// The settings; each may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Office {
    /// Telephone for questions (reference 2.14).
    pub telephone: String,
    /// Telephone for complaints (reference 2.14).
    pub complaint_telephone: String,
    /// Address of the window.
    pub address: String,
    /// The area whose policy the office follows, e.g. `huaibei-2021` (`xiangbao policy list`); empty is [`AREA`].
    pub area: String,
}

impl Office {
    /// The area whose policy the office follows.
    pub fn area(&self) -> &str {
        if self.area.is_empty() { AREA } else { &self.area }
    }

    /// Reads the settings of a data folder; without the file everything is empty.
    ///
    /// # Errors
    /// Where the file is wrong and how to put it right.
    pub(super) fn load(folder: &Path) -> Result<Self, Fault> {
        let path = folder.join(OFFICE_FILE);
        let fault = |line: usize, message: String| Fault {
            file: OFFICE_FILE.to_owned(),
            line,
            key: String::new(),
            message,
            fix: "write telephone, complaint_telephone, address, area = \"...\", or remove the file"
                .to_owned(),
        };
        let Ok(about) = std::fs::metadata(&path) else { return Ok(Self::default()) };
        if about.len() > MAX_BYTES {
            return Err(fault(0, format!("is longer than {MAX_BYTES} bytes")));
        }
        let text = std::fs::read_to_string(&path).map_err(|error| fault(0, error.to_string()))?;
        let office: Self = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(0, |before| before.matches('\n').count() + 1);
            fault(line, error.message().to_owned())
        })?;
        office.check().map_err(|message| fault(0, message))?;
        Ok(office)
    }

    /// Whether every value can stand on a paper.
    ///
    /// # Errors
    /// Which one cannot, and why.
    fn check(&self) -> Result<(), String> {
        for (key, value) in self.values() {
            if value.chars().any(char::is_control) || value.chars().count() > MAX_CHARS {
                return Err(format!("{key} has control characters or more than {MAX_CHARS} characters"));
            }
            let digits = |c: char| c.is_ascii_digit() || matches!(c, '-' | ' ' | '、' | '转');
            if !matches!(key, "address" | "area") && !value.chars().all(digits) {
                return Err(format!("{key} is no telephone: digits, - and spaces"));
            }
        }
        Ok(())
    }

    fn values(&self) -> [(&'static str, &str); 4] {
        [
            ("telephone", &self.telephone),
            ("complaint_telephone", &self.complaint_telephone),
            ("address", &self.address),
            ("area", &self.area),
        ]
    }

    /// Writes the settings into a data folder; the next start reads them.
    ///
    /// # Errors
    /// A value that cannot stand on a paper, or a fault of the disk.
    pub fn write(&self, folder: &Path) -> Result<(), AppError> {
        self.check().map_err(|_| {
            AppError::Input(format!("电话只写数字、- 和空格，每项不超过 {MAX_CHARS} 字，不含换行。"))
        })?;
        let mut text = String::new();
        for (key, value) in self.values() {
            text.push_str(&format!("{key} = {}\n", toml::Value::from(value)));
        }
        let fault = |source| AppError::File { path: folder.join(OFFICE_FILE), source };
        write_durably(folder, OFFICE_FILE, text.as_bytes()).map_err(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_a_slip_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Office::load(folder.path()).unwrap(), Office::default());
        let office = Office {
            telephone: "0771-0000000".to_owned(),
            complaint_telephone: "12393".to_owned(),
            address: "桃城镇\"新华\"路8号".to_owned(),
            area: "huaibei-2021".to_owned(),
        };
        office.write(folder.path()).unwrap();
        assert_eq!(Office::load(folder.path()).unwrap(), office);
        std::fs::write(folder.path().join(OFFICE_FILE), "telephone = \"1\"\nfax = \"2\"\n").unwrap();
        assert_eq!(Office::load(folder.path()).unwrap_err().line, 2);
        let bad = Office { telephone: "call me".to_owned(), ..office };
        assert!(bad.write(folder.path()).is_err());
    }
}
