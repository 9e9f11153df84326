//! The parameters of topics about entitlement and standing. Which of them an area needs follows from its rule set.

use super::{Shape, Spec, opt, spec};
use crate::policy::law::Reading;
use crate::policy::{guangxi, huaibei, status};

/// The `index`-th reading of a rule set as a parameter.
const fn reading(readings: &'static [Reading], index: usize) -> Spec {
    let reading = &readings[index];
    opt(reading.name, reading.label, Shape::Reading(reading))
}

/// From when a payment covers a person (003 A22, A26; 004 questions 3, 4).
pub(super) const ENTITLEMENT: &[Spec] = &[
    spec("ruleset", "待遇享受规则", Shape::Choice(&["guangxi_2017", "huaibei_2021"])),
    opt("collection", "集中缴费期", Shape::Window),
    opt("grace", "延缴期", Shape::Window),
    opt("first_time", "初次参保当年缴费期", Shape::Window),
    opt("late_start", "逾期缴费享受起始", Shape::Choice(&["next_month", "next_day"])),
    opt("newborn", "新生儿参保缴费期限", Shape::Term),
    opt("gap_limit", "职工医保断缴期限", Shape::Term),
    opt("service", "职工医保连续参保期限", Shape::Term),
    opt("waiting", "待遇享受等待期", Shape::Term),
    reading(guangxi::READINGS, 0),
    reading(guangxi::READINGS, 1),
    reading(guangxi::READINGS, 2),
    reading(guangxi::READINGS, 3),
    reading(guangxi::READINGS, 4),
    reading(guangxi::READINGS, 5),
    reading(guangxi::READINGS, 6),
    reading(guangxi::READINGS, 7),
    reading(huaibei::READINGS, 0),
    reading(huaibei::READINGS, 1),
    reading(huaibei::READINGS, 2),
    reading(huaibei::READINGS, 3),
    reading(huaibei::READINGS, 4),
    reading(huaibei::READINGS, 5),
    reading(huaibei::READINGS, 6),
    reading(huaibei::READINGS, 7),
];

/// What becomes of records before the platform starts (seed 000).
pub(super) const STATUS: &[Spec] = &[
    spec("ruleset", "参保状态规则", Shape::Choice(&["yichang_2021"])),
    opt("pause_gap", "职工断缴应暂停的月数", Shape::Term),
    opt("urge_gap", "职工断缴应催缴的月数", Shape::Term),
    opt("unpaid", "无缴费记录的居民参保信息", Shape::Choice(&["delete"])),
    opt("duplicate_employee", "重复参加职工医保", Shape::Choice(&["keep_workplace"])),
    opt("duplicate_resident", "重复参加居民医保", Shape::Choice(&["keep_residence"])),
    opt("duplicate_student", "学生重复参保", Shape::Choice(&["keep_school"])),
    opt("cross_scheme", "跨制度重复参保保留职工医保的年限", Shape::Term),
    opt("poor_elsewhere", "困难人员在其他统筹区参保", Shape::Choice(&["own_choice"])),
    opt("enrolled_elsewhere", "首次在本地参保而在外正常参保", Shape::Choice(&["pause_first"])),
    reading(status::READINGS, 0),
];

/// The parameters that rule set `ruleset` of `topic` cannot do without at any time.
pub(in crate::policy) fn needed(topic: &str, ruleset: &str) -> Vec<&'static str> {
    let (keys, readings): (&[&'static str], &[Reading]) = match (topic, ruleset) {
        ("entitlement", "guangxi_2017") => {
            (&["collection", "grace", "first_time", "late_start", "newborn"], guangxi::READINGS)
        }
        ("entitlement", "huaibei_2021") => (
            &["collection", "grace", "late_start", "newborn", "gap_limit", "service", "waiting"],
            huaibei::READINGS,
        ),
        ("status", "yichang_2021") => {
            let all = STATUS.iter().map(|spec| spec.key).filter(|key| *key != "ruleset");
            return all.collect();
        }
        _ => (&[], &[]),
    };
    keys.iter().copied().chain(readings.iter().map(|reading| reading.name)).collect()
}
