//! What place six digits name: in an ID number the county of first registration, by the code it had then; on a bill the
//! place of treatment, and how far from home it lies. Knows the divisions of today, the abolished codes of Guangxi and
//! the provinces; must not judge: an old code is as good as a new one (reference: section 6.1, trap 1).

use chrono::{Datelike, NaiveDate};

use super::{CodeBook, DIVISIONS};
use crate::identity::province_name;

/// Id of the table that holds the abolished codes (`seed/divisions/historical.csv`).
pub const ID_REGIONS: &str = "id_regions";

/// Id of the table of places of treatment by six digits (`seed/divisions/areas.csv`): Guangxi whole, of the others the
/// provinces.
pub const AREAS: &str = "admdvs";

/// Province whose divisions, old and new, are known whole.
const OWN_PROVINCE: &str = "45";

/// Years after the end of a code in which offices may still have given numbers with it.
const GRACE_YEARS: i32 = 3;

/// The place that six digits name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The six digits.
    pub code: String,
    /// Name from the province down, as it was called when the code ended.
    pub name: String,
    /// What the code is today.
    pub standing: Standing,
}

/// What a division code is today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In use.
    Current,
    /// Abolished; with the day of the last edition of GB/T 2260 that has it.
    Abolished(Option<NaiveDate>),
    /// Of another province, whose counties are not listed here.
    OtherProvince,
    /// In no list of its province, old or new.
    Unlisted,
}

/// How far a place of treatment lies from home, by division codes (GB/T 2260): the first four digits are the pooling area,
/// two the province.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// In the pooling area (统筹地区内).
    Inside,
    /// In the own province, in another pooling area.
    InProvince,
    /// In another province.
    CrossProvince,
}

impl Distance {
    /// From the home of a person to a place of treatment; a code that is empty or too short tells nothing, and what is
    /// not told is at home.
    pub fn between(treated: &str, home: &str) -> Self {
        let same = |digits: usize| match (treated.get(..digits), home.get(..digits)) {
            (Some(there), Some(here)) => there == here,
            _ => true,
        };
        match (same(4), same(2)) {
            (true, _) => Self::Inside,
            (false, true) => Self::InProvince,
            (false, false) => Self::CrossProvince,
        }
    }

    /// Code of the local list `mdtrt_place`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Inside => "1",
            Self::InProvince => "2",
            Self::CrossProvince => "3",
        }
    }
}

/// The province that a code of six digits lies in (GB/T 2260); `None` for anything else.
pub fn area_province(code: &str) -> Option<&'static str> {
    let whole = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if whole { province_name(code) } else { None }
}

impl CodeBook {
    /// The name of a place of treatment, as near as the list of places knows it: county, prefecture, province; `None`
    /// where the digits begin with no province.
    pub fn area_name(&self, code: &str) -> Option<&str> {
        area_province(code)?;
        let wider = [code.to_owned(), format!("{}00", code.get(..4)?), format!("{}0000", code.get(..2)?)];
        wider.iter().find_map(|code| self.label(AREAS, code))
    }

    /// The place that the first six digits of an ID number name; `None` where they begin with no province.
    ///
    /// Residence permits (`810000`, `820000`, `830000`) name their region.
    pub fn id_region(&self, division: &str) -> Option<Region> {
        let region = |name: String, standing| Region { code: division.to_owned(), name, standing };
        if division == "830000" {
            return Some(region("台湾".to_owned(), Standing::OtherProvince));
        }
        let province = province_name(division)?;
        if !division.starts_with(OWN_PROVINCE) {
            return Some(region(province.to_owned(), Standing::OtherProvince));
        }
        let under =
            |label: &str| if label == province { label.to_owned() } else { format!("{province}{label}") };
        if let Some(label) = self.label(DIVISIONS, &format!("{division}000000")) {
            return Some(region(under(label), Standing::Current));
        }
        if let Some(entry) = self.entry(ID_REGIONS, division) {
            return Some(region(under(&entry.label), Standing::Abolished(entry.valid_to)));
        }
        Some(region(province.to_owned(), Standing::Unlisted))
    }
}

impl Region {
    /// The place in words, the own province by its short name; an abolished code says so, and until when it stood.
    pub fn zh(&self) -> String {
        let name = self.name.replacen("广西壮族自治区", "广西", 1);
        match self.standing {
            Standing::Current | Standing::OtherProvince => name,
            Standing::Abolished(Some(last)) => {
                format!("原{name}（旧码{}，用至{}年前后）", self.code, last.year())
            }
            Standing::Abolished(None) => format!("原{name}（旧码{}）", self.code),
            Standing::Unlisted => format!("{name}（地址码{}）", self.code),
        }
    }

    /// What is odd about the place for somebody born on that day; nothing of it forbids anything.
    ///
    /// Old people keep numbers with old codes. A number with a code that had ended before the birth, and a code that
    /// stands in no list, are worth a look at the paper.
    pub fn doubt(&self, birth: Option<NaiveDate>) -> Option<String> {
        match (self.standing, birth) {
            (Standing::Abolished(Some(last)), Some(birth)) if birth.year() > last.year() + GRACE_YEARS => {
                Some(format!("地址码{}在出生（{birth}）之前已停用，请对照证件核对前六位。", self.code))
            }
            (Standing::Unlisted, _) => {
                Some(format!("地址码{}不在新旧区划代码中，请对照证件核对前六位。", self.code))
            }
            _ => None,
        }
    }

    /// Code of the standing, for machines: `current`, `abolished`, `other_province`, `unlisted`.
    pub fn standing_code(&self) -> &'static str {
        match self.standing {
            Standing::Current => "current",
            Standing::Abolished(_) => "abolished",
            Standing::OtherProvince => "other_province",
            Standing::Unlisted => "unlisted",
        }
    }
}
