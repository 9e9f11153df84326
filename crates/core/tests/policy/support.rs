//! Test packs: the shipped area, and small areas built from a few figures. Knows the file format only as text.

use chrono::NaiveDate;
use xiangbao_core::money::{Fen, parse_yuan};
use xiangbao_core::policy::{FeeLine, ItemClass, Place, PolicyPack, SettleInput, YearToDate};

/// The shipped files of Guangxi.
pub const GUANGXI: [(&str, &str); 7] = [
    ("catalogue.toml", include_str!("../../../../seed/policy/guangxi-2017/catalogue.toml")),
    ("contribution.toml", include_str!("../../../../seed/policy/guangxi-2017/contribution.toml")),
    ("entitlement.toml", include_str!("../../../../seed/policy/guangxi-2017/entitlement.toml")),
    (
        "settlement-inpatient.toml",
        include_str!("../../../../seed/policy/guangxi-2017/settlement-inpatient.toml"),
    ),
    (
        "settlement-outpatient.toml",
        include_str!("../../../../seed/policy/guangxi-2017/settlement-outpatient.toml"),
    ),
    ("assistance.toml", include_str!("../../../../seed/policy/guangxi-2017/assistance.toml")),
    ("big-illness.toml", include_str!("../../../../seed/policy/guangxi-2017/big-illness.toml")),
];

/// The shipped files of Jiamusi (samples).
pub const JIAMUSI: [(&str, &str); 4] = [
    ("big-illness.toml", include_str!("../../../../seed/policy/jiamusi-2018/big-illness.toml")),
    ("catalogue.toml", include_str!("../../../../seed/policy/jiamusi-2018/catalogue.toml")),
    ("settlement-birth.toml", include_str!("../../../../seed/policy/jiamusi-2018/settlement-birth.toml")),
    (
        "settlement-inpatient.toml",
        include_str!("../../../../seed/policy/jiamusi-2018/settlement-inpatient.toml"),
    ),
];

/// The shipped files of Luoyang (samples).
pub const LUOYANG: [(&str, &str); 2] = [
    ("catalogue.toml", include_str!("../../../../seed/policy/luoyang-2024/catalogue.toml")),
    (
        "settlement-inpatient.toml",
        include_str!("../../../../seed/policy/luoyang-2024/settlement-inpatient.toml"),
    ),
];

/// The shipped files of Huaibei.
pub const HUAIBEI: [(&str, &str); 2] = [
    ("contribution.toml", include_str!("../../../../seed/policy/huaibei-2021/contribution.toml")),
    ("entitlement.toml", include_str!("../../../../seed/policy/huaibei-2021/entitlement.toml")),
];

/// The shipped files of Yichang.
pub const YICHANG: [(&str, &str); 1] =
    [("status.toml", include_str!("../../../../seed/policy/yichang-2021/status.toml"))];

pub fn guangxi() -> PolicyPack {
    PolicyPack::load(&GUANGXI).unwrap()
}

pub fn jiamusi() -> PolicyPack {
    PolicyPack::load(&JIAMUSI).unwrap()
}

pub fn luoyang() -> PolicyPack {
    PolicyPack::load(&LUOYANG).unwrap()
}

pub fn huaibei() -> PolicyPack {
    PolicyPack::load(&HUAIBEI).unwrap()
}

pub fn yichang() -> PolicyPack {
    PolicyPack::load(&YICHANG).unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn yuan(text: &str) -> Fen {
    parse_yuan(text).unwrap()
}

/// The figures of a small area: TOML fragments for the values that the tests vary.
pub struct Figures {
    pub deductible: String,
    pub deductible_year_cap: String,
    pub bands: String,
    pub unreferred: String,
    pub cap: String,
}

impl Figures {
    /// One level, one deductible, a band table; no limits.
    pub fn new(deductible: &str, origin: &str, rows: &[(Option<String>, String)]) -> Self {
        let row = |(up_to, ratio): &(Option<String>, String)| match up_to {
            Some(up_to) => format!("{{ level = \"1\", up_to = \"{up_to}\", ratio = \"{ratio}\" }}"),
            None => format!("{{ level = \"1\", ratio = \"{ratio}\" }}"),
        };
        let rows = rows.iter().map(row).collect::<Vec<_>>().join(", ");
        Self {
            deductible: format!("[{{ level = \"1\", admission = 1, amount = \"{deductible}\" }}]"),
            deductible_year_cap: "\"none\"".to_owned(),
            bands: format!("{{ origin = \"{origin}\", rows = [{rows}] }}"),
            unreferred: "[]".to_owned(),
            cap: "\"none\"".to_owned(),
        }
    }

    pub fn pack(&self) -> PolicyPack {
        let settlement = [
            ("med_types", "代码", "[\"2101\"]"),
            ("rule_date", "选项", "\"discharge\""),
            ("counts_admission", "选项", "\"yes\""),
            ("deductible", "元", &self.deductible),
            ("deductible_year_cap", "元", &self.deductible_year_cap),
            ("bands", "比例", &self.bands),
            ("unreferred", "比例", &self.unreferred),
            ("fund_year_cap", "元", &self.cap),
            ("rounding", "选项", "\"half_up_per_fund\""),
        ];
        let shares = "[{ class = \"01\", ratio = \"0\" }, { class = \"02\", ratio = \"0.1\" }, \
                      { class = \"03\", ratio = \"1\" }]";
        let files = [
            ("settlement-inpatient.toml", topic("settlement-inpatient", &settlement)),
            ("catalogue.toml", topic("catalogue", &[("first_paid", "比例", shares)])),
        ];
        PolicyPack::load(&files).unwrap()
    }
}

/// A file with one open row for each parameter.
pub fn topic(name: &str, params: &[(&str, &str, &str)]) -> String {
    let mut text = format!("area = \"test\"\ntopic = \"{name}\"\ntitle = \"试验\"\n");
    for (key, unit, value) in params {
        text.push_str(&format!(
            "\n[{key}]\nunit = \"{unit}\"\n[[{key}.rows]]\nfrom = \"2017-01-01\"\ndocument = \"试验文件\"\n\
             article = \"第一条\"\nstatus = \"verified\"\nchecked = {{ by = \"试验\", on = \"2026-11-21\" }}\n\
             value = {value}\n"
        ));
    }
    text
}

/// A line in class 甲, or any other.
pub fn line(class: ItemClass, amount: Fen) -> FeeLine {
    FeeLine {
        kind: "09".to_owned(),
        name: "试验项目".to_owned(),
        class,
        amount,
        first_paid: None,
        over_limit: Fen::ZERO,
    }
}

/// A stay at level 1 that ended on 2018-05-03.
pub fn stay(lines: Vec<FeeLine>) -> SettleInput {
    SettleInput {
        lines,
        hospital_level: "1".to_owned(),
        med_type: "2101".to_owned(),
        admission_no: 1,
        end_date: day("2018-05-03"),
        settle_date: day("2018-05-20"),
        used: YearToDate::default(),
        referred: true,
        place: Place::Inside,
        psn_type: String::new(),
        identities: Vec::new(),
        dise_codg: String::new(),
        diseases: Vec::new(),
        continued: None,
    }
}
