//! What becomes of an insurance record before the platform starts: the clean-up rules of Yichang (seed 000), as the
//! decision table Y1-Y11 of reference 5.7. The answer is a standing (`psn_insu_stas`) and who does what; it is no
//! entitlement. Knows gaps and duplicates; limits and readings come from the pack.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::gap::PolicyGap;
use super::law::{Law, Reading};
use super::pack::{PolicyPack, Used};
use super::value::Value;

/// The readings that a city may decide.
pub(super) const READINGS: &[Reading] = &[Reading {
    name: "boundary",
    label: "正好3个月、6个月",
    values: &[("upper", "归入时间较长的一档"), ("lower", "归入时间较短的一档")],
}];

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordKind {
    /// Employee insurance without payment for some months.
    Employee,
    /// A resident's record without any payment.
    ResidentUnpaid,
    /// Two paid employee records.
    DuplicateEmployee,
    /// Two paid resident records.
    DuplicateResident,
    /// Two paid resident records of a pupil or student.
    DuplicateStudent,
    /// An employee record and a resident record at once.
    CrossScheme,
    /// Recognised as poor here, insured elsewhere.
    PoorElsewhere,
    /// First enrolment here, normal elsewhere.
    EnrolledElsewhere,
}

/// Every kind with its name and its Chinese name.
const KINDS: [(RecordKind, &str, &str); 8] = [
    (RecordKind::Employee, "employee", "职工断缴"),
    (RecordKind::ResidentUnpaid, "resident_unpaid", "居民无缴费记录"),
    (RecordKind::DuplicateEmployee, "duplicate_employee", "重复参加职工医保"),
    (RecordKind::DuplicateResident, "duplicate_resident", "重复参加居民医保"),
    (RecordKind::DuplicateStudent, "duplicate_student", "学生重复参保"),
    (RecordKind::CrossScheme, "cross_scheme", "职工居民重复参保"),
    (RecordKind::PoorElsewhere, "poor_elsewhere", "困难人员在外参保"),
    (RecordKind::EnrolledElsewhere, "enrolled_elsewhere", "在外参保首次来本地"),
];

impl RecordKind {
    /// The name after `--kind`.
    pub fn as_str(self) -> &'static str {
        KINDS.into_iter().find(|(kind, ..)| *kind == self).map_or("", |(_, name, _)| name)
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        KINDS.into_iter().find(|(kind, ..)| *kind == self).map_or("", |(.., label)| label)
    }

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.into_iter().map(|(kind, ..)| kind)
    }
}

impl FromStr for RecordKind {
    type Err = PolicyGap;

    fn from_str(text: &str) -> Result<Self, PolicyGap> {
        let names = KINDS.map(|(_, name, _)| name).join("、");
        let known = KINDS.into_iter().find(|(_, name, label)| *name == text || *label == text);
        known
            .map(|(kind, ..)| kind)
            .ok_or_else(|| PolicyGap::input("kind", format!("不认识的记录类别“{text}”，应为 {names}")))
    }
}

/// A record whose standing is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusQuery {
    /// What is wrong with it.
    pub kind: RecordKind,
    /// Day of the decision.
    pub on: NaiveDate,
    /// Months without payment, for [`RecordKind::Employee`].
    pub gap_months: Option<Decimal>,
    /// Months of continuous employee insurance, for [`RecordKind::CrossScheme`].
    pub service_months: Option<Decimal>,
    /// Readings to use instead of the area's defaults.
    pub options: BTreeMap<String, String>,
}

/// The decision on a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusDecision {
    /// Rule name: `Y1`..`Y11`, with `boundary` on the exact month.
    pub rule: &'static str,
    /// Codes of `psn_insu_stas` that the record may get, the usual one first. Of two records: that of the one not
    /// kept. Empty where the text gives none.
    pub statuses: Vec<&'static str>,
    /// What is done, in Chinese.
    pub action: String,
    /// What must be there first, in Chinese: consent, a written commitment; empty if nothing.
    pub needs: String,
    /// Article.
    pub article: String,
    /// Document.
    pub document: String,
    /// True if the text is clear.
    pub certain: bool,
    /// True if a parameter used is only a sample (示例).
    pub sample: bool,
    /// Under another reading: option, in Chinese, and the codes.
    pub alternatives: Vec<(String, String, Vec<&'static str>)>,
}

impl StatusDecision {
    /// As in `entitlement-cases.csv`: `psn_insu_stas 2 or 1`.
    pub fn outcome(&self) -> String {
        if self.statuses.is_empty() {
            return String::new();
        }
        format!("psn_insu_stas {}", self.statuses.join(" or "))
    }

    /// The standings in Chinese (national table `psn_insu_stas`).
    pub fn words(&self) -> String {
        self.statuses.iter().map(|code| status_word(code)).collect::<Vec<_>>().join("或")
    }
}

/// Chinese name of a code of `psn_insu_stas`.
fn status_word(code: &str) -> &'static str {
    match code {
        "1" => "正常参保",
        "2" => "暂停参保",
        "3" => "无效参保",
        "4" => "终止参保",
        _ => "",
    }
}

/// What becomes of the record of `query`.
///
/// # Errors
/// [`PolicyGap::Silent`] where the text has no rule, [`PolicyGap::NoParameter`] where the pack has none for the day,
/// [`PolicyGap::Input`] for a question that makes no sense.
pub fn status(pack: &PolicyPack, query: &StatusQuery) -> Result<StatusDecision, PolicyGap> {
    let ruleset = pack.get("status.ruleset", query.on, Value::as_choice)?;
    if ruleset.value != "yichang_2021" {
        return Err(ruleset.lacks(format!("规则集“{}”", ruleset.value)));
    }
    let law = Law::new(pack, "status", query.on, READINGS, &query.options)?;
    let mut answer = decide(&law, query)?;
    for (other, reading, value, _) in law.others() {
        if let Ok(differs) = decide(&other, query)
            && differs.statuses != answer.statuses
        {
            let words = format!("{}：{}", reading.label, reading.words(value));
            answer.alternatives.push((format!("{}={value}", reading.name), words, differs.statuses));
        }
    }
    Ok(answer)
}

fn decide(law: &Law<'_>, query: &StatusQuery) -> Result<StatusDecision, PolicyGap> {
    let consent = "征得本人同意";
    match query.kind {
        RecordKind::Employee => employee(law, query),
        RecordKind::ResidentUnpaid => {
            let action = "再次核对后删除参保信息：登记为无效、留存修订资料，不抹去原记录";
            Ok(decision(&law.choice("unpaid")?, "Y4", &["3"], action, "再次核对确无任何缴费记录"))
        }
        RecordKind::DuplicateEmployee => {
            let action = "原则上保留就业地参保关系，暂停其他统筹区的职工医保";
            let needs = "联系参保人，核实就业状态和参保状态";
            Ok(decision(&law.choice("duplicate_employee")?, "Y5", &["2"], action, needs))
        }
        RecordKind::DuplicateResident => {
            let action = "原则上保留常住地参保关系，其他参保关系暂停";
            Ok(decision(&law.choice("duplicate_resident")?, "Y6", &["2"], action, consent))
        }
        RecordKind::DuplicateStudent => {
            let action = "原则上保留学籍地参保关系，其他参保关系暂停";
            Ok(decision(&law.choice("duplicate_student")?, "Y7", &["2"], action, "确认学籍信息"))
        }
        RecordKind::CrossScheme => cross_scheme(law, query),
        RecordKind::PoorElsewhere => {
            let action =
                "由本人选择：暂停外地关系、在身份认定地参加居民医保；或放弃认定地居民医保、保留外地关系";
            let needs = "本人书面承诺，交户籍所在地医保部门留存";
            Ok(decision(&law.choice("poor_elsewhere")?, "Y10", &[], action, needs))
        }
        RecordKind::EnrolledElsewhere => {
            let action = "先暂停原参保关系，再在本地办理参保登记；可同时申请转移";
            let needs = "按身份证号码、姓名比对，确认原关系已暂停";
            Ok(decision(&law.choice("enrolled_elsewhere")?, "Y11", &["2"], action, needs))
        }
    }
}

/// Y1-Y3. "6个月以上", "3-6个月" and "3个月以下" all claim the exact month.
fn employee(law: &Law<'_>, query: &StatusQuery) -> Result<StatusDecision, PolicyGap> {
    let gap = query.gap_months.filter(|gap| *gap >= Decimal::ZERO);
    let gap = gap.ok_or_else(|| PolicyGap::input("gap_months", "请填断缴月数（gap_months），不小于 0"))?;
    let (pause, urge) = (law.term("pause_gap")?, law.term("urge_gap")?);
    let upper = law.reading("boundary")?;
    let reaches = |limit: u32| {
        let limit = Decimal::from(limit);
        gap > limit || (gap == limit && upper.value == "upper")
    };
    let exact = |limit: u32| gap == Decimal::from(limit);
    let boundary = exact(pause.value.count) || exact(urge.value.count);
    let pausing = "核对后变更为暂停参保（可批量）";
    let urging = "联系参保单位和灵活就业人员，督促及时缴费；或征得本人同意后暂停";
    let normal = "联系参保单位和灵活就业人员，督促及时缴费；可为正常参保";
    let mut answer = if reaches(pause.value.count) {
        let rule = if boundary { "Y1 boundary" } else { "Y1" };
        decision(&pause, rule, &["2"], pausing, "再次核对信息")
    } else if reaches(urge.value.count) {
        let rule = if boundary { "Y2 boundary" } else { "Y2" };
        decision(&urge, rule, &["2", "1"], urging, "暂停须征得本人同意")
    } else {
        let rule = if boundary { "Y3 boundary" } else { "Y3" };
        decision(&urge, rule, &["1"], normal, "")
    };
    if boundary {
        (answer.certain, answer.sample) = (false, answer.sample || upper.row.is_sample());
    }
    Ok(answer)
}

/// Y8, Y9.
fn cross_scheme(law: &Law<'_>, query: &StatusQuery) -> Result<StatusDecision, PolicyGap> {
    let service = law.term("cross_scheme")?;
    let missing = || PolicyGap::input("years", "请填职工医保连续参保年数（years）");
    let months = query.service_months.filter(|months| *months >= Decimal::ZERO).ok_or_else(missing)?;
    if months < Decimal::from(service.value.count) {
        let what = "跨制度重复参保、连续参加职工医保不满 1 年的人员保留哪一种";
        return Err(law.silent("ruleset", "Y9", what));
    }
    let action = "原则上保留职工医保参保关系，居民医保暂停；也可按本人意愿转换险种";
    Ok(decision(&service, "Y8", &["2"], action, "本人意愿转换险种的，须本人提出"))
}

fn decision<T>(
    law: &Used<'_, T>,
    rule: &'static str,
    statuses: &[&'static str],
    action: &str,
    needs: &str,
) -> StatusDecision {
    StatusDecision {
        rule,
        statuses: statuses.to_vec(),
        action: action.to_owned(),
        needs: needs.to_owned(),
        article: law.row.article.clone(),
        document: law.row.document.clone(),
        certain: true,
        sample: law.row.is_sample(),
        alternatives: Vec::new(),
    }
}
