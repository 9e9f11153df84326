//! The settlement question of a policy test: a bill in a few lines, and the amounts by fund that must come out. Knows
//! the words for levels, kinds and funds; knows no rule.

use rust_decimal::Decimal;

use super::lines::{Line, Lines};
use super::read::identity;
use super::{Found, pair};
use crate::money::Fen;
use crate::policy::read::parse_ratio;
use crate::policy::settle::{FeeLine, ItemClass, SettleInput, Settlement, YearToDate};
use crate::policy::value::Place;

/// Words for codes of `dedc_hosp_lv`.
const LEVELS: [(&str, &str); 4] = [("一级", "1"), ("二级", "2"), ("三级", "3"), ("其他", "4")];
/// Words for codes of `med_type`.
const MED_TYPES: [(&str, &str); 6] = [
    ("普通门诊", "11"),
    ("门诊慢特病", "14"),
    ("外伤住院", "22"),
    ("生育住院", "52"),
    ("普通住院", "2101"),
    ("日间手术", "28"),
];
/// National table `med_chrgitm_type`, codes 01 to 14 in order.
const KINDS: [&str; 14] = [
    "床位费",
    "诊察费",
    "检查费",
    "化验费",
    "治疗费",
    "手术费",
    "护理费",
    "卫生材料费",
    "西药费",
    "中药饮片费",
    "中成药费",
    "一般诊疗费",
    "挂号费",
    "其他费",
];

/// How an amount is taken out of a settlement.
type Pick = fn(&Settlement) -> Fen;

/// Amounts of a settlement by the words of the slip.
const AMOUNTS: [(&str, Pick); 13] = [
    ("总额", |settled| settled.medfee_sumamt),
    ("全自费", |settled| settled.fulamt_ownpay_amt),
    ("超限价自费", |settled| settled.overlmt_selfpay),
    ("先行自付", |settled| settled.preselfpay_amt),
    ("符合范围", |settled| settled.inscp_scp_amt),
    ("起付线", |settled| settled.act_pay_dedc),
    ("统筹基金", |settled| settled.hifp_pay),
    ("大病保险", |settled| settled.hifmi_pay),
    ("补充保险", |settled| settled.oth_pay),
    ("医疗救助", |settled| settled.maf_pay),
    ("超封顶", |settled| settled.over_cap_amt),
    ("基金支付", |settled| settled.fund_pay_sumamt),
    ("个人负担", |settled| settled.psn_part_amt),
];

/// The words for what can be expected.
pub(super) fn labels() -> Vec<&'static str> {
    AMOUNTS.iter().map(|(label, _)| *label).collect()
}

/// Every amount of a settlement.
pub(super) fn found(settled: &Settlement) -> Found {
    AMOUNTS.iter().map(|(label, amount)| pair(&format!("应得 {label}"), amount(settled).to_yuan())).collect()
}

/// A word of a table, or the code itself.
fn code(lines: &mut Lines<'_>, line: &Line, table: &[(&str, &str)]) -> Option<String> {
    if let Some((_, code)) = table.iter().find(|(word, _)| *word == line.value) {
        return Some((*code).to_owned());
    }
    if line.value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some(line.value.clone());
    }
    let words = table.iter().map(|(word, _)| *word).collect::<Vec<_>>().join("、");
    lines.wrong(line, format!("不认识的“{}”", line.value), &format!("写代码，或 {words}"))
}

pub(super) fn read(lines: &mut Lines<'_>) -> Option<SettleInput> {
    let med_type = lines.need("医疗类别").and_then(|line| code(lines, &line, &MED_TYPES));
    let hospital_level = lines.need("医院级别").and_then(|line| code(lines, &line, &LEVELS));
    let place = match lines.take("就医地") {
        None => Some(Place::Inside),
        Some(line) => {
            let known = Place::ALL.into_iter().find(|place| place.label() == line.value);
            let words = Place::ALL.map(Place::label).join("、");
            known.or_else(|| lines.wrong(&line, format!("不认识的“{}”", line.value), &words))
        }
    };
    let referred = lines.need("转诊").and_then(|line| match line.value.as_str() {
        "已备案" => Some(true),
        "未备案" => Some(false),
        _ => lines.wrong(&line, "不是转诊情况", "写 已备案 或 未备案"),
    });
    let admission_no = match lines.take("第几次住院") {
        None => Some(1),
        Some(line) => lines.number(&line, &line.value),
    };
    let end_date = lines.need("出院日期").and_then(|line| lines.date(&line));
    let settle_date = match lines.take("结算日期") {
        None => end_date,
        Some(line) => lines.date(&line),
    };
    let psn_type = lines.take("人员类别").and_then(|line| code(lines, &line, &[]));
    let dise_codg = lines.take("病种").and_then(|line| code(lines, &line, &[]));
    let diseases = lines.all("已认定病种").into_iter().map(|line| line.value).collect();
    let mut identities = Vec::new();
    for line in lines.all("身份") {
        let held = identity(lines, &line);
        // The proof must hold when the treatment ends, as the caller of the engine has to make sure.
        let held = held.filter(|held| end_date.is_some_and(|day| held.holds_on(day)));
        identities.extend(held.map(|held| held.code));
    }
    let continued = match lines.take("前段已付起付线") {
        None => Some(None),
        Some(line) => lines.money(&line, &line.value).map(Some),
    };
    let fees = fees(lines);
    let used = used(lines);
    Some(SettleInput {
        lines: fees?,
        hospital_level: hospital_level?,
        med_type: med_type?,
        admission_no: admission_no?,
        end_date: end_date?,
        settle_date: settle_date?,
        used: used?,
        referred: referred?,
        place: place?,
        psn_type: psn_type.unwrap_or_default(),
        identities,
        dise_codg: dise_codg.unwrap_or_default(),
        diseases,
        continued: continued?,
    })
}

/// `费用：西药费 甲 1000.00`, then optionally `先付 0.03` and `超限价 10.00`.
fn fees(lines: &mut Lines<'_>) -> Option<Vec<FeeLine>> {
    let written = lines.all("费用");
    if written.is_empty() {
        lines.need("费用");
    }
    let read: Vec<Option<FeeLine>> = written.iter().map(|line| fee(lines, line)).collect();
    read.into_iter().collect::<Option<Vec<_>>>().filter(|fees| !fees.is_empty())
}

fn fee(lines: &mut Lines<'_>, line: &Line) -> Option<FeeLine> {
    const FIX: &str = "写成 西药费 甲 1000.00，后面可加 先付 0.03、超限价 10.00";
    let mut words = line.value.split_whitespace();
    let (kind, class, amount) = (words.next(), words.next(), words.next());
    let (Some(name), Some(class), Some(amount)) = (kind, class, amount) else {
        return lines.wrong(line, "费用不全", FIX);
    };
    let index = KINDS.iter().position(|known| *known == name).map(|index| format!("{:02}", index + 1));
    let digits = name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_digit());
    let Some(kind) = index.or_else(|| digits.then(|| name.to_owned())) else {
        return lines.wrong(line, format!("不认识的费用类别“{name}”"), &KINDS.join("、"));
    };
    let class = match class {
        "甲" => ItemClass::A,
        "乙" => ItemClass::B,
        "丙" => ItemClass::C,
        other => return lines.wrong(line, format!("不认识的“{other}”"), "写 甲、乙 或 丙"),
    };
    let amount = lines.money(line, amount)?;
    let (mut first_paid, mut over_limit): (Option<Decimal>, Fen) = (None, Fen::ZERO);
    while let Some(word) = words.next() {
        match (word, words.next()) {
            ("先付", Some(text)) => match parse_ratio(text) {
                Some(ratio) => first_paid = Some(ratio),
                None => return lines.wrong(line, format!("“{text}”不是比例"), "写成 0.03"),
            },
            ("超限价", Some(text)) => over_limit = lines.money(line, text)?,
            _ => return lines.wrong(line, format!("不认识的“{word}”"), FIX),
        }
    }
    Some(FeeLine { kind, name: name.to_owned(), class, amount, first_paid, over_limit })
}

/// `已用：统筹基金 1000.00`: what the year held before.
fn used(lines: &mut Lines<'_>) -> Option<YearToDate> {
    let mut used = YearToDate::default();
    for line in lines.all("已用") {
        let Some((what, value)) = line.value.split_once(' ') else {
            return lines.wrong(&line, "已用不全", "写成 统筹基金 1000.00");
        };
        if what == "住院次数" {
            used.admissions = lines.number(&line, value)?;
            continue;
        }
        let amount = lines.money(&line, value)?;
        match what {
            "统筹基金" => (used.fund_paid, used.basic_paid) = (amount, amount),
            "起付线" => used.deductible_paid = amount,
            "大病基数" => used.big_illness.base = amount,
            "大病保险" => used.big_illness.paid = amount,
            "补充基数" => used.supplement.base = amount,
            "补充保险" => used.supplement.paid = amount,
            "救助基数" => used.assistance.base = amount,
            "医疗救助" => used.assistance.paid = amount,
            other => {
                let fix =
                    "统筹基金、起付线、住院次数、大病基数、大病保险、补充基数、补充保险、救助基数、医疗救助";
                return lines.wrong(&line, format!("不认识的“{other}”"), fix);
            }
        }
    }
    Some(used)
}
