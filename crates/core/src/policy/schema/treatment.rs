//! The parameters of treatment: one topic a benefit, one a layer above the basic pool, and the averages that formulas
//! refer to (reference 4.5). Knows no values.

use super::{Shape, Spec, opt, spec};

/// One kind of benefit; a file `settlement-<benefit>.toml` each (003 A76, A87). `deductible` and `bands` may only be
/// absent where `fixed` speaks.
pub(super) const SETTLEMENT: &[Spec] = &[
    spec("med_types", "适用医疗类别", Shape::Codes),
    spec("rule_date", "规则取值日期", Shape::Choice(&["discharge", "settlement"])),
    spec("counts_admission", "计入住院次数", Shape::Choice(&["yes", "no"])),
    opt("levels", "医院等级名称", Shape::Labels),
    opt("fixed", "定额支付", Shape::Amounts),
    opt("deductible", "起付线", Shape::Deductibles),
    opt("deductible_year_cap", "年度起付线累计上限", Shape::Amounts),
    opt("continued_stay", "系统切换续住的起付线", Shape::Choice(&["none", "rest"])),
    opt("bands", "分段支付比例", Shape::Bands),
    opt("unreferred", "未按规定转诊降低比例", Shape::Points),
    opt("bonus", "提高支付比例", Shape::Points),
    opt("guarantee", "保底支付比例", Shape::Guarantee),
    opt("quotas", "门诊慢特病限额", Shape::Quotas),
    opt("diseases_max", "门诊慢特病病种数", Shape::Count),
    opt("fund_stay_cap", "单次（单病种）封顶线", Shape::Amounts),
    spec("fund_year_cap", "年度封顶线", Shape::Amounts),
    opt("fund_cap_scope", "年度封顶线的累计范围", Shape::Choice(&["benefit", "year"])),
    spec("rounding", "尾差处理", ROUNDING),
];

/// A layer above the basic pool: big illness, supplement, assistance, tilted assistance (003 A128).
pub(super) const LAYER: &[Spec] = &[
    spec("who", "保障对象", Shape::Who),
    spec("counts", "计入的费用", Shape::Codes),
    spec("period", "起付标准的计算期", Shape::Choice(&["bill", "year"])),
    spec("threshold", "起付标准", Shape::Amounts),
    spec("bands", "分段支付比例", Shape::Bands),
    opt("bonus", "提高支付比例", Shape::Points),
    opt("stay_cap", "单次封顶线", Shape::Amounts),
    spec("year_cap", "年度封顶线", Shape::Amounts),
    spec("rounding", "尾差处理", ROUNDING),
];

/// What shares and multiples in the other topics refer to.
pub(super) const AVERAGES: &[Spec] = &[
    opt("wage", "平均工资", Shape::Money),
    opt("wage_rounding", "按工资比例计算的尾数处理", Shape::Choice(WAGE_ROUNDING)),
    opt("income", "居民人均可支配收入", Shape::Money),
];

/// The area's shares by class of the catalogue, and what treatment elsewhere adds to them.
pub(super) const CATALOGUE: &[Spec] = &[
    spec("first_paid", "先行自付比例", Shape::FirstPaid),
    opt("outside_first_paid", "异地就医提高先行自付比例", Shape::Points),
];

const ROUNDING: Shape = Shape::Choice(&["half_up_per_fund"]);

/// To the fen, the yuan, ten or a hundred yuan half up; to a hundred yuan down.
const WAGE_ROUNDING: &[&str] =
    &["fen_half_up", "yuan_half_up", "ten_yuan_half_up", "hundred_yuan_half_up", "hundred_yuan_down"];

/// The layers above the basic pool in their order (reference 4.5a, steps 6 and 7): topic and Chinese name.
pub(in crate::policy) const LAYERS: [(&str, &str); 4] = [
    ("big-illness", "大病保险"),
    ("supplement", "补充保险"),
    ("assistance", "医疗救助"),
    ("assistance-tilt", "倾斜救助"),
];
