//! The facts that rules may name: what each is called, its kind and its bound. The list of docs/findings.md. Knows names;
//! must not know where the values come from.

use crate::form::{FactSpec, FactTable, Kind};

const fn fact(id: &'static str, label: &'static str, kind: Kind, max: usize) -> FactSpec {
    FactSpec { id, label, kind, max }
}

/// Most rows of a table of facts.
pub const MAX_ROWS: usize = 50;
/// Most invoices of a claim that are compared.
pub const MAX_INVOICES: usize = 30;

/// Single facts.
pub const FACTS: &[FactSpec] = &[
    fact("med_type", "医疗类别", Kind::Text, 20),
    fact("reason", "申报原因", Kind::Text, 20),
    fact("inpatient", "住院", Kind::Flag, 1),
    fact("emergency", "急诊、急救", Kind::Flag, 1),
    fact("hospital", "就诊机构", Kind::Text, 200),
    fact("area", "就医地", Kind::Text, 50),
    fact("place", "就医范围", Kind::Text, 20),
    fact("outside", "统筹区外就医", Kind::Flag, 1),
    fact("begin", "就诊(入院)日期", Kind::Date, 10),
    fact("end", "结束(出院)日期", Kind::Date, 10),
    fact("days", "住院天数", Kind::Int, 9),
    fact("filed", "申报日期", Kind::Date, 10),
    fact("year_end", "费用结算年度末", Kind::Date, 10),
    fact("medfee", "医疗费总额", Kind::Money, 17),
    fact("own", "全自费和超限价", Kind::Money, 17),
    fact("own_share", "自费率(万分之)", Kind::Int, 9),
    fact("drugs", "药品费", Kind::Money, 17),
    fact("expensive", "贵重药品费", Kind::Money, 17),
    fact("expensive_share", "贵重药品占药品费(万分之)", Kind::Int, 9),
    fact("day_cost", "日均费用", Kind::Money, 17),
    fact("visits", "前30天内门诊申报次数(含本次)", Kind::Int, 9),
    fact("admissions", "本年住院申报次数(含本次)", Kind::Int, 9),
    fact("doctor", "医师", Kind::Text, 60),
    fact("doctor_state", "医师登记", Kind::Text, 20),
    fact("outside_filed", "有效的异地备案", Kind::Flag, 1),
    fact("emergency_filed", "有效的异地急诊备案", Kind::Flag, 1),
    fact("referred", "有效的转诊转院", Kind::Flag, 1),
    fact("referred_here", "转诊到这家医院", Kind::Flag, 1),
    fact("disease", "慢特病病种", Kind::Text, 300),
    fact("disease_hospital", "备案的定点医疗机构", Kind::Text, 200),
    fact("disease_elsewhere", "不在备案的定点就医", Kind::Flag, 1),
    fact("continues", "续住的前段结算", Kind::Text, 40),
    fact("continues_to", "前段结算至", Kind::Date, 10),
    fact("continues_paid", "前段已付起付线", Kind::Money, 17),
    fact("continues_elsewhere", "前段结算不在本单位", Kind::Flag, 1),
    fact("covered_days", "有待遇的天数", Kind::Int, 9),
    fact("uncovered_days", "没有待遇的天数", Kind::Int, 9),
    fact("cover_from", "待遇开始", Kind::Date, 10),
    fact("cover_to", "待遇截止", Kind::Date, 10),
    fact("lines_outside", "没有待遇之日的费用行数", Kind::Int, 9),
    fact("lines_outside_sum", "没有待遇之日的费用", Kind::Money, 17),
];

/// Tables of facts.
pub const FACT_TABLES: &[FactTable] = &[
    FactTable {
        id: "same_number",
        label: "同号票据",
        max: MAX_ROWS,
        columns: &[
            fact("invo_no", "票据号码", Kind::Text, 30),
            fact("case_no", "另一件", Kind::Text, 40),
            fact("who", "参保人", Kind::Text, 50),
            fact("standing", "状态", Kind::Text, 20),
            fact("hospital", "医院", Kind::Text, 200),
            fact("invo_date", "票据日期", Kind::Date, 10),
            fact("invo_amt", "票据金额", Kind::Money, 17),
            fact("same_hospital", "同一医院", Kind::Flag, 1),
        ],
    },
    FactTable {
        id: "same_amount",
        label: "同院同日同额票据",
        max: MAX_ROWS,
        columns: &[
            fact("invo_no", "本件票据", Kind::Text, 30),
            fact("other_no", "另一票据", Kind::Text, 30),
            fact("case_no", "另一件", Kind::Text, 40),
            fact("who", "参保人", Kind::Text, 50),
            fact("standing", "状态", Kind::Text, 20),
            fact("hospital", "医院", Kind::Text, 200),
            fact("invo_date", "票据日期", Kind::Date, 10),
            fact("invo_amt", "票据金额", Kind::Money, 17),
        ],
    },
    FactTable {
        id: "city",
        label: "市级查重",
        max: 10,
        columns: &[fact("seq", "操作号", Kind::Text, 20), fact("detail", "市级答复", Kind::Text, 400)],
    },
    FactTable {
        id: "stays",
        label: "时间重叠的申报",
        max: MAX_ROWS,
        columns: &[
            fact("case_no", "另一件", Kind::Text, 40),
            fact("standing", "状态", Kind::Text, 20),
            fact("hospital", "医院", Kind::Text, 200),
            fact("begin", "入院", Kind::Date, 10),
            fact("end", "出院", Kind::Date, 10),
            fact("inpatient", "住院", Kind::Flag, 1),
            fact("same_hospital", "同一医院", Kind::Flag, 1),
            fact("common_days", "共同的天数", Kind::Int, 9),
        ],
    },
    FactTable {
        id: "readmissions",
        label: "相隔不久的住院",
        max: MAX_ROWS,
        columns: &[
            fact("case_no", "另一件", Kind::Text, 40),
            fact("standing", "状态", Kind::Text, 20),
            fact("hospital", "医院", Kind::Text, 200),
            fact("discharged", "前次出院", Kind::Date, 10),
            fact("admitted", "再次入院", Kind::Date, 10),
            fact("gap", "相隔天数", Kind::Int, 9),
            fact("filed", "已备案", Kind::Flag, 1),
        ],
    },
];
