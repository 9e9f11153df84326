//! Treatment parameters in plain Chinese: for whom a row speaks, how much, up to where. Knows shapes; knows no
//! parameter by name.

use rust_decimal::Decimal;

use crate::policy::value::{
    Amount, BandOrigin, BandRow, BandTable, Condition, DeductibleStep, Guarantee, GuaranteeScope, Matrix,
    Place, Quota, QuotaPeriod, Value, Who, national_level,
};

/// The value in words, if it is one of treatment that reads better so.
pub(super) fn words(value: &Value) -> Option<String> {
    Some(match value {
        Value::Deductibles(matrix) => table(matrix, |steps| deductible(steps)),
        Value::Amounts(matrix) => table(matrix, |amount| money(*amount)),
        Value::Bands(bands) => band_table(bands),
        Value::Points(matrix) if matrix.cells.is_empty() => "不调整".to_owned(),
        Value::Points(matrix) => table(matrix, |points| format!("{} 个百分点", hundred(*points))),
        Value::Guarantee(rule) => guarantee(rule),
        Value::Quotas(rows) => rows.iter().map(quota).collect::<Vec<_>>().join("；"),
        Value::Count(count) => format!("{count} 个"),
        Value::Who(Who::All) => "全体参保人".to_owned(),
        Value::Who(Who::Identities(codes)) => format!("身份类别 {}", codes.join("、")),
        Value::Labels(labels) => {
            let one = |label: &crate::policy::value::Label| format!("{} {}", label.code, label.label);
            labels.iter().map(one).collect::<Vec<_>>().join("，")
        }
        Value::FirstPaid(rows) => {
            let class = |code: &str| match code {
                "01" => "甲类",
                "02" => "乙类",
                _ => "丙类",
            };
            let row = |row: &crate::policy::value::ClassShare| {
                format!("{} {}%", class(&row.class), hundred(row.ratio))
            };
            rows.iter().map(row).collect::<Vec<_>>().join("，")
        }
        _ => return None,
    })
}

fn table<T>(matrix: &Matrix<T>, value: impl Fn(&T) -> String) -> String {
    let row = |cell: &crate::policy::value::Cell<T>| {
        let when = condition(&cell.when);
        if when.is_empty() { value(&cell.value) } else { format!("{when}：{}", value(&cell.value)) }
    };
    matrix.cells.iter().map(row).collect::<Vec<_>>().join("；")
}

/// For whom and what a row speaks; empty for all.
fn condition(when: &Condition) -> String {
    let mut words = Vec::new();
    if !when.levels.is_empty() {
        let names: Vec<&str> = when.levels.iter().map(|code| national_level(code)).collect();
        words.push(names.join("、"));
    }
    if !when.places.is_empty() {
        let names: Vec<&str> = when.places.iter().map(|place| Place::label(*place)).collect();
        words.push(names.join("、"));
    }
    words.extend(when.referred.map(|filed| if filed { "已备案" } else { "未备案" }.to_owned()));
    for (name, codes) in [
        ("人员类别", &when.persons),
        ("身份类别", &when.identities),
        ("医疗类别", &when.med_types),
        ("病种", &when.diseases),
    ] {
        if !codes.is_empty() {
            words.push(format!("{name} {}", codes.join("、")));
        }
    }
    words.join(" ")
}

fn hundred(ratio: Decimal) -> Decimal {
    ratio.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(ratio).normalize()
}

fn money(amount: Amount) -> String {
    match amount {
        Amount::Unknown => "文件未查到金额".to_owned(),
        Amount::None => "不设".to_owned(),
        Amount::Money(amount) => format!("{} 元", amount.to_grouped()),
        Amount::WageShare(share) => format!("平均工资的 {}%", hundred(share)),
        Amount::Incomes(times) => format!("居民人均可支配收入的 {times} 倍"),
        Amount::Factor(factor) => format!("一般标准的 {}%", hundred(factor)),
    }
}

fn deductible(steps: &[DeductibleStep]) -> String {
    if let [only] = steps {
        return money(only.amount);
    }
    let step = |step: &DeductibleStep| format!("第 {} 次起 {}", step.admission, money(step.amount));
    steps.iter().map(step).collect::<Vec<_>>().join("，")
}

fn band_table(bands: &BandTable) -> String {
    let rows = table(&bands.ladders, |ladder| self::ladder(ladder));
    match bands.origin {
        _ if bands.ladders.cells.iter().all(|cell| cell.value.len() == 1) => rows,
        BandOrigin::Absolute => format!("{rows}（界限从零算起）"),
        BandOrigin::AboveDeductible => format!("{rows}（界限从起付线算起）"),
    }
}

fn ladder(rows: &[BandRow]) -> String {
    let row = |row: &BandRow| {
        let ratio = row.ratio.map_or_else(|| "比例未查到".to_owned(), |ratio| format!("{}%", hundred(ratio)));
        match row.up_to {
            Some(up_to) => format!("到 {} 元 {ratio}", up_to.to_grouped()),
            None if rows.len() == 1 => ratio,
            None => format!("以上 {ratio}"),
        }
    };
    rows.iter().map(row).collect::<Vec<_>>().join("，")
}

fn guarantee(rule: &Guarantee) -> String {
    let base = match rule.scope {
        GuaranteeScope::InScope => "政策范围内",
        GuaranteeScope::AboveDeductible => "起付线以上",
        GuaranteeScope::Total => "总费用",
    };
    format!("按{base}计：{}", table(&rule.ratios, |ratio| format!("{}%", hundred(*ratio))))
}

fn quota(quota: &Quota) -> String {
    let period = if quota.period == QuotaPeriod::Year { "年" } else { "季度" };
    format!("{}（{}）每{period} {}", quota.label, quota.disease, money(quota.amount))
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::policy::{PolicyPack, Value};

    fn value(topic: &str, key: &str) -> Value {
        let text = match topic {
            "big-illness" => include_str!("../../../../../seed/policy/jiamusi-2018/big-illness.toml"),
            _ => include_str!("../../../../../seed/policy/jiamusi-2018/settlement-birth.toml"),
        };
        let birth = include_str!("../../../../../seed/policy/jiamusi-2018/settlement-birth.toml");
        let inpatient = include_str!("../../../../../seed/policy/jiamusi-2018/settlement-inpatient.toml");
        let mut files = vec![("settlement-birth.toml", birth), ("settlement-inpatient.toml", inpatient)];
        if topic == "big-illness" {
            files.push(("big-illness.toml", text));
        }
        let pack = PolicyPack::load(&files).unwrap();
        pack.param(&format!("{topic}.{key}")).unwrap().rows[0].value.clone()
    }

    #[test]
    fn tables_read_as_sentences() {
        for (topic, key, expected) in [
            ("big-illness", "who", "全体参保人"),
            (
                "big-illness",
                "threshold",
                "10,000.00 元；身份类别 2301、2302、2303、2304、2307：一般标准的 50%",
            ),
            ("big-illness", "bands", "50%"),
            ("big-illness", "bonus", "身份类别 2301、2302、2303、2304、2307：5 个百分点"),
            (
                "settlement-birth",
                "fixed",
                "医疗类别 2106：1,100.00 元；医疗类别 2107：1,500.00 元；医疗类别 52：文件未查到金额",
            ),
        ] {
            assert_eq!(words(&value(topic, key)).as_deref(), Some(expected), "{key}");
        }
        let bands = words(&value("settlement-inpatient", "bands")).unwrap();
        assert!(bands.contains("跨省异地 已备案：50%；省内异地、跨省异地 未备案：40%"), "{bands}");
    }
}
